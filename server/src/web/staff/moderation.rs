//! The posts as staff see them, hiding and showing again.

use std::collections::HashMap;

use app::pages::staff::{
    intake::item::{self as intake, Intake},
    moderation::{HideInput, ItemPage, Moderated, Queue, QueueItem, whole_reason},
};
use axum::extract::{Path, Query};
use axum_extra::extract::Form;
use domain::{
    Channel, ProposalState, page_reference,
    permission::{self, ConsultationAction},
};
use serde::Deserialize;

use super::intake::{Refusal, load};
use crate::{
    ctx::Ctx,
    entity::proposal,
    error::{AppError, Result},
    render,
    repository::{
        self,
        proposal::{Cursor, Filter, Ordering},
    },
    service::{
        self,
        account::safe_next,
        consultation::{Loaded, for_staff},
    },
    web::routes::{Access, Answer, Routes},
};

/// How many posts a page holds.
const PER_PAGE: u64 = 50;
const NEWEST: Ordering = Ordering { sort: app::pages::proposals::Sort::Newest, seed: 0 };

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/moderation", Access::Staff, of_all)
        .get("/staff/consultations/{id}/proposals", Access::Staff, of_theme)
        .get("/staff/proposals/{id}", Access::Staff, show)
        .post("/staff/proposals/{id}/hide", Access::Staff, hide)
        .post("/staff/proposals/{id}/restore", Access::Staff, restore)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct QueueQuery {
    theme: String,
    state: String,
    question: String,
    q: String,
    /// `key.id` of the last post of the page before.
    after: String,
    notice: String,
}

impl QueueQuery {
    fn after(&self) -> Option<Cursor> {
        Cursor::parse(&self.after)
    }

    /// The link to another page of the same list.
    fn link(&self, path: &str, after: Option<&str>) -> String {
        let given = [("theme", &self.theme), ("state", &self.state), ("question", &self.question), ("q", &self.q)];
        let mut parts: Vec<String> = given
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", app::shell::percent(value)))
            .collect();
        parts.extend(after.map(|after| format!("after={after}")));
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }
}

async fn of_all(ctx: Ctx, Query(query): Query<QueueQuery>) -> Answer {
    let scope = super::scope(&ctx);
    let rows = repository::consultation::for_staff(ctx.db(), scope).await?;
    let themes: Vec<(i64, String)> = rows.into_iter().map(|row| (row.id, row.title)).collect();
    let chosen = query.theme.parse::<i64>().ok().filter(|id| themes.iter().any(|(known, _)| known == id));
    let filter = Filter {
        consultation: chosen,
        consultations: scope.map(|_| themes.iter().map(|(id, _)| *id).collect()),
        ..Filter::default()
    };
    queue(&ctx, None, themes, filter, query).await
}

async fn of_theme(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<QueueQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::ReadQueue).await?;
    let filter = Filter { consultation: Some(id), ..Filter::default() };
    let query = QueueQuery { theme: String::new(), ..query };
    queue(&ctx, Some(loaded), vec![], filter, query).await
}

async fn queue(
    ctx: &Ctx,
    own: Option<Loaded>,
    themes: Vec<(i64, String)>,
    filter: Filter,
    query: QueueQuery,
) -> Answer {
    let db = ctx.db();
    let theme = own.as_ref().map(|own| (own.row.id, own.row.title.clone()));
    let unread = match &own {
        Some(own) => Some(repository::intake::unread(db, own.row.id).await?),
        None => None,
    };
    let chosen = filter.consultation;
    let questions: Vec<(i64, String)> = match chosen {
        Some(id) => repository::consultation::questions(db, id).await?.into_iter().map(|q| (q.id, q.title)).collect(),
        None => vec![],
    };
    let question = query.question.parse::<i64>().ok().filter(|id| questions.iter().any(|(known, _)| known == id));
    let state = ProposalState::from_code(&query.state);
    let filter = Filter { question, states: state.into_iter().collect(), q: query.q.clone(), ..filter };
    let limit = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let mut rows = repository::proposal::page(db, &filter, NEWEST, query.after(), PER_PAGE + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let path = theme
        .as_ref()
        .map_or_else(|| "/staff/moderation".to_owned(), |(id, _)| format!("/staff/consultations/{id}/proposals"));
    let last = rows.last().filter(|_| more).map(|p| format!("{}.{}", NEWEST.key(p), p.id));
    let page = Queue {
        next: last.map(|after| query.link(&path, Some(&after))),
        first: query.after().map(|_| query.link(&path, None)),
        total: repository::proposal::count(db, &filter).await?,
        items: items(ctx, own, rows).await?,
        unread,
        done: Moderated::from_code(&query.notice),
        q: query.q,
        theme,
        themes,
        chosen,
        questions,
        question,
        state,
    };
    Ok(render::page(ctx, page))
}

/// What the posts of a page have in common is fetched in one statement each.
async fn items(ctx: &Ctx, own: Option<Loaded>, rows: Vec<proposal::Model>) -> Result<Vec<QueueItem>> {
    let db = ctx.db();
    let names = repository::account::names(db, rows.iter().filter_map(|p| p.account_id).collect()).await?;
    let questions =
        repository::consultation::question_titles(db, rows.iter().filter_map(|p| p.question_id).collect()).await?;
    let themes: HashMap<i64, Loaded> = match own {
        Some(own) => HashMap::from([(own.row.id, own)]),
        None => {
            let themes = repository::consultation::by_ids(db, rows.iter().map(|p| p.consultation_id).collect()).await?;
            themes.into_iter().map(|(id, row)| (id, Loaded::new(row, ctx.now))).collect()
        }
    };
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let theme = themes.get(&row.consultation_id)?;
            let author = row.account_id.and_then(|id| names.get(&id).cloned());
            let question = row.question_id.and_then(|id| questions.get(&id).cloned());
            Some(item(ctx, theme, row, author, question))
        })
        .collect())
}

