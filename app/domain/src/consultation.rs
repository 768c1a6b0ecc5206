//! Consultations (themes): kinds, states, periods and the phase that follows from them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Millis, Problem, wareki};

/// The two instruments a ward uses; both run on one engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationKind {
    /// オープントーク: posts, likes and comments are visible at once.
    #[default]
    OpenDialogue,
    /// 意見公募（パブリックコメント）: opinions are not shown until the result is published.
    PublicComment,
}

impl ConsultationKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::OpenDialogue, Self::PublicComment];

    /// The stable code, used in the database and in URLs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OpenDialogue => "open_dialogue",
            Self::PublicComment => "public_comment",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// Whether everybody sees what was posted.
    #[must_use]
    pub const fn shows_proposals(self) -> bool {
        matches!(self, Self::OpenDialogue)
    }
}

/// What staff decided about a consultation; the rest follows from the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationState {
    /// Seen by staff only.
    #[default]
    Draft,
    /// Public from its `publish_at` on (which may be in the future).
    Published,
}

impl ConsultationState {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }

    /// Reads a code; what is unknown is a draft, so that nothing shows by mistake.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code == "published" { Self::Published } else { Self::Draft }
    }
}

/// Where a consultation stands at a moment: derived, never stored, so it is right even when the server slept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not public.
    Draft,
    /// To be published at a set time.
    Scheduled,
    /// 予告: public, not open yet.
    Coming,
    /// 募集中.
    Open,
    /// 集計・検討中: closed, no result yet.
    UnderReview,
    /// 結果公表済: the ward's view is out.
    ResultOut,
    /// 進捗: the ward reports what became of it.
    Progress,
}

impl Phase {
    /// The public phases, in the order of the timeline and of the filter.
    pub const PUBLIC: [Self; 5] = [Self::Open, Self::Coming, Self::UnderReview, Self::ResultOut, Self::Progress];
    /// Every phase.
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Scheduled, Self::Coming, Self::Open, Self::UnderReview, Self::ResultOut, Self::Progress];

    /// The stable code, used in URLs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Coming => "coming",
            Self::Open => "open",
            Self::UnderReview => "review",
            Self::ResultOut => "result",
            Self::Progress => "progress",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// Whether the public may see the consultation.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::Scheduled)
    }

    /// Whether the ward's view is out.
    #[must_use]
    pub const fn has_result(self) -> bool {
        matches!(self, Self::ResultOut | Self::Progress)
    }

    /// The stage of the public timeline it belongs to.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Draft | Self::Scheduled => Stage::Preparation,
            Self::Coming => Stage::Announcement,
            Self::Open => Stage::Call,
            Self::UnderReview => Stage::Review,
            Self::ResultOut => Stage::Result,
            Self::Progress => Stage::Progress,
        }
    }
}

/// A stage of the public timeline, in order: 準備 → 予告 → 募集 → 集計・検討 → 結果公表 → 進捗.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 準備: not public yet.
    Preparation,
    /// 予告.
    Announcement,
    /// 募集.
    Call,
    /// 集計・検討.
    Review,
    /// 結果公表.
    Result,
    /// 進捗.
    Progress,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Self; 6] =
        [Self::Preparation, Self::Announcement, Self::Call, Self::Review, Self::Result, Self::Progress];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Preparation => "preparation",
            Self::Announcement => "announcement",
            Self::Call => "call",
            Self::Review => "review",
            Self::Result => "result",
            Self::Progress => "progress",
        }
    }
}

/// From this many days before the last day on, people are told how many are left.
pub const EARLY_NOTICE_DAYS: i64 = 3;

/// The call's period: whole days in Japan, closed at the last millisecond of the last day (23時59分59秒).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub opens_on: NaiveDate,
    /// Last day.
    pub closes_on: NaiveDate,
}

impl Period {
    /// A period.
    ///
    /// # Errors
    /// [`Problem::EndBeforeStart`].
    pub fn new(opens_on: NaiveDate, closes_on: NaiveDate) -> Result<Self, Problem> {
        if closes_on < opens_on { Err(Problem::EndBeforeStart) } else { Ok(Self { opens_on, closes_on }) }
    }

    /// First millisecond of the period.
    #[must_use]
    pub fn opens_at(self) -> Millis {
        wareki::start_of_day_ms(self.opens_on)
    }

    /// Last millisecond of the period.
    #[must_use]
    pub fn closes_at(self) -> Millis {
        wareki::end_of_day_ms(self.closes_on)
    }
}

/// The facts from which a [`Phase`] follows.
#[derive(Clone, Copy, Debug)]
pub struct PhaseFacts {
    /// What staff decided.
    pub state: ConsultationState,
    /// When it becomes public; `None` on a draft.
    pub publish_at: Option<Millis>,
    /// First millisecond of the period.
    pub opens_at: Millis,
    /// Last millisecond of the period.
    pub closes_at: Millis,
    /// When the ward's view was or will be published.
    pub result_at: Option<Millis>,
    /// From when the ward reports on the progress; counts only once the result is out.
    pub progress_at: Option<Millis>,
}

