//! Submissions (提出): one way in for everything that reaches the ward, by whatever channel. It gives the receipt
//! number, keeps identity apart, counts each person once and groups the same texts.

pub mod form;
pub mod grouping;
pub mod receipt;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    Channel, IntakeState, Locale, ProposalState, ReceiptNumber, identity::Identity, intake::UNKNOWN_ELIGIBILITY,
    rules::Eligibility, wareki,
};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, DbErr, Set};

use super::consultation::Loaded;
use crate::{
    ctx::Ctx,
    entity::{attachment, opinion_item, proposal},
    error::{AppError, Result},
    repository::{self, tally::Tally},
};

/// What a file of a submission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentKind {
    /// Attached by the sender.
    Attachment,
    /// The scan of a letter or FAX: it shows who sent it, and is treated as identity.
    Scan,
}

impl AttachmentKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Scan => "scan",
        }
    }
}

/// One opinion of a submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewItem {
    /// Its own text; `None`: the whole submission.
    pub body: Option<String>,
    /// The paragraph of the draft it is about.
    pub anchor: Option<String>,
    /// The page of the draft it is about.
    pub page: Option<i64>,
}

/// A submission to record.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// How it came.
    pub channel: Channel,
    /// 応募資格, as far as it is known.
    pub eligibility: Option<Eligibility>,
    /// Title.
    pub title: Option<String>,
    /// The text as sent.
    pub body: String,
    /// The question it answers.
    pub question: Option<i64>,
    /// Its opinions; empty means one, the whole text.
    pub items: Vec<NewItem>,
    /// Who sent it.
    pub identity: Identity,
    /// The account it was sent with.
    pub account: Option<i64>,
    /// 収受日.
    pub received_on: NaiveDate,
    /// 消印日.
    pub postmarked_on: Option<NaiveDate>,
    /// Who entered it for the sender.
    pub entered_by: Option<i64>,
    /// 代筆者.
    pub scribe: Option<String>,
    /// Makes the same form sent twice one submission.
    pub form_token: Option<String>,
    /// Where it stands.
    pub intake: IntakeState,
    /// 回答対象外.
    pub no_reply: bool,
    /// Files, as ids of uploads.
    pub attachments: Vec<(i64, AttachmentKind)>,
}

impl NewSubmission {
    /// A submission of this day with nothing but a text.
    #[must_use]
    pub fn of_text(ctx: &Ctx, channel: Channel, body: String) -> Self {
        Self {
            channel,
            eligibility: None,
            title: None,
            body,
            question: None,
            items: vec![],
            identity: Identity::default(),
            account: None,
            received_on: wareki::date_of(ctx.now),
            postmarked_on: None,
            entered_by: None,
            scribe: None,
            form_token: None,
            intake: IntakeState::Unread,
            no_reply: false,
            attachments: vec![],
        }
    }
}

/// The code of an eligibility in the database.
#[must_use]
pub fn eligibility_code(eligibility: Option<Eligibility>) -> &'static str {
    eligibility.map_or(UNKNOWN_ELIGIBILITY, Eligibility::code)
}

