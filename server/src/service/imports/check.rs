//! The rules a row has to keep before it becomes a submission. The dry run and the import itself ask the same function,
//! so that what was checked is what is brought in.

use std::collections::HashMap;

use app::pages::staff::imports::{Finding, RowFinding, Target};
use chrono::NaiveDate;
use domain::{
    Channel, FieldErrors, IntakeState, Locale, Problem,
    consultation::Period,
    identity::Identity,
    page_reference, proposal,
    rules::{Eligibility, IncompleteHandling, OralHandling, Rules},
    similarity, split, text,
    wareki::ParseDateError,
};
use spreadsheet::Row;

use super::{
    mapping::{self, Mapping},
    words::{self, Said},
};
use crate::service::submission::NewItem;

/// So much of a cell is repeated in a finding.
const VALUE_MAX: usize = 40;

/// A row that became a submission.
#[derive(Clone, Debug)]
pub struct Submission {
    /// How it came.
    pub channel: Channel,
    /// 応募資格, as far as it is known.
    pub eligibility: Option<Eligibility>,
    /// Title.
    pub title: Option<String>,
    /// The text as sent.
    pub body: String,
    /// Its opinions, at least one.
    pub items: Vec<NewItem>,
    /// Who sent it.
    pub identity: Identity,
    /// 収受日.
    pub received: NaiveDate,
    /// 消印日.
    pub postmarked: Option<NaiveDate>,
    /// Where it stands.
    pub intake: IntakeState,
    /// 回答対象外.
    pub no_reply: bool,
    /// What becomes a note between staff.
    pub note: Option<String>,
}

/// Checks rows one after the other.
#[derive(Debug)]
pub struct Checker<'a> {
    rules: &'a Rules,
    period: Period,
    today: NaiveDate,
    mapping: &'a Mapping,
    /// Hashes of external numbers and the rows they were met in.
    external: HashMap<i64, u32>,
}

impl<'a> Checker<'a> {
    /// A checker for a theme with these rules.
    #[must_use]
    pub fn new(rules: &'a Rules, period: Period, today: NaiveDate, mapping: &'a Mapping) -> Self {
        Self { rules, period, today, mapping, external: HashMap::new() }
    }

    /// Checks a row; gives the submission when nothing has to be corrected.
    pub fn row(&mut self, row: &Row, found: &mut Vec<RowFinding>) -> Option<Submission> {
        let mut cells = Cells { mapping: self.mapping, row, found, errors: 0 };
        let body = cells.text(Target::Body, |value| text::required(value, proposal::BODY_MAX)).unwrap_or_default();
        let title =
            cells.text(Target::Title, |value| text::optional_line(value, proposal::TITLE_MAX)).unwrap_or_default();
        let channel = self.channel(&mut cells);
        let eligibility = self.eligibility(&mut cells);
        let received = self.received(&mut cells);
        let postmarked = postmarked(&mut cells, received);
        let identity = self.identity(&mut cells, eligibility);
        let (page, note) = self.note(&mut cells);
        let intake = self.intake(&mut cells, channel, received, postmarked, &identity, eligibility);
        if cells.errors > 0 {
            return None;
        }
        let (channel, received) = (channel?, received?);
        Some(Submission {
            items: self.items(&body, page),
            no_reply: identity.is_no_reply(self.rules, eligibility),
            channel,
            eligibility,
            title,
            body,
            identity,
            received,
            postmarked,
            intake,
            note,
        })
    }

    fn items(&self, body: &str, page: Option<i64>) -> Vec<NewItem> {
        let parts = if self.mapping.split { split::split(body) } else { vec![] };
        if parts.len() < 2 {
            return vec![NewItem { page, ..NewItem::default() }];
        }
        parts.into_iter().map(|part| NewItem { body: Some(part), anchor: None, page }).collect()
    }

