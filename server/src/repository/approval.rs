//! Tables put up for decision: what a table is made of, read in few statements, and what was decided.

mod material;

use domain::{IntakeState, Millis, ProposalState};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, Set, Statement, Value, sea_query::Expr,
};

pub use material::{Consequence, Fact, Line, Opinion, consequences, facts, lines, opinions, originals};

use crate::entity::{account, approval, approval_comment, approval_step, commitment};

/// Bound values in one statement have a limit.
const AT_ONCE: usize = 500;

fn statement<C: ConnectionTrait>(db: &C, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// Of submissions `p` those whose opinions count. The codes are the program's own.
fn counted() -> String {
    let codes: Vec<String> =
        IntakeState::ALL.into_iter().filter(|s| s.counts()).map(|s| format!("'{}'", s.code())).collect();
    format!("p.state = '{}' AND p.intake IN ({})", ProposalState::Published.code(), codes.join(", "))
}

/// What happened to the tables of a theme that were put up for decision: each table, its steps, its comments.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Happening {
    /// 1: put up; 2: a step; 3: a comment.
    pub kind: i64,
    /// The table put up.
    pub approval: i64,
    /// Where the table stands; what became of the step.
    pub state: String,
    /// The remark with which it was put up; the step's name; the comment.
    pub a: String,
    /// The check sum; who takes the step.
    pub b: String,
    /// Why it was taken or sent back; the remark with the decision.
    pub c: String,
    /// When it was put up, decided or said; 0 while nobody has decided.
    pub at: i64,
    /// When the table was closed.
    pub closed_at: Option<i64>,
    /// Who.
    pub account: Option<i64>,
    /// Their name.
    pub name: Option<String>,
}

/// Everything that happened to the tables of a theme that were put up, the newest table first.
///
/// # Errors
/// When the database is away.
pub async fn history<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Happening>, DbErr> {
    let sql = "SELECT CAST(1 AS BIGINT) AS kind, a.id AS approval, a.id, CAST(0 AS BIGINT) AS position, a.state, \
               a.note AS a, a.sha256 AS b, a.comment AS c, a.created_at AS at, a.closed_at, a.created_by AS account, \
               w.display_name AS name FROM approval a LEFT JOIN account w ON w.id = a.created_by \
               WHERE a.consultation_id = $1 \
               UNION ALL SELECT CAST(2 AS BIGINT), s.approval_id, s.id, s.position, s.state, s.name, s.role, s.comment, \
               COALESCE(s.decided_at, 0), NULL, s.decided_by, w.display_name FROM approval_step s \
               JOIN approval a ON a.id = s.approval_id LEFT JOIN account w ON w.id = s.decided_by \
               WHERE a.consultation_id = $1 \
               UNION ALL SELECT CAST(3 AS BIGINT), m.approval_id, m.id, CAST(0 AS BIGINT), '', m.body, '', '', \
               m.created_at, NULL, m.account_id, w.display_name FROM approval_comment m \
               JOIN approval a ON a.id = m.approval_id LEFT JOIN account w ON w.id = m.account_id \
               WHERE a.consultation_id = $1 ORDER BY 2 DESC, 1, 4, 3";
    Happening::find_by_statement(statement(db, sql, [consultation.into()])).all(db).await
}

/// The newest table put up for decision, or a published version.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Stored {
    /// 1: put up; 2: published.
    pub kind: i64,
    /// The table as JSON.
    pub response_table: String,
    /// Which row answers which item, as JSON; none where it isn't known, of versions older than approvals.
    pub links: Option<String>,
    /// The version; 0 for what is put up.
    pub version: i64,
    /// When it was put up; when it comes out or came out.
    pub at: i64,
}

/// The newest table put up, and the two newest published versions (the newest may be scheduled), the newest first.
///
/// # Errors
/// When the database is away.
pub async fn stored<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Stored>, DbErr> {
    let sql = "SELECT CAST(1 AS BIGINT) AS kind, a.id, a.response_table, a.links, \
               CAST(0 AS BIGINT) AS version, a.created_at AS at FROM approval a \
               WHERE a.id = (SELECT MAX(id) FROM approval WHERE consultation_id = $1) \
               UNION ALL SELECT CAST(2 AS BIGINT), p.id, p.response_table, o.links, p.version, p.published_at \
               FROM publication p LEFT JOIN approval o ON o.id = p.approval_id WHERE p.consultation_id = $1 AND p.version >= \
               (SELECT MAX(version) - 1 FROM publication WHERE consultation_id = $1) ORDER BY 1, 5 DESC";
    Stored::find_by_statement(statement(db, sql, [consultation.into()])).all(db).await
}

/// Where the newest table put up stands, or a published version, without the tables themselves.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Standing {
    /// 1: put up; 2: published.
    pub kind: i64,
    /// The state of what is put up.
    pub state: String,
    /// The version.
    pub version: i64,
    /// When it comes out or came out.
    pub at: i64,
}

/// Where the newest table put up stands, and the two newest published versions, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn standing<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Standing>, DbErr> {
    let sql = "SELECT CAST(1 AS BIGINT) AS kind, a.state, CAST(0 AS BIGINT) AS version, a.created_at AS at FROM approval a \
               WHERE a.id = (SELECT MAX(id) FROM approval WHERE consultation_id = $1) \
               UNION ALL SELECT CAST(2 AS BIGINT), '', p.version, p.published_at FROM publication p \
               WHERE p.consultation_id = $1 AND p.version >= \
               (SELECT MAX(version) - 1 FROM publication WHERE consultation_id = $1) ORDER BY 1, 3 DESC";
    Standing::find_by_statement(statement(db, sql, [consultation.into()])).all(db).await
}

