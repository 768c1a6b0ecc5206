//! Who has not been written to yet about an event.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, Statement};

use crate::entity::account;

/// People who have typed an opinion to a theme and not sent it, and to whom no mail of this event was written.
///
/// # Errors
/// When the database is away.
pub async fn drafting<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    event: &str,
    limit: u64,
) -> Result<Vec<account::Model>, DbErr> {
    let sql = "SELECT a.* FROM draft d JOIN account a ON a.id = d.account_id \
               LEFT JOIN mail m ON m.event_key = $2 || ':' || a.id \
               WHERE d.consultation_id = $1 AND (d.title <> '' OR d.body <> '') \
                     AND a.disabled_at IS NULL AND a.email_verified_at IS NOT NULL AND m.id IS NULL \
               ORDER BY a.id LIMIT $3";
    let values = [consultation.into(), event.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    account::Entity::find().from_raw_sql(statement).all(db).await
}

/// Staff of a department who work on its themes, and to whom no mail of this event was written.
///
/// # Errors
/// When the database is away.
pub async fn staff<C: ConnectionTrait>(db: &C, department: i64, event: &str) -> Result<Vec<account::Model>, DbErr> {
    let sql = "SELECT a.* FROM account a LEFT JOIN mail m ON m.event_key = $2 || ':' || a.id \
               WHERE a.department_id = $1 AND a.role IN ('clerk', 'approver') \
                     AND a.disabled_at IS NULL AND m.id IS NULL ORDER BY a.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [department.into(), event.into()]);
    account::Entity::find().from_raw_sql(statement).all(db).await
}
