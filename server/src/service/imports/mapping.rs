//! Which column of a table is what: guessed from its heading, chosen by the clerk, and how words in its cells are read.

use std::collections::BTreeMap;

use app::pages::staff::imports::{MappingInput, Target};
use chrono::NaiveDate;
use domain::{
    Channel, FieldErrors, IntakeState, Locale, Problem,
    identity::Identity,
    rules::{Eligibility, ExtraField, FieldRule, Rules},
    similarity::key,
    wareki,
};
use serde::{Deserialize, Serialize};

use super::words::{NAMES, folded};

/// What a file was found to be when it was uploaded. Headings only: cells tell who sent what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// `csv` or `xlsx`.
    pub format: String,
    /// Code of the encoding of a CSV file.
    pub encoding: Option<String>,
    /// The sheet of an XLSX file.
    pub sheet: Option<String>,
    /// The headings.
    pub header: Vec<String>,
}

/// Which column is what, and what holds where the table says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// By the code of the [`Target`]: the index of the column.
    pub columns: BTreeMap<String, usize>,
    /// The channel where none is named.
    pub channel: Option<Channel>,
    /// 収受日 where none is named.
    pub received: Option<NaiveDate>,
    /// The eligibility where none is named.
    pub eligibility: Option<Eligibility>,
    /// The state in which submissions start.
    pub intake: IntakeState,
    /// Whether texts are cut into several opinions.
    pub split: bool,
}

/// What is kept with an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The file.
    pub source: Source,
    /// The choice.
    pub mapping: Mapping,
}

impl Mapping {
    /// The column of a target.
    #[must_use]
    pub fn column(&self, target: Target) -> Option<usize> {
        self.columns.get(target.code()).copied()
    }

    /// What the headings tell.
    #[must_use]
    pub fn guess(header: &[String]) -> Self {
        let mut columns: BTreeMap<String, usize> = BTreeMap::new();
        let headings: Vec<String> = header.iter().map(|heading| folded(heading)).collect();
        let exact = NAMES.iter().map(|(target, names, _)| (*target, *names, true));
        let within = NAMES.iter().map(|(target, _, parts)| (*target, *parts, false));
        for (target, words, whole) in exact.chain(within) {
            if columns.contains_key(target.code()) {
                continue;
            }
            let words: Vec<String> = words.iter().map(|word| key(word)).collect();
            let own = target.label(Locale::Ja);
            let fits = |heading: &str| {
                if whole {
                    heading == key(&own) || words.iter().any(|word| heading == word)
                } else {
                    words.iter().any(|word| heading.contains(word.as_str()))
                }
            };
            let taken = |index: usize| columns.values().any(|known| *known == index);
            let found =
                (0..).zip(&headings).find(|(index, heading)| !heading.is_empty() && !taken(*index) && fits(heading));
            if let Some((index, _)) = found {
                columns.insert(target.code().to_owned(), index);
            }
        }
        Self { columns, channel: None, received: None, eligibility: None, intake: IntakeState::Accepted, split: false }
    }

    /// The choice as the form shows it.
    #[must_use]
    pub fn input(&self) -> MappingInput {
        let chosen = |target: Target| self.column(target).map(|index| index.to_string()).unwrap_or_default();
        MappingInput {
            columns: Target::ALL.into_iter().map(|target| (target.code(), chosen(target))).collect(),
            channel: self.channel.map(Channel::code).unwrap_or_default().to_owned(),
            received: self.received.map(|day| day.to_string()).unwrap_or_default(),
            eligibility: self.eligibility.map(Eligibility::code).unwrap_or_default().to_owned(),
            intake: self.intake.code().to_owned(),
            split: self.split,
        }
    }

    /// Reads the form.
    ///
    /// # Errors
    /// By field: a column that isn't there or is chosen twice, no column of opinions, nothing that tells channel or day.
    pub fn read(input: &MappingInput, header: &[String]) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut columns: BTreeMap<String, usize> = BTreeMap::new();
        for target in Target::ALL {
            let chosen = input.columns.get(target.code()).map(String::as_str).unwrap_or_default();
            if chosen.is_empty() {
                continue;
            }
            let index = chosen.parse().ok().filter(|&index: &usize| header.get(index).is_some_and(|h| !h.is_empty()));
            match index {
                Some(index) if !columns.values().any(|known| *known == index) => {
                    columns.insert(target.code().to_owned(), index);
                }
                _ => errors.push(target.input(), Problem::UnknownChoice),
            }
        }
        let has = |target: Target| columns.contains_key(target.code());
        if !has(Target::Body) {
            errors.push(Target::Body.input(), Problem::ChoiceRequired);
        }
        let channel = Channel::from_code(&input.channel);
        if channel.is_none() && (!input.channel.is_empty() || !has(Target::Channel)) {
            errors.push("default_channel", Problem::ChoiceRequired);
        }
        let received = match input.received.trim() {
            "" if has(Target::Received) => None,
            "" => {
                errors.push("default_received", Problem::Required);
                None
            }
            text => match wareki::parse(text) {
                Ok(day) => Some(day),
                Err(_) => {
                    errors.push("default_received", Problem::Date);
                    None
                }
            },
        };
        let eligibility = Eligibility::from_code(&input.eligibility);
        if eligibility.is_none() && !input.eligibility.is_empty() {
            errors.push("default_eligibility", Problem::UnknownChoice);
        }
        let intake = IntakeState::from_code(&input.intake)
            .filter(|state| matches!(state, IntakeState::Accepted | IntakeState::Unread));
        let intake = errors.take("intake", intake.ok_or(Problem::ChoiceRequired));
        errors.into_result(Self { columns, channel, received, eligibility, intake, split: input.split })
    }
}

