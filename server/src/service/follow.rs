//! Who wants to hear of a theme: one mail for every version that is published, and a way to stop it in each.

use crate::{
    ctx::Ctx,
    error::Result,
    repository::{self, follow::Followed},
    service::consultation::{Loaded, visible},
};

/// A theme that can be followed, and whether who asks follows it.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or
/// [`AppError::SignInRequired`](crate::error::AppError::SignInRequired).
pub async fn state(ctx: &Ctx, slug: &str) -> Result<(Loaded, bool)> {
    let account = ctx.actor()?.id.0;
    let theme = visible(ctx, slug).await?;
    let following = repository::follow::is_following(ctx.db(), account, theme.row.id).await?;
    Ok((theme, following))
}

/// Begins to follow a theme, or stops. What is so already stays so.
///
/// # Errors
/// As [`state`].
pub async fn set(ctx: &Ctx, slug: &str, on: bool) -> Result<()> {
    let account = ctx.actor()?.id.0;
    let theme = visible(ctx, slug).await?;
    let tx = ctx.write().await?;
    if on {
        repository::follow::put(&tx, account, theme.row.id, ctx.now).await?;
    } else {
        repository::follow::delete(&tx, account, theme.row.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The themes that who asks follows.
///
/// # Errors
/// [`AppError::SignInRequired`](crate::error::AppError::SignInRequired).
pub async fn mine(ctx: &Ctx) -> Result<Vec<Followed>> {
    Ok(repository::follow::of_account(ctx.db(), ctx.actor()?.id.0).await?)
}
