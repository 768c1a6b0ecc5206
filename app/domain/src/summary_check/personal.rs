use super::numbers::{is_chain_digit, joins};
use super::scan::{Scan, Span, is_end, is_hyphen};
use super::{Kind, personal_names};
use crate::similarity::{Script, script};

/// What stands before 1-2-3 that is no place.
const NO_PLACES: &str = "図表章節項第料策針版案頁目式例注別和成年月日時分計画書号編";
/// What a place ends in that makes an address of two numbers (本町1-2).
const TOWNS: &str = "町村区市郡字台丘";
/// What a line names before the value.
const LABELS: [(&str, Kind); 16] = [
    ("氏名", Kind::Name),
    ("お名前", Kind::Name),
    ("名前", Kind::Name),
    ("フリガナ", Kind::Name),
    ("ふりがな", Kind::Name),
    ("住所", Kind::Address),
    ("所在地", Kind::Address),
    ("電話番号", Kind::Phone),
    ("電話", Kind::Phone),
    ("携帯", Kind::Phone),
    ("TEL", Kind::Phone),
    ("Tel", Kind::Phone),
    ("メールアドレス", Kind::Email),
    ("メール", Kind::Email),
    ("郵便番号", Kind::PostalCode),
    ("生年月日", Kind::Profile),
];
/// The value of a label is looked at up to so many characters.
const LONGEST_VALUE: usize = 30;

/// What in a text may tell who a person is, in order of its beginning.
pub(super) fn find(scan: &Scan) -> Vec<(Kind, Span)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < scan.len() {
        let next = phone(scan, i)
            .map(|end| (Kind::Phone, Span { start: i, end }))
            .or_else(|| postal_code(scan, i).map(|end| (Kind::PostalCode, Span { start: i, end })))
            .or_else(|| address(scan, i).map(|span| (Kind::Address, span)))
            .or_else(|| email(scan, i).map(|span| (Kind::Email, span)))
            .or_else(|| profile(scan, i).map(|end| (Kind::Profile, Span { start: i, end })))
            .or_else(|| labelled(scan, i));
        i = next.map_or(i + 1, |(_, span)| span.end.max(i + 1));
        found.extend(next);
    }
    found.extend(personal_names::find(scan).into_iter().map(|span| (Kind::Name, span)));
    found.sort_by_key(|(kind, span)| (span.start, std::cmp::Reverse(span.end), *kind));
    found.dedup();
    found
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Neither digit nor hyphen stands before `i`: a number begins here.
fn begins_number(scan: &Scan, i: usize) -> bool {
    !scan.before(i).is_some_and(|c| is_digit(c) || joins(c) && scan.get(i.saturating_sub(2)).is_some_and(is_digit))
}

/// The end of a phone number: 10 or 11 digits from 0, or +81 and 9 or 10, in groups parted by one hyphen, space or
/// bracket.
fn phone(scan: &Scan, start: usize) -> Option<usize> {
    let is_foreign = scan.starts(start, "+81");
    let first = if is_foreign { start + 3 } else { start };
    if !begins_number(scan, start) || !(is_foreign || scan.starts(start, "0")) {
        return None;
    }
    let wanted = if is_foreign { 9..=11 } else { 10..=11 };
    let (mut at, mut digits, mut result) = (first, 0, None);
    loop {
        let end = scan.run(at, is_digit);
        digits += end - at;
        if wanted.contains(&digits) && end > at {
            result = Some(end);
        }
        let is_join = |c: char| is_hyphen(c) || matches!(c, ' ' | '(' | ')' | '.');
        let next = if scan.is(end, is_join) { end + 1 } else { end };
        // ") " and ")-" part groups, too.
        let next = if scan.ends(next, ")") && scan.is(next, |c| is_hyphen(c) || c == ' ') { next + 1 } else { next };
        if digits >= 11 || next == end || !scan.is(next, is_digit) {
            break;
        }
        at = next;
    }
    // Ten digits and one more group of four are no phone number: 2025 after 03-1234-5678 is left out by `wanted`.
    result
}

/// 〒140-0005, 140-0005, 〒1400005.
fn postal_code(scan: &Scan, start: usize) -> Option<usize> {
    let is_marked = scan.starts(start, "〒");
    let at = if is_marked { scan.run(start + 1, |c| c == ' ') } else { start };
    let end = scan.run(at, is_digit);
    if end == at + 7 && is_marked {
        return Some(end);
    }
    let last = scan.run(end + 1, is_digit);
    let is_code = end == at + 3 && scan.is(end, is_hyphen) && last == end + 5;
    let goes_on = scan.is(last, |c| is_hyphen(c) && c != 'ー') && scan.is(last + 1, is_digit);
    (is_code && !goes_on && (is_marked || begins_number(scan, start))).then_some(last)
}

