//! Proposals: list, form, page, likes.

use std::collections::HashMap;

use app::pages::proposals::{
    AnswerLink, JustDone, LikeView, ProposalCard, ProposalForm, ProposalInput, ProposalList, ProposalPage, Sort,
    WithdrawPage,
};
use axum::{
    extract::{DefaultBodyLimit, FromRequest as _, Path, Query, Request},
    http::Method,
    routing::post,
};
use axum_extra::extract::{CookieJar, Form};
use documents::ResponseTable;
use domain::{ConsultationKind, FieldErrors, Phase, ProposalState, permission::Tie};
use serde::Deserialize;

use super::{
    consultations::theme_ref,
    routes::{Access, Answer, Routes},
    submissions::{self, FormQuery},
};
use crate::{
    ctx::Ctx,
    entity::proposal,
    error::{AppError, Result},
    render,
    repository::{
        self,
        proposal::{Cursor, Filter, Ordering},
    },
    secret,
    service::{
        self,
        consultation::{Loaded, visible},
        proposal::{Input, Seen, see},
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/consultations/{slug}/proposals", Access::Public, list)
        // A public comment takes opinions from people without an account; the handlers tell the two kinds apart.
        .get("/consultations/{slug}/proposals/new", Access::Public, new)
        .add(
            Method::POST,
            "/consultations/{slug}/proposals/new",
            Access::Public,
            post(create).layer(DefaultBodyLimit::max(submissions::FORM_LIMIT)),
        )
        .get("/consultations/{slug}/proposals/{id}", Access::Public, show)
        .get("/consultations/{slug}/proposals/{id}/edit", Access::SignedIn, edit)
        .post("/consultations/{slug}/proposals/{id}/edit", Access::SignedIn, update)
        .get("/consultations/{slug}/proposals/{id}/withdraw", Access::SignedIn, ask_withdraw)
        .post("/consultations/{slug}/proposals/{id}/withdraw", Access::SignedIn, withdraw)
        .post("/proposals/{id}/like", Access::SignedIn, like)
}

#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    question: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    per: String,
    #[serde(default)]
    q: String,
    /// `key.id` of the last proposal of the page before.
    #[serde(default)]
    after: String,
    /// Makes the random order of this visit.
    #[serde(default)]
    seed: String,
}

impl ListQuery {
    fn per(&self) -> u64 {
        self.per.parse().ok().filter(|n| [20, 50, 100].contains(n)).unwrap_or(20)
    }

    fn after(&self) -> Option<Cursor> {
        Cursor::parse(&self.after)
    }

    fn ordering(&self) -> Ordering {
        let sort = Sort::from_code(&self.sort);
        let fresh = || i64::from(rand::random::<u16>());
        Ordering { sort, seed: self.seed.parse::<u16>().map_or_else(|_| fresh(), i64::from) }
    }

    /// The link to another page of the same list.
    fn link(&self, slug: &str, order: Ordering, after: Option<&str>) -> String {
        let mut parts = vec![format!("sort={}", order.sort.code()), format!("per={}", self.per())];
        for (name, value) in [("question", &self.question), ("q", &self.q)] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", app::shell::percent(value)));
            }
        }
        if order.sort == Sort::Random {
            parts.push(format!("seed={}", order.seed));
        }
        parts.extend(after.map(|after| format!("after={after}")));
        format!("/consultations/{slug}/proposals?{}", parts.join("&"))
    }
}

