//! The course of a theme: longer periods, progress, copies, and 策定経緯.

use app::pages::{
    consultations::Happening,
    staff::timeline::{REASON_MAX, copy_title},
};
use domain::{
    ConsultationState, FieldErrors, Phase, Problem,
    document::DocumentStage,
    permission::{self, ConsultationAction, SiteAction},
    text, wareki,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};
use serde_json::json;

use super::{
    Loaded,
    edit::{QuestionInput, is_duplicate, save_questions},
    for_staff,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{consultation, extension},
    error::{AppError, Result},
    repository,
    repository::consultation::Event,
    service::Checked,
};

/// An extension as entered.
#[derive(Clone, Debug, Default)]
pub struct ExtensionInput {
    /// The new last day.
    pub closes_on: String,
    /// Why.
    pub reason: String,
}

/// Whether its period may be made longer: not before it is public (then it is just changed), nor after a result is
/// out or on its way.
fn extendable(loaded: &Loaded) -> Result<()> {
    let open = matches!(loaded.phase, Phase::Coming | Phase::Open | Phase::UnderReview);
    if open && loaded.row.result_at.is_none() { Ok(()) } else { Err(AppError::Conflict) }
}

/// A theme whose period this person may make longer.
///
/// # Errors
/// As [`for_staff`]; [`AppError::Conflict`] before it is public and after its result is out or on its way.
pub async fn to_extend(ctx: &Ctx, id: i64) -> Result<Loaded> {
    let loaded = for_staff(ctx, id, ConsultationAction::Publish).await?;
    extendable(&loaded)?;
    Ok(loaded)
}

