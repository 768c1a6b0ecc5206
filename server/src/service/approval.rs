//! The decision on a table before it is published (起案、確認、決裁).
//!
//! What is put up is frozen: the table and which row answers which opinion, as JSON with a check sum. The steps are
//! those of the ward's workflow at that moment. `decide` takes the steps, `overview` shows where it stands, `package`
//! makes what the ward's own 電子決裁 is given.

mod decide;
mod overview;
mod package;
mod tell;

use domain::{
    FieldErrors, Millis, Phase,
    permission::{self, ConsultationAction, SiteAction},
    text,
    workflow::{ApprovalState, COMMENT_MAX, Decider, Step, StepDepartment, StepState, Workflow},
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;
use sha2::{Digest as _, Sha256};

pub use app::pages::staff::approval::Refused;
pub use decide::{Decision, comment, decide, withdraw};
pub use overview::overview;
pub use package::{frozen_table, package};

use super::{
    Checked,
    consultation::Loaded,
    response::table::{Composed, Links, compose, plain, same_content},
};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::{approval, approval_step},
    error::{AppError, Result},
    repository,
};

/// What came of something that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, also when it had been done already.
    Done,
    /// Not done, and nothing changed.
    Refused(Refused),
}

/// A table with its links, frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The table as JSON, without version and moment.
    pub table: String,
    /// Which row answers which item, as JSON.
    pub links: String,
    /// SHA-256 of [`document`] in hexadecimal.
    pub sha256: String,
}

/// The one document that the check sum is of: `{"table":…,"links":…}`.
#[must_use]
pub fn document(table: &str, links: &str) -> String {
    format!("{{\"table\":{table},\"links\":{links}}}")
}

/// The check sum of a frozen table.
#[must_use]
pub fn check_sum(table: &str, links: &str) -> String {
    crate::secret::hex(&Sha256::digest(document(table, links).as_bytes()))
}

/// Freezes what was built from the desk.
///
/// # Errors
/// When it can't be written as JSON.
pub fn freeze(composed: &Composed) -> Result<Frozen> {
    let table = serde_json::to_string(&plain(&composed.table)).map_err(anyhow::Error::from)?;
    let links = serde_json::to_string(&composed.links).map_err(anyhow::Error::from)?;
    let sha256 = check_sum(&table, &links);
    Ok(Frozen { table, links, sha256 })
}

/// What was frozen, read back. Refuses what isn't what was put up.
///
/// # Errors
/// When what is stored is not what its check sum says, or can't be read.
pub(crate) fn thaw(row: &approval::Model) -> Result<(documents::ResponseTable, Links)> {
    if check_sum(&row.response_table, &row.links) != row.sha256 {
        return Err(anyhow::anyhow!("approval {} is not what its check sum says", row.id).into());
    }
    let table = serde_json::from_str(&row.response_table).map_err(anyhow::Error::from)?;
    let links = serde_json::from_str(&row.links).map_err(anyhow::Error::from)?;
    Ok((table, links))
}

/// Whether the desk still says what was put up.
pub(crate) fn is_current(frozen: &(documents::ResponseTable, Links), now: &Composed) -> bool {
    frozen.1 == now.links && same_content(&frozen.0, &now.table)
}

pub(super) fn state_of(row: &approval::Model) -> ApprovalState {
    ApprovalState::from_code(&row.state).unwrap_or_default()
}

/// Whether the call has ended, so that the table can be put up.
pub(super) const fn has_ended(phase: Phase) -> bool {
    matches!(phase, Phase::UnderReview | Phase::ResultOut | Phase::Progress)
}

/// Who asks, as somebody who decides.
fn decider(ctx: &Ctx, department: i64) -> Result<Decider> {
    let actor = ctx.actor()?;
    let owner = actor.department.is_some_and(|own| own.0 == department);
    Ok(Decider { account: actor.id.0, role: actor.role, owner })
}

/// Whether who asks may read a theme's desk.
pub(super) fn reads_desk(ctx: &Ctx, theme: &Loaded) -> bool {
    let tie = ctx.tie(theme.row.department_id);
    permission::consultation(ctx.role(), tie, ConsultationAction::ReadQueue, theme.phase)
}

