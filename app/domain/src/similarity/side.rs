use crate::summary_check::sides;

/// Which side a text takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// 賛成.
    For,
    /// 反対, 賛成できない.
    Against,
    /// None, or both.
    Open,
}

impl Side {
    pub(super) fn of(text: &str) -> Self {
        match sides(text) {
            (true, false) => Self::For,
            (false, true) => Self::Against,
            _ => Self::Open,
        }
    }

    pub(super) fn is_opposed_to(self, other: Self) -> bool {
        matches!((self, other), (Self::For, Self::Against) | (Self::Against, Self::For))
    }
}
