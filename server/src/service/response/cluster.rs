//! Suggestions which unplaced opinions could be gathered, by the words they share. Nothing leaves this machine.

use domain::{
    permission::ConsultationAction,
    similarity::{self, Cluster},
};

use crate::{
    ctx::Ctx,
    error::Result,
    repository,
    service::consultation::{Loaded, for_staff},
};

/// Most opinions that are looked at: the earliest that are unplaced.
pub const LOOKED_AT: usize = 20_000;

/// What was found.
#[derive(Debug)]
pub struct Suggested {
    /// The theme.
    pub theme: Loaded,
    /// The suggestions, the largest first.
    pub clusters: Vec<Cluster>,
    /// What was looked at: opinions by id.
    pub texts: Vec<(i64, String)>,
    /// Whether there are more unplaced opinions than were looked at.
    pub cut_off: bool,
}

/// Looks for unplaced opinions that resemble each other, on a thread of its own: with many opinions it takes seconds.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn suggest(ctx: &Ctx, id: i64) -> Result<Suggested> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let limit = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
    let mut texts = repository::desk::texts_of_items(ctx.db(), id, limit + 1).await?;
    let cut_off = texts.len() > LOOKED_AT;
    texts.truncate(LOOKED_AT);
    let (clusters, texts) = tokio::task::spawn_blocking(move || {
        let borrowed: Vec<(i64, &str)> = texts.iter().map(|(id, text)| (*id, text.as_str())).collect();
        (similarity::clusters(&borrowed), texts)
    })
    .await
    .map_err(anyhow::Error::from)?;
    Ok(Suggested { theme, clusters, texts, cut_off })
}
