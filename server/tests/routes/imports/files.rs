//! Files as they come: every encoding, XLSX, and everything that is no table.

use std::io::{Cursor, Write as _};

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::*;

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn opinions() -> Vec<u8> {
    workbook(|sheet| {
        let date = Format::new().set_num_format("yyyy/m/d");
        sheet.write_row(0, 0, ["ご意見", "提出方法", "受付日", "氏名", "住所"]).unwrap();
        sheet.write_row(1, 0, ["髙い木を残してほしい", "電子メール", "", "水面 太郎", "本町1"]).unwrap();
        sheet.write_with_format(1, 2, rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 20).unwrap(), &date).unwrap();
    })
}

/// A workbook with thousands of pictures: what unpacks to too much is tried in the reader's own tests, with a lower limit.
fn bomb() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new_append(Cursor::new(opinions())).unwrap();
    for n in 0..2100 {
        let name = format!("xl/media/image{n}.png");
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The same archive with the flag of encryption set on its first entry.
fn encrypted() -> Vec<u8> {
    let mut bytes = opinions();
    let central = bytes.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[central + 8] |= 1;
    bytes
}

fn merged() -> Vec<u8> {
    workbook(|sheet| {
        sheet.write_row(0, 0, ["意見", "氏名"]).unwrap();
        sheet.merge_range(2, 0, 4, 1, "ひとまとめ", &Format::new()).unwrap();
    })
}

on_both_databases! {
    async fn every_encoding_and_excel_say_the_same(site) {
        let (mut clerk, theme) = comment(&site).await;
        let table = "ご意見,提出方法,受付日,氏名,住所\r\n髙い木を残してほしい,電子メール,2026/11/20,水面 太郎,本町1\r\n";
        let bom = format!("\u{FEFF}{table}");
        let (cp932, ..) = encoding_rs::SHIFT_JIS.encode(table);
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(table.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes));
        for (bytes, format) in [
            (table.as_bytes().to_vec(), "CSV（文字コード：UTF-8）"),
            (bom.into_bytes(), "CSV（文字コード：UTF-8（BOM付き））"),
            (cp932.into_owned(), "CSV（文字コード：Shift_JIS（CP932））"),
            (wide, "CSV（文字コード：UTF-16LE）"),
            (opinions(), "Excelブック（シート「Sheet1」）"),
        ] {
            let import = uploaded(&mut clerk, theme, &bytes).await;
            let page = clerk.get(&import).await;
            page.assert_shows(format);
            for (name, index) in [("col_body", "0"), ("col_channel", "1"), ("col_received", "2"), ("col_name", "3"), ("col_address", "4")] {
                assert_eq!(page.chosen(name), index, "{format} {name}");
            }
            check(&mut clerk, &import, &[]).await.assert_status(303);
            let token = clerk.get(&import).await.value_of("token");
            clerk.post(&format!("{import}/commit"), &[("token", &token)]).await.assert_status(303);
        }
        let texts = site.texts("SELECT body || channel || received_on FROM proposal").await;
        assert_eq!(texts, ["髙い木を残してほしいemail2026-11-20"; 5]);
        assert_eq!(site.number("SELECT COUNT(DISTINCT submitter) FROM proposal").await, 1);
        assert_eq!(site.numbers("SELECT size FROM text_group").await, [5]);
        assert_counts_are_true(&site, theme).await;
    }

    async fn every_hostile_file_is_refused_in_its_own_words_and_changes_nothing(site) {
        let (mut clerk, theme) = comment(&site).await;
        let before = sizes(&site).await;
        let long = format!("意見,氏名\r\n{},\r\n", "長".repeat(100_001));
        let wide = (0..=100).map(|n| format!("列{n}")).collect::<Vec<_>>().join(",");
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (b"".to_vec(), "ファイルが選ばれていません"),
            (b"%PDF-1.7\n%%EOF\n".to_vec(), "これはPDFファイルです"),
            (b"<html><body><table><tr><td>x</td></tr></table></body></html>".to_vec(), "中身がウェブページ（HTML）です"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".repeat(100), "古い形式のExcelブック（.xls）です"),
            (crate::support::png(4, 4), "これは画像です"),
            (archive(&[("memo.txt", b"x")]), "これは圧縮ファイル（ZIP）です"),
            (archive(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"x")]), "これはWordの文書です"),
            (bomb(), "展開すると400MBを超えるか、そのように作られたファイルです"),
            (encrypted(), "パスワードがかかっています"),
            (opinions()[..400].to_vec(), "ファイルが壊れているか、途中で切れています"),
            (merged(), "結合されたセルがあります（Sheet1のA3:B5）。結合を解除してから"),
            (
                "意見,氏名\r\nよい\r\nよい,山田,三つ目\r\n".as_bytes().to_vec(),
                "3行目の列数が見出しと合いません（見出し2列、この行3列）。",
            ),
            ("意見,氏名\r\n\"閉じない,山田\r\n".as_bytes().to_vec(), "2行目で始まる引用符（&quot;）が正しく閉じられていません"),
            ("意見,意見\r\nよい,よい\r\n".as_bytes().to_vec(), "見出し「意見」が2列以上にあります"),
            ("意見,,氏名\r\nよい,名無し,山田\r\n".as_bytes().to_vec(), "B列にデータがありますが、見出しがありません"),
            ("意見,氏名\r\n".as_bytes().to_vec(), "見出しか、見出しの下の行がありません"),
            (b"\xE6\x84\x8F\xE8\xA6\x8B,name\r\n\xFF\xFE\xFF,\x80\xFF\r\n".to_vec(), "2行目に読めない文字があります"),
            ("意見,氏名\r\nよい\u{7},山田\r\n".as_bytes().to_vec(), "2行目のA列に、保存できない制御文字があります"),
            (long.into_bytes(), "2行目のA列が長すぎます"),
            (format!("{wide}\r\n").into_bytes(), "列が多すぎます（100列まで）"),
        ];
        for (n, (bytes, message)) in cases.iter().enumerate() {
            let reply = upload(&mut clerk, theme, "意見.csv", bytes).await;
            reply.assert_status(422);
            let told = reply.text.replace("&#34;", "&quot;");
            let told = told.replace("引用符（\"）", "引用符（&quot;）");
            assert!(told.contains(message), "{n}: {message}\n{}", reply.text);
            assert_eq!(sizes(&site).await, before, "{n}: {message}");
            for (other, (_, words)) in cases.iter().enumerate() {
                assert!(other == n || !told.contains(words), "{n} says also {words}");
            }
        }
        // Every bad row is named at once.
        let reply = upload(&mut clerk, theme, "意見.csv", "意見,氏名\r\n一\r\n二,山田\r\n三,山田,x\r\n".as_bytes()).await;
        reply.assert_shows("2行目の列数が見出しと合いません（見出し2列、この行1列）。");
        reply.assert_shows("4行目の列数が見出しと合いません（見出し2列、この行3列）。");
        let mut english = clerk.clone();
        english.language = "en";
        upload(&mut english, theme, "a.csv", b"%PDF-1.7\n%%EOF\n").await.assert_shows("This is a PDF file.");
    }

    async fn random_tables_never_break_the_site(site) {
        let (mut clerk, theme) = comment(&site).await;
        let cell = prop_oneof![
            3 => "[a-zあ-ん亜-熙０-９ 。、①②③\"\n,;\t]{0,12}",
            1 => Just("令和8年11月20日".to_owned()),
            1 => Just("郵送".to_owned()),
            1 => "\\PC{0,6}",
        ];
        let heading = prop_oneof![
            4 => prop::sample::select(vec!["意見", "提出方法", "収受日", "氏名", "住所", "応募資格", "該当箇所", "備考", "番号"])
                .prop_map(str::to_owned),
            1 => "[a-zあ-ん]{0,3}",
        ];
        let table = (prop::collection::vec(heading, 1..7), prop::collection::vec(prop::collection::vec(cell, 0..7), 0..6), 0..4_u8);
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let (mut accepted, mut brought) = (0, 0);
        for _ in 0..48 {
            let (header, rows, quoting) = table.new_tree(&mut runner).unwrap().current();
            let width = header.len();
            let mut text = String::new();
            for row in std::iter::once(&header).chain(&rows) {
                let mut cells: Vec<String> = row.clone();
                if quoting > 0 {
                    cells.resize(width, String::new());
                    cells = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                }
                text.push_str(&cells.join(","));
                text.push_str("\r\n");
            }
            let reply = upload(&mut clerk, theme, "x.csv", text.as_bytes()).await;
            assert!(matches!(reply.status, 303 | 422), "{} {text:?}", reply.status);
            if reply.status == 422 {
                continue;
            }
            accepted += 1;
            let import = reply.location();
            let before = site.number("SELECT COUNT(*) FROM proposal").await;
            let checked = check(&mut clerk, &import, &[("default_channel", "post"), ("col_body", "0"), ("split", "1")]).await;
            assert!(matches!(checked.status, 303 | 422), "{} {text:?}", checked.status);
            assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, before);
            let page = clerk.get(&import).await;
            page.assert_status(200);
            if page.text.contains("name=\"token\"") {
                brought += 1;
                let token = page.value_of("token");
                let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
                assert_eq!(reply.location(), format!("{import}?notice=committed"), "{text:?}");
            }
        }
        assert!(accepted > 5 && brought > 1, "{accepted} {brought}: the tables are too wild to prove anything");
        assert_counts_are_true(&site, theme).await;
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_before_it_is_stored() {
    let site = Site::new(crate::support::Backend::Sqlite).await;
    let (mut clerk, theme) = comment(&site).await;
    let before = sizes(&site).await;
    let row = format!("{},郵送,2026-11-21,,\r\n", "長い意見".repeat(100));
    for mebibytes in [101, 111] {
        let mut table = HEAD.to_owned();
        while table.len() < mebibytes << 20 {
            table.push_str(&row);
        }
        let reply = upload(&mut clerk, theme, "大きい.csv", table.as_bytes()).await;
        reply.assert_status(413);
        reply.assert_shows("ファイルが大きすぎます（100MBまで）");
        assert_eq!(sizes(&site).await, before);
    }
    let left: Vec<_> = std::fs::read_dir(site.app.config.data_dir.join("files/incoming")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn a_file_that_the_virus_check_refuses_is_not_stored() {
    let site = Site::new(crate::support::Backend::Sqlite).await;
    let (_, theme) = comment(&site).await;
    let site = site.reopened(|config| config.scan_command = Some("false".to_owned())).await;
    let email = format!("{}@staff.example.jp", crate::support::hex("水野"));
    let mut clerk = site.signed_in(&email, crate::support::PASSWORD).await;
    let before = sizes(&site).await;
    let reply = upload(&mut clerk, theme, "a.csv", format!("{HEAD}広場,郵送,2026-11-21,,\r\n").as_bytes()).await;
    reply.assert_status(422);
    reply.assert_shows("ウイルスの検査を通りませんでした");
    assert_eq!(sizes(&site).await, before);
}

#[tokio::test]
async fn the_example_is_a_table_that_can_be_brought_in() {
    let site = Site::new(crate::support::Backend::Sqlite).await;
    let (mut clerk, theme) = comment(&site).await;
    let example = clerk.get(&format!("{}/example.csv", path(theme))).await;
    assert!(example.bytes.starts_with("\u{FEFF}意見,".as_bytes()));
    let import = uploaded(&mut clerk, theme, &example.bytes).await;
    check(&mut clerk, &import, &[("split", "1")]).await.assert_status(303);
    let page = clerk.get(&import).await;
    page.assert_shows("2通を取り込む");
    assert_eq!(fact(&page, "意見件数"), "3");
}
