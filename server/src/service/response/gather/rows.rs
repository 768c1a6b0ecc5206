//! Dividing a row, and making two rows one.

use std::collections::BTreeSet;

use domain::{permission::ConsultationAction, text};
use sea_orm::Set;
use serde_json::json;

use super::{
    super::{
        begin,
        desk::{drop_orphan, own_summary},
        journal::{Kind, Label, Recorder, Touched},
        outline,
        row::TEXT_MAX,
    },
    Moved, Outcome, Refused, first_text, insert, meant, refresh,
};
use crate::{
    audit, ctx::Ctx, database::WriteTransaction, entity::summary, error::Result, repository,
    service::consultation::for_staff,
};

/// Makes a part of a row's opinions a row of their own, right behind it and with the same answer.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn split_row(ctx: &Ctx, id: i64, row: i64, items: &[i64]) -> Outcome<Moved> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let row = own_summary(&tx, id, row).await?;
    if items.is_empty() {
        return Ok(Err(Refused::Nothing));
    }
    let chosen: BTreeSet<i64> = items.iter().copied().collect();
    let links = repository::desk::links_of_row(&tx, row.id).await?;
    let (gone, stay): (Vec<_>, Vec<_>) = links.into_iter().partition(|l| chosen.contains(&l.opinion_item_id));
    if gone.len() != chosen.len() {
        return Ok(Err(Refused::UnknownItem));
    }
    if stay.is_empty() {
        return Ok(Err(Refused::AllOfRow));
    }
    let ids: Vec<i64> = chosen.into_iter().collect();
    let behind = outline::behind(&tx, &row).await?;
    let touched = Touched::default().items(&ids).heads([row.id]).heads(behind.rows());
    let name = repository::row::name(&tx, id, row.id).await?;
    let journal = Recorder::begin(&tx, id, touched).await?;
    behind.make_room(&tx).await?;
    let text = first_text(&tx, &ids).await?;
    let new = insert(&tx, ctx, id, (row.chapter_id, behind.position), text, row.ward_view_id).await?;
    repository::desk::unlink(&tx, &gone).await?;
    for again in [false, true] {
        let some: Vec<i64> = gone.iter().filter(|l| (l.again == 1) == again).map(|l| l.opinion_item_id).collect();
        repository::desk::link(&tx, new, &some, again).await?;
    }
    refresh(&tx, ctx, [row.id, new]).await?;
    journal.finish(&tx, ctx, Kind::RowSplit, &Label::of(name, ids.len())).await?;
    let detail = json!({ "row": row.id, "new": new, "items": ids.len() });
    audit::record(&tx, ctx, "row.split", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(Moved { row: new, items: ids.len() }))
}

/// How two rows become one.
#[derive(Clone, Debug, Default)]
pub struct Merge {
    /// The number of the row that stays, such as 「1-2」, or its id.
    pub into: String,
    /// The text it has then.
    pub text: String,
    /// The versions the page showed: of the row that goes and of the one that stays.
    pub versions: (i64, i64),
}

/// Makes two rows one: the other one keeps its place and its answer (or takes this one's, when it has none), and gathers
/// the opinions of both.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn merge(ctx: &Ctx, id: i64, row: i64, input: &Merge) -> Outcome<Moved> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let text = match text::required(&input.text, TEXT_MAX) {
        Ok(text) => text,
        Err(problem) => return Ok(Err(Refused::Text(problem))),
    };
    let (tx, _) = begin(ctx, id).await?;
    let from = own_summary(&tx, id, row).await?;
    let Some(into) = meant(&tx, id, &input.into).await?.filter(|into| into.id != from.id) else {
        return Ok(Err(Refused::UnknownRow));
    };
    if (from.version, into.version) != input.versions {
        return Ok(Err(Refused::Stale));
    }
    let name = repository::row::name(&tx, id, from.id).await?;
    let journal = Recorder::begin(&tx, id, Touched::default().row(from.id).row(into.id)).await?;
    let count = unite(&tx, &from, &into).await?;
    repository::desk::hand_over(&tx, from.id, into.id).await?;
    let changes = summary::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(into.id),
        text: Set(text),
        ward_view_id: Set(into.ward_view_id.or(from.ward_view_id)),
        ..Default::default()
    };
    repository::response::update_summary(&tx, changes).await?;
    repository::response::delete_summary(&tx, from.id).await?;
    drop_orphan(&tx, from.ward_view_id).await?;
    refresh(&tx, ctx, [into.id]).await?;
    let into_name = repository::row::name(&tx, id, into.id).await?;
    journal.finish(&tx, ctx, Kind::RowMerge, &Label::of(format!("{name} → {into_name}"), count)).await?;
    let detail = json!({ "row": from.id, "into": into.id, "items": count });
    audit::record(&tx, ctx, "row.merge", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(Moved { row: into.id, items: count }))
}

/// Puts the opinions of one row into another. What either counts is counted.
async fn unite(tx: &WriteTransaction, from: &summary::Model, into: &summary::Model) -> Result<usize> {
    let moving = repository::desk::links_of_row(tx, from.id).await?;
    let there = repository::desk::links_of_row(tx, into.id).await?;
    let known: BTreeSet<i64> = there.iter().map(|l| l.opinion_item_id).collect();
    repository::desk::unlink(tx, &moving).await?;
    let counted: Vec<i64> = moving.iter().filter(|l| l.again == 0).map(|l| l.opinion_item_id).collect();
    let again: Vec<i64> = moving
        .iter()
        .filter(|l| l.again == 1 && !known.contains(&l.opinion_item_id))
        .map(|l| l.opinion_item_id)
        .collect();
    let repeated: Vec<_> = there.into_iter().filter(|l| counted.contains(&l.opinion_item_id)).collect();
    repository::desk::unlink(tx, &repeated).await?;
    repository::desk::link(tx, into.id, &counted, false).await?;
    repository::desk::link(tx, into.id, &again, true).await?;
    Ok(moving.len())
}
