//! XLSX: 「区の考え方」 to print, 「データ」 to reuse, 「件数」 with the counts, 「コード」 with the codes, and 「集計」, 「修正箇所」,
//! 「今後の取組」, 「正誤」 when there are such.
//!
//! Every text is written as a string cell with a quote prefix, so that no user text ever becomes a formula, not even
//! when somebody edits the cell.

mod annex;
mod codes;
mod counts;
mod data;
mod measure;
mod print;
mod style;
mod totals;
mod widths;

use crate::{DocumentError, clean, model::ResponseTable};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use style::Style;

/// Name of the sheet to print.
pub const PRINT_SHEET: &str = "区の考え方";
/// Name of the flat sheet, with the columns of [`crate::HEADERS`].
pub const DATA_SHEET: &str = "データ";
/// Name of the sheet with the counts.
pub const COUNTS_SHEET: &str = "件数";
/// Name of the sheet with the codes.
pub const CODES_SHEET: &str = "コード";
/// Name of the sheet with the printed tables of counts, when the layout has some.
pub const TOTALS_SHEET: &str = "集計";

/// What Excel accepts in one cell, in UTF-16 units.
const CELL_LIMIT: usize = 32_767;
/// Ends a text that had to be cut at [`CELL_LIMIT`].
const CUT: &str = "…（Excelの上限のため以下省略。全文はウェブページまたはCSVをご覧ください。）";

/// ISO A4 in the workbook's page set-up.
const A4: u8 = 9;

/// Builds the workbook. The creation time is the publication time, so equal tables give equal bytes.
///
/// # Errors
/// [`DocumentError::Xlsx`] when the table does not fit a sheet, or the publication lies outside the years 1900 to 9999.
pub fn write(table: &ResponseTable) -> Result<Vec<u8>, DocumentError> {
    let style = Style::new();
    let mut workbook = Workbook::new();
    workbook.set_default_format(&style.base, style::ROW_PIXELS, style::COLUMN_PIXELS)?;
    let created = ExcelDateTime::from_timestamp(table.published_at.div_euclid(1000))?;
    let properties = DocProperties::new()
        .set_title(clean::one_line(&table.title()))
        .set_author(clean::one_line(&table.ward.name))
        .set_company(clean::one_line(&table.ward.name))
        .set_creation_datetime(&created);
    workbook.set_properties(&properties);
    let printed = table.printed();
    print::write(workbook.add_worksheet(), table, &printed, &style)?;
    data::write(workbook.add_worksheet(), table, &style)?;
    counts::write(workbook.add_worksheet(), table, &style)?;
    codes::write(workbook.add_worksheet(), table, &style)?;
    if !printed.counts.is_empty() {
        totals::write(workbook.add_worksheet(), &printed.counts, &style)?;
    }
    for annex in &printed.annexes {
        annex::write(workbook.add_worksheet(), annex, &style)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// A4, one page wide, page numbers in the footer; `header_row`, when there is one for all, on every page and always in
/// view.
fn page_setup(sheet: &mut Worksheet, header_row: Option<u32>, portrait: bool) -> Result<(), XlsxError> {
    if portrait {
        sheet.set_portrait();
    } else {
        sheet.set_landscape();
    }
    sheet
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.5, 0.6, 0.3, 0.3)
        .set_footer("&C&P / &N");
    if let Some(row) = header_row {
        sheet.set_repeat_rows(row, row)?.set_freeze_panes(row.saturating_add(1), 0)?;
    }
    Ok(())
}

/// `text` within Excel's limit for one cell; what is cut off is announced in the cell.
fn fit_cell(text: String) -> String {
    if text.encode_utf16().count() <= CELL_LIMIT {
        return text;
    }
    let mut room = CELL_LIMIT - CUT.encode_utf16().count();
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    let mut cut: String = kept.collect();
    cut.push_str(CUT);
    cut
}

#[cfg(test)]
mod tests {
    use super::{CELL_LIMIT, CUT, fit_cell};

    #[test]
    fn long_text_is_cut_with_a_notice() {
        let exact = "字".repeat(CELL_LIMIT);
        assert_eq!(fit_cell(exact.clone()), exact);
        let cut = fit_cell("𠮷".repeat(CELL_LIMIT));
        assert!(cut.ends_with(CUT));
        assert!(cut.encode_utf16().count() <= CELL_LIMIT);
        assert!(cut.encode_utf16().count() >= CELL_LIMIT - 1);
    }
}
