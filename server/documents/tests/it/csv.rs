//! The CSV, read back with the `csv` crate.

use super::fixture::{self, TestResult};
use super::seed;
use documents::{Format, HEADERS, ResponseTable, clean::data, printed::prints_originals};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// All records including the header, without the BOM.
pub(crate) fn read(table: &ResponseTable, format: Format) -> TestResult<Vec<Vec<String>>> {
    let bytes = documents::render(table, format)?;
    let body = match format {
        Format::Csv => bytes.strip_prefix(BOM).ok_or("no BOM")?,
        _ => bytes.as_slice(),
    };
    assert!(!body.starts_with(BOM));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body);
    reader.records().map(|record| Ok(record?.iter().map(ToOwned::to_owned).collect())).collect()
}

/// The guard's quotation mark taken off again.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

fn assert_says_what_the_table_says(table: &ResponseTable) -> TestResult {
    let records = read(table, Format::CsvUtf8)?;
    let (header, body) = records.split_first().ok_or("no header")?;
    assert_eq!(header, &HEADERS);
    assert_eq!(body.len(), table.rows().count());
    for (record, expected) in body.iter().zip(table.rows()) {
        let (row, group) = (expected.row, expected.group);
        let disposition = table.disposition_of(group);
        let originals = if prints_originals(&table.layout) { row.originals.join("\n") } else { String::new() };
        assert_eq!(
            record,
            &[
                table.ward.code.clone(),
                format!("{}-{}-{}", table.ward.code, table.consultation.id, row.summary_id),
                table.ward.name.clone(),
                table.consultation.id.to_string(),
                data(&table.consultation.title),
                table.version.to_string(),
                (expected.chapter_index + 1).to_string(),
                data(&expected.chapter.title),
                row.number.to_string(),
                data(&row.text),
                row.same_count.to_string(),
                disposition.map(|d| d.code.clone()).unwrap_or_default(),
                disposition.map(|d| d.label.clone()).unwrap_or_default(),
                group.ward_view_id.to_string(),
                data(&group.answer),
                "2025-04-21".to_owned(),
                row.again.to_string(),
                if row.people == 0 { String::new() } else { row.people.to_string() },
                data(&row.place),
                data(group.reason.as_deref().unwrap_or_default()),
                data(group.department.as_deref().unwrap_or_default()),
                data(&originals),
                format!("{}#row-{}", table.consultation.url, row.summary_id),
            ]
        );
    }
    Ok(())
}

#[test]
fn small_table_as_published() -> TestResult {
    let bytes = documents::render(&fixture::small()?, Format::Csv)?;
    insta::assert_snapshot!("small_csv", String::from_utf8(bytes)?.replace('\u{FEFF}', "<BOM>").replace('\r', "<CR>"));
    Ok(())
}

#[test]
fn says_what_the_table_says() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::full()?, fixture::nasty()?, fixture::large(5_000)?] {
        assert_says_what_the_table_says(&table)?;
    }
    Ok(())
}

#[test]
fn both_flavours_say_the_same() -> TestResult {
    for table in [seed::table()?, fixture::full()?, fixture::nasty()?] {
        let (spreadsheet, machine) = (read(&table, Format::Csv)?, read(&table, Format::CsvUtf8)?);
        let unguarded = |record: &Vec<String>| record.iter().map(|f| unguarded(f).to_owned()).collect::<Vec<_>>();
        assert_eq!(spreadsheet.iter().map(unguarded).collect::<Vec<_>>(), machine);
    }
    let machine = read(&fixture::nasty()?, Format::CsvUtf8)?;
    assert!(machine.iter().flatten().any(|field| field == "=1+1"), "no guard for programs");
    Ok(())
}

#[test]
fn columns_keep_their_places() {
    let first = ["全国地方公共団体コード", "ID", "地方公共団体名", "案件ID", "案件名", "版", "章番号", "章名", "No"];
    assert_eq!(HEADERS.first_chunk(), Some(&first));
    assert_eq!(
        HEADERS.get(14..),
        Some(&["区の考え方", "公表日", "再掲件数", "人数", "該当箇所", "対応の理由", "所管課", "原文", "URL"][..])
    );
}

#[test]
fn machine_dependent_characters_are_written_out_and_names_stay() -> TestResult {
    let records = read(&fixture::nasty()?, Format::Csv)?;
    assert!(records.iter().flatten().any(|field| field == "𠮷野家 髙﨑 葛\u{E0100}城 (1)(株)令和 か\u{3099}"));
    Ok(())
}

#[test]
fn originals_are_published_only_where_the_layout_prints_them() -> TestResult {
    let mut table = fixture::full()?;
    let has = |table: &ResponseTable| -> TestResult<bool> {
        Ok(read(table, Format::Csv)?.iter().flatten().any(|field| field.contains("二人目")))
    };
    assert!(has(&table)?);
    table.layout = domain::layout::Layout::default();
    assert!(!has(&table)?);
    Ok(())
}

#[test]
fn one_physical_line_per_record_and_no_formula() -> TestResult {
    let table = fixture::nasty()?;
    let text = String::from_utf8(documents::render(&table, Format::Csv)?)?;
    assert_eq!(text.matches("\r\n").count(), table.rows().count() + 1);
    assert_eq!(text.matches(['\r', '\n']).count(), 2 * (table.rows().count() + 1));
    for field in read(&table, Format::Csv)?.concat() {
        assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field}");
        assert!(!field.contains(|c: char| c.is_control()), "{field:?}");
    }
    Ok(())
}

#[test]
fn a_hidden_column_does_not_leak() -> TestResult {
    let mut table = fixture::small()?;
    table.dispositions.clear();
    let text = String::from_utf8(documents::render(&table, Format::Csv)?)?;
    assert!(!text.contains("adopted"));
    Ok(())
}

#[test]
fn a_failing_target_is_an_error() -> TestResult {
    let mut room = [0_u8; 100];
    let table = seed::table()?;
    assert!(documents::csv::write(&table, room.as_mut_slice()).is_err());
    Ok(())
}
