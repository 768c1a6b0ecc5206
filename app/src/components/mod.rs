//! Small pieces of markup that pages share. Plain functions: they take owned data and give a view.

pub mod form;
pub mod page_links;

use domain::{ConsultationKind, Locale, Phase};
use leptos::prelude::*;

use crate::wording;

/// A way back to the pages above; the last entry is the page itself.
#[must_use]
pub fn breadcrumb(l: Locale, trail: Vec<(String, String)>, here: String) -> AnyView {
    let items = trail.into_iter().map(|(href, text)| view! { <li><a href=href>{text}</a></li> }).collect_view();
    view! {
        <nav class="breadcrumb" aria-label=t!(l, "nav.breadcrumb")>
            <ol>
                <li><a href="/">{t!(l, "nav.home")}</a></li>
                {items}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
    .into_any()
}

/// The way back from what belongs to a theme: the list of themes, the theme.
#[must_use]
pub fn theme_trail(l: Locale, slug: &str, title: &str) -> Vec<(String, String)> {
    vec![
        ("/consultations".to_owned(), t!(l, "consultations.title").into_owned()),
        (format!("/consultations/{slug}"), title.to_owned()),
    ]
}

/// A label with a tone.
#[must_use]
pub fn badge(tone: &'static str, text: String) -> AnyView {
    view! { <span class="badge" data-tone=tone>{text}</span> }.into_any()
}

/// The badge of a phase.
#[must_use]
pub fn phase_badge(l: Locale, phase: Phase) -> AnyView {
    badge(wording::phase_tone(phase), wording::phase(l, phase))
}

/// The badge of a kind of consultation.
#[must_use]
pub fn kind_badge(l: Locale, kind: ConsultationKind) -> AnyView {
    badge("info", wording::kind(l, kind))
}

/// A message box. `kind` is `success`, `error`, `warning` or `info`; successes are announced.
#[must_use]
pub fn notice(kind: &'static str, title: String, body: AnyView) -> AnyView {
    let role = if kind == "error" { "alert" } else { "status" };
    view! {
        <div class="notice" data-kind=kind role=role>
            <p class="notice__title">{title}</p>
            <div class="notice__body">{body}</div>
        </div>
    }
    .into_any()
}

/// What stands where a list would be empty.
#[must_use]
pub fn empty(text: String, action: Option<(String, String)>) -> AnyView {
    view! {
        <div class="empty">
            <p>{text}</p>
            {action.map(|(href, label)| view! { <a class="button" data-variant="outline" data-size="md" href=href>{label}</a> })}
        </div>
    }
    .into_any()
}

/// Back and forth in a list.
#[must_use]
pub fn pager(l: Locale, previous: Option<String>, next: Option<String>) -> Option<AnyView> {
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=t!(l, "list.pages")>
                {previous.map(|href| view! { <a rel="prev" href=href>{t!(l, "list.previous")}</a> })}
                {next.map(|href| view! { <a rel="next" href=href>{t!(l, "list.next")}</a> })}
            </nav>
        }
        .into_any()
    })
}

/// A point in time, for people and for machines.
#[must_use]
pub fn time(l: Locale, at: domain::Millis) -> AnyView {
    view! { <time datetime=crate::format::iso(at)>{crate::format::date_time(l, at)}</time> }.into_any()
}

/// Text as typed: line breaks kept, nothing interpreted.
#[must_use]
pub fn plain_lines(text: &str) -> AnyView {
    let count = text.lines().count();
    text.lines()
        .enumerate()
        .map(|(i, line)| view! { {line.to_owned()}{(i + 1 < count).then(|| view! { <br /> })} })
        .collect_view()
        .into_any()
}
