//! Putting the table up for decision, deciding, and publishing what was decided (起案、確認、決裁、公表).

mod changes;
mod checks;
mod forms;
mod history;
pub mod package;

pub use changes::{ChangedRow, Changes, PartChange, RowChange};
pub use checks::{Checks, Glyphs, RowRef};
pub use history::{Remark, Round, StepView};

use documents::ResponseTable;
use domain::{FieldErrors, Locale, Millis, workflow::ApprovalState, workflow::Workflow};
use leptos::prelude::*;

use super::{DeskTab, StaffTab, desk_tabs, frame, workflow};
use crate::{
    components::{form, notice},
    format,
    shell::{Head, Page, PageContext, Width},
};

/// A page of the draft as a place, in the language of the table.
#[must_use]
pub fn page_place(page: i64) -> String {
    t!(Locale::Ja, "approval.page", n = page).into_owned()
}

/// What the reader may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
pub struct May {
    /// Read the desk: open its rows.
    pub read_desk: bool,
    /// Put the table up for decision.
    pub draft: bool,
    /// Decide on the step that is due.
    pub decide: bool,
    /// Take back what they put up.
    pub withdraw: bool,
    /// Say something about what is put up.
    pub comment: bool,
    /// Publish, and take back what is scheduled.
    pub publish: bool,
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The remark with which the table is put up.
    pub note: String,
    /// The remark with a decision, or why it was sent or taken back.
    pub comment: String,
    /// A comment.
    pub remark: String,
    /// Why a published version is corrected (正誤).
    pub reason: String,
    /// The day of publication.
    pub at_date: String,
    /// The time of publication.
    pub at_time: String,
    /// Whether it is to be published at that time, not now.
    pub later: bool,
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Put up.
    Drafted,
    /// Agreed to.
    Approved,
    /// Sent back.
    SentBack,
    /// Taken back.
    Withdrawn,
    /// Said.
    Commented,
    /// Published.
    Published,
    /// Scheduled.
    Scheduled,
    /// What was scheduled was taken back.
    Unscheduled,
}

impl Done {
    const ALL: [Self; 8] = [
        Self::Drafted,
        Self::Approved,
        Self::SentBack,
        Self::Withdrawn,
        Self::Commented,
        Self::Published,
        Self::Scheduled,
        Self::Unscheduled,
    ];

    /// The code in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Approved => "approved",
            Self::SentBack => "sent_back",
            Self::Withdrawn => "withdrawn",
            Self::Commented => "commented",
            Self::Published => "published",
            Self::Scheduled => "scheduled",
            Self::Unscheduled => "unscheduled",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.code() == code)
    }
}

/// Why something that was pressed did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The table isn't ready.
    NotReady,
    /// The desk has changed since it was decided on.
    Changed,
    /// The time of publication is over already.
    Past,
}

/// `/staff/consultations/{id}/approval`
#[derive(Debug)]
pub struct ApprovalPage {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// Whether the call has ended: before that nothing can be put up.
    pub closed: bool,
    /// The table as the desk has it now.
    pub table: ResponseTable,
    /// What keeps it from being put up.
    pub checks: Checks,
    /// What the PDF can't show.
    pub glyphs: Glyphs,
    /// The ward's steps.
    pub workflow: Workflow,
    /// What was put up, the newest first.
    pub rounds: Vec<Round>,
    /// What has changed on the desk since the newest was put up.
    pub since: Changes,
    /// What differs from the newest version; `None` before anything was published.
    pub corrected: Option<Changes>,
    /// The newest version that is out, and since when.
    pub published: Option<(i64, Millis)>,
    /// The version that comes out at a set time.
    pub scheduled: Option<(i64, Millis)>,
    /// What the reader may do.
    pub may: May,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// Why something that was pressed did not happen.
    pub refused: Option<Refused>,
    /// What was done a moment ago.
    pub done: Option<Done>,
}

const PLAIN: form::Input = form::Input { kind: "", autocomplete: "off", mode: "" };

fn button(variant: &'static str, name: &'static str, value: &'static str, text: String) -> AnyView {
    let name = (!name.is_empty()).then_some(name);
    let value = (!value.is_empty()).then_some(value);
    view! { <button class="button" data-variant=variant data-size="md" type="submit" name=name value=value>{text}</button> }
        .into_any()
}

