//! The published table as data.

use chrono::NaiveDate;
use domain::layout::Layout;
use serde::{Deserialize, Serialize};

/// Printed where a table, or a chapter of it, has no row. Zero opinions is a proper result, not an error.
pub const NO_OPINIONS: &str = "意見はありませんでした。";

/// Printed under the cover block when staff summarised the opinions, unless the layout says it otherwise.
pub use domain::layout::SUMMARY_NOTE;

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
    /// How it is printed.
    #[serde(default)]
    pub layout: Layout,
    /// Opinions outside the scope of the call (対象外): they are in no row and not in [`Self::opinions`].
    #[serde(default)]
    pub out_of_scope: Vec<OutOfScope>,
    /// What the opinions changed in the draft (修正箇所).
    #[serde(default)]
    pub plan_changes: Vec<PlanChange>,
    /// What the ward promised in its answers (約束), as it stood on publication.
    #[serde(default)]
    pub commitments: Vec<Commitment>,
    /// Whom to ask.
    #[serde(default)]
    pub contact: Contact,
    /// 計画案の公表方法, as announced; may be empty.
    #[serde(default)]
    pub publicity: String,
    /// 意見を提出できるもの, as announced; may be empty.
    #[serde(default)]
    pub eligible: String,
    /// 閲覧場所, as announced; may be empty.
    #[serde(default)]
    pub places: String,
    /// Earlier corrections and this one (正誤), the newest first; empty in the first version.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// Codes of the 対応区分 that say that the plan changed; empty: those of the presets (反映, 一部反映, 修正する).
    #[serde(default)]
    pub reflecting: Vec<String>,
}

/// Opinions outside the scope for one reason.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct OutOfScope {
    /// The reason as staff wrote it.
    pub reason: String,
    /// How many opinions.
    pub opinions: u32,
}

/// One 修正箇所: a change of the draft with the rows that caused it.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanChange {
    /// Database id.
    pub id: i64,
    /// Where in the draft: chapter, page.
    pub place: String,
    /// 修正前; empty when something was added.
    pub before: String,
    /// 修正後; empty when something was taken out.
    pub after: String,
    /// 修正理由.
    pub reason: String,
    /// The rows that caused it, as ids of summaries.
    pub rows: Vec<i64>,
}

/// One 約束: something the ward will do, by whom and when.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Commitment {
    /// Database id.
    pub id: i64,
    /// The answer in which it was given.
    pub ward_view_id: i64,
    /// What will be done.
    pub text: String,
    /// The department that does it.
    pub department: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
}

/// Where questions go.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Department.
    pub department: String,
    /// Telephone.
    pub phone: String,
    /// FAX.
    pub fax: String,
    /// E-mail.
    pub email: String,
    /// Counter.
    pub counter: String,
}

/// One correction (正誤) of what was published.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// The version that brought it.
    pub version: u32,
    /// When it came out, UTC milliseconds.
    pub published_at: i64,
    /// Why.
    pub reason: String,
    /// What changed, one line each: 「No.2-1 の区の考え方を訂正しました」.
    pub changes: Vec<String>,
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
    /// Why the plan is (not) changed, where the ward's 対応区分 ask for a reason.
    #[serde(default)]
    pub reason: Option<String>,
    /// The department that answers.
    #[serde(default)]
    pub department: Option<String>,
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
    /// 同趣旨件数: how many opinions this row stands for, itself included. 0 for a row that only repeats opinions counted
    /// elsewhere (再掲).
    pub same_count: u32,
    /// How many opinions it repeats that are counted in another row (再掲).
    #[serde(default)]
    pub again: u32,
    /// How many people the row stands for.
    #[serde(default)]
    pub people: u32,
    /// The opinions as sent, where the layout prints them (原文).
    #[serde(default)]
    pub originals: Vec<String>,
    /// Where in the draft: the heading or page the first opinion is about.
    #[serde(default)]
    pub place: String,
    /// Number of the sender of the first opinion, from 1 in order of receipt; 0 when nobody is known.
    #[serde(default)]
    pub sender: u32,
}

impl Chapter {
    /// Its rows in printed order, when it is the chapter at `chapter_index` (from 0).
    pub fn rows(&self, chapter_index: usize) -> impl Iterator<Item = FlatRow<'_>> {
        self.groups.iter().flat_map(move |group| {
            group.rows.iter().map(move |row| FlatRow { chapter_index, chapter: self, group, row })
        })
    }
}

impl Row {
    /// The text as printed: 「…（他3件）」 when the row stands for four opinions, 「…（再掲）」 when all of them are counted
    /// elsewhere, 「…（他3件、ほか再掲1件）」 when it repeats one besides the four.
    #[must_use]
    pub fn printed_text(&self) -> String {
        let text = &self.text;
        match (self.same_count, self.again) {
            (0 | 1, 0) => text.clone(),
            (0, _) => format!("{text}（再掲）"),
            (1, again) => format!("{text}（ほか再掲{again}件）"),
            (n, 0) => format!("{text}（他{}件）", n - 1),
            (n, again) => format!("{text}（他{}件、ほか再掲{again}件）", n - 1),
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
        let again = |same_count, again| Row { again, ..row(same_count) }.printed_text();
        assert_eq!(again(0, 2), "公園を広く（再掲）");
        assert_eq!(again(1, 2), "公園を広く（ほか再掲2件）");
        assert_eq!(again(4, 1), "公園を広く（他3件、ほか再掲1件）");
    }
}