async fn list(ctx: Ctx, Path(slug): Path<String>, Query(query): Query<ListQuery>) -> Answer {
    let loaded = visible(&ctx, &slug).await?;
    if !loaded.kind.shows_proposals() {
        return Ok(render::see_other(&format!("/consultations/{slug}")));
    }
    let db = ctx.db();
    let questions = repository::consultation::questions(db, loaded.row.id).await?;
    let question = query.question.parse::<i64>().ok().filter(|id| questions.iter().any(|q| q.id == *id));
    let narrow = question.is_some() || !query.q.trim().is_empty();
    let filter = Filter {
        consultation: Some(loaded.row.id),
        question,
        // Placeholders stand in the plain list only: in a search they would tell what the hidden text says.
        states: if narrow {
            vec![ProposalState::Published]
        } else {
            vec![ProposalState::Published, ProposalState::Hidden]
        },
        q: query.q.clone(),
        ..Filter::default()
    };
    let order = query.ordering();
    let per = query.per();
    let limit = usize::try_from(per).unwrap_or(usize::MAX);
    let mut rows = repository::proposal::page(db, &filter, order, query.after(), per + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let shown = Filter { states: vec![ProposalState::Published], ..filter };
    let total = if narrow {
        repository::proposal::count(db, &shown).await?
    } else {
        u64::try_from(loaded.row.proposal_count).unwrap_or(0)
    };
    let last = rows.last().map(|p| format!("{}.{}", order.key(p), p.id));
    let titles = questions.iter().map(|q| (q.id, q.title.clone())).collect();
    let page = ProposalList {
        next: last.filter(|_| more).map(|after| query.link(&slug, order, Some(&after))),
        first: query.after().map(|_| query.link(&slug, order, None)),
        theme: theme_ref(&loaded),
        questions: questions.into_iter().map(|q| (q.id, q.title)).collect(),
        question,
        sort: order.sort,
        per,
        total,
        proposals: cards(&ctx, &loaded, rows, &titles).await?,
        signed_in: ctx.actor.is_some(),
        q: query.q.clone(),
    };
    // An order that was drawn for this visit is this visitor's own.
    let drawn = page.sort == Sort::Random && query.seed.is_empty();
    Ok(if drawn { render::page(&ctx, page) } else { render::shared(&ctx, page) })
}

/// Cards for a list, with authors' names and the reader's likes in one statement each.
async fn cards(
    ctx: &Ctx,
    loaded: &Loaded,
    rows: Vec<proposal::Model>,
    questions: &HashMap<i64, String>,
) -> Result<Vec<ProposalCard>> {
    let names = repository::account::names(ctx.db(), rows.iter().filter_map(|p| p.account_id).collect()).await?;
    let liked = match &ctx.actor {
        Some(actor) => repository::proposal::liked(ctx.db(), actor.id.0, rows.iter().map(|p| p.id).collect()).await?,
        None => std::collections::HashSet::new(),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let state = ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden);
            let tie = service::proposal::tie(ctx, &row, loaded.row.department_id);
            let seen = Seen { state, tie, consultation: loaded.clone(), answers: vec![], table: None, row };
            let mine = liked.contains(&seen.row.id);
            let author = author(ctx, &seen.row, &names);
            let question = seen.row.question_id.and_then(|q| questions.get(&q).cloned());
            // In the list a hidden proposal is a placeholder for everybody, its author and staff included.
            card(ctx, &seen, state != ProposalState::Published, author, question, mine)
        })
        .collect())
}

fn author(ctx: &Ctx, row: &proposal::Model, names: &HashMap<i64, String>) -> String {
    row.account_id.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| app::wording::staff_entry(ctx.locale))
}

fn card(ctx: &Ctx, seen: &Seen, hidden: bool, author: String, question: Option<String>, mine: bool) -> ProposalCard {
    let like = if seen.likeable(ctx) { LikeView::Button { mine } } else { LikeView::Count };
    let row = &seen.row;
    ProposalCard {
        id: row.id,
        title: row.title.clone().filter(|_| !hidden),
        body: if hidden { String::new() } else { row.body.clone() },
        author: if hidden { String::new() } else { author },
        question,
        created_at: row.created_at,
        likes: row.like_count,
        like,
        hidden,
    }
}

#[derive(Debug, Default, Deserialize)]
struct ShowQuery {
    #[serde(default)]
    notice: String,
}

async fn show(ctx: Ctx, Path((slug, id)): Path<(String, i64)>, Query(query): Query<ShowQuery>) -> Answer {
    let seen = see(&ctx, &slug, id).await?;
    let readable = seen.readable(&ctx);
    let db = ctx.db();
    let names = repository::account::names(db, seen.row.account_id.into_iter().collect()).await?;
    let question = repository::consultation::question_titles(db, seen.row.question_id.into_iter().collect())
        .await?
        .into_values()
        .next();
    let mine = match &ctx.actor {
        Some(actor) => repository::proposal::liked(db, actor.id.0, vec![id]).await?.contains(&id),
        None => false,
    };
    let own = seen.tie == Tie::Own;
    let staff = ctx.role().is_some_and(domain::Role::is_staff) && readable;
    let (may_edit, may_withdraw) = seen.changes(&ctx);
    let page = ProposalPage {
        theme: theme_ref(&seen.consultation),
        card: card(&ctx, &seen, !readable, author(&ctx, &seen.row, &names), question, mine),
        state: seen.state,
        edited_at: seen.row.edited_at,
        hidden_reason: seen.row.hidden_reason.clone(),
        receipt: (own || staff).then(|| seen.row.receipt_number.clone()),
        may_edit,
        may_withdraw,
        done: match query.notice.as_str() {
            "posted" if own => Some(JustDone::Posted),
            "edited" if own => Some(JustDone::Edited),
            _ => None,
        },
        answers: answer_links(&seen.answers, seen.table.as_ref()),
        document_href: service::document::main_pdf(ctx.db(), &slug).await?,
    };
    Ok(render::shared(&ctx, page))
}

