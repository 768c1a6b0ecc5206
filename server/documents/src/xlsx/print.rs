//! The sheet 「区の考え方」: cover block, then one table with a line per part; an answer spans the rows it answers. The
//! tables of counts have a sheet of their own: above the table they would fill the frozen part of the window.

use super::{
    PRINT_SHEET, fit_cell,
    measure::{lines, physical_rows, points},
    page_setup,
    style::Style,
    widths::widths,
};
use crate::{
    clean,
    model::{NO_OPINIONS, ResponseTable},
    printed::{Block, Group, Printed, Section, Slot, is_numeric},
};
use domain::layout::ColumnKind;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// A column of the table.
struct Column {
    index: u16,
    kind: ColumnKind,
    slot: Slot,
    /// In digits.
    width: u32,
}

pub(super) fn write(
    sheet: &mut Worksheet,
    table: &ResponseTable,
    printed: &Printed,
    style: &Style,
) -> Result<(), XlsxError> {
    sheet.set_name(PRINT_SHEET)?;
    let widths = widths(&printed.columns, table.layout.portrait);
    let columns: Vec<Column> = (0..)
        .zip(printed.slots())
        .zip(&printed.columns)
        .zip(&widths)
        .map(|(((index, slot), (kind, _)), width)| Column { index, kind: *kind, slot, width: *width })
        .collect();
    for column in &columns {
        sheet.set_column_width(column.index, column.width)?;
    }
    let total = widths.iter().copied().fold(0, u32::saturating_add);
    let mut writer = Printer { sheet, style, columns, total, row: 0 };
    writer.cover(table, printed)?;
    let header_row = writer.row;
    writer.header(printed)?;
    if let Some(nothing) = printed.nothing {
        writer.band(nothing, &style.text, 1)?;
    }
    printed.sections.iter().try_for_each(|section| writer.section(section))?;
    let (last_row, last_column) = (writer.row.saturating_sub(1), writer.last_column());
    sheet.set_print_area(0, 0, last_row, last_column)?;
    page_setup(sheet, Some(header_row), table.layout.portrait)
}

struct Printer<'a> {
    sheet: &'a mut Worksheet,
    style: &'a Style,
    columns: Vec<Column>,
    /// Width of all columns together, in digits.
    total: u32,
    /// The next free row.
    row: u32,
}

