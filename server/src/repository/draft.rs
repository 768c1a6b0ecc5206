//! Documents of a theme with their versions, and the blocks of the draft's own text.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _, FromQueryResult,
    JoinType, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Select, Set,
    sea_query::{Expr, Query, SelectStatement, SimpleExpr},
};

use crate::entity::{document, document_block, document_version, opinion_item, proposal, upload};
use document_version::Column as V;

/// Blocks in one INSERT: bound values have a limit.
const BLOCKS_AT_ONCE: usize = 500;

/// A version as lists show it: without its texts, which may be long.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Version {
    /// Its id.
    pub id: i64,
    /// Whose version it is.
    pub document_id: i64,
    /// The code of its stage.
    pub stage: String,
    /// What changed.
    pub note: String,
    /// When it was made.
    pub created_at: i64,
    /// 1 when it has a text of its own.
    pub has_text: i64,
    /// 1 when it has a text for reading aloud.
    pub has_twin: i64,
    /// The id of its file.
    pub upload_id: i64,
    /// The hash of its file.
    pub sha256: String,
    /// The media type of its file.
    pub content_type: String,
    /// The size of its file in bytes.
    pub size: i64,
}

/// The blocks of the newest version that has a text of its own, in order; none without such a version.
///
/// # Errors
/// When the database is away.
pub async fn current_blocks<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
) -> Result<Vec<document_block::Model>, DbErr> {
    use document_block::Column;
    let newest = texts_of(consultation).expr(Expr::col((document_version::Entity, V::Id)).max()).to_owned();
    document_block::Entity::find()
        .filter(Column::DocumentVersionId.in_subquery(newest))
        .order_by_asc(Column::Position)
        .all(db)
        .await
}

/// From the versions of a theme that have a text of their own.
fn texts_of(consultation: i64) -> SelectStatement {
    Query::select()
        .from(document_version::Entity)
        .join(
            JoinType::InnerJoin,
            document::Entity,
            Expr::col((document::Entity, document::Column::Id)).equals((document_version::Entity, V::DocumentId)),
        )
        .and_where(Expr::col((document::Entity, document::Column::ConsultationId)).eq(consultation))
        .and_where(Expr::col((document_version::Entity, V::SourceMd)).is_not_null())
        .to_owned()
}

/// The blocks of a version in order.
///
/// # Errors
/// When the database is away.
pub async fn blocks<C: ConnectionTrait>(db: &C, version: i64) -> Result<Vec<document_block::Model>, DbErr> {
    document_block::Entity::find()
        .filter(document_block::Column::DocumentVersionId.eq(version))
        .order_by_asc(document_block::Column::Position)
        .all(db)
        .await
}

/// The blocks of two versions.
///
/// # Errors
/// When the database is away.
pub async fn blocks_of_two<C: ConnectionTrait>(
    db: &C,
    one: i64,
    other: i64,
) -> Result<(Vec<document_block::Model>, Vec<document_block::Model>), DbErr> {
    let found = document_block::Entity::find()
        .filter(document_block::Column::DocumentVersionId.is_in([one, other]))
        .order_by_asc(document_block::Column::Position)
        .all(db)
        .await?;
    Ok(found.into_iter().partition(|block| block.document_version_id == one))
}

/// The blocks of versions before `version` of its document that are no longer in it, the newest form of each.
///
/// # Errors
/// When the database is away.
pub async fn gone_blocks<C: ConnectionTrait>(
    db: &C,
    document: i64,
    version: i64,
) -> Result<Vec<document_block::Model>, DbErr> {
    use document_block::Column;
    let earlier = Query::select()
        .column(V::Id)
        .from(document_version::Entity)
        .and_where(V::DocumentId.eq(document))
        .and_where(V::Id.lt(version))
        .to_owned();
    let here = Query::select()
        .column(Column::Anchor)
        .from(document_block::Entity)
        .and_where(Column::DocumentVersionId.eq(version))
        .to_owned();
    let mut found = document_block::Entity::find()
        .filter(Column::DocumentVersionId.in_subquery(earlier))
        .filter(Column::Anchor.not_in_subquery(here))
        .order_by_desc(Column::DocumentVersionId)
        .order_by_asc(Column::Position)
        .all(db)
        .await?;
    let mut seen = std::collections::HashSet::new();
    found.retain(|block| seen.insert(block.anchor.clone()));
    Ok(found)
}

