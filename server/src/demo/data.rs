//! The shape of `demo.json` and `desk.json`. Days count from the day it is loaded: 3 is in three days, −3 three days ago.

use domain::{identity::Identity, rules::RulesPreset};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Demo {
    pub ward: WardData,
    pub departments: Vec<Department>,
    pub staff: Vec<Staff>,
    pub residents: Vec<Resident>,
    pub consultations: Vec<Consultation>,
}

#[derive(Debug, Deserialize)]
pub struct WardData {
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// The rules of the ward.
    pub rules_preset: RulesPreset,
}

#[derive(Debug, Deserialize)]
pub struct Department {
    pub key: String,
    pub name: String,
    pub name_en: String,
    pub phone: String,
    pub fax: String,
    pub email: String,
    pub counter: String,
}

#[derive(Debug, Deserialize)]
pub struct Staff {
    pub email: String,
    pub name: String,
    pub department: String,
    pub role: String,
}

#[derive(Debug, Deserialize)]
pub struct Resident {
    pub email: String,
    pub display_name: String,
}

#[derive(Debug, Deserialize)]
pub struct Consultation {
    pub key: String,
    pub slug: String,
    pub kind: String,
    pub department: String,
    pub title: String,
    pub summary: String,
    pub body: String,
    pub methods: String,
    pub opens_in_days: i64,
    pub closes_in_days: i64,
    pub published: bool,
    pub cover_alt: String,
    pub questions: Vec<Question>,
    pub proposals: Vec<Proposal>,
    pub responses: Option<Responses>,
    /// The 対応区分 it uses; else the six marks when it has answers, and none when it has not.
    pub disposition_preset: Option<String>,
    /// The day it was first shown; else two weeks before it opens.
    pub published_in_days: Option<i64>,
    /// The day of the 広報紙 that announced it.
    pub gazette_in_days: Option<i64>,
    pub result_planned_in_days: Option<i64>,
    /// What is otherwise than in the ward's rules.
    #[serde(default)]
    pub rules: serde_json::Map<String, serde_json::Value>,
    /// Why.
    #[serde(default)]
    pub rules_reason: String,
    #[serde(default)]
    pub documents: Vec<Document>,
}

#[derive(Debug, Deserialize)]
pub struct Question {
    pub key: String,
    pub title: String,
    pub body: String,
}

#[derive(Debug, Deserialize)]
pub struct Document {
    pub title: String,
    /// The oldest first.
    pub versions: Vec<Version>,
}

#[derive(Debug, Deserialize)]
pub struct Version {
    pub stage: String,
    pub note: String,
    pub days_ago: i64,
    /// The name of a PDF of the demonstration.
    pub file: Option<String>,
    /// The name of its text in Markdown.
    pub text: Option<String>,
    /// The text for reading aloud; else its own text.
    #[serde(default)]
    pub twin: String,
}

/// What one person sent in one act.
#[derive(Debug, Deserialize)]
pub struct Proposal {
    pub question: Option<String>,
    pub channel: Option<String>,
    pub author: Option<String>,
    /// A letter that stands for a name and an address.
    pub submitter: Option<String>,
    pub identity: Option<Identity>,
    pub eligibility: Option<String>,
    pub title: Option<String>,
    /// The text; empty when it is told opinion by opinion.
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub items: Vec<Item>,
    /// The page it is about.
    pub page: Option<i64>,
    /// Words of the paragraph it is about.
    pub about: Option<String>,
    pub days_ago: i64,
    pub hour: i64,
    pub minute: i64,
    /// 収受日; else the day it was recorded.
    pub received_days_ago: Option<i64>,
    /// 消印日.
    pub postmarked_days_ago: Option<i64>,
    #[serde(default)]
    pub likes: i64,
    pub intake: Option<String>,
    pub scribe: Option<String>,
    /// The name of a picture of the demonstration.
    pub scan: Option<String>,
    /// The key of a department.
    pub assigned: Option<String>,
    pub correction: Option<Correction>,
    #[serde(default)]
    pub approval_only: bool,
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Others who sent the same text, one after the other.
    #[serde(default)]
    pub copies: Vec<Letter>,
    #[serde(default)]
    pub copies_every_minutes: i64,
}

