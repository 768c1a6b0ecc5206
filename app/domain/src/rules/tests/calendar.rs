use super::*;

#[test]
fn shinagawa_counts_14_to_30_days_from_the_day_after_the_issue() {
    let rules = Rules::from_preset(RulesPreset::Shinagawa);
    for (issue, earliest, latest) in [
        ("2025-02-01", "2025-02-15", "2025-03-03"), // February of 28 days
        ("2024-02-11", "2024-02-25", "2024-03-12"), // leap year
        ("2028-02-15", "2028-02-29", "2028-03-16"), // ends on the leap day
        ("2026-03-31", "2026-04-14", "2026-04-30"), // month end
        ("2019-04-21", "2019-05-05", "2019-05-21"), // 平成31年 into 令和元年
        ("2025-12-21", "2026-01-04", "2026-01-20"), // over New Year
    ] {
        assert_eq!(window(&rules, issue), (day(earliest), Some(day(latest))), "{issue}");
    }
    // The day of publication is not what counts, and without an issue nothing can be counted.
    assert_eq!(rules.counted_from(day("2025-01-20"), Some(day("2025-02-01"))), Some(day("2025-02-02")));
    assert_eq!(rules.counted_from(day("2025-01-20"), None), None);
    let period = period("2025-02-02", "2025-02-28");
    assert_eq!(rules.days(period, day("2025-01-20"), None), None);
    assert_eq!(rules.earliest_close(period.opens_on, day("2025-01-20"), None), None);
    assert_eq!(rules.latest_close(period.opens_on, day("2025-01-20"), None), None);
    assert_eq!(rules.breaches(period, day("2025-01-20"), None), [Breach::GazetteMissing]);
}

/// Result pages hpg000024597 and hpg000024820: the issues of 1 November and 11 December 2014.
#[test]
fn periods_that_shinagawa_ran_open_on_the_day_of_the_issue_which_does_not_count() {
    let rules = Rules::from_preset(RulesPreset::Shinagawa);
    for (real, days) in [(period("2014-11-01", "2014-11-21"), 20), (period("2014-12-11", "2015-01-09"), 29)] {
        let issue = real.opens_on;
        assert_eq!(rules.days(real, issue, Some(issue)), Some(days));
        assert_eq!(rules.breaches(real, issue, Some(issue)), []);
        let eve = Period { opens_on: issue.pred_opt().unwrap(), ..real };
        let from = issue.succ_opt().unwrap();
        assert_eq!(rules.breaches(eve, issue, Some(issue)), [Breach::OpensBeforeCounting { from }]);
    }
}

#[test]
fn meguro_and_the_nation_count_30_days_and_the_day_of_publication_is_the_first() {
    for preset in [RulesPreset::Meguro, RulesPreset::National] {
        let rules = Rules::from_preset(preset);
        for (publication, earliest) in [
            ("2019-04-02", "2019-05-01"), // 令和元年5月1日
            ("2019-05-01", "2019-05-30"),
            ("2024-02-01", "2024-03-01"),
            ("2024-01-31", "2024-02-29"),
            ("2028-01-31", "2028-02-29"),
            ("2026-01-31", "2026-03-01"),
            ("2025-12-15", "2026-01-13"),
        ] {
            assert_eq!(window(&rules, publication), (day(earliest), None), "{publication}");
        }
    }
    let (earliest, _) = window(&Rules::default(), "2019-04-02");
    assert_eq!(wareki::long(earliest), "令和元年5月1日（水）");
}

#[test]
fn shibuya_counts_14_days_and_has_no_limit() {
    let rules = Rules::from_preset(RulesPreset::Shibuya);
    for (publication, earliest) in
        [("2024-02-16", "2024-02-29"), ("2026-02-16", "2026-03-01"), ("2019-04-18", "2019-05-01")]
    {
        assert_eq!(window(&rules, publication), (day(earliest), None), "{publication}");
    }
}

