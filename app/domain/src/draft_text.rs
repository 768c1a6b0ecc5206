//! The draft's own text (素案) as blocks, each with an anchor that stays its own when a new version comes: opinions and
//! links hang on it.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    similarity::{jaccard, same_runs, shingles},
    text::fold,
};

/// A paragraph whose pairs of letters agree by so much (Jaccard) with the old one in its place is the old one, changed.
const ALIKE: f64 = 0.5;

/// Where more pairs of blocks than this could be compared, only those are that stand near each other.
const MOST_PAIRS: usize = 200_000;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum BlockKind {
    /// A heading of a level from 1 (the title) to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A table.
    Table,
    /// A quotation or note.
    Quote,
}

/// Which blocks can become each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Class {
    Heading,
    Text,
    Table,
}

impl BlockKind {
    /// The stable code, used in the database. Levels beyond 1 to 6 are taken as the nearest.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Heading(0 | 1) => "heading-1",
            Self::Heading(2) => "heading-2",
            Self::Heading(3) => "heading-3",
            Self::Heading(4) => "heading-4",
            Self::Heading(5) => "heading-5",
            Self::Heading(_) => "heading-6",
            Self::Paragraph => "paragraph",
            Self::Item => "item",
            Self::Table => "table",
            Self::Quote => "quote",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let others = [Self::Paragraph, Self::Item, Self::Table, Self::Quote];
        (1..=6).map(Self::Heading).chain(others).find(|kind| kind.code() == code)
    }

    const fn class(self) -> Class {
        match self {
            Self::Heading(_) => Class::Heading,
            Self::Paragraph | Self::Item | Self::Quote => Class::Text,
            Self::Table => Class::Table,
        }
    }
}

impl From<BlockKind> for String {
    fn from(kind: BlockKind) -> Self {
        kind.code().to_owned()
    }
}

impl TryFrom<String> for BlockKind {
    type Error = String;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::from_code(&code).ok_or_else(|| format!("no kind of block: {code}"))
    }
}

/// A block of a version that has just come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its plain text.
    pub text: String,
    /// Its HTML, cleaned.
    pub html: String,
}

/// A block with its anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// p1, p2 …: never given to another block of the document, in no version.
    pub anchor: String,
    /// What it is.
    pub kind: BlockKind,
    /// Its plain text.
    pub text: String,
    /// Its HTML, cleaned.
    pub html: String,
    /// What became of it since the version before.
    pub change: Change,
}

/// What became of a block since the version before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing; also every block of the first version.
    #[default]
    Unchanged,
    /// The same text stands elsewhere.
    Moved,
    /// The text in its place was changed.
    Changed,
    /// It is new.
    Added,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::Unchanged, Self::Moved, Self::Changed, Self::Added];

    /// The stable code, used in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.code() == code)
    }
}

/// A version with the anchors of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedOver {
    /// The blocks of the new version.
    pub blocks: Vec<Block>,
    /// The anchors of old blocks that are gone, in their old order.
    pub removed: Vec<String>,
    /// The number of the next new anchor of this document: to be kept with it.
    pub next_anchor: u32,
}

/// The first version: every block gets an anchor, and none counts as changed.
#[must_use]
pub fn first(blocks: Vec<NewBlock>) -> CarriedOver {
    let mut numbered = carry_over(&[], 1, blocks);
    for block in &mut numbered.blocks {
        block.change = Change::Unchanged;
    }
    numbered
}

