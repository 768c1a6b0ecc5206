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

/// The database answers too.
async fn ready(ctx: Ctx) -> Answer {
    let answer = match ctx.db().execute_unprepared("SELECT 1").await {
        Ok(_) => (
            StatusCode::OK,
            [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/html; charset=utf-8")],
            "ready\n",
        ),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/html; charset=utf-8")],
                "database away\n",
            )
        }
    };
    Ok(answer.into_response())
}
