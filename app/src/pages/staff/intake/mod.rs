//! The intake queue: every submission of every channel in one list, with its counts.

pub mod assigned;
pub mod figures;
pub mod item;
mod tools;

use chrono::NaiveDate;
use domain::{Channel, FieldErrors, Locale, Millis};
use leptos::prelude::*;

use self::figures::Figures;
use super::{StaffTab, ThemeTab, frame, head, scroll, theme_tabs};
use crate::{
    components::{badge, breadcrumb, empty, notice, pager, time},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

/// The words for a place in the counts: where a submission stands, or that it is hidden or withdrawn.
#[must_use]
pub fn status(l: Locale, status: &str) -> String {
    match status {
        "unread" => t!(l, "intake.state.unread"),
        "accepted" => t!(l, "intake.state.accepted"),
        "awaiting_correction" => t!(l, "intake.state.awaiting_correction"),
        "out_of_scope" => t!(l, "intake.state.out_of_scope"),
        "late" => t!(l, "intake.state.late"),
        "duplicate" => t!(l, "intake.state.duplicate"),
        "withdrawn" => t!(l, "intake.state.withdrawn"),
        _ => t!(l, "intake.state.hidden"),
    }
    .into_owned()
}

/// The badge tone of a [`status`].
#[must_use]
pub fn status_tone(status: &str) -> &'static str {
    match status {
        "unread" => "coming",
        "accepted" => "open",
        "awaiting_correction" => "review",
        "hidden" => "hidden",
        _ => "neutral",
    }
}

/// The words for the code of an eligibility.
#[must_use]
pub fn eligibility(l: Locale, code: &str) -> String {
    match code {
        "resident" => t!(l, "intake.eligibility.resident"),
        "worker" => t!(l, "intake.eligibility.worker"),
        "student" => t!(l, "intake.eligibility.student"),
        "business" => t!(l, "intake.eligibility.business"),
        "interested" => t!(l, "intake.eligibility.interested"),
        _ => t!(l, "intake.eligibility.unknown"),
    }
    .into_owned()
}

/// A submission in the list.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Its id.
    pub id: i64,
    /// 受付番号.
    pub receipt: String,
    /// 受付日時.
    pub created_at: Millis,
    /// 収受日.
    pub received_on: Option<NaiveDate>,
    /// 消印日.
    pub postmarked_on: Option<NaiveDate>,
    /// 経路.
    pub channel: Channel,
    /// The code of its eligibility.
    pub eligibility: String,
    /// Where it stands, as a place in the counts.
    pub status: &'static str,
    /// Its title.
    pub title: Option<String>,
    /// The beginning of its text.
    pub excerpt: String,
    /// 意見件数.
    pub opinions: i64,
    /// The group of its text, with its size when it isn't alone in it.
    pub group: Option<(i64, i64)>,
    /// The department it is assigned to.
    pub department: Option<String>,
    /// 回答対象外.
    pub no_reply: bool,
    /// 賛否のみ.
    pub approval_only: bool,
    /// Notes of staff.
    pub notes: i64,
}

/// The filters as they were typed.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// A status.
    pub state: String,
    /// A channel.
    pub channel: String,
    /// An eligibility.
    pub eligibility: String,
    /// A department's id, or `none`.
    pub department: String,
    /// A day.
    pub from: String,
    /// A day.
    pub to: String,
    /// A group's id.
    pub group: String,
    /// Words.
    pub q: String,
    /// 受付番号.
    pub number: String,
    /// An import's id.
    pub import: String,
    /// A paragraph of the draft.
    pub anchor: String,
    /// A page of the draft.
    pub page: String,
    /// `oldest`, or nothing.
    pub order: String,
}

/// What was typed to change several.
#[derive(Clone, Debug, Default)]
pub struct BulkInput {
    /// The chosen submissions.
    pub ids: Vec<i64>,
    /// Whether everything that fits was meant.
    pub all: bool,
    /// A status.
    pub state: String,
    /// A department's id.
    pub department: String,
    /// Why.
    pub reason: String,
}

/// How many fit the filters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// So many.
    pub count: i64,
    /// Or more: it was counted no further.
    pub more: bool,
}

/// A kept view.
#[derive(Clone, Debug)]
pub struct SavedView {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its filters, as in an address.
    pub query: String,
}

