//! Terms under which a text is stored in an index, to find texts worth comparing.

use super::{Script, key, script};
use crate::text;

/// Kanji pairs that stand in opinions and answers of every kind: as index terms they would lead to everything.
const COMMON: &str = "意見 提案 要望 質問 必要 重要 可能 場合 今後 現在 検討 実施 計画 方針 参考 区民 住民 本区 当区 利用 \
施設 推進 充実 整備 確認 対応 対策 事業 取組 状況 関係 活用 支援 内容 記載 説明 理解 貴重 行政 地域";
/// A text is found by so many terms at most, those that come first.
const MOST: usize = 96;

/// The terms of a text for an index, each once, in the order in which they stand there, at most 96: katakana and Latin
/// words whole, runs of kanji by pairs of neighbours (放置自転車 by 放置, 置自, 自転, 転車). Width, case and old or variant
/// kanji make no difference.
///
/// They only find candidates; [`resembling`](super::resembling) decides. Stored: a change here needs the index made anew.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    let folded = text::fold(text);
    let characters: Vec<char> = folded.chars().collect();
    let mut found: Vec<String> = Vec::new();
    for run in characters.chunk_by(|a, b| script(*a) == script(*b)) {
        let kind = run.first().map_or(Script::Other, |c| script(*c));
        let mut add = |term: String| {
            if found.len() < MOST && !found.contains(&term) && !COMMON.split_whitespace().any(|common| common == term) {
                found.push(term);
            }
        };
        match kind {
            Script::Kanji => run.windows(2).for_each(|pair| add(key(&pair.iter().collect::<String>()))),
            Script::Katakana | Script::Letter if run.len() > 1 => add(word(run)),
            _ => {}
        }
    }
    found
}

/// サーバ for サーバー.
fn word(run: &[char]) -> String {
    let word: String = run.iter().collect();
    match word.strip_suffix('ー') {
        Some(short) if short.chars().nth(2).is_some() => short.to_owned(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_kanji_go_by_pairs() {
        assert_eq!(
            terms("区民の意見：放置自転車とＡＩチャットボットのサーバー、犬"),
            ["放置", "置自", "自転", "転車", "ai", "チャットボット", "サーバ"]
        );
        assert_eq!(terms("髙齢者の渡邊橋"), terms("高齢者の渡辺橋"));
        assert!(terms("はい。よろしくお願いします 2026 👍").is_empty());
    }

    #[test]
    fn the_number_of_terms_has_a_limit() {
        let long: String = (0x4E00_u32..0x4F00).filter_map(char::from_u32).collect();
        assert_eq!(terms(&long).len(), MOST);
        assert_eq!(terms(&"公園".repeat(500)), ["公園", "園公"]);
    }
}
