//! The intake queue: every channel in one list, with its counts, and changes of several at once.

mod filters;
mod item;

use app::pages::staff::intake::{
    BulkInput, Done, Found, Queue, QueueRow, Retention, SavedView, eligibility,
    figures::{Counts, Figures, Line, days_before},
    status,
};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use axum_extra::extract::Form;
use chrono::NaiveDate;
use domain::{
    Channel, IntakeState, Locale, ProposalState, intake::UNKNOWN_ELIGIBILITY, permission::ConsultationAction,
    rules::Eligibility,
};
use serde::Deserialize;

pub(super) use self::item::{Refusal, load};

use self::filters::{Asked, FilterQuery};
use crate::{
    ctx::Ctx,
    error::Result,
    render,
    repository::{
        self,
        intake::{After, Cell, Filter, Mark},
    },
    service::{
        self,
        consultation::{Loaded, for_staff},
        identity::disposal_day,
        intake::{
            bulk::{self, Scope},
            may,
        },
    },
    web::routes::{Access, Answer, Routes},
};

/// Submissions on a page.
const PER_PAGE: u64 = 50;
/// What the kept counts don't know is counted up to here.
const COUNTED: i64 = 1000;
/// Days that are listed one by one.
const DAYS: usize = 14;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/staff/consultations/{id}/intake", Access::Staff, show)
        .post("/staff/consultations/{id}/intake/bulk", Access::Staff, change)
        .post("/staff/consultations/{id}/intake/views", Access::Staff, save_view)
        .post("/staff/consultations/{id}/intake/views/{view}/delete", Access::Staff, delete_view);
    item::routes(routes)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PlaceQuery {
    /// The last submission of the page before.
    after: String,
    notice: String,
    count: String,
}

async fn show(
    ctx: Ctx,
    Path(id): Path<i64>,
    Query(query): Query<FilterQuery>,
    Query(place): Query<PlaceQuery>,
) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::ReadQueue).await?;
    let mut page = queue(&ctx, loaded, query, After::parse(&place.after)).await?;
    page.done = Done::from_code(&place.notice, place.count.parse().unwrap_or_default());
    let wrong = page.number_wrong || !page.errors.is_empty();
    Ok(if wrong { render::invalid(&ctx, page) } else { render::page(&ctx, page) })
}

