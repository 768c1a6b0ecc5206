//! The response desk: chapters, summaries (要旨) and ward views (区の考え方), and publishing them as one table.
//!
//! `gather`, `scope`, `outline` and `row` write, `cluster` suggests, `journal` takes back, `counts` adds up and checks,
//! `table` builds what would be published, `publication` publishes it and reads it back.

pub mod changes;
pub mod cluster;
pub mod counts;
mod desk;
pub mod gather;
pub mod journal;
mod news;
pub mod outline;
mod publication;
pub mod reading;
pub mod row;
pub mod scope;
pub mod table;

use std::collections::BTreeMap;

use domain::permission::ConsultationAction;
use sea_orm::ConnectionTrait;

pub use counts::{Readiness, readiness};
pub use desk::{Direction, delete_row};
pub use publication::{answers, parse, publish, published, unschedule};
pub use row::{RowInput, put_row, refresh_verbatim};
pub use table::{row_names, same_content};

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
