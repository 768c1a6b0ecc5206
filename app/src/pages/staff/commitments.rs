//! Promises given in answers (約束), for staff.

use domain::{FieldErrors, Locale, commitment::CommitmentState};
use leptos::prelude::*;

use super::{DeskTab, StaffTab, desk_tabs, frame, head};
use crate::{
    components::{empty, form, notice},
    pages::commitments::{CommitmentView, facts},
    shell::{Head, Page, PageContext},
    wording,
};

/// A promise with what only staff need.
#[derive(Clone, Debug)]
pub struct StaffCommitment {
    /// The promise.
    pub view: CommitmentView,
    /// Names of the rows whose answer gives it.
    pub rows: Vec<String>,
    /// Whether everybody sees it.
    pub public: bool,
}

/// `/staff/consultations/{id}/commitments`
#[derive(Debug)]
pub struct StaffCommitmentsPage {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The promises.
    pub commitments: Vec<StaffCommitment>,
    /// Whether this person may write.
    pub may_edit: bool,
    /// What was just done.
    pub done: Option<&'static str>,
}

impl Page for StaffCommitmentsPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "commitment.title_of", theme = self.theme).into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/commitments", self.id);
        let done = self.done.map(|key| {
            let title = match key {
                "deleted" => t!(l, "commitment.deleted"),
                "reported" => t!(l, "commitment.reported"),
                _ => t!(l, "commitment.saved"),
            };
            notice("success", title.into_owned(), ().into_any())
        });
        let add = self.may_edit.then(|| {
            view! { <p><a class="button" data-variant="solid" data-size="md" href=format!("{base}/new")>{t!(l, "commitment.add")}</a></p> }
        });
        let list = if self.commitments.is_empty() {
            empty(t!(l, "commitment.none").into_owned(), None)
        } else {
            let items = self.commitments.iter().map(|c| item(l, &base, c, self.may_edit)).collect_view();
            view! { <ul class="commitments">{items}</ul> }.into_any()
        };
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "commitment.staff_title")}</h1>
            {desk_tabs(cx, self.id, DeskTab::Commitments)}
            {done}
            <p class="page__lead">{t!(l, "commitment.staff_lead")}</p>
            {add}
            {list}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn rows_of(l: Locale, rows: &[String]) -> Option<AnyView> {
    (!rows.is_empty())
        .then(|| view! { <p class="muted">{t!(l, "commitment.rows_of", rows = rows.join("・"))}</p> }.into_any())
}

fn item(l: Locale, base: &str, c: &StaffCommitment, edit: bool) -> AnyView {
    let state = if c.public { t!(l, "commitment.public") } else { t!(l, "commitment.not_public") };
    let label = if c.public { t!(l, "commitment.report") } else { t!(l, "commitment.edit") };
    let link = edit.then(|| {
        let name = c.view.text.clone();
        view! { <p><a class="button" data-variant="outline" data-size="sm" href=format!("{base}/{}", c.view.id)>{label}<span class="visually-hidden">{format!(" {name}")}</span></a></p> }
    });
    view! {
        <li>
            <article class="commitment" id=format!("commitment-{}", c.view.id)>
                <h2 class="commitment__text" lang="ja">{c.view.text.clone()}</h2>
                {rows_of(l, &c.rows)}
                <p class="muted">{state}</p>
                {facts(l, &c.view)}
                {link}
            </article>
        </li>
    }
    .into_any()
}

/// What was typed into the form of a promise.
#[derive(Clone, Debug, Default)]
pub struct TypedCommitment {
    /// 「1-2」.
    pub row: String,
    /// What will be done.
    pub text: String,
    /// Department.
    pub department: String,
    /// Section.
    pub owner: String,
    /// Until when.
    pub due_on: String,
    /// The version the page shows.
    pub version: i64,
}

/// `/staff/consultations/{id}/commitments/new` and `…/{commitment}` before it is public
#[derive(Debug)]
pub struct CommitmentForm {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The promise; `None` for a new one.
    pub commitment: Option<i64>,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
    /// What was typed.
    pub typed: TypedCommitment,
    /// What is wrong.
    pub errors: FieldErrors,
    /// Whether somebody else saved first.
    pub stale: bool,
}

