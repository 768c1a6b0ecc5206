//! References to pages of the draft in an opinion (P5, p.12-14, ５頁), so that they can become links to the document.

use std::ops::Range;

/// A mention of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageReference {
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// The page, 1 to 999; of several pages (P5-6) the first.
    pub page: u32,
}

/// A stretch of a text: plain, or a mention of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Plain text.
    Text(&'a str),
    /// A mention as written, and the page it means.
    Page(&'a str, u32),
}

/// Words that may follow a bare P5: parts of a page. Other katakana make a name of it (P1グランプリ, P10ポイント).
const PARTS_OF_A_PAGE: [&str; 14] = [
    "ページ",
    "グラフ",
    "コラム",
    "イメージ",
    "スケジュール",
    "アンケート",
    "データ",
    "マップ",
    "ロードマップ",
    "フロー",
    "タイトル",
    "キャプション",
    "イラスト",
    "パラグラフ",
];
/// Before a number of pages that is an amount, not a place.
const AMOUNT_BEFORE: [&str; 12] =
    ["全", "計", "約", "総", "各", "およそ", "たった", "わずか", "最大", "平均", "最低", "ほぼ"];
/// After a number of pages that is an amount, not a place.
const AMOUNT_AFTER: [&str; 24] = [
    "数",
    "分",
    "程度",
    "以上",
    "以下",
    "以内",
    "ほど",
    "くらい",
    "ぐらい",
    "ずつ",
    "増",
    "減",
    "超",
    "もの",
    "もあ",
    "を超",
    "にわた",
    "に及",
    "におよ",
    "にまと",
    "構成",
    "建て",
    "ビュー",
    "しかな",
];

/// Finds the mentions of pages: P5, p.5, pp.5-7, Ｐ５, 5ページ, ５～６頁. Not what only looks like one (HTTP5, MP3,
/// p5.js, 全20ページ).
#[must_use]
pub fn find(text: &str) -> Vec<PageReference> {
    let letters = Letters { text, chars: text.char_indices().collect() };
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.chars.len() {
        match letters.after_p(at).or_else(|| letters.before_unit(at)) {
            Some((page, end)) => {
                found.push(PageReference { range: letters.byte(at)..letters.byte(end), page });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Cuts a text at its mentions of pages; put together again the segments are the text.
#[must_use]
pub fn segments(text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut done = 0;
    for PageReference { range, page } in find(text) {
        segments.extend(text.get(done..range.start).filter(|t| !t.is_empty()).map(Segment::Text));
        segments.extend(text.get(range.clone()).map(|mention| Segment::Page(mention, page)));
        done = range.end;
    }
    segments.extend(text.get(done..).filter(|t| !t.is_empty()).map(Segment::Text));
    segments
}

struct Letters<'a> {
    text: &'a str,
    chars: Vec<(usize, char)>,
}

/// A page and where its mention ends, in characters.
type Mention = (u32, usize);

impl Letters<'_> {
    fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).map(|(_, c)| *c)
    }

    fn before(&self, index: usize) -> Option<char> {
        self.at(index.checked_sub(1)?)
    }

    fn byte(&self, index: usize) -> usize {
        self.chars.get(index).map_or(self.text.len(), |(byte, _)| *byte)
    }

    fn rest(&self, index: usize) -> &str {
        self.text.get(self.byte(index)..).unwrap_or_default()
    }

    fn head(&self, index: usize) -> &str {
        self.text.get(..self.byte(index)).unwrap_or_default()
    }

    fn skip(&self, index: usize, wanted: impl Fn(char) -> bool) -> usize {
        index + usize::from(self.at(index).is_some_and(wanted))
    }

    /// P5, p.5, pp. 5-7, with ページ after it or not.
    fn after_p(&self, start: usize) -> Option<Mention> {
        let is_p = |c| matches!(c, 'p' | 'P' | 'ｐ' | 'Ｐ');
        self.at(start).filter(|c| is_p(*c))?;
        let inside = |c| is_latin(c) || digit(c).is_some() || "_-/#@.&=%+\\＿／＃＠．＆".contains(c);
        if self.before(start).is_some_and(inside) || self.head(start).ends_with("駐車場") {
            return None;
        }
        let sign = self.skip(start + 1, is_p);
        let dot = self.skip(sign, |c| matches!(c, '.' | '．'));
        let (page, end) = self.pages(self.skip(dot, is_space), is_p)?;
        let unit = self.unit(end);
        let end = unit.unwrap_or(end);
        let bare = dot == sign && sign == start + 1 && unit.is_none();
        (!self.runs_on(end, bare)).then_some((page, end))
    }

    /// Whether the mention of a page goes on as something else.
    fn runs_on(&self, end: usize, bare: bool) -> bool {
        let rest = self.rest(end);
        let Some(next) = self.at(end) else { return false };
        let word = |c| is_latin(c) || digit(c).is_some();
        is_latin(next)
            || matches!(next, '_' | '%' | '％')
            || (matches!(next, '.' | '．' | '-' | '/' | ',')
                && self.at(end + 1).is_some_and(|c| word(c) && !self.is_list(end)))
            || rest.starts_with("駐車場")
            || (bare
                && matches!(next, 'ァ'..='ヺ' | 'ｱ'..='ﾝ')
                && !PARTS_OF_A_PAGE.iter().any(|part| rest.starts_with(part)))
    }

    /// "P5,6" and "P5/6" list pages.
    fn is_list(&self, end: usize) -> bool {
        matches!(self.at(end), Some(',' | '/')) && self.at(end + 1).is_some_and(|c| digit(c).is_some())
    }

    /// 5ページ, ５～６頁.
    fn before_unit(&self, start: usize) -> Option<Mention> {
        digit(self.at(start)?)?;
        if let Some(before) = self.before(start) {
            let number = |at: usize| self.at(at).is_some_and(|c| digit(c).is_some());
            let in_number = matches!(before, '.' | '．' | ',' | '，' | '-' | '/') && start >= 2 && number(start - 2);
            if is_latin(before) || digit(before).is_some() || in_number {
                return None;
            }
        }
        let (page, end) = self.pages(start, |_| false)?;
        let end = self.unit(self.skip(end, is_space))?;
        let (head, rest) = (self.head(start), self.rest(end));
        let amount =
            AMOUNT_BEFORE.iter().any(|w| head.ends_with(w)) || AMOUNT_AFTER.iter().any(|w| rest.starts_with(w));
        (!amount).then_some((page, end))
    }

    /// The end of the word for a page.
    fn unit(&self, start: usize) -> Option<usize> {
        let rest = self.rest(start);
        ["ページ", "頁", "ﾍﾟｰｼﾞ", "㌻"]
            .iter()
            .find(|unit| rest.starts_with(**unit))
            .map(|unit| start + unit.chars().count())
    }

    /// A page, or pages from–to.
    fn pages(&self, start: usize, is_p: impl Fn(char) -> bool) -> Option<Mention> {
        let (page, end) = self.number(start)?;
        let dash = self.skip(end, |c| matches!(c, '-' | '‐' | '–' | '—' | '−' | '－' | '~' | '～' | '〜' | 'ー' | '―'));
        if dash > end {
            let sign = self.skip(dash, is_p);
            let dot = if sign > dash { self.skip(sign, |c| matches!(c, '.' | '．')) } else { sign };
            if let Some((last, end)) = self.number(dot)
                && last > page
            {
                return Some((page, end));
            }
        }
        Some((page, end))
    }

    /// A number from 1 to 999, of three digits at most.
    fn number(&self, start: usize) -> Option<Mention> {
        let mut end = start;
        let mut number = 0;
        while let Some(digit) = self.at(end).and_then(digit) {
            number = number * 10 + digit;
            end += 1;
            if end > start + 3 {
                return None;
            }
        }
        (number > 0).then_some((number, end))
    }
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'À'..='ɏ')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{A0}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_are_found_as_people_write_them() {
        for (text, mention, page) in [
            ("P5について", "P5", 5),
            ("素案のp.5をご覧ください", "p.5", 5),
            ("Ｐ５の図", "Ｐ５", 5),
            ("（P.12）", "P.12", 12),
            ("pp. 5-7 are unclear", "pp. 5-7", 5),
            ("暫定版P2に書いてある", "P2", 2),
            ("「P6に」", "P6", 6),
            ("5ページの表", "5ページ", 5),
            ("第５頁の", "５頁", 5),
            ("12 ページ 3行目", "12 ページ", 12),
            ("P5-6の計画", "P5-6", 5),
            ("P５～P８まで", "P５～P８", 5),
            ("10〜12ページ", "10〜12ページ", 10),
            ("P.5ページ", "P.5ページ", 5),
            ("P12グラフの数字", "P12", 12),
            ("p.3コラム", "p.3", 3),
            ("P999.", "P999", 999),
            ("P8～10年後", "P8～10", 8),
            ("P5,6", "P5", 5),
            ("P05", "P05", 5),
        ] {
            let found: Vec<(&str, u32)> =
                find(text).into_iter().map(|f| (text.get(f.range).unwrap_or_default(), f.page)).collect();
            assert_eq!(found, [(mention, page)], "{text}");
        }
        let several = find("P6に書かれた内容と10ページの図、p.11を比べると");
        assert_eq!(several.iter().map(|f| f.page).collect::<Vec<_>>(), [6, 10, 11]);
    }

    #[test]
    fn what_only_looks_like_a_page_is_left_alone() {
        for text in [
            "HTTP5",
            "MP3",
            "AP2",
            "P2P",
            "P5リンク",
            "P1グランプリ",
            "P10ポイント還元",
            "p5.js",
            "https://example.jp/p5/a",
            "?page=p5",
            "report_p5.pdf",
            "P5.3",
            "P0",
            "P1000",
            "2025ページ",
            "全20ページ",
            "約50ページの資料",
            "20ページ程度",
            "100ページを超える",
            "1.5ページ",
            "ホームページ",
            "P&R",
            "PS5",
            "駐車場P1",
            "P1駐車場",
            "1P",
            "100P",
            "30%",
            "p値",
            "P5%",
            "Ａ4Ｐ5",
            "1000-5ページ",
            "5ページ数",
            "P５Ａ",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn segments_name_the_pages() {
        assert_eq!(
            segments("暫定版P2に、P6に。"),
            [
                Segment::Text("暫定版"),
                Segment::Page("P2", 2),
                Segment::Text("に、"),
                Segment::Page("P6", 6),
                Segment::Text("に。")
            ]
        );
        assert_eq!(segments(""), []);
    }

    proptest! {
        #[test]
        fn segments_make_up_the_text(text in "[PpＰ0-9５.．-～、 ページ頁あA/]{0,40}") {
            let whole: String = segments(&text).iter().map(|s| match s { Segment::Text(t) | Segment::Page(t, _) => *t }).collect();
            prop_assert_eq!(whole, text);
        }

        #[test]
        fn any_text_is_searched(text in any::<String>()) {
            for found in find(&text) {
                prop_assert!((1..=999).contains(&found.page) && text.get(found.range).is_some());
            }
        }
    }
}
