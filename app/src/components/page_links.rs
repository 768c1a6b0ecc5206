//! Texts of people in which 「P5」 leads to page 5 of the document they write about.

use domain::page_reference::{Segment, segments};
use leptos::prelude::*;

/// A text as typed, as [`plain_lines`](super::plain_lines) shows it; with an address of a PDF, its mentions of pages are
/// links to them.
#[must_use]
pub fn page_links(text: &str, document_href: Option<&str>) -> AnyView {
    let count = text.lines().count();
    text.lines()
        .enumerate()
        .map(|(i, line)| view! { {linked(line, document_href)}{(i + 1 < count).then(|| view! { <br /> })} })
        .collect_view()
        .into_any()
}

/// The same for places where the style sheet keeps the line breaks of the text (`white-space: pre-wrap`).
#[must_use]
pub fn page_links_as_typed(text: &str, document_href: Option<&str>) -> AnyView {
    linked(text, document_href)
}

/// The fragment is the one of PDF viewers (RFC 8118 §3).
fn linked(text: &str, document_href: Option<&str>) -> AnyView {
    let Some(href) = document_href else { return view! { {text.to_owned()} }.into_any() };
    segments(text)
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => view! { {text.to_owned()} }.into_any(),
            Segment::Page(mention, page) => {
                view! { <a class="page-link" href=format!("{href}#page={page}")>{mention.to_owned()}</a> }.into_any()
            }
        })
        .collect_view()
        .into_any()
}
