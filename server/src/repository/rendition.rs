//! Files made of published versions; the bytes are in a file store of their own.

use domain::Millis;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait as _, QuerySelect as _, Statement, sea_query::OnConflict,
};

use crate::{
    entity::{publication, rendition},
    files::Stored,
};

/// What is kept of a version in a format.
///
/// # Errors
/// When the database is away.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    publication: i64,
    format: &str,
) -> Result<Option<rendition::Model>, DbErr> {
    rendition::Entity::find_by_id((publication, format.to_owned())).one(db).await
}

/// Notes a file, in place of an earlier one. `false`: the version is gone meanwhile, and nothing was noted.
///
/// # Errors
/// When the database refuses.
pub async fn put<C: ConnectionTrait>(
    tx: &C,
    publication: i64,
    format: &str,
    file: &Stored,
    now: Millis,
) -> Result<bool, DbErr> {
    if publication::Entity::find_by_id(publication).lock_shared().one(tx).await?.is_none() {
        return Ok(false);
    }
    let row = rendition::ActiveModel {
        publication_id: Set(publication),
        format: Set(format.to_owned()),
        sha256: Set(file.sha256.clone()),
        size: Set(file.size),
        created_at: Set(now),
    };
    let again = OnConflict::columns([rendition::Column::PublicationId, rendition::Column::Format])
        .update_columns([rendition::Column::Sha256, rendition::Column::Size, rendition::Column::CreatedAt])
        .to_owned();
    rendition::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(true)
}

/// Of each theme the newest version that is out at `now`, where nothing is kept of it in this format; the last that came
/// out first.
///
/// # Errors
/// When the database is away.
pub async fn due<C: ConnectionTrait>(db: &C, format: &str, now: Millis) -> Result<Vec<i64>, DbErr> {
    let sql = "SELECT p.id FROM publication p WHERE p.published_at <= $1 \
               AND NOT EXISTS (SELECT 1 FROM publication q WHERE q.consultation_id = p.consultation_id \
                               AND q.published_at <= $1 AND q.version > p.version) \
               AND NOT EXISTS (SELECT 1 FROM rendition r WHERE r.publication_id = p.id AND r.format = $2) \
               ORDER BY p.published_at DESC, p.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [now.into(), format.into()]);
    db.query_all_raw(statement).await?.iter().map(|row| row.try_get("", "id")).collect()
}

/// A published version.
///
/// # Errors
/// When the database is away.
pub async fn publication<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<publication::Model>, DbErr> {
    publication::Entity::find_by_id(id).one(db).await
}

/// The SHA-256 of every file that is kept.
///
/// # Errors
/// When the database is away.
pub async fn files<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    rendition::Entity::find().select_only().column(rendition::Column::Sha256).into_tuple().all(db).await
}
