//! Taking a step, sending back, taking back, saying something.

use domain::{
    FieldErrors, Problem, text,
    workflow::{ApprovalState, COMMENT_MAX, Step, StepState},
};
use sea_orm::{ActiveValue::Unchanged, Set};
use serde_json::json;

use super::{begin, close, decider, readable, state_of, tell};
use crate::{
    audit,
    ctx::Ctx,
    entity::{approval, approval_step},
    error::{AppError, Result},
    repository,
    service::Checked,
};

/// A decision as entered.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The step that the page showed as due, from 1.
    pub step: i64,
    /// Agreed to, or sent back.
    pub agreed: bool,
    /// The remark; a table isn't sent back without one.
    pub comment: String,
}

async fn put_up_of(tx: &impl sea_orm::ConnectionTrait, id: i64, approval: i64) -> Result<approval::Model> {
    let row = repository::approval::by_id(tx, approval).await?;
    row.filter(|row| row.consultation_id == id).ok_or(AppError::NotFound)
}

/// Decides on the step that is due: agrees to it, or sends the table back. After the last step it can be published.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::Forbidden`] for those who may not take the step (among them who put it up, and
/// who took a step before, where the ward keeps them apart); [`AppError::Conflict`] when another step is due, or none.
/// Inner: what is wrong with the remark.
pub async fn decide(ctx: &Ctx, id: i64, approval: i64, decision: &Decision) -> Result<Checked<()>> {
    let (tx, theme) = begin(ctx, id).await?;
    let row = put_up_of(&tx, id, approval).await?;
    let who = decider(ctx, theme.row.department_id)?;
    let steps = repository::approval::steps(&tx, approval).await?;
    let state = if decision.agreed { StepState::Approved } else { StepState::SentBack };
    let asked = steps.iter().find(|s| s.position == decision.step).ok_or(AppError::Conflict)?;
    if asked.decided_by == Some(who.account) && asked.state == state.code() {
        // The second half of a double click.
        return Ok(Ok(()));
    }
    let step = Step::of(&asked.name, &asked.role);
    let earlier: Vec<i64> = steps.iter().filter_map(|s| s.decided_by).collect();
    let workflow = repository::setting::workflow(&tx).await?;
    ctx.allow(step.is_open_to(who.role, who.owner))?;
    let due = steps.iter().find(|s| s.state == StepState::Waiting.code());
    if state_of(&row) != ApprovalState::Open || due.map(|s| s.id) != Some(asked.id) {
        return Err(AppError::Conflict);
    }
    ctx.allow(workflow.may_decide(&step, who, row.created_by, &earlier))?;
    let comment = match text::optional(&decision.comment, COMMENT_MAX) {
        Ok(None) if !decision.agreed => return Ok(Err(FieldErrors::one("comment", Problem::Required))),
        Ok(comment) => comment.unwrap_or_default(),
        Err(problem) => return Ok(Err(FieldErrors::one("comment", problem))),
    };
    let changes = approval_step::ActiveModel {
        id: Unchanged(asked.id),
        state: Set(state.code().to_owned()),
        comment: Set(comment.clone()),
        decided_by: Set(Some(who.account)),
        decided_at: Set(Some(ctx.now)),
        ..Default::default()
    };
    repository::approval::update_step(&tx, changes).await?;
    let last = steps.last().is_some_and(|s| s.id == asked.id);
    let detail = json!({ "approval": approval, "step": asked.position, "decision": state.code() });
    audit::record(&tx, ctx, "approval.decide", ("consultation", id), detail).await?;
    match (decision.agreed, last) {
        (false, _) => {
            close(&tx, approval, ApprovalState::SentBack, None, ctx.now).await?;
            tell::sent_back(&tx, ctx, &theme, &row, &step, &comment).await?;
        }
        (true, true) => {
            let open = approval::ActiveModel {
                id: Unchanged(approval),
                state: Set(ApprovalState::Approved.code().to_owned()),
                ..Default::default()
            };
            repository::approval::update(&tx, open).await?;
            tell::approved(&tx, ctx, &theme, &row).await?;
        }
        (true, false) => tell::next(&tx, ctx, &theme, &row, &workflow).await?,
    }
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(()))
}

/// Takes back what was put up, decided on or not: by who put it up, or an administrator.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], or [`AppError::Conflict`] when it is published, sent back or
/// replaced.
pub async fn withdraw(ctx: &Ctx, id: i64, approval: i64) -> Result<()> {
    let (tx, theme) = begin(ctx, id).await?;
    let row = put_up_of(&tx, id, approval).await?;
    ctx.allow(may_withdraw(ctx, theme.row.department_id, row.created_by)?)?;
    match state_of(&row) {
        ApprovalState::Open | ApprovalState::Approved => {}
        ApprovalState::Withdrawn => return Ok(()),
        ApprovalState::SentBack | ApprovalState::Replaced | ApprovalState::Published => {
            return Err(AppError::Conflict);
        }
    }
    close(&tx, approval, ApprovalState::Withdrawn, None, ctx.now).await?;
    audit::record(&tx, ctx, "approval.withdraw", ("consultation", id), json!({ "approval": approval })).await?;
    // Who was asked to decide needn't any more.
    repository::mail::cancel(&tx, &format!("{}:", tell::event(approval))).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether who asks may take back what `drafted_by` put up.
pub(super) fn may_withdraw(ctx: &Ctx, department: i64, drafted_by: i64) -> Result<bool> {
    let who = decider(ctx, department)?;
    Ok(who.account == drafted_by || who.role == domain::Role::Admin)
}

/// Says something about what is put up; everybody who may read it can.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`]. Inner: what is wrong with the text.
pub async fn comment(ctx: &Ctx, id: i64, approval: i64, body: &str) -> Result<Checked<()>> {
    readable(ctx, id, approval).await?;
    let body = match text::required(body, COMMENT_MAX) {
        Ok(body) => body,
        Err(problem) => return Ok(Err(FieldErrors::one("remark", problem))),
    };
    let (tx, _) = begin(ctx, id).await?;
    repository::approval::comment(&tx, approval, ctx.actor()?.id.0, &body, ctx.now).await?;
    audit::record(&tx, ctx, "approval.comment", ("consultation", id), json!({ "approval": approval })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
