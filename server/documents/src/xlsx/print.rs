//! The sheet 「区の考え方」: cover block, then one table with a line per chapter; one answer spans the rows it answers.

use super::{
    PRINT_SHEET, fit_cell,
    measure::{lines, physical_rows, points},
    page_setup,
    style::Style,
};
use crate::{
    clean,
    model::{AnswerGroup, Chapter, NO_OPINIONS, ResponseTable, chapter_heading},
};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

const NUMBER: u16 = 0;
const OPINION: u16 = 1;
const ANSWER: u16 = 2;
const DISPOSITION: u16 = 3;

/// Column widths in digits: number, opinion, answer, 対応区分.
#[derive(Clone, Copy)]
struct Widths {
    number: u32,
    text: u32,
    disposition: Option<u32>,
}

impl Widths {
    const fn of(table: &ResponseTable) -> Self {
        if table.dispositions.is_empty() {
            Self { number: 5, text: 64, disposition: None }
        } else {
            Self { number: 5, text: 57, disposition: Some(14) }
        }
    }

    const fn last_column(self) -> u16 {
        if self.disposition.is_some() { DISPOSITION } else { ANSWER }
    }

    fn total(self) -> u32 {
        self.number + 2 * self.text + self.disposition.unwrap_or(0)
    }
}

pub(super) fn write(sheet: &mut Worksheet, table: &ResponseTable, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(PRINT_SHEET)?;
    let mut printer = Printer { sheet, table, style, widths: Widths::of(table), row: 0 };
    printer.columns()?;
    printer.cover()?;
    let header_row = printer.row;
    printer.header()?;
    if table.chapters.is_empty() {
        printer.band(NO_OPINIONS, &style.text, 1)?;
    }
    for (index, chapter) in table.chapters.iter().enumerate() {
        printer.chapter(index, chapter)?;
    }
    let (last_row, last_column) = (printer.row.saturating_sub(1), printer.widths.last_column());
    sheet.set_print_area(0, 0, last_row, last_column)?;
    page_setup(sheet, header_row)
}

struct Printer<'a> {
    sheet: &'a mut Worksheet,
    table: &'a ResponseTable,
    style: &'a Style,
    widths: Widths,
    /// The next free row.
    row: u32,
}

impl Printer<'_> {
    fn columns(&mut self) -> Result<(), XlsxError> {
        self.sheet
            .set_column_width(NUMBER, self.widths.number)?
            .set_column_width(OPINION, self.widths.text)?
            .set_column_width(ANSWER, self.widths.text)?;
        if let Some(width) = self.widths.disposition {
            self.sheet.set_column_width(DISPOSITION, width)?;
        }
        Ok(())
    }

    fn cover(&mut self) -> Result<(), XlsxError> {
        let (table, style) = (self.table, self.style);
        // The title is set in 14 pt: half as many characters in a line, and two lines' height for each.
        self.band(&table.title(), &style.title, 2)?;
        let ward = &table.ward.name;
        let publisher = format!("{ward}　{}　第{}版", table.consultation.department, table.version);
        self.band(&publisher, &style.publisher, 1)?;
        for (label, value) in table.cover_lines() {
            self.band(&format!("{label}：{value}"), &style.cover, 1)?;
        }
        if let Some(note) = table.summary_note() {
            self.band(note, &style.cover, 1)?;
        }
        Ok(())
    }

    fn header(&mut self) -> Result<(), XlsxError> {
        let names = ["No.", "ご意見（要旨）", "区の考え方", "対応区分"];
        for (column, name) in (0..=self.widths.last_column()).zip(names) {
            self.sheet.write_string_with_format(self.row, column, name, &self.style.header)?;
        }
        self.sheet.set_row_height(self.row, points(1))?;
        self.row += 1;
        Ok(())
    }

    fn chapter(&mut self, index: usize, chapter: &Chapter) -> Result<(), XlsxError> {
        self.band(&chapter_heading(index, chapter), &self.style.chapter, 1)?;
        if chapter.groups.iter().all(|group| group.rows.is_empty()) {
            self.band(NO_OPINIONS, &self.style.text, 1)?;
        }
        chapter.groups.iter().try_for_each(|group| self.group(group))
    }

    /// One answer and its rows. A row taller than Excel allows becomes several physical rows, merged.
    fn group(&mut self, group: &AnswerGroup) -> Result<(), XlsxError> {
        let Ok(count @ 1..) = u32::try_from(group.rows.len()) else { return Ok(()) };
        let answer = fit_cell(clean::text(&group.answer));
        let opinions: Vec<String> = group.rows.iter().map(|row| fit_cell(clean::text(&row.printed_text()))).collect();
        let needed: Vec<u32> = opinions.iter().map(|text| lines(text, self.widths.text)).collect();
        let opinion_lines = needed.iter().copied().fold(0, u32::saturating_add);
        let missing = lines(&answer, self.widths.text).saturating_sub(opinion_lines).div_ceil(count);

        let first = self.row;
        for ((row, opinion), lines) in group.rows.iter().zip(&opinions).zip(needed) {
            let lines = lines.saturating_add(missing);
            let (top, height) = (self.row, physical_rows(lines));
            for _ in 0..height {
                self.sheet.set_row_height(self.row, points(lines.div_ceil(height)))?;
                self.row += 1;
            }
            self.block(top, height, NUMBER, "", &self.style.number)?;
            self.sheet.write_number_with_format(top, NUMBER, row.number, &self.style.number)?;
            self.block(top, height, OPINION, opinion, &self.style.text)?;
        }
        let height = self.row - first;
        self.block(first, height, ANSWER, &answer, &self.style.text)?;
        if self.widths.disposition.is_some() {
            let label = self.table.disposition_of(group).map_or_else(String::new, |d| clean::one_line(&d.printed()));
            self.block(first, height, DISPOSITION, &label, &self.style.label)?;
        }
        Ok(())
    }

    /// A cell `height` rows tall.
    fn block(&mut self, top: u32, height: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        if height > 1 {
            self.sheet.merge_range(top, column, top + height - 1, column, text, format)?;
        } else {
            self.sheet.write_string_with_format(top, column, text, format)?;
        }
        Ok(())
    }

    /// One row across the table. `scale` is 2 for text about twice as large.
    fn band(&mut self, text: &str, format: &Format, scale: u32) -> Result<(), XlsxError> {
        let text = fit_cell(clean::text(text));
        let needed = lines(&text, self.widths.total() / scale).saturating_mul(scale);
        self.sheet.merge_range(self.row, NUMBER, self.row, self.widths.last_column(), &text, format)?;
        self.sheet.set_row_height(self.row, points(needed))?;
        self.row += 1;
        Ok(())
    }
}
