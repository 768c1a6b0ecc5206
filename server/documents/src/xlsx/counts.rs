//! The sheet 「件数」: every count in long form (機械可読性ルール L3-09), one number per row, its unit in its own column.

use super::{COUNTS_SHEET, fit_cell, page_setup, style::Style};
use crate::{clean, model::ResponseTable};
use rust_xlsxwriter::{Worksheet, XlsxError};

const HEADERS: [&str; 5] = ["軸", "区分コード", "区分名", "値", "単位"];
const WIDTHS: [u16; HEADERS.len()] = [22, 16, 48, 10, 8];
const PEOPLE: &str = "名";
const OPINIONS: &str = "件";

struct Line {
    axis: &'static str,
    code: String,
    label: String,
    value: u64,
    unit: &'static str,
}

pub(super) fn write(sheet: &mut Worksheet, table: &ResponseTable, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(COUNTS_SHEET)?;
    for ((column, header), width) in (0..).zip(HEADERS).zip(WIDTHS) {
        sheet.write_string_with_format(0, column, header, &style.header)?;
        sheet.set_column_width(column, width)?;
    }
    let mut last_row = 0;
    for (row, line) in (1..).zip(lines(table)) {
        for (column, text) in [(0, line.axis), (1, &line.code), (2, &line.label), (4, line.unit)] {
            let text = clean::data(text);
            if !text.is_empty() {
                sheet.write_string_with_format(row, column, fit_cell(text), &style.flat_text)?;
            }
        }
        // Sums of 32-bit counts may in theory be larger than one; no ward has four billion opinions.
        let value = u32::try_from(line.value).unwrap_or(u32::MAX);
        sheet.write_number_with_format(row, 3, value, &style.flat_number)?;
        last_row = row;
    }
    sheet.autofilter(0, 0, last_row, 4)?;
    page_setup(sheet, Some(0), false)
}

fn lines(table: &ResponseTable) -> Vec<Line> {
    let total = |axis, value, unit| Line { axis, code: String::new(), label: "合計".to_owned(), value, unit };
    let mut lines = vec![
        total("提出者数", u64::from(table.submitters), PEOPLE),
        total("意見件数", u64::from(table.opinions), OPINIONS),
    ];
    for channel in &table.by_channel {
        let line = |axis, value: u32, unit| Line {
            axis,
            code: channel.code.clone(),
            label: channel.label.clone(),
            value: u64::from(value),
            unit,
        };
        lines.push(line("経路別提出者数", channel.submitters, PEOPLE));
        lines.push(line("経路別意見件数", channel.opinions, OPINIONS));
    }
    for (axis, counts) in
        [("対応区分別意見件数", table.opinions_by_disposition()), ("章別意見件数", table.opinions_by_chapter())]
    {
        lines.extend(counts.into_iter().map(|count| Line {
            axis,
            code: count.code,
            label: count.label,
            value: count.opinions,
            unit: OPINIONS,
        }));
    }
    lines.extend(table.out_of_scope.iter().map(|outside| Line {
        axis: "対象外の意見件数",
        code: String::new(),
        label: outside.reason.clone(),
        value: u64::from(outside.opinions),
        unit: OPINIONS,
    }));
    lines
}
