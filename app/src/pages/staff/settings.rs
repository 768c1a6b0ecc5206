//! The ward's own rules for public comments (要綱), and the fields in which they are typed; a theme's form has the same.

use domain::{
    FieldErrors, Locale,
    rules::{
        ApprovalOnlyHandling, CountingStart, END_OF_DAY, Eligibility, FieldRule, HolidayShift, IdentityField,
        IncompleteHandling, LateHandling, OralHandling, OutOfScopeHandling, RulePart, Rules, RulesPreset,
    },
};
use leptos::prelude::*;

use super::{SettingsTab, StaffTab, frame, head, settings_tabs};
use crate::{
    components::{form, notice},
    shell::{Head, Page, PageContext},
};

/// Rules as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesInput {
    /// The preset they started from.
    pub preset: String,
    /// Least number of days.
    pub min_days: String,
    /// Greatest number of days; empty without limit.
    pub max_days: String,
    /// 起算日.
    pub counting: String,
    /// Closing time; empty for the end of the day.
    pub closing: String,
    /// A last day on a day off.
    pub holiday_shift: String,
    /// 消印有効.
    pub postmark: bool,
    /// Who may submit.
    pub eligible: Vec<String>,
    /// What people are asked, in the order of [`IdentityField::ALL`].
    pub identity: [String; 5],
    /// Incomplete identity.
    pub incomplete: String,
    /// Late opinions.
    pub late: String,
    /// Oral opinions.
    pub oral: String,
    /// 賛否のみ.
    pub approval_only: String,
    /// Opinions about something else.
    pub out_of_scope: String,
    /// 個別回答.
    pub individual_reply: bool,
    /// Files with an opinion.
    pub attachments: bool,
    /// Where the result is shown, one place a line.
    pub result_places: String,
    /// How long identities are kept, in months.
    pub retention_months: String,
}

impl RulesInput {
    /// Rules as they are typed.
    #[must_use]
    pub fn of(rules: &Rules) -> Self {
        Self {
            preset: rules.preset.code().to_owned(),
            min_days: rules.min_days.to_string(),
            max_days: rules.max_days.map(|days| days.to_string()).unwrap_or_default(),
            counting: rules.counting.code().to_owned(),
            closing: if rules.closing_minute >= END_OF_DAY { String::new() } else { clock(rules.closing_minute) },
            holiday_shift: rules.holiday_shift.code().to_owned(),
            postmark: rules.postmark,
            eligible: rules.eligible.iter().map(|kind| kind.code().to_owned()).collect(),
            identity: IdentityField::ALL.map(|field| rules.identity.of(field).code().to_owned()),
            incomplete: rules.incomplete.code().to_owned(),
            late: rules.late.code().to_owned(),
            oral: rules.oral.code().to_owned(),
            approval_only: rules.approval_only.code().to_owned(),
            out_of_scope: rules.out_of_scope.code().to_owned(),
            individual_reply: rules.individual_reply,
            attachments: rules.attachments,
            result_places: rules.result_places.join("\n"),
            retention_months: rules.retention_months.to_string(),
        }
    }

    fn identity(&self) -> impl Iterator<Item = (&'static str, &str)> {
        ASKED.into_iter().zip(self.identity.iter().map(String::as_str))
    }

    /// Every field with what is in it, as it reads: to compare two versions.
    #[must_use]
    pub fn lines(&self, l: Locale) -> Vec<String> {
        let yes = |on: bool| if on { "✓" } else { "－" };
        let line = |label: String, value: &str| format!("{label}: {value}");
        let choice = |name: &'static str, value: &str| {
            let text = options(l, name).into_iter().find(|(code, _)| code == value);
            line(label(l, name), &text.map_or_else(|| value.to_owned(), |(_, text)| text))
        };
        let kinds = eligible(l).into_iter().filter(|(code, _)| self.eligible.contains(code)).map(|(_, text)| text);
        let mut lines = vec![
            line(label(l, "min_days"), &self.min_days),
            line(label(l, "max_days"), &self.max_days),
            choice("counting", &self.counting),
            line(label(l, "closing"), &self.closing),
            choice("holiday_shift", &self.holiday_shift),
            line(label(l, "postmark"), yes(self.postmark)),
            line(label(l, "eligible"), &kinds.collect::<Vec<_>>().join(" / ")),
        ];
        lines.extend(self.identity().map(|(name, value)| choice(name, value)));
        lines.extend([
            choice("incomplete", &self.incomplete),
            choice("late", &self.late),
            choice("oral", &self.oral),
            choice("approval_only", &self.approval_only),
            choice("out_of_scope", &self.out_of_scope),
            line(label(l, "individual_reply"), yes(self.individual_reply)),
            line(label(l, "attachments"), yes(self.attachments)),
            line(label(l, "result_places"), &self.result_places.lines().collect::<Vec<_>>().join(" / ")),
            line(label(l, "retention_months"), &self.retention_months),
        ]);
        lines
    }
}

