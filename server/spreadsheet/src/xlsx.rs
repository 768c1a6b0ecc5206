//! XLSX workbooks, read by calamine after [`crate::archive`] has let them pass.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{Cell, DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};

use crate::fault::{Fault, mebibytes};
use crate::shape::{Fit, Record, Shape, is_blank};
use crate::{Limits, Row, cell, column_letter};

type Book = Xlsx<BufReader<File>>;

/// Rows and columns of a sheet (Excel's own limits).
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// Sheets looked at to find one with something in it.
const SHEETS_TRIED: usize = 100;

/// How much more text than [`Limits::max_unpacked`] the rows may hold: a long shared string may stand in every row.
const REPEATED: u64 = 8;

/// A sheet whose header has been read.
pub(crate) struct Sheet {
    book: Book,
    name: String,
    shape: Shape,
    header_row: u32,
    limits: Limits,
}

impl Sheet {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn header(&self) -> &[String] {
        self.shape.header()
    }
}

/// Finds the sheet and reads its header. A workbook that makes calamine panic is damaged.
pub(crate) fn open(file: File, limits: Limits) -> Result<Sheet, Fault> {
    catch_unwind(AssertUnwindSafe(|| sheet(file, limits))).unwrap_or(Err(Fault::Damaged))
}

fn sheet(file: File, limits: Limits) -> Result<Sheet, Fault> {
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|error| fault(&error))?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .take(SHEETS_TRIED)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in names {
        let mut records = Records::new(&mut book, &name, limits)?;
        let Some(header) = records.next_filled()? else { continue };
        let has_rows = records.next_filled()?.is_some();
        drop(records);
        unmerged(&mut book, &name, &header)?;
        if !has_rows {
            return Err(Fault::Empty);
        }
        let header_row = header.number;
        let shape = Shape::new(&header, Fit::Padded, limits)?;
        return Ok(Sheet { book, name, shape, header_row, limits });
    }
    Err(Fault::Empty)
}

fn fault(error: &XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::Encrypted,
        _ => Fault::Damaged,
    }
}

/// That no cells are merged in the table's columns, at or below the header.
fn unmerged(book: &mut Book, sheet: &str, header: &Record) -> Result<(), Fault> {
    let merged = book.merge_cells_by_sheet_name(sheet).map_err(|error| fault(&error))?;
    let in_table = |range: &&Dimensions| {
        let below = range.end.0.saturating_add(1) >= header.number;
        below && (range.start.1 as usize) < header.width() && range.start != range.end
    };
    match merged.iter().filter(in_table).min() {
        Some(Dimensions { start, end }) => {
            let at = |(row, column): (u32, u32)| format!("{}{}", column_letter(column as usize), u64::from(row) + 1);
            Err(Fault::MergedCells { sheet: sheet.to_owned(), range: format!("{}:{}", at(*start), at(*end)) })
        }
        None => Ok(()),
    }
}

/// The rows of a sheet, as they come.
struct Records<'a> {
    cells: XlsxCellReader<'a, BufReader<File>>,
    /// The first cell of the next row.
    ahead: Option<Cell<DataRef<'a>>>,
    /// The last cell was read: asking again would read what comes after the cells.
    ended: bool,
    last: u32,
    limits: Limits,
}

impl<'a> Records<'a> {
    fn new(book: &'a mut Book, sheet: &str, limits: Limits) -> Result<Self, Fault> {
        let cells = book.worksheet_cells_reader(sheet).map_err(|error| fault(&error))?;
        Ok(Self { cells, ahead: None, ended: false, last: 0, limits })
    }

    /// The next row with something in it.
    fn next_filled(&mut self) -> Result<Option<Record>, Fault> {
        loop {
            match self.next()? {
                Some(record) if record.is_blank() => {}
                record => return Ok(record),
            }
        }
    }

    fn next(&mut self) -> Result<Option<Record>, Fault> {
        let Some(first) = self.take()? else { return Ok(None) };
        let row = first.get_position().0;
        if row >= LAST_ROW || row < self.last {
            return Err(Fault::Damaged);
        }
        self.last = row + 1;
        let mut record = Record::new(row + 1);
        self.put(&mut record, &first)?;
        while let Some(cell) = self.take()? {
            if cell.get_position().0 != row {
                self.ahead = Some(cell);
                break;
            }
            self.put(&mut record, &cell)?;
        }
        Ok(Some(record))
    }

