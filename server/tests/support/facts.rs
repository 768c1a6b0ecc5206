//! Looking into and arranging a site from behind: raw SQL, the clock, other settings.

use std::net::SocketAddr;

use domain::Millis;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use server::{config::Config, mail::worker};

use super::{Browser, Site};

impl Site {
    /// The same database under other settings; the clock stands at noon again.
    pub async fn reopened(self, change: impl FnOnce(&mut Config)) -> Self {
        let url = self.app.config.database_url();
        Self::open(&url, self.directory, change).await
    }

    /// A browser that comes from another address than the rest.
    pub fn visitor_at(&self, ip: [u8; 4]) -> Browser {
        Browser::new(self.router.clone(), SocketAddr::from((ip, 40_000)))
    }

    /// Makes every change of a table take its time on PostgreSQL, so that what is asked at once meets at once. SQLite's
    /// writers come one by one anyway.
    pub async fn slow(&self, table: &str) {
        if self.app.database.reader().get_database_backend() == DbBackend::Postgres {
            self.sql(&format!(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; \
                 END $$; CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION slow()"
            ))
            .await;
        }
    }

    /// Lets time pass.
    pub fn pass(&self, ms: Millis) {
        self.clock.set(self.clock.now() + ms);
    }

    /// Changes something that no page changes.
    pub async fn sql(&self, statement: &str) {
        let tx = self.app.database.write().await.unwrap();
        tx.execute_unprepared(statement).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn rows(&self, query: &str) -> Vec<QueryResult> {
        let db = self.app.database.reader();
        db.query_all_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap()
    }

    /// The first column of a query, as numbers.
    pub async fn numbers(&self, query: &str) -> Vec<i64> {
        self.rows(query).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// The number a query gives.
    pub async fn number(&self, query: &str) -> i64 {
        self.numbers(query).await.pop().unwrap_or_else(|| panic!("nothing: {query}"))
    }

    /// The first column of a query, as texts.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        self.rows(query).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Sends what is due once; gives how many mails were tried.
    pub async fn deliver(&self) -> usize {
        worker::deliver(&self.app, &self.transport).await.unwrap()
    }

    /// Ends a theme's period yesterday.
    pub async fn close(&self, theme: i64) {
        let today = domain::wareki::start_of_day_ms(domain::wareki::date_of(self.clock.now()));
        let (opens, closes) = (today - 20 * super::DAY, today - 1);
        self.sql(&format!("UPDATE consultation SET opens_at = {opens}, closes_at = {closes} WHERE id = {theme}")).await;
    }
}