/// Whether one of these steps brings somebody of another department here: they read what is put up, not the desk.
fn reads_as_decider<'a>(ctx: &Ctx, mut steps: impl Iterator<Item = &'a Step>) -> bool {
    let role = ctx.role();
    steps.any(|step| step.department == StepDepartment::Any && role.is_some_and(|role| step.is_open_to(role, false)))
}

async fn theme_of(ctx: &Ctx, id: i64) -> Result<Loaded> {
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let row = repository::consultation::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    Ok(Loaded::new(row, ctx.now))
}

/// A table put up, with its steps, for somebody who may read it.
async fn readable(ctx: &Ctx, id: i64, approval: i64) -> Result<(Loaded, approval::Model, Vec<approval_step::Model>)> {
    let theme = theme_of(ctx, id).await?;
    let row = repository::approval::by_id(ctx.db(), approval).await?;
    let row = row.filter(|row| row.consultation_id == id).ok_or(AppError::NotFound)?;
    let steps = repository::approval::steps(ctx.db(), approval).await?;
    let rights: Vec<Step> = steps.iter().map(|s| Step::of(&s.name, &s.role)).collect();
    ctx.allow(reads_desk(ctx, &theme) || reads_as_decider(ctx, rights.iter()))?;
    Ok((theme, row, steps))
}

/// Begins to change what is put up of a theme: those who do come one by one.
async fn begin(ctx: &Ctx, id: i64) -> Result<(WriteTransaction, Loaded)> {
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let tx = ctx.write().await?;
    let row = repository::consultation::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    Ok((tx, Loaded::new(row, ctx.now)))
}

/// Closes what is put up.
async fn close<C: ConnectionTrait>(
    tx: &C,
    approval: i64,
    state: ApprovalState,
    comment: Option<String>,
    now: Millis,
) -> Result<()> {
    let mut row = approval::ActiveModel {
        id: Unchanged(approval),
        state: Set(state.code().to_owned()),
        closed_at: Set(Some(now)),
        ..Default::default()
    };
    if let Some(comment) = comment {
        row.comment = Set(comment);
    }
    repository::approval::update(tx, row).await?;
    Ok(())
}

/// Puts a theme's table up for decision as it is now (起案). What was put up before and has changed since is replaced.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Conflict`] while the call runs, while a version is scheduled, while the same is
/// in circulation already, or when it is what is published. Inner: what is wrong with the remark.
pub async fn draft(ctx: &Ctx, id: i64, note: &str) -> Result<Checked<Outcome>> {
    let (tx, theme) = begin(ctx, id).await?;
    let tie = ctx.tie(theme.row.department_id);
    ctx.allow(permission::consultation(ctx.role(), tie, ConsultationAction::DraftResponses, theme.phase))?;
    let note = match text::optional(note, COMMENT_MAX) {
        Ok(note) => note.unwrap_or_default(),
        Err(problem) => return Ok(Err(FieldErrors::one("note", problem))),
    };
    let published = repository::response::newest(&tx, id).await?;
    if !has_ended(theme.phase) || published.as_ref().is_some_and(|p| p.published_at > ctx.now) {
        return Err(AppError::Conflict);
    }
    let actor = ctx.actor()?.id.0;
    let composed = compose(&tx, ctx, &theme, published.as_ref().map_or(1, |p| p.version + 1)).await?;
    let before = repository::approval::newest(&tx, id).await?;
    if let Some(before) = &before
        && is_current(&thaw(before)?, &composed)
    {
        match state_of(before) {
            // The second half of a double click.
            ApprovalState::Open if before.created_by == actor => return Ok(Ok(Outcome::Done)),
            ApprovalState::Open | ApprovalState::Approved | ApprovalState::Published => {
                return Err(AppError::Conflict);
            }
            ApprovalState::SentBack | ApprovalState::Withdrawn | ApprovalState::Replaced => {}
        }
    }
    if !composed.checks.is_ready() {
        return Ok(Ok(Outcome::Refused(Refused::NotReady)));
    }
    if let Some(before) = before.filter(|b| matches!(state_of(b), ApprovalState::Open | ApprovalState::Approved)) {
        close(&tx, before.id, ApprovalState::Replaced, None, ctx.now).await?;
    }
    let made = put_up(&tx, ctx, &theme, &composed, &note).await?;
    let detail = json!({
        "approval": made.id, "sha256": made.sha256, "rows": composed.table.rows().count(), "opinions": composed.table.opinions,
    });
    audit::record(&tx, ctx, "approval.create", ("consultation", id), detail).await?;
    tell::next(&tx, ctx, &theme, &made, &composed.workflow).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(Outcome::Done))
}

