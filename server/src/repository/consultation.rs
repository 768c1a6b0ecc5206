//! Consultations with their questions and documents.

use std::collections::HashMap;

use domain::{ConsultationKind, Millis, Phase};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};

use crate::entity::{consultation, document, question, upload};
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
        Phase::ResultOut => closed.add(result_out),
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

/// Attaches a document.
///
/// # Errors
/// When the database refuses.
pub async fn insert_document<C: ConnectionTrait>(db: &C, new: document::ActiveModel) -> Result<document::Model, DbErr> {
    new.insert(db).await
}

/// Detaches a document.
///
/// # Errors
/// When the database refuses.
pub async fn delete_document<C: ConnectionTrait>(db: &C, id: i64) -> Result<(), DbErr> {
    document::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
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
