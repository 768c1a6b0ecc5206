//! The shape of `demo.json`.

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
}

#[derive(Debug, Deserialize)]
pub struct Question {
    pub key: String,
    pub title: String,
    pub body: String,
}

#[derive(Debug, Deserialize)]
pub struct Proposal {
    pub question: Option<String>,
    pub channel: Option<String>,
    pub author: Option<String>,
    pub submitter: Option<String>,
    pub title: Option<String>,
    pub body: String,
    pub days_ago: i64,
    pub hour: i64,
    pub minute: i64,
    pub likes: i64,
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
