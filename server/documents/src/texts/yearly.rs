//! The yearly list of all themes (横浜市 年次一覧, 杉並区 年度別一覧), those without an opinion included.

use crate::{
    DocumentError, clean,
    txt::{BOM, spoken_day, spoken_period},
};
use ::csv::{Terminator, WriterBuilder};
use chrono::{Datelike, NaiveDate};
use domain::wareki;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, FontScheme, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};
use std::io::Write;

/// Header row of the yearly CSV and workbook.
pub const YEARLY_HEADERS: [&str; 12] = [
    "年度",
    "計画等の名称",
    "意見募集開始日",
    "意見募集終了日",
    "実施機関",
    "実施根拠",
    "意見提出者数",
    "意見数",
    "案の修正の有無",
    "結果公表日",
    "URL",
    "問い合わせ先",
];

/// Column widths of the workbook in digits, in the order of [`YEARLY_HEADERS`].
const WIDTHS: [u16; YEARLY_HEADERS.len()] = [7, 38, 13, 13, 18, 22, 9, 9, 9, 13, 36, 30];

const SHEET: &str = "意見募集の実施状況";
const FONT: &str = "游ゴシック";
/// ISO A4 in the workbook's page set-up.
const A4: u8 = 9;

/// All themes of one fiscal year, in the order in which they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Yearly {
    /// 年度: the Gregorian year in which it begins.
    pub year: i32,
    /// The themes.
    pub rows: Vec<YearlyRow>,
}

/// One theme of the yearly list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearlyRow {
    /// 計画等の名称.
    pub title: String,
    /// First day of the call (JST).
    pub opens_on: NaiveDate,
    /// Last day of the call (JST), included.
    pub closes_on: NaiveDate,
    /// 実施機関: the department.
    pub department: String,
    /// 実施根拠: the ward's rules or law; may be empty.
    pub basis: String,
    /// 意見提出者数.
    pub submitters: u32,
    /// 意見数.
    pub opinions: u32,
    /// 案の修正の有無; `None` while that is not decided.
    pub revised: Option<bool>,
    /// 結果公表日; `None` while the result is not out.
    pub result_on: Option<NaiveDate>,
    /// Absolute address of the result, or of the theme; may be empty.
    pub url: String,
    /// 問い合わせ先 on one line; may be empty.
    pub contact: String,
}

/// One value of a record.
enum Cell {
    Text(String),
    Number(i64),
    Day(Option<NaiveDate>),
}

