use super::scan::{Scan, Span, is_hyphen};
use super::{Kind, Marks, Place, Text};
use crate::similarity::{Script, script};
use crate::wareki::ERAS;

/// Units by the way they are written and the way they are compared.
const UNITS: [(&str, &str); 100] = [
    ("%", "%"),
    ("パーセント", "%"),
    ("㌫", "%"),
    ("割", "割"),
    ("年度", "年度"),
    ("年間", "年間"),
    ("年", "年"),
    ("か月", "か月"),
    ("ヶ月", "か月"),
    ("カ月", "か月"),
    ("ヵ月", "か月"),
    ("ケ月", "か月"),
    ("箇月", "か月"),
    ("月", "月"),
    ("日間", "日間"),
    ("日", "日"),
    ("週間", "週間"),
    ("時間", "時間"),
    ("時", "時"),
    ("分", "分"),
    ("秒", "秒"),
    ("円", "円"),
    ("人", "人"),
    ("名", "人"),
    ("歳", "歳"),
    ("才", "歳"),
    ("代", "代"),
    ("世帯", "世帯"),
    ("件", "件"),
    ("回", "回"),
    ("台", "台"),
    ("本", "本"),
    ("枚", "枚"),
    ("個", "個"),
    ("コ", "個"),
    ("つ", "個"),
    ("か所", "か所"),
    ("ヶ所", "か所"),
    ("カ所", "か所"),
    ("ヵ所", "か所"),
    ("ケ所", "か所"),
    ("箇所", "か所"),
    ("個所", "か所"),
    ("階", "階"),
    ("棟", "棟"),
    ("校", "校"),
    ("園", "園"),
    ("館", "館"),
    ("戸", "戸"),
    ("軒", "軒"),
    ("社", "社"),
    ("種類", "種類"),
    ("種", "種類"),
    ("項目", "項目"),
    ("点", "点"),
    ("倍", "倍"),
    ("ページ", "ページ"),
    ("頁", "ページ"),
    ("章", "章"),
    ("節", "節"),
    ("条", "条"),
    ("項", "項"),
    ("号", "号"),
    ("番", "番"),
    ("丁目", "丁目"),
    ("区", "区"),
    ("市", "市"),
    ("町", "町"),
    ("駅", "駅"),
    ("路線", "路線"),
    ("車線", "車線"),
    ("キロメートル", "km"),
    ("キロ", "km"),
    ("km", "km"),
    ("㎞", "km"),
    ("平方メートル", "㎡"),
    ("㎡", "㎡"),
    ("m2", "㎡"),
    ("センチメートル", "cm"),
    ("センチ", "cm"),
    ("cm", "cm"),
    ("㎝", "cm"),
    ("ミリメートル", "mm"),
    ("ミリ", "mm"),
    ("mm", "mm"),
    ("メートル", "m"),
    ("m", "m"),
    ("ヘクタール", "ha"),
    ("ha", "ha"),
    ("kg", "kg"),
    ("キログラム", "kg"),
    ("トン", "t"),
    ("t", "t"),
    ("度", "度"),
    ("位", "位"),
    ("組", "組"),
    ("票", "票"),
    ("通", "通"),
    ("冊", "冊"),
    ("席", "席"),
];
/// What begins like a number in kanji and is none.
const NO_NUMBERS: [&str; 27] = [
    "一人ひとり",
    "一人一人",
    "一人暮",
    "一人も",
    "一人で",
    "一日も",
    "一日中",
    "一日でも",
    "一年中",
    "一時",
    "一円",
    "一本化",
    "一つ",
    "一回り",
    "一度",
    "一位",
    "一種",
    "二度と",
    "十分",
    "万人",
    "六本木",
    "三軒茶屋",
    "百人町",
    "十条",
    "五日市",
    "四日市",
    "八日市",
];
/// Kanji that may stand directly before a number in kanji.
const BEFORE: &str = "約第計全毎各年月日時間週分度他後前上下";
/// One in the fixed-point form of [`Number::value`]: six places.
const ONE: u128 = 1_000_000;

/// A number of a text as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    span: Span,
    /// In millionths; a share as percent, a year of an era as the western one.
    value: u128,
    /// The unit it counts, empty when none is known.
    unit: &'static str,
}

impl Number {
    /// 30 and 30件 are the same, 3年 and 3人 are not.
    fn is_same(self, other: Self) -> bool {
        self.value == other.value && (self.unit == other.unit || self.unit.is_empty() || other.unit.is_empty())
    }
}

/// Marks each number of the originals that the summary lacks, once.
pub(super) fn lost(sources: &[Text], result: &Text, marks: &mut Marks) {
    let mut seen: Vec<Number> = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        for number in &source.numbers {
            if !result.numbers.iter().chain(&seen).any(|other| number.is_same(*other)) {
                seen.push(*number);
                marks.add(Kind::NumberLost, Place::Original(place), number.span);
            }
        }
    }
}

