use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use super::minhash::{NEAR, Signature, jaccard, signature, standard_shingles};

/// So many variants of one band are looked at, the newest first: a campaign's thousands of variants all share bands, and
/// any of them leads to their group.
const PER_BAND: usize = 24;
/// So many candidates, the most promising first, are compared exactly.
const COMPARED: usize = 6;
/// Candidates agreeing in fewer of the 64 rows are out of reach of [`NEAR`].
const LEAST_AGREEMENT: usize = 29;

/// Where a text was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The number of its variant, counted from 0 in the order they came.
    pub variant: usize,
    /// The number of its group, counted from 0 in the order they came.
    pub group: usize,
    /// No text with this key was known before.
    pub new_variant: bool,
    /// Nor any that resembles it.
    pub new_group: bool,
}

/// Groups texts one after the other, for bulk import: keeps the keys of distinct variants only. What is grouped where
/// depends on the order (groups that a later text would bridge stay apart); the same order gives the same groups.
///
/// Numbers are the grouper's own. Existing variants come in by [`seed`](Self::seed) with their database ids; new ones get
/// theirs by [`name_variant`](Self::name_variant) and [`name_group`](Self::name_group) once they are stored.
#[derive(Debug, Default)]
pub struct Grouper {
    exact: HashMap<Arc<str>, usize>,
    variants: Vec<Variant>,
    /// The database id of each group.
    groups: Vec<Option<i64>>,
    group_of_id: HashMap<i64, usize>,
    /// The newest variant of a band; the older ones follow from [`Sketch::older`].
    newest: HashMap<i64, u32>,
}

#[derive(Debug)]
struct Variant {
    key: Arc<str>,
    group: usize,
    id: Option<i64>,
    sketch: Option<Box<Sketch>>,
}

#[derive(Debug)]
struct Sketch {
    signature: Signature,
    /// For each band the next older variant that has it.
    older: [Option<u32>; 16],
}

impl Grouper {
    /// An empty grouper.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a variant known that is stored already, in the group it is stored in. A key that is known stays where it is.
    pub fn seed(&mut self, key: &str, variant_id: i64, group_id: i64) -> Placement {
        if let Some(known) = self.find(key) {
            return known;
        }
        let known_group = self.group_of_id.get(&group_id).copied();
        let group = known_group.unwrap_or_else(|| self.new_group());
        self.name_group(group, group_id);
        let variant = self.insert(key, group, signature(key));
        self.name_variant(variant, variant_id);
        Placement { variant, group, new_variant: true, new_group: known_group.is_none() }
    }

    /// Places a text by its [`key`](super::key): with the same key, or else in the group of the most resembling variant
    /// of at least [`NEAR`], or else in a group of its own.
    ///
    /// Found by [`Signature`] bands: one in a hundred pairs that resemble each other just by 0.7 is missed, closer ones hardly
    /// ever; texts that don't resemble are never put together.
    pub fn add(&mut self, key: &str) -> Placement {
        if let Some(known) = self.find(key) {
            return known;
        }
        let signature = signature(key);
        let near = signature.as_ref().and_then(|signature| self.nearest(key, signature));
        let group = near.unwrap_or_else(|| self.new_group());
        let variant = self.insert(key, group, signature);
        Placement { variant, group, new_variant: true, new_group: near.is_none() }
    }

    /// How many variants there are: their numbers are below.
    #[must_use]
    pub fn variants(&self) -> usize {
        self.variants.len()
    }

    /// How many groups there are: their numbers are below.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The key of a variant.
    #[must_use]
    pub fn key(&self, variant: usize) -> Option<&str> {
        self.variants.get(variant).map(|v| &*v.key)
    }

    /// The database id of a variant, once it has one.
    #[must_use]
    pub fn variant_id(&self, variant: usize) -> Option<i64> {
        self.variants.get(variant)?.id
    }

    /// The database id of a group, once it has one.
    #[must_use]
    pub fn group_id(&self, group: usize) -> Option<i64> {
        *self.groups.get(group)?
    }

    /// Notes the database id of a variant.
    pub fn name_variant(&mut self, variant: usize, id: i64) {
        if let Some(variant) = self.variants.get_mut(variant) {
            variant.id = Some(id);
        }
    }

    /// Notes the database id of a group.
    pub fn name_group(&mut self, group: usize, id: i64) {
        if let Some(slot) = self.groups.get_mut(group) {
            *slot = Some(id);
            self.group_of_id.insert(id, group);
        }
    }

    fn find(&self, key: &str) -> Option<Placement> {
        let variant = *self.exact.get(key)?;
        let group = self.variants.get(variant)?.group;
        Some(Placement { variant, group, new_variant: false, new_group: false })
    }

    fn new_group(&mut self) -> usize {
        self.groups.push(None);
        self.groups.len() - 1
    }

    fn insert(&mut self, key: &str, group: usize, signature: Option<Signature>) -> usize {
        let variant = self.variants.len();
        let sketch = signature.zip(u32::try_from(variant).ok()).map(|(signature, number)| {
            let older = signature.bands().map(|band| self.newest.insert(band, number));
            Box::new(Sketch { signature, older })
        });
        let key: Arc<str> = key.into();
        self.exact.insert(Arc::clone(&key), variant);
        self.variants.push(Variant { key, group, id: None, sketch });
        variant
    }

