//! CSV: UTF-8, CRLF, one header row, one record per physical line, in two flavours with the same columns.

use crate::{
    DocumentError,
    flat::{self, Cell, HEADERS},
    model::ResponseTable,
};
use ::csv::{Terminator, WriterBuilder};
use std::io::Write;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// For whom a CSV is written; both are declared in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// For people who open the file by double click: with BOM, and text that a spreadsheet would run as a formula (`=`,
    /// `+`, `-`, `@`, tab or CR first) gets a leading `'`. Full-width 「＝」 and the like are harmless and stay.
    Spreadsheet,
    /// For programs: without BOM (RFC 4180), every text as it is.
    Machine,
}

/// Writes the flat table to `target` for spreadsheets, one record at a time; memory use does not grow with the table.
///
/// # Errors
/// As [`write_flavour`].
pub fn write(table: &ResponseTable, target: impl Write) -> Result<(), DocumentError> {
    write_flavour(table, Flavour::Spreadsheet, target)
}

/// Writes the flat table to `target`, one record at a time; memory use does not grow with the table.
///
/// # Errors
/// [`DocumentError::Io`] or [`DocumentError::Csv`] when `target` cannot be written to.
pub fn write_flavour(table: &ResponseTable, flavour: Flavour, mut target: impl Write) -> Result<(), DocumentError> {
    if flavour == Flavour::Spreadsheet {
        target.write_all(BOM)?;
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(target);
    writer.write_record(HEADERS)?;
    for row in table.rows() {
        for cell in flat::record(table, &row) {
            match cell {
                Cell::Text(text) if flavour == Flavour::Spreadsheet => writer.write_field(guarded(text))?,
                Cell::Text(text) => writer.write_field(text)?,
                Cell::Number(number) => writer.write_field(number.to_string())?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()?;
    Ok(())
}

/// Disarms a text that a spreadsheet would run as a formula; see [`Flavour::Spreadsheet`]. For every CSV that people open
/// by double click.
#[must_use]
pub fn guarded(mut text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        text.insert(0, '\'');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn formulas_are_disarmed() {
        for text in ["=1+1", "+81", "-1", "@SUM(A1)", "\tx", "\rx"] {
            assert_eq!(guarded(text.to_owned()), format!("'{text}"));
        }
        for text in ["", "＝1+1", "―その他", "a=b", "'x", "1-2"] {
            assert_eq!(guarded(text.to_owned()), text);
        }
    }
}
