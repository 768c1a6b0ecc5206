//! Which row gathers which opinion: read and written.

use std::collections::BTreeMap;

use domain::Millis;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set, Statement, sea_query::Expr,
};

use super::counted;
use crate::entity::{opinion_item, plan_change_summary, referral, summary, summary_item, summary_routing};

/// Ids in one list of a statement.
const AT_ONCE: usize = 5000;
/// Rows in one INSERT.
const ROWS_AT_ONCE: usize = 500;

/// What has to be known of an opinion before it is moved.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ItemFact {
    /// Its id.
    pub id: i64,
    /// Why it is 対象外.
    pub out_of_scope: Option<String>,
    /// The row that counts it.
    pub row_id: Option<i64>,
}

/// Those of these opinions that belong to a theme and count, in the order of their ids.
///
/// # Errors
/// When the database is away.
pub async fn item_facts<C: ConnectionTrait>(db: &C, consultation: i64, ids: &[i64]) -> Result<Vec<ItemFact>, DbErr> {
    let mut all = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        // Numbers only: nothing to escape.
        let list: Vec<String> = some.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT i.id, i.out_of_scope, l.summary_id AS row_id FROM opinion_item i \
             JOIN proposal p ON p.id = i.proposal_id \
             LEFT JOIN summary_item l ON l.opinion_item_id = i.id AND l.again = 0 \
             WHERE i.id IN ({}) AND p.consultation_id = $1 AND {} ORDER BY i.id",
            list.join(", "),
            counted()
        );
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
        all.extend(ItemFact::find_by_statement(statement).all(db).await?);
    }
    Ok(all)
}

/// What an opinion says: its own part, or the whole submission.
///
/// # Errors
/// When the database is away.
pub async fn item_text<C: ConnectionTrait>(db: &C, item: i64) -> Result<Option<String>, DbErr> {
    let sql = "SELECT COALESCE(i.body, p.body) AS text FROM opinion_item i JOIN proposal p ON p.id = i.proposal_id \
               WHERE i.id = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [item.into()]);
    db.query_one_raw(statement).await?.map(|row| row.try_get("", "text")).transpose()
}

/// The links of these opinions.
///
/// # Errors
/// When the database is away.
pub async fn links_of_items<C: ConnectionTrait>(db: &C, items: &[i64]) -> Result<Vec<summary_item::Model>, DbErr> {
    let mut all = Vec::new();
    for some in items.chunks(AT_ONCE) {
        let found = summary_item::Entity::find()
            .filter(summary_item::Column::OpinionItemId.is_in(some.iter().copied()))
            .order_by_asc(summary_item::Column::SummaryId)
            .order_by_asc(summary_item::Column::OpinionItemId);
        all.extend(found.all(db).await?);
    }
    Ok(all)
}

/// The links of a row.
///
/// # Errors
/// When the database is away.
pub async fn links_of_row<C: ConnectionTrait>(db: &C, row: i64) -> Result<Vec<summary_item::Model>, DbErr> {
    summary_item::Entity::find()
        .filter(summary_item::Column::SummaryId.eq(row))
        .order_by_asc(summary_item::Column::OpinionItemId)
        .all(db)
        .await
}

/// Takes links away.
///
/// # Errors
/// When the database refuses.
pub async fn unlink<C: ConnectionTrait>(tx: &C, links: &[summary_item::Model]) -> Result<(), DbErr> {
    let mut of_row: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for link in links {
        of_row.entry(link.summary_id).or_default().push(link.opinion_item_id);
    }
    for (row, items) in of_row {
        for some in items.chunks(AT_ONCE) {
            summary_item::Entity::delete_many()
                .filter(summary_item::Column::SummaryId.eq(row))
                .filter(summary_item::Column::OpinionItemId.is_in(some.iter().copied()))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// Links opinions to a row, counted (`again` false) or repeated. None of them may be in it.
///
/// # Errors
/// When the database refuses, also when an opinion would be counted twice.
pub async fn link<C: ConnectionTrait>(tx: &C, row: i64, items: &[i64], again: bool) -> Result<(), DbErr> {
    for some in items.chunks(ROWS_AT_ONCE) {
        let links = some.iter().map(|item| summary_item::ActiveModel {
            summary_id: Set(row),
            opinion_item_id: Set(*item),
            again: Set(again.into()),
        });
        summary_item::Entity::insert_many(links).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Notes that a row was changed, by whom and when: pages that show it are out of date.
///
/// # Errors
/// When the database refuses.
pub async fn bump<C: ConnectionTrait>(tx: &C, row: i64, by: i64, now: Millis) -> Result<(), DbErr> {
    summary::Entity::update_many()
        .col_expr(summary::Column::Version, Expr::col(summary::Column::Version).add(1))
        .col_expr(summary::Column::UpdatedAt, Expr::value(now))
        .col_expr(summary::Column::UpdatedBy, Expr::value(by))
        .filter(summary::Column::Id.eq(row))
        .exec(tx)
        .await?;
    Ok(())
}

/// Gives what hangs on a row to another: departments it was given to, what others were asked, changes of the draft.
///
/// # Errors
/// When the database refuses.
pub async fn hand_over<C: ConnectionTrait>(tx: &C, from: i64, to: i64) -> Result<(), DbErr> {
    summary_routing::Entity::update_many()
        .col_expr(summary_routing::Column::SummaryId, Expr::value(to))
        .filter(summary_routing::Column::SummaryId.eq(from))
        .exec(tx)
        .await?;
    referral::Entity::update_many()
        .col_expr(referral::Column::SummaryId, Expr::value(to))
        .filter(referral::Column::SummaryId.eq(from))
        .exec(tx)
        .await?;
    let known: Vec<i64> = plan_change_summary::Entity::find()
        .select_only()
        .column(plan_change_summary::Column::PlanChangeId)
        .filter(plan_change_summary::Column::SummaryId.eq(to))
        .into_tuple()
        .all(tx)
        .await?;
    plan_change_summary::Entity::update_many()
        .col_expr(plan_change_summary::Column::SummaryId, Expr::value(to))
        .filter(plan_change_summary::Column::SummaryId.eq(from))
        .filter(plan_change_summary::Column::PlanChangeId.is_not_in(known))
        .exec(tx)
        .await?;
    Ok(())
}

/// Puts opinions out of scope with a reason, or into scope again.
///
/// # Errors
/// When the database refuses.
pub async fn set_scope<C: ConnectionTrait>(tx: &C, items: &[i64], reason: Option<&str>) -> Result<(), DbErr> {
    for some in items.chunks(AT_ONCE) {
        opinion_item::Entity::update_many()
            .col_expr(opinion_item::Column::OutOfScope, Expr::value(reason.map(str::to_owned)))
            .filter(opinion_item::Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}
