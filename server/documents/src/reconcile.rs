//! Whether a table agrees with itself. Looked at before publishing: what is published once is hard to take back.

use std::collections::{HashMap, HashSet};

use crate::{
    model::{AnswerGroup, ResponseTable, Row},
    printed::prints_originals,
};

/// Two things in a table that don't agree, language-free. Ids are database ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// Σ同趣旨件数 is not 意見件数.
    Rows {
        /// Σ同趣旨件数.
        counted: u64,
        /// 意見件数.
        opinions: u64,
    },
    /// Σ対応区分 is not 意見件数; answers without a 対応区分 count for nothing. Not looked at without 対応区分.
    Dispositions {
        /// Σ対応区分.
        counted: u64,
        /// 意見件数.
        opinions: u64,
    },
    /// The people of all channels are not 提出者数.
    ChannelSubmitters {
        /// Σ経路.
        counted: u64,
        /// 提出者数.
        submitters: u64,
    },
    /// The opinions of all channels are not 意見件数.
    ChannelOpinions {
        /// Σ経路.
        counted: u64,
        /// 意見件数.
        opinions: u64,
    },
    /// There are opinions without people, or people without opinions of any kind.
    People {
        /// 提出者数.
        submitters: u64,
        /// 意見件数.
        opinions: u64,
    },
    /// A row has no answer.
    Unanswered {
        /// The row.
        summary_id: i64,
    },
    /// A row has no text.
    Empty {
        /// The row.
        summary_id: i64,
    },
    /// A row stands for no opinion at all, not even one that is counted elsewhere (再掲).
    StandsForNothing {
        /// The row.
        summary_id: i64,
    },
    /// A row is in the table more than once.
    Twice {
        /// The row.
        summary_id: i64,
    },
    /// The numbers of a chapter are not 1, 2, 3 …
    Number {
        /// The row.
        summary_id: i64,
        /// The number it should have.
        expected: u32,
        /// The number it has.
        found: u32,
    },
    /// The layout prints the opinions as sent, and a row has none.
    NoOriginal {
        /// The row.
        summary_id: i64,
    },
    /// An answer has no 対応区分, or one that isn't in use.
    NoDisposition {
        /// The answer.
        ward_view_id: i64,
    },
    /// An answer is given to no row.
    AnswersNothing {
        /// The answer.
        ward_view_id: i64,
    },
    /// One answer stands in the table with two texts, 対応区分 or reasons.
    TwoAnswers {
        /// The answer.
        ward_view_id: i64,
    },
    /// A 修正箇所 names a row that isn't in the table.
    PlanChangeRow {
        /// The 修正箇所.
        id: i64,
        /// The row.
        summary_id: i64,
    },
    /// A 約束 belongs to an answer that isn't in the table.
    CommitmentAnswer {
        /// The 約束.
        id: i64,
        /// The answer.
        ward_view_id: i64,
    },
}

impl Mismatch {
    /// The stable code, for looking up its wording.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rows { .. } => "rows",
            Self::Dispositions { .. } => "dispositions",
            Self::ChannelSubmitters { .. } => "channel_submitters",
            Self::ChannelOpinions { .. } => "channel_opinions",
            Self::People { .. } => "people",
            Self::Unanswered { .. } => "unanswered",
            Self::Empty { .. } => "empty",
            Self::StandsForNothing { .. } => "stands_for_nothing",
            Self::Twice { .. } => "twice",
            Self::Number { .. } => "number",
            Self::NoOriginal { .. } => "no_original",
            Self::NoDisposition { .. } => "no_disposition",
            Self::AnswersNothing { .. } => "answers_nothing",
            Self::TwoAnswers { .. } => "two_answers",
            Self::PlanChangeRow { .. } => "plan_change_row",
            Self::CommitmentAnswer { .. } => "commitment_answer",
        }
    }
}

impl ResponseTable {
    /// Everything in the table that doesn't agree: sums first, then rows and answers in printed order. Empty: it can be
    /// published.
    #[must_use]
    pub fn reconcile(&self) -> Vec<Mismatch> {
        let mut found = self.sums();
        found.extend(self.row_faults());
        found.extend(self.answer_faults());
        found.extend(self.reference_faults());
        found
    }

