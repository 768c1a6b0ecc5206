//! Gathering opinions into rows: new rows, more opinions for a row, 再掲, taking out, dividing and merging rows.
//!
//! An opinion is counted in one row (`again = 0`); elsewhere it is repeated (再掲) and not counted. Whoever gathers what
//! another row counts moves it. Every write recomputes whether the row is word for word what was sent, and takes its
//! confirmation back.

mod rows;

use std::collections::BTreeSet;

use domain::{Problem, permission::ConsultationAction, text};
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;

pub use rows::{Merge, merge, split_row};

use super::{
    begin,
    desk::{own_chapter, own_summary},
    journal::{Kind, Label, Recorder, Touched},
    outline,
    row::{TEXT_MAX, refresh_verbatim},
};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::summary,
    error::Result,
    repository::{
        self,
        desk::{Filter, ItemFact},
    },
    service::consultation::for_staff,
};

/// Most opinions that are moved at once.
pub const AT_ONCE: usize = 5000;

/// Why nothing was done, in no language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No opinion was chosen.
    Nothing,
    /// More opinions than [`AT_ONCE`].
    TooMany,
    /// An opinion is not there (any more), or doesn't count.
    UnknownItem,
    /// No such row.
    UnknownRow,
    /// No such chapter.
    UnknownChapter,
    /// An opinion is 対象外.
    OutOfScope,
    /// An opinion that is in no row can't be repeated.
    NotPlaced,
    /// All of it is so already.
    AlreadySo,
    /// All opinions of the row were chosen: none would stay in it.
    AllOfRow,
    /// The reason is missing or too long.
    Reason(Problem),
    /// The text of the row is wrong.
    Text(Problem),
    /// Somebody changed the row in the meantime.
    Stale,
}

/// What came of it: how many opinions were moved, and into which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The row.
    pub row: i64,
    /// How many opinions.
    pub items: usize,
}

/// What a move of opinions gives.
pub type Outcome<T> = Result<std::result::Result<T, Refused>>;

/// The number of a row as people write it (「1-2」, No.１－２), or nothing.
#[must_use]
pub fn row_number(typed: &str) -> Option<(i64, i64)> {
    let plain = text::fold(typed);
    let plain = plain.trim_start_matches("no").trim_start_matches('.').trim();
    let is_dash = |c: char| matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−' | 'ー' | '―');
    let (chapter, number) = plain.split_once(is_dash)?;
    let read = |part: &str| part.trim().parse::<i64>().ok().filter(|n| *n > 0);
    Some((read(chapter)?, read(number)?))
}

/// The opinions as they are, or why they can't be moved.
pub(super) async fn chosen<C: ConnectionTrait>(
    db: &C,
    theme: i64,
    items: &[i64],
) -> Result<std::result::Result<Vec<ItemFact>, Refused>> {
    let items: BTreeSet<i64> = items.iter().copied().collect();
    if items.is_empty() {
        return Ok(Err(Refused::Nothing));
    }
    if items.len() > AT_ONCE {
        return Ok(Err(Refused::TooMany));
    }
    let items: Vec<i64> = items.into_iter().collect();
    let facts = repository::desk::item_facts(db, theme, &items).await?;
    Ok(if facts.len() == items.len() { Ok(facts) } else { Err(Refused::UnknownItem) })
}

/// The same, for opinions in scope.
async fn in_scope<C: ConnectionTrait>(
    db: &C,
    theme: i64,
    items: &[i64],
) -> Result<std::result::Result<Vec<ItemFact>, Refused>> {
    Ok(match chosen(db, theme, items).await? {
        Ok(facts) if facts.iter().any(|f| f.out_of_scope.is_some()) => Err(Refused::OutOfScope),
        other => other,
    })
}

/// The row that was meant: by its number, or by its id when it comes from a list.
///
/// # Errors
/// When the database is away.
pub async fn meant<C: ConnectionTrait>(db: &C, theme: i64, typed: &str) -> Result<Option<summary::Model>> {
    let id = match row_number(typed) {
        Some(number) => repository::row::by_name(db, theme, number).await?.map(|(row, _)| row),
        None => typed.trim().parse().ok(),
    };
    let Some(id) = id else { return Ok(None) };
    Ok(repository::response::summary(db, id).await?.filter(|s| s.consultation_id == theme))
}

/// Says of rows whether they are word for word what was sent, after their opinions or texts changed, and takes their
/// confirmations back.
///
/// # Errors
/// When the database refuses.
pub async fn refresh<C: ConnectionTrait>(tx: &C, ctx: &Ctx, rows: impl IntoIterator<Item = i64>) -> Result<()> {
    let actor = ctx.actor()?.id.0;
    for row in rows {
        refresh_verbatim(tx, row).await?;
        repository::desk::bump(tx, row, actor, ctx.now).await?;
    }
    Ok(())
}

