//! The outbox.

use domain::Millis;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, OnConflict},
};

use crate::entity::mail::{ActiveModel, Column, Entity, Model};

/// Puts a mail into the outbox; one that is already there for the same event and person is left as it is.
///
/// # Errors
/// When the database refuses.
pub async fn put<C: ConnectionTrait>(db: &C, new: ActiveModel) -> Result<(), DbErr> {
    Entity::insert(new)
        .on_conflict(OnConflict::column(Column::EventKey).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

fn waiting(now: Millis) -> Condition {
    Condition::all()
        .add(Column::SentAt.is_null())
        .add(Column::FailedAt.is_null())
        .add(Column::DueAt.lte(now))
        .add(Condition::any().add(Column::LockedUntil.is_null()).add(Column::LockedUntil.lt(now)))
}

/// Mails that are due and that nobody is sending.
///
/// # Errors
/// When the database is away.
pub async fn due<C: ConnectionTrait>(db: &C, now: Millis, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(waiting(now)).order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// Takes a mail for sending; `false` when another process has it.
///
/// # Errors
/// When the database refuses.
pub async fn claim<C: ConnectionTrait>(db: &C, id: i64, now: Millis, until: Millis) -> Result<bool, DbErr> {
    let claimed = Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(until))
        .filter(Column::Id.eq(id))
        .filter(waiting(now))
        .exec(db)
        .await?;
    Ok(claimed.rows_affected == 1)
}

/// Notes that a mail was handed over.
///
/// # Errors
/// When the database refuses.
pub async fn sent<C: ConnectionTrait>(db: &C, id: i64, now: Millis) -> Result<(), DbErr> {
    // A code is of no use to anybody but its reader: it goes once it is sent.
    let codes = ["confirm:%", "reset:%", "invitation:%"]
        .into_iter()
        .fold(Condition::any(), |any, p| any.add(Column::EventKey.like(p)));
    Entity::update_many()
        .col_expr(Column::Body, Expr::value(""))
        .filter(Column::Id.eq(id))
        .filter(codes)
        .exec(db)
        .await?;
    Entity::update_many()
        .col_expr(Column::SentAt, Expr::value(now))
        .col_expr(Column::LockedUntil, Expr::value(None::<i64>))
        .col_expr(Column::LastError, Expr::value(None::<String>))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that a mail did not get through: again at `due_at`, or never (`failed_at`).
///
/// # Errors
/// When the database refuses.
pub async fn failed<C: ConnectionTrait>(
    db: &C,
    mail: &Model,
    error: &str,
    due_at: Millis,
    failed_at: Option<Millis>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::value(mail.attempts + 1))
        .col_expr(Column::DueAt, Expr::value(due_at))
        .col_expr(Column::FailedAt, Expr::value(failed_at))
        .col_expr(Column::LockedUntil, Expr::value(None::<i64>))
        .col_expr(Column::LastError, Expr::value(error))
        .filter(Column::Id.eq(mail.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes the mails of an event that nobody has begun to send; `event` is what their keys begin with.
///
/// # Errors
/// When the database refuses.
pub async fn cancel<C: ConnectionTrait>(tx: &C, event: &str) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::EventKey.starts_with(event))
        .filter(Column::SentAt.is_null())
        .filter(Column::LockedUntil.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes mails that were sent or given up before `before`.
///
/// # Errors
/// When the database refuses.
pub async fn tidy<C: ConnectionTrait>(db: &C, before: Millis) -> Result<(), DbErr> {
    let over = Condition::any().add(Column::SentAt.lt(before)).add(Column::FailedAt.lt(before));
    Entity::delete_many().filter(over).exec(db).await?;
    Ok(())
}
