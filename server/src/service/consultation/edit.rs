//! Making and changing a theme.

use app::pages::staff::settings::RulesInput;
use chrono::NaiveDate;
use domain::{
    ConsultationKind, ConsultationState, FieldErrors, Phase, Problem,
    consultation::{self as limits, Period},
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

use super::{Loaded, Saved, for_staff, has_opinions};
use crate::{
    audit,
    ctx::Ctx,
    entity::{consultation, question},
    error::{AppError, Result},
    markdown, repository,
    service::{Checked, layout, rules},
};

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
    /// 広報紙発行日.
    pub gazette_on: String,
    /// The day on which the result is planned.
    pub result_planned_on: String,
    /// Its rules; `None` leaves them as they are.
    pub rules: Option<RulesInput>,
    /// Why its period or rules are not the ward's.
    pub rules_reason: String,
    /// The theme it came from, as an id.
    pub origin: String,
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
    gazette_on: Option<NaiveDate>,
    result_planned_on: Option<NaiveDate>,
    /// `None` leaves them as they are.
    rules: Option<Rules>,
    rules_reason: String,
    origin: Option<i64>,
    questions: Vec<QuestionInput>,
}

fn check(input: &Input) -> Checked<Clean> {
    let mut errors = FieldErrors::new();
    let title = errors.take("title", text::required_line(&input.title, limits::TITLE_MAX));
    let slug = errors.take("slug", limits::slug(&input.slug));
    let kind = errors.take("kind", ConsultationKind::from_code(&input.kind).ok_or(Problem::ChoiceRequired));
    let department = errors.take("department", input.department.parse::<i64>().map_err(|_| Problem::ChoiceRequired));
    let summary = errors.take("summary", text::required(&input.summary, limits::SUMMARY_MAX));
    let body = errors.take("body", text::required(&input.body, limits::BODY_MAX));
    let methods = errors.take("methods", text::optional_line(&input.methods, 200)).unwrap_or_default();
    let preset = errors.take("preset", DispositionPreset::from_code(&input.preset).ok_or(Problem::ChoiceRequired));
    let period = check_period(&mut errors, input);
    let mut clean = Clean {
        title,
        slug,
        kind,
        department,
        summary,
        body,
        methods,
        period,
        preset,
        gazette_on: None,
        result_planned_on: None,
        rules: None,
        rules_reason: String::new(),
        origin: check_origin(&mut errors, &input.origin),
        questions: check_questions(&mut errors, &input.questions),
    };
    if kind == ConsultationKind::PublicComment {
        check_rules(&mut errors, input, &mut clean);
    }
    errors.into_result(clean)
}

/// A day; nothing entered is `None`.
fn optional_day(value: &str) -> std::result::Result<Option<NaiveDate>, Problem> {
    match value.trim() {
        "" => Ok(None),
        value => wareki::parse(value).map(Some).map_err(|_| Problem::Date),
    }
}

fn check_period(errors: &mut FieldErrors, input: &Input) -> Period {
    let day = |value: &str| optional_day(value)?.ok_or(Problem::Required);
    let opens_on = errors.take("opens_on", day(&input.opens_on));
    let closes_on = errors.take("closes_on", day(&input.closes_on));
    match Period::new(opens_on, closes_on) {
        Ok(period) => period,
        Err(problem) => {
            errors.push("closes_on", problem);
            Period { opens_on, closes_on: opens_on }
        }
    }
}

fn check_origin(errors: &mut FieldErrors, origin: &str) -> Option<i64> {
    match origin.trim() {
        "" => None,
        id => errors.take("origin", id.parse().map(Some).map_err(|_| Problem::UnknownChoice)),
    }
}

/// What only a public comment has.
fn check_rules(errors: &mut FieldErrors, input: &Input, clean: &mut Clean) {
    clean.gazette_on = errors.take("gazette_on", optional_day(&input.gazette_on));
    clean.result_planned_on = errors.take("result_planned_on", optional_day(&input.result_planned_on));
    if clean.result_planned_on.is_some_and(|day| day < clean.period.closes_on) {
        errors.push("result_planned_on", Problem::TooEarly { earliest: clean.period.closes_on });
    }
    match input.rules.as_ref().map(rules::read) {
        Some(Ok(rules)) => clean.rules = Some(rules),
        Some(Err(more)) => more.iter().for_each(|(name, problem)| errors.push(name, problem)),
        None => {}
    }
    let reason = text::optional(&input.rules_reason, limits::RULES_REASON_MAX);
    clean.rules_reason = errors.take("rules_reason", reason).unwrap_or_default();
}

