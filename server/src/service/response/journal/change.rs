//! What one operation changed: each row of the desk as it was before and as it was after.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    entity::{chapter, opinion_item, plan_change_summary, referral, summary, summary_item, summary_routing, ward_view},
    repository::desk::journal::State,
};

/// A row of the desk's tables, as far as the journal is concerned.
pub(super) trait Kept: Clone + PartialEq {
    /// Whether both say the same.
    fn says_same(&self, other: &Self) -> bool {
        self == other
    }

    /// What is written to have this again: it was changed into `after`, and is `current` now.
    fn restored(&self, _after: Option<&Self>, _current: Option<&Self>) -> Self {
        self.clone()
    }

    /// Whether it still is what the operation made of `before`.
    fn stands(&self, _before: Option<&Self>, current: &Self) -> bool {
        self.says_same(current)
    }
}

impl Kept for chapter::Model {}
impl Kept for opinion_item::Model {}
impl Kept for summary_item::Model {}
impl Kept for summary_routing::Model {}
impl Kept for plan_change_summary::Model {}

impl Kept for referral::Model {
    fn says_same(&self, other: &Self) -> bool {
        Self { reminded_on: None, ..self.clone() } == Self { reminded_on: None, ..other.clone() }
    }
}

impl Kept for summary::Model {
    fn says_same(&self, other: &Self) -> bool {
        let plain = |row: &Self| Self { version: 0, updated_at: 0, updated_by: 0, reminded_on: None, ..row.clone() };
        plain(self) == plain(other)
    }

    fn restored(&self, after: Option<&Self>, current: Option<&Self>) -> Self {
        let mut row = self.clone();
        row.version = current.map_or(row.version, |c| c.version);
        if let (Some(after), Some(current)) = (after, current) {
            // What the operation left alone stays as it is now.
            if self.department_id == after.department_id {
                row.department_id = current.department_id;
            }
            if self.due_on == after.due_on {
                row.due_on.clone_from(&current.due_on);
            }
            row.reminded_on.clone_from(&current.reminded_on);
        }
        row
    }

    fn stands(&self, before: Option<&Self>, current: &Self) -> bool {
        let mut current = current.clone();
        if let Some(before) = before {
            if before.department_id == self.department_id {
                current.department_id = self.department_id;
            }
            if before.due_on == self.due_on {
                current.due_on.clone_from(&self.due_on);
            }
        }
        self.says_same(&current)
    }
}

impl Kept for ward_view::Model {
    fn says_same(&self, other: &Self) -> bool {
        let plain = |row: &Self| Self { version: 0, updated_at: 0, updated_by: 0, ..row.clone() };
        plain(self) == plain(other)
    }

    fn restored(&self, _: Option<&Self>, current: Option<&Self>) -> Self {
        Self { version: current.map_or(self.version, |c| c.version) + 1, ..self.clone() }
    }
}

/// One row, before and after; nothing where it wasn't there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry<M> {
    pub before: Option<M>,
    pub after: Option<M>,
}

/// Everything one operation changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    pub chapters: Vec<Entry<chapter::Model>>,
    pub rows: Vec<Entry<summary::Model>>,
    pub answers: Vec<Entry<ward_view::Model>>,
    pub items: Vec<Entry<opinion_item::Model>>,
    pub links: Vec<Entry<summary_item::Model>>,
    pub routings: Vec<Entry<summary_routing::Model>>,
    pub referrals: Vec<Entry<referral::Model>>,
    pub causes: Vec<Entry<plan_change_summary::Model>>,
}

fn entries<K: Ord + Copy, M: Kept>(mut before: BTreeMap<K, M>, mut after: BTreeMap<K, M>) -> Vec<Entry<M>> {
    let keys: BTreeSet<K> = before.keys().chain(after.keys()).copied().collect();
    keys.into_iter()
        .map(|key| Entry { before: before.remove(&key), after: after.remove(&key) })
        .filter(|entry| match (&entry.before, &entry.after) {
            (Some(before), Some(after)) => !before.says_same(after),
            _ => true,
        })
        .collect()
}

impl<M> Entry<M> {
    /// The row, as it was or became.
    pub fn any(&self) -> Option<&M> {
        self.before.as_ref().or(self.after.as_ref())
    }

    /// Whether it came or went.
    const fn is_whole(&self) -> bool {
        self.before.is_none() || self.after.is_none()
    }

    /// Whether it is gone when this is taken back.
    pub const fn is_made(&self) -> bool {
        self.before.is_none()
    }
}

/// The rows of the desk that a change is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub chapters: BTreeSet<i64>,
    pub rows: BTreeSet<i64>,
    pub answers: BTreeSet<i64>,
    pub items: BTreeSet<i64>,
    /// Chapters and answers that came or went.
    came_or_went: Used,
    /// Chapters and answers that its rows had and have.
    used: Used,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Used {
    chapters: BTreeSet<i64>,
    answers: BTreeSet<i64>,
}

impl Used {
    fn meets(&self, other: &Self) -> bool {
        !self.chapters.is_disjoint(&other.chapters) || !self.answers.is_disjoint(&other.answers)
    }
}

impl Reach {
    /// Whether both are about the same row of the desk, or one needs what came or went with the other.
    pub fn meets(&self, other: &Self) -> bool {
        !self.chapters.is_disjoint(&other.chapters)
            || !self.rows.is_disjoint(&other.rows)
            || !self.answers.is_disjoint(&other.answers)
            || !self.items.is_disjoint(&other.items)
            || self.came_or_went.meets(&other.used)
            || self.used.meets(&other.came_or_went)
    }
}

impl Change {
    /// What is different.
    pub fn between(before: State, after: State) -> Self {
        Self {
            chapters: entries(before.chapters, after.chapters),
            rows: entries(before.rows, after.rows),
            answers: entries(before.answers, after.answers),
            items: entries(before.items, after.items),
            links: entries(before.links, after.links),
            routings: entries(before.routings, after.routings),
            referrals: entries(before.referrals, after.referrals),
            causes: entries(before.causes, after.causes),
        }
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What it is about.
    pub fn reach(&self) -> Reach {
        let links = || self.links.iter().filter_map(Entry::any);
        let versions = || self.rows.iter().flat_map(|e| e.before.iter().chain(e.after.iter()));
        let came_or_went = Used {
            chapters: (self.chapters.iter().filter(|e| e.is_whole()).filter_map(Entry::any).map(|c| c.id)).collect(),
            answers: (self.answers.iter().filter(|e| e.is_whole()).filter_map(Entry::any).map(|a| a.id)).collect(),
        };
        let used = Used {
            chapters: versions().map(|r| r.chapter_id).collect(),
            answers: versions().filter_map(|r| r.ward_view_id).collect(),
        };
        Reach {
            came_or_went,
            used,
            chapters: self.chapters.iter().filter_map(Entry::any).map(|c| c.id).collect(),
            rows: (self.rows.iter().filter_map(Entry::any).map(|r| r.id))
                .chain(links().map(|l| l.summary_id))
                .chain(self.routings.iter().filter_map(Entry::any).map(|r| r.summary_id))
                .chain(self.referrals.iter().filter_map(Entry::any).map(|r| r.summary_id))
                .chain(self.causes.iter().filter_map(Entry::any).map(|c| c.summary_id))
                .collect(),
            answers: self.answers.iter().filter_map(Entry::any).map(|a| a.id).collect(),
            items: (self.items.iter().filter_map(Entry::any).map(|i| i.id))
                .chain(links().map(|l| l.opinion_item_id))
                .collect(),
        }
    }
}
