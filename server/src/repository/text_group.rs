//! Groups of submissions with the same or nearly the same text.

use std::collections::{HashMap, HashSet};

use domain::Millis;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
    sea_query::Expr,
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
