//! One row of the desk with what stands around it, without loading the desk: names, neighbours and shared answers are
//! worked out in SQL.

use std::collections::{BTreeSet, HashSet};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    Statement, Value, sea_query::Expr,
};

use super::desk::counted;
use crate::entity::{chapter, summary, summary_item, ward_view};

/// A row with its answer and the people who worked on both.
#[derive(Clone, Debug)]
pub struct Record {
    /// The row.
    pub summary: summary::Model,
    /// Its answer.
    pub answer: Option<ward_view::Model>,
    /// Who wrote the row last.
    pub writer: String,
    /// Who confirmed the 要旨.
    pub confirmer: Option<String>,
    /// Who settled the answer.
    pub settler: Option<String>,
    /// The department it was given to, when it isn't the theme's own.
    pub department: Option<String>,
}

/// One row of a theme, in one statement.
///
/// # Errors
/// When the database is away.
pub async fn record<C: ConnectionTrait>(db: &C, consultation: i64, id: i64) -> Result<Option<Record>, DbErr> {
    let sql = "SELECT s.*, v.id AS v_id, v.text AS v_text, v.disposition AS v_disposition, \
                      v.consultation_id AS v_consultation_id, v.version AS v_version, v.updated_at AS v_updated_at, \
                      v.updated_by AS v_updated_by, v.reason AS v_reason, v.state AS v_state, \
                      v.settled_by AS v_settled_by, v.settled_at AS v_settled_at, \
                      w.display_name AS writer, c.display_name AS confirmer, t.display_name AS settler, \
                      d.name AS department \
               FROM summary s LEFT JOIN ward_view v ON v.id = s.ward_view_id \
               LEFT JOIN account w ON w.id = s.updated_by LEFT JOIN account c ON c.id = s.confirmed_by \
               LEFT JOIN account t ON t.id = v.settled_by LEFT JOIN department d ON d.id = s.department_id \
               WHERE s.id = $1 AND s.consultation_id = $2";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into(), consultation.into()]);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some(Record {
        summary: summary::Model::from_query_result(&row, "")?,
        answer: ward_view::Model::from_query_result_optional(&row, "v_")?,
        writer: row.try_get::<Option<String>>("", "writer")?.unwrap_or_default(),
        confirmer: row.try_get("", "confirmer")?,
        settler: row.try_get("", "settler")?,
        department: row.try_get("", "department")?,
    }))
}

/// The chapters of a theme in order.
///
/// # Errors
/// When the database is away.
pub async fn chapters<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<chapter::Model>, DbErr> {
    chapter::Entity::find()
        .filter(chapter::Column::ConsultationId.eq(consultation))
        .order_by_asc(chapter::Column::PinnedLast)
        .order_by_asc(chapter::Column::Position)
        .order_by_asc(chapter::Column::Id)
        .all(db)
        .await
}

/// A row near another one.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Placed {
    /// Why it is here: `here`, `previous`, `next`, `open` (the next without a settled answer), `sharing` (the answer) or
    /// `answer` (another answer of the chapter, by its first row).
    pub kind: String,
    /// Its id.
    pub id: i64,
    /// The number of its chapter.
    pub chapter: i64,
    /// Its number in it.
    pub number: i64,
    /// Its place in the theme.
    pub place: i64,
    /// Its answer.
    pub ward_view_id: Option<i64>,
    /// How its answer begins.
    pub start: Option<String>,
    /// How many there are of its kind.
    pub total: i64,
}

impl Placed {
    /// Its name, 「1-2」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.chapter, self.number)
    }
}

