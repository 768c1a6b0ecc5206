//! Writing on the desk.

use domain::{FieldErrors, Problem, permission::ConsultationAction, text};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{Loading, begin, load};
use crate::{
    audit,
    ctx::Ctx,
    entity::{chapter, summary, ward_view},
    error::{AppError, Result},
    repository::{self, response::Desk},
    service::{
        Checked,
        consultation::{Saved, for_staff},
    },
};

/// Longest summary or answer in graphemes.
pub const TEXT_MAX: usize = 8000;
/// Longest title of a chapter.
pub const CHAPTER_MAX: usize = 80;

/// Adds a chapter at the end, or renames one.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: the title.
pub async fn put_chapter(ctx: &Ctx, id: i64, chapter: Option<i64>, title: &str) -> Result<Checked<()>> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let title = match text::required_line(title, CHAPTER_MAX) {
        Ok(title) => title,
        Err(problem) => return Ok(Err(FieldErrors::one("chapter_title", problem))),
    };
    let (tx, _) = begin(ctx, id).await?;
    let saved = match chapter {
        Some(chapter) => {
            own_chapter(&tx, id, chapter).await?;
            let changes = chapter::ActiveModel { id: Unchanged(chapter), title: Set(title), ..Default::default() };
            repository::response::update_chapter(&tx, changes).await?
        }
        None => {
            let last = repository::response::desk(&tx, id).await?.chapters.last().map_or(0, |c| c.position);
            let row = chapter::ActiveModel {
                consultation_id: Set(id),
                position: Set(last + 1),
                title: Set(title),
                ..Default::default()
            };
            repository::response::insert_chapter(&tx, row).await?
        }
    };
    audit::record(&tx, ctx, "chapter.save", ("consultation", id), json!({ "chapter": saved.id, "title": saved.title }))
        .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

async fn own_chapter<C: ConnectionTrait>(tx: &C, consultation: i64, id: i64) -> Result<chapter::Model> {
    repository::response::chapter(tx, id).await?.filter(|c| c.consultation_id == consultation).ok_or(AppError::NotFound)
}

async fn own_summary<C: ConnectionTrait>(tx: &C, consultation: i64, id: i64) -> Result<summary::Model> {
    repository::response::summary(tx, id).await?.filter(|s| s.consultation_id == consultation).ok_or(AppError::NotFound)
}

/// Deletes a chapter without rows.
///
/// # Errors
/// [`AppError::Conflict`] when it has rows.
pub async fn delete_chapter(ctx: &Ctx, id: i64, chapter: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let row = own_chapter(&tx, id, chapter).await?;
    let desk = repository::response::desk(&tx, id).await?;
    if desk.summaries.iter().any(|s| s.chapter_id == chapter) {
        return Err(AppError::Conflict);
    }
    repository::response::delete_chapter(&tx, chapter).await?;
    audit::record(&tx, ctx, "chapter.delete", ("consultation", id), json!({ "title": row.title })).await?;
    tx.commit().await?;
    Ok(())
}

/// Which way something moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the top.
    Up,
    /// Towards the end.
    Down,
}

/// The ids in their new order, or `None` when it is at the end already.
fn moved(ids: &[i64], id: i64, direction: Direction) -> Option<Vec<i64>> {
    let place = ids.iter().position(|i| *i == id)?;
    let other = match direction {
        Direction::Up => place.checked_sub(1)?,
        Direction::Down => Some(place + 1).filter(|p| *p < ids.len())?,
    };
    let mut new = ids.to_vec();
    new.swap(place, other);
    Some(new)
}