/// When identities are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// On this day.
    Planned(NaiveDate),
    /// They were, at this moment.
    Done(Millis),
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The state of so many was changed.
    State(i64),
    /// The department of so many was changed.
    Department(i64),
    /// The mark of so many was changed.
    ApprovalOnly(i64),
    /// A view was kept.
    ViewSaved,
    /// A view was deleted.
    ViewDeleted,
}

impl Done {
    /// Reads what the address says.
    #[must_use]
    pub fn from_code(code: &str, count: i64) -> Option<Self> {
        match code {
            "state" => Some(Self::State(count)),
            "department" => Some(Self::Department(count)),
            "approval_only" => Some(Self::ApprovalOnly(count)),
            "view-saved" => Some(Self::ViewSaved),
            "view-deleted" => Some(Self::ViewDeleted),
            _ => None,
        }
    }

    fn notice(self, l: Locale) -> AnyView {
        let title = match self {
            Self::State(n) => t!(l, "intake.done.state", n = n),
            Self::Department(n) => t!(l, "intake.done.department", n = n),
            Self::ApprovalOnly(n) => t!(l, "intake.done.approval_only", n = n),
            Self::ViewSaved => t!(l, "intake.views.saved"),
            Self::ViewDeleted => t!(l, "intake.views.deleted"),
        };
        notice("success", title.into_owned(), ().into_any())
    }
}

/// `/staff/consultations/{id}/intake`
#[derive(Debug)]
pub struct Queue {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The filters.
    pub filters: Filters,
    /// The filters that hold, as in an address; what could not be read is not in it.
    pub query: String,
    /// Whether the receipt number could not be read.
    pub number_wrong: bool,
    /// What is wrong with filters, with a change of several, or with a view's name.
    pub errors: FieldErrors,
    /// This page's submissions.
    pub rows: Vec<QueueRow>,
    /// How many fit.
    pub found: Found,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the start of the list, when this is not it.
    pub first: Option<String>,
    /// The counts.
    pub figures: Figures,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
    /// This person's views.
    pub views: Vec<SavedView>,
    /// What was typed as the name of a view.
    pub view_name: String,
    /// Whether this person changes where submissions stand.
    pub may_act: bool,
    /// When identities are deleted; only for those who may see them.
    pub retention: Option<Retention>,
    /// Whether this person may export identities.
    pub may_export: bool,
    /// What was typed to change several.
    pub bulk: BulkInput,
    /// Most that are changed at once.
    pub bulk_max: usize,
    /// What was done a moment ago.
    pub done: Option<Done>,
}

impl Queue {
    fn path(&self) -> String {
        format!("/staff/consultations/{}/intake", self.theme.0)
    }
}

