//! The response desk's tables and what was published of them.

use std::collections::{BTreeSet, HashMap};

use domain::Millis;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationTrait as _, Set,
};

use crate::entity::{chapter, opinion_item, publication, publication_item, summary, summary_item, ward_view};

/// Everything on the desk of a consultation.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Chapters in order.
    pub chapters: Vec<chapter::Model>,
    /// Rows in order of chapter and position.
    pub summaries: Vec<summary::Model>,
    /// Answers by id.
    pub ward_views: HashMap<i64, ward_view::Model>,
    /// Opinion items of each row.
    pub items: HashMap<i64, Vec<i64>>,
}

/// Loads the desk in three statements.
///
/// # Errors
/// When the database is away.
pub async fn desk<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Desk, DbErr> {
    let chapters = chapter::Entity::find()
        .filter(chapter::Column::ConsultationId.eq(consultation))
        .order_by_asc(chapter::Column::Position)
        .order_by_asc(chapter::Column::Id)
        .all(db)
        .await?;
    // An answer goes with its last row, so all of them come with the rows.
    let rows = summary::Entity::find()
        .find_also_related(ward_view::Entity)
        .filter(summary::Column::ConsultationId.eq(consultation))
        .order_by_asc(summary::Column::Position)
        .order_by_asc(summary::Column::Id)
        .all(db)
        .await?;
    let links = summary_item::Entity::find()
        .join(JoinType::InnerJoin, summary_item::Relation::Summary.def())
        .filter(summary::Column::ConsultationId.eq(consultation))
        .order_by_asc(summary_item::Column::OpinionItemId)
        .all(db)
        .await?;
    let mut desk = Desk { chapters, ..Desk::default() };
    for (row, view) in rows {
        desk.ward_views.extend(view.map(|v| (v.id, v)));
        desk.summaries.push(row);
    }
    for link in links {
        desk.items.entry(link.summary_id).or_default().push(link.opinion_item_id);
    }
    Ok(desk)
}

/// One row.
///
/// # Errors
/// When the database is away.
pub async fn summary<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<summary::Model>, DbErr> {
    summary::Entity::find_by_id(id).one(db).await
}

/// Some rows.
///
/// # Errors
/// When the database is away.
pub async fn summaries<C: ConnectionTrait>(db: &C, ids: &[i64]) -> Result<Vec<summary::Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        found.extend(summary::Entity::find().filter(summary::Column::Id.is_in(some.iter().copied())).all(db).await?);
    }
    Ok(found)
}

/// One chapter.
///
/// # Errors
/// When the database is away.
pub async fn chapter<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<chapter::Model>, DbErr> {
    chapter::Entity::find_by_id(id).one(db).await
}

/// Inserts a chapter.
///
/// # Errors
/// When the database refuses.
pub async fn insert_chapter<C: ConnectionTrait>(tx: &C, new: chapter::ActiveModel) -> Result<chapter::Model, DbErr> {
    new.insert(tx).await
}

/// Changes a chapter.
///
/// # Errors
/// When the database refuses.
pub async fn update_chapter<C: ConnectionTrait>(
    tx: &C,
    changes: chapter::ActiveModel,
) -> Result<chapter::Model, DbErr> {
    changes.update(tx).await
}

/// Deletes an empty chapter.
///
/// # Errors
/// When the database refuses, also when rows are in it.
pub async fn delete_chapter<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    chapter::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Inserts a row.
///
/// # Errors
/// When the database refuses.
pub async fn insert_summary<C: ConnectionTrait>(tx: &C, new: summary::ActiveModel) -> Result<summary::Model, DbErr> {
    new.insert(tx).await
}

/// Changes a row.
///
/// # Errors
/// When the database refuses.
pub async fn update_summary<C: ConnectionTrait>(
    tx: &C,
    changes: summary::ActiveModel,
) -> Result<summary::Model, DbErr> {
    changes.update(tx).await
}

