//! Intake: what staff find of submissions, one at a time. Many at once are in [`bulk`], what is asked of senders in
//! [`correction`], how a letter is cut into opinions in [`split`], kept filters in [`views`].

pub mod bulk;
pub mod correction;
pub mod split;
pub mod views;

use domain::{
    FieldErrors, IntakeState, Problem, Role,
    permission::{self, ConsultationAction, SiteAction},
    text,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{Checked, consultation::Loaded, submission};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::{proposal, staff_note},
    error::{AppError, Result},
    repository,
};

/// Longest note of staff in graphemes.
pub const NOTE_MAX: usize = 2000;

/// A submission for a member of staff.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The submission.
    pub row: proposal::Model,
    /// Its theme.
    pub theme: Loaded,
    /// Whether the reader sees the theme's whole queue; others see this one because it is assigned to them.
    pub whole: bool,
}

impl Seen {
    /// Whether the reader may do `action` to the theme.
    #[must_use]
    pub fn may(&self, ctx: &Ctx, action: ConsultationAction) -> bool {
        may(ctx, &self.theme, action)
    }

    /// Whether the reader may add a note: those who work on the theme, and those it is assigned to.
    #[must_use]
    pub fn may_note(&self, ctx: &Ctx) -> bool {
        self.may(ctx, ConsultationAction::Intake) || is_assigned(ctx, &self.row)
    }
}

/// Whether who asks may do `action` to a theme.
#[must_use]
pub fn may(ctx: &Ctx, theme: &Loaded, action: ConsultationAction) -> bool {
    permission::consultation(ctx.role(), ctx.tie(theme.row.department_id), action, theme.phase)
}

/// Whether a submission is assigned to the department of who asks.
fn is_assigned(ctx: &Ctx, row: &proposal::Model) -> bool {
    let own = ctx.actor.as_ref().and_then(|a| a.department).map(|d| d.0);
    own.is_some() && own == row.assigned_department_id && matches!(ctx.role(), Some(Role::Clerk | Role::Approver))
}

/// A submission for reading: for those who read the queue of its theme, and for the department it is assigned to.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::SignInRequired`] or [`AppError::Forbidden`].
pub async fn see(ctx: &Ctx, id: i64) -> Result<Seen> {
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let row = repository::proposal::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    let theme = repository::consultation::by_id(ctx.db(), row.consultation_id).await?.ok_or(AppError::NotFound)?;
    let theme = Loaded::new(theme, ctx.now);
    let whole = may(ctx, &theme, ConsultationAction::ReadQueue);
    ctx.allow(whole || is_assigned(ctx, &row))?;
    Ok(Seen { row, theme, whole })
}

/// A submission for somebody who may change where it stands.
///
/// # Errors
/// As [`see`].
pub async fn acting(ctx: &Ctx, id: i64) -> Result<Seen> {
    let seen = see(ctx, id).await?;
    ctx.allow(seen.may(ctx, ConsultationAction::Intake))?;
    Ok(seen)
}

async fn locked(tx: &WriteTransaction, id: i64) -> Result<proposal::Model> {
    repository::proposal::by_id_locked(tx, id).await?.ok_or(AppError::NotFound)
}

/// Reads a state that can be set without asking the sender for anything.
fn settable(code: &str) -> std::result::Result<IntakeState, Problem> {
    match IntakeState::from_code(code) {
        None if code.is_empty() => Err(Problem::ChoiceRequired),
        None | Some(IntakeState::AwaitingCorrection) => Err(Problem::UnknownChoice),
        Some(state) => Ok(state),
    }
}

/// Says where a submission stands; a reason becomes a note. 補正待ち is set by asking for the correction.
///
/// # Errors
/// As [`acting`]. Inner: what is wrong.
pub async fn set_state(ctx: &Ctx, id: i64, state: &str, reason: &str) -> Result<Checked<()>> {
    acting(ctx, id).await?;
    let mut errors = FieldErrors::new();
    let state = errors.take("state", settable(state));
    let reason = errors.take("state_reason", text::optional(reason, NOTE_MAX));
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let tx = ctx.write().await?;
    let row = locked(&tx, id).await?;
    let changes = proposal::ActiveModel {
        id: Unchanged(id),
        intake: Set(state.code().to_owned()),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    submission::change(&tx, &row, changes).await?;
    if let Some(reason) = reason {
        put_note(&tx, ctx, id, reason).await?;
    }
    let detail = json!({ "from": row.intake, "to": state.code() });
    audit::record(&tx, ctx, "intake.change", ("proposal", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Assigns a submission to a department; empty takes the assignment back.
///
/// # Errors
/// As [`acting`]. Inner: what is wrong.
pub async fn assign(ctx: &Ctx, id: i64, department: &str) -> Result<Checked<()>> {
    acting(ctx, id).await?;
    let tx = ctx.write().await?;
    let department = match chosen_department(&tx, department).await? {
        Ok(department) => department,
        Err(problem) => return Ok(Err(FieldErrors::one("department", problem))),
    };
    let row = locked(&tx, id).await?;
    let changes = proposal::ActiveModel {
        id: Unchanged(id),
        assigned_department_id: Set(department),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    submission::change(&tx, &row, changes).await?;
    let detail = json!({ "from": row.assigned_department_id, "to": department });
    audit::record(&tx, ctx, "intake.assign", ("proposal", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The department with this id; nothing for an empty choice.
async fn chosen_department<C: ConnectionTrait>(
    db: &C,
    department: &str,
) -> Result<std::result::Result<Option<i64>, Problem>> {
    if department.is_empty() {
        return Ok(Ok(None));
    }
    let Ok(id) = department.parse::<i64>() else { return Ok(Err(Problem::UnknownChoice)) };
    let known = repository::setting::department(db, id).await?;
    Ok(known.map(|d| Some(d.id)).ok_or(Problem::UnknownChoice))
}

/// Marks a submission: 賛否のみ, 回答対象外.
///
/// # Errors
/// As [`acting`].
pub async fn mark(ctx: &Ctx, id: i64, approval_only: bool, no_reply: bool) -> Result<()> {
    acting(ctx, id).await?;
    let tx = ctx.write().await?;
    let row = locked(&tx, id).await?;
    let changes = proposal::ActiveModel {
        id: Unchanged(id),
        approval_only: Set(approval_only.into()),
        no_reply: Set(no_reply.into()),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    submission::change(&tx, &row, changes).await?;
    let detail = json!({ "approval_only": approval_only, "no_reply": no_reply });
    audit::record(&tx, ctx, "intake.mark", ("proposal", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds a note for staff.
///
/// # Errors
/// As [`see`]; [`AppError::Forbidden`] for those who only read. Inner: what is wrong.
pub async fn add_note(ctx: &Ctx, id: i64, body: &str) -> Result<Checked<()>> {
    let seen = see(ctx, id).await?;
    ctx.allow(seen.may_note(ctx))?;
    let body = match text::required(body, NOTE_MAX) {
        Ok(body) => body,
        Err(problem) => return Ok(Err(FieldErrors::one("note", problem))),
    };
    let tx = ctx.write().await?;
    put_note(&tx, ctx, id, body).await?;
    audit::record(&tx, ctx, "intake.note", ("proposal", id), json!({})).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

async fn put_note(tx: &WriteTransaction, ctx: &Ctx, id: i64, body: String) -> Result<()> {
    let row = staff_note::ActiveModel {
        proposal_id: Set(id),
        account_id: Set(ctx.actor()?.id.0),
        body: Set(body),
        created_at: Set(ctx.now),
        ..Default::default()
    };
    Ok(repository::submission::add_note(tx, row).await?)
}