    /// The group of the most resembling variant.
    fn nearest(&self, key: &str, signature: &Signature) -> Option<usize> {
        let candidates = self.candidates(signature);
        if candidates.is_empty() {
            return None;
        }
        let shingles = standard_shingles(key);
        let mut best: Option<(f64, usize)> = None;
        for candidate in candidates {
            let alike = jaccard(&shingles, &standard_shingles(&candidate.key));
            if alike >= NEAR && best.is_none_or(|(most, _)| alike > most) {
                best = Some((alike, candidate.group));
            }
        }
        best.map(|(_, group)| group)
    }

    /// The variants that share a band and agree most, at most [`COMPARED`].
    fn candidates(&self, signature: &Signature) -> Vec<&Variant> {
        let mut numbers: Vec<u32> = Vec::new();
        for (place, band) in signature.bands().iter().enumerate() {
            let mut next = self.newest.get(band).copied();
            for _ in 0..PER_BAND {
                let Some(number) = next else { break };
                numbers.push(number);
                next = self.sketched(number).and_then(|(_, sketch)| *sketch.older.get(place)?);
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        let mut found: Vec<(usize, &Variant)> = numbers
            .into_iter()
            .filter_map(|number| self.sketched(number))
            .map(|(variant, sketch)| (sketch.signature.agreement(signature), variant))
            .filter(|(agreement, _)| *agreement >= LEAST_AGREEMENT)
            .collect();
        // Stable: of equals the oldest comes first.
        found.sort_by_key(|(agreement, _)| Reverse(*agreement));
        found.truncate(COMPARED);
        found.into_iter().map(|(_, variant)| variant).collect()
    }

    fn sketched(&self, number: u32) -> Option<(&Variant, &Sketch)> {
        let variant = self.variants.get(usize::try_from(number).ok()?)?;
        Some((variant, variant.sketch.as_deref()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::similarity::{key, resemblance};

    const LETTER: &str = "除去土壌の再生利用については、住民への説明が足りないまま進められており、反対します。\
                          安全性の確認と情報公開を徹底し、計画を白紙に戻して検討し直してください。";

    #[test]
    fn copies_join_near_copies_group_and_others_stay_apart() {
        let mut grouper = Grouper::new();
        let first = grouper.add(&key(LETTER));
        assert_eq!(first, Placement { variant: 0, group: 0, new_variant: true, new_group: true });
        let copy = grouper.add(&key(&LETTER.replace('、', "，\n")));
        assert_eq!(copy, Placement { new_variant: false, new_group: false, ..first });
        let near = grouper.add(&key(&LETTER.replace("反対します", "強く反対いたします")));
        assert_eq!(near, Placement { variant: 1, group: 0, new_variant: true, new_group: false });
        let other = grouper.add(&key("駅前の自転車駐車場が足りません。朝八時には満車になるので、増設をお願いします。"));
        assert_eq!(other, Placement { variant: 2, group: 1, new_variant: true, new_group: true });
        assert_eq!((grouper.variants(), grouper.groups()), (3, 2));
        assert_eq!(grouper.key(0), Some(key(LETTER).as_str()));
    }

    #[test]
    fn short_texts_group_only_when_they_are_the_same() {
        let mut grouper = Grouper::new();
        let a = grouper.add(&key("この案に賛成です"));
        assert_eq!(grouper.add(&key("この案に賛成です。")).variant, a.variant);
        assert!(grouper.add(&key("この案に大賛成です")).new_group);
    }

    #[test]
    fn stored_variants_keep_their_ids() {
        let mut grouper = Grouper::new();
        let seeded = grouper.seed(&key(LETTER), 70, 7);
        assert!(grouper.seed(&key("まったく別の短い意見"), 71, 7).group == seeded.group);
        assert!(!grouper.seed(&key(LETTER), 99, 9).new_variant);
        let near = grouper.add(&key(&format!("{LETTER}以上です")));
        assert_eq!(grouper.group_id(near.group), Some(7));
        assert_eq!(grouper.variant_id(near.variant), None);
        grouper.name_variant(near.variant, 72);
        assert_eq!(grouper.variant_id(near.variant), Some(72));
        let other = grouper.add("ひとつだけ違うことを言っている意見の文章です一二三");
        assert_eq!(grouper.group_id(other.group), None);
        grouper.name_group(other.group, 8);
        assert_eq!(grouper.seed("もうひとつ", 73, 8).group, other.group);
    }

    #[test]
    fn a_campaign_of_many_variants_is_one_group() {
        let mut grouper = Grouper::new();
        for i in 0..3000 {
            grouper.add(&key(&format!("{LETTER}私は{}丁目に{}年住んでいます。", i % 60 + 1, i / 60 + 1)));
        }
        assert_eq!((grouper.variants(), grouper.groups()), (3000, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_group_is_held_together_by_resemblance(words in proptest::collection::vec("[あ-お]{3,8}", 40), cuts in proptest::collection::vec((0..30_usize, 10..40_usize), 1..20)) {
            let mut grouper = Grouper::new();
            let mut placed: Vec<(String, usize)> = Vec::new();
            for (start, end) in cuts {
                let text: String = words.iter().skip(start).take(end.saturating_sub(start)).map(String::as_str).collect();
                let placement = grouper.add(&text);
                let near = placed.iter().any(|(other, group)| *group == placement.group && (other == &text || resemblance(other, &text) >= NEAR));
                prop_assert_eq!(near, !placement.new_group);
                prop_assert_eq!(placement.new_variant, !placed.iter().any(|(other, _)| other == &text));
                placed.push((text, placement.group));
            }
        }
    }
}
