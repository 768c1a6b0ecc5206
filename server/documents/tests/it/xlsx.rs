//! The workbook, read back with calamine and as plain XML.

use super::fixture::{self, TestResult, flat};
use super::seed;
use calamine::{Data, Reader, Xlsx};
use documents::{
    Format, HEADERS, ResponseTable, chapter_heading, clean,
    xlsx::{COUNTS_SHEET, DATA_SHEET, PRINT_SHEET},
};
use std::io::{Cursor, Read};

/// Row and column, from 0.
type Position = (u32, u32);

/// A workbook as bytes.
pub(crate) struct Book(Vec<u8>);

impl Book {
    pub(crate) fn of(table: &ResponseTable) -> TestResult<Self> {
        Ok(Self(documents::render(table, Format::Xlsx)?))
    }

    fn open(&self) -> TestResult<Xlsx<Cursor<&[u8]>>> {
        Ok(Xlsx::new(Cursor::new(self.0.as_slice()))?)
    }

    /// The cells of a sheet as text; numbers without decimals.
    pub(crate) fn rows(&self, sheet: &str) -> TestResult<Vec<Vec<String>>> {
        let range = self.open()?.worksheet_range(sheet)?;
        Ok(range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect())
    }

    /// All texts of a sheet in reading order.
    pub(crate) fn texts(&self, sheet: &str) -> TestResult<Vec<String>> {
        let range = self.open()?.worksheet_range(sheet)?;
        let text = |(_, _, cell): (usize, usize, &Data)| match cell {
            Data::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        Ok(range.used_cells().filter_map(text).collect())
    }

    /// Merged cells of a sheet: first and last cell of each.
    fn merges(&self, sheet: &str) -> TestResult<Vec<(Position, Position)>> {
        let merged = self.open()?.merge_cells_by_sheet_name(sheet)?;
        Ok(merged.into_iter().map(|m| (m.start, m.end)).collect())
    }

    fn part(&self, name: &str) -> TestResult<String> {
        let mut text = String::new();
        zip::ZipArchive::new(Cursor::new(self.0.as_slice()))?.by_name(name)?.read_to_string(&mut text)?;
        Ok(text)
    }

    pub(crate) fn assert_no_formula(&self) -> TestResult {
        for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"] {
            let xml = self.part(sheet)?;
            assert!(!xml.contains("<f>") && !xml.contains("<f "), "{sheet}");
        }
        Ok(())
    }
}

#[test]
fn no_text_becomes_a_formula() -> TestResult {
    let book = Book::of(&fixture::nasty()?)?;
    book.assert_no_formula()?;
    assert!(book.part("xl/styles.xml")?.contains(r#"quotePrefix="1""#));
    Ok(())
}

#[test]
fn the_data_sheet_says_what_the_table_says() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::nasty()?] {
        let rows = Book::of(&table)?.rows(DATA_SHEET)?;
        let (header, body) = rows.split_first().ok_or("no header")?;
        assert_eq!(header, &HEADERS);
        assert_eq!(body.len(), table.rows().count());
        for (cells, expected) in body.iter().zip(table.rows()) {
            let cell = |column: usize| cells.get(column).map(String::as_str);
            assert_eq!(cell(1), Some(table.row_id(expected.row).as_str()));
            assert_eq!(cell(7), Some(flat(&expected.chapter.title).as_str()));
            assert_eq!(cell(9), Some(flat(&expected.row.text).as_str()));
            assert_eq!(cell(10), Some(expected.row.same_count.to_string().as_str()));
            assert_eq!(cell(14), Some(flat(&expected.group.answer).as_str()));
            assert_eq!(cell(15), Some("2025-04-21"));
        }
        assert_eq!(Book::of(&table)?.merges(DATA_SHEET)?, []);
    }
    Ok(())
}

#[test]
fn the_print_sheet_holds_every_text_in_order() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::nasty()?] {
        let texts = Book::of(&table)?.texts(PRINT_SHEET)?;
        let mut found = texts.iter();
        let mut expect = |text: String| {
            assert!(text.is_empty() || found.any(|t| *t == text), "missing or out of order: {text:?}");
        };
        expect(clean::text(&table.title()));
        for (label, value) in table.cover_lines() {
            expect(clean::text(&format!("{label}：{value}")));
        }
        for (index, chapter) in table.chapters.iter().enumerate() {
            expect(clean::text(&chapter_heading(index, chapter)));
            for group in &chapter.groups {
                let mut texts: Vec<String> = group.rows.iter().map(|row| clean::text(&row.printed_text())).collect();
                texts.insert(1, clean::text(&group.answer));
                texts.into_iter().for_each(&mut expect);
            }
        }
    }
    Ok(())
}

