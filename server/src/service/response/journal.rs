//! The journal of the desk: what every operation changed, so that it can be taken back exactly.
//!
//! How an operation is recorded, in the transaction that [`begin`](super::begin) opened:
//!
//! ```text
//! let (tx, loaded) = begin(ctx, id).await?;
//! let journal = Recorder::begin(&tx, id, Touched::default().row(row).items(&items)).await?;   // before any change
//! …                                                                                           // the changes
//! journal.finish(&tx, ctx, Kind::RowSave, &Label::of("1-2", 3)).await?;                        // after the last one
//! audit::record(…).await?;
//! tx.commit().await?;
//! ```
//!
//! - [`Touched`] names what is there already and may be changed: rows (with their answer and everything that hangs on
//!   them), opinions (with their places in rows), submissions (with all their opinions), chapters, answers.
//! - What the operation makes anew (chapters, rows, answers of the theme, opinions of a named submission) is found by
//!   itself.
//! - An operation that changes nothing leaves no entry. Versions, who wrote last and when, and reminders are no changes.
//!
//! [`undo`] restores what was before, with the same ids, when nothing since touched the same rows; versions go on
//! counting, so that a page somebody has open still finds out.

mod change;
mod undo;

use domain::permission::ConsultationAction;
use sea_orm::{ConnectionTrait, Set};
use serde::{Deserialize, Serialize};

pub use undo::{Undone, undo};

use self::change::Change;
use crate::{
    ctx::Ctx,
    entity::desk_change,
    error::Result,
    repository::{
        self,
        desk::journal::{ChangeLine, Newest, State, Watched},
    },
    service::consultation::for_staff,
};

/// Changes on the page of changes.
pub const LISTED: i64 = 50;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A row was written, new or changed.
    RowSave,
    /// A second person confirmed a 要旨.
    RowConfirm,
    /// A row was deleted.
    RowDelete,
    /// A row was moved.
    RowMove,
    /// Two rows became one.
    RowMerge,
    /// A part of a row's opinions became a row of their own.
    RowSplit,
    /// Opinions were gathered into a row.
    Gather,
    /// Opinions were repeated in a row (再掲).
    Repeat,
    /// Opinions were taken out of a row.
    TakeOut,
    /// Opinions were put out of scope (対象外).
    OutOfScope,
    /// Opinions were put into scope again.
    InScope,
    /// A submission was cut into opinions.
    ItemSplit,
    /// A chapter was added.
    ChapterAdd,
    /// A chapter was named anew.
    ChapterRename,
    /// A chapter was moved.
    ChapterMove,
    /// A chapter was deleted.
    ChapterDelete,
    /// A chapter's rows went to another chapter.
    ChapterMerge,
    /// Chapters were made from the draft's headings.
    ChaptersFromDraft,
}

impl Kind {
    /// The stable code, used in the database and for wording.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RowSave => "row_save",
            Self::RowConfirm => "row_confirm",
            Self::RowDelete => "row_delete",
            Self::RowMove => "row_move",
            Self::RowMerge => "row_merge",
            Self::RowSplit => "row_split",
            Self::Gather => "gather",
            Self::Repeat => "repeat",
            Self::TakeOut => "take_out",
            Self::OutOfScope => "out_of_scope",
            Self::InScope => "in_scope",
            Self::ItemSplit => "item_split",
            Self::ChapterAdd => "chapter_add",
            Self::ChapterRename => "chapter_rename",
            Self::ChapterMove => "chapter_move",
            Self::ChapterDelete => "chapter_delete",
            Self::ChapterMerge => "chapter_merge",
            Self::ChaptersFromDraft => "chapters_from_draft",
        }
    }
}

/// To what it was done, in no language: how a row, a chapter or a submission is called, and how many things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its name, such as 「1-2」, a chapter's title or a receipt number; may be empty.
    pub what: String,
    /// How many.
    pub n: usize,
}

impl Label {
    /// A label.
    #[must_use]
    pub fn of(what: impl Into<String>, n: usize) -> Self {
        Self { what: what.into(), n }
    }

    /// Reads a label as it is stored.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        serde_json::from_str(stored).unwrap_or_default()
    }
}

/// What is there before an operation and may be changed by it.
#[derive(Clone, Debug, Default)]
pub struct Touched(Watched);

impl Touched {
    /// A row, with its answer, its links and everything that hangs on it.
    #[must_use]
    pub fn row(mut self, id: i64) -> Self {
        self.0.rows.insert(id);
        self
    }

    /// Columns of rows only: their links are named by opinion.
    #[must_use]
    pub fn heads(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.0.heads.extend(ids);
        self
    }

    /// Opinions, with their places in rows.
    #[must_use]
    pub fn items(mut self, ids: &[i64]) -> Self {
        self.0.items.extend(ids);
        self
    }

    /// A submission, with all its opinions.
    #[must_use]
    pub fn proposal(mut self, id: i64) -> Self {
        self.0.proposals.insert(id);
        self
    }

    /// Chapters, without their rows.
    #[must_use]
    pub fn chapters(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.0.chapters.extend(ids);
        self
    }

    /// An answer.
    #[must_use]
    pub fn answer(mut self, id: i64) -> Self {
        self.0.answers.insert(id);
        self
    }
}

/// Remembers how things were before an operation.
#[derive(Debug)]
pub struct Recorder {
    consultation: i64,
    watched: Watched,
    newest: Newest,
    before: State,
}

impl Recorder {
    /// Notes how things are, before anything is changed.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin<C: ConnectionTrait>(tx: &C, consultation: i64, touched: Touched) -> Result<Self> {
        let mut watched = touched.0;
        let rows = Watched { heads: watched.rows.clone(), ..Watched::default() };
        let rows = repository::desk::journal::state(tx, &rows).await?.rows;
        watched.answers.extend(rows.values().filter_map(|row| row.ward_view_id));
        let newest = repository::desk::journal::newest(tx, consultation).await?;
        let before = repository::desk::journal::state(tx, &watched).await?;
        Ok(Self { consultation, watched, newest, before })
    }

    /// Writes what has changed since [`begin`](Self::begin); gives the id of the entry, nothing when nothing has changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finish<C: ConnectionTrait>(
        mut self,
        tx: &C,
        ctx: &Ctx,
        kind: Kind,
        label: &Label,
    ) -> Result<Option<i64>> {
        repository::desk::journal::watch_new(tx, self.consultation, self.newest, &mut self.watched).await?;
        let after = repository::desk::journal::state(tx, &self.watched).await?;
        let change = Change::between(self.before, after);
        if change.is_empty() {
            return Ok(None);
        }
        let row = desk_change::ActiveModel {
            kind: Set(kind.code().to_owned()),
            label: Set(serde_json::to_string(label).map_err(anyhow::Error::from)?),
            changes: Set(serde_json::to_string(&change).map_err(anyhow::Error::from)?),
            consultation_id: Set(self.consultation),
            created_at: Set(ctx.now),
            created_by: Set(ctx.actor()?.id.0),
            ..Default::default()
        };
        Ok(Some(repository::desk::journal::insert_change(tx, row).await?.id))
    }
}

/// The latest changes of a theme, for those who read its desk.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn changes(ctx: &Ctx, id: i64) -> Result<Vec<ChangeLine>> {
    for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    Ok(repository::desk::journal::changes(ctx.db(), id, false, LISTED).await?)
}
