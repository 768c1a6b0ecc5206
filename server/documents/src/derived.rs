//! What every output derives from the table: rows in order, words, ids, counts.

use chrono::NaiveDate;
use domain::{layout::THEME, wareki};
use std::collections::HashMap;

use crate::model::{AnswerGroup, Chapter, Count, DispositionLabel, FlatRow, ResponseTable, Row, SUMMARY_NOTE};

fn opinions_of<'a>(rows: impl Iterator<Item = &'a Row>) -> u64 {
    rows.map(|row| u64::from(row.same_count)).sum()
}

impl ResponseTable {
    /// All rows in printed order.
    pub fn rows(&self) -> impl Iterator<Item = FlatRow<'_>> {
        self.chapters.iter().enumerate().flat_map(|(index, chapter)| chapter.rows(index))
    }

    /// Whether no opinion is printed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows().next().is_none()
    }

    /// Title of the document as the layout has it, 「{案件名}　ご意見（要旨）と区の考え方」.
    #[must_use]
    pub fn title(&self) -> String {
        self.layout.title.replace(THEME, &self.consultation.title)
    }

    /// The cover block as (label, value): 実施期間, 応募方法, 意見数, 公表日.
    #[must_use]
    pub fn cover_lines(&self) -> Vec<(&'static str, String)> {
        vec![
            ("実施期間", wareki::period(self.opens_on, self.closes_on)),
            ("応募方法", self.methods.clone()),
            ("意見数", format!("延べ{}件（{}名）", self.opinions, self.submitters)),
            ("公表日", wareki::long(self.published_on())),
        ]
    }

    /// Day of publication in Japan.
    #[must_use]
    pub fn published_on(&self) -> NaiveDate {
        wareki::date_of(self.published_at)
    }

    /// The remark that opinions are summarised, when they are.
    #[must_use]
    pub fn summary_note(&self) -> Option<&'static str> {
        self.summarised.then_some(SUMMARY_NOTE)
    }

    /// The 対応区分 shown for an answer; `None` when the table has no such column, the answer has none, or the code is
    /// not one of [`Self::dispositions`].
    #[must_use]
    pub fn disposition_of(&self, group: &AnswerGroup) -> Option<&DispositionLabel> {
        let code = group.disposition.as_deref()?;
        self.dispositions.iter().find(|d| d.code == code)
    }

    /// 「◎ 反映」: mark and words of a 対応区分. `None` for a code that is not one of [`Self::dispositions`].
    #[must_use]
    pub fn disposition_label(&self, code: &str) -> Option<String> {
        self.dispositions.iter().find(|d| d.code == code).map(DispositionLabel::printed)
    }

    /// Fragment that addresses one row on the page, `row-17`. Stable: made of the summary's id, not of its number.
    #[must_use]
    pub fn anchor(summary_id: i64) -> String {
        format!("row-{summary_id}")
    }

    /// Open data id of a row: 全国地方公共団体コード, consultation and summary. Unique in the ward and never reused.
    #[must_use]
    pub fn row_id(&self, row: &Row) -> String {
        self.id_of(row.summary_id)
    }

    /// As [`Self::row_id`], by the id of the summary.
    pub(crate) fn id_of(&self, summary_id: i64) -> String {
        format!("{}-{}-{summary_id}", self.ward.code, self.consultation.id)
    }

    /// Absolute address of a row on the page; empty while the table has none.
    #[must_use]
    pub fn row_url(&self, row: &Row) -> String {
        match self.consultation.url.as_str() {
            "" => String::new(),
            url => format!("{url}#{}", Self::anchor(row.summary_id)),
        }
    }

    /// File name without extension, `{slug}-responses`; only ASCII letters, digits, `-` and `_`.
    #[must_use]
    pub fn file_stem(&self) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let slug: String = self.consultation.slug.chars().map(safe).collect();
        match slug.trim_matches('-') {
            "" => format!("consultation-{}-responses", self.consultation.id),
            slug => format!("{slug}-responses"),
        }
    }

    /// Sum of 同趣旨件数 over all rows. Equals [`Self::opinions`] when every opinion is in the table.
    #[must_use]
    pub fn opinions_in_rows(&self) -> u64 {
        opinions_of(self.rows().map(|flat| flat.row))
    }

    /// Opinions by 対応区分 in the official order, zeros included; answers without one are last under 「区分なし」.
    /// Empty when the table has no such column.
    #[must_use]
    pub fn opinions_by_disposition(&self) -> Vec<Count> {
        if self.dispositions.is_empty() {
            return Vec::new();
        }
        let mut by_code: HashMap<&str, u64> = HashMap::new();
        let mut without = 0;
        for flat in self.rows() {
            let opinions = u64::from(flat.row.same_count);
            match self.disposition_of(flat.group) {
                Some(d) => *by_code.entry(d.code.as_str()).or_default() += opinions,
                None => without += opinions,
            }
        }
        // Taken out when counted, so that a code that is there twice doesn't count twice.
        let mut counts: Vec<Count> = self
            .dispositions
            .iter()
            .map(|d| Count {
                code: d.code.clone(),
                label: d.label.clone(),
                opinions: by_code.remove(d.code.as_str()).unwrap_or_default(),
            })
            .collect();
        if without > 0 {
            counts.push(Count { code: String::new(), label: "区分なし".to_owned(), opinions: without });
        }
        counts
    }

    /// Opinions by chapter in printed order, zeros included; the code is the chapter's number.
    #[must_use]
    pub fn opinions_by_chapter(&self) -> Vec<Count> {
        let counted = |(index, chapter): (usize, &Chapter)| Count {
            code: index.saturating_add(1).to_string(),
            label: chapter.title.clone(),
            opinions: opinions_of(chapter.groups.iter().flat_map(|group| &group.rows)),
        };
        self.chapters.iter().enumerate().map(counted).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(same_count: u32) -> Row {
        Row { text: "公園を広く".to_owned(), same_count, ..Row::default() }
    }

    #[test]
    fn file_stem_is_ascii() {
        let mut table = ResponseTable::default();
        table.consultation.id = 7;
        for (slug, stem) in [
            ("dx-policy", "dx-policy-responses"),
            ("../DX 方針_1", "DX---_1-responses"),
            ("方針", "consultation-7-responses"),
            ("", "consultation-7-responses"),
        ] {
            slug.clone_into(&mut table.consultation.slug);
            assert_eq!(table.file_stem(), stem);
        }
    }

    #[test]
    fn unknown_disposition_is_not_shown() {
        let group = AnswerGroup { disposition: Some("x".to_owned()), rows: vec![row(2)], ..AnswerGroup::default() };
        let mut table = ResponseTable::default();
        table.chapters.push(Chapter { groups: vec![group.clone()], ..Chapter::default() });
        assert!(table.opinions_by_disposition().is_empty());

        table.dispositions =
            vec![DispositionLabel { code: "a".to_owned(), mark: "◎".to_owned(), label: "反映".to_owned() }];
        assert_eq!(table.disposition_of(&group), None);
        assert_eq!(table.disposition_label("x"), None);
        assert_eq!(table.disposition_label("a").as_deref(), Some("◎ 反映"));
        let counts: Vec<u64> = table.opinions_by_disposition().iter().map(|c| c.opinions).collect();
        assert_eq!(counts, [0, 2]);
    }
}
