//! TXT: the text to be read aloud (音声読み上げ版), as wards publish it beside the PDF.
//!
//! UTF-8 with BOM and CRLF. What the table shows side by side stands one after the other: 番号, ご意見, 区の考え方. Words
//! instead of signs: 「対応区分：反映」, 「2月1日（土曜日）から」, no lines drawn with characters.

use crate::{
    DocumentError, ResponseTable, clean,
    model::NO_OPINIONS,
    printed::{Annex, Block, Counts, Group, Printed, PrintedRow, spans},
    wording,
};
use chrono::NaiveDate;
use domain::{
    layout::{ColumnKind, Grouping},
    wareki,
};
use std::io::Write;

/// Tells programs on Windows that a text is UTF-8.
pub(crate) const BOM: &str = "\u{FEFF}";
/// Read out where a cell is empty, so that nobody wonders whether something was skipped.
const EMPTY: &str = "（記載なし）";
/// As many numbers in sequence are named by the first and the last.
const SEQUENCE: usize = 3;

/// Writes the text to `target`.
///
/// # Errors
/// [`DocumentError::Io`] when `target` cannot be written to.
pub fn write(table: &ResponseTable, mut target: impl Write) -> Result<(), DocumentError> {
    target.write_all(BOM.as_bytes())?;
    target.write_all(text(table).replace('\n', "\r\n").as_bytes())?;
    Ok(())
}

/// The text with `\n`, without BOM.
#[must_use]
pub fn text(table: &ResponseTable) -> String {
    let printed = table.printed();
    let mut reader = Reader { table, printed: &printed, text: String::new() };
    reader.cover();
    printed.counts.iter().for_each(|counts| reader.counts(counts));
    reader.sections();
    printed.annexes.iter().for_each(|annex| reader.annex(annex));
    reader.text
}

/// A day in words: 「令和7年2月1日（土曜日）」.
pub(crate) fn spoken_day(day: NaiveDate) -> String {
    wareki::long(day).replace('）', "曜日）")
}

/// A period in words: 「令和7年2月1日（土曜日）から2月28日（金曜日）まで」.
pub(crate) fn spoken_period(from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        return spoken_day(from);
    }
    format!("{}まで", wareki::period(from, to).replace('～', "から").replace('）', "曜日）"))
}

struct Reader<'a> {
    table: &'a ResponseTable,
    printed: &'a Printed,
    text: String,
}

impl<'a> Reader<'a> {
    /// One paragraph. Line ends at its end are left out: they would be read as a pause.
    fn line(&mut self, line: &str) {
        self.text.push_str(clean::text(line).trim_end_matches('\n'));
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    fn field(&mut self, label: &str, value: &str) {
        let value = clean::text(value);
        let value = value.trim_end_matches('\n');
        self.line(&format!("{label}：{}", if value.trim().is_empty() { EMPTY } else { value }));
    }

    fn cover(&mut self) {
        let (table, printed) = (self.table, self.printed);
        self.line(&clean::one_line(&printed.title));
        let publisher = wording::publisher(table);
        if !publisher.is_empty() {
            self.line(&publisher);
        }
        self.gap();
        let period = wareki::period(table.opens_on, table.closes_on);
        let day = wareki::long(table.published_on());
        for (heading, value) in &printed.cover {
            let value = match value {
                value if *value == period => spoken_period(table.opens_on, table.closes_on),
                value if *value == day => spoken_day(table.published_on()),
                value => value.clone(),
            };
            self.field(heading, &value);
        }
        if !printed.notes.is_empty() {
            self.gap();
        }
        for note in &printed.notes {
            self.line(&format!("注：{}", note.trim_start_matches(['※', '　', ' '])));
        }
        if !printed.legend.is_empty() {
            self.gap();
            self.line(&format!("{}の説明", self.disposition_heading()));
        }
        for ((_, words), disposition) in printed.legend.iter().zip(&table.dispositions) {
            if *words == disposition.label { self.line(words) } else { self.field(&disposition.label, words) }
        }
    }

    fn counts(&mut self, counts: &Counts) {
        self.gap();
        self.line(&clean::one_line(&counts.title));
        for (label, values) in &counts.rows {
            let alone = values.len() == 1;
            let values: Vec<String> = counts
                .headings
                .iter()
                .skip(1)
                .zip(values)
                .map(|(heading, value)| {
                    let (name, unit) = name_and_unit(heading);
                    if alone { format!("{value}{unit}") } else { format!("{name}{value}{unit}") }
                })
                .collect();
            let label = self.table.dispositions.iter().find(|d| d.printed() == *label).map_or(label, |d| &d.label);
            self.field(label, &values.join("、"));
        }
    }

    fn sections(&mut self) {
        let printed = self.printed;
        self.gap();
        self.line(&clean::one_line(&wording::result(&self.table.layout)));
        if let Some(nothing) = printed.nothing {
            self.line(nothing);
            return;
        }
        for section in &printed.sections {
            if let Some(heading) = &section.heading {
                self.gap();
                self.line(&clean::one_line(heading));
            }
            if section.blocks.is_empty() {
                self.line(NO_OPINIONS);
            }
            for block in &section.blocks {
                self.gap();
                match block {
                    Block::Line { text, .. } => self.line(&clean::one_line(text)),
                    Block::Group(group) => self.group(group),
                }
            }
        }
    }

    /// All opinions with their numbers, then the answer once.
    fn group(&mut self, group: &Group) {
        for (position, row) in group.rows.iter().enumerate() {
            if position > 0 {
                self.gap();
            }
            self.row(row);
        }
        if group.rows.len() > 1 {
            self.gap();
        }
        self.answer(group);
    }

    fn row(&mut self, row: &PrintedRow) {
        self.line(&number(&row.number));
        let printed = self.printed;
        let columns = printed.columns.iter().filter(|(kind, _)| !spans(*kind));
        for ((kind, heading), value) in columns.zip(&row.cells) {
            match kind {
                ColumnKind::Number => {}
                ColumnKind::People => self.field(heading, &format!("{value}人")),
                ColumnKind::Count => self.field(heading, &format!("{value}件")),
                _ => self.field(heading, value),
            }
        }
    }

    fn answer(&mut self, group: &Group) {
        let printed = self.printed;
        let numbers: Vec<&str> = group.rows.iter().map(|row| row.number.as_str()).collect();
        let shared = if numbers.len() > 1 { format!("（{}に共通）", together(&numbers)) } else { String::new() };
        let disposition = group.disposition.as_deref();
        let disposition = self.table.dispositions.iter().find(|d| Some(d.code.as_str()) == disposition);
        let layout = &self.table.layout;
        let told = layout.has(ColumnKind::Disposition) || layout.grouping == Grouping::Dispositions;
        let columns = printed.columns.iter().filter(|(kind, _)| spans(*kind));
        for ((kind, heading), value) in columns.zip(&group.shared) {
            match (kind, disposition) {
                (ColumnKind::Disposition, Some(disposition)) => self.field(heading, &disposition.label),
                (ColumnKind::Answer, Some(disposition)) => {
                    let sign = format!("【{}】", disposition.printed());
                    let words = value.strip_prefix(&sign).filter(|_| !told);
                    let words = words.map(|words| words.strip_prefix('\n').unwrap_or(words));
                    self.field(&format!("{heading}{shared}"), words.unwrap_or(value));
                    if words.is_some() {
                        self.field(self.disposition_heading(), &disposition.label);
                    }
                }
                (ColumnKind::Answer, None) => self.field(&format!("{heading}{shared}"), value),
                (ColumnKind::Reason | ColumnKind::Department, _) if value.is_empty() => {}
                _ => self.field(heading, value),
            }
        }
    }

    fn disposition_heading(&self) -> &'a str {
        self.table.layout.heading(ColumnKind::Disposition).unwrap_or("対応区分")
    }

