//! Promises given in answers (約束).

use std::collections::BTreeMap;

use domain::{Millis, commitment::CommitmentState};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationTrait as _,
};

use crate::entity::{account, commitment, commitment_progress, identity, opinion_item, proposal, publication_item};

/// The promises of a theme, the earliest first.
///
/// # Errors
/// When the database is away.
pub async fn list<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<commitment::Model>, DbErr> {
    commitment::Entity::find()
        .filter(commitment::Column::ConsultationId.eq(consultation))
        .order_by_asc(commitment::Column::Id)
        .all(db)
        .await
}

/// The promises of a theme that are public at `now`.
///
/// # Errors
/// When the database is away.
pub async fn public<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    now: Millis,
) -> Result<Vec<commitment::Model>, DbErr> {
    commitment::Entity::find()
        .filter(commitment::Column::ConsultationId.eq(consultation))
        .filter(commitment::Column::PublicAt.lte(now))
        .order_by_asc(commitment::Column::Id)
        .all(db)
        .await
}

fn open_states() -> impl Iterator<Item = &'static str> {
    CommitmentState::ALL.into_iter().filter(|s| s.is_open()).map(CommitmentState::code)
}

/// Open promises of a department, or of all (`None`), the most urgent first.
///
/// # Errors
/// When the database is away.
pub async fn open<C: ConnectionTrait>(db: &C, department: Option<i64>) -> Result<Vec<commitment::Model>, DbErr> {
    let mut query = commitment::Entity::find().filter(commitment::Column::State.is_in(open_states()));
    if let Some(department) = department {
        query = query.filter(commitment::Column::DepartmentId.eq(department));
    }
    query.order_by_asc(commitment::Column::DueOn).order_by_asc(commitment::Column::Id).limit(500).all(db).await
}

/// Open public promises that are due on or before `day`, an ISO date.
///
/// # Errors
/// When the database is away.
pub async fn due_until<C: ConnectionTrait>(db: &C, now: Millis, day: &str) -> Result<Vec<commitment::Model>, DbErr> {
    commitment::Entity::find()
        .filter(commitment::Column::State.is_in(open_states()))
        .filter(commitment::Column::PublicAt.lte(now))
        .filter(commitment::Column::DueOn.lte(day))
        .all(db)
        .await
}

/// One promise.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<commitment::Model>, DbErr> {
    commitment::Entity::find_by_id(id).one(db).await
}

/// Inserts a promise (without id) or changes it.
///
/// # Errors
/// When the database refuses.
pub async fn put<C: ConnectionTrait>(tx: &C, row: commitment::ActiveModel) -> Result<commitment::Model, DbErr> {
    if row.id.is_unchanged() { row.update(tx).await } else { row.insert(tx).await }
}

/// Deletes a promise.
///
/// # Errors
/// When the database refuses.
pub async fn delete<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    commitment::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Adds to the progress of a promise.
///
/// # Errors
/// When the database refuses.
pub async fn add_progress<C: ConnectionTrait>(
    tx: &C,
    row: commitment_progress::ActiveModel,
) -> Result<commitment_progress::Model, DbErr> {
    row.insert(tx).await
}

/// What became of promises, the newest first, by the promise's id.
///
/// # Errors
/// When the database is away.
pub async fn progress<C: ConnectionTrait>(
    db: &C,
    commitments: &[i64],
) -> Result<BTreeMap<i64, Vec<commitment_progress::Model>>, DbErr> {
    let mut found: BTreeMap<i64, Vec<commitment_progress::Model>> = BTreeMap::new();
    if commitments.is_empty() {
        return Ok(found);
    }
    let rows = commitment_progress::Entity::find()
        .filter(commitment_progress::Column::CommitmentId.is_in(commitments.iter().copied()))
        .order_by_desc(commitment_progress::Column::Id)
        .all(db)
        .await?;
    for row in rows {
        found.entry(row.commitment_id).or_default().push(row);
    }
    Ok(found)
}

/// The submissions whose opinions these rows of a publication answer.
///
/// # Errors
/// When the database is away.
async fn proposals<C: ConnectionTrait>(
    db: &C,
    publication: i64,
    summaries: &[i64],
) -> Result<Vec<proposal::Model>, DbErr> {
    proposal::Entity::find()
        .join_rev(JoinType::InnerJoin, opinion_item::Relation::Proposal.def())
        .join_rev(JoinType::InnerJoin, publication_item::Relation::OpinionItem.def())
        .filter(publication_item::Column::PublicationId.eq(publication))
        .filter(publication_item::Column::SummaryId.is_in(summaries.iter().copied()))
        .distinct()
        .all(db)
        .await
}

/// Whose opinions these rows of a publication answer: accounts, and people without one who gave an address.
///
/// # Errors
/// When the database is away.
pub async fn raisers<C: ConnectionTrait>(
    db: &C,
    publication: i64,
    summaries: &[i64],
) -> Result<(Vec<account::Model>, Vec<identity::Model>), DbErr> {
    let proposals = proposals(db, publication, summaries).await?;
    let (mut accounts, mut letters) = (vec![], vec![]);
    let authors: Vec<i64> = proposals.iter().filter_map(|p| p.account_id).collect();
    for some in authors.chunks(500) {
        let found = account::Entity::find()
            .filter(account::Column::Id.is_in(some.iter().copied()))
            .filter(account::Column::DisabledAt.is_null())
            .all(db)
            .await?;
        for author in found {
            if !accounts.iter().any(|known: &account::Model| known.id == author.id) {
                accounts.push(author);
            }
        }
    }
    let without: Vec<i64> = proposals.iter().filter(|p| p.account_id.is_none()).map(|p| p.id).collect();
    for some in without.chunks(500) {
        let found = identity::Entity::find()
            .filter(identity::Column::ProposalId.is_in(some.iter().copied()))
            .filter(identity::Column::Email.ne(""))
            .all(db)
            .await?;
        letters.extend(found);
    }
    Ok((accounts, letters))
}
