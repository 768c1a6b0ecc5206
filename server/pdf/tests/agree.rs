//! Every format of one table says the same: the same rows under the same numbers, the same opinions, answers and counts.
//! Each file is written and read back with another program's parser.

#[expect(dead_code, reason = "shared with other tests, which need more of it")]
#[path = "../../documents/tests/it/fixture.rs"]
mod fixture;
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
#[path = "it/reading.rs"]
mod reading;
#[path = "../../documents/tests/it/seed.rs"]
mod seed;

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use calamine::{Reader as _, Xlsx};
use documents::{
    Format, HEADERS, ResponseTable, clean,
    printed::{Printed, Slot},
    xlsx::{DATA_SHEET, PRINT_SHEET, TOTALS_SHEET},
};
use domain::layout::{ColumnKind, CountTable, Layout, LayoutPreset};
use fixture::TestResult;
use quick_xml::events::Event;
use serde_json::Value;

/// A text as every format can give it back: 機種依存文字 written out as in the CSV, without anything that is layout (blanks,
/// line ends and the 「／」 that stands for one).
fn plain(text: &str) -> String {
    clean::written_out(&clean::text(text)).chars().filter(|c| !c.is_whitespace() && *c != '／').collect()
}

/// A row of the table with the texts of all its columns, those that span it among them.
type Row = Vec<String>;

/// The rows as they are to be printed.
fn expected_rows(printed: &Printed) -> Vec<Row> {
    let slots = printed.slots();
    let mut rows = Vec::new();
    for group in printed.groups() {
        for index in 0..group.rows.len() {
            rows.push(slots.iter().map(|slot| plain(group.text(*slot, index).unwrap_or_default())).collect());
        }
    }
    rows
}

/// The tables of counts as they are to be printed, headings first.
fn expected_counts(printed: &Printed) -> Vec<Vec<Row>> {
    let table = |counts: &documents::printed::Counts| {
        let numbers = |numbers: &[u64]| numbers.iter().map(ToString::to_string).collect::<Row>();
        let rows = counts.rows.iter().map(|(label, values)| [vec![plain(label)], numbers(values)].concat());
        std::iter::once(counts.headings.iter().map(|heading| plain(heading)).collect()).chain(rows).collect()
    };
    printed.counts.iter().map(table).collect()
}

fn headings(printed: &Printed) -> Row {
    printed.columns.iter().map(|(_, heading)| plain(heading)).collect()
}

/// The workbook: cells of a sheet, and the cells that are merged downwards.
struct Workbook(Xlsx<Cursor<Vec<u8>>>);

impl Workbook {
    fn of(table: &ResponseTable) -> TestResult<Self> {
        Ok(Self(Xlsx::new(Cursor::new(documents::render(table, Format::Xlsx)?))?))
    }

    fn cells(&mut self, sheet: &str) -> TestResult<Vec<Row>> {
        let range = self.0.worksheet_range(sheet)?;
        Ok(range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect())
    }

    /// The rows of the sheet to print: what is merged belongs to every row it spans, a line across is no row.
    fn printed_rows(&mut self, printed: &Printed) -> TestResult<Vec<Row>> {
        let cells = self.cells(PRINT_SHEET)?;
        let merges = self.0.merge_cells_by_sheet_name(PRINT_SHEET)?;
        let header = headings(printed);
        let top = cells.iter().position(|row| row.iter().map(|cell| plain(cell)).eq(header.iter().cloned()));
        let slots = printed.slots();
        let mut rows: Vec<Row> = Vec::new();
        for (number, cells) in cells.iter().enumerate().skip(top.ok_or("no header")? + 1) {
            let number = u32::try_from(number)?;
            let merge_of = |column: usize| {
                let column = u32::try_from(column).unwrap_or(u32::MAX);
                merges
                    .iter()
                    .find(|m| m.start.0 <= number && number <= m.end.0 && m.start.1 <= column && column <= m.end.1)
            };
            let across = merge_of(0).is_some_and(|m| m.end.1 > m.start.1);
            let continued = merge_of(0).is_some_and(|m| m.start.0 < number);
            if across || continued {
                continue;
            }
            let mut row: Row = cells.iter().map(|cell| plain(cell)).collect();
            for (column, slot) in slots.iter().enumerate() {
                let from_above =
                    matches!(slot, Slot::Shared(_)) && merge_of(column).is_some_and(|m| m.start.0 < number);
                let above = rows.last().and_then(|above| above.get(column)).filter(|_| from_above);
                if let (Some(above), Some(cell)) = (above, row.get_mut(column)) {
                    cell.clone_from(above);
                }
            }
            rows.push(row);
        }
        Ok(rows)
    }

