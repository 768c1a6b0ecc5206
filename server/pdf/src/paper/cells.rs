//! The cells of the table itself.

use documents::{
    NO_OPINIONS,
    printed::{Block, Group, Printed, Section, Slot, is_numeric},
};
use domain::layout::ColumnKind;

use super::{Cell, Look};
use crate::{
    Glyphs,
    measure::{self, Page},
};

/// A column of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    kind: ColumnKind,
    slot: Slot,
    width: f64,
}

/// The columns with their widths on this page.
pub(super) fn columns(printed: &Printed, page: Page) -> Vec<Column> {
    let kinds: Vec<ColumnKind> = printed.columns.iter().map(|(kind, _)| *kind).collect();
    let numbers = printed.rows().map(|row| row.number.as_str());
    let longest = numbers.max_by_key(|number| number.chars().count()).unwrap_or_default();
    let widths = page.widths(&kinds, longest);
    let columns = kinds.into_iter().zip(printed.slots()).zip(widths);
    columns.map(|((kind, slot), width)| Column { kind, slot, width }).collect()
}

impl Column {
    pub(super) const fn width(self) -> f64 {
        self.width
    }

    fn height(self, text: &str) -> f64 {
        measure::height(text, self.width, measure::is_wide(self.kind))
    }

    fn cell(self, text: String) -> Cell {
        let look = if is_numeric(self.kind) {
            Look::Middle
        } else if measure::is_wide(self.kind) {
            Look::Text
        } else {
            Look::Short
        };
        Cell { h: self.kind == ColumnKind::Number, a: look, ..Cell::new(text) }
    }
}

/// All cells of a part, row by row.
pub(super) fn of(section: &Section, columns: &[Column], page: Page, glyphs: &Glyphs) -> Vec<Cell> {
    let mut cells = Vec::new();
    for block in &section.blocks {
        match block {
            // No title: it says that the chapter has no row.
            Block::Line { text, .. } if text == NO_OPINIONS => {
                cells.push(Cell { c: columns.len(), ..Cell::new(text.clone()) });
            }
            Block::Line { text, .. } => cells.push(Cell { a: Look::Line, ..Cell::new(glyphs.printable(text)) }),
            Block::Group(group) => group_cells(group, columns, page, glyphs, &mut cells),
        }
    }
    cells
}

/// The rows of one answer. Short ones stay together on a page; longer ones break wherever the page ends, because what
/// may not break and is higher than a page would be cut off.
fn group_cells(group: &Group, columns: &[Column], page: Page, glyphs: &Glyphs, cells: &mut Vec<Cell>) {
    let say = |column: &Column, row| glyphs.printable(group.text(column.slot, row).unwrap_or_default());
    let is_shared = |column: &&Column| matches!(column.slot, Slot::Shared(_));
    let first = cells.len();
    let (mut own, mut shared) = (0.0, 0.0_f64);
    for row in 0..group.rows.len() {
        let mut high = 0.0_f64;
        for column in columns.iter().filter(|column| row == 0 || !is_shared(column)) {
            let text = say(column, row);
            let height = column.height(&text);
            let spans = is_shared(&column);
            let most = if spans { &mut shared } else { &mut high };
            *most = most.max(height);
            cells.push(Cell { r: if spans { group.rows.len() } else { 1 }, ..column.cell(text) });
        }
        own += high;
    }
    if shared.max(own) <= page.together {
        for cell in cells.iter_mut().skip(first) {
            cell.k = true;
        }
    }
}
