//! Imports of tables, and writing and deleting submissions by the hundred thousand.

use std::collections::{HashMap, HashSet};

use domain::{Millis, similarity};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, Iterable as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};

use crate::entity::{bulk_import, proposal, text_group, text_variant, upload};
use bulk_import::Column;

/// Values of one statement: below the limits of SQLite (32,766) and PostgreSQL (65,535).
const VALUES_MAX: usize = 30_000;
/// Rows of one statement: a longer one is no faster.
const ROWS_MAX: usize = 1000;
/// Ids in one list.
const IDS_MAX: usize = 1000;

/// One import.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<bulk_import::Model>, DbErr> {
    bulk_import::Entity::find_by_id(id).one(db).await
}

/// One import, locked until the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn by_id_locked<C: ConnectionTrait>(tx: &C, id: i64) -> Result<Option<bulk_import::Model>, DbErr> {
    bulk_import::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// The latest imports of a theme.
///
/// # Errors
/// When the database is away.
pub async fn of_consultation<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<bulk_import::Model>, DbErr> {
    bulk_import::Entity::find()
        .filter(Column::ConsultationId.eq(consultation))
        .order_by_desc(Column::Id)
        .limit(200)
        .all(db)
        .await
}

/// Whether the same file is in a theme already.
///
/// # Errors
/// When the database is away.
pub async fn is_in<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    sha256: &str,
    other_than: i64,
) -> Result<bool, DbErr> {
    let found = bulk_import::Entity::find()
        .inner_join(upload::Entity)
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::State.eq("committed"))
        .filter(Column::Id.ne(other_than))
        .filter(upload::Column::Sha256.eq(sha256))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Notes an uploaded table.
///
/// # Errors
/// When the database refuses.
pub async fn insert<C: ConnectionTrait>(tx: &C, new: bulk_import::ActiveModel) -> Result<bulk_import::Model, DbErr> {
    new.insert(tx).await
}

/// Changes columns of an import.
///
/// # Errors
/// When the database refuses.
pub async fn update<C: ConnectionTrait>(tx: &C, changes: bulk_import::ActiveModel) -> Result<(), DbErr> {
    changes.update(tx).await?;
    Ok(())
}

/// Deletes an import that brought nothing in.
///
/// # Errors
/// When the database refuses.
pub async fn delete<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    bulk_import::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Takes `count` ids of a table that nobody else gets, in ascending order. On SQLite within the transaction that inserts
/// them; `table` is one of our own names.
///
/// # Errors
/// When the database is away.
pub async fn take_ids<C: ConnectionTrait>(tx: &C, table: &'static str, count: usize) -> Result<Vec<i64>, DbErr> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(vec![]);
    }
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1::bigint, $2::bigint)";
        let rows = tx.query_all_raw(Statement::from_sql_and_values(backend, sql, [table.into(), count.into()])).await?;
        let mut ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<i64>, DbErr>>()?;
        ids.sort_unstable();
        return Ok(ids);
    }
    // AUTOINCREMENT keeps the greatest id ever given; inserting a greater one moves it on.
    let sql = format!(
        "SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0), \
         COALESCE((SELECT MAX(id) FROM {table}), 0))"
    );
    let row = tx.query_one_raw(Statement::from_sql_and_values(backend, sql, [table.into()])).await?;
    let last: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok((last + 1..=last + count).collect())
}

/// Inserts rows in as few statements as the databases take. All have the same columns set.
///
/// # Errors
/// When the database refuses.
pub async fn insert_all<A, C>(tx: &C, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
    C: ConnectionTrait,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    let per_statement = (VALUES_MAX / columns).min(ROWS_MAX);
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<A> = rows.by_ref().take(per_statement).collect();
        if some.is_empty() {
            return Ok(());
        }
        A::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
}

