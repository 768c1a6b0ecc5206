//! Form fields: label, help, control and message, tied together for everybody who can't see them.

use domain::{FieldErrors, Locale};
use leptos::prelude::*;

use crate::wording;

/// What all kinds of fields have in common.
#[derive(Clone, Debug)]
pub struct Field {
    /// The `name` and the id (`f-{name}`).
    pub name: &'static str,
    /// The label.
    pub label: String,
    /// What to enter, said before the control.
    pub help: Option<String>,
    /// Whether it has to be filled in.
    pub required: bool,
    /// What was typed.
    pub value: String,
    /// What is wrong, in words.
    pub problem: Option<String>,
}

impl Field {
    /// A field with its value and, from `errors`, its problem.
    #[must_use]
    pub fn new(l: Locale, errors: &FieldErrors, name: &'static str, label: impl Into<String>, value: &str) -> Self {
        Self {
            name,
            label: label.into(),
            help: None,
            required: false,
            value: value.to_owned(),
            problem: errors.of(name).map(|p| wording::problem(l, p)),
        }
    }

    /// Marks it as required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Adds a help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    fn described_by(&self) -> Option<String> {
        let help = self.help.as_ref().map(|_| format!("h-{}", self.name));
        let error = self.problem.as_ref().map(|_| format!("e-{}", self.name));
        let ids: Vec<String> = error.into_iter().chain(help).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn frame(&self, l: Locale, control: AnyView) -> AnyView {
        let mark = if self.required {
            view! { <span class="field__required">{t!(l, "form.required")}</span> }.into_any()
        } else {
            view! { <span class="field__optional">{t!(l, "form.optional")}</span> }.into_any()
        };
        view! {
            <div class="field">
                <label class="field__label" for=self.id()>{self.label.clone()}" "{mark}</label>
                {self.help.clone().map(|help| view! { <p class="field__help" id=format!("h-{}", self.name)>{help}</p> })}
                {self.message(l)}
                {control}
            </div>
        }
        .into_any()
    }

    fn message(&self, l: Locale) -> Option<AnyView> {
        self.problem.clone().map(|problem| {
            view! {
                <p class="field__error" id=format!("e-{}", self.name)>
                    <span class="visually-hidden">{t!(l, "form.error")}</span>{problem}
                </p>
            }
            .into_any()
        })
    }

    fn invalid(&self) -> Option<&'static str> {
        self.problem.is_some().then_some("true")
    }
}

/// How a one-line field behaves on keyboards and with password managers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input {
    /// `type`; empty means `text`.
    pub kind: &'static str,
    /// `autocomplete` (HTML §4.10.18.7).
    pub autocomplete: &'static str,
    /// `inputmode`.
    pub mode: &'static str,
}

/// A one-line field.
#[must_use]
pub fn input(l: Locale, field: &Field, input: Input) -> AnyView {
    let kind = if input.kind.is_empty() { "text" } else { input.kind };
    let value = (kind != "password").then(|| field.value.clone());
    let optional = |s: &'static str| (!s.is_empty()).then_some(s);
    let control = view! {
        <input
            class="input"
            type=kind
            id=field.id()
            name=field.name
            value=value
            autocomplete=optional(input.autocomplete)
            inputmode=optional(input.mode)
            aria-required=field.required.then_some("true")
            aria-invalid=field.invalid()
            aria-describedby=field.described_by()
        />
    };
    field.frame(l, control.into_any())
}

/// A field of several lines.
#[must_use]
pub fn text_area(l: Locale, field: &Field, rows: u32) -> AnyView {
    let control = view! {
        <TextArea
            id=field.id()
            name=field.name
            value=field.value.clone()
            rows=rows
            required=field.required
            invalid=field.problem.is_some()
            described_by=field.described_by()
        />
    };
    field.frame(l, control.into_any())
}

