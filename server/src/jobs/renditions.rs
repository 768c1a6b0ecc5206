//! PDFs of what came out, made before somebody asks; and files of versions that are gone.

use std::collections::HashSet;

use domain::Millis;

use crate::{ctx::Ctx, error::Result, rendering, repository, service::response};

/// A file that no version names is kept this long: it may have been written a moment before it is noted.
const UNNAMED_KEPT: Millis = 3_600_000;

/// Starts what is due and doesn't wait for it, so that a PDF that takes long holds up neither the other jobs nor a stop.
/// Does nothing while the last start is still at work.
#[expect(clippy::unnecessary_wraps, reason = "jobs are functions that may fail")]
pub(super) fn start(ctx: &Ctx) -> Result<()> {
    let ctx = ctx.clone();
    tokio::spawn(async move {
        let Ok(_at_work) = ctx.app.renderer.ahead.try_lock() else { return };
        if let Err(error) = run(&ctx).await {
            tracing::warn!(job = "renditions", %error, "job");
        }
    });
    Ok(())
}

/// Makes the PDF of every theme's newest public version that has none, and deletes files that no version names any
/// more. What could not be made is tried again after a pause that grows.
///
/// # Errors
/// When the database is away or the disk refuses.
pub async fn run(ctx: &Ctx) -> Result<()> {
    for id in rendering::due(ctx).await? {
        let Some(publication) = repository::rendition::publication(ctx.db(), id).await? else { continue };
        match response::parse(&publication) {
            // What went wrong is in the log and noted.
            Ok(table) => drop(rendering::published_pdf(ctx, id, &table).await?),
            Err(error) => {
                tracing::error!(publication = id, %error, "a published table can't be read");
                ctx.app.renderer.note(id, false, ctx.now);
            }
        }
    }
    sweep(ctx).await
}

async fn sweep(ctx: &Ctx) -> Result<()> {
    let old = ctx.app.renditions.written_before(ctx.now - UNNAMED_KEPT).await?;
    if old.is_empty() {
        return Ok(());
    }
    let named: HashSet<String> = repository::rendition::files(ctx.db()).await?.into_iter().collect();
    for sha256 in old.iter().filter(|sha256| !named.contains(*sha256)) {
        ctx.app.renditions.delete(sha256).await?;
    }
    Ok(())
}
