//! What the proxy-entry desk looks up: sheets that may have been entered before, and what a clerk entered.

use std::collections::HashMap;

use domain::Millis;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};

use crate::entity::{attachment, identity, proposal};

/// The latest submissions of a group of texts, the latest first.
///
/// # Errors
/// When the database is away.
pub async fn of_group<C: ConnectionTrait>(db: &C, group: i64, limit: u64) -> Result<Vec<proposal::Model>, DbErr> {
    proposal::Entity::find()
        .filter(proposal::Column::TextGroupId.eq(group))
        .order_by_desc(proposal::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// The latest submissions of a person, the latest first.
///
/// # Errors
/// When the database is away.
pub async fn of_person<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    match_key: &str,
    limit: u64,
) -> Result<Vec<proposal::Model>, DbErr> {
    let ids: Vec<i64> = identity::Entity::find()
        .select_only()
        .column(identity::Column::ProposalId)
        .filter(identity::Column::ConsultationId.eq(consultation))
        .filter(identity::Column::MatchKey.eq(match_key))
        .order_by_desc(identity::Column::ProposalId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(vec![]);
    }
    proposal::Entity::find().filter(proposal::Column::Id.is_in(ids)).order_by_desc(proposal::Column::Id).all(db).await
}

/// The keys under which the people behind some submissions are found again, where enough is known of them.
///
/// # Errors
/// When the database is away.
pub async fn match_keys<C: ConnectionTrait>(db: &C, proposals: Vec<i64>) -> Result<HashMap<i64, String>, DbErr> {
    if proposals.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, Option<String>)> = identity::Entity::find()
        .select_only()
        .column(identity::Column::ProposalId)
        .column(identity::Column::MatchKey)
        .filter(identity::Column::ProposalId.is_in(proposals))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(id, key)| key.map(|key| (id, key))).collect())
}

/// What an account typed in for others since a moment; what it imported is left out.
fn entered(consultation: i64, account: i64, since: Millis) -> Select<proposal::Entity> {
    proposal::Entity::find()
        .filter(proposal::Column::ConsultationId.eq(consultation))
        .filter(proposal::Column::EnteredBy.eq(account))
        .filter(proposal::Column::BulkImportId.is_null())
        .filter(proposal::Column::CreatedAt.gte(since))
}

/// What an account typed in since a moment, the latest first.
///
/// # Errors
/// When the database is away.
pub async fn entered_since<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    account: i64,
    since: Millis,
    limit: u64,
) -> Result<Vec<proposal::Model>, DbErr> {
    entered(consultation, account, since)
        .order_by_desc(proposal::Column::CreatedAt)
        .order_by_desc(proposal::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// How many an account typed in since a moment.
///
/// # Errors
/// When the database is away.
pub async fn count_entered_since<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    account: i64,
    since: Millis,
) -> Result<u64, DbErr> {
    entered(consultation, account, since).count(db).await
}

/// Whether a stored file belongs to a submission already.
///
/// # Errors
/// When the database is away.
pub async fn is_attached<C: ConnectionTrait>(db: &C, upload: i64) -> Result<bool, DbErr> {
    Ok(attachment::Entity::find().filter(attachment::Column::UploadId.eq(upload)).one(db).await?.is_some())
}
