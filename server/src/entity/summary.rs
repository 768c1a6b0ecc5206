//! One row (ご意見（要旨）).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "summary")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub consultation_id: i64,
    pub chapter_id: i64,
    pub position: i64,
    pub version: i64,
    pub updated_at: i64,
    pub updated_by: i64,
    pub ward_view_id: Option<i64>,
    pub verbatim: i64,
    pub confirmed_by: Option<i64>,
    pub confirmed_at: Option<i64>,
    pub department_id: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub due_on: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reminded_on: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::ward_view::Entity",
        from = "Column::WardViewId",
        to = "super::ward_view::Column::Id"
    )]
    WardView,
}

impl Related<super::ward_view::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::WardView.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
