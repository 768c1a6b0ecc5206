//! The sheet 「データ」: the flat table of the CSV, without merged cells.

use super::{DATA_SHEET, fit_cell, page_setup, style::Style};
use crate::{
    flat::{self, Cell, HEADERS},
    model::ResponseTable,
};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Column widths in digits, in the order of [`HEADERS`].
const WIDTHS: [u16; HEADERS.len()] =
    [14, 20, 12, 8, 30, 6, 8, 24, 6, 60, 10, 14, 14, 10, 60, 12, 10, 8, 20, 40, 16, 60, 40];

pub(super) fn write(sheet: &mut Worksheet, table: &ResponseTable, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(DATA_SHEET)?;
    for ((column, header), width) in (0..).zip(HEADERS).zip(WIDTHS) {
        sheet.write_string_with_format(0, column, header, &style.header)?;
        sheet.set_column_width(column, width)?;
    }
    let mut last_row = 0;
    for (row, flat) in (1..).zip(table.rows()) {
        for (column, cell) in (0..).zip(flat::record(table, &flat)) {
            match cell {
                // An unwritten cell, not an empty text: filters then show it as blank.
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, column, fit_cell(text), &style.flat_text)?;
                }
                Cell::Number(number) => {
                    sheet.write_number_with_format(row, column, number, &style.flat_number)?;
                }
            }
        }
        last_row = row;
    }
    let last_column = u16::try_from(HEADERS.len() - 1).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    page_setup(sheet, Some(0), false)
}