    fn counts(&mut self) -> TestResult<Vec<Vec<Row>>> {
        let cells = self.cells(TOTALS_SHEET)?;
        let rows: Vec<Row> = cells
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell)).filter(|cell| !cell.is_empty()).collect())
            .collect();
        // The first row of each is its title.
        Ok(rows.split(Vec::is_empty).map(|table| table.iter().skip(1).cloned().collect()).collect())
    }
}

/// One table of the Word document: rows of cells, merged cells repeated, lines across left out.
fn word_tables(table: &ResponseTable) -> TestResult<Vec<Vec<Row>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(documents::render(table, Format::Docx)?))?;
    let mut xml = String::new();
    archive.by_name("word/document.xml")?.read_to_string(&mut xml)?;
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut tables, mut rows, mut cells) = (Vec::new(), Vec::<Row>::new(), Row::new());
    let (mut text, mut above, mut across) = (String::new(), false, false);
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(tables),
            Event::Start(tag) if tag.name().as_ref() == "w:tc" => (text, above) = (String::new(), false),
            Event::Empty(tag) if tag.name().as_ref() == "w:vMerge" => above = tag.attributes().next().is_none(),
            Event::Empty(tag) if tag.name().as_ref() == "w:gridSpan" => across = true,
            Event::Empty(tag) if tag.name().as_ref() == "w:br" => text.push('\n'),
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => match name.resolve_char_ref()? {
                Some(c) => text.push(c),
                None => text.push_str(quick_xml::escape::resolve_xml_entity(&name).ok_or("entity")?),
            },
            Event::End(tag) => match tag.name().as_ref() {
                "w:tc" => {
                    let from_above = rows.last().and_then(|row| row.get(cells.len())).filter(|_| above);
                    cells.push(from_above.cloned().unwrap_or_else(|| plain(&text)));
                }
                "w:tr" => {
                    let row = std::mem::take(&mut cells);
                    if !std::mem::take(&mut across) {
                        rows.push(row);
                    }
                }
                "w:tbl" => tables.push(std::mem::take(&mut rows)),
                _ => {}
            },
            _ => {}
        }
    }
}

/// Looks for texts in the order in which they are to come.
struct InOrder<'a> {
    what: &'a str,
    rest: &'a str,
}

impl InOrder<'_> {
    fn expect(&mut self, text: &str) -> TestResult {
        let found = self.rest.split_once(text);
        let missing = || format!("{}: {text:?} is missing or comes too early, before {}", self.what, self.rest);
        self.rest = found.ok_or_else(missing)?.1;
        Ok(())
    }
}

/// The text to read aloud: number, own texts, and then the answer, which may stand for several numbers.
fn assert_txt(name: &str, table: &ResponseTable, printed: &Printed) -> TestResult {
    let said = String::from_utf8(documents::render(table, Format::Txt)?)?;
    let said = plain(&said);
    let mut order = InOrder { what: &format!("{name} as text"), rest: &said };
    for counts in expected_counts(printed) {
        for row in counts.iter().skip(1) {
            let (label, numbers) = row.split_first().ok_or("no label")?;
            // Marks are not read.
            let disposition = table.dispositions.iter().find(|d| plain(&d.printed()) == *label);
            order.expect(&plain(disposition.map_or(label, |d| &d.label)))?;
            for number in numbers {
                order.expect(number)?;
            }
        }
    }
    for group in printed.groups() {
        for row in &group.rows {
            order.expect(&format!("番号{}", plain(&row.number.replace('-', "の"))))?;
            let columns = printed.columns.iter().filter(|(kind, _)| !documents::printed::spans(*kind));
            for ((kind, _), cell) in columns.zip(&row.cells) {
                if *kind != ColumnKind::Number {
                    order.expect(&plain(cell))?;
                }
            }
        }
        let answer =
            printed.slots().into_iter().zip(&printed.columns).find(|(_, (kind, _))| *kind == ColumnKind::Answer);
        let answer = answer.and_then(|(slot, _)| group.text(slot, 0)).unwrap_or_default();
        // The 対応区分 comes after the answer, in words.
        let answer =
            answer.strip_prefix('【').and_then(|rest| rest.split_once("】\n")).map_or(answer, |(_, words)| words);
        order.expect(&plain(answer))?;
    }
    Ok(())
}

