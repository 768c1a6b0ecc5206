//! How a ward prints its result table (様式): columns, cover block, counts, marks. A ward chooses a preset and changes it;
//! a published version keeps the layout it was published with.
//!
//! The presets reproduce formats that wards have published: see [`LayoutPreset`]. [`Layout::check`] tells what a changed
//! layout lacks.

mod check;
mod kinds;
mod presets;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use check::{
    COLUMNS_MAX, EXPLANATION_MAX, HEADING_MAX, LayoutFault, LayoutPart, NOTE_MAX, NOTES_MAX, THEME, TITLE_MAX,
};
pub use kinds::{ColumnKind, CountTable, CoverKind, CoverNumbering, Grouping, LayoutPreset, Numbering};
pub use presets::SUMMARY_NOTE;

/// A column with its heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What stands in it.
    pub kind: ColumnKind,
    /// What is printed above it.
    pub heading: String,
}

/// A cover line with its heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverLine {
    /// What it says.
    pub kind: CoverKind,
    /// What is printed before it.
    pub heading: String,
}

/// What a 対応区分 is called in full: in the legend, and above the rows where they stand together by 対応区分.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Code of the 対応区分, one of [`crate::disposition`]'s or the ward's own.
    pub code: String,
    /// The words, 「計画に反映したもの」.
    pub text: String,
}

/// The layout of a result table.
///
/// A field that is missing in stored JSON takes its value from [`Layout::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "switches that a ward sets one by one")]
pub struct Layout {
    /// What it was made from; says nothing about what was changed since.
    pub preset: LayoutPreset,
    /// Title; [`THEME`] stands for the theme's title.
    pub title: String,
    /// Cover block, in order.
    pub cover: Vec<CoverLine>,
    /// How the cover lines are numbered.
    pub cover_numbering: CoverNumbering,
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// What stands together.
    pub grouping: Grouping,
    /// How rows are numbered.
    pub numbering: Numbering,
    /// Whether a row that stands for several opinions ends with 「（他3件）」.
    pub others: bool,
    /// Whether the heading of a part ends with the number of its opinions, 「1. 子育て（12件）」.
    pub section_counts: bool,
    /// Whether the 対応区分 are explained above the table (凡例).
    pub legend: bool,
    /// What the 対応区分 are called in full; those that are missing go by their label.
    pub explanations: Vec<Explanation>,
    /// Tables of counts above the table.
    pub counts: Vec<CountTable>,
    /// The note that opinions are summarised; printed when a row is. Empty: never printed.
    pub summary_note: String,
    /// Further notes, one line each.
    pub notes: Vec<String>,
    /// A4 upright instead of lying.
    pub portrait: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self::of(LayoutPreset::default())
    }
}

impl Layout {
    /// Whether a column of this kind is printed.
    #[must_use]
    pub fn has(&self, kind: ColumnKind) -> bool {
        self.columns.iter().any(|column| column.kind == kind)
    }

    /// The heading of the first column of this kind.
    #[must_use]
    pub fn heading(&self, kind: ColumnKind) -> Option<&str> {
        self.columns.iter().find(|column| column.kind == kind).map(|column| column.heading.as_str())
    }

    /// What the 対応区分 with this code is called in full, when the layout says so.
    #[must_use]
    pub fn explanation(&self, code: &str) -> Option<&str> {
        self.explanations.iter().find(|e| e.code == code).map(|e| e.text.as_str()).filter(|text| !text.is_empty())
    }
}