impl Page for Queue {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = t!(l, "intake.title_of", theme = self.theme.1).into_owned();
        let wrong = !self.errors.is_empty() || self.number_wrong;
        head(if wrong { t!(l, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (format!("/staff/consultations/{}", self.theme.0), self.theme.1.clone()),
        ];
        let found = if self.found.more {
            t!(l, "intake.found_more", n = self.found.count)
        } else {
            t!(l, "intake.found", n = self.found.count)
        };
        let (filters, views, tools, summary) =
            (self.filter_form(l), self.view_list(l), self.bulk_form(l), self.wrong(l));
        let (figures, retention) = (self.figures.view(l), self.retention(l));
        let list = self.list(l, tools);
        let body = view! {
            {breadcrumb(l, trail, t!(l, "intake.title").into_owned())}
            {self.done.map(|done| done.notice(l))}
            <h1 class="page__title">{t!(l, "intake.title")}</h1>
            <p class="page__lead">{t!(l, "intake.lead")}</p>
            {theme_tabs(cx, self.theme.0, ThemeTab::Intake)}
            {summary}
            {figures}
            {retention}
            {filters}
            {views}
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            <p class="result-count">{found}</p>
            {list}
            {pager(l, self.first, self.next)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl Queue {
    fn list(&self, l: Locale, tools: Option<AnyView>) -> AnyView {
        if self.rows.is_empty() {
            return empty(t!(l, "intake.none").into_owned(), None);
        }
        let chooses = self.may_act;
        let rows = self
            .rows
            .iter()
            .cloned()
            .map(|r| {
                let checked = chooses.then(|| self.bulk.ids.contains(&r.id));
                row(l, self.theme.0, r, checked)
            })
            .collect_view();
        let table = view! {
            <table class="table intake">
                <thead>
                    <tr>
                        {chooses.then(|| view! { <th scope="col" class="intake__choose">{t!(l, "intake.column.choose")}</th> })}
                        <th scope="col">{t!(l, "intake.column.number")}</th>
                        <th scope="col">{t!(l, "intake.column.channel")}</th>
                        <th scope="col">{t!(l, "intake.column.state")}</th>
                        <th scope="col">{t!(l, "intake.column.text")}</th>
                        <th scope="col">{t!(l, "intake.column.figures")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        let table = scroll(t!(l, "intake.title").into_owned(), table.into_any());
        match tools {
            None => table,
            Some(tools) => view! {
                <form method="post" action=format!("{}/bulk", self.path()) novalidate>
                    {table}
                    {tools}
                </form>
            }
            .into_any(),
        }
    }

    fn retention(&self, l: Locale) -> Option<AnyView> {
        let text = self.retention.map(|retention| match retention {
            Retention::Planned(day) => t!(l, "intake.retention.planned", day = format::day(l, day)),
            Retention::Done(at) => t!(l, "intake.retention.done", day = format::date(l, at)),
        });
        let export = self.may_export.then(|| {
            let href = format!("/staff/consultations/{}/identities", self.theme.0);
            view! { <a href=href>{t!(l, "intake.retention.export")}</a> }
        });
        (text.is_some() || export.is_some()).then(|| {
            view! { <p class="cluster">{text.map(|text| view! { <span>{text}</span> })}{export}</p> }.into_any()
        })
    }
}

/// The days of a submission, each with its word.
fn days(l: Locale, r: &QueueRow) -> AnyView {
    let day = |word: String, day: NaiveDate| {
        view! { <div>{word}" "<time datetime=day.to_string()>{format::day(l, day)}</time></div> }
    };
    view! {
        <div>{t!(l, "intake.received")}" "{time(l, r.created_at)}</div>
        {r.received_on.map(|d| day(t!(l, "intake.received_on").into_owned(), d))}
        {r.postmarked_on.map(|d| day(t!(l, "intake.postmarked").into_owned(), d))}
    }
    .into_any()
}

fn row(l: Locale, theme: i64, r: QueueRow, checked: Option<bool>) -> AnyView {
    let href = format!("/staff/proposals/{}", r.id);
    let when = days(l, &r);
    let choice = checked.map(|checked| {
        let label = t!(l, "intake.choose", number = r.receipt).into_owned();
        view! {
            <td class="intake__choose">
                <label class="choice">
                    <input type="checkbox" name="id" value=r.id.to_string() checked=checked />
                    <span class="visually-hidden">{label}</span>
                </label>
            </td>
        }
    });
    let same = r.group.map(|(group, size)| {
        view! { <a href=format!("/staff/consultations/{theme}/groups/{group}")>{t!(l, "intake.same", n = size)}</a> }
    });
    view! {
        <tr id=format!("proposal-{}", r.id)>
            {choice}
            <th scope="row"><a class="mono" href=href>{r.receipt}</a><div class="intake__days">{when}</div></th>
            <td>{wording::channel(l, r.channel)}<br />{eligibility(l, &r.eligibility)}</td>
            <td>
                <div class="intake__marks">
                    {badge(status_tone(r.status), status(l, r.status))}
                    {r.no_reply.then(|| badge("neutral", t!(l, "intake.no_reply").into_owned()))}
                    {r.approval_only.then(|| badge("neutral", t!(l, "intake.approval_only").into_owned()))}
                </div>
                <div>{r.department.unwrap_or_else(|| t!(l, "intake.unassigned").into_owned())}</div>
            </td>
            <td class="intake__text">
                {r.title.map(|title| view! { <strong>{title}</strong><br /> })}
                {r.excerpt}
            </td>
            <td class="intake__figures">
                <div>{t!(l, "intake.opinions", n = r.opinions)}</div>
                {same.map(|same| view! { <div>{same}</div> })}
                {(r.notes > 0).then(|| view! { <div>{t!(l, "intake.notes", n = r.notes)}</div> })}
            </td>
        </tr>
    }
    .into_any()
}
