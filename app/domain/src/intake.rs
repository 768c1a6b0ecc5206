//! Intake (受付): where a submission stands with the staff who receive it, and how submissions are counted.

use serde::{Deserialize, Serialize};

use crate::ProposalState;

/// What staff found of a submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeState {
    /// 未確認: nobody has looked at it yet.
    #[default]
    Unread,
    /// 受理.
    Accepted,
    /// 補正待ち: the sender was asked to correct something.
    AwaitingCorrection,
    /// 対象外: not about the theme.
    OutOfScope,
    /// 期間外: received after the call closed.
    Late,
    /// 重複: the same submission again (sent by FAX and by post, for example).
    Duplicate,
}

impl IntakeState {
    /// Every state, in the order of the queue.
    pub const ALL: [Self; 6] =
        [Self::Unread, Self::Accepted, Self::AwaitingCorrection, Self::OutOfScope, Self::Late, Self::Duplicate];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Accepted => "accepted",
            Self::AwaitingCorrection => "awaiting_correction",
            Self::OutOfScope => "out_of_scope",
            Self::Late => "late",
            Self::Duplicate => "duplicate",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// Whether its opinions belong to the counts that a ward publishes (提出者数, 意見件数).
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Unread | Self::Accepted | Self::AwaitingCorrection)
    }

    /// Its place in the counts: the state of the proposal first, because what is hidden or withdrawn is no longer
    /// received.
    #[must_use]
    pub const fn status(self, state: ProposalState) -> &'static str {
        match state {
            ProposalState::Published => self.code(),
            ProposalState::Hidden => "hidden",
            ProposalState::Withdrawn => "withdrawn",
        }
    }

    /// Whether a [`status`](Self::status) code is counted.
    #[must_use]
    pub fn status_counts(status: &str) -> bool {
        Self::from_code(status).is_some_and(Self::counts)
    }
}

/// The code of an eligibility that is not known, in the database and in filters.
pub const UNKNOWN_ELIGIBILITY: &str = "unknown";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_or_withdrawn_is_counted_apart_from_what_staff_found() {
        assert_eq!(IntakeState::Accepted.status(ProposalState::Published), "accepted");
        assert_eq!(IntakeState::Accepted.status(ProposalState::Hidden), "hidden");
        assert_eq!(IntakeState::Late.status(ProposalState::Withdrawn), "withdrawn");
        let counted: Vec<_> = IntakeState::ALL.into_iter().filter(|s| s.counts()).map(IntakeState::code).collect();
        assert_eq!(counted, ["unread", "accepted", "awaiting_correction"]);
        assert!(!IntakeState::status_counts("hidden") && IntakeState::status_counts("unread"));
    }
}
