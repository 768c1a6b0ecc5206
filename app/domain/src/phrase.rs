//! The ward's phrases for 区の考え方, each with a plainer way to say it, and what an answer should be looked at for.
//!
//! Nothing here is wrong or forbidden: official phrases are used every day. A hint says that a reader may be left without
//! knowing what will happen.

use serde::{Deserialize, Serialize};

use crate::text;

/// One phrase of the ward's list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// As it is used in answers.
    pub text: String,
    /// The same in plain words, with 〇 where something has to be filled in; may be empty.
    pub plain: String,
}

/// Longest phrase or alternative in graphemes.
pub const PHRASE_MAX: usize = 400;
/// Most phrases of a ward.
pub const PHRASES_MAX: usize = 100;

/// What to look at in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// It holds the phrase at this place of the list, which has a plain alternative.
    Phrase(usize),
    /// It says that something will be considered, without what or until when.
    Considering {
        /// The sentence.
        sentence: String,
        /// It doesn't say what is considered.
        lacks_what: bool,
        /// It doesn't say until when.
        lacks_when: bool,
    },
    /// A place of a plain alternative is still to be filled in (〇〇).
    Blank(String),
}

/// What to look at in an answer: phrases in the order of the list, what will be considered, and what was left blank. A phrase within a longer one that was
/// found isn't named again.
#[must_use]
pub fn hints(answer: &str, phrases: &[Phrase]) -> Vec<Hint> {
    let folded = bare(answer);
    let mut found: Vec<(usize, String)> = (0..)
        .zip(phrases)
        .filter(|(_, phrase)| !phrase.plain.is_empty())
        .map(|(place, phrase)| (place, bare(&phrase.text)))
        .filter(|(_, text)| !text.is_empty() && folded.contains(text.as_str()))
        .collect();
    let all = found.clone();
    found.retain(|(place, text)| {
        !all.iter().any(|(other, wider)| other != place && wider.len() > text.len() && wider.contains(text.as_str()))
    });
    let considered: Vec<Hint> = sentences(answer).filter_map(considering).collect();
    // What is asked of 「検討します」 itself says more than that there is a plainer way.
    found.retain(|(_, text)| considered.is_empty() || !CONSIDERING.contains(&text.as_str()));
    let mut hints: Vec<Hint> = found.into_iter().map(|(place, _)| Hint::Phrase(place)).collect();
    hints.extend(considered);
    for sentence in sentences(answer) {
        if sentence.contains("〇〇") || sentence.contains("○○") {
            hints.push(Hint::Blank(sentence.to_owned()));
        }
    }
    hints
}

/// Without spaces, width and the signs that end a phrase, so that a phrase is found within a sentence.
fn bare(text: &str) -> String {
    text::fold(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '、' | ',' | '。' | '.' | '･' | '・'))
        .collect()
}

/// The sentences of a text, with their full stops, without empty ones.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['。', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// Ways to promise that something will be considered.
const CONSIDERING: [&str; 6] =
    ["検討します", "検討いたします", "検討してまいります", "検討していきます", "検討を進めます", "検討を行います"];
/// What leads to the thing that is considered.
const OBJECT: [&str; 6] = ["を検討", "について", "に関して", "に関する", "の検討", "かどうか"];

fn considering(sentence: &str) -> Option<Hint> {
    let end = CONSIDERING.iter().find_map(|words| sentence.find(words))?;
    let before = sentence.get(..end)?;
    // 「の設置を検討します」 names a thing; 「検討を進めます」 has を behind the word.
    let up_to_word = sentence.get(..end + "検討".len()).unwrap_or(before);
    let lacks_what = !OBJECT.iter().any(|words| up_to_word.contains(words));
    let lacks_when = !says_when(before);
    (lacks_what || lacks_when).then(|| Hint::Considering { sentence: sentence.to_owned(), lacks_what, lacks_when })
}

/// Whether a stretch names a time: a year, a month, a day, or a step of the plan.
fn says_when(text: &str) -> bool {
    let folded = text::fold(text);
    let has_number_before = |unit: char| {
        let mut before = ' ';
        folded.chars().any(|c| {
            let hit = c == unit && (before.is_ascii_digit() || matches!(before, '元' | '一'..='十' | '〇' | '○'));
            before = c;
            hit
        })
    };
    ['年', '月', '日', '期'].into_iter().any(has_number_before)
        || ["今年度", "来年度", "翌年度", "本年度", "年内", "年度内", "年度中", "までに", "時期に"]
            .iter()
            .any(|words| folded.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str, plain: &str) -> Phrase {
        Phrase { text: text.to_owned(), plain: plain.to_owned() }
    }

    #[test]
    fn phrases_with_a_plain_alternative_are_found_whatever_their_commas() {
        let list = [
            phrase("参考とさせていただきます", "参考にします"),
            phrase(
                "いただいたご意見は、貴重なご提案として、参考とさせていただきます",
                "計画の〇〇を決める際の資料にします",
            ),
            phrase("ありがとうございます", ""),
        ];
        assert_eq!(hints("いただいたご意見は貴重なご提案として参考とさせていただきます。", &list), [Hint::Phrase(1)]);
        assert_eq!(hints("今後の参考とさせていただきます。ありがとうございます。", &list), [Hint::Phrase(0)]);
        assert_eq!(hints("花壇を設置します。", &list), []);
    }

    #[test]
    fn considering_needs_what_and_when() {
        let lacks = |answer: &str| match hints(answer, &[]).first() {
            Some(Hint::Considering { lacks_what, lacks_when, .. }) => Some((*lacks_what, *lacks_when)),
            _ => None,
        };
        assert_eq!(lacks("検討します。"), Some((true, true)));
        assert_eq!(lacks("今後、検討してまいります。"), Some((true, true)));
        assert_eq!(lacks("ベンチの設置を検討します。"), Some((false, true)));
        assert_eq!(lacks("来年度に検討いたします。"), Some((true, false)));
        assert_eq!(lacks("令和９年３月までに、ベンチの設置について検討します。"), None);
        assert_eq!(lacks("ベンチの設置の検討を進めます。"), Some((false, true)));
        assert_eq!(lacks("第2期の計画で、ベンチの設置を検討します。"), None);
        assert_eq!(lacks("検討した結果、設置します。"), None);
        let list = [phrase("検討します", "〇〇を、〇〇までに検討します")];
        assert!(matches!(hints("検討します。", &list)[..], [Hint::Considering { .. }]));
        assert_eq!(hints("令和9年3月までに、設置を検討します。", &list), [Hint::Phrase(0)]);
        assert_eq!(
            hints("一つ目です。\n検討します。三つ目です。", &[]),
            [Hint::Considering { sentence: "検討します。".to_owned(), lacks_what: true, lacks_when: true }]
        );
    }

    #[test]
    fn blanks_that_were_left_are_named() {
        assert_eq!(hints("〇〇を設置します。", &[]), [Hint::Blank("〇〇を設置します。".to_owned())]);
        assert_eq!(hints("○○課が行います。", &[]), [Hint::Blank("○○課が行います。".to_owned())]);
    }
}
