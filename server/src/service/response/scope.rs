//! 対象外: opinions that are no part of the table, each with its reason.

use std::collections::BTreeSet;

use domain::{permission::ConsultationAction, text};
use serde_json::json;

use super::{
    begin,
    gather::{Outcome, Refused, chosen, refresh},
    journal::{Kind, Label, Recorder, Touched},
};
use crate::{audit, ctx::Ctx, repository, service::consultation::for_staff};

/// Longest reason in graphemes.
pub const REASON_MAX: usize = 500;

/// Puts opinions out of scope, with a reason; rows that gathered them gather them no longer. Gives how many.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn exclude(ctx: &Ctx, id: i64, items: &[i64], reason: &str) -> Outcome<usize> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let reason = match text::required_line(reason, REASON_MAX) {
        Ok(reason) => reason,
        Err(problem) => return Ok(Err(Refused::Reason(problem))),
    };
    let (tx, _) = begin(ctx, id).await?;
    let facts = match chosen(&tx, id, items).await? {
        Ok(facts) => facts,
        Err(refused) => return Ok(Err(refused)),
    };
    let ids: Vec<i64> =
        facts.iter().filter(|f| f.out_of_scope.as_deref() != Some(reason.as_str())).map(|f| f.id).collect();
    if ids.is_empty() {
        return Ok(Err(Refused::AlreadySo));
    }
    let links = repository::desk::links_of_items(&tx, &ids).await?;
    let rows: BTreeSet<i64> = links.iter().map(|l| l.summary_id).collect();
    let journal = Recorder::begin(&tx, id, Touched::default().items(&ids).heads(rows.iter().copied())).await?;
    repository::desk::unlink(&tx, &links).await?;
    repository::desk::set_scope(&tx, &ids, Some(&reason)).await?;
    refresh(&tx, ctx, rows).await?;
    journal.finish(&tx, ctx, Kind::OutOfScope, &Label::of("", ids.len())).await?;
    let detail = json!({ "items": ids, "reason": reason });
    audit::record(&tx, ctx, "desk.exclude", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(ids.len()))
}

/// Puts opinions into scope again: they are 未整理 then. Gives how many.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: why not.
pub async fn include(ctx: &Ctx, id: i64, items: &[i64]) -> Outcome<usize> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let (tx, _) = begin(ctx, id).await?;
    let facts = match chosen(&tx, id, items).await? {
        Ok(facts) => facts,
        Err(refused) => return Ok(Err(refused)),
    };
    let ids: Vec<i64> = facts.iter().filter(|f| f.out_of_scope.is_some()).map(|f| f.id).collect();
    if ids.is_empty() {
        return Ok(Err(Refused::AlreadySo));
    }
    let journal = Recorder::begin(&tx, id, Touched::default().items(&ids)).await?;
    repository::desk::set_scope(&tx, &ids, None).await?;
    journal.finish(&tx, ctx, Kind::InScope, &Label::of("", ids.len())).await?;
    audit::record(&tx, ctx, "desk.include", ("consultation", id), json!({ "items": ids })).await?;
    tx.commit().await?;
    Ok(Ok(ids.len()))
}
