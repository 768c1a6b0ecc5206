//! What belongs to a submission beside its text: identity, attachments, opinion items, staff's notes, form drafts.

use std::collections::HashMap;

use domain::{Millis, identity::Identity};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set, sea_query::OnConflict,
};

use crate::entity::{attachment, identity, opinion_item, proposal, staff_note, submission_draft, upload};

/// The identity behind a submission.
///
/// # Errors
/// When the database is away.
pub async fn identity<C: ConnectionTrait>(db: &C, proposal: i64) -> Result<Option<identity::Model>, DbErr> {
    identity::Entity::find().filter(identity::Column::ProposalId.eq(proposal)).one(db).await
}

/// The fields of a stored identity.
#[must_use]
pub fn identity_fields(row: identity::Model) -> Identity {
    Identity {
        name: row.name,
        kana: row.kana,
        address: row.address,
        phone: row.phone,
        email: row.email,
        organisation: row.organisation,
        representative: row.representative,
        workplace: row.workplace,
        school: row.school,
        interest: row.interest,
    }
}

/// An identity as it is stored, of a submission given as consultation and proposal.
#[must_use]
pub fn identity_row(
    (consultation, proposal): (i64, i64),
    fields: &Identity,
    match_key: Option<String>,
    locale: &str,
    now: Millis,
) -> identity::ActiveModel {
    identity::ActiveModel {
        consultation_id: Set(consultation),
        proposal_id: Set(proposal),
        name: Set(fields.name.clone()),
        kana: Set(fields.kana.clone()),
        address: Set(fields.address.clone()),
        phone: Set(fields.phone.clone()),
        email: Set(fields.email.clone()),
        organisation: Set(fields.organisation.clone()),
        representative: Set(fields.representative.clone()),
        workplace: Set(fields.workplace.clone()),
        school: Set(fields.school.clone()),
        interest: Set(fields.interest.clone()),
        match_key: Set(match_key),
        locale: Set(Some(locale.to_owned())),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}

/// Keeps the identity of a submission, new or changed. An empty one is none.
///
/// # Errors
/// When the database refuses.
pub async fn put_identity<C: ConnectionTrait>(
    tx: &C,
    proposal: &proposal::Model,
    fields: &Identity,
    match_key: Option<String>,
    locale: &str,
    now: Millis,
) -> Result<(), DbErr> {
    use identity::Column;
    if fields.is_empty() {
        identity::Entity::delete_many().filter(Column::ProposalId.eq(proposal.id)).exec(tx).await?;
        return Ok(());
    }
    let row = identity_row((proposal.consultation_id, proposal.id), fields, match_key, locale, now);
    let replace = OnConflict::column(Column::ProposalId)
        .update_columns([
            Column::Name,
            Column::Kana,
            Column::Address,
            Column::Phone,
            Column::Email,
            Column::Organisation,
            Column::Representative,
            Column::Workplace,
            Column::School,
            Column::Interest,
            Column::MatchKey,
            Column::UpdatedAt,
        ])
        .to_owned();
    identity::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// The identities of a theme that have a mail address, the earliest submission first.
///
/// # Errors
/// When the database is away.
pub async fn addressees<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<identity::Model>, DbErr> {
    identity::Entity::find()
        .filter(identity::Column::ConsultationId.eq(consultation))
        .filter(identity::Column::Email.ne(""))
        .order_by_asc(identity::Column::ProposalId)
        .all(db)
        .await
}

/// The earliest submission of the person with this key, for counting people once.
///
/// # Errors
/// When the database is away.
pub async fn known_person<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    match_key: &str,
) -> Result<Option<proposal::Model>, DbErr> {
    let earlier = identity::Entity::find()
        .filter(identity::Column::ConsultationId.eq(consultation))
        .filter(identity::Column::MatchKey.eq(match_key))
        .order_by_asc(identity::Column::ProposalId)
        .one(db)
        .await?;
    match earlier {
        Some(row) => proposal::Entity::find_by_id(row.proposal_id).one(db).await,
        None => Ok(None),
    }
}

/// The opinion items of some submissions, in order.
///
/// # Errors
/// When the database is away.
pub async fn items_of<C: ConnectionTrait>(
    db: &C,
    proposals: Vec<i64>,
) -> Result<HashMap<i64, Vec<opinion_item::Model>>, DbErr> {
    let mut found: HashMap<i64, Vec<opinion_item::Model>> = HashMap::new();
    if proposals.is_empty() {
        return Ok(found);
    }
    let rows = opinion_item::Entity::find()
        .filter(opinion_item::Column::ProposalId.is_in(proposals))
        .order_by_asc(opinion_item::Column::Position)
        .order_by_asc(opinion_item::Column::Id)
        .all(db)
        .await?;
    for row in rows {
        found.entry(row.proposal_id).or_default().push(row);
    }
    Ok(found)
}

/// Saves an opinion item, new or changed.
///
/// # Errors
/// When the database refuses.
pub async fn put_item<C: ConnectionTrait>(tx: &C, item: opinion_item::ActiveModel) -> Result<(), DbErr> {
    if item.id.is_not_set() {
        item.insert(tx).await?;
    } else {
        item.update(tx).await?;
    }
    Ok(())
}

/// Deletes an opinion item, with its places in rows of the desk.
///
/// # Errors
/// When the database refuses.
pub async fn delete_item<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    opinion_item::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Attaches a stored file.
///
/// # Errors
/// When the database refuses.
pub async fn attach<C: ConnectionTrait>(tx: &C, new: attachment::ActiveModel) -> Result<(), DbErr> {
    new.insert(tx).await?;
    Ok(())
}

/// The files of a submission, in order.
///
/// # Errors
/// When the database is away.
pub async fn attachments<C: ConnectionTrait>(
    db: &C,
    proposal: i64,
) -> Result<Vec<(attachment::Model, upload::Model)>, DbErr> {
    let found = attachment::Entity::find()
        .filter(attachment::Column::ProposalId.eq(proposal))
        .order_by_asc(attachment::Column::Position)
        .find_also_related(upload::Entity)
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(a, u)| u.map(|u| (a, u))).collect())
}

