//! What the journal of the desk reads and writes: rows of the desk as they are, and as they were.

use std::collections::{BTreeMap, BTreeSet};

use domain::Millis;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _,
    FromQueryResult, IntoActiveModel, PrimaryKeyTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
    Statement, sea_query::Expr,
};

use crate::entity::{
    chapter, desk_change, opinion_item, plan_change_summary, referral, summary, summary_item, summary_routing,
    ward_view,
};

/// Ids in one list of a statement: bound values have a limit.
const AT_ONCE: usize = 5000;
/// Rows in one INSERT.
const ROWS_AT_ONCE: usize = 500;

/// Rows of the desk by their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Chapters.
    pub chapters: BTreeMap<i64, chapter::Model>,
    /// Rows.
    pub rows: BTreeMap<i64, summary::Model>,
    /// Answers.
    pub answers: BTreeMap<i64, ward_view::Model>,
    /// Opinions.
    pub items: BTreeMap<i64, opinion_item::Model>,
    /// Which row gathers which opinion, by (row, opinion).
    pub links: BTreeMap<(i64, i64), summary_item::Model>,
    /// What departments rows were given to.
    pub routings: BTreeMap<i64, summary_routing::Model>,
    /// What other departments were asked.
    pub referrals: BTreeMap<i64, referral::Model>,
    /// Which row caused which change of the draft, by (change, row).
    pub causes: BTreeMap<(i64, i64), plan_change_summary::Model>,
}

/// Which rows of the desk are loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// Chapters.
    pub chapters: BTreeSet<i64>,
    /// Rows, without what hangs on them.
    pub heads: BTreeSet<i64>,
    /// Rows with their links, routings, questions and causes.
    pub rows: BTreeSet<i64>,
    /// Answers.
    pub answers: BTreeSet<i64>,
    /// Opinions with their links.
    pub items: BTreeSet<i64>,
    /// Submissions, with all their opinions and the links of these.
    pub proposals: BTreeSet<i64>,
}

async fn found<C: ConnectionTrait, E: EntityTrait>(
    db: &C,
    column: E::Column,
    ids: &BTreeSet<i64>,
) -> Result<Vec<E::Model>, DbErr> {
    let ids: Vec<i64> = ids.iter().copied().collect();
    let mut all = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        all.extend(E::find().filter(column.is_in(some.iter().copied())).all(db).await?);
    }
    Ok(all)
}

/// Loads rows of the desk.
///
/// # Errors
/// When the database is away.
pub async fn state<C: ConnectionTrait>(db: &C, watched: &Watched) -> Result<State, DbErr> {
    let mut state = State::default();
    let chapters = found::<C, chapter::Entity>(db, chapter::Column::Id, &watched.chapters).await?;
    state.chapters.extend(chapters.into_iter().map(|c| (c.id, c)));
    let rows: BTreeSet<i64> = watched.rows.union(&watched.heads).copied().collect();
    let rows = found::<C, summary::Entity>(db, summary::Column::Id, &rows).await?;
    state.rows.extend(rows.into_iter().map(|r| (r.id, r)));
    let answers = found::<C, ward_view::Entity>(db, ward_view::Column::Id, &watched.answers).await?;
    state.answers.extend(answers.into_iter().map(|a| (a.id, a)));
    for (column, ids) in
        [(opinion_item::Column::Id, &watched.items), (opinion_item::Column::ProposalId, &watched.proposals)]
    {
        let items = found::<C, opinion_item::Entity>(db, column, ids).await?;
        state.items.extend(items.into_iter().map(|i| (i.id, i)));
    }
    let items: BTreeSet<i64> = state.items.keys().chain(&watched.items).copied().collect();
    for (column, ids) in
        [(summary_item::Column::SummaryId, &watched.rows), (summary_item::Column::OpinionItemId, &items)]
    {
        let links = found::<C, summary_item::Entity>(db, column, ids).await?;
        state.links.extend(links.into_iter().map(|l| ((l.summary_id, l.opinion_item_id), l)));
    }
    let of_rows = &watched.rows;
    let routings = found::<C, summary_routing::Entity>(db, summary_routing::Column::SummaryId, of_rows).await?;
    state.routings.extend(routings.into_iter().map(|r| (r.id, r)));
    let referrals = found::<C, referral::Entity>(db, referral::Column::SummaryId, of_rows).await?;
    state.referrals.extend(referrals.into_iter().map(|r| (r.id, r)));
    let causes = found::<C, plan_change_summary::Entity>(db, plan_change_summary::Column::SummaryId, of_rows).await?;
    state.causes.extend(causes.into_iter().map(|c| ((c.plan_change_id, c.summary_id), c)));
    Ok(state)
}

/// The greatest ids of a theme's desk; 0 where there is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Newest {
    /// Of its chapters.
    pub chapter: i64,
    /// Of its rows.
    pub row: i64,
    /// Of its answers.
    pub answer: i64,
}

/// The greatest ids of a theme's desk: what is made afterwards has a greater one.
///
/// # Errors
/// When the database is away.
pub async fn newest<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Newest, DbErr> {
    let of = |table: &str| format!("(SELECT COALESCE(MAX(id), 0) FROM {table} WHERE consultation_id = $1)");
    let sql =
        format!("SELECT {} AS chapter, {} AS \"row\", {} AS answer", of("chapter"), of("summary"), of("ward_view"));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into()]);
    Ok(Newest::find_by_statement(statement).one(db).await?.unwrap_or_default())
}

