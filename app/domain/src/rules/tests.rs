//! Each preset's calendar, the deadline, the settings and Japan's holidays.

mod calendar;
mod deadline;
mod japan;
mod properties;
mod settings;

use chrono::NaiveDate;

use super::*;
use crate::consultation::Period;

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap()
}

fn period(from: &str, to: &str) -> Period {
    Period::new(day(from), day(to)).unwrap()
}

/// The first and the last day on which a theme may close that is published, and in the 広報紙, on the day `announced`
/// and opens on the first day that counts.
fn window(rules: &Rules, announced: &str) -> (NaiveDate, Option<NaiveDate>) {
    let from = day(announced);
    let opens = rules.counted_from(from, Some(from)).unwrap();
    (rules.earliest_close(opens, from, Some(from)).unwrap(), rules.latest_close(opens, from, Some(from)))
}
