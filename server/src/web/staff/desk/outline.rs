//! Chapters, and the places of rows.

use app::pages::staff::desk::{MergePage, MergeRow, Refusal};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use axum_extra::extract::Form;
use domain::{FieldErrors, permission::ConsultationAction};
use serde::Deserialize;

use super::{Show, base, refusal, refused};
use crate::{
    ctx::Ctx,
    entity::summary,
    error::{AppError, Result},
    render, repository,
    service::{
        consultation::for_staff,
        response::{
            Direction, delete_row,
            gather::{self, Merge, Refused},
            outline::{delete_chapter, from_draft, merge_chapter, move_chapter, move_row, place_row, put_chapter},
        },
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post("/staff/consultations/{id}/responses/chapters", Access::Staff, add_chapter)
        .post("/staff/consultations/{id}/responses/chapters/from-draft", Access::Staff, chapters_from_draft)
        .post("/staff/consultations/{id}/responses/chapters/{chapter}", Access::Staff, change_chapter)
        .post("/staff/consultations/{id}/responses/rows/{row}/move", Access::Staff, reorder_row)
        .post("/staff/consultations/{id}/responses/rows/{row}/delete", Access::Staff, remove_row)
        .get("/staff/consultations/{id}/responses/rows/{row}/merge", Access::Staff, merge_page)
        .post("/staff/consultations/{id}/responses/rows/{row}/merge", Access::Staff, merge)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChapterBody {
    chapter_title: String,
    title: String,
    act: String,
    into: String,
}

async fn chapter_saved(ctx: &Ctx, id: i64, saved: std::result::Result<(), FieldErrors>, typed: String) -> Answer {
    match saved {
        Ok(()) => Ok(render::see_other(&format!("{}?notice=saved", base(id)))),
        Err(errors) => refused(ctx, id, Show { chapter_title: typed, errors, ..Show::default() }).await,
    }
}

async fn add_chapter(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ChapterBody>) -> Answer {
    let saved = put_chapter(&ctx, id, None, &body.chapter_title).await?;
    chapter_saved(&ctx, id, saved, body.chapter_title).await
}

async fn chapters_from_draft(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    match from_draft(&ctx, id).await? {
        Ok(made) => Ok(render::see_other(&format!("{}?notice=chapters&what={made}", base(id)))),
        Err(why) => {
            let refusal = match why {
                Refused::Nothing => Refusal::NoHeadings,
                _ => Refusal::ChaptersThere,
            };
            refused(&ctx, id, Show { refusal: Some(refusal), ..Show::default() }).await
        }
    }
}

async fn change_chapter(ctx: Ctx, Path((id, chapter)): Path<(i64, i64)>, Form(body): Form<ChapterBody>) -> Answer {
    match body.act.as_str() {
        "up" => move_chapter(&ctx, id, chapter, Direction::Up).await?,
        "down" => move_chapter(&ctx, id, chapter, Direction::Down).await?,
        "delete" => delete_chapter(&ctx, id, chapter).await?,
        "merge" => {
            let into = body.into.parse().unwrap_or_default();
            if let Err(why) = merge_chapter(&ctx, id, chapter, into).await? {
                return refused(&ctx, id, Show { refusal: Some(refusal(&why)), ..Show::default() }).await;
            }
        }
        // The Enter key in the title.
        "rename" | "" => {
            let saved = put_chapter(&ctx, id, Some(chapter), &body.title).await?;
            return chapter_saved(&ctx, id, saved, body.title).await;
        }
        _ => return Err(AppError::BadRequest),
    }
    Ok(render::see_other(&format!("{}#chapter-{chapter}", base(id))))
}

/// One step up or down, or to a place of a chapter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoveBody {
    direction: String,
    chapter: String,
    number: String,
}

async fn reorder_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<MoveBody>) -> Answer {
    match (body.direction.as_str(), body.chapter.parse()) {
        ("up", _) => move_row(&ctx, id, row, Direction::Up).await?,
        ("down", _) => move_row(&ctx, id, row, Direction::Down).await?,
        ("", Ok(chapter)) => {
            let number = domain::text::fold(&body.number).parse::<usize>().ok();
            if let Err(why) = place_row(&ctx, id, row, chapter, number).await? {
                return refused(&ctx, id, Show { refusal: Some(refusal(&why)), ..Show::default() }).await;
            }
        }
        _ => return Err(AppError::BadRequest),
    }
    let chapter = repository::response::summary(ctx.db(), row).await?.map_or(0, |s| s.chapter_id);
    let name = repository::row::name(ctx.db(), id, row).await?;
    // The page of its chapter on which it stands now.
    let number = name.split_once('-').and_then(|(_, n)| n.parse::<i64>().ok()).unwrap_or(1);
    let page = (number - 1) / super::limit(super::ROWS) * super::limit(super::ROWS);
    let rows = if page > 0 { format!("&rows={page}") } else { String::new() };
    Ok(render::see_other(&format!("{}?open={chapter}{rows}#desk-{row}", base(id))))
}

