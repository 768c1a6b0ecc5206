//! The response desk as a whole: gathering, routing, drafting, approval, commitments and corrections.

use sea_orm_migration::prelude::*;

use crate::table::{
    add_columns, added_integer, added_integer_null, added_text, added_text_null, belongs, drop_all, drop_columns,
    index, integers, integers_null, refers, texts, texts_null, with_id,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 13] = [
    "desk_change",
    "referral",
    "summary_routing",
    "plan_change",
    "plan_change_summary",
    "commitment",
    "commitment_progress",
    "approval",
    "approval_step",
    "approval_comment",
    "past_answer",
    "past_answer_term",
    "follow",
];

/// Columns added to tables that are there, for taking them away again.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("chapter", &["pinned_last", "anchor"]),
    ("summary", &["verbatim", "confirmed_by", "confirmed_at", "department_id", "due_on", "reminded_on"]),
    ("summary_item", &["again"]),
    ("opinion_item", &["out_of_scope"]),
    ("ward_view", &["reason", "state", "settled_by", "settled_at"]),
    ("publication", &["approval_id", "note"]),
    ("consultation", &["dispositions", "layout", "publicity", "places", "basis"]),
];

/// An opinion is counted in one row; where it is repeated (再掲) it isn't counted.
const COUNTED_ONCE: &str =
    "CREATE UNIQUE INDEX ux_summary_item_counted ON summary_item (opinion_item_id) WHERE again = 0";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        columns(manager).await?;
        let db = manager.get_connection();
        // Of an opinion in several rows the first row counts it.
        db.execute_unprepared(
            "UPDATE summary_item SET again = 1 WHERE summary_id > (SELECT MIN(o.summary_id) FROM summary_item o \
             WHERE o.opinion_item_id = summary_item.opinion_item_id)",
        )
        .await?;
        db.execute_unprepared(COUNTED_ONCE).await?;
        // What has an answer was answered.
        db.execute_unprepared(
            "UPDATE ward_view SET state = 'settled', settled_by = updated_by, settled_at = updated_at WHERE text <> ''",
        )
        .await?;
        index(manager, "summary", &["department_id", "due_on"], false).await?;
        gathering(manager).await?;
        promises(manager).await?;
        approvals(manager).await?;
        publications(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &TABLES).await?;
        let db = manager.get_connection();
        db.execute_unprepared("DROP INDEX ux_summary_item_counted").await?;
        db.execute_unprepared("DROP INDEX ix_summary_department_id_due_on").await?;
        for (table, names) in COLUMNS {
            drop_columns(manager, table, names).await?;
        }
        Ok(())
    }
}

async fn columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add_columns(manager, "chapter", [added_integer("pinned_last", 0), added_text_null("anchor")]).await?;
    let summary = [
        added_integer("verbatim", 0),
        added_integer_null("confirmed_by"),
        added_integer_null("confirmed_at"),
        // 所管: null is the theme's own department. Days are ISO dates.
        added_integer_null("department_id"),
        added_text_null("due_on"),
        added_text_null("reminded_on"),
    ];
    add_columns(manager, "summary", summary).await?;
    add_columns(manager, "summary_item", [added_integer("again", 0)]).await?;
    add_columns(manager, "opinion_item", [added_text_null("out_of_scope")]).await?;
    let ward_view = [
        added_text("reason", ""),
        added_text("state", "draft"),
        added_integer_null("settled_by"),
        added_integer_null("settled_at"),
    ];
    add_columns(manager, "ward_view", ward_view).await?;
    add_columns(manager, "publication", [added_integer_null("approval_id"), added_text("note", "")]).await?;
    let consultation = [
        // JSON; '' is what the ward uses.
        added_text("dispositions", ""),
        added_text("layout", ""),
        added_text("publicity", ""),
        added_text("places", ""),
        added_text("basis", ""),
    ];
    add_columns(manager, "consultation", consultation).await
}

async fn gathering(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut change = with_id("desk_change");
    texts(&mut change, &["kind", "label", "changes"]);
    integers(&mut change, &["consultation_id", "created_at", "created_by"]);
    integers_null(&mut change, &["undone_at", "undone_by"]);
    belongs(&mut change, "desk_change", "consultation_id", "consultation");
    manager.create_table(change).await?;
    index(manager, "desk_change", &["consultation_id", "id"], false).await?;

    let mut referral = with_id("referral");
    texts(&mut referral, &["question", "answer"]);
    texts_null(&mut referral, &["due_on", "reminded_on"]);
    integers(&mut referral, &["consultation_id", "summary_id", "department_id", "asked_by", "asked_at"]);
    integers_null(&mut referral, &["answered_by", "answered_at", "withdrawn_at"]);
    belongs(&mut referral, "referral", "consultation_id", "consultation");
    belongs(&mut referral, "referral", "summary_id", "summary");
    refers(&mut referral, "referral", "department_id", "department");
    manager.create_table(referral).await?;
    index(manager, "referral", &["summary_id"], false).await?;
    index(manager, "referral", &["department_id", "answered_at"], false).await?;

    let mut routing = with_id("summary_routing");
    texts(&mut routing, &["note"]);
    texts_null(&mut routing, &["due_on"]);
    integers(&mut routing, &["consultation_id", "summary_id", "to_department_id", "created_by", "created_at"]);
    integers_null(&mut routing, &["from_department_id"]);
    belongs(&mut routing, "summary_routing", "summary_id", "summary");
    manager.create_table(routing).await?;
    index(manager, "summary_routing", &["summary_id"], false).await
}

