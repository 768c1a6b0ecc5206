//! Consultations: loading them with their phase, and everything staff do to them.

use domain::{
    ConsultationKind, ConsultationState, FieldErrors, Phase, Problem,
    consultation::{self as rules, Period, PhaseFacts},
    disposition::DispositionPreset,
    permission::{self, ConsultationAction, SiteAction},
    rules::Rules,
    text, wareki,
};
use sea_orm::{
    ActiveValue::{NotSet, Unchanged},
    ConnectionTrait, DbErr, Set, SqlErr,
};
use serde_json::json;

use super::Checked;
use crate::{
    audit,
    ctx::Ctx,
    entity::{consultation, question, upload},
    error::{AppError, Result},
    files, markdown, repository,
};

/// A consultation with what follows from it at the time of the request.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The row.
    pub row: consultation::Model,
    /// Its kind.
    pub kind: ConsultationKind,
    /// Where it stands.
    pub phase: Phase,
    /// When opinions are taken.
    pub period: Period,
    /// 対応区分 in use.
    pub preset: DispositionPreset,
    /// The rules that hold for it.
    pub rules: Rules,
}

impl Loaded {
    /// Works out what follows at `now`.
    #[must_use]
    pub fn new(row: consultation::Model, now: domain::Millis) -> Self {
        let facts = PhaseFacts {
            state: ConsultationState::from_code(&row.state),
            publish_at: row.publish_at,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            result_at: row.result_at,
        };
        Self {
            kind: ConsultationKind::from_code(&row.kind).unwrap_or(ConsultationKind::PublicComment),
            phase: facts.phase(now),
            period: Period { opens_on: wareki::date_of(row.opens_at), closes_on: wareki::date_of(row.closes_at) },
            preset: DispositionPreset::from_code(&row.disposition_preset).unwrap_or_default(),
            rules: if row.rules.is_empty() {
                Rules::default()
            } else {
                serde_json::from_str(&row.rules).unwrap_or_default()
            },
            row,
        }
    }
}

/// A consultation the public may see; others don't exist for it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn visible(ctx: &Ctx, slug: &str) -> Result<Loaded> {
    let row = repository::consultation::by_slug(ctx.db(), slug).await?.ok_or(AppError::NotFound)?;
    let loaded = Loaded::new(row, ctx.now);
    if loaded.phase.is_public() { Ok(loaded) } else { Err(AppError::NotFound) }
}

/// A consultation for our own jobs: nobody's permission is asked.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn loaded(ctx: &Ctx, id: i64) -> Result<Loaded> {
    let row = repository::consultation::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    Ok(Loaded::new(row, ctx.now))
}

/// A consultation for a member of staff who may do `action` to it.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::SignInRequired`] or [`AppError::Forbidden`].
pub async fn for_staff(ctx: &Ctx, id: i64, action: ConsultationAction) -> Result<Loaded> {
    ctx.allow(permission::site(ctx.role(), SiteAction::OpenConsole))?;
    let row = repository::consultation::by_id(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    let loaded = Loaded::new(row, ctx.now);
    let tie = ctx.tie(loaded.row.department_id);
    ctx.allow(permission::consultation(ctx.role(), tie, action, loaded.phase))?;
    Ok(loaded)
}

/// A question as entered; without an id it is new.
#[derive(Clone, Debug, Default)]
pub struct QuestionInput {
    /// Its id.
    pub id: Option<i64>,
    /// The question.
    pub title: String,
    /// Explanation.
    pub body: String,
}

/// A theme as entered.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Title.
    pub title: String,
    /// Address.
    pub slug: String,
    /// Kind.
    pub kind: String,
    /// Department's id.
    pub department: String,
    /// Summary.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// 応募方法.
    pub methods: String,
    /// First day, in any form people write dates.
    pub opens_on: String,
    /// Last day.
    pub closes_on: String,
    /// 対応区分.
    pub preset: String,
    /// Questions.
    pub questions: Vec<QuestionInput>,
}