/// Gives a new version the anchors of the old one.
///
/// A block with the same text (but for width, case and spaces) keeps its anchor wherever it stands: it is unchanged when
/// it kept its order, or else moved. Of what is left between two unchanged neighbours, blocks of the same kind that
/// resemble each other by half or more are the same, changed. What then is left is added, and gets a fresh number.
#[must_use]
pub fn carry_over(old: &[Block], next_anchor: u32, new: Vec<NewBlock>) -> CarriedOver {
    let old_sides: Vec<Side> = old.iter().map(|block| Side::new(block.kind, &block.text)).collect();
    let new_sides: Vec<Side> = new.iter().map(|block| Side::new(block.kind, &block.text)).collect();
    let mut matching = Matching { of_new: vec![None; new.len()], old_taken: vec![false; old.len()] };
    matching.keep_in_order(&old_sides, &new_sides);
    let in_order = matching.of_new.clone();
    matching.find_again(&old_sides, &new_sides, |side| (side.class, side.folded.as_str()), Change::Moved);
    // A paragraph that was made a heading, word for word.
    matching.find_again(&old_sides, &new_sides, |side| side.folded.as_str(), Change::Changed);
    matching.find_changed(&in_order, &old_sides, &new_sides);
    matching.finish(old, next_anchor, new)
}

/// What a block is compared by.
struct Side {
    class: Class,
    folded: String,
}

impl Side {
    fn new(kind: BlockKind, text: &str) -> Self {
        Self { class: kind.class(), folded: fold(text).split_whitespace().collect() }
    }
}

/// Which old block each new one is.
struct Matching {
    of_new: Vec<Option<(usize, Change)>>,
    old_taken: Vec<bool>,
}

impl Matching {
    fn link(&mut self, old: usize, new: usize, change: Change) {
        if let (Some(taken @ false), Some(of_new @ None)) = (self.old_taken.get_mut(old), self.of_new.get_mut(new)) {
            *taken = true;
            *of_new = Some((old, change));
        }
    }

    fn is_free_old(&self, old: usize) -> bool {
        self.old_taken.get(old) == Some(&false)
    }

    fn is_free_new(&self, new: usize) -> bool {
        self.of_new.get(new) == Some(&None)
    }

    /// The longest sequence that both versions have in the same order.
    fn keep_in_order(&mut self, old: &[Side], new: &[Side]) {
        let mut numbers: HashMap<(Class, &str), (usize, bool)> = HashMap::new();
        for side in old {
            let number = numbers.len();
            numbers.entry((side.class, &side.folded)).or_insert((number, false));
        }
        for side in new {
            if let Some((_, in_both)) = numbers.get_mut(&(side.class, side.folded.as_str())) {
                *in_both = true;
            }
        }
        // What only one version has can't match and would only make the comparison long.
        let common = |sides: &[Side]| -> (Vec<usize>, Vec<usize>) {
            let known = sides.iter().enumerate().filter_map(|(at, side)| {
                numbers
                    .get(&(side.class, side.folded.as_str()))
                    .filter(|(_, in_both)| *in_both)
                    .map(|(number, _)| (at, *number))
            });
            known.unzip()
        };
        let ((old_places, old_numbers), (new_places, new_numbers)) = (common(old), common(new));
        for (in_old, in_new, length) in same_runs(&old_numbers, &new_numbers) {
            let olds = old_places.iter().skip(in_old);
            for (old, new) in olds.zip(new_places.iter().skip(in_new)).take(length) {
                self.link(*old, *new, Change::Unchanged);
            }
        }
    }

    /// Links what is left and the same by `key`, in order.
    fn find_again<'a, K: Eq + std::hash::Hash>(
        &mut self,
        old: &'a [Side],
        new: &'a [Side],
        key: impl Fn(&'a Side) -> K,
        change: Change,
    ) {
        let mut left: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (at, side) in old.iter().enumerate().filter(|(at, _)| self.is_free_old(*at)) {
            left.entry(key(side)).or_default().push_back(at);
        }
        for (at, side) in new.iter().enumerate() {
            if self.is_free_new(at)
                && let Some(found) = left.get_mut(&key(side)).and_then(VecDeque::pop_front)
            {
                self.link(found, at, change);
            }
        }
    }

