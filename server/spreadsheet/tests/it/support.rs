//! Makes files and reads them.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{Workbook, Worksheet};
use spreadsheet::{Fault, Format, Limits, Row};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// What was read: the format, the header and every item of the rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    pub format: Format,
    pub header: Vec<String>,
    pub rows: Vec<Result<Row, Fault>>,
}

impl Reading {
    /// The cells of all rows, or the first fault.
    pub fn cells(&self) -> Result<Vec<Vec<String>>, Fault> {
        self.rows.iter().map(|row| row.clone().map(|row| row.cells)).collect()
    }

    pub fn numbers(&self) -> Vec<u32> {
        self.rows.iter().flatten().map(|row| row.number).collect()
    }
}

/// Reads bytes from a file whose name tells nothing.
pub fn read_within(bytes: &[u8], limits: Limits) -> Result<Reading, Fault> {
    let mut file = tempfile::Builder::new().suffix(".pdf").tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let table = spreadsheet::open(file.path(), limits)?;
    let (format, header) = (table.format().clone(), table.header().to_vec());
    let rows: Vec<_> = table.rows().collect();
    for row in rows.iter().flatten() {
        assert_eq!(row.cells.len(), header.len());
    }
    Ok(Reading { format, header, rows })
}

pub fn read(bytes: impl AsRef<[u8]>) -> Result<Reading, Fault> {
    read_within(bytes.as_ref(), Limits::default())
}

/// The fault of a file: when it is opened, or the first of its rows.
pub fn fault(bytes: impl AsRef<[u8]>) -> Option<Fault> {
    fault_within(bytes.as_ref(), Limits::default())
}

pub fn fault_within(bytes: &[u8], limits: Limits) -> Option<Fault> {
    match read_within(bytes, limits) {
        Ok(reading) => reading.cells().err(),
        Err(fault) => Some(fault),
    }
}

/// A workbook of one sheet.
pub fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// A small workbook: two headings, two rows.
pub fn small() -> Vec<u8> {
    workbook(|sheet| {
        for (row, cells) in [["番号", "意見"], ["1", "駅前に広場がほしい"], ["2", "緑を残す"]].iter().enumerate()
        {
            sheet.write_row(u32::try_from(row).unwrap(), 0, *cells).unwrap();
        }
    })
}

/// An archive of such entries.
pub fn archive<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in entries {
        writer.start_file(name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The archive with one entry changed; the entry has to be there.
pub fn changed(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive_before = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut found = false;
    let mut entries = Vec::new();
    for index in 0..archive_before.len() {
        let mut entry = archive_before.by_index(index).unwrap();
        let path = entry.name().unwrap().to_string();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        if path == name {
            let after = change(content.clone());
            assert_ne!(after, content, "nothing changed in {name}");
            content = after;
            found = true;
        }
        entries.push((path, content));
    }
    assert!(found, "{name} is missing");
    archive(entries.iter().map(|(path, content)| (path.as_str(), content.as_bytes())))
}
