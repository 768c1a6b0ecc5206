//! The response desk.

use std::collections::HashMap;

use app::pages::{
    responses::ResponsePage,
    staff::desk::{
        DeskChapter, DeskPage, DeskRow, Newer, Obstacles, PublishStep, RowForm, RowValues, SourceItem, answer_name,
    },
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use axum_extra::extract::Form;
use domain::{
    Channel, FieldErrors, Phase,
    permission::{ConsultationAction, consultation},
};
use serde::Deserialize;

use super::consultations::moment;
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, repository,
    service::{
        consultation::{Saved, for_staff},
        response::{
            self, Direction, Item, Loading, RowInput, delete_chapter, delete_row, move_chapter, move_row, put_chapter,
            put_row,
        },
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/{id}/responses", Access::Staff, desk)
        .get("/staff/consultations/{id}/responses/preview", Access::Staff, preview)
        .post("/staff/consultations/{id}/responses/publish", Access::Staff, publish)
        .post("/staff/consultations/{id}/responses/unschedule", Access::Staff, unschedule)
        .post("/staff/consultations/{id}/responses/chapters", Access::Staff, add_chapter)
        .post("/staff/consultations/{id}/responses/chapters/{chapter}", Access::Staff, change_chapter)
        .get("/staff/consultations/{id}/responses/rows/new", Access::Staff, new_row)
        .post("/staff/consultations/{id}/responses/rows/new", Access::Staff, create_row)
        .get("/staff/consultations/{id}/responses/rows/{row}", Access::Staff, edit_row)
        .post("/staff/consultations/{id}/responses/rows/{row}", Access::Staff, update_row)
        .post("/staff/consultations/{id}/responses/rows/{row}/move", Access::Staff, reorder_row)
        .post("/staff/consultations/{id}/responses/rows/{row}/delete", Access::Staff, remove_row)
}

fn base(id: i64) -> String {
    format!("/staff/consultations/{id}/responses")
}

/// Names of rows, such as 「1-2」, by summary id; on the desk empty chapters count.
fn names(loading: &Loading) -> HashMap<i64, String> {
    let mut names = HashMap::new();
    for (c, chapter) in (1..).zip(&loading.desk.chapters) {
        for (n, row) in (1..).zip(loading.desk.summaries.iter().filter(|s| s.chapter_id == chapter.id)) {
            names.insert(row.id, format!("{c}-{n}"));
        }
    }
    names
}

fn source(loading: &Loading, names: &HashMap<i64, String>, item: &Item) -> SourceItem {
    let rows = loading
        .desk
        .summaries
        .iter()
        .filter(|s| loading.desk.items.get(&s.id).is_some_and(|items| items.contains(&item.row.id)));
    SourceItem {
        id: item.row.id,
        receipt: item.proposal.receipt_number.clone(),
        channel: Channel::from_code(&item.proposal.channel).unwrap_or_default(),
        title: item.proposal.title.clone(),
        text: item.text().to_owned(),
        rows: rows.filter_map(|s| names.get(&s.id).cloned()).collect(),
    }
}

/// Rows that use an answer, by the answer's id.
fn users(loading: &Loading, names: &HashMap<i64, String>) -> HashMap<i64, Vec<(i64, String)>> {
    let mut users: HashMap<i64, Vec<(i64, String)>> = HashMap::new();
    let in_order =
        loading.desk.chapters.iter().flat_map(|c| loading.desk.summaries.iter().filter(move |s| s.chapter_id == c.id));
    for row in in_order {
        if let (Some(view), Some(name)) = (row.ward_view_id, names.get(&row.id)) {
            users.entry(view).or_default().push((row.id, name.clone()));
        }
    }
    users
}

fn chapters(loading: &Loading, names: &HashMap<i64, String>) -> Vec<DeskChapter> {
    let users = users(loading, names);
    let row = |s: &crate::entity::summary::Model| {
        let answer = s.ward_view_id.and_then(|v| loading.desk.ward_views.get(&v));
        let others = s.ward_view_id.and_then(|v| users.get(&v)).into_iter().flatten();
        let items = loading.desk.items.get(&s.id).into_iter().flatten();
        DeskRow {
            id: s.id,
            name: names.get(&s.id).cloned().unwrap_or_default(),
            text: s.text.clone(),
            answer: answer.map(|a| a.text.clone()).unwrap_or_default(),
            disposition: answer
                .and_then(|a| a.disposition.as_deref())
                .and_then(|code| loading.consultation.preset.find(code))
                .map(|d| (d.code.to_owned(), format!("{} {}", d.mark, d.label))),
            shared_with: others.filter(|(id, _)| *id != s.id).map(|(_, name)| name.clone()).collect(),
            receipts: items.filter_map(|i| loading.items.get(i)).map(|i| i.proposal.receipt_number.clone()).collect(),
        }
    };
    loading
        .desk
        .chapters
        .iter()
        .map(|c| DeskChapter {
            id: c.id,
            title: c.title.clone(),
            rows: loading.desk.summaries.iter().filter(|s| s.chapter_id == c.id).map(row).collect(),
        })
        .collect()
}

async fn desk_page(
    ctx: &Ctx,
    id: i64,
    done: Option<&'static str>,
    chapter_title: String,
    errors: FieldErrors,
) -> Result<DeskPage> {
    let loading = response::desk(ctx, id).await?;
    let names = names(&loading);
    let ready = response::readiness(&loading);
    let newest = repository::response::newest(ctx.db(), id).await?;
    let waiting = newest.as_ref().is_some_and(|last| last.published_at > ctx.now);
    let published = if waiting { repository::response::latest(ctx.db(), id, ctx.now).await? } else { newest.clone() };
    let unchanged = match &published {
        Some(last) => response::same_content(
            &response::parse(last)?,
            &response::table(ctx.db(), ctx, &loading, last.version).await?,
        ),
        None => false,
    };
    let phase = loading.consultation.phase;
    let tie = ctx.tie(loading.consultation.row.department_id);
    // Whether the role may publish at all is asked for a phase in which it can be.
    let may_publish = consultation(ctx.role(), tie, ConsultationAction::PublishResponses, Phase::UnderReview);
    Ok(DeskPage {
        id,
        theme: loading.consultation.row.title.clone(),
        chapters: chapters(&loading, &names),
        sources: loading.items.values().map(|i| source(&loading, &names, i)).collect(),
        obstacles: Obstacles {
            unanswered: ready.unanswered,
            unmarked: ready.unmarked,
            empty: ready.empty,
            unlinked: ready.unlinked,
        },
        may_edit: consultation(ctx.role(), tie, ConsultationAction::DraftResponses, phase),
        step: match phase {
            _ if waiting => PublishStep::Scheduled,
            _ if unchanged => PublishStep::Unchanged,
            Phase::UnderReview | Phase::ResultOut | Phase::Progress if may_publish => PublishStep::Ready,
            Phase::UnderReview | Phase::ResultOut | Phase::Progress => PublishStep::NeedsApprover,
            _ => PublishStep::NotClosed,
        },
        scheduled: newest.filter(|_| waiting).map(|p| (p.version, p.published_at)),
        may_publish,
        typed_at: (String::new(), String::new()),
        past: false,
        published: published.map(|p| (p.version, p.published_at)),
        chapter_title,
        errors,
        done,
    })
}

#[derive(Debug, Default, Deserialize)]
struct NoticeQuery {
    #[serde(default)]
    notice: String,
}

async fn desk(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NoticeQuery>) -> Answer {
    let done = ["saved", "deleted", "published", "scheduled", "unscheduled"].into_iter().find(|n| *n == query.notice);
    Ok(render::page(&ctx, desk_page(&ctx, id, done, String::new(), FieldErrors::new()).await?))
}

async fn preview(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let loading = response::desk(&ctx, id).await?;
    let version = repository::response::newest(ctx.db(), id).await?.map_or(1, |p| p.version + 1);
    let table = response::table(ctx.db(), &ctx, &loading, version).await?;
    Ok(render::page(&ctx, ResponsePage { table, document_href: None, preview: true }))
}

/// Without the fields of a day and a time it is published now. Lists, since an empty field that is there must not be
/// taken for one that isn't.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PublishBody {
    at_date: Vec<String>,
    at_time: Vec<String>,
}

