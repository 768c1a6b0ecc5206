//! How tall a text is. Excel does not fit merged cells by itself and cuts off what is beyond a row's height, so the
//! heights are computed here, and rather too large than too small.

/// Points per line of 10 pt 游ゴシック.
const LINE_POINTS: f64 = 17.0;
/// Points around the lines of one row.
const PADDING_POINTS: f64 = 6.0;
/// Lines in the tallest row: 23 · 17 + 6 = 397 points; Excel's limit is 409.5.
const MAX_LINES: u32 = 23;
/// Column widths are counted in digits; letters in tenths of a digit.
const DIGIT: u32 = 10;
/// Digits kept free in each line for cell padding and for characters that may not begin a line (禁則).
const SLACK: u32 = 2;

/// Height in points of a row that holds `lines` lines, at most Excel's limit.
pub(super) fn points(lines: u32) -> f64 {
    f64::from(lines.clamp(1, MAX_LINES)) * LINE_POINTS + PADDING_POINTS
}

/// How many physical rows a text of `lines` lines needs.
pub(super) fn physical_rows(lines: u32) -> u32 {
    lines.max(1).div_ceil(MAX_LINES)
}

/// How many lines `text` takes in a column `width` digits wide. Words of letters and digits are kept whole when they fit.
pub(super) fn lines(text: &str, width: u32) -> u32 {
    let width = width.saturating_sub(SLACK).max(SLACK) * DIGIT;
    text.split('\n').map(|line| wrapped(line, width)).fold(0, u32::saturating_add)
}

fn wrapped(line: &str, width: u32) -> u32 {
    let mut pen = Pen { width, lines: 1, used: 0 };
    let mut word = 0_u32;
    for c in line.chars() {
        if c.is_ascii_graphic() {
            word = word.saturating_add(units(c));
        } else {
            pen.place(std::mem::take(&mut word));
            pen.place(units(c));
        }
    }
    pen.place(word);
    pen.lines
}

struct Pen {
    width: u32,
    lines: u32,
    used: u32,
}

impl Pen {
    fn place(&mut self, size: u32) {
        if self.used.saturating_add(size) <= self.width {
            self.used += size;
            return;
        }
        // A new line, and further ones for a word longer than a line.
        self.lines = self.lines.saturating_add(size.div_ceil(self.width));
        self.used = match size % self.width {
            0 => self.width,
            rest => rest,
        };
    }
}

/// Width in tenths of a digit, on the generous side.
fn units(c: char) -> u32 {
    match c {
        '\u{0300}'..='\u{036F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{3099}'
        | '\u{309A}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}' => 0,
        'M' | 'W' | 'm' | 'w' | '@' | '%' => 17,
        'A'..='Z' => 13,
        '\0'..='\u{7E}' | '\u{FF61}'..='\u{FF9F}' => DIGIT,
        _ => 2 * DIGIT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines() {
        assert_eq!(lines("", 22), 1);
        assert_eq!(lines("一行", 22), 1);
        assert_eq!(lines(&"字".repeat(10), 22), 1);
        assert_eq!(lines(&"字".repeat(11), 22), 2);
        assert_eq!(lines("一\n\n三", 22), 3);
        assert_eq!(lines(&"1".repeat(20), 22), 1);
        assert_eq!(lines(&"1".repeat(41), 22), 4); // begins on a fresh line, as Excel does
        assert_eq!(lines(&"か\u{3099}".repeat(10), 22), 1);
        assert_eq!(lines("字字字字字字字字 12345", 22), 2); // the word does not fit beside the text
        assert_eq!(lines("字字", 0), 2);
    }

    #[test]
    fn tall_text_is_spread_over_rows() {
        assert_eq!(physical_rows(0), 1);
        assert_eq!(physical_rows(23), 1);
        assert_eq!(physical_rows(24), 2);
        assert!(points(1) > 15.0);
        assert!(points(u32::MAX) < 409.5);
    }
}
