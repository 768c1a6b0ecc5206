//! Publishing 「ご意見（要旨）／区の考え方」: when it may be, what everybody reads then, who is written to.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site, hex},
};

/// A closed theme with three opinions of two authors, and its staff.
struct Closed {
    theme: i64,
    clerk: Browser,
    approver: Browser,
    proposals: Vec<i64>,
}

const PATH: &str = "/consultations/kouen/responses";

async fn closed(site: &Site, posts: &[(&str, &str)]) -> Closed {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let approver = site.staff("課長", "公園課", Role::Approver).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut proposals = Vec::new();
    let mut authors: Vec<(&str, Browser)> = Vec::new();
    for (author, body) in posts {
        if !authors.iter().any(|(name, _)| name == author) {
            authors.push((author, site.resident(author).await));
        }
        let (_, browser) = authors.iter_mut().find(|(name, _)| name == author).unwrap();
        proposals.push(site.propose(browser, "kouen", body).await);
    }
    site.close(theme).await;
    Closed { theme, clerk, approver, proposals }
}

const POSTS: [(&str, &str); 3] = [("花子", "ベンチがほしい"), ("太郎", "日陰がほしい"), ("花子", "花壇がほしい")];

impl Closed {
    /// Two rows: the first gathers two opinions, the second one.
    async fn written(&mut self, site: &Site) -> (i64, i64) {
        let chapter = site.chapter(&mut self.clerk, self.theme, "設備に関するご意見").await;
        let [a, b, c] = self.proposals[..] else { panic!() };
        let first = site
            .row(&mut self.clerk, self.theme, chapter, &[a, b], "ベンチや日陰がほしい。", "設置を\n検討します。")
            .await;
        let second =
            site.row(&mut self.clerk, self.theme, chapter, &[c], "花壇がほしい", "=来年度に設置します。").await;
        (first, second)
    }

    /// 起案, 確認, 決裁 and 公表.
    async fn publish(&mut self, site: &Site) -> Reply {
        site.publish(&mut self.clerk, &mut self.approver, self.theme).await
    }

    /// Tries 公表 alone.
    async fn press(&mut self) -> Reply {
        self.approver.post(&format!("/staff/consultations/{}/responses/publish", self.theme), &[]).await
    }

    async fn rewrite(&mut self, site: &Site, row: i64, changed: &[(&str, &str)]) {
        let path = format!("/staff/consultations/{}/responses/rows/{row}", self.theme);
        let page = self.clerk.get(&path).await;
        site.save_row(&page, &mut self.clerk, &path, changed).await.assert_status(303);
    }
}

async fn answers_to(site: &Site, author: &str) -> Vec<String> {
    let mails = site.mails_to(&format!("{}@example.jp", hex(author))).await;
    mails.into_iter().filter(|m| m.subject.contains("区の考え方を公表しました")).map(|m| m.text).collect()
}

fn link(row: i64) -> String {
    format!("http://machikoe.test{PATH}#row-{row}")
}

/// The sheets of a workbook as rows of text.
fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let sheet = |name: String| {
        let range = book.worksheet_range(&name).unwrap();
        let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        (name, rows)
    };
    names.into_iter().map(sheet).collect()
}

fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