/// A table put up for decision.
///
/// # Errors
/// When the database is away.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: i64) -> Result<Option<approval::Model>, DbErr> {
    approval::Entity::find_by_id(id).one(db).await
}

/// The newest table of a theme that was put up.
///
/// # Errors
/// When the database is away.
pub async fn newest<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Option<approval::Model>, DbErr> {
    approval::Entity::find()
        .filter(approval::Column::ConsultationId.eq(consultation))
        .order_by_desc(approval::Column::Id)
        .one(db)
        .await
}

/// The steps of a table put up, in order.
///
/// # Errors
/// When the database is away.
pub async fn steps<C: ConnectionTrait>(db: &C, approval: i64) -> Result<Vec<approval_step::Model>, DbErr> {
    approval_step::Entity::find()
        .filter(approval_step::Column::ApprovalId.eq(approval))
        .order_by_asc(approval_step::Column::Position)
        .all(db)
        .await
}

/// Puts a table up.
///
/// # Errors
/// When the database refuses.
pub async fn insert<C: ConnectionTrait>(tx: &C, new: approval::ActiveModel) -> Result<approval::Model, DbErr> {
    new.insert(tx).await
}

/// Changes a table that was put up: its state, never its contents.
///
/// # Errors
/// When the database refuses.
pub async fn update<C: ConnectionTrait>(tx: &C, changes: approval::ActiveModel) -> Result<approval::Model, DbErr> {
    changes.update(tx).await
}

/// Adds the steps of a table put up.
///
/// # Errors
/// When the database refuses.
pub async fn insert_steps<C: ConnectionTrait>(tx: &C, steps: Vec<approval_step::ActiveModel>) -> Result<(), DbErr> {
    if !steps.is_empty() {
        approval_step::Entity::insert_many(steps).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Changes a step.
///
/// # Errors
/// When the database refuses.
pub async fn update_step<C: ConnectionTrait>(tx: &C, changes: approval_step::ActiveModel) -> Result<(), DbErr> {
    changes.update(tx).await?;
    Ok(())
}

/// Keeps a comment.
///
/// # Errors
/// When the database refuses.
pub async fn comment<C: ConnectionTrait>(
    tx: &C,
    approval: i64,
    account: i64,
    body: &str,
    now: Millis,
) -> Result<(), DbErr> {
    approval_comment::ActiveModel {
        approval_id: Set(approval),
        account_id: Set(account),
        body: Set(body.to_owned()),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// Staff of these roles, of a department or of any, who can sign in.
///
/// # Errors
/// When the database is away.
pub async fn staff<C: ConnectionTrait>(
    db: &C,
    roles: &[domain::Role],
    department: Option<i64>,
) -> Result<Vec<account::Model>, DbErr> {
    let mut found = account::Entity::find()
        .filter(account::Column::Role.is_in(roles.iter().map(|role| role.code())))
        .filter(account::Column::DisabledAt.is_null());
    if let Some(department) = department {
        found = found.filter(account::Column::DepartmentId.eq(department));
    }
    found.order_by_asc(account::Column::Id).all(db).await
}

/// Accounts by their ids, in order of id.
///
/// # Errors
/// When the database is away.
pub async fn accounts<C: ConnectionTrait>(db: &C, ids: &[i64]) -> Result<Vec<account::Model>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let of = account::Column::Id.is_in(some.iter().copied());
        found.extend(account::Entity::find().filter(of).order_by_asc(account::Column::Id).all(db).await?);
    }
    Ok(found)
}

/// Who is to be told of an answer: the submission of an opinion and its author's account, if there is one.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Author {
    /// The opinion item.
    pub item: i64,
    /// Its submission.
    pub proposal: i64,
    /// The account.
    pub account_id: Option<i64>,
}

/// The authors of the opinions of a theme that count.
///
/// # Errors
/// When the database is away.
pub async fn authors<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Vec<Author>, DbErr> {
    let sql = format!(
        "SELECT i.id AS item, p.id AS proposal, p.account_id FROM opinion_item i JOIN proposal p ON p.id = i.proposal_id \
         WHERE p.consultation_id = $1 AND {} ORDER BY i.id",
        counted()
    );
    Author::find_by_statement(statement(db, &sql, [consultation.into()])).all(db).await
}

/// Makes these promises public from a moment on; those that are public already stay as they are.
///
/// # Errors
/// When the database refuses.
pub async fn show_commitments<C: ConnectionTrait>(tx: &C, ids: &[i64], at: Millis) -> Result<(), DbErr> {
    for some in ids.chunks(AT_ONCE) {
        commitment::Entity::update_many()
            .col_expr(commitment::Column::PublicAt, Expr::value(at))
            .filter(commitment::Column::Id.is_in(some.iter().copied()))
            .filter(commitment::Column::PublicAt.is_null())
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Takes back what [`show_commitments`] did for a moment that hasn't come.
///
/// # Errors
/// When the database refuses.
pub async fn hide_commitments<C: ConnectionTrait>(tx: &C, consultation: i64, at: Millis) -> Result<(), DbErr> {
    commitment::Entity::update_many()
        .col_expr(commitment::Column::PublicAt, Expr::value(None::<i64>))
        .filter(commitment::Column::ConsultationId.eq(consultation))
        .filter(commitment::Column::PublicAt.eq(at))
        .exec(tx)
        .await?;
    Ok(())
}
