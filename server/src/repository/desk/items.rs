//! Opinions on the desk, a page at a time.

use domain::{Channel, Millis};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement, Value};

use super::counted;

/// Which opinions are shown, by their place on the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placed {
    /// 未整理: in scope, and no row counts them.
    #[default]
    Nowhere,
    /// All.
    Any,
    /// 対象外.
    OutOfScope,
    /// 再掲: repeated in a row.
    Again,
}

/// What the list of opinions is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// By their place on the desk.
    pub placed: Placed,
    /// Those about the heading with this anchor and what stands below it.
    pub heading: Option<String>,
    /// 経路.
    pub channel: Option<Channel>,
    /// Group of the same text.
    pub group: Option<i64>,
    /// Those that this row gathers.
    pub row: Option<i64>,
    /// Words that have to be in the opinion.
    pub q: String,
}

/// An opinion as the desk shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ItemLine {
    /// Its id.
    pub id: i64,
    /// Its submission.
    pub proposal_id: i64,
    /// 受付番号.
    pub receipt_number: String,
    /// When the submission was recorded.
    pub created_at: Millis,
    /// 経路.
    pub channel: String,
    /// Title of the submission.
    pub title: Option<String>,
    /// Its own text; none: the whole submission.
    pub part: Option<String>,
    /// The whole submission.
    pub whole: String,
    /// How many opinions the submission has.
    pub siblings: i64,
    /// Its place among them, from 1.
    pub place: i64,
    /// The paragraph of the draft it is about.
    pub anchor: Option<String>,
    /// The page of the draft it is about.
    pub page: Option<i64>,
    /// Why it is 対象外.
    pub out_of_scope: Option<String>,
    /// Group of the same text.
    pub text_group_id: Option<i64>,
    /// How many submissions are in that group.
    pub group_size: Option<i64>,
    /// The row that counts it: id.
    pub row_id: Option<i64>,
    /// The number of that row's chapter.
    pub row_chapter: Option<i64>,
    /// The number of that row.
    pub row_number: Option<i64>,
    /// How many rows repeat it.
    pub again: i64,
}

impl ItemLine {
    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        self.part.as_deref().unwrap_or(&self.whole)
    }
}

/// A statement that grows.
struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &place));
    }
}

