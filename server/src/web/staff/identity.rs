//! Who sent a submission: seen for a reason, exported for a reason. Whoever may not meets a page that isn't there.

use app::pages::staff::identity::{Gate, IdentityPage, Scan, whole_reason};
use axum::{extract::Path, http::header, response::IntoResponse as _};
use axum_extra::extract::Form;
use domain::FieldErrors;
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::AppError,
    render, repository,
    service::{self, identity::Opened},
    web::{
        consultations::send_file,
        routes::{Access, Answer, Routes},
    },
};

/// What shows a person is kept by nobody on the way.
const PRIVATE: &str = "private, no-store";

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .post("/staff/proposals/{id}/identity", Access::Staff, open)
        .post("/staff/proposals/{id}/scans/{attachment}", Access::Staff, scan)
        .get("/staff/consultations/{id}/identities", Access::Staff, ask)
        .post("/staff/consultations/{id}/identities", Access::Staff, export)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReasonBody {
    preset: String,
    reason: String,
}

async fn open(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ReasonBody>) -> Answer {
    let reason = whole_reason(ctx.locale, &body.preset, &body.reason);
    match service::identity::open(&ctx, id, &reason).await? {
        Ok(opened) => Ok(render::page(&ctx, page(opened))),
        Err(errors) => {
            let row = repository::proposal::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
            let theme =
                repository::consultation::by_id(ctx.db(), row.consultation_id).await?.ok_or(AppError::NotFound)?;
            let gate = Gate {
                theme: (theme.id, theme.title),
                proposal: Some((id, row.receipt_number)),
                preset: body.preset,
                reason: body.reason,
                errors,
            };
            Ok(render::invalid(&ctx, gate))
        }
    }
}

fn page(opened: Opened) -> IdentityPage {
    let Opened { seen, reason, identity, account_email, scans } = opened;
    IdentityPage {
        theme: (seen.theme.row.id, seen.theme.row.title),
        proposal: (seen.row.id, seen.row.receipt_number),
        reason,
        identity,
        account_email,
        scans: scans
            .into_iter()
            .map(|(file, upload)| Scan { id: file.id, name: upload.file_name, size: upload.size })
            .collect(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ScanBody {
    reason: String,
}

/// A form, not a link: the reason is staff's own words and has no place in an address.
async fn scan(ctx: Ctx, Path((id, file)): Path<(i64, i64)>, Form(body): Form<ScanBody>) -> Answer {
    let upload = service::identity::scan(&ctx, id, file, &body.reason).await?;
    send_file(&ctx, &upload, PRIVATE).await
}

async fn ask(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let theme = service::identity::theme_open_to(&ctx, id).await?;
    let gate = Gate {
        theme: (id, theme.row.title),
        proposal: None,
        preset: String::new(),
        reason: String::new(),
        errors: FieldErrors::new(),
    };
    Ok(render::page(&ctx, gate))
}

async fn export(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ReasonBody>) -> Answer {
    let theme = service::identity::theme_open_to(&ctx, id).await?;
    let reason = whole_reason(ctx.locale, &body.preset, &body.reason);
    match service::identity::export(&ctx, id, &reason).await? {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"identities-{id}.csv\"")),
                (header::CACHE_CONTROL, PRIVATE.to_owned()),
            ];
            Ok((headers, bytes).into_response())
        }
        Err(errors) => {
            let gate =
                Gate { theme: (id, theme.row.title), proposal: None, preset: body.preset, reason: body.reason, errors };
            Ok(render::invalid(&ctx, gate))
        }
    }
}