/// The list with everything around it.
async fn queue(ctx: &Ctx, loaded: Loaded, query: FilterQuery, after: Option<After>) -> Result<Queue> {
    let db = ctx.db();
    let id = loaded.row.id;
    let Asked { filter, order, errors, number_wrong } = query.read();
    let limit = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let mut rows = repository::intake::page(db, id, &filter, order, after, PER_PAGE + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let canonical = FilterQuery::canonical(&filter, order);
    let path = format!("/staff/consultations/{id}/intake");
    let link = |after: Option<String>| {
        let parts: Vec<String> = Some(canonical.clone()).filter(|c| !c.is_empty()).into_iter().chain(after).collect();
        if parts.is_empty() { path.clone() } else { format!("{path}?{}", parts.join("&")) }
    };
    let next = rows.last().filter(|_| more).and_then(|line| {
        let day = day(&line.received_on)?;
        let after = After { day, at: line.created_at, id: line.id };
        Some(link(Some(format!("after={after}"))))
    });
    let cells = repository::intake::cells(db, id).await?;
    let whole = rows.first().filter(|_| filter.is_whole_group()).and_then(|line| line.group_size);
    let known = if after.is_none() && !more { i64::try_from(rows.len()).ok() } else { whole };
    let found = found(ctx, id, &filter, &cells, known).await?;
    let departments = super::departments(ctx).await?;
    let views = repository::intake::views(db, ctx.actor()?.id.0, id).await?;
    let may_export = may(ctx, &loaded, ConsultationAction::ReadIdentity);
    Ok(Queue {
        rows: rows.into_iter().map(|line| queue_row(line, &departments)).collect(),
        first: after.map(|_| link(None)),
        next,
        found,
        figures: figures(ctx.locale, &path, cells),
        views: views.into_iter().map(|v| SavedView { id: v.id, name: v.name, query: v.query }).collect(),
        departments,
        may_act: may(ctx, &loaded, ConsultationAction::Intake),
        retention: if may_export { retention(&loaded) } else { None },
        may_export,
        theme: (id, loaded.row.title),
        filters: query.into_typed(),
        query: canonical,
        number_wrong,
        errors,
        view_name: String::new(),
        bulk: BulkInput::default(),
        bulk_max: bulk::MAX,
        done: None,
    })
}

fn retention(loaded: &Loaded) -> Option<Retention> {
    match loaded.row.identity_disposed_at {
        Some(at) => Some(Retention::Done(at)),
        None => disposal_day(loaded).map(Retention::Planned),
    }
}

/// How many fit: what is known already, or from the kept counts, or counted up to a bound.
async fn found(ctx: &Ctx, id: i64, filter: &Filter, cells: &[Cell], known: Option<i64>) -> Result<Found> {
    let exactly = |count: i64| Found { count, more: false };
    if let Some(known) = known {
        return Ok(exactly(known));
    }
    if !filter.is_tallied() {
        let count = repository::intake::count_to(ctx.db(), id, filter, COUNTED).await?;
        return Ok(Found { count, more: count >= COUNTED });
    }
    if filter.from.is_some() || filter.to.is_some() {
        return Ok(exactly(repository::intake::tallied(ctx.db(), id, filter).await?));
    }
    let fits = |cell: &&Cell| {
        cell.day.is_empty()
            && filter.status.is_none_or(|status| status == cell.status)
            && filter.channel.is_none_or(|channel| channel.code() == cell.channel)
            && filter.eligibility.is_none_or(|eligibility| eligibility == cell.eligibility)
    };
    Ok(exactly(cells.iter().filter(fits).map(|cell| cell.submissions).sum()))
}

fn day(iso: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(iso, "%Y-%m-%d").ok()
}

/// A submission's place in the counts.
fn status_of(state: &str, intake: &str) -> &'static str {
    let state = ProposalState::from_code(state).unwrap_or(ProposalState::Hidden);
    IntakeState::from_code(intake).unwrap_or_default().status(state)
}

fn queue_row(line: repository::intake::Line, departments: &[(i64, String)]) -> QueueRow {
    let department = line.assigned_department_id;
    let group = line.text_group_id.zip(line.group_size).filter(|(_, size)| *size > 1);
    QueueRow {
        status: status_of(&line.state, &line.intake),
        received_on: day(&line.received_on),
        postmarked_on: line.postmarked_on.as_deref().and_then(day),
        channel: Channel::from_code(&line.channel).unwrap_or_default(),
        department: departments.iter().find(|(id, _)| Some(*id) == department).map(|(_, name)| name.clone()),
        excerpt: domain::text::excerpt(&line.excerpt, 160),
        no_reply: line.no_reply != 0,
        approval_only: line.approval_only != 0,
        id: line.id,
        receipt: line.receipt_number,
        created_at: line.created_at,
        eligibility: line.eligibility,
        title: line.title,
        opinions: line.opinions,
        group,
        notes: line.notes,
    }
}

/// The kept counts as tables. Each of them sums up to the totals.
fn figures(l: Locale, path: &str, cells: Vec<Cell>) -> Figures {
    let counts = |cell: &Cell| Counts { people: cell.people, submissions: cell.submissions, opinions: cell.opinions };
    let (places, days): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(|cell| cell.day.is_empty());
    let counted: Vec<&Cell> = places.iter().filter(|c| IntakeState::status_counts(&c.status)).collect();
    let sum = |cells: &mut dyn Iterator<Item = &Cell>| {
        let mut sum = Counts::default();
        for cell in cells {
            sum += counts(cell);
        }
        sum
    };
    let line = |name: &str, code: &str, label: String, is_counted: bool, counts: Counts| {
        (counts != Counts::default()).then(|| Line {
            label,
            href: Some(format!("{path}?{name}={code}")),
            counted: is_counted,
            counts,
        })
    };
    let channels = Channel::ALL.into_iter().filter_map(|channel| {
        let code = channel.code();
        let own = sum(&mut counted.iter().copied().filter(|cell| cell.channel == code));
        line("channel", code, app::wording::channel(l, channel), true, own)
    });
    let kinds = Eligibility::ALL.iter().map(|e| e.code()).chain([UNKNOWN_ELIGIBILITY]).filter_map(|code| {
        let own = sum(&mut counted.iter().copied().filter(|cell| cell.eligibility == code));
        line("eligibility", code, eligibility(l, code), true, own)
    });
    let statuses = IntakeState::ALL.into_iter().map(IntakeState::code).chain(["hidden", "withdrawn"]);
    let states = statuses.filter_map(|code| {
        let own = sum(&mut places.iter().filter(|cell| cell.status == code));
        line("state", code, status(l, code), IntakeState::status_counts(code), own)
    });
    Figures {
        total: sum(&mut counted.iter().copied()),
        by_channel: channels.collect(),
        by_eligibility: kinds.collect(),
        by_state: states.collect(),
        by_day: by_day(l, path, &days, counts),
    }
}

