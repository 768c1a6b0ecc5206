//! What can be done to several opinions at once.

use domain::{FieldErrors, Locale};
use leptos::prelude::*;

use super::{DeskPage, Refusal};
use crate::components::form;

/// What was chosen and typed for opinions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    /// Chosen opinions.
    pub ids: Vec<i64>,
    /// Whether all that fit the filter are meant.
    pub all: bool,
    /// How many that are at most.
    pub max: usize,
    /// The chapter of a new row.
    pub chapter: String,
    /// The 要旨 of a new row.
    pub text: String,
    /// The number of a row.
    pub row: String,
    /// The reason of 対象外.
    pub reason: String,
}

impl DeskPage {
    /// What can be done to the chosen opinions; the buttons say what.
    pub(super) fn tools(&self, l: Locale) -> AnyView {
        let of_row = !self.filters.row.is_empty();
        let excluded = self.filters.placed == "out";
        let button = |act: &'static str, label: std::borrow::Cow<'static, str>, variant: &'static str| {
            view! { <button class="button" data-variant=variant data-size="sm" type="submit" name="act" value=act>{label}</button> }
        };
        let row_tools = of_row.then(|| {
            view! {
                <div class="button-row">
                    {button("split_row", t!(l, "gather.tool.split_row"), "outline")}
                    {button("take_out", t!(l, "gather.tool.take_out"), "outline")}
                </div>
            }
        });
        let body = if excluded {
            view! { <div class="button-row">{button("include", t!(l, "gather.tool.include"), "outline")}</div> }
                .into_any()
        } else {
            view! {
                {row_tools}
                {self.new_row_tool(l)}
                {(self.strip.rows > 0).then(|| self.add_tool(l))}
                {self.exclude_tool(l)}
            }
            .into_any()
        };
        view! {
            <fieldset class="desk-tools">
                <legend class="desk-tools__title">{t!(l, "gather.tool.title")}</legend>
                {self.scope(l)}
                {body}
            </fieldset>
        }
        .into_any()
    }

    fn scope(&self, l: Locale) -> AnyView {
        let problem = Refusal::at(self.refusal.as_ref(), l, "items");
        // Whoever looks at the same texts means all of them.
        let all = self.tools.all || (!self.filters.group.is_empty() && self.tools.ids.is_empty());
        let described = problem.as_ref().map(|_| "e-items");
        view! {
            <div class="desk-tools__scope" role="radiogroup" aria-label=t!(l, "gather.tool.scope") aria-describedby=described>
                {problem.map(|p| view! { <p class="field__error" id="e-items"><span class="visually-hidden">{t!(l, "form.error")}</span>{p}</p> })}
                <label class="choice"><input type="radio" name="scope" value="checked" checked=!all /><span class="choice__label">{t!(l, "gather.tool.checked")}</span></label>
                <label class="choice"><input type="radio" name="scope" value="all" checked=all /><span class="choice__label">{t!(l, "gather.tool.all", max = self.tools.max)}</span></label>
            </div>
        }
        .into_any()
    }

    fn field(&self, l: Locale, name: &'static str, label: std::borrow::Cow<'static, str>, value: &str) -> form::Field {
        let none = FieldErrors::new();
        let mut field = form::Field::new(l, &none, name, label, value);
        field.problem = Refusal::at(self.refusal.as_ref(), l, name);
        field
    }

    fn new_row_tool(&self, l: Locale) -> AnyView {
        if self.chapters.is_empty() {
            return view! { <p class="desk-note">{t!(l, "desk.no_chapters")}</p> }.into_any();
        }
        let chapter = self.field(l, "chapter", t!(l, "desk.chapter"), &self.tools.chapter).required();
        let text =
            self.field(l, "text", t!(l, "gather.tool.text"), &self.tools.text).help(t!(l, "gather.tool.text_help"));
        let options = self.chapters.iter().map(|c| (c.id.to_string(), c.name())).collect();
        let open = text.problem.is_some() || !self.tools.text.is_empty();
        view! {
            <div class="desk-tools__one">
                {form::select(l, &chapter, options)}
                <details class="disclosure" open=open>
                    <summary>{t!(l, "gather.tool.write_text")}</summary>
                    {form::text_area(l, &text, 3)}
                </details>
                <button class="button" data-variant="solid" data-size="md" type="submit" name="act" value="new_row">{t!(l, "gather.tool.new_row")}</button>
            </div>
        }
        .into_any()
    }

    fn add_tool(&self, l: Locale) -> AnyView {
        let row = self.field(l, "row", t!(l, "gather.tool.row"), &self.tools.row).help(t!(l, "gather.tool.row_help"));
        let off = form::Input { autocomplete: "off", ..form::Input::default() };
        view! {
            <details class="disclosure" open=row.problem.is_some() || !self.tools.row.is_empty()>
                <summary>{t!(l, "gather.tool.to_row")}</summary>
                {form::input(l, &row, off)}
                <div class="button-row">
                    <button class="button" data-variant="solid" data-size="sm" type="submit" name="act" value="gather">{t!(l, "gather.tool.gather")}</button>
                    <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value="repeat">{t!(l, "gather.tool.repeat")}</button>
                </div>
                <p class="desk-note">{t!(l, "gather.tool.move_help")}</p>
            </details>
        }
        .into_any()
    }

    fn exclude_tool(&self, l: Locale) -> AnyView {
        let reason = self
            .field(l, "reason", t!(l, "gather.tool.reason"), &self.tools.reason)
            .required()
            .help(t!(l, "gather.tool.reason_help"));
        let include = (self.filters.placed == "any").then(|| {
            view! { <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value="include">{t!(l, "gather.tool.include")}</button> }
        });
        view! {
            <details class="disclosure" open=reason.problem.is_some() || !self.tools.reason.is_empty()>
                <summary>{t!(l, "gather.tool.scope_title")}</summary>
                {form::input(l, &reason, form::Input::default())}
                <div class="button-row">
                    <button class="button" data-variant="danger" data-size="sm" type="submit" name="act" value="exclude">{t!(l, "gather.tool.exclude")}</button>
                    {include}
                </div>
            </details>
        }
        .into_any()
    }
}