/// Records a submission within a transaction. Who may, and whether the call is open, is the caller's to check.
///
/// # Errors
/// When the database refuses; a unique violation when `form_token` was used already.
pub async fn record<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    loaded: &Loaded,
    new: NewSubmission,
) -> Result<proposal::Model, DbErr> {
    let consultation = loaded.row.id;
    // Everything that is counted of a consultation is changed by one transaction at a time.
    repository::consultation::by_id_locked(tx, consultation).await?;
    let receipt = ReceiptNumber::new(wareki::fiscal_year(wareki::date_of(ctx.now)), rand::random());
    let match_key = match_key(ctx, consultation, &new.identity);
    let submitter = submitter(tx, consultation, match_key.as_deref(), new.account, &receipt).await?;
    let recount = Recount::begin(tx, consultation, &[&submitter]).await?;
    let row = proposal::ActiveModel {
        consultation_id: Set(consultation),
        question_id: Set(new.question),
        account_id: Set(new.account),
        submitter: Set(submitter),
        channel: Set(new.channel.code().to_owned()),
        receipt_number: Set(receipt.to_string()),
        form_token: Set(new.form_token),
        title: Set(new.title),
        body: Set(new.body),
        state: Set(ProposalState::Published.code().to_owned()),
        like_count: Set(0),
        created_at: Set(ctx.now),
        updated_at: Set(ctx.now),
        intake: Set(new.intake.code().to_owned()),
        eligibility: Set(eligibility_code(new.eligibility).to_owned()),
        received_on: Set(new.received_on.to_string()),
        postmarked_on: Set(new.postmarked_on.map(|day| day.to_string())),
        scribe: Set(new.scribe),
        entered_by: Set(new.entered_by),
        no_reply: Set(new.no_reply.into()),
        approval_only: Set(0),
        ..Default::default()
    };
    let made = repository::proposal::insert(tx, row).await?;
    put_items(tx, &made, new.items).await?;
    repository::submission::put_identity(tx, &made, &new.identity, match_key, ctx.locale.tag(), ctx.now).await?;
    for (position, (upload, kind)) in (1_i64..).zip(new.attachments) {
        let row = attachment::ActiveModel {
            proposal_id: Set(made.id),
            upload_id: Set(upload),
            kind: Set(kind.code().to_owned()),
            position: Set(position),
            created_at: Set(ctx.now),
            ..Default::default()
        };
        repository::submission::attach(tx, row).await?;
    }
    let made = grouping::join(tx, made).await?;
    recount.finish(tx).await?;
    repository::consultation::count_proposals(tx, consultation, 1).await?;
    Ok(made)
}

/// The key under which this person is found again; `None` when too little is known.
#[must_use]
pub fn match_key(ctx: &Ctx, consultation: i64, identity: &Identity) -> Option<String> {
    identity.match_text().map(|text| ctx.app.seal.person_key(consultation, &text))
}

/// Who is counted: the person known by name and place, the account, or somebody new.
async fn submitter<C: ConnectionTrait>(
    tx: &C,
    consultation: i64,
    match_key: Option<&str>,
    account: Option<i64>,
    receipt: &ReceiptNumber,
) -> Result<String, DbErr> {
    if let Some(key) = match_key
        && let Some(known) = repository::submission::known_person(tx, consultation, key).await?
    {
        return Ok(known.submitter);
    }
    Ok(account.map_or_else(|| format!("person:{receipt}"), |id| format!("account:{id}")))
}

/// Sets the opinions of a submission: those that are there keep their ids in order, so that what staff did with them
/// stands. One that is about another place than before is as new as the change: it names the draft of that day.
///
/// # Errors
/// When the database refuses.
pub async fn put_items<C: ConnectionTrait>(
    tx: &C,
    proposal: &proposal::Model,
    items: Vec<NewItem>,
) -> Result<(), DbErr> {
    let items = if items.is_empty() { vec![NewItem::default()] } else { items };
    let old = repository::submission::items_of(tx, vec![proposal.id]).await?.remove(&proposal.id).unwrap_or_default();
    for gone in old.iter().skip(items.len()) {
        repository::submission::delete_item(tx, gone.id).await?;
    }
    let mut known = old.iter();
    for (position, item) in (1_i64..).zip(items) {
        let known = known.next();
        let same_place = known.filter(|k| k.anchor == item.anchor && k.page == item.page);
        let row = opinion_item::ActiveModel {
            id: known.map_or(sea_orm::ActiveValue::NotSet, |k| Unchanged(k.id)),
            proposal_id: Set(proposal.id),
            position: Set(position),
            created_at: Set(same_place.map_or(proposal.updated_at, |k| k.created_at)),
            body: Set(item.body),
            anchor: Set(item.anchor),
            page: Set(item.page),
            ..Default::default()
        };
        repository::submission::put_item(tx, row).await?;
    }
    Ok(())
}

