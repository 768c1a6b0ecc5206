//! The database connection: one code path for SQLite and PostgreSQL.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use sea_orm::{
    ConnAcquireErr, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a writer waits for its turn: longer than the longest there is (an import of 200,000 rows holds SQLite's write
/// lock for about 33 seconds), and just under the minute that an ordinary route may take, so that the waiting ends with
/// an answer of ours.
const PATIENCE: Duration = Duration::from_secs(55);

/// A pool of connections.
#[derive(Clone, Debug)]
pub struct Database {
    connection: DatabaseConnection,
    /// SQLite takes one writer at a time. Waiting here is fair and wakes at once; SQLite itself would sleep and try again.
    turn: Option<Arc<Semaphore>>,
    /// Counts what was written through this pool.
    writes: Arc<AtomicU64>,
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
                    // For writers of other processes.
                    .busy_timeout(PATIENCE)
                    .foreign_keys(true)
                    // A page of a list at once: each wait for the next row would cost a change of threads.
                    .row_buffer_size(256)
                    .pragma("temp_store", "memory")
            });
        let connection = sea_orm::Database::connect(options).await.context("can't open the database")?;
        let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
        Ok(Self { connection, turn: sqlite.then(|| Arc::new(Semaphore::new(1))), writes: Arc::default() })
    }

    /// For reading.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// How often something was written through this pool: a number that has not changed means that nothing has.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): a deferred
    /// one could fail in the middle. Dropped without `commit`, it is rolled back.
    ///
    /// # Errors
    /// When the database is away or busy for too long.
    pub async fn write(&self) -> Result<WriteTransaction, DbErr> {
        let turn = match &self.turn {
            Some(turn) => Some(
                tokio::time::timeout(PATIENCE, turn.clone().acquire_owned())
                    .await
                    .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                    .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?,
            ),
            None => None,
        };
        let inner = self
            .connection
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        Ok(WriteTransaction { inner, writes: self.writes.clone(), _turn: turn })
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

/// A transaction that writes. Dropped without [`commit`](Self::commit), it is rolled back.
#[derive(Debug)]
pub struct WriteTransaction {
    inner: DatabaseTransaction,
    writes: Arc<AtomicU64>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl WriteTransaction {
    /// Makes the changes last: when this returns, they survive a crash.
    ///
    /// # Errors
    /// When the database refuses; then nothing was changed.
    pub async fn commit(self) -> Result<(), DbErr> {
        let done = self.inner.commit().await;
        // Also when it failed: what came of it is not known for sure then.
        self.writes.fetch_add(1, Ordering::SeqCst);
        done
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for WriteTransaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}
