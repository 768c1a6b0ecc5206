//! What the holder of a receipt's key may do: see the submission again, correct it, take it back.

use app::pages::submissions::{
    OPINIONS_MAX, OpinionInput, OwnReceipt, Place, ShownOpinion, SubmissionInput, copy_text, place_words,
};
use chrono::NaiveDate;
use documents::ResponseTable;
use domain::{
    ConsultationKind, FieldErrors, IntakeState, Locale, Phase, Problem, ProposalState, ReceiptNumber,
    proposal::{BODY_MAX, ChangeFacts},
    rules::Eligibility,
    wareki,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, Set};

use super::{
    AttachmentKind, Recount,
    form::{self, Clean, Slot},
    match_key,
};
use crate::{
    ctx::Ctx,
    entity::{identity, opinion_item, proposal},
    error::{AppError, Result},
    limits::Operation,
    repository,
    service::{Checked, consultation::Loaded},
};

/// A submission that was looked up by its number.
#[derive(Clone, Debug)]
pub struct Found {
    /// The submission.
    pub row: proposal::Model,
    /// Its theme.
    pub theme: Loaded,
    /// Rows of the published table that answer it.
    pub answers: Vec<i64>,
    /// The published table.
    pub table: Option<ResponseTable>,
    /// Whether the key is right, or the reader its signed-in author.
    pub opened: bool,
}

/// Looks a submission up by a number as typed; `key` may be empty or wrong.
///
/// # Errors
/// [`AppError::TooMany`], or when the database is away.
pub async fn find(ctx: &Ctx, number: &str, key: &str) -> Result<Option<Found>> {
    ctx.app.limits.check(ctx, Operation::Receipt, "")?;
    let Some(number) = ReceiptNumber::parse(number) else { return Ok(None) };
    let Some(row) = repository::proposal::by_receipt(ctx.db(), number.as_str()).await? else { return Ok(None) };
    let theme = repository::consultation::by_id(ctx.db(), row.consultation_id).await?.ok_or(AppError::NotFound)?;
    let theme = Loaded::new(theme, ctx.now);
    if !theme.phase.is_public() {
        return Ok(None);
    }
    let own = ctx.actor.as_ref().is_some_and(|actor| row.account_id == Some(actor.id.0));
    let opened = own || ctx.app.seal.opens_receipt(&row.receipt_number, key);
    let (answers, table) = crate::service::response::answers(ctx, &theme, row.id).await?;
    Ok(Some(Found { row, theme, answers, table, opened }))
}

/// As [`find`], for those who hold the key.
///
/// # Errors
/// [`AppError::NotFound`] for everybody else.
pub async fn hold(ctx: &Ctx, number: &str, key: &str) -> Result<Found> {
    find(ctx, number, key).await?.filter(|found| found.opened).ok_or(AppError::NotFound)
}

impl Found {
    /// Its state.
    #[must_use]
    pub fn state(&self) -> ProposalState {
        ProposalState::from_code(&self.row.state).unwrap_or(ProposalState::Hidden)
    }

    /// Where it stands with staff.
    #[must_use]
    pub fn intake(&self) -> IntakeState {
        IntakeState::from_code(&self.row.intake).unwrap_or_default()
    }

    fn facts(&self) -> ChangeFacts {
        ChangeFacts {
            state: self.state(),
            phase: self.theme.phase,
            likes: self.row.like_count,
            answered: !self.answers.is_empty(),
        }
    }

    fn is_comment(&self) -> bool {
        self.theme.kind == ConsultationKind::PublicComment
    }

    /// Whether staff wait for a correction at `now`, which may be after the period.
    fn is_awaited(&self, ctx: &Ctx) -> bool {
        let in_time = self.correction_until().is_none_or(|until| wareki::date_of(ctx.now) <= until);
        self.intake() == IntakeState::AwaitingCorrection && in_time
    }

    /// Until which day staff wait for a correction.
    #[must_use]
    pub fn correction_until(&self) -> Option<NaiveDate> {
        self.row.correction_until.as_deref().and_then(|day| day.parse().ok())
    }

