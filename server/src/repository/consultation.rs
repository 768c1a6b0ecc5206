//! Consultations with their questions and documents.

use std::collections::HashMap;

use domain::{ConsultationKind, Millis, Phase};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait as _,
    ExprTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement, sea_query::Expr,
};

use crate::entity::{consultation, document, extension, question, upload};
use consultation::Column;

/// What a list of consultations is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// The phase.
    pub phase: Option<Phase>,
    /// The kind.
    pub kind: Option<ConsultationKind>,
    /// The owning department.
    pub department: Option<i64>,
    /// Only those whose result is out, whatever came after it.
    pub with_result: bool,
}

/// The SQL form of [`domain::consultation::PhaseFacts::phase`]; a test holds the two together.
fn in_phase(phase: Phase, now: Millis) -> Condition {
    let public = Condition::all().add(Column::State.eq("published")).add(Column::PublishAt.lte(now));
    let closed = public.clone().add(Column::ClosesAt.lt(now));
    let result_out = Column::ResultAt.lte(now);
    match phase {
        Phase::Draft => Condition::any().add(Column::State.ne("published")).add(Column::PublishAt.is_null()),
        Phase::Scheduled => Condition::all().add(Column::State.eq("published")).add(Column::PublishAt.gt(now)),
        Phase::Coming => public.add(Column::OpensAt.gt(now)),
        Phase::Open => public.add(Column::OpensAt.lte(now)).add(Column::ClosesAt.gte(now)),
        Phase::UnderReview => {
            closed.add(Condition::any().add(Column::ResultAt.is_null()).add(Column::ResultAt.gt(now)))
        }
        Phase::ResultOut => closed
            .add(result_out)
            .add(Condition::any().add(Column::ProgressAt.is_null()).add(Column::ProgressAt.gt(now))),
        Phase::Progress => closed.add(result_out).add(Column::ProgressAt.lte(now)),
    }
}

/// Consultations the public may see: open ones first, those that close soonest on top.
///
/// # Errors
/// When the database is away.
pub async fn public<C: ConnectionTrait>(
    db: &C,
    filter: Filter,
    now: Millis,
) -> Result<Vec<consultation::Model>, DbErr> {
    let mut query = consultation::Entity::find()
        .filter(Column::State.eq("published"))
        .filter(Column::PublishAt.lte(now))
        .order_by_desc(Column::ClosesAt)
        .order_by_desc(Column::Id)
        .limit(500);
    if let Some(phase) = filter.phase {
        query = query.filter(in_phase(phase, now));
    }
    if filter.with_result {
        query = query.filter(Condition::any().add(in_phase(Phase::ResultOut, now)).add(in_phase(Phase::Progress, now)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(Column::Kind.eq(kind.code()));
    }
    if let Some(department) = filter.department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    query.all(db).await
}

/// Consultations for the console, the latest first; all of them or one department's.
///
/// # Errors
/// When the database is away.
pub async fn for_staff<C: ConnectionTrait>(db: &C, department: Option<i64>) -> Result<Vec<consultation::Model>, DbErr> {
    let mut query = consultation::Entity::find().order_by_desc(Column::Id).limit(500);
    if let Some(department) = department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    query.all(db).await
}

/// One consultation by its address.
///
/// # Errors
/// When the database is away.
pub async fn by_slug<C: ConnectionTrait>(db: &C, slug: &str) -> Result<Option<consultation::Model>, DbErr> {
    consultation::Entity::find().filter(Column::Slug.eq(slug)).one(db).await
}

/// One consultation.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<consultation::Model>, DbErr> {
    consultation::Entity::find_by_id(id).one(db).await
}

/// One consultation, locked against changes by others until the transaction ends. SQLite's writers come one by one
/// anyway.
///
/// # Errors
/// When the database is away.
pub async fn by_id_locked<C: ConnectionTrait>(tx: &C, id: i64) -> Result<Option<consultation::Model>, DbErr> {
    consultation::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Several consultations by id.
///
/// # Errors
/// When the database is away.
pub async fn by_ids<C: ConnectionTrait>(db: &C, ids: Vec<i64>) -> Result<HashMap<i64, consultation::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = consultation::Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|c| (c.id, c)).collect())
}

/// Inserts a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn insert<C: ConnectionTrait>(db: &C, new: consultation::ActiveModel) -> Result<consultation::Model, DbErr> {
    new.insert(db).await
}

/// Changes columns of a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn update<C: ConnectionTrait>(
    db: &C,
    changes: consultation::ActiveModel,
) -> Result<consultation::Model, DbErr> {
    changes.update(db).await
}

/// Adds to the number of shown proposals.
///
/// # Errors
/// When the database refuses.
pub async fn count_proposals<C: ConnectionTrait>(db: &C, id: i64, by: i64) -> Result<(), DbErr> {
    consultation::Entity::update_many()
        .col_expr(Column::ProposalCount, Expr::col(Column::ProposalCount).add(by))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// The questions of a consultation in order.
///
/// # Errors
/// When the database is away.
pub async fn questions<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<question::Model>, DbErr> {
    question::Entity::find()
        .filter(question::Column::ConsultationId.eq(consultation))
        .order_by_asc(question::Column::Position)
        .order_by_asc(question::Column::Id)
        .all(db)
        .await
}

/// Titles of questions.
///
/// # Errors
/// When the database is away.
pub async fn question_titles<C: ConnectionTrait>(db: &C, ids: Vec<i64>) -> Result<HashMap<i64, String>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = question::Entity::find().filter(question::Column::Id.is_in(ids)).all(db).await?;
    Ok(found.into_iter().map(|q| (q.id, q.title)).collect())
}

