//! 要綱: the rules a ward runs its public comments (意見公募) by, as plain data with the checks that follow from them.
//!
//! A ward starts from one of the [`RulesPreset`]s and changes what its own 要綱 says differently; a theme starts from
//! its ward's rules. [`Rules::breaches`] tells where a theme's dates break the rules, [`Rules::differs`] where a theme's
//! rules differ from its ward's; both ask for a reason that is published (after 行政手続法40条1項).

pub mod holidays;
mod kinds;
mod presets;
mod window;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{FieldErrors, Problem, text, wareki};

pub(crate) use kinds::coded;
pub use kinds::{
    ApprovalOnlyHandling, CountingStart, Eligibility, ExtraField, FieldRule, HolidayShift, IdentityField,
    IncompleteHandling, LateHandling, OralHandling, OutOfScopeHandling, RulePart, RulesPreset,
};
pub use window::Breach;

/// Longest period that can be set, in days: a year with a leap day.
pub const DAYS_MAX: u32 = 366;
/// The closing minute that means the end of the day (23時59分59秒), and the greatest that can be set.
pub const END_OF_DAY: u32 = 24 * 60;
/// Longest time for which identities can be kept after the result, in months.
pub const RETENTION_MONTHS_MAX: u32 = 120;
/// Most places where the result is shown.
pub const RESULT_PLACES_MAX: usize = 10;
/// Longest name of such a place, in graphemes.
pub const RESULT_PLACE_MAX: usize = 80;

/// The rules of a public comment.
///
/// A field that is missing in stored JSON takes its value from [`Rules::default`], the national model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// The preset these rules started from; says nothing about what was changed since.
    pub preset: RulesPreset,
    /// 意見提出期間の下限: the least number of days that count.
    pub min_days: u32,
    /// 意見提出期間の上限: the greatest number of days that count; `None` without limit.
    pub max_days: Option<u32>,
    /// 起算日: from which day the period is counted.
    pub counting: CountingStart,
    /// When the last day ends: minutes after 0時00分 JST, 1 to [`END_OF_DAY`]; 1440 is 23時59分59秒, 1020 is 17時00分.
    pub closing_minute: u32,
    /// What happens when the last day is a day off.
    pub holiday_shift: HolidayShift,
    /// 消印有効: a letter posted within the period is in time, however late it arrives.
    pub postmark: bool,
    /// 意見を提出できる方: the kinds of people who may submit.
    pub eligible: Vec<Eligibility>,
    /// What people are asked about themselves.
    pub identity: IdentityRules,
    /// What happens to an opinion whose required identity is incomplete.
    pub incomplete: IncompleteHandling,
    /// What happens to an opinion that arrives after the period.
    pub late: LateHandling,
    /// What happens to an opinion given by telephone or word of mouth.
    pub oral: OralHandling,
    /// What happens to an opinion that only says yes or no.
    pub approval_only: ApprovalOnlyHandling,
    /// What happens to an opinion about something else.
    pub out_of_scope: OutOfScopeHandling,
    /// 個別回答: whether each person gets an answer of their own.
    pub individual_reply: bool,
    /// Whether files may be sent with an opinion.
    pub attachments: bool,
    /// Where the result is shown (区ホームページ, 担当課窓口, …), as printed.
    pub result_places: Vec<String>,
    /// Identities are deleted this many months after the result was published.
    pub retention_months: u32,
}

/// What people are asked about themselves. Names are never published, whatever is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentityRules {
    /// 氏名.
    pub name: FieldRule,
    /// ふりがな.
    pub kana: FieldRule,
    /// 住所.
    pub address: FieldRule,
    /// 電話番号.
    pub phone: FieldRule,
    /// メールアドレス.
    pub email: FieldRule,
}

impl IdentityRules {
    /// The rule for a field.
    #[must_use]
    pub const fn of(&self, field: IdentityField) -> FieldRule {
        match field {
            IdentityField::Name => self.name,
            IdentityField::Kana => self.kana,
            IdentityField::Address => self.address,
            IdentityField::Phone => self.phone,
            IdentityField::Email => self.email,
        }
    }

