//! The intake queue: every submission of a theme in the order of receipt. Whatever it is narrowed to, a page is read
//! off an index and nothing is sorted, so that it takes as long with two hundred thousand submissions as with a
//! thousand. Identity is not in it.

mod bulk;
mod counts;
mod item;
mod views;

use chrono::NaiveDate;
use domain::{Channel, IntakeState, Millis, ReceiptNumber};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

pub use bulk::{Mark, lock, mark, note_all};
pub use counts::{Cell, cells, unread};
pub use item::{Facts, LinkedItem, entrusted, facts, linked_items, writings};
pub use views::{delete_view, put_view, views};

/// Characters of a text in the list.
const EXCERPT: i64 = 240;

/// Whose task a submission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assigned {
    /// Nobody's.
    Nobody,
    /// A department's.
    To(i64),
}

/// What the queue is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// See [`IntakeState::status`].
    pub status: Option<&'static str>,
    /// 経路.
    pub channel: Option<Channel>,
    /// The code of an eligibility.
    pub eligibility: Option<&'static str>,
    /// The department it is assigned to.
    pub assigned: Option<Assigned>,
    /// 収受日 from this day on.
    pub from: Option<NaiveDate>,
    /// 収受日 up to this day.
    pub to: Option<NaiveDate>,
    /// Group of the same text.
    pub group: Option<i64>,
    /// Words that have to be in the title or the text.
    pub q: String,
    /// 受付番号.
    pub number: Option<ReceiptNumber>,
    /// The import that brought it in.
    pub import: Option<i64>,
    /// A paragraph of the draft that one of its opinions is about.
    pub anchor: Option<String>,
    /// A page of the draft that one of its opinions is about.
    pub page: Option<i64>,
}

impl Filter {
    /// Whether the kept counts know how many fit.
    #[must_use]
    pub fn is_tallied(&self) -> bool {
        let apart = Self {
            status: None,
            channel: None,
            eligibility: None,
            from: None,
            to: None,
            q: self.q.trim().to_owned(),
            ..self.clone()
        };
        apart == Self::default()
    }

    /// Whether it is one group, whole: groups know how many are in them.
    #[must_use]
    pub fn is_whole_group(&self) -> bool {
        Self { group: None, ..self.clone() } == Self::default() && self.group.is_some()
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What was received last comes first.
    #[default]
    Newest,
    /// What was received first comes first.
    Oldest,
}

/// Where a page of the list starts: behind this submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// 収受日.
    pub day: NaiveDate,
    /// When it was entered.
    pub at: Millis,
    /// Its id.
    pub id: i64,
}

impl After {
    /// Reads `2026-11-05.1795000000000.12`, as links carry it; what can't be read is nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let day = NaiveDate::parse_from_str(parts.next()?, "%Y-%m-%d").ok()?;
        Some(Self { day, at: parts.next()?.parse().ok()?, id: parts.next()?.parse().ok()? })
    }
}

impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.day, self.at, self.id)
    }
}

/// A submission in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    /// Its id.
    pub id: i64,
    /// 受付番号.
    pub receipt_number: String,
    /// 受付日時.
    pub created_at: Millis,
    /// 収受日, ISO.
    pub received_on: String,
    /// 消印日, ISO.
    pub postmarked_on: Option<String>,
    /// 経路.
    pub channel: String,
    /// 応募資格.
    pub eligibility: String,
    /// Whether it is shown.
    pub state: String,
    /// Where it stands.
    pub intake: String,
    /// Title.
    pub title: Option<String>,
    /// The beginning of its text.
    pub excerpt: String,
    /// The department it is assigned to.
    pub assigned_department_id: Option<i64>,
    /// 回答対象外.
    pub no_reply: i64,
    /// 賛否のみ.
    pub approval_only: i64,
    /// Group of the same text.
    pub text_group_id: Option<i64>,
    /// How many are in that group.
    pub group_size: Option<i64>,
    /// 意見件数.
    pub opinions: i64,
    /// Notes of staff.
    pub notes: i64,
}

/// A statement that grows.
struct Query {
    backend: DbBackend,
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn new(backend: DbBackend, sql: impl Into<String>) -> Self {
        Self { backend, sql: sql.into(), values: vec![] }
    }