struct Clean {
    title: String,
    slug: String,
    kind: ConsultationKind,
    department: i64,
    summary: String,
    body: String,
    methods: String,
    period: Period,
    preset: DispositionPreset,
    questions: Vec<QuestionInput>,
}

fn check(input: &Input) -> Checked<Clean> {
    let mut errors = FieldErrors::new();
    let title = errors.take("title", text::required_line(&input.title, rules::TITLE_MAX));
    let slug = errors.take("slug", rules::slug(&input.slug));
    let kind = errors.take("kind", ConsultationKind::from_code(&input.kind).ok_or(Problem::ChoiceRequired));
    let department = errors.take("department", input.department.parse::<i64>().map_err(|_| Problem::ChoiceRequired));
    let summary = errors.take("summary", text::required(&input.summary, rules::SUMMARY_MAX));
    let body = errors.take("body", text::required(&input.body, rules::BODY_MAX));
    let methods = errors.take("methods", text::optional_line(&input.methods, 200)).unwrap_or_default();
    let preset = errors.take("preset", DispositionPreset::from_code(&input.preset).ok_or(Problem::ChoiceRequired));
    let day = |value: &str| match value.trim() {
        "" => Err(Problem::Required),
        value => wareki::parse(value).map_err(|_| Problem::Date),
    };
    let opens_on = errors.take("opens_on", day(&input.opens_on));
    let closes_on = errors.take("closes_on", day(&input.closes_on));
    let period = match Period::new(opens_on, closes_on) {
        Ok(period) => period,
        Err(problem) => {
            errors.push("closes_on", problem);
            Period { opens_on, closes_on: opens_on }
        }
    };
    let mut questions = Vec::new();
    for q in &input.questions {
        let title = errors.take("questions", text::optional_line(&q.title, rules::QUESTION_MAX));
        let body = errors.take("questions", text::optional(&q.body, rules::QUESTION_BODY_MAX)).unwrap_or_default();
        match title {
            Some(title) => questions.push(QuestionInput { id: q.id, title, body }),
            None if !body.is_empty() => errors.push("questions", Problem::Required),
            None => {}
        }
    }
    questions.truncate(rules::QUESTIONS_MAX);
    errors.into_result(Clean { title, slug, kind, department, summary, body, methods, period, preset, questions })
}

/// Makes a theme, as a draft.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn create(ctx: &Ctx, input: &Input) -> Result<Checked<consultation::Model>> {
    let actor = ctx.actor()?;
    ctx.allow(permission::site(Some(actor.role), SiteAction::CreateConsultation))?;
    let clean = match check(input) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let tie = ctx.tie(clean.department);
    ctx.allow(permission::consultation(Some(actor.role), tie, ConsultationAction::Edit, Phase::Draft))?;
    let tx = ctx.write().await?;
    if repository::consultation::by_slug(&tx, &clean.slug).await?.is_some() {
        return Ok(Err(FieldErrors::one("slug", Problem::SlugTaken)));
    }
    if repository::setting::department(&tx, clean.department).await?.is_none() {
        return Ok(Err(FieldErrors::one("department", Problem::UnknownChoice)));
    }
    let mut row = columns(&clean);
    row.state = Set(ConsultationState::Draft.code().to_owned());
    row.cover_alt = Set(String::new());
    row.proposal_count = Set(0);
    row.created_by = Set(actor.id.0);
    row.created_at = Set(ctx.now);
    row.updated_at = Set(ctx.now);
    row.version = Set(1);
    row.rules = Set(serde_json::to_string(&repository::setting::rules(&tx).await?).map_err(anyhow::Error::from)?);
    row.rules_reason = Set(String::new());
    let made = match repository::consultation::insert(&tx, row).await {
        Err(error) if is_duplicate(&error) => return Ok(Err(FieldErrors::one("slug", Problem::SlugTaken))),
        made => made?,
    };
    save_questions(&tx, made.id, &clean.questions).await?;
    audit::record(&tx, ctx, "consultation.create", ("consultation", made.id), json!({ "slug": made.slug })).await?;
    tx.commit().await?;
    Ok(Ok(made))
}