/// Keeps what is put up, with the ward's steps.
async fn put_up<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    composed: &Composed,
    note: &str,
) -> Result<approval::Model> {
    let frozen = freeze(composed)?;
    let row = approval::ActiveModel {
        consultation_id: Set(theme.row.id),
        state: Set(ApprovalState::Open.code().to_owned()),
        response_table: Set(frozen.table),
        links: Set(frozen.links),
        sha256: Set(frozen.sha256),
        note: Set(note.to_owned()),
        comment: Set(String::new()),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    let made = repository::approval::insert(tx, row).await?;
    repository::approval::insert_steps(tx, steps(made.id, &composed.workflow)).await?;
    Ok(made)
}

/// The steps of a workflow as they are kept with what is put up.
pub(crate) fn steps(approval: i64, workflow: &Workflow) -> Vec<approval_step::ActiveModel> {
    (1..)
        .zip(&workflow.steps)
        .map(|(position, step)| approval_step::ActiveModel {
            approval_id: Set(approval),
            position: Set(position),
            name: Set(step.name.clone()),
            role: Set(step.right()),
            state: Set(StepState::Waiting.code().to_owned()),
            comment: Set(String::new()),
            ..Default::default()
        })
        .collect()
}

/// What was decided and can be published, when it is still what the desk says.
pub(crate) struct Approved {
    /// What was decided.
    pub row: approval::Model,
    /// The table.
    pub table: documents::ResponseTable,
    /// Which row answers which item.
    pub links: Links,
}

/// What was decided of a theme and can be published.
///
/// # Errors
/// [`AppError::Conflict`] when nothing was decided, or the newest that was put up is not decided (any more). Inner: the
/// desk has changed since.
pub(crate) async fn approved<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    version: i64,
) -> Result<std::result::Result<Approved, Refused>> {
    let row = repository::approval::newest(tx, theme.row.id).await?.ok_or(AppError::Conflict)?;
    if state_of(&row) != ApprovalState::Approved {
        return Err(AppError::Conflict);
    }
    let steps = repository::approval::steps(tx, row.id).await?;
    if steps.is_empty() || steps.iter().any(|s| StepState::from_code(&s.state) != Some(StepState::Approved)) {
        return Err(AppError::Conflict);
    }
    let frozen = thaw(&row)?;
    let now = compose(tx, ctx, theme, version).await?;
    if !is_current(&frozen, &now) {
        return Ok(Err(Refused::Changed));
    }
    let (table, links) = frozen;
    Ok(Ok(Approved { row, table, links }))
}

/// The ward's steps of approval, for those who may change them.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn workflow(ctx: &Ctx) -> Result<Workflow> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    Ok(repository::setting::workflow(ctx.db()).await?)
}

/// Changes the ward's steps of approval. What is in circulation keeps its steps.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn save_workflow(ctx: &Ctx, workflow: &Workflow) -> Result<Checked<()>> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    if let Err(errors) = workflow.check() {
        return Ok(Err(errors));
    }
    let trimmed = |step: &Step| Step { name: step.name.trim().to_owned(), ..step.clone() };
    let workflow = Workflow { steps: workflow.steps.iter().map(trimmed).collect(), ..workflow.clone() };
    let tx = ctx.write().await?;
    repository::setting::set_workflow(&tx, &workflow).await?;
    let steps: Vec<_> = workflow.steps.iter().map(|s| json!({ "name": s.name, "who": s.right() })).collect();
    let detail = json!({ "steps": steps, "apart": workflow.apart, "confirm_summaries": workflow.confirm_summaries });
    audit::record(&tx, ctx, "settings.workflow", ("setting", 0), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
