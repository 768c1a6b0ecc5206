//! What a layout lacks before it can print a table.

use crate::{Problem, rules::coded, text};

use super::{ColumnKind, CountTable, CoverKind, Layout};
use serde::{Deserialize, Serialize};

/// Stands for the theme's title in a layout's title.
pub const THEME: &str = "{theme}";
/// Longest title in graphemes, [`THEME`] as it is.
pub const TITLE_MAX: usize = 100;
/// Longest heading of a column or cover line in graphemes.
pub const HEADING_MAX: usize = 20;
/// Most columns that an A4 page bears.
pub const COLUMNS_MAX: usize = 8;
/// Longest note in graphemes.
pub const NOTE_MAX: usize = 200;
/// Most notes.
pub const NOTES_MAX: usize = 10;
/// Longest explanation of a 対応区分 in graphemes.
pub const EXPLANATION_MAX: usize = 40;

coded! {
    /// A part of a layout: what is edited together, and where a fault is shown.
    LayoutPart {
        /// The title.
        Title = "title",
        /// The cover block.
        Cover = "cover",
        /// The columns.
        Columns = "columns",
        /// The tables of counts.
        Counts = "counts",
        /// The explanations of the 対応区分.
        Explanations = "explanations",
        /// The note that opinions are summarised.
        SummaryNote = "summary_note",
        /// Further notes.
        Notes = "notes",
    }
}

/// Something that is wrong with a layout, language-free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutFault {
    /// A text can't be used.
    Text {
        /// Where it stands.
        part: LayoutPart,
        /// Which of the part's texts, from 0.
        index: usize,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The title doesn't say for which theme: [`THEME`] is missing.
    TitleWithoutTheme,
    /// No column shows the opinions.
    NoOpinions,
    /// No column shows the answers.
    NoAnswers,
    /// A column comes twice.
    ColumnTwice(ColumnKind),
    /// A cover line comes twice.
    CoverTwice(CoverKind),
    /// A table of counts comes twice.
    CountsTwice(CountTable),
    /// A 対応区分 is explained twice; the index of the second explanation, from 0.
    ExplainedTwice(usize),
    /// More entries in a list than it may have.
    TooMany {
        /// The list.
        part: LayoutPart,
        /// The greatest number.
        max: usize,
    },
}

impl LayoutFault {
    /// The part it is about.
    #[must_use]
    pub const fn part(self) -> LayoutPart {
        match self {
            Self::Text { part, .. } | Self::TooMany { part, .. } => part,
            Self::TitleWithoutTheme => LayoutPart::Title,
            Self::NoOpinions | Self::NoAnswers | Self::ColumnTwice(_) => LayoutPart::Columns,
            Self::CoverTwice(_) => LayoutPart::Cover,
            Self::CountsTwice(_) => LayoutPart::Counts,
            Self::ExplainedTwice(_) => LayoutPart::Explanations,
        }
    }

    /// The stable code, for looking up its wording; a text's wording is that of its [`Problem`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::TitleWithoutTheme => "title_without_theme",
            Self::NoOpinions => "no_opinions",
            Self::NoAnswers => "no_answers",
            Self::ColumnTwice(_) => "column_twice",
            Self::CoverTwice(_) => "cover_twice",
            Self::CountsTwice(_) => "counts_twice",
            Self::ExplainedTwice(_) => "explained_twice",
            Self::TooMany { .. } => "too_many",
        }
    }
}

impl Layout {
    /// Checks that a table can be printed in this layout. Nothing is changed: whoever reads a form trims its texts.
    ///
    /// # Errors
    /// Every fault, in the order in which the parts are printed.
    pub fn check(&self) -> Result<(), Vec<LayoutFault>> {
        let mut faults = Faults(Vec::new());
        faults.line(LayoutPart::Title, 0, &self.title, TITLE_MAX);
        if !self.title.contains(THEME) {
            faults.0.push(LayoutFault::TitleWithoutTheme);
        }
        faults.headings(LayoutPart::Cover, self.cover.iter().map(|line| line.heading.as_str()));
        faults.twice(self.cover.iter().map(|line| line.kind), LayoutFault::CoverTwice);
        self.check_columns(&mut faults);
        faults.twice(self.counts.iter().copied(), LayoutFault::CountsTwice);
        for (index, explanation) in self.explanations.iter().enumerate() {
            faults.optional(LayoutPart::Explanations, index, &explanation.text, EXPLANATION_MAX);
            if self.explanations.iter().take(index).any(|earlier| earlier.code == explanation.code) {
                faults.0.push(LayoutFault::ExplainedTwice(index));
            }
        }
        faults.optional(LayoutPart::SummaryNote, 0, &self.summary_note, NOTE_MAX);
        faults.at_most(LayoutPart::Notes, self.notes.len(), NOTES_MAX);
        for (index, note) in self.notes.iter().enumerate() {
            faults.line(LayoutPart::Notes, index, note, NOTE_MAX);
        }
        if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
    }

    fn check_columns(&self, faults: &mut Faults) {
        faults.headings(LayoutPart::Columns, self.columns.iter().map(|column| column.heading.as_str()));
        faults.twice(self.columns.iter().map(|column| column.kind), LayoutFault::ColumnTwice);
        if !self.has(ColumnKind::Text) && !self.has(ColumnKind::Original) {
            faults.0.push(LayoutFault::NoOpinions);
        }
        if !self.has(ColumnKind::Answer) {
            faults.0.push(LayoutFault::NoAnswers);
        }
        faults.at_most(LayoutPart::Columns, self.columns.len(), COLUMNS_MAX);
    }
}

struct Faults(Vec<LayoutFault>);

impl Faults {
    fn line(&mut self, part: LayoutPart, index: usize, line: &str, max: usize) {
        if let Err(problem) = text::required_line(line, max) {
            self.0.push(LayoutFault::Text { part, index, problem });
        }
    }

    fn optional(&mut self, part: LayoutPart, index: usize, line: &str, max: usize) {
        if let Err(problem) = text::optional_line(line, max) {
            self.0.push(LayoutFault::Text { part, index, problem });
        }
    }

    fn headings<'a>(&mut self, part: LayoutPart, headings: impl Iterator<Item = &'a str>) {
        for (index, heading) in headings.enumerate() {
            self.line(part, index, heading, HEADING_MAX);
        }
    }

    fn at_most(&mut self, part: LayoutPart, number: usize, max: usize) {
        if number > max {
            self.0.push(LayoutFault::TooMany { part, max });
        }
    }

    /// One fault for each kind that comes more than once.
    fn twice<T: PartialEq + Copy>(&mut self, kinds: impl Iterator<Item = T>, fault: impl Fn(T) -> LayoutFault) {
        let (mut seen, mut told) = (Vec::new(), Vec::new());
        for kind in kinds {
            if seen.contains(&kind) && !told.contains(&kind) {
                told.push(kind);
                self.0.push(fault(kind));
            }
            seen.push(kind);
        }
    }
}