/// The documents of a theme in order, each with its versions, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn of_consultation<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
) -> Result<Vec<(document::Model, Vec<Version>)>, DbErr> {
    let documents = document::Entity::find()
        .filter(document::Column::ConsultationId.eq(consultation))
        .order_by_asc(document::Column::Position)
        .order_by_asc(document::Column::Id)
        .all(db)
        .await?;
    if documents.is_empty() {
        return Ok(vec![]);
    }
    let mut versions =
        list(V::DocumentId.is_in(documents.iter().map(|d| d.id))).into_model::<Version>().all(db).await?;
    Ok(documents
        .into_iter()
        .map(|document| {
            let own = versions.extract_if(.., |version| version.document_id == document.id).collect();
            (document, own)
        })
        .collect())
}

/// The versions of a document, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn versions<C: ConnectionTrait>(db: &C, document: i64) -> Result<Vec<Version>, DbErr> {
    list(V::DocumentId.eq(document)).into_model::<Version>().all(db).await
}

/// Every version of a theme that has a text of its own, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn texts<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Version>, DbErr> {
    let own = texts_of(consultation).column((document_version::Entity, V::Id)).to_owned();
    list(V::Id.in_subquery(own)).into_model::<Version>().all(db).await
}

/// The PDFs of a theme, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn pdfs<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Version>, DbErr> {
    let own = Query::select()
        .column(document::Column::Id)
        .from(document::Entity)
        .and_where(document::Column::ConsultationId.eq(consultation))
        .to_owned();
    list(V::DocumentId.in_subquery(own))
        .filter(upload::Column::ContentType.eq("application/pdf"))
        .into_model::<Version>()
        .all(db)
        .await
}

