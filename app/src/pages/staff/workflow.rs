//! The ward's steps of approval.

use domain::{
    FieldErrors, Locale, Problem,
    workflow::{FIELDS, STEPS_MAX, Step, StepDepartment, StepRole, Workflow},
};
use leptos::prelude::*;

use super::{SettingsTab, StaffTab, frame, head, settings_tabs};
use crate::{
    components::{form, notice},
    shell::{Head, Page, PageContext},
};

/// Who takes a step, in words.
#[must_use]
pub fn who(l: Locale, step: &Step) -> String {
    let role = t!(l, format!("approval.role.{}", step.role.code()));
    let department = t!(l, format!("approval.department.{}", step.department.code()));
    t!(l, "approval.who", department = department, role = role).into_owned()
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkflowDone {
    /// Saved.
    Saved,
    /// The fields changed; nothing is saved yet.
    Changed,
}

/// `/staff/settings/workflow`
#[derive(Debug)]
pub struct WorkflowPage {
    /// What is in the fields.
    pub input: Workflow,
    /// What is wrong.
    pub errors: FieldErrors,
    /// What was done a moment ago.
    pub done: Option<WorkflowDone>,
}

fn role_options(l: Locale) -> Vec<(String, String)> {
    let text = |role: StepRole| t!(l, format!("approval.role.{}", role.code())).into_owned();
    StepRole::ALL.into_iter().map(|role| (role.code().to_owned(), text(role))).collect()
}

fn department_options(l: Locale) -> Vec<(String, String)> {
    let text = |of: StepDepartment| t!(l, format!("approval.department.{}", of.code())).into_owned();
    StepDepartment::ALL.into_iter().map(|of| (of.code().to_owned(), text(of))).collect()
}

impl Page for WorkflowPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "approval.settings").into_owned();
        let wrong = !self.errors.is_empty();
        head(if wrong { t!(cx.locale, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let done = self.done.map(|done| match done {
            WorkflowDone::Saved => {
                let text = t!(l, "approval.settings_saved_text").into_owned().into_any();
                notice("success", t!(l, "approval.settings_saved").into_owned(), text)
            }
            WorkflowDone::Changed => {
                let text = t!(l, "approval.settings_changed_text").into_owned().into_any();
                notice("info", t!(l, "approval.settings_changed").into_owned(), text)
            }
        });
        let labels: Vec<(&'static str, String)> = (1..)
            .zip(FIELDS)
            .flat_map(|(n, [name, role, _])| {
                [
                    (name, t!(l, "approval.step_name_of", n = n).into_owned()),
                    (role, t!(l, "approval.step_role_of", n = n).into_owned()),
                ]
            })
            .collect();
        let count = self.input.steps.len();
        let steps = self
            .input
            .steps
            .iter()
            .zip(FIELDS)
            .enumerate()
            .map(|(i, (step, names))| self.step(l, i, count, step, names))
            .collect_view();
        let add = (count < STEPS_MAX).then(|| {
            view! { <button class="button" data-variant="outline" data-size="md" type="submit" name="act" value="add">{t!(l, "approval.step_add")}</button> }
        });
        let body = view! {
            <h1 class="page__title">{t!(l, "approval.settings")}</h1>
            {settings_tabs(cx, SettingsTab::Workflow)}
            <p class="page__lead">{t!(l, "approval.settings_lead")}</p>
            {done}
            {form::error_summary(l, &self.errors, &labels)}
            <form class="form" method="post" action="/staff/settings/workflow" novalidate>
                // The Enter key presses the first button of a form: it saves, it doesn't change the fields.
                <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "approval.settings_save")}</button>
                <input type="hidden" name="steps" value=count.to_string() />
                <ol class="workflow-steps">{steps}</ol>
                {add}
                {tick(l, "apart", self.input.apart)}
                {tick(l, "confirm_summaries", self.input.confirm_summaries)}
                <p class="muted">{t!(l, "approval.settings_people", n = self.input.people())}</p>
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "approval.settings_save")}</button>
                </div>
            </form>
        };
        frame(cx, StaffTab::Settings, body.into_any())
    }
}

impl WorkflowPage {
    fn step(
        &self,
        l: Locale,
        i: usize,
        count: usize,
        step: &Step,
        [name, role, department]: [&'static str; 3],
    ) -> AnyView {
        let n = i + 1;
        let text = form::Field::new(l, &self.errors, name, t!(l, "approval.step_name"), &step.name)
            .required()
            .help(t!(l, "approval.step_name_help"));
        let mut by = form::Field::new(l, &self.errors, role, t!(l, "approval.step_role"), step.role.code()).required();
        if self.errors.of(role) == Some(Problem::UnknownChoice) {
            by.problem = Some(t!(l, "approval.last_is_approver").into_owned());
        }
        let of =
            form::Field::new(l, &self.errors, department, t!(l, "approval.step_department"), step.department.code())
                .required();
        let act = |what: &str, label: std::borrow::Cow<'static, str>| {
            view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="act" value=format!("{what}:{n}")>{label}<span class="visually-hidden">{step.name.clone()}</span></button> }
        };
        view! {
            <li class="workflow-step">
                <fieldset class="fieldset">
                    <legend class="fieldset__legend">{t!(l, "approval.step_n", n = n)}</legend>
                    {form::input(l, &text, form::Input { autocomplete: "off", ..form::Input::default() })}
                    <div class="workflow-step__who">
                        {form::select(l, &by, role_options(l))}
                        {form::select(l, &of, department_options(l))}
                    </div>
                    <div class="button-row">
                        {(i > 0).then(|| act("up", t!(l, "desk.up")))}
                        {(n < count).then(|| act("down", t!(l, "desk.down")))}
                        {(count > 1).then(|| act("remove", t!(l, "approval.step_remove")))}
                    </div>
                </fieldset>
            </li>
        }
        .into_any()
    }
}

/// Yes or no, with what it means.
fn tick(l: Locale, name: &'static str, on: bool) -> AnyView {
    let help = format!("h-{name}");
    view! {
        <div class="field">
            <label class="choice"><input type="checkbox" id=format!("f-{name}") name=name value="1" checked=on aria-describedby=help.clone() /><span class="choice__label">{t!(l, format!("approval.field.{name}"))}</span></label>
            <p class="field__help" id=help>{t!(l, format!("approval.field_help.{name}"))}</p>
        </div>
    }
    .into_any()
}
