//! The ward's own 対応区分.

use domain::{Locale, Problem, disposition::DispositionPreset};
use leptos::prelude::*;

use crate::{
    components::notice,
    pages::staff::{SettingsTab, StaffTab, frame, head, settings_tabs},
    shell::{Head, Page, PageContext},
    wording,
};

/// One 対応区分 as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispositionRow {
    /// Code.
    pub code: String,
    /// Mark.
    pub mark: String,
    /// Label.
    pub label: String,
    /// Whether a reason is published with it.
    pub reason_required: bool,
    /// Whether it says that the draft was changed.
    pub reflected: bool,
}

/// Something that is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DispositionFault {
    /// The row, from 0.
    pub row: usize,
    /// The field.
    pub field: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

/// `/staff/settings/dispositions`
#[derive(Debug)]
pub struct DispositionsPage {
    /// The rows.
    pub rows: Vec<DispositionRow>,
    /// What is wrong.
    pub faults: Vec<DispositionFault>,
    /// Whether there are too many rows; the greatest number.
    pub too_many: Option<usize>,
    /// Whether it was saved a moment ago.
    pub saved: bool,
}

impl Page for DispositionsPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "layout.dispositions.title").into_owned();
        let wrong = !self.faults.is_empty() || self.too_many.is_some();
        head(if wrong { t!(cx.locale, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let rows = (0..self.rows.len()).map(|i| self.row(l, i)).collect_view();
        let presets = DispositionPreset::ALL
            .into_iter()
            .filter(|preset| !preset.dispositions().is_empty())
            .map(|preset| {
                let marks: Vec<String> =
                    preset.dispositions().iter().map(|d| format!("{} {}", d.mark, d.label)).collect();
                view! { <option value=preset.code()>{marks.join(" / ")}</option> }
            })
            .collect_view();
        let saved = self.saved.then(|| {
            let text = t!(l, "layout.dispositions.saved_text").into_owned().into_any();
            notice("success", t!(l, "layout.dispositions.saved").into_owned(), text)
        });
        let body = view! {
            <h1 class="page__title">{t!(l, "layout.dispositions.title")}</h1>
            {settings_tabs(cx, SettingsTab::Dispositions)}
            <p class="page__lead">{t!(l, "layout.dispositions.lead")}</p>
            <p><a href="/staff/settings/layout">{t!(l, "layout.to_layout")}</a></p>
            {saved}
            {self.wrong(l)}
            <form class="form layout-form" method="post" action="/staff/settings/dispositions" novalidate>
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "layout.save")}</button>
                <div class="layout-list__add">
                    <label class="field__label" for="f-preset">{t!(l, "layout.dispositions.preset")}</label>
                    <select class="select" id="f-preset" name="preset">{presets}</select>
                    <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value="fill">{t!(l, "layout.fill")}</button>
                </div>
                <div class="repeat" id="rows">{rows}</div>
                <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="add" formaction="/staff/settings/dispositions#rows">{t!(l, "layout.dispositions.add")}</button>
                <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "layout.save")}</button></div>
            </form>
        };
        frame(cx, StaffTab::Settings, body.into_any())
    }
}

impl DispositionsPage {
    fn wrong(&self, l: Locale) -> Option<AnyView> {
        let rows = self.faults.iter().map(|fault| {
            let label = t!(l, "layout.dispositions.row", n = fault.row + 1);
            let text = t!(l, "form.summary_item", label = label, problem = wording::problem(l, fault.problem));
            (format!("#f-{}-{}", fault.field, fault.row), text.into_owned())
        });
        let whole = self.too_many.map(|max| ("#rows".to_owned(), t!(l, "problem.too_many", max = max).into_owned()));
        let items: Vec<(String, String)> = rows.chain(whole).collect();
        (!items.is_empty()).then(|| {
            let items = items.into_iter().map(|(href, text)| view! { <li><a href=href>{text}</a></li> }).collect_view();
            view! {
                <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
                    <h2>{t!(l, "form.summary")}</h2>
                    <ul>{items}</ul>
                </div>
            }
            .into_any()
        })
    }

    fn row(&self, l: Locale, i: usize) -> Option<AnyView> {
        let row = self.rows.get(i)?;
        let text = |field: &'static str, value: &str| {
            let id = format!("f-{field}-{i}");
            let fault = self.faults.iter().find(|fault| fault.row == i && fault.field == field);
            let problem = fault.map(|fault| {
                view! { <p class="field__error" id=format!("e-{field}-{i}")><span class="visually-hidden">{t!(l, "form.error")}</span>{wording::problem(l, fault.problem)}</p> }
            });
            let described = fault.is_some().then(|| format!("e-{field}-{i}"));
            view! {
                <div class="field">
                    <label class="field__label" for=id.clone()>{t!(l, format!("layout.dispositions.{field}"))}</label>
                    {problem}
                    <input class="input" type="text" id=id name=field value=value.to_owned() autocomplete="off" aria-invalid=fault.is_some().then_some("true") aria-describedby=described />
                </div>
            }
        };
        let tick = |field: &'static str, on: bool| {
            view! { <label class="choice"><input type="checkbox" name=field value=i.to_string() checked=on /><span class="choice__label">{t!(l, format!("layout.dispositions.{field}"))}</span></label> }
        };
        let name = t!(l, "layout.dispositions.row", n = i + 1).into_owned();
        let button = |act: &'static str, label: String, off: bool| {
            let name_of = format!("{label} {name}");
            view! { <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value=format!("{act}:{i}") formaction="/staff/settings/dispositions#rows" aria-label=name_of disabled=off>{label.clone()}</button> }
        };
        Some(
            view! {
                <fieldset class="repeat__row disposition-row">
                    <legend class="fieldset__legend">{name.clone()}</legend>
                    <div class="disposition-row__fields">{text("mark", &row.mark)}{text("label", &row.label)}{text("code", &row.code)}</div>
                    {tick("reason_required", row.reason_required)}
                    {tick("reflected", row.reflected)}
                    <span class="layout-list__tools">
                        {button("up", t!(l, "layout.up").into_owned(), i == 0)}
                        {button("down", t!(l, "layout.down").into_owned(), i + 1 == self.rows.len())}
                        {button("remove", t!(l, "layout.remove").into_owned(), false)}
                    </span>
                </fieldset>
            }
            .into_any(),
        )
    }
}
