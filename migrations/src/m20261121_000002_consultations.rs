//! Consultations (themes) with their questions, pictures and documents.

use sea_orm_migration::prelude::*;

use crate::table::{belongs, drop_all, index, integers, integers_null, refers, texts, with_id};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 4] = ["upload", "consultation", "question", "document"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut upload = with_id("upload");
        texts(&mut upload, &["sha256", "content_type", "file_name"]);
        integers(&mut upload, &["size", "created_at", "created_by"]);
        integers_null(&mut upload, &["width", "height"]);
        manager.create_table(upload).await?;
        index(manager, "upload", &["sha256"], false).await?;

        let mut consultation = with_id("consultation");
        texts(
            &mut consultation,
            &[
                "slug",
                "kind",
                "state",
                "title",
                "summary",
                "body_md",
                "body_html",
                "methods",
                "disposition_preset",
                "cover_alt",
            ],
        );
        integers(
            &mut consultation,
            &[
                "department_id",
                "opens_at",
                "closes_at",
                "created_by",
                "created_at",
                "updated_at",
                "version",
                "proposal_count",
            ],
        );
        integers_null(&mut consultation, &["publish_at", "result_at", "cover_upload_id"]);
        refers(&mut consultation, "consultation", "department_id", "department");
        refers(&mut consultation, "consultation", "cover_upload_id", "upload");
        manager.create_table(consultation).await?;
        index(manager, "consultation", &["slug"], true).await?;
        index(manager, "consultation", &["state", "publish_at"], false).await?;

        let mut question = with_id("question");
        texts(&mut question, &["title", "body"]);
        integers(&mut question, &["consultation_id", "position"]);
        belongs(&mut question, "question", "consultation_id", "consultation");
        manager.create_table(question).await?;
        index(manager, "question", &["consultation_id"], false).await?;

        let mut document = with_id("document");
        texts(&mut document, &["title"]);
        integers(&mut document, &["consultation_id", "position", "upload_id"]);
        belongs(&mut document, "document", "consultation_id", "consultation");
        refers(&mut document, "document", "upload_id", "upload");
        manager.create_table(document).await?;
        index(manager, "document", &["consultation_id"], false).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await
    }
}