fn check_questions(errors: &mut FieldErrors, typed: &[QuestionInput]) -> Vec<QuestionInput> {
    let mut questions = Vec::new();
    for q in typed {
        let title = errors.take("questions", text::optional_line(&q.title, limits::QUESTION_MAX));
        let body = errors.take("questions", text::optional(&q.body, limits::QUESTION_BODY_MAX)).unwrap_or_default();
        match title {
            Some(title) => questions.push(QuestionInput { id: q.id, title, body }),
            None if !body.is_empty() => errors.push("questions", Problem::Required),
            None => {}
        }
    }
    questions.truncate(limits::QUESTIONS_MAX);
    questions
}

/// What has to be looked up: where it came from, and whether its rules may be what they are. `loaded` is the theme as
/// it was; gives the rules that hold for it.
async fn check_stored<C: ConnectionTrait>(tx: &C, clean: &Clean, loaded: Option<&Loaded>) -> Result<Checked<Rules>> {
    if let Some(origin) = clean.origin
        && !leads_elsewhere(tx, origin, loaded.map(|l| l.row.id)).await?
    {
        return Ok(Err(FieldErrors::one("origin", Problem::UnknownChoice)));
    }
    let ward = repository::setting::rules(tx).await?;
    let stored = loaded.map_or_else(|| ward.clone(), |l| l.rules.clone());
    let Some(typed) = clean.rules.clone() else { return Ok(Ok(stored)) };
    let public = loaded.filter(|l| l.phase.is_public() && l.has_rules());
    // What the public knows of stands, also when the ward's own rules change in the meantime.
    let as_before = public.is_some_and(|l| typed.differs(&l.rules).is_empty());
    if clean.rules_reason.is_empty() && !as_before && !typed.differs(&ward).is_empty() {
        return Ok(Err(FieldErrors::one("rules_reason", Problem::Required)));
    }
    Ok(Ok(typed))
}

/// Whether `origin` is there and doesn't come from `theme` itself, however long the way.
async fn leads_elsewhere<C: ConnectionTrait>(tx: &C, origin: i64, theme: Option<i64>) -> Result<bool> {
    let mut next = Some(origin);
    let mut met = Vec::new();
    while let Some(id) = next {
        if Some(id) == theme || met.contains(&id) {
            return Ok(false);
        }
        met.push(id);
        let Some(row) = repository::consultation::by_id(tx, id).await? else { return Ok(id != origin) };
        next = row.origin_id;
    }
    Ok(true)
}

