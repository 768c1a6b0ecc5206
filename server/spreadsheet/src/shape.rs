//! The header, and how rows have to fit it.

use crate::fault::{Fault, small};
use crate::{Limits, Row};

/// A row as read, before it is held against the header. Never holds more than [`Limits`] allow.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// As [`Row::number`].
    pub(crate) number: u32,
    /// The first [`Limits::max_columns`] cells; one that is too long is empty.
    pub(crate) cells: Vec<String>,
    /// All cells, also those that are not kept.
    pub(crate) count: usize,
    /// Index of the first cell with something in it that is not kept.
    pub(crate) beyond: Option<usize>,
    /// Index of the first cell that is too long.
    pub(crate) too_long: Option<usize>,
}

impl Record {
    pub(crate) fn new(number: u32) -> Self {
        Self { number, ..Self::default() }
    }

    /// Whether there is nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.width() == 0
    }

    /// Cells up to the last one with something in it.
    pub(crate) fn width(&self) -> usize {
        if self.beyond.is_some() {
            return self.count;
        }
        let filled = self.cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
        self.too_long.map_or(filled, |column| filled.max(column + 1))
    }
}

/// Whether a cell holds nothing but white space (the full-width space too).
pub(crate) fn is_blank(cell: &str) -> bool {
    cell.chars().all(char::is_whitespace)
}

/// Characters that can't be stored: as `domain::text::is_forbidden`, but a carriage return is a line end.
fn is_forbidden(c: char) -> bool {
    let code = u32::from(c);
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// What to do with rows that are shorter or longer than the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// CSV: the number of cells has to be right.
    Exact,
    /// XLSX: an empty cell is not stored.
    Padded,
}

/// The header.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    header: Vec<String>,
    /// Cells of the header row, with empty ones after the last heading.
    written: usize,
    fit: Fit,
    limits: Limits,
}

impl Shape {
    /// Checks the header row.
    pub(crate) fn new(record: &Record, fit: Fit, limits: Limits) -> Result<Self, Fault> {
        if record.beyond.is_some() {
            return Err(Fault::TooManyColumns { max: limits.max_columns });
        }
        bearable(record, limits)?;
        let width = record.width();
        let header: Vec<String> = record.cells.iter().take(width).map(|cell| heading(cell)).collect();
        for (index, name) in header.iter().enumerate() {
            if !name.is_empty() && header.iter().take(index).any(|before| before == name) {
                return Err(Fault::DuplicateHeader { name: name.clone() });
            }
        }
        if header.iter().all(String::is_empty) {
            return Err(Fault::Empty);
        }
        Ok(Self { header, written: record.count, fit, limits })
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Holds a row against the header.
    pub(crate) fn row(&self, mut record: Record) -> Result<Row, Fault> {
        let expected = self.header.len();
        let width = record.width();
        if let Some(column) = self.column_without_heading(&record) {
            return Err(Fault::NoHeader { column: small(column + 1) });
        }
        if self.fit == Fit::Exact && (width > expected || record.count < expected) {
            let found = if width > expected { width } else { record.count };
            return Err(Fault::Ragged { row: record.number, expected: small(expected), found: small(found) });
        }
        bearable(&record, self.limits)?;
        record.cells.resize(expected, String::new());
        Ok(Row { number: record.number, cells: record.cells })
    }

    /// The first column with something in it that has an empty heading. In a CSV file columns past the written header
    /// don't count: the row is ragged.
    fn column_without_heading(&self, record: &Record) -> Option<usize> {
        if self.fit == Fit::Exact && record.width() > self.written {
            return None;
        }
        let kept = record.cells.iter().enumerate().position(|(column, cell)| {
            self.header.get(column).is_none_or(String::is_empty) && (!is_blank(cell) || record.too_long == Some(column))
        });
        kept.or(record.beyond)
    }
}

/// A heading without byte order mark and outer white space.
fn heading(cell: &str) -> String {
    cell.trim_matches(|c: char| c == '\u{FEFF}' || c.is_whitespace()).to_owned()
}

/// That no cell is too long or holds a character that can't be stored.
fn bearable(record: &Record, limits: Limits) -> Result<(), Fault> {
    let row = record.number;
    if let Some(column) = record.too_long {
        return Err(Fault::CellTooLong { row, column: small(column + 1), max: limits.max_cell_chars });
    }
    match record.cells.iter().position(|cell| cell.contains(is_forbidden)) {
        Some(column) => Err(Fault::ControlCharacters { row, column: small(column + 1) }),
        None => Ok(()),
    }
}