/// The names of the identity's fields in the form, in the order of [`IdentityField::ALL`].
pub const ASKED: [&str; 5] = ["ask_name", "ask_kana", "ask_address", "ask_phone", "ask_email"];

/// The fields in the order of the form.
const FIELDS: [&str; 22] = [
    "min_days",
    "max_days",
    "counting",
    "closing",
    "holiday_shift",
    "postmark",
    "eligible",
    "ask_name",
    "ask_kana",
    "ask_address",
    "ask_phone",
    "ask_email",
    "incomplete",
    "late",
    "oral",
    "approval_only",
    "out_of_scope",
    "individual_reply",
    "attachments",
    "result_places",
    "retention_months",
    "preset",
];

/// 「17:00」 of minutes after midnight.
fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn label(l: Locale, name: &str) -> String {
    t!(l, format!("rules.{name}")).into_owned()
}

/// The labels of the fields, for the summary of what is wrong.
#[must_use]
pub fn labels(l: Locale) -> Vec<(&'static str, String)> {
    FIELDS.into_iter().map(|name| (name, label(l, name))).collect()
}

/// A part of the rules in words.
#[must_use]
pub fn part(l: Locale, part: RulePart) -> String {
    t!(l, format!("rules.part.{}", part.code())).into_owned()
}

fn eligible(l: Locale) -> Vec<(String, String)> {
    let text = |kind: Eligibility| t!(l, format!("rules.eligible_choice.{}", kind.code())).into_owned();
    Eligibility::ALL.into_iter().map(|kind| (kind.code().to_owned(), text(kind))).collect()
}

/// The choices of a field.
fn options(l: Locale, name: &str) -> Vec<(String, String)> {
    let of = |group: &str, codes: &[&str]| {
        let text = |code: &str| t!(l, format!("rules.{group}.{code}")).into_owned();
        codes.iter().map(|code| ((*code).to_owned(), text(code))).collect()
    };
    match name {
        "counting" => of("counting_choice", &CountingStart::ALL.map(CountingStart::code)),
        "holiday_shift" => of("holiday_choice", &HolidayShift::ALL.map(HolidayShift::code)),
        "incomplete" => of("incomplete_choice", &IncompleteHandling::ALL.map(IncompleteHandling::code)),
        "late" => of("late_choice", &LateHandling::ALL.map(LateHandling::code)),
        "oral" => of("oral_choice", &OralHandling::ALL.map(OralHandling::code)),
        "approval_only" => of("approval_only_choice", &ApprovalOnlyHandling::ALL.map(ApprovalOnlyHandling::code)),
        "out_of_scope" => of("out_of_scope_choice", &OutOfScopeHandling::ALL.map(OutOfScopeHandling::code)),
        "preset" => of("presets", &RulesPreset::ALL.map(RulesPreset::code)),
        _ => of("field_choice", &FieldRule::ALL.map(FieldRule::code)),
    }
}

const PLAIN: form::Input = form::Input { kind: "", autocomplete: "off", mode: "" };
const NUMBER: form::Input = form::Input { kind: "", autocomplete: "off", mode: "numeric" };

/// Every part of the rules as fields of a form.
#[must_use]
pub fn fields(l: Locale, errors: &FieldErrors, input: &RulesInput) -> AnyView {
    let field = |name: &'static str, value: &str| form::Field::new(l, errors, name, label(l, name), value);
    let radios = |name: &'static str, value: &str| form::radios(l, &field(name, value).required(), options(l, name));
    let help = |name: &str| t!(l, format!("rules.{name}_help")).into_owned();
    let asked = input
        .identity()
        .map(|(name, value)| form::select(l, &field(name, value).required(), options(l, name)))
        .collect_view();
    view! {
        <section class="rules-part">
            <h3>{t!(l, "rules.legend_period")}</h3>
            {form::input(l, &field("min_days", &input.min_days).required(), NUMBER)}
            {form::input(l, &field("max_days", &input.max_days).help(help("max_days")), NUMBER)}
            {radios("counting", &input.counting)}
            {form::input(l, &field("closing", &input.closing).help(help("closing")), PLAIN)}
            {radios("holiday_shift", &input.holiday_shift)}
            {tick(l, "postmark", input.postmark)}
        </section>
        <section class="rules-part">
            <h3>{t!(l, "rules.legend_who")}</h3>
            {ticks(l, &field("eligible", "").required(), &input.eligible)}
            <div class="rules-asked">{asked}</div>
            {tick(l, "attachments", input.attachments)}
        </section>
        <section class="rules-part">
            <h3>{t!(l, "rules.legend_handling")}</h3>
            {radios("incomplete", &input.incomplete)}
            {radios("late", &input.late)}
            {radios("oral", &input.oral)}
            {radios("approval_only", &input.approval_only)}
            {radios("out_of_scope", &input.out_of_scope)}
            {tick(l, "individual_reply", input.individual_reply)}
        </section>
        <section class="rules-part">
            <h3>{t!(l, "rules.legend_result")}</h3>
            {form::text_area(l, &field("result_places", &input.result_places).required().help(help("result_places")), 4)}
            {form::input(l, &field("retention_months", &input.retention_months).required().help(help("retention_months")), NUMBER)}
        </section>
    }
    .into_any()
}

