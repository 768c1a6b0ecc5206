//! Documents of a theme with their versions, and the blocks of the draft's own text.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _, FromQueryResult,
    JoinType, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Select, Set,
    sea_query::{Expr, Query, SelectStatement, SimpleExpr},
};

use crate::entity::{consultation, document, document_block, document_version, opinion_item, proposal, upload};
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
    /// The document's title.
    pub title: String,
    /// The document's place in its theme.
    pub position: i64,
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

/// A document with its versions, the newest first; there is always one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its versions.
    pub versions: Vec<Version>,
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

/// The documents of a theme in order, each with its versions.
///
/// # Errors
/// When the database is away.
pub async fn of_consultation<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Document>, DbErr> {
    let found = list(document::Column::ConsultationId.eq(consultation)).into_model::<Version>().all(db).await?;
    let mut places: BTreeMap<(i64, i64), Document> = BTreeMap::new();
    for version in found {
        let place = (version.position, version.document_id);
        let document = places.entry(place).or_insert_with(|| Document {
            id: version.document_id,
            title: version.title.clone(),
            versions: vec![],
        });
        document.versions.push(version);
    }
    Ok(places.into_values().collect())
}

/// Every version of a theme that has a text of its own, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn texts<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Version>, DbErr> {
    let own = document::Column::ConsultationId.eq(consultation).and(V::SourceMd.is_not_null());
    list(own).into_model::<Version>().all(db).await
}

/// The PDFs of the theme at this address, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn pdfs<C: ConnectionTrait>(db: &C, slug: &str) -> Result<Vec<Version>, DbErr> {
    let theme = Query::select()
        .column(consultation::Column::Id)
        .from(consultation::Entity)
        .and_where(consultation::Column::Slug.eq(slug))
        .to_owned();
    list(document::Column::ConsultationId.in_subquery(theme))
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
        .columns([document::Column::Title, document::Column::Position])
        .columns([upload::Column::Sha256, upload::Column::ContentType, upload::Column::Size])
        .join(JoinType::InnerJoin, document_version::Relation::Upload.def())
        .join(JoinType::InnerJoin, document_version::Relation::Document.def())
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

/// The id of the newest version of a document.
///
/// # Errors
/// When the database is away.
pub async fn newest_id<C: ConnectionTrait>(db: &C, document: i64) -> Result<Option<i64>, DbErr> {
    document_version::Entity::find()
        .select_only()
        .column(V::Id)
        .filter(V::DocumentId.eq(document))
        .order_by_desc(V::Id)
        .into_tuple()
        .one(db)
        .await
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

/// A place of the draft that opinions name.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Named {
    /// The paragraph.
    pub anchor: Option<String>,
    /// The page.
    pub page: Option<i64>,
    /// How many opinions name it; withdrawn ones are left out.
    pub opinions: i64,
    /// When the last one came, withdrawn or not.
    pub latest: i64,
}

/// The places of a theme's draft that opinions name.
///
/// # Errors
/// When the database is away.
pub async fn named<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Named>, DbErr> {
    use opinion_item::Column;
    let counted = r#"CAST(SUM(CASE WHEN "proposal"."state" = 'withdrawn' THEN 0 ELSE 1 END) AS BIGINT)"#;
    opinion_item::Entity::find()
        .select_only()
        .columns([Column::Anchor, Column::Page])
        .column_as(Expr::cust(counted), "opinions")
        .column_as(Column::CreatedAt.max(), "latest")
        .join(JoinType::InnerJoin, opinion_item::Relation::Proposal.def())
        .filter(proposal::Column::ConsultationId.eq(consultation))
        .filter(Column::Anchor.is_not_null().or(Column::Page.is_not_null()))
        .group_by(Column::Anchor)
        .group_by(Column::Page)
        .into_model::<Named>()
        .all(db)
        .await
}
