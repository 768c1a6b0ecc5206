//! What stands above the table: cover block, notes, legend, counts.

use domain::{
    layout::{ColumnKind, CountTable, CoverKind},
    wareki,
};
use std::collections::HashSet;

use super::Counts;
use crate::model::{ChannelCount, Contact, FlatRow, ResponseTable};

/// Codes of the presets' 対応区分 that say that the plan changed.
const REFLECTED: [&str; 3] = ["reflected", "partly-reflected", "revised"];

impl ResponseTable {
    /// The cover lines that have something to say, numbered as the layout wants it.
    pub(super) fn cover(&self) -> Vec<(String, String)> {
        let lines = self.layout.cover.iter().map(|line| (&line.heading, self.cover_value(line.kind)));
        (1..)
            .zip(lines.filter(|(_, value)| !value.trim().is_empty()))
            .map(|(number, (heading, value))| (self.layout.cover_numbering.number(number, heading), value))
            .collect()
    }

    fn cover_value(&self, kind: CoverKind) -> String {
        let (people, opinions) = (self.submitters, self.opinions);
        match kind {
            CoverKind::Period => wareki::period(self.opens_on, self.closes_on),
            CoverKind::Methods => self.methods.clone(),
            CoverKind::Publicity => self.publicity.clone(),
            CoverKind::Eligible => self.eligible.clone(),
            CoverKind::Counts => format!("延べ{opinions}件（{people}名）"),
            CoverKind::PeopleAndOpinions => format!("{people}名（{opinions}件）"),
            CoverKind::Situation => {
                let channels = self.channels(|c| format!("{}{}名{}件", c.label, c.submitters, c.opinions));
                let channels = if channels.is_empty() { channels } else { format!("（内訳：{channels}）") };
                format!("応募者数{people}名、意見件数{opinions}件{channels}")
            }
            CoverKind::Submitters => format!("{people}名"),
            CoverKind::Opinions => format!("{opinions}件"),
            CoverKind::Channels => self.channels(|c| format!("{}{}名", c.label, c.submitters)),
            CoverKind::Reflected => format!("{}件", self.reflected()),
            CoverKind::Revised => match self.plan_changes.len() {
                0 => "無".to_owned(),
                places => format!("有（{places}か所）"),
            },
            CoverKind::PublishedOn => wareki::long(self.published_on()),
            CoverKind::Body => joined([self.ward.name.as_str(), self.consultation.department.as_str()], "　"),
            CoverKind::Places => self.places.clone(),
            CoverKind::Contact => self.contact.printed(),
        }
    }

    fn channels(&self, words: impl Fn(&ChannelCount) -> String) -> String {
        self.by_channel.iter().map(words).collect::<Vec<_>>().join("、")
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let summary = self.summarised.then_some(&self.layout.summary_note);
        let notes = summary.into_iter().chain(&self.layout.notes).filter(|note| !note.trim().is_empty()).cloned();
        notes.chain(self.out_of_scope_note()).collect()
    }

    /// How many opinions are in no row because they are about something else, and why.
    fn out_of_scope_note(&self) -> Option<String> {
        let outside: u64 = self.out_of_scope.iter().map(|o| u64::from(o.opinions)).sum();
        if outside == 0 {
            return None;
        }
        let reasons = self.out_of_scope.iter().filter(|o| o.opinions > 0 && !o.reason.trim().is_empty());
        let reasons: Vec<String> = reasons.map(|o| format!("{} {}件", o.reason.trim(), o.opinions)).collect();
        let reasons = if reasons.is_empty() { String::new() } else { format!("（{}）", reasons.join("、")) };
        Some(format!("※このほかに、今回の募集の対象とならないご意見が{outside}件ありました{reasons}。"))
    }

    pub(super) fn legend(&self) -> Vec<(String, String)> {
        if !self.layout.legend {
            return Vec::new();
        }
        let words = |code: &str, label: &str| self.layout.explanation(code).unwrap_or(label).to_owned();
        self.dispositions.iter().map(|d| (d.mark.clone(), words(&d.code, &d.label))).collect()
    }

    /// 計画に反映した数: opinions in rows whose 対応区分 says that the plan changed, or that caused a 修正箇所.
    #[must_use]
    pub fn reflected(&self) -> u64 {
        let caused: HashSet<i64> = self.plan_changes.iter().flat_map(|change| change.rows.iter().copied()).collect();
        let says = |code: &str| {
            if self.reflecting.is_empty() {
                REFLECTED.contains(&code)
            } else {
                self.reflecting.iter().any(|c| c == code)
            }
        };
        let changed =
            |f: &FlatRow<'_>| f.group.disposition.as_deref().is_some_and(says) || caused.contains(&f.row.summary_id);
        self.rows().filter(changed).map(|f| u64::from(f.row.same_count)).sum()
    }

    pub(super) fn counts(&self, kind: CountTable) -> Option<Counts> {
        let opinions = "意見件数（件）".to_owned();
        let (what, headings, mut rows) = match kind {
            CountTable::Chapters => {
                let counts = self.opinions_by_chapter().into_iter();
                let rows: Vec<(String, Vec<u64>)> = counts.map(|c| (c.label, vec![c.opinions])).collect();
                let what = self.layout.heading(ColumnKind::Place).unwrap_or("項目").to_owned();
                (what, vec![opinions], rows)
            }
            CountTable::Dispositions => {
                let printed = |code: &str, label: String| self.disposition_label(code).unwrap_or(label);
                let counts = self.opinions_by_disposition().into_iter();
                let rows = counts.map(|c| (printed(&c.code, c.label), vec![c.opinions])).collect();
                let what = self.layout.heading(ColumnKind::Disposition).unwrap_or("対応区分").to_owned();
                (what, vec![opinions], rows)
            }
            CountTable::Channels => {
                let numbers = |c: &ChannelCount| vec![u64::from(c.submitters), u64::from(c.opinions)];
                let rows = self.by_channel.iter().map(|c| (c.label.clone(), numbers(c))).collect();
                ("提出方法".to_owned(), vec!["人数（名）".to_owned(), opinions], rows)
            }
        };
        if rows.is_empty() {
            return None;
        }
        let sums = (0..headings.len()).map(|i| rows.iter().filter_map(|(_, n)| n.get(i)).sum()).collect();
        rows.push(("合計".to_owned(), sums));
        let of = if headings.len() > 1 { "人数と意見件数" } else { "意見件数" };
        Some(Counts {
            title: format!("{what}別の{of}"),
            headings: std::iter::once(what).chain(headings).collect(),
            rows,
        })
    }
}

impl Contact {
    /// One line, 「デジタル推進課　電話 03-…　FAX 03-…」; empty parts are left out.
    #[must_use]
    pub fn printed(&self) -> String {
        let with = |label: &str, value: &str| if value.is_empty() { String::new() } else { format!("{label}{value}") };
        let parts = [
            self.department.clone(),
            self.counter.clone(),
            with("電話 ", &self.phone),
            with("FAX ", &self.fax),
            with("メール ", &self.email),
        ];
        joined(parts.iter().map(String::as_str), "　")
    }
}

/// The parts that are not empty.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}
