//! Which opinions a row gathers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "summary_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub summary_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_item_id: i64,
    pub again: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::summary::Entity", from = "Column::SummaryId", to = "super::summary::Column::Id")]
    Summary,
}

impl ActiveModelBehavior for ActiveModel {}
