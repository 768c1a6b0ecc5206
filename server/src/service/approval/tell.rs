//! The mails about a decision: to those who decide next, and back to who put it up.

use domain::workflow::{Step, StepDepartment, StepRole, StepState, Workflow};
use sea_orm::ConnectionTrait;

use crate::{
    ctx::Ctx,
    entity::{account, approval},
    error::Result,
    mail, repository,
    service::consultation::Loaded,
};

/// What the keys of the mails about what is put up begin with.
pub(super) fn event(approval: i64) -> String {
    format!("approval:{approval}")
}

fn link(ctx: &Ctx, theme: &Loaded) -> String {
    ctx.url(&format!("/staff/consultations/{}/approval", theme.row.id))
}

/// Writes to those whose step is due: those of the very role it asks for, and where there are none, to the others who
/// may take it. Who may not take it because of an earlier step isn't written to.
pub(super) async fn next<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    row: &approval::Model,
    workflow: &Workflow,
) -> Result<()> {
    let steps = repository::approval::steps(tx, row.id).await?;
    let Some(due) = steps.iter().find(|s| s.state == StepState::Waiting.code()) else { return Ok(()) };
    let step = Step::of(&due.name, &due.role);
    let earlier: Vec<i64> = steps.iter().filter_map(|s| s.decided_by).collect();
    let roles: Vec<domain::Role> =
        StepRole::ALL.into_iter().map(StepRole::role).filter(|role| step.role.holds(*role)).collect();
    let department = theme.row.department_id;
    let mut staff = repository::approval::staff(tx, &roles, None).await?;
    staff.retain(|account| {
        let Some(role) = domain::Role::from_code(&account.role) else { return false };
        let owner = account.department_id == Some(department);
        let who = domain::workflow::Decider { account: account.id, role, owner };
        workflow.may_decide(&step, who, row.created_by, &earlier)
    });
    let near = |account: &account::Model| {
        let owner = account.department_id == Some(department);
        account.role == step.role.role().code() && (owner || step.department == StepDepartment::Any)
    };
    if staff.iter().any(near) {
        staff.retain(near);
    }
    let by = repository::account::by_id(tx, row.created_by).await?.map(|a| a.display_name).unwrap_or_default();
    let link = link(ctx, theme);
    for account in staff {
        let reader = mail::reader(ctx, &account);
        let content = app::mails::approval_due(reader, &theme.row.title, &step.name, &by, &row.note, &link);
        mail::enqueue(tx, ctx, &account, &format!("{}:{}", event(row.id), due.position), content).await?;
    }
    Ok(())
}

/// Writes to who put it up that it can be published.
pub(super) async fn approved<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    row: &approval::Model,
) -> Result<()> {
    let Some(account) = repository::account::by_id(tx, row.created_by).await? else { return Ok(()) };
    let content = app::mails::approval_done(mail::reader(ctx, &account), &theme.row.title, &link(ctx, theme));
    mail::enqueue(tx, ctx, &account, &format!("{}:approved", event(row.id)), content).await
}

/// Writes to who put it up that it was sent back, and why.
pub(super) async fn sent_back<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    theme: &Loaded,
    row: &approval::Model,
    step: &Step,
    comment: &str,
) -> Result<()> {
    let Some(account) = repository::account::by_id(tx, row.created_by).await? else { return Ok(()) };
    let by = ctx.actor()?.name.clone();
    let reader = mail::reader(ctx, &account);
    let content = app::mails::approval_sent_back(reader, &theme.row.title, &step.name, &by, comment, &link(ctx, theme));
    mail::enqueue(tx, ctx, &account, &format!("{}:back", event(row.id)), content).await
}
