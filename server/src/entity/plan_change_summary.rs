//! Which rows caused a change of the draft.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "plan_change_summary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_change_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub summary_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
