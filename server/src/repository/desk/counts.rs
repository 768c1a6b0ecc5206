//! What the strip of figures and the check before 起案 say.

use domain::IntakeState;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

use super::{counted, journal::ChangeLine};

/// What the desk holds, in numbers. Opinions are those of submissions that count.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Figures {
    /// 提出者数: people with a submission that counts.
    pub people: i64,
    /// 提出数: submissions that count.
    pub submissions: i64,
    /// Opinions, those out of scope among them.
    pub items: i64,
    /// Opinions that are 対象外.
    pub out_of_scope: i64,
    /// Opinions in scope that a row counts.
    pub placed: i64,
    /// Rows.
    pub rows: i64,
    /// Rows without a settled answer.
    pub unanswered: i64,
    /// Rows that are not word for word what was sent, and nobody else has confirmed.
    pub unconfirmed: i64,
}

impl Figures {
    /// Printed 意見件数: opinions in scope.
    #[must_use]
    pub const fn opinions(&self) -> i64 {
        self.items - self.out_of_scope
    }

    /// 未整理: opinions in scope that no row counts.
    #[must_use]
    pub const fn unplaced(&self) -> i64 {
        self.items - self.out_of_scope - self.placed
    }
}

/// The statement that adds up the figures of theme $1. People and submissions are the kept counts.
fn adding_up() -> String {
    let statuses: Vec<String> =
        IntakeState::ALL.into_iter().filter(|s| s.counts()).map(|s| format!("'{}'", s.code())).collect();
    let tallied = |column: &str| {
        format!(
            "(SELECT CAST(COALESCE(SUM(t.{column}), 0) AS BIGINT) FROM intake_tally t \
             WHERE t.consultation_id = $1 AND t.status IN ({}))",
            statuses.join(", ")
        )
    };
    format!(
        "SELECT {people} AS people, {submissions} AS submissions, i.items, i.out_of_scope, i.placed, \
                s.\"rows\", s.unanswered, s.unconfirmed \
         FROM (SELECT COUNT(*) AS items, COUNT(i.out_of_scope) AS out_of_scope, \
                      COUNT(CASE WHEN i.out_of_scope IS NULL THEN l.opinion_item_id END) AS placed \
               FROM proposal p JOIN opinion_item i ON i.proposal_id = p.id \
               LEFT JOIN summary_item l ON l.opinion_item_id = i.id AND l.again = 0 \
               WHERE p.consultation_id = $1 AND {counted}) i, \
              (SELECT COUNT(*) AS \"rows\", \
                      COUNT(CASE WHEN v.state = 'settled' AND v.text <> '' THEN NULL ELSE 1 END) AS unanswered, \
                      COUNT(CASE WHEN s.verbatim = 0 AND s.confirmed_at IS NULL THEN 1 END) AS unconfirmed \
               FROM summary s LEFT JOIN ward_view v ON v.id = s.ward_view_id WHERE s.consultation_id = $1) s",
        people = tallied("people"),
        submissions = tallied("submissions"),
        counted = counted(),
    )
}

/// The figures of a theme in one statement.
///
/// # Errors
/// When the database is away.
pub async fn figures<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Figures, DbErr> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), adding_up(), [consultation.into()]);
    Ok(Figures::find_by_statement(statement).one(db).await?.unwrap_or_default())
}

/// The figures of a theme and the last change of its desk that stands, in one statement.
///
/// # Errors
/// When the database is away.
pub async fn status<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<(Figures, Option<ChangeLine>), DbErr> {
    let sql = format!(
        "SELECT f.*, c.id, c.kind, c.label, c.created_at, COALESCE(a.display_name, '') AS name, c.undone_at, \
                CAST(NULL AS TEXT) AS undone_name \
         FROM ({}) f LEFT JOIN desk_change c ON c.id = (SELECT MAX(x.id) FROM desk_change x \
             WHERE x.consultation_id = $1 AND x.undone_at IS NULL) \
         LEFT JOIN account a ON a.id = c.created_by",
        adding_up()
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok((Figures::default(), None)) };
    Ok((Figures::from_query_result(&row, "")?, ChangeLine::from_query_result_optional(&row, "")?))
}

/// A row with its number and what is missing of it, without its texts.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct NumberedRow {
    /// Its id.
    pub id: i64,
    /// The number of its chapter among the chapters that have rows.
    pub chapter: i64,
    /// Its number in the chapter.
    pub number: i64,
    /// How many opinions it counts.
    pub opinions: i64,
    /// 1 when its answer is settled and has a text.
    pub answered: i64,
    /// Its 対応区分.
    pub disposition: Option<String>,
    /// 1 when its answer has a reason.
    pub reasoned: i64,
    /// 1 when it is word for word what was sent, or somebody else has confirmed it.
    pub confirmed: i64,
}

impl NumberedRow {
    /// Its name, such as 「1-2」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.chapter, self.number)
    }
}

/// Every row of a theme in order, with its number.
///
/// # Errors
/// When the database is away.
pub async fn numbered_rows<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<NumberedRow>, DbErr> {
    let sql = format!(
        "SELECT s.id, c.number AS chapter, \
                ROW_NUMBER() OVER (PARTITION BY s.chapter_id ORDER BY s.position, s.id) AS number, \
                COALESCE(l.opinions, 0) AS opinions, \
                CAST(CASE WHEN v.state = 'settled' AND v.text <> '' THEN 1 ELSE 0 END AS BIGINT) AS answered, \
                v.disposition, \
                CAST(CASE WHEN v.reason <> '' THEN 1 ELSE 0 END AS BIGINT) AS reasoned, \
                CAST(CASE WHEN s.verbatim = 1 OR s.confirmed_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS confirmed \
         FROM summary s JOIN ({chapters}) c ON c.id = s.chapter_id \
         LEFT JOIN ward_view v ON v.id = s.ward_view_id \
         LEFT JOIN (SELECT l.summary_id, COUNT(*) AS opinions FROM summary_item l \
                    JOIN summary o ON o.id = l.summary_id JOIN opinion_item i ON i.id = l.opinion_item_id \
                    JOIN proposal p ON p.id = i.proposal_id \
                    WHERE o.consultation_id = $1 AND l.again = 0 AND i.out_of_scope IS NULL AND {counted} \
                    GROUP BY l.summary_id) l ON l.summary_id = s.id \
         WHERE s.consultation_id = $1 ORDER BY 2, 3",
        chapters = super::outline::NUMBERED_CHAPTERS,
        counted = counted(),
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    NumberedRow::find_by_statement(statement).all(db).await
}
