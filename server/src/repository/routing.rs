//! Rows given to departments, questions to other departments, and the board of each.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, Statement, Value, sea_query::Expr,
};

use crate::entity::{referral, summary, summary_routing};

/// Gives rows to a department; `None` is the theme's own.
///
/// # Errors
/// When the database refuses.
pub async fn give<C: ConnectionTrait>(
    tx: &C,
    rows: &[i64],
    department: Option<i64>,
    due_on: Option<&str>,
) -> Result<(), DbErr> {
    for some in rows.chunks(500) {
        summary::Entity::update_many()
            .col_expr(summary::Column::DepartmentId, Expr::value(department))
            .col_expr(summary::Column::DueOn, Expr::value(due_on.map(str::to_owned)))
            .filter(summary::Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Writes down that rows were given.
///
/// # Errors
/// When the database refuses.
pub async fn note<C: ConnectionTrait>(tx: &C, events: Vec<summary_routing::ActiveModel>) -> Result<(), DbErr> {
    for some in events.chunks(500) {
        summary_routing::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// To whom a row was given so far, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn history<C: ConnectionTrait>(db: &C, row: i64) -> Result<Vec<summary_routing::Model>, DbErr> {
    summary_routing::Entity::find()
        .filter(summary_routing::Column::SummaryId.eq(row))
        .order_by_desc(summary_routing::Column::Id)
        .all(db)
        .await
}

/// The questions about a row, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn referrals<C: ConnectionTrait>(db: &C, row: i64) -> Result<Vec<referral::Model>, DbErr> {
    referral::Entity::find()
        .filter(referral::Column::SummaryId.eq(row))
        .order_by_desc(referral::Column::Id)
        .all(db)
        .await
}

/// One question.
///
/// # Errors
/// When the database is away.
pub async fn referral<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<referral::Model>, DbErr> {
    referral::Entity::find_by_id(id).one(db).await
}

/// Whether a department was asked about a row and the question stands.
///
/// # Errors
/// When the database is away.
pub async fn is_asked<C: ConnectionTrait>(db: &C, row: i64, department: i64) -> Result<bool, DbErr> {
    let found = referral::Entity::find()
        .filter(referral::Column::SummaryId.eq(row))
        .filter(referral::Column::DepartmentId.eq(department))
        .filter(referral::Column::WithdrawnAt.is_null())
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Asks (without id), or notes what became of a question.
///
/// # Errors
/// When the database refuses.
pub async fn put_referral<C: ConnectionTrait>(tx: &C, row: referral::ActiveModel) -> Result<referral::Model, DbErr> {
    if row.id.is_unchanged() { row.update(tx).await } else { row.insert(tx).await }
}

/// How far a department has come with its rows of a theme.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Progress {
    /// The department.
    pub department_id: i64,
    /// Rows it has.
    pub row_count: i64,
    /// Rows without a settled answer.
    pub unanswered: i64,
    /// Of these, rows whose day is over.
    pub overdue: i64,
    /// The earliest day of an unanswered row.
    pub next_due: Option<String>,
}

/// Whether a row's answer is settled.
const SETTLED: &str = "(w.state = 'settled' AND w.text <> '')";

/// How far each department has come with a theme. `today` is an ISO date.
///
/// # Errors
/// When the database is away.
pub async fn progress<C: ConnectionTrait>(db: &C, consultation: i64, today: &str) -> Result<Vec<Progress>, DbErr> {
    let sql = format!(
        "SELECT COALESCE(s.department_id, c.department_id) AS department_id, COUNT(*) AS row_count, \
         CAST(SUM(CASE WHEN w.id IS NOT NULL AND {SETTLED} THEN 0 ELSE 1 END) AS BIGINT) AS unanswered, \
         CAST(SUM(CASE WHEN (w.id IS NULL OR NOT {SETTLED}) AND s.due_on < $2 THEN 1 ELSE 0 END) AS BIGINT) AS overdue, \
         MIN(CASE WHEN w.id IS NULL OR NOT {SETTLED} THEN s.due_on END) AS next_due \
         FROM summary s JOIN consultation c ON c.id = s.consultation_id LEFT JOIN ward_view w ON w.id = s.ward_view_id \
         WHERE s.consultation_id = $1 GROUP BY COALESCE(s.department_id, c.department_id) ORDER BY 1"
    );
    let values = [consultation.into(), today.into()];
    Progress::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// A row on a department's board.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct BoardRow {
    /// The summary's id.
    pub id: i64,
    /// The theme.
    pub consultation_id: i64,
    /// The theme's title.
    pub theme: String,
    /// 要旨.
    pub text: String,
    /// Until when, as an ISO date.
    pub due_on: Option<String>,
    /// `''` without an answer, else the answer's state.
    pub state: String,
    /// The key after which the next page begins.
    pub sort_key: String,
}

/// Rows of a department, the most urgent first, after `after` (sort key and id). Settled ones with `settled`, else those
/// that still need an answer.
///
/// # Errors
/// When the database is away.
pub async fn board<C: ConnectionTrait>(
    db: &C,
    department: i64,
    settled: bool,
    after: Option<(String, i64)>,
    limit: u64,
) -> Result<Vec<BoardRow>, DbErr> {
    let is = if settled { "" } else { "NOT" };
    let mut values: Vec<Value> = vec![department.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let beyond = match after {
        Some((key, id)) => {
            values.extend([key.into(), id.into()]);
            "AND (COALESCE(s.due_on, '9999-12-31') > $3 OR (COALESCE(s.due_on, '9999-12-31') = $3 AND s.id > $4))"
        }
        None => "",
    };
    let sql = format!(
        "SELECT s.id, s.consultation_id, c.title AS theme, s.text, s.due_on, \
         COALESCE(CASE WHEN w.text <> '' THEN w.state END, '') AS state, \
         COALESCE(s.due_on, '9999-12-31') AS sort_key \
         FROM summary s JOIN consultation c ON c.id = s.consultation_id LEFT JOIN ward_view w ON w.id = s.ward_view_id \
         WHERE (s.department_id = $1 OR (s.department_id IS NULL AND c.department_id = $1)) \
         AND {is} (w.id IS NOT NULL AND {SETTLED}) {beyond} ORDER BY sort_key, s.id LIMIT $2"
    );
    BoardRow::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// How many rows of a department need an answer, and how many of these are overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct BoardCounts {
    /// Rows without a settled answer.
    pub unanswered: i64,
    /// Of these, rows whose day is over.
    pub overdue: i64,
    /// Rows with a settled answer.
    pub settled: i64,
    /// Open questions to the department.
    pub asked: i64,
}

/// The figures of a department's board.
///
/// # Errors
/// When the database is away.
pub async fn counts<C: ConnectionTrait>(db: &C, department: i64, today: &str) -> Result<BoardCounts, DbErr> {
    let sql = format!(
        "SELECT COALESCE(CAST(SUM(CASE WHEN w.id IS NOT NULL AND {SETTLED} THEN 0 ELSE 1 END) AS BIGINT), 0) AS unanswered, \
         COALESCE(CAST(SUM(CASE WHEN (w.id IS NULL OR NOT {SETTLED}) AND s.due_on < $2 THEN 1 ELSE 0 END) AS BIGINT), 0) AS overdue, \
         COALESCE(CAST(SUM(CASE WHEN w.id IS NOT NULL AND {SETTLED} THEN 1 ELSE 0 END) AS BIGINT), 0) AS settled, \
         (SELECT COUNT(*) FROM referral r WHERE r.department_id = $1 AND r.answered_at IS NULL AND r.withdrawn_at IS NULL) AS asked \
         FROM summary s JOIN consultation c ON c.id = s.consultation_id LEFT JOIN ward_view w ON w.id = s.ward_view_id \
         WHERE s.department_id = $1 OR (s.department_id IS NULL AND c.department_id = $1)"
    );
    let values = [department.into(), today.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(BoardCounts::find_by_statement(statement).one(db).await?.unwrap_or_default())
}

/// A question on a department's board.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AskedRow {
    /// The question's id.
    pub id: i64,
    /// The row.
    pub summary_id: i64,
    /// The theme.
    pub consultation_id: i64,
    /// The theme's title.
    pub theme: String,
    /// 要旨.
    pub text: String,
    /// What is asked.
    pub question: String,
    /// Until when, as an ISO date.
    pub due_on: Option<String>,
}

/// The open questions to a department, the most urgent first.
///
/// # Errors
/// When the database is away.
pub async fn asked<C: ConnectionTrait>(db: &C, department: i64) -> Result<Vec<AskedRow>, DbErr> {
    let sql = "SELECT r.id, r.summary_id, r.consultation_id, c.title AS theme, s.text, r.question, r.due_on \
               FROM referral r JOIN summary s ON s.id = r.summary_id JOIN consultation c ON c.id = r.consultation_id \
               WHERE r.department_id = $1 AND r.answered_at IS NULL AND r.withdrawn_at IS NULL \
               ORDER BY COALESCE(r.due_on, '9999-12-31'), r.id LIMIT 200";
    AskedRow::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, [department.into()]))
        .all(db)
        .await
}

/// Something a department is reminded of: its rows, or its questions, of one theme that are due on one day.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// The department.
    pub department_id: i64,
    /// The theme.
    pub consultation_id: i64,
    /// The theme's title.
    pub theme: String,
    /// The day, as an ISO date.
    pub day: String,
    /// How many.
    pub number: i64,
}

/// Unanswered rows due on or before `day`, by department, theme and day.
///
/// # Errors
/// When the database is away.
pub async fn due_rows<C: ConnectionTrait>(db: &C, day: &str) -> Result<Vec<Due>, DbErr> {
    let sql = format!(
        "SELECT COALESCE(s.department_id, c.department_id) AS department_id, s.consultation_id, c.title AS theme, \
         s.due_on AS day, COUNT(*) AS number \
         FROM summary s JOIN consultation c ON c.id = s.consultation_id LEFT JOIN ward_view w ON w.id = s.ward_view_id \
         WHERE s.due_on <= $1 AND (w.id IS NULL OR NOT {SETTLED}) \
         GROUP BY COALESCE(s.department_id, c.department_id), s.consultation_id, c.title, s.due_on ORDER BY 1, 2, 4"
    );
    Due::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, [day.into()])).all(db).await
}

/// Open questions due on or before `day`, by department, theme and day.
///
/// # Errors
/// When the database is away.
pub async fn due_referrals<C: ConnectionTrait>(db: &C, day: &str) -> Result<Vec<Due>, DbErr> {
    let sql = "SELECT r.department_id, r.consultation_id, c.title AS theme, r.due_on AS day, COUNT(*) AS number \
               FROM referral r JOIN consultation c ON c.id = r.consultation_id \
               WHERE r.due_on <= $1 AND r.answered_at IS NULL AND r.withdrawn_at IS NULL \
               GROUP BY r.department_id, r.consultation_id, c.title, r.due_on ORDER BY 1, 2, 4";
    Due::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, [day.into()])).all(db).await
}
