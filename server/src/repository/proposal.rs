//! Proposals, their history, likes, drafts and opinion items.

use std::collections::{HashMap, HashSet};

use app::pages::proposals::Sort;
use domain::{IntakeState, Millis, ProposalState};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    FromQueryResult, Order, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Set,
    sea_query::{Expr, OnConflict, SimpleExpr},
};

use crate::entity::{draft, opinion_item, proposal, proposal_like, proposal_revision};
use proposal::Column;

/// What a list of proposals is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The consultation; `None` for the console's queue over all of them.
    pub consultation: Option<i64>,
    /// Only of these consultations.
    pub consultations: Option<Vec<i64>>,
    /// The question.
    pub question: Option<i64>,
    /// States that are shown.
    pub states: Vec<ProposalState>,
    /// Words that have to be in title or body.
    pub q: String,
}

/// Where a page of a list starts: after the entry with this sort key and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key.
    pub key: i64,
    /// The id.
    pub id: i64,
}

impl Cursor {
    /// Reads `key.id`, as links carry it; what can't be read is no cursor.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (key, id) = text.split_once('.')?;
        Some(Self { key: key.parse().ok()?, id: id.parse().ok()? })
    }
}

/// The order of a list with what it needs.
#[derive(Clone, Copy, Debug)]
pub struct Ordering {
    /// Which.
    pub sort: Sort,
    /// Makes one random order differ from another.
    pub seed: i64,
}

/// Multipliers that spread ids over the order; any primes do.
const SPREAD: i64 = 618_033;
const MODULUS: i64 = 1_000_003;

impl Ordering {
    /// The sort key of a proposal.
    #[must_use]
    pub const fn key(self, p: &proposal::Model) -> i64 {
        match self.sort {
            Sort::Newest => p.created_at,
            Sort::Likes => p.like_count,
            Sort::Random => (p.id % MODULUS * SPREAD + self.seed) % MODULUS,
        }
    }

    fn expr(self) -> SimpleExpr {
        match self.sort {
            Sort::Newest => Expr::col(Column::CreatedAt),
            Sort::Likes => Expr::col(Column::LikeCount),
            Sort::Random => Expr::col(Column::Id).modulo(MODULUS).mul(SPREAD).add(self.seed).modulo(MODULUS),
        }
    }
}

fn filtered(filter: &Filter) -> Select<proposal::Entity> {
    let mut query = proposal::Entity::find();
    if let Some(consultation) = filter.consultation {
        query = query.filter(Column::ConsultationId.eq(consultation));
    }
    if let Some(ids) = &filter.consultations {
        query = query.filter(Column::ConsultationId.is_in(ids.clone()));
    }
    if let Some(question) = filter.question {
        query = query.filter(Column::QuestionId.eq(question));
    }
    if !filter.states.is_empty() {
        query = query.filter(Column::State.is_in(filter.states.iter().map(|s| s.code())));
    }
    for word in filter.q.split_whitespace().take(8) {
        query = query.filter(Condition::any().add(contains(Column::Body, word)).add(contains(Column::Title, word)));
    }
    query
}

/// A plain search in the text; `%` and `_` are letters like others.
fn contains(column: Column, word: &str) -> SimpleExpr {
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::col(column).like(sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// One page of a list, by keyset: the page after `after`.
///
/// # Errors
/// When the database is away.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    filter: &Filter,
    order: Ordering,
    after: Option<Cursor>,
    limit: u64,
) -> Result<Vec<proposal::Model>, DbErr> {
    let mut query = filtered(filter);
    if let Some(Cursor { key, id }) = after {
        let tied = Condition::all().add(order.expr().eq(key)).add(Column::Id.lt(id));
        query = query.filter(Condition::any().add(order.expr().lt(key)).add(tied));
    }
    query.order_by(order.expr(), Order::Desc).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// How many fit the filter.
///
/// # Errors
/// When the database is away.
pub async fn count<C: ConnectionTrait>(db: &C, filter: &Filter) -> Result<u64, DbErr> {
    filtered(filter).count(db).await
}

#[derive(FromQueryResult)]
struct CountBy {
    key: Option<i64>,
    n: i64,
}

/// How many shown proposals each question of a consultation has.
///
/// # Errors
/// When the database is away.
pub async fn count_by_question<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<HashMap<i64, i64>, DbErr> {
    let rows = proposal::Entity::find()
        .select_only()
        .column_as(Column::QuestionId, "key")
        .column_as(Column::Id.count(), "n")
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::State.eq(ProposalState::Published.code()))
        .group_by(Column::QuestionId)
        .into_model::<CountBy>()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|r| r.key.map(|key| (key, r.n))).collect())
}

/// One proposal.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<proposal::Model>, DbErr> {
    proposal::Entity::find_by_id(id).one(db).await
}