/// Adds to `watched` what was made in a theme since.
///
/// # Errors
/// When the database is away.
pub async fn watch_new<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    since: Newest,
    watched: &mut Watched,
) -> Result<(), DbErr> {
    let chapters = chapter::Entity::find()
        .select_only()
        .column(chapter::Column::Id)
        .filter(chapter::Column::ConsultationId.eq(consultation))
        .filter(chapter::Column::Id.gt(since.chapter));
    watched.chapters.extend(chapters.into_tuple::<i64>().all(db).await?);
    let rows = summary::Entity::find()
        .select_only()
        .column(summary::Column::Id)
        .filter(summary::Column::ConsultationId.eq(consultation))
        .filter(summary::Column::Id.gt(since.row));
    watched.rows.extend(rows.into_tuple::<i64>().all(db).await?);
    let answers = ward_view::Entity::find()
        .select_only()
        .column(ward_view::Column::Id)
        .filter(ward_view::Column::ConsultationId.eq(consultation))
        .filter(ward_view::Column::Id.gt(since.answer));
    watched.answers.extend(answers.into_tuple::<i64>().all(db).await?);
    Ok(())
}

/// Writes rows as they are given, new ones with the ids they had.
///
/// # Errors
/// When the database refuses.
pub async fn insert<C, E>(tx: &C, models: Vec<E::Model>) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    let mut rows = models.into_iter().map(|model| model.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(ROWS_AT_ONCE).collect();
        E::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Sets every column of a row that is there.
///
/// # Errors
/// When the database refuses.
pub async fn overwrite<C, E>(tx: &C, model: E::Model) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: ActiveModelBehavior + Send,
{
    model.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// Deletes a row by its key.
///
/// # Errors
/// When the database refuses.
pub async fn delete<C, E>(tx: &C, key: <E::PrimaryKey as PrimaryKeyTrait>::ValueType) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    E: EntityTrait,
{
    E::delete_by_id(key).exec(tx).await?;
    Ok(())
}

/// Rows that stand in these chapters or use these answers, as (row, chapter, answer).
///
/// # Errors
/// When the database is away.
pub async fn users<C: ConnectionTrait>(
    db: &C,
    chapters: &BTreeSet<i64>,
    answers: &BTreeSet<i64>,
) -> Result<Vec<summary::Model>, DbErr> {
    let mut all = found::<C, summary::Entity>(db, summary::Column::ChapterId, chapters).await?;
    all.extend(found::<C, summary::Entity>(db, summary::Column::WardViewId, answers).await?);
    Ok(all)
}

/// Makes pages that show these rows out of date; who wrote them last stays.
///
/// # Errors
/// When the database refuses.
pub async fn outdate<C: ConnectionTrait>(tx: &C, rows: &BTreeSet<i64>) -> Result<(), DbErr> {
    let rows: Vec<i64> = rows.iter().copied().collect();
    for some in rows.chunks(AT_ONCE) {
        summary::Entity::update_many()
            .col_expr(summary::Column::Version, Expr::col(summary::Column::Version).add(1))
            .filter(summary::Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Writes a change into the journal.
///
/// # Errors
/// When the database refuses.
pub async fn insert_change<C: ConnectionTrait>(
    tx: &C,
    new: desk_change::ActiveModel,
) -> Result<desk_change::Model, DbErr> {
    new.insert(tx).await
}

/// One change.
///
/// # Errors
/// When the database is away.
pub async fn change<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<desk_change::Model>, DbErr> {
    desk_change::Entity::find_by_id(id).one(db).await
}

/// Marks a change as taken back.
///
/// # Errors
/// When the database refuses.
pub async fn set_undone<C: ConnectionTrait>(tx: &C, id: i64, by: i64, at: Millis) -> Result<(), DbErr> {
    desk_change::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(id),
        undone_at: Set(Some(at)),
        undone_by: Set(Some(by)),
        ..Default::default()
    }
    .update(tx)
    .await?;
    Ok(())
}

/// The changes of a theme after one that stand, the latest first.
///
/// # Errors
/// When the database is away.
pub async fn later<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    after: i64,
) -> Result<Vec<desk_change::Model>, DbErr> {
    desk_change::Entity::find()
        .filter(desk_change::Column::ConsultationId.eq(consultation))
        .filter(desk_change::Column::Id.gt(after))
        .filter(desk_change::Column::UndoneAt.is_null())
        .order_by_desc(desk_change::Column::Id)
        .all(db)
        .await
}

/// A change as lists show it, without what it changed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ChangeLine {
    /// Its id.
    pub id: i64,
    /// What was done.
    pub kind: String,
    /// To what, as JSON.
    pub label: String,
    /// When.
    pub created_at: Millis,
    /// By whom.
    pub name: String,
    /// When it was taken back.
    pub undone_at: Option<Millis>,
    /// By whom.
    pub undone_name: Option<String>,
}

/// The latest changes of a theme, the latest first; with `standing` only those that were not taken back.
///
/// # Errors
/// When the database is away.
pub async fn changes<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    standing: bool,
    limit: i64,
) -> Result<Vec<ChangeLine>, DbErr> {
    let standing = if standing { " AND c.undone_at IS NULL" } else { "" };
    let sql = format!(
        "SELECT c.id, c.kind, c.label, c.created_at, COALESCE(a.display_name, '') AS name, c.undone_at, \
                u.display_name AS undone_name \
         FROM desk_change c LEFT JOIN account a ON a.id = c.created_by LEFT JOIN account u ON u.id = c.undone_by \
         WHERE c.consultation_id = $1{standing} ORDER BY c.id DESC LIMIT $2"
    );
    let values = [consultation.into(), limit.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    ChangeLine::find_by_statement(statement).all(db).await
}
