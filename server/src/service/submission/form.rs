//! The form of a public comment: what is typed is kept on the server until it is sent; sending makes one submission,
//! however often the button is pressed.

mod check;
mod files;

use app::pages::submissions::{FILES_MAX, FileInput, Place, SubmissionInput, copy_text};
use domain::{Channel, IntakeState, Millis, Phase, Role, draft_text::BlockKind, text};
use sea_orm::{ConnectionTrait, Set};

pub use check::{Clean, check};
pub use files::{FileChanges, accept_files};

use files::{discard, hashes, remove_files, remove_unnoted};

use super::{AttachmentKind, NewSubmission};
use crate::{
    ctx::Ctx,
    entity::{document_block, proposal, submission_draft},
    error::{AppError, Result},
    limits::Operation,
    mail, repository, secret,
    service::{consultation::Loaded, upload},
};

/// What is typed is kept this long when nobody touches it.
pub const KEPT: Millis = 14 * 86_400_000;
/// Largest form that is kept, in bytes of JSON: twenty opinions of the greatest length, and room.
const PAYLOAD_MAX: usize = 1024 * 1024;
/// Longest label of a place, in characters.
const LABEL_MAX: usize = 40;

/// Where what is typed is kept: known to the browser that holds the token, or the holder of a receipt's key.
#[derive(Clone, Debug)]
pub struct Slot {
    hash: String,
    consultation: i64,
}

impl Slot {
    /// The place of a browser's new submission.
    #[must_use]
    pub fn of_browser(token: &str, consultation: i64) -> Self {
        // With a purpose of its own before it: whatever a cookie says, it is never the place of a receipt.
        Self { hash: secret::hash(&format!("browser:{token}")), consultation }
    }

    /// The place of the correction of a submission.
    #[must_use]
    pub fn of_receipt(number: &str, consultation: i64) -> Self {
        Self { hash: secret::hash(&format!("receipt:{number}")), consultation }
    }

    /// The token that makes the same form sent twice one submission. Nobody can guess it without the browser's own.
    #[must_use]
    pub fn form_token(&self, form: &str) -> String {
        secret::hash(&format!("{}:{}:{form}", self.hash, self.consultation))
    }
}

/// Visitors and residents use the form; staff have a desk of their own.
///
/// # Errors
/// [`AppError::Forbidden`] for staff.
pub fn may_use(ctx: &Ctx) -> Result<()> {
    ctx.allow(!ctx.role().is_some_and(Role::is_staff))
}

/// A token for a form that has none yet.
#[must_use]
pub fn new_form() -> String {
    secret::token()
}

/// What was typed and when it was kept.
///
/// # Errors
/// When the database is away.
pub async fn load<C: ConnectionTrait>(db: &C, slot: &Slot) -> Result<Option<(SubmissionInput, Millis)>> {
    let row = repository::submission::form_draft(db, &slot.hash, slot.consultation).await?;
    Ok(row.and_then(|row| read(&row)))
}

fn read(row: &submission_draft::Model) -> Option<(SubmissionInput, Millis)> {
    serde_json::from_str(&row.payload).ok().map(|input| (input, row.updated_at))
}

/// Keeps what is typed, whatever it is; gives it back with its files. `None` when it is too long to be kept.
///
/// # Errors
/// [`AppError::TooMany`], [`AppError::Conflict`] when this very form was sent already, or when the database refuses.
pub async fn keep(
    ctx: &Ctx,
    slot: &Slot,
    input: SubmissionInput,
    files: FileChanges,
) -> Result<Option<SubmissionInput>> {
    let stored = hashes(&files.add);
    let kept = keep_with(ctx, slot, input, files).await;
    remove_unnoted(ctx, stored).await;
    kept
}

