use std::collections::{HashMap, HashSet};

use super::{Run, RunKind};

/// The words that texts themselves show to be words.
#[derive(Debug, Default)]
pub(super) struct Lexicon<'a> {
    /// Kanji runs of 2 to 4 and katakana runs that stand alone, and what begins or ends several compounds.
    words: HashSet<&'a str>,
}

impl<'a> Lexicon<'a> {
    pub(super) fn of<'r>(runs: impl Iterator<Item = &'r Run<'a>>) -> Self
    where
        'a: 'r,
    {
        let mut distinct = HashSet::new();
        let mut words = HashSet::new();
        let mut begins: HashMap<(&'a str, bool), bool> = HashMap::new();
        for run in runs.filter(|run| matches!(run.kind, RunKind::Kanji | RunKind::Katakana)) {
            if !distinct.insert(run.text) {
                continue;
            }
            let length = run.text.chars().count();
            if run.kind == RunKind::Katakana || length <= 4 {
                words.insert(run.text);
            }
            if run.kind == RunKind::Katakana {
                continue;
            }
            for size in 2..=4.min(length.saturating_sub(1)) {
                let parts = [(part(run.text, 0, size), false), (part(run.text, length - size, size), true)];
                for key in parts {
                    begins.entry(key).and_modify(|several| *several = true).or_default();
                }
            }
        }
        words.extend(begins.into_iter().filter(|(_, several)| *several).map(|((word, _), _)| word));
        Self { words }
    }

    /// The known words within a run, longest first from the left, none overlapping, never the run itself.
    pub(super) fn parts(&self, run: Run<'a>) -> Vec<&'a str> {
        let length = run.text.chars().count();
        if run.kind == RunKind::Katakana {
            return self.katakana_parts(run.text, length);
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while at + 2 <= length {
            let most = 4.min(length - at).min(length.saturating_sub(1));
            let found = (2..=most).rev().map(|size| (size, part(run.text, at, size)));
            match found.into_iter().find(|(_, part)| self.words.contains(part)) {
                Some((size, part)) => {
                    parts.push(part);
                    at += size;
                }
                None => at += 1,
            }
        }
        parts
    }

    /// コミュニティバス holds バス, オープンデータ holds データ: what begins or ends a long word and stands alone elsewhere.
    fn katakana_parts(&self, text: &'a str, length: usize) -> Vec<&'a str> {
        if length < 5 {
            return Vec::new();
        }
        let ends = (2..length - 1).rev().map(|size| part(text, length - size, size));
        let begins = (3..length - 1).rev().map(|size| part(text, 0, size));
        let known = |part: &&str| self.words.contains(part);
        begins.into_iter().find(known).into_iter().chain(ends.into_iter().find(known)).collect()
    }
}

/// `size` characters from the character `from` on.
fn part(text: &str, from: usize, size: usize) -> &str {
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(from);
    let start = places.next().unwrap_or(text.len());
    let end = if size == 0 { start } else { places.nth(size - 1).unwrap_or(text.len()) };
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_by_characters() {
        assert_eq!(part("放置自転車", 2, 3), "自転車");
        assert_eq!(part("放置", 1, 9), "置");
        assert_eq!(part("放置", 0, 0), "");
        assert_eq!(part("", 3, 3), "");
    }
}
