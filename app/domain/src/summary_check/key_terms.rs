use std::collections::HashSet;

use super::scan::{Scan, Span};
use super::{Kind, Marks, Place, Text};
use crate::similarity::{Script, key, script};

/// What ends the name of a place or a body.
const SUFFIXES: [&str; 40] = [
    "駅",
    "公園",
    "緑道",
    "広場",
    "小学校",
    "中学校",
    "高校",
    "高等学校",
    "義務教育学校",
    "大学",
    "保育園",
    "幼稚園",
    "こども園",
    "児童館",
    "児童センター",
    "図書館",
    "区民館",
    "文化センター",
    "スポーツセンター",
    "センター",
    "体育館",
    "会館",
    "病院",
    "区",
    "市",
    "町",
    "村",
    "都",
    "県",
    "課",
    "商店街",
    "交差点",
    "神社",
    "寺",
    "川",
    "橋",
    "坂",
    "通り",
    "街道",
    "線",
];
/// What stands before these without making a name of them (各駅, 最寄駅, 区立図書館).
const NO_NAMES: &str = "各 全 他 本 当 同 両 同じ 区立 市立 都立 公立 私立 国立 県立 近隣 最寄 最寄り 主要 担当 所管 関係 関係各 所管各 児童 \
都市 新 旧 一 地 学 街 特別 行政 自治 下 港 城下 大 小 河 歩道 横断歩道 立体 沿 路 動 目 視 直 曲 幹 白 点 車 \
境界 脱 基 電 無 光 配 伏 前 戦 有 複 単 一番 第一 総合 地域 区民 市民 住民 予定 計画 従来 文字 希望 想定 人 期待 \
指摘 思惑 表 裏 上り 見 言葉 規定 想像 約束 指示 見込 首 京 古 遷 隣 近く 周辺 国 州 農 漁 山 商店 市区 上 文化 \
スポーツ コミュニティ 支援 公共 大型 地方 桟 陸 架 石 鉄 急 登 下り 仲見世 公 生 救急 体 都";
/// Words that stand in every opinion; losing them loses nothing.
const NO_TERMS: [&str; 2] = ["コメント", "パブリックコメント"];
/// Short and long forms that count as the same (their keys).
const ALIASES: [(&str, &str); 8] = [
    ("すまほ", "すまとふぉん"),
    ("hp", "ほむぺじ"),
    ("うぇぶさいと", "ほむぺじ"),
    ("web", "うぇぶ"),
    ("ぱぶこめ", "ぱぶりっくこめんと"),
    ("あぷり", "あぷりけしょん"),
    ("ぱそこん", "pc"),
    ("ねっと", "いんたねっと"),
];
/// A quotation of up to so many characters is a term; a longer one is a sentence.
const LONGEST_QUOTED: usize = 20;
/// What stands before a suffix belongs to the name up to so many characters.
const LONGEST_NAME: usize = 16;

/// Marks each name and key term of the originals that the summary lacks, once.
pub(super) fn lost(sources: &[Text], result: &Text, marks: &mut Marks) {
    let summary = Written::of(&result.scan);
    let mut seen: HashSet<String> = HashSet::new();
    for (place, source) in sources.iter().enumerate() {
        for (span, is_latin) in find(&source.scan) {
            if source.personal.iter().any(|(_, personal)| personal.overlaps(span)) {
                continue;
            }
            let written = source.scan.slice(span.start, span.end);
            let key = key(written);
            let is_common = NO_TERMS.contains(&written);
            if !is_common && !key.is_empty() && !summary.has(written, &key, is_latin) && seen.insert(key) {
                marks.add(Kind::TermLost, Place::Original(place), span);
            }
        }
    }
}

/// The summary as terms are looked up in it.
struct Written<'a> {
    text: &'a str,
    key: String,
    /// The keys of its Latin words: AI is not within MAIL.
    latin: HashSet<String>,
}

impl<'a> Written<'a> {
    fn of(scan: &Scan<'a>) -> Self {
        let text = scan.slice(0, scan.len());
        let latin = latin_words(scan).into_iter().map(|span| key(scan.slice(span.start, span.end))).collect();
        Self { text, key: key(text), latin }
    }

    /// Whether a term stands here, in this or in its other form.
    fn has(&self, term: &str, key: &str, is_latin: bool) -> bool {
        let mut others = ALIASES.iter().filter_map(|(short, long)| match key {
            _ if key == *short => Some(*long),
            _ if key == *long => Some(*short),
            _ => None,
        });
        let stands = |form: &str| self.latin.contains(form) || (!form.is_ascii() && self.key.contains(form));
        let is_written = || !is_latin && (self.text.contains(term) || self.key.contains(key));
        stands(key) || is_written() || others.any(stands)
    }
}

