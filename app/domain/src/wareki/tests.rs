//! Unit tests of [`super`]: era boundaries, forms that are accepted and refused, JST day limits.

use super::*;
use proptest::prelude::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or(NaiveDate::MIN)
}

#[test]
fn writes_long_and_short() {
    assert_eq!(long(day(2025, 2, 1)), "令和7年2月1日（土）");
    assert_eq!(short(day(2025, 2, 1)), "令和7年2月1日");
    assert_eq!(long(day(2024, 2, 29)), "令和6年2月29日（木）");
}

#[test]
fn first_days_are_gannen() {
    for (before, first) in [
        ((2019, 4, 30), "令和元年5月1日"),
        ((1989, 1, 7), "平成元年1月8日"),
        ((1926, 12, 24), "昭和元年12月25日"),
        ((1912, 7, 29), "大正元年7月30日"),
        ((1868, 10, 22), "明治元年10月23日"),
    ] {
        let before = day(before.0, before.1, before.2);
        assert_eq!(before.succ_opt().map(short).as_deref(), Some(first));
    }
    assert_eq!(short(day(2019, 4, 30)), "平成31年4月30日");
    assert_eq!(short(day(1989, 1, 7)), "昭和64年1月7日");
    assert_eq!(short(day(1926, 12, 24)), "大正15年12月24日");
    assert_eq!(short(day(1912, 7, 29)), "明治45年7月29日");
    assert_eq!(short(day(2019, 12, 31)), "令和元年12月31日");
    assert_eq!(short(day(2020, 1, 1)), "令和2年1月1日");
    assert_eq!(short(day(1868, 10, 22)), "1868年10月22日");
}

#[test]
fn periods_repeat_the_year_only_when_it_changes() {
    assert_eq!(period(day(2025, 2, 1), day(2025, 2, 28)), "令和7年2月1日（土）～2月28日（金）");
    assert_eq!(period(day(2024, 12, 20), day(2025, 1, 20)), "令和6年12月20日（金）～令和7年1月20日（月）");
    assert_eq!(period(day(2019, 4, 1), day(2019, 5, 7)), "平成31年4月1日（月）～令和元年5月7日（火）");
    assert_eq!(period(day(2025, 2, 1), day(2025, 2, 1)), "令和7年2月1日（土）");
}

#[test]
fn fiscal_years_begin_in_april() {
    assert_eq!(fiscal_year(day(2025, 3, 31)), 2024);
    assert_eq!(fiscal_year(day(2025, 4, 1)), 2025);
    assert_eq!(fiscal_year_label(day(2025, 4, 1)), "令和7年度");
    assert_eq!(fiscal_year_label(day(2026, 3, 31)), "令和7年度");
    assert_eq!(fiscal_year_label(day(2019, 4, 1)), "令和元年度");
    assert_eq!(fiscal_year_label(day(1989, 1, 8)), "昭和63年度");
    assert_eq!(fiscal_year_name(1989), "平成元年度");
    assert_eq!(fiscal_year_name(2018), "平成30年度");
    assert_eq!(fiscal_year_name(i32::MAX), "2147483647年度");
}

#[test]
fn reads_what_people_type() {
    for text in [
        "令和7年2月1日",
        "令和７年２月１日",
        "令和7年2月1日（土）",
        "令和7年2月1日(土)",
        " 令和 7 年 2 月 1 日　",
        "R7.2.1",
        "r7.2.1",
        "Ｒ７．２．１",
        "R7/02/01",
        "R7-2-1",
        "㋿7.2.1",
        "令和7/2/1",
        "2025-02-01",
        "2025/2/1",
        "２０２５／２／１",
        "2025－02－01",
        "2025.2.1",
        "2025年2月1日",
    ] {
        assert_eq!(parse(text), Ok(day(2025, 2, 1)), "{text}");
    }
    assert_eq!(parse("令和元年5月1日"), Ok(day(2019, 5, 1)));
    assert_eq!(parse("R元.5.1"), Ok(day(2019, 5, 1)));
    assert_eq!(parse("令和1年5月1日"), Ok(day(2019, 5, 1)));
    assert_eq!(parse("昭和64年1月7日"), Ok(day(1989, 1, 7)));
    assert_eq!(parse("令和6年2月29日"), Ok(day(2024, 2, 29)));
}

