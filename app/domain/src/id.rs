//! Typed ids: a [`ConsultationId`] can't be passed where an [`AccountId`] is meant.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }
    )+};
}

ids! {
    /// One person's account, resident or staff.
    AccountId,
    /// A row of the answer table's outline (章).
    ChapterId,
    /// A theme: one call for opinions.
    ConsultationId,
    /// A department (課) of the ward.
    DepartmentId,
    /// A file attached to a consultation (資料).
    DocumentId,
    /// One opinion (件) cut out of a proposal.
    OpinionItemId,
    /// What one person sent in one act.
    ProposalId,
    /// One published version of a consultation's answers.
    PublicationId,
    /// A concrete question inside a consultation (問い).
    QuestionId,
    /// A session of a signed-in account.
    SessionId,
    /// One published row: ご意見（要旨）.
    SummaryId,
    /// An uploaded, checked file or picture.
    UploadId,
    /// One answer: 区の考え方.
    WardViewId,
}