impl Yearly {
    /// 「令和6年度　意見募集の実施状況」.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}　{SHEET}", wareki::fiscal_year_name(self.year))
    }

    /// The year in a sentence or two: how many themes, how much was sent in, averages per theme (those without an
    /// opinion included) and how many drafts were changed.
    #[must_use]
    pub fn yearly_sentence(&self) -> String {
        let (year, themes) = (wareki::fiscal_year_name(self.year), self.rows.len());
        if themes == 0 {
            return format!("{year}に意見募集を行った案件はありませんでした。");
        }
        let sum = |count: fn(&YearlyRow) -> u32| self.rows.iter().map(|row| u64::from(count(row))).sum::<u64>();
        let (people, opinions) = (sum(|row| row.submitters), sum(|row| row.opinions));
        let count = |wanted: fn(&YearlyRow) -> bool| self.rows.iter().filter(|row| wanted(row)).count();
        let silent = match count(|row| row.opinions == 0) {
            0 => String::new(),
            silent => format!("（意見のなかった{silent}案件を含みます）"),
        };
        let undecided = match count(|row| row.revised.is_none()) {
            0 => String::new(),
            undecided => format!("（{undecided}案件は検討中です）"),
        };
        let revised = count(|row| row.revised == Some(true));
        format!(
            "{year}は{themes}案件で意見募集を行い、延べ{people}人から{opinions}件の意見が提出されました。\
             1案件当たりの平均は{}人、{}件です{silent}。意見を受けて案を修正したのは{revised}案件です{undecided}。",
            average(people, themes),
            average(opinions, themes),
        )
    }

    /// Writes the list as CSV: UTF-8 with BOM, CRLF, one header row, ISO days, one record per physical line.
    ///
    /// # Errors
    /// [`DocumentError::Io`] or [`DocumentError::Csv`] when `target` cannot be written to.
    pub fn csv(&self, mut target: impl Write) -> Result<(), DocumentError> {
        target.write_all(BOM.as_bytes())?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(target);
        writer.write_record(YEARLY_HEADERS)?;
        for row in &self.rows {
            let record = self.record(row).map(|cell| match cell {
                Cell::Text(text) => guarded(text),
                Cell::Number(number) => number.to_string(),
                Cell::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
            });
            writer.write_record(record)?;
        }
        writer.flush()?;
        Ok(())
    }

    /// Builds the list as a workbook of one sheet: header row in view and on every page, A4 lying, days as days.
    ///
    /// # Errors
    /// [`DocumentError::Xlsx`] when a text is longer than a cell holds or a day lies outside the years 1900 to 9999.
    pub fn xlsx(&self) -> Result<Vec<u8>, DocumentError> {
        let base = Format::new()
            .set_font_name(FONT)
            .set_font_size(10)
            .set_font_scheme(FontScheme::None)
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        let mut workbook = Workbook::new();
        workbook.set_default_format(&base, 23, 64)?;
        let properties = DocProperties::new().set_title(self.title()).set_creation_datetime(
            &ExcelDateTime::from_timestamp(self.last_day().and_time(chrono::NaiveTime::MIN).and_utc().timestamp())?,
        );
        workbook.set_properties(&properties);
        self.sheet(workbook.add_worksheet(), &base.set_border(FormatBorder::Thin))?;
        Ok(workbook.save_to_buffer()?)
    }

    fn sheet(&self, sheet: &mut Worksheet, text: &Format) -> Result<(), DocumentError> {
        let header = text.clone().set_bold().set_background_color(0x00D9_D9D9).set_align(FormatAlign::Center);
        let (quoted, day) = (text.clone().set_quote_prefix(), text.clone().set_num_format("yyyy-mm-dd"));
        sheet.set_name(SHEET)?;
        for ((column, heading), width) in (0..).zip(YEARLY_HEADERS).zip(WIDTHS) {
            sheet.write_string_with_format(0, column, heading, &header)?.set_column_width(column, width)?;
        }
        let mut last_row = 0;
        for (position, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(self.record(row)) {
                match cell {
                    Cell::Text(value) if value.is_empty() => sheet.write_blank(position, column, text)?,
                    Cell::Text(value) => sheet.write_string_with_format(position, column, value, &quoted)?,
                    Cell::Number(value) => {
                        let value = f64::from(i32::try_from(value).unwrap_or(i32::MAX));
                        sheet.write_number_with_format(position, column, value, text)?
                    }
                    Cell::Day(None) => sheet.write_blank(position, column, text)?,
                    Cell::Day(Some(value)) => {
                        let month = u8::try_from(value.month()).unwrap_or(1);
                        let date = u8::try_from(value.day()).unwrap_or(1);
                        let value = ExcelDateTime::from_ymd(u16::try_from(value.year()).unwrap_or(0), month, date)?;
                        sheet.write_datetime_with_format(position, column, &value, &day)?
                    }
                };
            }
            last_row = position;
        }
        let last_column = u16::try_from(YEARLY_HEADERS.len() - 1).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, last_row, last_column)?;
        sheet
            .set_paper_size(A4)
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_header(format!("&C{}", self.title()))
            .set_footer("&C&P / &N")
            .set_repeat_rows(0, 0)?
            .set_freeze_panes(1, 0)?;
        Ok(())
    }

    /// The list as a text to be read aloud, with `\n`, without BOM.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines = vec![self.title(), String::new(), self.yearly_sentence()];
        for (position, row) in (1_usize..).zip(&self.rows) {
            let revised = match row.revised {
                Some(true) => "有",
                Some(false) => "無",
                None => "検討中",
            };
            let fields = [
                ("意見募集期間", spoken_period(row.opens_on, row.closes_on)),
                ("実施機関", clean::one_line(&row.department)),
                ("実施根拠", clean::one_line(&row.basis)),
                ("意見提出者数", format!("{}人", row.submitters)),
                ("意見数", format!("{}件", row.opinions)),
                ("案の修正の有無", revised.to_owned()),
                ("結果公表日", row.result_on.map_or_else(|| "未公表".to_owned(), spoken_day)),
                ("結果のページ", clean::one_line(&row.url)),
                ("問い合わせ先", clean::one_line(&row.contact)),
            ];
            lines.extend([String::new(), format!("{position}. {}", clean::one_line(&row.title))]);
            let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
            lines.extend(said.map(|(label, value)| format!("{label}：{value}")));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// Writes [`Self::text`] as a file: UTF-8 with BOM, CRLF.
    ///
    /// # Errors
    /// [`DocumentError::Io`] when `target` cannot be written to.
    pub fn txt(&self, mut target: impl Write) -> Result<(), DocumentError> {
        target.write_all(BOM.as_bytes())?;
        target.write_all(self.text().replace('\n', "\r\n").as_bytes())?;
        Ok(())
    }

    fn record(&self, row: &YearlyRow) -> [Cell; YEARLY_HEADERS.len()] {
        let text = |text: &str| Cell::Text(clean::one_line(text));
        [
            Cell::Number(i64::from(self.year)),
            text(&row.title),
            Cell::Day(Some(row.opens_on)),
            Cell::Day(Some(row.closes_on)),
            text(&row.department),
            text(&row.basis),
            Cell::Number(i64::from(row.submitters)),
            Cell::Number(i64::from(row.opinions)),
            text(row.revised.map_or("", |revised| if revised { "有" } else { "無" })),
            Cell::Day(row.result_on),
            text(&row.url),
            text(&row.contact),
        ]
    }

    /// The latest day of the list, for the workbook's creation time: equal lists give equal bytes.
    fn last_day(&self) -> NaiveDate {
        let days = self.rows.iter().map(|row| row.result_on.unwrap_or(row.closes_on));
        days.max().or_else(|| NaiveDate::from_ymd_opt(self.year, 4, 1)).unwrap_or_default()
    }
}

/// A text that a spreadsheet would run as a formula gets a leading `'`, as in the table's own CSV.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

/// `sum / count` with one decimal, rounded half up.
fn average(sum: u64, count: usize) -> String {
    let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
    let tenths = (sum.saturating_mul(20) + count) / (2 * count);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::average;

    #[test]
    fn averages_have_one_decimal() {
        for (sum, count, expected) in [(0, 3, "0.0"), (10, 4, "2.5"), (1, 3, "0.3"), (2, 3, "0.7"), (1, 20, "0.1")] {
            assert_eq!(average(sum, count), expected);
        }
        assert_eq!(average(7, 0), "7.0");
    }
}
