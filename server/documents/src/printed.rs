//! What is printed: the table brought into its layout (様式). Page, PDF, Word, Excel and text all print this and nothing
//! else, so they can't disagree about order, numbers or words.
//!
//! A writer goes through [`Printed`] from top to bottom: title, cover, notes, legend, counts, then the sections (or
//! [`Printed::nothing`] instead of them), then the annexes. [`Printed::slots`] tells for each column where its text is.

mod annex;
mod cover;
mod sections;

use domain::layout::{ColumnKind, Layout};

use crate::model::{Chapter, NO_OPINIONS, ResponseTable};

pub use annex::{Annex, AnnexKind};

/// A table brought into its layout. Texts are as staff wrote them: every writer cleans them on the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Title of the document.
    pub title: String,
    /// Cover block: heading and value.
    pub cover: Vec<(String, String)>,
    /// Notes, one line each, the summary note among them.
    pub notes: Vec<String>,
    /// 凡例: mark and words of each 対応区分.
    pub legend: Vec<(String, String)>,
    /// Tables of counts.
    pub counts: Vec<Counts>,
    /// Headings of the columns with what stands below them.
    pub columns: Vec<(ColumnKind, String)>,
    /// The parts, each with a table of its own (or one part with lines in it). Empty when there is no row.
    pub sections: Vec<Section>,
    /// Printed instead of the sections when there is no row.
    pub nothing: Option<&'static str>,
    /// Tables after the result: 修正箇所, 今後の取組, 正誤; only those that have rows.
    pub annexes: Vec<Annex>,
}

/// A table of counts. The last row is the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Its title, 「項目別の意見件数」.
    pub title: String,
    /// Headings: what is counted, and units in words.
    pub headings: Vec<String>,
    /// Rows: label and numbers.
    pub rows: Vec<(String, Vec<u64>)>,
}

/// A part of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Fragment on the page, `chapter-3`; unique.
    pub anchor: String,
    /// Heading above the table; `None`: the table has none.
    pub heading: Option<String>,
    /// The answers with their rows, or lines within the table. Empty for a chapter without opinions: [`NO_OPINIONS`] is
    /// printed under its heading.
    pub blocks: Vec<Block>,
}

/// What a table is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A line across the table: a chapter's title with its fragment, or [`NO_OPINIONS`] under the title of a chapter
    /// without any.
    Line {
        /// Fragment on the page; unique.
        anchor: String,
        /// The title.
        text: String,
    },
    /// Rows that share an answer.
    Group(Group),
}

/// Rows with the cells that span them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Database id of the answer.
    pub ward_view_id: i64,
    /// Code of the 対応区分.
    pub disposition: Option<String>,
    /// One text for each column that spans the rows ([`spans`]), in the order of the columns.
    pub shared: Vec<String>,
    /// The rows, at least one.
    pub rows: Vec<PrintedRow>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedRow {
    /// Database id of the summary: [`ResponseTable::anchor`] makes the fragment of it.
    pub summary_id: i64,
    /// Number of its chapter, from 1, for 「2-1」.
    pub chapter: usize,
    /// No. as printed; begins anew in each part when the layout says so.
    pub number: String,
    /// No. that is unique in the table: 「2-1」 where numbers begin anew in each part, else as [`Self::number`].
    pub name: String,
    /// One text for each column that doesn't span, in the order of the columns.
    pub cells: Vec<String>,
}

/// Where the text of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// In [`PrintedRow::cells`] at this index.
    Own(usize),
    /// In [`Group::shared`] at this index.
    Shared(usize),
}

/// Whether a column spans the rows that share an answer.
#[must_use]
pub const fn spans(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Answer | ColumnKind::Disposition | ColumnKind::Reason | ColumnKind::Department)
}

/// Whether a column holds numbers.
#[must_use]
pub const fn is_numeric(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Number | ColumnKind::People | ColumnKind::Count)
}

/// Fragment of a chapter on the page.
#[must_use]
pub fn chapter_anchor(chapter: &Chapter) -> String {
    format!("chapter-{}", chapter.id)
}

/// Whether a layout prints the opinions as sent: then they are part of the table.
#[must_use]
pub fn prints_originals(layout: &Layout) -> bool {
    layout.has(ColumnKind::Original)
}

impl ResponseTable {
    /// The table in its layout.
    #[must_use]
    pub fn printed(&self) -> Printed {
        let nothing = self.is_empty().then_some(NO_OPINIONS);
        let sections = if nothing.is_some() { Vec::new() } else { self.sections() };
        let mut printed = Printed {
            title: self.title(),
            cover: self.cover(),
            notes: self.notes(),
            legend: self.legend(),
            counts: self.layout.counts.iter().filter_map(|kind| self.counts(*kind)).collect(),
            columns: self.layout.columns.iter().map(|c| (c.kind, c.heading.clone())).collect(),
            sections,
            nothing,
            annexes: Vec::new(),
        };
        printed.annexes = self.annexes(&printed);
        printed
    }
}

impl Printed {
    /// Where each column's text is, in the order of the columns.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        let (mut own, mut shared) = (0, 0);
        let slot = |(kind, _): &(ColumnKind, String)| {
            let (next, slot): (&mut usize, fn(usize) -> Slot) =
                if spans(*kind) { (&mut shared, Slot::Shared) } else { (&mut own, Slot::Own) };
            *next += 1;
            slot(*next - 1)
        };
        self.columns.iter().map(slot).collect()
    }

    /// All groups in printed order.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Group(group) => Some(group),
            Block::Line { .. } => None,
        })
    }

    /// All rows in printed order.
    pub fn rows(&self) -> impl Iterator<Item = &PrintedRow> {
        self.groups().flat_map(|group| &group.rows)
    }
}

impl Section {
    /// How many rows it has.
    #[must_use]
    pub fn row_count(&self) -> usize {
        let rows = |block: &Block| match block {
            Block::Group(group) => group.rows.len(),
            Block::Line { .. } => 0,
        };
        self.blocks.iter().map(rows).sum()
    }
}

impl Group {
    /// The text of a column in the row at `row` (from 0); a text that spans is the same for every row.
    #[must_use]
    pub fn text(&self, slot: Slot, row: usize) -> Option<&str> {
        match slot {
            Slot::Own(index) => self.rows.get(row)?.cells.get(index).map(String::as_str),
            Slot::Shared(index) => self.shared.get(index).map(String::as_str),
        }
    }
}
