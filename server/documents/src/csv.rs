//! CSV: UTF-8 with BOM, CRLF, one header row, one record per physical line.
//!
//! The BOM and the formula guard are for people who open the file by double click; both are declared in the catalogue.

use crate::{
    DocumentError,
    flat::{self, Cell, HEADERS},
    model::ResponseTable,
};
use ::csv::{Terminator, WriterBuilder};
use std::io::Write;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Writes the flat table to `target`, one record at a time; memory use does not grow with the table.
///
/// Text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab or CR first) gets a leading `'`. Full-width
/// 「＝」 and the like are harmless and stay.
///
/// # Errors
/// [`DocumentError::Io`] or [`DocumentError::Csv`] when `target` cannot be written to.
pub fn write(table: &ResponseTable, mut target: impl Write) -> Result<(), DocumentError> {
    target.write_all(BOM)?;
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(target);
    writer.write_record(HEADERS)?;
    for row in table.rows() {
        for cell in flat::record(table, &row) {
            match cell {
                Cell::Text(text) => writer.write_field(guarded(text))?,
                Cell::Number(number) => writer.write_field(number.to_string())?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()?;
    Ok(())
}

fn guarded(mut text: String) -> String {
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
