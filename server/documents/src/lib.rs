//! The published table 「ご意見（要旨）／区の考え方」 of one consultation, written as files.
//!
//! One model, [`ResponseTable`], and one module per format. The crate knows no database and no clock: whoever calls it
//! loads what is published, and the same table always gives the same bytes. The web page shows the same model through
//! the same helper methods, so a file never shows more than the page.
//!
//! ```
//! # fn main() -> Result<(), documents::DocumentError> {
//! # let table = documents::ResponseTable::default();
//! let format = documents::Format::Csv;
//! let bytes = documents::render(&table, format)?;
//! let name = format!("{}.{}", table.file_stem(), format.extension());
//! # assert!(!bytes.is_empty() && name.ends_with(".csv"));
//! # Ok(())
//! # }
//! ```

pub mod clean;
pub mod csv;
mod flat;
mod model;
pub mod xlsx;

pub use flat::HEADERS;
pub use model::{
    AnswerGroup, ChannelCount, Chapter, ConsultationRef, Count, DispositionLabel, FlatRow, NO_OPINIONS, ResponseTable,
    Row, SUMMARY_NOTE, Ward, chapter_heading,
};

use thiserror::Error;

/// Why a document could not be written.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// The CSV writer failed, in practice because its target did.
    #[error("the CSV could not be written")]
    Csv(#[from] ::csv::Error),
    /// The target could not be written to.
    #[error("the document could not be written")]
    Io(#[from] std::io::Error),
    /// The table does not fit a workbook, for example more than 1,048,576 rows.
    #[error("the workbook could not be written")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
}

/// A file format the table can be downloaded in.
///
/// A new format is a new module with its own `write`, one variant here and one line in each method below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Flat table for machines, openable in Excel.
    Csv,
    /// Workbook: the table to print, the flat table, the counts.
    Xlsx,
}

impl Format {
    /// All formats in the order in which downloads are offered.
    pub const ALL: [Self; 2] = [Self::Xlsx, Self::Csv];

    /// The format with this file extension (lower case, without dot), as it appears in the page's address.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// File extension without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Writes `table` into memory.
///
/// A CSV can also be streamed with [`csv::write`]; a workbook is a ZIP archive and is always built whole.
///
/// # Errors
/// [`DocumentError`] when the table does not fit the format.
pub fn render(table: &ResponseTable, format: Format) -> Result<Vec<u8>, DocumentError> {
    match format {
        Format::Csv => {
            let mut bytes = Vec::new();
            csv::write(table, &mut bytes)?;
            Ok(bytes)
        }
        Format::Xlsx => xlsx::write(table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_their_extension() {
        for format in Format::ALL {
            assert_eq!(Format::from_extension(format.extension()), Some(format));
        }
        assert_eq!(Format::from_extension("exe"), None);
    }
}