#[derive(Debug, Deserialize)]
pub struct Item {
    pub body: String,
    pub page: Option<i64>,
    pub about: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Correction {
    pub note: String,
    pub until_in_days: i64,
}

#[derive(Debug, Deserialize)]
pub struct Note {
    pub by: String,
    pub text: String,
    pub days_ago: i64,
}

#[derive(Debug, Deserialize)]
pub struct Letter {
    pub name: String,
    pub address: String,
    /// What this person wrote below the common text.
    pub ending: String,
}

#[derive(Debug, Deserialize)]
pub struct Responses {
    pub published_days_ago: i64,
    pub chapters: Vec<Chapter>,
}

#[derive(Debug, Deserialize)]
pub struct Chapter {
    pub title: String,
    pub groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
pub struct Group {
    pub disposition: String,
    pub answer: String,
    pub rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
pub struct Row {
    pub text: String,
    pub proposals: Vec<usize>,
}

/// `desk.json`: a response desk in the middle of its work, and what became of the answers that are published.
#[derive(Debug, Deserialize)]
pub struct DeskFile {
    pub departments: Vec<Department>,
    pub staff: Vec<Staff>,
    pub theme: Consultation,
    pub desk: Desk,
    pub published: Published,
}

/// What was done on a desk. Letters count from 1 in the order of the file; 「7.2」 is the second opinion of the seventh.
#[derive(Debug, Deserialize)]
pub struct Desk {
    /// Who gathers, writes and gives.
    pub clerk: String,
    /// Who confirms.
    pub second: String,
    pub outline_days_ago: i64,
    pub splits: Vec<Split>,
    pub out_of_scope: Vec<OutOfScope>,
    pub rows: Vec<DeskRow>,
    pub plan_changes: Vec<PlanChange>,
    pub commitments: Vec<Commitment>,
}

#[derive(Debug, Deserialize)]
pub struct Split {
    pub letter: usize,
    pub parts: Vec<String>,
    pub days_ago: i64,
}

#[derive(Debug, Deserialize)]
pub struct OutOfScope {
    pub items: Vec<String>,
    pub reason: String,
    pub days_ago: i64,
}

#[derive(Debug, Deserialize)]
pub struct DeskRow {
    pub key: String,
    /// The title of its chapter.
    pub chapter: String,
    pub items: Vec<String>,
    /// Opinions that are counted elsewhere and repeated here.
    #[serde(default)]
    pub again: Vec<String>,
    /// 要旨; empty takes the opinion word for word.
    #[serde(default)]
    pub text: String,
    pub days_ago: i64,
    pub confirmed_days_ago: Option<i64>,
    pub given: Option<Given>,
    pub asked: Option<Asked>,
    pub answer: Option<Answer>,
    /// The key of the row whose answer it shares.
    pub same_answer_as: Option<String>,
    pub answered_days_ago: Option<i64>,
}

/// A row given to a department.
#[derive(Debug, Deserialize)]
pub struct Given {
    pub department: String,
    pub by: String,
    pub due_in_days: i64,
    pub note: String,
    pub days_ago: i64,
}

/// A question to another department.
#[derive(Debug, Deserialize)]
pub struct Asked {
    pub department: String,
    pub by: String,
    pub question: String,
    pub due_in_days: i64,
    pub days_ago: i64,
    pub reply: Option<Reply>,
}

#[derive(Debug, Deserialize)]
pub struct Reply {
    pub by: String,
    pub text: String,
    pub days_ago: i64,
}

#[derive(Debug, Deserialize)]
pub struct Answer {
    pub by: String,
    pub disposition: String,
    pub text: String,
    pub settled: bool,
    pub days_ago: i64,
}

/// 修正箇所; its row is a key, or a name such as 「1-2」.
#[derive(Debug, Deserialize)]
pub struct PlanChange {
    pub row: String,
    pub place: String,
    pub before: String,
    pub after: String,
    pub reason: String,
    pub days_ago: i64,
}

/// 約束; its row is a key, or a name such as 「1-2」.
#[derive(Debug, Deserialize)]
pub struct Commitment {
    pub row: String,
    pub text: String,
    pub department: String,
    pub owner: String,
    pub due_in_days: i64,
    pub days_ago: i64,
    #[serde(default)]
    pub reports: Vec<Report>,
}

#[derive(Debug, Deserialize)]
pub struct Report {
    pub by: String,
    pub state: String,
    pub body: String,
    pub days_ago: i64,
}

/// What happened to a theme after its answers were published.
#[derive(Debug, Deserialize)]
pub struct Published {
    pub slug: String,
    pub clerk: String,
    /// Who checks (確認).
    pub second: String,
    /// Who decides and publishes.
    pub approver: String,
    pub plan_changes: Vec<PlanChange>,
    pub commitments: Vec<Commitment>,
    pub correction: Correcting,
}

/// 正誤: words of one answer that were wrong, and the version that puts them right.
#[derive(Debug, Deserialize)]
pub struct Correcting {
    /// The name of a row with that answer.
    pub row: String,
    pub before: String,
    pub after: String,
    /// What is said when it is put up, when it is checked, and to the public.
    pub note: String,
    pub checked: String,
    pub reason: String,
    pub drafted_days_ago: i64,
    pub checked_days_ago: i64,
    pub published_days_ago: i64,
}
