//! Filters that a person keeps under a name.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::NotSet, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use crate::entity::saved_view;

/// The views a person keeps of a theme's queue, in order of their names.
///
/// # Errors
/// When the database is away.
pub async fn views<C: ConnectionTrait>(
    db: &C,
    account: i64,
    consultation: i64,
) -> Result<Vec<saved_view::Model>, DbErr> {
    saved_view::Entity::find()
        .filter(saved_view::Column::AccountId.eq(account))
        .filter(saved_view::Column::ConsultationId.eq(consultation))
        .order_by_asc(saved_view::Column::Name)
        .order_by_asc(saved_view::Column::Id)
        .all(db)
        .await
}

/// Keeps a view; one of the same name is replaced.
///
/// # Errors
/// When the database refuses.
pub async fn put_view<C: ConnectionTrait>(tx: &C, new: saved_view::Model) -> Result<(), DbErr> {
    saved_view::Entity::delete_many()
        .filter(saved_view::Column::AccountId.eq(new.account_id))
        .filter(saved_view::Column::ConsultationId.eq(new.consultation_id))
        .filter(saved_view::Column::Name.eq(new.name.as_str()))
        .exec(tx)
        .await?;
    let mut row: saved_view::ActiveModel = new.into();
    row.id = NotSet;
    row.reset_all().insert(tx).await?;
    Ok(())
}

/// Deletes a view of this person; `false` when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn delete_view<C: ConnectionTrait>(
    tx: &C,
    account: i64,
    consultation: i64,
    view: i64,
) -> Result<bool, DbErr> {
    let gone = saved_view::Entity::delete_by_id(view)
        .filter(saved_view::Column::AccountId.eq(account))
        .filter(saved_view::Column::ConsultationId.eq(consultation))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}