/// Adds a note of staff.
///
/// # Errors
/// When the database refuses.
pub async fn add_note<C: ConnectionTrait>(tx: &C, new: staff_note::ActiveModel) -> Result<(), DbErr> {
    new.insert(tx).await?;
    Ok(())
}

/// What was typed into a form, by the hash of the browser's token.
///
/// # Errors
/// When the database is away.
pub async fn form_draft<C: ConnectionTrait>(
    db: &C,
    token_hash: &str,
    consultation: i64,
) -> Result<Option<submission_draft::Model>, DbErr> {
    submission_draft::Entity::find_by_id((token_hash.to_owned(), consultation)).one(db).await
}

/// Keeps what was typed into a form.
///
/// # Errors
/// When the database refuses.
pub async fn put_form_draft<C: ConnectionTrait>(tx: &C, new: submission_draft::ActiveModel) -> Result<(), DbErr> {
    use submission_draft::Column;
    let replace = OnConflict::columns([Column::TokenHash, Column::ConsultationId])
        .update_columns([Column::Payload, Column::UpdatedAt])
        .to_owned();
    submission_draft::Entity::insert(new).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Throws away what was typed into a form.
///
/// # Errors
/// When the database refuses.
pub async fn delete_form_draft<C: ConnectionTrait>(tx: &C, token_hash: &str, consultation: i64) -> Result<(), DbErr> {
    submission_draft::Entity::delete_by_id((token_hash.to_owned(), consultation)).exec(tx).await?;
    Ok(())
}

/// As [`form_draft`], locked until the transaction ends: two saves of one form come one after the other.
///
/// # Errors
/// When the database is away.
pub async fn form_draft_locked<C: ConnectionTrait>(
    tx: &C,
    token_hash: &str,
    consultation: i64,
) -> Result<Option<submission_draft::Model>, DbErr> {
    submission_draft::Entity::find_by_id((token_hash.to_owned(), consultation)).lock_exclusive().one(tx).await
}

/// Some form drafts nobody has touched since `before`.
///
/// # Errors
/// When the database is away.
pub async fn stale_form_drafts<C: ConnectionTrait>(
    tx: &C,
    before: Millis,
) -> Result<Vec<submission_draft::Model>, DbErr> {
    submission_draft::Entity::find()
        .filter(submission_draft::Column::UpdatedAt.lt(before))
        .order_by_asc(submission_draft::Column::UpdatedAt)
        .limit(100)
        .all(tx)
        .await
}

/// Forgets an upload unless a submission has it; gives the hash of its file when nothing else needs the file.
///
/// # Errors
/// When the database refuses.
pub async fn discard_upload<C: ConnectionTrait>(tx: &C, id: i64) -> Result<Option<String>, DbErr> {
    let Some(row) = upload::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    if attachment::Entity::find().filter(attachment::Column::UploadId.eq(id)).one(tx).await?.is_some() {
        return Ok(None);
    }
    upload::Entity::delete_by_id(id).exec(tx).await?;
    let needed = super::upload::is_noted(tx, &row.sha256).await?;
    Ok((!needed).then_some(row.sha256))
}

/// The submission that a form made, whoever sent it.
///
/// # Errors
/// When the database is away.
pub async fn by_form_token<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    token: &str,
) -> Result<Option<proposal::Model>, DbErr> {
    proposal::Entity::find()
        .filter(proposal::Column::ConsultationId.eq(consultation))
        .filter(proposal::Column::FormToken.eq(token))
        .one(db)
        .await
}

/// Whether another submission is counted as the same person's.
///
/// # Errors
/// When the database is away.
pub async fn shares_submitter<C: ConnectionTrait>(db: &C, row: &proposal::Model) -> Result<bool, DbErr> {
    let other = proposal::Entity::find()
        .filter(proposal::Column::ConsultationId.eq(row.consultation_id))
        .filter(proposal::Column::Submitter.eq(&row.submitter))
        .filter(proposal::Column::Id.ne(row.id))
        .one(db)
        .await?;
    Ok(other.is_some())
}
