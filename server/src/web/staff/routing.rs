//! Giving rows to departments, asking other departments, and the board of each department.

use std::collections::{BTreeMap, HashMap};

use app::pages::staff::routing::{
    AskedItem, BoardItem, BoardPage, DepartmentProgress, Moved, ReferralView, RoutingPage, StoryPage, TypedGiving,
    TypedStory,
};
use axum::extract::{Path, Query};
use axum_extra::extract::Form;
use chrono::NaiveDate;
use domain::{
    FieldErrors, Role,
    permission::{self, ConsultationAction, RowAction, RowTie, SiteAction, Tie},
    text, wareki,
};
use serde::Deserialize;

use super::departments;
use crate::{
    ctx::Ctx,
    entity::department,
    error::Result,
    render, repository,
    service::routing::{self as service, Asking, Giving, Overview},
    web::routes::{Access, Answer, Routes},
};

/// Rows on one page of a board.
const PAGE: u64 = 50;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/board", Access::Staff, board)
        .get("/staff/consultations/{id}/routing", Access::Staff, overview)
        .post("/staff/consultations/{id}/routing", Access::Staff, give)
        .get("/staff/consultations/{id}/responses/rows/{row}/routing", Access::Staff, story)
        .post("/staff/consultations/{id}/responses/rows/{row}/route", Access::Staff, transfer)
        .post("/staff/consultations/{id}/responses/rows/{row}/referrals", Access::Staff, ask)
        .post("/staff/consultations/{id}/responses/rows/{row}/referrals/{referral}/reply", Access::Staff, reply)
        .post("/staff/consultations/{id}/responses/rows/{row}/referrals/{referral}/withdraw", Access::Staff, withdraw)
}

