use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Keys that resemble each other so much (Jaccard of their 5-gram shingles) belong to the same group.
pub const NEAR: f64 = 0.7;

/// Characters per shingle.
const SHINGLE: usize = 5;
/// A key with fewer characters has no signature: short opinions (賛成です) group only when they are the same.
const SHORTEST: usize = 20;
const PERMUTATIONS: usize = 64;
const BANDS: usize = 16;
const ROWS: usize = PERMUTATIONS / BANDS;

/// A sketch of a key (Broder's `MinHash`, 64 permutations): near-same keys agree in most of its numbers. The same on every
/// platform and in every release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature([u32; PERMUTATIONS]);

/// The signature of a key, or `None` for one of fewer than 20 characters.
#[must_use]
pub fn signature(key: &str) -> Option<Signature> {
    key.chars().nth(SHORTEST - 1)?;
    Some(Signature::of(&shingles(key, SHINGLE)))
}

impl Signature {
    /// Multiply-add permutations of the shingles' hashes; of each the least upper half is kept.
    pub(super) fn of(shingles: &[u128]) -> Self {
        let permutations = permutations();
        let mut least = [u32::MAX; PERMUTATIONS];
        for shingle in shingles {
            let hash = xxh3_64(&shingle.to_le_bytes());
            for (least, (factor, shift)) in least.iter_mut().zip(&permutations) {
                let image = hash.wrapping_mul(*factor).wrapping_add(*shift) >> 32;
                *least = (*least).min(image as u32);
            }
        }
        Self(least)
    }

    /// One number for each 4 rows: keys that share one are worth comparing by [`resemblance`]. Bands of different places
    /// don't meet, so all can stand in one column. Two keys of resemblance 0.7 share at least one with a probability of
    /// 98.8 %, of 0.8 with 99.98 %, of 0.3 with 12 %.
    #[must_use]
    pub fn bands(&self) -> [i64; BANDS] {
        std::array::from_fn(|band| {
            let rows = self.0.iter().skip(band * ROWS).take(ROWS);
            let mut bytes = [0_u8; ROWS * 4];
            for (slot, byte) in bytes.iter_mut().zip(rows.flat_map(|row| row.to_le_bytes())) {
                *slot = byte;
            }
            xxh3_64_with_seed(&bytes, band as u64).cast_signed()
        })
    }

    /// How many of the 64 numbers agree: an estimate of the resemblance, give or take 0.06.
    pub(super) fn agreement(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count()
    }
}

/// How much two [`key`](super::key)s resemble each other, from 0 to 1: the share of their 5-character shingles that they
/// have in common (Jaccard). A shorter key is one shingle.
#[must_use]
pub fn resemblance(a: &str, b: &str) -> f64 {
    jaccard(&shingles(a, SHINGLE), &shingles(b, SHINGLE))
}

/// The shingles of a key as [`resemblance`] uses them, sorted.
pub(super) fn standard_shingles(key: &str) -> Vec<u128> {
    shingles(key, SHINGLE)
}

