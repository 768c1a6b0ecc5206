//! Identity (提出者の情報): opened for a reason that is logged, exported for a reason that is logged, and deleted when
//! its time is over. For everybody who may not open it, it isn't there.

use app::pages::staff::{identity as words, intake as states};
use chrono::{Months, NaiveDate};
use domain::{
    Channel, FieldErrors, IntakeState, Millis, Phase, Problem, ProposalState, identity::Identity,
    permission::ConsultationAction, text, wareki,
};
use serde_json::json;

use super::{
    Checked,
    consultation::Loaded,
    intake::{Seen, may},
    submission::AttachmentKind,
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{attachment, consultation, upload},
    error::{AppError, Result},
    repository::{self, identity::Exported},
};

/// Least characters of a reason.
pub const REASON_MIN: usize = 4;
/// Longest reason in graphemes.
pub const REASON_MAX: usize = 200;
/// Months after the end of a call without a result, before the time of keeping begins.
const WITHOUT_RESULT: u32 = 12;
/// Lines of an export that are read at once.
const EXPORT_PAGE: u64 = 2000;

fn reason(typed: &str) -> Checked<String> {
    let mut errors = FieldErrors::new();
    let reason = errors.take("reason", text::required_line(typed, REASON_MAX));
    if errors.is_empty() && text::graphemes(&reason) < REASON_MIN {
        errors.push("reason", Problem::TooShort { min: REASON_MIN });
    }
    errors.into_result(reason)
}

/// A submission whose sender who asks may know.
async fn open_to(ctx: &Ctx, proposal: i64) -> Result<Seen> {
    ctx.actor()?;
    let row = repository::proposal::by_id(ctx.db(), proposal).await?.ok_or(AppError::NotFound)?;
    let theme = theme_open_to(ctx, row.consultation_id).await?;
    Ok(Seen { row, theme, whole: true })
}

/// A theme whose senders who asks may know. For others there is nothing here, not even a refusal.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn theme_open_to(ctx: &Ctx, theme: i64) -> Result<Loaded> {
    ctx.actor()?;
    let row = repository::consultation::by_id(ctx.db(), theme).await?.ok_or(AppError::NotFound)?;
    let theme = Loaded::new(row, ctx.now);
    if may(ctx, &theme, ConsultationAction::ReadIdentity) { Ok(theme) } else { Err(AppError::NotFound) }
}

/// Who sent a submission.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The submission.
    pub seen: Seen,
    /// Why it was opened, as it stands in the log.
    pub reason: String,
    /// What is known of the sender.
    pub identity: Option<Identity>,
    /// The mail address of the account it was sent with.
    pub account_email: Option<String>,
    /// Scans of the letter.
    pub scans: Vec<(attachment::Model, upload::Model)>,
}

/// Opens the identity behind a submission; the log says who did and why.
///
/// # Errors
/// [`AppError::NotFound`] for everybody who may not. Inner: the reason is missing or too short.
pub async fn open(ctx: &Ctx, proposal: i64, typed: &str) -> Result<Checked<Opened>> {
    let seen = open_to(ctx, proposal).await?;
    let reason = match reason(typed) {
        Ok(reason) => reason,
        Err(errors) => return Ok(Err(errors)),
    };
    let tx = ctx.write().await?;
    audit::record(&tx, ctx, "identity.view", ("proposal", proposal), json!({ "reason": reason })).await?;
    let identity = repository::submission::identity(&tx, proposal).await?;
    let account = match seen.row.account_id {
        Some(account) => repository::account::by_id(&tx, account).await?,
        None => None,
    };
    let files = repository::submission::attachments(&tx, proposal).await?;
    tx.commit().await?;
    Ok(Ok(Opened {
        seen,
        reason,
        identity: identity.map(repository::submission::identity_fields),
        account_email: account.map(|a| a.email),
        scans: files.into_iter().filter(|(file, _)| file.kind == AttachmentKind::Scan.code()).collect(),
    }))
}

/// A scan of a letter: it shows who sent it, and each look at it is logged.
///
/// # Errors
/// [`AppError::NotFound`] for everybody who may not, and without a reason.
pub async fn scan(ctx: &Ctx, proposal: i64, file: i64, typed: &str) -> Result<upload::Model> {
    open_to(ctx, proposal).await?;
    let reason = reason(typed).map_err(|_| AppError::NotFound)?;
    let (file, upload) = repository::identity::attachment(ctx.db(), proposal, file)
        .await?
        .filter(|(file, _)| file.kind == AttachmentKind::Scan.code())
        .ok_or(AppError::NotFound)?;
    let tx = ctx.write().await?;
    let detail = json!({ "reason": reason, "scan": file.id });
    audit::record(&tx, ctx, "identity.scan", ("proposal", proposal), detail).await?;
    tx.commit().await?;
    Ok(upload)
}