/// A plain search: `%` and `_` are letters like others.
fn pattern(word: &str) -> String {
    format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Whether an opinion is about a heading of the draft's newest text, or what stands below it. A heading of the same or a
/// higher level ends it: the codes of the levels sort like the levels.
const BELOW_HEADING: &str = "i.anchor IN (SELECT b.anchor FROM document_block b JOIN document_block h \
         ON h.document_version_id = b.document_version_id AND h.anchor = ? \
     WHERE b.document_version_id = (SELECT MAX(dv.id) FROM document_version dv \
             JOIN document dd ON dd.id = dv.document_id WHERE dd.consultation_id = $1 AND dv.source_md IS NOT NULL) \
       AND b.position >= h.position \
       AND NOT EXISTS (SELECT 1 FROM document_block x WHERE x.document_version_id = b.document_version_id \
           AND x.position > h.position AND x.position <= b.position \
           AND x.kind LIKE 'heading-%' AND x.kind <= h.kind))";

fn narrow(query: &mut Query, filter: &Filter) {
    query.sql.push_str(match filter.placed {
        Placed::Any => "",
        Placed::Nowhere => {
            " AND i.out_of_scope IS NULL \
             AND NOT EXISTS (SELECT 1 FROM summary_item l WHERE l.opinion_item_id = i.id AND l.again = 0)"
        }
        Placed::OutOfScope => " AND i.out_of_scope IS NOT NULL",
        Placed::Again => " AND EXISTS (SELECT 1 FROM summary_item l WHERE l.opinion_item_id = i.id AND l.again = 1)",
    });
    if let Some(channel) = filter.channel {
        query.and("p.channel = ?", channel.code());
    }
    if let Some(group) = filter.group {
        query.and("p.text_group_id = ?", group);
    }
    if let Some(row) = filter.row {
        query.and("EXISTS (SELECT 1 FROM summary_item l WHERE l.opinion_item_id = i.id AND l.summary_id = ?)", row);
    }
    if let Some(heading) = &filter.heading {
        query.and(BELOW_HEADING, heading.as_str());
    }
    for word in filter.q.split_whitespace().take(8) {
        query.and("COALESCE(i.body, COALESCE(p.title, '') || ' ' || p.body) LIKE ? ESCAPE '\\'", pattern(word));
    }
}

/// Opinions of a theme behind one (`after`), in the order in which they came, at most `limit`.
///
/// # Errors
/// When the database is away.
pub async fn item_lines<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    filter: &Filter,
    after: i64,
    limit: i64,
) -> Result<Vec<ItemLine>, DbErr> {
    let mut query = Query { sql: String::new(), values: vec![consultation.into(), after.into(), limit.into()] };
    narrow(&mut query, filter);
    // The page is found first; what is said of each opinion is looked up for the page only.
    let sql = format!(
        "SELECT i.id, i.proposal_id, p.receipt_number, p.created_at, p.channel, p.title, i.body AS part, \
                p.body AS whole, i.anchor, i.page, i.out_of_scope, p.text_group_id, g.size AS group_size, \
                (SELECT COUNT(*) FROM opinion_item o WHERE o.proposal_id = i.proposal_id) AS siblings, \
                (SELECT COUNT(*) FROM opinion_item o WHERE o.proposal_id = i.proposal_id \
                    AND (o.position < i.position OR (o.position = i.position AND o.id <= i.id))) AS place, \
                s.id AS row_id, c.number AS row_chapter, \
                (SELECT COUNT(*) FROM summary o WHERE o.chapter_id = s.chapter_id \
                    AND (o.position < s.position OR (o.position = s.position AND o.id <= s.id))) AS row_number, \
                (SELECT COUNT(*) FROM summary_item l WHERE l.opinion_item_id = i.id AND l.again = 1) AS again \
         FROM (SELECT i.id AS item FROM proposal p JOIN opinion_item i ON i.proposal_id = p.id \
               WHERE p.consultation_id = $1 AND {counted} AND i.id > $2{narrowed} ORDER BY i.id LIMIT $3) f \
         JOIN opinion_item i ON i.id = f.item JOIN proposal p ON p.id = i.proposal_id \
         LEFT JOIN text_group g ON g.id = p.text_group_id \
         LEFT JOIN summary_item l ON l.opinion_item_id = i.id AND l.again = 0 \
         LEFT JOIN summary s ON s.id = l.summary_id \
         LEFT JOIN ({chapters}) c ON c.id = s.chapter_id \
         ORDER BY i.id",
        counted = counted(),
        narrowed = query.sql,
        chapters = super::outline::NUMBERED_CHAPTERS,
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, query.values);
    ItemLine::find_by_statement(statement).all(db).await
}

/// The id and what it says of every unplaced opinion of a theme, in the order in which they came, at most `limit`.
///
/// # Errors
/// When the database is away.
pub async fn texts_of_items<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Text {
        id: i64,
        text: String,
    }
    let mut query = Query { sql: String::new(), values: vec![consultation.into(), limit.into()] };
    narrow(&mut query, &Filter::default());
    let sql = format!(
        "SELECT i.id, COALESCE(i.body, p.body) AS text FROM proposal p JOIN opinion_item i ON i.proposal_id = p.id \
         WHERE p.consultation_id = $1 AND {}{} ORDER BY i.id LIMIT $2",
        counted(),
        query.sql,
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, query.values);
    Ok(Text::find_by_statement(statement).all(db).await?.into_iter().map(|t| (t.id, t.text)).collect())
}

/// The ids of the opinions of a theme that fit a filter, in the order in which they came, at most `limit`.
///
/// # Errors
/// When the database is away.
pub async fn item_ids<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<i64>, DbErr> {
    let mut query = Query { sql: String::new(), values: vec![consultation.into(), limit.into()] };
    narrow(&mut query, filter);
    let sql = format!(
        "SELECT i.id FROM proposal p JOIN opinion_item i ON i.proposal_id = p.id \
         WHERE p.consultation_id = $1 AND {}{} ORDER BY i.id LIMIT $2",
        counted(),
        query.sql,
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, query.values);
    db.query_all_raw(statement).await?.into_iter().map(|row| row.try_get("", "id")).collect()
}
