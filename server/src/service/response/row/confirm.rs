//! A second person looks at a 要旨.

use domain::{FieldErrors, permission::ConsultationAction, summary_check};
use sea_orm::{ActiveValue::Unchanged, Set};
use serde_json::json;

use super::{
    super::{
        begin,
        journal::{Kind, Label, Recorder, Touched},
    },
    check_personal,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::summary,
    error::{AppError, Result},
    repository,
    service::{Checked, consultation::for_staff},
};

/// What came of confirming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// Confirmed.
    Done,
    /// Who asks wrote the 要旨: somebody else has to look.
    Own,
    /// It was changed since the page was shown.
    Changed,
    /// It is word for word what was sent: there is nothing to confirm.
    Verbatim,
}

/// Confirms that a 要旨 says what the opinions say, by somebody else than who wrote it.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what looks like personal data wasn't looked at.
pub async fn confirm(ctx: &Ctx, id: i64, row: i64, version: i64, not_personal: bool) -> Result<Checked<Confirmed>> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let actor = ctx.actor()?.id.0;
    let (tx, _) = begin(ctx, id).await?;
    let record = repository::row::record(&tx, id, row).await?.ok_or(AppError::NotFound)?;
    let old = record.summary;
    if old.version != version {
        return Ok(Ok(Confirmed::Changed));
    }
    if old.verbatim == 1 {
        return Ok(Ok(Confirmed::Verbatim));
    }
    if old.updated_by == actor {
        return Ok(Ok(Confirmed::Own));
    }
    let mut errors = FieldErrors::new();
    check_personal(&mut errors, &[&old.text], not_personal);
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let journal = Recorder::begin(&tx, id, Touched::default().heads([row])).await?;
    let changes = summary::ActiveModel {
        id: Unchanged(row),
        confirmed_by: Set(Some(actor)),
        confirmed_at: Set(Some(ctx.now)),
        ..Default::default()
    };
    repository::response::update_summary(&tx, changes).await?;
    let originals = repository::row::texts(&tx, row, super::COMPARED).await?;
    let originals: Vec<&str> = originals.iter().map(String::as_str).collect();
    let findings = summary_check::check(&originals, &old.text).len();
    let name = repository::row::name(&tx, id, row).await?;
    journal.finish(&tx, ctx, Kind::RowConfirm, &Label::of(name, 1)).await?;
    audit::record(&tx, ctx, "row.confirm", ("consultation", id), json!({ "row": row, "findings": findings })).await?;
    tx.commit().await?;
    Ok(Ok(Confirmed::Done))
}
