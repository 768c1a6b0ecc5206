//! Proposals (opinions as sent): channels, states, receipt numbers and what their author may still do.

use serde::{Deserialize, Serialize};

use crate::Phase;

/// Longest title in graphemes.
pub const TITLE_MAX: usize = 80;
/// Longest body in graphemes: letters are long.
pub const BODY_MAX: usize = 5000;
/// Longest reason for hiding, shown on the placeholder and mailed to the author.
pub const REASON_MAX: usize = 500;

/// 経路: how an opinion reached the ward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// This site.
    #[default]
    Web,
    /// 郵送.
    Post,
    /// 持参.
    Counter,
    /// FAX.
    Fax,
    /// メール.
    Email,
    /// 電話（聞き取りのメモ）.
    Phone,
    /// ヒアリング.
    Hearing,
    /// ワークショップ.
    Workshop,
    /// アンケート.
    Survey,
}

impl Channel {
    /// Every channel, in the order they are printed.
    pub const ALL: [Self; 9] = [
        Self::Web,
        Self::Post,
        Self::Counter,
        Self::Fax,
        Self::Email,
        Self::Phone,
        Self::Hearing,
        Self::Workshop,
        Self::Survey,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Post => "post",
            Self::Counter => "counter",
            Self::Fax => "fax",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Hearing => "hearing",
            Self::Workshop => "workshop",
            Self::Survey => "survey",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// The Japanese label of the official table, which is Japanese in every language of the interface.
    #[must_use]
    pub const fn official_label(self) -> &'static str {
        match self {
            Self::Web => "ウェブサイト",
            Self::Post => "郵送",
            Self::Counter => "持参",
            Self::Fax => "FAX",
            Self::Email => "電子メール",
            Self::Phone => "電話",
            Self::Hearing => "ヒアリング",
            Self::Workshop => "ワークショップ",
            Self::Survey => "アンケート",
        }
    }
}

/// Whether a proposal is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Shown (as far as the kind of consultation shows proposals).
    #[default]
    Published,
    /// Hidden by staff with a reason; a placeholder stays.
    Hidden,
    /// Taken back by its author.
    Withdrawn,
}

impl ProposalState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Published, Self::Hidden, Self::Withdrawn];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Hidden => "hidden",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// What decides whether an author may still change a proposal.
#[derive(Clone, Copy, Debug)]
pub struct ChangeFacts {
    /// The proposal's own state.
    pub state: ProposalState,
    /// The phase of its consultation.
    pub phase: Phase,
    /// How many like it.
    pub likes: i64,
    /// Whether a published answer covers it.
    pub answered: bool,
}

impl ChangeFacts {
    /// The author may edit while the call is open and nobody has reacted: what others liked stays what they liked.
    #[must_use]
    pub const fn may_edit(&self) -> bool {
        matches!(self.state, ProposalState::Published)
            && matches!(self.phase, Phase::Open)
            && self.likes == 0
            && !self.answered
    }

    /// The author may take it back until the period closes; afterwards it is part of the record.
    #[must_use]
    pub const fn may_withdraw(&self) -> bool {
        matches!(self.state, ProposalState::Published) && matches!(self.phase, Phase::Open) && !self.answered
    }
}

/// 受付番号: `R8-K7QM-3F2T`: the fiscal year of Reiwa and 40 random bits in Crockford's base 32 (no I, L, O, U),
/// so that it can be read out on the phone and not be guessed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReceiptNumber(String);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl ReceiptNumber {
    /// Makes a number from a fiscal year (西暦) and random bits, of which the lower 40 are used.
    #[must_use]
    pub fn new(fiscal_year: i32, random: u64) -> Self {
        let letters: String = (0..8)
            .rev()
            .filter_map(|i| CROCKFORD.get(usize::try_from((random >> (i * 5)) & 31).unwrap_or_default()))
            .map(|b| char::from(*b))
            .collect();
        let (head, tail) = letters.split_at_checked(4).unwrap_or((&letters, ""));
        Self(format!("R{}-{head}-{tail}", fiscal_year - 2018))
    }

    /// Reads a number as people type it: small letters, full width, O for 0, I or L for 1, other dashes or none.
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        let folded = crate::text::fold(input).to_uppercase();
        let plain: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
        let rest = plain.strip_prefix('R')?;
        let split = rest.len().checked_sub(8).filter(|n| (1..=3).contains(n))?;
        let (year, letters) = rest.split_at_checked(split)?;
        let year: i32 = year.parse().ok()?;
        let mut bits = 0_u64;
        for c in letters.chars() {
            let c = match c {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let value = CROCKFORD.iter().position(|b| char::from(*b) == c)?;
            bits = (bits << 5) | u64::try_from(value).ok()?;
        }
        Some(Self::new(year + 2018, bits))
    }

    /// As printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn receipt_numbers_are_read_as_people_write_them() {
        let number = ReceiptNumber::new(2026, 0x12_3456_789A);
        assert_eq!(number.as_str().len(), "R8-2938-NKNT".len());
        let sloppy = number.as_str().to_lowercase().replace('-', "ー").replace('0', "o");
        assert_eq!(ReceiptNumber::parse(&sloppy), Some(number));
        for bad in ["", "R", "8-AAAA-AAAA", "R8-AAAA-AAA", "R8-AAAA-AAAU", "R8-AAAA-AAAAA-1234"] {
            assert_eq!(ReceiptNumber::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn receipt_numbers_survive_reading(year in 2019..2100_i32, random: u64) {
            let number = ReceiptNumber::new(year, random);
            prop_assert_eq!(ReceiptNumber::parse(number.as_str()), Some(number));
        }
    }

    #[test]
    fn an_author_may_change_only_what_nobody_reacted_to() {
        let fresh = ChangeFacts { state: ProposalState::Published, phase: Phase::Open, likes: 0, answered: false };
        assert!(fresh.may_edit() && fresh.may_withdraw());
        let liked = ChangeFacts { likes: 1, ..fresh };
        assert!(!liked.may_edit() && liked.may_withdraw());
        let closed = ChangeFacts { phase: Phase::UnderReview, ..fresh };
        assert!(!closed.may_edit() && !closed.may_withdraw());
        let hidden = ChangeFacts { state: ProposalState::Hidden, ..fresh };
        assert!(!hidden.may_edit() && !hidden.may_withdraw());
        let answered = ChangeFacts { answered: true, ..fresh };
        assert!(!answered.may_edit() && !answered.may_withdraw());
    }
}