/// Which of these receipt numbers are given out already.
///
/// # Errors
/// When the database is away.
pub async fn receipts_taken<C: ConnectionTrait>(db: &C, numbers: &[String]) -> Result<HashSet<String>, DbErr> {
    let mut taken = HashSet::new();
    for some in numbers.chunks(IDS_MAX) {
        let found: Vec<String> = proposal::Entity::find()
            .select_only()
            .column(proposal::Column::ReceiptNumber)
            .filter(proposal::Column::ReceiptNumber.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        taken.extend(found);
    }
    Ok(taken)
}

/// A person who is known in a theme.
#[derive(Debug, FromQueryResult)]
pub struct KnownPerson {
    /// The key of the person.
    pub match_key: String,
    /// Who is counted.
    pub submitter: String,
}

/// People known in a theme with the submitter of their first submission, by key, those after `after`.
///
/// # Errors
/// When the database is away.
pub async fn known_people<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    after: &str,
    limit: u64,
) -> Result<Vec<KnownPerson>, DbErr> {
    let sql = "SELECT k.match_key, p.submitter FROM \
               (SELECT match_key, MIN(proposal_id) AS first FROM identity \
                WHERE consultation_id = $1 AND match_key > $2 GROUP BY match_key ORDER BY match_key LIMIT $3) k \
               JOIN proposal p ON p.id = k.first ORDER BY k.match_key";
    let values = [consultation.into(), after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    KnownPerson::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// A wording that is known in a theme.
#[derive(Debug, FromQueryResult)]
pub struct KnownVariant {
    /// Its id.
    pub id: i64,
    /// Its group.
    pub text_group_id: i64,
    /// The hash of its folded text.
    pub fold_hash: i64,
    /// The text of the submission that stands for it.
    pub body: String,
}

/// Wordings known in a theme, by id, those after `after`.
///
/// # Errors
/// When the database is away.
pub async fn known_variants<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<KnownVariant>, DbErr> {
    let sql = "SELECT v.id, v.text_group_id, v.fold_hash, p.body FROM text_variant v \
               JOIN proposal p ON p.id = v.proposal_id \
               WHERE v.consultation_id = $1 AND v.id > $2 ORDER BY v.id LIMIT $3";
    let values = [consultation.into(), after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    KnownVariant::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values))
        .all(db)
        .await
}

/// A submission of an import that was worked on.
#[derive(Debug, FromQueryResult)]
pub struct Touched {
    /// Its id.
    pub id: i64,
    /// Its receipt number.
    pub receipt_number: String,
}

/// Submissions of an import that somebody worked on since: what was changed, cut into other opinions, noted, liked,
/// attached, or used in the response desk; the first `limit` of them. Everything staff do at intake is in the audit log.
///
/// # Errors
/// When the database is away.
pub async fn touched<C: ConnectionTrait>(
    db: &C,
    import: &bulk_import::Model,
    limit: u64,
) -> Result<Vec<Touched>, DbErr> {
    let sql = "SELECT p.id, p.receipt_number FROM proposal p WHERE p.bulk_import_id = $1 AND ( \
               p.updated_at <> p.created_at OR p.edited_at IS NOT NULL OR p.state <> 'published' OR p.like_count <> 0 \
               OR p.assigned_department_id IS NOT NULL OR p.correction_note IS NOT NULL OR p.approval_only <> 0 \
               OR p.intake NOT IN ('unread', 'accepted', 'late') \
               OR CAST(p.id AS TEXT) IN (SELECT e.object_id FROM audit_event e \
                                         WHERE e.object_type = 'proposal' AND e.action LIKE 'intake.%') \
               OR EXISTS (SELECT 1 FROM staff_note n WHERE n.proposal_id = p.id AND n.created_at <> $2) \
               OR EXISTS (SELECT 1 FROM proposal_like x WHERE x.proposal_id = p.id) \
               OR EXISTS (SELECT 1 FROM proposal_revision r WHERE r.proposal_id = p.id) \
               OR EXISTS (SELECT 1 FROM attachment a WHERE a.proposal_id = p.id) \
               OR EXISTS (SELECT 1 FROM opinion_item i JOIN summary_item s ON s.opinion_item_id = i.id \
                          WHERE i.proposal_id = p.id) \
               OR EXISTS (SELECT 1 FROM opinion_item i JOIN publication_item s ON s.opinion_item_id = i.id \
                          WHERE i.proposal_id = p.id) \
               ) ORDER BY p.id LIMIT $3";
    let at: Millis = import.committed_at.unwrap_or_default();
    let values = [import.id.into(), at.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Touched::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// The texts of an import's submissions.
#[derive(Debug, Default)]
pub struct Texts {
    /// Groups.
    pub groups: HashSet<i64>,
    /// Wordings.
    pub variants: HashSet<i64>,
    /// Those of the wordings for which a submission of the import stands.
    pub led: HashSet<i64>,
}

/// The groups and wordings that an import's submissions have.
///
/// # Errors
/// When the database is away.
pub async fn texts_of<C: ConnectionTrait>(db: &C, import: i64) -> Result<Texts, DbErr> {
    let pairs: Vec<(Option<i64>, Option<i64>)> = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::TextGroupId)
        .column(proposal::Column::TextVariantId)
        .filter(proposal::Column::BulkImportId.eq(import))
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let sql = "SELECT v.id FROM proposal p JOIN text_variant v ON v.id = p.text_variant_id AND v.proposal_id = p.id \
               WHERE p.bulk_import_id = $1";
    let led = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [import.into()])).await?;
    Ok(Texts {
        groups: pairs.iter().filter_map(|(group, _)| *group).collect(),
        variants: pairs.iter().filter_map(|(_, variant)| *variant).collect(),
        led: led.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, DbErr>>()?,
    })
}

