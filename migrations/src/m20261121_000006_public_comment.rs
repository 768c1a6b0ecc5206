//! Public comments as wards run them: rules and timeline of a theme, versions of its draft with anchors.

use sea_orm_migration::prelude::*;

use crate::table::{
    add_columns, added_integer_null, added_text, added_text_null, belongs, drop_all, drop_columns, index, integers,
    refers, texts, texts_null, with_id,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["extension", "document_version", "document_block"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(
            manager,
            "consultation",
            [
                // The rules that hold for this theme, as JSON; empty: the ward's.
                added_text("rules", ""),
                added_text("rules_reason", ""),
                // Days, as ISO dates: 広報紙の発行日 and the planned day of the result.
                added_text_null("gazette_on"),
                added_text_null("result_planned_on"),
                added_integer_null("progress_at"),
                added_integer_null("origin_id"),
                added_integer_null("identity_disposed_at"),
            ],
        )
        .await?;

        let mut extension = with_id("extension");
        texts(&mut extension, &["reason"]);
        integers(&mut extension, &["consultation_id", "old_closes_at", "new_closes_at", "created_at", "created_by"]);
        belongs(&mut extension, "extension", "consultation_id", "consultation");
        manager.create_table(extension).await?;
        index(manager, "extension", &["consultation_id"], false).await?;

        let mut version = with_id("document_version");
        texts(&mut version, &["stage", "note", "text_twin"]);
        texts_null(&mut version, &["source_md"]);
        integers(&mut version, &["document_id", "upload_id", "next_anchor", "created_at", "created_by"]);
        belongs(&mut version, "document_version", "document_id", "document");
        refers(&mut version, "document_version", "upload_id", "upload");
        manager.create_table(version).await?;
        index(manager, "document_version", &["document_id"], false).await?;

        let mut block = with_id("document_block");
        texts(&mut block, &["anchor", "kind", "text", "html", "change"]);
        integers(&mut block, &["document_version_id", "position"]);
        belongs(&mut block, "document_block", "document_version_id", "document_version");
        manager.create_table(block).await?;
        index(manager, "document_block", &["document_version_id", "position"], true).await?;

        first_versions(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await?;
        drop_columns(
            manager,
            "consultation",
            &[
                "rules",
                "rules_reason",
                "gazette_on",
                "result_planned_on",
                "progress_at",
                "origin_id",
                "identity_disposed_at",
            ],
        )
        .await
    }
}

/// Each document that is there becomes the first version of itself.
async fn first_versions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = r"INSERT INTO document_version
        (document_id, upload_id, stage, note, text_twin, source_md, next_anchor, created_at, created_by)
        SELECT d.id, d.upload_id, 'initial', '', '', NULL, 1, u.created_at, u.created_by
        FROM document d JOIN upload u ON u.id = d.upload_id";
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}
