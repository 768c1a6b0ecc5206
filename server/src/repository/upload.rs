//! Uploaded files: what is known of them; the bytes are in the file store.

use std::collections::HashSet;

use domain::Millis;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QuerySelect as _, Statement,
};

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

#[derive(Debug, FromQueryResult)]
struct Unused {
    id: i64,
    sha256: String,
}

/// Deletes up to `limit` uploads from before `before` that nothing refers to; gives the SHA-256 of files that no upload has
/// any more. What residents and visitors sent belongs to a form that is kept for a while: theirs stays until
/// `before_forms`, and for as long as such a form names it.
///
/// # Errors
/// When the database refuses.
pub async fn delete_unused<C: ConnectionTrait>(
    tx: &C,
    before: Millis,
    before_forms: Millis,
    limit: i64,
) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT u.id, u.sha256 FROM upload u WHERE u.created_at < $1 \
               AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = u.id) \
               AND NOT EXISTS (SELECT 1 FROM bulk_import b WHERE b.upload_id = u.id) \
               AND NOT EXISTS (SELECT 1 FROM document d WHERE d.upload_id = u.id) \
               AND NOT EXISTS (SELECT 1 FROM document_version v WHERE v.upload_id = u.id) \
               AND NOT EXISTS (SELECT 1 FROM consultation c WHERE c.cover_upload_id = u.id) \
               AND (EXISTS (SELECT 1 FROM account p WHERE p.id = u.created_by AND p.role <> 'resident') \
                    OR (u.created_at < $2 AND NOT EXISTS (SELECT 1 FROM submission_draft f \
                        WHERE f.payload LIKE '%\"upload\":' || CAST(u.id AS TEXT) || ',%'))) \
               ORDER BY u.id LIMIT $3";
    let values = [before.into(), before_forms.into(), limit.into()];
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let unused = Unused::find_by_statement(statement).all(tx).await?;
    if unused.is_empty() {
        return Ok(vec![]);
    }
    let ids = unused.iter().map(|row| row.id);
    upload::Entity::delete_many().filter(upload::Column::Id.is_in(ids)).exec(tx).await?;
    let mut hashes: HashSet<String> = unused.into_iter().map(|row| row.sha256).collect();
    let kept: Vec<String> = upload::Entity::find()
        .select_only()
        .column(upload::Column::Sha256)
        .filter(upload::Column::Sha256.is_in(hashes.iter().cloned()))
        .into_tuple()
        .all(tx)
        .await?;
    for sha256 in kept {
        hashes.remove(&sha256);
    }
    Ok(hashes.into_iter().collect())
}
