use std::collections::HashMap;

use domain::{Channel, FieldErrors, IntakeState, Locale, intake::UNKNOWN_ELIGIBILITY, rules::Eligibility};
use leptos::prelude::*;

use super::{FileProblem, Target, path, trail};
use crate::{
    components::{breadcrumb, form, notice},
    pages::staff::{StaffTab, ThemeTab, frame, head, intake::eligibility as eligibility_words, scroll, theme_tabs},
    shell::{Head, Page, PageContext},
    wording,
};

/// Which column is what, as chosen in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingInput {
    /// By the code of the target: the index of the column, or nothing.
    pub columns: HashMap<&'static str, String>,
    /// Code of the channel where the table names none.
    pub channel: String,
    /// 収受日 where the table names none.
    pub received: String,
    /// Code of the eligibility where the table names none.
    pub eligibility: String,
    /// Code of the state in which submissions start.
    pub intake: String,
    /// Whether texts are cut into several opinions.
    pub split: bool,
}

/// `/staff/consultations/{id}/import/{import}` before the dry run.
#[derive(Debug)]
pub struct MappingPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Id of the import.
    pub import: i64,
    /// What the file was called.
    pub file_name: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// Code of the encoding of a CSV file.
    pub encoding: Option<String>,
    /// The sheet that is read, of an XLSX file.
    pub sheet: Option<String>,
    /// Rows of the table.
    pub rows: i64,
    /// Letters and heading of each column.
    pub columns: Vec<(String, String)>,
    /// The first rows; `None` for others than who uploaded the file: it tells who sent what.
    pub preview: Option<Vec<Vec<String>>>,
    /// What is chosen.
    pub input: MappingInput,
    /// Targets that the rules of the theme don't ask for: nothing of them is stored.
    pub not_asked: Vec<Target>,
    /// What is wrong with the choice.
    pub errors: FieldErrors,
    /// What is wrong with the stored file.
    pub problem: Option<FileProblem>,
    /// Whether the same file was brought into this theme before.
    pub twice: bool,
}

/// Names of the fields beside the columns.
const CHANNEL: &str = "default_channel";
const RECEIVED: &str = "default_received";
const ELIGIBILITY: &str = "default_eligibility";