    /// Sets the rule for a field.
    pub const fn set(&mut self, field: IdentityField, rule: FieldRule) {
        match field {
            IdentityField::Name => self.name = rule,
            IdentityField::Kana => self.kana = rule,
            IdentityField::Address => self.address = rule,
            IdentityField::Phone => self.phone = rule,
            IdentityField::Email => self.email = rule,
        }
    }
}

impl Rules {
    /// The parts in which these rules differ from others, in the order they are printed. The preset is not compared,
    /// nor is the order in which the eligible kinds are listed.
    #[must_use]
    pub fn differs(&self, other: &Self) -> Vec<RulePart> {
        RulePart::ALL.into_iter().filter(|part| self.part_differs(other, *part)).collect()
    }

    fn part_differs(&self, other: &Self, part: RulePart) -> bool {
        match part {
            RulePart::Period => (self.min_days, self.max_days) != (other.min_days, other.max_days),
            RulePart::Counting => self.counting != other.counting,
            RulePart::Closing => self.closing_minute != other.closing_minute,
            RulePart::Postmark => self.postmark != other.postmark,
            RulePart::Eligible => {
                Eligibility::ALL.iter().any(|kind| self.eligible.contains(kind) != other.eligible.contains(kind))
            }
            RulePart::Identity => self.identity != other.identity,
            RulePart::Incomplete => self.incomplete != other.incomplete,
            RulePart::Late => self.late != other.late,
            RulePart::Oral => self.oral != other.oral,
            RulePart::ApprovalOnly => self.approval_only != other.approval_only,
            RulePart::OutOfScope => self.out_of_scope != other.out_of_scope,
            RulePart::IndividualReply => self.individual_reply != other.individual_reply,
            RulePart::Attachments => self.attachments != other.attachments,
            RulePart::ResultPlaces => self.result_places != other.result_places,
            RulePart::Retention => self.retention_months != other.retention_months,
            RulePart::HolidayShift => self.holiday_shift != other.holiday_shift,
        }
    }

    /// Checks that the rules make sense in themselves. Nothing is changed: whoever reads a form trims its texts.
    ///
    /// # Errors
    /// Under the fields' names: `min_days`, `max_days`, `closing_minute`, `retention_months` with
    /// [`Problem::NumberRange`]; `eligible` with [`Problem::ChoiceRequired`]; `result_places` with
    /// [`Problem::TooMany`] or the problem of the first wrong place.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::new();
        errors.take("min_days", in_range(self.min_days, 1, DAYS_MAX));
        if let Some(max) = self.max_days {
            errors.take("max_days", in_range(max, self.min_days.clamp(1, DAYS_MAX), DAYS_MAX));
        }
        errors.take("closing_minute", in_range(self.closing_minute, 1, END_OF_DAY));
        if self.eligible.is_empty() {
            errors.push("eligible", Problem::ChoiceRequired);
        }
        if self.result_places.len() > RESULT_PLACES_MAX {
            errors.push("result_places", Problem::TooMany { max: RESULT_PLACES_MAX });
        }
        for place in &self.result_places {
            errors.take("result_places", text::required_line(place, RESULT_PLACE_MAX).map(drop));
        }
        errors.take("retention_months", in_range(self.retention_months, 1, RETENTION_MONTHS_MAX));
        errors.into_result(())
    }
}

const fn in_range(value: u32, min: u32, max: u32) -> Result<(), Problem> {
    if min <= value && value <= max { Ok(()) } else { Err(Problem::NumberRange { min, max }) }
}

/// 案件番号: `R8-0003`, the fiscal year (named by the Gregorian year it begins in) and a theme's number of at least four
/// digits. The letter is the era of that fiscal year as [`wareki::fiscal_year_name`] has it: FY2018 is `H30`, FY2019 `R1`.
#[must_use]
pub fn theme_number(fiscal_year: i32, id: i64) -> String {
    let era = NaiveDate::from_ymd_opt(fiscal_year, 10, 1).and_then(|middle| wareki::Era::of(middle).zip(Some(middle)));
    match era {
        Some((era, middle)) => format!("{}{}-{id:04}", era.letter, era.year_of(middle.year())),
        None => format!("{fiscal_year}-{id:04}"),
    }
}

#[cfg(test)]
mod tests;
