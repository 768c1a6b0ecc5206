use super::*;
use crate::Channel;

/// 2026-11-30T00:00:00+09:00.
const MIDNIGHT: i64 = 1_795_964_400_000;

#[test]
fn the_named_second_is_the_last_that_counts() {
    for (minute, last) in [
        (END_OF_DAY, MIDNIGHT + 86_400_000 - 1),          // 23:59:59.999
        (17 * 60, MIDNIGHT + 61_200_000 + 999),           // 17:00:00.999
        (1, MIDNIGHT + 60_000 + 999),                     // 00:01:00.999
        (END_OF_DAY - 1, MIDNIGHT + 86_400_000 - 59_001), // 23:59:00.999
    ] {
        let rules = Rules { closing_minute: minute, ..Rules::default() };
        assert_eq!(rules.closes_at(day("2026-11-30")), last, "{minute}");
    }
    let rules = Rules { closing_minute: 17 * 60, ..Rules::default() };
    assert_eq!(wareki::iso_date_time(rules.closes_at(day("2024-02-29"))), "2024-02-29T17:00:00+09:00");
    assert_eq!(wareki::iso_date_time(rules.closes_at(day("2024-02-29")) + 1), "2024-02-29T17:00:01+09:00");
}

#[test]
fn the_end_of_the_day_is_the_periods_own_end() {
    let period = period("2026-11-01", "2026-11-30");
    for preset in RulesPreset::ALL {
        assert_eq!(Rules::from_preset(preset).closes_at(period.closes_on), period.closes_at(), "{preset:?}");
    }
}

#[test]
fn a_postmark_in_time_saves_a_letter_and_nothing_else() {
    let close = day("2026-11-30");
    let (in_time, after) = ("2026-11-30", "2026-12-01");
    for (rule, channel, received, postmark, late) in [
        (true, Channel::Post, in_time, None, false),
        (true, Channel::Post, after, None, true),
        (true, Channel::Post, after, Some(in_time), false),
        (true, Channel::Post, "2026-12-20", Some("2026-11-02"), false),
        (true, Channel::Post, after, Some(after), true),
        (false, Channel::Post, after, Some(in_time), true),
        (false, Channel::Post, in_time, Some(in_time), false),
        (true, Channel::Counter, after, Some(in_time), true),
        (true, Channel::Fax, after, Some(in_time), true),
        (true, Channel::Email, after, Some(in_time), true),
        (true, Channel::Counter, in_time, None, false),
    ] {
        let rules = Rules { postmark: rule, ..Rules::default() };
        let found = rules.is_late(channel, day(received), postmark.map(day), close);
        assert_eq!(found, late, "{rule} {channel:?} {received} {postmark:?}");
    }
}