impl PhaseFacts {
    /// The phase at `now`.
    #[must_use]
    pub fn phase(&self, now: Millis) -> Phase {
        match (self.state, self.publish_at) {
            (ConsultationState::Draft, _) | (_, None) => Phase::Draft,
            (ConsultationState::Published, Some(at)) if now < at => Phase::Scheduled,
            _ if now < self.opens_at => Phase::Coming,
            _ if now <= self.closes_at => Phase::Open,
            _ if self.result_at.is_none_or(|at| now < at) => Phase::UnderReview,
            _ if self.progress_at.is_none_or(|at| now < at) => Phase::ResultOut,
            _ => Phase::Progress,
        }
    }
}

/// Longest title of a consultation in graphemes.
pub const TITLE_MAX: usize = 80;
/// Longest summary in graphemes.
pub const SUMMARY_MAX: usize = 300;
/// Longest Markdown body in graphemes.
pub const BODY_MAX: usize = 20_000;
/// Longest question.
pub const QUESTION_MAX: usize = 120;
/// Longest explanation of a question.
pub const QUESTION_BODY_MAX: usize = 1000;
/// Longest explanation why a theme's period or rules are not its ward's.
pub const RULES_REASON_MAX: usize = 1000;
/// Most questions of one consultation.
pub const QUESTIONS_MAX: usize = 20;

/// Words that are paths of ours and so can't be a consultation's address.
const RESERVED_SLUGS: [&str; 4] = ["new", "feeds", "open", "api"];

/// Checks a consultation's address: 3–60 small letters, digits and single hyphens.
///
/// # Errors
/// [`Problem::Required`] or [`Problem::Slug`].
pub fn slug(input: &str) -> Result<String, Problem> {
    let folded = crate::text::fold(input);
    if folded.is_empty() {
        return Err(Problem::Required);
    }
    let plain = folded.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let edges = folded.starts_with('-') || folded.ends_with('-') || folded.contains("--");
    if !plain || edges || !(3..=60).contains(&folded.len()) || RESERVED_SLUGS.contains(&folded.as_str()) {
        return Err(Problem::Slug);
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> PhaseFacts {
        let period = Period::new(day(2026, 11, 1), day(2026, 11, 30)).unwrap();
        PhaseFacts {
            state: ConsultationState::Published,
            publish_at: Some(wareki::start_of_day_ms(day(2026, 10, 20))),
            opens_at: period.opens_at(),
            closes_at: period.closes_at(),
            result_at: None,
            progress_at: None,
        }
    }

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_last_second_of_the_last_day_counts_and_the_next_does_not() {
        let f = facts();
        // 2026-11-30T23:59:59+09:00
        let last_second = 1_796_050_799_000;
        assert_eq!(f.phase(last_second), Phase::Open);
        assert_eq!(f.phase(last_second + 999), Phase::Open);
        assert_eq!(f.phase(last_second + 1000), Phase::UnderReview);
    }

    #[test]
    fn phases_follow_the_clock() {
        let mut f = facts();
        assert_eq!(f.phase(wareki::start_of_day_ms(day(2026, 10, 19))), Phase::Scheduled);
        assert_eq!(f.phase(wareki::start_of_day_ms(day(2026, 10, 20))), Phase::Coming);
        assert_eq!(f.phase(f.opens_at - 1), Phase::Coming);
        assert_eq!(f.phase(f.opens_at), Phase::Open);
        f.result_at = Some(f.closes_at + 10);
        assert_eq!(f.phase(f.closes_at + 9), Phase::UnderReview);
        assert_eq!(f.phase(f.closes_at + 10), Phase::ResultOut);
        f.progress_at = Some(f.closes_at + 20);
        assert_eq!(f.phase(f.closes_at + 19), Phase::ResultOut);
        assert_eq!(f.phase(f.closes_at + 20), Phase::Progress);
        f.result_at = None;
        assert_eq!(f.phase(f.closes_at + 20), Phase::UnderReview, "no progress before there is a result");
        f.state = ConsultationState::Draft;
        assert_eq!(f.phase(f.closes_at + 10), Phase::Draft);
    }

    #[test]
    fn the_timeline_goes_through_every_stage_in_order() {
        let stages: Vec<Stage> = Phase::ALL.into_iter().map(Phase::stage).collect();
        assert!(stages.is_sorted());
        for stage in Stage::ALL {
            assert!(stages.contains(&stage), "{stage:?}");
        }
    }

    #[test]
    fn addresses_are_plain() {
        assert_eq!(slug(" Bousai-Kenshou ").as_deref(), Ok("bousai-kenshou"));
        for bad in ["防災", "a", "new", "-ab", "ab-", "a--b", "a/b", "a b"] {
            assert_eq!(slug(bad), Err(Problem::Slug), "{bad}");
        }
    }

    #[test]
    fn a_period_does_not_end_before_it_starts() {
        assert_eq!(Period::new(day(2026, 2, 2), day(2026, 2, 1)), Err(Problem::EndBeforeStart));
        assert!(Period::new(day(2026, 2, 1), day(2026, 2, 1)).is_ok());
    }
}
