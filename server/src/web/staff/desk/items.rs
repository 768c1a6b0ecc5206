//! What is done to opinions on the desk: several at once, by one form.

use app::{
    pages::staff::desk::{Filters, Tools},
    shell::percent,
};
use axum::extract::Path;
use axum_extra::extract::Form;
use domain::Channel;
use serde::Deserialize;

use super::{PlaceQuery, Show, base, refusal, refused};
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render,
    repository::{
        self,
        desk::{Filter, Placed},
    },
    service::response::{
        gather::{self, Moved, NewRow, Refused},
        scope,
    },
    web::routes::{Access, Answer, Routes},
};

/// Longest search text in characters.
const WORDS_MAX: usize = 200;

/// The routes.
#[must_use]
pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/staff/consultations/{id}/responses/items", Access::Staff, act)
}

/// The filters as they come with an address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FilterQuery {
    placed: String,
    heading: String,
    channel: String,
    group: String,
    row: String,
    q: String,
}

impl FilterQuery {
    /// From the query part of an address.
    fn parse(query: &str) -> Self {
        axum::extract::Query::try_from_uri(&format!("/?{query}").parse().unwrap_or_default())
            .map(|axum::extract::Query(query)| query)
            .unwrap_or_default()
    }

    /// Reads the filters. What can't be read narrows nothing.
    pub(super) fn read(&self) -> Filter {
        let row = self.row.parse().ok();
        Filter {
            placed: match self.placed.as_str() {
                "any" => Placed::Any,
                "out" => Placed::OutOfScope,
                "again" => Placed::Again,
                // What a row gathers isn't 未整理.
                _ if row.is_some() => Placed::Any,
                _ => Placed::Nowhere,
            },
            heading: Some(self.heading.clone()).filter(|h| !h.is_empty() && h.len() < 64),
            channel: Channel::from_code(&self.channel),
            group: self.group.parse().ok(),
            row,
            q: self.q.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_MAX).collect(),
        }
    }

    /// The query part of an address with these filters.
    pub(super) fn canonical(&self) -> String {
        let filters = typed(&self.read());
        let pairs = [
            ("placed", &filters.placed),
            ("heading", &filters.heading),
            ("channel", &filters.channel),
            ("group", &filters.group),
            ("row", &filters.row),
            ("q", &filters.q),
        ];
        let parts: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", percent(value)))
            .collect();
        parts.join("&")
    }
}

/// The filters as the form shows them: only what was understood.
pub(super) fn typed(filter: &Filter) -> Filters {
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    Filters {
        placed: match filter.placed {
            Placed::Nowhere => "",
            Placed::Any => "any",
            Placed::OutOfScope => "out",
            Placed::Again => "again",
        }
        .to_owned(),
        heading: filter.heading.clone().unwrap_or_default(),
        channel: filter.channel.map(|c| c.code().to_owned()).unwrap_or_default(),
        group: number(filter.group),
        row: number(filter.row),
        q: filter.q.clone(),
        ..Filters::default()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ItemsBody {
    query: String,
    act: String,
    scope: String,
    items: Vec<String>,
    chapter: String,
    text: String,
    row: String,
    reason: String,
}

impl ItemsBody {
    fn ids(&self) -> Vec<i64> {
        self.items.iter().filter_map(|id| id.parse().ok()).collect()
    }

    /// What was meant: the button that was pressed, or with the Enter key the field that was filled in.
    fn meant(&self) -> &str {
        match self.act.as_str() {
            "" if !self.reason.trim().is_empty() => "exclude",
            "" if !self.row.trim().is_empty() => "gather",
            "" => "new_row",
            act => act,
        }
    }

    fn show(self, refused: &Refused) -> Show {
        let filters = FilterQuery::parse(&self.query);
        let tools = Tools {
            ids: self.ids(),
            all: self.scope == "all",
            max: 0,
            chapter: self.chapter,
            text: self.text,
            row: self.row,
            reason: self.reason,
        };
        Show { filters, place: PlaceQuery::default(), tools, refusal: Some(refusal(refused)), ..Show::default() }
    }
}

/// What to tell of it: the notice and what it is about.
enum Told {
    Row(Moved),
    Plain(&'static str),
}

async fn act(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ItemsBody>) -> Answer {
    let filters = FilterQuery::parse(&body.query);
    let ids = if body.scope == "all" { gather::matching(&ctx, id, &filters.read()).await? } else { body.ids() };
    let told = match run(&ctx, id, &body, &filters, &ids).await? {
        Ok(told) => told,
        Err(why) => return refused(&ctx, id, body.show(&why)).await,
    };
    let (notice, what) = match &told {
        Told::Row(moved) => ("gathered", repository::row::name(ctx.db(), id, moved.row).await?),
        Told::Plain(notice) => (*notice, String::new()),
    };
    let to = Some(body.chapter.as_str()).filter(|c| !c.is_empty()).map(|c| format!("to={}", percent(c)));
    let told = format!("notice={notice}&what={}", percent(&what));
    let parts: Vec<String> =
        Some(filters.canonical()).filter(|q| !q.is_empty()).into_iter().chain([told]).chain(to).collect();
    Ok(render::see_other(&format!("{}?{}", base(id), parts.join("&"))))
}

async fn run(
    ctx: &Ctx,
    id: i64,
    body: &ItemsBody,
    filters: &FilterQuery,
    ids: &[i64],
) -> Result<std::result::Result<Told, Refused>> {
    let row = || filters.row.parse::<i64>().map_err(|_| AppError::BadRequest);
    Ok(match body.meant() {
        "new_row" => {
            let new = NewRow { chapter: body.chapter.clone(), text: body.text.clone(), items: ids.to_vec() };
            gather::new_row(ctx, id, &new).await?.map(Told::Row)
        }
        "gather" => gather::gather(ctx, id, &body.row, ids).await?.map(Told::Row),
        "repeat" => gather::repeat(ctx, id, &body.row, ids).await?.map(Told::Row),
        "take_out" => gather::take_out(ctx, id, row()?, ids).await?.map(|_| Told::Plain("taken-out")),
        "split_row" => gather::split_row(ctx, id, row()?, ids).await?.map(Told::Row),
        "exclude" => scope::exclude(ctx, id, ids, &body.reason).await?.map(|_| Told::Plain("excluded")),
        "include" => scope::include(ctx, id, ids).await?.map(|_| Told::Plain("included")),
        _ => return Err(AppError::BadRequest),
    })
}