    /// Whether it may be corrected now: until the deadline, or while staff wait for it; never once it was answered or
    /// hidden.
    #[must_use]
    pub fn may_correct(&self, ctx: &Ctx) -> bool {
        let facts = self.facts();
        let awaited = self.is_awaited(ctx) && facts.state == ProposalState::Published && !facts.answered;
        self.is_comment() && (facts.may_edit() || awaited)
    }

    /// Whether it may be taken back now.
    #[must_use]
    pub fn may_withdraw(&self) -> bool {
        self.is_comment() && self.facts().may_withdraw()
    }

    /// Where the correction is kept while it is typed.
    #[must_use]
    pub fn slot(&self) -> Slot {
        Slot::of_receipt(&self.row.receipt_number, self.theme.row.id)
    }
}

/// The opinions of a submission as they are shown; `places` are those of the draft.
#[must_use]
pub fn shown(l: Locale, row: &proposal::Model, items: &[opinion_item::Model], places: &[Place]) -> Vec<ShownOpinion> {
    let one = |item: &opinion_item::Model| {
        let page = item.page.map(|page| page.to_string()).unwrap_or_default();
        ShownOpinion {
            text: item.body.clone().unwrap_or_else(|| row.body.clone()),
            place: place_words(l, places, item.anchor.as_deref().unwrap_or_default(), &page),
        }
    };
    if items.is_empty() {
        return vec![ShownOpinion { text: row.body.clone(), place: None }];
    }
    items.iter().map(one).collect()
}

/// The opinion items of a submission, and the places they may name.
async fn parts<C: ConnectionTrait>(db: &C, row: &proposal::Model) -> Result<(Vec<opinion_item::Model>, Vec<Place>)> {
    let items = repository::submission::items_of(db, vec![row.id]).await?.remove(&row.id).unwrap_or_default();
    let named = items.iter().any(|item| item.anchor.is_some());
    let blocks = if named { repository::draft::current_blocks(db, row.consultation_id).await? } else { vec![] };
    Ok((items, form::places(&blocks)))
}

/// The opinions of a submission, for its holder.
///
/// # Errors
/// When the database is away.
pub async fn opinions(ctx: &Ctx, found: &Found) -> Result<Vec<ShownOpinion>> {
    let (items, places) = parts(ctx.db(), &found.row).await?;
    Ok(shown(ctx.locale, &found.row, &items, &places))
}

/// What the holder of the key sees beside the state. Of the identity only which fields were filled in.
///
/// # Errors
/// When the database is away.
pub async fn own(ctx: &Ctx, found: &Found, key: &str) -> Result<OwnReceipt> {
    let db = ctx.db();
    let identity =
        repository::submission::identity(db, found.row.id).await?.map(repository::submission::identity_fields);
    let given = identity.map(|identity| {
        identity.fields().into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name).collect()
    });
    let files = repository::submission::attachments(db, found.row.id).await?;
    let files = files.into_iter().filter(|(file, _)| file.kind == AttachmentKind::Attachment.code());
    Ok(OwnReceipt {
        notice: None,
        key: key.to_owned(),
        opinions: opinions(ctx, found).await?,
        eligibility: Eligibility::from_code(&found.row.eligibility),
        given: given.unwrap_or_default(),
        files: files.map(|(_, upload)| upload.file_name).collect(),
        intake: found.intake(),
        no_reply: found.row.no_reply != 0,
        edited_at: found.row.edited_at,
        request: None,
        may_correct: found.may_correct(ctx),
        may_withdraw: found.may_withdraw(),
    })
}