/// One proposal, locked against changes by others until the transaction ends. SQLite's writers come one by one anyway.
///
/// # Errors
/// When the database is away.
pub async fn by_id_locked<C: ConnectionTrait>(tx: &C, id: i64) -> Result<Option<proposal::Model>, DbErr> {
    proposal::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// One proposal by its receipt number.
///
/// # Errors
/// When the database is away.
pub async fn by_receipt<C: ConnectionTrait>(db: &C, number: &str) -> Result<Option<proposal::Model>, DbErr> {
    proposal::Entity::find().filter(Column::ReceiptNumber.eq(number)).one(db).await
}

/// The proposal that this form made already, when it was sent twice.
///
/// # Errors
/// When the database is away.
pub async fn by_form_token<C: ConnectionTrait>(
    db: &C,
    account: i64,
    token: &str,
) -> Result<Option<proposal::Model>, DbErr> {
    proposal::Entity::find().filter(Column::AccountId.eq(account)).filter(Column::FormToken.eq(token)).one(db).await
}

/// The proposals of an account, the latest first.
///
/// # Errors
/// When the database is away.
pub async fn by_account<C: ConnectionTrait>(db: &C, account: i64) -> Result<Vec<proposal::Model>, DbErr> {
    proposal::Entity::find().filter(Column::AccountId.eq(account)).order_by_desc(Column::Id).limit(500).all(db).await
}

/// Inserts a proposal. Its opinion items are the caller's to add.
///
/// # Errors
/// When the database refuses.
pub async fn insert<C: ConnectionTrait>(tx: &C, new: proposal::ActiveModel) -> Result<proposal::Model, DbErr> {
    new.insert(tx).await
}

/// Changes columns of a proposal.
///
/// # Errors
/// When the database refuses.
pub async fn update<C: ConnectionTrait>(tx: &C, changes: proposal::ActiveModel) -> Result<proposal::Model, DbErr> {
    changes.update(tx).await
}

/// Keeps the text that is about to be replaced.
///
/// # Errors
/// When the database refuses.
pub async fn keep_revision<C: ConnectionTrait>(tx: &C, old: &proposal::Model, now: Millis) -> Result<(), DbErr> {
    proposal_revision::ActiveModel {
        proposal_id: Set(old.id),
        title: Set(old.title.clone()),
        body: Set(old.body.clone()),
        question_id: Set(old.question_id),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// Sets or takes back a like and keeps the count exact; gives the new count.
///
/// # Errors
/// When the database refuses.
pub async fn set_like<C: ConnectionTrait>(tx: &C, id: i64, account: i64, on: bool, now: Millis) -> Result<i64, DbErr> {
    let changed = if on {
        let like = proposal_like::ActiveModel { proposal_id: Set(id), account_id: Set(account), created_at: Set(now) };
        let once = OnConflict::columns([proposal_like::Column::ProposalId, proposal_like::Column::AccountId])
            .do_nothing()
            .to_owned();
        proposal_like::Entity::insert(like).on_conflict(once).exec_without_returning(tx).await?
    } else {
        proposal_like::Entity::delete_by_id((id, account)).exec(tx).await?.rows_affected
    };
    if changed > 0 {
        proposal::Entity::update_many()
            .col_expr(Column::LikeCount, Expr::col(Column::LikeCount).add(if on { 1 } else { -1 }))
            .filter(Column::Id.eq(id))
            .exec(tx)
            .await?;
    }
    Ok(by_id(tx, id).await?.map_or(0, |p| p.like_count))
}

/// Which of these proposals an account likes.
///
/// # Errors
/// When the database is away.
pub async fn liked<C: ConnectionTrait>(db: &C, account: i64, ids: Vec<i64>) -> Result<HashSet<i64>, DbErr> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let likes = proposal_like::Entity::find()
        .filter(proposal_like::Column::AccountId.eq(account))
        .filter(proposal_like::Column::ProposalId.is_in(ids))
        .all(db)
        .await?;
    Ok(likes.into_iter().map(|l| l.proposal_id).collect())
}

/// What an account has typed for a consultation and not sent.
///
/// # Errors
/// When the database is away.
pub async fn draft<C: ConnectionTrait>(db: &C, account: i64, consultation: i64) -> Result<Option<draft::Model>, DbErr> {
    draft::Entity::find_by_id((account, consultation)).one(db).await
}

/// Keeps a draft.
///
/// # Errors
/// When the database refuses.
pub async fn put_draft<C: ConnectionTrait>(tx: &C, new: draft::ActiveModel) -> Result<(), DbErr> {
    let replace = OnConflict::columns([draft::Column::AccountId, draft::Column::ConsultationId])
        .update_columns([
            draft::Column::Title,
            draft::Column::Body,
            draft::Column::QuestionId,
            draft::Column::UpdatedAt,
        ])
        .to_owned();
    draft::Entity::insert(new).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Throws a draft away.
///
/// # Errors
/// When the database refuses.
pub async fn delete_draft<C: ConnectionTrait>(tx: &C, account: i64, consultation: i64) -> Result<(), DbErr> {
    draft::Entity::delete_by_id((account, consultation)).exec(tx).await?;
    Ok(())
}

/// The opinion items of a consultation that count (of shown proposals), each with its proposal, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn items<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
) -> Result<Vec<(opinion_item::Model, proposal::Model)>, DbErr> {
    let found = opinion_item::Entity::find()
        .find_also_related(proposal::Entity)
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::State.eq(ProposalState::Published.code()))
        .filter(Column::Intake.is_in(IntakeState::ALL.into_iter().filter(|s| s.counts()).map(IntakeState::code)))
        .order_by_asc(opinion_item::Column::Id)
        .all(db)
        .await?;
    Ok(found.into_iter().filter_map(|(item, proposal)| proposal.map(|p| (item, p))).collect())
}
