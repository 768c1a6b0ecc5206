use std::collections::HashMap;

use super::terms::{Corpus, Term, float, words};
use super::{key, side::Side};
use crate::text;

/// From so much on (cosine of the weighted terms) a text belongs to the text its cluster is built around.
const ALIKE: f64 = 0.2;
/// The same when they have one term only in common.
const ALIKE_BY_ONE_TERM: f64 = 0.33;
/// A term leads to so many clusters at most. What more texts than these use tells little, and would cost most.
const MOST_LED_TO: usize = 500;
/// So many words explain a cluster.
const MOST_WORDS: usize = 5;

/// Opinions that could be gathered into one 要旨. A suggestion: a person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The ids given with the texts, two or more, in the order of the texts.
    pub members: Vec<i64>,
    /// Why: one to five terms that the texts share, the most telling first, as they stand in one of them.
    pub words: Vec<String>,
}

/// Texts that seem to speak of the same matter, the largest cluster first, then in the order of the texts. No text is in
/// two clusters; one that resembles no other is in none.
///
/// How: katakana words, runs of kanji and Latin words count by how seldom the texts use them (TF-IDF). The text that has
/// most in common with all the others becomes the middle of a cluster, then the next one that resembles no middle, and so
/// on; the others go to the middle they resemble most. Every member resembles the middle, so that nothing is chained
/// together. A text that says 賛成 is not put to one that says 反対. The answer depends on the texts and their order only.
#[must_use]
pub fn clusters(texts: &[(i64, &str)]) -> Vec<Cluster> {
    let nodes = distinct(texts);
    let representatives: Vec<&str> = nodes.iter().map(|node| node.text).collect();
    let corpus = Corpus::of(&representatives);
    let middles = assign(&nodes, &corpus);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (node, middle) in middles.iter().enumerate() {
        if let Some(members) = members.get_mut(*middle) {
            members.push(node);
        }
    }
    let mut clusters: Vec<(usize, Cluster)> =
        members.iter().filter_map(|members| cluster(members, &nodes, &corpus, texts)).collect();
    clusters.sort_by_key(|(first, cluster)| (std::cmp::Reverse(cluster.members.len()), *first));
    clusters.into_iter().map(|(_, cluster)| cluster).collect()
}

/// A text and the places at which it was given, however it was spaced and spelled.
struct Node<'a> {
    text: &'a str,
    places: Vec<usize>,
    side: Side,
}

fn distinct<'a>(texts: &[(i64, &'a str)]) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::with_capacity(texts.len());
    for (place, (_, text)) in texts.iter().enumerate() {
        let key = key(text);
        if key.is_empty() {
            continue;
        }
        let at = *known.entry(key).or_insert(nodes.len());
        match nodes.get_mut(at) {
            Some(node) => node.places.push(place),
            None => nodes.push(Node { text, places: vec![place], side: Side::of(text) }),
        }
    }
    nodes
}

/// For each node the middle of its cluster, perhaps itself.
fn assign(nodes: &[Node], corpus: &Corpus) -> Vec<usize> {
    let mut search = Search { postings: vec![Vec::new(); corpus.size], ..Search::default() };
    let mut is_middle = vec![false; nodes.len()];
    for node in by_commonness(nodes, corpus) {
        if search.best(node, nodes, corpus).is_none() {
            search.add(node, corpus);
            if let Some(middle) = is_middle.get_mut(node) {
                *middle = true;
            }
        }
    }
    let mut middle_of = |(node, is_middle): (usize, &bool)| {
        if *is_middle { node } else { search.best(node, nodes, corpus).unwrap_or(node) }
    };
    is_middle.iter().enumerate().map(&mut middle_of).collect()
}

