//! The ward's layout of the result table and its own 対応区分, and a theme's own.

mod dispositions;
mod input;

use documents::ResponseTable;
use domain::{
    FieldErrors, Locale,
    disposition::DispositionSet,
    layout::{
        ColumnKind, CountTable, CoverKind, CoverNumbering, Grouping, LayoutFault, LayoutPart, LayoutPreset, Numbering,
        THEME,
    },
};
use leptos::prelude::*;

pub use dispositions::{DispositionFault, DispositionRow, DispositionsPage};
pub use input::LayoutInput;

use super::{DeskTab, SettingsTab, StaffTab, desk_tabs, frame, head, settings_tabs};
use crate::{
    components::{form, notice},
    pages::responses::{Columns, counts, cover},
    shell::{Head, Page, PageContext},
    wording,
};

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutDone {
    /// It was saved.
    Saved,
    /// Something in the fields was changed, and nothing is saved yet.
    Changed,
}

/// What only a theme's page has.
#[derive(Clone, Debug)]
pub struct ThemeLayout {
    /// The theme's id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The version that saving replaces.
    pub version: i64,
    /// Whether it has a layout of its own.
    pub own: bool,
    /// 計画案の公表方法.
    pub publicity: String,
    /// 閲覧場所.
    pub places: String,
    /// 実施根拠.
    pub basis: String,
    /// Whether somebody else saved in the meantime.
    pub stale: bool,
}

/// `/staff/settings/layout` and `/staff/consultations/{id}/layout`
#[derive(Debug)]
pub struct LayoutPage {
    /// The theme; none for the ward's layout.
    pub theme: Option<ThemeLayout>,
    /// What is in the fields.
    pub input: LayoutInput,
    /// The 対応区分 that can be explained.
    pub dispositions: DispositionSet,
    /// An example in the layout that is in the fields.
    pub sample: ResponseTable,
    /// What is wrong with the layout.
    pub faults: Vec<LayoutFault>,
    /// What is wrong with the theme's fields.
    pub errors: FieldErrors,
    /// What was done a moment ago.
    pub done: Option<LayoutDone>,
}

impl Page for LayoutPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "layout.title").into_owned();
        let wrong = !self.faults.is_empty() || !self.errors.is_empty();
        head(if wrong { t!(cx.locale, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let own = self.theme.as_ref().is_none_or(|theme| theme.own);
        let tab = if self.theme.is_some() { StaffTab::Consultations } else { StaffTab::Settings };
        let body = view! {
            <h1 class="page__title">{t!(l, "layout.title")}</h1>
            {self.theme.as_ref().map(|theme| view! {
                {desk_tabs(cx, theme.id, DeskTab::Layout)}
                <p class="page__lead" lang="ja">{theme.title.clone()}</p>
            })}
            {self.theme.is_none().then(|| view! {
                {settings_tabs(cx, SettingsTab::Layout)}
                <p class="page__lead">{t!(l, "layout.lead")}</p>
                <p><a href="/staff/settings/dispositions">{t!(l, "layout.to_dispositions")}</a></p>
            })}
            {self.told(l)}
            {self.wrong(l)}
            <form class="form layout-form" method="post" action=self.action() novalidate>
                // The Enter key presses the first button of a form: it saves, it doesn't move anything.
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "layout.save")}</button>
                {self.theme.as_ref().map(|theme| self.of_theme(l, theme))}
                {own.then(|| self.fields(l))}
                <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "layout.save")}</button></div>
            </form>
            {self.preview(l)}
        };
        frame(cx, tab, body.into_any())
    }
}

/// A one-line field in which the browser has nothing to suggest.
const PLAIN: form::Input = form::Input { kind: "", autocomplete: "off", mode: "" };

impl LayoutPage {
    fn action(&self) -> String {
        match &self.theme {
            Some(theme) => format!("/staff/consultations/{}/layout", theme.id),
            None => "/staff/settings/layout".to_owned(),
        }
    }

    /// Sends the form without saving, and comes back to the same place.
    fn act(&self, place: &str) -> String {
        format!("{}#{place}", self.action())
    }

    fn told(&self, l: Locale) -> Option<AnyView> {
        if self.theme.as_ref().is_some_and(|theme| theme.stale) {
            let text = t!(l, "layout.stale_text").into_owned().into_any();
            return Some(notice("warning", t!(l, "layout.stale").into_owned(), text));
        }
        let theme = self.theme.is_some();
        self.done.map(|done| match done {
            LayoutDone::Saved if theme => {
                let text = t!(l, "layout.saved_theme_text").into_owned().into_any();
                notice("success", t!(l, "layout.saved").into_owned(), text)
            }
            LayoutDone::Saved => notice(
                "success",
                t!(l, "layout.saved").into_owned(),
                t!(l, "layout.saved_text").into_owned().into_any(),
            ),
            LayoutDone::Changed => notice(
                "info",
                t!(l, "layout.changed").into_owned(),
                t!(l, "layout.changed_text").into_owned().into_any(),
            ),
        })
    }

