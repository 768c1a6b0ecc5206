//! What became of an opinion, by its receipt number.

use app::pages::receipts::{ReceiptForm, ReceiptPage};
use axum::{
    extract::{Path, Query},
    http::StatusCode,
};
use domain::{Channel, ProposalState, ReceiptNumber};
use serde::Deserialize;

use super::routes::{Access, Answer, Routes};
use crate::{
    ctx::Ctx,
    error::AppError,
    limits::Operation,
    render, repository,
    service::{self, consultation::Loaded},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/receipts", Access::Public, form).get("/receipts/{number}", Access::Public, show)
}

#[derive(Debug, Default, Deserialize)]
struct NumberQuery {
    #[serde(default)]
    number: String,
}

async fn form(ctx: Ctx, Query(query): Query<NumberQuery>) -> Answer {
    if query.number.trim().is_empty() {
        return Ok(render::page(&ctx, ReceiptForm::default()));
    }
    match ReceiptNumber::parse(&query.number) {
        Some(number) => Ok(render::see_other(&format!("/receipts/{number}"))),
        None => Ok(render::invalid(&ctx, ReceiptForm { not_found: Some(query.number.chars().take(40).collect()) })),
    }
}

async fn show(ctx: Ctx, Path(typed): Path<String>) -> Answer {
    ctx.app.limits.check(&ctx, Operation::Receipt, "")?;
    let unknown = || {
        let page = ReceiptForm { not_found: Some(typed.chars().take(40).collect()) };
        Ok(render::page_with(&ctx, StatusCode::NOT_FOUND, page))
    };
    let Some(number) = ReceiptNumber::parse(&typed) else { return unknown() };
    let Some(row) = repository::proposal::by_receipt(ctx.db(), number.as_str()).await? else { return unknown() };
    let consultation =
        repository::consultation::by_id(ctx.db(), row.consultation_id).await?.ok_or(AppError::NotFound)?;
    let loaded = Loaded::new(consultation, ctx.now);
    if !loaded.phase.is_public() {
        return unknown();
    }
    let (answers, table) = service::response::answers(&ctx, &loaded, row.id).await?;
    let page = ReceiptPage {
        number: number.to_string(),
        answers: super::proposals::answer_links(&loaded.row.slug, &answers, table.as_ref()),
        theme: (loaded.row.slug, loaded.row.title),
        phase: loaded.phase,
        received_at: row.created_at,
        channel: Channel::from_code(&row.channel).unwrap_or_default(),
        state: ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden),
    };
    Ok(render::page(&ctx, page))
}
