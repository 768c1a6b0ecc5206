//! Groups of submissions with the same or nearly the same text.

use std::collections::{HashMap, HashSet};

use domain::Millis;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _, FromQueryResult,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set, Statement, sea_query::Expr,
};

use crate::entity::{proposal, text_band, text_group, text_variant};

/// The wording with this folded text, when it was sent before.
///
/// # Errors
/// When the database is away.
pub async fn variant_by_hash<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    fold_hash: i64,
) -> Result<Option<text_variant::Model>, DbErr> {
    text_variant::Entity::find()
        .filter(text_variant::Column::ConsultationId.eq(consultation))
        .filter(text_variant::Column::FoldHash.eq(fold_hash))
        .one(db)
        .await
}

/// Wordings that share a band with a signature, with the text of the first submission of each; a few dozen at most.
///
/// # Errors
/// When the database is away.
pub async fn candidates<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    bands: &[i64],
) -> Result<Vec<(text_variant::Model, String)>, DbErr> {
    let found = text_band::Entity::find()
        .filter(text_band::Column::ConsultationId.eq(consultation))
        .filter(text_band::Column::Band.is_in(bands.iter().copied()))
        .limit(400)
        .all(db)
        .await?;
    // Those that share the most bands are the likeliest.
    let mut shared: HashMap<i64, u32> = HashMap::new();
    for row in found {
        *shared.entry(row.text_variant_id).or_default() += 1;
    }
    let mut ids: Vec<(i64, u32)> = shared.into_iter().collect();
    ids.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    let ids: HashSet<i64> = ids.into_iter().take(24).map(|(id, _)| id).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let variants = text_variant::Entity::find().filter(text_variant::Column::Id.is_in(ids)).all(db).await?;
    let texts: Vec<(i64, String)> = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .column(proposal::Column::Body)
        .filter(proposal::Column::Id.is_in(variants.iter().map(|v| v.proposal_id)))
        .into_tuple()
        .all(db)
        .await?;
    let texts: HashMap<i64, String> = texts.into_iter().collect();
    Ok(variants.into_iter().filter_map(|v| texts.get(&v.proposal_id).cloned().map(|text| (v, text))).collect())
}

/// One group.
///
/// # Errors
/// When the database is away.
pub async fn group<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<text_group::Model>, DbErr> {
    text_group::Entity::find_by_id(id).one(db).await
}

