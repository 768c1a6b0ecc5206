//! A suggestion how one letter falls into several opinions. A person always decides; the suggestion saves typing.

mod marked;

pub use marked::{MARKS, marked, parts, separator};

/// Marks at the beginning of a line that list things without numbers.
const BULLETS: &str = "・･•●○◯◎■□◆◇▲△▼▽★☆▶►‣";
/// The same, when a space follows.
const SPACED_BULLETS: &str = "-*+–—－‐−＊";
const KANJI_DIGITS: &str = "一二三四五六七八九";

/// Cuts a text into the opinions it seems to hold, each without outer space, in order. In this order of preference:
///
/// - lines that begin with numbers from 1 (①, (1), １．, 1）, 1、, 一、, Ⅰ) or with the same bullet (・, ●);
/// - numbers within the text (①…。②…) that run in order from 1 and each begin a clause;
/// - paragraphs with blank lines between them;
/// - the text as it is; nothing for an empty one.
///
/// What comes before the first number stays with the first opinion. Nothing but white space is ever lost.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    let cuts = series(text).unwrap_or_else(|| paragraphs(text));
    let mut parts = Vec::new();
    let mut start = 0;
    for end in cuts.into_iter().chain([text.len()]) {
        let part = text.get(start..end).unwrap_or_default().trim();
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
        start = end;
    }
    parts
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// ①
    Circled,
    /// ❶
    Filled,
    /// Ⅰ
    Roman,
    /// (1), ⑴
    Bracketed,
    /// 1. and １．
    Dotted,
    /// 1）
    HalfBracketed,
    /// 1、 1，
    Comma,
    /// 1 and a space.
    Spaced,
    /// 一、
    Kanji,
    /// ・ and its like.
    Bullet(char),
}

/// A number or bullet: its bytes, and its number (bullets have none).
#[derive(Clone, Copy, Debug)]
struct Marker {
    kind: Kind,
    number: u32,
    start: usize,
    end: usize,
}

/// Where to cut, if the text is a series.
fn series(text: &str) -> Option<Vec<usize>> {
    let at_lines = line_series(text);
    let inline = inline_series(text);
    let markers = match (at_lines, inline) {
        // "①…\n②…③…" has its last number within the line.
        (Some(lines), Some(inline)) => {
            let same = lines.first().map(|m| m.kind) == inline.first().map(|m| m.kind);
            if same && inline.len() > lines.len() { inline } else { lines }
        }
        (lines, inline) => lines.or(inline)?,
    };
    Some(cuts(text, &markers))
}

/// The beginnings of all markers but the first; one that has nothing to say stays with the next.
fn cuts(text: &str, markers: &[Marker]) -> Vec<usize> {
    markers
        .iter()
        .zip(markers.iter().skip(1))
        .filter(|(marker, next)| letters(text.get(marker.end..next.start).unwrap_or_default()) > 0)
        .map(|(_, next)| next.start)
        .collect()
}

/// The earliest kind of marker that begins two lines or more.
fn line_series(text: &str) -> Option<Vec<Marker>> {
    let mut lists: Vec<Vec<Marker>> = Vec::new();
    for marker in lines(text).filter_map(|(start, line)| {
        let indent = line.len() - line.trim_start().len();
        marker(line.trim_start(), start + indent, true)
    }) {
        match lists.iter_mut().find(|list| list.first().is_some_and(|first| first.kind == marker.kind)) {
            Some(list) => {
                let before = list.last().map_or(0, |m| m.number);
                // A list may begin anew under the next heading.
                if matches!(marker.kind, Kind::Bullet(_)) || marker.number == before + 1 || marker.number == 1 {
                    list.push(marker);
                }
            }
            None if matches!(marker.kind, Kind::Bullet(_)) || marker.number == 1 => lists.push(vec![marker]),
            None => {}
        }
    }
    lists.into_iter().find(|list| list.len() >= 2)
}

/// The earliest kind of number that runs through the text in order.
fn inline_series(text: &str) -> Option<Vec<Marker>> {
    let kinds = [Kind::Circled, Kind::Filled, Kind::Bracketed, Kind::Dotted, Kind::HalfBracketed, Kind::Kanji];
    let runs = kinds.into_iter().filter_map(|kind| run(text, kind));
    runs.min_by_key(|run| run.first().map(|first| first.start))
}

/// The markers of one kind, if they run from 1 in order, each once, each at the beginning of a clause and with
/// something to say that isn't about the marker itself (①と②の案).
fn run(text: &str, kind: Kind) -> Option<Vec<Marker>> {
    let unmistakable = matches!(kind, Kind::Circled | Kind::Filled | Kind::Bracketed);
    let mut run: Vec<Marker> = Vec::new();
    let mut done = 0;
    for (at, _) in text.char_indices() {
        if at < done {
            continue;
        }
        let Some(marker) = marker(text.get(at..)?, at, false).filter(|m| m.kind == kind) else { continue };
        let begins = begins_clause(text.get(..at)?, unmistakable);
        if !begins && !unmistakable {
            continue;
        }
        // (1) after 第3条 is no list; a first number may follow anything else.
        if marker.number as usize != run.len() + 1 || !(begins || run.is_empty()) {
            return None;
        }
        done = marker.end;
        run.push(marker);
    }
    let ends = run.iter().skip(1).map(|m| m.start).chain([text.len()]);
    let speaks =
        run.iter().zip(ends).all(|(marker, end)| says_something(text.get(marker.end..end).unwrap_or_default()));
    (run.len() >= 2 && speaks).then_some(run)
}

fn begins_clause(before: &str, after_commas: bool) -> bool {
    let Some(last) = before.chars().next_back() else { return true };
    last.is_whitespace()
        || "。．！？!?」』）)】〕］…".contains(last)
        || (after_commas && "、，,；;：:／/|｜.".contains(last))
}