/// Marks each number of the summary that no original has, once.
pub(super) fn added(sources: &[Text], result: &Text, marks: &mut Marks) {
    let mut seen: Vec<Number> = Vec::new();
    for number in &result.numbers {
        let mut known = sources.iter().flat_map(|source| &source.numbers).chain(&seen);
        if !known.any(|other| number.is_same(*other)) {
            seen.push(*number);
            marks.add(Kind::NumberAdded, Place::Summary, number.span);
        }
    }
}

/// The numbers of a text, without those of personal data, of lists (1. at the beginning of a line) and of 「他3件」.
pub(super) fn find(scan: &Scan, personal: &[(Kind, Span)]) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut i = 0;
    while i < scan.len() {
        let found = era_year(scan, i).or_else(|| written(scan, i));
        let Some((number, is_counted)) = found else {
            i += 1;
            continue;
        };
        let is_personal = personal.iter().any(|(_, span)| span.overlaps(number.span));
        if is_counted && !is_personal {
            numbers.push(number);
        }
        i = number.span.end.max(i + 1);
    }
    numbers
}

/// 令和7年, 令和元年度, R7年度.
fn era_year(scan: &Scan, start: usize) -> Option<(Number, bool)> {
    let is_letter = |c: char| script(c) == Script::Letter;
    let (era, at) = ERAS.iter().find_map(|era| {
        let letter = era.letter.to_string();
        if scan.starts(start, era.name) {
            Some((era, start + 2))
        } else if scan.starts(start, &letter) && !scan.before(start).is_some_and(is_letter) {
            Some((era, start + 1))
        } else {
            None
        }
    })?;
    let at = scan.run(at, |c| c == ' ');
    let (year, at) =
        if scan.starts(at, "元") { (ONE, at + 1) } else { value(scan, at).map(|(value, end, _)| (value, end))? };
    let at = scan.run(at, |c| c == ' ');
    let (unit, end) = scan.word(at, &["年度", "年"])?;
    // year_of counts 1 for the first year, so that the year before it is 1 - year_of(0) - 1.
    let before = u128::from(era.year_of(0).unsigned_abs());
    let value = year.saturating_add(before.saturating_mul(ONE));
    let unit = if unit == "年度" { "年度" } else { "年" };
    Some((Number { span: Span { start, end }, value, unit }, true))
}

/// A number in digits of any kind and what it counts; `false` for one that is no fact.
fn written(scan: &Scan, at: usize) -> Option<(Number, bool)> {
    let (mut value, mut end, is_kanji) = value(scan, at)?;
    let is_letter = |c: char| script(c) == Script::Letter;
    if is_kanji && !may_be_kanji_number(scan, at) {
        return None;
    }
    let mut start = at;
    let mut unit = unit(scan, &mut end);
    if unit == "割" {
        (value, end) = share(scan, value, end);
        unit = "%";
    }
    if !is_kanji && scan.before(at).is_some_and(is_letter) {
        let word = scan.run_back(at, is_letter);
        if at - word > 1 || !matches!(scan.get(word), Some('P' | 'p')) {
            return Some((Number { span: Span { start, end }, value, unit }, false));
        }
        (start, unit) = (word, "ページ");
    } else if let (true, Some('.' | ' ')) = (scan.ends(at, "P.") || scan.ends(at, "p."), scan.before(at)) {
        (start, unit) = (at - 2, "ページ");
    }
    let is_counted = match (is_kanji, unit.is_empty()) {
        (true, no_unit) => !no_unit,
        // 5G, 3D are words.
        (false, true) => !scan.is(end, is_letter) && !is_list_number(scan, at, end),
        (false, false) => !(unit == "件" && scan.follows(at, &["他", "外", "ほか", "他 ", "ほか "])),
    };
    Some((Number { span: Span { start, end }, value, unit }, is_counted))
}

/// The unit that begins at `end`, which is moved behind it.
fn unit(scan: &Scan, end: &mut usize) -> &'static str {
    let at = scan.run(*end, |c| c == ' ');
    let found = UNITS.iter().filter(|(written, _)| scan.starts(at, written)).max_by_key(|(written, _)| written.len());
    let Some((written, unit)) = found else { return "" };
    let after = at + written.chars().count();
    // 二番町 is a place.
    if *written == "番" && scan.starts(after, "町") {
        return "";
    }
    // 5mで is five metres, 5minutes and 3トントラック are not m and t.
    if written.is_ascii() && *written != "%" && scan.is(after, |c| script(c) == Script::Letter || c.is_ascii_digit()) {
        return "";
    }
    *end = after;
    unit
}