fn item(
    ctx: &Ctx,
    theme: &Loaded,
    row: proposal::Model,
    author: Option<String>,
    question: Option<String>,
) -> QueueItem {
    let tie = ctx.tie(theme.row.department_id);
    let public = theme.phase.is_public() && theme.kind.shows_proposals();
    QueueItem {
        document_href: None,
        public_href: public.then(|| format!("/consultations/{}/proposals/{}", theme.row.slug, row.id)),
        may_moderate: permission::consultation(ctx.role(), tie, ConsultationAction::Moderate, theme.phase),
        theme: (theme.row.id, theme.row.title.clone()),
        author: author.unwrap_or_else(|| app::wording::staff_entry(ctx.locale)),
        channel: Channel::from_code(&row.channel).unwrap_or_default(),
        state: ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden),
        id: row.id,
        question,
        title: row.title,
        body: row.body,
        receipt: row.receipt_number,
        created_at: row.created_at,
        edited_at: row.edited_at,
        likes: row.like_count,
        hidden_reason: row.hidden_reason,
    }
}

async fn show(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<QueueQuery>) -> Answer {
    let mut page = item_page(&ctx, id, None, Refusal::default()).await?;
    page.done = Moderated::from_code(&query.notice);
    page.acted = intake::Done::from_code(&query.notice);
    Ok(render::page(&ctx, page))
}

/// One submission. `hide` is what was typed to hide it, `refusal` what was typed into a form of the intake.
pub(super) async fn item_page(ctx: &Ctx, id: i64, hide: Option<HideInput>, refusal: Refusal) -> Result<ItemPage> {
    let seen = service::intake::see(ctx, id).await?;
    let errors = refusal.errors.clone();
    let (intake, earlier, facts) = load(ctx, &seen, refusal).await?;
    // Looked up only where a text names a page.
    let names_page = !page_reference::find(&seen.row.body).is_empty();
    let document_href =
        if names_page { service::document::main_pdf(ctx.db(), &seen.theme.row.slug).await? } else { None };
    let intake = Intake { document_href: document_href.clone(), ..intake };
    let item = item(ctx, &seen.theme, seen.row, facts.author, facts.question);
    let item = QueueItem { document_href, ..item };
    let back = format!("/staff/proposals/{id}");
    let hide = hide.unwrap_or_else(|| HideInput { back, ..HideInput::default() });
    Ok(ItemPage { item, earlier, hide, errors, done: None, intake, acted: None })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HideBody {
    template: String,
    reason: String,
    back: String,
}

async fn hide(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<HideBody>) -> Answer {
    let reason = whole_reason(ctx.locale, &body.template, &body.reason);
    match service::proposal::moderate(&ctx, id, Some(&reason)).await? {
        Ok(_) => Ok(render::see_other(&way_back(&body.back, "hidden"))),
        Err(errors) => {
            let typed = HideInput { template: body.template, reason: body.reason, back: body.back };
            let refusal = Refusal { errors, ..Refusal::default() };
            Ok(render::invalid(&ctx, item_page(&ctx, id, Some(typed), refusal).await?))
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RestoreBody {
    back: String,
}

async fn restore(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<RestoreBody>) -> Answer {
    // Without a reason there is nothing to be wrong with it.
    service::proposal::moderate(&ctx, id, None).await?.map_err(|_| AppError::BadRequest)?;
    Ok(render::see_other(&way_back(&body.back, "restored")))
}

/// Back to the list the button was on, with its filters, and a word about what was done.
fn way_back(back: &str, notice: &str) -> String {
    let back = safe_next(back).unwrap_or("/staff/moderation");
    let back = back.split('#').next().unwrap_or_default();
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let kept = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("notice="));
    let notice = format!("notice={notice}");
    let parts: Vec<&str> = kept.chain(std::iter::once(notice.as_str())).collect();
    format!("{path}?{}", parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::way_back;

    #[test]
    fn the_way_back_keeps_the_filters_and_never_leaves_the_site() {
        assert_eq!(way_back("/staff/moderation", "hidden"), "/staff/moderation?notice=hidden");
        let back = "/staff/moderation?state=published&notice=restored&after=5.1#x";
        assert_eq!(way_back(back, "hidden"), "/staff/moderation?state=published&after=5.1&notice=hidden");
        for bad in ["", "https://evil.example", "//evil.example"] {
            assert_eq!(way_back(bad, "hidden"), "/staff/moderation?notice=hidden");
        }
    }
}
