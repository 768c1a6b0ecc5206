//! What a clerk looks at before a sheet is recorded: dates, rules, and earlier submissions that may be the same.

use domain::Locale;
use leptos::prelude::*;

use super::{Concern, EntryPage, Focus, Found, FoundText, Likeness, label};
use crate::{components::time, format, pages::staff::groups::marked, wording};

fn words(l: Locale, concern: &Concern) -> String {
    match concern {
        Concern::Future => t!(l, "entry.concern_future"),
        Concern::PostmarkAfterReceipt => t!(l, "entry.concern_postmark"),
        Concern::Early { opens_on } => t!(l, "entry.concern_early", day = format::day(l, *opens_on)),
        Concern::Late { closes_on, postmark: false } => t!(l, "entry.concern_late", day = format::day(l, *closes_on)),
        Concern::Late { closes_on, postmark: true } => {
            t!(l, "entry.concern_late_postmark", day = format::day(l, *closes_on))
        }
        Concern::Oral => t!(l, "entry.concern_oral"),
        Concern::Incomplete { missing } => {
            let fields: Vec<String> = missing.iter().map(|name| label(l, name)).collect();
            t!(l, "entry.concern_incomplete", fields = fields.join(&t!(l, "entry.and")))
        }
    }
    .into_owned()
}

/// What the concern's way out is: a box to tick, a button, or the field that has to be corrected.
fn way_out(l: Locale, page: &EntryPage, concern: &Concern) -> AnyView {
    let code = concern.code();
    let confirm = |text: String| {
        let checked = page.sheet.confirmed.iter().any(|known| known == code);
        view! {
            <label class="choice">
                <input type="checkbox" name="confirmed" value=code checked=checked />
                <span class="choice__label">{text}</span>
            </label>
        }
        .into_any()
    };
    let correct = |field: &'static str| {
        view! { <a href=format!("#f-{field}")>{t!(l, "entry.correct", field = label(l, field))}</a> }.into_any()
    };
    match concern {
        Concern::Future => correct("received_on"),
        Concern::PostmarkAfterReceipt => correct("postmarked_on"),
        Concern::Early { .. } => confirm(t!(l, "entry.confirm_early").into_owned()),
        Concern::Late { .. } => confirm(t!(l, "entry.confirm_late").into_owned()),
        Concern::Oral => confirm(t!(l, "entry.confirm_oral").into_owned()),
        Concern::Incomplete { .. } => view! {
            <p class="button-row">
                <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="correction">{t!(l, "entry.as_correction")}</button>
                <a class="button" data-variant="text" data-size="md" href=page.href()>{t!(l, "entry.discard")}</a>
            </p>
        }
        .into_any(),
    }
}

/// The box with everything that is to be confirmed or corrected.
pub(super) fn concerns(l: Locale, page: &EntryPage) -> Option<AnyView> {
    (!page.concerns.is_empty()).then(|| {
        let items = page
            .concerns
            .iter()
            .map(|concern| view! { <li data-concern=concern.code()><p>{words(l, concern)}</p>{way_out(l, page, concern)}</li> })
            .collect_view();
        view! {
            <div class="notice entry__warning" data-kind="warning" role="alert" tabindex="-1" autofocus=page.focus == Focus::Warnings>
                <h2 class="notice__title">{t!(l, "entry.concerns")}</h2>
                <ul class="notice__body">{items}</ul>
            </div>
        }
        .into_any()
    })
}

fn likeness(l: Locale, likeness: Likeness) -> String {
    match likeness {
        Likeness::SamePerson => t!(l, "entry.same_person"),
        Likeness::JustNow => t!(l, "entry.just_now"),
        Likeness::SameText => t!(l, "entry.same_text"),
        Likeness::NearText => t!(l, "entry.near_text"),
    }
    .into_owned()
}

fn found(l: Locale, found: &Found) -> AnyView {
    let reasons: Vec<String> = found.likeness.iter().map(|reason| likeness(l, *reason)).collect();
    let day = found.received_on.map(|day| format::day(l, day)).unwrap_or_default();
    let by = match &found.entered_by {
        Some(name) => t!(l, "entry.entered_by", name = name),
        None => t!(l, "entry.entered_by_sender"),
    };
    let text = match &found.text {
        FoundText::Same => view! { <p>{t!(l, "entry.text_same")}</p> }.into_any(),
        FoundText::Differs(pieces) => view! {
            <p>{t!(l, "entry.text_differs")}</p>
            <p class="entry__difference">{marked(l, pieces.clone())}</p>
        }
        .into_any(),
        FoundText::Other(beginning) => view! {
            <p>{t!(l, "entry.text_other")}</p>
            <p class="entry__difference">{beginning.clone()}</p>
        }
        .into_any(),
    };
    view! {
        <li class="entry__found">
            <p>
                <a class="mono" href=format!("/staff/proposals/{}", found.id) target="_blank" rel="noopener">{found.receipt.clone()}</a>
                " "<strong>{reasons.join(&t!(l, "entry.and"))}</strong>
            </p>
            <p class="muted">
                {t!(l, "entry.found_facts", channel = wording::channel(l, found.channel), day = day)}" "
                {time(l, found.entered_at)}" "{by}
            </p>
            {text}
        </li>
    }
    .into_any()
}

/// The box with earlier submissions that may be the same.
pub(super) fn duplicates(l: Locale, page: &EntryPage) -> Option<AnyView> {
    (!page.found.is_empty()).then(|| {
        let items = page.found.iter().map(|f| found(l, f)).collect_view();
        // What has to be confirmed first has the focus first.
        let focused = page.focus == Focus::Warnings && page.concerns.is_empty();
        view! {
            <div class="notice entry__warning" data-kind="warning" role="alert" tabindex="-1" autofocus=focused>
                <h2 class="notice__title">{t!(l, "entry.duplicates")}</h2>
                <div class="notice__body">
                    <p>{t!(l, "entry.duplicates_text")}</p>
                    <ul class="entry__found-list">{items}</ul>
                    <p class="button-row">
                        <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="anyway">{t!(l, "entry.anyway")}</button>
                        <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="duplicate">{t!(l, "entry.as_duplicate")}</button>
                        <a class="button" data-variant="text" data-size="md" href=page.href()>{t!(l, "entry.discard")}</a>
                    </p>
                </div>
            </div>
        }
        .into_any()
    })
}
