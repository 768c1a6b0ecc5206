//! What the page of one submission shows, in few statements.

use domain::Millis;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

/// What the page of one submission says beside its columns.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct Facts {
    /// The name its author chose for the site.
    pub author: Option<String>,
    /// Who entered it.
    pub entered_by: Option<String>,
    /// The question it answers.
    pub question: Option<String>,
    /// The department it is assigned to.
    pub department: Option<String>,
    /// How many have the same text.
    pub group_size: Option<i64>,
    /// Whether there is a mail address to write to: not which.
    pub addresses: i64,
}

/// What the page of one submission says beside its columns, in one statement.
///
/// # Errors
/// When the database is away.
pub async fn facts<C: ConnectionTrait>(db: &C, proposal: i64) -> Result<Facts, DbErr> {
    let sql = "SELECT (SELECT a.display_name FROM account a WHERE a.id = p.account_id) AS author, \
               (SELECT a.display_name FROM account a WHERE a.id = p.entered_by) AS entered_by, \
               (SELECT q.title FROM question q WHERE q.id = p.question_id) AS question, \
               (SELECT d.name FROM department d WHERE d.id = p.assigned_department_id) AS department, \
               (SELECT g.size FROM text_group g WHERE g.id = p.text_group_id) AS group_size, \
               (SELECT COUNT(*) FROM identity i WHERE i.proposal_id = p.id AND i.email <> '') \
                   + (SELECT COUNT(*) FROM account a WHERE a.id = p.account_id) AS addresses \
               FROM proposal p WHERE p.id = $1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [proposal.into()]);
    Ok(Facts::find_by_statement(statement).one(db).await?.unwrap_or_default())
}

/// An opinion with how many rows of the response desk gather it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LinkedItem {
    /// Its id.
    pub id: i64,
    /// Its own text; `None`: the whole submission.
    pub body: Option<String>,
    /// The paragraph it is about.
    pub anchor: Option<String>,
    /// The page it is about.
    pub page: Option<i64>,
    /// Why it is 対象外.
    pub out_of_scope: Option<String>,
    /// Rows that gather it.
    pub links: i64,
}

/// The opinions of a submission in order.
///
/// # Errors
/// When the database is away.
pub async fn linked_items<C: ConnectionTrait>(db: &C, proposal: i64) -> Result<Vec<LinkedItem>, DbErr> {
    let sql = "SELECT i.id, i.body, i.anchor, i.page, i.out_of_scope, \
               (SELECT COUNT(*) FROM summary_item s WHERE s.opinion_item_id = i.id) AS links \
               FROM opinion_item i WHERE i.proposal_id = $1 ORDER BY i.position, i.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [proposal.into()]);
    LinkedItem::find_by_statement(statement).all(db).await
}

/// What was written about a submission: a note of staff (with a name), or a text that was replaced (without).
#[derive(Clone, Debug, FromQueryResult)]
pub struct Writing {
    /// `note` or `revision`.
    pub kind: String,
    /// When it was written, or until when it stood.
    pub created_at: Millis,
    /// Who wrote the note.
    pub name: String,
    /// The title of a replaced text.
    pub title: String,
    /// The note or text.
    pub body: String,
}

/// Notes and earlier texts of a submission, the oldest first.
///
/// # Errors
/// When the database is away.
pub async fn writings<C: ConnectionTrait>(db: &C, proposal: i64) -> Result<Vec<Writing>, DbErr> {
    let sql = "SELECT 'note' AS kind, n.created_at, COALESCE(a.display_name, '') AS name, '' AS title, n.body, n.id \
               FROM staff_note n LEFT JOIN account a ON a.id = n.account_id WHERE n.proposal_id = $1 \
               UNION ALL \
               SELECT 'revision', r.created_at, '', COALESCE(r.title, ''), r.body, r.id \
               FROM proposal_revision r WHERE r.proposal_id = $1 ORDER BY 1, 6 LIMIT 1000";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [proposal.into()]);
    Writing::find_by_statement(statement).all(db).await
}

/// A submission that a department was asked to look at.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Entrusted {
    /// Its id.
    pub id: i64,
    /// 受付番号.
    pub receipt_number: String,
    /// 受付日時.
    pub created_at: Millis,
    /// Whether it is shown.
    pub state: String,
    /// Where it stands.
    pub intake: String,
    /// Title of its theme.
    pub theme: String,
    /// The beginning of its text.
    pub excerpt: String,
    /// Notes of staff.
    pub notes: i64,
}

/// The submissions of every theme that are assigned to a department, the latest first, before one id.
///
/// # Errors
/// When the database is away.
pub async fn entrusted<C: ConnectionTrait>(
    db: &C,
    department: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<Entrusted>, DbErr> {
    let sql = "SELECT p.id, p.receipt_number, p.created_at, p.state, p.intake, c.title AS theme, \
               substr(p.body, 1, 240) AS excerpt, \
               (SELECT COUNT(*) FROM staff_note n WHERE n.proposal_id = p.id) AS notes \
               FROM proposal p JOIN consultation c ON c.id = p.consultation_id \
               WHERE p.assigned_department_id = $1 AND p.id < $2 ORDER BY p.id DESC LIMIT $3";
    let values = [department.into(), before.into(), limit.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Entrusted::find_by_statement(statement).all(db).await
}