/// Lets opinions that no row counts any more be counted by the first row that repeats them, so that none is lost from
/// the count.
///
/// # Errors
/// When the database refuses.
pub(super) async fn promote<C: ConnectionTrait>(tx: &C, items: &[i64]) -> Result<()> {
    let links = repository::desk::links_of_items(tx, items).await?;
    let mut counted: BTreeSet<i64> = links.iter().filter(|l| l.again == 0).map(|l| l.opinion_item_id).collect();
    for link in links {
        if counted.insert(link.opinion_item_id) {
            repository::row::count_here(tx, link.summary_id, link.opinion_item_id).await?;
        }
    }
    Ok(())
}

/// The opinions that fit a filter, at most [`AT_ONCE`] and one.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn matching(ctx: &Ctx, id: i64, filter: &Filter) -> Result<Vec<i64>> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX) + 1;
    Ok(repository::desk::item_ids(ctx.db(), id, filter, limit).await?)
}

/// A row to make of opinions.
#[derive(Clone, Debug, Default)]
pub struct NewRow {
    /// The chapter's id.
    pub chapter: String,
    /// 要旨; empty takes the text of the first opinion.
    pub text: String,
    /// The opinions.
    pub items: Vec<i64>,
}

/// Makes a row of opinions, at the end of its chapter. Those that another row counts move.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn new_row(ctx: &Ctx, id: i64, new: &NewRow) -> Outcome<Moved> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let typed = match text::optional(&new.text, TEXT_MAX) {
        Ok(typed) => typed,
        Err(problem) => return Ok(Err(Refused::Text(problem))),
    };
    let (tx, _) = begin(ctx, id).await?;
    let facts = match in_scope(&tx, id, &new.items).await? {
        Ok(facts) => facts,
        Err(refused) => return Ok(Err(refused)),
    };
    let Ok(chapter) = new.chapter.parse::<i64>() else { return Ok(Err(Refused::UnknownChapter)) };
    if own_chapter(&tx, id, chapter).await.is_err() {
        return Ok(Err(Refused::UnknownChapter));
    }
    let ids: Vec<i64> = facts.iter().map(|f| f.id).collect();
    let journal = Recorder::begin(&tx, id, touched(&facts)).await?;
    let text = match typed {
        Some(text) => text,
        None => first_text(&tx, &ids).await?,
    };
    let position = outline::end(&tx, chapter).await?;
    let row = insert(&tx, ctx, id, (chapter, position), text, None).await?;
    place(&tx, ctx, row, &facts).await?;
    let name = repository::row::name(&tx, id, row).await?;
    journal.finish(&tx, ctx, Kind::Gather, &Label::of(name, ids.len())).await?;
    let detail = json!({ "row": row, "items": ids.len() });
    audit::record(&tx, ctx, "row.gather", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(Moved { row, items: ids.len() }))
}

/// What a row is called at first: what its first opinion says.
async fn first_text(tx: &WriteTransaction, items: &[i64]) -> Result<String> {
    let first = items.first().copied().unwrap_or_default();
    let text = repository::desk::item_text(tx, first).await?.unwrap_or_default();
    Ok(text::normalise_newlines(&text).trim().to_owned())
}

async fn insert(
    tx: &WriteTransaction,
    ctx: &Ctx,
    theme: i64,
    (chapter, position): (i64, i64),
    text: String,
    ward_view: Option<i64>,
) -> Result<i64> {
    let row = summary::ActiveModel {
        consultation_id: Set(theme),
        chapter_id: Set(chapter),
        position: Set(position),
        text: Set(text),
        version: Set(0),
        updated_at: Set(ctx.now),
        updated_by: Set(ctx.actor()?.id.0),
        ward_view_id: Set(ward_view),
        verbatim: Set(0),
        ..Default::default()
    };
    Ok(repository::response::insert_summary(tx, row).await?.id)
}

/// What moving opinions touches: themselves, and the rows that count them now.
fn touched(facts: &[ItemFact]) -> Touched {
    let ids: Vec<i64> = facts.iter().map(|f| f.id).collect();
    Touched::default().items(&ids).heads(facts.iter().filter_map(|f| f.row_id))
}

/// Moves opinions into a row that counts them from now on, out of the rows that did.
async fn place(tx: &WriteTransaction, ctx: &Ctx, row: i64, facts: &[ItemFact]) -> Result<()> {
    let ids: Vec<i64> = facts.iter().map(|f| f.id).collect();
    let links = repository::desk::links_of_items(tx, &ids).await?;
    // What counts it elsewhere, and what repeats it here.
    let gone: Vec<_> = links.into_iter().filter(|l| l.again == 0 || l.summary_id == row).collect();
    repository::desk::unlink(tx, &gone).await?;
    repository::desk::link(tx, row, &ids, false).await?;
    let rows: BTreeSet<i64> = gone.iter().map(|l| l.summary_id).chain([row]).collect();
    refresh(tx, ctx, rows).await
}

