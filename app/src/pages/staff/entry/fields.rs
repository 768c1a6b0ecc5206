//! The fields of the desk in the order a clerk reads a letter: how and when it came, what it says, who sent it.

use domain::{
    FieldErrors, Locale,
    identity::Identity,
    proposal::BODY_MAX,
    rules::{Eligibility, FieldRule, IdentityField},
};
use leptos::prelude::*;

use super::{CHANNELS, EntryPage, Focus, ITEMS_MAX, ItemInput, STATES, eligibility, intake_state, label};
use crate::{
    components::form::{self, Field, Input, TextArea},
    wording,
};

/// A field with a key of its own (`accesskey`), which leads to it from anywhere on the page.
struct Keyed {
    name: &'static str,
    key: &'static str,
    required: bool,
    help: Option<String>,
}

impl Keyed {
    const fn new(name: &'static str, key: &'static str, required: bool) -> Self {
        Self { name, key, required, help: None }
    }

    fn described_by(&self, errors: &FieldErrors) -> Option<String> {
        let error = errors.of(self.name).map(|_| format!("e-{}", self.name));
        let help = self.help.as_ref().map(|_| format!("h-{}", self.name));
        let ids: Vec<String> = error.into_iter().chain(help).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn frame(&self, l: Locale, errors: &FieldErrors, control: AnyView) -> AnyView {
        let name = self.name;
        let (class, mark) = if self.required {
            ("field__required", t!(l, "form.required"))
        } else {
            ("field__optional", t!(l, "form.optional"))
        };
        let problem = errors.of(name).map(|problem| {
            view! {
                <p class="field__error" id=format!("e-{name}")>
                    <span class="visually-hidden">{t!(l, "form.error")}</span>{wording::problem(l, problem)}
                </p>
            }
        });
        view! {
            <div class="field">
                <label class="field__label" for=format!("f-{name}") accesskey=self.key>{label(l, name)}" "<span class=class>{mark}</span></label>
                {self.help.clone().map(|help| view! { <p class="field__help" id=format!("h-{name}")>{help}</p> })}
                {problem}
                {control}
            </div>
        }
        .into_any()
    }
}

/// All fields and the buttons. The file comes last: when it is too large, everything typed was read before it.
pub(super) fn fields(l: Locale, page: &EntryPage) -> AnyView {
    view! {
        <div class="entry__fields">
            <p class="field__help">{t!(l, "entry.keys")}</p>
            {arrival(l, page)}
            {text(l, page)}
            {items(l, page)}
            {sender(l, page)}
            {office(l, page)}
            {scan(l, page)}
            <div class="form__actions">
                <button class="button" data-variant="solid" data-size="lg" type="submit" name="act" value="next" accesskey="5">{t!(l, "entry.next")}</button>
                <button class="button" data-variant="outline" data-size="lg" type="submit" name="act" value="show">{t!(l, "entry.show")}</button>
            </div>
        </div>
    }
    .into_any()
}

fn day(l: Locale, errors: &FieldErrors, name: &'static str, value: &str) -> Field {
    Field::new(l, errors, name, label(l, name), value)
}

fn arrival(l: Locale, page: &EntryPage) -> AnyView {
    let (sheet, errors) = (&page.sheet, &page.errors);
    let channel = Keyed::new("channel", "1", true);
    let options = CHANNELS
        .into_iter()
        .map(|c| view! { <option value=c.code() selected=sheet.channel == c.code()>{wording::channel(l, c)}</option> })
        .collect_view();
    let control = view! {
        <select
            class="select"
            id="f-channel"
            name="channel"
            aria-required="true"
            aria-invalid=errors.of("channel").map(|_| "true")
            aria-describedby=channel.described_by(errors)
            autofocus=page.focus == Focus::Channel
        >
            {options}
        </select>
    };
    let postmark = if page.postmark { t!(l, "entry.postmark_counts") } else { t!(l, "entry.postmark_help") };
    let received = day(l, errors, "received_on", &sheet.received_on).required();
    let postmarked = day(l, errors, "postmarked_on", &sheet.postmarked_on).help(postmark);
    view! {
        <div class="entry__row">
            {channel.frame(l, errors, control.into_any())}
            {form::input(l, &received, Input { autocomplete: "off", ..Input::default() })}
            <div data-only="post">{form::input(l, &postmarked, Input { autocomplete: "off", ..Input::default() })}</div>
        </div>
        <div data-only="counter">
            <label class="choice">
                <input type="checkbox" name="spoken" value="1" checked=sheet.spoken />
                <span class="choice__label">{t!(l, "entry.spoken")}</span>
            </label>
        </div>
    }
    .into_any()
}

fn text(l: Locale, page: &EntryPage) -> AnyView {
    let mut body = Keyed::new("body", "2", true);
    body.help = Some(t!(l, "entry.body_help", max = BODY_MAX).into_owned());
    let control = view! {
        <TextArea
            id="f-body"
            name="body"
            value=page.sheet.body.clone()
            rows=8
            required=true
            invalid=page.errors.of("body").is_some()
            described_by=body.described_by(&page.errors)
        />
    };
    view! {
        <div tabindex="-1" autofocus=page.focus == Focus::Body>{body.frame(l, &page.errors, control.into_any())}</div>
    }
    .into_any()
}

/// The opinions. A whole text has a place of the draft, but no box of its own.
fn items(l: Locale, page: &EntryPage) -> AnyView {
    let whole = vec![ItemInput::default()];
    let items = if page.sheet.items.is_empty() { &whole } else { &page.sheet.items };
    let several = items.len() > 1 || items.iter().any(|item| !item.body.trim().is_empty());
    let rows = (1_usize..).zip(items).map(|(n, i)| item(l, page, n, i, several)).collect_view();
    let problem = page.errors.of("items").map(|problem| {
        view! { <p class="field__error" id="e-items"><span class="visually-hidden">{t!(l, "form.error")}</span>{wording::problem(l, problem)}</p> }
    });
    let help = if several { t!(l, "entry.items_help") } else { t!(l, "entry.items_whole") };
    let places = (!page.places.is_empty()).then(|| {
        let options = page
            .places
            .iter()
            .map(|place| view! { <option value=place.anchor.clone()>{place.text.clone()}</option> })
            .collect_view();
        view! { <datalist id="places">{options}</datalist> }
    });
    view! {
        <fieldset class="fieldset entry__items" id="f-items" tabindex="-1" autofocus=page.focus == Focus::Items aria-describedby="h-items">
            <legend class="fieldset__legend">{label(l, "items")}</legend>
            <p class="field__help" id="h-items">{help}</p>
            {problem}
            <div class="repeat">{rows}</div>
            {places}
            <p class="button-row">
                <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="split" accesskey="6">{t!(l, "entry.split")}</button>
                {(items.len() < ITEMS_MAX).then(|| view! { <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="more">{t!(l, "entry.more")}</button> })}
            </p>
        </fieldset>
    }
    .into_any()
}

fn item(l: Locale, page: &EntryPage, n: usize, item: &ItemInput, several: bool) -> AnyView {
    let body = if several {
        view! {
            <div class="field">
                <label class="field__label" for=format!("f-item-{n}")>{t!(l, "entry.item", n = n)}</label>
                <TextArea id=format!("f-item-{n}") name="item_body" value=item.body.clone() rows=3 />
            </div>
        }
        .into_any()
    } else {
        view! { <input type="hidden" name="item_body" value="" /> }.into_any()
    };
    let list = (!page.places.is_empty()).then_some("places");
    let anchor = if list.is_some() || !item.anchor.is_empty() {
        view! {
            <div class="field">
                <label class="field__label" for=format!("f-anchor-{n}")>{t!(l, "entry.anchor")}</label>
                <input class="input" id=format!("f-anchor-{n}") name="item_anchor" list=list value=item.anchor.clone() autocomplete="off" />
            </div>
        }
        .into_any()
    } else {
        view! { <input type="hidden" name="item_anchor" value="" /> }.into_any()
    };
    let class = if several { "repeat__row" } else { "entry__whole" };
    view! {
        <div class=class role=several.then_some("group") aria-label=several.then(|| t!(l, "entry.item", n = n))>
            {body}
            <div class="entry__row">
                <div class="field">
                    <label class="field__label" for=format!("f-page-{n}")>{t!(l, "entry.page")}</label>
                    <input class="input" data-width="short" id=format!("f-page-{n}") name="item_page" value=item.page.clone() inputmode="numeric" autocomplete="off" />
                </div>
                {anchor}
            </div>
        </div>
    }
    .into_any()
}

fn line(l: Locale, page: &EntryPage, name: &'static str, value: &str) -> AnyView {
    // Other people's data: a browser must neither offer it again nor fill in the clerk's own.
    let field = Field::new(l, &page.errors, name, label(l, name), value);
    let kind = match name {
        "phone" => Input { mode: "tel", ..Input::default() },
        "email" => Input { mode: "email", ..Input::default() },
        _ => Input::default(),
    };
    form::input(l, &field, Input { autocomplete: "off", ..kind })
}

fn sender(l: Locale, page: &EntryPage) -> AnyView {
    let who = &page.sheet.identity;
    let choices: Vec<(String, String)> = std::iter::once((String::new(), t!(l, "entry.unknown").into_owned()))
        .chain(Eligibility::ALL.into_iter().map(|e| (e.code().to_owned(), eligibility(l, e))))
        .collect();
    let mut kind = Keyed::new("eligibility", "3", false);
    kind.help = None;
    let options = choices
        .into_iter()
        .map(|(code, text)| {
            let chosen = page.sheet.eligibility == code;
            view! { <option value=code selected=chosen>{text}</option> }
        })
        .collect_view();
    let control = view! {
        <select class="select" id="f-eligibility" name="eligibility" aria-invalid=page.errors.of("eligibility").map(|_| "true") aria-describedby=kind.described_by(&page.errors)>
            {options}
        </select>
    };
    let asked = IdentityField::ALL
        .into_iter()
        .filter(|field| page.asked.of(*field) != FieldRule::NotAsked)
        .map(|field| line(l, page, field.code(), value(who, field)))
        .collect_view();
    view! {
        <fieldset class="fieldset entry__sender">
            <legend class="fieldset__legend">{t!(l, "entry.sender")}</legend>
            <div class="entry__row">{kind.frame(l, &page.errors, control.into_any())}{asked}</div>
            <div class="entry__row" data-extra="workplace">{line(l, page, "workplace", &who.workplace)}</div>
            <div class="entry__row" data-extra="school">{line(l, page, "school", &who.school)}</div>
            <div class="entry__row" data-extra="organisation">
                {line(l, page, "organisation", &who.organisation)}
                {line(l, page, "representative", &who.representative)}
            </div>
            <div class="entry__row" data-extra="interest">{line(l, page, "interest", &who.interest)}</div>
        </fieldset>
    }
    .into_any()
}

fn value(who: &Identity, field: IdentityField) -> &str {
    match field {
        IdentityField::Name => &who.name,
        IdentityField::Kana => &who.kana,
        IdentityField::Address => &who.address,
        IdentityField::Phone => &who.phone,
        IdentityField::Email => &who.email,
    }
}

fn office(l: Locale, page: &EntryPage) -> AnyView {
    let (sheet, errors) = (&page.sheet, &page.errors);
    let scribe = Field::new(l, errors, "scribe", label(l, "scribe"), &sheet.scribe).help(t!(l, "entry.scribe_help"));
    let department = Field::new(l, errors, "department", label(l, "department"), &sheet.department);
    let intake = Field::new(l, errors, "intake", label(l, "intake"), &sheet.intake).help(t!(l, "entry.intake_help"));
    let departments = std::iter::once((String::new(), t!(l, "entry.department_none").into_owned()))
        .chain(page.departments.iter().map(|(id, name)| (id.to_string(), name.clone())))
        .collect();
    let states = STATES.into_iter().map(|state| (state.code().to_owned(), intake_state(l, state))).collect();
    view! {
        <div class="entry__row">
            {form::input(l, &scribe, Input { autocomplete: "off", ..Input::default() })}
            {form::select(l, &department, departments)}
            {form::select(l, &intake, states)}
        </div>
    }
    .into_any()
}

fn scan(l: Locale, page: &EntryPage) -> AnyView {
    let mut field = Keyed::new("scan", "4", false);
    let help = if page.scan.is_some() { t!(l, "entry.scan_stored") } else { t!(l, "entry.scan_help") };
    field.help = Some(help.into_owned());
    let control = view! {
        <input
            class="input"
            type="file"
            id="f-scan"
            name="scan"
            accept="application/pdf,image/jpeg,image/png,image/webp"
            aria-invalid=page.errors.of("scan").map(|_| "true")
            aria-describedby=field.described_by(&page.errors)
        />
    };
    view! {
        <div class="entry__file">
            {field.frame(l, &page.errors, control.into_any())}
            <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="scan">{t!(l, "entry.load_scan")}</button>
        </div>
    }
    .into_any()
}