#[test]
fn refuses_days_that_do_not_exist() {
    for text in
        ["令和7年2月30日", "令和7年2月29日", "2025-02-29", "2025-13-01", "2025-00-10", "R7.4.31", "令和0年1月1日"]
    {
        assert_eq!(parse(text), Err(ParseDateError::NoSuchDay), "{text}");
    }
}

#[test]
fn refuses_days_outside_the_era() {
    for text in ["令和元年4月30日", "平成31年5月1日", "平成元年1月7日", "昭和64年1月8日", "平成37年2月1日", "M45.7.30"]
    {
        assert!(matches!(parse(text), Err(ParseDateError::OutsideEra(_))), "{text}");
    }
}

#[test]
fn refuses_other_forms() {
    for text in [
        "",
        "　",
        "明日",
        "7/2/1",
        "25-02-01",
        "2025-02/01",
        "2025-02-0 1",
        "2025-02-011",
        "20250201",
        "令和7年2月",
        "令和7年2月1",
        "令7年2月1日",
        "2025-02-01x",
        "元年5月1日",
        "令和七年二月一日",
        "R99999.1.1",
        "令和7年2月1日（",
        "令和7年2月1日（土",
        "R-7.2.1",
    ] {
        assert_eq!(parse(text), Err(ParseDateError::Form), "{text}");
    }
    assert_eq!(parse("令和7年2月1日（日）"), Err(ParseDateError::Weekday));
}

#[test]
fn a_day_in_japan_has_jst_limits() {
    let date = day(2025, 2, 28);
    let (start, end) = (start_of_day_ms(date), end_of_day_ms(date));
    assert_eq!(iso_date_time(start), "2025-02-28T00:00:00+09:00");
    assert_eq!(iso_date_time(end), "2025-02-28T23:59:59+09:00");
    assert_eq!(end - start, 86_399_999);
    assert_eq!((date_of(start), date_of(start - 1)), (date, day(2025, 2, 27)));
    assert_eq!((date_of(end), date_of(end + 1)), (date, day(2025, 3, 1)));
    assert_eq!(date_of(0), day(1970, 1, 1));
    assert_eq!(jst().local_minus_utc(), JST_OFFSET_SECONDS);
}

#[test]
fn writes_moments() {
    let ms = 1_738_386_300_999; // 2025-02-01T05:05:00.999Z
    assert_eq!(date_time(ms), "令和7年2月1日（土）14時05分");
    assert_eq!(iso_date_time(ms), "2025-02-01T14:05:00+09:00");
    assert_eq!(date_time_en(ms), "1 February 2025, 14:05");
    assert_eq!(date_time(start_of_day_ms(day(2025, 2, 1))), "令和7年2月1日（土）0時00分");
}

#[test]
fn writes_english() {
    assert_eq!(long_en(day(2025, 2, 1)), "Sat, 1 February 2025");
    assert_eq!(period_en(day(2025, 2, 1), day(2025, 2, 28)), "Sat, 1 February – Fri, 28 February 2025");
    assert_eq!(period_en(day(2024, 12, 20), day(2025, 1, 20)), "Fri, 20 December 2024 – Mon, 20 January 2025");
    assert_eq!(period_en(day(2025, 2, 1), day(2025, 2, 1)), "Sat, 1 February 2025");
}

#[test]
fn extreme_moments_do_not_panic() {
    for ms in [i64::MIN, i64::MAX] {
        assert!(!date_time(ms).is_empty() && !iso_date_time(ms).is_empty() && !date_time_en(ms).is_empty());
    }
}

prop_compose! {
    /// Any day of the years 1000 to 9999.
    fn any_day()(n in 365_000_i32..3_652_000) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(n).unwrap_or(NaiveDate::MIN)
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(date in any_day()) {
        prop_assert_eq!(parse(&short(date)), Ok(date));
        prop_assert_eq!(parse(&long(date)), Ok(date));
        prop_assert_eq!(parse(&date.to_string()), Ok(date));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn every_moment_lies_in_its_day(ms in -3_000_000_000_000_i64..10_000_000_000_000) {
        let date = date_of(ms);
        prop_assert!(start_of_day_ms(date) <= ms && ms <= end_of_day_ms(date));
    }
}