    fn channel(&self, cells: &mut Cells<'_>) -> Option<Channel> {
        let value = cells.value(Target::Channel);
        let channel = if value.trim().is_empty() {
            if self.mapping.channel.is_none() {
                cells.finding(Some(Target::Channel), Finding::ChannelMissing);
            }
            self.mapping.channel
        } else {
            let channel = words::channel(value);
            if channel.is_none() {
                cells.finding(Some(Target::Channel), Finding::ChannelUnknown { value: short(value) });
            }
            channel
        };
        if channel == Some(Channel::Phone) && self.rules.oral == OralHandling::Refuse {
            cells.finding(Some(Target::Channel), Finding::Oral);
        }
        channel
    }

    fn eligibility(&self, cells: &mut Cells<'_>) -> Option<Eligibility> {
        let value = cells.value(Target::Eligibility);
        if value.trim().is_empty() {
            return self.mapping.eligibility;
        }
        let kind = match words::eligibility(value) {
            Some(Said::Kind(kind)) => kind,
            Some(Said::NotKnown) => return None,
            None => {
                cells.finding(Some(Target::Eligibility), Finding::EligibilityUnknown { value: short(value) });
                return None;
            }
        };
        if !self.rules.eligible.contains(&kind) {
            cells.finding(Some(Target::Eligibility), Finding::NotEligible);
        }
        Some(kind)
    }

    fn received(&self, cells: &mut Cells<'_>) -> Option<NaiveDate> {
        let Some(day) = cells.day(Target::Received).ok()?.or(self.mapping.received) else {
            cells.finding(Some(Target::Received), Finding::DateMissing);
            return None;
        };
        if day > self.today {
            let value = cells.value(Target::Received);
            let value = if value.trim().is_empty() { day.to_string() } else { short(value) };
            cells.finding(Some(Target::Received), Finding::Future { value });
            return None;
        }
        if day < self.period.opens_on {
            cells.finding(Some(Target::Received), Finding::Early);
        }
        Some(day)
    }

    fn identity(&self, cells: &mut Cells<'_>, eligibility: Option<Eligibility>) -> Identity {
        let typed = mapping::identity(|target| cells.value(target));
        match typed.check(self.rules, eligibility) {
            Ok(identity) => {
                let fields = identity.missing(self.rules, eligibility);
                if !fields.is_empty() {
                    let fields = fields.into_iter().map(str::to_owned).collect();
                    cells.finding(None, Finding::Incomplete { fields, handling: self.rules.incomplete });
                }
                identity
            }
            Err(errors) => {
                cells.field_errors(&errors);
                Identity::default()
            }
        }
    }

    /// The page the place names, and what is kept as a note: remarks, the ward's own number, a place that is no page.
    fn note(&mut self, cells: &mut Cells<'_>) -> (Option<i64>, Option<String>) {
        let line = |value: &str| text::optional_line(value, proposal::REASON_MAX);
        let place = cells.text(Target::Place, line).flatten();
        let page = place.as_deref().and_then(page);
        if place.is_some() && page.is_none() {
            cells.finding(Some(Target::Place), Finding::PlaceKept);
        }
        let external = cells.text(Target::External, |value| text::optional_line(value, 100)).flatten();
        if let Some(number) = &external {
            let hash = similarity::hash(&text::fold(number));
            match self.external.get(&hash) {
                Some(first) => cells.finding(Some(Target::External), Finding::ExternalAgain { row: *first }),
                None => drop(self.external.insert(hash, cells.row.number)),
            }
        }
        let note = cells.text(Target::Note, |value| text::optional(value, proposal::BODY_MAX)).flatten();
        let named = |target: Target, value: String| format!("{}: {value}", target.label(Locale::Ja));
        let lines = [
            external.map(|value| named(Target::External, value)),
            place.filter(|_| page.is_none()).map(|value| named(Target::Place, value)),
            note,
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        (page, (!lines.is_empty()).then(|| lines.join("\n")))
    }

    fn intake(
        &self,
        cells: &mut Cells<'_>,
        channel: Option<Channel>,
        received: Option<NaiveDate>,
        postmarked: Option<NaiveDate>,
        identity: &Identity,
        eligibility: Option<Eligibility>,
    ) -> IntakeState {
        if let (Some(channel), Some(received)) = (channel, received)
            && self.rules.is_late(channel, received, postmarked, self.period.closes_on)
        {
            cells.finding(Some(Target::Received), Finding::Late);
            return IntakeState::Late;
        }
        let refused = self.rules.incomplete == IncompleteHandling::Refuse
            && !identity.missing(self.rules, eligibility).is_empty();
        if refused { IntakeState::Unread } else { self.mapping.intake }
    }
}

fn postmarked(cells: &mut Cells<'_>, received: Option<NaiveDate>) -> Option<NaiveDate> {
    let day = cells.day(Target::Postmarked).ok()??;
    if received.is_some_and(|received| day > received) {
        cells.finding(Some(Target::Postmarked), Finding::PostmarkAfterReceipt);
    }
    Some(day)
}

/// The cells of one row, and what was found in them.
struct Cells<'a> {
    mapping: &'a Mapping,
    row: &'a Row,
    found: &'a mut Vec<RowFinding>,
    errors: u32,
}