/// 山田@… from any of its characters on: only looked at where its first one stands.
fn email(scan: &Scan, i: usize) -> Option<Span> {
    if !scan.starts(i, "@") {
        return None;
    }
    let is_local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let start = scan.run_back(i, is_local);
    let mut end = scan.run(i + 1, |c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    while end > i && scan.before(end).is_some_and(|c| c == '.' || c == '-') {
        end -= 1;
    }
    let top = scan.run_back(end, |c| c.is_ascii_alphabetic());
    let is_address = start < i && end - top >= 2 && top > i + 2 && scan.ends(top, ".");
    is_address.then_some(Span { start, end })
}

/// An address from its first number on, with the place before it.
fn address(scan: &Scan, start: usize) -> Option<Span> {
    let is_first = !scan.before(start).is_some_and(|c| is_chain_digit(c) || script(c) == Script::Letter);
    if !scan.is(start, is_chain_digit) || !is_first || !begins_number(scan, start) {
        return None;
    }
    let chain = Chain::of(scan, start);
    let place = place_before(scan, start);
    let is_place = place < start && !scan.before(start).is_some_and(|c| NO_PLACES.contains(c));
    let is_town = is_place && scan.before(start).is_some_and(|c| TOWNS.contains(c));
    chain.is_address(scan, is_place, is_town).then_some(Span { start: place, end: chain.end })
}

/// Where the place name that ends before `i` begins.
fn place_before(scan: &Scan, i: usize) -> usize {
    let is_part = |c: char| matches!(script(c), Script::Kanji | Script::Katakana);
    let start = scan.run_back(i, is_part);
    start.max(i.saturating_sub(12))
}

/// Numbers parted as in an address.
#[derive(Default)]
struct Chain {
    groups: usize,
    /// How the parts are joined, and what follows the last.
    marks: Vec<&'static str>,
    /// How many digits the first number has.
    first: usize,
    end: usize,
}

impl Chain {
    fn of(scan: &Scan, start: usize) -> Self {
        let mut chain = Self::default();
        let mut at = start;
        loop {
            let end = scan.run(at, is_chain_digit);
            if end == at || end > at + 4 {
                return chain;
            }
            chain.groups += 1;
            chain.first = if chain.groups == 1 { end - at } else { chain.first };
            chain.end = end;
            let after = if let Some((mark, after)) = scan.word(end, &MARKS) {
                if mark == "の" && !scan.is(after, is_chain_digit) {
                    return chain;
                }
                chain.marks.push(mark);
                chain.end = if mark == "の" { end } else { after };
                after
            } else if scan.is(end, joins) && scan.is(end + 1, is_chain_digit) {
                chain.marks.push("-");
                end + 1
            } else {
                return chain;
            };
            // 3番 4号 and 2丁目の3.
            at = scan.run(after, |c| c == ' ');
            if scan.starts(at, "の") && scan.is(at + 1, is_chain_digit) {
                at += 1;
            }
            if !scan.is(at, is_chain_digit) {
                return chain;
            }
        }
    }

    fn is_address(&self, scan: &Scan, is_place: bool, is_town: bool) -> bool {
        let has = |mark: &str| self.marks.contains(&mark);
        let hyphens = self.marks.iter().filter(|mark| **mark == "-").count();
        // 3丁目 5人: another number follows, not the rest of an address.
        let is_counted = self.groups > self.marks.len() && scan.is(self.end, |c| script(c) == Script::Kanji);
        if self.marks.first() == Some(&"丁目") {
            return self.groups > 1 && !is_counted;
        }
        if has("号室") || (is_place && has("番地")) {
            return true;
        }
        if self.marks.first() == Some(&"番") {
            return self.groups > 1 && has("号");
        }
        let is_date = self.first == 4;
        !is_date && ((hyphens == 2 && is_place) || (hyphens == 1 && is_town && self.groups == 2))
    }
}

/// What stands between and after the numbers of an address.
const MARKS: [&str; 6] = ["丁目", "番地", "番", "号室", "号", "の"];

/// 72歳の男性, 80歳一人暮らし, and 30代女性 when the sentence says where she lives.
fn profile(scan: &Scan, start: usize) -> Option<usize> {
    let is_number = |c: char| is_digit(c) || is_chain_digit(c);
    if !scan.is(start, is_number) || scan.before(start).is_some_and(is_number) {
        return None;
    }
    let (unit, after) = scan.word(scan.run(start, is_number), &["歳", "才", "代"])?;
    let who = [
        "男性",
        "女性",
        "男",
        "女",
        "主婦",
        "一人暮らし",
        "ひとり暮らし",
        "独り暮らし",
        "独居",
        "の母",
        "の父",
        "の妻",
        "の夫",
    ];
    let (_, end) = (after..after + 8)
        .take_while(|at| *at == after || !scan.before(*at).is_some_and(is_end))
        .find_map(|at| scan.word(at, &who))?;
    (unit != "代" || names_home(scan, start, end)).then_some(end)
}

/// Whether the sentence around a span says where somebody lives.
fn names_home(scan: &Scan, start: usize, end: usize) -> bool {
    let is_inner = |c: char| c != '。' && c != '\n';
    let (from, to) = (scan.run_back(start, is_inner), scan.run(end, is_inner));
    (from..to).any(|at| scan.word(at, &["在住", "丁目", "に住", "住まい"]).is_some())
}

/// 氏名：山田太郎 to the end of the value.
fn labelled(scan: &Scan, start: usize) -> Option<(Kind, Span)> {
    let (_, kind, after) = LABELS
        .iter()
        .filter(|(label, _)| scan.starts(start, label))
        .map(|(label, kind)| (label.len(), *kind, start + label.chars().count()))
        .max_by_key(|(length, _, _)| *length)?;
    let colon = scan.run(after, |c| c == ' ');
    if !scan.is(colon, |c| c == ':' || c == '=') {
        return None;
    }
    let value = scan.run(colon + 1, |c| c == ' ');
    let end = scan
        .run(value, |c| !matches!(c, '\n' | '\r' | '。' | '、' | ',' | '\t' | ';' | ')'))
        .min(value + LONGEST_VALUE);
    (end > value).then_some((kind, Span { start, end }))
}
