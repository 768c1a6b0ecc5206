//! Files made to do harm.

use std::io::{Cursor, Write as _};

use crate::support::{archive, changed, fault, fault_within, read, small, workbook};
use spreadsheet::{Fault, Limits};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const BOMB: Option<Fault> = Some(Fault::Bomb { max_mib: 400 });

/// A workbook with one entry more, of so many MiB of zeros.
fn with_zeros(mebibytes: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new_append(Cursor::new(small())).unwrap();
    writer.start_file("xl/media/image1.png", SimpleFileOptions::default()).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..mebibytes {
        writer.write_all(&block).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_by_what_comes_out() {
    let limits = Limits { max_unpacked: 8 << 20, ..Limits::default() };
    let bytes = with_zeros(9);
    assert!(bytes.len() < 100_000);
    assert_eq!(fault_within(&bytes, limits), Some(Fault::Bomb { max_mib: 8 }));
    assert_eq!(fault_within(&with_zeros(7), limits), None);
}

#[test]
fn a_bomb_that_lies_about_its_size_is_refused() {
    let limits = Limits { max_unpacked: 8 << 20, ..Limits::default() };
    let mut bytes = with_zeros(9);
    let size = (9_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    let fault = fault_within(&bytes, limits);
    assert!(matches!(fault, Some(Fault::Bomb { .. } | Fault::Damaged)), "{fault:?}");
}

#[test]
fn thousands_of_entries_are_refused() {
    let names: Vec<String> = (0..2_100).map(|n| format!("xl/media/{n}")).collect();
    let entries = [("[Content_Types].xml", b"".as_slice()), ("xl/workbook.xml", b"")];
    let many = archive(entries.into_iter().chain(names.iter().map(|name| (name.as_str(), b"".as_slice()))));
    assert_eq!(fault(many), BOMB);
}

#[test]
fn a_directory_that_promises_billions_of_entries_is_refused() {
    let mut bytes = small();
    let end = bytes.split_off(bytes.len() - 22);
    let position = bytes.len() as u64;
    let count = 4_000_000_000_u64.to_le_bytes();
    bytes.extend(0x0606_4B50_u32.to_le_bytes());
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([count, count, u64::MAX.to_le_bytes(), 0_u64.to_le_bytes()].concat());
    bytes.extend(0x0706_4B50_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(position.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(&end[..8]);
    bytes.extend([0xFF; 12]);
    bytes.extend([0, 0]);
    assert_eq!(fault(bytes), BOMB);
}

#[test]
fn counts_that_lie_are_refused() {
    for count in ["99999999999999", "3000001", " 00099999999"] {
        let bytes = changed(&small(), "xl/sharedStrings.xml", |xml| {
            xml.replace("uniqueCount=\"6\"", &format!("uniqueCount =\n '{count}'"))
        });
        assert_eq!(fault(bytes), BOMB, "{count}");
    }
    let honest =
        changed(&small(), "xl/sharedStrings.xml", |xml| xml.replace("uniqueCount=\"6\"", "uniqueCount=\"3000000\""));
    assert_eq!(fault(honest), None);
}

#[test]
fn a_text_copied_into_every_style_is_refused() {
    let style = "<xf numFmtId=\"200\"/>".repeat(2_000);
    let bytes = changed(&small(), "xl/styles.xml", |xml| {
        let format =
            format!("<numFmts><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts><fonts", "0".repeat(100_000));
        xml.replacen("<fonts", &format, 1).replace("</cellXfs>", &format!("{style}</cellXfs>"))
    });
    assert_eq!(fault(bytes), BOMB);
}

#[test]
fn endless_sheets_and_empty_strings_are_refused() {
    let sheet = "<sheet name=\"x\" sheetId=\"1\" r:id=\"rId1\"/>".repeat(2_100);
    let bytes = changed(&small(), "xl/workbook.xml", |xml| xml.replace("</sheets>", &format!("{sheet}</sheets>")));
    assert_eq!(fault(bytes), BOMB);
    let strings = "<x:si/>".repeat(3_000_001);
    let bytes = changed(&small(), "xl/sharedStrings.xml", |xml| xml.replace("</sst>", &format!("{strings}</sst>")));
    assert_eq!(fault(bytes), BOMB);
}

#[test]
fn one_long_text_in_every_cell_is_refused_in_time() {
    let limits = Limits { max_unpacked: 1 << 20, ..Limits::default() };
    let bytes = workbook(|sheet| {
        let text = "長".repeat(30_000);
        sheet.write_string(0, 0, "a").unwrap();
        for row in 1..200 {
            sheet.write_string(row, 0, &text).unwrap();
        }
    });
    assert_eq!(fault_within(&bytes, limits), Some(Fault::Bomb { max_mib: 1 }));
}

#[test]
fn an_entry_with_a_password_is_encrypted() {
    let mut bytes = small();
    // Bit 0 of the flags of the first entry, in its local and its central header.
    let central = bytes.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[central + 8] |= 1;
    assert_eq!(fault(bytes), Some(Fault::Encrypted));
}

#[test]
fn a_sheet_that_contradicts_itself_is_damaged() {
    let sheet = |change: &dyn Fn(String) -> String| fault(changed(&small(), "xl/worksheets/sheet1.xml", change));
    assert_eq!(sheet(&|xml| xml.replace("r=\"A2\"", "r=\"A9999999\"")), Some(Fault::Damaged));
    assert_eq!(sheet(&|xml| xml.replace("r=\"A2\"", "r=\"XFE2\"")), Some(Fault::Damaged));
    assert_eq!(sheet(&|xml| xml.replace("r=\"A3\"", "r=\"A1\"")), Some(Fault::Damaged));
    assert_eq!(sheet(&|xml| xml.replace("</sheetData>", "")), Some(Fault::Damaged));
    assert_eq!(sheet(&|xml| xml.replace("<v>5</v>", "<v>5000</v>")), Some(Fault::Damaged));
    assert_eq!(sheet(&|_| String::new()), Some(Fault::Damaged));
}

#[test]
fn entities_are_not_expanded() {
    let bytes = changed(&small(), "xl/sharedStrings.xml", |xml| {
        let xml = xml.replacen("<sst", "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sst", 1);
        xml.replace("緑を残す", "&b;")
    });
    assert_eq!(fault(bytes), Some(Fault::Damaged));
}

#[test]
fn a_hyperlink_or_other_extra_does_not_disturb() {
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "a").unwrap();
        sheet.write_url_with_text(1, 0, "https://example.jp/", "区の頁").unwrap();
    });
    assert_eq!(read(bytes).unwrap().cells().unwrap(), [["区の頁"]]);
}
