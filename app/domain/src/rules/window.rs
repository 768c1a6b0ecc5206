//! The calendar of the rules: from when days are counted, how many they are, and until when an opinion is in time.

use chrono::{Days, NaiveDate};

use super::{CountingStart, END_OF_DAY, HolidayShift, Rules, holidays};
use crate::{Channel, Millis, consultation::Period, wareki};

/// Where a theme's dates break its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Fewer days than the rules ask for.
    TooShort {
        /// The days that count.
        days: i64,
        /// The least number.
        min: u32,
    },
    /// More days than the rules allow.
    TooLong {
        /// The days that count.
        days: i64,
        /// The greatest number.
        max: u32,
    },
    /// The rules count from the issue of the 広報紙, and its day is not known.
    GazetteMissing,
    /// The period opens before the announcement from which the rules count.
    OpensBeforeCounting {
        /// The first day that counts.
        from: NaiveDate,
    },
    /// The last day is a day off and the rules move it.
    LastDayOff {
        /// The working day that should be the last.
        next: NaiveDate,
    },
}

impl Breach {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::GazetteMissing => "gazette_missing",
            Self::OpensBeforeCounting { .. } => "opens_before_counting",
            Self::LastDayOff { .. } => "last_day_off",
        }
    }
}

impl Rules {
    /// 起算日: the first day that counts. `gazette` is the day of the 広報紙 that announces the theme; `None` is the
    /// answer when the rules count from it and it is missing.
    #[must_use]
    pub fn counted_from(&self, publication: NaiveDate, gazette: Option<NaiveDate>) -> Option<NaiveDate> {
        match self.counting {
            CountingStart::PublicationDay => Some(publication),
            CountingStart::DayAfterPublication => publication.succ_opt(),
            CountingStart::DayAfterGazette => gazette?.succ_opt(),
        }
    }

    /// How many days count: those from the later of opening and [`counted_from`](Self::counted_from) to the last day,
    /// both included; 0 when there are none, `None` when the first day that counts is not known.
    #[must_use]
    pub fn days(&self, period: Period, publication: NaiveDate, gazette: Option<NaiveDate>) -> Option<i64> {
        let first = self.first_day(period.opens_on, publication, gazette)?;
        Some((period.closes_on.signed_duration_since(first).num_days() + 1).max(0))
    }

    /// The first last day that keeps the least number of days, moved as the holiday rule says. `None` when the first
    /// day that counts is not known.
    #[must_use]
    pub fn earliest_close(
        &self,
        opens_on: NaiveDate,
        publication: NaiveDate,
        gazette: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let first = self.first_day(opens_on, publication, gazette)?;
        self.nth_day(first, self.least_days())
    }

    /// The last last day that keeps the greatest number of days, moved as the holiday rule says. `None` when there is no
    /// greatest number, or the first day that counts is not known.
    #[must_use]
    pub fn latest_close(
        &self,
        opens_on: NaiveDate,
        publication: NaiveDate,
        gazette: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        let first = self.first_day(opens_on, publication, gazette)?;
        self.nth_day(first, self.max_days?)
    }

    /// Everything that is wrong with the dates, in the order they are explained. A day more than the greatest number is
    /// no breach when only the holiday rule made it so.
    #[must_use]
    pub fn breaches(&self, period: Period, publication: NaiveDate, gazette: Option<NaiveDate>) -> Vec<Breach> {
        let mut found = Vec::new();
        if let Some(from) = self.counted_from(publication, gazette) {
            let days = self.days(period, publication, gazette).unwrap_or_default();
            if days < i64::from(self.least_days()) {
                found.push(Breach::TooShort { days, min: self.least_days() });
            }
            let latest = self.latest_close(period.opens_on, publication, gazette);
            if let (Some(max), Some(latest)) = (self.max_days, latest)
                && period.closes_on > latest
            {
                found.push(Breach::TooLong { days, max });
            }
            // The day of the announcement itself may be open already without being counted: Shinagawa does so.
            let announced = if self.counting == CountingStart::PublicationDay { Some(from) } else { from.pred_opt() };
            if announced.is_some_and(|day| period.opens_on < day) {
                found.push(Breach::OpensBeforeCounting { from });
            }
        } else {
            found.push(Breach::GazetteMissing);
        }
        let next = self.shifted(period.closes_on);
        if next != period.closes_on {
            found.push(Breach::LastDayOff { next });
        }
        found
    }

    /// The last millisecond that is in time when `closes_on` is the last day. The second named is the last that counts:
    /// 23:59:59.999 for the end of the day, 17:00:00.999 for 「17時まで」.
    #[must_use]
    pub fn closes_at(&self, closes_on: NaiveDate) -> Millis {
        if self.closing_minute >= END_OF_DAY {
            wareki::end_of_day_ms(closes_on)
        } else {
            wareki::start_of_day_ms(closes_on) + i64::from(self.closing_minute) * 60_000 + 999
        }
    }

    /// Whether an opinion that arrived on paper or in person is late. The day it was received (収受日) decides; where
    /// 消印有効 holds, a letter with a postmark (消印) of the last day or before is in time whenever it arrives.
    #[must_use]
    pub fn is_late(
        &self,
        channel: Channel,
        received: NaiveDate,
        postmark: Option<NaiveDate>,
        closes_on: NaiveDate,
    ) -> bool {
        let posted_in_time =
            self.postmark && matches!(channel, Channel::Post) && postmark.is_some_and(|day| day <= closes_on);
        received > closes_on && !posted_in_time
    }

    fn first_day(&self, opens_on: NaiveDate, publication: NaiveDate, gazette: Option<NaiveDate>) -> Option<NaiveDate> {
        self.counted_from(publication, gazette).map(|from| from.max(opens_on))
    }

    /// The least number of days; a period of none is too short whatever is stored.
    fn least_days(&self) -> u32 {
        self.min_days.max(1)
    }

    /// The `days`th day from `first` on, `first` being the first, moved as the holiday rule says.
    fn nth_day(&self, first: NaiveDate, days: u32) -> Option<NaiveDate> {
        first.checked_add_days(Days::new(u64::from(days.saturating_sub(1)))).map(|day| self.shifted(day))
    }

    fn shifted(&self, day: NaiveDate) -> NaiveDate {
        match self.holiday_shift {
            HolidayShift::None => day,
            HolidayShift::NextWorkday => holidays::next_workday(day),
        }
    }
}
