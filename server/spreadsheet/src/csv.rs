//! CSV (RFC 4180) as people's programs write it.
//!
//! Records are cut here and not by the `csv` crate, because that one can't tell what a person has to be told: it skips
//! empty lines without counting them, ends a quote nobody closed at the end of the file, and takes a cell of any length
//! into memory. The tests hold the two against each other.

use std::fs::File;

use crate::encoding::{Text, Unreadable};
use crate::fault::Fault;
use crate::shape::{Fit, Record, Shape};
use crate::{Encoding, Limits, Row};

/// Opens a file whose encoding is known: finds the delimiter, reads the header and the first row.
pub(crate) fn open(mut file: File, encoding: Encoding, limits: Limits) -> Result<(Rows, char), Fault> {
    let delimiter = delimiter(&mut Text::new(&mut file, encoding)?);
    let mut records = Records::new(Text::new(file, encoding)?, delimiter, limits);
    let Some(header) = records.next_filled()? else { return Err(Fault::Empty) };
    let shape = Shape::new(&header, Fit::Exact, limits)?;
    let mut rows = Rows { records, shape, first: None, read: 0, limits, ended: false };
    rows.first = rows.read();
    if rows.first.is_none() {
        return Err(Fault::Empty);
    }
    Ok((rows, delimiter))
}

/// Characters of the header line that are looked at to find the delimiter.
const HEADER_LINE: usize = 1 << 20;

/// The delimiter that stands most often in the first line with something in it, outside quotes; comma if none does.
fn delimiter(text: &mut Text<&mut File>) -> char {
    let mut counts = [(',', 0_u32), ('\t', 0), (';', 0)];
    let (mut quoted, mut content) = (false, false);
    for _ in 0..HEADER_LINE {
        let Ok(Some(c)) = text.next() else { break };
        match c {
            '"' => {
                quoted = !quoted;
                content = true;
            }
            '\r' | '\n' if !quoted => {
                if content {
                    break;
                }
                for (_, count) in &mut counts {
                    *count = 0;
                }
            }
            c => match counts.iter_mut().find(|(delimiter, _)| *delimiter == c && !quoted) {
                Some((_, count)) => *count += 1,
                None => content |= !c.is_whitespace(),
            },
        }
    }
    let [mut best, others @ ..] = counts;
    for other in others {
        if other.1 > best.1 {
            best = other;
        }
    }
    best.0
}

/// The rows below the header.
pub(crate) struct Rows {
    records: Records,
    shape: Shape,
    /// Read when the file was opened, to know that there is a row.
    first: Option<Result<Row, Fault>>,
    read: u32,
    limits: Limits,
    ended: bool,
}

impl Rows {
    pub(crate) fn header(&self) -> &[String] {
        self.shape.header()
    }

    pub(crate) fn next(&mut self) -> Option<Result<Row, Fault>> {
        self.first.take().or_else(|| self.read())
    }

    fn read(&mut self) -> Option<Result<Row, Fault>> {
        if self.ended {
            return None;
        }
        let row = match self.records.next_filled() {
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Ok(Some(_)) if self.read >= self.limits.max_rows => Err(Fault::TooManyRows { max: self.limits.max_rows }),
            Ok(Some(record)) => self.shape.row(record),
            Err(fault) => Err(fault),
        };
        self.read = self.read.saturating_add(1);
        self.ended = matches!(&row, Err(fault) if !fault.is_of_one_row());
        Some(row)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: the cell's end, or the first half of a doubled quote.
    Closed,
    /// After white space behind a closed cell: only its end may come.
    Over,
}

/// Cuts a text into records.
struct Records {
    text: Text<File>,
    delimiter: char,
    limits: Limits,
    number: u32,
    /// The last character was a carriage return that ended a record: a line feed belongs to it.
    after_cr: bool,
    ended: bool,
}

impl Records {
    const fn new(text: Text<File>, delimiter: char, limits: Limits) -> Self {
        Self { text, delimiter, limits, number: 0, after_cr: false, ended: false }
    }

    /// The next record with something in it.
    fn next_filled(&mut self) -> Result<Option<Record>, Fault> {
        loop {
            match self.next()? {
                Some(record) if record.is_blank() => {}
                record => return Ok(record),
            }
        }
    }

    fn next(&mut self) -> Result<Option<Record>, Fault> {
        if self.ended {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let row = self.number;
        let mut record = Record::new(row);
        let mut cell = Cell::default();
        let (mut at, mut begun) = (At::CellStart, false);
        loop {
            let Some(c) = self.character()? else {
                self.ended = true;
                if at == At::Quoted {
                    return Err(Fault::UnclosedQuote { row });
                }
                if begun {
                    cell.end(&mut record, self.limits);
                }
                return Ok(begun.then_some(record));
            };
            begun = true;
            match (at, c) {
                (At::Quoted, '"') => at = At::Closed,
                (At::Quoted, c) => cell.push(c, self.limits),
                (At::Closed, '"') => {
                    cell.push(c, self.limits);
                    at = At::Quoted;
                }
                (At::CellStart, '"') => at = At::Quoted,
                (_, c) if c == self.delimiter => {
                    cell.end(&mut record, self.limits);
                    at = At::CellStart;
                }
                (_, '\n' | '\r') => {
                    self.after_cr = c == '\r';
                    cell.end(&mut record, self.limits);
                    return Ok(Some(record));
                }
                (At::Closed | At::Over, ' ' | '\t') => at = At::Over,
                (At::Closed | At::Over, _) => {
                    self.ended = true;
                    return Err(Fault::UnclosedQuote { row });
                }
                (At::CellStart | At::Plain, c) => {
                    cell.push(c, self.limits);
                    at = At::Plain;
                }
            }
        }
    }

    /// The next character but the line feed of a CRLF that ended a record.
    fn character(&mut self) -> Result<Option<char>, Fault> {
        loop {
            let c = self.text.next().map_err(|unreadable| {
                self.ended = true;
                match unreadable {
                    Unreadable::Encoding => Fault::Encoding { row: self.number },
                    Unreadable::File => Fault::Damaged,
                }
            })?;
            if std::mem::take(&mut self.after_cr) && c == Some('\n') {
                continue;
            }
            return Ok(c);
        }
    }
}

/// The cell that is being read.
#[derive(Default)]
struct Cell {
    text: String,
    chars: usize,
    /// Something but white space came, also in the part that is too long to keep.
    filled: bool,
}

impl Cell {
    fn push(&mut self, c: char, limits: Limits) {
        self.chars += 1;
        self.filled |= !c.is_whitespace();
        if self.chars <= limits.max_cell_chars {
            self.text.push(c);
        }
    }

    /// Moves the cell into its record and leaves an empty one.
    fn end(&mut self, record: &mut Record, limits: Limits) {
        let column = record.count;
        record.count += 1;
        let cell = std::mem::take(self);
        if column >= usize::from(limits.max_columns) {
            if cell.filled {
                record.beyond.get_or_insert(column);
            }
            return;
        }
        let too_long = cell.chars > limits.max_cell_chars;
        if too_long {
            record.too_long.get_or_insert(column);
        }
        record.cells.push(if too_long { String::new() } else { cell.text });
    }
}
