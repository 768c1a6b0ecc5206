//! The ward's rules for public comments (要綱): reading them as they are typed, keeping them, and checking dates by them.

use app::pages::staff::{
    settings::{ASKED, RulesInput},
    timeline::PeriodCheck,
};
use chrono::NaiveDate;
use domain::{
    FieldErrors, Millis, Problem,
    consultation::Period,
    permission::{self, SiteAction},
    rules::{
        ApprovalOnlyHandling, CountingStart, DAYS_MAX, END_OF_DAY, Eligibility, FieldRule, HolidayShift, IdentityField,
        IncompleteHandling, LateHandling, OralHandling, OutOfScopeHandling, RETENTION_MONTHS_MAX, Rules, RulesPreset,
    },
    text, wareki,
};
use serde_json::json;

use super::{Checked, consultation::Loaded};
use crate::{audit, ctx::Ctx, error::Result, repository};

/// Minutes after midnight of 「9:00」, 「９：００」, 「9時」 or 「9時30分」; 24:00 is the end of the day.
#[must_use]
pub fn minutes(input: &str) -> Option<u32> {
    let folded: String = text::fold(input).chars().filter(|c| !c.is_whitespace()).collect();
    let (hour, minute) = match folded.split_once('時') {
        Some((hour, "")) => (hour, "00"),
        Some((hour, rest)) => (hour, rest.strip_suffix('分').unwrap_or(rest)),
        None => folded.split_once(':')?,
    };
    let number =
        |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()));
    let (hour, minute) = (number(hour)?, number(minute)?);
    (minute < 60 && (hour < 24 || (hour == 24 && minute == 0))).then_some(hour * 60 + minute)
}

/// When the last day ends: nothing and 23:59 mean the end of the day, as 「23時59分まで」 does on paper.
fn closing(input: &str) -> std::result::Result<u32, Problem> {
    if input.trim().is_empty() {
        return Ok(END_OF_DAY);
    }
    match minutes(input) {
        Some(minute) if minute >= END_OF_DAY - 1 => Ok(END_OF_DAY),
        Some(minute) if minute > 0 => Ok(minute),
        _ => Err(Problem::Time),
    }
}

fn number(input: &str, min: u32, max: u32) -> std::result::Result<u32, Problem> {
    match text::fold(input).trim() {
        "" => Err(Problem::Required),
        digits => digits.parse().map_err(|_| Problem::NumberRange { min, max }),
    }
}

/// Rules as they were typed.
///
/// # Errors
/// What is wrong, under the fields' names.
pub fn read(input: &RulesInput) -> Checked<Rules> {
    let mut errors = FieldErrors::new();
    let mut rules = Rules { preset: RulesPreset::from_code(&input.preset).unwrap_or_default(), ..Rules::default() };
    rules.min_days = errors.take("min_days", number(&input.min_days, 1, DAYS_MAX));
    rules.max_days = if input.max_days.trim().is_empty() {
        None
    } else {
        Some(errors.take("max_days", number(&input.max_days, rules.min_days.clamp(1, DAYS_MAX), DAYS_MAX)))
    };
    let unknown = Problem::ChoiceRequired;
    rules.counting = errors.take("counting", CountingStart::from_code(&input.counting).ok_or(unknown));
    rules.closing_minute = errors.take("closing", closing(&input.closing));
    rules.holiday_shift = errors.take("holiday_shift", HolidayShift::from_code(&input.holiday_shift).ok_or(unknown));
    rules.postmark = input.postmark;
    rules.eligible =
        Eligibility::ALL.into_iter().filter(|kind| input.eligible.iter().any(|code| code == kind.code())).collect();
    for ((field, name), code) in IdentityField::ALL.into_iter().zip(ASKED).zip(&input.identity) {
        rules.identity.set(field, errors.take(name, FieldRule::from_code(code).ok_or(unknown)));
    }
    rules.incomplete = errors.take("incomplete", IncompleteHandling::from_code(&input.incomplete).ok_or(unknown));
    rules.late = errors.take("late", LateHandling::from_code(&input.late).ok_or(unknown));
    rules.oral = errors.take("oral", OralHandling::from_code(&input.oral).ok_or(unknown));
    rules.approval_only =
        errors.take("approval_only", ApprovalOnlyHandling::from_code(&input.approval_only).ok_or(unknown));
    rules.out_of_scope = errors.take("out_of_scope", OutOfScopeHandling::from_code(&input.out_of_scope).ok_or(unknown));
    rules.individual_reply = input.individual_reply;
    rules.attachments = input.attachments;
    let places = text::normalise_newlines(&input.result_places);
    rules.result_places = places.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if rules.result_places.is_empty() {
        errors.push("result_places", Problem::Required);
    }
    rules.retention_months = errors.take("retention_months", number(&input.retention_months, 1, RETENTION_MONTHS_MAX));
    if let Err(more) = rules.check() {
        for (name, problem) in more.iter() {
            errors.push(if name == "closing_minute" { "closing" } else { name }, problem);
        }
    }
    errors.into_result(rules)
}