on_both_databases! {
    async fn nothing_is_published_before_everything_is_ready(site) {
        let mut it = closed(&site, &POSTS).await;
        it.publish(&site).await.assert_status(422);
        it.press().await.assert_status(409);
        let chapter = site.chapter(&mut it.clerk, it.theme, "設備").await;
        let [a, b, c] = it.proposals[..] else { panic!() };
        let open = site.row(&mut it.clerk, it.theme, chapter, &[a, b], "ベンチと日陰", "").await;
        it.publish(&site).await.assert_status(422);
        it.press().await.assert_status(409);
        it.clerk
            .get(&format!("/staff/consultations/{}/approval", it.theme))
            .await
            .assert_shows("どの行にも入っていない意見が1件あります");
        site.row(&mut it.clerk, it.theme, chapter, &[c], "花壇", "設置します。").await;
        it.publish(&site).await.assert_status(422);
        it.press().await.assert_status(409);
        it.rewrite(&site, open, &[("answer", "検討します。"), ("disposition", "")]).await;
        it.publish(&site).await.assert_status(422);
        it.press().await.assert_status(409);
        let page = it.approver.get(&format!("/staff/consultations/{}/approval", it.theme)).await;
        page.assert_shows("対応区分が選ばれていない行が1行あります。");
        it.rewrite(&site, open, &[("disposition", "considered")]).await;
        assert_eq!(site.visitor().get(PATH).await.status, 404);
        it.clerk.post(&format!("/staff/consultations/{}/responses/publish", it.theme), &[]).await.assert_status(403);
        assert_eq!(site.visitor().get(PATH).await.status, 404);
        it.publish(&site).await.assert_status(303);
        assert_eq!(site.visitor().get(PATH).await.status, 200);
        site.visitor().get("/responses").await.assert_shows("/consultations/kouen");
    }

    async fn nothing_is_published_before_the_period_ends(site) {
        let mut it = closed(&site, &POSTS).await;
        it.written(&site).await;
        let tomorrow = site.clock.now() + crate::support::DAY;
        site.sql(&format!("UPDATE consultation SET closes_at = {tomorrow}")).await;
        let refused = it.publish(&site).await;
        refused.assert_status(409);
        assert!([403, 409].contains(&it.press().await.status));
        assert_eq!(site.visitor().get(PATH).await.status, 404);
        site.pass(crate::support::DAY + 1);
        it.approver = site.signed_in(&format!("{}@staff.example.jp", hex("課長")), crate::support::PASSWORD).await;
        it.clerk = site.signed_in(&format!("{}@staff.example.jp", hex("水野")), crate::support::PASSWORD).await;
        it.publish(&site).await.assert_status(303);
    }

    async fn page_csv_and_workbook_say_the_same(site) {
        let mut it = closed(&site, &POSTS).await;
        let (first, second) = it.written(&site).await;
        it.publish(&site).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        for fact in [
            "延べ3件（2名）",
            "趣旨を損なわない範囲で要約しています",
            "1. 設備に関するご意見",
            "本サイト、郵送、持参、FAX",
        ] {
            page.assert_shows(fact);
        }
        let rows = page.rows();
        assert_eq!(
            rows.iter().map(|r| r.anchor.clone()).collect::<Vec<_>>(),
            [format!("row-{first}"), format!("row-{second}")]
        );
        assert_eq!(rows[0].opinion, "ベンチや日陰がほしい。（他1件）");
        assert_eq!(rows[0].answer, "設置を\n検討します。");

        let csv = site.visitor().get(&format!("{PATH}.csv")).await;
        assert!(csv.header("content-type").starts_with("text/csv; charset=utf-8"));
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"kouen-responses.csv\"");
        let records = records(&csv.bytes);
        assert_eq!(records.len(), 1 + rows.len());
        let book = site.visitor().get(&format!("{PATH}.xlsx")).await;
        assert_eq!(book.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        let sheets = sheets(book.bytes);
        let data = &sheets.iter().find(|(name, _)| name == "データ").unwrap().1;
        let printed = &sheets.iter().find(|(name, _)| name == "区の考え方").unwrap().1;
        assert_eq!(data[0], records[0], "the same columns");
        for (n, row) in rows.iter().enumerate() {
            let record = &records[n + 1];
            let value = |header: &str| &record[records[0].iter().position(|h| h == header).unwrap()];
            let opinion = row.opinion.split("（他").next().unwrap();
            assert_eq!((value("No"), value("ご意見（要旨）").as_str()), (&row.number, opinion));
            assert_eq!(value("区の考え方").trim_start_matches('\''), row.answer.replace('\n', "／"));
            assert!(row.disposition.ends_with(value("対応区分名").as_str()) && !value("対応区分名").is_empty());
            assert!(value("ID").ends_with(&row.anchor.replace("row", "")), "{}", value("ID"));
            for (cell, other) in data[n + 1].iter().zip(record) {
                assert_eq!(cell, other.trim_start_matches('\''), "the data sheet is the CSV");
            }
            let line = printed.iter().find(|line| line.get(1) == Some(&row.opinion)).unwrap();
            assert_eq!(line[0], row.number);
            assert_eq!(line[2], format!("【{}】\n{}", row.disposition, row.answer), "without a column of its own it stands before the answer");
        }
        let text = String::from_utf8(csv.bytes).unwrap();
        assert!(text.contains(",'=来年度に設置します。,"), "no formula: {text}");
        assert!(printed.iter().flatten().any(|cell| cell.contains("延べ3件（2名）")));
        for unknown in ["responses.exe", "responses.", "responses.csv.csv", "response"] {
            assert_eq!(site.visitor().get(&format!("/consultations/kouen/{unknown}")).await.status, 404, "{unknown}");
        }
    }

    async fn one_answer_for_several_rows_is_one_cell(site) {
        let mut it = closed(&site, &POSTS).await;
        let (first, second) = it.written(&site).await;
        let view = site.number(&format!("SELECT ward_view_id FROM summary WHERE id = {first}")).await.to_string();
        it.rewrite(&site, second, &[("ward_view", &view)]).await;
        assert_eq!(site.number("SELECT COUNT(*) FROM ward_view").await, 1, "the answer nobody uses is gone");
        it.publish(&site).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        page.assert_shows("rowspan=\"2\"");
        page.assert_shows("No.1・2 に共通の考え方です。");
        let rows = page.rows();
        assert_eq!(
            (rows[0].answer.as_str(), rows[1].answer.as_str()),
            ("設置を\n検討します。", "設置を\n検討します。")
        );
    }

    async fn every_author_gets_one_mail_with_the_way_to_their_rows(site) {
        let mut it = closed(&site, &POSTS).await;
        let (first, second) = it.written(&site).await;
        it.publish(&site).await.assert_status(303);
        let hanako = answers_to(&site, "花子").await;
        assert_eq!(hanako.len(), 1);
        assert!(hanako[0].contains(&format!("No.1-1：{}\n", link(first))), "{}", hanako[0]);
        assert!(hanako[0].contains(&format!("No.1-2：{}", link(second))), "{}", hanako[0]);
        let taro = answers_to(&site, "太郎").await;
        assert_eq!(taro.len(), 1);
        assert!(taro[0].contains(&link(first)) && !taro[0].contains(&link(second)));
        // The links are where the rows are, and the post leads there too.
        site.visitor().get(PATH).await.assert_shows(&format!("id=\"row-{first}\""));
        let post = site.visitor().get(&format!("/consultations/kouen/proposals/{}", it.proposals[0])).await;
        post.assert_shows(&format!("href=\"{PATH}#row-{first}\""));
        let receipt = site.texts(&format!("SELECT receipt_number FROM proposal WHERE id = {}", it.proposals[1])).await;
        site.visitor().get(&format!("/receipts/{}", receipt[0])).await.assert_shows(&format!("{PATH}#row-{first}"));
    }

    async fn what_is_written_after_publication_stays_inside_until_it_is_published_again(site) {
        let mut it = closed(&site, &POSTS).await;
        let (first, second) = it.written(&site).await;
        it.publish(&site).await.assert_status(303);
        it.rewrite(&site, second, &[("answer", "秘密の下書き"), ("text", "秘密の要旨")]).await;
        for path in [PATH.to_owned(), format!("{PATH}.csv"), "/consultations/kouen".to_owned()] {
            site.visitor().get(&path).await.assert_hides("秘密");
        }
        assert!(
            sheets(site.visitor().get(&format!("{PATH}.xlsx")).await.bytes)
                .iter()
                .flat_map(|s| s.1.iter().flatten())
                .all(|cell| !cell.contains("秘密"))
        );
        it.clerk
            .get(&format!("/staff/consultations/{}/responses/preview", it.theme))
            .await
            .assert_shows("秘密の下書き");
        it.publish(&site).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        page.assert_shows("秘密の下書き");
        page.assert_shows("第2版");
        // Only the author of the row that changed is written to again.
        let hanako = answers_to(&site, "花子").await;
        assert_eq!((hanako.len(), answers_to(&site, "太郎").await.len()), (2, 1));
        assert!(hanako[1].contains(&link(second)) && !hanako[1].contains(&link(first)), "{}", hanako[1]);
    }

    async fn an_author_whose_opinion_moves_to_another_row_is_told(site) {
        let mut it = closed(&site, &POSTS).await;
        let (first, second) = it.written(&site).await;
        it.publish(&site).await.assert_status(303);
        // 太郎's opinion goes from the first row to the second; no text changes.
        let items =
            [site.item(it.proposals[0]).await, site.item(it.proposals[1]).await, site.item(it.proposals[2]).await];
        let ids = items.map(|i| i.to_string());
        it.rewrite(&site, first, &[("items", &ids[0])]).await;
        site.sql(&format!("INSERT INTO summary_item (summary_id, opinion_item_id) VALUES ({second}, {})", items[1]))
            .await;
        it.publish(&site).await.assert_status(303);
        let taro = answers_to(&site, "太郎").await;
        assert_eq!(taro.len(), 2);
        assert!(taro[1].contains(&link(second)) && !taro[1].contains(&link(first)), "{}", taro[1]);
        assert_eq!(answers_to(&site, "花子").await.len(), 1, "nothing changed for the others");
    }

    async fn a_double_click_publishes_one_version(site) {
        let mut it = closed(&site, &POSTS).await;
        it.written(&site).await;
        site.approve(&mut it.clerk, it.theme).await.assert_status(303);
        site.slow("publication").await;
        let mut again = it.approver.clone();
        let path = format!("/staff/consultations/{}/responses/publish", it.theme);
        let (a, b) = tokio::join!(it.press(), again.post(&path, &[]));
        assert_eq!((a.status, b.status), (303, 303));
        assert_eq!(site.numbers("SELECT version FROM publication").await, [1]);
        assert_eq!(answers_to(&site, "花子").await.len(), 1);
    }

    async fn no_opinion_at_all_is_a_result_too(site) {
        let mut it = closed(&site, &[]).await;
        it.publish(&site).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        page.assert_shows("延べ0件（0名）");
        page.assert_shows("意見はありませんでした。");
        assert_eq!(records(&site.visitor().get(&format!("{PATH}.csv")).await.bytes).len(), 1);
        let sheets = sheets(site.visitor().get(&format!("{PATH}.xlsx")).await.bytes);
        assert!(sheets.iter().flat_map(|s| s.1.iter().flatten()).any(|cell| cell.contains("意見はありませんでした。")));
    }

    async fn what_is_hidden_or_taken_back_is_not_counted(site) {
        let mut it = closed(&site, &POSTS).await;
        it.written(&site).await;
        it.clerk
            .post(&format!("/staff/proposals/{}/hide", it.proposals[1]), &[("reason", "宣伝")])
            .await
            .assert_status(303);
        it.publish(&site).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        page.assert_shows("延べ2件（1名）");
        assert_eq!(page.rows()[0].opinion, "ベンチや日陰がほしい。");
        assert!(answers_to(&site, "太郎").await.is_empty());
        // Shown again after the publication, it has to be gathered before the next one, and its author then hears of it.
        it.clerk.post(&format!("/staff/proposals/{}/restore", it.proposals[1]), &[]).await.assert_status(303);
        it.publish(&site).await.assert_status(303);
        assert_eq!(answers_to(&site, "太郎").await.len(), 1);
        assert_eq!(answers_to(&site, "花子").await.len(), 1);
    }
}
