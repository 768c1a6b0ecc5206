//! The table without merged cells: one opinion per record, every value repeated. Shared by CSV and the データ sheet.
//!
//! The first three columns are those of
//! 自治体標準オープンデータセット; the answer is repeated with its id instead of being merged (機械可読性ルール L1-12), dates are
//! ISO (L3-05), numbers carry no unit (L2-01), 機種依存文字 are written out (L1-08), and no column ever disappears or moves
//! (L3-07): new ones come at the end.

use crate::{clean, model::FlatRow, model::ResponseTable, printed::prints_originals};

/// Header row of the flat table.
pub const HEADERS: [&str; 23] = [
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
    // Since version 2 of the columns.
    "再掲件数",
    "人数",
    "該当箇所",
    "対応の理由",
    "所管課",
    "原文",
    "URL",
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
    let text = |s: &str| Cell::Text(clean::data(s));
    let exact = |s: String| Cell::Text(clean::one_line(&s));
    let (row, group) = (flat.row, flat.group);
    let disposition = table.disposition_of(group);
    let originals = if prints_originals(&table.layout) { row.originals.join("\n") } else { String::new() };
    [
        exact(table.ward.code.clone()),
        exact(table.row_id(row)),
        text(&table.ward.name),
        Cell::Text(table.consultation.id.to_string()),
        text(&table.consultation.title),
        Cell::Number(table.version),
        Cell::Number(u32::try_from(flat.chapter_index.saturating_add(1)).unwrap_or(u32::MAX)),
        text(&flat.chapter.title),
        Cell::Number(row.number),
        text(&row.text),
        Cell::Number(row.same_count),
        exact(disposition.map(|d| d.code.clone()).unwrap_or_default()),
        text(disposition.map_or("", |d| &d.label)),
        Cell::Text(group.ward_view_id.to_string()),
        text(&group.answer),
        Cell::Text(table.published_on().to_string()),
        Cell::Number(row.again),
        // A row stands for somebody: 0 means that nobody counted, which is not the number 0 (L1-09).
        if row.people == 0 { Cell::Text(String::new()) } else { Cell::Number(row.people) },
        text(&row.place),
        text(group.reason.as_deref().unwrap_or_default()),
        text(group.department.as_deref().unwrap_or_default()),
        text(&originals),
        exact(table.row_url(row)),
    ]
}
