use domain::{Locale, Problem, rules::IncompleteHandling};
use serde::{Deserialize, Serialize};

use super::Target;
use crate::wording;

/// Why a file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// None was chosen.
    Missing,
    /// Larger than allowed.
    TooLarge {
        /// The limit in mebibytes.
        max_mib: u32,
    },
    /// The virus check found something, or could not be made.
    Unsafe,
    /// Neither CSV nor XLSX: what it is instead (`pdf`, `html`, …).
    NotATable {
        /// A code of `spreadsheet::LooksLike`.
        looks_like: &'static str,
    },
    /// Its characters can't be read.
    Encoding {
        /// The first row that can't be read.
        row: u32,
    },
    /// No headings, or nothing below them.
    Empty,
    /// Unpacks to more than allowed.
    Bomb {
        /// The limit in mebibytes.
        max_mib: u32,
    },
    /// Needs a password.
    Encrypted,
    /// Broken.
    Damaged,
    /// Merged cells.
    MergedCells {
        /// The sheet.
        sheet: String,
        /// Such as `A3:B5`.
        range: String,
    },
    /// A row with more or fewer cells than the headings.
    Ragged {
        /// The row.
        row: u32,
        /// Headings.
        expected: u32,
        /// Cells of the row.
        found: u32,
    },
    /// A quote that is not closed.
    UnclosedQuote {
        /// Where it opens.
        row: u32,
    },
    /// Data below no heading.
    NoHeader {
        /// Letters of the column.
        column: String,
    },
    /// A heading that stands twice.
    DuplicateHeader {
        /// The heading.
        name: String,
    },
    /// More rows than allowed.
    TooManyRows {
        /// The limit.
        max: u32,
    },
    /// More columns than allowed.
    TooManyColumns {
        /// The limit.
        max: u16,
    },
    /// A cell that is too long for any field.
    CellTooLong {
        /// The row.
        row: u32,
        /// Letters of the column.
        column: String,
        /// The limit in characters.
        max: usize,
    },
    /// Characters that can't be stored.
    ControlCharacters {
        /// The row.
        row: u32,
        /// Letters of the column.
        column: String,
    },
}

impl FileProblem {
    /// What is wrong and what to do.
    #[must_use]
    pub fn words(&self, l: Locale) -> String {
        match self {
            Self::Missing => t!(l, "imports.file_missing"),
            Self::TooLarge { max_mib } => t!(l, "imports.file_too_large", max = max_mib),
            Self::Unsafe => t!(l, "imports.file_unsafe"),
            Self::NotATable { looks_like } => t!(l, format!("imports.file_is_{looks_like}")),
            Self::Encoding { row } => t!(l, "imports.file_encoding", row = row),
            Self::Empty => t!(l, "imports.file_empty"),
            Self::Bomb { max_mib } => t!(l, "imports.file_bomb", max = max_mib),
            Self::Encrypted => t!(l, "imports.file_encrypted"),
            Self::Damaged => t!(l, "imports.file_damaged"),
            Self::MergedCells { sheet, range } => t!(l, "imports.file_merged", sheet = sheet, range = range),
            Self::Ragged { row, expected, found } => {
                t!(l, "imports.file_ragged", row = row, expected = expected, found = found)
            }
            Self::UnclosedQuote { row } => t!(l, "imports.file_quote", row = row),
            Self::NoHeader { column } => t!(l, "imports.file_no_header", column = column),
            Self::DuplicateHeader { name } => t!(l, "imports.file_duplicate_header", name = name),
            Self::TooManyRows { max } => t!(l, "imports.file_rows", max = max),
            Self::TooManyColumns { max } => t!(l, "imports.file_columns", max = max),
            Self::CellTooLong { row, column, max } => {
                t!(l, "imports.file_cell", row = row, column = column, max = max)
            }
            Self::ControlCharacters { row, column } => t!(l, "imports.file_control", row = row, column = column),
        }
        .into_owned()
    }
}

