//! For those who run the site.

use axum::{
    http::{StatusCode, header},
    response::IntoResponse as _,
};
use sea_orm::ConnectionTrait as _;

use super::routes::{Access, Answer, Routes};
use crate::ctx::Ctx;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/healthz", Access::Public, health).get("/readyz", Access::Public, ready)
}

/// The process answers.
async fn health() -> Answer {
    Ok(([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response())
}

/// The database answers too. What is missing and stops nothing else is a line more.
async fn ready(ctx: Ctx) -> Answer {
    let (status, text) = match ctx.db().execute_unprepared("SELECT 1").await {
        Ok(_) => {
            let warning = ctx.app.renderer.font_warning().map(|text| format!("warning: {text}\n"));
            (StatusCode::OK, format!("ready\n{}", warning.unwrap_or_default()))
        }
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database away\n".to_owned())
        }
    };
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/html; charset=utf-8")];
    Ok((status, headers, text).into_response())
}
