//! The views of machikoe: pages and components (server only) and the islands the browser hydrates.
//!
//! Nothing here does I/O. `server` loads the data, fills a page struct and renders it; what an island needs from
//! the server it asks through [`backend::IslandBackend`].

// The `#[island]`, `#[component]` and `#[server]` macros write public items that can't carry docs of their own.
#![expect(missing_docs, reason = "Leptos macros write undocumented public items")]

#[cfg(feature = "ssr")]
rust_i18n::i18n!("locales", fallback = "ja");

/// The wording of a key in a language: `t!(locale, "proposal.like")`, `t!(locale, "time.left", days = 3)`.
#[cfg(feature = "ssr")]
macro_rules! t {
    ($locale:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        rust_i18n::t!($key, locale = $locale.tag() $(, $name = $value)*)
    };
}

pub mod backend;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod mails;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod rendering;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod wording;