/// Moves a chapter.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn move_chapter(ctx: &Ctx, id: i64, chapter: i64, direction: Direction) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    own_chapter(&tx, id, chapter).await?;
    let ids: Vec<i64> = repository::response::desk(&tx, id).await?.chapters.iter().map(|c| c.id).collect();
    for (position, id) in (1_i64..).zip(moved(&ids, chapter, direction).unwrap_or_default()) {
        let changes = chapter::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() };
        repository::response::update_chapter(&tx, changes).await?;
    }
    audit::record(&tx, ctx, "chapter.move", ("consultation", id), json!({ "chapter": chapter })).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a row within its chapter.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn move_row(ctx: &Ctx, id: i64, row: i64, direction: Direction) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let own = own_summary(&tx, id, row).await?;
    let desk = repository::response::desk(&tx, id).await?;
    let ids: Vec<i64> = desk.summaries.iter().filter(|s| s.chapter_id == own.chapter_id).map(|s| s.id).collect();
    for (position, id) in (1_i64..).zip(moved(&ids, row, direction).unwrap_or_default()) {
        let changes = summary::ActiveModel { id: Unchanged(id), position: Set(position), ..Default::default() };
        repository::response::update_summary(&tx, changes).await?;
    }
    audit::record(&tx, ctx, "row.move", ("consultation", id), json!({ "row": row })).await?;
    tx.commit().await?;
    Ok(())
}

/// A row as entered: the summary, what it gathers, and its answer.
#[derive(Clone, Debug, Default)]
pub struct RowInput {
    /// The chapter's id.
    pub chapter: String,
    /// 要旨.
    pub text: String,
    /// Ids of opinion items.
    pub items: Vec<i64>,
    /// Id of the answer it shares with other rows; empty for one of its own.
    pub ward_view: String,
    /// 区の考え方; may be empty in a draft.
    pub answer: String,
    /// 対応区分; may be empty in a draft.
    pub disposition: String,
    /// The versions the page showed, of the row and of the answer.
    pub versions: (i64, i64),
}

struct CleanRow {
    chapter: i64,
    text: String,
    items: Vec<i64>,
    ward_view: Option<i64>,
    answer: Option<String>,
    disposition: Option<String>,
}

fn check_row(loading: &Loading, input: &RowInput) -> Checked<CleanRow> {
    let mut errors = FieldErrors::new();
    let chapter = input.chapter.parse::<i64>().ok().filter(|id| loading.desk.chapters.iter().any(|c| c.id == *id));
    if chapter.is_none() {
        errors.push("chapter", Problem::ChoiceRequired);
    }
    let text = errors.take("text", text::required(&input.text, TEXT_MAX));
    let answer = errors.take("answer", text::optional(&input.answer, TEXT_MAX));
    let items: Vec<i64> = input.items.iter().copied().filter(|id| loading.items.contains_key(id)).collect();
    if items.len() != input.items.len() {
        errors.push("items", Problem::UnknownChoice);
    }
    let ward_view = input.ward_view.parse::<i64>().ok();
    if ward_view.is_some_and(|id| !loading.desk.ward_views.contains_key(&id)) {
        errors.push("ward_view", Problem::UnknownChoice);
    }
    let disposition = Some(input.disposition.clone()).filter(|d| !d.is_empty());
    if disposition.as_deref().is_some_and(|d| loading.consultation.preset.find(d).is_none()) {
        errors.push("disposition", Problem::UnknownChoice);
    }
    errors.into_result(CleanRow { chapter: chapter.unwrap_or_default(), text, items, ward_view, answer, disposition })
}

/// Saves a row, new (`None`) or changed. When somebody else saved first, nothing is written and the page shows both.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn put_row(ctx: &Ctx, id: i64, row: Option<i64>, input: &RowInput) -> Result<Checked<Saved>> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let actor = ctx.actor()?.id.0;
    let (tx, consultation) = begin(ctx, id).await?;
    let loading = load(&tx, consultation).await?;
    let clean = match check_row(&loading, input) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let old = match row {
        Some(row) => Some(own_summary(&tx, id, row).await?),
        None => None,
    };
    let old_answer = old.as_ref().and_then(|o| o.ward_view_id).and_then(|v| loading.desk.ward_views.get(&v));
    let target = clean.ward_view.and_then(|v| loading.desk.ward_views.get(&v));
    let stale_row = old.as_ref().is_some_and(|o| o.version != input.versions.0);
    // An answer is only written over when the page showed it.
    let stale_answer =
        target.is_some_and(|t| t.version != input.versions.1 && old_answer.is_some_and(|o| o.id == t.id));
    if stale_row || stale_answer {
        return Ok(Ok(Saved::Stale(old.map_or(0, |o| o.version))));
    }
    let same_answer = target.is_some() && target.map(|t| t.id) == old_answer.map(|o| o.id);
    let ward_view = match target {
        // Shared with another row by choice: its text stays as it is.
        Some(target) if !same_answer => Some(target.id),
        target => put_answer(&tx, ctx, id, target, &clean).await?,
    };
    let changes = summary::ActiveModel {
        consultation_id: Set(id),
        chapter_id: Set(clean.chapter),
        ward_view_id: Set(ward_view),
        text: Set(clean.text),
        version: Set(old.as_ref().map_or(1, |o| o.version + 1)),
        updated_at: Set(ctx.now),
        updated_by: Set(actor),
        ..Default::default()
    };
    let saved = save_summary(&tx, &loading.desk, old.as_ref(), clean.chapter, changes).await?;
    repository::response::set_items(&tx, saved.id, &clean.items).await?;
    drop_orphan(&tx, id, old.and_then(|o| o.ward_view_id)).await?;
    audit::record(&tx, ctx, "row.save", ("consultation", id), json!({ "row": saved.id, "items": clean.items.len() }))
        .await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

