//! The form of a theme, and what is shown when two people edited it at once.

use domain::{
    ConsultationKind, FieldErrors, Locale, consultation as rules,
    disposition::{DispositionPreset, DispositionSet},
    rules::RulePart,
    text, wareki,
};
use leptos::prelude::*;

use super::{
    StaffTab, ThemeTab, frame, head,
    settings::{self, RulesInput},
    theme_tabs,
    timeline::PeriodCheck,
};
use crate::{
    components::{form, notice},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

/// A row of the questions as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionRow {
    /// Its id; empty when it is new.
    pub id: String,
    /// The question.
    pub title: String,
    /// Explanation.
    pub body: String,
}

impl QuestionRow {
    /// Whether nothing was ever entered.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.id.is_empty() && self.title.trim().is_empty() && self.body.trim().is_empty()
    }
}

/// A theme as typed.
#[derive(Clone, Debug, Default)]
pub struct ThemeInput {
    /// Title.
    pub title: String,
    /// Address.
    pub slug: String,
    /// Kind.
    pub kind: String,
    /// Department's id.
    pub department: String,
    /// Summary.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// How opinions can be sent.
    pub methods: String,
    /// First day.
    pub opens_on: String,
    /// Last day.
    pub closes_on: String,
    /// How answers are marked.
    pub preset: String,
    /// 広報紙発行日.
    pub gazette_on: String,
    /// The day on which the result is planned.
    pub result_planned_on: String,
    /// The rules of this theme; `None` when the form came without them.
    pub rules: Option<RulesInput>,
    /// Why its period or rules are not the ward's.
    pub rules_reason: String,
    /// The theme it came from, as an id.
    pub origin: String,
    /// Questions.
    pub questions: Vec<QuestionRow>,
}

/// The fields in the order of the form.
const FIELDS: [&str; 16] = [
    "title",
    "slug",
    "kind",
    "department",
    "summary",
    "body",
    "methods",
    "opens_on",
    "closes_on",
    "preset",
    "origin",
    "gazette_on",
    "result_planned_on",
    "rules",
    "rules_reason",
    "questions",
];

fn label(l: Locale, field: &str) -> String {
    match field {
        "title" => t!(l, "staff.form.title"),
        "slug" => t!(l, "staff.form.slug"),
        "kind" => t!(l, "consultations.kind"),
        "department" => t!(l, "consultation.department"),
        "summary" => t!(l, "staff.form.summary"),
        "body" => t!(l, "staff.form.body"),
        "methods" => t!(l, "consultation.methods"),
        "opens_on" => t!(l, "staff.form.opens_on"),
        "closes_on" => t!(l, "staff.form.closes_on"),
        "preset" => t!(l, "staff.form.preset"),
        "origin" => t!(l, "rules.theme.origin"),
        "gazette_on" => t!(l, "rules.theme.gazette_on"),
        "result_planned_on" => t!(l, "rules.theme.result_planned_on"),
        "rules" => t!(l, "rules.theme.override"),
        "rules_reason" => t!(l, "rules.theme.reason"),
        _ => t!(l, "staff.form.questions"),
    }
    .into_owned()
}

/// `/staff/consultations/new` and `/staff/consultations/{id}/edit`
#[derive(Debug)]
pub struct ThemeForm {
    /// The theme's id; `None` for a new one.
    pub id: Option<i64>,
    /// What is in the fields.
    pub input: ThemeInput,
    /// The version that saving replaces.
    pub version: i64,
    /// Departments this person may write for.
    pub departments: Vec<(i64, String)>,
    /// Whether the kind stands, because opinions were sent under it.
    pub fixed_kind: bool,
    /// Whether the period stands, because the call has begun.
    pub fixed_period: bool,
    /// Themes it may have come from.
    pub origins: Vec<(i64, String)>,
    /// The 対応区分 of the ward's own that it has, or would get.
    pub own_dispositions: DispositionSet,
    /// The parts in which its rules are not the ward's.
    pub differs: Vec<RulePart>,
    /// How its dates stand to its rules, when both can be read.
    pub check: Option<PeriodCheck>,
    /// Whether it was copied a moment ago.
    pub cloned: bool,
    /// What is wrong.
    pub errors: FieldErrors,
    /// What somebody else has saved in the meantime.
    pub conflict: Option<ThemeInput>,
}

