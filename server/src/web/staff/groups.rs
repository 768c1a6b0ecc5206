//! Same and nearly same texts: the groups of a theme, and one group with what differs in it.

use app::pages::staff::groups::{GroupList, GroupPage, GroupRow, VariantView};
use axum::extract::{Path, Query};
use domain::{
    permission::ConsultationAction,
    similarity::{BURST_SIZE, differences},
    text,
};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::AppError,
    render,
    repository::{self, proposal::Cursor},
    service::consultation::for_staff,
    web::routes::{Access, Answer, Routes},
};

/// Groups on a page, and wordings of a group that are compared.
const GROUPS: u64 = 30;
const VARIANTS: u64 = 30;
/// Texts longer than this are compared in their beginning only.
const COMPARED: usize = 5000;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/staff/consultations/{id}/groups", Access::Staff, list).get(
        "/staff/consultations/{id}/groups/{group}",
        Access::Staff,
        show,
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    /// `size.id` of the last group of the page before.
    after: String,
}

async fn list(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<ListQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::ReadQueue).await?;
    let after = Cursor::parse(&query.after).map(|cursor| (cursor.key, cursor.id));
    let limit = usize::try_from(GROUPS).unwrap_or(usize::MAX);
    let mut rows = repository::text_group::page(ctx.db(), id, after, GROUPS + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let (groups, submissions) = repository::text_group::totals(ctx.db(), id).await?;
    let here = format!("/staff/consultations/{id}/groups");
    let last = rows.last().filter(|_| more).map(|g| format!("{here}?after={}.{}", g.size, g.id));
    let page = GroupList {
        theme: (id, loaded.row.title),
        groups,
        submissions,
        rows: rows
            .into_iter()
            .map(|g| GroupRow {
                id: g.id,
                size: g.size,
                variants: g.variants,
                burst: (g.peak_size >= i64::from(BURST_SIZE)).then_some((g.peak_at, g.peak_size)),
                excerpt: text::excerpt(&g.body, 160),
            })
            .collect(),
        next: last,
        first: after.map(|_| here),
    };
    Ok(render::page(&ctx, page))
}

async fn show(ctx: Ctx, Path((id, group)): Path<(i64, i64)>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::ReadQueue).await?;
    let group = repository::text_group::group(ctx.db(), group)
        .await?
        .filter(|g| g.consultation_id == id)
        .ok_or(AppError::NotFound)?;
    let total = repository::text_group::count_variants(ctx.db(), group.id).await?;
    let mut found = repository::text_group::variants(ctx.db(), group.id, VARIANTS).await?.into_iter();
    let (commonest, first) = found.next().ok_or(AppError::NotFound)?;
    let base: String = first.body.chars().take(COMPARED).collect();
    let others = found
        .map(|(variant, row)| {
            let body: String = row.body.chars().take(COMPARED).collect();
            VariantView {
                size: variant.size,
                proposal: row.id,
                receipt: row.receipt_number,
                pieces: differences(&base, &body),
            }
        })
        .collect();
    let page = GroupPage {
        theme: (id, loaded.row.title),
        id: group.id,
        size: group.size,
        variants: total,
        burst: (group.peak_size >= i64::from(BURST_SIZE)).then_some((group.peak_at, group.peak_size)),
        commonest: VariantView {
            size: commonest.size,
            proposal: first.id,
            receipt: first.receipt_number,
            pieces: differences(&base, &base),
        },
        others,
    };
    Ok(render::page(&ctx, page))
}