/// Targets that tell who sent something and that the rules don't ask for: nothing of them is stored.
#[must_use]
pub fn not_asked(rules: &Rules) -> Vec<Target> {
    let identity = &rules.identity;
    let fields = [
        (Target::Name, identity.name),
        (Target::Kana, identity.kana),
        (Target::Address, identity.address),
        (Target::Phone, identity.phone),
        (Target::Email, identity.email),
    ];
    let extras = [
        (Target::Workplace, ExtraField::Workplace),
        (Target::School, ExtraField::School),
        (Target::Organisation, ExtraField::Organisation),
        (Target::Representative, ExtraField::Organisation),
        (Target::Interest, ExtraField::Interest),
    ];
    let asked = |extra: ExtraField| rules.eligible.iter().any(|kind| kind.extra() == Some(extra));
    let fields = fields.into_iter().filter(|(_, rule)| *rule == FieldRule::NotAsked).map(|(target, _)| target);
    let extras = extras.into_iter().filter(|(_, extra)| !asked(*extra)).map(|(target, _)| target);
    fields.chain(extras).collect()
}

/// The identity in the cells that `cell` gives.
pub(super) fn identity<'a>(cell: impl Fn(Target) -> &'a str) -> Identity {
    let text = |target| cell(target).to_owned();
    Identity {
        name: text(Target::Name),
        kana: text(Target::Kana),
        address: text(Target::Address),
        phone: text(Target::Phone),
        email: text(Target::Email),
        organisation: text(Target::Organisation),
        representative: text(Target::Representative),
        workplace: text(Target::Workplace),
        school: text(Target::School),
        interest: text(Target::Interest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(headings: &[&str]) -> Vec<Option<usize>> {
        let header: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        let mapping = Mapping::guess(&header);
        assert!(mapping.columns.values().all(|index| *index < header.len()));
        Target::ALL.into_iter().map(|target| mapping.column(target)).collect()
    }

    #[test]
    fn the_headings_of_the_example_are_understood() {
        let csv = app::pages::staff::imports::example_csv();
        let headings: Vec<&str> = csv.trim_start_matches('\u{FEFF}').lines().next().unwrap().split(',').collect();
        assert_eq!(guess(&headings), (0..Target::ALL.len()).map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn headings_are_understood_as_wards_write_them() {
        for (heading, target) in [
            ("ご意見（必須）", Target::Body),
            ("意見の内容", Target::Body),
            ("※ご意見・ご提案の本文", Target::Body),
            ("経路", Target::Channel),
            ("提出方法", Target::Channel),
            ("受付日", Target::Received),
            ("収受 年月日", Target::Received),
            ("消印", Target::Postmarked),
            ("お名前【氏名】", Target::Name),
            ("フリガナ", Target::Kana),
            ("御住所（番地まで）", Target::Address),
            ("ＴＥＬ", Target::Phone),
            ("電話番号", Target::Phone),
            ("e-mail", Target::Email),
            ("メールアドレス", Target::Email),
            ("区分", Target::Eligibility),
            ("団体名", Target::Organisation),
            ("代表者氏名", Target::Representative),
            ("勤務先の名称", Target::Workplace),
            ("学校名", Target::School),
            ("利害関係の内容", Target::Interest),
            ("該当箇所（頁）", Target::Place),
            ("No.", Target::External),
            ("備考", Target::Note),
            ("件名", Target::Title),
        ] {
            let header = [heading.to_owned()];
            let mapping = Mapping::guess(&header);
            assert_eq!(mapping.columns, BTreeMap::from([(target.code().to_owned(), 0)]), "{heading}");
        }
        assert!(guess(&["謎の列", "", "数量"]).iter().all(Option::is_none));
    }

    #[test]
    fn a_column_is_one_thing_only() {
        let both = guess(&["意見", "ご意見"]);
        assert_eq!(both.iter().flatten().count(), 1);
        let header = ["意見".to_owned(), "題名".to_owned(), String::new()];
        let mut input = Mapping::guess(&header).input();
        input.channel = "post".to_owned();
        input.received = "R8.11.20".to_owned();
        assert!(Mapping::read(&input, &header).is_ok());
        input.columns.insert("title", "0".to_owned());
        input.columns.insert("note", "2".to_owned());
        input.columns.insert("kana", "9".to_owned());
        let errors = Mapping::read(&input, &header).unwrap_err();
        for name in ["col_title", "col_note", "col_kana"] {
            assert_eq!(errors.of(name), Some(Problem::UnknownChoice), "{name}");
        }
    }

    #[test]
    fn what_no_column_tells_has_to_be_said() {
        let header = ["列1".to_owned()];
        let errors = Mapping::read(&MappingInput::default(), &header).unwrap_err();
        assert_eq!(errors.of("col_body"), Some(Problem::ChoiceRequired));
        assert_eq!(errors.of("default_channel"), Some(Problem::ChoiceRequired));
        assert_eq!(errors.of("default_received"), Some(Problem::Required));
        assert_eq!(errors.of("intake"), Some(Problem::ChoiceRequired));
    }
}
