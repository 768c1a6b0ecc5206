//! JSON: the faithful source. Texts are exactly as staff wrote them (lines, ①, ㈱ and all), days are ISO dates, moments
//! carry +09:00, choices are codes with a code list in the same file.
//!
//! ```json
//! {
//!   "schema": "machikoe/responses", "schema_version": 1,
//!   "ward": {"lg_code": "131091", "name": "品川区"},
//!   "consultation": {"id": 12, "slug": "…", "title": "…", "department": "…", "url": "…",
//!     "opens_on": "2025-02-01", "closes_on": "2025-02-28", "methods": "…", "publicity": "…", "eligible": "…",
//!     "places": "…", "contact": {"department": "…", "phone": "…", "fax": "…", "email": "…", "counter": "…"}},
//!   "publication": {"version": 1, "published_at": "2025-04-21T10:00:00+09:00", "published_on": "2025-04-21",
//!     "summarised": true, "corrections": [{"version": 2, "published_at": "…", "reason": "…", "changes": ["…"]}]},
//!   "codes": {"channels": [{"code": "post", "label": "郵送"}],
//!     "dispositions": [{"code": "reflected", "mark": "◎", "label": "反映"}]},
//!   "counts": {"submitters": 6, "opinions": 18,
//!     "by_channel": [{"code": "post", "submitters": 1, "opinions": 3}],
//!     "by_disposition": [{"code": "reflected", "opinions": 5}, {"code": null, "opinions": 2}],
//!     "by_chapter": [{"number": 1, "opinions": 3}], "out_of_scope": [{"reason": "…", "opinions": 1}]},
//!   "chapters": [{"id": 1, "number": 1, "title": "…"}],
//!   "rows": [{"id": "131091-12-101", "url": "…#row-101", "chapter": 1, "number": 1, "text": "…", "originals": ["…"],
//!     "same_count": 1, "again_count": 0, "people": 1, "place": "…", "ward_view_id": 501, "answer": "…",
//!     "disposition": null, "reason": null, "department": null}],
//!   "plan_changes": [{"id": 1, "place": "…", "before": "…", "after": "…", "reason": "…", "rows": ["131091-12-101"]}],
//!   "commitments": [{"id": 1, "ward_view_id": 501, "text": "…", "department": "…", "due_on": "2026-03-31"}]
//! }
//! ```
//!
//! `null` means that there is no such value or that it isn't known; `originals` is empty unless the layout prints the
//! opinions as sent. Keys are only ever added; a change of meaning is a new `schema_version`.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use domain::wareki;
use serde::{Serialize, Serializer};
use std::io::{BufWriter, Write};

use crate::{
    DocumentError,
    model::{Commitment, Contact, DispositionLabel, FlatRow, OutOfScope, ResponseTable},
    printed::prints_originals,
};

/// What the file is.
pub const SCHEMA: &str = "machikoe/responses";
/// Version of its structure.
pub const SCHEMA_VERSION: u32 = 1;

/// Writes the table to `target`, one row at a time; memory use does not grow with the table.
///
/// # Errors
/// [`DocumentError::Json`] or [`DocumentError::Io`] when `target` cannot be written to.
pub fn write(table: &ResponseTable, target: impl Write) -> Result<(), DocumentError> {
    let mut target = BufWriter::new(target);
    serde_json::to_writer(&mut target, &document(table))?;
    target.write_all(b"\n")?;
    target.flush()?;
    Ok(())
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    schema_version: u32,
    ward: Ward<'a>,
    consultation: Consultation<'a>,
    publication: Publication<'a>,
    codes: Codes<'a>,
    counts: Counts<'a>,
    chapters: Chapters<'a>,
    rows: Rows<'a>,
    plan_changes: Vec<PlanChange<'a>>,
    commitments: &'a [Commitment],
}

#[derive(Serialize)]
struct Ward<'a> {
    lg_code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Consultation<'a> {
    id: i64,
    slug: &'a str,
    title: &'a str,
    department: &'a str,
    url: &'a str,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
    methods: &'a str,
    publicity: &'a str,
    eligible: &'a str,
    places: &'a str,
    contact: &'a Contact,
}

#[derive(Serialize)]
struct Publication<'a> {
    version: u32,
    published_at: Option<String>,
    published_on: NaiveDate,
    summarised: bool,
    corrections: Vec<Correction<'a>>,
}

#[derive(Serialize)]
struct Correction<'a> {
    version: u32,
    published_at: Option<String>,
    reason: &'a str,
    changes: &'a [String],
}

#[derive(Serialize)]
struct Codes<'a> {
    channels: Vec<Code<'a>>,
    dispositions: &'a [DispositionLabel],
}

#[derive(Serialize)]
struct Code<'a> {
    code: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct Counts<'a> {
    submitters: u32,
    opinions: u32,
    by_channel: Vec<OfChannel<'a>>,
    by_disposition: Vec<OfDisposition>,
    by_chapter: Vec<OfChapter>,
    out_of_scope: &'a [OutOfScope],
}

#[derive(Serialize)]
struct OfChannel<'a> {
    code: &'a str,
    submitters: u32,
    opinions: u32,
}

