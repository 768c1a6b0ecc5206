//! Same and nearly same texts: every submission joins the group of its wording. Nothing is rejected by it.

use domain::{Millis, similarity};
use sea_orm::{ActiveValue::Unchanged, ConnectionTrait, DbErr, Set};

use crate::{
    entity::{proposal, text_group, text_variant},
    repository,
};

const HOUR: Millis = similarity::BURST_WINDOW_MS;

/// Puts a new submission into the group of its text. A text of signs only has none.
///
/// # Errors
/// When the database refuses.
pub async fn join<C: ConnectionTrait>(tx: &C, row: proposal::Model) -> Result<proposal::Model, DbErr> {
    let key = similarity::key(&row.body);
    if key.is_empty() {
        return Ok(row);
    }
    let hash = similarity::hash(&key);
    let variant = match repository::text_group::variant_by_hash(tx, row.consultation_id, hash).await? {
        Some(known) => known,
        None => new_variant(tx, &row, &key, hash).await?,
    };
    repository::text_group::grow_variant(tx, variant.id, 1).await?;
    grow_group(tx, variant.text_group_id, row.created_at).await?;
    let changes = proposal::ActiveModel {
        id: Unchanged(row.id),
        text_variant_id: Set(Some(variant.id)),
        text_group_id: Set(Some(variant.text_group_id)),
        ..Default::default()
    };
    repository::proposal::update(tx, changes).await
}

/// A wording that is new: in the group of the wording it resembles most, or in one of its own.
async fn new_variant<C: ConnectionTrait>(
    tx: &C,
    row: &proposal::Model,
    key: &str,
    hash: i64,
) -> Result<text_variant::Model, DbErr> {
    let bands = similarity::signature(key).map(|s| s.bands().to_vec()).unwrap_or_default();
    let near = if bands.is_empty() {
        None
    } else {
        repository::text_group::candidates(tx, row.consultation_id, &bands)
            .await?
            .into_iter()
            .map(|(variant, text)| (similarity::resemblance(key, &similarity::key(&text)), variant))
            .filter(|(likeness, _)| *likeness >= similarity::NEAR)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
    };
    let group = match near {
        Some((_, variant)) => variant.text_group_id,
        None => repository::text_group::insert_group(tx, row.consultation_id, row.created_at).await?.id,
    };
    let new = text_variant::ActiveModel {
        consultation_id: Set(row.consultation_id),
        text_group_id: Set(group),
        fold_hash: Set(hash),
        proposal_id: Set(row.id),
        size: Set(0),
        ..Default::default()
    };
    repository::text_group::insert_variant(tx, new, &bands).await
}

async fn grow_group<C: ConnectionTrait>(tx: &C, id: i64, at: Millis) -> Result<(), DbErr> {
    let Some(group) = repository::text_group::group(tx, id).await? else { return Ok(()) };
    let hour = at.div_euclid(HOUR);
    let hour_size = if group.hour == hour { group.hour_size + 1 } else { 1 };
    let peaks = hour_size > group.peak_size;
    let changes = text_group::ActiveModel {
        id: Unchanged(id),
        size: Set(group.size + 1),
        hour: Set(hour),
        hour_size: Set(hour_size),
        peak_size: Set(if peaks { hour_size } else { group.peak_size }),
        peak_at: Set(if peaks { hour * HOUR } else { group.peak_at }),
        ..Default::default()
    };
    repository::text_group::update_group(tx, changes).await
}

/// Takes a submission whose text changed, or that is deleted, out of its group.
///
/// # Errors
/// When the database refuses.
pub async fn leave<C: ConnectionTrait>(tx: &C, row: &proposal::Model) -> Result<(), DbErr> {
    let (Some(variant), Some(group)) = (row.text_variant_id, row.text_group_id) else { return Ok(()) };
    let changes = proposal::ActiveModel {
        id: Unchanged(row.id),
        text_variant_id: Set(None),
        text_group_id: Set(None),
        ..Default::default()
    };
    repository::proposal::update(tx, changes).await?;
    if let Some(group) = repository::text_group::group(tx, group).await? {
        let changes =
            text_group::ActiveModel { id: Unchanged(group.id), size: Set(group.size - 1), ..Default::default() };
        repository::text_group::update_group(tx, changes).await?;
    }
    repository::text_group::grow_variant(tx, variant, -1).await?;
    let Some(variant) = repository::text_group::variant(tx, variant).await? else { return Ok(()) };
    match repository::text_group::first_of_variant(tx, variant.id, variant.text_group_id).await? {
        None => repository::text_group::delete_variant(tx, &variant).await,
        Some(first) if variant.proposal_id == row.id => {
            repository::text_group::set_variant_text(tx, variant.id, first).await
        }
        Some(_) => Ok(()),
    }
}

/// Moves a submission whose text has changed to the group of its new text.
///
/// # Errors
/// When the database refuses.
pub async fn rejoin<C: ConnectionTrait>(
    tx: &C,
    before: &proposal::Model,
    after: proposal::Model,
) -> Result<proposal::Model, DbErr> {
    leave(tx, before).await?;
    join(tx, proposal::Model { text_variant_id: None, text_group_id: None, ..after }).await
}
