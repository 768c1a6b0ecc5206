//! Intake: what reaches the ward by every channel in one queue, identity apart from opinions, counts and groups of
//! the same text.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::{
    add_columns, added_integer, added_integer_null, added_text, added_text_null, belongs, drop_all, drop_columns,
    drop_index, index, integers, integers_null, refers, texts, texts_null, with_id,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 10] = [
    "identity",
    "attachment",
    "submission_draft",
    "staff_note",
    "saved_view",
    "intake_tally",
    "bulk_import",
    "text_group",
    "text_variant",
    "text_band",
];

const PROPOSAL_COLUMNS: [&str; 14] = [
    "intake",
    "eligibility",
    "received_on",
    "postmarked_on",
    "scribe",
    "correction_note",
    "correction_until",
    "entered_by",
    "assigned_department_id",
    "bulk_import_id",
    "text_variant_id",
    "text_group_id",
    "no_reply",
    "approval_only",
];

/// Indexes on `proposal`, in the order the queue is read.
const PROPOSAL_INDEXES: [&[&str]; 6] = [
    &["consultation_id", "intake", "created_at", "id"],
    &["consultation_id", "channel", "created_at", "id"],
    &["consultation_id", "submitter"],
    &["text_group_id", "id"],
    &["bulk_import_id"],
    &["consultation_id", "form_token"],
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(
            manager,
            "proposal",
            [
                added_text("intake", "accepted"),
                added_text("eligibility", "unknown"),
                // Days, as ISO dates: 収受日 and 消印日, and until when a correction is awaited.
                added_text("received_on", ""),
                added_text_null("postmarked_on"),
                added_text_null("scribe"),
                added_text_null("correction_note"),
                added_text_null("correction_until"),
                added_integer_null("entered_by"),
                added_integer_null("assigned_department_id"),
                added_integer_null("bulk_import_id"),
                added_integer_null("text_variant_id"),
                added_integer_null("text_group_id"),
                added_integer("no_reply", 0),
                added_integer("approval_only", 0),
            ],
        )
        .await?;
        for columns in PROPOSAL_INDEXES {
            index(manager, "proposal", columns, columns.contains(&"form_token")).await?;
        }
        add_columns(
            manager,
            "opinion_item",
            [added_text_null("body"), added_text_null("anchor"), added_integer_null("page")],
        )
        .await?;
        people_and_staff(manager).await?;
        counts_and_groups(manager).await?;
        existing_proposals(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await?;
        for columns in PROPOSAL_INDEXES {
            drop_index(manager, "proposal", columns).await?;
        }
        drop_columns(manager, "opinion_item", &["body", "anchor", "page"]).await?;
        drop_columns(manager, "proposal", &PROPOSAL_COLUMNS).await
    }
}

async fn people_and_staff(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut identity = with_id("identity");
    texts(
        &mut identity,
        &[
            "name",
            "kana",
            "address",
            "phone",
            "email",
            "organisation",
            "representative",
            "workplace",
            "school",
            "interest",
        ],
    );
    texts_null(&mut identity, &["match_key", "locale"]);
    integers(&mut identity, &["consultation_id", "proposal_id", "created_at", "updated_at"]);
    belongs(&mut identity, "identity", "consultation_id", "consultation");
    belongs(&mut identity, "identity", "proposal_id", "proposal");
    manager.create_table(identity).await?;
    index(manager, "identity", &["proposal_id"], true).await?;
    index(manager, "identity", &["consultation_id", "match_key"], false).await?;

    let mut attachment = with_id("attachment");
    texts(&mut attachment, &["kind"]);
    integers(&mut attachment, &["proposal_id", "upload_id", "position", "created_at"]);
    belongs(&mut attachment, "attachment", "proposal_id", "proposal");
    refers(&mut attachment, "attachment", "upload_id", "upload");
    manager.create_table(attachment).await?;
    index(manager, "attachment", &["proposal_id"], false).await?;
    index(manager, "attachment", &["upload_id"], false).await?;

    let mut submission_draft = Table::create();
    submission_draft.table("submission_draft");
    texts(&mut submission_draft, &["token_hash", "payload"]);
    integers(&mut submission_draft, &["consultation_id", "updated_at"]);
    submission_draft.primary_key(Index::create().col("token_hash").col("consultation_id"));
    belongs(&mut submission_draft, "submission_draft", "consultation_id", "consultation");
    manager.create_table(submission_draft).await?;
    index(manager, "submission_draft", &["updated_at"], false).await?;

    let mut staff_note = with_id("staff_note");
    texts(&mut staff_note, &["body"]);
    integers(&mut staff_note, &["proposal_id", "account_id", "created_at"]);
    belongs(&mut staff_note, "staff_note", "proposal_id", "proposal");
    refers(&mut staff_note, "staff_note", "account_id", "account");
    manager.create_table(staff_note).await?;
    index(manager, "staff_note", &["proposal_id"], false).await?;

    let mut saved_view = with_id("saved_view");
    texts(&mut saved_view, &["name", "query"]);
    integers(&mut saved_view, &["account_id", "consultation_id", "created_at"]);
    belongs(&mut saved_view, "saved_view", "account_id", "account");
    belongs(&mut saved_view, "saved_view", "consultation_id", "consultation");
    manager.create_table(saved_view).await?;
    index(manager, "saved_view", &["account_id", "consultation_id"], false).await
}