async fn promises(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut change = with_id("plan_change");
    texts(&mut change, &["place", "before_text", "after_text", "reason"]);
    integers(&mut change, &["consultation_id", "position", "version", "updated_at", "updated_by"]);
    belongs(&mut change, "plan_change", "consultation_id", "consultation");
    manager.create_table(change).await?;
    index(manager, "plan_change", &["consultation_id", "position"], false).await?;

    let mut link = Table::create();
    link.table("plan_change_summary");
    integers(&mut link, &["plan_change_id", "summary_id"]);
    link.primary_key(Index::create().col("plan_change_id").col("summary_id"));
    belongs(&mut link, "plan_change_summary", "plan_change_id", "plan_change");
    belongs(&mut link, "plan_change_summary", "summary_id", "summary");
    manager.create_table(link).await?;
    index(manager, "plan_change_summary", &["summary_id"], false).await?;

    // A promise stays when the answer it was given in is written anew: no foreign key to it.
    let mut commitment = with_id("commitment");
    texts(&mut commitment, &["text", "owner", "state"]);
    texts_null(&mut commitment, &["due_on", "reminded_on"]);
    integers(
        &mut commitment,
        &["consultation_id", "ward_view_id", "department_id", "version", "created_at", "updated_at", "updated_by"],
    );
    integers_null(&mut commitment, &["public_at"]);
    belongs(&mut commitment, "commitment", "consultation_id", "consultation");
    refers(&mut commitment, "commitment", "department_id", "department");
    manager.create_table(commitment).await?;
    index(manager, "commitment", &["consultation_id"], false).await?;
    index(manager, "commitment", &["department_id", "state"], false).await?;
    index(manager, "commitment", &["ward_view_id"], false).await?;

    let mut progress = with_id("commitment_progress");
    texts(&mut progress, &["state", "body"]);
    integers(&mut progress, &["commitment_id", "created_at", "created_by"]);
    belongs(&mut progress, "commitment_progress", "commitment_id", "commitment");
    manager.create_table(progress).await?;
    index(manager, "commitment_progress", &["commitment_id"], false).await
}

async fn approvals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut approval = with_id("approval");
    // The table as it is put up for decision, which row answers which item, and the check sum of both.
    texts(&mut approval, &["state", "response_table", "links", "sha256", "note", "comment"]);
    integers(&mut approval, &["consultation_id", "created_at", "created_by"]);
    integers_null(&mut approval, &["closed_at"]);
    belongs(&mut approval, "approval", "consultation_id", "consultation");
    refers(&mut approval, "approval", "created_by", "account");
    manager.create_table(approval).await?;
    index(manager, "approval", &["consultation_id", "id"], false).await?;

    let mut step = with_id("approval_step");
    texts(&mut step, &["name", "role", "state", "comment"]);
    integers(&mut step, &["approval_id", "position"]);
    integers_null(&mut step, &["decided_by", "decided_at"]);
    belongs(&mut step, "approval_step", "approval_id", "approval");
    manager.create_table(step).await?;
    index(manager, "approval_step", &["approval_id", "position"], true).await?;

    let mut comment = with_id("approval_comment");
    texts(&mut comment, &["body"]);
    integers(&mut comment, &["approval_id", "account_id", "created_at"]);
    belongs(&mut comment, "approval_comment", "approval_id", "approval");
    refers(&mut comment, "approval_comment", "account_id", "account");
    manager.create_table(comment).await?;
    index(manager, "approval_comment", &["approval_id"], false).await
}

async fn publications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // What was answered before, for finding it again while drafting: rows of the newest public version of each theme.
    let mut answer = with_id("past_answer");
    texts(&mut answer, &["number", "text", "answer", "department"]);
    texts_null(&mut answer, &["disposition"]);
    integers(&mut answer, &["publication_id", "consultation_id", "summary_id", "ward_view_id", "published_at"]);
    belongs(&mut answer, "past_answer", "publication_id", "publication");
    manager.create_table(answer).await?;
    index(manager, "past_answer", &["publication_id"], false).await?;

    let mut term = Table::create();
    term.table("past_answer_term");
    texts(&mut term, &["term"]);
    integers(&mut term, &["past_answer_id"]);
    term.primary_key(Index::create().col("term").col("past_answer_id"));
    belongs(&mut term, "past_answer_term", "past_answer_id", "past_answer");
    manager.create_table(term).await?;
    index(manager, "past_answer_term", &["past_answer_id"], false).await?;

    let mut follow = Table::create();
    follow.table("follow");
    integers(&mut follow, &["account_id", "consultation_id", "created_at"]);
    follow.primary_key(Index::create().col("account_id").col("consultation_id"));
    belongs(&mut follow, "follow", "account_id", "account");
    belongs(&mut follow, "follow", "consultation_id", "consultation");
    manager.create_table(follow).await?;
    index(manager, "follow", &["consultation_id"], false).await
}