    /// Everything that is wrong, each with a link to its part.
    fn wrong(&self, l: Locale) -> Option<AnyView> {
        let faults = self.faults.iter().map(|fault| {
            let part = fault.part();
            let text = t!(l, "form.summary_item", label = part_name(l, part), problem = fault_words(l, *fault));
            (format!("#{}", part.code()), text.into_owned())
        });
        let errors = self.errors.iter().map(|(name, problem)| {
            let label = t!(l, format!("layout.theme.{name}"));
            let text = t!(l, "form.summary_item", label = label, problem = wording::problem(l, problem));
            (format!("#f-{name}"), text.into_owned())
        });
        let items: Vec<(String, String)> = errors.chain(faults).collect();
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

    /// What is announced about this theme, and whether it has a layout of its own.
    fn of_theme(&self, l: Locale, theme: &ThemeLayout) -> AnyView {
        let field = |name: &'static str, value: &str| {
            let label = t!(l, format!("layout.theme.{name}"));
            form::Field::new(l, &self.errors, name, label, value).help(t!(l, format!("layout.theme.{name}_help")))
        };
        let (now, act, button) = if theme.own {
            (t!(l, "layout.theme.own"), "use-ward", t!(l, "layout.theme.use_ward"))
        } else {
            (t!(l, "layout.theme.ward"), "use-own", t!(l, "layout.theme.use_own"))
        };
        view! {
            <input type="hidden" name="version" value=theme.version.to_string() />
            <input type="hidden" name="own" value=if theme.own { "1" } else { "" } />
            {form::text_area(l, &field("publicity", &theme.publicity), 3)}
            {form::text_area(l, &field("places", &theme.places), 3)}
            {form::input(l, &field("basis", &theme.basis), PLAIN)}
            <section class="rules-part" id="use">
                <h2 class="section__title">{t!(l, "layout.theme.use")}</h2>
                <p>{now}</p>
                <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value=act formaction=self.act("use")>{button}</button>
            </section>
        }
        .into_any()
    }

    fn fields(&self, l: Locale) -> AnyView {
        view! {
            {self.presets(l)}
            {self.title(l)}
            {self.list(l, LayoutPart::Cover)}
            {choice(l, "cover_numbering", &self.input.cover_numbering, &CoverNumbering::ALL.map(CoverNumbering::code))}
            {self.list(l, LayoutPart::Columns)}
            <section class="rules-part">
                <h2 class="section__title">{t!(l, "layout.rows")}</h2>
                {choice(l, "grouping", &self.input.grouping, &Grouping::ALL.map(Grouping::code))}
                {choice(l, "numbering", &self.input.numbering, &Numbering::ALL.map(Numbering::code))}
                {tick(l, "others", self.input.others)}
                {tick(l, "section_counts", self.input.section_counts)}
            </section>
            {self.list(l, LayoutPart::Counts)}
            {self.legend(l)}
            {self.notes(l)}
            {choice(l, "orientation", if self.input.portrait { "portrait" } else { "landscape" }, &["landscape", "portrait"])}
            <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="preview" formaction=self.act("preview")>{t!(l, "layout.show")}</button>
        }
        .into_any()
    }

    fn presets(&self, l: Locale) -> AnyView {
        let options = LayoutPreset::ALL
            .into_iter()
            .map(|preset| {
                let chosen = preset.code() == self.input.preset;
                view! { <option value=preset.code() selected=chosen>{t!(l, format!("layout.preset.{}", preset.code()))}</option> }
            })
            .collect_view();
        view! {
            <div class="field">
                <label class="field__label" for="f-preset">{t!(l, "layout.presets")}</label>
                <p class="field__help" id="h-preset">{t!(l, "layout.presets_help")}</p>
                <select class="select" id="f-preset" name="preset" aria-describedby="h-preset">{options}</select>
            </div>
            <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="fill">{t!(l, "layout.fill")}</button>
        }
        .into_any()
    }

    fn title(&self, l: Locale) -> AnyView {
        let help = t!(l, "layout.document_title_help", theme = THEME);
        view! {
            <div class="field" id="title">
                <label class="field__label" for="f-title">{t!(l, "layout.part.title")}" "<span class="field__required">{t!(l, "form.required")}</span></label>
                <p class="field__help" id="h-title">{help}</p>
                {self.problems(l, LayoutPart::Title)}
                <input class="input" type="text" id="f-title" name="title" value=self.input.title.clone() autocomplete="off" aria-describedby="h-title" aria-invalid=self.is_wrong(LayoutPart::Title) />
            </div>
        }
        .into_any()
    }