/// Whether somebody else took the address after we had looked: PostgreSQL runs both at once.
fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn columns(clean: &Clean) -> consultation::ActiveModel {
    consultation::ActiveModel {
        slug: Set(clean.slug.clone()),
        kind: Set(clean.kind.code().to_owned()),
        title: Set(clean.title.clone()),
        summary: Set(clean.summary.clone()),
        body_html: Set(markdown::render(&clean.body)),
        body_md: Set(clean.body.clone()),
        methods: Set(clean.methods.clone()),
        disposition_preset: Set(clean.preset.code().to_owned()),
        department_id: Set(clean.department),
        opens_at: Set(clean.period.opens_at()),
        closes_at: Set(clean.period.closes_at()),
        ..Default::default()
    }
}

async fn save_questions<C: ConnectionTrait>(tx: &C, consultation: i64, questions: &[QuestionInput]) -> Result<()> {
    let old = repository::consultation::questions(tx, consultation).await?;
    for gone in old.iter().filter(|o| !questions.iter().any(|q| q.id == Some(o.id))) {
        // A question that people have answered stays.
        if !has_any_proposal(tx, gone.id).await? {
            repository::consultation::delete_question(tx, gone.id).await?;
        }
    }
    for (position, q) in (1_i64..).zip(questions) {
        let known = q.id.filter(|id| old.iter().any(|o| o.id == *id));
        let row = question::ActiveModel {
            id: known.map_or(NotSet, Unchanged),
            consultation_id: Set(consultation),
            position: Set(position),
            title: Set(q.title.clone()),
            body: Set(q.body.clone()),
        };
        repository::consultation::put_question(tx, row).await?;
    }
    Ok(())
}

async fn has_any_proposal<C: ConnectionTrait>(tx: &C, question: i64) -> Result<bool> {
    let filter = repository::proposal::Filter { question: Some(question), ..Default::default() };
    Ok(repository::proposal::count(tx, &filter).await? > 0)
}

/// What came of saving something two people may edit.
#[derive(Clone, Debug)]
pub enum Saved {
    /// Saved.
    Done,
    /// Somebody else saved first: this is the version to look at now.
    Stale(i64),
}

/// Changes a theme. `version` is the one the page showed.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn update(ctx: &Ctx, id: i64, input: &Input, version: i64) -> Result<Checked<Saved>> {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let clean = match check(input) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let tie = ctx.tie(clean.department);
    ctx.allow(permission::consultation(ctx.role(), tie, ConsultationAction::Edit, loaded.phase))?;
    let tx = ctx.write().await?;
    // People were told whether their opinion is shown: that stands once somebody has sent one.
    if clean.kind != loaded.kind && has_opinions(&tx, id).await? {
        return Ok(Err(FieldErrors::one("kind", Problem::UnknownChoice)));
    }
    if let Some(other) = repository::consultation::by_slug(&tx, &clean.slug).await?
        && other.id != id
    {
        return Ok(Err(FieldErrors::one("slug", Problem::SlugTaken)));
    }
    if !repository::consultation::claim_version(&tx, id, version).await? {
        let now = repository::consultation::by_id(&tx, id).await?.ok_or(AppError::NotFound)?;
        return Ok(Ok(Saved::Stale(now.version)));
    }
    let mut row = columns(&clean);
    row.id = Unchanged(id);
    row.updated_at = Set(ctx.now);
    match repository::consultation::update(&tx, row).await {
        Err(error) if is_duplicate(&error) => return Ok(Err(FieldErrors::one("slug", Problem::SlugTaken))),
        saved => saved?,
    };
    save_questions(&tx, id, &clean.questions).await?;
    let changed = changes(&loaded.row, &clean);
    audit::record(&tx, ctx, "consultation.update", ("consultation", id), json!({ "changed": changed })).await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

fn changes(old: &consultation::Model, new: &Clean) -> Vec<&'static str> {
    let facts = [
        ("title", old.title != new.title),
        ("slug", old.slug != new.slug),
        ("kind", old.kind != new.kind.code()),
        ("department", old.department_id != new.department),
        ("summary", old.summary != new.summary),
        ("body", old.body_md != new.body),
        ("methods", old.methods != new.methods),
        ("period", old.opens_at != new.period.opens_at() || old.closes_at != new.period.closes_at()),
        ("preset", old.disposition_preset != new.preset.code()),
    ];
    facts.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
}

