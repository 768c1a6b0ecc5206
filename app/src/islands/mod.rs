//! What JavaScript adds: each island wraps markup that works without it.

mod draft;
mod filter;
mod like;
mod splitter;
mod submission_keeper;

pub use draft::{DraftKeeper, KeeperWords};
pub use filter::LiveFilter;
pub use like::LikeForms;
pub use splitter::{RowKeys, Splitter, SplitterWords};
pub use submission_keeper::{SubmissionKeeper, SubmissionWords};

#[cfg(feature = "hydrate")]
mod dom {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;

    /// The element an event started at.
    pub fn target(event: &web_sys::Event) -> Option<web_sys::Element> {
        event.target()?.dyn_into().ok()
    }

    /// The closest form around an event's element.
    pub fn form(event: &web_sys::Event) -> Option<web_sys::HtmlFormElement> {
        target(event)?.closest("form").ok()??.dyn_into().ok()
    }

    /// The value of a named control of a form, whatever it is.
    pub fn value(form: &web_sys::HtmlFormElement, name: &str) -> String {
        web_sys::FormData::new_with_form(form).ok().and_then(|data| data.get(name).as_string()).unwrap_or_default()
    }

    /// The document.
    pub fn page() -> web_sys::Document {
        document()
    }
}
