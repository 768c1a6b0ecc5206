//! What one person sent in one act.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "Text")]
    pub channel: String,
    #[sea_orm(column_type = "Text")]
    pub submitter: String,
    #[sea_orm(column_type = "Text")]
    pub receipt_number: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub form_token: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub title: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub hidden_reason: Option<String>,
    pub consultation_id: i64,
    pub question_id: Option<i64>,
    pub account_id: Option<i64>,
    pub like_count: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub edited_at: Option<i64>,
    pub hidden_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub intake: String,
    #[sea_orm(column_type = "Text")]
    pub eligibility: String,
    #[sea_orm(column_type = "Text")]
    pub received_on: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub postmarked_on: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub scribe: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub correction_note: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub correction_until: Option<String>,
    pub entered_by: Option<i64>,
    pub assigned_department_id: Option<i64>,
    pub bulk_import_id: Option<i64>,
    pub text_variant_id: Option<i64>,
    pub text_group_id: Option<i64>,
    pub no_reply: i64,
    pub approval_only: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