#[test]
fn a_shared_answer_spans_its_rows() -> TestResult {
    let book = Book::of(&seed::table()?)?;
    let rows = book.rows(PRINT_SHEET)?;
    let first =
        rows.iter().position(|row| row.iter().any(|cell| cell.starts_with("1. サービスDX"))).ok_or("chapter")?;
    let first = u32::try_from(first + 1)?;
    let merges = book.merges(PRINT_SHEET)?;
    assert!(merges.contains(&((first, 2), (first + 1, 2))), "{merges:?}");
    let vertical = merges.iter().filter(|(start, end)| start.0 != end.0).count();
    assert_eq!(vertical, 1, "{merges:?}");
    Ok(())
}

#[test]
fn text_taller_than_a_row_gets_several() -> TestResult {
    let book = Book::of(&fixture::nasty()?)?;
    for height in book.part("xl/worksheets/sheet1.xml")?.split(" ht=\"").skip(1) {
        let points: f64 = height.split('"').next().ok_or("no height")?.parse()?;
        assert!((20.0..=409.5).contains(&points), "{points}");
    }
    let rows = book.rows(PRINT_SHEET)?;
    let tall = "あ".repeat(2_000);
    let top = rows.iter().position(|row| row.get(1) == Some(&tall)).ok_or("tall row")?;
    let top = u32::try_from(top)?;
    let merges = book.merges(PRINT_SHEET)?;
    for column in [0, 1] {
        assert!(merges.iter().any(|(start, end)| *start == (top, column) && end.0 > top), "column {column}");
    }
    Ok(())
}

#[test]
fn the_disposition_column_exists_only_when_used() -> TestResult {
    let with = Book::of(&fixture::small()?)?.texts(PRINT_SHEET)?;
    assert!(with.iter().any(|t| t == "対応区分") && with.iter().any(|t| t == "◎ 反映"));
    assert!(with.iter().any(|t| t == "ブランコがほしい。（他3件）"));
    let without = Book::of(&seed::table()?)?.texts(PRINT_SHEET)?;
    assert!(!without.iter().any(|t| t == "対応区分"));
    Ok(())
}

#[test]
fn the_counts_agree() -> TestResult {
    let rows = Book::of(&fixture::small()?)?.rows(COUNTS_SHEET)?;
    let rows: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        rows,
        [
            "軸 区分コード 区分名 値 単位",
            "提出者数  合計 5 名",
            "意見件数  合計 9 件",
            "経路別提出者数 web 区ホームページ 4 名",
            "経路別意見件数 web 区ホームページ 8 件",
            "経路別提出者数 post 郵送 1 名",
            "経路別意見件数 post 郵送 1 件",
            "対応区分別意見件数 adopted 反映 5 件",
            "対応区分別意見件数 noted 検討 1 件",
            "対応区分別意見件数 other その他 1 件",
            "対応区分別意見件数  区分なし 2 件",
            "章別意見件数 1 遊具について 6 件",
            "章別意見件数 2 全般・その他 3 件",
        ]
    );
    Ok(())
}

#[test]
fn is_set_up_for_printing() -> TestResult {
    let book = Book::of(&seed::table()?)?;
    let sheet = book.part("xl/worksheets/sheet1.xml")?;
    for expected in [
        r#"paperSize="9""#,
        r#"orientation="landscape""#,
        r#"fitToHeight="0""#,
        r#"state="frozen""#,
        "<oddFooter>&amp;C&amp;P / &amp;N</oddFooter>",
    ] {
        assert!(sheet.contains(expected), "{expected}");
    }
    let workbook = book.part("xl/workbook.xml")?;
    assert!(workbook.contains("_xlnm.Print_Titles") && workbook.contains("_xlnm.Print_Area"));
    assert!(book.part("xl/worksheets/sheet2.xml")?.contains("<autoFilter"));
    let core = book.part("docProps/core.xml")?;
    assert!(core.contains("<dc:title>品川区DX推進基本方針(暫定版)　ご意見（要旨）と区の考え方</dc:title>"));
    assert!(core.contains("2025-04-21T01:00:00Z"), "{core}");
    assert!(book.part("xl/styles.xml")?.contains("游ゴシック"));
    Ok(())
}

#[test]
fn a_long_table_is_quick_enough() -> TestResult {
    let mut table = seed::table()?;
    let chapters = table.chapters.clone();
    table.chapters = (0..50).flat_map(|_| chapters.clone()).collect();
    assert_eq!(Book::of(&table)?.rows(DATA_SHEET)?.len(), 651);
    Ok(())
}