/// Everybody who sent something to a theme, as CSV (UTF-8 with BOM, RFC 4180); the log says who took it, why, and how
/// many there were.
///
/// # Errors
/// [`AppError::NotFound`] for everybody who may not. Inner: the reason is missing or too short.
pub async fn export(ctx: &Ctx, theme: i64, typed: &str) -> Result<Checked<Vec<u8>>> {
    theme_open_to(ctx, theme).await?;
    let reason = match reason(typed) {
        Ok(reason) => reason,
        Err(errors) => return Ok(Err(errors)),
    };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    let failed = |error: csv::Error| AppError::Internal(error.into());
    writer.write_record(words::export_header(ctx.locale)).map_err(failed)?;
    let (mut count, mut after) = (0_u64, 0);
    loop {
        let rows = repository::identity::page(ctx.db(), theme, after, EXPORT_PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.proposal_id;
        for row in &rows {
            writer.write_record(record(ctx, row)).map_err(failed)?;
            count += 1;
        }
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    let tx = ctx.write().await?;
    let detail = json!({ "reason": reason, "count": count });
    audit::record(&tx, ctx, "identity.export", ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(Ok(bytes))
}

fn record(ctx: &Ctx, row: &Exported) -> Vec<String> {
    let l = ctx.locale;
    let state = ProposalState::from_code(&row.state).unwrap_or(ProposalState::Hidden);
    let intake = IntakeState::from_code(&row.intake).unwrap_or_default();
    [
        row.receipt_number.clone(),
        row.received_on.clone(),
        app::wording::channel(l, Channel::from_code(&row.channel).unwrap_or_default()),
        states::eligibility(l, &row.eligibility),
        states::status(l, intake.status(state)),
        row.name.clone(),
        row.kana.clone(),
        row.address.clone(),
        row.phone.clone(),
        row.email.clone(),
        row.organisation.clone(),
        row.representative.clone(),
        row.workplace.clone(),
        row.school.clone(),
        row.interest.clone(),
    ]
    .into_iter()
    .map(|cell| guarded(&cell))
    .collect()
}

/// A cell on one line that no spreadsheet runs as a formula, as in the published table.
fn guarded(cell: &str) -> String {
    let cell = documents::clean::one_line(cell);
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// The day on which the identities of a theme are deleted: so many months after the result was published, as its rules
/// say; without a result, after a year from the end of the call. A theme that isn't public has none.
#[must_use]
pub fn disposal_day(theme: &Loaded) -> Option<NaiveDate> {
    if matches!(theme.phase, Phase::Draft) {
        return None;
    }
    let (from, months) = match theme.row.result_at {
        Some(at) => (at, 0),
        None => (theme.row.closes_at, WITHOUT_RESULT),
    };
    wareki::date_of(from).checked_add_months(Months::new(months + theme.rules.retention_months))
}

fn is_due(row: consultation::Model, now: Millis) -> bool {
    disposal_day(&Loaded::new(row, now)).is_some_and(|day| day <= wareki::date_of(now))
}

/// Deletes the identities whose day has come, with the scans and imported tables that show them. Run it as often as
/// you like and in as many processes: what is done is not done again.
///
/// # Errors
/// The last of what went wrong; the other themes are done all the same.
pub async fn dispose_due(ctx: &Ctx) -> Result<()> {
    let year_ago = wareki::date_of(ctx.now).checked_sub_months(Months::new(WITHOUT_RESULT)).unwrap_or_default();
    let closed_before = wareki::start_of_day_ms(year_ago);
    let mut outcome = Ok(());
    for row in repository::identity::candidates(ctx.db(), ctx.now, closed_before).await? {
        let id = row.id;
        if is_due(row, ctx.now)
            && let Err(error) = dispose(ctx, id).await
        {
            tracing::error!(theme = id, %error, "identities are not deleted");
            outcome = Err(error);
        }
    }
    delete_files(ctx).await?;
    outcome
}

async fn dispose(ctx: &Ctx, theme: i64) -> Result<()> {
    let tx = ctx.write().await?;
    // Under the lock: another process may have done it, or the result may have been put off.
    let Some(row) = repository::consultation::by_id_locked(&tx, theme).await? else { return Ok(()) };
    let again = row.identity_disposed_at.is_some();
    if !is_due(row, ctx.now) {
        return Ok(());
    }
    let disposed = repository::identity::dispose(&tx, theme, ctx.now).await?;
    if again && disposed == repository::identity::Disposed::default() {
        return Ok(());
    }
    let detail = json!({ "count": disposed.identities, "scans": disposed.scans, "imported_tables": disposed.imports });
    audit::record(&tx, ctx, "identity.dispose", ("consultation", theme), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes the files that wait for it. What goes wrong is tried again the next time.
async fn delete_files(ctx: &Ctx) -> Result<()> {
    for sha256 in repository::identity::waiting_files(ctx.db()).await? {
        let tx = ctx.write().await?;
        // The same content may have come in again.
        if !repository::identity::is_in_use(&tx, &sha256).await? {
            ctx.app.files.delete(&sha256).await?;
        }
        repository::identity::file_done(&tx, &sha256).await?;
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        assert_eq!(reason("補正の連絡"), Ok("補正の連絡".to_owned()));
        assert_eq!(reason(" 　 "), Err(FieldErrors::one("reason", Problem::Required)));
        assert_eq!(reason("確認"), Err(FieldErrors::one("reason", Problem::TooShort { min: REASON_MIN })));
        assert!(reason(&"長".repeat(REASON_MAX + 1)).is_err());
    }

    #[test]
    fn a_cell_runs_no_formula_and_is_one_line() {
        assert_eq!(guarded("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(guarded("-1\n2"), "'-1／2");
        assert_eq!(guarded("山田　太郎"), "山田　太郎");
    }
}
