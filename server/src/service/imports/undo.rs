//! Taking an import out again, as long as nobody has worked on what it brought in.

use app::pages::staff::imports::{IN_THE_WAY_SHOWN, InTheWay};
use domain::permission::ConsultationAction;
use sea_orm::{ActiveValue::Unchanged, Set};
use serde_json::json;

use crate::{
    audit,
    ctx::Ctx,
    entity::bulk_import,
    error::{AppError, Result},
    repository,
    service::consultation::for_staff,
};

/// Deletes every submission of an import with all that belongs to it, and counts anew.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Conflict`] for an import that isn't in. Inner: the first
/// submissions that were worked on since; then nothing was changed.
pub async fn undo(ctx: &Ctx, consultation: i64, import: i64) -> Result<std::result::Result<(), Vec<InTheWay>>> {
    let loaded = for_staff(ctx, consultation, ConsultationAction::Intake).await?;
    super::of(ctx, &loaded, import).await?;
    // It goes on when the person who asked doesn't wait for it.
    let ctx = ctx.clone();
    tokio::spawn(async move { run(&ctx, consultation, import).await }).await.map_err(anyhow::Error::from)?
}

async fn run(ctx: &Ctx, consultation: i64, import: i64) -> Result<std::result::Result<(), Vec<InTheWay>>> {
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, consultation).await?.ok_or(AppError::NotFound)?;
    let row = repository::imports::by_id_locked(&tx, import).await?.ok_or(AppError::NotFound)?;
    match row.state.as_str() {
        "committed" => {}
        // The second half of a double click.
        "undone" => return Ok(Ok(())),
        _ => return Err(AppError::Conflict),
    }
    let touched = repository::imports::touched(&tx, &row, IN_THE_WAY_SHOWN as u64 + 1).await?;
    if !touched.is_empty() {
        let in_the_way = touched.into_iter().map(|p| InTheWay { id: p.id, receipt: p.receipt_number }).collect();
        return Ok(Err(in_the_way));
    }
    let texts = repository::imports::texts_of(&tx, import).await?;
    let deleted = repository::imports::delete_submissions(&tx, import).await?;
    repository::imports::recount_texts(&tx, &texts).await?;
    let deleted = i64::try_from(deleted).unwrap_or(i64::MAX);
    repository::consultation::count_proposals(&tx, consultation, -deleted).await?;
    repository::tally::rebuild(&tx, consultation).await?;
    let changes = bulk_import::ActiveModel {
        id: Unchanged(import),
        state: Set("undone".to_owned()),
        undone_at: Set(Some(ctx.now)),
        undone_by: Set(ctx.actor.as_ref().map(|actor| actor.id.0)),
        ..Default::default()
    };
    repository::imports::update(&tx, changes).await?;
    let detail = json!({ "import": import, "submissions": deleted });
    audit::record(&tx, ctx, "import.undo", ("consultation", consultation), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