impl Page for MappingPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "imports.mapping_of", file = self.file_name).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let id = self.theme.0;
        let trail = trail(l, &self.theme);
        let problem = self.problem.as_ref().map(|problem| {
            notice("error", t!(l, "imports.refused").into_owned(), view! { <p>{problem.words(l)}</p> }.into_any())
        });
        let body = view! {
            {breadcrumb(l, trail, self.file_name.clone())}
            <h1 class="page__title">{t!(l, "imports.mapping")}</h1>
            <p class="page__lead">{t!(l, "imports.mapping_lead")}</p>
            {theme_tabs(cx, id, ThemeTab::Import)}
            {form::error_summary(l, &self.errors, &labels(l))}
            {problem}
            {self.twice.then(|| twice(l))}
            {self.facts(l)}
            {self.preview(l)}
            {self.form(l)}
            {discard(l, id, self.import)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn labels(l: Locale) -> Vec<(&'static str, String)> {
    let mut labels: Vec<(&'static str, String)> =
        Target::ALL.into_iter().map(|target| (target.input(), target.label(l))).collect();
    labels.push((CHANNEL, t!(l, "imports.default_channel").into_owned()));
    labels.push((RECEIVED, t!(l, "imports.default_received").into_owned()));
    labels.push((ELIGIBILITY, t!(l, "imports.default_eligibility").into_owned()));
    labels
}

/// The same file is in already.
pub(super) fn twice(l: Locale) -> AnyView {
    notice("warning", t!(l, "imports.twice").into_owned(), view! { <p>{t!(l, "imports.twice_text")}</p> }.into_any())
}

/// Throwing the file away.
pub(super) fn discard(l: Locale, theme: i64, import: i64) -> AnyView {
    view! {
        <form method="post" action=path(theme, &format!("/{import}/discard"))>
            <p class="muted">{t!(l, "imports.discard_text")}</p>
            <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "imports.discard")}</button>
        </form>
    }
    .into_any()
}

impl MappingPage {
    fn facts(&self, l: Locale) -> AnyView {
        let format = match (self.format.as_str(), &self.encoding, &self.sheet) {
            ("xlsx", _, Some(sheet)) => t!(l, "imports.format_xlsx", sheet = sheet).into_owned(),
            (_, Some(encoding), _) => {
                let encoding = t!(l, format!("imports.encoding_{encoding}")).into_owned();
                t!(l, "imports.format_csv", encoding = encoding).into_owned()
            }
            _ => self.format.clone(),
        };
        view! {
            <dl class="facts">
                <div><dt>{t!(l, "imports.file_name")}</dt><dd>{self.file_name.clone()}</dd></div>
                <div><dt>{t!(l, "imports.format")}</dt><dd>{format}</dd></div>
                <div><dt>{t!(l, "imports.rows")}</dt><dd>{self.rows}</dd></div>
            </dl>
        }
        .into_any()
    }

    fn preview(&self, l: Locale) -> AnyView {
        let Some(preview) = &self.preview else {
            return view! { <p class="muted">{t!(l, "imports.preview_not_yours")}</p> }.into_any();
        };
        let heads = self
            .columns
            .iter()
            .map(|(letter, heading)| view! { <th scope="col">{format!("{letter} {heading}")}</th> })
            .collect_view();
        let rows = preview
            .iter()
            .map(|row| {
                let cells = row.iter().map(|cell| view! { <td>{domain::text::excerpt(cell, 60)}</td> }).collect_view();
                view! { <tr>{cells}</tr> }
            })
            .collect_view();
        let table = view! { <table class="table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table> };
        view! {
            <section class="section">
                <h2 class="section__title">{t!(l, "imports.preview")}</h2>
                {scroll(t!(l, "imports.preview").into_owned(), table.into_any())}
            </section>
        }
        .into_any()
    }

    fn form(&self, l: Locale) -> AnyView {
        let selects = Target::ALL.into_iter().map(|target| self.column(l, target)).collect_view();
        let action = path(self.theme.0, &format!("/{}/check", self.import));
        view! {
            <form class="form" method="post" action=action novalidate>
                <section class="panel">
                    <h2 class="panel__title">{t!(l, "imports.columns")}</h2>
                    <p>{t!(l, "imports.columns_text")}</p>
                    {selects}
                </section>
                {self.defaults(l)}
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "imports.check")}</button>
                <p class="muted">{t!(l, "imports.check_text")}</p>
            </form>
        }
        .into_any()
    }

    fn column(&self, l: Locale, target: Target) -> AnyView {
        let chosen = self.input.columns.get(target.code()).map(String::as_str).unwrap_or_default();
        let mut field = form::Field::new(l, &self.errors, target.input(), target.label(l), chosen);
        field.required = target == Target::Body;
        field.help = if self.not_asked.contains(&target) {
            Some(t!(l, "imports.not_asked").into_owned())
        } else {
            target.help(l)
        };
        let none = (String::new(), t!(l, "imports.no_column").into_owned());
        let options = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, (_, heading))| !heading.is_empty())
            .map(|(index, (letter, heading))| (index.to_string(), format!("{letter} {heading}")));
        form::select(l, &field, std::iter::once(none).chain(options).collect())
    }

    fn defaults(&self, l: Locale) -> AnyView {
        let input = &self.input;
        let field =
            |name: &'static str, label: String, value: &str| form::Field::new(l, &self.errors, name, label, value);
        let channel = field(CHANNEL, t!(l, "imports.default_channel").into_owned(), &input.channel)
            .help(t!(l, "imports.default_channel_help"));
        let received = field(RECEIVED, t!(l, "imports.default_received").into_owned(), &input.received)
            .help(t!(l, "imports.default_received_help"));
        let eligibility = field(ELIGIBILITY, t!(l, "imports.default_eligibility").into_owned(), &input.eligibility)
            .help(t!(l, "imports.default_eligibility_help"));
        let intake = field("intake", t!(l, "imports.intake").into_owned(), &input.intake).required();
        let none = || (String::new(), t!(l, "imports.no_default").into_owned());
        let channels = Channel::ALL.into_iter().map(|c| (c.code().to_owned(), wording::channel(l, c)));
        let kinds = Eligibility::ALL
            .into_iter()
            .map(Eligibility::code)
            .map(|code| (code.to_owned(), eligibility_words(l, code)));
        let unknown = (String::new(), eligibility_words(l, UNKNOWN_ELIGIBILITY));
        let intakes = vec![
            (IntakeState::Accepted.code().to_owned(), t!(l, "imports.intake_accepted").into_owned()),
            (IntakeState::Unread.code().to_owned(), t!(l, "imports.intake_unread").into_owned()),
        ];
        let off = form::Input { autocomplete: "off", ..form::Input::default() };
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "imports.defaults")}</h2>
                {form::select(l, &channel, std::iter::once(none()).chain(channels).collect())}
                {form::input(l, &received, off)}
                {form::select(l, &eligibility, std::iter::once(unknown).chain(kinds).collect())}
                {form::radios(l, &intake, intakes)}
                <label class="choice">
                    <input type="checkbox" name="split" value="1" checked=input.split />
                    <span class="choice__label">{t!(l, "imports.split")}</span>
                </label>
                <p class="field__help">{t!(l, "imports.split_help")}</p>
            </section>
        }
        .into_any()
    }
}
