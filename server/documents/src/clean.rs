//! Makes user text safe to put into a document without changing what it says.
//!
//! Stored text is never altered; every writer passes text through [`text`] on its way out. Nothing is normalised: ①, ㈱,
//! 髙, 𠮷, variation selectors and emoji stay as they are.

use unicode_normalization::UnicodeNormalization as _;

/// Replaces a character that no reader can show: a private-use character (外字) of the sender's own machine.
pub const GETA: char = '〓';

/// Longest run in characters that is left without a place to break a line; see [`breakable`].
pub const LONGEST_RUN: usize = 40;

/// The text as documents carry it.
///
/// | input | output |
/// |---|---|
/// | CRLF, CR, VT, FF, NEL, U+2028, U+2029 | `\n` |
/// | tab | full-width space (PDF drops tabs) |
/// | other C0 and C1 controls, noncharacters, BOM | dropped (not allowed in XML) |
/// | bidi overrides and isolates U+202A–202E, U+2066–2069 | dropped (they show text in a false order) |
/// | private use (外字) | 〓 |
#[must_use]
pub fn text(input: &str) -> String {
    let mut output = String::with_capacity(input.len());
    let mut chars = input.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                output.push('\n');
            }
            '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => output.push('\n'),
            '\t' => output.push('\u{3000}'),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => {}
            c if c.is_control() || is_noncharacter(c) => {}
            c if is_private_use(c) => output.push(GETA),
            c => output.push(c),
        }
    }
    output
}

/// [`text`] on one line: lines are joined by 「／」, empty lines are left out.
///
/// For flat tables, where a record is one physical line (行政データにおける機械可読性に関するルール L1-14).
#[must_use]
pub fn one_line(input: &str) -> String {
    let text = text(input);
    let mut lines = text.split('\n').filter(|line| !line.trim().is_empty());
    let mut output = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        output.push('／');
        output.push_str(line);
    }
    output
}

/// [`one_line`] with 機種依存文字 written out, as data is published.
#[must_use]
pub fn data(input: &str) -> String {
    written_out(&one_line(input))
}

/// The text with 機種依存文字 written out: ① (1), ㈱ (株), Ⅳ 4, ㎡ m2, ㍻ 平成, № No.
///
/// For data (行政データにおける機械可読性に関するルール L1-08). Everything else stays, above all the letters of proper names: 髙 﨑 𠮷.
#[must_use]
pub fn written_out(input: &str) -> String {
    let mut output = String::with_capacity(input.len());
    let mut chars = input.chars().peekable();
    while let Some(c) = chars.next() {
        match written(c) {
            Some(words) => {
                output.push_str(&words);
                // Selects a picture or a plain sign, of which there is none any more.
                chars.next_if(|next| matches!(next, '\u{FE0E}' | '\u{FE0F}'));
            }
            None => output.push(c),
        }
    }
    output
}

/// What a 機種依存文字 says; `None` for every other character.
fn written(c: char) -> Option<String> {
    let from = |first: char, number: u32| u32::from(c) - u32::from(first) + number;
    let in_parentheses = |number: u32| Some(format!("({number})"));
    match c {
        '①'..='⑳' => in_parentheses(from('①', 1)),
        '⓪' => in_parentheses(0),
        '⓫'..='⓴' => in_parentheses(from('⓫', 11)),
        '⓵'..='⓾' => in_parentheses(from('⓵', 1)),
        '❶'..='❿' => in_parentheses(from('❶', 1)),
        '➀'..='➉' => in_parentheses(from('➀', 1)),
        '➊'..='➓' => in_parentheses(from('➊', 1)),
        '㉑'..='㉟' => in_parentheses(from('㉑', 21)),
        '㊱'..='㊿' => in_parentheses(from('㊱', 36)),
        'Ⅰ'..='Ⅻ' => Some(from('Ⅰ', 1).to_string()),
        'ⅰ'..='ⅻ' => Some(from('ⅰ', 1).to_string()),
        '№' => Some("No.".to_owned()),
        // Letters and signs in circles.
        'Ⓐ'..='ⓩ' | '㊀'..='㊰' | '㋐'..='㋾' => Some(format!("({})", decomposed(c))),
        // ⑴ ⒈ ⒜, ㈠ ㈱, ㋀ ㍻ ㋿ ㎡ ㌔ ㏍ ㏠, ℡.
        '⑴'..='⒵' | '㈀'..='㈞' | '㈠'..='㉇' | '㉐' | '㋀'..='㋋' | '㋌'..='㋏' | '㋿'..='㏿' | '℡' => {
            Some(decomposed(c))
        }
        // ⅓ and its like; ½ is in every character set.
        '⅐'..='⅟' | '↉' => Some(decomposed(c).replace('\u{2044}', "/")),
        _ => None,
    }
}

