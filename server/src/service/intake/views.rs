//! Filters of the queue that a person keeps under a name. Nobody else sees them.

use domain::{FieldErrors, Problem, permission::ConsultationAction, text};

use crate::{
    ctx::Ctx,
    entity::saved_view,
    error::{AppError, Result},
    repository,
    service::{Checked, consultation::for_staff},
};

/// Longest name in graphemes.
pub const NAME_MAX: usize = 40;
/// Most views of one person for one theme.
pub const MAX: usize = 30;

/// Keeps the filters `query` (as in an address) under a name; one of the same name is replaced.
///
/// # Errors
/// [`AppError::Forbidden`] and its like. Inner: what is wrong.
pub async fn save(ctx: &Ctx, theme: i64, name: &str, query: &str) -> Result<Checked<()>> {
    for_staff(ctx, theme, ConsultationAction::ReadQueue).await?;
    let account = ctx.actor()?.id.0;
    let name = match text::required_line(name, NAME_MAX) {
        Ok(name) => name,
        Err(problem) => return Ok(Err(FieldErrors::one("name", problem))),
    };
    let tx = ctx.write().await?;
    let known = repository::intake::views(&tx, account, theme).await?;
    if known.len() >= MAX && !known.iter().any(|view| view.name == name) {
        return Ok(Err(FieldErrors::one("name", Problem::TooMany { max: MAX })));
    }
    let row = saved_view::Model {
        id: 0,
        account_id: account,
        consultation_id: theme,
        name,
        query: query.to_owned(),
        created_at: ctx.now,
    };
    repository::intake::put_view(&tx, row).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Forgets a view of one's own.
///
/// # Errors
/// [`AppError::NotFound`] when this person has no such view.
pub async fn delete(ctx: &Ctx, theme: i64, view: i64) -> Result<()> {
    for_staff(ctx, theme, ConsultationAction::ReadQueue).await?;
    let tx = ctx.write().await?;
    if !repository::intake::delete_view(&tx, ctx.actor()?.id.0, theme, view).await? {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    Ok(())
}
