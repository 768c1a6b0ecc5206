//! The value of an XLSX cell as a person would write it.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

/// The value's text; empty for an empty cell.
pub(crate) fn text<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::String(text) | DataRef::DurationIso(text) => Cow::Borrowed(text),
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::DateTimeIso(text) => Cow::Borrowed(iso(text)),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => Cow::Owned(decimal(*number)),
        DataRef::Bool(true) => Cow::Borrowed("TRUE"),
        DataRef::Bool(false) => Cow::Borrowed("FALSE"),
        DataRef::DateTime(moment) => Cow::Owned(date(moment)),
        DataRef::Error(error) => Cow::Owned(error.to_string()),
    }
}

/// Integers up to here are exact in the file's floating point numbers (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number without exponent: whole numbers in full, others with the 15 digits Excel shows (`0.3`, not
/// `0.30000000000000004`).
fn decimal(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let rounded = if number.fract() == 0.0 && number.abs() <= EXACT {
        number
    } else {
        format!("{number:.14e}").parse().unwrap_or(number)
    };
    rounded.to_string()
}

/// Days after which Excel knows no dates (31 December 9999), counted from 1900 and from 1904.
const LAST_DAY: f64 = 2_958_466.0;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// A number with a date format. What is no date in Excel stays a number.
fn date(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    if moment.is_duration() {
        return duration(value);
    }
    if !(0.0..LAST_DAY).contains(&value) {
        return decimal(value);
    }
    // To whole seconds first: 13:59:59.9999 is what became of 14:00.
    let seconds = (value * SECONDS_PER_DAY).round();
    let is_1904 = is_1904(moment);
    let whole = ExcelDateTime::new(seconds / SECONDS_PER_DAY, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, hour, minute, second, _) = whole.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if seconds < SECONDS_PER_DAY {
        time
    } else if seconds % SECONDS_PER_DAY == 0.0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    }
}

/// Whether the workbook counts days from 1904, which the library tells by comparison only.
fn is_1904(moment: &ExcelDateTime) -> bool {
    *moment == ExcelDateTime::new(moment.as_f64(), ExcelDateTimeType::DateTime, true)
}

/// Elapsed hours, minutes and seconds.
fn duration(value: f64) -> String {
    if !(-LAST_DAY..LAST_DAY).contains(&value) {
        return decimal(value);
    }
    let seconds = (value.abs() * SECONDS_PER_DAY).round();
    let (hours, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
    let (minutes, seconds) = ((rest / 60.0).floor(), rest % 60.0);
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{hours:02}:{minutes:02}:{seconds:02}")
}

/// A date stored as text: `2025-02-01T00:00:00` is a day.
fn iso(text: &str) -> &str {
    let moment = text.strip_suffix('Z').unwrap_or(text);
    let moment = moment.strip_suffix(".000").unwrap_or(moment);
    moment.strip_suffix("T00:00:00").unwrap_or(moment)
}
