//! Tables after the result: what the opinions changed, what the ward promised, what was corrected.

use domain::{layout::ColumnKind, wareki};
use std::collections::HashMap;

use super::Printed;
use crate::model::ResponseTable;

/// What an annex is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnnexKind {
    /// 修正箇所.
    PlanChanges,
    /// 今後の取組 (約束).
    Commitments,
    /// 正誤.
    Corrections,
}

/// A table after the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annex {
    /// What it is about.
    pub kind: AnnexKind,
    /// Its title.
    pub title: &'static str,
    /// Headings of its columns.
    pub headings: Vec<&'static str>,
    /// Its rows, one text for each heading; a text may have several lines. The opinions are named in the last column,
    /// which is missing when the table has no numbers.
    pub rows: Vec<Vec<String>>,
}

impl AnnexKind {
    /// The title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PlanChanges => "修正箇所",
            Self::Commitments => "今後の取組",
            Self::Corrections => "正誤",
        }
    }

    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::PlanChanges => &["該当箇所", "修正前", "修正後", "修正の理由", "関連するご意見"],
            Self::Commitments => &["取組の内容", "担当", "時期", "関連するご意見"],
            Self::Corrections => &["版", "公表日", "訂正の理由", "訂正の内容"],
        }
    }
}

impl ResponseTable {
    pub(super) fn annexes(&self, printed: &Printed) -> Vec<Annex> {
        let (mut rows, mut answers): (HashMap<i64, &str>, HashMap<i64, Vec<&str>>) = (HashMap::new(), HashMap::new());
        for group in printed.groups() {
            for row in &group.rows {
                rows.insert(row.summary_id, &row.name);
                answers.entry(group.ward_view_id).or_default().push(&row.name);
            }
        }
        let numbered = self.layout.has(ColumnKind::Number);
        let annex = |kind: AnnexKind, mut rows: Vec<Vec<String>>| {
            let mut headings = kind.headings().to_vec();
            if !numbered && kind != AnnexKind::Corrections {
                headings.pop();
                for row in &mut rows {
                    row.pop();
                }
            }
            (!rows.is_empty()).then(|| Annex { kind, title: kind.title(), headings, rows })
        };
        let annexes = [
            annex(AnnexKind::PlanChanges, self.plan_change_rows(&rows)),
            annex(AnnexKind::Commitments, self.commitment_rows(&answers)),
            annex(AnnexKind::Corrections, self.correction_rows()),
        ];
        annexes.into_iter().flatten().collect()
    }

    fn plan_change_rows(&self, names: &HashMap<i64, &str>) -> Vec<Vec<String>> {
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise } else { text }.to_owned();
        let row = |change: &crate::model::PlanChange| {
            let related = numbers(change.rows.iter().filter_map(|id| names.get(id).copied()));
            let (before, after) = (or(&change.before, "（新たに追加）"), or(&change.after, "（削除）"));
            vec![change.place.clone(), before, after, change.reason.clone(), related]
        };
        self.plan_changes.iter().map(row).collect()
    }

    fn commitment_rows(&self, names: &HashMap<i64, Vec<&str>>) -> Vec<Vec<String>> {
        let row = |commitment: &crate::model::Commitment| {
            let related = numbers(names.get(&commitment.ward_view_id).into_iter().flatten().copied());
            let due = commitment.due_on.map(|day| format!("{}まで", wareki::short(day))).unwrap_or_default();
            vec![commitment.text.clone(), commitment.department.clone(), due, related]
        };
        self.commitments.iter().map(row).collect()
    }

    fn correction_rows(&self) -> Vec<Vec<String>> {
        let row = |correction: &crate::model::Correction| {
            let day = wareki::short(wareki::date_of(correction.published_at));
            vec![format!("第{}版", correction.version), day, correction.reason.clone(), correction.changes.join("\n")]
        };
        self.corrections.iter().map(row).collect()
    }
}

/// 「No.1-2、No.2-1」.
fn numbers<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("No.{name}")).collect::<Vec<_>>().join("、")
}
