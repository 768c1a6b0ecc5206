//! The ward's steps of approval.

use app::pages::staff::workflow::{WorkflowDone, WorkflowPage};
use axum::extract::Query;
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    permission::{SiteAction, site},
    workflow::{FIELDS, STEPS_MAX, Step, StepDepartment, StepRole, Workflow},
};
use serde::Deserialize;

use super::settings::Fields;
use crate::{
    ctx::Ctx,
    error::AppError,
    render,
    service::approval,
    web::routes::{Access, Answer, Routes},
};

const PATH: &str = "/staff/settings/workflow";

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(PATH, Access::Staff, show).post(PATH, Access::Staff, save)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

async fn show(ctx: Ctx, Query(query): Query<NoticeQuery>) -> Answer {
    let input = approval::workflow(&ctx).await?;
    let done = (query.notice == "saved").then_some(WorkflowDone::Saved);
    Ok(render::page(&ctx, WorkflowPage { input, errors: FieldErrors::new(), done }))
}

/// The steps as typed. A choice that isn't offered is the strictest.
fn typed(fields: &Fields) -> Workflow {
    let count = fields.of("steps").parse().unwrap_or(0_usize).min(STEPS_MAX);
    let steps = FIELDS
        .into_iter()
        .take(count)
        .map(|[name, role, department]| Step {
            name: fields.of(name),
            role: StepRole::from_code(&fields.of(role)).unwrap_or(StepRole::Admin),
            department: StepDepartment::from_code(&fields.of(department)).unwrap_or_default(),
        })
        .collect();
    Workflow { steps, apart: fields.has("apart"), confirm_summaries: fields.has("confirm_summaries") }
}

/// Changes the steps in the fields, without saving them.
///
/// # Errors
/// [`AppError::BadRequest`] for an action that no button has.
fn change(input: &mut Workflow, act: &str) -> Result<(), AppError> {
    let steps = &mut input.steps;
    if act == "add" {
        // A step before 決裁: the last one stays the decision.
        let at = steps.len().saturating_sub(1);
        if steps.len() < STEPS_MAX {
            steps.insert(at, Step { role: StepRole::Clerk, ..Step::default() });
        }
        return Ok(());
    }
    let (what, number) = act.split_once(':').ok_or(AppError::BadRequest)?;
    let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|at| *at < steps.len());
    let at = at.ok_or(AppError::BadRequest)?;
    match what {
        "up" if at > 0 => steps.swap(at, at - 1),
        "down" if at + 1 < steps.len() => steps.swap(at, at + 1),
        "remove" if steps.len() > 1 => drop(steps.remove(at)),
        "up" | "down" | "remove" => {}
        _ => return Err(AppError::BadRequest),
    }
    Ok(())
}

/// Changes the fields, or saves.
async fn save(ctx: Ctx, Form(fields): Form<Fields>) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::EditSettings))?;
    let mut input = typed(&fields);
    let act = fields.of("act");
    if !act.is_empty() {
        change(&mut input, &act)?;
        let done = Some(WorkflowDone::Changed);
        return Ok(render::page(&ctx, WorkflowPage { input, errors: FieldErrors::new(), done }));
    }
    match approval::save_workflow(&ctx, &input).await? {
        Ok(()) => Ok(render::see_other(&format!("{PATH}?notice=saved"))),
        Err(errors) => Ok(render::invalid(&ctx, WorkflowPage { input, errors, done: None })),
    }
}
