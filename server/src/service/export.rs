//! Every opinion with what became of it, as a stream: for staff who work on with it in other programs. Nothing of who
//! sent it is in it.

use std::{
    collections::{HashMap, VecDeque},
    io::Write as _,
};

use app::pages::staff::{
    intake::status,
    outputs::{ITEM_COLUMNS, item_headings},
};
use axum::body::Bytes;
use documents::{clean, csv::guarded};
use domain::{
    Channel, IntakeState, Locale, ProposalState, disposition::DispositionSet, permission::ConsultationAction,
};
use sea_orm::DatabaseConnection;
use serde::Serialize;
use serde_json::json;

use super::consultation::for_staff;
use crate::{
    audit,
    ctx::Ctx,
    error::Result,
    repository::{
        self,
        export::{After, Item, Place},
    },
};

/// How many submissions are read at a time.
const SUBMISSIONS: i64 = 500;
const BOM: &str = "\u{FEFF}";

/// What the opinions are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemFormat {
    /// For spreadsheets: UTF-8 with BOM, CRLF, one record a line, no formulas.
    Csv,
    /// For programs: a list of objects, one a line, texts exactly as they came.
    Json,
}

impl ItemFormat {
    /// File extension without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        }
    }
}

/// The opinions of a theme, read and written page by page: memory use does not grow with their number.
#[derive(Debug)]
pub struct ItemExport {
    db: DatabaseConnection,
    consultation: i64,
    format: ItemFormat,
    dispositions: DispositionSet,
    /// 「2-1」 by row.
    names: HashMap<i64, String>,
    after: After,
    step: Step,
    written: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Head,
    Items,
    Done,
}

/// Begins an export of all opinions of a theme, and notes who did it; also gives the theme's address for a file name.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn items(ctx: &Ctx, id: i64, format: ItemFormat) -> Result<(ItemExport, String)> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let tx = ctx.write().await?;
    let detail = json!({ "format": format.extension() });
    audit::record(&tx, ctx, "items.export", ("consultation", id), detail).await?;
    tx.commit().await?;
    let export = ItemExport {
        db: ctx.db().clone(),
        consultation: id,
        format,
        names: names(&repository::export::rows(ctx.db(), id).await?),
        dispositions: theme.dispositions,
        after: (String::new(), 0, 0),
        step: Step::Head,
        written: false,
    };
    Ok((export, theme.row.slug))
}

/// The numbers of rows as they would be published: chapters without rows have no number.
fn names(rows: &[(i64, i64)]) -> HashMap<i64, String> {
    let (mut chapter, mut number, mut last) = (0, 0, None);
    rows.iter()
        .map(|(row, of)| {
            if last != Some(*of) {
                (chapter, number, last) = (chapter + 1, 0, Some(*of));
            }
            number += 1;
            (*row, format!("{chapter}-{number}"))
        })
        .collect()
}

/// One record. The codes stay the same in every version; keys are only ever added.
#[derive(Debug, Serialize)]
struct Record {
    receipt_number: String,
    channel: String,
    received_on: String,
    status: &'static str,
    item: i64,
    text: String,
    anchor: Option<String>,
    page: Option<i64>,
    row: Option<String>,
    repeated_in: Vec<String>,
    out_of_scope: Option<String>,
    disposition: Option<String>,
    disposition_label: Option<String>,
    ward_view_id: Option<i64>,
    answer: Option<String>,
    answer_state: Option<String>,
}

