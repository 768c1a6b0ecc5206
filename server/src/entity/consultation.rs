//! A theme.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub slug: String,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    #[sea_orm(column_type = "Text")]
    pub body_md: String,
    #[sea_orm(column_type = "Text")]
    pub body_html: String,
    #[sea_orm(column_type = "Text")]
    pub methods: String,
    #[sea_orm(column_type = "Text")]
    pub disposition_preset: String,
    #[sea_orm(column_type = "Text")]
    pub cover_alt: String,
    pub department_id: i64,
    pub opens_at: i64,
    pub closes_at: i64,
    pub created_by: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
    pub proposal_count: i64,
    pub publish_at: Option<i64>,
    pub result_at: Option<i64>,
    pub cover_upload_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub rules: String,
    #[sea_orm(column_type = "Text")]
    pub rules_reason: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub gazette_on: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub result_planned_on: Option<String>,
    pub progress_at: Option<i64>,
    pub origin_id: Option<i64>,
    pub identity_disposed_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub dispositions: String,
    #[sea_orm(column_type = "Text")]
    pub layout: String,
    #[sea_orm(column_type = "Text")]
    pub publicity: String,
    #[sea_orm(column_type = "Text")]
    pub places: String,
    #[sea_orm(column_type = "Text")]
    pub basis: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
