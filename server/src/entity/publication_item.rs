//! Which published row answers which opinion.

#![expect(clippy::struct_field_names, reason = "the columns of a linking table")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub publication_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_item_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub summary_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::opinion_item::Entity",
        from = "Column::OpinionItemId",
        to = "super::opinion_item::Column::Id"
    )]
    OpinionItem,
}

impl ActiveModelBehavior for ActiveModel {}
