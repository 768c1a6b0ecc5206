use super::key;
use super::terms::{Corpus, Term, words};

/// Below so much (cosine of the weighted terms) nothing is shown.
const WORTH_SHOWING: f64 = 0.15;
/// So much at most for texts that are not the same.
const NOT_THE_SAME: f64 = 0.99;
/// So many words explain a resemblance.
const MOST_WORDS: usize = 5;

/// A text that resembles another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Resembling {
    /// The id given with the text.
    pub id: i64,
    /// How much, from 0.15 to 1; 1 for the same text and for no other (spaces, punctuation and spelling aside).
    pub score: f64,
    /// Why: up to five terms that both have, the most telling first, as they stand in the text asked for. For the same
    /// text its own most telling terms, none when it has none.
    pub words: Vec<String>,
}

/// Which of `candidates` resemble `query`, at most `most`, the best first, equal ones by id. Terms are cut and weighed
/// as for [`clusters`](super::clusters).
#[must_use]
pub fn resembling(query: &str, candidates: &[(i64, &str)], most: usize) -> Vec<Resembling> {
    let query_key = key(query);
    if query_key.is_empty() {
        return Vec::new();
    }
    let texts: Vec<&str> = [query].into_iter().chain(candidates.iter().map(|(_, text)| *text)).collect();
    let corpus = Corpus::of(&texts);
    let Some((asked, others)) = corpus.texts.split_first() else { return Vec::new() };
    let mut scores = vec![(0.0_f64, false); corpus.size];
    for term in asked {
        if let Some(slot) = scores.get_mut(term.id) {
            *slot = (term.weight, true);
        }
    }
    let mut found: Vec<(Resembling, &Vec<Term>)> = Vec::new();
    for ((id, text), terms) in candidates.iter().zip(others) {
        let weight = |id: usize| scores.get(id).map_or(0.0, |(weight, _)| *weight);
        let cosine: f64 = terms.iter().map(|term| term.weight * weight(term.id)).sum();
        let may_be_same = cosine >= 0.9 || terms.is_empty();
        let score = if may_be_same && key(text) == query_key { 1.0 } else { cosine.min(NOT_THE_SAME) };
        if score >= WORTH_SHOWING {
            found.push((Resembling { id: *id, score, words: Vec::new() }, terms));
        }
    }
    found.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    found.truncate(most);
    found
        .into_iter()
        .map(|(found, terms)| Resembling { words: words(shared(asked, terms), MOST_WORDS), ..found })
        .collect()
}

/// The terms of `asked` that `other` has too, weighed by how much they add to the resemblance.
fn shared<'a>(asked: &[Term<'a>], other: &[Term]) -> Vec<Term<'a>> {
    let find =
        |term: &Term<'a>| other.binary_search_by_key(&term.id, |other| other.id).ok().and_then(|at| other.get(at));
    asked
        .iter()
        .filter_map(|term| find(term).map(|other| Term { weight: term.weight * other.weight, ..*term }))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cluster::tests::{OPINIONS, opinion};
    use super::*;

    fn candidates() -> Vec<(i64, &'static str)> {
        (1..).zip(OPINIONS).map(|(id, (_, text))| (id, text)).collect()
    }

    #[test]
    fn past_opinions_on_the_same_matter_are_found_with_the_reason() {
        for (query, matter) in [
            ("大井町駅の駐輪場を広げ、放置自転車を減らしてください。", "bicycles"),
            ("コミュニティバスを朝も走らせてほしい。", "bus"),
            ("認可保育園の待機児童を減らす計画を示してほしい。", "nursery"),
            ("街路樹の剪定をしすぎないでください。", "trees"),
        ] {
            let found = resembling(query, &candidates(), 3);
            let first = found.first().unwrap();
            assert_eq!(OPINIONS[usize::try_from(first.id - 1).unwrap()].0, matter, "{found:?}");
            assert!(
                first.words.iter().all(|word| query.contains(word.as_str())) && !first.words.is_empty(),
                "{first:?}"
            );
        }
        assert_eq!(resembling("議会の傍聴席を増設してほしい。", &candidates(), 3), []);
    }

    #[test]
    fn equal_scores_go_by_id_and_no_more_than_asked_for() {
        let text = "公園のベンチを木陰に移してください。";
        let candidates = [(7, text), (3, text), (5, "公園の ベンチを、木陰に移してください"), (1, "図書館")];
        let found: Vec<(i64, bool)> =
            resembling(text, &candidates, 2).iter().map(|found| (found.id, found.score >= 1.0)).collect();
        assert_eq!(found, [(3, true), (5, true)]);
        assert_eq!(resembling(text, &candidates, 0), []);
        assert_eq!(resembling("", &[(1, ""), (2, "公園")], 5), []);
        let same = resembling("はい", &[(1, "はい。")], 5);
        assert_eq!(same, [Resembling { id: 1, score: 1.0, words: vec![] }]);
    }

    proptest! {
        #[test]
        fn the_same_text_comes_first(query in opinion().prop_filter("empty", |text| !key(text).is_empty()), others in proptest::collection::vec(opinion(), 0..20)) {
            let mut candidates: Vec<(i64, &str)> = (1..).zip(others.iter().map(String::as_str)).collect();
            candidates.insert(candidates.len() / 2, (0, &query));
            let found = resembling(&query, &candidates, 5);
            prop_assert_eq!(found.first().map(|found| (found.id, found.score >= 1.0)), Some((0, true)));
            prop_assert!(found.len() <= 5);
            prop_assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
            prop_assert!(found.iter().all(|found| (WORTH_SHOWING..=1.0).contains(&found.score)));
            prop_assert!(found.iter().flat_map(|found| &found.words).all(|word| query.contains(word.as_str())));
        }
    }
}
