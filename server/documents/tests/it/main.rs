//! Writes whole documents and reads them back with other programs' parsers.

mod csv;
mod docx;
mod fixture;
mod json;
mod printed;
mod properties;
mod reconcile;
mod seed;
mod texts;
mod txt;
mod xlsx;

use documents::{DocumentError, Format, NO_OPINIONS, ResponseTable};
use fixture::TestResult;

#[test]
fn the_seed_table_has_the_published_shape() -> TestResult {
    let table = seed::table()?;
    assert_eq!(table.rows().count(), 13);
    assert_eq!(
        table.chapters.iter().map(|c| c.groups.iter().map(|g| g.rows.len()).sum()).collect::<Vec<usize>>(),
        [2, 4, 2, 5]
    );
    assert_eq!(table.opinions_in_rows(), u64::from(table.opinions));
    assert_eq!(table.by_channel.iter().map(|c| c.opinions).sum::<u32>(), table.opinions);
    assert_eq!(table.by_channel.iter().map(|c| c.submitters).sum::<u32>(), table.submitters);
    let shared = table.rows().filter(|flat| flat.group.ward_view_id == 501).count();
    assert_eq!(shared, 2);
    Ok(())
}

#[test]
fn the_cover_block_reads_as_published() -> TestResult {
    let table = seed::table()?;
    assert_eq!(
        table.cover_lines(),
        [
            ("実施期間", "令和7年2月1日（土）～2月28日（金）".to_owned()),
            ("応募方法", "区ホームページ、郵送、持参、FAX".to_owned()),
            ("意見数", "延べ18件（6名）".to_owned()),
            ("公表日", "令和7年4月21日（月）".to_owned()),
        ]
    );
    assert_eq!(table.summary_note(), Some("※ご意見については、趣旨を損なわない範囲で要約しています。"));
    assert_eq!(table.file_stem(), "dx-policy-2025-responses");
    assert_eq!(ResponseTable::anchor(101), "row-101");
    assert_eq!(table.title(), "品川区DX推進基本方針(暫定版)　ご意見（要旨）と区の考え方");
    Ok(())
}

#[test]
fn publication_day_is_the_day_in_japan() -> TestResult {
    let table = fixture::small()?;
    assert_eq!(table.published_on().to_string(), "2025-04-21");
    Ok(())
}

#[test]
fn equal_tables_give_equal_bytes() -> TestResult {
    let tables = [seed::table()?, fixture::full()?, fixture::nasty()?];
    let render_all = || -> Result<Vec<Vec<u8>>, DocumentError> {
        let pairs = tables.iter().flat_map(|table| Format::ALL.map(|format| (table, format)));
        pairs.map(|(table, format)| documents::render(table, format)).collect()
    };
    let first = render_all()?;
    // The clock of document properties ticks every second, that of a ZIP archive every two.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert!(first == render_all()?);
    Ok(())
}

#[test]
fn the_model_survives_json() -> TestResult {
    let table = fixture::nasty()?;
    let copy: ResponseTable = serde_json::from_str(&serde_json::to_string(&table)?)?;
    assert_eq!(copy, table);
    Ok(())
}

#[test]
fn no_opinion_is_a_proper_result() -> TestResult {
    let mut table = seed::table()?;
    table.chapters.clear();
    (table.opinions, table.submitters) = (0, 0);
    assert!(table.is_empty());
    assert!(table.cover_lines().contains(&("意見数", "延べ0件（0名）".to_owned())));
    assert_eq!(csv::read(&table, Format::Csv)?.len(), 1);
    let book = xlsx::Book::of(&table)?;
    assert!(book.texts(documents::xlsx::PRINT_SHEET)?.iter().any(|text| text == NO_OPINIONS));
    assert_eq!(book.rows(documents::xlsx::DATA_SHEET)?.len(), 1);
    Ok(())
}
