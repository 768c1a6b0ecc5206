//! The outline: chapters and rows with their numbers, which are never stored.

use domain::draft_text::BlockKind;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
};

use super::counted;
use crate::entity::{chapter, summary};

/// The chapters of theme $1 that have rows, numbered in their order; 全般・その他 is last. What has no rows isn't printed
/// and has no number.
pub(super) const NUMBERED_CHAPTERS: &str = "SELECT c.id, ROW_NUMBER() OVER (ORDER BY c.pinned_last, c.position, c.id) AS number \
     FROM chapter c WHERE c.consultation_id = $1 AND EXISTS (SELECT 1 FROM summary x WHERE x.chapter_id = c.id)";

/// A chapter with how much is in it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ChapterLine {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its number; none without rows.
    pub number: Option<i64>,
    /// 1 for 全般・その他.
    pub pinned_last: i64,
    /// The heading of the draft it came from.
    pub anchor: Option<String>,
    /// Its rows.
    pub rows: i64,
}

/// The chapters of a theme in order.
///
/// # Errors
/// When the database is away.
pub async fn chapter_lines<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<ChapterLine>, DbErr> {
    let sql = format!(
        "SELECT c.id, c.title, n.number, c.pinned_last, c.anchor, COALESCE(s.\"rows\", 0) AS \"rows\" FROM chapter c \
         LEFT JOIN ({NUMBERED_CHAPTERS}) n ON n.id = c.id \
         LEFT JOIN (SELECT chapter_id, COUNT(*) AS \"rows\" FROM summary WHERE consultation_id = $1 GROUP BY chapter_id) s \
             ON s.chapter_id = c.id \
         WHERE c.consultation_id = $1 ORDER BY c.pinned_last, c.position, c.id"
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    ChapterLine::find_by_statement(statement).all(db).await
}

/// A row of the outline.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct RowLine {
    /// Its id.
    pub id: i64,
    /// Its chapter.
    pub chapter_id: i64,
    /// Its number in the chapter.
    pub number: i64,
    /// 要旨.
    pub text: String,
    /// The version of the row.
    pub version: i64,
    /// 1 when it is word for word what was sent.
    pub verbatim: i64,
    /// Who confirmed it.
    pub confirmed_by: Option<i64>,
    /// 所管, when it isn't the theme's own.
    pub department: Option<String>,
    /// 回答期限, ISO.
    pub due_on: Option<String>,
    /// 対応区分.
    pub disposition: Option<String>,
    /// `draft` or `settled`; none without an answer.
    pub state: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// How many opinions it counts (同趣旨件数).
    pub opinions: i64,
    /// How many opinions it repeats (再掲).
    pub repeated: i64,
    /// How many other rows share the answer.
    pub sharing: i64,
}

/// Characters of an answer in the outline.
const EXCERPT: i64 = 160;

/// Rows of a theme in the order of chapters and numbers: of one chapter (`chapter`), behind a number of it (`after`), at
/// most `limit`.
///
/// # Errors
/// When the database is away.
pub async fn row_lines<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    chapter: Option<i64>,
    after: i64,
    limit: i64,
) -> Result<Vec<RowLine>, DbErr> {
    let of_chapter = if chapter.is_some() { "AND s.chapter_id = $4" } else { "AND $4 = 0" };
    let links = |again: i64| {
        format!(
            "(SELECT COUNT(*) FROM summary_item l JOIN opinion_item i ON i.id = l.opinion_item_id \
             JOIN proposal p ON p.id = i.proposal_id \
             WHERE l.summary_id = s.id AND l.again = {again} AND i.out_of_scope IS NULL AND {})",
            counted()
        )
    };
    // The page is found first: what is counted of each row is counted for the page only.
    let sql = format!(
        "SELECT s.id, s.chapter_id, n.number, s.text, s.version, s.verbatim, s.confirmed_by, d.name AS department, \
                s.due_on, v.disposition, v.state, substr(v.text, 1, {EXCERPT}) AS answer, \
                {placed} AS opinions, {repeated} AS repeated, \
                (SELECT COUNT(*) FROM summary o WHERE o.ward_view_id = s.ward_view_id AND o.id <> s.id) AS sharing \
         FROM (SELECT x.id, x.chapter, x.number \
               FROM (SELECT s.id, c.number AS chapter, \
                            ROW_NUMBER() OVER (PARTITION BY s.chapter_id ORDER BY s.position, s.id) AS number \
                     FROM summary s JOIN ({NUMBERED_CHAPTERS}) c ON c.id = s.chapter_id \
                     WHERE s.consultation_id = $1 {of_chapter}) x \
               WHERE x.number > $2 ORDER BY x.chapter, x.number LIMIT $3) n \
         JOIN summary s ON s.id = n.id LEFT JOIN ward_view v ON v.id = s.ward_view_id \
         LEFT JOIN department d ON d.id = s.department_id \
         ORDER BY n.chapter, n.number",
        placed = links(0),
        repeated = links(1),
    );
    let values = [consultation.into(), after.into(), limit.into(), chapter.unwrap_or_default().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    RowLine::find_by_statement(statement).all(db).await
}

/// The rows of a chapter in order, as (id, position).
///
/// # Errors
/// When the database is away.
pub async fn positions<C: ConnectionTrait>(db: &C, chapter: i64) -> Result<Vec<(i64, i64)>, DbErr> {
    summary::Entity::find()
        .select_only()
        .column(summary::Column::Id)
        .column(summary::Column::Position)
        .filter(summary::Column::ChapterId.eq(chapter))
        .order_by_asc(summary::Column::Position)
        .order_by_asc(summary::Column::Id)
        .into_tuple()
        .all(db)
        .await
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

/// Headings of the newest version of the draft that has a text of its own: anchor, level from 1, text.
///
/// # Errors
/// When the database is away.
pub async fn headings<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<(String, u8, String)>, DbErr> {
    let sql = "SELECT b.anchor, b.kind, b.text FROM document_block b WHERE b.kind LIKE 'heading-%' \
               AND b.document_version_id = (SELECT MAX(v.id) FROM document_version v \
                   JOIN document d ON d.id = v.document_id WHERE d.consultation_id = $1 AND v.source_md IS NOT NULL) \
               ORDER BY b.position LIMIT 500";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    let mut found = Vec::new();
    for row in db.query_all_raw(statement).await? {
        let kind: String = row.try_get("", "kind")?;
        if let Some(BlockKind::Heading(level)) = BlockKind::from_code(&kind) {
            found.push((row.try_get("", "anchor")?, level, row.try_get("", "text")?));
        }
    }
    Ok(found)
}
