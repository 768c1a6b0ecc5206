//! Japanese calendar: era dates (和暦), fiscal years, and the JST day that periods are counted in.
//!
//! Dates are stored as ISO dates and moments as UTC milliseconds; people read 「令和7年2月1日（土）」.
//! Everything here is pure: no clock is read, so the caller passes the moment it means.
//!
//! Era dates are counted in the Gregorian calendar throughout. Japan used a lunisolar calendar until the end of
//! 明治5年 (1872), so earlier 明治 dates name the Gregorian day, not the day people wrote at that time. Days before
//! 明治 have no era here and are written in the western calendar.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, Timelike, Utc};
use std::{iter::Peekable, str::Chars};
use thiserror::Error;

/// Offset of Japan Standard Time from UTC in seconds (+09:00, no summer time since 1951).
pub const JST_OFFSET_SECONDS: i32 = 9 * 3600;

const JST_OFFSET_MS: i64 = JST_OFFSET_SECONDS as i64 * 1000;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// One Japanese era.
///
/// Boundaries follow the imperial ordinances: the first day of an era belongs to the new era.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Era {
    /// Name as printed, for example 「令和」.
    pub name: &'static str,
    /// Letter used in short forms and on forms (`R7.2.1`).
    pub letter: char,
    /// The single compatibility character, for example 「㋿」.
    pub square: char,
    /// First day as (Gregorian year, month, day).
    starts: (i32, u32, u32),
}

/// The eras that can be written, newest first.
pub const ERAS: [Era; 5] = [
    Era { name: "令和", letter: 'R', square: '㋿', starts: (2019, 5, 1) },
    Era { name: "平成", letter: 'H', square: '㍻', starts: (1989, 1, 8) },
    Era { name: "昭和", letter: 'S', square: '㍼', starts: (1926, 12, 25) },
    Era { name: "大正", letter: 'T', square: '㍽', starts: (1912, 7, 30) },
    Era { name: "明治", letter: 'M', square: '㍾', starts: (1868, 10, 23) },
];

impl Era {
    /// The era `date` falls in, or `None` before 明治.
    #[must_use]
    pub fn of(date: NaiveDate) -> Option<Self> {
        let day = (date.year(), date.month(), date.day());
        ERAS.into_iter().find(|era| era.starts <= day)
    }

    /// The year of this era that the Gregorian `year` is; 1 is 元年.
    #[must_use]
    pub const fn year_of(self, year: i32) -> i32 {
        year - self.starts.0 + 1
    }
}

/// 「令和7年」, 「令和元年」, or 「1850年」 for a day without era.
fn year_label(date: NaiveDate) -> String {
    Era::of(date).map_or_else(
        || format!("{}年", date.year()),
        |era| match era.year_of(date.year()) {
            1 => format!("{}元年", era.name),
            year => format!("{}{year}年", era.name),
        },
    )
}

const fn weekday_ja(date_weekday: chrono::Weekday) -> char {
    match date_weekday {
        chrono::Weekday::Mon => '月',
        chrono::Weekday::Tue => '火',
        chrono::Weekday::Wed => '水',
        chrono::Weekday::Thu => '木',
        chrono::Weekday::Fri => '金',
        chrono::Weekday::Sat => '土',
        chrono::Weekday::Sun => '日',
    }
}

fn month_day_weekday(date: NaiveDate) -> String {
    format!("{}月{}日（{}）", date.month(), date.day(), weekday_ja(date.weekday()))
}

/// 「令和7年2月1日」; year 1 is 「元年」.
#[must_use]
pub fn short(date: NaiveDate) -> String {
    format!("{}{}月{}日", year_label(date), date.month(), date.day())
}

/// 「令和7年2月1日（土）」, with the weekday in full-width parentheses.
#[must_use]
pub fn long(date: NaiveDate) -> String {
    format!("{}{}", year_label(date), month_day_weekday(date))
}

/// 「令和7年2月1日（土）～2月28日（金）」: a period of whole days, both included.
///
/// The year is written again only when era or year differ. A period of one day is that day alone.
#[must_use]
pub fn period(from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        long(from)
    } else if year_label(from) == year_label(to) {
        format!("{}～{}", long(from), month_day_weekday(to))
    } else {
        format!("{}～{}", long(from), long(to))
    }
}

