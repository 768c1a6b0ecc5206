//! The database connection: one code path for SQLite and PostgreSQL.

use std::time::Duration;

use anyhow::Context as _;
use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

/// A pool of connections.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
}

impl Database {
    /// Connects; an SQLite file is created when it isn't there.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(10))
            .sqlx_logging(false)
            .record_stmt_in_spans(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .journal_mode(SqliteJournalMode::Wal)
                    // FULL: what was acknowledged survives a power cut as well, not only a crash of ours.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(20))
                    .foreign_keys(true)
                    .pragma("temp_store", "memory")
            });
        let connection = sea_orm::Database::connect(options).await.context("can't open the database")?;
        Ok(Self { connection })
    }

    /// For reading.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): a deferred
    /// one could fail in the middle. Dropped without `commit`, it is rolled back.
    ///
    /// # Errors
    /// When the database is away or busy for too long.
    pub async fn write(&self) -> Result<DatabaseTransaction, DbErr> {
        self.connection
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }

    /// Calls `count` for every SQL statement, for tests that count them.
    pub fn on_statement(&mut self, count: impl Fn() + Send + Sync + 'static) {
        self.connection.set_metric_callback(move |_| count());
    }

    /// Closes the pool and writes SQLite's log back into the file.
    pub async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }
}
