//! Who wants to hear of a theme.

use domain::Millis;
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, QueryResult, Set, Statement, sea_query::OnConflict,
};

use crate::entity::{account, department, follow};

/// Notes that an account wants to hear of a theme; once is enough.
///
/// # Errors
/// When the database refuses.
pub async fn put<C: ConnectionTrait>(tx: &C, account: i64, consultation: i64, now: Millis) -> Result<(), DbErr> {
    let row =
        follow::ActiveModel { account_id: Set(account), consultation_id: Set(consultation), created_at: Set(now) };
    let once = OnConflict::columns([follow::Column::AccountId, follow::Column::ConsultationId]).do_nothing().to_owned();
    follow::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes that an account no longer wants to hear of a theme.
///
/// # Errors
/// When the database refuses.
pub async fn delete<C: ConnectionTrait>(tx: &C, account: i64, consultation: i64) -> Result<(), DbErr> {
    follow::Entity::delete_by_id((account, consultation)).exec(tx).await?;
    Ok(())
}

/// Whether an account wants to hear of a theme.
///
/// # Errors
/// When the database is away.
pub async fn is_following<C: ConnectionTrait>(db: &C, account: i64, consultation: i64) -> Result<bool, DbErr> {
    Ok(follow::Entity::find_by_id((account, consultation)).one(db).await?.is_some())
}

/// A department together with whether an account wants to hear of a theme: what the theme's page asks in one statement.
///
/// # Errors
/// When the database is away.
pub async fn with_department<C: ConnectionTrait>(
    db: &C,
    department: i64,
    account: i64,
    consultation: i64,
) -> Result<Option<(department::Model, bool)>, DbErr> {
    let sql = "SELECT d.*, CAST((SELECT COUNT(*) FROM follow f WHERE f.account_id = $2 AND f.consultation_id = $3) \
               AS BIGINT) AS following FROM department d WHERE d.id = $1";
    let values = [department.into(), account.into(), consultation.into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let read = |row: QueryResult| -> Result<(department::Model, bool), DbErr> {
        let following: i64 = row.try_get("", "following")?;
        Ok((department::Model::from_query_result(&row, "")?, following > 0))
    };
    found.map(read).transpose()
}

/// Those who want to hear of a theme and can be written to.
///
/// # Errors
/// When the database is away.
pub async fn followers<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<account::Model>, DbErr> {
    let sql = "SELECT a.* FROM follow f JOIN account a ON a.id = f.account_id WHERE f.consultation_id = $1 \
               AND a.disabled_at IS NULL AND a.email_verified_at IS NOT NULL ORDER BY a.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    account::Entity::find().from_raw_sql(statement).all(db).await
}

/// A theme that somebody wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Followed {
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// The themes that an account wants to hear of, the newest wish first.
///
/// # Errors
/// When the database is away.
pub async fn of_account<C: ConnectionTrait>(db: &C, account: i64) -> Result<Vec<Followed>, DbErr> {
    let sql = "SELECT c.slug, c.title FROM follow f JOIN consultation c ON c.id = f.consultation_id \
               WHERE f.account_id = $1 ORDER BY f.created_at DESC, c.id DESC LIMIT 200";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [account.into()]);
    Followed::find_by_statement(statement).all(db).await
}
