//! The intake queue in the order of receipt, read off an index whatever it is narrowed to; and files that wait for
//! their deletion.

use sea_orm_migration::prelude::*;

use crate::table::{drop_index, index, integers, texts};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Indexes in the order of the day of receipt, then of the time of entry. A letter that is entered two days late
/// stands where it was received.
const IN_ORDER: [&[&str]; 6] = [
    &["consultation_id", "received_on", "created_at", "id"],
    &["consultation_id", "intake", "received_on", "created_at", "id"],
    &["consultation_id", "channel", "received_on", "created_at", "id"],
    &["consultation_id", "eligibility", "received_on", "created_at", "id"],
    &["consultation_id", "assigned_department_id", "received_on", "created_at", "id"],
    &["text_group_id", "received_on", "created_at", "id"],
];

/// What they replace.
const IN_ORDER_OF_ENTRY: [&[&str]; 2] =
    [&["consultation_id", "intake", "created_at", "id"], &["consultation_id", "channel", "created_at", "id"]];

/// Hidden and withdrawn submissions are few: the index holds nothing but them.
const NOT_SHOWN: &str = "CREATE INDEX ix_proposal_not_shown \
     ON proposal (consultation_id, state, received_on, created_at, id) WHERE state <> 'published'";

/// What a department was asked to look at, over all themes.
const ASSIGNED: &str = "CREATE INDEX ix_proposal_assigned ON proposal (assigned_department_id, id) \
     WHERE assigned_department_id IS NOT NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in IN_ORDER_OF_ENTRY {
            drop_index(manager, "proposal", columns).await?;
        }
        for columns in IN_ORDER {
            index(manager, "proposal", columns, false).await?;
        }
        manager.get_connection().execute_unprepared(NOT_SHOWN).await?;
        manager.get_connection().execute_unprepared(ASSIGNED).await?;

        let mut disposal = Table::create();
        disposal.table("file_disposal");
        texts(&mut disposal, &["sha256"]);
        integers(&mut disposal, &["created_at"]);
        disposal.primary_key(Index::create().col("sha256"));
        manager.create_table(disposal).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("file_disposal").to_owned()).await?;
        for name in ["ix_proposal_assigned", "ix_proposal_not_shown"] {
            manager.drop_index(Index::drop().name(name).table("proposal").to_owned()).await?;
        }
        for columns in IN_ORDER {
            drop_index(manager, "proposal", columns).await?;
        }
        for columns in IN_ORDER_OF_ENTRY {
            index(manager, "proposal", columns, false).await?;
        }
        Ok(())
    }
}