/// Rows of a theme with their numbers and places. Chapters without rows have no number.
const PLACED: &str = "SELECT s.id, s.chapter_id, s.ward_view_id, \
         DENSE_RANK() OVER (ORDER BY c.pinned_last, c.position, c.id) AS chapter, \
         ROW_NUMBER() OVER (PARTITION BY s.chapter_id ORDER BY s.position, s.id) AS number, \
         ROW_NUMBER() OVER (ORDER BY c.pinned_last, c.position, c.id, s.position, s.id) AS place, \
         CASE WHEN v.state = 'settled' AND v.text <> '' THEN 1 ELSE 0 END AS answered \
     FROM summary s JOIN chapter c ON c.id = s.chapter_id LEFT JOIN ward_view v ON v.id = s.ward_view_id \
     WHERE s.consultation_id = $1";

/// What stands around a row (0 for one that isn't there yet) of a chapter: its neighbours, the rows that share its answer
/// (at most 30) and the other answers of the chapter (at most 60).
///
/// # Errors
/// When the database is away.
pub async fn around<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    row: i64,
    chapter: i64,
) -> Result<Vec<Placed>, DbErr> {
    let columns = "id, chapter, number, place, ward_view_id";
    let one = |kind: &str, which: &str| {
        format!(
            "SELECT '{kind}' AS kind, {columns}, CAST(NULL AS TEXT) AS start, CAST(1 AS BIGINT) AS total FROM placed \
             WHERE {which}"
        )
    };
    let sql = format!(
        "WITH placed AS ({PLACED}), here AS (SELECT place, ward_view_id FROM placed WHERE id = $2) \
         {here} UNION ALL {previous} UNION ALL {next} \
         UNION ALL SELECT * FROM ({open} ORDER BY CASE WHEN place > (SELECT place FROM here) THEN 0 ELSE 1 END, place LIMIT 1) o \
         UNION ALL SELECT * FROM (SELECT 'sharing' AS kind, {columns}, CAST(NULL AS TEXT) AS start, COUNT(*) OVER () AS total \
             FROM placed WHERE id <> $2 AND ward_view_id = (SELECT ward_view_id FROM here) ORDER BY place LIMIT 30) s \
         UNION ALL SELECT * FROM (SELECT 'answer' AS kind, p.id, p.chapter, p.number, p.place, p.ward_view_id, \
             substr(v.text, 1, 60) AS start, COUNT(*) OVER () AS total \
             FROM placed p JOIN ward_view v ON v.id = p.ward_view_id \
             WHERE p.place IN (SELECT MIN(place) FROM placed WHERE chapter_id = $3 GROUP BY ward_view_id) \
             AND p.ward_view_id <> COALESCE((SELECT ward_view_id FROM here), 0) AND v.text <> '' \
             ORDER BY p.place LIMIT 60) a",
        here = one("here", "id = $2"),
        previous = one("previous", "place = (SELECT place FROM here) - 1"),
        next = one("next", "place = (SELECT place FROM here) + 1"),
        open = one("open", "answered = 0 AND id <> $2"),
    );
    let values: [Value; 3] = [consultation.into(), row.into(), chapter.into()];
    let mut found = Placed::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values))
        .all(db)
        .await?;
    found.sort_by_key(|placed| placed.place);
    Ok(found)
}

/// The row of a name, 「1-2」: its id and its answer.
///
/// # Errors
/// When the database is away.
pub async fn by_name<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    (chapter, number): (i64, i64),
) -> Result<Option<(i64, Option<i64>)>, DbErr> {
    let sql = format!("SELECT id, ward_view_id FROM ({PLACED}) p WHERE chapter = $2 AND number = $3");
    let values: [Value; 3] = [consultation.into(), chapter.into(), number.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    row.map(|row| Ok((row.try_get("", "id")?, row.try_get("", "ward_view_id")?))).transpose()
}

/// The next row without a settled answer behind a row, from the top again at the end; `None` when all are answered.
///
/// # Errors
/// When the database is away.
pub async fn next_open<C: ConnectionTrait>(db: &C, consultation: i64, row: i64) -> Result<Option<i64>, DbErr> {
    Ok(around(db, consultation, row, 0).await?.into_iter().find(|p| p.kind == "open").map(|p| p.id))
}

/// An opinion on the page of a row.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ItemLine {
    /// The item.
    pub id: i64,
    /// 1 when it is only repeated here (再掲).
    pub again: i64,
    /// The submission it was cut from.
    pub proposal_id: i64,
    /// Its receipt number.
    pub receipt_number: String,
    /// How it came in.
    pub channel: String,
    /// The submission's title.
    pub title: Option<String>,
    /// What it says.
    pub text: String,
    /// The group of nearly same texts, of an item that is a whole submission.
    pub text_group: Option<i64>,
    /// How many there are in all.
    pub total: i64,
}