async fn has_opinions<C: ConnectionTrait>(db: &C, id: i64) -> Result<bool> {
    let filter = repository::proposal::Filter { consultation: Some(id), ..Default::default() };
    Ok(repository::proposal::count(db, &filter).await? > 0)
}

/// Makes a theme public now (`None`) or at a set time.
///
/// # Errors
/// [`AppError::Forbidden`], or [`AppError::Conflict`] when it is public already: it can't be put off any more.
pub async fn publish(ctx: &Ctx, id: i64, at: Option<domain::Millis>) -> Result<()> {
    let loaded = for_staff(ctx, id, ConsultationAction::Publish).await?;
    if loaded.phase.is_public() {
        return Err(AppError::Conflict);
    }
    let at = at.unwrap_or(ctx.now);
    set_publication(ctx, id, ConsultationState::Published, Some(at), "consultation.publish").await
}

/// Takes a theme back into draft. Only as long as nobody has sent an opinion.
///
/// # Errors
/// [`AppError::Conflict`] when there are opinions.
pub async fn unpublish(ctx: &Ctx, id: i64) -> Result<()> {
    for_staff(ctx, id, ConsultationAction::Publish).await?;
    if has_opinions(ctx.db(), id).await? {
        return Err(AppError::Conflict);
    }
    set_publication(ctx, id, ConsultationState::Draft, None, "consultation.unpublish").await
}

async fn set_publication(
    ctx: &Ctx,
    id: i64,
    state: ConsultationState,
    at: Option<domain::Millis>,
    action: &str,
) -> Result<()> {
    let tx = ctx.write().await?;
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        state: Set(state.code().to_owned()),
        publish_at: Set(at),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    audit::record(&tx, ctx, action, ("consultation", id), json!({ "publish_at": at })).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets the cover picture, or changes its alternative text when no picture comes with it.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn set_cover(ctx: &Ctx, id: i64, bytes: Vec<u8>, alt: &str) -> Result<Checked<()>> {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let alt = match text::required_line(alt, 200) {
        Ok(alt) => alt,
        Err(Problem::Required) => return Ok(Err(FieldErrors::one("cover_alt", Problem::AltRequired))),
        Err(problem) => return Ok(Err(FieldErrors::one("cover_alt", problem))),
    };
    let stored = if bytes.is_empty() {
        if loaded.row.cover_upload_id.is_none() {
            return Ok(Err(FieldErrors::one("cover", Problem::Required)));
        }
        None
    } else {
        match tokio::task::spawn_blocking(move || files::clean_image(&bytes)).await.map_err(anyhow::Error::from)? {
            Err(problem) => return Ok(Err(FieldErrors::one("cover", problem))),
            Ok((jpeg, width, height)) => {
                Some(files::Stored { dimensions: Some((width, height)), ..ctx.app.files.put(jpeg).await? })
            }
        }
    };
    let tx = ctx.write().await?;
    let cover = match stored {
        Some(stored) => Some(note_upload(&tx, ctx, stored, "image/jpeg", "cover.jpg").await?.id),
        None => loaded.row.cover_upload_id,
    };
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        cover_upload_id: Set(cover),
        cover_alt: Set(alt),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    audit::record(&tx, ctx, "consultation.cover", ("consultation", id), json!({ "upload": cover })).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

async fn note_upload<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    stored: files::Stored,
    kind: &str,
    name: &str,
) -> Result<upload::Model> {
    let row = upload::ActiveModel {
        sha256: Set(stored.sha256),
        content_type: Set(kind.to_owned()),
        file_name: Set(name.to_owned()),
        size: Set(stored.size),
        width: Set(stored.dimensions.map(|d| d.0)),
        height: Set(stored.dimensions.map(|d| d.1)),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    Ok(repository::upload::insert(tx, row).await?)
}
