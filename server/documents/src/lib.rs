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
mod derived;
pub mod docx;
mod flat;
pub mod json;
mod model;
pub mod printed;
mod reconcile;
pub mod texts;
pub mod txt;
mod wording;
pub mod xlsx;

pub use flat::HEADERS;
pub use model::{
    AnswerGroup, ChannelCount, Chapter, Commitment, ConsultationRef, Contact, Correction, Count, DispositionLabel,
    FlatRow, NO_OPINIONS, OutOfScope, PlanChange, ResponseTable, Row, SUMMARY_NOTE, Ward, chapter_heading,
};
pub use reconcile::Mismatch;

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
    /// The JSON could not be written, in practice because its target couldn't.
    #[error("the JSON could not be written")]
    Json(#[from] serde_json::Error),
    /// The table does not fit a workbook, for example more than 1,048,576 rows.
    #[error("the workbook could not be written")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The Word document's archive could not be put together.
    #[error("the Word document could not be written")]
    Zip(#[from] zip::result::ZipError),
}

/// A file format the table can be downloaded in.
///
/// A new format is a new module with its own `write`, one variant here and one line in each method below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Flat table that opens in Excel by double click: with BOM and formula guard.
    Csv,
    /// The same flat table for programs: plain UTF-8, nothing added.
    CsvUtf8,
    /// Workbook: the table to print, the flat table, the counts, the codes.
    Xlsx,
    /// Word document that staff go on working with.
    Docx,
    /// The text to be read aloud (音声読み上げ版).
    Txt,
    /// Everything, faithfully, for programs.
    Json,
}

impl Format {
    /// All formats in the order in which downloads are offered.
    pub const ALL: [Self; 6] = [Self::Docx, Self::Xlsx, Self::Txt, Self::Csv, Self::CsvUtf8, Self::Json];

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
            Self::CsvUtf8 => "utf8.csv",
            Self::Docx => "docx",
            Self::Json => "json",
            Self::Txt => "txt",
            Self::Xlsx => "xlsx",
        }
    }

    /// Value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvUtf8 => "text/csv; charset=utf-8; header=present",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Json => "application/json",
            Self::Txt => "text/plain; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Writes `table` into memory.
///
/// CSV and JSON can also be streamed with [`csv::write_flavour`] and [`json::write`]; a workbook is a ZIP archive and is
/// always built whole.
///
/// # Errors
/// [`DocumentError`] when the table does not fit the format.
pub fn render(table: &ResponseTable, format: Format) -> Result<Vec<u8>, DocumentError> {
    let mut bytes = Vec::new();
    match format {
        Format::Csv => csv::write(table, &mut bytes)?,
        Format::CsvUtf8 => csv::write_flavour(table, csv::Flavour::Machine, &mut bytes)?,
        Format::Docx => bytes = docx::write(table)?,
        Format::Json => json::write(table, &mut bytes)?,
        Format::Txt => txt::write(table, &mut bytes)?,
        Format::Xlsx => bytes = xlsx::write(table)?,
    }
    Ok(bytes)
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