async fn keep_with(
    ctx: &Ctx,
    slot: &Slot,
    mut input: SubmissionInput,
    files: FileChanges,
) -> Result<Option<SubmissionInput>> {
    ctx.app.limits.check(ctx, Operation::FormDraft, &slot.hash)?;
    let tx = ctx.write().await?;
    // Locked before it is looked up: a form that is being sent meanwhile is waited for.
    let known = repository::submission::form_draft_locked(&tx, &slot.hash, slot.consultation).await?;
    if sent(&tx, slot, &input.form).await?.is_some() {
        return Err(AppError::Conflict);
    }
    input.files = known.as_ref().and_then(read).map(|(known, _)| known.files).unwrap_or_default();
    let dropped = files.drop.and_then(|id| input.files.iter().position(|file| file.upload == id));
    let dropped = dropped.map(|at| input.files.remove(at).upload);
    for checked in files.add {
        if input.files.len() < FILES_MAX {
            let made = upload::note(&tx, ctx, checked).await?;
            input.files.push(FileInput { upload: made.id, name: made.file_name, size: made.size });
        }
    }
    let payload = serde_json::to_string(&input).map_err(anyhow::Error::from)?;
    if payload.len() > PAYLOAD_MAX {
        return Ok(None);
    }
    let row = submission_draft::ActiveModel {
        token_hash: Set(slot.hash.clone()),
        consultation_id: Set(slot.consultation),
        payload: Set(payload),
        updated_at: Set(ctx.now),
    };
    repository::submission::put_form_draft(&tx, row).await?;
    let gone = discard(&tx, dropped.into_iter().collect()).await?;
    tx.commit().await?;
    remove_files(ctx, gone).await;
    Ok(Some(input))
}

/// Throws away what was typed, with its files.
///
/// # Errors
/// When the database refuses.
pub async fn forget(ctx: &Ctx, slot: &Slot) -> Result<()> {
    let tx = ctx.write().await?;
    let known = repository::submission::form_draft_locked(&tx, &slot.hash, slot.consultation).await?;
    repository::submission::delete_form_draft(&tx, &slot.hash, slot.consultation).await?;
    let files = known.as_ref().and_then(read).map(|(known, _)| known.files).unwrap_or_default();
    let gone = discard(&tx, files.into_iter().map(|file| file.upload).collect()).await?;
    tx.commit().await?;
    remove_files(ctx, gone).await;
    Ok(())
}

/// As [`forget`], within the transaction that makes it needless; of a form without files.
///
/// # Errors
/// When the database refuses.
pub async fn forget_within<C: ConnectionTrait>(tx: &C, slot: &Slot) -> Result<()> {
    Ok(repository::submission::delete_form_draft(tx, &slot.hash, slot.consultation).await?)
}

/// Deletes forms that nobody has touched for [`KEPT`], with their files.
///
/// # Errors
/// When the database refuses.
pub async fn tidy(ctx: &Ctx) -> Result<()> {
    let before = ctx.now - KEPT;
    loop {
        let tx = ctx.write().await?;
        let stale = repository::submission::stale_form_drafts(&tx, before).await?;
        if stale.is_empty() {
            return Ok(());
        }
        let mut gone = Vec::new();
        for row in stale {
            repository::submission::delete_form_draft(&tx, &row.token_hash, row.consultation_id).await?;
            let files = read(&row).map(|(input, _)| input.files).unwrap_or_default();
            gone.extend(discard(&tx, files.into_iter().map(|file| file.upload).collect()).await?);
        }
        tx.commit().await?;
        remove_files(ctx, gone).await;
    }
}

/// The places of a draft's text: headings, and paragraphs by their beginning.
#[must_use]
pub fn places(blocks: &[document_block::Model]) -> Vec<Place> {
    let mut chapter = String::new();
    let mut places = Vec::new();
    for block in blocks {
        let start = text::excerpt(block.text.lines().next().unwrap_or_default(), LABEL_MAX);
        let (label, level) = match BlockKind::from_code(&block.kind) {
            Some(BlockKind::Heading(level)) => {
                chapter.clone_from(&start);
                (start, Some(level))
            }
            _ if chapter.is_empty() => (format!("「{start}」"), None),
            _ => (format!("{chapter}「{start}」"), None),
        };
        places.push(Place { anchor: block.anchor.clone(), label, level });
    }
    places
}

/// What tells one state of a form from another: what is sent is what was seen.
#[must_use]
pub fn fingerprint(input: &SubmissionInput) -> String {
    let text = serde_json::to_string(input).unwrap_or_default();
    secret::hash(&text).chars().take(32).collect()
}

/// The submission this form made already.
///
/// # Errors
/// When the database is away.
pub async fn sent<C: ConnectionTrait>(db: &C, slot: &Slot, form: &str) -> Result<Option<proposal::Model>> {
    if form.is_empty() {
        return Ok(None);
    }
    Ok(repository::submission::by_form_token(db, slot.consultation, &slot.form_token(form)).await?)
}

/// What came of sending.
#[derive(Debug)]
pub enum Sent {
    /// It was received, now or before.
    Received(Box<proposal::Model>),
    /// It has to be corrected first.
    Invalid,
    /// It is no longer what was seen.
    Changed,
    /// The call isn't open at this moment; nothing changed.
    Closed,
    /// Nothing is kept that could be sent.
    Nothing,
}