    /// Links, between blocks that kept their order, what resembles each other most.
    fn find_changed(&mut self, in_order: &[Option<(usize, Change)>], old: &[Side], new: &[Side]) {
        let (mut next_old, mut next_new) = (0, 0);
        let end = (old.len(), new.len());
        let kept = in_order.iter().enumerate().filter_map(|(new, link)| link.map(|(old, _)| (old, new)));
        for (kept_old, kept_new) in kept.chain([end]) {
            let olds: Vec<Candidate> = candidates(old, next_old, kept_old, |at| self.is_free_old(at));
            let news: Vec<Candidate> = candidates(new, next_new, kept_new, |at| self.is_free_new(at));
            for (_, old, new) in alike(&olds, &news) {
                self.link(old, new, Change::Changed);
            }
            (next_old, next_new) = (kept_old + 1, kept_new + 1);
        }
    }

    fn finish(self, old: &[Block], next_anchor: u32, new: Vec<NewBlock>) -> CarriedOver {
        let used = old.iter().filter_map(|block| block.anchor.strip_prefix('p')?.parse::<u32>().ok()).max();
        let mut next_anchor = next_anchor.max(used.map_or(1, |used| used.saturating_add(1)));
        let blocks = new
            .into_iter()
            .zip(self.of_new)
            .map(|(NewBlock { kind, text, html }, link)| {
                let known = link.and_then(|(at, change)| old.get(at).map(|block| (block.anchor.clone(), change)));
                let (anchor, change) = known.unwrap_or_else(|| {
                    let anchor = format!("p{next_anchor}");
                    next_anchor = next_anchor.saturating_add(1);
                    (anchor, Change::Added)
                });
                Block { anchor, kind, text, html, change }
            })
            .collect();
        let gone = old.iter().zip(self.old_taken).filter(|(_, taken)| !taken);
        CarriedOver { blocks, removed: gone.map(|(block, _)| block.anchor.clone()).collect(), next_anchor }
    }
}

/// A block that may be the same as another, changed.
struct Candidate {
    at: usize,
    class: Class,
    pairs: Vec<u128>,
}

fn candidates(sides: &[Side], from: usize, to: usize, free: impl Fn(usize) -> bool) -> Vec<Candidate> {
    let here = sides.iter().enumerate().take(to).skip(from).filter(|(at, _)| free(*at));
    here.map(|(at, side)| Candidate { at, class: side.class, pairs: shingles(&side.folded, 2) }).collect()
}

/// The pairs of old and new that are alike, the most alike first, of equals those that stand first. In a version written
/// quite anew (more than [`MOST_PAIRS`]) each old block is compared with those about the same place only.
fn alike(olds: &[Candidate], news: &[Candidate]) -> Vec<(f64, usize, usize)> {
    let mut found = Vec::new();
    let width = MOST_PAIRS / olds.len().max(1);
    for (place, old) in olds.iter().enumerate() {
        let middle = place * news.len() / olds.len();
        let first = if width >= news.len() { 0 } else { middle.saturating_sub(width / 2) };
        for new in news.iter().skip(first).take(width.max(1)).filter(|new| new.class == old.class) {
            // Sets of sizes so different can't be alike.
            let (fewer, more) = (old.pairs.len().min(new.pairs.len()), old.pairs.len().max(new.pairs.len()));
            if more > fewer * 2 {
                continue;
            }
            let alike = jaccard(&old.pairs, &new.pairs);
            if alike >= ALIKE {
                found.push((alike, old.at, new.at));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    found
}

/// The headings: anchor, level and title, in order.
#[must_use]
pub fn outline(blocks: &[Block]) -> Vec<(String, u8, String)> {
    let headings = blocks.iter().filter_map(|block| match block.kind {
        BlockKind::Heading(level) => Some((block.anchor.clone(), level, block.text.clone())),
        _ => None,
    });
    headings.collect()
}

/// The heading that a block stands under: the nearest before it, of any level; a heading stands under itself. `None` for
/// an unknown anchor and before the first heading.
#[must_use]
pub fn chapter_of<'a>(blocks: &'a [Block], anchor: &str) -> Option<&'a Block> {
    let at = blocks.iter().position(|block| block.anchor == anchor)?;
    let until = blocks.get(..=at)?;
    until.iter().rev().find(|block| matches!(block.kind, BlockKind::Heading(_)))
}

#[cfg(test)]
mod tests;
