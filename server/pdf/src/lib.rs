//! The published table 「ご意見（要旨）／区の考え方」 as a PDF: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2) in one file.
//!
//! Typst sets it: a constant template, and the table as data. What people wrote is data and never markup, cleaned by
//! [`documents::clean`]; a character that the font hasn't got prints 〓 and can be reported before with
//! [`Fonts::missing`]. The same table gives the same bytes.
//!
//! Setting takes time and memory, and Typst can't be stopped: a server calls [`render`] in a process of its own.

mod fonts;
mod measure;
mod paper;
mod world;

pub use fonts::{Fonts, Glyphs, installed};

use documents::ResponseTable;
use thiserror::Error;
use typst::{comemo, diag::Warned, foundations::Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The Debian package with the font that is used best; named to whoever runs the site.
pub const FONT_PACKAGE: &str = "fonts-noto-cjk";

/// Why there is no PDF.
#[derive(Debug, Error)]
pub enum PdfError {
    /// There is no Japanese font.
    #[error(
        "no Japanese font was found: install Debian's package {FONT_PACKAGE}, or name its folder in MACHIKOE_FONT_DIR"
    )]
    NoFont,
    /// There was not enough memory for the font.
    #[error("there is not enough memory for the font")]
    Memory,
    /// Typst refused, or warned. What it said, without the texts of the table.
    #[error("the document could not be set: {0}")]
    Typesetting(String),
    /// The table could not be handed to Typst.
    #[error("the table could not be written as data")]
    Data(#[from] serde_json::Error),
}

/// Sets `table` in its layout. `mark` is printed on every page, 「案」 before publication.
///
/// # Errors
/// [`PdfError::Typesetting`] when Typst refuses or warns: a warning means that something is missing on paper.
pub fn render(table: &ResponseTable, fonts: &Fonts, mark: Option<&str>) -> Result<Vec<u8>, PdfError> {
    let paper = paper::Paper::of(table, fonts, mark);
    let world = world::Document::new(fonts, serde_json::to_vec(&paper)?);
    let ident = format!("{}-{}", table.ward.code, table.consultation.id);
    let bytes = set(&world, ident);
    // Typst remembers what it set for the next time; a table is set once.
    comemo::evict(0);
    bytes
}

/// `ident` stays the same for all versions of a document.
fn set(world: &world::Document<'_>, ident: String) -> Result<Vec<u8>, PdfError> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    if let Some(first) = warnings.first() {
        return Err(refused("warned", warnings.len(), &first.message));
    }
    let document = output.map_err(|errors| refused_all(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
        .map_err(|error| refused("refused", 1, error.message()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("machikoe".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| refused_all(&errors))
}

fn refused_all(errors: &[typst::diag::SourceDiagnostic]) -> PdfError {
    let first = errors.first().map_or("", |error| error.message.as_str());
    refused("refused", errors.len(), first)
}

/// Typst quotes the document's text in backticks or quotation marks: nothing from there on goes into a log.
fn refused(how: &str, times: usize, message: &str) -> PdfError {
    let safe = message.split(['`', '"']).next().unwrap_or_default().trim_end();
    PdfError::Typesetting(format!("typst {how} {times} times, first: {safe}"))
}
