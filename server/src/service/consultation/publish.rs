//! Showing a theme to the public, now or at a set time, and taking it back.

use app::pages::staff::timeline::PeriodCheck;
use domain::{ConsultationState, permission::ConsultationAction};
use sea_orm::{ActiveValue::Unchanged, Set};
use serde_json::json;

use super::{for_staff, has_opinions};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::consultation,
    error::{AppError, Result},
    repository, service,
};

/// What came of publishing.
#[derive(Clone, Debug)]
pub enum Publishing {
    /// It is public, or will be.
    Done,
    /// Its dates break its rules, and no reason is given.
    Refused(PeriodCheck),
}

/// Makes a theme public now (`None`) or at a set time. A public comment whose dates break its rules needs a reason.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when it is public already: it can't be put off any more.
pub async fn publish(ctx: &Ctx, id: i64, at: Option<domain::Millis>) -> Result<Publishing> {
    let loaded = for_staff(ctx, id, ConsultationAction::Publish).await?;
    if loaded.phase.is_public() {
        return Err(AppError::Conflict);
    }
    let at = at.unwrap_or(ctx.now);
    if loaded.has_rules() {
        let check = service::rules::check_theme(&loaded, Some(at), ctx.now);
        if !check.breaches.is_empty() && !check.has_reason {
            return Ok(Publishing::Refused(PeriodCheck { refused: true, ..check }));
        }
    }
    let tx = ctx.write().await?;
    set_publication(tx, ctx, id, ConsultationState::Published, Some(at), "consultation.publish").await?;
    Ok(Publishing::Done)
}

/// Takes a theme back into draft. Only as long as nobody has sent an opinion and no result is out or scheduled: that
/// none were sent is a result too.
///
/// # Errors
/// [`AppError::Conflict`] when there are opinions or a result.
pub async fn unpublish(ctx: &Ctx, id: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::Publish).await?;
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    if has_opinions(&tx, id).await? || repository::response::newest(&tx, id).await?.is_some() {
        return Err(AppError::Conflict);
    }
    set_publication(tx, ctx, id, ConsultationState::Draft, None, "consultation.unpublish").await
}

async fn set_publication(
    tx: WriteTransaction,
    ctx: &Ctx,
    id: i64,
    state: ConsultationState,
    at: Option<domain::Millis>,
    action: &str,
) -> Result<()> {
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        state: Set(state.code().to_owned()),
        publish_at: Set(at),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    audit::record(&tx, ctx, action, ("consultation", id), json!({ "publish_at": at })).await?;
    tx.commit().await?;
    Ok(())
}
