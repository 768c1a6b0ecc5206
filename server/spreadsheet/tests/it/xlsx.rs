//! Workbooks as Excel and other programs write them.

use crate::support::{changed, fault, fault_within, read, read_within, small, workbook};
use rust_xlsxwriter::{Format as Style, Formula, Note, Workbook, Worksheet};
use spreadsheet::{Fault, Format, Limits};

fn texts(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
        }
    }
}

fn table(rows: &[&[&str]]) -> Vec<u8> {
    workbook(|sheet| texts(sheet, rows))
}

#[test]
fn the_first_visible_sheet_with_something_in_it_is_read() {
    let mut book = Workbook::new();
    texts(book.add_worksheet().set_name("秘密").unwrap().set_hidden(true), &[&["x"], &["1"]]);
    book.add_worksheet().set_name("空").unwrap().write_string(5, 5, " ").unwrap();
    let sheet = book.add_worksheet().set_name("意見").unwrap();
    sheet.set_active(true);
    texts(sheet, &[&["番号", "意見"], &["1", "駅前\n広場"]]);
    texts(book.add_worksheet(), &[&["later"], &["1"]]);
    let reading = read(book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(reading.format, Format::Xlsx { sheet: "意見".to_owned() });
    assert_eq!(reading.header, ["番号", "意見"]);
    assert_eq!(reading.cells().unwrap(), [["1", "駅前\n広場"]]);
}

#[test]
fn values_read_as_people_wrote_them() {
    let date = Style::new().set_num_format("yyyy/m/d");
    let wareki = Style::new().set_num_format("[$-411]ggge\"年\"m\"月\"d\"日\";@");
    let moment = Style::new().set_num_format("yyyy-mm-dd hh:mm");
    let elapsed = Style::new().set_num_format("[h]:mm");
    let yen = Style::new().set_num_format("#,##0\"円\"");
    let numbers = [
        (1.0, None, "1"),
        (-0.5, None, "-0.5"),
        (0.1 + 0.2, None, "0.3"),
        (123_456_789_012.0, None, "123456789012"),
        (9_007_199_254_740_991.0, None, "9007199254740991"),
        (1e21, None, "1000000000000000000000"),
        (1200.0, Some(&yen), "1200"),
        (45_689.0, Some(&date), "2025-02-01"),
        (45_689.0, Some(&wareki), "2025-02-01"),
        (45_689.0 + 50_700.0 / 86_400.0, Some(&moment), "2025-02-01T14:05:00"),
        (45_688.999_999_999_9, Some(&moment), "2025-02-01"),
        (60.0, Some(&date), "1900-02-29"),
        (0.5, Some(&moment), "12:00:00"),
        (1.104_166_666_666_666_7, Some(&elapsed), "26:30:00"),
        (-3.0, Some(&date), "-3"),
        (1e10, Some(&date), "10000000000"),
    ];
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "値").unwrap();
        for (row, (number, style, _)) in (1..).zip(&numbers) {
            match style {
                Some(style) => sheet.write_number_with_format(row, 0, *number, style).unwrap(),
                None => sheet.write_number(row, 0, *number).unwrap(),
            };
        }
    });
    let cells = read(bytes).unwrap().cells().unwrap().concat();
    assert_eq!(cells, numbers.map(|(_, _, text)| text));
}

#[test]
fn booleans_errors_formulas_and_texts_that_look_like_numbers() {
    let bytes = workbook(|sheet| {
        texts(sheet, &[&["a", "b", "c", "d", "e"], &["0012", "令和7年2月30日"]]);
        sheet.write_boolean(1, 2, true).unwrap();
        sheet.write_formula(1, 3, Formula::new("1+1").set_result("2")).unwrap();
        sheet.write_formula(1, 4, Formula::new("\"広\"&\"場\"").set_result("広場")).unwrap();
        sheet.write_boolean(2, 0, false).unwrap();
        sheet.write_formula(2, 1, Formula::new("NA()").set_result("#N/A")).unwrap();
        sheet.insert_note(2, 2, &Note::new("メモ")).unwrap();
    });
    let cells = read(bytes).unwrap().cells().unwrap();
    assert_eq!(cells, [["0012", "令和7年2月30日", "TRUE", "2", "広場"], ["FALSE", "#N/A", "", "", ""]]);
}

#[test]
fn workbooks_that_count_from_1904_have_the_same_days() {
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "日").unwrap();
        sheet.write_number_with_format(1, 0, 44_227.0, &Style::new().set_num_format("yyyy/m/d")).unwrap();
    });
    let bytes = changed(&bytes, "xl/workbook.xml", |xml| xml.replace("<workbookPr", "<workbookPr date1904=\"1\""));
    assert_eq!(read(bytes).unwrap().cells().unwrap(), [["2025-02-01"]]);
}

#[test]
fn furigana_and_rich_text_are_read_without_their_dress() {
    let bytes = changed(&small(), "xl/sharedStrings.xml", |xml| {
        xml.replace(
            "<t>緑を残す</t>",
            "<r><t>緑を</t></r><r><rPr><b/></rPr><t>残す</t></r><rPh sb=\"0\" eb=\"1\"><t>ミドリ</t></rPh><phoneticPr fontId=\"1\"/>",
        )
    });
    assert_eq!(read(bytes).unwrap().cells().unwrap()[1], ["2", "緑を残す"]);
}

