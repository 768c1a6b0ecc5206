//! The sheet 「コード」: every code that the workbook uses, with its words (機械可読性ルール L2-05).

use super::{CODES_SHEET, fit_cell, page_setup, style::Style};
use crate::{clean, model::ResponseTable};
use rust_xlsxwriter::{Worksheet, XlsxError};

const HEADERS: [&str; 4] = ["種別", "コード", "記号", "名称"];
const WIDTHS: [u16; HEADERS.len()] = [14, 18, 8, 40];

pub(super) fn write(sheet: &mut Worksheet, table: &ResponseTable, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(CODES_SHEET)?;
    for ((column, header), width) in (0..).zip(HEADERS).zip(WIDTHS) {
        sheet.write_string_with_format(0, column, header, &style.header)?;
        sheet.set_column_width(column, width)?;
    }
    let dispositions = table.dispositions.iter().map(|d| ["対応区分", &d.code, &d.mark, &d.label]);
    let channels = table.by_channel.iter().map(|c| ["経路", &c.code, "", &c.label]);
    let mut last_row = 0;
    for (row, record) in (1..).zip(dispositions.chain(channels)) {
        for (column, text) in (0..).zip(record) {
            let text = clean::data(text);
            if !text.is_empty() {
                sheet.write_string_with_format(row, column, fit_cell(text), &style.flat_text)?;
            }
        }
        last_row = row;
    }
    sheet.autofilter(0, 0, last_row, 3)?;
    page_setup(sheet, Some(0), false)
}
