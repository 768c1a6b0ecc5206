//! The short texts and the yearly list.

use super::fixture::{self, TestResult};
use super::seed;
use calamine::{Data, Reader, Xlsx};
use documents::{
    NO_OPINIONS, ResponseTable,
    texts::{self, YEARLY_HEADERS, Yearly, YearlyRow},
};
use std::io::{Cursor, Read};

fn year() -> TestResult<Yearly> {
    let dx = seed::table()?;
    let row = |title: &str, opens: &str, closes: &str| -> TestResult<YearlyRow> {
        Ok(YearlyRow {
            title: title.to_owned(),
            opens_on: opens.parse()?,
            closes_on: closes.parse()?,
            department: "公園課".to_owned(),
            ..YearlyRow::default()
        })
    };
    let first = YearlyRow {
        department: dx.consultation.department.clone(),
        basis: "パブリックコメント手続要綱第3条".to_owned(),
        submitters: dx.submitters,
        opinions: dx.opinions,
        revised: Some(true),
        result_on: Some(dx.published_on()),
        url: dx.consultation.url.clone(),
        contact: "DX推進課　電話 03-1234-5678".to_owned(),
        ..row(&dx.consultation.title, "2025-02-01", "2025-02-28")?
    };
    let silent = YearlyRow {
        revised: Some(false),
        result_on: Some("2025-01-31".parse()?),
        ..row("=公園整備計画（素案）", "2024-12-20", "2025-01-20")?
    };
    let running =
        YearlyRow { submitters: 5, opinions: 9, ..row("𠮷野川\r\n緑道計画", "2025-03-10", "2025-03-31")? };
    Ok(Yearly { year: 2024, rows: vec![first, silent, running] })
}

#[test]
fn the_bulletin_box() -> TestResult {
    insta::assert_snapshot!("bulletin_seed", texts::bulletin(&seed::table()?));
    insta::assert_snapshot!("bulletin_full", texts::bulletin(&fixture::full()?));
    let mut table = seed::table()?;
    (table.opinions, table.submitters) = (0, 0);
    assert!(texts::bulletin(&table).contains("人数・意見数：意見はありませんでした\n"));
    Ok(())
}

#[test]
fn the_committee_slide() -> TestResult {
    insta::assert_snapshot!("committee_seed", texts::committee(&seed::table()?, &[112, 102, 105, 110]));
    Ok(())
}

#[test]
fn without_a_choice_the_slide_shows_what_most_people_said() -> TestResult {
    let mut table = seed::table()?;
    let slide = texts::committee(&table, &[]);
    let shown: Vec<&str> = slide.lines().filter(|line| line.starts_with('・')).collect();
    assert_eq!(shown.len(), 5);
    let mut counts: Vec<u32> = table.rows().map(|flat| flat.row.same_count).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    for (line, count) in shown.iter().zip(counts) {
        let others = if count > 1 { format!("（他{}件）", count - 1) } else { String::new() };
        assert!(line.ends_with(&others), "{line}");
    }
    assert_eq!(texts::committee(&table, &[-1]), slide, "rows that are not in the table choose nothing");
    table.summarised = false;
    assert!(texts::committee(&table, &[]).contains("\n＜主なご意見＞\n"));
    table.chapters.clear();
    assert!(texts::committee(&table, &[]).ends_with(&format!("\n{NO_OPINIONS}\n")));
    Ok(())
}

#[test]
fn a_nasty_text_stays_one_line() -> TestResult {
    let table = fixture::nasty()?;
    for text in [texts::bulletin(&table), texts::committee(&table, &[])] {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    }
    let ids: Vec<i64> = table.rows().map(|flat| flat.row.summary_id).collect();
    let slide = texts::committee(&table, &ids);
    assert_eq!(slide.lines().filter(|line| line.starts_with('・')).count(), ids.len());
    Ok(())
}

#[test]
fn the_year_in_words() -> TestResult {
    let mut year = year()?;
    insta::assert_snapshot!("yearly_txt", year.text());
    year.rows.clear();
    assert_eq!(year.yearly_sentence(), "令和6年度に意見募集を行った案件はありませんでした。");
    let mut file = Vec::new();
    year.txt(&mut file)?;
    assert!(file.starts_with("\u{FEFF}令和6年度　意見募集の実施状況\r\n".as_bytes()));
    Ok(())
}

#[test]
fn the_year_as_csv() -> TestResult {
    let year = year()?;
    let mut file = Vec::new();
    year.csv(&mut file)?;
    let text = String::from_utf8(file)?;
    insta::assert_snapshot!("yearly_csv", text.replace("\r\n", "\n"));
    let text = text.strip_prefix('\u{FEFF}').ok_or("no BOM")?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers()?.iter().collect::<Vec<_>>(), YEARLY_HEADERS);
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    assert_eq!(records.len(), year.rows.len());
    assert_eq!(text.matches("\r\n").count(), year.rows.len() + 1);
    Ok(())
}

#[test]
fn the_year_as_workbook() -> TestResult {
    let year = year()?;
    let bytes = year.xlsx()?;
    assert!(bytes == year.xlsx()?);
    let mut book = Xlsx::new(Cursor::new(bytes.as_slice()))?;
    let name = book.sheet_names().first().ok_or("no sheet")?.clone();
    let range = book.worksheet_range(&name)?;
    let rows: Vec<&[Data]> = range.rows().collect();
    let (header, body) = rows.split_first().ok_or("no header")?;
    assert_eq!(header.iter().map(ToString::to_string).collect::<Vec<_>>(), YEARLY_HEADERS);
    assert_eq!(body.len(), year.rows.len());
    for (cells, row) in body.iter().zip(&year.rows) {
        let number = |column: usize| match cells.get(column) {
            Some(Data::Float(value)) => Some(value.to_string()),
            _ => None,
        };
        assert_eq!(cells.get(1), Some(&Data::String(documents::clean::one_line(&row.title))));
        assert_eq!(number(6), Some(row.submitters.to_string()));
        assert_eq!(number(7), Some(row.opinions.to_string()));
        let day = match cells.get(2) {
            Some(Data::DateTime(serial)) => Some(serial.as_f64().to_string()),
            _ => None,
        };
        // Spreadsheets count days from the end of 1899.
        let serial = row.opens_on - "1899-12-30".parse::<chrono::NaiveDate>()?;
        assert_eq!(day, Some(serial.num_days().to_string()));
        assert_eq!(cells.get(9) == Some(&Data::Empty), row.result_on.is_none());
    }
    let mut sheet = String::new();
    zip::ZipArchive::new(Cursor::new(bytes.as_slice()))?
        .by_name("xl/worksheets/sheet1.xml")?
        .read_to_string(&mut sheet)?;
    assert!(!sheet.contains("<f>") && sheet.contains(r#"orientation="landscape""#));
    Ok(())
}

#[test]
fn a_bare_table_makes_whole_texts() {
    let table = ResponseTable::default();
    assert!(!texts::bulletin(&table).contains("：\n"));
    assert!(texts::committee(&table, &[1]).ends_with(&format!("{NO_OPINIONS}\n")));
}