impl ItemExport {
    /// The next piece of the file; none after the last.
    ///
    /// # Errors
    /// When the database goes away in between.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        match self.step {
            Step::Head => {
                self.step = Step::Items;
                Ok(Some(self.head()?.into()))
            }
            Step::Items => {
                let items = repository::export::items(&self.db, self.consultation, &self.after, SUBMISSIONS).await?;
                let Some(last) = items.last() else {
                    self.step = Step::Done;
                    return Ok((self.format == ItemFormat::Json).then(|| Bytes::from_static(b"\n]\n")));
                };
                self.after = (last.received_on.clone(), last.created_at, last.proposal_id);
                let ids = items.iter().map(|item| item.id).collect();
                let places = repository::export::places(&self.db, ids).await?;
                Ok(Some(self.write(items, places)?.into()))
            }
            Step::Done => Ok(None),
        }
    }

    fn head(&self) -> anyhow::Result<Vec<u8>> {
        match self.format {
            ItemFormat::Json => Ok(b"[".to_vec()),
            ItemFormat::Csv => {
                let mut bytes = BOM.as_bytes().to_vec();
                let mut writer = writer(&mut bytes);
                writer.write_record(item_headings(Locale::Ja))?;
                writer.flush()?;
                drop(writer);
                Ok(bytes)
            }
        }
    }

    fn write(&mut self, items: Vec<Item>, places: Vec<Place>) -> anyhow::Result<Vec<u8>> {
        let mut of_item: HashMap<i64, VecDeque<Place>> = HashMap::with_capacity(items.len());
        for place in places {
            of_item.entry(place.opinion_item_id).or_default().push_back(place);
        }
        let mut bytes = Vec::new();
        for item in items {
            let places = of_item.remove(&item.id).unwrap_or_default();
            let record = self.record(item, places);
            match self.format {
                ItemFormat::Csv => {
                    let mut writer = writer(&mut bytes);
                    writer.write_record(Self::cells(record))?;
                    writer.flush()?;
                }
                ItemFormat::Json => {
                    bytes.write_all(if self.written { b",\n" } else { b"\n" })?;
                    serde_json::to_writer(&mut bytes, &record)?;
                }
            }
            self.written = true;
        }
        Ok(bytes)
    }

    /// An item with its rows: the one that counts it, and those that repeat it.
    fn record(&self, item: Item, places: VecDeque<Place>) -> Record {
        let (counted, repeated): (Vec<Place>, Vec<Place>) = places.into_iter().partition(|place| place.again == 0);
        let name = |place: &Place| self.names.get(&place.summary_id).cloned();
        let repeated_in = repeated.iter().filter_map(name).collect();
        let counted = counted.into_iter().next();
        let row = counted.as_ref().and_then(name);
        // Of an opinion that is only repeated, the first row's answer is the one it has.
        let answered = counted.or_else(|| repeated.into_iter().next()).filter(|place| place.ward_view_id.is_some());
        let state = ProposalState::from_code(&item.state).unwrap_or(ProposalState::Hidden);
        let disposition = answered.as_ref().and_then(|place| place.disposition.clone());
        Record {
            receipt_number: item.receipt_number,
            channel: item.channel,
            received_on: item.received_on,
            status: IntakeState::from_code(&item.intake).unwrap_or_default().status(state),
            item: item.number,
            text: item.text,
            anchor: item.anchor,
            page: item.page,
            row,
            repeated_in,
            out_of_scope: item.out_of_scope,
            disposition_label: disposition
                .as_deref()
                .and_then(|code| self.dispositions.find(code))
                .map(|used| used.label.clone()),
            disposition,
            ward_view_id: answered.as_ref().and_then(|place| place.ward_view_id),
            answer_state: answered.as_ref().and_then(|place| place.state.clone()),
            answer: answered.and_then(|place| place.answer),
        }
    }

    /// The record as cells of one line each, which no spreadsheet runs as formulas.
    fn cells(record: Record) -> [String; ITEM_COLUMNS] {
        let channel = Channel::from_code(&record.channel).unwrap_or_default();
        [
            record.receipt_number,
            record.channel,
            channel.official_label().to_owned(),
            record.received_on,
            record.status.to_owned(),
            status(Locale::Ja, record.status),
            record.item.to_string(),
            record.text,
            record.anchor.unwrap_or_default(),
            record.page.map(|page| page.to_string()).unwrap_or_default(),
            record.row.unwrap_or_default(),
            record.repeated_in.join(" "),
            record.out_of_scope.unwrap_or_default(),
            record.disposition.unwrap_or_default(),
            record.disposition_label.unwrap_or_default(),
            record.ward_view_id.map(|id| id.to_string()).unwrap_or_default(),
            record.answer.unwrap_or_default(),
            record.answer_state.unwrap_or_default(),
        ]
        .map(|cell| guarded(clean::one_line(&cell)))
    }
}

fn writer(bytes: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_they_are_published() {
        let names = names(&[(5, 1), (3, 1), (9, 4), (1, 2)]);
        let of = |id: i64| names.get(&id).map(String::as_str);
        assert_eq!([of(5), of(3), of(9), of(1)], [Some("1-1"), Some("1-2"), Some("2-1"), Some("3-1")]);
    }
}