async fn save_summary<C: ConnectionTrait>(
    tx: &C,
    desk: &Desk,
    old: Option<&summary::Model>,
    chapter: i64,
    mut changes: summary::ActiveModel,
) -> Result<summary::Model> {
    let end = desk.summaries.iter().filter(|s| s.chapter_id == chapter).map(|s| s.position).max().unwrap_or(0) + 1;
    Ok(match old {
        Some(old) => {
            changes.id = Unchanged(old.id);
            changes.position = Set(if old.chapter_id == chapter { old.position } else { end });
            repository::response::update_summary(tx, changes).await?
        }
        None => {
            changes.position = Set(end);
            repository::response::insert_summary(tx, changes).await?
        }
    })
}

async fn put_answer<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    consultation: i64,
    old: Option<&ward_view::Model>,
    clean: &CleanRow,
) -> Result<Option<i64>> {
    if old.is_none() && clean.answer.is_none() && clean.disposition.is_none() {
        return Ok(None);
    }
    let mut row = ward_view::ActiveModel {
        consultation_id: Set(consultation),
        text: Set(clean.answer.clone().unwrap_or_default()),
        disposition: Set(clean.disposition.clone()),
        version: Set(old.map_or(1, |o| o.version + 1)),
        updated_at: Set(ctx.now),
        updated_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    let saved = match old {
        Some(old) => {
            row.id = Unchanged(old.id);
            repository::response::update_ward_view(tx, row).await?
        }
        None => repository::response::insert_ward_view(tx, row).await?,
    };
    Ok(Some(saved.id))
}

/// An answer no row uses any more goes with its last row.
async fn drop_orphan<C: ConnectionTrait>(tx: &C, consultation: i64, ward_view: Option<i64>) -> Result<()> {
    let Some(ward_view) = ward_view else { return Ok(()) };
    let desk = repository::response::desk(tx, consultation).await?;
    if !desk.summaries.iter().any(|s| s.ward_view_id == Some(ward_view)) {
        repository::response::delete_ward_view(tx, ward_view).await?;
    }
    Ok(())
}

/// Deletes a row; the opinions it gathered are unlinked, nothing of them is lost.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn delete_row(ctx: &Ctx, id: i64, row: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let old = own_summary(&tx, id, row).await?;
    repository::response::delete_summary(&tx, row).await?;
    drop_orphan(&tx, id, old.ward_view_id).await?;
    audit::record(&tx, ctx, "row.delete", ("consultation", id), json!({ "row": row, "text": old.text })).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_stops_at_the_ends() {
        assert_eq!(moved(&[1, 2, 3], 2, Direction::Up), Some(vec![2, 1, 3]));
        assert_eq!(moved(&[1, 2, 3], 2, Direction::Down), Some(vec![1, 3, 2]));
        assert_eq!(moved(&[1, 2, 3], 1, Direction::Up), None);
        assert_eq!(moved(&[1, 2, 3], 3, Direction::Down), None);
        assert_eq!(moved(&[1, 2, 3], 9, Direction::Down), None);
    }
}
