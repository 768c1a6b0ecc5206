//! The database schema: one file per change, each runs up and down on SQLite and PostgreSQL and keeps existing data.
//!
//! House rules: ids are `i64`, times are `i64` milliseconds since 1970 UTC set in Rust, states are short text codes.

mod m20261121_000001_accounts;
mod m20261121_000002_consultations;
mod m20261121_000003_proposals;
mod m20261121_000004_responses;
mod m20261121_000005_mail_and_audit;
mod m20261121_000006_public_comment;
mod m20261121_000007_intake;
mod m20261121_000011_intake_lists;
mod m20261121_000012_response_desk;
mod m20261121_000013_renditions;
mod table;

pub use sea_orm_migration::{MigratorTrait, MigratorTraitSelf};

/// All migrations in order.
#[derive(Debug)]
pub struct Migrator;

#[sea_orm_migration::async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_accounts::Migration),
            Box::new(m20261121_000002_consultations::Migration),
            Box::new(m20261121_000003_proposals::Migration),
            Box::new(m20261121_000004_responses::Migration),
            Box::new(m20261121_000005_mail_and_audit::Migration),
            Box::new(m20261121_000006_public_comment::Migration),
            Box::new(m20261121_000007_intake::Migration),
            Box::new(m20261121_000011_intake_lists::Migration),
            Box::new(m20261121_000012_response_desk::Migration),
            Box::new(m20261121_000013_renditions::Migration),
        ]
    }
}
