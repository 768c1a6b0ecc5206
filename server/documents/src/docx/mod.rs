//! DOCX: the table as a Word document that staff go on working with.
//!
//! WordprocessingML (ECMA-376) of our own, because the libraries at hand cannot repeat a header row. Everything that
//! looks like something is a named style, so a ward changes a style and not a hundred cells. Equal tables give equal
//! bytes.

mod body;
mod columns;
mod paragraph;
mod parts;
mod result;
mod styles;
mod tables;
mod xml;

use crate::{DocumentError, ResponseTable};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// Name of the bookmark of a row, `row_17`. Word allows letters, digits and underscores only, so it is not quite
/// [`ResponseTable::anchor`].
#[must_use]
pub fn bookmark(summary_id: i64) -> String {
    ResponseTable::anchor(summary_id).replace('-', "_")
}

/// Builds the document.
///
/// # Errors
/// [`DocumentError::Zip`] or [`DocumentError::Io`] when the archive cannot be built, in practice never.
pub fn write(table: &ResponseTable) -> Result<Vec<u8>, DocumentError> {
    let printed = table.printed();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed time of its own for every entry: whatever features another crate switches on in `zip`.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    // The types come first: some readers look at the first entry only.
    let parts = [
        ("[Content_Types].xml", parts::content_types()?),
        ("_rels/.rels", parts::package_relations()?),
        ("docProps/core.xml", parts::core_properties(table, &printed)?),
        ("docProps/app.xml", parts::app_properties(table)?),
        ("word/document.xml", body::document(table, &printed)?),
        ("word/styles.xml", styles::styles(&printed)?),
        ("word/settings.xml", parts::settings()?),
        ("word/fontTable.xml", parts::font_table()?),
        ("word/footer1.xml", parts::footer()?),
        ("word/_rels/document.xml.rels", parts::document_relations()?),
    ];
    for (name, bytes) in parts {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