fn assert_pdf(name: &str, table: &ResponseTable, printed: &Printed) -> TestResult {
    let bytes = pdf::render(table, &pdf::Fonts::find(None)?, None)?;
    let said = plain(&reading::text(&bytes, table)?);
    let mut order = InOrder { what: &format!("{name} as PDF"), rest: &said };
    for counts in expected_counts(printed) {
        for row in counts {
            order.expect(&row.concat())?;
        }
    }
    let slots = printed.slots();
    for group in printed.groups() {
        for (index, row) in group.rows.iter().enumerate() {
            // The texts of a row stand beside each other: the number is in front of the first.
            let own = slots.iter().filter(|slot| matches!(slot, Slot::Own(_)));
            let own: Row = own.filter_map(|slot| group.text(*slot, index)).map(plain).collect();
            assert_eq!(own.len(), row.cells.len());
            order.expect(&own.concat())?;
            for shared in group.shared.iter().filter(|_| index == 0) {
                order.expect(&plain(shared))?;
            }
        }
    }
    for (heading, value) in &printed.cover {
        assert!(said.contains(&plain(&format!("{heading}{value}"))), "{name} as PDF: {heading} {value}");
    }
    Ok(())
}

/// The records of the CSV by column.
fn csv_records(table: &ResponseTable, format: Format) -> TestResult<Vec<BTreeMap<String, String>>> {
    let bytes = documents::render(table, format)?;
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(body);
    let headers = reader.headers()?.clone();
    assert!(headers.iter().eq(HEADERS));
    reader
        .records()
        .map(|record| Ok(headers.iter().map(ToOwned::to_owned).zip(record?.iter().map(ToOwned::to_owned)).collect()))
        .collect()
}

/// What the machine formats say of a row: number in its chapter, opinion, answer, 件数, 対応区分.
#[derive(Debug, PartialEq)]
struct Record {
    id: String,
    number: String,
    opinion: String,
    answer: String,
    same_count: u64,
    disposition: String,
}

fn model_records(table: &ResponseTable) -> Vec<Record> {
    let record = |flat: documents::FlatRow<'_>| Record {
        id: table.row_id(flat.row),
        number: format!("{}-{}", flat.chapter_index + 1, flat.row.number),
        opinion: plain(&flat.row.text),
        answer: plain(&flat.group.answer),
        same_count: u64::from(flat.row.same_count),
        disposition: table.disposition_of(flat.group).map(|d| d.code.clone()).unwrap_or_default(),
    };
    table.rows().map(record).collect()
}

fn assert_machine_formats(name: &str, table: &ResponseTable) -> TestResult<Vec<Record>> {
    let expected = model_records(table);
    for format in [Format::Csv, Format::CsvUtf8] {
        let guarded = |text: &str| plain(text.strip_prefix('\'').filter(|_| format == Format::Csv).unwrap_or(text));
        let record = |record: BTreeMap<String, String>| -> TestResult<Record> {
            let of = |column: &str| record.get(column).cloned().ok_or_else(|| format!("no {column}"));
            Ok(Record {
                id: of("ID")?,
                number: format!("{}-{}", of("章番号")?, of("No")?),
                opinion: guarded(&of("ご意見（要旨）")?),
                answer: guarded(&of("区の考え方")?),
                same_count: of("同趣旨件数")?.parse()?,
                disposition: of("対応区分コード")?,
            })
        };
        let records: Vec<Record> = csv_records(table, format)?.into_iter().map(record).collect::<TestResult<_>>()?;
        assert_eq!(records, expected, "{name} as {format:?}");
    }
    let sheet = Workbook::of(table)?.cells(DATA_SHEET)?;
    let csv = csv_records(table, Format::CsvUtf8)?;
    assert_eq!(sheet.len(), csv.len() + 1);
    for (cells, record) in sheet.iter().skip(1).zip(&csv) {
        for (header, cell) in HEADERS.iter().zip(cells) {
            assert_eq!(record.get(*header), Some(cell), "{name}: {header} in the workbook");
        }
    }
    let document: Value = serde_json::from_slice(&documents::render(table, Format::Json)?)?;
    let rows = document.get("rows").and_then(Value::as_array).ok_or("no rows")?;
    let record = |row: &Value| {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |key: &str| row.get(key).and_then(Value::as_u64).unwrap_or_default();
        Record {
            id: text("id"),
            number: format!("{}-{}", number("chapter"), number("number")),
            opinion: plain(&text("text")),
            answer: plain(&text("answer")),
            same_count: number("same_count"),
            disposition: text("disposition"),
        }
    };
    assert_eq!(rows.iter().map(record).collect::<Vec<_>>(), expected, "{name} as JSON");
    let count = |pointer: &str| document.pointer(pointer).and_then(Value::as_u64);
    assert_eq!(count("/counts/opinions"), Some(expected.iter().map(|record| record.same_count).sum()));
    assert_eq!(count("/counts/submitters"), Some(u64::from(table.submitters)));
    Ok(expected)
}

