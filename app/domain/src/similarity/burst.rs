use crate::Millis;

/// The width of the window in which a burst is looked for: one hour.
pub const BURST_WINDOW_MS: i64 = 3_600_000;
/// So many same or near-same submissions within [`BURST_WINDOW_MS`] are shown to staff as a burst. It is a hint only.
pub const BURST_SIZE: u32 = 20;

/// The most submissions that came within one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// When the first of them came.
    pub at: Millis,
    /// How many came.
    pub count: u32,
}

/// The most of `times_sorted` (ascending) within `window_ms` from one of them, the end not included; of equals the
/// earliest. `None` without times.
#[must_use]
pub fn peak(times_sorted: &[Millis], window_ms: i64) -> Option<Burst> {
    let mut best: Option<Burst> = None;
    let mut end = 0;
    for (start, &at) in times_sorted.iter().enumerate() {
        end = end.max(start + 1);
        while times_sorted.get(end).is_some_and(|time| time.saturating_sub(at) < window_ms) {
            end += 1;
        }
        let count = u32::try_from(end - start).unwrap_or(u32::MAX);
        if best.is_none_or(|best| count > best.count) {
            best = Some(Burst { at, count });
        }
    }
    best
}

/// Whether [`BURST_SIZE`] or more of `times_sorted` (ascending) came within [`BURST_WINDOW_MS`].
#[must_use]
pub fn is_burst(times_sorted: &[Millis]) -> bool {
    peak(times_sorted, BURST_WINDOW_MS).is_some_and(|burst| burst.count >= BURST_SIZE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_fullest_window_is_found() {
        assert_eq!(peak(&[], 10), None);
        assert_eq!(peak(&[5], 10), Some(Burst { at: 5, count: 1 }));
        assert_eq!(peak(&[0, 10, 19, 20, 40], 10), Some(Burst { at: 10, count: 2 }));
        assert_eq!(peak(&[0, 10, 19, 20, 40], 11), Some(Burst { at: 10, count: 3 }));
        assert_eq!(peak(&[i64::MIN, i64::MAX], 10).map(|b| b.count), Some(1));
    }

    #[test]
    fn twenty_within_the_hour_are_a_burst() {
        let times: Vec<Millis> = (0..20).map(|i| i * 180_000).collect();
        assert!(is_burst(&times));
        assert!(!is_burst(times.get(1..).unwrap_or_default()));
        let slow: Vec<Millis> = (0..100).map(|i| i * 190_000).collect();
        assert!(!is_burst(&slow));
    }

    proptest! {
        #[test]
        fn no_window_holds_more(mut times in proptest::collection::vec(0..200_i64, 1..60), window in 1..50_i64) {
            times.sort_unstable();
            let most = times.iter().map(|at| times.iter().filter(|t| (0..window).contains(&(**t - at))).count()).max();
            prop_assert_eq!(peak(&times, window).map(|b| b.count as usize), most);
        }
    }
}