/// Makes an empty group.
///
/// # Errors
/// When the database refuses.
pub async fn insert_group<C: ConnectionTrait>(
    tx: &C,
    consultation: i64,
    now: Millis,
) -> Result<text_group::Model, DbErr> {
    text_group::ActiveModel {
        consultation_id: Set(consultation),
        size: Set(0),
        hour: Set(0),
        hour_size: Set(0),
        peak_size: Set(0),
        peak_at: Set(0),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(tx)
    .await
}

/// Changes columns of a group.
///
/// # Errors
/// When the database refuses.
pub async fn update_group<C: ConnectionTrait>(tx: &C, changes: text_group::ActiveModel) -> Result<(), DbErr> {
    changes.update(tx).await?;
    Ok(())
}

/// Makes a wording with the bands it is found by.
///
/// # Errors
/// When the database refuses.
pub async fn insert_variant<C: ConnectionTrait>(
    tx: &C,
    new: text_variant::ActiveModel,
    bands: &[i64],
) -> Result<text_variant::Model, DbErr> {
    let made = new.insert(tx).await?;
    let rows = bands.iter().map(|band| text_band::ActiveModel {
        consultation_id: Set(made.consultation_id),
        band: Set(*band),
        text_variant_id: Set(made.id),
    });
    if !bands.is_empty() {
        text_band::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(made)
}

/// Adds to the size of a wording.
///
/// # Errors
/// When the database refuses.
pub async fn grow_variant<C: ConnectionTrait>(tx: &C, id: i64, by: i64) -> Result<(), DbErr> {
    text_variant::Entity::update_many()
        .col_expr(text_variant::Column::Size, Expr::col(text_variant::Column::Size).add(by))
        .filter(text_variant::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The first submission, by id, that still has a wording.
///
/// # Errors
/// When the database is away.
pub async fn first_of_variant<C: ConnectionTrait>(db: &C, variant: i64, group: i64) -> Result<Option<i64>, DbErr> {
    proposal::Entity::find()
        .select_only()
        .column(proposal::Column::Id)
        .filter(proposal::Column::TextGroupId.eq(group))
        .filter(proposal::Column::TextVariantId.eq(variant))
        .order_by_asc(proposal::Column::Id)
        .into_tuple()
        .one(db)
        .await
}

/// Sets which submission stands for a wording.
///
/// # Errors
/// When the database refuses.
pub async fn set_variant_text<C: ConnectionTrait>(tx: &C, id: i64, proposal: i64) -> Result<(), DbErr> {
    text_variant::Entity::update_many()
        .col_expr(text_variant::Column::ProposalId, Expr::value(proposal))
        .filter(text_variant::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes a wording nobody has any more, and its group when it was the last.
///
/// # Errors
/// When the database refuses.
pub async fn delete_variant<C: ConnectionTrait>(tx: &C, variant: &text_variant::Model) -> Result<(), DbErr> {
    text_variant::Entity::delete_by_id(variant.id).exec(tx).await?;
    let left = text_variant::Entity::find()
        .filter(text_variant::Column::TextGroupId.eq(variant.text_group_id))
        .one(tx)
        .await?;
    if left.is_none() {
        text_group::Entity::delete_by_id(variant.text_group_id).exec(tx).await?;
    }
    Ok(())
}

/// One wording.
///
/// # Errors
/// When the database is away.
pub async fn variant<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<text_variant::Model>, DbErr> {
    text_variant::Entity::find_by_id(id).one(db).await
}

/// A group as it stands in the list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct GroupLine {
    /// Its id.
    pub id: i64,
    /// Submissions in it.
    pub size: i64,
    /// Most submissions within one hour.
    pub peak_size: i64,
    /// When that hour began.
    pub peak_at: i64,
    /// Different wordings in it.
    pub variants: i64,
    /// The submission that stands for the commonest wording.
    pub proposal_id: i64,
    /// The text of the commonest wording, its first characters.
    pub body: String,
}

/// Groups of more than one submission, the largest first, after the group of this size and id.
///
/// # Errors
/// When the database is away.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    after: Option<(i64, i64)>,
    limit: u64,
) -> Result<Vec<GroupLine>, DbErr> {
    let (size, id) = after.unwrap_or((i64::MAX, i64::MAX));
    let sql = "WITH chosen AS ( \
                 SELECT id, size, peak_size, peak_at FROM text_group \
                 WHERE consultation_id = $1 AND size > 1 AND (size < $2 OR (size = $2 AND id < $3)) \
                 ORDER BY size DESC, id DESC LIMIT $4), \
               ranked AS ( \
                 SELECT v.text_group_id, v.proposal_id, \
                        ROW_NUMBER() OVER (PARTITION BY v.text_group_id ORDER BY v.size DESC, v.id) AS place, \
                        COUNT(*) OVER (PARTITION BY v.text_group_id) AS variants \
                 FROM text_variant v JOIN chosen c ON c.id = v.text_group_id) \
               SELECT c.id, c.size, c.peak_size, c.peak_at, r.variants, r.proposal_id, substr(p.body, 1, 400) AS body \
               FROM chosen c JOIN ranked r ON r.text_group_id = c.id AND r.place = 1 \
               JOIN proposal p ON p.id = r.proposal_id ORDER BY c.size DESC, c.id DESC";
    let values: [sea_orm::Value; 4] =
        [consultation.into(), size.into(), id.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    GroupLine::find_by_statement(statement).all(db).await
}

/// How many groups of more than one submission there are, and how many submissions are in them.
///
/// # Errors
/// When the database is away.
pub async fn totals<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<(i64, i64), DbErr> {
    let sql = "SELECT COUNT(*) AS found, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS submissions \
               FROM text_group WHERE consultation_id = $1 AND size > 1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    let row = db.query_one_raw(statement).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.try_get("", "found")?, row.try_get("", "submissions")?)))
}

/// The wordings of a group with their texts, the commonest first.
///
/// # Errors
/// When the database is away.
pub async fn variants<C: ConnectionTrait>(
    db: &C,
    group: i64,
    limit: u64,
) -> Result<Vec<(text_variant::Model, proposal::Model)>, DbErr> {
    let variants = text_variant::Entity::find()
        .filter(text_variant::Column::TextGroupId.eq(group))
        .order_by_desc(text_variant::Column::Size)
        .order_by_asc(text_variant::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let ids: Vec<i64> = variants.iter().map(|v| v.proposal_id).collect();
    let rows = proposal::Entity::find().filter(proposal::Column::Id.is_in(ids)).all(db).await?;
    let mut rows: HashMap<i64, proposal::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(variants.into_iter().filter_map(|v| rows.remove(&v.proposal_id).map(|row| (v, row))).collect())
}

/// How many wordings a group has.
///
/// # Errors
/// When the database is away.
pub async fn count_variants<C: ConnectionTrait>(db: &C, group: i64) -> Result<u64, DbErr> {
    text_variant::Entity::find().filter(text_variant::Column::TextGroupId.eq(group)).count(db).await
}