/// The fiscal year (年度) a day belongs to, named by the Gregorian year it begins in: 1 April to 31 March.
#[must_use]
pub fn fiscal_year(date: NaiveDate) -> i32 {
    if date.month() < 4 { date.year() - 1 } else { date.year() }
}

/// 「令和7年度」 for the fiscal year that `date` belongs to; see [`fiscal_year_name`].
#[must_use]
pub fn fiscal_year_label(date: NaiveDate) -> String {
    fiscal_year_name(fiscal_year(date))
}

/// 「令和7年度」 for the fiscal year that begins in April of `fiscal_year`.
///
/// A year in which the era changes takes the era in force on 1 October. This gives the official names: the whole of
/// FY2019 is 令和元年度 (関係省庁申合せ of 2019-04-01), FY1988 is 昭和63年度 and FY1989 is 平成元年度.
#[must_use]
pub fn fiscal_year_name(fiscal_year: i32) -> String {
    NaiveDate::from_ymd_opt(fiscal_year, 10, 1)
        .map_or_else(|| format!("{fiscal_year}年度"), |middle| format!("{}度", year_label(middle)))
}

/// Why a typed date was not understood. The texts are for logs; screens translate the variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ParseDateError {
    /// Not one of the accepted forms.
    #[error("not a date in a known form")]
    Form,
    /// The form is right, but the calendar has no such day (令和7年2月30日).
    #[error("no such day in the calendar")]
    NoSuchDay,
    /// The day exists but lies before or after the era named with it (平成31年5月1日).
    #[error("the day is outside the era {}", .0.name)]
    OutsideEra(Era),
    /// A weekday was written and is not the weekday of that day.
    #[error("the weekday does not belong to the day")]
    Weekday,
}

/// Reads a date that a person typed or pasted.
///
/// Accepted: `令和7年2月1日`, the same with `（土）`, `R7.2.1`, `令和7/2/1`, `令和7-2-1`, 元年, `2025-02-01`, `2025/2/1`,
/// `2025年2月1日`; letters and digits of either width, spaces between the parts. A year without era needs four digits, so
/// that `7/2/1` is never guessed at.
///
/// # Errors
/// [`ParseDateError`] when the form is unknown, the day does not exist, is outside the era, or has another weekday.
pub fn parse(input: &str) -> Result<NaiveDate, ParseDateError> {
    let folded: String = input.chars().map(fold).collect();
    Parser { rest: folded.chars().peekable() }.date()
}

/// Full-width ASCII and the hyphen family to their ASCII forms.
fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' => '-',
        c => c,
    }
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Parser<'_> {
    fn date(mut self) -> Result<NaiveDate, ParseDateError> {
        let era = self.era()?;
        let year = match era {
            Some(era) if self.eat('元') => era.starts.0,
            Some(era) => match self.number(1..=4)? {
                0 => return Err(ParseDateError::NoSuchDay),
                year => era.starts.0 + year - 1,
            },
            None => self.number(4..=4)?,
        };
        let separator = self.next().filter(|c| matches!(c, '年' | '.' | '/' | '-')).ok_or(ParseDateError::Form)?;
        let month = self.number(1..=2)?;
        self.expect(if separator == '年' { '月' } else { separator })?;
        let day = self.number(1..=2)?;
        if separator == '年' {
            self.expect('日')?;
        }
        let weekday = self.end()?;
        let date =
            NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).ok_or(ParseDateError::NoSuchDay)?;
        match era {
            Some(era) if Era::of(date) != Some(era) => Err(ParseDateError::OutsideEra(era)),
            _ if weekday.is_some_and(|c| c != weekday_ja(date.weekday())) => Err(ParseDateError::Weekday),
            _ => Ok(date),
        }
    }

    /// An optional weekday in parentheses, then nothing more.
    fn end(&mut self) -> Result<Option<char>, ParseDateError> {
        let weekday = if self.eat('(') { Some(self.next().ok_or(ParseDateError::Form)?) } else { None };
        if weekday.is_some() {
            self.expect(')')?;
        }
        if self.peek().is_none() { Ok(weekday) } else { Err(ParseDateError::Form) }
    }

    fn era(&mut self) -> Result<Option<Era>, ParseDateError> {
        let Some(first) = self.peek().filter(|c| !c.is_ascii_digit()) else { return Ok(None) };
        self.next();
        for era in ERAS {
            if era.letter == first.to_ascii_uppercase() || era.square == first {
                return Ok(Some(era));
            }
            let mut name = era.name.chars();
            if name.next() == Some(first) {
                return name.try_for_each(|c| self.expect(c)).map(|()| Some(era));
            }
        }
        Err(ParseDateError::Form)
    }

    fn number(&mut self, digits: std::ops::RangeInclusive<usize>) -> Result<i32, ParseDateError> {
        self.skip_spaces();
        let mut value = 0_i32;
        let mut count = 0;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            self.rest.next();
            count += 1;
            if count > *digits.end() {
                return Err(ParseDateError::Form);
            }
            value = value * 10 + digit.cast_signed();
        }
        if digits.contains(&count) { Ok(value) } else { Err(ParseDateError::Form) }
    }

    fn expect(&mut self, c: char) -> Result<(), ParseDateError> {
        if self.eat(c) { Ok(()) } else { Err(ParseDateError::Form) }
    }

    fn eat(&mut self, c: char) -> bool {
        self.peek() == Some(c) && self.rest.next().is_some()
    }

    fn next(&mut self) -> Option<char> {
        self.skip_spaces();
        self.rest.next()
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_spaces();
        self.rest.peek().copied()
    }

    fn skip_spaces(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }
}

