//! The words in an uploaded file: of a text file whatever its encoding, of Word and Excel files (ECMA-376) what is written
//! in them, as a suggestion for the text that is read aloud. Nothing an archive says of its sizes is believed.

use std::io::{Cursor, Read as _};

use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};
use zip::ZipArchive;

use crate::files::FileKind;

/// Most that is unpacked of one file, in bytes.
const UNPACKED_MAX: u64 = 32 * 1024 * 1024;
/// Most sheets that are read.
const SHEETS_MAX: usize = 50;

/// A text file as text: UTF-8 or UTF-16 with a mark, or what Windows in Japan writes (WHATWG `shift_jis`). `None` when it
/// is none of them.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<String> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    let tries = match marked {
        Some((encoding, _)) => [encoding; 2],
        None => [encoding_rs::UTF_8, encoding_rs::SHIFT_JIS],
    };
    tries.into_iter().find_map(|encoding| {
        let (text, wrong) = encoding.decode_with_bom_removal(bytes);
        (!wrong).then(|| text.into_owned())
    })
}

/// The words of a Word or Excel file, at most `max` characters; `None` when there are none, too many, or it can't be read.
#[must_use]
pub fn words(bytes: &[u8], kind: FileKind, max: usize) -> Option<String> {
    let mut parts = Parts { archive: ZipArchive::new(Cursor::new(bytes)).ok()?, left: UNPACKED_MAX };
    let text = match kind {
        FileKind::Word => paragraphs(&parts.read("word/document.xml")?, max)?,
        FileKind::Excel => sheets(&mut parts, max)?,
        FileKind::Pdf | FileKind::Picture => return None,
    };
    let text: String = text.chars().filter(|c| !domain::text::is_forbidden(*c)).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The parts of an archive, unpacked as long as there is room.
struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl Parts<'_> {
    fn read(&mut self, name: &str) -> Option<String> {
        let part = self.archive.by_name(name).ok()?;
        let mut bytes = Vec::new();
        let read = part.take(self.left + 1).read_to_end(&mut bytes).ok()? as u64;
        self.left = self.left.checked_sub(read)?;
        String::from_utf8(bytes).ok()
    }

    fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }
}

/// Text with a limit.
struct Out {
    text: String,
    left: usize,
}

impl Out {
    fn push(&mut self, words: &str) -> Option<()> {
        self.left = self.left.checked_sub(words.chars().count())?;
        self.text.push_str(words);
        Some(())
    }

    fn end_line(&mut self) -> Option<()> {
        if self.text.is_empty() || self.text.ends_with("\n\n") { Some(()) } else { self.push("\n") }
    }
}

fn reference(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => resolve_xml_entity(reference).unwrap_or_default().to_owned(),
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    Some(tag.try_get_attribute(name).ok()??.value.into_owned())
}

/// `w:p` is a paragraph, `w:t` its words (ECMA-376 Part 1, 17.3). Deleted words are `w:delText`. What stands in
/// `mc:Fallback` stands in `mc:Choice` as well.
fn paragraphs(xml: &str, max: usize) -> Option<String> {
    let mut out = Out { text: String::new(), left: max };
    let mut reader = Reader::from_str(xml);
    let (mut in_words, mut hidden) = (false, 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => in_words = true,
                "Fallback" => hidden += 1,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_words = false,
                "Fallback" => hidden = hidden.saturating_sub(1),
                "p" if hidden == 0 => out.end_line()?,
                _ => {}
            },
            Event::Empty(tag) if hidden == 0 => match tag.local_name().as_ref() {
                "tab" => out.push("\t")?,
                "br" | "cr" => out.push("\n")?,
                "p" => out.end_line()?,
                _ => {}
            },
            Event::Text(words) if in_words && hidden == 0 => out.push(&words.xml10_content())?,
            Event::CData(words) if in_words && hidden == 0 => out.push(&words.xml10_content())?,
            Event::GeneralRef(name) if in_words && hidden == 0 => out.push(&reference(&name))?,
            Event::Eof => return Some(out.text),
            _ => {}
        }
    }
}

/// The sheets, a line for each row. Numbers are as they are stored: a suggestion that somebody reads through.
fn sheets(parts: &mut Parts<'_>, max: usize) -> Option<String> {
    let shared =
        if parts.has("xl/sharedStrings.xml") { strings(&parts.read("xl/sharedStrings.xml")?)? } else { vec![] };
    let mut out = Out { text: String::new(), left: max };
    for number in 1..=SHEETS_MAX {
        let name = format!("xl/worksheets/sheet{number}.xml");
        if !parts.has(&name) {
            break;
        }
        rows(&parts.read(&name)?, &shared, &mut out)?;
        out.end_line()?;
    }
    Some(out.text)
}