/// The ward's rules, for those who may change them.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn ward(ctx: &Ctx) -> Result<Rules> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    Ok(repository::setting::rules(ctx.db()).await?)
}

/// Changes the ward's rules; themes that are there keep theirs.
///
/// # Errors
/// [`AppError::Forbidden`](crate::error::AppError::Forbidden). Inner: what is wrong.
pub async fn save_ward(ctx: &Ctx, input: &RulesInput) -> Result<Checked<()>> {
    ctx.allow(permission::site(ctx.role(), SiteAction::EditSettings))?;
    let rules = match read(input) {
        Ok(rules) => rules,
        Err(errors) => return Ok(Err(errors)),
    };
    let tx = ctx.write().await?;
    let changed: Vec<&str> =
        rules.differs(&repository::setting::rules(&tx).await?).into_iter().map(domain::rules::RulePart::code).collect();
    repository::setting::set_rules(&tx, &rules).await?;
    let detail = json!({ "changed": changed, "preset": rules.preset.code() });
    audit::record(&tx, ctx, "settings.rules", ("setting", 0), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// A theme's dates against its rules. `publication` is the day it becomes public, `sure` whether that day is set.
#[must_use]
pub fn check(
    rules: &Rules,
    period: Period,
    (publication, sure): (NaiveDate, bool),
    gazette: Option<NaiveDate>,
    has_reason: bool,
) -> PeriodCheck {
    let from = rules.counted_from(publication, gazette).map(|day| day.max(period.opens_on));
    PeriodCheck {
        breaches: rules.breaches(period, publication, gazette),
        counted: from.zip(rules.days(period, publication, gazette)),
        window: (
            rules.earliest_close(period.opens_on, publication, gazette),
            rules.latest_close(period.opens_on, publication, gazette),
        ),
        assumed: (!sure).then_some(publication),
        has_reason,
        refused: false,
    }
}

/// The day on which a theme becomes public, and whether it is set; before, as late as it can be announced before it
/// opens.
#[must_use]
pub fn publication_day(publish_at: Option<Millis>, opens_on: NaiveDate, now: Millis) -> (NaiveDate, bool) {
    match publish_at {
        Some(at) => (wareki::date_of(at), true),
        None => (opens_on.pred_opt().unwrap_or(opens_on).max(wareki::date_of(now)), false),
    }
}

/// A stored theme's dates against its rules, as if it became public at `at`.
#[must_use]
pub fn check_theme(loaded: &Loaded, at: Option<Millis>, now: Millis) -> PeriodCheck {
    let day = publication_day(at, loaded.period.opens_on, now);
    check(&loaded.rules, loaded.period, day, loaded.gazette_on(), !loaded.row.rules_reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (input, expected) in [
            ("09:00", 540),
            ("９：３０", 570),
            ("9時", 540),
            (" 17 時 05 分 ", 1025),
            ("0:00", 0),
            ("23:59", 1439),
            ("24:00", 1440),
        ] {
            assert_eq!(minutes(input), Some(expected), "{input}");
        }
        for bad in ["", "9", "24:01", "25:00", "12:60", "-1:00", "+9:00", "9:00:00", "昼"] {
            assert_eq!(minutes(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_last_minute_is_the_end_of_the_day() {
        assert_eq!(closing(""), Ok(END_OF_DAY));
        assert_eq!(closing("23時59分"), Ok(END_OF_DAY));
        assert_eq!(closing("17:00"), Ok(1020));
        assert_eq!(closing("0:00"), Err(Problem::Time));
    }

    #[test]
    fn every_preset_survives_the_form() {
        for preset in RulesPreset::ALL {
            let rules = Rules::from_preset(preset);
            assert_eq!(read(&RulesInput::of(&rules)), Ok(rules));
        }
    }

    #[test]
    fn what_is_wrong_is_said_field_by_field() {
        let good = RulesInput::of(&Rules::default());
        let bad = RulesInput {
            min_days: "三十".to_owned(),
            max_days: "9999".to_owned(),
            closing: "25:00".to_owned(),
            eligible: vec![],
            result_places: " \n".to_owned(),
            retention_months: String::new(),
            ..good
        };
        let errors = read(&bad).unwrap_err();
        for (name, problem) in [
            ("min_days", Problem::NumberRange { min: 1, max: DAYS_MAX }),
            ("closing", Problem::Time),
            ("eligible", Problem::ChoiceRequired),
            ("result_places", Problem::Required),
            ("retention_months", Problem::Required),
        ] {
            assert_eq!(errors.of(name), Some(problem), "{name}");
        }
        assert!(matches!(errors.of("max_days"), Some(Problem::NumberRange { .. })));
    }
}