    fn take(&mut self) -> Result<Option<Cell<DataRef<'a>>>, Fault> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        if self.ended {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(|error| fault(&error))?;
        self.ended = cell.is_none();
        Ok(cell)
    }

    fn put(&self, record: &mut Record, cell: &Cell<DataRef<'a>>) -> Result<(), Fault> {
        let column = cell.get_position().1;
        if column >= LAST_COLUMN {
            return Err(Fault::Damaged);
        }
        let column = column as usize;
        let text = cell::text(cell.get_value());
        if text.is_empty() {
            return Ok(());
        }
        record.count = record.count.max(column + 1);
        if column >= usize::from(self.limits.max_columns) {
            if !is_blank(&text) {
                record.beyond = Some(record.beyond.map_or(column, |before| before.min(column)));
            }
            return Ok(());
        }
        if text.len() > self.limits.max_cell_chars && text.chars().count() > self.limits.max_cell_chars {
            record.too_long.get_or_insert(column);
            return Ok(());
        }
        if record.cells.len() <= column {
            record.cells.resize(column + 1, String::new());
        }
        if let Some(place) = record.cells.get_mut(column) {
            *place = text.into_owned();
        }
        Ok(())
    }
}

/// Rows handed over together, and the bytes of text after which a batch is full.
const BATCH_ROWS: usize = 128;
const BATCH_BYTES: usize = 1 << 18;

/// Batches that wait at most.
const WAITING: usize = 2;

enum Message {
    Rows(Vec<Result<Row, Fault>>),
    End,
}

/// The rows below the header, read by a thread of their own: calamine's reader borrows the workbook, an iterator that owns
/// both can't be written. The thread ends with the rows, or when the stream is dropped.
pub(crate) struct Stream {
    receiver: Receiver<Message>,
    batch: std::vec::IntoIter<Result<Row, Fault>>,
    ended: bool,
}

impl Stream {
    pub(crate) fn start(sheet: Sheet) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        // Without a thread the sender is gone, and the stream is one fault.
        let _thread =
            thread::Builder::new().name("spreadsheet".to_owned()).spawn(move || Work::new(sheet, sender).run());
        Self { receiver, batch: Vec::new().into_iter(), ended: false }
    }

    pub(crate) fn next(&mut self) -> Option<Result<Row, Fault>> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(row);
            }
            if self.ended {
                return None;
            }
            match self.receiver.recv() {
                Ok(Message::Rows(batch)) => self.batch = batch.into_iter(),
                Ok(Message::End) => self.ended = true,
                Err(_) => {
                    self.ended = true;
                    return Some(Err(Fault::Damaged));
                }
            }
        }
    }
}

/// The thread's side of a [`Stream`].
struct Work {
    sheet: Sheet,
    sender: SyncSender<Message>,
}

/// Nobody reads any more.
struct Dropped;

impl Work {
    const fn new(sheet: Sheet, sender: SyncSender<Message>) -> Self {
        Self { sheet, sender }
    }

    fn run(self) {
        // A panic in calamine drops the sender without an end: the stream says that the file is damaged.
        let Ok(()) = self.send_rows() else { return };
    }

    fn send_rows(self) -> Result<(), Dropped> {
        let Sheet { mut book, name, shape, header_row, limits } = self.sheet;
        let mut batch = Batch { sender: self.sender, rows: Vec::new(), bytes: 0 };
        let mut records = match Records::new(&mut book, &name, limits) {
            Ok(records) => records,
            Err(fault) => {
                batch.push(Err(fault))?;
                return batch.end();
            }
        };
        let (mut read, mut text) = (0_u32, 0_u64);
        loop {
            let row = match records.next_filled() {
                Ok(None) => return batch.end(),
                Ok(Some(record)) if record.number <= header_row => continue,
                Ok(Some(_)) if read >= limits.max_rows => Err(Fault::TooManyRows { max: limits.max_rows }),
                Ok(Some(record)) => shape.row(record),
                Err(fault) => Err(fault),
            };
            read = read.saturating_add(1);
            text = text.saturating_add(bytes(&row) as u64);
            let row = if text > limits.max_unpacked.saturating_mul(REPEATED) {
                Err(Fault::Bomb { max_mib: mebibytes(limits.max_unpacked) })
            } else {
                row
            };
            let last = matches!(&row, Err(fault) if !fault.is_of_one_row());
            batch.push(row)?;
            if last {
                return batch.end();
            }
        }
    }
}

fn bytes(row: &Result<Row, Fault>) -> usize {
    row.as_ref().map_or(0, |row| row.cells.iter().map(String::len).sum())
}

struct Batch {
    sender: SyncSender<Message>,
    rows: Vec<Result<Row, Fault>>,
    bytes: usize,
}

impl Batch {
    fn push(&mut self, row: Result<Row, Fault>) -> Result<(), Dropped> {
        self.bytes += bytes(&row);
        self.rows.push(row);
        if self.rows.len() < BATCH_ROWS && self.bytes < BATCH_BYTES {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Dropped> {
        self.bytes = 0;
        self.sender.send(Message::Rows(std::mem::take(&mut self.rows))).map_err(|_| Dropped)
    }

    fn end(mut self) -> Result<(), Dropped> {
        self.flush()?;
        self.sender.send(Message::End).map_err(|_| Dropped)
    }
}