/// Deletes an import's submissions with all that belongs to them; gives how many there were. In pieces: SQLite keeps what
/// one statement changes in memory.
///
/// # Errors
/// When the database refuses.
pub async fn delete_submissions<C: ConnectionTrait>(tx: &C, import: i64) -> Result<u64, DbErr> {
    let mut deleted = 0;
    loop {
        let ids: Vec<i64> = proposal::Entity::find()
            .select_only()
            .column(proposal::Column::Id)
            .filter(proposal::Column::BulkImportId.eq(import))
            .limit(IDS_MAX as u64)
            .into_tuple()
            .all(tx)
            .await?;
        if ids.is_empty() {
            return Ok(deleted);
        }
        let done = proposal::Entity::delete_many().filter(proposal::Column::Id.is_in(ids)).exec(tx).await?;
        deleted += done.rows_affected;
    }
}

#[derive(Debug, FromQueryResult)]
struct Left {
    id: i64,
    n: i64,
    first: i64,
}

#[derive(Debug, FromQueryResult)]
struct Hour {
    hour: i64,
    n: i64,
}

/// Sizes of groups and wordings, counted anew from the submissions that are left; those nobody has any more are deleted.
///
/// # Errors
/// When the database refuses.
pub async fn recount_texts<C: ConnectionTrait>(tx: &C, texts: &Texts) -> Result<(), DbErr> {
    for &group in &texts.groups {
        let left = left_in(tx, group).await?;
        let known: Vec<text_variant::Model> =
            text_variant::Entity::find().filter(text_variant::Column::TextGroupId.eq(group)).all(tx).await?;
        let mut gone = Vec::new();
        for variant in known.into_iter().filter(|variant| texts.variants.contains(&variant.id)) {
            match left.get(&variant.id) {
                None => gone.push(variant.id),
                Some(left) => {
                    let leader = if texts.led.contains(&variant.id) { left.first } else { variant.proposal_id };
                    let mut changes: text_variant::ActiveModel = variant.into();
                    changes.size = sea_orm::Set(left.n);
                    changes.proposal_id = sea_orm::Set(leader);
                    changes.update(tx).await?;
                }
            }
        }
        for some in gone.chunks(IDS_MAX) {
            let ids = some.iter().copied();
            text_variant::Entity::delete_many().filter(text_variant::Column::Id.is_in(ids)).exec(tx).await?;
        }
        recount_group(tx, group).await?;
    }
    Ok(())
}

/// How many submissions each wording of a group has left, and the first of them.
async fn left_in<C: ConnectionTrait>(db: &C, group: i64) -> Result<HashMap<i64, Left>, DbErr> {
    let sql = "SELECT text_variant_id AS id, COUNT(*) AS n, MIN(id) AS first FROM proposal \
               WHERE text_group_id = $1 AND text_variant_id IS NOT NULL GROUP BY text_variant_id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [group.into()]);
    let rows = Left::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The size of a group and its fullest hour, as if its submissions had come one by one.
async fn recount_group<C: ConnectionTrait>(tx: &C, group: i64) -> Result<(), DbErr> {
    let hour_ms = similarity::BURST_WINDOW_MS;
    let sql = "SELECT created_at / $2 AS hour, COUNT(*) AS n FROM proposal WHERE text_group_id = $1 \
               GROUP BY 1 ORDER BY 1";
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [group.into(), hour_ms.into()]);
    let hours = Hour::find_by_statement(statement).all(tx).await?;
    let Some(last) = hours.last() else {
        text_group::Entity::delete_by_id(group).exec(tx).await?;
        return Ok(());
    };
    // The first of the fullest.
    let mut peak = last;
    for hour in hours.iter().rev() {
        if hour.n >= peak.n {
            peak = hour;
        }
    }
    let changes = text_group::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(group),
        size: sea_orm::Set(hours.iter().map(|hour| hour.n).sum()),
        hour: sea_orm::Set(last.hour),
        hour_size: sea_orm::Set(last.n),
        peak_size: sea_orm::Set(peak.n),
        peak_at: sea_orm::Set(peak.hour * hour_ms),
        ..Default::default()
    };
    changes.update(tx).await?;
    Ok(())
}
