//! Why a file or a row is refused.

/// What a file that is no table seems to be instead, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LooksLike {
    /// A PDF document.
    Pdf,
    /// A web page, whatever its name says (many systems export 「.xls」 or 「.csv」 this way).
    Html,
    /// A picture: PNG, JPEG, GIF, WebP, BMP, TIFF, HEIC, AVIF or SVG.
    Image,
    /// An Excel workbook before 2007 (`.xls`).
    OldExcel,
    /// A Word document, `.docx` or `.doc`.
    Word,
    /// A ZIP archive that is no Office document.
    Zip,
    /// Something else that is no text.
    Other,
}

impl LooksLike {
    /// A stable short name, for wording keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Image => "image",
            Self::OldExcel => "old_excel",
            Self::Word => "word",
            Self::Zip => "zip",
            Self::Other => "other",
        }
    }
}

/// Why a file or a row is refused. Rows are numbered as [`crate::Row::number`], columns from 1.
///
/// The texts of [`std::fmt::Display`] are for logs and hold nothing out of the file.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file is larger than [`crate::Limits::max_bytes`].
    #[error("the file is larger than {max_mib} MiB")]
    TooLarge {
        /// The limit, rounded up to mebibytes.
        max_mib: u32,
    },
    /// The file is neither a CSV nor an XLSX file.
    #[error("the file is no table but {}", looks_like.code())]
    NotATable {
        /// What it seems to be.
        looks_like: LooksLike,
    },
    /// The text is in none of the known encodings, or broken.
    #[error("the encoding is unknown or broken at row {row}")]
    Encoding {
        /// The first row that can't be read.
        row: u32,
    },
    /// There is no header, or no row below it.
    #[error("there is no header or no row")]
    Empty,
    /// An XLSX file that unpacks to more than [`crate::Limits::max_unpacked`], or is built to fill memory in another
    /// way (thousands of entries, counts that lie).
    #[error("the file unpacks to more than {max_mib} MiB, or is built to do so")]
    Bomb {
        /// The limit, rounded up to mebibytes.
        max_mib: u32,
    },
    /// The file needs a password.
    #[error("the file needs a password")]
    Encrypted,
    /// The file is truncated, or its inside contradicts itself; or it could not be read from the disk.
    #[error("the file is damaged")]
    Damaged,
    /// Cells are merged in the table's columns, at or below the header.
    #[error("cells {range} are merged")]
    MergedCells {
        /// Name of the sheet.
        sheet: String,
        /// The first merged range, as `A3:B5`.
        range: String,
    },
    /// A CSV row has fewer or more cells than the header.
    #[error("row {row} has {found} cells where the header has {expected}")]
    Ragged {
        /// The row.
        row: u32,
        /// Cells of the header.
        expected: u32,
        /// Cells of the row.
        found: u32,
    },
    /// A quoted CSV cell is never closed, or goes on after its closing quote.
    #[error("the quote opened in row {row} is not closed properly")]
    UnclosedQuote {
        /// The row the quote stands in.
        row: u32,
    },
    /// A column has data but no heading.
    #[error("column {column} has data but no heading")]
    NoHeader {
        /// The column, from 1.
        column: u32,
    },
    /// Two columns have the same heading.
    #[error("a heading stands over two columns")]
    DuplicateHeader {
        /// The heading.
        name: String,
    },
    /// More rows than [`crate::Limits::max_rows`].
    #[error("there are more than {max} rows")]
    TooManyRows {
        /// The limit.
        max: u32,
    },
    /// More headings than [`crate::Limits::max_columns`].
    #[error("there are more than {max} columns")]
    TooManyColumns {
        /// The limit.
        max: u16,
    },
    /// A cell is longer than [`crate::Limits::max_cell_chars`].
    #[error("the cell in row {row}, column {column} has more than {max} characters")]
    CellTooLong {
        /// The row.
        row: u32,
        /// The column, from 1.
        column: u32,
        /// The limit in characters.
        max: usize,
    },
    /// A cell holds a character that can't be stored: a control character but tab and line ends, or a noncharacter.
    #[error("the cell in row {row}, column {column} has control characters")]
    ControlCharacters {
        /// The row.
        row: u32,
        /// The column, from 1.
        column: u32,
    },
}

impl Fault {
    /// A stable short name, for wording keys and audit details.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotATable { .. } => "not_a_table",
            Self::Encoding { .. } => "encoding",
            Self::Empty => "empty",
            Self::Bomb { .. } => "bomb",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::MergedCells { .. } => "merged_cells",
            Self::Ragged { .. } => "ragged",
            Self::UnclosedQuote { .. } => "unclosed_quote",
            Self::NoHeader { .. } => "no_header",
            Self::DuplicateHeader { .. } => "duplicate_header",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::ControlCharacters { .. } => "control_characters",
        }
    }

    /// Whether only one row is at fault, and the rows after it can still be read.
    #[must_use]
    pub const fn is_of_one_row(&self) -> bool {
        matches!(self, Self::Ragged { .. } | Self::CellTooLong { .. } | Self::ControlCharacters { .. })
    }
}

/// Bytes as mebibytes, rounded up.
pub(crate) fn mebibytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX)
}

/// A count or index as the faults carry it.
pub(crate) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