const ITEM: &str = "p.id AS proposal_id, p.receipt_number, p.channel, p.title, COALESCE(i.body, p.body) AS text, \
                    CASE WHEN i.body IS NULL THEN p.text_group_id END AS text_group, COUNT(*) OVER () AS total";

/// Opinions in scope that a row gathers, the oldest first, behind an item, at most `limit`. The total counts those that
/// follow as well.
///
/// # Errors
/// When the database is away.
pub async fn items<C: ConnectionTrait>(db: &C, summary: i64, after: i64, limit: u64) -> Result<Vec<ItemLine>, DbErr> {
    let sql = format!(
        "SELECT i.id, l.again, {ITEM} FROM summary_item l JOIN opinion_item i ON i.id = l.opinion_item_id \
         JOIN proposal p ON p.id = i.proposal_id \
         WHERE l.summary_id = $1 AND i.id > $2 AND i.out_of_scope IS NULL AND {} ORDER BY i.id LIMIT $3",
        counted()
    );
    let values: [Value; 3] = [summary.into(), after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    ItemLine::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// Opinions in scope of a theme by their ids.
///
/// # Errors
/// When the database is away.
pub async fn items_by_id<C: ConnectionTrait>(db: &C, consultation: i64, ids: &[i64]) -> Result<Vec<ItemLine>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (2..ids.len() + 2).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT i.id, CAST(0 AS BIGINT) AS again, {ITEM} FROM opinion_item i JOIN proposal p ON p.id = i.proposal_id \
         WHERE p.consultation_id = $1 AND i.out_of_scope IS NULL AND {} AND i.id IN ({}) ORDER BY i.id",
        counted(),
        marks.join(", ")
    );
    let values: Vec<Value> = std::iter::once(consultation).chain(ids.iter().copied()).map(Value::from).collect();
    ItemLine::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// The different texts of what a row gathers, at most `limit`.
///
/// # Errors
/// When the database is away.
pub async fn texts<C: ConnectionTrait>(db: &C, summary: i64, limit: u64) -> Result<Vec<String>, DbErr> {
    let sql = format!(
        "SELECT COALESCE(i.body, p.body) AS text, MIN(i.id) AS first FROM summary_item l \
         JOIN opinion_item i ON i.id = l.opinion_item_id JOIN proposal p ON p.id = i.proposal_id \
         WHERE l.summary_id = $1 AND i.out_of_scope IS NULL AND {} \
         GROUP BY COALESCE(i.body, p.body) ORDER BY first LIMIT $2",
        counted()
    );
    let values: [Value; 2] = [summary.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "text")).collect()
}

/// What a row is linked to, whatever it is.
///
/// # Errors
/// When the database is away.
pub async fn links<C: ConnectionTrait>(db: &C, summary: i64) -> Result<Vec<summary_item::Model>, DbErr> {
    summary_item::Entity::find()
        .filter(summary_item::Column::SummaryId.eq(summary))
        .order_by_asc(summary_item::Column::OpinionItemId)
        .all(db)
        .await
}

/// Rows other than `summary` that are linked to one of these items, by item and then row.
///
/// # Errors
/// When the database is away.
pub async fn links_elsewhere<C: ConnectionTrait>(
    db: &C,
    summary: i64,
    items: &[i64],
) -> Result<Vec<summary_item::Model>, DbErr> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    summary_item::Entity::find()
        .filter(summary_item::Column::OpinionItemId.is_in(items.iter().copied()))
        .filter(summary_item::Column::SummaryId.ne(summary))
        .order_by_asc(summary_item::Column::OpinionItemId)
        .order_by_asc(summary_item::Column::SummaryId)
        .all(db)
        .await
}

