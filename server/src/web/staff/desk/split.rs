//! Cutting a submission into its opinions.

use app::pages::staff::desk::SplitPage;
use axum::extract::{Path, Query};
use axum_extra::extract::Form;
use domain::{FieldErrors, permission::ConsultationAction, split};
use serde::Deserialize;

use super::base;
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, repository,
    service::{
        consultation::for_staff,
        intake::split::{MAX, Refused, on_desk},
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/staff/consultations/{id}/responses/split/{proposal}", Access::Staff, show).post(
        "/staff/consultations/{id}/responses/split/{proposal}",
        Access::Staff,
        save,
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StartQuery {
    /// `suggested`, `whole`, or what there is.
    start: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SplitBody {
    mark: String,
    item: String,
    act: String,
}

/// What the field starts with.
enum Start {
    /// The opinions there are, or for a text that nobody has cut yet a suggestion.
    Now,
    Suggested,
    Whole,
    Typed(String),
}

/// Everything but white space, for seeing whether letters were lost.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

async fn page(ctx: &Ctx, id: i64, proposal: i64, start: Start) -> Result<SplitPage> {
    let theme = for_staff(ctx, id, ConsultationAction::DraftResponses).await?;
    let row = repository::proposal::by_id(ctx.db(), proposal).await?.filter(|p| p.consultation_id == id);
    let row = row.ok_or(AppError::NotFound)?;
    let items = repository::intake::linked_items(ctx.db(), proposal).await?;
    let mark = SplitPage::mark_for(&row.body);
    let uncut = items.iter().all(|item| item.body.is_none());
    let suggestion = || {
        let parts = split::split(&row.body);
        if parts.len() > MAX || parts.is_empty() { vec![row.body.clone()] } else { parts }
    };
    let now = || items.iter().map(|item| item.body.clone().unwrap_or_else(|| row.body.clone())).collect::<Vec<_>>();
    let mut suggested = false;
    let typed = match start {
        Start::Typed(typed) => domain::text::normalise_newlines(&typed),
        Start::Whole => row.body.clone(),
        Start::Now if !uncut => split::marked(&now(), mark),
        Start::Now | Start::Suggested => {
            let parts = suggestion();
            suggested = parts.len() > 1;
            split::marked(&parts, mark)
        }
    };
    let parts = split::parts(&typed, mark);
    Ok(SplitPage {
        theme: (id, theme.row.title),
        proposal,
        differs: letters(&parts.concat()) != letters(&row.body),
        receipt: row.receipt_number,
        title: row.title,
        original: row.body,
        typed,
        mark: mark.to_owned(),
        parts,
        suggested,
        now: items.len(),
        linked: false,
        errors: FieldErrors::new(),
    })
}

async fn show(ctx: Ctx, Path((id, proposal)): Path<(i64, i64)>, Query(query): Query<StartQuery>) -> Answer {
    let start = match query.start.as_str() {
        "suggested" => Start::Suggested,
        "whole" => Start::Whole,
        _ => Start::Now,
    };
    Ok(render::page(&ctx, page(&ctx, id, proposal, start).await?))
}

async fn save(ctx: Ctx, Path((id, proposal)): Path<(i64, i64)>, Form(body): Form<SplitBody>) -> Answer {
    if body.act == "check" {
        return Ok(render::page(&ctx, page(&ctx, id, proposal, Start::Typed(body.item)).await?));
    }
    let parts = split::parts(&domain::text::normalise_newlines(&body.item), &body.mark);
    let refused = match on_desk(&ctx, id, proposal, &parts).await? {
        Ok(count) => return Ok(render::see_other(&format!("{}?notice=split&what={count}", base(id)))),
        Err(refused) => refused,
    };
    let mut shown = page(&ctx, id, proposal, Start::Typed(body.item)).await?;
    match refused {
        Refused::Input(errors) => shown.errors = errors,
        Refused::Linked => shown.linked = true,
    }
    Ok(render::invalid(&ctx, shown))
}