impl Printer<'_> {
    fn last_column(&self) -> u16 {
        self.columns.last().map_or(0, |column| column.index)
    }

    fn cover(&mut self, table: &ResponseTable, printed: &Printed) -> Result<(), XlsxError> {
        let style = self.style;
        // The title is set in 14 pt: half as many characters in a line, and two lines' height for each.
        self.band(&printed.title, &style.title, 2)?;
        let (ward, department) = (&table.ward.name, &table.consultation.department);
        self.band(&format!("{ward}　{department}　第{}版", table.version), &style.publisher, 1)?;
        for (heading, value) in &printed.cover {
            self.band(&format!("{heading}：{value}"), &style.cover, 1)?;
        }
        for note in &printed.notes {
            self.band(note, &style.cover, 1)?;
        }
        if !printed.legend.is_empty() {
            let legend = printed.legend.iter().map(|(mark, words)| match mark.as_str() {
                "" => words.clone(),
                mark => format!("{mark} {words}"),
            });
            self.band(&format!("【凡例】{}", legend.collect::<Vec<_>>().join("　")), &style.cover, 1)?;
        }
        Ok(())
    }

    fn header(&mut self, printed: &Printed) -> Result<(), XlsxError> {
        let mut tallest = 1;
        for (column, (_, heading)) in self.columns.iter().zip(&printed.columns) {
            let heading = clean::text(heading);
            tallest = tallest.max(lines(&heading, column.width));
            self.sheet.write_string_with_format(self.row, column.index, heading, &self.style.header)?;
        }
        self.sheet.set_row_height(self.row, points(tallest))?;
        self.row += 1;
        Ok(())
    }

    fn section(&mut self, section: &Section) -> Result<(), XlsxError> {
        if let Some(heading) = &section.heading {
            self.band(heading, &self.style.chapter, 1)?;
        }
        if section.blocks.is_empty() {
            self.band(NO_OPINIONS, &self.style.text, 1)?;
        }
        section.blocks.iter().try_for_each(|block| match block {
            Block::Line { text, .. } if text == NO_OPINIONS => self.band(text, &self.style.text, 1),
            Block::Line { text, .. } => self.band(text, &self.style.chapter, 1),
            Block::Group(group) => self.group(group),
        })
    }

    /// One answer and its rows. A row taller than Excel allows becomes several physical rows, merged.
    fn group(&mut self, group: &Group) -> Result<(), XlsxError> {
        let Ok(count @ 1..) = u32::try_from(group.rows.len()) else { return Ok(()) };
        let needed: Vec<u32> = (0..group.rows.len()).map(|row| self.lines_of(group, row, is_own)).collect();
        let own = needed.iter().copied().fold(0, u32::saturating_add);
        let missing = self.lines_of(group, 0, is_shared).saturating_sub(own).div_ceil(count);

        let columns = std::mem::take(&mut self.columns);
        let first = self.row;
        for (index, lines) in needed.into_iter().enumerate() {
            let lines = lines.saturating_add(missing);
            let (top, height) = (self.row, physical_rows(lines));
            for _ in 0..height {
                self.sheet.set_row_height(self.row, points(lines.div_ceil(height)))?;
                self.row += 1;
            }
            for column in columns.iter().filter(|column| is_own(column.slot)) {
                self.block(top, height, column, group.text(column.slot, index).unwrap_or_default())?;
            }
        }
        let height = self.row - first;
        for column in columns.iter().filter(|column| is_shared(column.slot)) {
            self.block(first, height, column, group.text(column.slot, 0).unwrap_or_default())?;
        }
        self.columns = columns;
        Ok(())
    }

    /// Lines of the tallest text of one row among the columns of one kind.
    fn lines_of(&self, group: &Group, row: usize, of: fn(Slot) -> bool) -> u32 {
        let columns = self.columns.iter().filter(|column| of(column.slot));
        let lines =
            columns.map(|column| lines(&clean::text(group.text(column.slot, row).unwrap_or_default()), column.width));
        lines.max().unwrap_or(1)
    }

    /// A cell `height` rows tall.
    fn block(&mut self, top: u32, height: u32, column: &Column, text: &str) -> Result<(), XlsxError> {
        let style = self.style;
        let (index, text) = (column.index, fit_cell(clean::text(text)));
        let number = text.parse::<u32>().ok().filter(|_| is_numeric(column.kind));
        let format = match column.kind {
            _ if number.is_some() => &style.number,
            ColumnKind::Number | ColumnKind::Disposition => &style.label,
            _ => &style.text,
        };
        match number {
            Some(number) if height > 1 => {
                self.sheet.merge_range(top, index, top + height - 1, index, "", format)?;
                self.sheet.write_number_with_format(top, index, number, format)?;
            }
            Some(number) => {
                self.sheet.write_number_with_format(top, index, number, format)?;
            }
            None if height > 1 => {
                self.sheet.merge_range(top, index, top + height - 1, index, &text, format)?;
            }
            None => {
                self.sheet.write_string_with_format(top, index, text, format)?;
            }
        }
        Ok(())
    }

    /// One row across the table. `scale` is 2 for text about twice as large.
    fn band(&mut self, text: &str, format: &Format, scale: u32) -> Result<(), XlsxError> {
        let text = fit_cell(clean::text(text));
        let needed = lines(&text, self.total / scale).saturating_mul(scale);
        match self.last_column() {
            0 => self.sheet.write_string_with_format(self.row, 0, text, format)?,
            last => self.sheet.merge_range(self.row, 0, self.row, last, &text, format)?,
        };
        self.sheet.set_row_height(self.row, points(needed))?;
        self.row += 1;
        Ok(())
    }
}

const fn is_own(slot: Slot) -> bool {
    matches!(slot, Slot::Own(_))
}

const fn is_shared(slot: Slot) -> bool {
    matches!(slot, Slot::Shared(_))
}
