//! Uploaded files: what is known of them; the bytes are in the file store.

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};

use crate::entity::upload;

/// Notes a stored file.
///
/// # Errors
/// When the database refuses.
pub async fn insert<C: ConnectionTrait>(db: &C, new: upload::ActiveModel) -> Result<upload::Model, DbErr> {
    new.insert(db).await
}

/// A stored file.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<upload::Model>, DbErr> {
    upload::Entity::find_by_id(id).one(db).await
}

/// Whether any upload has the file with this SHA-256.
///
/// # Errors
/// When the database is away.
pub async fn is_noted<C: ConnectionTrait>(db: &C, sha256: &str) -> Result<bool, DbErr> {
    Ok(upload::Entity::find().filter(upload::Column::Sha256.eq(sha256)).one(db).await?.is_some())
}