/// Japan Standard Time as a chrono offset.
#[must_use]
pub fn jst() -> FixedOffset {
    // +09:00 is within chrono's range, so the fallback is never taken; it only keeps this function total.
    FixedOffset::east_opt(JST_OFFSET_SECONDS).unwrap_or_else(|| Utc.fix())
}

/// Wall-clock time in Japan at `ms` (UTC milliseconds since 1970), clamped to what chrono can represent.
fn wall_clock(ms: i64) -> NaiveDateTime {
    let limit = if ms < 0 { NaiveDateTime::MIN } else { NaiveDateTime::MAX };
    DateTime::from_timestamp_millis(ms.saturating_add(JST_OFFSET_MS)).map_or(limit, |t| t.naive_utc())
}

/// The day in Japan at `ms` (UTC milliseconds since 1970).
#[must_use]
pub fn date_of(ms: i64) -> NaiveDate {
    wall_clock(ms).date()
}

/// 0時00分 JST of `date`, as UTC milliseconds.
#[must_use]
pub fn start_of_day_ms(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp_millis() - JST_OFFSET_MS
}

/// The last millisecond of `date` in Japan (23:59:59.999 JST), as UTC milliseconds.
///
/// A period that closes on `date` takes everything up to and including this moment.
#[must_use]
pub fn end_of_day_ms(date: NaiveDate) -> i64 {
    start_of_day_ms(date) + DAY_MS - 1
}

/// 「令和7年2月1日（土）14時05分」, JST.
#[must_use]
pub fn date_time(ms: i64) -> String {
    let t = wall_clock(ms);
    format!("{}{}時{:02}分", long(t.date()), t.hour(), t.minute())
}

/// `2025-02-01T14:05:00+09:00`: for `<time datetime>`, feeds and open data. Fractions of a second are dropped.
#[must_use]
pub fn iso_date_time(ms: i64) -> String {
    let t = wall_clock(ms);
    format!("{}T{:02}:{:02}:{:02}+09:00", t.date(), t.hour(), t.minute(), t.second())
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn day_month_en(date: NaiveDate) -> String {
    let month = usize::try_from(date.month0()).ok().and_then(|i| MONTHS_EN.get(i)).copied().unwrap_or_default();
    format!("{} {month}", date.day())
}

/// `Sat, 1 February 2025`.
#[must_use]
pub fn long_en(date: NaiveDate) -> String {
    format!("{}, {} {}", date.weekday(), day_month_en(date), date.year())
}

/// `Sat, 1 February – Fri, 28 February 2025`: both days included; the first year is left out when both are the same.
#[must_use]
pub fn period_en(from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        long_en(from)
    } else if from.year() == to.year() {
        format!("{}, {} – {}", from.weekday(), day_month_en(from), long_en(to))
    } else {
        format!("{} – {}", long_en(from), long_en(to))
    }
}

/// `1 February 2025, 14:05`, JST.
#[must_use]
pub fn date_time_en(ms: i64) -> String {
    let t = wall_clock(ms);
    format!("{} {}, {:02}:{:02}", day_month_en(t.date()), t.year(), t.hour(), t.minute())
}

#[cfg(test)]
mod tests;