/// What people read and what programs read is the same: as many rows, each with its opinion and its answer.
fn assert_people_and_programs_read_the_same(
    name: &str,
    printed: &Printed,
    rows: &[Row],
    records: &[Record],
) -> TestResult {
    let column = |wanted| printed.columns.iter().position(|(kind, _)| *kind == wanted).ok_or("no such column");
    let (opinion, answer) = (column(ColumnKind::Text)?, column(ColumnKind::Answer)?);
    assert_eq!(rows.len(), records.len());
    for (row, printed_row) in rows.iter().zip(printed.rows()) {
        let id = format!("-{}", printed_row.summary_id);
        let record = records.iter().find(|record| record.id.ends_with(&id)).ok_or("no record")?;
        assert!(row.get(opinion).is_some_and(|cell| cell.starts_with(&record.opinion)), "{name}: {row:?} {record:?}");
        assert!(row.get(answer).is_some_and(|cell| cell.contains(&record.answer)), "{name}: {row:?} {record:?}");
    }
    Ok(())
}

fn assert_agreement(name: &str, table: &ResponseTable) -> TestResult {
    assert_eq!(table.opinions_in_rows(), u64::from(table.opinions), "{name}");
    let printed = table.printed();
    let expected = expected_rows(&printed);
    assert_eq!(expected.len(), table.rows().count(), "{name}");
    let mut workbook = Workbook::of(table)?;
    let in_excel = workbook.printed_rows(&printed)?;
    assert_eq!(in_excel, expected, "{name} in Excel");

    let tables = word_tables(table)?;
    let head = headings(&printed);
    let result = tables.iter().filter(|rows| rows.first() == Some(&head));
    let in_word: Vec<Row> = result.flat_map(|rows| rows.iter().skip(1).cloned()).collect();
    assert_eq!(in_word, expected, "{name} in Word");

    let counts = expected_counts(&printed);
    if !counts.is_empty() {
        assert_eq!(workbook.counts()?, counts, "{name}: counts in Excel");
    }
    for expected in &counts {
        assert!(tables.contains(expected), "{name}: {expected:?} is not in Word");
    }
    let word: String = tables.concat().concat().concat();
    for annex in &printed.annexes {
        let sheet = workbook.cells(annex.title)?;
        for (row, cells) in annex.rows.iter().zip(sheet.iter().skip(1)) {
            let row: Row = row.iter().map(|text| plain(text)).collect();
            assert_eq!(cells.iter().map(|cell| plain(cell)).collect::<Row>(), row, "{name}: {}", annex.title);
            assert!(row.iter().all(|text| word.contains(text)), "{name}: {row:?} is not in Word");
        }
    }
    assert_txt(name, table, &printed)?;
    assert_pdf(name, table, &printed)?;
    let records = assert_machine_formats(name, table)?;
    assert_people_and_programs_read_the_same(name, &printed, &in_excel, &records)
}

#[test]
fn all_formats_of_the_published_table_agree() -> TestResult {
    assert_agreement("seed", &seed::table()?)
}

#[test]
fn all_formats_agree_in_every_layout() -> TestResult {
    for preset in LayoutPreset::ALL {
        let mut layout = Layout::of(preset);
        layout.counts = CountTable::ALL.to_vec();
        assert_agreement(preset.code(), &ResponseTable { layout, ..fixture::full()? })?;
    }
    Ok(())
}