/// Links to the rows that answer a proposal.
pub(super) fn answer_links(answers: &[i64], table: Option<&ResponseTable>) -> Vec<AnswerLink> {
    let Some(table) = table else { return Vec::new() };
    let names = service::response::row_names(table);
    answers
        .iter()
        .filter_map(|id| names.get(id).map(|row| (id, row.clone())))
        .map(|(id, row)| AnswerLink { href: service::response::reading::row_path(table, *id), row })
        .collect()
}

#[derive(Debug, Default, Deserialize)]
struct NewQuery {
    #[serde(default)]
    question: String,
    #[serde(default)]
    notice: String,
}

async fn questions_of(ctx: &Ctx, loaded: &Loaded) -> Result<Vec<(i64, String)>> {
    let questions = repository::consultation::questions(ctx.db(), loaded.row.id).await?;
    Ok(questions.into_iter().map(|q| (q.id, q.title)).collect())
}

async fn new(
    ctx: Ctx,
    Path(slug): Path<String>,
    jar: CookieJar,
    Query(query): Query<NewQuery>,
    Query(form): Query<FormQuery>,
) -> Answer {
    let loaded = visible(&ctx, &slug).await?;
    if loaded.kind == ConsultationKind::PublicComment {
        return submissions::open(&ctx, loaded, jar, &form).await;
    }
    ctx.actor()?;
    if loaded.phase != Phase::Open {
        return Ok(render::see_other(&format!("/consultations/{slug}")));
    }
    let actor = ctx.actor()?;
    ctx.allow(!actor.role.is_staff())?;
    let draft = repository::proposal::draft(ctx.db(), actor.id.0, loaded.row.id).await?;
    let mut input = ProposalInput { token: secret::token(), question: query.question, ..ProposalInput::default() };
    if let Some(draft) = &draft {
        input.title.clone_from(&draft.title);
        input.body.clone_from(&draft.body);
        if let Some(question) = draft.question_id
            && input.question.is_empty()
        {
            input.question = question.to_string();
        }
    }
    let page = ProposalForm {
        theme: theme_ref(&loaded),
        consultation: loaded.row.id,
        questions: questions_of(&ctx, &loaded).await?,
        input,
        errors: FieldErrors::new(),
        editing: None,
        draft_at: draft.map(|d| d.updated_at),
        draft_saved: query.notice == "draft",
    };
    Ok(render::page(&ctx, page))
}

#[derive(Debug, Default, Deserialize)]
struct ProposalBody {
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    token: String,
    /// The button 「下書きを保存する」.
    #[serde(default)]
    draft: String,
}

impl ProposalBody {
    fn input(&self) -> Input {
        Input { title: self.title.clone(), body: self.body.clone(), question: self.question.clone() }
    }
}

/// The form again, as it was typed, with what is wrong.
async fn form_again(ctx: &Ctx, slug: &str, typed: ProposalBody, errors: FieldErrors, editing: Option<i64>) -> Answer {
    let loaded = visible(ctx, slug).await?;
    let page = ProposalForm {
        theme: theme_ref(&loaded),
        consultation: loaded.row.id,
        questions: questions_of(ctx, &loaded).await?,
        input: ProposalInput { title: typed.title, body: typed.body, question: typed.question, token: typed.token },
        errors,
        editing,
        draft_at: None,
        draft_saved: false,
    };
    Ok(render::invalid(ctx, page))
}

async fn create(ctx: Ctx, Path(slug): Path<String>, jar: CookieJar, request: Request) -> Answer {
    let loaded = visible(&ctx, &slug).await?;
    if loaded.kind == ConsultationKind::PublicComment {
        return submissions::receive(&ctx, loaded, jar, request).await;
    }
    ctx.actor()?;
    let request = match submissions::small(request).await {
        Ok(request) => request,
        Err(refused) => return Ok(refused),
    };
    let Form(typed) = Form::<ProposalBody>::from_request(request, &()).await.map_err(|_| AppError::BadRequest)?;
    if typed.draft == "1" {
        service::proposal::save_draft(&ctx, loaded.row.id, &typed.input()).await?;
        return Ok(render::see_other(&format!("/consultations/{slug}/proposals/new?notice=draft")));
    }
    // A form without its token can't be told from its double: it gets one of its own.
    let token = if is_token(&typed.token) { typed.token.clone() } else { secret::token() };
    match service::proposal::create(&ctx, &slug, &typed.input(), &token).await {
        Ok(Ok(made)) => Ok(render::see_other(&format!("/consultations/{slug}/proposals/{}?notice=posted", made.id))),
        Ok(Err(errors)) => form_again(&ctx, &slug, ProposalBody { token, ..typed }, errors, None).await,
        Err(error) => hand_back(&ctx, error, &typed),
    }
}