#[test]
fn the_day_after_publication_can_be_the_first() {
    let rules = Rules { counting: CountingStart::DayAfterPublication, ..Rules::default() };
    assert_eq!(window(&rules, "2026-01-31"), (day("2026-03-02"), None));
    let days = rules.days(period("2026-01-31", "2026-03-02"), day("2026-01-31"), None);
    assert_eq!(days, Some(30));
}

#[test]
fn only_days_on_which_people_can_answer_count() {
    let rules = Rules::default();
    let publication = day("2026-06-01");
    // Announced ten days before it opens: the ten days don't count.
    assert_eq!(rules.days(period("2026-06-11", "2026-06-30"), publication, None), Some(20));
    assert_eq!(rules.days(period("2026-06-30", "2026-06-30"), publication, None), Some(1));
    assert_eq!(rules.earliest_close(day("2026-06-11"), publication, None), Some(day("2026-07-10")));
    // Closed before the counting starts: no day at all.
    let early = period("2026-05-01", "2026-05-20");
    assert_eq!(rules.days(early, publication, None), Some(0));
    assert_eq!(
        rules.breaches(early, publication, None),
        [Breach::TooShort { days: 0, min: 30 }, Breach::OpensBeforeCounting { from: publication }]
    );
}

#[test]
fn one_day_less_is_too_short_and_one_more_too_long() {
    let rules = Rules::from_preset(RulesPreset::Shinagawa);
    let issue = day("2026-06-01");
    let breaches = |closes| rules.breaches(period("2026-06-02", closes), issue, Some(issue));
    assert_eq!(breaches("2026-06-14"), [Breach::TooShort { days: 13, min: 14 }]);
    assert_eq!(breaches("2026-06-15"), []);
    assert_eq!(breaches("2026-07-01"), []);
    assert_eq!(breaches("2026-07-02"), [Breach::TooLong { days: 31, max: 30 }]);
}

#[test]
fn a_last_day_off_moves_to_the_next_working_day() {
    let rules = Rules { holiday_shift: HolidayShift::NextWorkday, ..Rules::from_preset(RulesPreset::Shibuya) };
    for (publication, earliest) in [
        ("2026-06-01", "2026-06-15"), // Sunday 14 June
        ("2026-04-19", "2026-05-07"), // Saturday 2 May, then Golden Week
        ("2019-04-14", "2019-05-07"), // the ten days off of 2019
        ("2025-12-16", "2026-01-05"), // 29 December; 4 January is a Sunday
        ("2023-12-21", "2024-01-04"), // 3 January
        ("2026-09-08", "2026-09-24"), // 敬老の日, 国民の休日, 秋分の日
        ("2026-06-02", "2026-06-15"), // a Monday stays
    ] {
        assert_eq!(window(&rules, publication).0, day(earliest), "{publication}");
    }
    let publication = day("2026-06-01");
    let sunday = rules.breaches(period("2026-06-01", "2026-06-14"), publication, None);
    assert_eq!(sunday, [Breach::LastDayOff { next: day("2026-06-15") }]);
    let saturday = rules.breaches(period("2026-06-01", "2026-06-13"), publication, None);
    let too_short = Breach::TooShort { days: 13, min: 14 };
    assert_eq!(saturday, [too_short, Breach::LastDayOff { next: day("2026-06-15") }]);
}

#[test]
fn a_day_more_is_allowed_where_the_last_day_was_moved() {
    let shinagawa = Rules::from_preset(RulesPreset::Shinagawa);
    let rules = Rules { holiday_shift: HolidayShift::NextWorkday, ..shinagawa };
    // The 30th day is Saturday 4 July 2026.
    let (issue, opens) = (day("2026-06-04"), day("2026-06-05"));
    assert_eq!(rules.latest_close(opens, issue, Some(issue)), Some(day("2026-07-06")));
    assert_eq!(rules.breaches(period("2026-06-05", "2026-07-06"), issue, Some(issue)), []);
    let too_long = rules.breaches(period("2026-06-05", "2026-07-07"), issue, Some(issue));
    assert_eq!(too_long, [Breach::TooLong { days: 33, max: 30 }]);
}
