//! What the page of a row shows.

use domain::phrase::Phrase;

use super::{Access, access};
use crate::{
    ctx::Ctx,
    entity::chapter,
    error::Result,
    repository::{
        self,
        row::{ItemLine, Placed, Record},
    },
    service::{consultation::Loaded, phrase},
};

/// Opinions on the page of a row; the others follow on a page of their own.
pub const ITEMS: u64 = 300;
/// Opinions on a page of originals.
const ORIGINALS: usize = 100;
/// Opinions with which a new row can begin.
const ITEMS_OF_NEW: usize = 500;

/// A row with everything around it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The theme.
    pub consultation: Loaded,
    /// The row; `None` for a new one.
    pub record: Option<Record>,
    /// Whether who asks may change 要旨, opinions, chapter and sharing, not only the answer.
    pub whole: bool,
    /// The theme's chapters in order.
    pub chapters: Vec<chapter::Model>,
    /// What stands around it.
    pub around: Vec<Placed>,
    /// The opinions it gathers, the first of them.
    pub items: Vec<ItemLine>,
    /// The ward's phrases.
    pub phrases: Vec<Phrase>,
}

/// Opens a row: six statements.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden) or [`AppError::NotFound`](crate::error::AppError::NotFound).
pub async fn open(ctx: &Ctx, id: i64, row: i64) -> Result<Opened> {
    let access = access(ctx, id, Some(row)).await?;
    let chapter = access.record.as_ref().map_or(0, |r| r.summary.chapter_id);
    let items = repository::row::items(ctx.db(), row, 0, ITEMS).await?;
    opened(ctx, access, row, chapter, items).await
}

/// Opens a row that isn't there yet, with the opinions it begins with.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden) or [`AppError::NotFound`](crate::error::AppError::NotFound).
pub async fn new(ctx: &Ctx, id: i64, chapter: i64, items: &[i64]) -> Result<Opened> {
    let access = access(ctx, id, None).await?;
    let items: Vec<i64> = items.iter().copied().take(ITEMS_OF_NEW).collect();
    let items = repository::row::items_by_id(ctx.db(), id, &items).await?;
    opened(ctx, access, 0, chapter, items).await
}

async fn opened(ctx: &Ctx, access: Access, row: i64, chapter: i64, items: Vec<ItemLine>) -> Result<Opened> {
    let id = access.consultation.row.id;
    Ok(Opened {
        chapters: repository::row::chapters(ctx.db(), id).await?,
        around: repository::row::around(ctx.db(), id, row, chapter).await?,
        phrases: phrase::list(ctx).await?,
        consultation: access.consultation,
        record: access.record,
        whole: access.whole,
        items,
    })
}

/// A page of what a row gathers, one by one, behind an item; with the item to go on behind.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden) or [`AppError::NotFound`](crate::error::AppError::NotFound).
pub async fn originals(ctx: &Ctx, id: i64, row: i64, after: i64) -> Result<(Loaded, Vec<ItemLine>, Option<i64>)> {
    let access = access(ctx, id, Some(row)).await?;
    let limit = u64::try_from(ORIGINALS + 1).unwrap_or(u64::MAX);
    let mut items = repository::row::items(ctx.db(), row, after, limit).await?;
    let more = items.len() > ORIGINALS;
    items.truncate(ORIGINALS);
    let next = items.last().filter(|_| more).map(|last| last.id);
    Ok((access.consultation, items, next))
}
