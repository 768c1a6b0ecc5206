//! The table without merged cells: one opinion per record, every value repeated. Shared by CSV and the データ sheet.
//!
//! The first three columns are those of
//! 自治体標準オープンデータセット; the answer is repeated with its id instead of being merged (機械可読性ルール L1-12), dates are
//! ISO (L3-05), numbers carry no unit (L2-01), and no column ever disappears (L3-07).

use crate::{clean, model::FlatRow, model::ResponseTable};

/// Header row of the flat table.
pub const HEADERS: [&str; 16] = [
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "案件ID",
    "案件名",
    "版",
    "章番号",
    "章名",
    "No",
    "ご意見（要旨）",
    "同趣旨件数",
    "対応区分コード",
    "対応区分名",
    "考え方ID",
    "区の考え方",
    "公表日",
];

/// One value of a flat record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Cleaned text on one line. Ids are text too: they are names, and spreadsheets round long numbers.
    Text(String),
    /// A quantity or a position.
    Number(u32),
}

/// The values of one row under [`HEADERS`].
pub(crate) fn record(table: &ResponseTable, flat: &FlatRow<'_>) -> [Cell; HEADERS.len()] {
    let text = |s: &str| Cell::Text(clean::one_line(s));
    let disposition = table.disposition_of(flat.group);
    [
        text(&table.ward.code),
        text(&table.row_id(flat.row)),
        text(&table.ward.name),
        Cell::Text(table.consultation.id.to_string()),
        text(&table.consultation.title),
        Cell::Number(table.version),
        Cell::Number(u32::try_from(flat.chapter_index.saturating_add(1)).unwrap_or(u32::MAX)),
        text(&flat.chapter.title),
        Cell::Number(flat.row.number),
        text(&flat.row.text),
        Cell::Number(flat.row.same_count),
        text(disposition.map_or("", |d| &d.code)),
        text(disposition.map_or("", |d| &d.label)),
        Cell::Text(flat.group.ward_view_id.to_string()),
        text(&flat.group.answer),
        Cell::Text(table.published_on().to_string()),
    ]
}