/// Whether it can be a token of ours, which is short and plain.
fn is_token(text: &str) -> bool {
    (20..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// A refusal that must not cost the person the text.
fn hand_back(ctx: &Ctx, error: AppError, typed: &ProposalBody) -> Answer {
    match error.kind() {
        Some(kind) => {
            if let AppError::Internal(cause) = &error {
                tracing::error!(error = format!("{cause:#}"), "proposal not saved");
            }
            Ok(super::layers::error_page(
                ctx,
                kind,
                Some(format!("{}\n\n{}", typed.title, typed.body).trim().to_owned()),
            ))
        }
        None => Err(error),
    }
}

async fn edit(ctx: Ctx, Path((slug, id)): Path<(String, i64)>) -> Answer {
    let seen = see(&ctx, &slug, id).await?;
    ctx.allow(seen.tie == Tie::Own)?;
    if seen.consultation.kind == ConsultationKind::PublicComment {
        return Ok(render::see_other(&format!("/receipts/{}/edit", seen.row.receipt_number)));
    }
    if !seen.changes(&ctx).0 {
        return Err(AppError::Conflict);
    }
    let page = ProposalForm {
        theme: theme_ref(&seen.consultation),
        consultation: seen.consultation.row.id,
        questions: questions_of(&ctx, &seen.consultation).await?,
        input: ProposalInput {
            title: seen.row.title.clone().unwrap_or_default(),
            body: seen.row.body.clone(),
            question: seen.row.question_id.map(|q| q.to_string()).unwrap_or_default(),
            token: String::new(),
        },
        errors: FieldErrors::new(),
        editing: Some(id),
        draft_at: None,
        draft_saved: false,
    };
    Ok(render::page(&ctx, page))
}

async fn update(ctx: Ctx, Path((slug, id)): Path<(String, i64)>, Form(typed): Form<ProposalBody>) -> Answer {
    // What a public comment says is corrected by its own form.
    if visible(&ctx, &slug).await?.kind == ConsultationKind::PublicComment {
        return hand_back(&ctx, AppError::NotFound, &typed);
    }
    match service::proposal::edit(&ctx, &slug, id, &typed.input()).await {
        Ok(Ok(())) => Ok(render::see_other(&format!("/consultations/{slug}/proposals/{id}?notice=edited"))),
        Ok(Err(errors)) => form_again(&ctx, &slug, typed, errors, Some(id)).await,
        Err(error) => hand_back(&ctx, error, &typed),
    }
}

async fn ask_withdraw(ctx: Ctx, Path((slug, id)): Path<(String, i64)>) -> Answer {
    let seen = see(&ctx, &slug, id).await?;
    ctx.allow(seen.tie == Tie::Own)?;
    if !seen.changes(&ctx).1 {
        return Err(AppError::Conflict);
    }
    let headline = app::wording::headline(seen.row.title.as_deref(), &seen.row.body);
    Ok(render::page(&ctx, WithdrawPage { theme: theme_ref(&seen.consultation), id, headline }))
}

async fn withdraw(ctx: Ctx, Path((slug, id)): Path<(String, i64)>) -> Answer {
    service::proposal::withdraw(&ctx, &slug, id).await?;
    Ok(render::see_other("/account?notice=withdrawn"))
}

#[derive(Debug, Deserialize)]
struct LikeBody {
    on: String,
}

async fn like(ctx: Ctx, Path(id): Path<i64>, headers: axum::http::HeaderMap, Form(body): Form<LikeBody>) -> Answer {
    let (_, slug) = service::proposal::set_like(&ctx, id, body.on == "1").await?;
    // Back to the page the button was on, at the same place.
    let referer = headers.get(axum::http::header::REFERER).and_then(|v| v.to_str().ok());
    let back =
        referer.and_then(|r| r.strip_prefix(&*ctx.app.base_url)).and_then(service::account::safe_next).map_or_else(
            || format!("/consultations/{slug}/proposals/{id}"),
            |path| format!("{}#proposal-{id}", path.split('#').next().unwrap_or_default()),
        );
    Ok(render::see_other(&back))
}
