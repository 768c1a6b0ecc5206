//! The sheets 「修正箇所」, 「今後の取組」 and 「正誤」: one table each, wrapped, without merged cells.

use super::{
    fit_cell,
    measure::{lines, points},
    page_setup,
    style::Style,
};
use crate::{
    clean,
    printed::{Annex, AnnexKind},
};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Column widths in digits.
const fn widths(kind: AnnexKind) -> &'static [u32] {
    match kind {
        AnnexKind::PlanChanges => &[22, 40, 40, 30, 16],
        AnnexKind::Commitments => &[74, 24, 26, 24],
        AnnexKind::Corrections => &[8, 20, 50, 70],
    }
}

pub(super) fn write(sheet: &mut Worksheet, annex: &Annex, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(annex.title)?;
    let widths = widths(annex.kind);
    for ((column, heading), width) in (0..).zip(&annex.headings).zip(widths) {
        sheet.write_string_with_format(0, column, *heading, &style.header)?;
        sheet.set_column_width(column, *width)?;
    }
    for (row, texts) in (1..).zip(&annex.rows) {
        let mut tallest = 1;
        for ((column, text), width) in (0..).zip(texts).zip(widths) {
            let text = fit_cell(clean::text(text));
            tallest = tallest.max(lines(&text, *width));
            sheet.write_string_with_format(row, column, text, &style.text)?;
        }
        sheet.set_row_height(row, points(tallest))?;
    }
    page_setup(sheet, Some(0), false)
}