fn decomposed(c: char) -> String {
    c.nfkc().collect()
}

/// [`text`] with a zero-width space after every [`LONGEST_RUN`] characters that offer no place to break a line (a long
/// address, 「。。。」).
///
/// Only for page layouts that never break inside a word and would let such a run leave its cell. Not for spreadsheets
/// or data: the invisible character would be copied together with an address and break it.
#[must_use]
pub fn breakable(input: &str) -> String {
    let mut output = String::with_capacity(input.len());
    let mut run = 0;
    for c in text(input).chars() {
        if attaches(c) {
            output.push(c);
            continue;
        }
        run = if is_unbreakable(c) { run + 1 } else { 0 };
        if run > LONGEST_RUN {
            output.push('\u{200B}');
            run = 1;
        }
        output.push(c);
    }
    output
}

/// The 66 code points that Unicode reserves for no character.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Characters that belong to the one before them: combining marks, variation selectors, joiners.
fn attaches(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether no line may begin before `c`: alphabetic scripts within a word, and closing punctuation (行頭禁則).
fn is_unbreakable(c: char) -> bool {
    let alphabetic = u32::from(c) < 0x2E80 && !c.is_whitespace() && c != '\u{200B}';
    let closing = "、。，．・：；！？）］｝」』】〕〉》ー～〜ゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョヮヵヶ";
    alphabetic || closing.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_newlines() {
        assert_eq!(text("a\r\nb\rc\u{0B}d\u{0C}e\u{85}f\u{2028}g\u{2029}h\n\ni"), "a\nb\nc\nd\ne\nf\ng\nh\n\ni");
    }

    #[test]
    fn invisible_characters_are_dropped() {
        let nasty = "\u{FEFF}a\u{0}\u{8}\u{1B}\u{7F}\u{9F}\u{202E}b\u{2066}c\u{2069}\u{FFFE}\u{FDD0}\u{1FFFF}d";
        assert_eq!(text(nasty), "abcd");
    }

    #[test]
    fn tabs_and_private_use_are_replaced() {
        assert_eq!(text("a\tb\u{E000}c\u{F0000}\u{10FFFD}"), "a　b〓c〓〓");
    }

    #[test]
    fn real_characters_stay() {
        let kept = "①㈱髙﨑𠮷葛\u{E0100}か\u{3099}👨‍👩‍👧‍👦🇯🇵 <b>&amp;</b> ＝1+1 \u{200B}";
        assert_eq!(text(kept), kept);
    }

    #[test]
    fn lines_are_joined() {
        assert_eq!(one_line("\r\n一行目\r\n\r\n　\n二行目\n"), "一行目／二行目");
        assert_eq!(one_line("\n \n"), "");
    }

    #[test]
    fn machine_dependent_characters_are_written_out() {
        for (from, to) in [
            ("①⑳㉑㉟㊱㊿⓪❶⓫", "(1)(20)(21)(35)(36)(50)(0)(1)(11)"),
            ("⑴⒈⒜Ⓜ\u{FE0F}ⓐ", "(1)1.(a)(M)(a)"),
            ("Ⅰ Ⅳ Ⅻ ⅳ", "1 4 12 4"),
            ("㈱㈲㍿㊤㊙㈠㋐", "(株)(有)株式会社(上)(秘)(一)(ア)"),
            ("㎡㎞㏄㌔㌶㍘㏠㋀", "m2kmccキロヘクタール0点1日1月"),
            ("㍻㋿№℡⅓", "平成令和No.TEL1/3"),
        ] {
            assert_eq!(written_out(from), to);
        }
        let kept = "髙﨑𠮷濵邊 ℃ ½ ～ ― ｶﾅ １２ 〒 ※ ◎ 葛\u{E0100} 🇯🇵 ㌀".replace('㌀', "");
        assert_eq!(written_out(&kept), kept);
        assert_eq!(data("①一つ\n②二つ"), "(1)一つ／(2)二つ");
    }

    #[test]
    fn long_runs_can_break() {
        let run = "x".repeat(100);
        let parts: Vec<usize> = breakable(&run).split('\u{200B}').map(|part| part.chars().count()).collect();
        assert_eq!(parts, [40, 40, 20]);
        assert_eq!(breakable(&"。".repeat(41)).matches('\u{200B}').count(), 1);
        assert_eq!(breakable(&"字".repeat(100)), "字".repeat(100));
        let words = "word ".repeat(30);
        assert_eq!(breakable(&words), words);
        let marks = "e\u{301}".repeat(41);
        assert!(breakable(&marks).contains("\u{301}\u{200B}e"));
    }
}