fn list(filter: SimpleExpr) -> Select<document_version::Entity> {
    let flag = |sql: &'static str| Expr::cust(sql);
    document_version::Entity::find()
        .select_only()
        .columns([V::Id, V::DocumentId, V::Stage, V::Note, V::CreatedAt, V::UploadId])
        .column_as(
            flag(r#"CAST(CASE WHEN "document_version"."source_md" IS NULL THEN 0 ELSE 1 END AS BIGINT)"#),
            "has_text",
        )
        .column_as(
            flag(r#"CAST(CASE WHEN "document_version"."text_twin" = '' THEN 0 ELSE 1 END AS BIGINT)"#),
            "has_twin",
        )
        .columns([upload::Column::Sha256, upload::Column::ContentType, upload::Column::Size])
        .join(JoinType::InnerJoin, document_version::Relation::Upload.def())
        .filter(filter)
        .order_by(V::Id, Order::Desc)
}

/// One version with its texts.
///
/// # Errors
/// When the database is away.
pub async fn version<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<document_version::Model>, DbErr> {
    document_version::Entity::find_by_id(id).one(db).await
}

/// One version with its file.
///
/// # Errors
/// When the database is away.
pub async fn version_with_file<C: ConnectionTrait>(
    db: &C,
    id: i64,
) -> Result<Option<(document_version::Model, upload::Model)>, DbErr> {
    let found = document_version::Entity::find_by_id(id).find_also_related(upload::Entity).one(db).await?;
    Ok(found.and_then(|(version, file)| file.map(|file| (version, file))))
}

/// The newest version of a document, with its texts.
///
/// # Errors
/// When the database is away.
pub async fn newest<C: ConnectionTrait>(db: &C, document: i64) -> Result<Option<document_version::Model>, DbErr> {
    document_version::Entity::find().filter(V::DocumentId.eq(document)).order_by_desc(V::Id).one(db).await
}

/// The newest version of a document that has a text of its own.
///
/// # Errors
/// When the database is away.
pub async fn newest_text<C: ConnectionTrait>(db: &C, document: i64) -> Result<Option<document_version::Model>, DbErr> {
    document_version::Entity::find()
        .filter(V::DocumentId.eq(document))
        .filter(V::SourceMd.is_not_null())
        .order_by_desc(V::Id)
        .one(db)
        .await
}

/// One document.
///
/// # Errors
/// When the database is away.
pub async fn document<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<document::Model>, DbErr> {
    document::Entity::find_by_id(id).one(db).await
}

/// One document, locked against changes by others until the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn document_locked<C: ConnectionTrait>(tx: &C, id: i64) -> Result<Option<document::Model>, DbErr> {
    document::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Keeps a document, new or changed.
///
/// # Errors
/// When the database refuses.
pub async fn put_document<C: ConnectionTrait>(tx: &C, row: document::ActiveModel) -> Result<document::Model, DbErr> {
    if row.id.is_not_set() { row.insert(tx).await } else { row.update(tx).await }
}

/// Keeps a version, new or changed.
///
/// # Errors
/// When the database refuses.
pub async fn put_version<C: ConnectionTrait>(
    tx: &C,
    row: document_version::ActiveModel,
) -> Result<document_version::Model, DbErr> {
    if row.id.is_not_set() { row.insert(tx).await } else { row.update(tx).await }
}

/// Deletes a document with its versions.
///
/// # Errors
/// When the database refuses.
pub async fn delete_document<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    document::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Deletes a version with its blocks.
///
/// # Errors
/// When the database refuses.
pub async fn delete_version<C: ConnectionTrait>(tx: &C, id: i64) -> Result<(), DbErr> {
    document_version::Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

/// Keeps the blocks of a new version, in order.
///
/// # Errors
/// When the database refuses.
pub async fn insert_blocks<C: ConnectionTrait>(
    tx: &C,
    version: i64,
    blocks: Vec<domain::draft_text::Block>,
) -> Result<(), DbErr> {
    let mut rows = (1_i64..).zip(blocks).map(|(position, block)| document_block::ActiveModel {
        document_version_id: Set(version),
        position: Set(position),
        anchor: Set(block.anchor),
        kind: Set(block.kind.code().to_owned()),
        text: Set(block.text),
        html: Set(block.html),
        change: Set(block.change.code().to_owned()),
        ..Default::default()
    });
    loop {
        let some: Vec<_> = rows.by_ref().take(BLOCKS_AT_ONCE).collect();
        if some.is_empty() {
            return Ok(());
        }
        document_block::Entity::insert_many(some).exec_without_returning(tx).await?;
    }
}

/// A stored block as the domain knows it; `None` for a code that no version of the program ever wrote.
#[must_use]
pub fn block(row: document_block::Model) -> Option<domain::draft_text::Block> {
    Some(domain::draft_text::Block {
        kind: domain::draft_text::BlockKind::from_code(&row.kind)?,
        change: domain::draft_text::Change::from_code(&row.change)?,
        anchor: row.anchor,
        text: row.text,
        html: row.html,
    })
}

/// The anchors of every version of a theme with what became of each: version, anchor, change.
///
/// # Errors
/// When the database is away.
pub async fn anchors<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<(i64, String, String)>, DbErr> {
    use document_block::Column;
    let own = texts_of(consultation).column((document_version::Entity, V::Id)).to_owned();
    document_block::Entity::find()
        .select_only()
        .columns([Column::DocumentVersionId, Column::Anchor, Column::Change])
        .filter(Column::DocumentVersionId.in_subquery(own))
        .order_by_asc(Column::DocumentVersionId)
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(db)
        .await
}

/// How many opinions of a theme name a place of the draft: anchor, page, number. Withdrawn ones are left out.
///
/// # Errors
/// When the database is away.
pub async fn opinions<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
) -> Result<Vec<(Option<String>, Option<i64>, i64)>, DbErr> {
    use opinion_item::Column;
    opinion_item::Entity::find()
        .select_only()
        .columns([Column::Anchor, Column::Page])
        .column_as(Column::Id.count(), "number")
        .join(JoinType::InnerJoin, opinion_item::Relation::Proposal.def())
        .filter(proposal::Column::ConsultationId.eq(consultation))
        .filter(proposal::Column::State.ne("withdrawn"))
        .filter(Column::Anchor.is_not_null().or(Column::Page.is_not_null()))
        .group_by(Column::Anchor)
        .group_by(Column::Page)
        .into_tuple()
        .all(db)
        .await
}

/// Whether somebody has named a place of this version since it is there: one of its paragraphs, or, for a file with
/// pages, a page. Withdrawn opinions count as well: their history is kept.
///
/// # Errors
/// When the database is away.
pub async fn is_named<C: ConnectionTrait>(db: &C, consultation: i64, version: &Version) -> Result<bool, DbErr> {
    use opinion_item::Column;
    let anchors = Query::select()
        .column(document_block::Column::Anchor)
        .from(document_block::Entity)
        .and_where(document_block::Column::DocumentVersionId.eq(version.id))
        .to_owned();
    let mut place = Column::Anchor.in_subquery(anchors);
    if version.content_type == "application/pdf" {
        place = place.or(Column::Page.is_not_null());
    }
    let found = opinion_item::Entity::find()
        .join(JoinType::InnerJoin, opinion_item::Relation::Proposal.def())
        .filter(proposal::Column::ConsultationId.eq(consultation))
        .filter(Column::CreatedAt.gte(version.created_at))
        .filter(place)
        .limit(1)
        .one(db)
        .await?;
    Ok(found.is_some())
}
