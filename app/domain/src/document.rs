//! Documents of a theme, their stages, and what differs between two versions of a text.

use std::collections::HashMap;

use crate::draft_text::{Block, BlockKind, Change};

/// Longest title of a document, in characters.
pub const TITLE_MAX: usize = 120;
/// Longest note on what changed, in characters.
pub const NOTE_MAX: usize = 500;
/// Longest text of a draft and longest text for reading aloud, in characters: some 300 printed pages.
pub const TEXT_MAX: usize = 200_000;
/// Most headings, paragraphs, items and tables of a draft.
pub const BLOCKS_MAX: usize = 3_000;

/// How far a version of a document has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DocumentStage {
    /// 資料: other material, and what was there before stages were noted.
    #[default]
    Initial,
    /// 素案.
    Draft,
    /// 暫定版.
    Interim,
    /// 案.
    Proposal,
    /// 成案.
    Final,
}

impl DocumentStage {
    /// Every stage.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Interim, Self::Proposal, Self::Final, Self::Initial];

    /// The stable code, used in the database and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Draft => "draft",
            Self::Interim => "interim",
            Self::Proposal => "proposal",
            Self::Final => "final",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// Whether opinions are asked on it: a page that an opinion names is a page of it.
    #[must_use]
    pub const fn is_consulted(self) -> bool {
        matches!(self, Self::Draft | Self::Interim | Self::Proposal)
    }
}

/// A block of the one or the other version, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// It is in the newer version.
    Here {
        /// The block of the newer version.
        block: Block,
        /// What became of it since the older version.
        change: Change,
        /// Its text in the older version, when that was another.
        before: Option<String>,
    },
    /// It was in the older version only.
    Removed(Block),
}

/// Puts two versions of a text side by side, by their anchors. A removed block stands behind the block that was before
/// it. Blocks that kept their order are as many as possible; the others count as moved.
#[must_use]
pub fn compare(old: &[Block], new: &[Block]) -> Vec<Compared> {
    let old_places: HashMap<&str, usize> =
        old.iter().enumerate().map(|(place, block)| (block.anchor.as_str(), place)).collect();
    let places: Vec<Option<usize>> = new.iter().map(|block| old_places.get(block.anchor.as_str()).copied()).collect();
    let known: Vec<usize> = places.iter().flatten().copied().collect();
    let in_order: std::collections::HashSet<usize> = longest_rising(&known).into_iter().collect();
    let here: std::collections::HashSet<&str> = new.iter().map(|block| block.anchor.as_str()).collect();
    let gone_after = |place: Option<usize>| {
        let next = place.map_or(0, |place| place + 1);
        old.iter().skip(next).take_while(|block| !here.contains(block.anchor.as_str())).cloned().map(Compared::Removed)
    };
    let mut compared: Vec<Compared> = gone_after(None).collect();
    for (block, place) in new.iter().zip(places) {
        let before = place.and_then(|place| old.get(place));
        let change = match (place, before) {
            (Some(_), Some(before)) if before.text != block.text || !same_kind(before.kind, block.kind) => {
                Change::Changed
            }
            (Some(place), Some(_)) if in_order.contains(&place) => Change::Unchanged,
            (Some(_), Some(_)) => Change::Moved,
            _ => Change::Added,
        };
        let before = before.filter(|before| before.text != block.text).map(|before| before.text.clone());
        compared.push(Compared::Here { block: block.clone(), change, before });
        if place.is_some() {
            compared.extend(gone_after(place));
        }
    }
    compared
}

/// A paragraph that became an item of a list reads the same; one that became a heading doesn't.
fn same_kind(one: BlockKind, other: BlockKind) -> bool {
    matches!(one, BlockKind::Heading(_)) == matches!(other, BlockKind::Heading(_))
}

/// The longest rising sequence in some numbers that are all different.
fn longest_rising(numbers: &[usize]) -> Vec<usize> {
    // The least last number of a rising sequence of each length, as an index, and what came before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (index, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers.get(*end).is_some_and(|last| last < number));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut rising = Vec::new();
    let mut at = ends.last().copied();
    while let Some(index) = at {
        rising.extend(numbers.get(index));
        at = before.get(index).copied().flatten();
    }
    rising.reverse();
    rising
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block(anchor: &str, text: &str) -> Block {
        Block {
            anchor: anchor.to_owned(),
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
            html: format!("<p>{text}</p>"),
            change: Change::Unchanged,
        }
    }

    fn told(compared: &[Compared]) -> Vec<String> {
        compared
            .iter()
            .map(|line| match line {
                Compared::Here { block, change, .. } => format!("{} {}", block.anchor, change.code()),
                Compared::Removed(block) => format!("{} removed", block.anchor),
            })
            .collect()
    }

    #[test]
    fn stages_have_codes() {
        for stage in DocumentStage::ALL {
            assert_eq!(DocumentStage::from_code(stage.code()), Some(stage));
        }
        assert_eq!(DocumentStage::from_code("other"), None);
    }

    #[test]
    fn versions_are_compared_by_their_anchors() {
        let old: Vec<Block> = ["p1", "p2", "p3", "p4", "p5"].map(|a| block(a, a)).to_vec();
        let new = [block("p2", "p2"), block("p5", "p5"), block("p3", "p3 changed"), block("p6", "p6")];
        let compared = compare(&old, &new);
        assert_eq!(told(&compared), ["p1 removed", "p2 unchanged", "p5 moved", "p3 changed", "p4 removed", "p6 added"]);
        let before = compared.iter().find_map(|line| match line {
            Compared::Here { before, .. } => before.clone(),
            Compared::Removed(_) => None,
        });
        assert_eq!(before.as_deref(), Some("p3"));
    }

    #[test]
    fn a_paragraph_that_became_a_heading_is_changed() {
        let mut heading = block("p1", "目標");
        heading.kind = BlockKind::Heading(2);
        assert_eq!(told(&compare(&[block("p1", "目標")], &[heading])), ["p1 changed"]);
    }

    proptest! {
        #[test]
        fn every_block_is_told_once(
            old in Just((0..12_u8).collect::<Vec<_>>()).prop_shuffle(),
            new in Just((6..18_u8).collect::<Vec<_>>()).prop_shuffle(),
            keep in 0..12_usize,
        ) {
            let blocks = |numbers: &[u8]| -> Vec<Block> {
                numbers.iter().map(|n| block(&format!("p{n}"), "x")).collect()
            };
            let (old, new) = (blocks(&old[..keep]), blocks(&new));
            let compared = compare(&old, &new);
            let here: Vec<&str> = compared.iter().filter_map(|line| match line {
                Compared::Here { block, .. } => Some(block.anchor.as_str()),
                Compared::Removed(_) => None,
            }).collect();
            prop_assert_eq!(here, new.iter().map(|b| b.anchor.as_str()).collect::<Vec<_>>());
            let removed = compared.iter().filter(|line| matches!(line, Compared::Removed(_))).count();
            let gone = old.iter().filter(|b| new.iter().all(|n| n.anchor != b.anchor)).count();
            prop_assert_eq!(removed, gone);
        }
    }
}
