//! Reading a PDF back with poppler's programs.

use std::{
    collections::HashMap,
    io::Write as _,
    process::{Command, Stdio},
};

use documents::{ResponseTable, clean};
use pdf::Fonts;
use unicode_normalization::UnicodeNormalization as _;

use super::fixture::TestResult;

/// Runs a program of poppler's on a PDF; gives what it says.
fn ask(pdf: &[u8], program: &str, options: &[&str], more: &[&str]) -> TestResult<String> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(pdf)?;
    let output = Command::new(program).args(options).arg(file.path()).args(more).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program} (Debian's package poppler-utils): {error}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Its metadata (XMP).
pub(crate) fn metadata(pdf: &[u8]) -> TestResult<String> {
    ask(pdf, "pdfinfo", &["-meta"], &[])
}

/// Its tags.
pub(crate) fn structure(pdf: &[u8]) -> TestResult<String> {
    ask(pdf, "pdfinfo", &["-struct"], &[])
}

/// Format of its pages and how many there are.
pub(crate) fn pages(pdf: &[u8]) -> TestResult<(String, usize)> {
    let said = ask(pdf, "pdfinfo", &[], &[])?;
    let lines: HashMap<&str, &str> = said.lines().filter_map(|line| line.split_once(':')).collect();
    let of = |key| lines.get(key).map(|value| value.trim().to_owned()).ok_or(key);
    Ok((of("Page size")?, of("Pages")?.parse()?))
}

/// Its text, line by line, in the order in which it was written.
pub(crate) fn raw(pdf: &[u8]) -> TestResult<String> {
    ask(pdf, "pdftotext", &["-raw"], &["-"])
}

/// Its text without blanks, page by page, without what stands on every page: the heads of the columns and the foot.
pub(crate) fn text(pdf: &[u8], table: &ResponseTable) -> TestResult<String> {
    let fonts = Fonts::find(None)?;
    let (_, pages) = pages(pdf)?;
    let printed = table.printed();
    let head: String = printed.columns.iter().map(|(_, heading)| expected(heading, &fonts)).collect();
    let title = expected(&clean::one_line(&printed.title), &fonts);
    let text = raw(pdf)?;
    let page = |(number, text): (usize, &str)| {
        let text = squeeze(text);
        let text = text.strip_suffix(&format!("{title}{number}/{pages}")).map(ToOwned::to_owned).unwrap_or(text);
        if number > 1 { text.strip_prefix(&head).map(ToOwned::to_owned).unwrap_or(text) } else { text }
    };
    Ok((1..).zip(text.split('\u{C}')).map(page).collect())
}

/// `text` as [`text`] gives it back.
pub(crate) fn expected(text: &str, fonts: &Fonts) -> String {
    let missing = fonts.missing(text);
    let shown: String = clean::text(text).chars().map(|c| if missing.contains(&c) { clean::GETA } else { c }).collect();
    squeeze(&shown)
}

/// Without blanks and invisible characters, one 〓 for several, composed (NFC).
fn squeeze(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfc().filter(|c| !c.is_whitespace() && !is_invisible(*c)) {
        if c != clean::GETA || !out.ends_with(clean::GETA) {
            out.push(c);
        }
    }
    out
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}
