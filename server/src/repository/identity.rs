//! Who sent what: read for one submission or for an export, and deleted when its time is over. No list joins it.

use domain::Millis;
use sea_orm::{
    ActiveValue::Unchanged,
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set, Statement,
    sea_query::{Expr, OnConflict, Query},
};

use crate::entity::{attachment, bulk_import, consultation, file_disposal, identity, proposal, upload};

/// A line of the export: a submission with who sent it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Exported {
    /// The submission.
    pub proposal_id: i64,
    /// 受付番号.
    pub receipt_number: String,
    /// 収受日, ISO.
    pub received_on: String,
    /// 経路.
    pub channel: String,
    /// 応募資格.
    pub eligibility: String,
    /// Whether it is shown.
    pub state: String,
    /// Where it stands.
    pub intake: String,
    /// 氏名.
    pub name: String,
    /// ふりがな.
    pub kana: String,
    /// 住所.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// メールアドレス.
    pub email: String,
    /// 団体名.
    pub organisation: String,
    /// 代表者.
    pub representative: String,
    /// 勤務先.
    pub workplace: String,
    /// 学校名.
    pub school: String,
    /// 利害の内容.
    pub interest: String,
}

/// Identities of a theme in order of their submissions, after one submission. The sign keeps planners on the index in
/// that order.
///
/// # Errors
/// When the database is away.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<Exported>, DbErr> {
    let sql = "SELECT i.proposal_id, p.receipt_number, p.received_on, p.channel, p.eligibility, p.state, p.intake, \
               i.name, i.kana, i.address, i.phone, i.email, i.organisation, i.representative, i.workplace, i.school, \
               i.interest \
               FROM identity i JOIN proposal p ON p.id = i.proposal_id \
               WHERE +i.consultation_id = $1 AND i.proposal_id > $2 ORDER BY i.proposal_id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [consultation.into(), after.into(), limit.into()];
    Exported::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// A file of a submission.
///
/// # Errors
/// When the database is away.
pub async fn attachment<C: ConnectionTrait>(
    db: &C,
    proposal: i64,
    id: i64,
) -> Result<Option<(attachment::Model, upload::Model)>, DbErr> {
    let found = attachment::Entity::find_by_id(id)
        .filter(attachment::Column::ProposalId.eq(proposal))
        .find_also_related(upload::Entity)
        .one(db)
        .await?;
    Ok(found.and_then(|(a, u)| u.map(|u| (a, u))))
}

