//! What a file is follows from its content.

use crate::support::{archive, fault, read, small};
use spreadsheet::{Fault, LooksLike};

fn looks_like(bytes: impl AsRef<[u8]>) -> Option<LooksLike> {
    match fault(bytes)? {
        Fault::NotATable { looks_like } => Some(looks_like),
        fault => panic!("{fault:?}"),
    }
}

#[test]
fn other_documents_are_told_apart() {
    let html16: Vec<u8> = "\u{FEFF}<HTML>x".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let bitmap = [b"BM".as_slice(), &20_u32.to_le_bytes(), &[0; 14]].concat();
    let files: [(&[u8], LooksLike); 17] = [
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", LooksLike::Pdf),
        (b"<!DOCTYPE html>\n<html>,</html>", LooksLike::Html),
        (b"\xEF\xBB\xBF \r\n<Table border=1><tr><td>a,b</td></tr></table>", LooksLike::Html),
        (b"<?xml version='1.0'?><!DOCTYPE html><html/>", LooksLike::Html),
        (&html16, LooksLike::Html),
        (b"<?xml version='1.0'?><Workbook/>", LooksLike::Other),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", LooksLike::Image),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", LooksLike::Image),
        (b"GIF89a\x01\0\x01\0", LooksLike::Image),
        (b"RIFF\x10\0\0\0WEBPVP8 ", LooksLike::Image),
        (b"\0\0\0\x18ftypheic\0\0\0\0", LooksLike::Image),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", LooksLike::Image),
        (&bitmap, LooksLike::Image),
        (b"{\\rtf1\\ansi", LooksLike::Word),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0", LooksLike::OldExcel),
        (b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0", LooksLike::Other),
        (b"a\0,\0b\0\n\x001\0,\x002\0\n\0\0\0\0\0", LooksLike::Other),
    ];
    for (bytes, expected) in files {
        assert_eq!(looks_like(bytes), Some(expected), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn text_that_only_mentions_them_is_a_table() {
    for text in ["<a>b,c\n1,2\n", "BMI,b\n1,2\n", "a,b\n%PDF-,<html>\n", "<番号>,b\n1,2\n", "RIFF,b\n1,2\n"] {
        let result = read(text);
        assert_eq!(result.is_ok(), !text.starts_with("<a>"), "{text}: {result:?}");
    }
}

fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0; 70_000];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // Across the border of two blocks.
    let at = 65_536 - 7;
    bytes[at..at + name.len()].copy_from_slice(&name);
    bytes
}

#[test]
fn old_office_files_and_passwords_are_told_apart() {
    assert_eq!(fault(compound("EncryptedPackage")), Some(Fault::Encrypted));
    assert_eq!(looks_like(compound("Workbook")), Some(LooksLike::OldExcel));
    assert_eq!(looks_like(compound("WordDocument")), Some(LooksLike::Word));
}

#[test]
fn archives_are_told_apart() {
    let types = ("[Content_Types].xml", b"<Types/>".as_slice());
    assert_eq!(looks_like(archive([types, ("word/document.xml", b"<w/>")])), Some(LooksLike::Word));
    assert_eq!(looks_like(archive([types, ("ppt/presentation.xml", b"<p/>")])), Some(LooksLike::Other));
    assert_eq!(
        looks_like(archive([("mimetype", b"ods".as_slice()), ("content.xml", b"<o/>")])),
        Some(LooksLike::Other)
    );
    assert_eq!(looks_like(archive([("意見.csv", b"a,b\n1,2\n".as_slice())])), Some(LooksLike::Zip));
    assert_eq!(looks_like(archive([])), Some(LooksLike::Zip));
    assert_eq!(fault(archive([types, ("xl/workbook.xml", b"<workbook/>")])), Some(Fault::Damaged));
}

#[test]
fn a_truncated_workbook_is_damaged() {
    let whole = small();
    for kept in [4, 100, whole.len() / 2, whole.len() - 10] {
        assert_eq!(fault(&whole[..kept]), Some(Fault::Damaged), "{kept}");
    }
}