fn day(iso: Option<&str>) -> Option<NaiveDate> {
    iso.and_then(|day| day.parse().ok())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BoardQuery {
    department: Option<i64>,
    show: String,
    after: String,
}

/// 「2026-12-18.42」: the sort key and id after which a page begins.
fn cursor(typed: &str) -> Option<(String, i64)> {
    let (key, id) = typed.split_once('.')?;
    Some((key.parse::<NaiveDate>().ok()?.to_string(), id.parse().ok()?))
}

async fn board(ctx: Ctx, Query(query): Query<BoardQuery>) -> Answer {
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let all = departments(&ctx).await?;
    let own = ctx.actor.as_ref().and_then(|a| a.department).map(|d| d.0);
    // Who reads every department's posts may look at every board.
    let everywhere = matches!(ctx.role(), Some(Role::Admin | Role::Auditor));
    let shown = if everywhere { query.department.or(own) } else { own };
    let department = shown.and_then(|id| all.iter().find(|(known, _)| *known == id).cloned());
    let today = wareki::date_of(ctx.now);
    let late = |day: Option<NaiveDate>| day.is_some_and(|day| day < today);
    let settled = query.show == "settled";
    let mut page = BoardPage {
        department: department.clone(),
        departments: if everywhere { all } else { vec![] },
        counts: (0, 0, 0, 0),
        settled,
        rows: vec![],
        asked: vec![],
        next: None,
    };
    if let Some((id, _)) = department {
        let db = ctx.db();
        let counts = repository::routing::counts(db, id, &today.to_string()).await?;
        page.counts = (counts.unanswered, counts.overdue, counts.settled, counts.asked);
        let mut rows = repository::routing::board(db, id, settled, cursor(&query.after), PAGE + 1).await?;
        let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
        if rows.len() > size {
            rows.truncate(size);
            let show = if settled { "&show=settled" } else { "" };
            let of = if everywhere { format!("&department={id}") } else { String::new() };
            page.next = rows.last().map(|r| format!("/staff/board?after={}.{}{show}{of}", r.sort_key, r.id));
        }
        page.rows = rows
            .into_iter()
            .map(|r| BoardItem {
                row: r.id,
                theme_id: r.consultation_id,
                theme: r.theme,
                text: text::excerpt(&r.text, 120),
                due_on: day(r.due_on.as_deref()),
                late: r.state != "settled" && late(day(r.due_on.as_deref())),
                state: r.state,
            })
            .collect();
        page.asked = repository::routing::asked(db, id)
            .await?
            .into_iter()
            .map(|a| AskedItem {
                row: a.summary_id,
                theme_id: a.consultation_id,
                theme: a.theme,
                question: a.question,
                due_on: day(a.due_on.as_deref()),
                late: late(day(a.due_on.as_deref())),
            })
            .collect();
    }
    Ok(render::page(&ctx, page))
}

fn named(departments: &[department::Model]) -> Vec<(i64, String)> {
    departments.iter().map(|d| (d.id, d.name.clone())).collect()
}

fn overview_page(ctx: &Ctx, found: Overview, typed: TypedGiving, errors: FieldErrors) -> RoutingPage {
    let names: HashMap<i64, &str> = found.departments.iter().map(|d| (d.id, d.name.as_str())).collect();
    let tie = ctx.tie(found.theme.row.department_id);
    RoutingPage {
        id: found.theme.row.id,
        progress: found
            .progress
            .iter()
            .map(|p| DepartmentProgress {
                name: names.get(&p.department_id).copied().unwrap_or_default().to_owned(),
                rows: p.row_count,
                unanswered: p.unanswered,
                overdue: p.overdue,
                next_due: day(p.next_due.as_deref()),
            })
            .collect(),
        departments: named(&found.departments),
        may_edit: permission::consultation(ctx.role(), tie, ConsultationAction::DraftResponses, found.theme.phase),
        theme: found.theme.row.title,
        typed,
        errors,
        given: None,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GivenQuery {
    given: Option<usize>,
}

async fn overview(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<GivenQuery>) -> Answer {
    let found = service::overview(&ctx, id).await?;
    let page = overview_page(&ctx, found, TypedGiving::default(), FieldErrors::new());
    Ok(render::page(&ctx, RoutingPage { given: query.given, ..page }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GiveBody {
    rows: String,
    department: String,
    due_on: String,
    note: String,
    transfer_note: String,
}

async fn give(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<GiveBody>) -> Answer {
    let input = Giving { rows: body.rows, department: body.department, due_on: body.due_on, note: body.note };
    match service::give(&ctx, id, &input).await? {
        Ok(n) => Ok(render::see_other(&format!("/staff/consultations/{id}/routing?given={n}"))),
        Err(errors) => {
            let typed =
                TypedGiving { rows: input.rows, department: input.department, due_on: input.due_on, note: input.note };
            let found = service::overview(&ctx, id).await?;
            Ok(render::invalid(&ctx, overview_page(&ctx, found, typed, errors)))
        }
    }
}

async fn story_page(ctx: &Ctx, id: i64, row: i64, typed: TypedStory, errors: FieldErrors) -> Result<StoryPage> {
    let story = service::story(ctx, id, row).await?;
    let departments: BTreeMap<i64, String> = named(&story.departments).into_iter().collect();
    let name_of = |id: i64| departments.get(&id).cloned().unwrap_or_default();
    let people = story.history.iter().map(|h| h.created_by);
    let people = people.chain(story.referrals.iter().flat_map(|r| [Some(r.asked_by), r.answered_by]).flatten());
    let people = repository::account::names(ctx.db(), people.collect()).await?;
    let person = |id: i64| people.get(&id).cloned().unwrap_or_default();
    let admin = ctx.role() == Some(Role::Admin);
    let replies = permission::row(ctx.role(), RowTie::Asked, RowAction::Reply);
    Ok(StoryPage {
        id,
        row,
        name: story.name.clone(),
        now: (name_of(story.at.department()), day(story.at.row.due_on.as_deref())),
        text: story.at.row.text.clone(),
        may_route: permission::row(ctx.role(), story.at.tie, RowAction::Route),
        theme: story.at.theme.row.title,
        history: story
            .history
            .into_iter()
            .map(|h| Moved {
                from: h.from_department_id.map(name_of).unwrap_or_default(),
                to: name_of(h.to_department_id),
                by: (person(h.created_by), h.created_at),
                note: h.note,
            })
            .collect(),
        referrals: story
            .referrals
            .into_iter()
            .map(|r| ReferralView {
                id: r.id,
                department: name_of(r.department_id),
                by: (person(r.asked_by), r.asked_at),
                may_reply: replies && (admin || ctx.tie(r.department_id) == Tie::Department),
                reply: r.answered_at.map(|at| (r.answer, r.answered_by.map(person).unwrap_or_default(), at)),
                question: r.question,
                due_on: day(r.due_on.as_deref()),
                withdrawn: r.withdrawn_at.is_some(),
            })
            .collect(),
        departments: departments.into_iter().collect(),
        typed,
        errors,
        done: None,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DoneQuery {
    notice: String,
}

async fn story(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Query(query): Query<DoneQuery>) -> Answer {
    let page = story_page(&ctx, id, row, TypedStory::default(), FieldErrors::new()).await?;
    let done = ["transferred", "asked", "replied", "withdrawn"].into_iter().find(|n| *n == query.notice);
    Ok(render::page(&ctx, StoryPage { done, ..page }))
}

fn done(id: i64, row: i64, notice: &str) -> axum::response::Response {
    render::see_other(&format!("/staff/consultations/{id}/responses/rows/{row}/routing?notice={notice}"))
}

async fn again(ctx: &Ctx, id: i64, row: i64, typed: TypedStory, errors: FieldErrors) -> Answer {
    Ok(render::invalid(ctx, story_page(ctx, id, row, typed, errors).await?))
}

async fn transfer(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<GiveBody>) -> Answer {
    let input =
        Giving { rows: String::new(), department: body.department, due_on: body.due_on, note: body.transfer_note };
    match service::transfer(&ctx, id, row, &input).await? {
        // Whoever gave it away may not be able to see it any more.
        Ok(()) if service::row(&ctx, id, row, RowAction::Read).await.is_err() => Ok(render::see_other("/staff/board")),
        Ok(()) => Ok(done(id, row, "transferred")),
        Err(errors) => {
            let typed = TypedStory { transfer: (input.department, input.due_on, input.note), ..TypedStory::default() };
            again(&ctx, id, row, typed, errors).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AskBody {
    asked_department: String,
    asked_due_on: String,
    question: String,
}

async fn ask(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<AskBody>) -> Answer {
    let input = Asking { department: body.asked_department, question: body.question, due_on: body.asked_due_on };
    match service::ask(&ctx, id, row, &input).await? {
        Ok(()) => Ok(done(id, row, "asked")),
        Err(errors) => {
            let typed = TypedStory { ask: (input.department, input.due_on, input.question), ..TypedStory::default() };
            again(&ctx, id, row, typed, errors).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReplyBody {
    reply: String,
}

async fn reply(ctx: Ctx, Path((id, row, referral)): Path<(i64, i64, i64)>, Form(body): Form<ReplyBody>) -> Answer {
    match service::reply(&ctx, id, row, referral, &body.reply).await? {
        Ok(()) => Ok(done(id, row, "replied")),
        Err(errors) => {
            let typed = TypedStory { reply: (Some(referral), body.reply), ..TypedStory::default() };
            again(&ctx, id, row, typed, errors).await
        }
    }
}

async fn withdraw(ctx: Ctx, Path((id, row, referral)): Path<(i64, i64, i64)>) -> Answer {
    service::withdraw(&ctx, id, row, referral).await?;
    Ok(done(id, row, "withdrawn"))
}
