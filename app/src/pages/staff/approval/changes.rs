//! What differs between two tables, row by row, in words: for those who decide, and for the list of corrections (正誤).

use domain::Locale;

/// What differs in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is called otherwise.
    Number {
        /// What it was called, 「2-3」.
        from: String,
        /// What it is called.
        to: String,
    },
    /// ご意見（要旨）.
    Text,
    /// 区の考え方.
    Answer,
    /// 対応区分.
    Disposition,
    /// The reason.
    Reason,
    /// The department that answers.
    Department,
    /// How many opinions or people it stands for.
    Count,
    /// The opinions as sent, or their place in the draft.
    Source,
}

/// A row in which something differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    /// The summary's id.
    pub id: i64,
    /// How it is called; one that is gone by its old name.
    pub name: String,
    /// What differs.
    pub changes: Vec<RowChange>,
}

/// What differs beside the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartChange {
    /// Numbers of people and opinions.
    Counts,
    /// 対象外 with their reasons.
    OutOfScope,
    /// What stands above the table: title, period, contact and the like.
    Cover,
    /// 対応区分 and their words.
    Dispositions,
    /// Titles of chapters.
    Chapters,
    /// 修正箇所.
    PlanChanges,
    /// 約束.
    Commitments,
    /// How it is printed.
    Layout,
    /// The note that opinions are summarised.
    Note,
    /// Which opinions a row stands for, with the same number of them.
    Links,
}

/// Everything that differs between two tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows, in the order of the new table; those that are gone are last.
    pub rows: Vec<ChangedRow>,
    /// What differs beside the rows.
    pub parts: Vec<PartChange>,
}

impl Changes {
    /// Whether nothing differs.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.parts.is_empty()
    }

    /// One line for each, 「No.2-1 のご意見（要旨）、区の考え方を改めました」.
    #[must_use]
    pub fn lines(&self, l: Locale) -> Vec<String> {
        let rows = self.rows.iter().flat_map(|row| row.lines(l));
        rows.chain(self.parts.iter().map(|part| part.line(l))).collect()
    }
}

impl ChangedRow {
    /// What differs in the row, one line for its place and one for what it says.
    #[must_use]
    pub fn lines(&self, l: Locale) -> Vec<String> {
        let mut lines = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        let name = &self.name;
        for change in &self.changes {
            let part = match change {
                RowChange::Added => {
                    lines.push(t!(l, "approval.row_added", name = name).into_owned());
                    continue;
                }
                RowChange::Removed => {
                    lines.push(t!(l, "approval.row_removed", name = name).into_owned());
                    continue;
                }
                RowChange::Number { from, to } => {
                    lines.push(t!(l, "approval.row_number", from = from, to = to).into_owned());
                    continue;
                }
                RowChange::Text => t!(l, "approval.part_text"),
                RowChange::Answer => t!(l, "approval.part_answer"),
                RowChange::Disposition => t!(l, "approval.part_disposition"),
                RowChange::Reason => t!(l, "approval.part_reason"),
                RowChange::Department => t!(l, "approval.part_department"),
                RowChange::Count => t!(l, "approval.part_count"),
                RowChange::Source => t!(l, "approval.part_source"),
            };
            parts.push(part.into_owned());
        }
        if !parts.is_empty() {
            let parts = parts.join(&t!(l, "approval.comma"));
            lines.push(t!(l, "approval.row_changed", name = name, parts = parts).into_owned());
        }
        lines
    }
}

impl PartChange {
    fn line(self, l: Locale) -> String {
        match self {
            Self::Counts => t!(l, "approval.changed_counts"),
            Self::OutOfScope => t!(l, "approval.changed_out_of_scope"),
            Self::Cover => t!(l, "approval.changed_cover"),
            Self::Dispositions => t!(l, "approval.changed_dispositions"),
            Self::Chapters => t!(l, "approval.changed_chapters"),
            Self::PlanChanges => t!(l, "approval.changed_plan_changes"),
            Self::Commitments => t!(l, "approval.changed_commitments"),
            Self::Layout => t!(l, "approval.changed_layout"),
            Self::Note => t!(l, "approval.changed_note"),
            Self::Links => t!(l, "approval.changed_links"),
        }
        .into_owned()
    }
}