async fn counts_and_groups(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut tally = Table::create();
    tally.table("intake_tally");
    texts(&mut tally, &["channel", "eligibility", "status", "received_on"]);
    integers(&mut tally, &["consultation_id", "submissions", "opinions", "people"]);
    tally.primary_key(
        Index::create().col("consultation_id").col("channel").col("eligibility").col("status").col("received_on"),
    );
    belongs(&mut tally, "intake_tally", "consultation_id", "consultation");
    manager.create_table(tally).await?;

    let mut bulk_import = with_id("bulk_import");
    texts(&mut bulk_import, &["file_name", "state", "mapping", "problems"]);
    integers(
        &mut bulk_import,
        &["consultation_id", "upload_id", "row_count", "problem_count", "created_at", "created_by"],
    );
    integers_null(&mut bulk_import, &["committed_at", "undone_at", "undone_by"]);
    belongs(&mut bulk_import, "bulk_import", "consultation_id", "consultation");
    refers(&mut bulk_import, "bulk_import", "upload_id", "upload");
    manager.create_table(bulk_import).await?;
    index(manager, "bulk_import", &["consultation_id"], false).await?;

    let mut group = with_id("text_group");
    integers(&mut group, &["consultation_id", "size", "hour", "hour_size", "peak_size", "peak_at", "created_at"]);
    belongs(&mut group, "text_group", "consultation_id", "consultation");
    manager.create_table(group).await?;
    index(manager, "text_group", &["consultation_id", "size", "id"], false).await?;

    let mut variant = with_id("text_variant");
    integers(&mut variant, &["consultation_id", "text_group_id", "fold_hash", "proposal_id", "size"]);
    belongs(&mut variant, "text_variant", "consultation_id", "consultation");
    belongs(&mut variant, "text_variant", "text_group_id", "text_group");
    manager.create_table(variant).await?;
    index(manager, "text_variant", &["consultation_id", "fold_hash"], true).await?;
    index(manager, "text_variant", &["text_group_id", "size", "id"], false).await?;

    let mut band = Table::create();
    band.table("text_band");
    integers(&mut band, &["consultation_id", "band", "text_variant_id"]);
    band.primary_key(Index::create().col("consultation_id").col("band").col("text_variant_id"));
    belongs(&mut band, "text_band", "text_variant_id", "text_variant");
    manager.create_table(band).await?;
    index(manager, "text_band", &["text_variant_id"], false).await
}

/// What is there was received on the day it was sent, and is counted.
async fn existing_proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let day = match manager.get_database_backend() {
        DbBackend::Postgres => "to_char(to_timestamp(created_at / 1000.0) AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD')",
        _ => "strftime('%Y-%m-%d', created_at / 1000 + 32400, 'unixepoch')",
    };
    let db = manager.get_connection();
    db.execute_unprepared(&format!("UPDATE proposal SET received_on = {day}")).await?;
    db.execute_unprepared(REBUILD_TALLY).await?;
    Ok(())
}

/// Counts from nothing: submissions and opinions where they are, each person at the first submission that counts.
const REBUILD_TALLY: &str = r"
INSERT INTO intake_tally (consultation_id, channel, eligibility, status, received_on, submissions, opinions, people)
SELECT f.consultation_id, f.channel, f.eligibility, f.status, f.received_on, COUNT(*), SUM(f.opinions),
       SUM(CASE WHEN f.status = 'accepted' AND f.place = 1 THEN 1 ELSE 0 END)
FROM (
    SELECT p.consultation_id, p.channel, p.eligibility, p.received_on,
           CASE WHEN p.state = 'published' THEN p.intake ELSE p.state END AS status,
           (SELECT COUNT(*) FROM opinion_item i WHERE i.proposal_id = p.id) AS opinions,
           ROW_NUMBER() OVER (
               PARTITION BY p.consultation_id, p.submitter,
                            CASE WHEN p.state = 'published' AND p.intake = 'accepted' THEN 1 ELSE 0 END
               ORDER BY p.id
           ) AS place
    FROM proposal p
) f
GROUP BY f.consultation_id, f.channel, f.eligibility, f.status, f.received_on";
