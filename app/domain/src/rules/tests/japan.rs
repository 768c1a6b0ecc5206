use chrono::Datelike as _;

use super::*;

/// 内閣府「国民の祝日について」: the days published for each year, as last amended.
const PUBLISHED: [(i32, &str); 9] = [
    (
        2019,
        "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 \
         10-22 11-03 11-04 11-23",
    ),
    (
        2020,
        "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 11-23",
    ),
    (2021, "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23"),
    (2022, "01-01 01-10 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-23 10-10 11-03 11-23"),
    (2023, "01-01 01-02 01-09 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-23 10-09 11-03 11-23"),
    (
        2024,
        "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 \
         11-03 11-04 11-23",
    ),
    (
        2025,
        "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 \
         11-24",
    ),
    (
        2026,
        "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
    ),
    (2027, "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23"),
];

fn holidays_of(year: i32) -> String {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let days = first.iter_days().take_while(|day| day.year() == year);
    let days: Vec<_> =
        days.filter(|day| holidays::is_holiday(*day)).map(|day| day.format("%m-%d").to_string()).collect();
    days.join(" ")
}

#[test]
fn the_holidays_are_those_the_cabinet_office_published() {
    for (year, published) in PUBLISHED {
        assert_eq!(holidays_of(year), published, "{year}");
    }
}

#[test]
fn the_laws_history_is_followed() {
    assert_eq!(holidays_of(1947), "");
    assert_eq!(holidays_of(1948), "09-23 11-03 11-23");
    assert_eq!(holidays_of(1955), "01-01 01-15 03-21 04-29 05-03 05-05 09-24 11-03 11-23");
    assert_eq!(holidays_of(1959), "01-01 01-15 03-21 04-10 04-29 05-03 05-05 09-24 11-03 11-23");
    // The first 振替休日 was 30 April 1973: 11 February, a Sunday too, came before the amendment.
    assert!(holidays_of(1973).starts_with("01-01 01-15 02-11 03-21 04-29 04-30 05-03 05-05 09-15 09-23 09-24"));
    // 4 May was nothing on Sunday in 1986, a substitute in 1987, 国民の休日 from 1988, and has a name since 2007.
    for (date, off) in [
        ("1985-05-04", false),
        ("1986-05-04", false),
        ("1987-05-04", true),
        ("1988-05-04", true),
        ("2007-05-04", true),
        ("1989-02-24", true),
        ("1990-11-12", true),
        ("1993-06-09", true),
        ("1999-01-15", true),
        ("2000-01-15", false),
        ("2002-07-20", true),
        ("2003-07-21", true),
        ("2018-12-24", true),
        ("2019-12-23", false),
        ("2009-09-22", true),
        ("2009-05-06", true),
        ("2092-03-19", true),
        ("2012-09-22", true),
    ] {
        assert_eq!(holidays::is_holiday(day(date)), off, "{date}");
    }
}

#[test]
fn the_office_is_closed_at_weekends_on_holidays_and_at_new_year() {
    for (date, works) in [
        ("2025-12-26", true),
        ("2025-12-27", false),
        ("2025-12-29", false),
        ("2025-12-31", false),
        ("2026-01-02", false),
        ("2026-01-05", true),
        ("2027-12-28", true),
        ("2024-01-03", false),
        ("2024-01-04", true),
        ("2026-09-22", false),
        ("2026-09-24", true),
    ] {
        assert_eq!(holidays::is_workday(day(date)), works, "{date}");
    }
    assert_eq!(holidays::next_workday(NaiveDate::MAX), NaiveDate::MAX);
}