/// The form of a correction, filled with the submission as it is.
///
/// # Errors
/// When the database is away.
pub async fn stored_input(ctx: &Ctx, found: &Found) -> Result<SubmissionInput> {
    let db = ctx.db();
    let items = repository::submission::items_of(db, vec![found.row.id]).await?.remove(&found.row.id);
    let identity = repository::submission::identity(db, found.row.id).await?;
    let items = items.unwrap_or_default();
    // Staff can split a letter into more opinions than the form has boxes: then the letter is shown as a whole.
    let opinions = if items.len() > OPINIONS_MAX { whole(&found.row.body) } else { boxes(&found.row, items) };
    let known = Eligibility::from_code(&found.row.eligibility);
    Ok(SubmissionInput {
        form: form::new_form(),
        opinions,
        eligibility: known.map(|kind| kind.code().to_owned()).unwrap_or_default(),
        identity: identity.map(repository::submission::identity_fields).unwrap_or_default(),
        files: vec![],
    })
}

/// One box for each opinion.
fn boxes(row: &proposal::Model, items: Vec<opinion_item::Model>) -> Vec<OpinionInput> {
    let one = |item: opinion_item::Model| OpinionInput {
        text: item.body.unwrap_or_else(|| row.body.clone()),
        place: item.anchor.unwrap_or_default(),
        page: item.page.map(|page| page.to_string()).unwrap_or_default(),
    };
    items.into_iter().map(one).collect()
}

/// The whole text in one box; in as few as hold it, between two lines, when it is longer than an opinion may be.
fn whole(body: &str) -> Vec<OpinionInput> {
    let mut texts = vec![String::new()];
    for line in body.split_inclusive('\n') {
        match texts.last_mut() {
            Some(text) if text.is_empty() || text.chars().count() + line.chars().count() <= BODY_MAX => {
                text.push_str(line);
            }
            _ => texts.push(line.to_owned()),
        }
    }
    texts.into_iter().map(|text| OpinionInput { text, ..OpinionInput::default() }).collect()
}

