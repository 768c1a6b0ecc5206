//! The ward, its departments, accounts, sessions and one-time codes.

use sea_orm_migration::prelude::*;

use crate::table::{belongs, drop_all, index, integers, integers_null, refers, texts, texts_null, with_id};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 5] = ["setting", "department", "account", "session", "one_time_code"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut setting = Table::create();
        setting.table("setting");
        texts(&mut setting, &["key", "value"]);
        setting.primary_key(Index::create().col("key"));
        manager.create_table(setting).await?;

        let mut department = with_id("department");
        texts(&mut department, &["name", "name_en", "phone", "fax", "email", "counter"]);
        integers(&mut department, &["position"]);
        manager.create_table(department).await?;
        index(manager, "department", &["name"], true).await?;

        let mut account = with_id("account");
        texts(&mut account, &["email", "email_key", "display_name", "role"]);
        texts_null(&mut account, &["password_hash", "locale"]);
        integers(&mut account, &["created_at"]);
        integers_null(&mut account, &["department_id", "email_verified_at", "disabled_at"]);
        refers(&mut account, "account", "department_id", "department");
        manager.create_table(account).await?;
        index(manager, "account", &["email_key"], true).await?;

        let mut session = with_id("session");
        texts(&mut session, &["token_hash", "user_agent"]);
        integers(&mut session, &["account_id", "created_at", "last_seen_at", "expires_at"]);
        belongs(&mut session, "session", "account_id", "account");
        manager.create_table(session).await?;
        index(manager, "session", &["token_hash"], true).await?;
        index(manager, "session", &["account_id"], false).await?;

        let mut one_time_code = with_id("one_time_code");
        texts(&mut one_time_code, &["purpose", "code_hash"]);
        integers(&mut one_time_code, &["account_id", "created_at", "expires_at", "attempts"]);
        integers_null(&mut one_time_code, &["used_at"]);
        belongs(&mut one_time_code, "one_time_code", "account_id", "account");
        manager.create_table(one_time_code).await?;
        index(manager, "one_time_code", &["account_id", "purpose"], false).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await
    }
}