/// The distinct runs of `size` (at most 6) characters, each packed into one number, sorted. A text shorter than `size` is
/// one run; the empty text has none.
pub(crate) fn shingles(text: &str, size: usize) -> Vec<u128> {
    const BITS: usize = 21;
    let mask = (1_u128 << (BITS * size)) - 1;
    let mut runs = Vec::with_capacity(text.len() / 3);
    let mut run = 0_u128;
    let mut length = 0;
    for c in text.chars() {
        run = ((run << BITS) | u128::from(u32::from(c) + 1)) & mask;
        length += 1;
        if length >= size {
            runs.push(run);
        }
    }
    if (1..size).contains(&length) {
        runs.push(run);
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// The Jaccard index of two sorted sets; 1 for two empty ones.
pub(crate) fn jaccard(a: &[u128], b: &[u128]) -> f64 {
    let (mut rest_a, mut rest_b) = (a, b);
    let mut common = 0_usize;
    while let ([first_a, after_a @ ..], [first_b, after_b @ ..]) = (rest_a, rest_b) {
        if first_a <= first_b {
            rest_a = after_a;
        }
        if first_b <= first_a {
            rest_b = after_b;
        }
        common += usize::from(first_a == first_b);
    }
    let all = a.len() + b.len() - common;
    if all == 0 { 1.0 } else { float(common) / float(all) }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Odd factors and shifts from `SplitMix64`, from a fixed start.
fn permutations() -> [(u64, u64); PERMUTATIONS] {
    let mut state = 0x6D61_6368_696B_6F65_u64;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    std::array::from_fn(|_| (next() | 1, next()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn letters(from: u32, count: u32) -> String {
        (from..from + count).filter_map(|i| char::from_u32(0x4E00 + i)).collect()
    }

    #[test]
    fn resemblance_is_the_share_of_common_shingles() {
        assert!((resemblance("あいうえおか", "あいうえおか") - 1.0).abs() < f64::EPSILON);
        // あいうえお is common; いうえおか and いうえおき are not.
        assert!((resemblance("あいうえおか", "あいうえおき") - 1.0 / 3.0).abs() < 1e-9);
        assert!(resemblance("賛成", "反対").abs() < f64::EPSILON);
        assert!((resemblance("賛成", "賛成") - 1.0).abs() < f64::EPSILON);
        assert!((resemblance("", "") - 1.0).abs() < f64::EPSILON);
        assert!(resemblance("", "あ").abs() < f64::EPSILON);
    }

    #[test]
    fn short_keys_have_no_signature() {
        assert_eq!(signature(&letters(0, 19)), None);
        assert!(signature(&letters(0, 20)).is_some());
    }

    #[test]
    fn signatures_and_bands_are_the_same_for_ever() {
        let signature = signature(&letters(0, 50)).unwrap();
        insta::assert_debug_snapshot!(signature.bands());
    }

    #[test]
    fn near_keys_share_a_band_and_far_keys_hardly_do() {
        // 200 texts, each against one with a sixth replaced at the end (0.7) and one with half replaced (0.33).
        let mut near = 0;
        let mut far = 0;
        for i in 0..200 {
            let text = letters(i * 100, 240);
            let bands: BTreeSet<i64> = signature(&text).unwrap().bands().into();
            let shares = |other: &str| signature(other).unwrap().bands().iter().any(|b| bands.contains(b));
            let like = format!("{}{}", letters(i * 100, 200), letters(0x2000 + i * 50, 40));
            assert!(resemblance(&text, &like) > NEAR);
            near += usize::from(shares(&like));
            far += usize::from(shares(&format!("{}{}", letters(i * 100, 60), letters(0x2000 + i * 50, 180))));
        }
        assert!(near >= 190, "{near} of 200");
        assert!(far <= 30, "{far} of 200");
    }

    #[test]
    fn bands_of_different_places_differ() {
        let same_rows = Signature([7; PERMUTATIONS]);
        assert_eq!(BTreeSet::from(same_rows.bands()).len(), BANDS);
    }

    proptest! {
        #[test]
        fn resemblance_equals_that_of_the_sets(a in "[あ-う]{0,30}", b in "[あ-う]{0,30}") {
            let set = |text: &str| -> BTreeSet<Vec<char>> {
                let chars: Vec<char> = text.chars().collect();
                if chars.is_empty() { BTreeSet::new() }
                else if chars.len() < 5 { BTreeSet::from([chars]) }
                else { chars.windows(5).map(<[char]>::to_vec).collect() }
            };
            let (sa, sb) = (set(&a), set(&b));
            let all = sa.union(&sb).count();
            let expected = if all == 0 { 1.0 } else { float(sa.intersection(&sb).count()) / float(all) };
            prop_assert!((resemblance(&a, &b) - expected).abs() < 1e-12);
            prop_assert!((resemblance(&a, &b) - resemblance(&b, &a)).abs() < 1e-12);
        }

        #[test]
        fn agreement_estimates_resemblance(cut in 100..400_u32) {
            let (a, b) = (letters(0, 400), format!("{}{}", letters(0, cut), letters(1000, 400 - cut)));
            let estimate = float(signature(&a).unwrap().agreement(&signature(&b).unwrap())) / 64.0;
            prop_assert!((estimate - resemblance(&a, &b)).abs() < 0.3);
        }
    }
}
