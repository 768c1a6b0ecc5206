//! Proposals (opinions as sent) with their history, likes and drafts, and the opinion items cut out of them.

use sea_orm_migration::prelude::*;

use crate::table::{belongs, drop_all, index, integers, integers_null, refers, texts, texts_null, with_id};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 5] = ["proposal", "proposal_revision", "proposal_like", "draft", "opinion_item"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut proposal = with_id("proposal");
        texts(&mut proposal, &["channel", "submitter", "receipt_number", "body", "state"]);
        texts_null(&mut proposal, &["form_token", "title", "hidden_reason"]);
        integers(&mut proposal, &["consultation_id", "like_count", "created_at", "updated_at"]);
        integers_null(&mut proposal, &["question_id", "account_id", "edited_at", "hidden_at", "withdrawn_at"]);
        refers(&mut proposal, "proposal", "consultation_id", "consultation");
        refers(&mut proposal, "proposal", "account_id", "account");
        refers(&mut proposal, "proposal", "question_id", "question");
        manager.create_table(proposal).await?;
        index(manager, "proposal", &["receipt_number"], true).await?;
        index(manager, "proposal", &["account_id", "form_token"], true).await?;
        // In the order lists are read, so that a page is read off the index and nothing is sorted.
        index(manager, "proposal", &["consultation_id", "created_at", "id"], false).await?;
        index(manager, "proposal", &["consultation_id", "like_count", "id"], false).await?;
        index(manager, "proposal", &["created_at", "id"], false).await?;

        let mut proposal_revision = with_id("proposal_revision");
        texts(&mut proposal_revision, &["body"]);
        texts_null(&mut proposal_revision, &["title"]);
        integers(&mut proposal_revision, &["proposal_id", "created_at"]);
        integers_null(&mut proposal_revision, &["question_id"]);
        belongs(&mut proposal_revision, "proposal_revision", "proposal_id", "proposal");
        manager.create_table(proposal_revision).await?;
        index(manager, "proposal_revision", &["proposal_id"], false).await?;

        let mut proposal_like = Table::create();
        proposal_like.table("proposal_like");
        integers(&mut proposal_like, &["proposal_id", "account_id", "created_at"]);
        proposal_like.primary_key(Index::create().col("proposal_id").col("account_id"));
        belongs(&mut proposal_like, "proposal_like", "proposal_id", "proposal");
        belongs(&mut proposal_like, "proposal_like", "account_id", "account");
        manager.create_table(proposal_like).await?;
        index(manager, "proposal_like", &["account_id"], false).await?;

        let mut draft = Table::create();
        draft.table("draft");
        texts(&mut draft, &["title", "body"]);
        integers(&mut draft, &["account_id", "consultation_id", "updated_at"]);
        integers_null(&mut draft, &["question_id"]);
        draft.primary_key(Index::create().col("account_id").col("consultation_id"));
        belongs(&mut draft, "draft", "account_id", "account");
        belongs(&mut draft, "draft", "consultation_id", "consultation");
        manager.create_table(draft).await?;

        let mut opinion_item = with_id("opinion_item");
        integers(&mut opinion_item, &["proposal_id", "position", "created_at"]);
        belongs(&mut opinion_item, "opinion_item", "proposal_id", "proposal");
        manager.create_table(opinion_item).await?;
        index(manager, "opinion_item", &["proposal_id"], false).await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await
    }
}
