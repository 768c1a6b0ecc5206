//! 対応区分: what became of an opinion. Presets in use by wards; the wording is the ward's own.

use serde::{Deserialize, Serialize};

/// One 対応区分 of a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// The stable code, used in the database and in exports.
    pub code: &'static str,
    /// The mark wards print (◎ ○ …); never the only sign, for those who can't tell marks apart.
    pub mark: &'static str,
    /// The Japanese label.
    pub label: &'static str,
}

/// A set of 対応区分 that a ward uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DispositionPreset {
    /// No 対応区分 at all, as Shinagawa publishes.
    None,
    /// Six marks in the manner of Nerima's ビジョン.
    #[default]
    SixMarks,
    /// Five letters A–E.
    FiveLetters,
    /// 修正する／修正しない, with a reason.
    Revision,
    /// The ward's own, from its settings.
    Own,
}

const SIX_MARKS: [Disposition; 6] = [
    Disposition { code: "reflected", mark: "◎", label: "反映" },
    Disposition { code: "included", mark: "○", label: "記載済" },
    Disposition { code: "implemented", mark: "□", label: "実施済" },
    Disposition { code: "considered", mark: "△", label: "検討" },
    Disposition { code: "difficult", mark: "※", label: "困難" },
    Disposition { code: "other", mark: "―", label: "その他" },
];
const FIVE_LETTERS: [Disposition; 5] = [
    Disposition { code: "reflected", mark: "A", label: "反映" },
    Disposition { code: "partly-reflected", mark: "B", label: "一部反映" },
    Disposition { code: "included", mark: "C", label: "既に記載" },
    Disposition { code: "reference", mark: "D", label: "今後の参考" },
    Disposition { code: "difficult", mark: "E", label: "対応困難・その他" },
];
const REVISION: [Disposition; 2] = [
    Disposition { code: "revised", mark: "●", label: "修正する" },
    Disposition { code: "unrevised", mark: "―", label: "修正しない" },
];

impl DispositionPreset {
    /// Every preset.
    pub const ALL: [Self; 5] = [Self::None, Self::SixMarks, Self::FiveLetters, Self::Revision, Self::Own];

    /// The stable code, used in the database and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SixMarks => "six-marks",
            Self::FiveLetters => "five-letters",
            Self::Revision => "revision",
            Self::Own => "own",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// The 対応区分 of the preset, in the order they are printed; none for [`Self::Own`], whose are a setting.
    #[must_use]
    pub const fn dispositions(self) -> &'static [Disposition] {
        match self {
            Self::None | Self::Own => &[],
            Self::SixMarks => &SIX_MARKS,
            Self::FiveLetters => &FIVE_LETTERS,
            Self::Revision => &REVISION,
        }
    }

    /// One 対応区分 by its code.
    #[must_use]
    pub fn find(self, code: &str) -> Option<Disposition> {
        self.dispositions().iter().copied().find(|d| d.code == code)
    }
}

/// One 対応区分 as it is used: from a preset or the ward's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The stable code, used in the database and in exports.
    pub code: String,
    /// The mark; may be empty.
    pub mark: String,
    /// The label.
    pub label: String,
    /// Whether it needs a reason that is published (修正しない理由).
    #[serde(default)]
    pub reason_required: bool,
    /// Whether it says that the draft was changed: counted as 計画に反映した数.
    #[serde(default)]
    pub reflected: bool,
}

/// The 対応区分 in use for a theme, in the order they are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DispositionSet(pub Vec<Used>);

impl DispositionSet {
    /// Those of a preset.
    #[must_use]
    pub fn of(preset: DispositionPreset) -> Self {
        let used = |d: &Disposition| Used {
            code: d.code.to_owned(),
            mark: d.mark.to_owned(),
            label: d.label.to_owned(),
            reason_required: preset == DispositionPreset::Revision,
            reflected: matches!(d.code, "reflected" | "partly-reflected" | "revised"),
        };
        Self(preset.dispositions().iter().map(used).collect())
    }

    /// Whether there is none: the table has no such column.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One by its code.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Used> {
        self.0.iter().find(|d| d.code == code)
    }
}

impl Used {
    /// 「◎ 反映」; the label alone when there is no mark.
    #[must_use]
    pub fn printed(&self) -> String {
        if self.mark.is_empty() { self.label.clone() } else { format!("{} {}", self.mark, self.label) }
    }
}