    /// One row after the other, each value after its heading.
    fn annex(&mut self, annex: &Annex) {
        self.gap();
        self.line(annex.title);
        let names = wording::names_column(annex, &self.table.layout);
        for (position, row) in (1_usize..).zip(&annex.rows) {
            self.gap();
            self.line(&format!("{}{position}", annex.title));
            for (column, (heading, value)) in annex.headings.iter().zip(row).enumerate() {
                match value {
                    value if value.is_empty() => {}
                    value if names == Some(column) => {
                        let numbers: Vec<String> = value.split('、').map(number).collect();
                        self.field(heading, &numbers.join("、"));
                    }
                    value => self.field(heading, value),
                }
            }
        }
    }
}

/// 「番号1」 for 「1」 and 「No.1」; 「番号2の1」 where the number has two parts, because a hyphen is not read.
fn number(name: &str) -> String {
    format!("番号{}", name.trim_start_matches("No.").replace('-', "の"))
}

/// 「番号1、2」, and 「番号1から4まで」 for numbers in sequence.
fn together(numbers: &[&str]) -> String {
    let values: Vec<Option<u64>> = numbers.iter().map(|number| number.parse().ok()).collect();
    let follows = values.windows(2).all(|pair| match pair {
        [Some(one), Some(next)] => one.checked_add(1) == Some(*next),
        _ => false,
    });
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) if follows && numbers.len() >= SEQUENCE => format!("番号{first}から{last}まで"),
        _ => number(&numbers.join("、")),
    }
}

/// 「人数」 and 「人」 of a heading 「人数（人）」.
fn name_and_unit(heading: &str) -> (&str, &str) {
    heading.strip_suffix('）').and_then(|rest| rest.rsplit_once('（')).unwrap_or((heading, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_read_as_words() -> Result<(), chrono::ParseError> {
        let (from, to) = ("2025-02-01".parse()?, "2025-02-28".parse()?);
        assert_eq!(spoken_period(from, to), "令和7年2月1日（土曜日）から2月28日（金曜日）まで");
        assert_eq!(spoken_period(from, from), "令和7年2月1日（土曜日）");
        assert_eq!(number("2-1"), "番号2の1");
        assert_eq!(name_and_unit("人数（人）"), ("人数", "人"));
        assert_eq!(name_and_unit("項目"), ("項目", ""));
        Ok(())
    }

    #[test]
    fn numbers_in_sequence_are_shortened() {
        assert_eq!(together(&["1", "2"]), "番号1、2");
        assert_eq!(together(&["3", "4", "5"]), "番号3から5まで");
        assert_eq!(together(&["1", "3", "4"]), "番号1、3、4");
        assert_eq!(together(&["1-1", "1-2", "1-3"]), "番号1の1、1の2、1の3");
    }
}
