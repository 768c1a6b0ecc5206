//! Like buttons that don't reload the page: one island per list, the buttons inside stay plain forms.

use leptos::{ev::SubmitEvent, prelude::*};

/// Catches the submits of `form[data-like]` below it and sends them in the background. When that fails, the person is
/// told and nothing is counted.
#[island]
pub fn LikeForms(
    /// What to say when a click didn't get through.
    failed: String,
    children: Children,
) -> impl IntoView {
    let status = RwSignal::new(String::new());
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        submit(&event, status, &failed);
        #[cfg(not(feature = "hydrate"))]
        let _ = (&event, status, &failed);
    };
    view! {
        <div class="like-forms" on:submit=on_submit>
            {children()}
            <p class="visually-hidden" role="status">{move || status.get()}</p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn submit(event: &SubmitEvent, status: RwSignal<String>, failed: &str) {
    use crate::islands::dom;

    let Some(form) = dom::form(event) else { return };
    let Some(id) = form.get_attribute("data-like").and_then(|id| id.parse::<i64>().ok()) else { return };
    event.prevent_default();
    if form.has_attribute("data-busy") {
        return;
    }
    let _ = form.set_attribute("data-busy", "true");
    let on = dom::value(&form, "on") == "1";
    let failed = failed.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        let said = match crate::backend::set_like(id, on).await {
            Ok(state) => show(&form, state),
            Err(error) if error.0.is_empty() => Some(failed),
            Err(error) => Some(error.0),
        };
        let _ = form.remove_attribute("data-busy");
        status.set(said.unwrap_or_default());
    });
}

/// Puts the new state into the form; gives what screen readers should say.
#[cfg(feature = "hydrate")]
fn show(form: &web_sys::HtmlFormElement, state: crate::backend::LikeState) -> Option<String> {
    let button = form.query_selector("button").ok()??;
    button.set_attribute("aria-pressed", if state.mine { "true" } else { "false" }).ok()?;
    form.query_selector("input[name=on]").ok()??.set_attribute("value", if state.mine { "0" } else { "1" }).ok()?;
    form.query_selector(".like__count").ok()??.set_text_content(Some(&state.count.to_string()));
    let label = form.query_selector(".like__label").ok()??.text_content()?;
    Some(format!("{label} {}", state.count))
}