/// After the text of a submission or of its opinions changed: rows of the response desk that gather them are looked at
/// anew, whether they are word for word what was sent, and what was confirmed has to be confirmed again.
///
/// # Errors
/// When the database refuses.
pub async fn outdate_rows<C: ConnectionTrait>(tx: &C, proposal: i64) -> Result<()> {
    let items = repository::submission::items_of(tx, vec![proposal]).await?.remove(&proposal).unwrap_or_default();
    let items: Vec<i64> = items.into_iter().map(|item| item.id).collect();
    let links = repository::desk::links_of_items(tx, &items).await?;
    let rows: BTreeSet<i64> = links.into_iter().map(|link| link.summary_id).collect();
    for row in &rows {
        super::response::refresh_verbatim(tx, *row).await?;
    }
    Ok(repository::desk::journal::outdate(tx, &rows).await?)
}

/// Keeps the counts true over a change: [`begin`](Self::begin) before it, [`finish`](Self::finish) after it, in one
/// transaction that holds the consultation's row.
#[derive(Debug)]
pub struct Recount {
    consultation: i64,
    before: Vec<(String, Tally)>,
}

impl Recount {
    /// Notes what these people's submissions contribute now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin<C: ConnectionTrait>(tx: &C, consultation: i64, submitters: &[&str]) -> Result<Self, DbErr> {
        let mut before = Vec::new();
        for submitter in submitters {
            if before.iter().any(|(known, _)| known == submitter) {
                continue;
            }
            let tally = repository::tally::of_submitter(tx, consultation, submitter).await?;
            before.push(((*submitter).to_owned(), tally));
        }
        Ok(Self { consultation, before })
    }

    /// Counts what they contribute now instead.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finish<C: ConnectionTrait>(self, tx: &C) -> Result<(), DbErr> {
        for (submitter, before) in self.before {
            let after = repository::tally::of_submitter(tx, self.consultation, &submitter).await?;
            repository::tally::apply(tx, self.consultation, &before, &after).await?;
        }
        Ok(())
    }
}

/// Changes columns of a submission with everything that follows from them: counts, groups, the number of shown ones.
/// `before` has to be loaded in this transaction.
///
/// # Errors
/// When the database refuses.
pub async fn change<C: ConnectionTrait>(
    tx: &C,
    before: &proposal::Model,
    changes: proposal::ActiveModel,
) -> Result<proposal::Model> {
    let consultation = before.consultation_id;
    repository::consultation::by_id_locked(tx, consultation).await?.ok_or(AppError::NotFound)?;
    let mut submitters = vec![before.submitter.as_str()];
    let next = match &changes.submitter {
        Set(submitter) => submitter.clone(),
        _ => before.submitter.clone(),
    };
    submitters.push(&next);
    let recount = Recount::begin(tx, consultation, &submitters).await?;
    let after = repository::proposal::update(tx, changes).await?;
    let after = if after.body == before.body {
        after
    } else {
        outdate_rows(tx, after.id).await?;
        grouping::rejoin(tx, before, after).await?
    };
    recount.finish(tx).await?;
    let shown = |row: &proposal::Model| i64::from(row.state == ProposalState::Published.code());
    if shown(&after) != shown(before) {
        repository::consultation::count_proposals(tx, consultation, shown(&after) - shown(before)).await?;
    }
    Ok(after)
}

/// The link with which the sender of a submission sees it again, without an account.
#[must_use]
pub fn receipt_link(ctx: &Ctx, proposal: &proposal::Model) -> String {
    ctx.url(&receipt_path(ctx, proposal))
}

/// The path of [`receipt_link`].
#[must_use]
pub fn receipt_path(ctx: &Ctx, proposal: &proposal::Model) -> String {
    let key = ctx.app.seal.receipt_key(&proposal.receipt_number);
    format!("/receipts/{}?key={key}", proposal.receipt_number)
}

/// The language a sender wrote in, for mails.
#[must_use]
pub fn locale_of(identity: Option<&crate::entity::identity::Model>) -> Locale {
    identity.and_then(|row| row.locale.as_deref()).and_then(Locale::from_tag).unwrap_or_default()
}
