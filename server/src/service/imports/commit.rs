//! Bringing a checked table in: every row, or none.

use std::time::Duration;

use domain::{permission::ConsultationAction, wareki};
use sea_orm::{ActiveValue::Unchanged, DbErr, Set};
use serde_json::json;

use super::{
    Report, fingerprint,
    mapping::Stored,
    pipeline::{self, Batch, Job},
    writer::Writer,
};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::bulk_import,
    error::{AppError, Result},
    repository,
    service::{
        consultation::{Loaded, for_staff},
        entry::demand_open,
    },
};

/// Rows of known texts and people that are read together.
pub(super) const PAGE: u64 = 2000;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The table is in.
    Committed(Work),
    /// It was in already.
    Already,
    /// The file, the columns or the theme are not those that were checked: nothing was changed.
    Outdated,
}

/// How much there was to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Submissions.
    pub submissions: i64,
    /// Opinions.
    pub opinions: i64,
    /// How long it took to group the texts.
    pub grouping: Duration,
}

/// Brings a checked table in. The work goes on when the person who asked doesn't wait for it: it is whole or nothing
/// either way.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Conflict`] for an import that was undone or a theme that
/// takes no tables; when the database refuses, and then nothing was changed.
pub async fn commit(ctx: &Ctx, consultation: i64, import: i64, token: &str) -> Result<Outcome> {
    let loaded = for_staff(ctx, consultation, ConsultationAction::Intake).await?;
    let row = super::of(ctx, &loaded, import).await?;
    let (ctx, token) = (ctx.clone(), token.to_owned());
    tokio::spawn(async move { run(&ctx, &loaded, &row, &token).await }).await.map_err(anyhow::Error::from)?
}

async fn run(ctx: &Ctx, loaded: &Loaded, row: &bulk_import::Model, token: &str) -> Result<Outcome> {
    match row.state.as_str() {
        "committed" => return Ok(Outcome::Already),
        "undone" => return Err(AppError::Conflict),
        "checked" => {}
        _ => return Ok(Outcome::Outdated),
    }
    demand_open(loaded)?;
    let upload = repository::upload::by_id(ctx.db(), row.upload_id).await?.ok_or(AppError::NotFound)?;
    let stored: Stored = serde_json::from_str(&row.mapping).map_err(anyhow::Error::from)?;
    let today = wareki::date_of(ctx.now);
    let (seeds, mut batches) = pipeline::start(Job {
        path: ctx.app.files.path(&upload.sha256),
        sha256: upload.sha256.clone(),
        header: stored.source.header.clone(),
        mapping: stored.mapping.clone(),
        rules: loaded.rules.clone(),
        period: loaded.period,
        today,
        consultation: loaded.row.id,
        seal: ctx.app.seal.clone(),
    });
    let tx = ctx.write().await?;
    // From here on nobody else changes the theme's submissions or this import.
    let theme = repository::consultation::by_id_locked(&tx, loaded.row.id).await?.ok_or(AppError::NotFound)?;
    let now = repository::imports::by_id_locked(&tx, row.id).await?.ok_or(AppError::NotFound)?;
    match now.state.as_str() {
        "committed" => return Ok(Outcome::Already),
        "checked" => {}
        _ => return Ok(Outcome::Outdated),
    }
    let report: Report = serde_json::from_str(&now.problems).map_err(anyhow::Error::from)?;
    let theme = Loaded::new(theme, ctx.now);
    demand_open(&theme)?;
    let right = fingerprint(&upload.sha256, &stored.mapping, &theme);
    let same = now.mapping == row.mapping && theme.rules == loaded.rules && theme.period == loaded.period;
    if !same || now.problem_count != 0 || token != right || report.token != right {
        return Ok(Outcome::Outdated);
    }
    let mut writer = Writer::new(ctx, &theme, row.id);
    writer.known_people(&tx).await?;
    send_known_texts(&tx, theme.row.id, seeds).await?;
    let grouping = loop {
        match batches.recv().await {
            Some(Batch::Rows(rows)) => writer.write(&tx, rows).await?,
            Some(Batch::End(took)) => break took,
            Some(Batch::Changed) => return Ok(Outcome::Outdated),
            None => return Err(anyhow::anyhow!("the reader of an import stopped").into()),
        }
    };
    let work = Work { grouping, ..writer.finish(&tx).await? };
    close(&tx, ctx, row.id, &theme, &upload.sha256, work).await?;
    tx.commit().await?;
    tracing::info!(import = row.id, submissions = work.submissions, "a table was imported");
    Ok(Outcome::Committed(work))
}

/// Counts, the state of the import, the audit event.
async fn close(tx: &WriteTransaction, ctx: &Ctx, import: i64, theme: &Loaded, sha256: &str, work: Work) -> Result<()> {
    let consultation = theme.row.id;
    repository::consultation::count_proposals(tx, consultation, work.submissions).await?;
    repository::tally::rebuild(tx, consultation).await?;
    let changes = bulk_import::ActiveModel {
        id: Unchanged(import),
        state: Set("committed".to_owned()),
        row_count: Set(work.submissions),
        committed_at: Set(Some(ctx.now)),
        ..Default::default()
    };
    repository::imports::update(tx, changes).await?;
    let detail = json!({
        "import": import,
        "submissions": work.submissions,
        "opinions": work.opinions,
        "sha256": sha256,
    });
    audit::record(tx, ctx, "import.commit", ("consultation", consultation), detail).await
}

/// Hands the texts of the theme to the reader.
async fn send_known_texts(
    tx: &WriteTransaction,
    consultation: i64,
    seeds: tokio::sync::mpsc::Sender<Vec<repository::imports::KnownVariant>>,
) -> Result<(), DbErr> {
    let mut after = 0;
    loop {
        let some = repository::imports::known_variants(tx, consultation, after, PAGE).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = last.id;
        // A reader that has given up says so where its rows are awaited.
        if seeds.send(some).await.is_err() {
            return Ok(());
        }
    }
}