fn says_something(content: &str) -> bool {
    let about_the_marker = [
        "の",
        "と",
        "や",
        "から",
        "、",
        "，",
        ",",
        "・",
        "～",
        "〜",
        "~",
        "-",
        "及",
        "又",
        "または",
        "および",
        "／",
        "/",
    ];
    letters(content) >= 2 && !about_the_marker.iter().any(|word| content.starts_with(word))
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// The marker at the beginning of `rest`, which stands at byte `start`.
fn marker(rest: &str, start: usize, line_start: bool) -> Option<Marker> {
    let first = rest.chars().next()?;
    let after = rest.get(first.len_utf8()..).unwrap_or_default();
    let made = |kind, number, length| Marker { kind, number, start, end: start + length };
    if let Some((kind, number)) = single(first).filter(|(kind, _)| line_start || *kind != Kind::Roman) {
        return Some(made(kind, number, first.len_utf8()));
    }
    if matches!(first, '(' | '（') {
        let (number, rest_after) = digits(after)?;
        let close = rest_after.chars().next().filter(|c| matches!(c, ')' | '）'))?;
        return Some(made(Kind::Bracketed, number, rest.len() - rest_after.len() + close.len_utf8()));
    }
    if line_start {
        let spaced = after.chars().next().is_some_and(char::is_whitespace);
        if BULLETS.contains(first) || (SPACED_BULLETS.contains(first) && spaced) {
            let alike = if matches!(first, '･' | '•') { '・' } else { first };
            return Some(made(Kind::Bullet(alike), 0, first.len_utf8()));
        }
    }
    let (number, after, kanji) = match kanji(rest) {
        Some((number, after)) => (number, after, true),
        None => digits(rest).map(|(number, after)| (number, after, false))?,
    };
    let sign = after.chars().next()?;
    let next = after.get(sign.len_utf8()..).and_then(|t| t.chars().next());
    let kind = match sign {
        '、' | '．' | '）' | ')' if kanji => Kind::Kanji,
        _ if kanji => return None,
        '.' | '．' => Kind::Dotted,
        ')' | '）' => Kind::HalfBracketed,
        '、' | '，' | ',' | ':' | '：' if line_start => Kind::Comma,
        ' ' | '\u{3000}' | '\t' if line_start => Kind::Spaced,
        _ => return None,
    };
    // 1.5 and 1,000 are numbers.
    if matches!(kind, Kind::Dotted | Kind::Comma) && next.is_some_and(|c| digit(c).is_some()) {
        return None;
    }
    Some(made(kind, number, rest.len() - after.len() + sign.len_utf8()))
}

/// Numbers that are one character.
fn single(c: char) -> Option<(Kind, u32)> {
    let code = u32::from(c);
    let (kind, number) = match code {
        0x2460..=0x2473 => (Kind::Circled, code - 0x2460 + 1),
        0x3251..=0x325F => (Kind::Circled, code - 0x3251 + 21),
        0x32B1..=0x32BF => (Kind::Circled, code - 0x32B1 + 36),
        0x2776..=0x277F => (Kind::Filled, code - 0x2776 + 1),
        0x24EB..=0x24F4 => (Kind::Filled, code - 0x24EB + 11),
        0x2160..=0x216B => (Kind::Roman, code - 0x2160 + 1),
        0x2474..=0x2487 => (Kind::Bracketed, code - 0x2474 + 1),
        0x2488..=0x249B => (Kind::Dotted, code - 0x2488 + 1),
        _ => return None,
    };
    Some((kind, number))
}

/// One or two digits and what follows them.
fn digits(text: &str) -> Option<(u32, &str)> {
    let end = end_of_run(text, 3, |c| digit(c).is_some());
    let (number, after) = text.split_at_checked(end)?;
    let number = match *number.chars().filter_map(digit).collect::<Vec<_>>() {
        [one] => one,
        [ten, one] => ten * 10 + one,
        _ => return None,
    };
    Some((number, after))
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

/// The byte where the run of wanted characters at the beginning ends, of which at most `most` are looked at.
fn end_of_run(text: &str, most: usize, wanted: impl Fn(char) -> bool) -> usize {
    text.chars().take(most).take_while(|c| wanted(*c)).map(char::len_utf8).sum()
}

/// 一 to 九十九 and what follows.
fn kanji(text: &str) -> Option<(u32, &str)> {
    let end = end_of_run(text, 4, |c| c == '十' || KANJI_DIGITS.contains(c));
    let (number, after) = text.split_at_checked(end)?;
    let value = |c| KANJI_DIGITS.chars().zip(1..).find(|(kanji, _)| *kanji == c).map(|(_, value)| value);
    let number = match *number.chars().collect::<Vec<_>>() {
        ['十'] => 10,
        ['十', one] => 10 + value(one)?,
        [ten, '十'] => value(ten)? * 10,
        [ten, '十', one] => value(ten)? * 10 + value(one)?,
        [one] => value(one)?,
        _ => return None,
    };
    Some((number, after))
}

/// The beginnings of paragraphs after blank lines. A heading (【…】, …：) stays with its paragraph.
fn paragraphs(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let (mut blank, mut last) = (false, "");
    for (start, line) in lines(text) {
        let line = line.trim();
        if line.is_empty() {
            blank = true;
            continue;
        }
        if blank && !last.is_empty() && !is_heading(last) {
            cuts.push(start);
        }
        (blank, last) = (false, line);
    }
    cuts
}

fn is_heading(line: &str) -> bool {
    line.ends_with(['：', ':']) || (line.starts_with('【') && line.ends_with('】'))
}

/// The lines and where each begins, in bytes.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len();
        Some((start, line))
    })
}

#[cfg(test)]
mod tests;
