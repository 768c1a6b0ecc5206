//! Settings of the installation and its departments.

use domain::ward::Ward;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, Set, sea_query::OnConflict,
};

use crate::entity::{department, setting};

const WARD: &str = "ward";

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
    let row = setting::ActiveModel { key: Set(WARD.to_owned()), value: Set(serde_json::to_string(ward)?) };
    let replace = OnConflict::column(setting::Column::Key).update_column(setting::Column::Value).to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
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