/// Links items to a row: counted, or repeated (再掲) where another row counts them.
///
/// # Errors
/// When the database refuses.
pub async fn link<C: ConnectionTrait>(
    tx: &C,
    summary: i64,
    items: &BTreeSet<i64>,
    counted_elsewhere: &HashSet<i64>,
) -> Result<(), DbErr> {
    let rows = items.iter().map(|item| summary_item::ActiveModel {
        summary_id: sea_orm::Set(summary),
        opinion_item_id: sea_orm::Set(*item),
        again: sea_orm::Set(i64::from(counted_elsewhere.contains(item))),
    });
    super::imports::insert_all(tx, rows.collect()).await
}

/// Takes items out of a row.
///
/// # Errors
/// When the database refuses.
pub async fn unlink<C: ConnectionTrait>(tx: &C, summary: i64, items: &BTreeSet<i64>) -> Result<(), DbErr> {
    if items.is_empty() {
        return Ok(());
    }
    summary_item::Entity::delete_many()
        .filter(summary_item::Column::SummaryId.eq(summary))
        .filter(summary_item::Column::OpinionItemId.is_in(items.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Lets a row count an item that it only repeated.
///
/// # Errors
/// When the database refuses, also when another row counts it.
pub async fn count_here<C: ConnectionTrait>(tx: &C, summary: i64, item: i64) -> Result<(), DbErr> {
    summary_item::Entity::update_many()
        .col_expr(summary_item::Column::Again, Expr::value(0_i64))
        .filter(summary_item::Column::SummaryId.eq(summary))
        .filter(summary_item::Column::OpinionItemId.eq(item))
        .exec(tx)
        .await?;
    Ok(())
}

/// The last position in a chapter; 0 without rows.
///
/// # Errors
/// When the database is away.
pub async fn last_position<C: ConnectionTrait>(db: &C, chapter: i64) -> Result<i64, DbErr> {
    let last = summary::Entity::find()
        .filter(summary::Column::ChapterId.eq(chapter))
        .order_by_desc(summary::Column::Position)
        .one(db)
        .await?;
    Ok(last.map_or(0, |row| row.position))
}

/// The name of a row, 「1-2」; empty when it isn't there.
///
/// # Errors
/// When the database is away.
pub async fn name<C: ConnectionTrait>(db: &C, consultation: i64, row: i64) -> Result<String, DbErr> {
    let sql = format!("SELECT chapter, number FROM ({PLACED}) p WHERE id = $2");
    let values: [Value; 2] = [consultation.into(), row.into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let Some(found) = found else { return Ok(String::new()) };
    Ok(format!("{}-{}", found.try_get::<i64>("", "chapter")?, found.try_get::<i64>("", "number")?))
}

/// Whether a row other than `but` uses an answer.
///
/// # Errors
/// When the database is away.
pub async fn is_shared<C: ConnectionTrait>(db: &C, ward_view: i64, but: i64) -> Result<bool, DbErr> {
    let other = summary::Entity::find()
        .filter(summary::Column::WardViewId.eq(ward_view))
        .filter(summary::Column::Id.ne(but))
        .one(db)
        .await?;
    Ok(other.is_some())
}

/// Whether a row uses an answer.
///
/// # Errors
/// When the database is away.
pub async fn is_used<C: ConnectionTrait>(db: &C, ward_view: i64) -> Result<bool, DbErr> {
    Ok(summary::Entity::find().filter(summary::Column::WardViewId.eq(ward_view)).one(db).await?.is_some())
}

/// One answer.
///
/// # Errors
/// When the database is away.
pub async fn answer<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<ward_view::Model>, DbErr> {
    ward_view::Entity::find_by_id(id).one(db).await
}