/// The only `textarea` of the house. Leptos 0.8 writes its children unescaped, so they are escaped here; the newline
/// after the tag is the one that HTML drops (§13.2.6.4.7), so that a text that starts with one keeps it.
#[expect(clippy::needless_pass_by_value, clippy::must_use_candidate, reason = "a component owns what it is given")]
#[component]
pub fn TextArea(
    /// The id its label points at.
    #[prop(into)]
    id: String,
    /// The name it is sent under.
    #[prop(into)]
    name: String,
    /// What it holds.
    value: String,
    /// Its height in lines.
    rows: u32,
    /// Whether it has to be filled in.
    #[prop(optional)]
    required: bool,
    /// Whether what it holds is wrong.
    #[prop(optional)]
    invalid: bool,
    /// Whether it is there to be read and copied only.
    #[prop(optional)]
    readonly: bool,
    /// The ids of its help and error.
    #[prop(optional_no_strip)]
    described_by: Option<String>,
) -> impl IntoView {
    let escaped = format!("\n{}", value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    view! {
        <textarea
            class="textarea"
            id=id
            name=name
            rows=rows.to_string()
            aria-required=required.then_some("true")
            readonly=readonly
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
            inner_html=escaped
        ></textarea>
    }
}

/// One of several, in a list that opens.
#[must_use]
pub fn select(l: Locale, field: &Field, options: Vec<(String, String)>) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let chosen = value == field.value;
            view! { <option value=value selected=chosen>{text}</option> }
        })
        .collect_view();
    let control = view! {
        <select
            class="select"
            id=field.id()
            name=field.name
            aria-required=field.required.then_some("true")
            aria-invalid=field.invalid()
            aria-describedby=field.described_by()
        >
            {options}
        </select>
    };
    field.frame(l, control.into_any())
}

/// One of a few, all in sight.
#[must_use]
pub fn radios(l: Locale, field: &Field, options: Vec<(String, String)>) -> AnyView {
    let name = field.name;
    let options = options
        .into_iter()
        .enumerate()
        .map(|(i, (value, text))| {
            let checked = value == field.value;
            // The error summary's link leads to the first choice.
            let id = if i == 0 { format!("f-{name}") } else { format!("f-{name}-{i}") };
            view! { <label class="choice"><input type="radio" id=id name=name value=value checked=checked /><span class="choice__label">{text}</span></label> }
        })
        .collect_view();
    let mark = if field.required { t!(l, "form.required") } else { t!(l, "form.optional") };
    let class = if field.required { "field__required" } else { "field__optional" };
    view! {
        <fieldset class="fieldset" aria-describedby=field.described_by() aria-invalid=field.invalid()>
            <legend class="fieldset__legend">{field.label.clone()}" "<span class=class>{mark}</span></legend>
            {field.help.clone().map(|help| view! { <p class="field__help" id=format!("h-{name}")>{help}</p> })}
            {field.message(l)}
            {options}
        </fieldset>
    }
    .into_any()
}

/// Everything that is wrong, on top of the form, each with a link to its field.
#[must_use]
pub fn error_summary(l: Locale, errors: &FieldErrors, labels: &[(&'static str, String)]) -> Option<AnyView> {
    (!errors.is_empty()).then(|| {
        let items = errors
            .iter()
            .map(|(name, problem)| {
                let label = labels.iter().find(|(n, _)| *n == name).map(|(_, label)| label.clone());
                let text = match label {
                    Some(label) => {
                        t!(l, "form.summary_item", label = label, problem = wording::problem(l, problem)).into_owned()
                    }
                    None => wording::problem(l, problem),
                };
                // What is wrong with the whole has no field to lead to.
                if name == "form" {
                    return view! { <li>{text}</li> }.into_any();
                }
                view! { <li><a href=format!("#f-{name}")>{text}</a></li> }.into_any()
            })
            .collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
                <h2>{t!(l, "form.summary")}</h2>
                <ul>{items}</ul>
            </div>
        }
        .into_any()
    })
}