async fn remove_row(ctx: Ctx, Path((id, row)): Path<(i64, i64)>) -> Answer {
    delete_row(&ctx, id, row).await?;
    Ok(render::see_other(&format!("{}?notice=deleted", base(id))))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct MergeBody {
    into: String,
    text: String,
    from_version: i64,
    into_version: i64,
}

async fn merge_row(ctx: &Ctx, id: i64, row: &summary::Model) -> Result<MergeRow> {
    let db = ctx.db();
    let answer = match row.ward_view_id {
        Some(answer) => repository::row::answer(db, answer).await?.map(|a| a.text).unwrap_or_default(),
        None => String::new(),
    };
    Ok(MergeRow {
        id: row.id,
        name: repository::row::name(db, id, row.id).await?,
        text: row.text.clone(),
        answer,
        opinions: repository::desk::links_of_row(db, row.id).await?.len(),
        version: row.version,
    })
}

/// Both rows as they are. Without a typed text both texts, one below the other.
async fn merging(
    ctx: &Ctx,
    (id, row): (i64, i64),
    into: &str,
    text: Option<String>,
    refusal: Option<Refusal>,
) -> Result<MergePage> {
    let theme = for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let from = repository::response::summary(ctx.db(), row).await?.filter(|s| s.consultation_id == id);
    let from = from.ok_or(AppError::NotFound)?;
    let found = gather::meant(ctx.db(), id, into).await?.filter(|other| other.id != row);
    let refusal = if found.is_none() { Some(Refusal::UnknownRow) } else { refusal };
    let into_row = match &found {
        Some(found) => Some(merge_row(ctx, id, found).await?),
        None => None,
    };
    let both = |into: &MergeRow| {
        if into.text == from.text { from.text.clone() } else { format!("{}\n\n{}", into.text, from.text) }
    };
    Ok(MergePage {
        theme: (id, theme.row.title),
        text: text.or_else(|| into_row.as_ref().map(both)).unwrap_or_default(),
        from: merge_row(ctx, id, &from).await?,
        into: into_row,
        typed: into.to_owned(),
        refusal,
    })
}

async fn merge_page(ctx: Ctx, Path(place): Path<(i64, i64)>, Query(query): Query<MergeBody>) -> Answer {
    let page = merging(&ctx, place, &query.into, None, None).await?;
    Ok(if page.refusal.is_some() { render::invalid(&ctx, page) } else { render::page(&ctx, page) })
}

async fn merge(ctx: Ctx, Path((id, row)): Path<(i64, i64)>, Form(body): Form<MergeBody>) -> Answer {
    let versions = (body.from_version, body.into_version);
    let input = Merge { into: body.into.clone(), text: body.text.clone(), versions };
    match gather::merge(&ctx, id, row, &input).await? {
        Ok(moved) => {
            let name = repository::row::name(ctx.db(), id, moved.row).await?;
            Ok(render::see_other(&format!("{}?notice=gathered&what={name}#desk-{}", base(id), moved.row)))
        }
        Err(why) => {
            let page = merging(&ctx, (id, row), &body.into, Some(body.text), Some(refusal(&why))).await?;
            let status = if why == Refused::Stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok(render::page_with(&ctx, status, page))
        }
    }
}