/// Saves a question, new or changed.
///
/// # Errors
/// When the database refuses.
pub async fn put_question<C: ConnectionTrait>(db: &C, question: question::ActiveModel) -> Result<(), DbErr> {
    if question.id.is_not_set() {
        question.insert(db).await?;
    } else {
        question.update(db).await?;
    }
    Ok(())
}

/// Deletes a question nobody has answered.
///
/// # Errors
/// When the database refuses, also when proposals answer it.
pub async fn delete_question<C: ConnectionTrait>(db: &C, id: i64) -> Result<(), DbErr> {
    question::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// The documents of a consultation with their files, in order.
///
/// # Errors
/// When the database is away.
pub async fn documents<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
) -> Result<Vec<(document::Model, upload::Model)>, DbErr> {
    let found = document::Entity::find()
        .filter(document::Column::ConsultationId.eq(consultation))
        .order_by_asc(document::Column::Position)
        .find_also_related(upload::Entity)
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(d, u)| u.map(|u| (d, u))).collect())
}

/// One document with its file.
///
/// # Errors
/// When the database is away.
pub async fn document<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<(document::Model, upload::Model)>, DbErr> {
    let found = document::Entity::find_by_id(id).find_also_related(upload::Entity).one(db).await?;
    Ok(found.and_then(|(d, u)| u.map(|u| (d, u))))
}

/// Takes the next version number when `version` is still the current one; `false` when somebody else was first.
///
/// # Errors
/// When the database refuses.
pub async fn claim_version<C: ConnectionTrait>(tx: &C, id: i64, version: i64) -> Result<bool, DbErr> {
    let claimed = consultation::Entity::update_many()
        .col_expr(Column::Version, Expr::value(version + 1))
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(claimed.rows_affected == 1)
}

/// Something that happened to a theme, or a theme that hangs together with it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Event {
    /// `extension`, `publication`, `document`, `origin` or `successor`.
    pub kind: String,
    /// When.
    pub at: Millis,
    /// The old closing, the version, or the theme's id.
    pub a: i64,
    /// The new closing, or the opinions of the version.
    pub b: i64,
    /// The people of the version.
    pub c: i64,
    /// The reason or the title.
    pub text: String,
    /// The theme's address, or the stage of the document.
    pub code: String,
}

/// What the public may know of a theme's past and of the themes before and after it, in one statement.
///
/// # Errors
/// When the database is away.
pub async fn events<C: ConnectionTrait>(
    db: &C,
    id: i64,
    origin: Option<i64>,
    now: Millis,
) -> Result<Vec<Event>, DbErr> {
    let number = |name: &str| match db.get_database_backend() {
        DbBackend::Postgres => format!("CAST(CAST(response_table AS json)->>'{name}' AS bigint)"),
        _ => format!("json_extract(response_table, '$.{name}')"),
    };
    let sql = format!(
        "SELECT 'extension' AS kind, created_at AS at, old_closes_at AS a, new_closes_at AS b, 0 AS c, \
                reason AS text, '' AS code FROM extension WHERE consultation_id = $1 AND created_at <= $2 \
         UNION ALL SELECT 'publication', published_at, version, {opinions}, {people}, '', '' \
                FROM publication WHERE consultation_id = $1 AND published_at <= $2 \
         UNION ALL SELECT 'document', v.created_at, v.id, 0, 0, d.title, v.stage \
                FROM document_version v JOIN document d ON d.id = v.document_id \
                WHERE d.consultation_id = $1 AND v.created_at <= $2 \
         UNION ALL SELECT 'origin', opens_at, id, 0, 0, title, slug FROM consultation \
                WHERE id = $3 AND state = 'published' AND publish_at <= $2 \
         UNION ALL SELECT 'successor', publish_at, id, 0, 0, title, slug FROM consultation \
                WHERE origin_id = $1 AND state = 'published' AND publish_at <= $2 \
         ORDER BY 2, 3",
        opinions = number("opinions"),
        people = number("submitters"),
    );
    let values = [id.into(), now.into(), origin.unwrap_or_default().into()];
    Event::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).all(db).await
}

/// The themes before and after a theme, public or not, for staff: ids, titles, and whether it is the one before.
///
/// # Errors
/// When the database is away.
pub async fn related<C: ConnectionTrait>(
    db: &C,
    id: i64,
    origin: Option<i64>,
) -> Result<Vec<(i64, String, bool)>, DbErr> {
    let found = consultation::Entity::find()
        .filter(Condition::any().add(Column::Id.eq(origin.unwrap_or_default())).add(Column::OriginId.eq(id)))
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    Ok(found.into_iter().map(|row| (row.id, row.title, Some(row.id) == origin)).collect())
}

/// Notes a longer period.
///
/// # Errors
/// When the database refuses.
pub async fn insert_extension<C: ConnectionTrait>(tx: &C, new: extension::ActiveModel) -> Result<(), DbErr> {
    new.insert(tx).await?;
    Ok(())
}

/// Themes that are open now and close at `until` at the latest.
///
/// # Errors
/// When the database is away.
pub async fn closing_until<C: ConnectionTrait>(
    db: &C,
    now: Millis,
    until: Millis,
) -> Result<Vec<consultation::Model>, DbErr> {
    consultation::Entity::find()
        .filter(in_phase(Phase::Open, now))
        .filter(Column::ClosesAt.lte(until))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}