/// Adds opinions to a row that counts them from now on. Those that another row counts move.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn gather(ctx: &Ctx, id: i64, row: &str, items: &[i64]) -> Outcome<Moved> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let mut facts = match in_scope(&tx, id, items).await? {
        Ok(facts) => facts,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(row) = meant(&tx, id, row).await? else { return Ok(Err(Refused::UnknownRow)) };
    facts.retain(|f| f.row_id != Some(row.id));
    if facts.is_empty() {
        return Ok(Err(Refused::AlreadySo));
    }
    let journal = Recorder::begin(&tx, id, touched(&facts).heads([row.id])).await?;
    place(&tx, ctx, row.id, &facts).await?;
    let name = repository::row::name(&tx, id, row.id).await?;
    journal.finish(&tx, ctx, Kind::Gather, &Label::of(name, facts.len())).await?;
    let detail = json!({ "row": row.id, "items": facts.len() });
    audit::record(&tx, ctx, "row.gather", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(Moved { row: row.id, items: facts.len() }))
}

/// Repeats opinions in a row (再掲): they stay counted where they are.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn repeat(ctx: &Ctx, id: i64, row: &str, items: &[i64]) -> Outcome<Moved> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let facts = match in_scope(&tx, id, items).await? {
        Ok(facts) => facts,
        Err(refused) => return Ok(Err(refused)),
    };
    if facts.iter().any(|f| f.row_id.is_none()) {
        return Ok(Err(Refused::NotPlaced));
    }
    let Some(row) = meant(&tx, id, row).await? else { return Ok(Err(Refused::UnknownRow)) };
    let ids: Vec<i64> = facts.iter().map(|f| f.id).collect();
    let links = repository::desk::links_of_items(&tx, &ids).await?;
    let here: BTreeSet<i64> = links.iter().filter(|l| l.summary_id == row.id).map(|l| l.opinion_item_id).collect();
    let new: Vec<i64> = ids.iter().copied().filter(|item| !here.contains(item)).collect();
    if new.is_empty() {
        return Ok(Err(Refused::AlreadySo));
    }
    let journal = Recorder::begin(&tx, id, Touched::default().items(&new).heads([row.id])).await?;
    repository::desk::link(&tx, row.id, &new, true).await?;
    refresh(&tx, ctx, [row.id]).await?;
    let name = repository::row::name(&tx, id, row.id).await?;
    journal.finish(&tx, ctx, Kind::Repeat, &Label::of(name, new.len())).await?;
    let detail = json!({ "row": row.id, "items": new.len() });
    audit::record(&tx, ctx, "row.repeat", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(Moved { row: row.id, items: new.len() }))
}

/// Takes opinions out of a row, counted or repeated there. What another row repeats is counted there from then on.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn take_out(ctx: &Ctx, id: i64, row: i64, items: &[i64]) -> Outcome<Moved> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let row = own_summary(&tx, id, row).await?;
    if items.is_empty() {
        return Ok(Err(Refused::Nothing));
    }
    let chosen: BTreeSet<i64> = items.iter().copied().collect();
    let links = repository::desk::links_of_row(&tx, row.id).await?;
    let gone: Vec<_> = links.into_iter().filter(|l| chosen.contains(&l.opinion_item_id)).collect();
    if gone.len() != chosen.len() {
        return Ok(Err(Refused::UnknownItem));
    }
    let ids: Vec<i64> = chosen.into_iter().collect();
    let name = repository::row::name(&tx, id, row.id).await?;
    let journal = Recorder::begin(&tx, id, Touched::default().items(&ids).heads([row.id])).await?;
    repository::desk::unlink(&tx, &gone).await?;
    promote(&tx, &ids).await?;
    refresh(&tx, ctx, [row.id]).await?;
    journal.finish(&tx, ctx, Kind::TakeOut, &Label::of(name, ids.len())).await?;
    let detail = json!({ "row": row.id, "items": ids.len() });
    audit::record(&tx, ctx, "row.take_out", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(Moved { row: row.id, items: ids.len() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_rows_are_read_as_people_write_them() {
        for typed in ["1-2", "１－２", " No.1-2 ", "№1－2", "1ー2", "1 - 2", "NO. 1‐2"] {
            assert_eq!(row_number(typed), Some((1, 2)), "{typed}");
        }
        for typed in ["", "12", "1-", "-2", "a-b", "0-1", "1-2-3"] {
            assert_eq!(row_number(typed), None, "{typed}");
        }
    }
}
