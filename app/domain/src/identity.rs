//! Identity (提出者の情報): who sent an opinion. Kept apart from opinions and never published.

use serde::{Deserialize, Serialize};

use crate::{
    FieldErrors, Problem, account,
    rules::{Eligibility, ExtraField, FieldRule, IncompleteHandling, Rules},
    text,
};

/// Longest name, reading, organisation, workplace or school in graphemes.
pub const NAME_MAX: usize = 100;
/// Longest address in graphemes.
pub const ADDRESS_MAX: usize = 200;
/// Longest telephone number in graphemes.
pub const PHONE_MAX: usize = 40;
/// Longest account of somebody's interest in the matter.
pub const INTEREST_MAX: usize = 500;

/// What a person said of themselves. What was not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// 氏名.
    pub name: String,
    /// ふりがな.
    pub kana: String,
    /// 住所 or 所在地.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// メールアドレス.
    pub email: String,
    /// 団体名.
    pub organisation: String,
    /// 代表者.
    pub representative: String,
    /// 勤務先.
    pub workplace: String,
    /// 学校名.
    pub school: String,
    /// 利害の内容.
    pub interest: String,
}

impl Identity {
    /// The fields with their names, as in forms and in the database.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 10] {
        [
            ("name", &self.name),
            ("kana", &self.kana),
            ("address", &self.address),
            ("phone", &self.phone),
            ("email", &self.email),
            ("organisation", &self.organisation),
            ("representative", &self.representative),
            ("workplace", &self.workplace),
            ("school", &self.school),
            ("interest", &self.interest),
        ]
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_empty())
    }

    /// What tells one person (or organisation) from another, folded; `None` when it would be a guess: a name alone is
    /// shared by many.
    #[must_use]
    pub fn match_text(&self) -> Option<String> {
        let fold = |s: &str| crate::similarity::key(s);
        let name = if self.organisation.is_empty() { fold(&self.name) } else { fold(&self.organisation) };
        let place = [&self.address, &self.email, &self.phone].into_iter().map(|s| fold(s)).find(|s| !s.is_empty())?;
        (!name.is_empty()).then(|| format!("{name}\n{place}"))
    }

    /// The fields that a theme's rules and the person's eligibility ask for and that are missing.
    #[must_use]
    pub fn missing(&self, rules: &Rules, eligibility: Option<Eligibility>) -> Vec<&'static str> {
        let identity = &rules.identity;
        let asked = [
            ("name", identity.name, &self.name),
            ("kana", identity.kana, &self.kana),
            ("address", identity.address, &self.address),
            ("phone", identity.phone, &self.phone),
            ("email", identity.email, &self.email),
        ];
        let mut missing: Vec<&'static str> = asked
            .into_iter()
            .filter(|(_, rule, value)| *rule == FieldRule::Required && value.is_empty())
            .map(|(name, ..)| name)
            .collect();
        let extra: &[(&'static str, &String)] = match eligibility.and_then(Eligibility::extra) {
            Some(ExtraField::Workplace) => &[("workplace", &self.workplace)],
            Some(ExtraField::School) => &[("school", &self.school)],
            Some(ExtraField::Organisation) => {
                &[("organisation", &self.organisation), ("representative", &self.representative)]
            }
            Some(ExtraField::Interest) => &[("interest", &self.interest)],
            None => &[],
        };
        missing.extend(extra.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| *name));
        missing
    }

    /// Checks what was typed: lengths and characters, and drops what the rules don't ask for.
    ///
    /// # Errors
    /// By field name.
    pub fn check(&self, rules: &Rules, eligibility: Option<Eligibility>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut line = |name: &'static str, value: &str, max: usize| {
            errors.take(name, text::optional_line(value, max)).unwrap_or_default()
        };
        let asked = |rule: FieldRule, value: String| if rule == FieldRule::NotAsked { String::new() } else { value };
        let extra = eligibility.and_then(Eligibility::extra);
        let only = |field: ExtraField, value: String| if extra == Some(field) { value } else { String::new() };
        let identity = &rules.identity;
        let clean = Self {
            name: asked(identity.name, line("name", &self.name, NAME_MAX)),
            kana: asked(identity.kana, line("kana", &self.kana, NAME_MAX)),
            address: asked(identity.address, line("address", &self.address, ADDRESS_MAX)),
            phone: asked(identity.phone, line("phone", &self.phone, PHONE_MAX)),
            email: asked(identity.email, line("email", &self.email, 254)),
            organisation: only(ExtraField::Organisation, line("organisation", &self.organisation, NAME_MAX)),
            representative: only(ExtraField::Organisation, line("representative", &self.representative, NAME_MAX)),
            workplace: only(ExtraField::Workplace, line("workplace", &self.workplace, NAME_MAX)),
            school: only(ExtraField::School, line("school", &self.school, NAME_MAX)),
            interest: only(ExtraField::Interest, line("interest", &self.interest, INTEREST_MAX)),
        };
        let clean = match clean.email.as_str() {
            "" => clean,
            email => {
                let email = errors.take("email", account::email(email));
                Self { email, ..clean }
            }
        };
        errors.into_result(clean)
    }

    /// As [`check`](Self::check), for people who fill in the form themselves: what is required has to be there.
    ///
    /// # Errors
    /// By field name.
    pub fn check_complete(&self, rules: &Rules, eligibility: Option<Eligibility>) -> Result<Self, FieldErrors> {
        let (clean, mut errors) = match self.check(rules, eligibility) {
            Ok(clean) => (clean, FieldErrors::new()),
            Err(errors) => (self.clone(), errors),
        };
        for name in clean.missing(rules, eligibility) {
            errors.push(name, Problem::Required);
        }
        errors.into_result(clean)
    }

    /// Whether a submission with this identity is received without an answer of the ward (回答対象外), by the rules.
    #[must_use]
    pub fn is_no_reply(&self, rules: &Rules, eligibility: Option<Eligibility>) -> bool {
        rules.incomplete == IncompleteHandling::NoReply && !self.missing(rules, eligibility).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RulesPreset;

    fn yamada() -> Identity {
        Identity {
            name: "山田　太郎".to_owned(), address: "みなも区本町１－２".to_owned(), ..Identity::default()
        }
    }

    #[test]
    fn a_person_is_known_by_name_and_place_however_they_are_written() {
        let same =
            Identity {
                name: "山田太郎".to_owned(), address: "みなも区本町1-2".to_owned(), ..Identity::default()
            };
        assert_eq!(yamada().match_text(), same.match_text());
        let name_only = Identity { name: "山田太郎".to_owned(), ..Identity::default() };
        assert_eq!(name_only.match_text(), None);
        let other = Identity { address: "みなも区本町3".to_owned(), ..same };
        assert_ne!(yamada().match_text(), other.match_text());
    }

    #[test]
    fn every_kind_of_eligibility_needs_its_own_field() {
        let rules = Rules::from_preset(RulesPreset::Shibuya);
        for (kind, missing) in [
            (Eligibility::Resident, vec![]),
            (Eligibility::Worker, vec!["workplace"]),
            (Eligibility::Student, vec!["school"]),
            (Eligibility::Business, vec!["organisation", "representative"]),
            (Eligibility::Interested, vec!["interest"]),
        ] {
            assert_eq!(yamada().missing(&rules, Some(kind)), missing, "{kind:?}");
        }
        assert_eq!(Identity::default().missing(&rules, None), ["name", "address"]);
    }

    #[test]
    fn what_is_not_asked_for_is_not_kept() {
        let mut rules = Rules::from_preset(RulesPreset::Shibuya);
        rules.identity.phone = FieldRule::NotAsked;
        let typed = Identity { phone: "03-0000-0000".to_owned(), school: "みなも高校".to_owned(), ..yamada() };
        let kept = typed.check_complete(&rules, Some(Eligibility::Resident)).unwrap();
        assert_eq!((kept.phone.as_str(), kept.school.as_str()), ("", ""));
    }

    #[test]
    fn a_wrong_address_is_said_at_its_field() {
        let mut rules = Rules::from_preset(RulesPreset::Shibuya);
        rules.identity.email = FieldRule::Optional;
        let typed = Identity { email: "taro@".to_owned(), ..Identity::default() };
        let errors = typed.check_complete(&rules, Some(Eligibility::Resident)).unwrap_err();
        assert_eq!(errors.of("email"), Some(Problem::Email));
        assert_eq!(errors.of("name"), Some(Problem::Required));
    }
}
