//! Files that were made of a published version and are kept, because making them takes time.

use sea_orm_migration::prelude::*;

use crate::table::{belongs, drop_all, integers, texts};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rendition = Table::create();
        rendition.table("rendition");
        integers(&mut rendition, &["publication_id"]);
        texts(&mut rendition, &["format", "sha256"]);
        integers(&mut rendition, &["size", "created_at"]);
        rendition.primary_key(Index::create().col("publication_id").col("format"));
        belongs(&mut rendition, "rendition", "publication_id", "publication");
        manager.create_table(rendition).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["rendition"]).await
    }
}