/// Sends what is kept, as it was `seen` on the confirmation page.
///
/// # Errors
/// [`AppError::Forbidden`] for staff, [`AppError::TooMany`], or when the database refuses.
pub async fn send(ctx: &Ctx, loaded: &Loaded, slot: &Slot, form: &str, seen: &str) -> Result<Sent> {
    may_use(ctx)?;
    if let Some(known) = sent(ctx.db(), slot, form).await? {
        return Ok(Sent::Received(Box::new(known)));
    }
    if loaded.phase != Phase::Open {
        return Ok(Sent::Closed);
    }
    let tx = ctx.write().await?;
    let kept = repository::submission::form_draft_locked(&tx, &slot.hash, slot.consultation).await?;
    // Looked up again under the lock: the other half of a double click may have come in between.
    if let Some(known) = sent(&tx, slot, form).await? {
        return Ok(Sent::Received(Box::new(known)));
    }
    let Some((input, _)) = kept.as_ref().and_then(read) else { return Ok(Sent::Nothing) };
    if input.form != form || fingerprint(&input) != seen {
        return Ok(Sent::Changed);
    }
    let places = places(&repository::draft::current_blocks(&tx, loaded.row.id).await?);
    let Ok(clean) = check(&loaded.rules, &places, &input) else { return Ok(Sent::Invalid) };
    ctx.app.limits.check(ctx, Operation::Submit, &slot.hash)?;
    let email = clean.identity.email.clone();
    let name = clean.identity.name.clone();
    let new = submission(ctx, loaded, slot, &input, clean);
    let made = match super::record(&tx, ctx, loaded, new).await {
        // PostgreSQL runs both halves of a double click at once; the second meets the unique index.
        Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))) => {
            drop(tx);
            let known = sent(ctx.db(), slot, form).await?;
            return known.map(|known| Sent::Received(Box::new(known))).ok_or(AppError::Internal(error.into()));
        }
        other => other?,
    };
    repository::submission::delete_form_draft(&tx, &slot.hash, slot.consultation).await?;
    let copy = copy_text(ctx.locale, &input.shown(ctx.locale, &places));
    confirm_by_mail(&tx, ctx, loaded, &made, (&email, &name), &copy).await?;
    tx.commit().await?;
    ctx.app.mail_bell.notify_one();
    Ok(Sent::Received(Box::new(made)))
}

fn submission(ctx: &Ctx, loaded: &Loaded, slot: &Slot, input: &SubmissionInput, clean: Clean) -> NewSubmission {
    let files = if loaded.rules.attachments { input.files.as_slice() } else { &[] };
    NewSubmission {
        eligibility: Some(clean.eligibility),
        items: clean.items,
        identity: clean.identity,
        account: ctx.actor.as_ref().map(|actor| actor.id.0),
        form_token: Some(slot.form_token(&input.form)),
        intake: IntakeState::Unread,
        no_reply: clean.no_reply,
        attachments: files.iter().map(|file| (file.upload, AttachmentKind::Attachment)).collect(),
        ..NewSubmission::of_text(ctx, Channel::Web, clean.body)
    }
}

/// Sends the number, the link and a copy: to the address on the form, or to the account's. Nobody has shown that the
/// address on a form is theirs, so that it gets only so many mails an hour; the receipt's page shows the same.
async fn confirm_by_mail<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    loaded: &Loaded,
    made: &proposal::Model,
    (email, name): (&str, &str),
    copy: &str,
) -> Result<()> {
    let event = format!("submission:{}", made.id);
    let link = super::receipt_link(ctx, made);
    if !email.is_empty() {
        let address = secret::hash(&email.to_lowercase());
        if ctx.app.limits.check(ctx, Operation::ReceiptMail, &address).is_err() {
            return Ok(());
        }
        let reader = mail::reader_of(ctx, ctx.locale, name);
        let content = app::mails::submission_received(reader, &loaded.row.title, &made.receipt_number, &link, copy);
        return mail::enqueue_to(tx, ctx, email, &event, content).await;
    }
    let Some(account) = made.account_id else { return Ok(()) };
    let Some(account) = repository::account::by_id(tx, account).await? else { return Ok(()) };
    let reader = mail::reader(ctx, &account);
    let content = app::mails::submission_received(reader, &loaded.row.title, &made.receipt_number, &link, copy);
    mail::enqueue(tx, ctx, &account, &event, content).await
}