/// 3割5分 as 35 percent: the value, and where it ends.
fn share(scan: &Scan, tenths: u128, end: usize) -> (u128, usize) {
    let whole = tenths.saturating_mul(10);
    match value(scan, end) {
        Some((more, after, _)) if scan.starts(after, "分") && more < 10 * ONE => {
            (whole.saturating_add(more), after + 1)
        }
        _ => (whole, end),
    }
}

fn may_be_kanji_number(scan: &Scan, at: usize) -> bool {
    let is_word = scan.before(at).is_some_and(|c| script(c) == Script::Kanji && !BEFORE.contains(c));
    !is_word && scan.word(at, &NO_NUMBERS).is_none()
}

/// 1. and （1） and 1） at the beginning of a line.
fn is_list_number(scan: &Scan, at: usize, end: usize) -> bool {
    let line = scan.run_back(at, |c| c == ' ' || c == '(' || c == '\t');
    let is_first = scan.before(line).is_none_or(|c| c == '\n' || c == '\r');
    is_first && scan.is(end, |c| matches!(c, '.' | ')' | '、' | ':' | ' ' | '．'))
}

/// The value of the number that begins at `at` in millionths, where it ends, and whether it begins in kanji. 2,000 and
/// 3.5 and 2万5千 and 二〇二五 and 三十.
fn value(scan: &Scan, at: usize) -> Option<(u128, usize, bool)> {
    let first = scan.get(at)?;
    let is_kanji = kanji_digit(first).is_some() || multiple(first).is_some();
    let is_after_digit = scan.before(at).is_some_and(|c| c.is_ascii_digit());
    if !(first.is_ascii_digit() || is_kanji) || is_after_digit {
        return None;
    }
    let (mut total, mut section, mut current) = (0_u128, 0_u128, None::<u128>);
    let mut i = at;
    let mut digits_are_ascii = false;
    while let Some(c) = scan.get(i) {
        if c.is_ascii_digit() && current.is_none() {
            let (value, end) = decimal(scan, i);
            (current, i, digits_are_ascii) = (Some(value), end, true);
            continue;
        }
        if let Some(digit) = kanji_digit(c).filter(|_| current.is_none() || !digits_are_ascii) {
            let tens = current.unwrap_or_default().saturating_mul(10);
            (current, digits_are_ascii) = (Some(tens.saturating_add(u128::from(digit) * ONE)), false);
        } else if let Some(times) = multiple(c) {
            let count = current.take();
            if times < 10_000 {
                section = section.saturating_add(count.unwrap_or(ONE).saturating_mul(times));
            } else {
                let all = section.saturating_add(count.unwrap_or_default());
                total = total.saturating_add(if all == 0 { ONE } else { all }.saturating_mul(times));
                section = 0;
            }
        } else {
            break;
        }
        i += 1;
    }
    Some((total.saturating_add(section).saturating_add(current.unwrap_or_default()), i, is_kanji))
}

/// ASCII digits with thousands separators and decimals, in millionths, and where they end.
fn decimal(scan: &Scan, at: usize) -> (u128, usize) {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut end = scan.run(at, is_digit);
    let mut digits: String = (at..end).filter_map(|i| scan.get(i)).collect();
    if end - at <= 3 {
        while scan.is(end, |c| c == ',') && scan.run(end + 1, is_digit) == end + 4 {
            digits.extend((end + 1..end + 4).filter_map(|i| scan.get(i)));
            end += 4;
        }
    }
    let mut value = digits.parse::<u128>().map_or(u128::MAX, |whole| whole.saturating_mul(ONE));
    if scan.is(end, |c| c == '.') && scan.is(end + 1, is_digit) {
        let after = scan.run(end + 1, is_digit);
        let places = (end + 1..after).filter_map(|i| scan.get(i)).filter_map(|c| c.to_digit(10));
        let mut place = ONE;
        for digit in places {
            place /= 10;
            value = value.saturating_add(u128::from(digit) * place);
        }
        end = after;
    }
    (value, end)
}

/// 0 to 9 for 〇 to 九.
fn kanji_digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九".chars().zip(0..).find(|(digit, _)| *digit == c).map(|(_, value)| value)
}

fn multiple(c: char) -> Option<u128> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        '万' => Some(10_000),
        '億' => Some(100_000_000),
        '兆' => Some(1_000_000_000_000),
        _ => None,
    }
}

/// Whether `c` may stand within a chain of numbers such as 1-2-3.
pub(super) fn is_chain_digit(c: char) -> bool {
    c.is_ascii_digit() || kanji_digit(c).is_some() || c == '十'
}

/// Whether `c` joins the numbers of a chain.
pub(super) fn joins(c: char) -> bool {
    is_hyphen(c)
}