impl Page for ThemeForm {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = self.heading(l);
        let wrong = !self.errors.is_empty();
        head(if wrong { t!(l, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let mut labels: Vec<(&'static str, String)> = FIELDS.into_iter().map(|name| (name, label(l, name))).collect();
        labels.extend(settings::labels(l));
        let action = match self.id {
            Some(id) => format!("/staff/consultations/{id}/edit"),
            None => "/staff/consultations/new".to_owned(),
        };
        let back = self.id.map_or_else(|| "/staff/consultations".to_owned(), |id| format!("/staff/consultations/{id}"));
        let more = format!("{action}#questions");
        let full = self.input.questions.len() >= rules::QUESTIONS_MAX;
        let body = view! {
            <h1 class="page__title">{self.heading(l)}</h1>
            {self.id.map(|id| theme_tabs(cx, id, ThemeTab::Edit))}
            {self.cloned.then(|| notice("success", t!(l, "timeline.cloned").into_owned(), ().into_any()))}
            {form::error_summary(l, &self.errors, &labels)}
            {self.conflict.as_ref().map(|saved| self.differences(l, saved))}
            <form class="form" method="post" action=action novalidate>
                // The Enter key presses the first button of a form: it saves, it doesn't add rows.
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "staff.form.save")}</button>
                <input type="hidden" name="version" value=self.version.to_string() />
                {self.about(cx)}
                {self.text(l)}
                {self.days(l)}
                {self.rules(l)}
                {self.questions(l)}
                {(!full).then(|| view! { <button class="button" data-variant="outline" data-size="md" type="submit" name="add" value="1" formaction=more>{t!(l, "staff.form.add_questions")}</button> })}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "staff.form.save")}</button>
                    <a href=back>{t!(l, "staff.form.leave")}</a>
                </div>
            </form>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// A one-line field in which the browser has nothing to suggest.
const PLAIN: form::Input = form::Input { kind: "", autocomplete: "off", mode: "" };

impl ThemeForm {
    fn heading(&self, l: Locale) -> String {
        match self.id {
            Some(_) => t!(l, "staff.form.edit"),
            None => t!(l, "staff.new_theme"),
        }
        .into_owned()
    }

    fn field(&self, l: Locale, name: &'static str, value: &str) -> form::Field {
        form::Field::new(l, &self.errors, name, label(l, name), value)
    }

    /// Title, address, kind and department.
    fn about(&self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let input = &self.input;
        let title = self.field(l, "title", &input.title).required().help(t!(
            l,
            "staff.form.title_help",
            max = rules::TITLE_MAX
        ));
        let base = format!("{}/consultations/", cx.base_url);
        let slug = self.field(l, "slug", &input.slug).required().help(t!(l, "staff.form.slug_help", base = base));
        let department = self.field(l, "department", &input.department).required();
        let mut departments: Vec<(String, String)> =
            self.departments.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
        if departments.len() != 1 {
            departments.insert(0, (String::new(), t!(l, "staff.form.choose").into_owned()));
        }
        view! {
            {form::input(l, &title, PLAIN)}
            {form::input(l, &slug, PLAIN)}
            {self.kind(l)}
            {form::select(l, &department, departments)}
        }
        .into_any()
    }

    fn kind(&self, l: Locale) -> AnyView {
        if self.fixed_kind {
            return view! {
                <div class="field">
                    <p class="field__label">{label(l, "kind")}</p>
                    <p class="field__help">{t!(l, "staff.form.kind_fixed")}</p>
                    <p>{kind_name(l, &self.input.kind)}</p>
                    <input type="hidden" name="kind" value=self.input.kind.clone() />
                </div>
            }
            .into_any();
        }
        let field = self.field(l, "kind", &self.input.kind).required();
        let explain = |kind| match kind {
            ConsultationKind::OpenDialogue => t!(l, "staff.form.kind_open_dialogue"),
            ConsultationKind::PublicComment => t!(l, "staff.form.kind_public_comment"),
        };
        let options = ConsultationKind::ALL
            .into_iter()
            .map(|kind| (kind.code().to_owned(), explain(kind).into_owned()))
            .collect();
        form::radios(l, &field, options)
    }

    /// Summary, body and how to send.
    fn text(&self, l: Locale) -> AnyView {
        let input = &self.input;
        let summary = self.field(l, "summary", &input.summary).required().help(t!(
            l,
            "staff.form.summary_help",
            max = rules::SUMMARY_MAX
        ));
        let body = self.field(l, "body", &input.body).required().help(t!(l, "staff.form.body_help"));
        let methods = self.field(l, "methods", &input.methods).help(t!(l, "staff.form.methods_help"));
        view! {
            {form::text_area(l, &summary, 4)}
            {form::text_area(l, &body, 16)}
            {form::input(l, &methods, PLAIN)}
        }
        .into_any()
    }

    /// The period, and how answers are marked.
    fn days(&self, l: Locale) -> AnyView {
        let input = &self.input;
        let opens = self.field(l, "opens_on", &input.opens_on).required().help(day_help(l, &input.opens_on));
        let closes = self.field(l, "closes_on", &input.closes_on).required().help(day_help(l, &input.closes_on));
        let preset = self.field(l, "preset", &input.preset).required().help(t!(l, "staff.form.preset_help"));
        let presets = DispositionPreset::ALL
            .into_iter()
            .filter(|p| *p != DispositionPreset::Own || !self.own_dispositions.is_empty())
            .map(|p| (p.code().to_owned(), preset_name(l, p, &self.own_dispositions)))
            .collect();
        let period = if self.fixed_period {
            self.period_now(l)
        } else {
            view! { {form::input(l, &opens, PLAIN)}{form::input(l, &closes, PLAIN)} }.into_any()
        };
        let origin = self.field(l, "origin", &input.origin).help(t!(l, "rules.theme.origin_help"));
        let mut origins: Vec<(String, String)> =
            self.origins.iter().map(|(id, title)| (id.to_string(), title.clone())).collect();
        origins.insert(0, (String::new(), t!(l, "rules.theme.origin_none").into_owned()));
        view! {
            {period}
            {form::select(l, &preset, presets)}
            {form::select(l, &origin, origins)}
        }
        .into_any()
    }

    /// The period of a call that has begun: to be read, and sent along unchanged.
    fn period_now(&self, l: Locale) -> AnyView {
        let day = |name: &'static str, value: &str| {
            let problem = self.errors.of(name).map(|p| {
                view! { <p class="field__error" id=format!("e-{name}")><span class="visually-hidden">{t!(l, "form.error")}</span>{wording::problem(l, p)}</p> }
            });
            view! {
                <div class="field" id=format!("f-{name}")>
                    <p class="field__label">{label(l, name)}</p>
                    {problem}
                    <p>{read(l, value)}</p>
                    <input type="hidden" name=name value=value.to_owned() />
                </div>
            }
        };
        let extend = self.id.map(|id| {
            view! { <p><a href=format!("/staff/consultations/{id}/extension")>{t!(l, "timeline.extension")}</a></p> }
        });
        view! {
            {day("opens_on", &self.input.opens_on)}
            {day("closes_on", &self.input.closes_on)}
            <div><p class="field__help">{t!(l, "rules.theme.fixed_period")}</p>{extend}</div>
        }
        .into_any()
    }

    /// What a public comment needs beside: its dates, its rules, and why they are not the ward's. An open dialogue has
    /// none of it; while the kind can be chosen, the style sheet hides what is not needed.
    fn rules(&self, l: Locale) -> Option<AnyView> {
        let dialogue = self.input.kind == ConsultationKind::OpenDialogue.code();
        if self.fixed_kind && dialogue {
            return None;
        }
        let input = &self.input;
        let gazette = self.field(l, "gazette_on", &input.gazette_on).help(t!(l, "rules.theme.gazette_on_help"));
        let planned = self
            .field(l, "result_planned_on", &input.result_planned_on)
            .help(t!(l, "rules.theme.result_planned_on_help"));
        let reason = self.field(l, "rules_reason", &input.rules_reason).help(t!(
            l,
            "rules.theme.reason_help",
            max = rules::RULES_REASON_MAX
        ));
        let parts: Vec<String> = self.differs.iter().map(|part| settings::part(l, *part)).collect();
        let differs = (!parts.is_empty()).then(|| {
            view! { <p>{t!(l, "rules.theme.differs", parts = parts.join(" / "))}</p> }
        });
        let wrong = settings::labels(l).iter().any(|(name, _)| *name != "preset" && self.errors.of(name).is_some());
        let typed = input.rules.clone().unwrap_or_default();
        let fields = settings::fields(l, &self.errors, &typed);
        let started_from = typed.preset;
        let check = self.check.as_ref().filter(|_| !dialogue).map(|check| check.view(l, None));
        Some(
            view! {
                <section class="theme-rules panel" aria-labelledby="theme-rules">
                    <h2 class="panel__title" id="theme-rules">{t!(l, "rules.theme.title")}</h2>
                    <p class="field__help">{t!(l, "rules.theme.help")}</p>
                    {check}
                    {form::input(l, &gazette, PLAIN)}
                    {form::input(l, &planned, PLAIN)}
                    {differs}
                    <details class="disclosure" id="f-rules" open=wrong>
                        <summary>{t!(l, "rules.theme.override")}</summary>
                        <p class="field__help">{t!(l, "rules.theme.override_help")}</p>
                        <input type="hidden" name="rules_preset" value=started_from />
                        {fields}
                    </details>
                    {form::text_area(l, &reason, 5)}
                </section>
            }
            .into_any(),
        )
    }

    fn questions(&self, l: Locale) -> AnyView {
        let problem = self.errors.of("questions").map(|p| wording::problem(l, p));
        let described = if problem.is_some() { "e-questions questions-help" } else { "questions-help" };
        let rows = (1_usize..).zip(&self.input.questions).map(|(n, row)| question(l, n, row)).collect_view();
        view! {
            <div class="repeat" id="questions" role="group" aria-labelledby="questions-title" aria-describedby=described>
                <h2 class="panel__title" id="questions-title">{label(l, "questions")}</h2>
                <p class="field__help" id="questions-help">{t!(l, "staff.form.questions_help", max = rules::QUESTIONS_MAX)}</p>
                {problem.map(|problem| view! { <p class="field__error" id="e-questions"><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                {rows}
            </div>
        }
        .into_any()
    }

    /// Field by field: what is saved now, and what was typed here.
    fn differences(&self, l: Locale, saved: &ThemeInput) -> AnyView {
        let changed = FIELDS
            .into_iter()
            .filter_map(|name| {
                let (theirs, mine) = (self.shown(l, saved, name), self.shown(l, &self.input, name));
                (theirs != mine).then(|| {
                    view! {
                        <div class="diff">
                            <div class="diff__side"><h3>{t!(l, "staff.form.theirs", label = label(l, name))}</h3>{theirs}</div>
                            <div class="diff__side"><h3>{t!(l, "staff.form.mine", label = label(l, name))}</h3>{mine}</div>
                        </div>
                    }
                })
            })
            .collect::<Vec<_>>();
        let same = changed.is_empty().then(|| view! { <p>{t!(l, "staff.form.conflict_same")}</p> });
        let text = view! { <p>{t!(l, "staff.form.conflict_text")}</p> };
        view! {
            {notice("warning", t!(l, "staff.form.conflict").into_owned(), text.into_any())}
            <section class="panel">
                <h2 class="panel__title">{t!(l, "staff.form.conflict_fields")}</h2>
                {same}
                {changed}
            </section>
        }
        .into_any()
    }

    /// A field as it reads, so that the same thing written in two ways is no difference.
    fn shown(&self, l: Locale, input: &ThemeInput, name: &str) -> String {
        let day = |value: &str| read(l, value);
        let value = match name {
            "title" => input.title.clone(),
            "slug" => text::fold(&input.slug),
            "kind" => kind_name(l, &input.kind),
            "department" => {
                let known = self.departments.iter().find(|(id, _)| id.to_string() == input.department);
                known.map_or_else(|| input.department.clone(), |(_, name)| name.clone())
            }
            "summary" => input.summary.clone(),
            "body" => input.body.clone(),
            "methods" => input.methods.clone(),
            "opens_on" => day(&input.opens_on),
            "closes_on" => day(&input.closes_on),
            "preset" => DispositionPreset::from_code(&input.preset)
                .map(|p| preset_name(l, p, &self.own_dispositions))
                .unwrap_or_default(),
            "gazette_on" => day(&input.gazette_on),
            "result_planned_on" => day(&input.result_planned_on),
            "rules" => input.rules.as_ref().map(|rules| rules.lines(l).join("\n")).unwrap_or_default(),
            "rules_reason" => input.rules_reason.clone(),
            "origin" => {
                let known = self.origins.iter().find(|(id, _)| id.to_string() == input.origin);
                known.map_or_else(|| input.origin.clone(), |(_, title)| title.clone())
            }
            _ => {
                let rows = input.questions.iter().filter(|q| !q.title.trim().is_empty() || !q.body.trim().is_empty());
                rows.map(|q| format!("{}\n{}", q.title.trim(), q.body.trim()).trim().to_owned())
                    .collect::<Vec<_>>()
                    .join("\n\n")
            }
        };
        text::normalise_newlines(&value).trim().to_owned()
    }
}

/// A day as it reads, or what was typed instead.
fn read(l: Locale, value: &str) -> String {
    wareki::parse(value).map_or_else(|_| value.to_owned(), |day| format::day(l, day))
}

/// How to write a day, and how the one that was entered reads.
fn day_help(l: Locale, value: &str) -> String {
    match wareki::parse(value) {
        Ok(day) => t!(l, "staff.form.day_read", day = format::day(l, day)),
        Err(_) => t!(l, "staff.form.day_help"),
    }
    .into_owned()
}

fn kind_name(l: Locale, code: &str) -> String {
    ConsultationKind::from_code(code).map(|kind| wording::kind(l, kind)).unwrap_or_default()
}

fn preset_name(l: Locale, preset: DispositionPreset, own: &DispositionSet) -> String {
    let marks: Vec<String> = preset.dispositions().iter().map(|d| format!("{} {}", d.mark, d.label)).collect();
    if preset == DispositionPreset::Own {
        let marks: Vec<String> = own.0.iter().map(domain::disposition::Used::printed).collect();
        return t!(l, "layout.own_dispositions", marks = marks.join(" / ")).into_owned();
    }
    if marks.is_empty() { t!(l, "staff.form.preset_none").into_owned() } else { marks.join(" / ") }
}

/// One row of the questions. The first control has the id that the error summary's link leads to.
fn question(l: Locale, n: usize, row: &QuestionRow) -> AnyView {
    let id = if n == 1 { "f-questions".to_owned() } else { format!("f-question-{n}") };
    let body_id = format!("f-question-body-{n}");
    view! {
        <fieldset class="repeat__row">
            <legend class="visually-hidden">{t!(l, "staff.form.question_n", n = n)}</legend>
            <input type="hidden" name="question_id" value=row.id.clone() />
            <div class="field">
                <label class="field__label" for=id.clone()>{t!(l, "staff.form.question_n", n = n)}</label>
                <input class="input" type="text" id=id name="question_title" value=row.title.clone() autocomplete="off" />
            </div>
            <div class="field">
                <label class="field__label" for=body_id.clone()>{t!(l, "staff.form.question_body", n = n)}</label>
                <form::TextArea id=body_id name="question_body" value=row.body.clone() rows=3 />
            </div>
        </fieldset>
    }
    .into_any()
}
