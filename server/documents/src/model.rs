//! The published table as data, and the words that every output derives from it.

use chrono::NaiveDate;
use domain::wareki;
use serde::{Deserialize, Serialize};

/// Printed where a table, or a chapter of it, has no row. Zero opinions is a proper result, not an error.
pub const NO_OPINIONS: &str = "意見はありませんでした。";

/// Printed under the cover block when staff summarised the opinions.
pub const SUMMARY_NOTE: &str = "※ご意見については、趣旨を損なわない範囲で要約しています。";

/// One published version of 「ご意見（要旨）／区の考え方」 for one consultation.
///
/// Holds what is published and nothing else: no hidden, deleted or unpublished text may be put in. Texts are as staff
/// wrote them; each writer cleans them with [`crate::clean::text`].
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseTable {
    /// The ward that publishes.
    pub ward: Ward,
    /// The consultation answered.
    pub consultation: ConsultationRef,
    /// First day of the call (JST).
    pub opens_on: NaiveDate,
    /// Last day of the call (JST), included.
    pub closes_on: NaiveDate,
    /// 応募方法 as announced, for example 「区ホームページ、郵送、持参、FAX」.
    pub methods: String,
    /// Version of the publication, from 1; a correction is a new version.
    pub version: u32,
    /// Moment of publication of this version, UTC milliseconds.
    pub published_at: i64,
    /// 提出者数: people and bodies that sent something in.
    pub submitters: u32,
    /// 意見件数 (延べ): opinions counted after staff cut the submissions into units.
    pub opinions: u32,
    /// The same two counts for each way of sending.
    pub by_channel: Vec<ChannelCount>,
    /// Whether the opinions are summaries; prints [`SUMMARY_NOTE`].
    pub summarised: bool,
    /// The 対応区分 in use, in their official order. Empty: the table has no such column.
    pub dispositions: Vec<DispositionLabel>,
    /// Chapters in the order of the plan; 全般・その他 is last.
    pub chapters: Vec<Chapter>,
}

/// The publishing ward.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Ward {
    /// 全国地方公共団体コード: six digits with check digit, `131091`.
    pub code: String,
    /// Name as printed, 「品川区」.
    pub name: String,
}

/// What the documents say about the consultation itself.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationRef {
    /// Database id; part of the open data ids, so it is never reused.
    pub id: i64,
    /// Last part of the page's address.
    pub slug: String,
    /// Title as published.
    pub title: String,
    /// 所管 as printed.
    pub department: String,
    /// Absolute address of the published table.
    pub url: String,
}

/// Counts for one way of sending (経路).
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelCount {
    /// Fixed code, `web`, `post`, `fax` …
    pub code: String,
    /// Japanese name, 「郵送」.
    pub label: String,
    /// People and bodies.
    pub submitters: u32,
    /// Opinions.
    pub opinions: u32,
}

/// One 対応区分.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct DispositionLabel {
    /// Fixed code, `adopted`.
    pub code: String,
    /// Symbol printed before the label, 「◎」; may be empty. Never the only carrier of the meaning.
    pub mark: String,
    /// Words, 「反映」.
    pub label: String,
}

/// One chapter of the table. Its number is its position; row numbers restart in it.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// Database id.
    pub id: i64,
    /// Title without number, 「サービスDXに関するご意見」.
    pub title: String,
    /// Answers in printed order.
    pub groups: Vec<AnswerGroup>,
}

/// One 区の考え方: a single cell that spans the rows it answers.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerGroup {
    /// Database id of the answer (考え方ID).
    pub ward_view_id: i64,
    /// The answer.
    pub answer: String,
    /// Code of its 対応区分, one of [`ResponseTable::dispositions`].
    pub disposition: Option<String>,
    /// The rows answered, at least one.
    pub rows: Vec<Row>,
}

/// One published opinion: 「ご意見（要旨）」.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Database id of the summary; the address of the row on the page.
    pub summary_id: i64,
    /// No. within the chapter, from 1.
    pub number: u32,
    /// The opinion, or its summary.
    pub text: String,
    /// 同趣旨件数: how many opinions this row stands for, itself included.
    pub same_count: u32,
}

impl Row {
    /// The text as printed: 「…（他3件）」 when the row stands for four opinions.
    #[must_use]
    pub fn printed_text(&self) -> String {
        match self.same_count {
            0 | 1 => self.text.clone(),
            n => format!("{}（他{}件）", self.text, n - 1),
        }
    }
}

/// One row together with where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlatRow<'a> {
    /// Position of the chapter, from 0.
    pub chapter_index: usize,
    /// The chapter.
    pub chapter: &'a Chapter,
    /// The answer the row belongs to.
    pub group: &'a AnswerGroup,
    /// The row.
    pub row: &'a Row,
}

/// A named number of opinions, for the counts sheet and the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Fixed code; empty for opinions without one.
    pub code: String,
    /// Words as printed.
    pub label: String,
    /// Number of opinions.
    pub opinions: u64,
}

/// 「1. サービスDXに関するご意見」 for the chapter at `index` (from 0).
#[must_use]
pub fn chapter_heading(index: usize, chapter: &Chapter) -> String {
    format!("{}. {}", index.saturating_add(1), chapter.title)
}

fn opinions_of<'a>(rows: impl Iterator<Item = &'a Row>) -> u64 {
    rows.map(|row| u64::from(row.same_count)).sum()
}

impl ResponseTable {
    /// All rows in printed order.
    pub fn rows(&self) -> impl Iterator<Item = FlatRow<'_>> {
        self.chapters.iter().enumerate().flat_map(|(chapter_index, chapter)| {
            chapter
                .groups
                .iter()
                .flat_map(move |group| group.rows.iter().map(move |row| FlatRow { chapter_index, chapter, group, row }))
        })
    }

    /// Whether no opinion is printed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows().next().is_none()
    }

    /// Title of the document, 「{案件名}　ご意見（要旨）と区の考え方」.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}　ご意見（要旨）と区の考え方", self.consultation.title)
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
        format!("{}-{}-{}", self.ward.code, self.consultation.id, row.summary_id)
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
        let count = |wanted: Option<&DispositionLabel>| {
            opinions_of(self.rows().filter(|f| self.disposition_of(f.group) == wanted).map(|f| f.row))
        };
        let mut counts: Vec<Count> = self
            .dispositions
            .iter()
            .map(|d| Count { code: d.code.clone(), label: d.label.clone(), opinions: count(Some(d)) })
            .collect();
        let without = count(None);
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

impl DispositionLabel {
    /// Mark and words, 「◎ 反映」; the words alone when there is no mark.
    #[must_use]
    pub fn printed(&self) -> String {
        if self.mark.is_empty() { self.label.clone() } else { format!("{} {}", self.mark, self.label) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(same_count: u32) -> Row {
        Row { text: "公園を広く".to_owned(), same_count, ..Row::default() }
    }

    #[test]
    fn merged_opinions_are_counted_in_the_text() {
        assert_eq!(row(1).printed_text(), "公園を広く");
        assert_eq!(row(0).printed_text(), "公園を広く");
        assert_eq!(row(4).printed_text(), "公園を広く（他3件）");
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