async fn publish(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<PublishBody>) -> Answer {
    if body.at_date.is_empty() && body.at_time.is_empty() {
        response::publish(&ctx, id, None).await?;
        return Ok(render::see_other(&format!("{}?notice=published", base(id))));
    }
    for_staff(&ctx, id, ConsultationAction::PublishResponses).await?;
    let typed_at = (body.at_date.concat(), body.at_time.concat());
    let (errors, past) = match moment(&typed_at.0, &typed_at.1) {
        Ok(at) if at > ctx.now => {
            response::publish(&ctx, id, Some(at)).await?;
            return Ok(render::see_other(&format!("{}?notice=scheduled", base(id))));
        }
        Ok(_) => (FieldErrors::new(), true),
        Err(errors) => (errors, false),
    };
    let page = desk_page(&ctx, id, None, String::new(), errors).await?;
    Ok(render::invalid(&ctx, DeskPage { typed_at, past, ..page }))
}

async fn unschedule(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    response::unschedule(&ctx, id).await?;
    Ok(render::see_other(&format!("{}?notice=unscheduled", base(id))))
}

#[derive(Debug, Default, Deserialize)]
struct ChapterBody {
    #[serde(default)]
    chapter_title: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    act: String,
}

async fn chapter_saved(ctx: &Ctx, id: i64, saved: std::result::Result<(), FieldErrors>, typed: String) -> Answer {
    match saved {
        Ok(()) => Ok(render::see_other(&format!("{}?notice=saved", base(id)))),
        Err(errors) => Ok(render::invalid(ctx, desk_page(ctx, id, None, typed, errors).await?)),
    }
}

