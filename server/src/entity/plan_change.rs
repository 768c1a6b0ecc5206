//! One change of the draft that opinions caused (修正箇所).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_change")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub place: String,
    #[sea_orm(column_type = "Text")]
    pub before_text: String,
    #[sea_orm(column_type = "Text")]
    pub after_text: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub consultation_id: i64,
    pub position: i64,
    pub version: i64,
    pub updated_at: i64,
    pub updated_by: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
