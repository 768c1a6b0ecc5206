//! Japan's holidays and a ward office's working days.
//!
//! Follows 国民の祝日に関する法律 (昭和23年法律第178号) with its amendments and the special acts for single days, from
//! 1948-07-20, when it came into force. The equinoxes are computed (by the formula of the Hydrographic Department, good
//! to 2099), as the official day is only announced in the February before (暦要項). A change of the law needs a change
//! here.

use chrono::{Datelike as _, NaiveDate, Weekday};

/// Whether a day is a holiday (祝日, 振替休日, 国民の休日, or a single day made one by law), 1948 to 2099. From 2100 on the
/// equinoxes are missing, before 1948-07-20 everything is.
#[must_use]
pub fn is_holiday(date: NaiveDate) -> bool {
    is_named(date) || is_single(date) || is_substitute(date) || is_between(date)
}

/// Whether a ward office works on a day: not on Saturdays, Sundays and holidays, nor from 29 December to 3 January
/// (地方自治法4条の2第2項; the last is set by each body's 条例, in Tokyo's wards as in 行政機関の休日に関する法律1条).
#[must_use]
pub fn is_workday(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let new_year = matches!((date.month(), date.day()), (12, 29..) | (1, ..=3));
    !weekend && !new_year && !is_holiday(date)
}

/// The first working day that is not before `date`: `date` itself when it is one.
#[must_use]
pub fn next_workday(date: NaiveDate) -> NaiveDate {
    // The longest break is under a fortnight; only the end of chrono's calendar has no working day to come.
    date.iter_days().find(|day| is_workday(*day)).unwrap_or(date)
}

/// 国民の祝日 (2条).
fn is_named(date: NaiveDate) -> bool {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let in_force = (year, month, day) >= (1948, 7, 20);
    in_force && (is_fixed(year, month, day) || is_moved(year, month, day) || is_monday(date) || is_equinox(date))
}

fn is_fixed(year: i32, month: u32, day: u32) -> bool {
    matches!(
        (month, day, year),
        (1, 1, _)                          // 元日
            | (1, 15, ..=1999)             // 成人の日
            | (2, 11, 1967..)              // 建国記念の日
            | (2, 23, 2020..)              // 天皇誕生日
            | (4, 29, _)                   // 天皇誕生日, みどりの日, 昭和の日
            | (5, 3 | 5, _)                // 憲法記念日, こどもの日
            | (5, 4, 2007..)               // みどりの日
            | (7, 20, 1996..=2002)         // 海の日
            | (8, 11, 2016..=2019 | 2022..) // 山の日
            | (9, 15, 1966..=2002)         // 敬老の日
            | (10, 10, 1966..=1999)        // 体育の日
            | (11, 3 | 23, _)              // 文化の日, 勤労感謝の日
            | (12, 23, 1989..=2018) // 天皇誕生日
    )
}

/// Days moved for one year by special acts: 海の日, スポーツの日 and 山の日 for the Olympics (平成三十二年東京オリンピック
/// 競技大会・東京パラリンピック競技大会特別措置法), and the two days of 2019 that count as 国民の祝日 (平成30年法律第99号).
fn is_moved(year: i32, month: u32, day: u32) -> bool {
    matches!(
        (year, month, day),
        (2019, 5, 1) | (2019, 10, 22) | (2020, 7, 23 | 24) | (2020, 8, 10) | (2021, 7, 22 | 23) | (2021, 8, 8)
    )
}

/// ハッピーマンデー.
fn is_monday(date: NaiveDate) -> bool {
    let week = date.day0() / 7 + 1;
    date.weekday() == Weekday::Mon
        && matches!(
            (date.month(), week, date.year()),
            (1, 2, 2000..)                           // 成人の日
                | (7, 3, 2003..=2019 | 2022..)       // 海の日
                | (9, 3, 2003..)                     // 敬老の日
                | (10, 2, 2000..=2019 | 2022..) // 体育の日, スポーツの日
        )
}

/// 春分の日, 秋分の日.
fn is_equinox(date: NaiveDate) -> bool {
    // Day and fraction of the equinox of 1980 in Japan, in millionths; the mean year is 365.242194 days.
    let (to_1979, from_1980) = match date.month() {
        3 => (20_835_700, 20_843_100),
        9 => (23_258_800, 23_248_800),
        _ => return false,
    };
    let years = date.year() - 1980;
    let day = match date.year() {
        1948..=1979 => (to_1979 + 242_194 * years) / 1_000_000 - (years - 3) / 4,
        1980..=2099 => (from_1980 + 242_194 * years) / 1_000_000 - years / 4,
        _ => return false,
    };
    i64::from(date.day()) == i64::from(day)
}

/// Days made holidays once by an act of their own, which are not 国民の祝日: the weddings of 1959 and 1993, 大喪の礼 and
/// 即位礼正殿の儀.
fn is_single(date: NaiveDate) -> bool {
    matches!((date.year(), date.month(), date.day()), (1959, 4, 10) | (1989, 2, 24) | (1990, 11, 12) | (1993, 6, 9))
}

/// 振替休日 (3条2項), from 1973-04-12: the first day after a 国民の祝日 on a Sunday that is not one itself.
fn is_substitute(date: NaiveDate) -> bool {
    if is_named(date) || (date.year(), date.month(), date.day()) < (1973, 4, 12) {
        return false;
    }
    let mut before = date.pred_opt();
    while let Some(day) = before.filter(|day| is_named(*day)) {
        if day.weekday() == Weekday::Sun {
            return true;
        }
        before = day.pred_opt();
    }
    false
}

/// 国民の休日 (3条3項), from 1985-12-27: a day between two 国民の祝日; until 2006 not on a Sunday.
fn is_between(date: NaiveDate) -> bool {
    (date.year(), date.month(), date.day()) >= (1985, 12, 27)
        && (date.year() >= 2007 || date.weekday() != Weekday::Sun)
        && !is_named(date)
        && date.pred_opt().is_some_and(is_named)
        && date.succ_opt().is_some_and(is_named)
}