#[test]
fn merged_cells_are_named_by_their_range() {
    let merged = |ranges: &[(u32, u16, u32, u16)]| {
        workbook(|sheet| {
            texts(sheet, &[&[], &["番号", "意見"], &["1", "x"], &["2", "y"], &["3", "z"]]);
            for &(top, left, bottom, right) in ranges {
                sheet.merge_range(top, left, bottom, right, "結合", &Style::new()).unwrap();
            }
        })
    };
    let range = |range: &str| Some(Fault::MergedCells { sheet: "Sheet1".to_owned(), range: range.to_owned() });
    assert_eq!(fault(merged(&[(3, 1, 4, 1), (2, 0, 3, 0)])), range("A3:A4"));
    assert_eq!(fault(merged(&[(1, 1, 1, 2)])), range("B2:C2"));
    // A title over the table is its first row with something in it, so it is what stands in the way.
    assert_eq!(fault(merged(&[(0, 0, 0, 1)])), range("A1:B1"));
    // A merged remark beside the table has no heading.
    assert_eq!(fault(merged(&[(2, 4, 3, 5)])), Some(Fault::NoHeader { column: 5 }));
}

#[test]
fn empty_rows_and_columns_are_no_data() {
    let bytes = workbook(|sheet| {
        texts(
            sheet,
            &[&["", "", ""], &["番号", "", "意見 ", " "], &[], &["1", "", "x"], &[" ", "\u{3000}", ""], &["2"]],
        );
        sheet.write_blank(20, 30, &Style::new().set_bold()).unwrap();
    });
    let reading = read(bytes).unwrap();
    assert_eq!(reading.header, ["番号", "", "意見"]);
    assert_eq!(reading.cells().unwrap(), [["1", "", "x"], ["2", "", ""]]);
    assert_eq!(reading.numbers(), [4, 6]);
}

#[test]
fn the_header_has_to_fit() {
    assert_eq!(fault(table(&[&["a", ""], &["1", "2"]])), Some(Fault::NoHeader { column: 2 }));
    assert_eq!(fault(table(&[&["a", "", "c"], &["1"], &["1", "2"]])), Some(Fault::NoHeader { column: 2 }));
    assert_eq!(fault(table(&[&["a", "a\u{3000}"], &["1"]])), Some(Fault::DuplicateHeader { name: "a".to_owned() }));
    assert_eq!(fault(table(&[&["a", "b"]])), Some(Fault::Empty));
    assert_eq!(fault(table(&[])), Some(Fault::Empty));
    assert_eq!(fault(table(&[&["a\u{1}"], &["1"]])), Some(Fault::ControlCharacters { row: 1, column: 1 }));
    assert_eq!(fault(table(&[&["a", "b"], &["1", "x\u{B}y"]])), Some(Fault::ControlCharacters { row: 2, column: 2 }));
}

#[test]
fn limits_are_kept() {
    let limits = Limits { max_rows: 2, max_columns: 2, max_cell_chars: 3, ..Limits::default() };
    let fault = |rows: &[&[&str]]| fault_within(&table(rows), limits);
    assert_eq!(fault(&[&["a", "b"], &["1", "髙髙髙"], &[], &["3"]]), None);
    assert_eq!(fault(&[&["a"], &["1"], &["2"], &["3"]]), Some(Fault::TooManyRows { max: 2 }));
    assert_eq!(fault(&[&["a", "b", "c"], &["1"]]), Some(Fault::TooManyColumns { max: 2 }));
    assert_eq!(fault(&[&["a"], &["1", "", "", "4"]]), Some(Fault::NoHeader { column: 4 }));
    assert_eq!(fault(&[&["a", "b"], &["1", "髙髙髙髙"]]), Some(Fault::CellTooLong { row: 2, column: 2, max: 3 }));
    let rows = read_within(&table(&[&["a"], &["long"], &["1"], &["2"]]), limits).unwrap().rows;
    assert_eq!(rows.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true, false]);
    let small_file = Limits { max_bytes: 1000, ..limits };
    assert_eq!(fault_within(&small(), small_file), Some(Fault::TooLarge { max_mib: 1 }));
}

#[test]
fn a_stream_that_is_dropped_early_ends() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..50_000_u32 {
        sheet.write_number(row, 0, row).unwrap();
        sheet.write_string(row, 1, format!("意見の本文 {row}")).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let reading = read(&bytes).unwrap();
    assert_eq!(reading.rows.len(), 49_999);
    assert_eq!(reading.rows[49_998].as_ref().unwrap().cells, ["49999", "意見の本文 49999"]);
    assert_eq!(reading.numbers().last(), Some(&50_000));

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let mut rows = spreadsheet::open(file.path(), Limits::default()).unwrap().rows();
    assert_eq!(rows.next().unwrap().unwrap().number, 2);
    drop(rows);
}
