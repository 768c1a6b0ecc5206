//! What belongs to a desk, and deleting a row of it.

use domain::permission::ConsultationAction;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{
    begin,
    gather::promote,
    journal::{Kind, Label, Recorder, Touched},
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{chapter, summary},
    error::{AppError, Result},
    repository,
    service::consultation::for_staff,
};

/// Which way something moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the top.
    Up,
    /// Towards the end.
    Down,
}

pub(super) async fn own_chapter<C: ConnectionTrait>(tx: &C, consultation: i64, id: i64) -> Result<chapter::Model> {
    repository::response::chapter(tx, id).await?.filter(|c| c.consultation_id == consultation).ok_or(AppError::NotFound)
}

pub(super) async fn own_summary<C: ConnectionTrait>(tx: &C, consultation: i64, id: i64) -> Result<summary::Model> {
    repository::response::summary(tx, id).await?.filter(|s| s.consultation_id == consultation).ok_or(AppError::NotFound)
}

/// An answer no row uses any more goes with its last row.
pub(super) async fn drop_orphan<C: ConnectionTrait>(tx: &C, ward_view: Option<i64>) -> Result<()> {
    let Some(ward_view) = ward_view else { return Ok(()) };
    if !repository::row::is_used(tx, ward_view).await? {
        repository::response::delete_ward_view(tx, ward_view).await?;
    }
    Ok(())
}

/// Deletes a row; the opinions it gathered are unlinked, nothing of them is lost. What another row repeats is counted
/// there from then on.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`].
pub async fn delete_row(ctx: &Ctx, id: i64, row: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let old = own_summary(&tx, id, row).await?;
    let name = repository::row::name(&tx, id, row).await?;
    let items: Vec<i64> =
        repository::desk::links_of_row(&tx, row).await?.into_iter().map(|l| l.opinion_item_id).collect();
    let journal = Recorder::begin(&tx, id, Touched::default().row(row).items(&items)).await?;
    repository::response::delete_summary(&tx, row).await?;
    promote(&tx, &items).await?;
    drop_orphan(&tx, old.ward_view_id).await?;
    journal.finish(&tx, ctx, Kind::RowDelete, &Label::of(name, 1)).await?;
    audit::record(&tx, ctx, "row.delete", ("consultation", id), json!({ "row": row, "text": old.text })).await?;
    tx.commit().await?;
    Ok(())
}