impl Page for CommitmentForm {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title =
            if self.commitment.is_some() { t!(l, "commitment.edit_title") } else { t!(l, "commitment.new_title") };
        head(if self.errors.is_empty() {
            title.into_owned()
        } else {
            t!(l, "form.error_title", title = title).into_owned()
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/commitments", self.id);
        let (title, action) = match self.commitment {
            Some(id) => (t!(l, "commitment.edit_title"), format!("{base}/{id}")),
            None => (t!(l, "commitment.new_title"), format!("{base}/new")),
        };
        let labels = ["row", "text", "department", "owner", "due_on"].map(|name| (name, label(l, name)));
        let field = |name: &'static str, value: &str| form::Field::new(l, &self.errors, name, label(l, name), value);
        let plain = form::Input { autocomplete: "off", ..form::Input::default() };
        let row = field("row", &self.typed.row).required().help(t!(l, "commitment.row_help"));
        let text = field("text", &self.typed.text).required().help(t!(l, "commitment.text_help"));
        let department = field("department", &self.typed.department).required();
        let owner = field("owner", &self.typed.owner);
        let due = field("due_on", &self.typed.due_on).required().help(t!(l, "commitment.due_help"));
        let none = (String::new(), t!(l, "commitment.choose_department").into_owned());
        let departments: Vec<(String, String)> = std::iter::once(none)
            .chain(self.departments.iter().map(|(id, name)| (id.to_string(), name.clone())))
            .collect();
        let delete = self.commitment.map(|id| {
            view! {
                <details class="disclosure">
                    <summary>{t!(l, "commitment.delete")}</summary>
                    <form method="post" action=format!("{base}/{id}/delete")>
                        <p>{t!(l, "commitment.delete_ask")}</p>
                        <button class="button" data-variant="danger" data-size="sm" type="submit">{t!(l, "commitment.delete")}</button>
                    </form>
                </details>
            }
        });
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{title}</h1>
            {desk_tabs(cx, self.id, DeskTab::Commitments)}
            {form::error_summary(l, &self.errors, &labels)}
            {self.stale.then(|| notice("warning", t!(l, "commitment.stale").into_owned(), ().into_any()))}
            <form class="form" method="post" action=action novalidate>
                <input type="hidden" name="version" value=self.typed.version.to_string() />
                {form::input(l, &row, plain)}
                {form::text_area(l, &text, 4)}
                {form::select(l, &department, departments)}
                {form::input(l, &owner, plain)}
                {form::input(l, &due, plain)}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "commitment.save")}</button>
                    <a href=base.clone()>{t!(l, "commitment.leave")}</a>
                </div>
            </form>
            {delete}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn label(l: Locale, name: &str) -> String {
    match name {
        "row" => t!(l, "commitment.row"),
        "text" => t!(l, "commitment.text"),
        "department" => t!(l, "commitment.department"),
        "owner" => t!(l, "commitment.owner"),
        "due_on" => t!(l, "commitment.due_on"),
        "state" => t!(l, "commitment.report_state"),
        "report_due_on" => t!(l, "commitment.report_due_on"),
        _ => t!(l, "commitment.report_body"),
    }
    .into_owned()
}

/// `/staff/consultations/{id}/commitments/{commitment}` once it is public
#[derive(Debug)]
pub struct ReportForm {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The promise.
    pub commitment: StaffCommitment,
    /// State, report and new day as typed.
    pub typed: (String, String, String),
    /// What is wrong.
    pub errors: FieldErrors,
}

impl Page for ReportForm {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = t!(l, "commitment.report_of", text = domain::text::excerpt(&self.commitment.view.text, 30));
        head(if self.errors.is_empty() {
            title.into_owned()
        } else {
            t!(l, "form.error_title", title = title).into_owned()
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/commitments", self.id);
        let c = &self.commitment;
        let labels = ["state", "body", "report_due_on"].map(|name| (name, label(l, name)));
        let field = |name: &'static str, value: &str| form::Field::new(l, &self.errors, name, label(l, name), value);
        let state = field("state", &self.typed.0).required();
        let text = field("body", &self.typed.1).required().help(t!(l, "commitment.report_body_help"));
        let due = field("report_due_on", &self.typed.2).help(t!(l, "commitment.report_due_help"));
        let states =
            CommitmentState::ALL.into_iter().map(|s| (s.code().to_owned(), wording::commitment(l, s))).collect();
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "commitment.report")}</h1>
            {desk_tabs(cx, self.id, DeskTab::Commitments)}
            {form::error_summary(l, &self.errors, &labels)}
            <article class="commitment">
                <h2 class="commitment__text" lang="ja">{c.view.text.clone()}</h2>
                {rows_of(l, &c.rows)}
                {facts(l, &c.view)}
            </article>
            <p>{t!(l, "commitment.fixed")}</p>
            <form class="form" method="post" action=format!("{base}/{}/report", c.view.id) novalidate>
                {form::radios(l, &state, states)}
                {form::text_area(l, &text, 5)}
                {form::input(l, &due, form::Input { autocomplete: "off", ..form::Input::default() })}
                <div class="form__actions">
                    <button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "commitment.report_do")}</button>
                    <a href=base.clone()>{t!(l, "commitment.leave")}</a>
                </div>
            </form>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}
