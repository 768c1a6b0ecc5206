//! Searching what the ward has answered so far.

use app::{
    pages::staff::answers::{AnswerCard, AnswerSearch},
    shell::percent,
};
use axum::extract::Query;
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    render,
    repository::past_answer::Found,
    service::past_answer,
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/staff/answers", Access::Staff, search)
}

/// A published row as pages show it.
pub(super) fn card(row: Found, words: Vec<String>) -> AnswerCard {
    AnswerCard {
        id: row.id,
        theme: row.title,
        slug: row.slug,
        number: row.number,
        summary: row.summary_id,
        department: row.department,
        at: row.published_at,
        disposition: row.disposition,
        text: row.text,
        answer: row.answer,
        words,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SearchQuery {
    q: String,
    after: String,
}

async fn search(ctx: Ctx, Query(query): Query<SearchQuery>) -> Answer {
    let q = query.q.trim().to_owned();
    let after = query.after.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let (rows, next) = past_answer::search(&ctx, &q, after).await?;
    let path = format!("/staff/answers?q={}", percent(&q));
    let page = AnswerSearch {
        rows: rows.into_iter().map(|row| card(row, Vec::new())).collect(),
        first: after.is_some().then(|| path.clone()),
        next: next.map(|(at, id)| format!("{path}&after={at}.{id}")),
        q,
    };
    Ok(render::page(&ctx, page))
}
