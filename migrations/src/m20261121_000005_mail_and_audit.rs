//! The outbox of mails and the audit log.

use sea_orm_migration::prelude::*;

use crate::table::{drop_all, index, integers, integers_null, texts, texts_null, with_id};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["mail", "audit_event"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut mail = with_id("mail");
        texts(&mut mail, &["event_key", "to_address", "subject", "body"]);
        texts_null(&mut mail, &["last_error"]);
        integers(&mut mail, &["created_at", "attempts", "due_at"]);
        integers_null(&mut mail, &["account_id", "locked_until", "sent_at", "failed_at"]);
        manager.create_table(mail).await?;
        index(manager, "mail", &["event_key"], true).await?;
        index(manager, "mail", &["sent_at", "failed_at", "due_at"], false).await?;

        let mut audit_event = with_id("audit_event");
        texts(&mut audit_event, &["actor_name", "role", "action", "object_type", "object_id", "detail", "request_id"]);
        texts_null(&mut audit_event, &["ip"]);
        integers(&mut audit_event, &["at"]);
        integers_null(&mut audit_event, &["account_id"]);
        manager.create_table(audit_event).await?;
        index(manager, "audit_event", &["at"], false).await?;
        index(manager, "audit_event", &["object_type", "object_id"], false).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await
    }
}