/// Names and key terms in the order of their beginning, and whether they are Latin words.
fn find(scan: &Scan) -> Vec<(Span, bool)> {
    let mut spans = quoted(scan);
    let is_katakana = |c: char| script(c) == Script::Katakana;
    let mut i = 0;
    while i < scan.len() {
        let end = scan.run(i, is_katakana);
        // A long-vowel sign after hiragana is no katakana.
        let start = scan.run(i, |c| c == 'ー').min(end);
        if end - start >= 3 {
            spans.push(Span { start, end });
        }
        i = end.max(i + 1);
    }
    spans.extend(names(scan));
    let latin = latin_words(scan).into_iter().map(|span| (span, true));
    let mut terms: Vec<(Span, bool)> = spans.into_iter().map(|span| (span, false)).chain(latin).collect();
    terms.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    terms
}

/// Latin words and acronyms of two letters or more, with the digits and hyphens in them: DX, Wi-Fi, CO2, 5G.
fn latin_words(scan: &Scan) -> Vec<Span> {
    let is_letter = |c: char| script(c) == Script::Letter;
    let is_part = |c: char| is_letter(c) || c.is_ascii_digit();
    let mut spans = Vec::new();
    let mut i = 0;
    while i < scan.len() {
        let mut end = scan.run(i, is_part);
        while end > i && scan.is(end, |c| c == '-' || c == '&') && scan.is(end + 1, is_letter) {
            end = scan.run(end + 1, is_part);
        }
        let letters = (i..end).filter(|at| scan.is(*at, is_letter)).count();
        let is_page = letters == 1 && scan.is(i, |c| matches!(c, 'P' | 'p'));
        let is_unit = scan.is(i, |c| c.is_ascii_digit()) && (i..end).any(|at| is_measure(scan, at, end));
        if end > i && letters > 0 && end - i > 1 && !is_page && !is_unit {
            spans.push(Span { start: i, end });
        }
        i = end.max(i + 1);
    }
    spans
}

/// Whether a unit of measure is all that stands from `at` to `end` (10km): a number then, not a word.
fn is_measure(scan: &Scan, at: usize, end: usize) -> bool {
    let unit = scan.word(at, &["km", "cm", "mm", "m", "m2", "kg", "t", "ha"]);
    unit.is_some_and(|(_, after)| after == end) && scan.before(at).is_some_and(|c| c.is_ascii_digit())
}

/// The contents of 「…」 and 『…』, when they are short.
fn quoted(scan: &Scan) -> Vec<Span> {
    let mut spans = Vec::new();
    for i in 0..scan.len() {
        let close = match scan.get(i) {
            Some('「') => '」',
            Some('『') => '』',
            _ => continue,
        };
        let end = scan.run(i + 1, |c| c != close && c != '\n');
        if scan.is(end, |c| c == close) && end > i + 1 && end - i - 1 <= LONGEST_QUOTED {
            spans.push(Span { start: i + 1, end });
        }
    }
    spans
}

/// 五反田駅, 目黒通り, オリンピック公園: kanji and katakana up to a suffix, unless what stands before it makes no name.
fn names(scan: &Scan) -> Vec<Span> {
    let is_part = |c: char| matches!(script(c), Script::Kanji | Script::Katakana);
    let mut spans = Vec::new();
    let mut from = 0;
    let mut i = 0;
    while i < scan.len() {
        if !scan.is(i, is_part) && !scan.starts(i, "こども園") {
            from = i + 1;
            i += 1;
            continue;
        }
        let Some((suffix, end)) = scan.word(i, &SUFFIXES) else {
            i += 1;
            continue;
        };
        // 川 in 品川区 is no river.
        if scan.word(end, &SUFFIXES).is_some() {
            i = end;
            continue;
        }
        // 区立大井小学校 and 区内: what follows a ward's own name isn't part of the next one.
        let start = if scan.starts(from, "立") && i > from + 1 { from + 1 } else { from };
        let before = scan.slice(start, i);
        let is_general = before.starts_with(['各', '全', '他']) || before.ends_with('各');
        let is_name = i > start && i - start <= LONGEST_NAME && !NO_NAMES.split_whitespace().any(|no| no == before);
        if is_name && !is_general && !is_other_word(scan, suffix, end) {
            spans.push(Span { start, end });
            from = end;
        }
        i = end;
    }
    spans
}

/// 課題, 区分, 市場, 線路 and their like, whose first sign looks like a suffix.
fn is_other_word(scan: &Scan, suffix: &str, end: usize) -> bool {
    let others = match suffix {
        "課" => "題程税外金",
        "区" => "分画間切域別民長議政",
        "市" => "場民街況議販",
        "町" => "会並内民工",
        "都" => "市心合度",
        "県" => "民道",
        "線" => "路形量状引",
        "川" => "沿",
        "駅" => "員伝",
        "坂" => "道",
        "橋" => "梁脚",
        "大学" => "生院",
        "村" => "落",
        _ => "",
    };
    scan.is(end, |c| others.contains(c)) && !others.is_empty()
}
