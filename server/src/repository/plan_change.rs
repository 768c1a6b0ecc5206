//! What opinions change in the draft (修正箇所).

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, Set, Statement,
};

use crate::entity::{plan_change, plan_change_summary};

/// A row of the desk with its place in the outline.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Numbered {
    /// The summary's id.
    pub id: i64,
    /// Number of its chapter, from 1.
    pub chapter: i64,
    /// No. in the chapter, from 1.
    pub number: i64,
    /// Its answer.
    pub ward_view_id: Option<i64>,
}

impl Numbered {
    /// How it is called: 「1-2」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.chapter, self.number)
    }
}

/// Every row of a theme with its number, in order.
///
/// # Errors
/// When the database is away.
pub async fn numbered<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Numbered>, DbErr> {
    let sql = "SELECT s.id, c.number AS chapter, s.ward_view_id, \
               ROW_NUMBER() OVER (PARTITION BY s.chapter_id ORDER BY s.position, s.id) AS number \
               FROM summary s JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY pinned_last, position, id) AS number \
               FROM chapter WHERE consultation_id = $1) c ON c.id = s.chapter_id \
               WHERE s.consultation_id = $1 ORDER BY c.number, s.position, s.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    Numbered::find_by_statement(statement).all(db).await
}

/// The changes of a theme's draft in order.
///
/// # Errors
/// When the database is away.
pub async fn list<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<plan_change::Model>, DbErr> {
    plan_change::Entity::find()
        .filter(plan_change::Column::ConsultationId.eq(consultation))
        .order_by_asc(plan_change::Column::Position)
        .order_by_asc(plan_change::Column::Id)
        .all(db)
        .await
}

/// The rows that caused each change, by the change's id.
///
/// # Errors
/// When the database is away.
pub async fn rows<C: ConnectionTrait>(db: &C, changes: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>, DbErr> {
    let mut rows: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    if changes.is_empty() {
        return Ok(rows);
    }
    let links = plan_change_summary::Entity::find()
        .filter(plan_change_summary::Column::PlanChangeId.is_in(changes.iter().copied()))
        .order_by_asc(plan_change_summary::Column::SummaryId)
        .all(db)
        .await?;
    for link in links {
        rows.entry(link.plan_change_id).or_default().push(link.summary_id);
    }
    Ok(rows)
}

/// One change.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<plan_change::Model>, DbErr> {
    plan_change::Entity::find_by_id(id).one(db).await
}

/// Inserts a change (without id) or changes it.
///
/// # Errors
/// When the database refuses.
pub async fn put<C: ConnectionTrait>(tx: &C, row: plan_change::ActiveModel) -> Result<plan_change::Model, DbErr> {
    if row.id.is_unchanged() { row.update(tx).await } else { row.insert(tx).await }
}

/// Says which rows caused a change.
///
/// # Errors
/// When the database refuses.
pub async fn set_rows<C: ConnectionTrait>(tx: &C, change: i64, rows: &[i64]) -> Result<(), DbErr> {
    plan_change_summary::Entity::delete_many()
        .filter(plan_change_summary::Column::PlanChangeId.eq(change))
        .exec(tx)
        .await?;
    if !rows.is_empty() {
        let links = rows
            .iter()
            .map(|row| plan_change_summary::ActiveModel { plan_change_id: Set(change), summary_id: Set(*row) });
        plan_change_summary::Entity::insert_many(links).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Deletes a change with its links.
///
/// # Errors
/// When the database refuses.
pub async fn delete<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    plan_change::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}
