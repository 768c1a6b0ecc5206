//! The sheet 「集計」: the tables of counts as they are printed.

use super::{
    TOTALS_SHEET, fit_cell,
    measure::{lines, points},
    page_setup,
    style::Style,
};
use crate::{clean, printed::Counts};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Column widths in digits: label and numbers.
const LABEL: u32 = 64;
const NUMBER: u32 = 18;

pub(super) fn write(sheet: &mut Worksheet, tables: &[Counts], style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(TOTALS_SHEET)?.set_column_width(0, LABEL)?.set_column_range_width(1, 2, NUMBER)?;
    let mut row = 0;
    for counts in tables {
        sheet.write_string_with_format(row, 0, clean::one_line(&counts.title), &style.total_title)?;
        row += 1;
        for (column, heading) in (0..).zip(&counts.headings) {
            sheet.write_string_with_format(row, column, clean::one_line(heading), &style.header)?;
        }
        row += 1;
        for (label, numbers) in &counts.rows {
            let label = fit_cell(clean::one_line(label));
            sheet.set_row_height(row, points(lines(&label, LABEL)))?;
            sheet.write_string_with_format(row, 0, label, &style.text)?;
            for (column, number) in (1..).zip(numbers) {
                let number = u32::try_from(*number).unwrap_or(u32::MAX);
                sheet.write_number_with_format(row, column, number, &style.total)?;
            }
            row += 1;
        }
        row += 1;
    }
    page_setup(sheet, None, true)
}
