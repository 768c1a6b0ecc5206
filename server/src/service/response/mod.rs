//! The response desk: chapters, summaries (要旨) and ward views (区の考え方), and publishing them as one table.
//!
//! `desk` writes, `table` builds what would be published, `publication` publishes it and reads it back.

mod desk;
mod publication;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use domain::permission::ConsultationAction;
use sea_orm::ConnectionTrait;

pub use desk::{Direction, RowInput, delete_chapter, delete_row, move_chapter, move_row, put_chapter, put_row};
pub use publication::{answers, parse, publish, published, unschedule};
pub use table::{row_names, same_content, table};

use super::consultation::{Loaded, for_staff};
use crate::{
    ctx::Ctx,
    database::WriteTransaction,
    entity::{opinion_item, proposal},
    error::{AppError, Result},
    repository::{self, response::Desk},
};

/// One opinion item with the proposal it was cut from.
#[derive(Clone, Debug)]
pub struct Item {
    /// The item.
    pub row: opinion_item::Model,
    /// Its proposal.
    pub proposal: proposal::Model,
}

impl Item {
    /// What it says: its own part, or the whole submission.
    #[must_use]
    pub fn text(&self) -> &str {
        self.row.body.as_deref().unwrap_or(&self.proposal.body)
    }
}

/// The desk with the opinions in scope.
#[derive(Clone, Debug)]
pub struct Loading {
    /// The consultation.
    pub consultation: Loaded,
    /// What staff have written.
    pub desk: Desk,
    /// Opinions that are neither withdrawn nor hidden, by item id.
    pub items: BTreeMap<i64, Item>,
}

impl Loading {
    /// Items no row gathers.
    #[must_use]
    pub fn unlinked(&self) -> Vec<&Item> {
        let linked: BTreeSet<i64> = self.desk.items.values().flatten().copied().collect();
        self.items.values().filter(|i| !linked.contains(&i.row.id)).collect()
    }
}

pub(crate) async fn load<C: ConnectionTrait>(db: &C, consultation: Loaded) -> Result<Loading> {
    let desk = repository::response::desk(db, consultation.row.id).await?;
    let items = repository::proposal::items(db, consultation.row.id)
        .await?
        .into_iter()
        .map(|(row, proposal)| (row.id, Item { row, proposal }))
        .collect();
    Ok(Loading { consultation, desk, items })
}

/// Loads the desk.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`].
pub async fn desk(ctx: &Ctx, id: i64) -> Result<Loading> {
    let consultation = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    load(ctx.db(), consultation).await
}

/// Begins to write on a desk. Writers come one by one, so that versions are compared with what is really there; gives
/// the consultation as it is then.
async fn begin(ctx: &Ctx, id: i64) -> Result<(WriteTransaction, Loaded)> {
    let tx = ctx.write().await?;
    let row = repository::consultation::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    Ok((tx, Loaded::new(row, ctx.now)))
}

/// What stands in the way of publishing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Rows without an answer.
    pub unanswered: Vec<String>,
    /// Rows without a 対応区分 where the theme uses them.
    pub unmarked: Vec<String>,
    /// Rows that gather no opinion.
    pub empty: Vec<String>,
    /// How many opinions are in no row.
    pub unlinked: usize,
}

impl Readiness {
    /// Whether the table can be published.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        self.unanswered.is_empty() && self.unmarked.is_empty() && self.empty.is_empty() && self.unlinked == 0
    }
}

/// Checks what has to be right before publishing.
#[must_use]
pub fn readiness(loading: &Loading) -> Readiness {
    let mut found = Readiness { unlinked: loading.unlinked().len(), ..Readiness::default() };
    let marks = !loading.consultation.preset.dispositions().is_empty();
    for (c, chapter) in (1..).zip(&loading.desk.chapters) {
        for (n, row) in (1..).zip(loading.desk.summaries.iter().filter(|s| s.chapter_id == chapter.id)) {
            let name = format!("{c}-{n}");
            let answer = row.ward_view_id.and_then(|v| loading.desk.ward_views.get(&v));
            if answer.is_none_or(|a| a.text.is_empty()) {
                found.unanswered.push(name.clone());
            }
            if marks && answer.is_none_or(|a| a.disposition.is_none()) {
                found.unmarked.push(name.clone());
            }
            if in_scope(loading, row.id).next().is_none() {
                found.empty.push(name);
            }
        }
    }
    found
}

fn in_scope(loading: &Loading, summary: i64) -> impl Iterator<Item = &Item> {
    loading.desk.items.get(&summary).into_iter().flatten().filter_map(|id| loading.items.get(id))
}