    fn is_wrong(&self, part: LayoutPart) -> Option<&'static str> {
        self.faults.iter().any(|fault| fault.part() == part).then_some("true")
    }

    fn problems(&self, l: Locale, part: LayoutPart) -> AnyView {
        self.faults
            .iter()
            .filter(|fault| fault.part() == part)
            .map(|fault| view! { <p class="field__error"><span class="visually-hidden">{t!(l, "form.error")}</span>{fault_words(l, *fault)}</p> })
            .collect_view()
            .into_any()
    }

    /// An ordered list of kinds, with headings where it has them: up, down, away, and one more.
    fn list(&self, l: Locale, part: LayoutPart) -> AnyView {
        let name = part.code();
        let kinds = kinds(part);
        let entries = self.input.list(part);
        let rows = entries
            .iter()
            .enumerate()
            .map(|(i, (kind, heading))| self.entry(l, part, (i, entries.len()), kind, heading))
            .collect_view();
        let left: Vec<&str> =
            kinds.into_iter().filter(|kind| !entries.iter().any(|(there, _)| there == kind)).collect();
        let add = (!left.is_empty()).then(|| {
            let options =
                left.into_iter().map(|kind| view! { <option value=kind>{kind_name(l, part, kind)}</option> }).collect_view();
            view! {
                <div class="layout-list__add">
                    <label class="field__label" for=format!("f-{name}-add")>{t!(l, "layout.add_what")}</label>
                    <select class="select" id=format!("f-{name}-add") name=format!("{name}_add")>{options}</select>
                    <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value=format!("{name}:add") formaction=self.act(name)>{t!(l, "layout.add")}</button>
                </div>
            }
        });
        view! {
            <section class="rules-part" id=name>
                <h2 class="section__title">{part_name(l, part)}</h2>
                <p class="field__help">{t!(l, format!("layout.part_help.{name}"))}</p>
                {self.problems(l, part)}
                <ol class="layout-list">{rows}</ol>
                {add}
            </section>
        }
        .into_any()
    }

    fn entry(&self, l: Locale, part: LayoutPart, (i, of): (usize, usize), kind: &str, heading: &str) -> AnyView {
        let name = part.code();
        let words = kind_name(l, part, kind);
        let id = format!("f-{name}-{i}");
        let button = |act: &'static str, label: String, off: bool| {
            let name_of = format!("{label} {words}");
            view! { <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value=format!("{name}:{act}:{i}") formaction=self.act(name) aria-label=name_of disabled=off>{label.clone()}</button> }
        };
        let text = if part == LayoutPart::Counts {
            view! { <span class="layout-list__name">{words.clone()}</span> }.into_any()
        } else {
            view! {
                <label class="layout-list__name" for=id.clone()>{words.clone()}</label>
                <input class="input" type="text" id=id name=format!("{name}_heading") value=heading.to_owned() autocomplete="off" />
            }
            .into_any()
        };
        view! {
            <li class="layout-list__row">
                <input type="hidden" name=format!("{name}_kind") value=kind.to_owned() />
                {text}
                <span class="layout-list__tools">
                    {button("up", t!(l, "layout.up").into_owned(), i == 0)}
                    {button("down", t!(l, "layout.down").into_owned(), i + 1 == of)}
                    {button("remove", t!(l, "layout.remove").into_owned(), false)}
                </span>
            </li>
        }
        .into_any()
    }

    /// 凡例, and what each 対応区分 is called in full.
    fn legend(&self, l: Locale) -> AnyView {
        let rows = self
            .input
            .explanations
            .iter()
            .enumerate()
            .map(|(i, (code, text))| {
                let label = self.dispositions.find(code).map_or_else(|| code.clone(), domain::disposition::Used::printed);
                let id = format!("f-explanation-{i}");
                view! {
                    <div class="field">
                        <input type="hidden" name="explanation_code" value=code.clone() />
                        <label class="field__label" for=id.clone()>{label}</label>
                        <input class="input" type="text" id=id name="explanation_text" value=text.clone() autocomplete="off" />
                    </div>
                }
            })
            .collect_view();
        view! {
            <section class="rules-part" id="explanations">
                <h2 class="section__title">{t!(l, "layout.part.explanations")}</h2>
                <p class="field__help">{t!(l, "layout.part_help.explanations")}</p>
                {self.problems(l, LayoutPart::Explanations)}
                {tick(l, "legend", self.input.legend)}
                {rows}
            </section>
        }
        .into_any()
    }

    fn notes(&self, l: Locale) -> AnyView {
        view! {
            <section class="rules-part" id="notes">
                <h2 class="section__title">{t!(l, "layout.part.notes")}</h2>
                <div class="field" id="summary_note">
                    <label class="field__label" for="f-summary_note">{t!(l, "layout.part.summary_note")}</label>
                    <p class="field__help" id="h-summary_note">{t!(l, "layout.part_help.summary_note")}</p>
                    {self.problems(l, LayoutPart::SummaryNote)}
                    <input class="input" type="text" id="f-summary_note" name="summary_note" value=self.input.summary_note.clone() autocomplete="off" aria-describedby="h-summary_note" />
                </div>
                <div class="field">
                    <label class="field__label" for="f-notes">{t!(l, "layout.more_notes")}</label>
                    <p class="field__help" id="h-notes">{t!(l, "layout.part_help.notes")}</p>
                    {self.problems(l, LayoutPart::Notes)}
                    <form::TextArea id="f-notes" name="notes" value=self.input.notes.clone() rows=4 described_by=Some("h-notes".to_owned()) />
                </div>
            </section>
        }
        .into_any()
    }

    /// An example as residents would see it.
    fn preview(&self, l: Locale) -> AnyView {
        let printed = self.sample.printed();
        let columns = Columns::new(l, &printed, &self.sample.layout, None);
        let sections = printed.sections.iter().map(|section| columns.section(section, &printed.title)).collect_view();
        view! {
            <section class="layout-preview" id="preview" aria-labelledby="preview-title">
                <h2 class="section__title" id="preview-title">{t!(l, "layout.preview")}</h2>
                <p class="field__help">{t!(l, "layout.preview_help")}</p>
                <p class="layout-preview__title" lang="ja">{printed.title.clone()}</p>
                {cover(l, &printed)}
                {counts(&printed)}
                {sections}
            </section>
        }
        .into_any()
    }
}

