//! The kept counts, added up for the queue.

use domain::IntakeState;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use super::{Filter, tallied};

/// Counts of one place: a channel, an eligibility and a status over all days, or (with `day`) a day over all that is
/// counted.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Cell {
    /// 経路; empty for a day.
    pub channel: String,
    /// 応募資格; empty for a day.
    pub eligibility: String,
    /// The status; empty for a day.
    pub status: String,
    /// 収受日; empty for a place.
    pub day: String,
    /// 提出数.
    pub submissions: i64,
    /// 意見件数.
    pub opinions: i64,
    /// 提出者数.
    pub people: i64,
}

/// The kept counts in one statement: places over all days, and days over everything that counts, the latest first.
///
/// # Errors
/// When the database is away.
pub async fn cells<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Cell>, DbErr> {
    let counted: Vec<String> =
        IntakeState::ALL.into_iter().filter(|s| s.counts()).map(|s| format!("'{}'", s.code())).collect();
    let counted = counted.join(", ");
    let sums = "CAST(SUM(submissions) AS BIGINT) AS submissions, CAST(SUM(opinions) AS BIGINT) AS opinions, \
                CAST(SUM(people) AS BIGINT) AS people";
    let sql = format!(
        "SELECT channel, eligibility, status, '' AS day, {sums} FROM intake_tally WHERE consultation_id = $1 \
         GROUP BY channel, eligibility, status HAVING SUM(submissions) <> 0 \
         UNION ALL \
         SELECT '', '', '', received_on, {sums} FROM intake_tally \
         WHERE consultation_id = $1 AND status IN ({counted}) \
         GROUP BY received_on HAVING SUM(submissions) <> 0 ORDER BY 4 DESC, 1, 2, 3"
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    Cell::find_by_statement(statement).all(db).await
}

/// How many submissions of these themes nobody has looked at yet.
///
/// # Errors
/// When the database is away.
pub async fn unread<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<i64, DbErr> {
    let filter = Filter { status: Some(IntakeState::Unread.code()), ..Filter::default() };
    tallied(db, consultation, &filter).await
}
