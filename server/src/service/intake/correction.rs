//! 補正: asking the sender of a submission to correct it, by mail or with a link to send by post.

use chrono::NaiveDate;
use domain::{FieldErrors, IntakeState, Problem, ProposalState, text, wareki};
use sea_orm::{ActiveValue::Unchanged, Set};
use serde_json::json;

use super::{Seen, acting, locked};
use crate::{
    audit,
    ctx::Ctx,
    database::WriteTransaction,
    entity::proposal,
    error::{AppError, Result},
    mail, repository,
    service::{
        Checked,
        submission::{self, locale_of, receipt_link},
    },
};

/// Longest message to the sender in graphemes.
pub const MESSAGE_MAX: usize = 1000;

/// How the sender hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By mail.
    ByMail,
    /// Not yet: no mail address is known, so that the link has to be sent by post.
    ByHand,
}

/// Asks for a correction: the submission waits for it, and a mail goes out when there is an address.
///
/// # Errors
/// As [`acting`]; [`AppError::Conflict`] when it can't be corrected: taken back, hidden, or of an open dialogue. Inner: what is wrong.
pub async fn request(ctx: &Ctx, id: i64, message: &str, until: &str) -> Result<Checked<Told>> {
    let seen = acting(ctx, id).await?;
    let mut errors = FieldErrors::new();
    let message = errors.take("correction", text::required(message, MESSAGE_MAX));
    let until = errors.take("until", day_ahead(ctx, until));
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let tx = ctx.write().await?;
    let row = locked(&tx, id).await?;
    // The link leads to a correction only for what is there, of a public comment.
    if row.state != ProposalState::Published.code() || seen.theme.kind.shows_proposals() {
        return Err(AppError::Conflict);
    }
    let changes = proposal::ActiveModel {
        id: Unchanged(id),
        intake: Set(IntakeState::AwaitingCorrection.code().to_owned()),
        correction_note: Set(Some(message.clone())),
        correction_until: Set(Some(until.to_string())),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    submission::change(&tx, &row, changes).await?;
    let told = tell(&tx, ctx, &seen, &message, until).await?;
    let detail = json!({ "from": row.intake, "until": until.to_string(), "mailed": told == Told::ByMail });
    audit::record(&tx, ctx, "intake.correction", ("proposal", id), detail).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Ok(told))
}

fn day_ahead(ctx: &Ctx, typed: &str) -> std::result::Result<NaiveDate, Problem> {
    let today = wareki::date_of(ctx.now);
    match typed.trim() {
        "" => Err(Problem::Required),
        typed => match wareki::parse(typed) {
            Ok(day) if day < today => Err(Problem::TooEarly { earliest: today }),
            day => day.map_err(|_| Problem::Date),
        },
    }
}

async fn tell(tx: &WriteTransaction, ctx: &Ctx, seen: &Seen, message: &str, until: NaiveDate) -> Result<Told> {
    let Seen { row, theme, .. } = seen;
    let (title, link) = (&theme.row.title, receipt_link(ctx, row));
    // Asked once more, the sender hears of it once more.
    let event = format!("correction:{}:{}", row.id, ctx.now);
    let identity = repository::submission::identity(tx, row.id).await?;
    let locale = locale_of(identity.as_ref());
    let day = |locale| app::format::day(locale, until);
    if let Some(identity) = identity.filter(|i| !i.email.is_empty()) {
        let reader = mail::reader_of(ctx, locale, &identity.name);
        let content =
            app::mails::correction_requested(reader, title, &row.receipt_number, message, &day(locale), &link);
        mail::enqueue_to(tx, ctx, &identity.email, &event, content).await?;
        return Ok(Told::ByMail);
    }
    let account = match row.account_id {
        Some(account) => repository::account::by_id(tx, account).await?,
        None => None,
    };
    let Some(account) = account else { return Ok(Told::ByHand) };
    let reader = mail::reader(ctx, &account);
    let until = day(reader.locale);
    let content = app::mails::correction_requested(reader, title, &row.receipt_number, message, &until, &link);
    mail::enqueue(tx, ctx, &account, &event, content).await?;
    Ok(Told::ByMail)
}
