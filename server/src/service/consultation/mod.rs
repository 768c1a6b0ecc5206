//! Consultations: loading them with their phase, and everything staff do to them.
//!
//! `edit` makes and changes them, `publish` shows and takes them back, `timeline` extends, links and copies them and
//! tells what happened so far, `cover` keeps the picture.

mod cover;
mod edit;
mod publish;
mod timeline;

use chrono::NaiveDate;
use domain::{
    ConsultationKind, ConsultationState, Phase,
    consultation::{Period, PhaseFacts},
    disposition::{DispositionPreset, DispositionSet},
    permission::{self, ConsultationAction, SiteAction},
    rules::Rules,
    wareki,
};
use sea_orm::ConnectionTrait;

pub use cover::set_cover;
pub use edit::{Input, QuestionInput, create, update};
pub use publish::{Publishing, publish, unpublish};
pub use timeline::{ExtensionInput, Story, copy, extend, set_progress, story, to_extend};

use crate::{
    ctx::Ctx,
    entity::consultation,
    error::{AppError, Result},
    repository,
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
    pub dispositions: DispositionSet,
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
            progress_at: row.progress_at,
        };
        Self {
            kind: ConsultationKind::from_code(&row.kind).unwrap_or(ConsultationKind::PublicComment),
            phase: facts.phase(now),
            period: Period { opens_on: wareki::date_of(row.opens_at), closes_on: wareki::date_of(row.closes_at) },
            dispositions: dispositions(&row),
            rules: if row.rules.is_empty() {
                Rules::default()
            } else {
                serde_json::from_str(&row.rules).unwrap_or_default()
            },
            row,
        }
    }

    /// The day of the 広報紙 that announces it.
    #[must_use]
    pub fn gazette_on(&self) -> Option<NaiveDate> {
        self.row.gazette_on.as_deref().and_then(|day| day.parse().ok())
    }

    /// The day on which its result is planned.
    #[must_use]
    pub fn result_planned_on(&self) -> Option<NaiveDate> {
        self.row.result_planned_on.as_deref().and_then(|day| day.parse().ok())
    }

    /// The last millisecond that counts when `day` is the last day.
    #[must_use]
    pub fn closes_at(&self, day: NaiveDate) -> domain::Millis {
        if self.has_rules() { self.rules.closes_at(day) } else { wareki::end_of_day_ms(day) }
    }

    /// Whether its rules are checked: an open dialogue has none.
    #[must_use]
    pub const fn has_rules(&self) -> bool {
        matches!(self.kind, ConsultationKind::PublicComment)
    }
}

/// 対応区分 of a theme: its own, or those of its preset.
fn dispositions(row: &consultation::Model) -> DispositionSet {
    let preset = DispositionPreset::from_code(&row.disposition_preset).unwrap_or_default();
    serde_json::from_str(&row.dispositions).unwrap_or_else(|_| DispositionSet::of(preset))
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

/// What came of saving something two people may edit.
#[derive(Clone, Debug)]
pub enum Saved {
    /// Saved.
    Done,
    /// Somebody else saved first: this is the version to look at now.
    Stale(i64),
}

pub(super) async fn has_opinions<C: ConnectionTrait>(db: &C, id: i64) -> Result<bool> {
    let filter = repository::proposal::Filter { consultation: Some(id), ..Default::default() };
    Ok(repository::proposal::count(db, &filter).await? > 0)
}
