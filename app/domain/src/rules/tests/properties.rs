use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::*;

fn dates() -> impl Strategy<Value = NaiveDate> {
    (0..36_500_u64).prop_map(|n| day("2000-01-01") + Days::new(n))
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let counting = prop::sample::select(CountingStart::ALL.to_vec());
    let shift = prop::sample::select(HolidayShift::ALL.to_vec());
    (1..=60_u32, prop::option::of(0..=40_u32), counting, shift).prop_map(|(min_days, more, counting, holiday_shift)| {
        let max_days = more.map(|more| min_days + more);
        Rules { min_days, max_days, counting, holiday_shift, ..Rules::default() }
    })
}

proptest! {
    #[test]
    fn dates_keep_the_rules_between_the_first_and_the_last_closing_day(
        rules in any_rules(), publication in dates(), issue in -5..5_i64, wait in -3..20_i64, length in 0..130_u64,
    ) {
        let gazette = publication + TimeDelta::days(issue);
        let from = rules.counted_from(publication, Some(gazette)).unwrap();
        let opens_on = from + TimeDelta::days(wait);
        let period = Period { opens_on, closes_on: opens_on + Days::new(length) };
        let earliest = rules.earliest_close(opens_on, publication, Some(gazette)).unwrap();
        let latest = rules.latest_close(opens_on, publication, Some(gazette));
        let works = rules.holiday_shift == HolidayShift::None || holidays::is_workday(period.closes_on);
        // The day of the announcement may be open already, and isn't counted.
        let first = if rules.counting == CountingStart::PublicationDay { 0 } else { -1 };
        let kept = wait >= first
            && works
            && earliest <= period.closes_on
            && latest.is_none_or(|latest| period.closes_on <= latest);
        let breaches = rules.breaches(period, publication, Some(gazette));
        prop_assert_eq!(breaches.is_empty(), kept, "{:?}", breaches);
        // What is suggested is always allowed.
        for closes_on in [Some(earliest), latest].into_iter().flatten() {
            let left = rules.breaches(Period { opens_on, closes_on }, publication, Some(gazette));
            prop_assert_eq!(left.len(), usize::from(wait < first), "{:?}", left);
        }
    }

    #[test]
    fn without_a_holiday_rule_the_number_of_days_decides(
        rules in any_rules(), publication in dates(), length in 0..130_u64,
    ) {
        let rules = Rules { holiday_shift: HolidayShift::None, ..rules };
        let opens_on = rules.counted_from(publication, Some(publication)).unwrap();
        let period = Period { opens_on, closes_on: opens_on + Days::new(length) };
        let days = rules.days(period, publication, Some(publication)).unwrap();
        prop_assert_eq!(days.unsigned_abs(), length + 1);
        let allowed = i64::from(rules.min_days) <= days && rules.max_days.is_none_or(|max| days <= i64::from(max));
        prop_assert_eq!(rules.breaches(period, publication, Some(publication)).is_empty(), allowed);
    }

    #[test]
    fn the_next_working_day_is_the_first(date in dates()) {
        let next = holidays::next_workday(date);
        prop_assert!(holidays::is_workday(next));
        prop_assert!(date.iter_days().take_while(|day| *day < next).all(|day| !holidays::is_workday(day)));
        prop_assert!((0..14).contains(&(next - date).num_days()));
    }

    #[test]
    fn rules_survive_storage(rules in any_rules(), minute in 1..=END_OF_DAY, postmark: bool, place in "\\PC{0,20}") {
        let rules = Rules { closing_minute: minute, postmark, result_places: vec![place], ..rules };
        let json = serde_json::to_string(&rules).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), rules);
    }
}
