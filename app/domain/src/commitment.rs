//! 約束: 「検討します」 turned into something with an owner, a day and a state that everybody can follow.

/// Where a promise stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CommitmentState {
    /// Given, nothing done yet.
    #[default]
    Promised,
    /// Being worked on.
    InProgress,
    /// Done.
    Kept,
    /// Not done after all; the reason is public.
    Dropped,
}

impl CommitmentState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Promised, Self::InProgress, Self::Kept, Self::Dropped];

    /// The stable code, used in the database and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Promised => "promised",
            Self::InProgress => "in_progress",
            Self::Kept => "kept",
            Self::Dropped => "dropped",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// Whether something is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Promised | Self::InProgress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back_to_their_state() {
        for state in CommitmentState::ALL {
            assert_eq!(CommitmentState::from_code(state.code()), Some(state));
        }
        assert_eq!(CommitmentState::from_code("forgotten"), None);
        assert!(CommitmentState::InProgress.is_open() && !CommitmentState::Dropped.is_open());
    }
}
