//! Settings of the installation and its departments.

use domain::{
    disposition::DispositionSet, layout::Layout, phrase::Phrase, rules::Rules, ward::Ward, workflow::Workflow,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, Set, sea_query::OnConflict,
};

use crate::{
    entity::{department, setting},
    secret::Seal,
};

const WARD: &str = "ward";
const RULES: &str = "rules";
const PHRASES: &str = "phrases";
const WORKFLOW: &str = "workflow";
const LAYOUT: &str = "layout";
const DISPOSITIONS: &str = "dispositions";
const SEAL: &str = "seal";

/// The ward; before it is set, one that says so.
///
/// # Errors
/// When the database is away or the setting can't be read.
pub async fn ward<C: ConnectionTrait>(db: &C) -> anyhow::Result<Ward> {
    match setting::Entity::find_by_id(WARD).one(db).await? {
        Some(row) => Ok(serde_json::from_str(&row.value)?),
        None => {
            Ok(Ward {
                code: "000000".to_owned(), name: "○○区".to_owned(), name_en: "Our City".to_owned(), demo: false
            })
        }
    }
}

/// Sets the ward.
///
/// # Errors
/// When the database refuses.
pub async fn set_ward<C: ConnectionTrait>(db: &C, ward: &Ward) -> anyhow::Result<()> {
    Ok(put(db, WARD, serde_json::to_string(ward)?).await?)
}

async fn put<C: ConnectionTrait>(db: &C, key: &str, value: String) -> Result<(), DbErr> {
    let row = setting::ActiveModel { key: Set(key.to_owned()), value: Set(value) };
    let replace = OnConflict::column(setting::Column::Key).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// The ward's rules for public comments (要綱); before they are set, the national model.
///
/// # Errors
/// When the database is away or the setting can't be read.
pub async fn rules<C: ConnectionTrait>(db: &C) -> anyhow::Result<Rules> {
    match setting::Entity::find_by_id(RULES).one(db).await? {
        Some(row) => Ok(serde_json::from_str(&row.value)?),
        None => Ok(Rules::default()),
    }
}

/// Sets the ward's rules.
///
/// # Errors
/// When the database refuses.
pub async fn set_rules<C: ConnectionTrait>(db: &C, rules: &Rules) -> anyhow::Result<()> {
    Ok(put(db, RULES, serde_json::to_string(rules)?).await?)
}

/// The ward's steps of approval (確認, 決裁); before they are set, the usual ones.
///
/// # Errors
/// When the database is away or the setting can't be read.
pub async fn workflow<C: ConnectionTrait>(db: &C) -> anyhow::Result<Workflow> {
    match setting::Entity::find_by_id(WORKFLOW).one(db).await? {
        Some(row) => Ok(serde_json::from_str(&row.value)?),
        None => Ok(Workflow::default()),
    }
}

/// Sets the ward's steps of approval.
///
/// # Errors
/// When the database refuses.
pub async fn set_workflow<C: ConnectionTrait>(db: &C, workflow: &Workflow) -> anyhow::Result<()> {
    Ok(put(db, WORKFLOW, serde_json::to_string(workflow)?).await?)
}

/// The ward's phrases for answers; `None` before they are set.
///
/// # Errors
/// When the database is away or the setting can't be read.
pub async fn phrases<C: ConnectionTrait>(db: &C) -> anyhow::Result<Option<Vec<Phrase>>> {
    let row = setting::Entity::find_by_id(PHRASES).one(db).await?;
    Ok(row.map(|row| serde_json::from_str(&row.value)).transpose()?)
}

/// Sets the ward's phrases.
///
/// # Errors
/// When the database refuses.
pub async fn set_phrases<C: ConnectionTrait>(db: &C, phrases: &[Phrase]) -> anyhow::Result<()> {
    Ok(put(db, PHRASES, serde_json::to_string(phrases)?).await?)
}

/// The ward's layout of the result table; before it is set, the usual one.
///
/// # Errors
/// When the database is away or the setting can't be read.
pub async fn layout<C: ConnectionTrait>(db: &C) -> anyhow::Result<Layout> {
    match setting::Entity::find_by_id(LAYOUT).one(db).await? {
        Some(row) => Ok(serde_json::from_str(&row.value)?),
        None => Ok(Layout::default()),
    }
}

/// Sets the ward's layout.
///
/// # Errors
/// When the database refuses.
pub async fn set_layout<C: ConnectionTrait>(db: &C, layout: &Layout) -> anyhow::Result<()> {
    Ok(put(db, LAYOUT, serde_json::to_string(layout)?).await?)
}

/// The ward's own 対応区分; none before they are set.
///
/// # Errors
/// When the database is away or the setting can't be read.
pub async fn dispositions<C: ConnectionTrait>(db: &C) -> anyhow::Result<DispositionSet> {
    match setting::Entity::find_by_id(DISPOSITIONS).one(db).await? {
        Some(row) => Ok(serde_json::from_str(&row.value)?),
        None => Ok(DispositionSet::default()),
    }
}

/// Sets the ward's own 対応区分.
///
/// # Errors
/// When the database refuses.
pub async fn set_dispositions<C: ConnectionTrait>(db: &C, set: &DispositionSet) -> anyhow::Result<()> {
    Ok(put(db, DISPOSITIONS, serde_json::to_string(set)?).await?)
}

/// The installation's secret. Several processes that start at once agree on the first one written.
///
/// # Errors
/// When the database is away.
pub async fn seal<C: ConnectionTrait>(db: &C) -> Result<Seal, DbErr> {
    if setting::Entity::find_by_id(SEAL).one(db).await?.is_none() {
        let row = setting::ActiveModel { key: Set(SEAL.to_owned()), value: Set(crate::secret::token()) };
        let first = OnConflict::column(setting::Column::Key).do_nothing().to_owned();
        setting::Entity::insert(row).on_conflict(first).exec_without_returning(db).await?;
    }
    let stored = setting::Entity::find_by_id(SEAL).one(db).await?;
    Ok(Seal::new(&stored.map(|row| row.value).unwrap_or_default()))
}

/// All departments in the ward's own order.
///
/// # Errors
/// When the database is away.
pub async fn departments<C: ConnectionTrait>(db: &C) -> Result<Vec<department::Model>, DbErr> {
    department::Entity::find()
        .order_by_asc(department::Column::Position)
        .order_by_asc(department::Column::Id)
        .all(db)
        .await
}

/// One department.
///
/// # Errors
/// When the database is away.
pub async fn department<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<department::Model>, DbErr> {
    department::Entity::find_by_id(id).one(db).await
}

/// Makes a department, or changes the one of that name.
///
/// # Errors
/// When the database refuses.
pub async fn put_department<C: ConnectionTrait>(
    db: &C,
    new: department::ActiveModel,
) -> Result<department::Model, DbErr> {
    let name = new.name.clone().take().unwrap_or_default();
    let found = department::Entity::find().filter(department::Column::Name.eq(name)).one(db).await?;
    match found {
        None => new.insert(db).await,
        Some(old) => {
            let mut changed = new;
            changed.id = sea_orm::ActiveValue::Unchanged(old.id);
            changed.update(db).await
        }
    }
}
