//! Accounts, sessions and one-time codes.

use domain::Millis;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, Set,
    sea_query::{Expr, OnConflict},
};

use crate::entity::{account, one_time_code, session};

/// The account of an address.
///
/// # Errors
/// When the database is away.
pub async fn by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<account::Model>, DbErr> {
    let key = domain::account::email_key(email);
    account::Entity::find().filter(account::Column::EmailKey.eq(key)).one(db).await
}

/// An account.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).one(db).await
}

/// Display names of accounts.
///
/// # Errors
/// When the database is away.
pub async fn names<C: ConnectionTrait>(db: &C, ids: Vec<i64>) -> Result<std::collections::HashMap<i64, String>, DbErr> {
    if ids.is_empty() {
        return Ok(std::collections::HashMap::new());
    }
    let found = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|a| (a.id, a.display_name)).collect())
}

/// How many accounts there are.
///
/// # Errors
/// When the database is away.
pub async fn count<C: ConnectionTrait>(db: &C) -> Result<u64, DbErr> {
    account::Entity::find().count(db).await
}

/// Makes an account; `false` when its address has one already.
///
/// # Errors
/// When the database refuses.
pub async fn insert_if_new<C: ConnectionTrait>(db: &C, new: account::ActiveModel) -> Result<bool, DbErr> {
    let once = OnConflict::column(account::Column::EmailKey).do_nothing().to_owned();
    Ok(account::Entity::insert(new).on_conflict(once).exec_without_returning(db).await? == 1)
}

/// Changes columns of an account.
///
/// # Errors
/// When the database refuses.
pub async fn update<C: ConnectionTrait>(db: &C, changes: account::ActiveModel) -> Result<account::Model, DbErr> {
    changes.update(db).await
}

/// The account and session of a token that is still good.
///
/// # Errors
/// When the database is away.
pub async fn by_session_token<C: ConnectionTrait>(
    db: &C,
    token_hash: &str,
    now: Millis,
) -> Result<Option<(session::Model, account::Model)>, DbErr> {
    let joined = session::Entity::find()
        .filter(session::Column::TokenHash.eq(token_hash))
        .filter(session::Column::ExpiresAt.gt(now))
        .find_also_related(account::Entity)
        .one(db)
        .await?;
    Ok(joined.and_then(|(session, account)| account.filter(|a| a.disabled_at.is_none()).map(|a| (session, a))))
}

/// Opens a session.
///
/// # Errors
/// When the database refuses.
pub async fn open_session<C: ConnectionTrait>(db: &C, new: session::ActiveModel) -> Result<session::Model, DbErr> {
    new.insert(db).await
}

/// Notes that a session was used.
///
/// # Errors
/// When the database refuses.
pub async fn touch_session<C: ConnectionTrait>(db: &C, id: i64, now: Millis, expires_at: Millis) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::LastSeenAt, Expr::value(now))
        .col_expr(session::Column::ExpiresAt, Expr::value(expires_at))
        .filter(session::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// When the database refuses.
pub async fn end_session<C: ConnectionTrait>(db: &C, id: i64) -> Result<(), DbErr> {
    session::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// Ends all sessions of an account.
///
/// # Errors
/// When the database refuses.
pub async fn end_sessions<C: ConnectionTrait>(db: &C, account: i64) -> Result<u64, DbErr> {
    Ok(session::Entity::delete_many().filter(session::Column::AccountId.eq(account)).exec(db).await?.rows_affected)
}

/// The open sessions of an account, the latest used first.
///
/// # Errors
/// When the database is away.
pub async fn sessions<C: ConnectionTrait>(db: &C, account: i64, now: Millis) -> Result<Vec<session::Model>, DbErr> {
    session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .all(db)
        .await
}

/// Deletes sessions and codes that are over.
///
/// # Errors
/// When the database refuses.
pub async fn tidy<C: ConnectionTrait>(db: &C, now: Millis) -> Result<(), DbErr> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(db).await?;
    one_time_code::Entity::delete_many().filter(one_time_code::Column::ExpiresAt.lte(now)).exec(db).await?;
    Ok(())
}

/// Makes a code; earlier ones for the same purpose are void.
///
/// # Errors
/// When the database refuses.
pub async fn put_code<C: ConnectionTrait>(
    db: &C,
    account: i64,
    purpose: &str,
    code_hash: String,
    now: Millis,
    expires_at: Millis,
) -> Result<(), DbErr> {
    one_time_code::Entity::delete_many()
        .filter(one_time_code::Column::AccountId.eq(account))
        .filter(one_time_code::Column::Purpose.eq(purpose))
        .exec(db)
        .await?;
    one_time_code::ActiveModel {
        account_id: Set(account),
        purpose: Set(purpose.to_owned()),
        code_hash: Set(code_hash),
        created_at: Set(now),
        expires_at: Set(expires_at),
        attempts: Set(0),
        used_at: Set(None),
        ..Default::default()
    }
    .insert(db)
    .await?;
    Ok(())
}

/// Uses a code up: `true` when it is right, not used, not too old and was not guessed at too often. Counts the attempt.
///
/// # Errors
/// When the database refuses.
pub async fn use_code<C: ConnectionTrait>(
    db: &C,
    account: i64,
    purpose: &str,
    code_hash: &str,
    now: Millis,
    max_attempts: i64,
) -> Result<bool, DbErr> {
    use one_time_code::Column as C_;
    let live = sea_orm::Condition::all()
        .add(C_::AccountId.eq(account))
        .add(C_::Purpose.eq(purpose))
        .add(C_::UsedAt.is_null())
        .add(C_::ExpiresAt.gt(now))
        .add(C_::Attempts.lt(max_attempts));
    let used = one_time_code::Entity::update_many()
        .col_expr(C_::UsedAt, Expr::value(now))
        .filter(live.clone())
        .filter(C_::CodeHash.eq(code_hash))
        .exec(db)
        .await?;
    if used.rows_affected == 1 {
        return Ok(true);
    }
    one_time_code::Entity::update_many()
        .col_expr(C_::Attempts, Expr::col(C_::Attempts).add(1))
        .filter(live)
        .exec(db)
        .await?;
    Ok(false)
}
