//! The proxy-entry desk: what arrives on paper, by FAX, mail or word of mouth becomes a submission like those of the web.

mod duplicates;
mod sheet;

use app::pages::staff::entry::{Concern, Sheet, Shut};
use domain::{FieldErrors, IntakeState, Problem, permission::ConsultationAction};
use sea_orm::{ActiveValue::Unchanged, Set};
use serde_json::json;

use super::{
    consultation::Loaded,
    submission,
    upload::{self, Incoming},
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{self, proposal},
    error::{AppError, Result},
    files::{FileKind, PDF_MAX_MIB},
    repository,
};

pub use duplicates::Match;

/// Why a sheet was not recorded.
#[derive(Debug, Default)]
pub struct Refusal {
    /// What is wrong with its fields.
    pub errors: FieldErrors,
    /// What has to be corrected or confirmed.
    pub concerns: Vec<Concern>,
    /// Earlier submissions that may be the same.
    pub found: Vec<Match>,
}

/// A theme whose desk this member of staff may use.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::SignInRequired`] or [`AppError::Forbidden`].
pub async fn desk(ctx: &Ctx, id: i64) -> Result<Loaded> {
    super::consultation::for_staff(ctx, id, ConsultationAction::Intake).await
}

/// Why what did not come over the web can't be recorded in a theme, neither one by one nor as a table: what is sent to an
/// open dialogue is public at once, and people who write a letter have not agreed to that.
#[must_use]
pub fn shut(theme: &Loaded) -> Option<Shut> {
    if theme.kind.shows_proposals() {
        return Some(Shut::OpenDialogue);
    }
    (!theme.phase.is_public()).then_some(Shut::NotPublic)
}

/// Refuses a theme that is [`shut`].
///
/// # Errors
/// [`AppError::Conflict`].
pub fn demand_open(theme: &Loaded) -> Result<()> {
    if shut(theme).is_some() { Err(AppError::Conflict) } else { Ok(()) }
}

/// Records a sheet. The same `token` twice makes one submission. `anyway`: the clerk has compared it with what may be
/// the same.
///
/// # Errors
/// [`AppError::Conflict`] when the theme is [`shut`]. Inner: why it was not recorded.
pub async fn record(
    ctx: &Ctx,
    theme: &Loaded,
    sheet: &Sheet,
    anyway: bool,
) -> Result<std::result::Result<proposal::Model, Refusal>> {
    let actor = ctx.actor()?;
    demand_open(theme)?;
    let checked = sheet::check(ctx, theme, sheet).await?;
    let tx = ctx.write().await?;
    // Sheets of a theme are recorded one after the other: two officers with the same letter can't pass each other.
    let now = repository::consultation::by_id_locked(&tx, theme.row.id).await?.ok_or(AppError::NotFound)?;
    demand_open(&Loaded::new(now, ctx.now))?;
    if let Some(known) = repository::submission::by_form_token(&tx, theme.row.id, &sheet.token).await? {
        // The other half of a double click; a token is nobody else's.
        return if known.entered_by == Some(actor.id.0) { Ok(Ok(known)) } else { Err(AppError::Conflict) };
    }
    let clean = match checked {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(Refusal { errors, ..Refusal::default() })),
    };
    let found = match clean.new.intake {
        IntakeState::Duplicate => vec![],
        _ => duplicates::find(&tx, ctx, theme, &clean.new).await?,
    };
    if !clean.concerns.is_empty() || !(found.is_empty() || anyway) {
        return Ok(Err(Refusal { concerns: clean.concerns, found, ..Refusal::default() }));
    }
    let new = clean.new;
    let mut made = submission::record(&tx, ctx, theme, new).await?;
    if clean.department.is_some() {
        let changes = proposal::ActiveModel {
            id: Unchanged(made.id),
            assigned_department_id: Set(clean.department),
            ..Default::default()
        };
        made = submission::change(&tx, &made, changes).await?;
    }
    let detail = json!({ "consultation": theme.row.id, "channel": made.channel, "intake": made.intake });
    audit::record(&tx, ctx, "entry.record", ("proposal", made.id), detail).await?;
    tx.commit().await?;
    Ok(Ok(made))
}

/// What a scan's key is made for: this file, this theme, this member of staff.
fn scan_name(ctx: &Ctx, theme: &Loaded, upload: i64) -> Result<String> {
    Ok(format!("scan:{}:{}:{upload}", theme.row.id, ctx.actor()?.id.0))
}

/// Checks a scan and keeps it until the sheet is recorded; gives its id with the key that the form carries along.
///
/// # Errors
/// [`AppError::Conflict`] when the theme is [`shut`], or when disk or database refuse. Inner: what is wrong with the file.
pub async fn keep_scan(ctx: &Ctx, theme: &Loaded, file: Incoming) -> Result<std::result::Result<String, Problem>> {
    demand_open(theme)?;
    let checked = match upload::accept(ctx, file, &[FileKind::Pdf, FileKind::Picture], PDF_MAX_MIB).await? {
        Ok(checked) => checked,
        Err(problem) => return Ok(Err(problem)),
    };
    let tx = ctx.write().await?;
    let row = upload::note(&tx, ctx, checked).await?;
    tx.commit().await?;
    let key = ctx.app.seal.receipt_key(&scan_name(ctx, theme, row.id)?);
    Ok(Ok(format!("{}.{key}", row.id)))
}

/// A scan that waits for its sheet, for who loaded it and nobody else. Once the sheet is recorded it is part of the
/// identity, and is looked at where that is logged.
///
/// # Errors
/// When the database is away.
pub async fn scan(ctx: &Ctx, theme: &Loaded, reference: &str) -> Result<Option<entity::upload::Model>> {
    let Some((id, key)) = reference.split_once('.') else { return Ok(None) };
    let Ok(id) = id.parse::<i64>() else { return Ok(None) };
    if !ctx.app.seal.opens_receipt(&scan_name(ctx, theme, id)?, key) {
        return Ok(None);
    }
    let own = repository::upload::by_id(ctx.db(), id)
        .await?
        .filter(|row| row.created_by == ctx.actor.as_ref().map_or(0, |a| a.id.0));
    match own {
        Some(row) if !repository::entry::is_attached(ctx.db(), row.id).await? => Ok(Some(row)),
        _ => Ok(None),
    }
}
