//! One change of many submissions.

use domain::{IntakeState, Millis};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Set, sea_query::Expr,
};

use crate::entity::{proposal, staff_note};

/// Ids in one statement; both databases take several times as many.
const CHUNK: usize = 1000;

/// Of these submissions those of the theme, with who sent them, locked until the transaction ends. In order of id, so
/// that two of these never wait for each other.
///
/// # Errors
/// When the database is away.
pub async fn lock<C: ConnectionTrait>(tx: &C, consultation: i64, ids: &[i64]) -> Result<Vec<(i64, String)>, DbErr> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut found = Vec::with_capacity(sorted.len());
    for chunk in sorted.chunks(CHUNK) {
        let rows: Vec<(i64, String)> = proposal::Entity::find()
            .select_only()
            .column(proposal::Column::Id)
            .column(proposal::Column::Submitter)
            .filter(proposal::Column::ConsultationId.eq(consultation))
            .filter(proposal::Column::Id.is_in(chunk.iter().copied()))
            .order_by_asc(proposal::Column::Id)
            .lock_exclusive()
            .into_tuple()
            .all(tx)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// What is set on many submissions at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Where they stand. Changes what is counted.
    Intake(IntakeState),
    /// The department they are assigned to.
    Department(Option<i64>),
    /// 賛否のみ.
    ApprovalOnly(bool),
}

/// Sets one column of many submissions.
///
/// # Errors
/// When the database refuses.
pub async fn mark<C: ConnectionTrait>(tx: &C, ids: &[i64], mark: Mark, now: Millis) -> Result<(), DbErr> {
    use proposal::Column;
    let (column, value) = match mark {
        Mark::Intake(state) => (Column::Intake, Expr::value(state.code())),
        Mark::Department(department) => (Column::AssignedDepartmentId, Expr::value(department)),
        Mark::ApprovalOnly(on) => (Column::ApprovalOnly, Expr::value(i64::from(on))),
    };
    for chunk in ids.chunks(CHUNK) {
        proposal::Entity::update_many()
            .col_expr(column, value.clone())
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Puts the same note on many submissions.
///
/// # Errors
/// When the database refuses.
pub async fn note_all<C: ConnectionTrait>(
    tx: &C,
    ids: &[i64],
    account: i64,
    body: &str,
    now: Millis,
) -> Result<(), DbErr> {
    for chunk in ids.chunks(CHUNK) {
        let rows = chunk.iter().map(|id| staff_note::ActiveModel {
            proposal_id: Set(*id),
            account_id: Set(account),
            body: Set(body.to_owned()),
            created_at: Set(now),
            ..Default::default()
        });
        staff_note::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