async fn add_chapter(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ChapterBody>) -> Answer {
    let saved = put_chapter(&ctx, id, None, &body.chapter_title).await?;
    chapter_saved(&ctx, id, saved, body.chapter_title).await
}

async fn change_chapter(ctx: Ctx, Path((id, chapter)): Path<(i64, i64)>, Form(body): Form<ChapterBody>) -> Answer {
    match body.act.as_str() {
        "up" => move_chapter(&ctx, id, chapter, Direction::Up).await?,
        "down" => move_chapter(&ctx, id, chapter, Direction::Down).await?,
        "delete" => delete_chapter(&ctx, id, chapter).await?,
        "rename" => {
            let saved = put_chapter(&ctx, id, Some(chapter), &body.title).await?;
            return chapter_saved(&ctx, id, saved, body.title).await;
        }
        _ => return Err(AppError::BadRequest),
    }
    Ok(render::see_other(&base(id)))
}

#[derive(Debug, Default, Deserialize)]
struct NewRowQuery {
    #[serde(default)]
    chapter: String,
    #[serde(default)]
    item: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct RowBody {
    #[serde(default)]
    chapter: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    items: Vec<i64>,
    #[serde(default)]
    ward_view: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    disposition: String,
    #[serde(default)]
    row_version: i64,
    #[serde(default)]
    answer_version: i64,
}

impl RowBody {
    fn input(&self) -> RowInput {
        RowInput {
            chapter: self.chapter.clone(),
            text: self.text.clone(),
            items: self.items.clone(),
            ward_view: self.ward_view.clone(),
            answer: self.answer.clone(),
            disposition: self.disposition.clone(),
            versions: (self.row_version, self.answer_version),
        }
    }