    fn sums(&self) -> Vec<Mismatch> {
        let (opinions, submitters) = (u64::from(self.opinions), u64::from(self.submitters));
        let mut found = Vec::new();
        let counted = self.opinions_in_rows();
        if counted != opinions {
            found.push(Mismatch::Rows { counted, opinions });
        }
        if !self.dispositions.is_empty() {
            let named = self.opinions_by_disposition().into_iter().filter(|count| !count.code.is_empty());
            let counted = named.map(|count| count.opinions).sum();
            if counted != opinions {
                found.push(Mismatch::Dispositions { counted, opinions });
            }
        }
        let counted = self.by_channel.iter().map(|c| u64::from(c.submitters)).sum();
        if counted != submitters {
            found.push(Mismatch::ChannelSubmitters { counted, submitters });
        }
        let counted = self.by_channel.iter().map(|c| u64::from(c.opinions)).sum();
        if counted != opinions {
            found.push(Mismatch::ChannelOpinions { counted, opinions });
        }
        let outside: u64 = self.out_of_scope.iter().map(|o| u64::from(o.opinions)).sum();
        if (opinions > 0 && submitters == 0) || (submitters > 0 && opinions + outside == 0) {
            found.push(Mismatch::People { submitters, opinions });
        }
        found
    }

    fn row_faults(&self) -> Vec<Mismatch> {
        let originals = prints_originals(&self.layout);
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for chapter in &self.chapters {
            let rows = chapter.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row)));
            for (expected, (group, row)) in (1..).zip(rows) {
                let summary_id = row.summary_id;
                found.extend((!seen.insert(summary_id)).then_some(Mismatch::Twice { summary_id }));
                let wrong = row.number != expected;
                found.extend(wrong.then_some(Mismatch::Number { summary_id, expected, found: row.number }));
                found.extend(faults_of(group, row));
                let missing = originals && row.originals.iter().all(|text| text.trim().is_empty());
                found.extend(missing.then_some(Mismatch::NoOriginal { summary_id }));
            }
        }
        found
    }

    fn answer_faults(&self) -> Vec<Mismatch> {
        let mut found = Vec::new();
        let mut seen: HashMap<i64, &AnswerGroup> = HashMap::new();
        for group in self.chapters.iter().flat_map(|chapter| &chapter.groups) {
            let ward_view_id = group.ward_view_id;
            if group.rows.is_empty() {
                found.push(Mismatch::AnswersNothing { ward_view_id });
            }
            if ward_view_id == 0 {
                continue;
            }
            match seen.get(&ward_view_id) {
                None => {
                    seen.insert(ward_view_id, group);
                    if !self.dispositions.is_empty() && self.disposition_of(group).is_none() {
                        found.push(Mismatch::NoDisposition { ward_view_id });
                    }
                }
                Some(first) => {
                    let says = |g: &AnswerGroup| (g.answer.clone(), g.disposition.clone(), g.reason.clone());
                    if says(first) != says(group) {
                        found.push(Mismatch::TwoAnswers { ward_view_id });
                    }
                }
            }
        }
        found
    }

    fn reference_faults(&self) -> Vec<Mismatch> {
        let rows: HashSet<i64> = self.rows().map(|flat| flat.row.summary_id).collect();
        let answers: HashSet<i64> = self.rows().map(|flat| flat.group.ward_view_id).collect();
        let changes = self.plan_changes.iter().flat_map(|change| change.rows.iter().map(|row| (change.id, *row)));
        let changes = changes
            .filter(|(_, row)| !rows.contains(row))
            .map(|(id, summary_id)| Mismatch::PlanChangeRow { id, summary_id });
        let commitments = self
            .commitments
            .iter()
            .filter(|commitment| !answers.contains(&commitment.ward_view_id))
            .map(|c| Mismatch::CommitmentAnswer { id: c.id, ward_view_id: c.ward_view_id });
        changes.chain(commitments).collect()
    }
}

fn faults_of(group: &AnswerGroup, row: &Row) -> Vec<Mismatch> {
    let summary_id = row.summary_id;
    let unanswered = group.ward_view_id == 0 || group.answer.trim().is_empty();
    let nothing = row.same_count == 0 && row.again == 0;
    [
        unanswered.then_some(Mismatch::Unanswered { summary_id }),
        row.text.trim().is_empty().then_some(Mismatch::Empty { summary_id }),
        nothing.then_some(Mismatch::StandsForNothing { summary_id }),
    ]
    .into_iter()
    .flatten()
    .collect()
}
