//! The ward's phrases for answers.

use app::pages::staff::phrases::{EMPTY_ROWS, PhraseInput, PhrasesPage};
use axum::extract::Query;
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    permission::{SiteAction, site},
};
use serde::Deserialize;

use super::settings::Fields;
use crate::{
    ctx::Ctx,
    render,
    service::phrase,
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/staff/settings/phrases", Access::Staff, show).post("/staff/settings/phrases", Access::Staff, save)
}

#[derive(Debug, Default, Deserialize)]
struct NoticeQuery {
    #[serde(default)]
    notice: String,
}

async fn show(ctx: Ctx, Query(query): Query<NoticeQuery>) -> Answer {
    let phrases = phrase::settings(&ctx).await?;
    let page =
        PhrasesPage { inputs: PhraseInput::of(&phrases), errors: FieldErrors::new(), saved: query.notice == "saved" };
    Ok(render::page(&ctx, page))
}

/// The rows of the form; those to be deleted are named by their places.
fn inputs(fields: &Fields) -> Vec<PhraseInput> {
    let deleted: Vec<usize> = fields.all("delete").iter().filter_map(|place| place.parse().ok()).collect();
    let mut orders = fields.all("order").into_iter();
    let mut plains = fields.all("plain").into_iter();
    fields
        .all("text")
        .into_iter()
        .enumerate()
        .map(|(place, text)| PhraseInput {
            order: orders.next().unwrap_or_default(),
            text,
            plain: plains.next().unwrap_or_default(),
            delete: deleted.contains(&place),
        })
        .collect()
}

async fn save(ctx: Ctx, Form(fields): Form<Fields>) -> Answer {
    ctx.allow(site(ctx.role(), SiteAction::EditSettings))?;
    let mut inputs = inputs(&fields);
    if fields.has("more") {
        inputs.resize_with(inputs.len() + EMPTY_ROWS, PhraseInput::default);
        return Ok(render::page(&ctx, PhrasesPage { inputs, errors: FieldErrors::new(), saved: false }));
    }
    match phrase::save(&ctx, &inputs).await? {
        Ok(()) => Ok(render::see_other("/staff/settings/phrases?notice=saved")),
        Err(errors) => Ok(render::invalid(&ctx, PhrasesPage { inputs, errors, saved: false })),
    }
}