#[derive(Serialize)]
struct OfDisposition {
    code: Option<String>,
    opinions: u64,
}

#[derive(Serialize)]
struct OfChapter {
    number: usize,
    opinions: u64,
}

#[derive(Serialize)]
struct Chapter<'a> {
    id: i64,
    number: usize,
    title: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    url: String,
    chapter: usize,
    number: u32,
    text: &'a str,
    originals: &'a [String],
    same_count: u32,
    again_count: u32,
    people: Option<u32>,
    place: Option<&'a str>,
    ward_view_id: i64,
    answer: &'a str,
    disposition: Option<&'a str>,
    reason: Option<&'a str>,
    department: Option<&'a str>,
}

#[derive(Serialize)]
struct PlanChange<'a> {
    id: i64,
    place: &'a str,
    before: &'a str,
    after: &'a str,
    reason: &'a str,
    rows: Vec<String>,
}

fn document(table: &ResponseTable) -> Document<'_> {
    let ResponseTable { ward, consultation, .. } = table;
    Document {
        schema: SCHEMA,
        schema_version: SCHEMA_VERSION,
        ward: Ward { lg_code: &ward.code, name: &ward.name },
        consultation: Consultation {
            id: consultation.id,
            slug: &consultation.slug,
            title: &consultation.title,
            department: &consultation.department,
            url: &consultation.url,
            opens_on: table.opens_on,
            closes_on: table.closes_on,
            methods: &table.methods,
            publicity: &table.publicity,
            eligible: &table.eligible,
            places: &table.places,
            contact: &table.contact,
        },
        publication: publication(table),
        codes: Codes {
            channels: table.by_channel.iter().map(|c| Code { code: &c.code, label: &c.label }).collect(),
            dispositions: &table.dispositions,
        },
        counts: counts(table),
        chapters: Chapters(table),
        rows: Rows(table),
        plan_changes: plan_changes(table),
        commitments: &table.commitments,
    }
}

fn publication(table: &ResponseTable) -> Publication<'_> {
    Publication {
        version: table.version,
        published_at: moment(table.published_at),
        published_on: table.published_on(),
        summarised: table.summarised,
        corrections: table
            .corrections
            .iter()
            .map(|c| Correction {
                version: c.version,
                published_at: moment(c.published_at),
                reason: &c.reason,
                changes: &c.changes,
            })
            .collect(),
    }
}

fn counts(table: &ResponseTable) -> Counts<'_> {
    let by_disposition = table.opinions_by_disposition().into_iter();
    Counts {
        submitters: table.submitters,
        opinions: table.opinions,
        by_channel: table
            .by_channel
            .iter()
            .map(|c| OfChannel { code: &c.code, submitters: c.submitters, opinions: c.opinions })
            .collect(),
        by_disposition: by_disposition
            .map(|c| OfDisposition { code: Some(c.code).filter(|code| !code.is_empty()), opinions: c.opinions })
            .collect(),
        by_chapter: (1..)
            .zip(table.opinions_by_chapter())
            .map(|(number, c)| OfChapter { number, opinions: c.opinions })
            .collect(),
        out_of_scope: &table.out_of_scope,
    }
}

fn plan_changes(table: &ResponseTable) -> Vec<PlanChange<'_>> {
    table
        .plan_changes
        .iter()
        .map(|c| PlanChange {
            id: c.id,
            place: &c.place,
            before: &c.before,
            after: &c.after,
            reason: &c.reason,
            rows: c.rows.iter().map(|summary_id| table.id_of(*summary_id)).collect(),
        })
        .collect()
}

/// The chapters, written one by one.
struct Chapters<'a>(&'a ResponseTable);

impl Serialize for Chapters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let chapters = (1..).zip(&self.0.chapters);
        serializer.collect_seq(chapters.map(|(number, c)| Chapter { id: c.id, number, title: &c.title }))
    }
}

/// The rows, written one by one: they are never together in memory.
struct Rows<'a>(&'a ResponseTable);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows().map(|flat| row(self.0, &flat)))
    }
}

fn row<'a>(table: &'a ResponseTable, flat: &FlatRow<'a>) -> Row<'a> {
    let (row, group) = (flat.row, flat.group);
    Row {
        id: table.row_id(row),
        url: table.row_url(row),
        chapter: flat.chapter_index + 1,
        number: row.number,
        text: &row.text,
        originals: if prints_originals(&table.layout) { &row.originals } else { &[] },
        same_count: row.same_count,
        again_count: row.again,
        people: (row.people > 0).then_some(row.people),
        place: Some(row.place.as_str()).filter(|place| !place.is_empty()),
        ward_view_id: group.ward_view_id,
        answer: &group.answer,
        disposition: table.disposition_of(group).map(|d| d.code.as_str()),
        reason: group.reason.as_deref(),
        department: group.department.as_deref(),
    }
}

/// 「2025-04-21T10:00:00+09:00」; `None` beyond the years a date can have.
fn moment(millis: i64) -> Option<String> {
    let japan = FixedOffset::east_opt(wareki::JST_OFFSET_SECONDS)?;
    Some(DateTime::from_timestamp_millis(millis)?.with_timezone(&japan).to_rfc3339_opts(SecondsFormat::Secs, false))
}