    fn values(self) -> RowValues {
        RowValues {
            chapter: self.chapter,
            text: self.text,
            items: self.items,
            ward_view: self.ward_view,
            answer: self.answer,
            disposition: self.disposition,
            versions: (self.row_version, self.answer_version),
        }
    }
}

fn row_form(ctx: &Ctx, loading: &Loading, row: Option<i64>, values: RowValues, errors: FieldErrors) -> RowForm {
    let names = names(loading);
    let users = users(loading, &names);
    let mut sources: Vec<SourceItem> = loading.items.values().map(|i| source(loading, &names, i)).collect();
    sources.sort_by_key(|s| (!values.items.contains(&s.id), !s.rows.is_empty(), s.id));
    let mut answers: Vec<(i64, String)> = loading
        .desk
        .ward_views
        .values()
        .map(|v| {
            let rows: Vec<String> = users.get(&v.id).into_iter().flatten().map(|(_, name)| name.clone()).collect();
            (v.id, answer_name(ctx.locale, &rows, &v.text))
        })
        .collect();
    answers.sort();
    RowForm {
        id: loading.consultation.row.id,
        theme: loading.consultation.row.title.clone(),
        row,
        chapters: loading.desk.chapters.iter().map(|c| (c.id, c.title.clone())).collect(),
        sources,
        answers,
        dispositions: loading
            .consultation
            .preset
            .dispositions()
            .iter()
            .map(|d| (d.code.to_owned(), format!("{} {}", d.mark, d.label)))
            .collect(),
        values,
        errors,
        newer: None,
    }
}

async fn loading_to_write(ctx: &Ctx, id: i64) -> Result<Loading> {
    let loading = response::desk(ctx, id).await?;
    let tie = ctx.tie(loading.consultation.row.department_id);
    ctx.allow(consultation(ctx.role(), tie, ConsultationAction::DraftResponses, loading.consultation.phase))?;
    Ok(loading)
}

async fn new_row(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NewRowQuery>) -> Answer {
    let loading = loading_to_write(&ctx, id).await?;
    if loading.desk.chapters.is_empty() {
        return Ok(render::see_other(&base(id)));
    }
    let item = query.item.and_then(|item| loading.items.get(&item));
    let values = RowValues {
        chapter: query.chapter,
        text: item.map(|i| i.text().to_owned()).unwrap_or_default(),
        items: item.map(|i| i.row.id).into_iter().collect(),
        ..RowValues::default()
    };
    Ok(render::page(&ctx, row_form(&ctx, &loading, None, values, FieldErrors::new())))
}

/// The row as it is saved.
fn saved_values(loading: &Loading, row: i64) -> Result<RowValues> {
    let summary = loading.desk.summaries.iter().find(|s| s.id == row).ok_or(AppError::NotFound)?;
    let answer = summary.ward_view_id.and_then(|v| loading.desk.ward_views.get(&v));
    Ok(RowValues {
        chapter: summary.chapter_id.to_string(),
        text: summary.text.clone(),
        items: loading
            .desk
            .items
            .get(&row)
            .into_iter()
            .flatten()
            .copied()
            .filter(|i| loading.items.contains_key(i))
            .collect(),
        ward_view: answer.map(|a| a.id.to_string()).unwrap_or_default(),
        answer: answer.map(|a| a.text.clone()).unwrap_or_default(),
        disposition: answer.and_then(|a| a.disposition.clone()).unwrap_or_default(),
        versions: (summary.version, answer.map_or(0, |a| a.version)),
    })
}

async fn edit_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>) -> Answer {
    let loading = loading_to_write(&ctx, id).await?;
    let values = saved_values(&loading, row)?;
    Ok(render::page(&ctx, row_form(&ctx, &loading, Some(row), values, FieldErrors::new())))
}

async fn save(ctx: &Ctx, id: i64, row: Option<i64>, body: RowBody) -> Answer {
    match put_row(ctx, id, row, &body.input()).await? {
        Ok(Saved::Done) => Ok(render::see_other(&format!("{}?notice=saved", base(id)))),
        Ok(Saved::Stale(_)) => stale(ctx, id, row.ok_or(AppError::Conflict)?, body).await,
        Err(errors) => {
            let loading = loading_to_write(ctx, id).await?;
            Ok(render::invalid(ctx, row_form(ctx, &loading, row, body.values(), errors)))
        }
    }
}

/// Somebody else saved first: both texts, and the typed one in the fields.
async fn stale(ctx: &Ctx, id: i64, row: i64, body: RowBody) -> Answer {
    let loading = loading_to_write(ctx, id).await?;
    let saved = saved_values(&loading, row)?;
    let at = loading.desk.summaries.iter().find(|s| s.id == row).map_or(ctx.now, |s| s.updated_at);
    let values = RowValues { versions: saved.versions, ..body.values() };
    let mut page = row_form(ctx, &loading, Some(row), values, FieldErrors::new());
    page.newer = Some(Newer { text: saved.text, answer: saved.answer, at });
    Ok(render::page_with(ctx, StatusCode::CONFLICT, page))
}

async fn create_row(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<RowBody>) -> Answer {
    save(&ctx, id, None, body).await
}

async fn update_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<RowBody>) -> Answer {
    save(&ctx, id, Some(row), body).await
}

#[derive(Debug, Deserialize)]
struct MoveBody {
    direction: String,
}

async fn reorder_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<MoveBody>) -> Answer {
    let direction = match body.direction.as_str() {
        "up" => Direction::Up,
        "down" => Direction::Down,
        _ => return Err(AppError::BadRequest),
    };
    move_row(&ctx, id, row, direction).await?;
    Ok(render::see_other(&format!("{}#desk-{row}", base(id))))
}

async fn remove_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>) -> Answer {
    delete_row(&ctx, id, row).await?;
    Ok(render::see_other(&format!("{}?notice=deleted", base(id))))
}
