//! Themes as the public sees them, and the front page.

use std::collections::HashMap;

use app::pages::{
    consultations::{
        ConsultationCard, ConsultationIndex, ConsultationPage, DepartmentView, QuestionView, Terms, Timeline,
    },
    follow::Following,
    home::Home,
    proposals::ThemeRef,
};
use axum::{
    body::Body,
    extract::{Path, Query},
    http::header,
    response::IntoResponse as _,
};
use domain::{ConsultationKind, Locale, Phase, rules::theme_number, wareki};
use serde::Deserialize;

use super::routes::{Access, Answer, Routes};
use crate::{
    ctx::Ctx,
    entity::{consultation, department, upload},
    error::{AppError, Result},
    render,
    repository::{self, consultation::Filter},
    service::{
        self,
        consultation::{Loaded, visible},
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/", Access::Public, home)
        .get("/consultations", Access::Public, index)
        .get("/consultations/{slug}", Access::Public, show)
        .get("/consultations/{slug}/cover", Access::Public, cover)
        .get("/consultations/{slug}/documents/{id}", Access::Public, document)
}

/// Names of departments in the reader's language.
pub(super) async fn department_names(ctx: &Ctx) -> Result<HashMap<i64, String>> {
    let all = repository::setting::departments(ctx.db()).await?;
    Ok(all.into_iter().map(|d| (d.id, name_in(ctx.locale, &d))).collect())
}

/// A department's name in a language.
pub(super) fn name_in(l: Locale, d: &department::Model) -> String {
    match l {
        Locale::En if !d.name_en.is_empty() => d.name_en.clone(),
        _ => d.name.clone(),
    }
}

/// A theme as it appears in lists.
pub(super) fn card(ctx: &Ctx, loaded: Loaded, departments: &HashMap<i64, String>) -> ConsultationCard {
    let today = wareki::date_of(ctx.now);
    let row = loaded.row;
    ConsultationCard {
        days_left: (loaded.phase == Phase::Open).then(|| (loaded.period.closes_on - today).num_days()),
        cover: row.cover_upload_id.map(|id| (format!("/consultations/{}/cover?v={id}", row.slug), row.cover_alt)),
        department: departments.get(&row.department_id).cloned().unwrap_or_default(),
        kind: loaded.kind,
        phase: loaded.phase,
        period: loaded.period,
        closes_at: row.closes_at,
        slug: row.slug,
        title: row.title,
        summary: row.summary,
        proposals: row.proposal_count,
    }
}

/// What proposal pages say of their theme.
pub(super) fn theme_ref(loaded: &Loaded) -> ThemeRef {
    ThemeRef {
        slug: loaded.row.slug.clone(),
        title: loaded.row.title.clone(),
        phase: loaded.phase,
        shows_proposals: loaded.kind.shows_proposals(),
    }
}

async fn cards(ctx: &Ctx, filter: Filter) -> Result<Vec<ConsultationCard>> {
    let departments = department_names(ctx).await?;
    let rows: Vec<consultation::Model> = repository::consultation::public(ctx.db(), filter, ctx.now).await?;
    Ok(rows.into_iter().map(|row| card(ctx, Loaded::new(row, ctx.now), &departments)).collect())
}

/// Themes whose result is out, the newest result first.
pub(super) async fn with_results(ctx: &Ctx) -> Result<Vec<ConsultationCard>> {
    cards(ctx, Filter { with_result: true, ..Filter::default() }).await
}

async fn home(ctx: Ctx) -> Answer {
    let all = cards(&ctx, Filter::default()).await?;
    let of =
        |phase: Phase, most: usize| all.iter().filter(|c| c.phase == phase).take(most).cloned().collect::<Vec<_>>();
    let mut open = of(Phase::Open, 100);
    open.reverse();
    let page = Home {
        open,
        coming: of(Phase::Coming, 3),
        review: of(Phase::UnderReview, 3),
        results: all.iter().filter(|c| c.phase.has_result()).take(3).cloned().collect(),
    };
    Ok(render::shared(&ctx, page))
}

#[derive(Debug, Default, Deserialize)]
struct IndexQuery {
    #[serde(default)]
    phase: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    department: String,
}

async fn index(ctx: Ctx, Query(query): Query<IndexQuery>) -> Answer {
    let filter = Filter {
        phase: Phase::from_code(&query.phase).filter(|p| p.is_public()),
        kind: ConsultationKind::from_code(&query.kind),
        department: query.department.parse().ok(),
        ..Filter::default()
    };
    let all = repository::setting::departments(ctx.db()).await?;
    let departments = all.iter().map(|d| (d.id, name_in(ctx.locale, d))).collect::<Vec<_>>();
    let names = departments.iter().cloned().collect();
    let rows = repository::consultation::public(ctx.db(), filter, ctx.now).await?;
    let cards = rows.into_iter().map(|row| card(&ctx, Loaded::new(row, ctx.now), &names)).collect();
    let page =
        ConsultationIndex { cards, phase: filter.phase, kind: filter.kind, department: filter.department, departments };
    Ok(render::shared(&ctx, page))
}

async fn show(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let loaded = visible(&ctx, &slug).await?;
    Ok(render::shared(&ctx, theme_page(&ctx, loaded, false).await?))
}

/// The theme page, for the public and for staff's preview.
pub(super) async fn theme_page(ctx: &Ctx, loaded: Loaded, preview: bool) -> Result<ConsultationPage> {
    let db = ctx.db();
    let id = loaded.row.id;
    let (department, following) = department(ctx, &loaded).await?;
    let shows = loaded.kind.shows_proposals();
    let questions = repository::consultation::questions(db, id).await?;
    let counts = if shows && !questions.is_empty() {
        repository::proposal::count_by_question(db, id).await?
    } else {
        HashMap::new()
    };
    let documents = super::drafts::document_views(ctx, &loaded, preview).await?;
    let names = HashMap::from([(department.id, name_in(ctx.locale, &department))]);
    let department = DepartmentView {
        name: name_in(ctx.locale, &department),
        phone: department.phone,
        fax: department.fax,
        email: department.email,
        counter: department.counter,
    };
    let story = service::consultation::story(ctx, &loaded).await?;
    Ok(ConsultationPage {
        timeline: timeline(ctx, &loaded),
        terms: loaded.has_rules().then(|| terms(ctx, &loaded, department.clone())),
        history: story.history,
        origin: story.origin,
        successors: story.successors,
        following,
        body_html: loaded.row.body_html.clone(),
        methods: loaded.row.methods.clone(),
        questions: questions
            .into_iter()
            .map(|q| QuestionView {
                proposals: shows.then(|| counts.get(&q.id).copied().unwrap_or(0)),
                id: q.id,
                title: q.title,
                body: q.body,
            })
            .collect(),
        documents,
        department,
        card: card(ctx, loaded, &names),
        preview,
    })
}

/// The department of a theme, and whether the reader follows the theme, in one statement.
async fn department(ctx: &Ctx, loaded: &Loaded) -> Result<(department::Model, Following)> {
    let row = &loaded.row;
    let Some(actor) = &ctx.actor else {
        let found = repository::setting::department(ctx.db(), row.department_id).await?;
        return Ok((found.ok_or(AppError::NotFound)?, Following::Visitor));
    };
    let found = repository::follow::with_department(ctx.db(), row.department_id, actor.id.0, row.id).await?;
    let (department, following) = found.ok_or(AppError::NotFound)?;
    Ok((department, if following { Following::Yes } else { Following::No }))
}

/// The days of a theme's timeline. A result that is scheduled is not told before its time.
fn timeline(ctx: &Ctx, loaded: &Loaded) -> Timeline {
    let row = &loaded.row;
    let out = row.result_at.filter(|_| loaded.phase.has_result());
    Timeline {
        stage: loaded.phase.stage(),
        today: wareki::date_of(ctx.now),
        published: row.publish_at.map(wareki::date_of),
        period: loaded.period,
        result: out.map(wareki::date_of).or_else(|| loaded.result_planned_on()),
        result_planned: out.is_none(),
        progress: row.progress_at.map(wareki::date_of),
    }
}

/// 募集の要領 of a public comment.
fn terms(ctx: &Ctx, loaded: &Loaded, department: DepartmentView) -> Terms {
    let row = &loaded.row;
    Terms {
        slug: row.slug.clone(),
        number: theme_number(wareki::fiscal_year(loaded.period.opens_on), row.id),
        phase: loaded.phase,
        rules: loaded.rules.clone(),
        period: loaded.period,
        closes_at: row.closes_at,
        reason: row.rules_reason.clone(),
        ward: ctx.app.ward.name_in(ctx.locale).to_owned(),
        department,
        result_planned: loaded.result_planned_on(),
    }
}

/// Sends a stored file as what we know it is, never as what somebody said it was.
pub(super) async fn send_file(ctx: &Ctx, upload: &upload::Model, cache: &'static str) -> Answer {
    let bytes = tokio::fs::read(ctx.app.files.path(&upload.sha256)).await.map_err(anyhow::Error::from)?;
    let name = app::shell::percent(&upload.file_name);
    let headers = [
        (header::CONTENT_TYPE, upload.content_type.clone()),
        (header::CONTENT_DISPOSITION, format!("inline; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, cache.to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'".to_owned(),
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

async fn cover(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let loaded = visible(&ctx, &slug).await?;
    let id = loaded.row.cover_upload_id.ok_or(AppError::NotFound)?;
    let upload = repository::upload::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    send_file(&ctx, &upload, "public, max-age=86400").await
}

async fn document(ctx: Ctx, Path((slug, id)): Path<(String, i64)>) -> Answer {
    let loaded = visible(&ctx, &slug).await?;
    let (document, upload) = repository::consultation::document(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    if document.consultation_id != loaded.row.id {
        return Err(AppError::NotFound);
    }
    send_file(&ctx, &upload, "public, max-age=300").await
}