/// Deletes a row with its links.
///
/// # Errors
/// When the database refuses.
pub async fn delete_summary<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    summary::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Sets which opinion items a row gathers.
///
/// # Errors
/// When the database refuses.
pub async fn set_items<C: ConnectionTrait>(tx: &C, summary: i64, items: &[i64]) -> Result<(), DbErr> {
    summary_item::Entity::delete_many().filter(summary_item::Column::SummaryId.eq(summary)).exec(tx).await?;
    let links = items.iter().map(|item| summary_item::ActiveModel {
        summary_id: Set(summary),
        opinion_item_id: Set(*item),
        again: Set(0),
    });
    if !items.is_empty() {
        summary_item::Entity::insert_many(links).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Inserts an answer.
///
/// # Errors
/// When the database refuses.
pub async fn insert_ward_view<C: ConnectionTrait>(
    tx: &C,
    new: ward_view::ActiveModel,
) -> Result<ward_view::Model, DbErr> {
    new.insert(tx).await
}

/// Changes an answer.
///
/// # Errors
/// When the database refuses.
pub async fn update_ward_view<C: ConnectionTrait>(
    tx: &C,
    changes: ward_view::ActiveModel,
) -> Result<ward_view::Model, DbErr> {
    changes.update(tx).await
}

/// Deletes an answer no row uses.
///
/// # Errors
/// When the database refuses, also when a row uses it.
pub async fn delete_ward_view<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    ward_view::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// The latest version that is out at `now`.
///
/// # Errors
/// When the database is away.
pub async fn latest<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    now: Millis,
) -> Result<Option<publication::Model>, DbErr> {
    publication::Entity::find()
        .filter(publication::Column::ConsultationId.eq(consultation))
        .filter(publication::Column::PublishedAt.lte(now))
        .order_by_desc(publication::Column::Version)
        .one(db)
        .await
}

/// The newest version, out or scheduled: for staff only.
///
/// # Errors
/// When the database is away.
pub async fn newest<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Option<publication::Model>, DbErr> {
    publication::Entity::find()
        .filter(publication::Column::ConsultationId.eq(consultation))
        .order_by_desc(publication::Column::Version)
        .one(db)
        .await
}

/// When the first version came out; `None` when none did.
///
/// # Errors
/// When the database is away.
pub async fn first_published<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Option<Millis>, DbErr> {
    let first = publication::Entity::find()
        .filter(publication::Column::ConsultationId.eq(consultation))
        .order_by_asc(publication::Column::Version)
        .one(db)
        .await?;
    Ok(first.map(|row| row.published_at))
}

/// Takes a scheduled version away, with what it says of items.
///
/// # Errors
/// When the database refuses.
pub async fn delete_version<C: ConnectionTrait>(tx: &C, publication: i64) -> Result<(), DbErr> {
    publication_item::Entity::delete_many()
        .filter(publication_item::Column::PublicationId.eq(publication))
        .exec(tx)
        .await?;
    publication::Entity::delete_by_id(publication).exec(tx).await?;
    Ok(())
}

/// Publishes a version: its table, and which row answers which item.
///
/// # Errors
/// When the database refuses.
pub async fn publish<C: ConnectionTrait>(
    tx: &C,
    new: publication::ActiveModel,
    answers: &BTreeSet<(i64, i64)>,
) -> Result<publication::Model, DbErr> {
    let made = new.insert(tx).await?;
    for some in answers.iter().collect::<Vec<_>>().chunks(500) {
        let rows = some.iter().map(|(summary, item)| publication_item::ActiveModel {
            publication_id: Set(made.id),
            opinion_item_id: Set(*item),
            summary_id: Set(*summary),
        });
        publication_item::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(made)
}

/// Which rows of a version answer which opinion items, as (summary, item).
///
/// # Errors
/// When the database is away.
pub async fn answers<C: ConnectionTrait>(db: &C, publication: i64) -> Result<BTreeSet<(i64, i64)>, DbErr> {
    let rows = publication_item::Entity::find()
        .filter(publication_item::Column::PublicationId.eq(publication))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.summary_id, r.opinion_item_id)).collect())
}

/// The rows of the latest version that answer a proposal, as ids of summaries.
///
/// # Errors
/// When the database is away.
pub async fn answers_of<C: ConnectionTrait>(db: &C, publication: i64, proposal: i64) -> Result<Vec<i64>, DbErr> {
    let rows = publication_item::Entity::find()
        .join(JoinType::InnerJoin, publication_item::Relation::OpinionItem.def())
        .filter(publication_item::Column::PublicationId.eq(publication))
        .filter(opinion_item::Column::ProposalId.eq(proposal))
        .order_by_asc(publication_item::Column::SummaryId)
        .all(db)
        .await?;
    let mut ids: Vec<i64> = rows.into_iter().map(|r| r.summary_id).collect();
    ids.dedup();
    Ok(ids)
}

/// Codes of 対応区分 that the answers of a theme use.
///
/// # Errors
/// When the database is away.
pub async fn used_dispositions<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<String>, DbErr> {
    let found: Vec<Option<String>> = ward_view::Entity::find()
        .select_only()
        .column(ward_view::Column::Disposition)
        .distinct()
        .filter(ward_view::Column::ConsultationId.eq(consultation))
        .filter(ward_view::Column::Disposition.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().flatten().filter(|code| !code.is_empty()).collect())
}
