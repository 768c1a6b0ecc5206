//! Something the ward promised in an answer (約束).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "Text")]
    pub owner: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub due_on: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reminded_on: Option<String>,
    pub consultation_id: i64,
    pub ward_view_id: i64,
    pub department_id: i64,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: i64,
    pub public_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