/// What the dry run found in one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// Something is wrong with a text.
    Text {
        /// What.
        problem: Problem,
    },
    /// No date, and none was given for all rows.
    DateMissing,
    /// Not a date in a known form.
    DateForm {
        /// As written.
        value: String,
    },
    /// 令和7年2月30日.
    NoSuchDay {
        /// As written.
        value: String,
    },
    /// 平成31年5月1日.
    OutsideEra {
        /// As written.
        value: String,
        /// The era.
        era: String,
    },
    /// The weekday belongs to another day.
    Weekday {
        /// As written.
        value: String,
    },
    /// A day that is still to come.
    Future {
        /// As written.
        value: String,
    },
    /// 消印日 after 収受日.
    PostmarkAfterReceipt,
    /// No channel, and none was given for all rows.
    ChannelMissing,
    /// A channel nobody knows.
    ChannelUnknown {
        /// As written.
        value: String,
    },
    /// An eligibility nobody knows.
    EligibilityUnknown {
        /// As written.
        value: String,
    },
    /// Something the rules ask for is missing.
    Incomplete {
        /// Codes of what is missing.
        fields: Vec<String>,
        /// What the rules do with it.
        handling: IncompleteHandling,
    },
    /// Received after the period.
    Late,
    /// Received before the period.
    Early,
    /// Eligible by another rule than this theme's.
    NotEligible,
    /// By telephone, where the rules take nothing by word of mouth.
    Oral,
    /// A place of the draft that names no page.
    PlaceKept,
    /// The same external number as another row.
    ExternalAgain {
        /// The row that has it first.
        row: u32,
    },
}

impl Finding {
    /// Whether it has to be corrected before the table can be brought in.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        !matches!(
            self,
            Self::Incomplete { .. }
                | Self::Late
                | Self::Early
                | Self::NotEligible
                | Self::Oral
                | Self::PlaceKept
                | Self::ExternalAgain { .. }
        )
    }

    /// What it is, and what follows from it.
    #[must_use]
    pub fn words(&self, l: Locale) -> String {
        match self {
            Self::Text { problem } => return wording::problem(l, *problem),
            Self::DateMissing => t!(l, "imports.found_date_missing"),
            Self::DateForm { value } => t!(l, "imports.found_date_form", value = value),
            Self::NoSuchDay { value } => t!(l, "imports.found_no_such_day", value = value),
            Self::OutsideEra { value, era } => t!(l, "imports.found_outside_era", value = value, era = era),
            Self::Weekday { value } => t!(l, "imports.found_weekday", value = value),
            Self::Future { value } => t!(l, "imports.found_future", value = value),
            Self::PostmarkAfterReceipt => t!(l, "imports.found_postmark"),
            Self::ChannelMissing => t!(l, "imports.found_channel_missing"),
            Self::ChannelUnknown { value } => t!(l, "imports.found_channel", value = value),
            Self::EligibilityUnknown { value } => t!(l, "imports.found_eligibility", value = value),
            Self::Incomplete { fields, handling } => {
                let names: Vec<String> =
                    fields.iter().filter_map(|code| Target::from_code(code)).map(|t| t.label(l)).collect();
                let names = names.join(&t!(l, "imports.comma"));
                match handling {
                    IncompleteHandling::Equal => t!(l, "imports.found_incomplete", fields = names),
                    IncompleteHandling::NoReply => t!(l, "imports.found_incomplete_no_reply", fields = names),
                    IncompleteHandling::Refuse => t!(l, "imports.found_incomplete_refuse", fields = names),
                }
            }
            Self::Late => t!(l, "imports.found_late"),
            Self::Early => t!(l, "imports.found_early"),
            Self::NotEligible => t!(l, "imports.found_not_eligible"),
            Self::Oral => t!(l, "imports.found_oral"),
            Self::PlaceKept => t!(l, "imports.found_place"),
            Self::ExternalAgain { row } => t!(l, "imports.found_external", row = row),
        }
        .into_owned()
    }
}

/// A finding with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFinding {
    /// The row, as Excel numbers it.
    pub row: u32,
    /// The column, from 0; `None` when the row as a whole is meant.
    pub column: Option<usize>,
    /// What was found.
    pub finding: Finding,
}
