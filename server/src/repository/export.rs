//! What leaves the site as lists: public versions, the themes of a year, every opinion with what became of it.

use domain::Millis;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationTrait as _, Statement,
};

use crate::entity::{consultation, publication, summary, summary_item, ward_view};

/// A public version without its table.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Version {
    /// Database id.
    pub id: i64,
    /// Its number, from 1.
    pub number: i64,
    /// When it came out.
    pub published_at: Millis,
    /// Why it was corrected.
    pub note: String,
}

/// The versions that are out at `now`, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn versions<C: ConnectionTrait>(db: &C, consultation: i64, now: Millis) -> Result<Vec<Version>, DbErr> {
    use publication::Column;
    publication::Entity::find()
        .select_only()
        .columns([Column::Id, Column::PublishedAt, Column::Note])
        .column_as(Column::Version, "number")
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::PublishedAt.lte(now))
        .order_by_desc(Column::Version)
        .into_model()
        .all(db)
        .await
}

/// The table of a version as JSON.
///
/// # Errors
/// When the database is away.
pub async fn response_table<C: ConnectionTrait>(db: &C, publication: i64) -> Result<Option<String>, DbErr> {
    Ok(publication::Entity::find_by_id(publication).one(db).await?.map(|row| row.response_table))
}

/// A public comment with its result.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ThemeResult {
    /// Address of the theme.
    pub slug: String,
    /// 実施根拠.
    pub basis: String,
    /// When its first result came out.
    pub result_at: Millis,
    /// The newest table that is out, as JSON.
    pub response_table: String,
}

/// Public comments whose result came out in a time, and is out at `now`, the newest result first.
///
/// # Errors
/// When the database is away.
pub async fn results<C: ConnectionTrait>(
    db: &C,
    (from, until): (Millis, Millis),
    now: Millis,
) -> Result<Vec<ThemeResult>, DbErr> {
    let sql = "SELECT c.slug, c.basis, c.result_at, p.response_table \
         FROM consultation c JOIN publication p ON p.consultation_id = c.id \
         WHERE c.kind = 'public_comment' AND c.state = 'published' AND c.publish_at <= $3 AND c.closes_at < $3 \
           AND c.result_at >= $1 AND c.result_at < $2 AND c.result_at <= $3 \
           AND p.version = (SELECT MAX(q.version) FROM publication q \
                            WHERE q.consultation_id = c.id AND q.published_at <= $3) \
         ORDER BY c.result_at DESC, c.id DESC";
    let values = [from.into(), until.into(), now.into()];
    ThemeResult::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// When the results of public comments came out that are out at `now`, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn result_times<C: ConnectionTrait>(db: &C, now: Millis) -> Result<Vec<Millis>, DbErr> {
    use consultation::Column;
    let found: Vec<Option<Millis>> = consultation::Entity::find()
        .select_only()
        .column(Column::ResultAt)
        .filter(Column::Kind.eq("public_comment"))
        .filter(Column::State.eq("published"))
        .filter(Column::PublishAt.lte(now))
        .filter(Column::ClosesAt.lt(now))
        .filter(Column::ResultAt.lte(now))
        .order_by_desc(Column::ResultAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().flatten().collect())
}

/// One opinion as it was received; nothing of who sent it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Item {
    /// Database id of the item.
    pub id: i64,
    /// Database id of the submission.
    pub proposal_id: i64,
    /// When the submission was entered.
    pub created_at: Millis,
    /// Number of the submission.
    pub receipt_number: String,
    /// How it came.
    pub channel: String,
    /// The day on which it came.
    pub received_on: String,
    /// Whether it is shown, hidden or withdrawn.
    pub state: String,
    /// Where it stands with staff.
    pub intake: String,
    /// Number of the item in its submission, from 1.
    pub number: i64,
    /// What it says.
    pub text: String,
    /// The paragraph of the draft it is about.
    pub anchor: Option<String>,
    /// The page of the draft it is about.
    pub page: Option<i64>,
    /// Why it is out of scope.
    pub out_of_scope: Option<String>,
}

/// Where a page of items ends: day of receipt, moment of entry and id of its last submission.
pub type After = (String, Millis, i64);

/// The items of the next submissions of a theme, in the order of receipt; a withdrawn submission's text stays with its
/// author.
///
/// # Errors
/// When the database is away.
pub async fn items<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    (day, moment, id): &After,
    submissions: i64,
) -> Result<Vec<Item>, DbErr> {
    let sql = "SELECT i.id, p.id AS proposal_id, p.created_at, p.receipt_number, p.channel, p.received_on, p.state, \
             p.intake, ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY i.position, i.id) AS number, \
             CASE WHEN p.state = 'withdrawn' THEN '' ELSE COALESCE(i.body, p.body) END AS text, \
             i.anchor, i.page, i.out_of_scope \
         FROM (SELECT id FROM proposal WHERE consultation_id = $1 AND (received_on, created_at, id) > ($2, $3, $4) \
               ORDER BY received_on, created_at, id LIMIT $5) n \
         JOIN proposal p ON p.id = n.id JOIN opinion_item i ON i.proposal_id = p.id \
         ORDER BY p.received_on, p.created_at, p.id, i.position, i.id";
    let values = [consultation.into(), day.as_str().into(), (*moment).into(), (*id).into(), submissions.into()];
    Item::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// A row that gathers an opinion, with its answer.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Place {
    /// The opinion.
    pub opinion_item_id: i64,
    /// The row.
    pub summary_id: i64,
    /// 1 where it is only repeated (再掲).
    pub again: i64,
    /// The answer's id.
    pub ward_view_id: Option<i64>,
    /// The answer.
    pub answer: Option<String>,
    /// Its 対応区分.
    pub disposition: Option<String>,
    /// Whether it is a draft or settled.
    pub state: Option<String>,
}

/// The rows that gather some items, the counted one first.
///
/// # Errors
/// When the database is away.
pub async fn places<C: ConnectionTrait>(db: &C, items: Vec<i64>) -> Result<Vec<Place>, DbErr> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    summary_item::Entity::find()
        .select_only()
        .columns([summary_item::Column::OpinionItemId, summary_item::Column::SummaryId, summary_item::Column::Again])
        .column(summary::Column::WardViewId)
        .column_as(ward_view::Column::Text, "answer")
        .columns([ward_view::Column::Disposition, ward_view::Column::State])
        .join(JoinType::InnerJoin, summary_item::Relation::Summary.def())
        .join(JoinType::LeftJoin, summary::Relation::WardView.def())
        .filter(summary_item::Column::OpinionItemId.is_in(items))
        .order_by_asc(summary_item::Column::OpinionItemId)
        .order_by_asc(summary_item::Column::Again)
        .order_by_asc(summary_item::Column::SummaryId)
        .into_model()
        .all(db)
        .await
}

/// The rows of a theme in printed order, each with its chapter.
///
/// # Errors
/// When the database is away.
pub async fn rows<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<(i64, i64)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        chapter_id: i64,
    }
    let sql = "SELECT s.id, s.chapter_id FROM summary s JOIN chapter c ON c.id = s.chapter_id \
         WHERE s.consultation_id = $1 ORDER BY c.pinned_last, c.position, c.id, s.position, s.id";
    let rows =
        Row::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.id, row.chapter_id)).collect())
}
