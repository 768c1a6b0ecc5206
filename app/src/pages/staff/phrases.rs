//! `/staff/settings/phrases`: the ward's phrases for 区の考え方, each with a plainer way to say it.

use domain::{FieldErrors, Locale, phrase::Phrase};
use leptos::prelude::*;

use super::{SettingsTab, StaffTab, frame, head, settings_tabs};
use crate::{
    components::{form, notice},
    shell::{Head, Page, PageContext},
};

/// Empty rows at the end of the form, for new phrases.
pub const EMPTY_ROWS: usize = 3;

/// The phrases that come with the product: a heading each, and the plainer way to say it below.
#[must_use]
pub fn defaults() -> Vec<Phrase> {
    let part = |part: &str| {
        let (text, plain) = part.split_once('\n')?;
        let phrase = Phrase { text: text.trim().to_owned(), plain: plain.trim().to_owned() };
        (!phrase.text.is_empty()).then_some(phrase)
    };
    include_str!("../../../locales/texts/phrases.ja.md").split("## ").filter_map(part).collect()
}

/// A phrase as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhraseInput {
    /// Its place; 1.5 is between 1 and 2.
    pub order: String,
    /// The phrase.
    pub text: String,
    /// The plainer way to say it.
    pub plain: String,
    /// Whether it is to go.
    pub delete: bool,
}

impl PhraseInput {
    /// Phrases as they are typed, with empty rows at the end.
    #[must_use]
    pub fn of(phrases: &[Phrase]) -> Vec<Self> {
        let mut inputs: Vec<Self> = (1..)
            .zip(phrases)
            .map(|(n, p)| Self { order: n.to_string(), text: p.text.clone(), plain: p.plain.clone(), delete: false })
            .collect();
        inputs.resize_with(inputs.len() + EMPTY_ROWS, Self::default);
        inputs
    }
}

/// `/staff/settings/phrases`
#[derive(Debug)]
pub struct PhrasesPage {
    /// What is in the fields.
    pub inputs: Vec<PhraseInput>,
    /// What is wrong, under `text` and `plain`.
    pub errors: FieldErrors,
    /// Whether they were saved a moment ago.
    pub saved: bool,
}

impl Page for PhrasesPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "phrase.title").into_owned();
        let wrong = !self.errors.is_empty();
        head(if wrong { t!(cx.locale, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels = [("text", t!(l, "phrase.text").into_owned()), ("plain", t!(l, "phrase.plain").into_owned())];
        let saved = self.saved.then(|| notice("success", t!(l, "phrase.saved").into_owned(), ().into_any()));
        let rows = self.inputs.iter().enumerate().map(|(i, input)| row(l, i, input, &self.errors)).collect_view();
        let body = view! {
            <h1 class="page__title">{t!(l, "phrase.title")}</h1>
            {settings_tabs(cx, SettingsTab::Phrases)}
            <p class="page__lead">{t!(l, "phrase.lead")}</p>
            {saved}
            {form::error_summary(l, &self.errors, &labels)}
            <form class="form" method="post" action="/staff/settings/phrases" novalidate>
                // The Enter key presses the first button of a form: it saves, it doesn't add rows.
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "phrase.save")}</button>
                <p class="muted">{t!(l, "phrase.help")}</p>
                <ol class="phrases">{rows}</ol>
                <div class="form__actions button-row">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "phrase.save")}</button>
                    <button class="button" data-variant="outline" data-size="lg" type="submit" name="more" value="1">{t!(l, "phrase.more")}</button>
                </div>
            </form>
        };
        frame(cx, StaffTab::Settings, body.into_any())
    }
}

fn row(l: Locale, index: usize, input: &PhraseInput, errors: &FieldErrors) -> AnyView {
    let n = index + 1;
    // The error summary's links lead to the first row.
    let id = |name: &str| if index == 0 { format!("f-{name}") } else { format!("f-{name}-{n}") };
    let filled = !input.text.is_empty() || !input.plain.is_empty();
    let too_long = |text: &str| domain::text::graphemes(text.trim()) > domain::phrase::PHRASE_MAX;
    let bad_text = errors.of("text").is_some()
        && !input.delete
        && filled
        && (input.text.trim().is_empty() || too_long(&input.text));
    let bad_plain = errors.of("plain").is_some() && !input.delete && too_long(&input.plain);
    let field = |name: &'static str, label: String, value: &str, invalid: bool| {
        let problem = invalid.then(|| errors.of(name)).flatten().map(|p| {
            view! { <p class="field__error" id=format!("e-{name}-{n}")><span class="visually-hidden">{t!(l, "form.error")}</span>{crate::wording::problem(l, p)}</p> }
        });
        let described = invalid.then(|| format!("e-{name}-{n}"));
        view! {
            <div class="field">
                <label class="field__label" for=id(name)>{label}</label>
                {problem}
                <form::TextArea id=id(name) name=name value=value.to_owned() rows=2 invalid=invalid described_by=described />
            </div>
        }
    };
    let delete = filled.then(|| {
        view! { <label class="choice"><input type="checkbox" name="delete" value=index.to_string() checked=input.delete /><span class="choice__label">{t!(l, "phrase.delete")}</span></label> }
    });
    view! {
        <li class="phrases__row">
            <fieldset class="phrases__fields">
                <legend class="visually-hidden">{t!(l, "phrase.nth", n = n)}</legend>
                <div class="field phrases__order">
                    <label class="field__label" for=format!("f-order-{n}")>{t!(l, "phrase.order")}</label>
                    <input class="input" id=format!("f-order-{n}") name="order" value=input.order.clone() inputmode="decimal" autocomplete="off" />
                </div>
                {field("text", t!(l, "phrase.text").into_owned(), &input.text, bad_text)}
                {field("plain", t!(l, "phrase.plain").into_owned(), &input.plain, bad_plain)}
                {delete}
            </fieldset>
        </li>
    }
    .into_any()
}
