//! The response desk: chapters, summaries (要旨), ward views (区の考え方) and what was published of them.

use sea_orm_migration::prelude::*;

use crate::table::{belongs, drop_all, index, integers, integers_null, refers, texts, texts_null, with_id};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 6] = ["chapter", "ward_view", "summary", "summary_item", "publication", "publication_item"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut chapter = with_id("chapter");
        texts(&mut chapter, &["title"]);
        integers(&mut chapter, &["consultation_id", "position"]);
        belongs(&mut chapter, "chapter", "consultation_id", "consultation");
        manager.create_table(chapter).await?;
        index(manager, "chapter", &["consultation_id"], false).await?;

        let mut ward_view = with_id("ward_view");
        texts(&mut ward_view, &["text"]);
        texts_null(&mut ward_view, &["disposition"]);
        integers(&mut ward_view, &["consultation_id", "version", "updated_at", "updated_by"]);
        belongs(&mut ward_view, "ward_view", "consultation_id", "consultation");
        manager.create_table(ward_view).await?;
        index(manager, "ward_view", &["consultation_id"], false).await?;

        let mut summary = with_id("summary");
        texts(&mut summary, &["text"]);
        integers(&mut summary, &["consultation_id", "chapter_id", "position", "version", "updated_at", "updated_by"]);
        integers_null(&mut summary, &["ward_view_id"]);
        belongs(&mut summary, "summary", "consultation_id", "consultation");
        refers(&mut summary, "summary", "chapter_id", "chapter");
        refers(&mut summary, "summary", "ward_view_id", "ward_view");
        manager.create_table(summary).await?;
        index(manager, "summary", &["consultation_id"], false).await?;
        index(manager, "summary", &["chapter_id"], false).await?;
        index(manager, "summary", &["ward_view_id"], false).await?;

        let mut summary_item = Table::create();
        summary_item.table("summary_item");
        integers(&mut summary_item, &["summary_id", "opinion_item_id"]);
        summary_item.primary_key(Index::create().col("summary_id").col("opinion_item_id"));
        belongs(&mut summary_item, "summary_item", "summary_id", "summary");
        belongs(&mut summary_item, "summary_item", "opinion_item_id", "opinion_item");
        manager.create_table(summary_item).await?;
        index(manager, "summary_item", &["opinion_item_id"], false).await?;

        let mut publication = with_id("publication");
        texts(&mut publication, &["response_table"]);
        integers(&mut publication, &["consultation_id", "version", "published_at", "published_by"]);
        belongs(&mut publication, "publication", "consultation_id", "consultation");
        manager.create_table(publication).await?;
        index(manager, "publication", &["consultation_id", "version"], true).await?;

        let mut publication_item = Table::create();
        publication_item.table("publication_item");
        integers(&mut publication_item, &["publication_id", "opinion_item_id", "summary_id"]);
        publication_item.primary_key(Index::create().col("publication_id").col("opinion_item_id").col("summary_id"));
        belongs(&mut publication_item, "publication_item", "publication_id", "publication");
        belongs(&mut publication_item, "publication_item", "opinion_item_id", "opinion_item");
        manager.create_table(publication_item).await?;
        index(manager, "publication_item", &["opinion_item_id"], false).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await
    }
}