/// What may not change any more on a theme that the public sees or will see.
fn check_public(clean: &Clean, holds: &Rules, loaded: &Loaded, now: domain::Millis) -> Checked<()> {
    if clean.kind != ConsultationKind::PublicComment || loaded.phase == Phase::Draft {
        return Ok(());
    }
    let begun = loaded.has_rules() && loaded.phase.is_public() && loaded.phase != Phase::Coming;
    if begun && (clean.period != loaded.period || holds.closing_minute != loaded.rules.closing_minute) {
        return Err(FieldErrors::one("closes_on", Problem::PeriodFixed));
    }
    let as_before = loaded.has_rules()
        && clean.period == loaded.period
        && clean.gazette_on == loaded.gazette_on()
        && holds.differs(&loaded.rules).is_empty()
        && clean.rules_reason == loaded.row.rules_reason;
    let day = rules::publication_day(loaded.row.publish_at, clean.period.opens_on, now);
    let check = rules::check(holds, clean.period, day, clean.gazette_on, !clean.rules_reason.is_empty());
    if as_before || check.breaches.is_empty() || check.has_reason {
        Ok(())
    } else {
        Err(FieldErrors::one("rules_reason", Problem::Required))
    }
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
    let holds = match check_stored(&tx, &clean, None).await? {
        Ok(holds) => holds,
        Err(errors) => return Ok(Err(errors)),
    };
    let dispositions = match layout::dispositions_for(&tx, clean.preset, None).await? {
        Ok(dispositions) => dispositions,
        Err(problem) => return Ok(Err(FieldErrors::one("preset", problem))),
    };
    let mut row = columns(&clean, &holds)?;
    row.dispositions = Set(dispositions);
    row.state = Set(ConsultationState::Draft.code().to_owned());
    row.cover_alt = Set(String::new());
    row.proposal_count = Set(0);
    row.created_by = Set(actor.id.0);
    row.created_at = Set(ctx.now);
    row.updated_at = Set(ctx.now);
    row.version = Set(1);
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
pub(super) fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn columns(clean: &Clean, holds: &Rules) -> Result<consultation::ActiveModel> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let comment = clean.kind == ConsultationKind::PublicComment;
    let closes_on = clean.period.closes_on;
    Ok(consultation::ActiveModel {
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
        closes_at: Set(if comment { holds.closes_at(closes_on) } else { clean.period.closes_at() }),
        rules: Set(serde_json::to_string(holds).map_err(anyhow::Error::from)?),
        rules_reason: Set(clean.rules_reason.clone()),
        gazette_on: Set(day(clean.gazette_on)),
        result_planned_on: Set(day(clean.result_planned_on)),
        origin_id: Set(clean.origin),
        ..Default::default()
    })
}

pub(super) async fn save_questions<C: ConnectionTrait>(
    tx: &C,
    consultation: i64,
    questions: &[QuestionInput],
) -> Result<()> {
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
    let holds = match check_stored(&tx, &clean, Some(&loaded)).await? {
        Ok(holds) => holds,
        Err(errors) => return Ok(Err(errors)),
    };
    if let Err(errors) = check_public(&clean, &holds, &loaded, ctx.now) {
        return Ok(Err(errors));
    }
    let dispositions = match layout::dispositions_for(&tx, clean.preset, Some(&loaded)).await? {
        Ok(dispositions) => dispositions,
        Err(problem) => return Ok(Err(FieldErrors::one("preset", problem))),
    };
    if !repository::consultation::claim_version(&tx, id, version).await? {
        let now = repository::consultation::by_id(&tx, id).await?.ok_or(AppError::NotFound)?;
        return Ok(Ok(Saved::Stale(now.version)));
    }
    let mut row = columns(&clean, &holds)?;
    row.dispositions = Set(dispositions);
    row.id = Unchanged(id);
    row.updated_at = Set(ctx.now);
    match repository::consultation::update(&tx, row).await {
        Err(error) if is_duplicate(&error) => return Ok(Err(FieldErrors::one("slug", Problem::SlugTaken))),
        saved => saved?,
    };
    save_questions(&tx, id, &clean.questions).await?;
    let changed = changes(&loaded, &clean, &holds);
    audit::record(&tx, ctx, "consultation.update", ("consultation", id), json!({ "changed": changed })).await?;
    tx.commit().await?;
    Ok(Ok(Saved::Done))
}

fn changes(loaded: &Loaded, new: &Clean, holds: &Rules) -> Vec<&'static str> {
    let old = &loaded.row;
    let facts = [
        ("title", old.title != new.title),
        ("slug", old.slug != new.slug),
        ("kind", old.kind != new.kind.code()),
        ("department", old.department_id != new.department),
        ("summary", old.summary != new.summary),
        ("body", old.body_md != new.body),
        ("methods", old.methods != new.methods),
        ("period", loaded.period != new.period),
        ("preset", old.disposition_preset != new.preset.code()),
        ("origin", old.origin_id != new.origin),
        ("gazette", loaded.gazette_on() != new.gazette_on),
        ("result_planned", loaded.result_planned_on() != new.result_planned_on),
        ("rules_reason", old.rules_reason != new.rules_reason),
    ];
    let rules = holds.differs(&loaded.rules).into_iter().map(domain::rules::RulePart::code);
    facts.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).chain(rules).collect()
}
