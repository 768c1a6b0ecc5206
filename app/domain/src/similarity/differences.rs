use std::{hash::Hash, ops::Range};

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

use super::minhash::{jaccard, shingles};

/// Above this number of comparisons (tokens of the one text times those of the other) a coarser cut is tried: two texts
/// of 6,000 characters that are alike are still compared letter by letter.
const MOST_WORK: usize = 36_000_000;
/// The same for texts that are not alike, whose letters would meet by chance only.
const MOST_WORK_UNALIKE: usize = 4_000_000;
/// Texts that have so much of their pairs of letters in common (Jaccard) are alike.
const ALIKE: f64 = 0.3;
/// What stays between two changes is worth showing from so many characters on, however small the changes are.
const READABLE: usize = 2;

/// What a [`Piece`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// In both texts.
    Same,
    /// In the old text only.
    Removed,
    /// In the new text only.
    Added,
}

/// A stretch of one of two compared texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands.
    pub kind: PieceKind,
    /// The stretch, never empty.
    pub text: String,
}

/// What differs between two texts, for highlighting, in reading order; where something was replaced, the removed stretch
/// comes before the added one. Same and removed pieces together are the old text, same and added ones the new text.
///
/// Compared are numbers, Latin and katakana words whole and everything else character by character; a lone character
/// between two changes counts as changed. Very long texts are compared by clauses, or else shown as replaced: the time
/// taken has a limit, and the answer never depends on the clock.
#[must_use]
pub fn differences(old: &str, new: &str) -> Vec<Piece> {
    let alike = || jaccard(&shingles(old, 2), &shingles(new, 2)) >= ALIKE;
    for cut in [words, clauses] {
        let (old, new) = (cut(old), cut(new));
        let work = work(&old, &new);
        if work <= MOST_WORK_UNALIKE || (work <= MOST_WORK && alike()) {
            let changes = readable(&changes(&old, &new), &old);
            return pieces(&changes, &old, &new);
        }
    }
    let (old, new) = (vec![old], vec![new]);
    pieces(&changes(&old, &new), &old, &new)
}

/// A replaced stretch, in tokens of the old and the new text; between two of them the texts are the same.
#[derive(Clone, Debug)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// How much there is to compare once the common beginning and end are taken off.
fn work(old: &[&str], new: &[&str]) -> usize {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    (old.len() - start - end).saturating_mul(new.len() - start - end)
}

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut done_old, mut done_new) = (0, 0);
    let end = (old.len(), new.len(), 0);
    for (start_old, start_new, length) in same_runs(old, new).into_iter().chain([end]) {
        if start_old > done_old || start_new > done_new {
            changes.push(Change { old: done_old..start_old, new: done_new..start_new });
        }
        (done_old, done_new) = (start_old + length, start_new + length);
    }
    changes
}

/// What two sequences have in common in the same order, as much as possible (Myers): where each run begins in the one and
/// in the other, and its length.
pub(crate) fn same_runs<T: Eq + Hash + Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    // The operations' lengths are followed: their own positions are not always right after `similar` has shifted them.
    let (mut at_old, mut at_new) = (0, 0);
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let (removed, added) = (op.old_range().len(), op.new_range().len());
        if let DiffOp::Equal { len, .. } = op {
            runs.push((at_old, at_new, len));
        }
        at_old += removed;
        at_new += added;
    }
    runs
}

/// Joins changes with so little between them that the eye would stumble.
fn readable(changes: &[Change], old: &[&str]) -> Vec<Change> {
    // Characters before each token of the old text.
    let before: Vec<usize> = std::iter::once(0)
        .chain(old.iter().scan(0, |sum, token| {
            *sum += token.chars().count();
            Some(*sum)
        }))
        .collect();
    let length = |range: Range<usize>| -> usize {
        before
            .get(range.end)
            .copied()
            .unwrap_or_default()
            .saturating_sub(before.get(range.start).copied().unwrap_or_default())
    };
    // How much a change replaces, roughly: added tokens are counted as they are.
    let size = |change: &Change| length(change.old.clone()).max(change.new.len());
    let mut joined: Vec<Change> = Vec::new();
    for change in changes {
        let mut change = change.clone();
        while let Some(last) = joined.last() {
            let between = length(last.old.end..change.old.start);
            if between >= READABLE && (between >= size(last) || between >= size(&change)) {
                break;
            }
            change = Change { old: last.old.start..change.old.end, new: last.new.start..change.new.end };
            joined.pop();
        }
        joined.push(change);
    }
    joined
}

fn pieces(changes: &[Change], old: &[&str], new: &[&str]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |kind, tokens: Option<&[&str]>| {
        let text = tokens.unwrap_or_default().concat();
        if !text.is_empty() {
            pieces.push(Piece { kind, text });
        }
    };
    let mut done = 0;
    for change in changes {
        push(PieceKind::Same, old.get(done..change.old.start));
        push(PieceKind::Removed, old.get(change.old.clone()));
        push(PieceKind::Added, new.get(change.new.clone()));
        done = change.old.end;
    }
    push(PieceKind::Same, old.get(done..));
    pieces
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Number,
    Latin,
    Katakana,
    Other,
}