impl<'a> Cells<'a> {
    fn value(&self, target: Target) -> &'a str {
        let index = self.mapping.column(target);
        index.and_then(|index| self.row.cells.get(index)).map(String::as_str).unwrap_or_default()
    }

    fn finding(&mut self, target: Option<Target>, finding: Finding) {
        self.errors += u32::from(finding.is_error());
        let column = target.and_then(|target| self.mapping.column(target));
        self.found.push(RowFinding { row: self.row.number, column, finding });
    }

    fn text<T>(&mut self, target: Target, check: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
        match check(self.value(target)) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.finding(Some(target), Finding::Text { problem });
                None
            }
        }
    }

    /// The day in a cell, if there is something in it.
    fn day(&mut self, target: Target) -> Result<Option<NaiveDate>, ()> {
        let text = self.value(target);
        if text.trim().is_empty() {
            return Ok(None);
        }
        words::day(text).map(Some).map_err(|error| {
            let value = short(text);
            let finding = match error {
                ParseDateError::Form => Finding::DateForm { value },
                ParseDateError::NoSuchDay => Finding::NoSuchDay { value },
                ParseDateError::OutsideEra(era) => Finding::OutsideEra { value, era: era.name.to_owned() },
                ParseDateError::Weekday => Finding::Weekday { value },
            };
            self.finding(Some(target), finding);
        })
    }

    fn field_errors(&mut self, errors: &FieldErrors) {
        for (name, problem) in errors.iter() {
            self.finding(Target::from_code(name), Finding::Text { problem });
        }
    }
}

/// The start of a cell, for findings.
fn short(value: &str) -> String {
    text::excerpt(value.trim(), VALUE_MAX)
}

/// The page that is meant by 5, P5, 5ページ.
fn page(place: &str) -> Option<i64> {
    let folded = text::fold(place);
    if let Ok(page) = folded.parse::<u32>() {
        return (1..=999).contains(&page).then(|| i64::from(page));
    }
    page_reference::find(place).first().map(|reference| i64::from(reference.page))
}

#[cfg(test)]
mod tests {
    use domain::rules::{FieldRule, RulesPreset};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(rules: &Rules, header: &[&str], cells: &[&str]) -> (Option<Submission>, Vec<RowFinding>) {
        let header: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
        let mut mapping = Mapping::guess(&header);
        mapping.channel = Some(Channel::Post);
        mapping.received = Some(day("2026-11-10"));
        mapping.split = true;
        let period = Period { opens_on: day("2026-11-01"), closes_on: day("2026-11-15") };
        let mut checker = Checker::new(rules, period, day("2026-11-21"), &mapping);
        let mut found = Vec::new();
        let row = Row { number: 2, cells: cells.iter().map(|c| (*c).to_owned()).collect() };
        (checker.row(&row, &mut found), found)
    }

    fn findings(header: &[&str], cells: &[&str]) -> Vec<Finding> {
        check(&Rules::default(), header, cells).1.into_iter().map(|found| found.finding).collect()
    }

