//! Dates, times and numbers as people read them: 和暦 with the weekday in Japanese, plain dates in English.

use domain::{Locale, Millis, consultation::Period, wareki};

/// 令和8年11月21日（土） / Sat, 21 November 2026.
#[must_use]
pub fn date(l: Locale, at: Millis) -> String {
    day(l, wareki::date_of(at))
}

/// As [`date`], from a calendar day.
#[must_use]
pub fn day(l: Locale, day: chrono::NaiveDate) -> String {
    match l {
        Locale::Ja => wareki::long(day),
        Locale::En => wareki::long_en(day),
    }
}

/// A date with the time of day in Japan.
#[must_use]
pub fn date_time(l: Locale, at: Millis) -> String {
    match l {
        Locale::Ja => wareki::date_time(at),
        Locale::En => wareki::date_time_en(at),
    }
}

/// 17時00分 / 17:00, the time of day in Japan.
#[must_use]
pub fn time_of_day(l: Locale, at: Millis) -> String {
    let minute = (at - wareki::start_of_day_ms(wareki::date_of(at))) / 60_000;
    t!(l, "rules.time_of_day", hour = format!("{:02}", minute / 60), minute = format!("{:02}", minute % 60))
        .into_owned()
}

/// The machine-readable form for `<time datetime>`.
#[must_use]
pub fn iso(at: Millis) -> String {
    wareki::iso_date_time(at)
}

/// 令和8年11月1日（日）～11月30日（月）.
#[must_use]
pub fn period(l: Locale, period: Period) -> String {
    match l {
        Locale::Ja => wareki::period(period.opens_on, period.closes_on),
        Locale::En => wareki::period_en(period.opens_on, period.closes_on),
    }
}

/// 令和7年度 / FY2025, the fiscal year that begins in April of `year`.
#[must_use]
pub fn fiscal_year(l: Locale, year: i32) -> String {
    match l {
        Locale::Ja => wareki::fiscal_year_name(year),
        Locale::En => format!("FY{year}"),
    }
}

/// A file size, such as 1.2MB.
#[must_use]
pub fn size(bytes: i64) -> String {
    let tenths_of_kib = bytes.saturating_mul(10) / 1024;
    if tenths_of_kib < 10_240 {
        format!("{}KB", (tenths_of_kib / 10).max(1))
    } else {
        let tenths = tenths_of_kib / 1024;
        format!("{}.{}MB", tenths / 10, tenths % 10)
    }
}