    /// Takes a value; gives what stands for it.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.push(" AND ");
        self.push(&condition.replace('?', &place));
    }

    fn narrow(&mut self, consultation: i64, filter: &Filter) {
        // A group is read off its own index: the sign keeps SQLite, which knows no sizes, from the theme's.
        let sqlite = self.backend == DbBackend::Sqlite;
        let theme = if sqlite && filter.group.is_some() { "+p.consultation_id" } else { "p.consultation_id" };
        let place = self.bind(consultation);
        self.push(&format!(" WHERE {theme} = {place}"));
        match filter.status {
            Some(status) if IntakeState::from_code(status).is_some() => {
                self.and("p.intake = ?", status);
                self.push(" AND p.state = 'published'");
            }
            Some(status) => {
                // Word for word the condition of the index on these few.
                self.push(" AND p.state <> 'published'");
                self.and("p.state = ?", status);
            }
            None => {}
        }
        if let Some(channel) = filter.channel {
            self.and("p.channel = ?", channel.code());
        }
        if let Some(eligibility) = filter.eligibility {
            self.and("p.eligibility = ?", eligibility);
        }
        match filter.assigned {
            Some(Assigned::Nobody) => self.push(" AND p.assigned_department_id IS NULL"),
            Some(Assigned::To(department)) => self.and("p.assigned_department_id = ?", department),
            None => {}
        }
        if let Some(day) = filter.from {
            self.and("p.received_on >= ?", day.to_string());
        }
        if let Some(day) = filter.to {
            self.and("p.received_on <= ?", day.to_string());
        }
        if let Some(group) = filter.group {
            self.and("p.text_group_id = ?", group);
        }
        if let Some(number) = &filter.number {
            self.and("p.receipt_number = ?", number.as_str());
        }
        if let Some(import) = filter.import {
            self.and("p.bulk_import_id = ?", import);
        }
        if let Some(anchor) = &filter.anchor {
            let about = "EXISTS (SELECT 1 FROM opinion_item i WHERE i.proposal_id = p.id AND i.anchor = ?)";
            self.and(about, anchor.as_str());
        }
        if let Some(page) = filter.page {
            self.and("EXISTS (SELECT 1 FROM opinion_item i WHERE i.proposal_id = p.id AND i.page = ?)", page);
        }
        for word in filter.q.split_whitespace().take(8) {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            self.and("(p.body LIKE ? ESCAPE '\\' OR p.title LIKE ? ESCAPE '\\')", format!("%{escaped}%"));
        }
    }

    fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.backend, self.sql, self.values)
    }
}

/// The statement of [`page`]; a test looks at how it is carried out.
#[must_use]
pub fn page_statement(
    backend: DbBackend,
    consultation: i64,
    filter: &Filter,
    order: Order,
    after: Option<After>,
    limit: u64,
) -> Statement {
    let mut query = Query::new(
        backend,
        format!(
            "SELECT p.id, p.receipt_number, p.created_at, p.received_on, p.postmarked_on, p.channel, p.eligibility, \
         p.state, p.intake, p.title, substr(p.body, 1, {EXCERPT}) AS excerpt, p.assigned_department_id, p.no_reply, \
         p.approval_only, p.text_group_id, \
         (SELECT g.size FROM text_group g WHERE g.id = p.text_group_id) AS group_size, \
         (SELECT COUNT(*) FROM opinion_item i WHERE i.proposal_id = p.id) AS opinions, \
         (SELECT COUNT(*) FROM staff_note n WHERE n.proposal_id = p.id) AS notes \
         FROM proposal p"
        ),
    );
    query.narrow(consultation, filter);
    let (sign, way) = match order {
        Order::Newest => ('<', "DESC"),
        Order::Oldest => ('>', "ASC"),
    };
    if let Some(after) = after {
        let (day, at, id) = (query.bind(after.day.to_string()), query.bind(after.at), query.bind(after.id));
        query.push(&format!(" AND (p.received_on, p.created_at, p.id) {sign} ({day}, {at}, {id})"));
    }
    query.push(" ORDER BY ");
    if filter.assigned == Some(Assigned::Nobody) {
        // One value for all of them, but PostgreSQL doesn't know that nothing equals nothing.
        query.push(&format!("p.assigned_department_id {way}, "));
    }
    let limit = query.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    query.push(&format!("p.received_on {way}, p.created_at {way}, p.id {way} LIMIT {limit}"));
    query.statement()
}

/// One page of the queue, by keyset: the page after `after`.
///
/// # Errors
/// When the database is away.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    filter: &Filter,
    order: Order,
    after: Option<After>,
    limit: u64,
) -> Result<Vec<Line>, DbErr> {
    let statement = page_statement(db.get_database_backend(), consultation, filter, order, after, limit);
    Line::find_by_statement(statement).all(db).await
}

/// How many fit the filter; counts no further than `cap`.
///
/// # Errors
/// When the database is away.
pub async fn count_to<C: ConnectionTrait>(db: &C, consultation: i64, filter: &Filter, cap: i64) -> Result<i64, DbErr> {
    let mut query = Query::new(db.get_database_backend(), "SELECT COUNT(*) AS n FROM (SELECT 1 FROM proposal p");
    query.narrow(consultation, filter);
    let cap = query.bind(cap);
    query.push(&format!(" LIMIT {cap}) f"));
    number(db, query).await
}