    #[test]
    fn every_wrong_date_is_named() {
        let header = ["意見", "収受日"];
        let found = |text: &str| findings(&header, &["緑を残す", text]);
        let value = |text: &str| text.to_owned();
        assert_eq!(found("令和7年2月30日"), [Finding::NoSuchDay { value: value("令和7年2月30日") }]);
        assert_eq!(found("きのう"), [Finding::DateForm { value: value("きのう") }]);
        assert_eq!(
            found("平成31年5月1日"),
            [Finding::OutsideEra { value: value("平成31年5月1日"), era: value("平成") }]
        );
        assert_eq!(found("令和8年11月10日（月）"), [Finding::Weekday { value: value("令和8年11月10日（月）") }]);
        assert_eq!(found("2026-11-22"), [Finding::Future { value: value("2026-11-22") }]);
        assert_eq!(found("2026-10-31"), [Finding::Early]);
        assert_eq!(found("2026-11-16"), [Finding::Late]);
        assert_eq!(found("2026/11/15 23:59"), []);
    }

    #[test]
    fn a_letter_posted_in_time_is_in_time_where_the_postmark_counts() {
        let header = ["意見", "収受日", "消印日"];
        let cells = ["緑を残す", "2026-11-18", "2026-11-15"];
        let rules = |postmark| Rules { postmark, ..Rules::default() };
        assert_eq!(check(&rules(true), &header, &cells).0.unwrap().intake, IntakeState::Accepted);
        assert_eq!(check(&rules(false), &header, &cells).0.unwrap().intake, IntakeState::Late);
        let backwards = ["緑を残す", "2026-11-12", "2026-11-13"];
        assert_eq!(findings(&header, &backwards), [Finding::PostmarkAfterReceipt]);
    }

    #[test]
    fn an_incomplete_identity_is_a_remark_with_what_the_rules_do() {
        let mut rules = Rules::from_preset(RulesPreset::Shibuya);
        rules.identity.address = FieldRule::Required;
        for (handling, no_reply, intake) in [
            (IncompleteHandling::Equal, false, IntakeState::Accepted),
            (IncompleteHandling::NoReply, true, IntakeState::Accepted),
            (IncompleteHandling::Refuse, false, IntakeState::Unread),
        ] {
            rules.incomplete = handling;
            let (made, found) = check(&rules, &["意見", "氏名"], &["緑を残す", "水面 太郎"]);
            let made = made.unwrap();
            assert_eq!((made.no_reply, made.intake), (no_reply, intake));
            let fields = vec!["address".to_owned()];
            assert_eq!(found, [RowFinding { row: 2, column: None, finding: Finding::Incomplete { fields, handling } }]);
        }
    }

    #[test]
    fn nothing_in_a_row_is_lost() {
        let header = ["意見", "該当箇所", "整理番号", "備考"];
        let (made, found) = check(&Rules::default(), &header, &["①緑を残す\n②池を作る", "第2章", "A-7", "電話で確認"]);
        let made = made.unwrap();
        assert_eq!(made.body, "①緑を残す\n②池を作る");
        let bodies: Vec<_> = made.items.iter().filter_map(|item| item.body.as_deref()).collect();
        assert_eq!(bodies, ["①緑を残す", "②池を作る"]);
        assert_eq!(made.note.as_deref(), Some("整理番号: A-7\n該当箇所: 第2章\n電話で確認"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].finding, Finding::PlaceKept);
        let (made, _) = check(&Rules::default(), &header, &["緑を残す", "Ｐ５", "", ""]);
        let made = made.unwrap();
        assert_eq!((made.items[0].page, made.note), (Some(5), None));
        assert_eq!(page("12"), Some(12));
        assert_eq!(page("0"), None);
    }

    #[test]
    fn texts_and_words_are_checked_by_column() {
        let header = ["意見", "題名", "提出方法", "応募資格", "メール"];
        let long = "あ".repeat(5001);
        let (made, found) = check(&Rules::default(), &header, &[&long, &"題".repeat(81), "伝書鳩", "宇宙人", "taro@"]);
        assert!(made.is_none());
        let places: Vec<_> = found.iter().map(|f| (f.column, f.finding.is_error())).collect();
        assert_eq!(places, [(Some(0), true), (Some(1), true), (Some(2), true), (Some(3), true), (Some(4), true)]);
        assert_eq!(findings(&header, &[" \u{3000}", "", "", "", ""]), [Finding::Text { problem: Problem::Required }]);
    }
}
