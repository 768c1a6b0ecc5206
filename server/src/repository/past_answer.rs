//! Published rows, for finding them again while drafting.

use domain::Millis;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, QueryFilter as _, Set, Statement,
    Value,
};

use crate::entity::{consultation, past_answer, past_answer_term, publication};

/// Versions that are public at `now`, the newest of their theme, and not in the index yet.
///
/// # Errors
/// When the database is away.
pub async fn due<C: ConnectionTrait>(
    db: &C,
    now: Millis,
    limit: u64,
) -> Result<Vec<(publication::Model, consultation::Model)>, DbErr> {
    let sql = "SELECT p.id FROM publication p JOIN consultation c ON c.id = p.consultation_id \
               WHERE p.published_at <= $1 AND c.result_at <= $1 AND c.state <> 'draft' \
               AND NOT EXISTS (SELECT 1 FROM publication n WHERE n.consultation_id = p.consultation_id \
                               AND n.version > p.version AND n.published_at <= $1) \
               AND NOT EXISTS (SELECT 1 FROM past_answer a WHERE a.publication_id = p.id) \
               ORDER BY p.id LIMIT $2";
    let values: [Value; 2] = [now.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let found = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let mut ids = Vec::new();
    for row in found {
        ids.push(row.try_get::<i64>("", "id")?);
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let versions = publication::Entity::find().filter(publication::Column::Id.is_in(ids)).all(db).await?;
    let themes = versions.iter().map(|version| version.consultation_id);
    let themes = consultation::Entity::find().filter(consultation::Column::Id.is_in(themes)).all(db).await?;
    let theme = |id: i64| themes.iter().find(|theme| theme.id == id).cloned();
    Ok(versions.into_iter().filter_map(|v| theme(v.consultation_id).map(|theme| (v, theme))).collect())
}

/// How many rows of a theme are in the index.
///
/// # Errors
/// When the database is away.
pub async fn has_any<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<bool, DbErr> {
    let found =
        past_answer::Entity::find().filter(past_answer::Column::ConsultationId.eq(consultation)).one(db).await?;
    Ok(found.is_some())
}

/// A row to put into the index, with the terms it is found by.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number as printed, 「1-2」.
    pub number: String,
    /// 要旨.
    pub text: String,
    /// 区の考え方.
    pub answer: String,
    /// 対応区分 as printed.
    pub disposition: Option<String>,
    /// The department that answered.
    pub department: String,
    /// The row.
    pub summary: i64,
    /// The answer.
    pub ward_view: i64,
    /// Its terms, each once.
    pub terms: Vec<String>,
}

/// Puts the rows of a version in the place of those of the theme's earlier versions.
///
/// # Errors
/// When the database refuses.
pub async fn replace<C: ConnectionTrait>(tx: &C, version: &publication::Model, rows: &[Entry]) -> Result<(), DbErr> {
    past_answer::Entity::delete_many()
        .filter(past_answer::Column::ConsultationId.eq(version.consultation_id))
        .exec(tx)
        .await?;
    let ids = super::imports::take_ids(tx, "past_answer", rows.len()).await?;
    let answers = ids.iter().zip(rows).map(|(id, row)| past_answer::ActiveModel {
        id: Set(*id),
        number: Set(row.number.clone()),
        text: Set(row.text.clone()),
        answer: Set(row.answer.clone()),
        department: Set(row.department.clone()),
        disposition: Set(row.disposition.clone()),
        publication_id: Set(version.id),
        consultation_id: Set(version.consultation_id),
        summary_id: Set(row.summary),
        ward_view_id: Set(row.ward_view),
        published_at: Set(version.published_at),
    });
    super::imports::insert_all(tx, answers.collect()).await?;
    let term =
        |(term, id): (&String, i64)| past_answer_term::ActiveModel { term: Set(term.clone()), past_answer_id: Set(id) };
    let terms = ids.iter().zip(rows).flat_map(|(id, row)| row.terms.iter().map(move |term| (term, *id))).map(term);
    super::imports::insert_all(tx, terms.collect()).await
}

/// A published row with its theme.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Found {
    /// Its id in the index.
    pub id: i64,
    /// Its number, 「1-2」.
    pub number: String,
    /// 要旨.
    pub text: String,
    /// 区の考え方.
    pub answer: String,
    /// 対応区分 as printed.
    pub disposition: Option<String>,
    /// The department that answered.
    pub department: String,
    /// The theme.
    pub consultation_id: i64,
    /// Its title.
    pub title: String,
    /// The last part of its address.
    pub slug: String,
    /// The row.
    pub summary_id: i64,
    /// When this version came out.
    pub published_at: i64,
}

const COLUMNS: &str = "a.id, a.number, a.text, a.answer, a.disposition, a.department, a.consultation_id, c.title, c.slug, \
                       a.summary_id, a.published_at";

/// Rows that share terms with a text, those with most of them first; without the row `but` itself.
///
/// # Errors
/// When the database is away.
pub async fn sharing<C: ConnectionTrait>(
    db: &C,
    terms: &[String],
    but: i64,
    now: Millis,
    limit: u64,
) -> Result<Vec<Found>, DbErr> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (4..terms.len() + 4).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM past_answer a JOIN consultation c ON c.id = a.consultation_id \
         JOIN (SELECT t.past_answer_id, COUNT(*) AS shared FROM past_answer_term t \
               JOIN past_answer o ON o.id = t.past_answer_id AND o.summary_id <> $1 AND o.published_at <= $2 \
               WHERE t.term IN ({}) GROUP BY t.past_answer_id ORDER BY shared DESC, t.past_answer_id DESC LIMIT $3) f \
         ON f.past_answer_id = a.id ORDER BY f.shared DESC, a.id DESC",
        marks.join(", ")
    );
    let mut values: Vec<Value> = vec![but.into(), now.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    values.extend(terms.iter().map(|term| Value::from(term.clone())));
    Found::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// One row of the index that is public.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64, now: Millis) -> Result<Option<Found>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM past_answer a JOIN consultation c ON c.id = a.consultation_id \
         WHERE a.id = $1 AND a.published_at <= $2"
    );
    let values: [Value; 2] = [id.into(), now.into()];
    Found::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).one(db).await
}

/// Rows that hold every word of a search in 要旨, answer, title of the theme or department, the newest first, after the
/// row published at this time with this id.
///
/// # Errors
/// When the database is away.
pub async fn search<C: ConnectionTrait>(
    db: &C,
    words: &[String],
    after: Option<(Millis, i64)>,
    now: Millis,
    limit: u64,
) -> Result<Vec<Found>, DbErr> {
    let (at, id) = after.unwrap_or((i64::MAX, i64::MAX));
    let mut values: Vec<Value> =
        vec![now.into(), at.into(), id.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let mut filters = Vec::new();
    for word in words {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        values.push(format!("%{escaped}%").into());
        let n = values.len();
        let any = ["a.text", "a.answer", "c.title", "a.department"].map(|c| format!("{c} LIKE ${n} ESCAPE '\\'"));
        filters.push(format!(" AND ({})", any.join(" OR ")));
    }
    let filter = filters.concat();
    let sql = format!(
        "SELECT {COLUMNS} FROM past_answer a JOIN consultation c ON c.id = a.consultation_id \
         WHERE a.published_at <= $1 AND (a.published_at < $2 OR (a.published_at = $2 AND a.id < $3)){filter} \
         ORDER BY a.published_at DESC, a.id DESC LIMIT $4"
    );
    Found::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}