async fn number<C: ConnectionTrait>(db: &C, query: Query) -> Result<i64, DbErr> {
    let row = db.query_one_raw(query.statement()).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// How many fit the filter, from the kept counts; only for filters they know ([`Filter::is_tallied`]).
///
/// # Errors
/// When the database is away.
pub async fn tallied<C: ConnectionTrait>(db: &C, consultation: i64, filter: &Filter) -> Result<i64, DbErr> {
    let mut query = Query::new(
        db.get_database_backend(),
        "SELECT CAST(COALESCE(SUM(p.submissions), 0) AS BIGINT) AS n FROM intake_tally p WHERE 1 = 1",
    );
    query.and("p.consultation_id = ?", consultation);
    if let Some(status) = filter.status {
        query.and("p.status = ?", status);
    }
    if let Some(channel) = filter.channel {
        query.and("p.channel = ?", channel.code());
    }
    if let Some(eligibility) = filter.eligibility {
        query.and("p.eligibility = ?", eligibility);
    }
    if let Some(day) = filter.from {
        query.and("p.received_on >= ?", day.to_string());
    }
    if let Some(day) = filter.to {
        query.and("p.received_on <= ?", day.to_string());
    }
    number(db, query).await
}

/// The ids that fit the filter, at most `limit`, in order of id.
///
/// # Errors
/// When the database is away.
pub async fn ids<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<i64>, DbErr> {
    let mut query = Query::new(db.get_database_backend(), "SELECT p.id FROM proposal p");
    query.narrow(consultation, filter);
    let limit = query.bind(limit);
    query.push(&format!(" LIMIT {limit}"));
    let rows = db.query_all_raw(query.statement()).await?;
    let mut ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<i64>, DbErr>>()?;
    ids.sort_unstable();
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use migrations::MigratorTrait as _;
    use sea_orm::{ConnectionTrait as _, Database};

    use super::*;

    #[test]
    fn the_place_in_the_list_survives_its_link() {
        let after = After { day: NaiveDate::from_ymd_opt(2026, 11, 5).unwrap(), at: 1_795_000_000_000, id: 12 };
        assert_eq!(After::parse(&after.to_string()), Some(after));
        for bad in ["", "1.2.3", "2026-11-05.1", "2026-11-05.x.1", "2026-11-05.1.2.3"] {
            assert_eq!(After::parse(bad), None, "{bad}");
        }
    }

    /// How SQLite carries a page out.
    async fn plan(filter: &Filter, order: Order, after: Option<After>) -> String {
        let db = Database::connect("sqlite::memory:").await.unwrap();
        migrations::Migrator::up(&db, None).await.unwrap();
        let mut statement = page_statement(DbBackend::Sqlite, 1, filter, order, after, 51);
        statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let steps = db.query_all_raw(statement).await.unwrap();
        steps.iter().map(|s| s.try_get::<String>("", "detail").unwrap()).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn every_page_is_read_off_an_index_and_nothing_is_sorted() {
        let all = Filter::default;
        let day = NaiveDate::from_ymd_opt(2026, 11, 5);
        let cases = [
            (all(), "(consultation_id=?"),
            (Filter { status: Some("late"), ..all() }, "(consultation_id=? AND intake=?"),
            (Filter { status: Some("hidden"), ..all() }, "ix_proposal_not_shown (consultation_id=? AND state=?"),
            (Filter { channel: Some(Channel::Fax), ..all() }, "(consultation_id=? AND channel=?"),
            (Filter { eligibility: Some("unknown"), ..all() }, "(consultation_id=? AND eligibility=?"),
            (Filter { assigned: Some(Assigned::Nobody), ..all() }, "(consultation_id=? AND assigned_department_id=?"),
            (Filter { assigned: Some(Assigned::To(3)), ..all() }, "(consultation_id=? AND assigned_department_id=?"),
            (Filter { from: day, to: day, ..all() }, "(consultation_id=? AND received_on>? AND received_on<?"),
            (Filter { group: Some(7), ..all() }, "(text_group_id=?"),
            (Filter { q: "豪雨".to_owned(), ..all() }, "(consultation_id=?"),
            (Filter { number: ReceiptNumber::parse("R8-K7QM-3F2T"), ..all() }, "(receipt_number=?"),
            (
                Filter { status: Some("unread"), channel: Some(Channel::Web), from: day, ..all() },
                "(consultation_id=? AND ",
            ),
        ];
        let place = day.map(|day| After { day, at: 1, id: 1 });
        for (filter, index) in cases {
            for (order, after) in [(Order::Newest, None), (Order::Newest, place), (Order::Oldest, place)] {
                let plan = plan(&filter, order, after).await;
                assert!(plan.contains(index), "{filter:?} {order:?}:\n{plan}");
                assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN p"), "{filter:?} {order:?}:\n{plan}");
            }
        }
    }
}