impl Page for ApprovalPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = t!(cx.locale, "approval.title_of", theme = self.theme).into_owned();
        let wrong = !self.errors.is_empty();
        let title = if wrong { t!(cx.locale, "form.error_title", title = title).into_owned() } else { title };
        Head { title, private: true, width: Width::Wide, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/approval", self.id);
        let desk = format!("/staff/consultations/{}/responses", self.id);
        let labels: Vec<(&'static str, String)> = ["note", "comment", "remark", "reason", "when", "at_date", "at_time"]
            .into_iter()
            .map(|name| (name, label(l, name)))
            .collect();
        let tabs = self.may.read_desk.then(|| desk_tabs(cx, self.id, DeskTab::Approval));
        let rounds = self.rounds.iter().map(|round| history::round(l, &base, round)).collect_view();
        let history = (!self.rounds.is_empty()).then(|| {
            view! {
                <section class="panel">
                    <h2 class="panel__title">{t!(l, "approval.history")}</h2>
                    {rounds}
                </section>
            }
        });
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "approval.title")}</h1>
            {tabs}
            {self.done.map(|done| notice("success", t!(l, format!("approval.done.{}", done.code())).into_owned(), ().into_any()))}
            {self.refused.map(|why| refused(l, why))}
            {form::error_summary(l, &self.errors, &labels)}
            {self.status(l, &base, &desk)}
            {self.decision(l, &base)}
            {self.publication(l, &desk)}
            {self.drafting(l, &base, &desk)}
            {history}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn label(l: Locale, name: &str) -> String {
    match name {
        "at_date" => t!(l, "staff.at_date"),
        "at_time" => t!(l, "staff.at_time"),
        _ => t!(l, format!("approval.field.{name}")),
    }
    .into_owned()
}

fn refused(l: Locale, why: Refused) -> AnyView {
    let (title, text) = match why {
        Refused::NotReady => (t!(l, "approval.refused_not_ready"), t!(l, "approval.refused_not_ready_text")),
        Refused::Changed => (t!(l, "approval.refused_changed"), t!(l, "approval.refused_changed_text")),
        Refused::Past => (t!(l, "approval.refused_past"), t!(l, "approval.refused_past_text")),
    };
    notice("error", title.into_owned(), text.into_owned().into_any())
}

fn list(l: Locale, changes: &Changes) -> AnyView {
    let items = changes.lines(l).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! { <ul class="change-list">{items}</ul> }.into_any()
}

impl ApprovalPage {
    fn newest(&self) -> Option<&Round> {
        self.rounds.first()
    }

    fn state(&self) -> Option<ApprovalState> {
        self.newest().map(|round| round.state)
    }

    /// Where it stands, and the way it goes.
    fn status(&self, l: Locale, base: &str, desk: &str) -> AnyView {
        let steps: Vec<String> = std::iter::once(t!(l, "approval.drafting").into_owned())
            .chain(self.workflow.steps.iter().map(|step| step.name.clone()))
            .chain([t!(l, "approval.publication").into_owned()])
            .collect();
        let published = self.published.map(|(version, at)| {
            view! { <p class="status-line" data-state="published">{t!(l, "desk.status_published", version = version, time = format::date_time(l, at))}</p> }
        });
        let table = self.newest().map(|round| {
            let path = format!("{base}/{}", round.id);
            view! {
                <a class="button" data-variant="outline" data-size="md" href=format!("{path}/table")>{t!(l, "approval.read_table")}</a>
                <a class="button" data-variant="outline" data-size="md" href=format!("{path}/package.zip") download="">{t!(l, "approval.package")}</a>
            }
        });
        let desk = self.may.read_desk.then(|| {
            view! { <a class="button" data-variant="outline" data-size="md" href=desk.to_owned()>{t!(l, "approval.to_desk")}</a> }
        });
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "approval.status")}</h2>
                <p>{t!(l, "approval.way", steps = steps.join(" → "))}</p>
                {self.newest().map(|round| history::line(l, round))}
                {published}
                {self.scheduled.map(|(version, at)| view! { <p class="status-line" data-state="review">{t!(l, "schedule.status", version = version, time = format::date_time(l, at))}</p> })}
                {self.stale().then(|| view! {
                    <div class="notice" data-kind="warning" role="status">
                        <p class="notice__title">{t!(l, "approval.stale")}</p>
                        <div class="notice__body"><p>{t!(l, "approval.stale_text")}</p>{list(l, &self.since)}</div>
                    </div>
                })}
                <div class="button-row">{table}{desk}</div>
            </section>
        }
        .into_any()
    }

    /// Whether the desk has changed since the newest was put up, while that still matters.
    fn stale(&self) -> bool {
        matches!(self.state(), Some(ApprovalState::Open | ApprovalState::Approved)) && !self.since.is_empty()
    }
}

/// Who takes a step, in words.
fn who(l: Locale, step: &domain::workflow::Step) -> String {
    workflow::who(l, step)
}
