//! What the desk holds in figures, and what is missing before 起案.

use std::collections::HashMap;

use documents::ResponseTable;
use sea_orm::ConnectionTrait;

use super::{parse, row_names};
use crate::{
    error::Result,
    repository::{
        self,
        desk::{Figures, NumberedRow},
    },
    service::consultation::Loaded,
};

/// Rows named of each problem.
pub const NAMED: usize = 20;

/// Rows with the same problem: how many, and the first of them with id and name (「1-2」).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many.
    pub count: usize,
    /// The first [`NAMED`] of them, in order.
    pub first: Vec<(i64, String)>,
}

impl Rows {
    fn add(&mut self, row: &NumberedRow) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push((row.id, row.name()));
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The names of the first of them.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.first.iter().map(|(_, name)| name.clone()).collect()
    }
}

/// A row that has another number than in the newest published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renumbered {
    /// Its id.
    pub id: i64,
    /// Its published name, such as 「1-2」.
    pub before: String,
    /// Its name now.
    pub now: String,
}

/// What stands in the way of a decision, in no language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// The desk in figures.
    pub figures: Figures,
    /// Opinions in scope that no row counts.
    pub unplaced: i64,
    /// Σ同趣旨件数: what all rows count together. With [`unplaced`](Self::unplaced) it is the 意見件数.
    pub gathered: i64,
    /// Rows that count no opinion (a row that only repeats opinions is one).
    pub empty: Rows,
    /// Rows without a settled answer.
    pub unanswered: Rows,
    /// Rows without a 対応区分 of the theme, where it uses them.
    pub unmarked: Rows,
    /// Rows whose 対応区分 asks for a reason and has none.
    pub unreasoned: Rows,
    /// Rows that are not word for word what was sent, and nobody else has confirmed.
    pub unconfirmed: Rows,
    /// How many rows have another number than in the newest published version. They don't stand in the way, but must not
    /// pass unseen: whoever cites a published number would find something else there.
    pub renumbered: usize,
    /// The first [`NAMED`] of them.
    pub first_renumbered: Vec<Renumbered>,
    /// Rows of the newest published version that are gone.
    pub gone: usize,
}

impl Readiness {
    /// Whether nothing stands in the way.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        self.unplaced == 0
            && self.empty.is_empty()
            && self.unanswered.is_empty()
            && self.unmarked.is_empty()
            && self.unreasoned.is_empty()
            && self.unconfirmed.is_empty()
    }
}

/// Checks what has to be right before a decision, in three statements and without loading a text of the desk.
///
/// # Errors
/// When the database is away.
pub async fn readiness<C: ConnectionTrait>(db: &C, theme: &Loaded) -> Result<Readiness> {
    let id = theme.row.id;
    let figures = repository::desk::figures(db, id).await?;
    let rows = repository::desk::numbered_rows(db, id).await?;
    let published = repository::response::newest(db, id).await?;
    let mut found = Readiness { unplaced: figures.unplaced(), figures, ..Readiness::default() };
    for row in &rows {
        found.gathered += row.opinions;
        check(&mut found, theme, row);
    }
    if let Some(version) = published {
        compare(&mut found, &parse(&version)?, &rows);
    }
    Ok(found)
}

fn check(found: &mut Readiness, theme: &Loaded, row: &NumberedRow) {
    if row.opinions == 0 {
        found.empty.add(row);
    }
    if row.answered == 0 {
        found.unanswered.add(row);
    }
    let mark = row.disposition.as_deref().and_then(|code| theme.dispositions.find(code));
    if !theme.dispositions.is_empty() && mark.is_none() {
        found.unmarked.add(row);
    }
    if mark.is_some_and(|m| m.reason_required) && row.reasoned == 0 {
        found.unreasoned.add(row);
    }
    if row.confirmed == 0 {
        found.unconfirmed.add(row);
    }
}

/// Looks for numbers that changed since a version.
fn compare(found: &mut Readiness, published: &ResponseTable, rows: &[NumberedRow]) {
    let mut names: HashMap<i64, String> = row_names(published);
    for row in rows {
        let Some(before) = names.remove(&row.id) else { continue };
        let now = row.name();
        if before != now {
            found.renumbered += 1;
            if found.first_renumbered.len() < NAMED {
                found.first_renumbered.push(Renumbered { id: row.id, before, now });
            }
        }
    }
    found.gone = names.len();
}

/// Every row of a theme in order, with its id and its name, such as 「1-2」.
///
/// # Errors
/// When the database is away.
pub async fn numbered<C: ConnectionTrait>(db: &C, theme: i64) -> Result<Vec<(i64, String)>> {
    let rows = repository::desk::numbered_rows(db, theme).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name())).collect())
}
