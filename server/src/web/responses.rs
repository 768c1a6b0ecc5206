//! The ward's view and its downloads.

use app::pages::responses::{ResponseIndex, ResponsePage};
use axum::{extract::Path, http::header, response::IntoResponse as _};
use documents::Format;

use super::routes::{Access, Answer, Routes};
use crate::{
    ctx::Ctx,
    error::AppError,
    render,
    service::{document::main_pdf, response::published},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/responses", Access::Public, index).get("/consultations/{slug}/{responses}", Access::Public, show)
}

async fn index(ctx: Ctx) -> Answer {
    let cards = super::consultations::with_results(&ctx).await?;
    Ok(render::shared(&ctx, ResponseIndex { cards }))
}

/// `responses` is the page, `responses.csv` and its like the same table as a file.
async fn show(ctx: Ctx, Path((slug, name)): Path<(String, String)>) -> Answer {
    let format = match name.split_once('.') {
        None if name == "responses" => None,
        Some(("responses", extension)) => Some(Format::from_extension(extension).ok_or(AppError::NotFound)?),
        _ => return Err(AppError::NotFound),
    };
    let table = published(&ctx, &slug).await?;
    let Some(format) = format else {
        let document_href = main_pdf(ctx.db(), &slug).await?;
        return Ok(render::shared(&ctx, ResponsePage { table, document_href, preview: false }));
    };
    let file = format!("{}.{}", table.file_stem(), format.extension());
    let bytes = tokio::task::spawn_blocking(move || documents::render(&table, format))
        .await
        .map_err(anyhow::Error::from)?
        .map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
