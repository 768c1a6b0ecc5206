//! What opinions change in the draft (修正箇所).

use app::pages::staff::plan_changes::{
    PlanChangeForm, PlanChangeView, PlanChangesPage, TypedPlanChange, VersionDifference,
};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    permission::{ConsultationAction, consultation},
};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    entity::plan_change,
    error::{AppError, Result},
    render,
    service::{
        consultation::{Loaded, Saved, for_staff},
        plan_change::{self as service, Input},
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/{id}/plan-changes", Access::Staff, list)
        .get("/staff/consultations/{id}/plan-changes/new", Access::Staff, new)
        .post("/staff/consultations/{id}/plan-changes/new", Access::Staff, create)
        .post("/staff/consultations/{id}/plan-changes/draft", Access::Staff, draft)
        .get("/staff/consultations/{id}/plan-changes/{change}", Access::Staff, edit)
        .post("/staff/consultations/{id}/plan-changes/{change}", Access::Staff, update)
        .post("/staff/consultations/{id}/plan-changes/{change}/move", Access::Staff, shift)
        .post("/staff/consultations/{id}/plan-changes/{change}/delete", Access::Staff, delete)
}

fn base(id: i64) -> String {
    format!("/staff/consultations/{id}/plan-changes")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

async fn list(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NoticeQuery>) -> Answer {
    let found = service::list(&ctx, id).await?;
    let versions = service::differences(&ctx, id).await?;
    let names = |change: i64| {
        let rows = found.rows.get(&change).into_iter().flatten();
        rows.filter_map(|row| found.names.get(row).cloned()).collect()
    };
    let tie = ctx.tie(found.theme.row.department_id);
    let page = PlanChangesPage {
        id,
        theme: found.theme.row.title.clone(),
        changes: found
            .changes
            .iter()
            .map(|c| PlanChangeView {
                id: c.id,
                place: c.place.clone(),
                before: c.before_text.clone(),
                after: c.after_text.clone(),
                reason: c.reason.clone(),
                rows: names(c.id),
            })
            .collect(),
        versions: versions
            .into_iter()
            .map(|d| VersionDifference { place: d.place, before: d.before, after: d.after })
            .collect(),
        may_edit: consultation(ctx.role(), tie, ConsultationAction::DraftResponses, found.theme.phase),
        done: ["saved", "deleted"].into_iter().find(|n| *n == query.notice),
    };
    Ok(render::page(&ctx, page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    place: String,
    before: String,
    after: String,
    reason: String,
    rows: String,
    version: i64,
}

impl Body {
    fn input(&self) -> Input {
        Input {
            place: self.place.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
            reason: self.reason.clone(),
            rows: self.rows.clone(),
            version: self.version,
        }
    }

    fn typed(self) -> TypedPlanChange {
        TypedPlanChange {
            place: self.place,
            before: self.before,
            after: self.after,
            reason: self.reason,
            rows: self.rows,
            version: self.version,
        }
    }
}

fn saved_values(row: plan_change::Model, rows: String) -> TypedPlanChange {
    TypedPlanChange {
        place: row.place,
        before: row.before_text,
        after: row.after_text,
        reason: row.reason,
        rows,
        version: row.version,
    }
}

fn form(theme: Loaded, change: Option<i64>, typed: TypedPlanChange, errors: FieldErrors) -> PlanChangeForm {
    PlanChangeForm { id: theme.row.id, theme: theme.row.title, change, typed, errors, newer: None }
}

async fn to_write(ctx: &Ctx, id: i64) -> Result<Loaded> {
    for_staff(ctx, id, ConsultationAction::DraftResponses).await
}

async fn new(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let theme = to_write(&ctx, id).await?;
    Ok(render::page(&ctx, form(theme, None, TypedPlanChange::default(), FieldErrors::new())))
}

/// The form filled with a difference of two versions; nothing is saved.
async fn draft(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<Body>) -> Answer {
    let theme = to_write(&ctx, id).await?;
    Ok(render::page(&ctx, form(theme, None, body.typed(), FieldErrors::new())))
}

async fn saved(ctx: &Ctx, id: i64, which: Option<i64>, body: Body) -> Answer {
    match service::put(ctx, id, which, &body.input()).await? {
        Ok(Saved::Done) => Ok(render::see_other(&format!("{}?notice=saved", base(id)))),
        Ok(Saved::Stale(version)) => {
            let (theme, row, rows) = service::one(ctx, id, which.ok_or(AppError::Conflict)?).await?;
            let typed = TypedPlanChange { version, ..body.typed() };
            let newer = Some(saved_values(row, rows));
            let page = PlanChangeForm { newer, ..form(theme, which, typed, FieldErrors::new()) };
            Ok(render::page_with(ctx, StatusCode::CONFLICT, page))
        }
        Err(errors) => {
            let theme = to_write(ctx, id).await?;
            Ok(render::invalid(ctx, form(theme, which, body.typed(), errors)))
        }
    }
}

async fn create(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<Body>) -> Answer {
    saved(&ctx, id, None, body).await
}

async fn edit(ctx: Ctx, Path((id, which)): Path<(i64, i64)>) -> Answer {
    let (theme, row, rows) = service::one(&ctx, id, which).await?;
    Ok(render::page(&ctx, form(theme, Some(which), saved_values(row, rows), FieldErrors::new())))
}

async fn update(ctx: Ctx, Path((id, which)): Path<(i64, i64)>, Form(body): Form<Body>) -> Answer {
    saved(&ctx, id, Some(which), body).await
}

#[derive(Debug, Deserialize)]
struct MoveBody {
    direction: String,
}

async fn shift(ctx: Ctx, Path((id, which)): Path<(i64, i64)>, Form(body): Form<MoveBody>) -> Answer {
    let up = match body.direction.as_str() {
        "up" => true,
        "down" => false,
        _ => return Err(AppError::BadRequest),
    };
    service::shift(&ctx, id, which, up).await?;
    Ok(render::see_other(&format!("{}#change-{which}", base(id))))
}

async fn delete(ctx: Ctx, Path((id, which)): Path<(i64, i64)>) -> Answer {
    service::delete(&ctx, id, which).await?;
    Ok(render::see_other(&format!("{}?notice=deleted", base(id))))
}