/// Corrects a submission; what it said before is kept. Once it says something else, staff look at it
/// again.
///
/// # Errors
/// [`AppError::Conflict`] when it can no longer be corrected. Inner: what is wrong, [`Problem::Closed`] under `form` when
/// the time for it is over.
pub async fn correct(ctx: &Ctx, found: &Found, input: &SubmissionInput) -> Result<Checked<()>> {
    ctx.app.limits.check(ctx, Operation::Submit, &found.row.receipt_number)?;
    if found.theme.phase != Phase::Open && !found.is_awaited(ctx) {
        return Ok(Err(FieldErrors::one("form", Problem::Closed)));
    }
    let tx = ctx.write().await?;
    let places = form::places(&repository::draft::current_blocks(&tx, found.theme.row.id).await?);
    let clean = match form::check(&found.theme.rules, &places, input) {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let row = repository::proposal::by_id_locked(&tx, found.row.id).await?.ok_or(AppError::NotFound)?;
    // Everything that is counted of a theme is changed by one transaction at a time.
    repository::consultation::by_id_locked(&tx, row.consultation_id).await?.ok_or(AppError::NotFound)?;
    let found = Found { row, ..found.clone() };
    if !found.may_correct(ctx) {
        return Err(AppError::Conflict);
    }
    replace(&tx, ctx, &found, clean).await?;
    form::forget_within(&tx, &found.slot()).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Puts the corrected submission in the place of the old one.
async fn replace<C: ConnectionTrait>(tx: &C, ctx: &Ctx, found: &Found, clean: Clean) -> Result<()> {
    let row = &found.row;
    let (items, places) = parts(tx, row).await?;
    let before = copy_text(Locale::Ja, &shown(Locale::Ja, row, &items, &places));
    let old = repository::submission::identity(tx, row.id).await?;
    let key = match_key(ctx, row.consultation_id, &clean.identity);
    let submitter = submitter_after(tx, ctx, row, old.as_ref(), key.as_deref()).await?;
    // A letter that staff split is kept as it came, too.
    if joined(row, &items) != row.body {
        repository::proposal::keep_revision(tx, row, ctx.now).await?;
    }
    // A revision holds one text: the places are written into it.
    repository::proposal::keep_revision(tx, &proposal::Model { body: before, ..row.clone() }, ctx.now).await?;
    let looked_at = matches!(found.intake(), IntakeState::Accepted | IntakeState::AwaitingCorrection);
    let again = looked_at && differs(row, &items, old.as_ref(), &clean);
    let changes = proposal::ActiveModel {
        id: Unchanged(row.id),
        body: Set(clean.body),
        eligibility: Set(clean.eligibility.code().to_owned()),
        no_reply: Set(clean.no_reply.into()),
        submitter: Set(submitter),
        intake: Set(if again { IntakeState::Unread.code().to_owned() } else { row.intake.clone() }),
        edited_at: Set(Some(ctx.now)),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    let after = super::change(tx, row, changes).await?;
    let recount = Recount::begin(tx, after.consultation_id, &[&after.submitter]).await?;
    let rewritten = items.iter().map(|item| &item.body).ne(clean.items.iter().map(|item| &item.body));
    super::put_items(tx, &after, clean.items).await?;
    if rewritten {
        super::outdate_rows(tx, after.id).await?;
    }
    recount.finish(tx).await?;
    let locale = old.and_then(|old| old.locale).unwrap_or_else(|| ctx.locale.tag().to_owned());
    repository::submission::put_identity(tx, &after, &clean.identity, key, &locale, ctx.now).await?;
    Ok(())
}

/// The texts of the opinions, joined as the form joins them.
fn joined(row: &proposal::Model, items: &[opinion_item::Model]) -> String {
    if items.is_empty() {
        return row.body.clone();
    }
    items.iter().map(|item| item.body.as_deref().unwrap_or(&row.body)).collect::<Vec<_>>().join("\n\n")
}

/// Whether a correction says anything else: the opinions, their places, the eligibility or the person.
fn differs(row: &proposal::Model, items: &[opinion_item::Model], old: Option<&identity::Model>, clean: &Clean) -> bool {
    let before =
        items.iter().map(|item| (item.body.as_deref().unwrap_or(&row.body), item.anchor.as_deref(), item.page));
    let after =
        clean.items.iter().map(|item| (item.body.as_deref().unwrap_or(&clean.body), item.anchor.as_deref(), item.page));
    let person = old.cloned().map(repository::submission::identity_fields).unwrap_or_default();
    !before.eq(after) || row.eligibility != clean.eligibility.code() || person != clean.identity
}

/// Who is counted after a correction: the same, unless the person changed.
async fn submitter_after<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    row: &proposal::Model,
    old: Option<&identity::Model>,
    key: Option<&str>,
) -> Result<String> {
    if old.and_then(|old| old.match_key.as_deref()) == key {
        return Ok(row.submitter.clone());
    }
    if let Some(key) = key
        && let Some(known) = repository::submission::known_person(tx, row.consultation_id, key).await?
    {
        return Ok(known.submitter);
    }
    // Nobody else: the label stays, unless others are counted under it.
    if !repository::submission::shares_submitter(tx, row).await? {
        return Ok(row.submitter.clone());
    }
    Ok(row
        .account_id
        .map_or_else(|| format!("person:{}:{}", row.receipt_number, ctx.now), |account| format!("account:{account}")))
}

/// Takes a submission back.
///
/// # Errors
/// [`AppError::Conflict`] when the period is over, or it was answered or hidden.
pub async fn withdraw(ctx: &Ctx, found: &Found) -> Result<()> {
    ctx.app.limits.check(ctx, Operation::Submit, &found.row.receipt_number)?;
    let tx = ctx.write().await?;
    let row = repository::proposal::by_id_locked(&tx, found.row.id).await?.ok_or(AppError::NotFound)?;
    let found = Found { row, ..found.clone() };
    if !found.may_withdraw() {
        return Err(AppError::Conflict);
    }
    let changes = proposal::ActiveModel {
        id: Unchanged(found.row.id),
        state: Set(ProposalState::Withdrawn.code().to_owned()),
        withdrawn_at: Set(Some(ctx.now)),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    super::change(&tx, &found.row, changes).await?;
    tx.commit().await?;
    Ok(())
}
