//! What a file is, by its first bytes.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use crate::fault::{Fault, LooksLike};

/// The kinds that are read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A ZIP archive, perhaps an XLSX file.
    Archive,
    /// Text in some encoding.
    Text,
}

/// Bytes looked at.
const HEAD: u64 = 4096;

/// Looks at the first bytes and leaves the file at its start.
pub(crate) fn of(file: &mut File, size: u64) -> Result<Kind, Fault> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).map_err(|_| Fault::Damaged)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        rewind(file)?;
        return Ok(Kind::Archive);
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(compound(file));
    }
    if let Some(looks_like) = other(&head, size) {
        return Err(Fault::NotATable { looks_like });
    }
    rewind(file)?;
    Ok(Kind::Text)
}

fn rewind(file: &mut File) -> Result<(), Fault> {
    file.seek(SeekFrom::Start(0)).map(drop).map_err(|_| Fault::Damaged)
}

/// An OLE compound file ([MS-CFB]): which one, by the names of its streams (UTF-16, little endian).
///
/// An Office document with a password is one with a stream `EncryptedPackage` ([MS-OFFCRYPTO] 2.3.4).
fn compound(file: &mut File) -> Fault {
    let Ok([encrypted, workbook, word]) = contains(file, ["EncryptedPackage", "Workbook", "WordDocument"]) else {
        return Fault::Damaged;
    };
    if encrypted {
        return Fault::Encrypted;
    }
    let looks_like = if word && !workbook { LooksLike::Word } else { LooksLike::OldExcel };
    Fault::NotATable { looks_like }
}

fn contains<const N: usize>(file: &mut File, names: [&str; N]) -> std::io::Result<[bool; N]> {
    let needles = names.map(|name| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let longest = needles.iter().map(Vec::len).max().unwrap_or_default();
    let mut found = [false; N];
    file.seek(SeekFrom::Start(0))?;
    let mut window = Vec::new();
    loop {
        if file.by_ref().take(1 << 16).read_to_end(&mut window)? == 0 {
            return Ok(found);
        }
        for (found, needle) in found.iter_mut().zip(&needles) {
            *found = *found || window.windows(needle.len()).any(|part| part == needle);
        }
        window.drain(..window.len().saturating_sub(longest.saturating_sub(1)));
    }
}

/// Things that are neither an archive nor text.
fn other(head: &[u8], size: u64) -> Option<LooksLike> {
    if starts_as_pdf(head) {
        return Some(LooksLike::Pdf);
    }
    if is_image(head, size) {
        return Some(LooksLike::Image);
    }
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let text = if utf16 {
        let (text, _, _) = encoding_rs::UTF_16LE.decode(head);
        text.into_owned()
    } else {
        String::from_utf8_lossy(head).into_owned()
    };
    if let Some(looks_like) = markup(&text) {
        return Some(looks_like);
    }
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1B)).count();
    (!utf16 && controls >= 8 && controls * 20 > head.len()).then_some(LooksLike::Other)
}

/// A PDF may begin with white space or a byte order mark, but not with a text that only mentions `%PDF-`.
fn starts_as_pdf(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"%PDF-")
}

fn is_image(head: &[u8], size: u64) -> bool {
    let at = |from: usize, magic: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(magic));
    let brands: [&[u8]; 6] = [b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"];
    let bitmap_size = || head.get(2..6).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    at(0, b"\x89PNG\r\n\x1A\n")
        || at(0, b"\xFF\xD8\xFF")
        || at(0, b"GIF87a")
        || at(0, b"GIF89a")
        || at(0, b"II*\0")
        || at(0, b"MM\0*")
        || (at(0, b"RIFF") && at(8, b"WEBP"))
        || (at(4, b"ftyp") && brands.iter().any(|brand| at(8, brand)))
        || (at(0, b"BM") && bitmap_size().is_some_and(|stated| u64::from(stated) == size))
}

/// Tags that begin a web page (WHATWG MIME Sniffing §7.1).
const HTML: [&str; 17] = [
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<meta",
];

fn markup(text: &str) -> Option<LooksLike> {
    let text = text.trim_start_matches(|c: char| c == '\u{FEFF}' || c.is_whitespace()).to_ascii_lowercase();
    let tag = |name: &str| {
        text.strip_prefix(name).is_some_and(|rest| {
            rest.starts_with(|c: char| matches!(c, '>' | '/') || c.is_ascii_whitespace()) || rest.is_empty()
        })
    };
    if HTML.iter().any(|name| tag(name)) || text.starts_with("<!--") {
        return Some(LooksLike::Html);
    }
    if tag("<svg") {
        return Some(LooksLike::Image);
    }
    if tag("<?xml") || tag("<!doctype") {
        let looks_like = if text.contains("<html") {
            LooksLike::Html
        } else if text.contains("<svg") {
            LooksLike::Image
        } else {
            LooksLike::Other
        };
        return Some(looks_like);
    }
    text.starts_with("{\\rtf").then_some(LooksLike::Word)
}
