//! Settings of the installation and its departments.

use domain::{rules::Rules, ward::Ward};
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