fn script(grapheme: &str) -> Script {
    match grapheme.chars().next() {
        Some('0'..='9' | '０'..='９') => Script::Number,
        Some('ァ'..='ヺ' | 'ー'..='ヿ' | 'ｦ'..='ﾟ') => Script::Katakana,
        Some('Ａ'..='Ｚ' | 'ａ'..='ｚ') => Script::Latin,
        Some(c) if u32::from(c) < 0x2E80 && c.is_alphabetic() => Script::Latin,
        _ => Script::Other,
    }
}

/// Numbers, Latin and katakana words as a whole, everything else by graphemes.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut running) = (0, Script::Other);
    for (at, grapheme) in text.grapheme_indices(true) {
        let script = script(grapheme);
        if at > start && (script != running || script == Script::Other) {
            words.extend(text.get(start..at));
            start = at;
        }
        running = script;
    }
    words.extend(text.get(start..).filter(|last| !last.is_empty()));
    words
}

/// Stretches up to and including 。、 and the like, or the end of the line.
fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '、', '．', '，', '！', '？', '.', ',', '!', '?', '\n']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> String {
        differences(old, new)
            .into_iter()
            .map(|piece| match piece.kind {
                PieceKind::Same => piece.text,
                PieceKind::Removed => format!("[-{}-]", piece.text),
                PieceKind::Added => format!("[+{}+]", piece.text),
            })
            .collect()
    }

    fn joined(pieces: &[Piece], without: PieceKind) -> String {
        pieces.iter().filter(|p| p.kind != without).map(|p| p.text.as_str()).collect()
    }

    #[test]
    fn differences_read_well() {
        for (old, new, expected) in [
            ("同じ文です。", "同じ文です。", "同じ文です。"),
            ("", "", ""),
            ("", "新しい", "[+新しい+]"),
            ("古い", "", "[-古い-]"),
            ("令和7年に実施します。", "令和8年に実施します。", "令和[-7-][+8+]年に実施します。"),
            ("2025年度の予算", "2026年度の予算", "[-2025-][+2026+]年度の予算"),
            ("オンライン申請を進める", "オフライン申請を進める", "[-オンライン-][+オフライン+]申請を進める"),
            ("計画に反対します。", "計画に強く反対いたします。", "計画に[+強く+]反対[+いた+]します。"),
            ("3月1日まで", "4月2日まで", "[-3月1-][+4月2+]日まで"),
            ("駅前に駐輪場を。", "公園を広くして。", "[-駅前に駐輪場を-][+公園を広くして+]。"),
        ] {
            assert_eq!(shown(old, new), expected);
        }
    }

    #[test]
    fn very_long_texts_are_compared_by_clauses_or_as_a_whole() {
        let long = (0..2_000).map(|i| format!("第{i}条について、意見があります。")).collect::<Vec<_>>().concat();
        let changed = format!("前文。{}末尾", long.replace("第1500条", "第千五百条").replace("第2条に", "第二条に"));
        let pieces = differences(&long, &changed);
        assert!(work(&words(&long), &words(&changed)) > MOST_WORK);
        assert_eq!(joined(&pieces, PieceKind::Added), long);
        assert_eq!(joined(&pieces, PieceKind::Removed), changed);
        assert!(pieces.iter().any(|p| p.text == "第1500条について、" && p.kind == PieceKind::Removed));
        let (a, b) = ("あ、".repeat(20_000), "い。う、".repeat(20_000));
        assert_eq!(differences(&a, &b).len(), 2);
    }

    proptest! {
        #[test]
        fn both_texts_come_back(old in "[あいう。、A1ア\n]{0,60}", new in "[あいう。、A1ア\n]{0,60}") {
            let pieces = differences(&old, &new);
            prop_assert_eq!(joined(&pieces, PieceKind::Added), old);
            prop_assert_eq!(joined(&pieces, PieceKind::Removed), new);
            prop_assert!(pieces.iter().all(|p| !p.text.is_empty()));
            let confetti = pieces.iter().enumerate().skip(1).take(pieces.len().saturating_sub(2))
                .filter(|(_, p)| p.kind == PieceKind::Same && p.text.chars().count() < READABLE).count();
            prop_assert_eq!(confetti, 0);
        }

        #[test]
        fn any_texts_come_back(old in any::<String>(), new in any::<String>()) {
            let pieces = differences(&old, &new);
            prop_assert_eq!(joined(&pieces, PieceKind::Added), old);
            prop_assert_eq!(joined(&pieces, PieceKind::Removed), new);
        }
    }
}
