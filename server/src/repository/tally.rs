//! Counts of what was received. They are kept with every change, so that a queue of two hundred thousand submissions
//! shows them as fast as an empty one; [`rebuild`] counts anew, and tests hold the two together.

use std::collections::BTreeMap;

use domain::{IntakeState, ProposalState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, QueryFilter as _, Set, Statement,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::entity::intake_tally::{ActiveModel, Column, Entity};

/// Where something is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// 経路.
    pub channel: String,
    /// 応募資格, or [`domain::intake::UNKNOWN_ELIGIBILITY`].
    pub eligibility: String,
    /// See [`IntakeState::status`].
    pub status: String,
    /// 収受日, ISO.
    pub received_on: String,
}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 提出数.
    pub submissions: i64,
    /// 意見件数.
    pub opinions: i64,
    /// 提出者数: each person once, at the first submission that counts.
    pub people: i64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.submissions += other.submissions;
        self.opinions += other.opinions;
        self.people += other.people;
    }
}

/// Counts by place.
pub type Tally = BTreeMap<Key, Counts>;

#[derive(Debug, FromQueryResult)]
struct Fact {
    channel: String,
    eligibility: String,
    state: String,
    intake: String,
    received_on: String,
    opinions: i64,
}

/// What one person's submissions contribute.
///
/// # Errors
/// When the database is away.
pub async fn of_submitter<C: ConnectionTrait>(db: &C, consultation: i64, submitter: &str) -> Result<Tally, DbErr> {
    let sql = "SELECT p.channel, p.eligibility, p.state, p.intake, p.received_on, \
               (SELECT COUNT(*) FROM opinion_item i WHERE i.proposal_id = p.id) AS opinions \
               FROM proposal p WHERE p.consultation_id = $1 AND p.submitter = $2 ORDER BY p.id";
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), sql, [consultation.into(), submitter.into()]);
    let facts = Fact::find_by_statement(statement).all(db).await?;
    let mut tally = Tally::new();
    let mut met = false;
    for fact in facts {
        let state = ProposalState::from_code(&fact.state).unwrap_or(ProposalState::Hidden);
        let intake = IntakeState::from_code(&fact.intake).unwrap_or_default();
        let status = intake.status(state);
        let first = !met && IntakeState::status_counts(status);
        met |= first;
        let key = Key {
            channel: fact.channel,
            eligibility: fact.eligibility,
            status: status.to_owned(),
            received_on: fact.received_on,
        };
        *tally.entry(key).or_default() += Counts { submissions: 1, opinions: fact.opinions, people: first.into() };
    }
    Ok(tally)
}

/// Adds `after` and takes `before` away.
///
/// # Errors
/// When the database refuses.
pub async fn apply<C: ConnectionTrait>(tx: &C, consultation: i64, before: &Tally, after: &Tally) -> Result<(), DbErr> {
    let mut change = after.clone();
    for (key, counts) in before {
        *change.entry(key.clone()).or_default() +=
            Counts { submissions: -counts.submissions, opinions: -counts.opinions, people: -counts.people };
    }
    for (key, counts) in change.into_iter().filter(|(_, counts)| *counts != Counts::default()) {
        let row = ActiveModel {
            consultation_id: Set(consultation),
            channel: Set(key.channel),
            eligibility: Set(key.eligibility),
            status: Set(key.status),
            received_on: Set(key.received_on),
            submissions: Set(counts.submissions),
            opinions: Set(counts.opinions),
            people: Set(counts.people),
        };
        let add = |column: Column, by: i64| (column, Expr::col((Entity, column)).add(by));
        let merge = OnConflict::columns([
            Column::ConsultationId,
            Column::Channel,
            Column::Eligibility,
            Column::Status,
            Column::ReceivedOn,
        ])
        .values([
            add(Column::Submissions, counts.submissions),
            add(Column::Opinions, counts.opinions),
            add(Column::People, counts.people),
        ])
        .to_owned();
        Entity::insert(row).on_conflict(merge).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Counts a consultation anew from its submissions.
///
/// # Errors
/// When the database refuses.
pub async fn rebuild<C: ConnectionTrait>(tx: &C, consultation: i64) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let counted: Vec<String> =
        IntakeState::ALL.into_iter().filter(|s| s.counts()).map(|s| format!("'{}'", s.code())).collect();
    let counted = counted.join(", ");
    Entity::delete_many().filter(Column::ConsultationId.eq(consultation)).exec(tx).await?;
    let sql = format!(
        "INSERT INTO intake_tally \
         (consultation_id, channel, eligibility, status, received_on, submissions, opinions, people) \
         SELECT f.consultation_id, f.channel, f.eligibility, f.status, f.received_on, \
                COUNT(*), SUM(f.opinions), SUM(CASE WHEN f.counts = 1 AND f.place = 1 THEN 1 ELSE 0 END) \
         FROM (SELECT p.consultation_id, p.channel, p.eligibility, p.received_on, \
                      CASE WHEN p.state = 'published' THEN p.intake ELSE p.state END AS status, \
                      CASE WHEN p.state = 'published' AND p.intake IN ({counted}) THEN 1 ELSE 0 END AS counts, \
                      (SELECT COUNT(*) FROM opinion_item i WHERE i.proposal_id = p.id) AS opinions, \
                      ROW_NUMBER() OVER (PARTITION BY p.submitter, \
                          CASE WHEN p.state = 'published' AND p.intake IN ({counted}) THEN 1 ELSE 0 END \
                          ORDER BY p.id) AS place \
               FROM proposal p WHERE p.consultation_id = $1) f \
         GROUP BY f.consultation_id, f.channel, f.eligibility, f.status, f.received_on"
    );
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [consultation.into()])).await?;
    Ok(())
}
