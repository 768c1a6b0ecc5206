//! Keeps the form of a public comment on the server while it is filled in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The island's words, translated on the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubmissionWords {
    /// It could not be kept.
    pub failed: String,
}

/// Keeps what is typed into the form below it, two seconds after the last key. Files go with the form's buttons only.
/// Nothing is lost when this fails: the form itself is plain.
#[island]
pub fn SubmissionKeeper(
    /// The theme the form is for.
    consultation: i64,
    words: SubmissionWords,
    children: Children,
) -> impl IntoView {
    let saved = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    let keeper = StoredValue::new_local(keeper::Keeper::new(consultation, words.failed, saved));
    #[cfg(feature = "hydrate")]
    let typed = move |event: leptos::ev::Event| keeper.with_value(|k| k.typed(&event));
    #[cfg(feature = "hydrate")]
    let sent = move |_: leptos::ev::SubmitEvent| keeper.with_value(keeper::Keeper::rest);
    #[cfg(not(feature = "hydrate"))]
    let (typed, sent) = {
        let _ = (consultation, words);
        (|_: leptos::ev::Event| (), |_: leptos::ev::SubmitEvent| ())
    };
    let nothing = move || saved.with(String::is_empty).then_some("true");
    view! {
        <div class="submission-keeper" on:input=typed on:change=typed on:submit=sent>
            {children()}
            <div class="submission-keeper__status">
                <div class="autosave" role="status" data-empty=nothing>{move || saved.get()}</div>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod keeper {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use leptos::prelude::*;

    use crate::{backend::SubmissionTyped, islands::dom};

    /// Keeps what is typed.
    #[derive(Clone)]
    pub struct Keeper {
        consultation: i64,
        failed: String,
        saved: RwSignal<String>,
        turn: Rc<Cell<u64>>,
    }

    impl Keeper {
        pub fn new(consultation: i64, failed: String, saved: RwSignal<String>) -> Self {
            Self { consultation, failed, saved, turn: Rc::new(Cell::new(0)) }
        }

        /// What waits to be kept is in the form that is being sent.
        pub fn rest(&self) {
            self.turn.set(self.turn.get() + 1);
        }

        /// Keeps it when nothing more was typed for two seconds.
        pub fn typed(&self, event: &web_sys::Event) {
            let Some(form) = dom::form(event) else { return };
            self.rest();
            let turn = self.turn.get();
            let me = self.clone();
            set_timeout(
                move || {
                    if me.turn.get() == turn {
                        me.save(&form);
                    }
                },
                Duration::from_secs(2),
            );
        }

        fn save(&self, form: &web_sys::HtmlFormElement) {
            let Some(fields) = fields(form) else { return };
            let typed = SubmissionTyped { consultation: self.consultation, fields };
            let me = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let said = crate::backend::save_submission(typed)
                    .await
                    .unwrap_or_else(|e| if e.0.is_empty() { me.failed.clone() } else { e.0 });
                me.saved.set(said);
            });
        }
    }

    /// The fields as a form sends them, without files.
    fn fields(form: &web_sys::HtmlFormElement) -> Option<String> {
        let data = web_sys::FormData::new_with_form(form).ok()?;
        data.delete("files");
        let query = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        Some(String::from(query.to_string()))
    }
}