/// The nodes, those first that have most in common with all the texts together.
fn by_commonness(nodes: &[Node], corpus: &Corpus) -> Vec<usize> {
    let mut sums = vec![0.0_f64; corpus.size];
    for (node, terms) in nodes.iter().zip(&corpus.texts) {
        for term in terms {
            if let Some(sum) = sums.get_mut(term.id) {
                *sum += term.weight * float(node.places.len());
            }
        }
    }
    let commonness = |terms: &Vec<Term>| -> f64 {
        terms.iter().map(|term| term.weight * sums.get(term.id).copied().unwrap_or_default()).sum()
    };
    let mut order: Vec<(usize, f64)> =
        corpus.texts.iter().enumerate().map(|(node, terms)| (node, commonness(terms))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().map(|(node, _)| node).collect()
}

/// The middles found so far, by their terms.
#[derive(Default)]
struct Search {
    /// The nodes that are middles.
    middles: Vec<usize>,
    /// For each term the middles that have it (their places in `middles`) and its weight there.
    postings: Vec<Vec<(usize, f64)>>,
    /// For each middle how much it resembles the node asked for, and in how many terms; zero between two questions.
    alike: Vec<(f64, usize)>,
    /// The middles whose number isn't zero.
    touched: Vec<usize>,
}

impl Search {
    fn add(&mut self, node: usize, corpus: &Corpus) {
        let place = self.middles.len();
        self.middles.push(node);
        self.alike.push((0.0, 0));
        for term in corpus.texts.get(node).into_iter().flatten() {
            if let Some(posting) = self.postings.get_mut(term.id).filter(|posting| posting.len() < MOST_LED_TO) {
                posting.push((place, term.weight));
            }
        }
    }

    /// The middle that a node resembles most and enough, the first of several.
    fn best(&mut self, node: usize, nodes: &[Node], corpus: &Corpus) -> Option<usize> {
        for term in corpus.texts.get(node)? {
            for (place, weight) in self.postings.get(term.id).into_iter().flatten() {
                if let Some((sum, terms)) = self.alike.get_mut(*place) {
                    if *terms == 0 {
                        self.touched.push(*place);
                    }
                    *sum += term.weight * weight;
                    *terms += 1;
                }
            }
        }
        let side = nodes.get(node)?.side;
        let mut best: Option<(f64, usize)> = None;
        for place in self.touched.drain(..) {
            let (sum, terms) = self.alike.get_mut(place).map(std::mem::take).unwrap_or_default();
            let is_enough = sum >= if terms > 1 { ALIKE } else { ALIKE_BY_ONE_TERM };
            let is_better = best.is_none_or(|(most, first)| sum > most || (sum >= most && place < first));
            let middle = self.middles.get(place).and_then(|middle| nodes.get(*middle));
            if is_enough && is_better && !middle.is_some_and(|middle| side.is_opposed_to(middle.side)) {
                best = Some((sum, place));
            }
        }
        best.and_then(|(_, place)| self.middles.get(place).copied())
    }
}

/// The cluster of some nodes and the place of its first text, when it has two texts or more.
fn cluster(members: &[usize], nodes: &[Node], corpus: &Corpus, texts: &[(i64, &str)]) -> Option<(usize, Cluster)> {
    let mut places: Vec<usize> =
        members.iter().filter_map(|node| nodes.get(*node)).flat_map(|node| node.places.iter().copied()).collect();
    places.sort_unstable();
    let first = *places.first()?;
    if places.len() < 2 {
        return None;
    }
    let mut words = words(shared(members, corpus), MOST_WORDS);
    if words.is_empty() {
        // Equal texts without a telling term (はい。).
        words.extend(texts.get(first).map(|(_, text)| text::excerpt(text.trim(), 20)));
    }
    let members = places.iter().filter_map(|place| texts.get(*place)).map(|(id, _)| *id).collect();
    Some((first, Cluster { members, words }))
}

/// The terms that at least two of the nodes have (of a single node all), each with the sum of its weights.
fn shared<'a>(members: &[usize], corpus: &Corpus<'a>) -> Vec<Term<'a>> {
    let mut all: Vec<Term<'a>> = members.iter().filter_map(|node| corpus.texts.get(*node)).flatten().copied().collect();
    all.sort_by_key(|term| term.id);
    let needed = members.len().min(2);
    let groups = all.chunk_by(|a, b| a.id == b.id).filter(|group| group.len() >= needed);
    groups
        .filter_map(|group| {
            let first = *group.first()?;
            Some(Term { weight: group.iter().map(|term| term.weight).sum(), ..first })
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests;
