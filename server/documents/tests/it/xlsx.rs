//! The workbook, read back with calamine and as plain XML.

use super::fixture::{self, TestResult};
use super::{csv, seed};
use calamine::{Data, Reader, Xlsx};
use documents::{
    Format, ResponseTable, clean,
    printed::{Block, Printed, Slot},
    xlsx::{CODES_SHEET, COUNTS_SHEET, DATA_SHEET, PRINT_SHEET, TOTALS_SHEET},
};
use domain::layout::{CountTable, Layout, LayoutPreset};
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

    /// Names of the sheets in order.
    fn sheets(&self) -> TestResult<Vec<String>> {
        Ok(self.open()?.sheet_names())
    }

    pub(crate) fn assert_no_formula(&self) -> TestResult {
        for sheet in 1..=self.sheets()?.len() {
            let xml = self.part(&format!("xl/worksheets/sheet{sheet}.xml"))?;
            assert!(!xml.contains("<f>") && !xml.contains("<f "), "{sheet}");
        }
        Ok(())
    }
}

fn in_layout(preset: LayoutPreset, table: ResponseTable) -> ResponseTable {
    ResponseTable { layout: Layout::of(preset), ..table }
}

#[test]
fn no_text_becomes_a_formula() -> TestResult {
    let book = Book::of(&fixture::nasty()?)?;
    book.assert_no_formula()?;
    assert!(book.part("xl/styles.xml")?.contains(r#"quotePrefix="1""#));
    Ok(())
}

#[test]
fn the_data_sheet_says_what_the_csv_says() -> TestResult {
    for table in [seed::table()?, fixture::small()?, fixture::full()?, fixture::nasty()?, fixture::large(5_000)?] {
        let book = Book::of(&table)?;
        assert_eq!(book.rows(DATA_SHEET)?, csv::read(&table, Format::CsvUtf8)?);
        assert_eq!(book.merges(DATA_SHEET)?, []);
    }
    Ok(())
}

/// Every text of the sheet to print, in the order of its cells.
fn print_texts(printed: &Printed) -> Vec<String> {
    let mut texts = vec![printed.title.clone()];
    texts.extend(printed.cover.iter().map(|(heading, value)| format!("{heading}：{value}")));
    texts.extend(printed.notes.clone());
    texts.extend(printed.columns.iter().map(|(_, heading)| heading.clone()));
    texts.extend(printed.nothing.map(ToOwned::to_owned));
    for section in &printed.sections {
        texts.extend(section.heading.clone());
        for block in &section.blocks {
            match block {
                Block::Line { text, .. } => texts.push(text.clone()),
                Block::Group(group) => {
                    for (index, _) in group.rows.iter().enumerate() {
                        let shown = |slot: &Slot| index == 0 || matches!(slot, Slot::Own(_));
                        let slots = printed.slots().into_iter().filter(shown);
                        texts.extend(slots.filter_map(|slot| group.text(slot, index)).map(ToOwned::to_owned));
                    }
                }
            }
        }
    }
    texts.iter().map(|text| clean::text(text)).filter(|text| !text.is_empty()).collect()
}

#[test]
fn the_print_sheet_holds_every_text_in_order() -> TestResult {
    for preset in LayoutPreset::ALL {
        for table in [seed::table()?, fixture::full()?, fixture::nasty()?, ResponseTable::default()] {
            let table = in_layout(preset, table);
            let cells: Vec<String> =
                Book::of(&table)?.rows(PRINT_SHEET)?.concat().into_iter().filter(|t| !t.is_empty()).collect();
            let mut found = cells.iter();
            for text in print_texts(&table.printed()) {
                assert!(found.any(|cell| *cell == text), "{preset:?}: missing or out of order: {text:?}");
            }
        }
    }
    let table = fixture::large(5_000)?;
    let cells = Book::of(&table)?.rows(PRINT_SHEET)?.concat();
    let mut found = cells.iter();
    assert!(print_texts(&table.printed()).iter().all(|text| found.any(|cell| cell == text)));
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
fn marks_are_explained() -> TestResult {
    let table = in_layout(LayoutPreset::Nerima, fixture::small()?);
    let texts = Book::of(&table)?.texts(PRINT_SHEET)?;
    assert!(texts.iter().any(|t| t == "【凡例】◎ 反映　△ 検討　その他"), "{texts:?}");
    assert!(texts.iter().any(|t| t == "対応状況") && texts.iter().any(|t| t == "◎ 反映"));
    assert!(texts.iter().any(|t| t == "ブランコがほしい。（他3件）"));
    let without = Book::of(&fixture::small()?)?.texts(PRINT_SHEET)?;
    assert!(!without.iter().any(|t| t == "◎ 反映" || t.contains("凡例")));
    Ok(())
}

#[test]
fn sheets_come_in_a_fixed_order() -> TestResult {
    let always = [PRINT_SHEET, DATA_SHEET, COUNTS_SHEET, CODES_SHEET];
    assert_eq!(Book::of(&seed::table()?)?.sheets()?, always);
    let with = [&always[..], &[TOTALS_SHEET, "修正箇所", "今後の取組", "正誤"]].concat();
    assert_eq!(Book::of(&fixture::full()?)?.sheets()?, with);
    Ok(())
}

#[test]
fn printed_counts_have_a_sheet() -> TestResult {
    let mut table = fixture::full()?;
    table.layout.counts = CountTable::ALL.to_vec();
    let rows: Vec<String> =
        Book::of(&table)?.rows(TOTALS_SHEET)?.iter().map(|row| row.join(" ").trim().to_owned()).collect();
    assert_eq!(
        rows,
        [
            "項目別の意見件数",
            "項目 意見件数（件）",
            "遊具について 6",
            "全般・その他 3",
            "合計 9",
            "",
            "対応区分別の意見件数",
            "対応区分 意見件数（件）",
            "◎ 反映 5",
            "△ 検討 1",
            "その他 1",
            "区分なし 2",
            "合計 9",
            "",
            "提出方法別の人数と意見件数",
            "提出方法 人数（名） 意見件数（件）",
            "区ホームページ 4 8",
            "郵送 1 1",
            "合計 5 9",
        ]
    );
    Ok(())
}

#[test]
fn codes_and_annexes_are_listed() -> TestResult {
    let book = Book::of(&fixture::full()?)?;
    let rows =
        |sheet: &str| -> TestResult<Vec<String>> { Ok(book.rows(sheet)?.iter().map(|row| row.join("|")).collect()) };
    assert_eq!(
        rows(CODES_SHEET)?,
        [
            "種別|コード|記号|名称",
            "対応区分|adopted|◎|反映",
            "対応区分|noted|△|検討",
            "対応区分|other||その他",
            "経路|web||区ホームページ",
            "経路|post||郵送",
        ]
    );
    assert_eq!(
        rows("修正箇所")?,
        [
            "該当箇所|修正前|修正後|修正の理由|関連するご意見",
            "第2章　12ページ|遊具を\n設置する。|ブランコなどの遊具を設置する。|ご意見を踏まえ、具体的に記載しました。|No.1-1、No.1-2",
            "第3章|（新たに追加）|=追加||No.2-1",
        ]
    );
    assert_eq!(
        rows("今後の取組")?,
        ["取組の内容|担当|時期|関連するご意見", "ブランコを2基ふやす。|公園課|令和8年3月31日まで|No.1-1、No.1-2"]
    );
    assert_eq!(
        rows("正誤")?,
        [
            "版|公表日|訂正の理由|訂正の内容",
            "第2版|令和7年4月21日|表記の誤り|No.1-1 の区の考え方を訂正しました。\nNo.2-1 の要旨を訂正しました。",
        ]
    );
    Ok(())
}

#[test]
fn the_counts_agree() -> TestResult {
    let rows = Book::of(&fixture::full()?)?.rows(COUNTS_SHEET)?;
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
            "対象外の意見件数  計画に関係のないもの 2 件",
            "対象外の意見件数  (1)賛否のみのもの 1 件",
        ]
    );
    Ok(())
}

#[test]
fn every_sheet_with_a_header_keeps_it_in_view() -> TestResult {
    for preset in LayoutPreset::ALL {
        let book = Book::of(&in_layout(preset, fixture::full()?))?;
        for (number, name) in (1..).zip(book.sheets()?) {
            let xml = book.part(&format!("xl/worksheets/sheet{number}.xml"))?;
            assert_eq!(xml.contains(r#"state="frozen""#), name != TOTALS_SHEET, "{preset:?} {name}");
            assert!(xml.contains(r#"paperSize="9""#) && xml.contains(r#"fitToHeight="0""#), "{preset:?} {name}");
        }
    }
    let upright = Layout { portrait: true, ..Layout::default() };
    let book = Book::of(&ResponseTable { layout: upright, ..seed::table()? })?;
    assert!(book.part("xl/worksheets/sheet1.xml")?.contains(r#"orientation="portrait""#));
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