/// Themes that were published and may be due: their result is out, or their call is over since `closed_before`, and
/// there is something left to delete or to note.
///
/// # Errors
/// When the database is away.
pub async fn candidates<C: ConnectionTrait>(
    db: &C,
    now: Millis,
    closed_before: Millis,
) -> Result<Vec<consultation::Model>, DbErr> {
    use consultation::Column;
    let left = Query::select()
        .expr(Expr::val(1))
        .from(identity::Entity)
        .and_where(
            Expr::col((identity::Entity, identity::Column::ConsultationId)).equals((consultation::Entity, Column::Id)),
        )
        .to_owned();
    consultation::Entity::find()
        .filter(Column::State.eq("published"))
        .filter(Condition::any().add(Column::ResultAt.lte(now)).add(Column::ClosesAt.lt(closed_before)))
        .filter(Condition::any().add(Column::IdentityDisposedAt.is_null()).add(Expr::exists(left)))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disposed {
    /// Identities.
    pub identities: u64,
    /// Scans.
    pub scans: u64,
    /// Tables they were imported from.
    pub imports: u64,
}

/// Deletes the identities of a theme, its scans and the tables its submissions were imported from, and notes the day.
/// Files that nobody else refers to are noted for [`waiting_files`]. The submissions stay, and so does who is counted.
///
/// # Errors
/// When the database refuses.
pub async fn dispose<C: ConnectionTrait>(tx: &C, consultation: i64, now: Millis) -> Result<Disposed, DbErr> {
    let own = || {
        Query::select()
            .column(proposal::Column::Id)
            .from(proposal::Entity)
            .and_where(proposal::Column::ConsultationId.eq(consultation))
            .to_owned()
    };
    let scanned = || {
        Condition::all().add(attachment::Column::Kind.eq("scan")).add(attachment::Column::ProposalId.in_subquery(own()))
    };
    let mut uploads: Vec<i64> = attachment::Entity::find()
        .select_only()
        .column(attachment::Column::UploadId)
        .filter(scanned())
        .into_tuple()
        .all(tx)
        .await?;
    let imported = bulk_import::Column::ConsultationId.eq(consultation);
    let tables: Vec<i64> = bulk_import::Entity::find()
        .select_only()
        .column(bulk_import::Column::UploadId)
        .filter(imported.clone())
        .into_tuple()
        .all(tx)
        .await?;
    uploads.extend(tables);

    let people = identity::Column::ConsultationId.eq(consultation);
    let identities = identity::Entity::delete_many().filter(people).exec(tx).await?.rows_affected;
    let scans = attachment::Entity::delete_many().filter(scanned()).exec(tx).await?.rows_affected;
    proposal::Entity::update_many()
        .col_expr(proposal::Column::BulkImportId, Expr::value(None::<i64>))
        .filter(proposal::Column::ConsultationId.eq(consultation))
        .filter(proposal::Column::BulkImportId.is_not_null())
        .exec(tx)
        .await?;
    let imports = bulk_import::Entity::delete_many().filter(imported).exec(tx).await?.rows_affected;
    forget_uploads(tx, uploads, now).await?;
    let noted = consultation::ActiveModel {
        id: Unchanged(consultation),
        identity_disposed_at: Set(Some(now)),
        ..Default::default()
    };
    consultation::Entity::update(noted).exec(tx).await?;
    Ok(Disposed { identities, scans, imports })
}

/// Deletes those of the uploads that nothing refers to any more, and notes their files for deletion.
async fn forget_uploads<C: ConnectionTrait>(tx: &C, mut uploads: Vec<i64>, now: Millis) -> Result<(), DbErr> {
    uploads.sort_unstable();
    uploads.dedup();
    for chunk in uploads.chunks(1000) {
        let ids: Vec<String> = chunk.iter().map(i64::to_string).collect();
        let ids = ids.join(", ");
        // Numbers from our own database, nothing that was typed.
        let sql = format!(
            "SELECT u.id, u.sha256 FROM upload u WHERE u.id IN ({ids}) \
             AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.upload_id = u.id) \
             AND NOT EXISTS (SELECT 1 FROM bulk_import b WHERE b.upload_id = u.id) \
             AND NOT EXISTS (SELECT 1 FROM document d WHERE d.upload_id = u.id) \
             AND NOT EXISTS (SELECT 1 FROM document_version v WHERE v.upload_id = u.id) \
             AND NOT EXISTS (SELECT 1 FROM consultation c WHERE c.cover_upload_id = u.id)"
        );
        let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
        for row in rows {
            let (id, sha256): (i64, String) = (row.try_get("", "id")?, row.try_get("", "sha256")?);
            upload::Entity::delete_by_id(id).exec(tx).await?;
            let once = OnConflict::column(file_disposal::Column::Sha256).do_nothing().to_owned();
            let waiting = file_disposal::ActiveModel { sha256: Set(sha256), created_at: Set(now) };
            file_disposal::Entity::insert(waiting).on_conflict(once).exec_without_returning(tx).await?;
        }
    }
    Ok(())
}

/// Files that wait for their deletion from the disk.
///
/// # Errors
/// When the database is away.
pub async fn waiting_files<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    file_disposal::Entity::find()
        .select_only()
        .column(file_disposal::Column::Sha256)
        .order_by_asc(file_disposal::Column::Sha256)
        .into_tuple()
        .all(db)
        .await
}

/// Whether any upload still has this content.
///
/// # Errors
/// When the database is away.
pub async fn is_in_use<C: ConnectionTrait>(db: &C, sha256: &str) -> Result<bool, DbErr> {
    Ok(upload::Entity::find().filter(upload::Column::Sha256.eq(sha256)).one(db).await?.is_some())
}

/// Notes that a file no longer waits.
///
/// # Errors
/// When the database refuses.
pub async fn file_done<C: ConnectionTrait>(tx: &C, sha256: &str) -> Result<(), DbErr> {
    file_disposal::Entity::delete_by_id(sha256.to_owned()).exec(tx).await?;
    Ok(())
}
