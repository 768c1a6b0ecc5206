//! What a table is made of, in four statements: outline, opinions, what follows from them, and the ward's own facts.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::{counted, statement};

/// A row of the outline with its chapter and its answer. A chapter without rows is one line without a row.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    /// The chapter.
    pub chapter_id: i64,
    /// Its title.
    pub chapter: String,
    /// The row.
    pub summary_id: Option<i64>,
    /// ご意見（要旨）.
    pub text: Option<String>,
    /// 1: the opinion word for word.
    pub verbatim: Option<i64>,
    /// When a second person confirmed it.
    pub confirmed_at: Option<i64>,
    /// 所管; none is the theme's own department.
    pub department_id: Option<i64>,
    /// The answer.
    pub ward_view_id: Option<i64>,
    /// 区の考え方.
    pub answer: Option<String>,
    /// Code of its 対応区分.
    pub disposition: Option<String>,
    /// Why the plan is (not) changed.
    pub reason: Option<String>,
    /// Whether it is settled.
    pub state: Option<String>,
}

/// The outline of a theme in printed order: 全般・その他 is last.
///
/// # Errors
/// When the database is away.
pub async fn lines<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Line>, DbErr> {
    let sql = "SELECT c.id AS chapter_id, c.title AS chapter, s.id AS summary_id, s.text, s.verbatim, s.confirmed_at, \
               s.department_id, v.id AS ward_view_id, v.text AS answer, v.disposition, v.reason, v.state \
               FROM chapter c LEFT JOIN summary s ON s.chapter_id = c.id LEFT JOIN ward_view v ON v.id = s.ward_view_id \
               WHERE c.consultation_id = $1 ORDER BY c.pinned_last, c.position, c.id, s.position, s.id";
    Line::find_by_statement(statement(db, sql, [consultation.into()])).all(db).await
}

/// An opinion that counts, once for every row it is in, and once when it is in none. Without its text.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Opinion {
    /// The opinion item.
    pub item: i64,
    /// Why it is outside the scope of the call (対象外); none when it is within.
    pub out_of_scope: Option<String>,
    /// The paragraph of the draft it is about.
    pub anchor: Option<String>,
    /// The page of the draft it is about.
    pub page: Option<i64>,
    /// How it came in.
    pub channel: String,
    /// Who sent it, as an opaque key.
    pub submitter: String,
    /// The row it is in.
    pub summary_id: Option<i64>,
    /// 1: it is repeated there and counted elsewhere (再掲).
    pub again: Option<i64>,
}

/// The opinions of a theme that count, in order of receipt.
///
/// # Errors
/// When the database is away.
pub async fn opinions<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Opinion>, DbErr> {
    let sql = format!(
        "SELECT i.id AS item, i.out_of_scope, i.anchor, i.page, p.channel, p.submitter, \
         l.summary_id, l.again FROM opinion_item i JOIN proposal p ON p.id = i.proposal_id \
         LEFT JOIN summary_item l ON l.opinion_item_id = i.id \
         WHERE p.consultation_id = $1 AND {} ORDER BY p.id, i.position, i.id, l.summary_id",
        counted()
    );
    Opinion::find_by_statement(statement(db, &sql, [consultation.into()])).all(db).await
}

/// The text of an opinion.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Original {
    /// The opinion item.
    pub item: i64,
    /// Its text: its own part, or the whole submission.
    pub text: String,
}

/// The texts of the opinions of a theme that count: only for layouts that print them.
///
/// # Errors
/// When the database is away.
pub async fn originals<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Original>, DbErr> {
    let sql = format!(
        "SELECT i.id AS item, COALESCE(i.body, p.body) AS text FROM opinion_item i \
         JOIN proposal p ON p.id = i.proposal_id WHERE p.consultation_id = $1 AND {}",
        counted()
    );
    Original::find_by_statement(statement(db, &sql, [consultation.into()])).all(db).await
}

/// A 修正箇所 with one of the rows that caused it, or a 約束.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Consequence {
    /// 1: 修正箇所; 2: 約束.
    pub kind: i64,
    /// Its id.
    pub id: i64,
    /// The answer a 約束 was given in.
    pub ward_view_id: i64,
    /// The department that keeps a 約束.
    pub department_id: i64,
    /// The place of a 修正箇所; the text of a 約束.
    pub a: String,
    /// 修正前; the day of a 約束.
    pub b: String,
    /// 修正後.
    pub c: String,
    /// 修正理由.
    pub d: String,
    /// A row that caused a 修正箇所.
    pub link: Option<i64>,
}

/// What follows from the opinions of a theme, in order: 修正箇所, then 約束.
///
/// # Errors
/// When the database is away.
pub async fn consequences<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Consequence>, DbErr> {
    let sql = "SELECT CAST(1 AS BIGINT) AS kind, p.id, CAST(0 AS BIGINT) AS ward_view_id, \
               CAST(0 AS BIGINT) AS department_id, p.place AS a, p.before_text AS b, p.after_text AS c, p.reason AS d, \
               l.summary_id AS link, p.position AS place FROM plan_change p \
               LEFT JOIN plan_change_summary l ON l.plan_change_id = p.id WHERE p.consultation_id = $1 \
               UNION ALL SELECT CAST(2 AS BIGINT), m.id, m.ward_view_id, m.department_id, m.text, \
               COALESCE(m.due_on, ''), '', '', NULL, m.id FROM commitment m WHERE m.consultation_id = $1 \
               ORDER BY 1, 10, 2, 9";
    Consequence::find_by_statement(statement(db, sql, [consultation.into()])).all(db).await
}

/// A department, a setting of the ward, or a block of the draft's own text.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Fact {
    /// 1: a department; 2: a setting; 3: a block.
    pub kind: i64,
    /// The department's id; the block's.
    pub id: i64,
    /// The department's name; the setting's key; the block's anchor.
    pub a: String,
    /// The department's telephone; the setting's value; the text of a heading, empty for other blocks.
    pub b: String,
    /// The department's FAX; the kind of the block.
    pub c: String,
    /// The department's address.
    pub d: String,
    /// The department's counter.
    pub e: String,
}

/// Departments, the settings that a table is made by, and the outline of the newest text of the draft.
///
/// # Errors
/// When the database is away.
pub async fn facts<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Fact>, DbErr> {
    let sql = "SELECT CAST(1 AS BIGINT) AS kind, d.id, d.name AS a, d.phone AS b, d.fax AS c, d.email AS d, \
               d.counter AS e, d.position AS place FROM department d \
               UNION ALL SELECT CAST(2 AS BIGINT), CAST(0 AS BIGINT), s.\"key\", s.\"value\", '', '', '', CAST(0 AS BIGINT) \
               FROM setting s WHERE s.\"key\" IN ('layout', 'workflow') \
               UNION ALL SELECT CAST(3 AS BIGINT), b.id, b.anchor, CASE WHEN b.kind LIKE 'heading%' THEN b.text ELSE '' END, \
               b.kind, '', '', b.position FROM document_block b WHERE b.document_version_id = (SELECT MAX(v.id) \
               FROM document_version v JOIN document o ON o.id = v.document_id \
               WHERE o.consultation_id = $1 AND v.source_md IS NOT NULL) ORDER BY 1, 8, 2";
    Fact::find_by_statement(statement(db, sql, [consultation.into()])).all(db).await
}
