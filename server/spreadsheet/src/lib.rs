//! Tables that strangers made (CSV, XLSX) read as rows of text.
//!
//! What a file is follows from its content, never from its name. Rows stream: memory depends on the longest row (and, for
//! XLSX, on the workbook's shared strings), not on the number of rows. Whatever the bytes are, the answer is rows or a
//! [`Fault`]; nothing panics, and nothing is guessed silently (a row with a cell too many is a fault, not a shifted row).
//!
//! This crate knows no database and no wording: a [`Fault`] is a reason with numbers, the words are elsewhere.

mod archive;
mod cell;
mod csv;
mod encoding;
mod fault;
mod kind;
mod shape;
mod weight;
mod xlsx;

use std::fs::File;
use std::path::Path;

pub use fault::{Fault, LooksLike};

/// How much of a stranger's file is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file in bytes.
    pub max_bytes: u64,
    /// Size of everything in an XLSX file together when unpacked, in bytes.
    pub max_unpacked: u64,
    /// Rows with something in them, without the header.
    pub max_rows: u32,
    /// Columns with a heading.
    pub max_columns: u16,
    /// Unicode characters (not bytes) in one cell.
    pub max_cell_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 100 << 20,
            max_unpacked: 400 << 20,
            max_rows: 300_000,
            max_columns: 100,
            max_cell_chars: 100_000,
        }
    }
}

/// The character encoding a CSV file was found to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; plain ASCII too.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel's 「CSV UTF-8」.
    Utf8Bom,
    /// `Shift_JIS` with Microsoft's additions (WHATWG `shift_jis`), as Excel's 「CSV」 in Japan.
    Cp932,
    /// UTF-16, little endian, with a byte order mark, as Excel's 「Unicode テキスト」.
    Utf16Le,
    /// UTF-16, big endian, with a byte order mark.
    Utf16Be,
}

impl Encoding {
    /// A stable short name, for wording keys and audit details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Utf8Bom => "utf8_bom",
            Self::Cp932 => "cp932",
            Self::Utf16Le => "utf16le",
            Self::Utf16Be => "utf16be",
        }
    }
}

/// What the file was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with one record per row (RFC 4180).
    Csv {
        /// The encoding, found by reading the whole file.
        encoding: Encoding,
        /// Comma, tab or semicolon, judged from the header.
        delimiter: char,
    },
    /// An Excel workbook (ECMA-376).
    Xlsx {
        /// The sheet that is read: the first visible one with something in it.
        sheet: String,
    },
}

/// One row below the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The row's number as Excel shows it: the first row of the file is 1, empty rows count. In a CSV file a record with
    /// line breaks inside quotes is one row.
    pub number: u32,
    /// The cells' texts, exactly as many as there are headings. CSV cells are as in the file; XLSX cells are what their
    /// value says: see [`Table::rows`].
    pub cells: Vec<String>,
}

/// A table whose header has been read.
pub struct Table {
    format: Format,
    source: Source,
}

enum Source {
    Csv(Box<csv::Rows>),
    Xlsx(Box<xlsx::Sheet>),
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("format", &self.format).finish_non_exhaustive()
    }
}

/// Opens a table: checks size and kind, and reads the header.
///
/// The header is the first row with something in it. The whole file is looked at once (the encoding of a CSV file, the
/// unpacked size and the merged cells of an XLSX file), so this takes about as long as reading the rows.
///
/// # Errors
/// A [`Fault`] of the file or its header. What is wrong with a row comes with the rows; so do [`Fault::TooManyRows`] and
/// [`Fault::NoHeader`], and a damage that is met only there. A file that can't be read at all is [`Fault::Damaged`].
pub fn open(path: &Path, limits: Limits) -> Result<Table, Fault> {
    let mut file = File::open(path).map_err(|_| Fault::Damaged)?;
    let size = file.metadata().map_err(|_| Fault::Damaged)?.len();
    if size > limits.max_bytes {
        return Err(Fault::TooLarge { max_mib: fault::mebibytes(limits.max_bytes) });
    }
    if size == 0 {
        return Err(Fault::Empty);
    }
    match kind::of(&mut file, size)? {
        kind::Kind::Archive => {
            archive::check(&mut file, limits)?;
            let sheet = xlsx::open(file, limits)?;
            Ok(Table { format: Format::Xlsx { sheet: sheet.name().to_owned() }, source: Source::Xlsx(Box::new(sheet)) })
        }
        kind::Kind::Text => {
            let encoding = encoding::detect(&mut file)?;
            let (rows, delimiter) = csv::open(file, encoding, limits)?;
            Ok(Table { format: Format::Csv { encoding, delimiter }, source: Source::Csv(Box::new(rows)) })
        }
    }
}

impl Table {
    /// What the file was found to be.
    #[must_use]
    pub const fn format(&self) -> &Format {
        &self.format
    }

    /// The headings, without a byte order mark and outer white space, all different.
    ///
    /// A column without heading and without data between others is an empty text here, so that the index of a heading
    /// is its column ([`column_letter`]).
    #[must_use]
    pub fn header(&self) -> &[String] {
        match &self.source {
            Source::Csv(rows) => rows.header(),
            Source::Xlsx(sheet) => sheet.header(),
        }
    }

    /// The rows below the header, in order; rows with nothing but white space are left out.
    ///
    /// After [`Fault::Ragged`], [`Fault::CellTooLong`] and [`Fault::ControlCharacters`] the next rows still come, so that
    /// a dry run can show every problem; any other fault is the last item.
    ///
    /// XLSX: a number is written as people write it (`1`, `0.3`, no exponent), a number with a date format as
    /// `2025-02-01`, `2025-02-01T14:05:00` or, without a day, `14:05:00`; a duration (`[h]:mm`) as `26:30:00`; a boolean
    /// as `TRUE` or `FALSE`; an error as its text (`#N/A`); a formula as the value it last had.
    #[must_use]
    pub fn rows(self) -> Rows {
        Rows(match self.source {
            Source::Csv(rows) => Reading::Csv(rows),
            Source::Xlsx(sheet) => Reading::Xlsx(xlsx::Stream::start(*sheet)),
        })
    }
}

/// The rows of a [`Table`]: see [`Table::rows`].
pub struct Rows(Reading);

enum Reading {
    Csv(Box<csv::Rows>),
    Xlsx(xlsx::Stream),
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Reading::Csv(rows) => rows.next(),
            Reading::Xlsx(stream) => stream.next(),
        }
    }
}

/// The letters Excel shows over a column: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letter(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index;
    loop {
        let letter = u8::try_from(rest % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => return letters.into_iter().rev().collect(),
        }
    }
}
