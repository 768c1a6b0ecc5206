//! Filters that show their result at once, without a reload.

use leptos::prelude::*;

/// When a control of the form below it changes, fetches the same page with the new filter and puts its results in
/// place; the address follows, so that a link or a reload shows the same. Anything that fails becomes a plain submit.
#[island]
pub fn LiveFilter(
    /// The id of the element that holds the results.
    results: String,
    children: Children,
) -> impl IntoView {
    let changed = move |event: leptos::ev::Event| {
        #[cfg(feature = "hydrate")]
        live::refresh(&event, results.clone());
        #[cfg(not(feature = "hydrate"))]
        let _ = (&event, &results);
    };
    view! { <div class="live-filter" on:change=changed>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod live {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen_futures::JsFuture;

    use crate::islands::dom;

    pub fn refresh(event: &web_sys::Event, results: String) {
        let Some(form) = dom::form(event) else { return };
        wasm_bindgen_futures::spawn_local(async move {
            if replace(&form, &results).await.is_none() {
                let _ = form.submit();
            }
        });
    }

    async fn replace(form: &web_sys::HtmlFormElement, results: &str) -> Option<()> {
        let data = web_sys::FormData::new_with_form(form).ok()?;
        let query = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        let url = format!("{}?{}", form.get_attribute("action")?, String::from(query.to_string()));
        let response: web_sys::Response = JsFuture::from(window().fetch_with_str(&url)).await.ok()?.dyn_into().ok()?;
        if !response.ok() {
            return None;
        }
        let html = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        let page = web_sys::DomParser::new().ok()?.parse_from_string(&html, web_sys::SupportedType::TextHtml).ok()?;
        let fresh = page.get_element_by_id(results)?;
        dom::page().get_element_by_id(results)?.set_inner_html(&fresh.inner_html());
        window().history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url)).ok()
    }
}
