//! CSV in every encoding and shape that offices send.

use crate::support::{fault, fault_within, read, read_within};
use encoding_rs::SHIFT_JIS;
use spreadsheet::{Encoding, Fault, Format, Limits};

fn encoding(bytes: &[u8]) -> Encoding {
    match read(bytes).unwrap().format {
        Format::Csv { encoding, .. } => encoding,
        format @ Format::Xlsx { .. } => panic!("{format:?}"),
    }
}

fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes_of).collect()
}

const TEXT: &str = "番号,氏名,意見\r\n1,髙橋,①駅前～公園\r\n2,㈱まちこえ,\"広場、\n\"\"緑\"\"\"\r\n";

fn cells() -> Vec<Vec<&'static str>> {
    vec![vec!["1", "髙橋", "①駅前～公園"], vec!["2", "㈱まちこえ", "広場、\n\"緑\""]]
}

#[test]
fn every_encoding_reads_as_the_same_table() {
    let (cp932, _, lossy) = SHIFT_JIS.encode(TEXT);
    assert!(!lossy);
    let files = [
        (TEXT.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(), Encoding::Utf8Bom),
        (cp932.into_owned(), Encoding::Cp932),
        (utf16(TEXT, u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(TEXT, u16::to_be_bytes), Encoding::Utf16Be),
    ];
    for (bytes, expected) in files {
        let reading = read(&bytes).unwrap();
        assert_eq!(reading.format, Format::Csv { encoding: expected, delimiter: ',' });
        assert_eq!(reading.header, ["番号", "氏名", "意見"]);
        assert_eq!(reading.cells().unwrap(), cells());
        assert_eq!(reading.numbers(), [2, 3]);
    }
}

#[test]
fn the_delimiter_is_the_headers() {
    for (delimiter, header, row) in
        [('\t', "a\tb,c\td", "1\t2,2\t3"), (';', "a;b;c", "1;2,5;3"), (',', "a,b,c;d", "1,2,3"), (',', "a", "x;y")]
    {
        let reading = read(format!("{header}\n{row}\n")).unwrap();
        assert_eq!(reading.format, Format::Csv { encoding: Encoding::Utf8, delimiter }, "{header}");
        assert_eq!(reading.cells().unwrap()[0], row.split(delimiter).collect::<Vec<_>>());
    }
    assert_eq!(read("\"a;;;;\",b\n1,2\n").unwrap().header, ["a;;;;", "b"]);
}

#[test]
fn rows_are_numbered_as_excel_shows_them() {
    let reading = read("\n\"見出し\n二行\",b\r\n\r\n1,\"x\r\ny\"\n,\n \u{3000},\n\n2,z").unwrap();
    assert_eq!(reading.header, ["見出し\n二行", "b"]);
    assert_eq!(reading.cells().unwrap(), [["1", "x\r\ny"], ["2", "z"]]);
    assert_eq!(reading.numbers(), [4, 8]);
    assert_eq!(read("a\r1\r\r2\r").unwrap().numbers(), [2, 4]);
}

#[test]
fn headings_lose_marks_and_outer_white_space_only() {
    let bytes = "\u{FEFF}\u{FEFF} 番 号\u{3000}, b \n 1 ,2\n";
    let reading = read(bytes).unwrap();
    assert_eq!(reading.header, ["番 号", "b"]);
    assert_eq!(reading.cells().unwrap(), [[" 1 ", "2"]]);
}

#[test]
fn a_cell_too_few_or_too_many_is_named_and_the_rest_is_read() {
    let reading = read("a,b\n1\n1,2,3\n1,2,,\n1,2\n").unwrap();
    let ragged = |row, found| Err(Fault::Ragged { row, expected: 2, found });
    assert_eq!(reading.rows[..2], [ragged(2, 1), ragged(3, 3)]);
    assert_eq!(reading.numbers(), [4, 5]);
    assert_eq!(fault("a,b\n1,2,,,3\n"), Some(Fault::Ragged { row: 2, expected: 2, found: 5 }));
    // Empty cells written after the headings are no headings.
    assert_eq!(read("a,b,,\n1,2,,\n1,2\n").unwrap().header, ["a", "b"]);
}

#[test]
fn data_without_a_heading_is_named_by_its_column() {
    assert_eq!(fault("a,,c\n1,,3\n1,2,3\n"), Some(Fault::NoHeader { column: 2 }));
    assert_eq!(fault("a,b,\n1,2,3\n"), Some(Fault::NoHeader { column: 3 }));
    assert_eq!(read("a,,c\n1,,3\n").unwrap().header, ["a", "", "c"]);
    assert_eq!(fault("a,b, a \n1,2,3\n"), Some(Fault::DuplicateHeader { name: "a".to_owned() }));
}

#[test]
fn an_open_quote_is_named_by_the_row_it_stands_in() {
    let swallowed = format!("a,b\n1,2\n3,\"x\n{}", "4,5\n".repeat(100_000));
    assert_eq!(fault(swallowed), Some(Fault::UnclosedQuote { row: 3 }));
    assert_eq!(fault("a,b\n1,\"x\n2,\"y\",z\n"), Some(Fault::UnclosedQuote { row: 2 }));
    assert_eq!(fault("a,b\n\"\" \"x\",y\n"), Some(Fault::UnclosedQuote { row: 2 }));
    assert_eq!(fault("\"a,b\n1,2\n"), Some(Fault::UnclosedQuote { row: 1 }));
    // A quote inside an open cell is a character, as in Excel.
    assert_eq!(read("a,b\n5\" tall, \"x\"\n").unwrap().cells().unwrap(), [["5\" tall", " \"x\""]]);
    assert_eq!(read("a,b\n\"x\" ,\"\"\n").unwrap().cells().unwrap(), [["x", ""]]);
}

#[test]
fn broken_text_is_named_by_its_row() {
    let mut utf8 = "番号,意見\n1,\"駅前に\n広場\"\n2,緑".to_owned().into_bytes();
    utf8.extend_from_slice(b"\xE3\x81\n3,x\n");
    assert_eq!(fault(&utf8), Some(Fault::Encoding { row: 3 }));
    let mut cp932 = SHIFT_JIS.encode("番号,意見\n1,広場\n2,").0.into_owned();
    cp932.extend_from_slice(b"\xFC\xFC\n");
    assert_eq!(fault(&cp932), Some(Fault::Encoding { row: 3 }));
    let marked = [b"\xEF\xBB\xBF".as_slice(), &SHIFT_JIS.encode("番号\n意見\n").0].concat();
    assert_eq!(fault(&marked), Some(Fault::Encoding { row: 1 }));
    let mut odd = utf16("a,b\n1,2\n", u16::to_le_bytes);
    odd.push(b'x');
    assert_eq!(fault(&odd), Some(Fault::Encoding { row: 3 }));
    assert_eq!(fault(b"a,b\n\xFF\xFF\xFF\n"), Some(Fault::Encoding { row: 2 }));
}

#[test]
fn half_width_katakana_is_cp932() {
    let (bytes, _, _) = SHIFT_JIS.encode("ﾊﾞﾝｺﾞｳ,ｲｹﾝ\n1,ﾃﾞｱﾙ\n");
    assert_eq!(encoding(&bytes), Encoding::Cp932);
}

#[test]
fn nothing_to_read_is_empty() {
    for bytes in ["", "\u{FEFF}", "\n\r\n \n", ",,\n,\n", "番号,意見\n", "番号,意見\n,\n\n", "番号"] {
        assert_eq!(fault(bytes), Some(Fault::Empty), "{bytes:?}");
    }
}

#[test]
fn control_characters_are_named_by_row_and_column() {
    for c in ["\0", "\u{0B}", "\u{1A}", "\u{7F}", "\u{85}", "\u{FFFE}"] {
        assert_eq!(fault(format!("a,b\n1,x{c}y\n")), Some(Fault::ControlCharacters { row: 2, column: 2 }), "{c:?}");
        assert_eq!(fault(format!("a{c},b\n1,2\n")), Some(Fault::ControlCharacters { row: 1, column: 1 }), "{c:?}");
    }
    let reading = read("a,b\n\0,1\n\"x\ty\",2\n").unwrap();
    assert_eq!((reading.rows[0].is_err(), reading.numbers()), (true, vec![3]));
}

#[test]
fn limits_are_kept() {
    let limits = Limits { max_bytes: 60, max_rows: 2, max_columns: 2, max_cell_chars: 3, ..Limits::default() };
    let fault = |text: &str| fault_within(text.as_bytes(), limits);
    assert_eq!(fault(&"a,b\n".repeat(20)), Some(Fault::TooLarge { max_mib: 1 }));
    assert_eq!(fault("a,b\n1,2\n\n,\n3,4\n5,6\n"), Some(Fault::TooManyRows { max: 2 }));
    assert_eq!(fault("a,b\n1,2\n3,4\n\n"), None);
    assert_eq!(fault("a,b,c\n1,2,3\n"), Some(Fault::TooManyColumns { max: 2 }));
    assert_eq!(fault("a,b,,,\n1,2,,,\n"), None);
    assert_eq!(fault("a,b\n1,髙髙髙\n"), None);
    assert_eq!(fault("a,b\n1,髙髙髙髙\n"), Some(Fault::CellTooLong { row: 2, column: 2, max: 3 }));
    assert_eq!(fault("aaaa,b\n1,2\n"), Some(Fault::CellTooLong { row: 1, column: 1, max: 3 }));
    let rows = read_within(b"a,b\n1,2345\n1,2\n3,4\n", limits).unwrap().rows;
    assert_eq!(rows[0], Err(Fault::CellTooLong { row: 2, column: 2, max: 3 }));
    assert!(rows[1].is_ok());
    assert_eq!(rows[2..], [Err(Fault::TooManyRows { max: 2 })]);
}

#[test]
fn a_record_of_millions_of_cells_or_one_endless_cell_takes_no_memory() {
    let commas = format!("a,b\n{}x\n1,2\n", ",".repeat(5_000_000));
    let reading = read(commas).unwrap();
    assert_eq!(reading.rows[0], Err(Fault::Ragged { row: 2, expected: 2, found: 5_000_001 }));
    assert_eq!(reading.numbers(), [3]);
    let long = format!("a,b\n1,\"{}\"\n1,2\n", "長".repeat(2_000_000));
    let reading = read(long).unwrap();
    assert_eq!(reading.rows[0], Err(Fault::CellTooLong { row: 2, column: 2, max: 100_000 }));
    assert_eq!(reading.numbers(), [3]);
}

#[test]
fn many_rows_stream() {
    let text: String = std::iter::once("番号,意見\n".to_owned())
        .chain((0..50_000).map(|n| format!("{n},\"意見の本文\n{n}\"\n")))
        .collect();
    let reading = read(text).unwrap();
    assert_eq!(reading.rows.len(), 50_000);
    assert_eq!(reading.rows[49_999].as_ref().unwrap().cells, ["49999", "意見の本文\n49999"]);
    assert_eq!(reading.numbers().last(), Some(&50_001));
}