/// The shared strings (ECMA-376 Part 1, 18.4), without their readings (`rPh`).
fn strings(xml: &str) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut reader = Reader::from_str(xml);
    let mut one = String::new();
    let (mut in_words, mut in_reading) = (false, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => in_words = !in_reading,
                "rPh" => in_reading = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_words = false,
                "rPh" => in_reading = false,
                "si" => all.push(std::mem::take(&mut one)),
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => all.push(String::new()),
            Event::Text(words) if in_words => one.push_str(&words.xml10_content()),
            Event::GeneralRef(name) if in_words => one.push_str(&reference(&name)),
            Event::Eof => return Some(all),
            _ => {}
        }
    }
}

/// The rows of a sheet: cells that hold something, set apart by tabs.
fn rows(xml: &str, shared: &[String], out: &mut Out) -> Option<()> {
    let mut reader = Reader::from_str(xml);
    let (mut cell, mut kind) = (String::new(), String::new());
    let (mut in_value, mut in_row) = (false, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => kind = attribute(&tag, "t").unwrap_or_default(),
                "v" | "t" => in_value = true,
                "row" => in_row = false,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => in_value = false,
                "c" => {
                    let value = std::mem::take(&mut cell);
                    let words = if kind == "s" {
                        shared.get(value.trim().parse::<usize>().ok()?)?.trim()
                    } else {
                        value.trim()
                    };
                    if !words.is_empty() {
                        if in_row {
                            out.push("\t")?;
                        }
                        out.push(words)?;
                        in_row = true;
                    }
                }
                "row" if in_row => out.end_line()?,
                _ => {}
            },
            Event::Text(words) if in_value => cell.push_str(&words.xml10_content()),
            Event::GeneralRef(name) if in_value => cell.push_str(&reference(&name)),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn text_files_are_read_as_japan_writes_them() {
        let text = "第１章　目標";
        assert_eq!(decode(text.as_bytes()).as_deref(), Some(text));
        assert_eq!(decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).as_deref(), Some(text));
        assert_eq!(decode(&encoding_rs::SHIFT_JIS.encode(text).0).as_deref(), Some(text));
        assert_eq!(decode(b"\xFF\xFE\x2C\x7B").as_deref(), Some("第"));
        assert_eq!(decode(b"\x89PNG\r\n\x1A\n\x00\xFD\xFF"), None);
    }

    #[test]
    fn the_words_of_a_word_file_are_its_paragraphs() {
        let xml = r#"<w:document xmlns:w="w" xmlns:mc="mc"><w:body>
            <w:p><w:r><w:t>第1章 目標</w:t></w:r></w:p>
            <w:p><w:r><w:t xml:space="preserve">A &amp; B&#x3001; </w:t><w:tab/><w:t>C</w:t><w:br/><w:t>D</w:t></w:r><w:del><w:delText>消した</w:delText></w:del></w:p>
            <w:p><mc:AlternateContent><mc:Choice><w:t>図</w:t></mc:Choice><mc:Fallback><w:t>図</w:t></mc:Fallback></mc:AlternateContent></w:p>
            <w:sectPr><w:instrText>PAGE</w:instrText></w:sectPr></w:body></w:document>"#;
        let file = archive(&[("word/document.xml", xml)]);
        assert_eq!(words(&file, FileKind::Word, 100).as_deref(), Some("第1章 目標\nA & B、 \tC\nD\n図"));
        assert_eq!(words(&file, FileKind::Word, 10), None, "longer than allowed");
        assert_eq!(words(&file, FileKind::Excel, 100), None);
        assert_eq!(words(b"PK\x03\x04", FileKind::Word, 100), None);
        assert_eq!(words(&archive(&[("word/document.xml", "<a><b></a>")]), FileKind::Word, 100), None);
    }

    #[test]
    fn the_words_of_a_workbook_are_its_rows() {
        let strings =
            r"<sst><si><t>年度</t><rPh><t>ネンド</t></rPh></si><si><r><t>件</t></r><r><t>数</t></r></si></sst>";
        let sheet = r#"<worksheet><sheetData><row><c t="s"><v>0</v></c><c/><c t="s"><v>1</v></c></row><row><c t="inlineStr"><is><t>令和8年度</t></is></c><c><v>10</v></c></row></sheetData></worksheet>"#;
        let file = archive(&[("xl/sharedStrings.xml", strings), ("xl/worksheets/sheet1.xml", sheet)]);
        assert_eq!(words(&file, FileKind::Excel, 100).as_deref(), Some("年度\t件数\n令和8年度\t10"));
    }

    #[test]
    fn a_zip_bomb_is_left_packed() {
        let bomb = " ".repeat(usize::try_from(UNPACKED_MAX).unwrap() + 1);
        let file = archive(&[("word/document.xml", &bomb)]);
        assert!(file.len() < 100_000);
        assert_eq!(words(&file, FileKind::Word, 100), None);
    }
}
