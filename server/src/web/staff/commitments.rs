//! Promises given in answers (約束), for staff.

use std::collections::BTreeMap;

use app::pages::staff::commitments::{
    CommitmentForm, ReportForm, StaffCommitment, StaffCommitmentsPage, TypedCommitment,
};
use axum::extract::{Path, Query};
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    permission::{ConsultationAction, consultation},
};
use serde::Deserialize;

use super::departments;
use crate::{
    ctx::Ctx,
    error::Result,
    render,
    service::{
        commitment::{self, Followed, Input, Report},
        consultation::{Loaded, Saved},
    },
    web::{
        commitments::view,
        routes::{Access, Answer, Routes},
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/{id}/commitments", Access::Staff, list)
        .get("/staff/consultations/{id}/commitments/new", Access::Staff, new)
        .post("/staff/consultations/{id}/commitments/new", Access::Staff, create)
        .get("/staff/consultations/{id}/commitments/{commitment}", Access::Staff, edit)
        .post("/staff/consultations/{id}/commitments/{commitment}", Access::Staff, update)
        .post("/staff/consultations/{id}/commitments/{commitment}/delete", Access::Staff, delete)
        .post("/staff/consultations/{id}/commitments/{commitment}/report", Access::Staff, report)
}

fn base(id: i64) -> String {
    format!("/staff/consultations/{id}/commitments")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

fn staff_view(
    ctx: &Ctx,
    followed: Followed,
    rows: Vec<String>,
    departments: &BTreeMap<i64, String>,
) -> StaffCommitment {
    let public = followed.row.public_at.is_some_and(|at| at <= ctx.now);
    StaffCommitment { public, rows, view: view(followed, ctx.now, departments, None) }
}

async fn list(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NoticeQuery>) -> Answer {
    let (theme, rows, names) = commitment::list(&ctx, id).await?;
    let departments: BTreeMap<i64, String> = departments(&ctx).await?.into_iter().collect();
    let commitments = rows
        .into_iter()
        .map(|f| {
            let rows = names.get(&f.row.ward_view_id).cloned().unwrap_or_default();
            staff_view(&ctx, f, rows, &departments)
        })
        .collect();
    let tie = ctx.tie(theme.row.department_id);
    let page = StaffCommitmentsPage {
        id,
        may_edit: consultation(ctx.role(), tie, ConsultationAction::DraftResponses, theme.phase),
        theme: theme.row.title,
        commitments,
        done: ["saved", "deleted", "reported"].into_iter().find(|n| *n == query.notice),
    };
    Ok(render::page(&ctx, page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    row: String,
    text: String,
    department: String,
    owner: String,
    due_on: String,
    version: i64,
}

impl Body {
    fn input(&self) -> Input {
        Input {
            row: self.row.clone(),
            text: self.text.clone(),
            department: self.department.clone(),
            owner: self.owner.clone(),
            due_on: self.due_on.clone(),
            version: self.version,
        }
    }

    fn typed(self) -> TypedCommitment {
        TypedCommitment {
            row: self.row,
            text: self.text,
            department: self.department,
            owner: self.owner,
            due_on: self.due_on,
            version: self.version,
        }
    }
}

async fn form(
    ctx: &Ctx,
    theme: Loaded,
    id: Option<i64>,
    typed: TypedCommitment,
    errors: FieldErrors,
) -> Result<CommitmentForm> {
    Ok(CommitmentForm {
        id: theme.row.id,
        theme: theme.row.title,
        commitment: id,
        departments: departments(ctx).await?,
        typed,
        errors,
        stale: false,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    row: String,
}

async fn new(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NewQuery>) -> Answer {
    let (theme, row) = commitment::to_write_for(&ctx, id, &query.row).await?;
    let typed = TypedCommitment { row, department: theme.row.department_id.to_string(), ..TypedCommitment::default() };
    Ok(render::page(&ctx, form(&ctx, theme, None, typed, FieldErrors::new()).await?))
}

async fn saved(ctx: &Ctx, id: i64, which: Option<i64>, body: Body) -> Answer {
    match commitment::put(ctx, id, which, &body.input()).await? {
        Ok(Saved::Done) => Ok(render::see_other(&format!("{}?notice=saved", base(id)))),
        Ok(Saved::Stale(version)) => {
            let theme = commitment::to_write(ctx, id).await?;
            let typed = TypedCommitment { version, ..body.typed() };
            let page = form(ctx, theme, which, typed, FieldErrors::new()).await?;
            Ok(render::page_with(ctx, axum::http::StatusCode::CONFLICT, CommitmentForm { stale: true, ..page }))
        }
        Err(errors) => {
            let theme = commitment::to_write(ctx, id).await?;
            Ok(render::invalid(ctx, form(ctx, theme, which, body.typed(), errors).await?))
        }
    }
}

async fn create(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<Body>) -> Answer {
    saved(&ctx, id, None, body).await
}

async fn update(ctx: Ctx, Path((id, which)): Path<(i64, i64)>, Form(body): Form<Body>) -> Answer {
    saved(&ctx, id, Some(which), body).await
}

async fn report_form(
    ctx: &Ctx,
    (theme, followed, rows): (Loaded, Followed, String),
    typed: (String, String, String),
    errors: FieldErrors,
) -> Result<ReportForm> {
    let departments: BTreeMap<i64, String> = departments(ctx).await?.into_iter().collect();
    let rows = Some(rows).filter(|rows| !rows.is_empty()).into_iter().collect();
    Ok(ReportForm {
        id: theme.row.id,
        theme: theme.row.title,
        commitment: staff_view(ctx, followed, rows, &departments),
        typed,
        errors,
    })
}

async fn edit(ctx: Ctx, Path((id, which)): Path<(i64, i64)>) -> Answer {
    let (theme, followed, rows) = commitment::one(&ctx, id, which).await?;
    if followed.row.public_at.is_some_and(|at| at <= ctx.now) {
        let typed = (followed.row.state.clone(), String::new(), String::new());
        return Ok(render::page(&ctx, report_form(&ctx, (theme, followed, rows), typed, FieldErrors::new()).await?));
    }
    let row = followed.row;
    let due: Option<chrono::NaiveDate> = row.due_on.as_deref().and_then(|day| day.parse().ok());
    let typed = TypedCommitment {
        row: rows.split('、').next().unwrap_or_default().to_owned(),
        text: row.text,
        department: row.department_id.to_string(),
        owner: row.owner,
        due_on: due.map(|day| super::day_as_typed(ctx.locale, day)).unwrap_or_default(),
        version: row.version,
    };
    Ok(render::page(&ctx, form(&ctx, theme, Some(which), typed, FieldErrors::new()).await?))
}

async fn delete(ctx: Ctx, Path((id, which)): Path<(i64, i64)>) -> Answer {
    commitment::delete(&ctx, id, which).await?;
    Ok(render::see_other(&format!("{}?notice=deleted", base(id))))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReportBody {
    state: String,
    body: String,
    report_due_on: String,
}

async fn report(ctx: Ctx, Path((id, which)): Path<(i64, i64)>, Form(body): Form<ReportBody>) -> Answer {
    let typed = Report { state: body.state, body: body.body, due_on: body.report_due_on };
    match commitment::report(&ctx, id, which, &typed).await? {
        Ok(()) => Ok(render::see_other(&format!("{}?notice=reported#commitment-{which}", base(id)))),
        Err(errors) => {
            let known = commitment::one(&ctx, id, which).await?;
            let typed = (typed.state, typed.body, typed.due_on);
            Ok(render::invalid(&ctx, report_form(&ctx, known, typed, errors).await?))
        }
    }
}