/// Every kind that a list may have, as codes.
fn kinds(part: LayoutPart) -> Vec<&'static str> {
    match part {
        LayoutPart::Cover => CoverKind::ALL.map(CoverKind::code).to_vec(),
        LayoutPart::Columns => ColumnKind::ALL.map(ColumnKind::code).to_vec(),
        _ => CountTable::ALL.map(CountTable::code).to_vec(),
    }
}

fn kind_name(l: Locale, part: LayoutPart, kind: &str) -> String {
    match part {
        LayoutPart::Cover => t!(l, format!("layout.cover.{kind}")),
        LayoutPart::Columns => t!(l, format!("layout.column.{kind}")),
        _ => t!(l, format!("layout.count.{kind}")),
    }
    .into_owned()
}

fn part_name(l: Locale, part: LayoutPart) -> String {
    t!(l, format!("layout.part.{}", part.code())).into_owned()
}

/// A fault in words.
fn fault_words(l: Locale, fault: LayoutFault) -> String {
    let column = |kind: ColumnKind| kind_name(l, LayoutPart::Columns, kind.code());
    match fault {
        LayoutFault::Text { index, problem, .. } => {
            t!(l, "layout.fault.text", n = index + 1, problem = wording::problem(l, problem))
        }
        LayoutFault::TitleWithoutTheme => t!(l, "layout.fault.title_without_theme", theme = THEME),
        LayoutFault::NoOpinions => t!(l, "layout.fault.no_opinions"),
        LayoutFault::NoAnswers => t!(l, "layout.fault.no_answers"),
        LayoutFault::ColumnTwice(kind) => t!(l, "layout.fault.twice", what = column(kind)),
        LayoutFault::CoverTwice(kind) => {
            t!(l, "layout.fault.twice", what = kind_name(l, LayoutPart::Cover, kind.code()))
        }
        LayoutFault::CountsTwice(kind) => {
            t!(l, "layout.fault.twice", what = kind_name(l, LayoutPart::Counts, kind.code()))
        }
        LayoutFault::ExplainedTwice(index) => t!(l, "layout.fault.explained_twice", n = index + 1),
        LayoutFault::TooMany { max, .. } => t!(l, "problem.too_many", max = max),
    }
    .into_owned()
}

/// One of a few.
fn choice(l: Locale, name: &'static str, chosen: &str, codes: &[&'static str]) -> AnyView {
    let options = codes
        .iter()
        .map(|code| {
            let words = t!(l, format!("layout.{name}.{code}")).into_owned();
            view! { <option value=*code selected=*code == chosen>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label class="field__label" for=format!("f-{name}")>{t!(l, format!("layout.choice.{name}"))}</label>
            <select class="select" id=format!("f-{name}") name=name>{options}</select>
        </div>
    }
    .into_any()
}

/// Yes or no.
fn tick(l: Locale, name: &'static str, on: bool) -> AnyView {
    view! {
        <label class="choice"><input type="checkbox" name=name value="1" checked=on /><span class="choice__label">{t!(l, format!("layout.tick.{name}"))}</span></label>
    }
    .into_any()
}