/// The last days one by one, everything before them in one line.
fn by_day(l: Locale, path: &str, days: &[Cell], counts: impl Fn(&Cell) -> Counts) -> Vec<Line> {
    let (last, before) = days.split_at_checked(DAYS).unwrap_or((days, &[]));
    let mut lines: Vec<Line> = last
        .iter()
        .map(|cell| Line {
            label: day(&cell.day).map_or_else(|| cell.day.clone(), |day| app::format::day(l, day)),
            href: Some(format!("{path}?from={0}&to={0}", cell.day)),
            counted: true,
            counts: counts(cell),
        })
        .collect();
    if !before.is_empty() {
        let mut sum = Counts::default();
        for cell in before {
            sum += counts(cell);
        }
        lines.push(Line { label: days_before(l), href: None, counted: true, counts: sum });
    }
    lines
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BulkBody {
    id: Vec<i64>,
    /// `checked` or `all`.
    scope: String,
    /// The filters of the list, as in its address.
    query: String,
    act: String,
    state: String,
    department: String,
    reason: String,
}

async fn change(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<BulkBody>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Intake).await?;
    let query = FilterQuery::parse(&body.query);
    let all = body.scope == "all";
    let scope = if all { Scope::Filtered(query.read().filter) } else { Scope::Checked(body.id.clone()) };
    let input = bulk::Input {
        act: body.act,
        state: body.state.clone(),
        department: body.department.clone(),
        reason: body.reason.clone(),
    };
    match bulk::run(&ctx, id, &scope, &input).await? {
        Ok(done) => {
            let notice = match done.mark {
                Mark::Intake(_) => "state",
                Mark::Department(_) => "department",
                Mark::ApprovalOnly(_) => "approval_only",
            };
            Ok(back(id, &query, &format!("notice={notice}&count={}", done.count)))
        }
        Err(errors) => {
            let mut page = queue(&ctx, loaded, query, None).await?;
            page.bulk =
                BulkInput { ids: body.id, all, state: body.state, department: body.department, reason: body.reason };
            page.errors = errors;
            Ok(render::invalid(&ctx, page))
        }
    }
}

/// Back to the list as it was narrowed.
fn back(id: i64, query: &FilterQuery, notice: &str) -> Response {
    let Asked { filter, order, .. } = query.read();
    let kept = FilterQuery::canonical(&filter, order);
    let parts: Vec<&str> = [kept.as_str(), notice].into_iter().filter(|part| !part.is_empty()).collect();
    render::see_other(&format!("/staff/consultations/{id}/intake?{}", parts.join("&")))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ViewBody {
    name: String,
    query: String,
}

async fn save_view(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ViewBody>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::ReadQueue).await?;
    let query = FilterQuery::parse(&body.query);
    let Asked { filter, order, .. } = query.read();
    match service::intake::views::save(&ctx, id, &body.name, &FilterQuery::canonical(&filter, order)).await? {
        Ok(()) => Ok(back(id, &query, "notice=view-saved")),
        Err(errors) => {
            let mut page = queue(&ctx, loaded, query, None).await?;
            page.view_name = body.name;
            page.errors = errors;
            Ok(render::invalid(&ctx, page))
        }
    }
}

async fn delete_view(ctx: Ctx, Path((id, view)): Path<(i64, i64)>) -> Answer {
    service::intake::views::delete(&ctx, id, view).await?;
    Ok(render::see_other(&format!("/staff/consultations/{id}/intake?notice=view-deleted")))
}
