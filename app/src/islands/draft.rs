//! The proposal form's helpers: a counter of characters and a draft that is kept while typing.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The island's few words, translated on the server. `{n}` stands for the number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeeperWords {
    /// Characters left.
    pub left: String,
    /// Characters too many.
    pub over: String,
    /// The draft could not be kept.
    pub failed: String,
}

/// Counts the characters of `textarea[name=body]` below it as people count them, and keeps a draft two seconds after
/// the last key. Nothing is lost when this fails: the form itself is plain.
#[island]
pub fn DraftKeeper(
    /// The theme the draft is for.
    consultation: i64,
    /// The most characters.
    max: usize,
    /// Whether drafts are kept (not when an existing proposal is edited).
    autosave: bool,
    words: KeeperWords,
    children: Children,
) -> impl IntoView {
    let length = RwSignal::new(None::<usize>);
    let saved = RwSignal::new(String::new());
    let KeeperWords { left, over, failed } = words;
    let counter = move || {
        length.get().map(|n| {
            if n > max {
                over.replace("{n}", &(n - max).to_string())
            } else {
                left.replace("{n}", &(max - n).to_string())
            }
        })
    };
    let state = move || match length.get() {
        Some(n) if n > max => "over",
        Some(n) if n + max / 10 > max => "near",
        _ => "ok",
    };
    #[cfg(feature = "hydrate")]
    let keeper = {
        let keeper = keeper::Keeper::new(consultation, autosave, failed, length, saved);
        StoredValue::new_local(keeper)
    };
    #[cfg(feature = "hydrate")]
    let typed = move |event: leptos::ev::Event| keeper.with_value(|k| k.typed(&event));
    #[cfg(not(feature = "hydrate"))]
    let typed = {
        let _ = (consultation, autosave, length, saved, failed);
        |_: leptos::ev::Event| ()
    };
    let nothing = move || saved.with(String::is_empty).then_some("true");
    view! {
        <div class="draft-keeper" on:input=typed on:change=typed>
            {children()}
            <div class="draft-keeper__status">
                <div class="counter" data-state=state aria-live="polite">{counter}</div>
                <div class="autosave" role="status" data-empty=nothing>{move || saved.get()}</div>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod keeper {
    use std::{cell::Cell, rc::Rc, time::Duration};

    use leptos::prelude::*;
    use unicode_segmentation::UnicodeSegmentation as _;

    use crate::{backend::DraftInput, islands::dom};

    /// Keeps what is typed.
    #[derive(Clone)]
    pub struct Keeper {
        consultation: i64,
        autosave: bool,
        failed: String,
        length: RwSignal<Option<usize>>,
        saved: RwSignal<String>,
        turn: Rc<Cell<u64>>,
    }

    impl Keeper {
        pub fn new(
            consultation: i64,
            autosave: bool,
            failed: String,
            length: RwSignal<Option<usize>>,
            saved: RwSignal<String>,
        ) -> Self {
            Self { consultation, autosave, failed, length, saved, turn: Rc::new(Cell::new(0)) }
        }

        /// Counts at once; saves when nothing more was typed for two seconds.
        pub fn typed(&self, event: &web_sys::Event) {
            let Some(form) = dom::form(event) else { return };
            let body = dom::value(&form, "body");
            self.length.set(Some(body.replace("\r\n", "\n").trim().graphemes(true).count()));
            if !self.autosave {
                return;
            }
            let turn = self.turn.get() + 1;
            self.turn.set(turn);
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
            let draft = DraftInput {
                consultation: self.consultation,
                question: dom::value(form, "question").parse().ok(),
                title: dom::value(form, "title"),
                body: dom::value(form, "body"),
            };
            let me = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let said = crate::backend::save_draft(draft)
                    .await
                    .unwrap_or_else(|e| if e.0.is_empty() { me.failed.clone() } else { e.0 });
                me.saved.set(said);
            });
        }
    }
}