/// Yes or no.
fn tick(l: Locale, name: &'static str, on: bool) -> AnyView {
    view! {
        <label class="choice"><input type="checkbox" id=format!("f-{name}") name=name value="1" checked=on /><span class="choice__label">{label(l, name)}</span></label>
    }
    .into_any()
}

/// Any number of the kinds of people.
fn ticks(l: Locale, field: &form::Field, chosen: &[String]) -> AnyView {
    let name = field.name;
    let boxes = eligible(l)
        .into_iter()
        .enumerate()
        .map(|(i, (value, text))| {
            let checked = chosen.contains(&value);
            // The error summary's link leads to the first box.
            let id = if i == 0 { format!("f-{name}") } else { format!("f-{name}-{i}") };
            view! { <label class="choice"><input type="checkbox" id=id name=name value=value checked=checked /><span class="choice__label">{text}</span></label> }
        })
        .collect_view();
    let problem = field.problem.clone().map(|problem| {
        view! { <p class="field__error" id=format!("e-{name}")><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> }
    });
    let described = field.problem.is_some().then(|| format!("e-{name}"));
    view! {
        <fieldset class="fieldset" aria-describedby=described>
            <legend class="fieldset__legend">{field.label.clone()}" "<span class="field__required">{t!(l, "form.required")}</span></legend>
            {problem}
            {boxes}
        </fieldset>
    }
    .into_any()
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsDone {
    /// The rules were saved.
    Saved,
    /// A preset was put into the fields.
    Filled(RulesPreset),
}

/// `/staff/settings`
#[derive(Debug)]
pub struct SettingsPage {
    /// What is in the fields.
    pub input: RulesInput,
    /// What is wrong.
    pub errors: FieldErrors,
    /// What was done a moment ago.
    pub done: Option<SettingsDone>,
}

impl Page for SettingsPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "rules.title").into_owned();
        let wrong = !self.errors.is_empty();
        head(if wrong { t!(cx.locale, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let done = self.done.map(|done| match done {
            SettingsDone::Saved => {
                notice("success", t!(l, "rules.saved").into_owned(), t!(l, "rules.saved_text").into_owned().into_any())
            }
            SettingsDone::Filled(preset) => {
                let name = t!(l, format!("rules.presets.{}", preset.code())).into_owned();
                let title = t!(l, "rules.preset_filled", name = name).into_owned();
                notice("info", title, t!(l, "rules.preset_filled_text").into_owned().into_any())
            }
        });
        let preset = form::Field::new(l, &self.errors, "preset", label(l, "preset"), &self.input.preset)
            .required()
            .help(t!(l, "rules.preset_help"));
        let body = view! {
            <h1 class="page__title">{t!(l, "rules.title")}</h1>
            {settings_tabs(cx, SettingsTab::Rules)}
            <p class="page__lead">{t!(l, "rules.lead")}</p>
            {done}
            {form::error_summary(l, &self.errors, &labels(l))}
            <form class="form" method="post" action="/staff/settings" novalidate>
                // The Enter key presses the first button of a form: it saves, it doesn't change the fields.
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "rules.save")}</button>
                {form::radios(l, &preset, options(l, "preset"))}
                <button class="button" data-variant="outline" data-size="md" type="submit" name="fill" value="1">{t!(l, "rules.preset_fill")}</button>
                <h2 class="section__title">{t!(l, "rules.content")}</h2>
                {fields(l, &self.errors, &self.input)}
                <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "rules.save")}</button></div>
            </form>
        };
        frame(cx, StaffTab::Settings, body.into_any())
    }
}
