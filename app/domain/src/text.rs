//! Text as people type it: kept exactly, counted as people count, refused only when it can't be stored.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use crate::Problem;

/// The number of characters as a person counts them (UAX #29 grapheme clusters): 👨‍👩‍👧 is one.
#[must_use]
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Line ends as `\n`: forms send `\r\n` (HTML §4.10.22), which would be counted twice.
#[must_use]
pub fn normalise_newlines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Whether a character can't be stored or shown: C0 and C1 controls but tab and newline, and noncharacters.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    let code = u32::from(c);
    (c.is_control() && c != '\n' && c != '\t') || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

/// Checks a text of several lines: at most `max` graphemes, outer blank lines and spaces removed.
///
/// # Errors
/// [`Problem::Required`], [`Problem::TooLong`] or [`Problem::ControlCharacters`].
pub fn required(text: &str, max: usize) -> Result<String, Problem> {
    match optional(text, max)? {
        Some(text) => Ok(text),
        None => Err(Problem::Required),
    }
}

/// As [`required`], but nothing entered is `None`.
///
/// # Errors
/// [`Problem::TooLong`] or [`Problem::ControlCharacters`].
pub fn optional(text: &str, max: usize) -> Result<Option<String>, Problem> {
    let text = normalise_newlines(text);
    if text.chars().any(is_forbidden) {
        return Err(Problem::ControlCharacters);
    }
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.chars().all(is_invisible) {
        return Ok(None);
    }
    let actual = graphemes(trimmed);
    // A grapheme may hold any number of combining marks: bytes are limited too.
    if actual > max || trimmed.len() > max.saturating_mul(32) {
        return Err(Problem::TooLong { max, actual });
    }
    Ok(Some(trimmed.to_owned()))
}

/// As [`required`], for a single line: newlines and tabs become spaces.
///
/// # Errors
/// As [`required`].
pub fn required_line(text: &str, max: usize) -> Result<String, Problem> {
    required(&single_line(text), max)
}

/// As [`optional`], for a single line.
///
/// # Errors
/// As [`optional`].
pub fn optional_line(text: &str, max: usize) -> Result<Option<String>, Problem> {
    optional(&single_line(text), max)
}

fn single_line(text: &str) -> String {
    text.replace(['\r', '\n', '\t'], " ")
}

/// Characters that print nothing: a text of only these is empty to its reader.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{2800}')
}

/// The first `max` characters (code points) or a few less, so that no grapheme is torn, with … when something was cut.
/// Looks at the place of the cut only: lists show a hundred of these.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else { return text.to_owned() };
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    let end = match cursor.is_boundary(text, 0) {
        Ok(true) => end,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or_default(),
    };
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// The form under which texts are compared: NFKC, lower case, without outer space.
#[must_use]
pub fn fold(text: &str) -> String {
    text.trim().nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_people_do() {
        assert_eq!(graphemes("👨‍👩‍👧が\u{304B}\u{3099}𠮷"), 4);
    }

    #[test]
    fn keeps_what_can_be_stored_and_refuses_the_rest() {
        assert_eq!(required(" </textarea><script>\u{202E}𠮷 ", 100).as_deref(), Ok("</textarea><script>\u{202E}𠮷"));
        assert_eq!(required("a\r\nb\rc", 10).as_deref(), Ok("a\nb\nc"));
        assert_eq!(required("a\0b", 10), Err(Problem::ControlCharacters));
        assert_eq!(required(" \u{3000}\u{200B}\n", 10), Err(Problem::Required));
        assert_eq!(required(&"あ".repeat(5001), 5000), Err(Problem::TooLong { max: 5000, actual: 5001 }));
        assert_eq!(required(&"あ".repeat(5000), 5000).map(|t| graphemes(&t)), Ok(5000));
    }

    #[test]
    fn excerpts_tear_nothing_apart() {
        assert_eq!(excerpt("短い文", 3), "短い文");
        assert_eq!(excerpt("長い文です", 3), "長い文…");
        assert_eq!(excerpt("あ👨‍👩‍👧い", 3), "あ…");
        assert_eq!(excerpt("か\u{3099}き\u{3099}く", 3), "か\u{3099}…");
    }

    #[test]
    fn one_grapheme_of_endless_marks_is_too_long() {
        let zalgo = format!("a{}", "\u{301}".repeat(100_000));
        assert!(matches!(required(&zalgo, 5000), Err(Problem::TooLong { .. })));
    }
}
