//! The CSV, read back with the `csv` crate.

use super::fixture::{self, TestResult, flat};
use super::seed;
use documents::{Format, HEADERS, ResponseTable};

/// All records including the header, without the BOM.
pub(crate) fn read(table: &ResponseTable) -> TestResult<Vec<Vec<String>>> {
    let bytes = documents::render(table, Format::Csv)?;
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").ok_or("no BOM")?;
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
    let records = read(table)?;
    let (header, body) = records.split_first().ok_or("no header")?;
    assert_eq!(header, &HEADERS);
    assert_eq!(body.len(), table.rows().count());
    for (record, expected) in body.iter().zip(table.rows()) {
        let disposition = table.disposition_of(expected.group);
        let got: Vec<&str> = record.iter().map(|field| unguarded(field)).collect();
        assert_eq!(
            got,
            [
                table.ward.code.as_str(),
                &format!("{}-{}-{}", table.ward.code, table.consultation.id, expected.row.summary_id),
                &table.ward.name,
                &table.consultation.id.to_string(),
                &flat(&table.consultation.title),
                &table.version.to_string(),
                &(expected.chapter_index + 1).to_string(),
                &flat(&expected.chapter.title),
                &expected.row.number.to_string(),
                &flat(&expected.row.text),
                &expected.row.same_count.to_string(),
                disposition.map_or("", |d| &d.code),
                disposition.map_or("", |d| &d.label),
                &expected.group.ward_view_id.to_string(),
                &flat(&expected.group.answer),
                "2025-04-21",
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
    for table in [seed::table()?, fixture::small()?, fixture::nasty()?] {
        assert_says_what_the_table_says(&table)?;
    }
    Ok(())
}

#[test]
fn one_physical_line_per_record_and_no_formula() -> TestResult {
    let table = fixture::nasty()?;
    let text = String::from_utf8(documents::render(&table, Format::Csv)?)?;
    assert_eq!(text.matches("\r\n").count(), table.rows().count() + 1);
    assert_eq!(text.matches(['\r', '\n']).count(), 2 * (table.rows().count() + 1));
    for field in read(&table)?.concat() {
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
