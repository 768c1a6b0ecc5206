//! Suggestions which opinions could be gathered.

use std::collections::{HashMap, HashSet};

use app::pages::staff::desk::{ClusterView, ClustersPage, Member};
use axum::extract::{Path, Query};
use axum_extra::extract::Form;
use serde::Deserialize;

use super::{base, may_edit, refusal};
use crate::{
    ctx::Ctx,
    error::Result,
    render, repository,
    service::response::{
        cluster::{self, Suggested},
        gather::{self, NewRow},
    },
    web::routes::{Access, Answer, Routes},
};

/// Suggestions on the page.
const SHOWN: usize = 20;
/// Opinions that are shown of a suggestion.
const MEMBERS: usize = 50;

/// The routes.
#[must_use]
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/staff/consultations/{id}/responses/clusters", Access::Staff, show).post(
        "/staff/consultations/{id}/responses/clusters",
        Access::Staff,
        make,
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MadeQuery {
    made: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct MakeBody {
    index: usize,
    items: Vec<String>,
    chapter: String,
    text: String,
}

impl MakeBody {
    fn ids(&self) -> Vec<i64> {
        self.items.iter().filter_map(|id| id.parse().ok()).collect()
    }
}

async fn page(ctx: &Ctx, id: i64) -> Result<ClustersPage> {
    let Suggested { theme, clusters, texts, cut_off } = cluster::suggest(ctx, id).await?;
    let chapters = repository::desk::chapter_lines(ctx.db(), id).await?;
    let texts_of: HashMap<i64, &str> = texts.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let view = |cluster: &domain::similarity::Cluster| ClusterView {
        words: cluster.words.clone(),
        count: cluster.members.len(),
        members: cluster
            .members
            .iter()
            .take(MEMBERS)
            .map(|id| Member { id: *id, text: texts_of.get(id).copied().unwrap_or_default().to_owned(), chosen: true })
            .collect(),
    };
    Ok(ClustersPage {
        may_edit: may_edit(ctx, &theme),
        theme: (id, theme.row.title),
        total: clusters.len(),
        clusters: clusters.iter().take(SHOWN).map(view).collect(),
        looked_at: texts.len(),
        cut_off,
        chapters: chapters
            .into_iter()
            .map(|c| (c.id, c.number.map_or_else(|| c.title.clone(), |n| format!("{n}. {}", c.title))))
            .collect(),
        typed: None,
        refusal: None,
        made: None,
    })
}

async fn show(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<MadeQuery>) -> Answer {
    let mut shown = page(&ctx, id).await?;
    shown.made = Some(domain::text::excerpt(&query.made, 20)).filter(|made| !made.is_empty());
    Ok(render::page(&ctx, shown))
}

async fn make(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<MakeBody>) -> Answer {
    let new = NewRow { chapter: body.chapter.clone(), text: body.text.clone(), items: body.ids() };
    let why = match gather::new_row(&ctx, id, &new).await? {
        Ok(moved) => {
            let name = repository::row::name(ctx.db(), id, moved.row).await?;
            return Ok(render::see_other(&format!("{}/clusters?made={name}", base(id))));
        }
        Err(why) => why,
    };
    let mut shown = page(&ctx, id).await?;
    let chosen: HashSet<i64> = body.ids().into_iter().collect();
    if let Some(cluster) = shown.clusters.get_mut(body.index) {
        for member in &mut cluster.members {
            member.chosen = chosen.contains(&member.id);
        }
    }
    shown.typed = Some((body.index, body.chapter, body.text));
    shown.refusal = Some(refusal(&why));
    Ok(render::invalid(&ctx, shown))
}