/// Makes a period longer; a call that is over opens again. The reason is published.
///
/// # Errors
/// As [`to_extend`]. Inner: what is wrong.
pub async fn extend(ctx: &Ctx, id: i64, input: &ExtensionInput) -> Result<Checked<()>> {
    to_extend(ctx, id).await?;
    let tx = ctx.write().await?;
    let row = repository::consultation::by_id_locked(&tx, id).await?.ok_or(AppError::NotFound)?;
    let loaded = Loaded::new(row, ctx.now);
    extendable(&loaded)?;
    let (day, reason) = match check_extension(&loaded, input, ctx.now) {
        Ok(checked) => checked,
        Err(errors) => return Ok(Err(errors)),
    };
    let closes_at = loaded.closes_at(day);
    let longer = extension::ActiveModel {
        consultation_id: Set(id),
        reason: Set(reason),
        old_closes_at: Set(loaded.row.closes_at),
        new_closes_at: Set(closes_at),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    repository::consultation::insert_extension(&tx, longer).await?;
    // A result that was planned for before the new last day is not planned any more.
    let planned = loaded.result_planned_on().filter(|planned| *planned >= day).map(|day| day.to_string());
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        closes_at: Set(closes_at),
        result_planned_on: Set(planned),
        updated_at: Set(ctx.now),
        // A form that was opened before must not put the old day back.
        version: Set(loaded.row.version + 1),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    let detail = json!({
        "from": loaded.period.closes_on.to_string(),
        "to": day.to_string(),
        "reopened": loaded.phase == Phase::UnderReview,
        "breaches": breaches(&loaded, day),
    });
    audit::record(&tx, ctx, "consultation.extend", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The new last day and the reason.
fn check_extension(
    loaded: &Loaded,
    input: &ExtensionInput,
    now: domain::Millis,
) -> Checked<(chrono::NaiveDate, String)> {
    let mut errors = FieldErrors::new();
    let day = match input.closes_on.trim() {
        "" => Err(Problem::Required),
        value => wareki::parse(value).map_err(|_| Problem::Date),
    };
    let day = errors.take("closes_on", day);
    let today = wareki::date_of(now);
    let first = if loaded.closes_at(today) > now { today } else { today.succ_opt().unwrap_or(today) };
    let earliest = loaded.period.closes_on.succ_opt().unwrap_or(today).max(first);
    if day < earliest {
        errors.push("closes_on", Problem::TooEarly { earliest });
    }
    let reason = errors.take("reason", text::required(&input.reason, REASON_MAX));
    errors.into_result((day, reason))
}

/// The codes of what the rules say against a new last day.
fn breaches(loaded: &Loaded, day: chrono::NaiveDate) -> Vec<&'static str> {
    let Some(published) = loaded.row.publish_at.filter(|_| loaded.has_rules()).map(wareki::date_of) else {
        return vec![];
    };
    let period = domain::consultation::Period { closes_on: day, ..loaded.period };
    let found = loaded.rules.breaches(period, published, loaded.gazette_on());
    found.into_iter().map(domain::rules::Breach::code).collect()
}

/// Sets from which day the ward reports on the progress; nothing entered means not at all.
///
/// # Errors
/// As [`for_staff`]; [`AppError::Conflict`] before the result is out. Inner: what is wrong.
pub async fn set_progress(ctx: &Ctx, id: i64, day: &str) -> Result<Checked<()>> {
    let loaded = for_staff(ctx, id, ConsultationAction::Publish).await?;
    let result = loaded.row.result_at.filter(|_| loaded.phase.has_result()).ok_or(AppError::Conflict)?;
    let earliest = wareki::date_of(result);
    let on = match day.trim() {
        "" => None,
        value => match wareki::parse(value) {
            Ok(day) if day >= earliest => Some(day),
            Ok(_) => return Ok(Err(FieldErrors::one("progress_on", Problem::TooEarly { earliest }))),
            Err(_) => return Ok(Err(FieldErrors::one("progress_on", Problem::Date))),
        },
    };
    let tx = ctx.write().await?;
    let changes = consultation::ActiveModel {
        id: Unchanged(id),
        progress_at: Set(on.map(wareki::start_of_day_ms)),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    repository::consultation::update(&tx, changes).await?;
    let detail = json!({ "from": on.map(|day| day.to_string()) });
    audit::record(&tx, ctx, "consultation.progress", ("consultation", id), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// How many addresses are tried for a copy.
const ADDRESSES: u32 = 200;

/// An address like another that no theme has.
async fn free_slug<C: ConnectionTrait>(tx: &C, like: &str) -> Result<String> {
    let base: String = like.chars().take(55).collect();
    let base = base.trim_end_matches('-');
    for n in 2..ADDRESSES {
        let next = format!("{base}-{n}");
        if repository::consultation::by_slug(tx, &next).await?.is_none() {
            return Ok(next);
        }
    }
    Err(AppError::Conflict)
}

/// Makes a draft with the words, questions, rules and department of a theme; gives its id. Opinions, documents, and what
/// was said about the old dates are not copied.
///
/// # Errors
/// As [`for_staff`]; [`AppError::Conflict`] when no address for it is free.
pub async fn copy(ctx: &Ctx, id: i64) -> Result<i64> {
    ctx.allow(permission::site(ctx.role(), SiteAction::CreateConsultation))?;
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let tx = ctx.write().await?;
    let old = &loaded.row;
    let new = consultation::ActiveModel {
        slug: Set(free_slug(&tx, &old.slug).await?),
        kind: Set(old.kind.clone()),
        state: Set(ConsultationState::Draft.code().to_owned()),
        title: Set(copy_title(ctx.locale, &old.title)),
        summary: Set(old.summary.clone()),
        body_md: Set(old.body_md.clone()),
        body_html: Set(old.body_html.clone()),
        methods: Set(old.methods.clone()),
        disposition_preset: Set(old.disposition_preset.clone()),
        dispositions: Set(old.dispositions.clone()),
        layout: Set(old.layout.clone()),
        publicity: Set(old.publicity.clone()),
        places: Set(old.places.clone()),
        basis: Set(old.basis.clone()),
        cover_alt: Set(old.cover_alt.clone()),
        cover_upload_id: Set(old.cover_upload_id),
        department_id: Set(old.department_id),
        opens_at: Set(old.opens_at),
        closes_at: Set(old.closes_at),
        created_by: Set(ctx.actor()?.id.0),
        created_at: Set(ctx.now),
        updated_at: Set(ctx.now),
        version: Set(1),
        proposal_count: Set(0),
        rules: Set(old.rules.clone()),
        rules_reason: Set(String::new()),
        ..Default::default()
    };
    let made = match repository::consultation::insert(&tx, new).await {
        Err(error) if is_duplicate(&error) => return Err(AppError::Conflict),
        made => made?,
    };
    let questions: Vec<QuestionInput> = repository::consultation::questions(&tx, id)
        .await?
        .into_iter()
        .map(|q| QuestionInput { id: None, title: q.title, body: q.body })
        .collect();
    save_questions(&tx, made.id, &questions).await?;
    let detail = json!({ "from": id, "slug": made.slug });
    audit::record(&tx, ctx, "consultation.clone", ("consultation", made.id), detail).await?;
    tx.commit().await?;
    Ok(made.id)
}

/// What the public may know of a theme's past, and the themes before and after it.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// 策定経緯, the oldest first.
    pub history: Vec<(domain::Millis, Happening)>,
    /// Address and title of the theme it came from.
    pub origin: Option<(String, String)>,
    /// Addresses and titles of the themes that take it up.
    pub successors: Vec<(String, String)>,
}

/// Tells what happened to a theme so far, from what is stored.
///
/// # Errors
/// When the database is away.
pub async fn story(ctx: &Ctx, loaded: &Loaded) -> Result<Story> {
    let events = repository::consultation::events(ctx.db(), loaded.row.id, loaded.row.origin_id, ctx.now).await?;
    let mut story = Story::default();
    for event in &events {
        let theme = (event.code.clone(), event.text.clone());
        match event.kind.as_str() {
            "origin" => story.origin = Some(theme),
            "successor" => story.successors.push(theme),
            _ => {}
        }
    }
    if let Some(published) = loaded.row.publish_at.filter(|at| *at <= ctx.now) {
        story.history = history(loaded, published, &events, ctx.now);
    }
    Ok(story)
}

fn history(
    loaded: &Loaded,
    published: domain::Millis,
    events: &[Event],
    now: domain::Millis,
) -> Vec<(domain::Millis, Happening)> {
    let row = &loaded.row;
    let mut told = vec![(published, Happening::Published { announced: published < row.opens_at })];
    let mut counts = None;
    for event in events {
        let (slug, title) = (event.code.clone(), event.text.clone());
        match event.kind.as_str() {
            "extension" => {
                let reopened = event.at > event.a;
                if reopened {
                    told.push((event.a, Happening::Closed { counts: None }));
                }
                let closes_on = wareki::date_of(event.b);
                told.push((event.at, Happening::Extended { closes_on, reason: title, reopened }));
            }
            "publication" => {
                counts = Some((event.b, event.c));
                told.push((event.at, Happening::Result { version: event.a }));
            }
            "document" => {
                let stage = DocumentStage::from_code(&event.code).unwrap_or_default();
                told.push((event.at.max(published), Happening::Document { title, stage }));
            }
            "origin" => told.push((event.at, Happening::Origin { slug, title })),
            _ => told.push((event.at, Happening::Successor { slug, title })),
        }
    }
    if row.opens_at.max(published) <= now {
        told.push((row.opens_at.max(published), Happening::Opened));
    }
    if row.closes_at < now {
        told.push((row.closes_at, Happening::Closed { counts: counts.filter(|_| loaded.phase.has_result()) }));
    }
    if let Some(at) = row.progress_at.filter(|_| loaded.phase == Phase::Progress) {
        told.push((at.max(row.result_at.unwrap_or(at)), Happening::Progress));
    }
    told.sort_by_key(|(at, what)| (*at, rank(what)));
    told
}

/// Of what happened in the same moment, what is told first.
const fn rank(what: &Happening) -> u8 {
    match what {
        Happening::Origin { .. } => 0,
        Happening::Published { .. } => 1,
        Happening::Document { .. } => 2,
        Happening::Opened => 3,
        Happening::Extended { .. } => 4,
        Happening::Closed { .. } => 5,
        Happening::Result { .. } => 6,
        Happening::Progress => 7,
        Happening::Successor { .. } => 8,
    }
}
