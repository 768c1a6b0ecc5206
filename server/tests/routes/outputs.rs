//! Downloads, layouts, texts, lists and exports.

use std::io::{Cursor, Read as _};

use calamine::{Reader as _, Xlsx};
use documents::{AnswerGroup, Chapter, Format, ResponseTable, Row, clean};
use domain::{
    Role,
    layout::{Layout, LayoutPreset},
};

use crate::{
    on_both_databases,
    support::{Browser, DAY, Reply, Site},
};

#[path = "../../documents/tests/it/fixture.rs"]
#[expect(dead_code, reason = "the tables of another crate's tests; here only some of them are looked at")]
mod fixture;
#[path = "../../documents/tests/it/seed.rs"]
mod seed;

const PATH: &str = "/consultations/kouen/responses";

/// A closed public comment with its staff: a clerk of the department, one of another, an administrator.
struct Theme {
    id: i64,
    clerk: Browser,
}

async fn theme(site: &Site, slug: &str) -> Theme {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let id = site.draft_theme(&mut clerk, slug, "public_comment").await;
    clerk.post(&format!("/staff/consultations/{id}/publish"), &[]).await.assert_status(303);
    site.close(id).await;
    Theme { id, clerk }
}

/// Puts a table out as a version of a theme, as publishing does.
async fn put_out(site: &Site, theme: i64, version: u32, at: i64, mut table: ResponseTable) -> ResponseTable {
    table.consultation.id = theme;
    table.consultation.slug = site.texts(&format!("SELECT slug FROM consultation WHERE id = {theme}")).await.remove(0);
    table.version = version;
    table.published_at = at;
    let json = serde_json::to_string(&table).unwrap().replace('\'', "''");
    site.sql(&format!(
        "INSERT INTO publication (consultation_id, version, response_table, published_at, published_by, note) \
         VALUES ({theme}, {version}, '{json}', {at}, (SELECT MIN(id) FROM account), \
                 CASE WHEN {version} > 1 THEN '誤字がありました' ELSE '' END)"
    ))
    .await;
    site.sql(&format!("UPDATE consultation SET result_at = {at} WHERE id = {theme} AND result_at IS NULL")).await;
    table
}

async fn published(site: &Site, table: ResponseTable) -> (Theme, ResponseTable) {
    let theme = theme(site, "kouen").await;
    let table = put_out(site, theme.id, 1, site.clock.now() - 1000, table).await;
    (theme, table)
}

fn zip_entry(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A column of a CSV by its heading.
fn column(records: &[Vec<String>], heading: &str) -> Vec<String> {
    let index = records[0].iter().position(|h| h == heading).unwrap_or_else(|| panic!("no {heading}"));
    records[1..].iter().map(|record| record[index].clone()).collect()
}

/// A table of `rows` rows in chapters of so many, each row with an answer of its own.
fn long(rows: usize, in_chapter: usize) -> ResponseTable {
    let all: Vec<Row> = (1..=rows)
        .map(|n| Row {
            summary_id: i64::try_from(n).unwrap(),
            number: u32::try_from((n - 1) % in_chapter + 1).unwrap(),
            text: format!("意見その{n}です"),
            same_count: 1,
            people: 1,
            ..Row::default()
        })
        .collect();
    let group = |row: &Row| AnswerGroup {
        ward_view_id: row.summary_id,
        answer: format!("答えその{}です", row.summary_id),
        rows: vec![row.clone()],
        ..AnswerGroup::default()
    };
    let chapters = all.chunks(in_chapter).enumerate().map(|(i, rows)| Chapter {
        id: i64::try_from(i).unwrap() + 1,
        title: format!("分野{}", i + 1),
        groups: rows.iter().map(group).collect(),
    });
    let chapters = chapters.collect();
    let opinions = u32::try_from(rows).unwrap();
    ResponseTable { chapters, opinions, submitters: opinions, ..seed::table().unwrap() }
}

async fn admin(site: &Site) -> Browser {
    site.staff("管理者", "総務課", Role::Admin).await
}

/// The fields of a form on a page as a browser would send them.
fn fields(page: &Reply, form: &str) -> Vec<(String, String)> {
    let html = page.between(&format!("action=\"{form}\""), "</form>");
    let mut fields = Vec::new();
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\""))
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .map(crate::support::html::unescape)
    };
    for tag in html.split('<').skip(1) {
        if tag.starts_with("input") {
            let tag = tag.split('>').next().unwrap();
            let kind = attribute(tag, "type").unwrap_or_default();
            if kind == "checkbox" && !tag.contains(" checked") {
                continue;
            }
            fields.push((attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("select") {
            let name = attribute(tag.split('>').next().unwrap(), "name").unwrap();
            let rest = html.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
            let options: Vec<&str> = rest.split("<option").skip(1).map(|o| o.split('>').next().unwrap()).collect();
            let chosen = options.iter().find(|o| o.contains(" selected")).or(options.first());
            fields.push((name, chosen.and_then(|o| attribute(o, "value")).unwrap_or_default()));
        } else if tag.starts_with("textarea") {
            let (tag, text) = tag.split_once('>').unwrap();
            let text = crate::support::html::unescape(text.strip_prefix('\n').unwrap_or(text));
            fields.push((attribute(tag, "name").unwrap(), text));
        }
    }
    fields
}

fn with(mut fields: Vec<(String, String)>, changed: &[(&str, &str)]) -> Vec<(String, String)> {
    for (name, value) in changed {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => (*value).clone_into(&mut field.1),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    fields
}

async fn send(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(path, &fields).await
}

on_both_databases! {
    async fn the_published_table_says_the_same_in_every_format(site) {
        let (_, table) = published(&site, seed::table().unwrap()).await;
        let mut visitor = site.visitor();
        let page = visitor.get(PATH).await;
        page.assert_status(200);
        let expected: Vec<_> = table.rows().collect();
        let rows = page.rows();
        assert_eq!((rows.len(), expected.len()), (13, 13));
        for (row, flat) in rows.iter().zip(&expected) {
            assert_eq!(row.anchor, ResponseTable::anchor(flat.row.summary_id));
            assert_eq!(row.number, flat.row.number.to_string());
            assert_eq!(row.opinion, clean::text(&flat.row.printed_text()));
            assert_eq!(row.answer, clean::text(&flat.group.answer));
        }
        for fact in ["延べ18件（6名）", "令和7年2月1日", "趣旨を損なわない範囲で要約しています", "No.1・2 に共通の考え方です。"] {
            page.assert_shows(fact);
        }
        for chapter in 1..=4 {
            page.assert_shows(&format!("id=\"chapter-{chapter}\""));
        }
        let texts: Vec<String> = expected.iter().map(|f| clean::data(&f.row.text)).collect();
        let answers: Vec<String> = expected.iter().map(|f| clean::data(&f.group.answer)).collect();
        for extension in ["csv", "utf8.csv"] {
            let reply = visitor.get(&format!("{PATH}.{extension}")).await;
            assert_eq!(reply.bytes.starts_with(b"\xEF\xBB\xBF"), extension == "csv");
            let records = records(&reply.bytes);
            assert_eq!(column(&records, "ご意見（要旨）"), texts, "{extension}");
            assert_eq!(column(&records, "区の考え方"), answers, "{extension}");
        }
        let json: serde_json::Value = serde_json::from_slice(&visitor.get(&format!("{PATH}.json")).await.bytes).unwrap();
        let said: Vec<&str> = json["rows"].as_array().unwrap().iter().map(|r| r["text"].as_str().unwrap()).collect();
        assert_eq!(said, expected.iter().map(|f| f.row.text.as_str()).collect::<Vec<_>>());
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(visitor.get(&format!("{PATH}.xlsx")).await.bytes)).unwrap();
        assert_eq!(book.worksheet_range(documents::xlsx::DATA_SHEET).unwrap().rows().count(), 14);
        let word = zip_entry(&visitor.get(&format!("{PATH}.docx")).await.bytes, "word/document.xml");
        let text = visitor.get(&format!("{PATH}.txt")).await.text;
        for flat in &expected {
            let start: String = flat.group.answer.chars().take(20).collect();
            assert!(word.contains(&start) && text.contains(&start), "{start}");
        }
    }

    async fn every_download_has_its_type_and_name(site) {
        published(&site, seed::table().unwrap()).await;
        let page = site.visitor().get(PATH).await;
        for format in Format::ALL {
            let extension = format.extension();
            page.assert_shows(&format!("href=\"{PATH}.{extension}\""));
            let reply = site.visitor().get(&format!("{PATH}.{extension}")).await;
            assert_eq!(reply.status, 200, "{extension}");
            assert_eq!(reply.header("content-type"), format.content_type());
            let name = format!("attachment; filename=\"kouen-responses.{extension}\"");
            assert_eq!(reply.header("content-disposition"), name);
            assert_eq!(reply.header("cache-control"), "no-cache");
        }
        page.assert_shows(&format!("href=\"{PATH}.pdf\""));
        for wrong in ["exe", "CSV", "csv.csv", "pdf.pdf", ""] {
            assert_eq!(site.visitor().get(&format!("{PATH}.{wrong}")).await.status, 404, "{wrong}");
        }
    }

    async fn a_pdf_that_cannot_be_made_is_said_plainly(site) {
        published(&site, seed::table().unwrap()).await;
        let site = site.reopened(|config| config.pdf_program = Some("/bin/false".into())).await;
        let reply = site.visitor().get(&format!("{PATH}.pdf")).await;
        reply.assert_status(503);
        assert_eq!(reply.header("retry-after"), "30");
        reply.assert_shows("ファイルを作成できませんでした");
        reply.assert_shows(&format!("href=\"{PATH}.pdf\""));
        reply.assert_shows(&format!("href=\"{PATH}.docx\""));
        // Nothing else fails.
        site.visitor().get(PATH).await.assert_status(200);
        site.visitor().get(&format!("{PATH}.xlsx")).await.assert_status(200);
    }

    async fn every_layout_is_a_table_for_those_who_cannot_see_it(site) {
        let theme = theme(&site, "kouen").await;
        for (version, preset) in (1..).zip(LayoutPreset::ALL) {
            let mut table = ResponseTable { layout: Layout::of(preset), ..fixture::full().unwrap() };
            let at = site.clock.now() - 1000;
            table = put_out(&site, theme.id, version, at, table).await;
            let page = site.visitor().get(&format!("{PATH}?version={version}")).await;
            page.assert_status(200);
            let printed = table.printed();
            for row in printed.rows() {
                let anchor = format!("id=\"{}\"", ResponseTable::anchor(row.summary_id));
                assert_eq!(page.text.matches(&anchor).count(), 1, "{preset:?} {anchor}");
            }
            let headers = page.text.matches("role=\"rowheader\"").count();
            assert_eq!(headers, printed.rows().count(), "{preset:?}: one header for each row");
            let heads = page.text.matches("role=\"columnheader\"").count();
            assert_eq!(heads % printed.columns.len(), 0, "{preset:?}");
            for group in printed.groups().filter(|group| group.rows.len() > 1) {
                let spans = page.text.matches(&format!("rowspan=\"{}\"", group.rows.len())).count();
                assert!(spans >= group.shared.len(), "{preset:?}");
            }
            for (heading, value) in &printed.cover {
                page.assert_shows(&escaped(&clean::text(heading)));
                page.assert_shows(&escaped(&clean::text(value)));
            }
            for (_, words) in &printed.legend {
                page.assert_shows(&escaped(words));
            }
            for counts in &printed.counts {
                page.assert_shows(&counts.title);
            }
        }
    }

    async fn texts_of_people_are_never_markup(site) {
        let (_, table) = published(&site, fixture::nasty().unwrap()).await;
        let page = site.visitor().get(PATH).await;
        page.assert_status(200);
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        assert!(!page.text.contains("<b>"));
        let rows = page.rows();
        for (row, flat) in rows.iter().zip(table.rows()) {
            assert_eq!(row.opinion, clean::text(&flat.row.printed_text()));
        }
        assert_eq!(rows.len(), table.rows().count());
        for format in Format::ALL {
            site.visitor().get(&format!("{PATH}.{}", format.extension())).await.assert_status(200);
        }
    }

    async fn changes_promises_and_corrections_are_told(site) {
        let (_, table) = published(&site, fixture::full().unwrap()).await;
        let page = site.visitor().get(PATH).await;
        assert!(!table.plan_changes.is_empty() && !table.commitments.is_empty());
        page.assert_shows("id=\"plan-changes\"");
        page.assert_shows("<ins>");
        page.assert_shows("<del>");
        let linked = table.plan_changes.iter().flat_map(|change| &change.rows).next().unwrap();
        page.assert_shows(&format!("href=\"#{}\" class=\"row-link\"", ResponseTable::anchor(*linked)));
        page.assert_shows("/consultations/kouen/commitments");
    }

    async fn a_table_is_narrowed_to_a_chapter_and_an_outcome(site) {
        let (_, table) = published(&site, fixture::small().unwrap()).await;
        let mut visitor = site.visitor();
        let page = visitor.get(PATH).await;
        assert_eq!(page.rows().len(), 5);
        page.assert_hides("に絞って表示しています");
        let second = table.chapters[1].id;
        let page = visitor.get(&format!("{PATH}?chapter={second}&disposition=")).await;
        assert_eq!(page.rows().len(), 2);
        page.assert_shows("に絞って表示しています（全5行のうち2行）");
        page.assert_shows(&format!("<a href=\"{PATH}\">すべて表示する"));
        assert_eq!(page.chosen("chapter"), second.to_string());
        let page = visitor.get(&format!("{PATH}?disposition=adopted")).await;
        assert_eq!(page.rows().len(), 2);
        page.assert_shows("「◎ 反映」");
        assert_eq!(visitor.get(&format!("{PATH}?disposition=-")).await.rows().len(), 1);
        let none = visitor.get(&format!("{PATH}?chapter={second}&disposition=adopted")).await;
        assert_eq!(none.rows().len(), 0);
        none.assert_shows("当てはまるご意見はありません");
        // What isn't in the table narrows nothing.
        assert_eq!(visitor.get(&format!("{PATH}?chapter=99&disposition=%3Cb%3E&part=x")).await.rows().len(), 5);
        // The downloads always hold everything.
        assert_eq!(records(&visitor.get(&format!("{PATH}.csv?chapter={second}")).await.bytes).len(), 6);
    }

    async fn earlier_versions_can_be_read_and_what_is_to_come_cannot(site) {
        let theme = theme(&site, "kouen").await;
        let now = site.clock.now();
        let first = seed::table().unwrap();
        let mut second = first.clone();
        "直した回答です。".clone_into(&mut second.chapters[0].groups[0].answer);
        put_out(&site, theme.id, 1, now - 2 * DAY, first).await;
        put_out(&site, theme.id, 2, now - DAY, second.clone()).await;
        "まだ秘密の回答です。".clone_into(&mut second.chapters[0].groups[0].answer);
        put_out(&site, theme.id, 3, now + DAY, second).await;
        let mut visitor = site.visitor();
        let newest = visitor.get(PATH).await;
        newest.assert_shows("直した回答です。");
        newest.assert_hides("以前の版");
        newest.assert_shows("正誤の履歴");
        newest.assert_shows("誤字がありました");
        newest.assert_shows(&format!("href=\"{PATH}?version=1\""));
        newest.assert_hides("version=3");
        assert_eq!(visitor.get(&format!("{PATH}?version=2")).await.rows(), newest.rows());
        let old = visitor.get(&format!("{PATH}?version=1")).await;
        old.assert_shows("以前の版（第1版）を表示しています");
        old.assert_shows(&format!("<a href=\"{PATH}\">最新の版を見る"));
        old.assert_hides("直した回答です。");
        old.assert_shows("name=\"robots\" content=\"noindex\"");
        old.assert_shows(&format!("href=\"{PATH}.pdf?version=1\""));
        let csv = visitor.get(&format!("{PATH}.csv?version=1")).await;
        assert!(!csv.text.contains("直した回答") && csv.header("content-disposition").contains("kouen-responses-v1.csv"));
        for extension in ["", ".csv", ".json", ".pdf"] {
            for version in ["3", "4", "0", "-1", "x"] {
                let reply = visitor.get(&format!("{PATH}{extension}?version={version}")).await;
                assert_eq!(reply.status, 404, "{extension} {version}");
            }
        }
        site.pass(DAY);
        visitor.get(PATH).await.assert_shows("まだ秘密の回答です。");
    }

    async fn a_long_table_is_shown_chapter_by_chapter(site) {
        published(&site, long(700, 350)).await;
        let mut visitor = site.visitor();
        let page = visitor.get(PATH).await;
        assert_eq!(page.rows().len(), 300);
        page.assert_shows("700行あるため、分けて表示しています（4ページのうち1ページ目）");
        for part in 2..=4 {
            page.assert_shows(&format!("href=\"{PATH}?part={part}\""));
        }
        page.assert_shows("2. 分野2　No.1～300");
        let last = visitor.get(&format!("{PATH}?part=4")).await;
        assert_eq!(last.rows().last().unwrap().opinion, "意見その700です");
        // The link in a mail leads to the part with the row.
        let of_row = visitor.get(&format!("{PATH}?row=320")).await;
        of_row.assert_shows("id=\"row-320\"");
        assert_eq!(of_row.rows().first().unwrap().anchor, "row-301");
        // A link without it leads to the link to that part.
        page.assert_shows("<span id=\"row-320\"></span>");
        assert_eq!(page.text.matches("id=\"row-320\"").count(), 1);
        let chapter = visitor.get(&format!("{PATH}?chapter=2")).await;
        assert_eq!(chapter.rows().len(), 300);
        chapter.assert_shows(&format!("href=\"{PATH}?chapter=2&amp;part=2\""));
        assert_eq!(records(&visitor.get(&format!("{PATH}.csv")).await.bytes).len(), 701);
        let (_, statements) = site.statements(visitor.get(&format!("{PATH}?part=3"))).await;
        assert!(statements <= 8, "{statements}");
    }

    async fn a_result_without_opinions_says_so(site) {
        let table = ResponseTable { chapters: vec![], opinions: 0, submitters: 0, by_channel: vec![], ..seed::table().unwrap() };
        published(&site, table).await;
        let page = site.visitor().get(PATH).await;
        page.assert_status(200).assert_shows("意見はありませんでした。");
        page.assert_hides("class=\"filters\"");
        for format in Format::ALL {
            site.visitor().get(&format!("{PATH}.{}", format.extension())).await.assert_status(200);
        }
    }

    async fn the_wards_layout_is_changed_with_buttons(site) {
        let mut it = admin(&site).await;
        let path = "/staff/settings/layout";
        let page = it.get(path).await;
        page.assert_shows("木陰のある休憩場所を増やしてほしい。（他2件）");
        // A preset is put into the fields, and nothing is saved.
        let filled = send(&mut it, path, &with(fields(&page, path), &[("preset", "nerima"), ("act", "fill")])).await;
        filled.assert_status(200).assert_shows("まだ保存されていません");
        filled.assert_shows("対応状況");
        assert!(it.get(path).await.text.contains("value=\"No.\""));
        // Columns change places, one goes, one comes.
        let moved = send(&mut it, path, &with(fields(&filled, path), &[("act", "columns:up:3")])).await;
        let gone = send(&mut it, path, &with(fields(&moved, path), &[("act", "columns:remove:0")])).await;
        let more = [("columns_add", "department"), ("act", "columns:add")];
        let added = send(&mut it, path, &with(fields(&gone, path), &more)).await;
        let kinds: Vec<String> =
            fields(&added, path).into_iter().filter(|(n, _)| n == "columns_kind").map(|(_, v)| v).collect();
        assert_eq!(kinds, ["text", "disposition", "answer", "department"]);
        let mut saved = fields(&added, path);
        saved.retain(|(name, _)| name != "act");
        send(&mut it, path, &with(saved, &[("title", "{theme}の結果"), ("orientation", "portrait")])).await.assert_status(303);
        let stored = site.texts("SELECT value FROM setting WHERE key = 'layout'").await.remove(0);
        let layout: Layout = serde_json::from_str(&stored).unwrap();
        assert_eq!((layout.title.as_str(), layout.portrait, layout.legend), ("{theme}の結果", true, true));
        assert_eq!(layout.columns.iter().map(|c| c.kind.code()).collect::<Vec<_>>(), kinds);
        assert_eq!(site.texts("SELECT action FROM audit_event WHERE action = 'settings.layout'").await.len(), 1);
        it.get(path).await.assert_shows("{theme}の結果");
    }

    async fn a_layout_that_cannot_be_printed_is_refused_with_everything_typed(site) {
        let mut it = admin(&site).await;
        let path = "/staff/settings/layout";
        let page = it.get(path).await;
        let without = send(&mut it, path, &with(fields(&page, path), &[("act", "columns:remove:2")])).await;
        let mut typed = with(fields(&without, path), &[("title", "題だけ"), ("notes", "注その一\n注その二")]);
        typed.retain(|(name, _)| name != "act");
        let refused = send(&mut it, path, &typed).await;
        refused.assert_status(422);
        for words in ["区の考え方の列がありません。", "テーマの名前が入りません。", "題だけ", "注その一"] {
            refused.assert_shows(words);
        }
        assert_eq!(site.numbers("SELECT 1 FROM setting WHERE key = 'layout'").await.len(), 0);
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        clerk.get(path).await.assert_status(403);
        send(&mut clerk, path, &typed).await.assert_status(403);
    }

    async fn a_theme_has_the_wards_layout_or_its_own(site) {
        let Theme { id, mut clerk } = theme(&site, "kouen").await;
        let path = format!("/staff/consultations/{id}/layout");
        let page = clerk.get(&path).await;
        page.assert_status(200).assert_shows("区の様式を使います。");
        let own = send(&mut clerk, &path, &with(fields(&page, &path), &[("act", "use-own")])).await;
        own.assert_shows("このテーマだけの様式を使います。");
        let mut typed = with(
            fields(&own, &path),
            &[("title", "{theme}　お答え"), ("publicity", "広報紙\n窓口"), ("places", "窓口"), ("basis", "要綱第3条")],
        );
        typed.retain(|(name, _)| name != "act");
        send(&mut clerk, &path, &typed).await.assert_status(303);
        let row = site
            .texts(&format!("SELECT publicity || '/' || places || '/' || basis FROM consultation WHERE id = {id}"))
            .await
            .remove(0);
        assert_eq!(row, "広報紙\n窓口/窓口/要綱第3条");
        let stored = site.texts(&format!("SELECT layout FROM consultation WHERE id = {id}")).await.remove(0);
        assert_eq!(serde_json::from_str::<Layout>(&stored).unwrap().title, "{theme}　お答え");
        // The same page sent again is older than what is saved.
        let stale = send(&mut clerk, &path, &with(typed, &[("basis", "要綱第4条")])).await;
        stale.assert_status(409).assert_shows("ほかの職員が先に保存しました").assert_shows("要綱第4条");
        let page = clerk.get(&path).await;
        let back = send(&mut clerk, &path, &with(fields(&page, &path), &[("act", "use-ward")])).await;
        let mut typed = fields(&back, &path);
        typed.retain(|(name, _)| name != "act");
        send(&mut clerk, &path, &typed).await.assert_status(303);
        assert_eq!(site.texts(&format!("SELECT layout FROM consultation WHERE id = {id}")).await, [""]);
        let mut other = site.staff("田中", "防災課", Role::Clerk).await;
        other.get(&path).await.assert_status(403);
        send(&mut other, &path, &typed).await.assert_status(403);
    }

    async fn the_wards_own_outcomes_are_copied_into_the_themes_that_choose_them(site) {
        let mut it = admin(&site).await;
        let path = "/staff/settings/dispositions";
        let page = it.get(path).await;
        let filled = send(&mut it, path, &with(fields(&page, path), &[("preset", "revision"), ("act", "fill")])).await;
        let added = send(&mut it, path, &with(fields(&filled, path), &[("act", "add")])).await;
        let mut typed: Vec<(String, String)> = fields(&added, path);
        typed.retain(|(name, _)| name != "act");
        let set = |typed: &mut Vec<(String, String)>, name: &str, value: &str| {
            value.clone_into(&mut typed.iter_mut().rfind(|(n, _)| n == name).unwrap().1);
        };
        set(&mut typed, "label", "次の計画で検討");
        set(&mut typed, "code", "REVISED");
        let refused = send(&mut it, path, &typed).await;
        refused.assert_status(422).assert_shows("次の計画で検討").assert_shows("REVISED");
        set(&mut typed, "code", "revised");
        send(&mut it, path, &typed).await.assert_status(422).assert_shows("同じものがすでにあります");
        set(&mut typed, "code", "next-plan");
        send(&mut it, path, &typed).await.assert_status(303);
        assert_eq!(site.texts("SELECT action FROM audit_event WHERE action = 'settings.dispositions'").await.len(), 1);

        let Theme { id, mut clerk } = theme(&site, "kouen").await;
        let edit = format!("/staff/consultations/{id}/edit");
        let page = clerk.get(&edit).await;
        page.assert_shows("区独自の区分：● 修正する / ― 修正しない / 次の計画で検討");
        let choose = with(fields(&page, &edit), &[("preset", "own")]);
        send(&mut clerk, &edit, &choose).await.assert_status(303);
        let stored = format!("SELECT dispositions FROM consultation WHERE id = {id}");
        let before = site.texts(&stored).await;
        assert!(before[0].contains("next-plan"), "{before:?}");

        // Another set for new themes; this one keeps its own, also when it is saved again.
        let page = it.get(path).await;
        let mut fewer = send(&mut it, path, &with(fields(&page, path), &[("act", "remove:0")])).await;
        let mut typed = fields(&fewer, path);
        typed.retain(|(name, _)| name != "act");
        fewer = send(&mut it, path, &typed).await;
        fewer.assert_status(303);
        let page = clerk.get(&edit).await;
        page.assert_shows("区独自の区分：● 修正する");
        send(&mut clerk, &edit, &fields(&page, &edit)).await.assert_status(303);
        assert_eq!(site.texts(&stored).await, before);

        // An outcome that an answer uses can't be taken from the theme.
        site.sql(&format!(
            "INSERT INTO ward_view (consultation_id, text, disposition, version, updated_at, updated_by, reason, state) \
             VALUES ({id}, '答え', 'next-plan', 1, 0, 1, '', 'draft')"
        ))
        .await;
        let page = clerk.get(&edit).await;
        let refused = send(&mut clerk, &edit, &with(fields(&page, &edit), &[("preset", "six-marks")])).await;
        refused.assert_status(422).assert_shows("すでに使われている対応区分がなくなるため、変更できません。");
        assert_eq!(site.texts(&stored).await, before);
    }

    async fn texts_for_newspaper_and_committee_are_made_of_what_is_published(site) {
        let (Theme { id, mut clerk }, table) = published(&site, seed::table().unwrap()).await;
        let path = format!("/staff/consultations/{id}/outputs");
        let page = clerk.get(&path).await;
        page.assert_status(200).assert_shows("公表した第1版");
        assert!(page.field("bulletin").contains("6人から18件"), "{}", page.field("bulletin"));
        let chosen = table.chapters[2].groups[0].rows[0].summary_id;
        let page = clerk.get(&format!("{path}?row={chosen}")).await;
        let slide = page.field("committee");
        assert!(slide.contains("延べ18件（6名より）") && slide.matches('・').count() >= 1);
        let text = &table.chapters[2].groups[0].rows[0].text;
        let start: String = clean::one_line(text).chars().take(30).collect();
        assert!(slide.contains(&start), "{slide}");
        let file = clerk.get(&format!("{path}/committee.txt?row={chosen}")).await;
        assert!(file.bytes.starts_with(b"\xEF\xBB\xBF") && file.text.contains(&start) && file.text.contains("\r\n"));
        assert!(file.header("content-disposition").contains("kouen-responses-committee.txt"));
        clerk.get(&format!("{path}/bulletin.txt")).await.assert_status(200).assert_shows("6人から18件");
        let mut other = site.staff("田中", "防災課", Role::Clerk).await;
        for path in [path.clone(), format!("{path}/bulletin.txt"), format!("{path}/committee.txt")] {
            other.get(&path).await.assert_status(403);
        }
    }

    async fn the_draft_is_marked_and_for_staff_only(site) {
        let (Theme { id, mut clerk }, _) = published(&site, seed::table().unwrap()).await;
        let preview = format!("/staff/consultations/{id}/responses/preview");
        clerk.get(&preview).await.assert_status(200).assert_shows("公表前の確認画面です");
        for format in Format::ALL {
            let path = format!("{preview}.{}", format.extension());
            let reply = clerk.get(&path).await;
            assert_eq!(reply.status, 200, "{path}");
            assert!(reply.header("content-disposition").contains("-draft."), "{path}");
            assert_eq!(reply.header("content-type"), format.content_type());
            assert!([303, 403].contains(&site.visitor().get(&path).await.status));
        }
        clerk.get(&format!("{preview}.txt")).await.assert_shows("（案）");
        let json: serde_json::Value = serde_json::from_slice(&clerk.get(&format!("{preview}.json")).await.bytes).unwrap();
        assert!(json["consultation"]["title"].as_str().unwrap().starts_with("（案）"));
        let page = clerk.get(&format!("/staff/consultations/{id}/outputs?of=draft")).await;
        page.assert_shows("公表前の案から作成しています").assert_shows(&format!("{preview}.pdf"));
        // Nothing of it is public.
        assert!(!site.visitor().get(PATH).await.text.contains("（案）"));
    }

    async fn the_yearly_list_has_every_theme_with_a_result(site) {
        let (Theme { id, mut clerk }, _) = published(&site, seed::table().unwrap()).await;
        site.sql(&format!("UPDATE consultation SET basis = '要綱第3条' WHERE id = {id}")).await;
        let silent = site.draft_theme(&mut clerk, "shizuka", "public_comment").await;
        let waiting = site.draft_theme(&mut clerk, "machi", "public_comment").await;
        let dialogue = site.draft_theme(&mut clerk, "taiwa", "open_dialogue").await;
        let before = site.draft_theme(&mut clerk, "mukashi", "public_comment").await;
        for other in [silent, waiting, dialogue, before] {
            clerk.post(&format!("/staff/consultations/{other}/publish"), &[]).await.assert_status(303);
            site.close(other).await;
            site.sql(&format!("UPDATE consultation SET title = 'テーマ{other}' WHERE id = {other}")).await;
        }
        let now = site.clock.now();
        let titled = |id: i64, mut table: ResponseTable| {
            table.consultation.title = format!("テーマ{id}");
            table
        };
        let empty = ResponseTable { chapters: vec![], opinions: 0, submitters: 0, by_channel: vec![], ..seed::table().unwrap() };
        put_out(&site, silent, 1, now - 500, titled(silent, empty)).await;
        put_out(&site, waiting, 1, now + DAY, titled(waiting, seed::table().unwrap())).await;
        put_out(&site, dialogue, 1, now - 500, titled(dialogue, seed::table().unwrap())).await;
        put_out(&site, before, 1, now - 400 * DAY, titled(before, fixture::full().unwrap())).await;
        site.sql(&format!("UPDATE consultation SET opens_at = {0}, closes_at = {0}, publish_at = {0} WHERE id = {before}", now - 500 * DAY)).await;
        let mut visitor = site.visitor();
        visitor.get("/responses").await.assert_shows("/responses/years/2026").assert_shows("/responses/years/2025");
        let page = visitor.get("/responses/years/2026").await;
        page.assert_status(200).assert_shows("令和8年度").assert_shows(&format!("テーマ{silent}")).assert_shows("要綱第3条");
        for hidden in [waiting, dialogue, before] {
            page.assert_hides(&format!("テーマ{hidden}"));
        }
        page.assert_shows(&format!("href=\"{PATH}\""));
        let records = records(&visitor.get("/responses/years/2026.csv").await.bytes);
        assert_eq!(column(&records, "意見数"), ["0", "18"]);
        assert_eq!(column(&records, "意見提出者数"), ["0", "6"]);
        assert_eq!(column(&records, "案の修正の有無"), ["無", "無"]);
        assert_eq!(column(&records, "結果公表日"), ["2026-11-21", "2026-11-21"]);
        visitor.get("/responses/years/2025.csv").await.assert_shows(",有,");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(visitor.get("/responses/years/2026.xlsx").await.bytes)).unwrap();
        assert_eq!(book.worksheet_range_at(0).unwrap().unwrap().rows().count(), 3);
        visitor.get("/responses/years/2026.txt").await.assert_shows("意見数：0件");
        visitor.get("/responses/years/2019").await.assert_status(200).assert_shows("この年度に結果を公表した意見募集はありません");
        for wrong in ["2027", "1800", "x", "2026.pdf", "2026.", "99999999999"] {
            assert_eq!(visitor.get(&format!("/responses/years/{wrong}")).await.status, 404, "{wrong}");
        }
    }

    async fn every_opinion_is_exported_with_what_became_of_it(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.open_theme(&mut clerk, "kouen").await;
        let mut resident = site.resident("花子").await;
        let mut proposals = Vec::new();
        for body in ["ベンチがほしい", "=1+1\n日陰がほしい", "隠す意見", "取り下げる意見"] {
            proposals.push(site.propose(&mut resident, "kouen", body).await);
        }
        site.close(id).await;
        let chapter = site.chapter(&mut clerk, id, "設備").await;
        site.row(&mut clerk, id, chapter, &[proposals[0]], "ベンチがほしい", "設置します。").await;
        site.sql(&format!("UPDATE proposal SET state = 'hidden' WHERE id = {}", proposals[2])).await;
        site.sql(&format!("UPDATE proposal SET state = 'withdrawn' WHERE id = {}", proposals[3])).await;
        let item = site.item(proposals[1]).await;
        site.sql(&format!("UPDATE opinion_item SET out_of_scope = '別の計画', page = 7 WHERE id = {item}")).await;

        let path = format!("/staff/consultations/{id}/responses/items");
        let reply = clerk.get(&format!("{path}.csv")).await;
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert!(reply.bytes.starts_with(b"\xEF\xBB\xBF"));
        let found = records(&reply.bytes);
        assert_eq!(column(&found, "意見"), ["ベンチがほしい", "'=1+1／日陰がほしい", "隠す意見", ""]);
        assert_eq!(column(&found, "掲載した行"), ["1-1", "", "", ""]);
        assert_eq!(column(&found, "区の考え方"), ["設置します。", "", "", ""]);
        assert_eq!(column(&found, "対応区分コード"), ["considered", "", "", ""]);
        assert_eq!(column(&found, "対象外の理由"), ["", "別の計画", "", ""]);
        assert_eq!(column(&found, "該当ページ"), ["", "7", "", ""]);
        assert_eq!(column(&found, "状態コード")[2..], ["hidden", "withdrawn"]);
        assert!(!reply.text.contains("花子"));

        let reply = clerk.get(&format!("{path}.json")).await;
        let json: Vec<serde_json::Value> = serde_json::from_slice(&reply.bytes).unwrap();
        assert_eq!(json.len(), 4);
        assert_eq!(json[1]["text"], "=1+1\n日陰がほしい");
        assert_eq!((&json[0]["row"], &json[0]["disposition_label"]), (&"1-1".into(), &"検討".into()));
        assert!(!reply.text.contains("花子"));

        let events = site.texts("SELECT detail FROM audit_event WHERE action = 'items.export' ORDER BY id").await;
        assert_eq!(events, [r#"{"format":"csv"}"#, r#"{"format":"json"}"#]);
        let mut other = site.staff("田中", "防災課", Role::Clerk).await;
        other.get(&format!("{path}.csv")).await.assert_status(403);
        assert_eq!(site.texts("SELECT detail FROM audit_event WHERE action = 'items.export'").await.len(), 2);
    }

    async fn an_export_of_many_opinions_has_each_once_in_order(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.open_theme(&mut clerk, "kouen").await;
        let mut resident = site.resident("花子").await;
        let one = site.propose(&mut resident, "kouen", "もとの意見").await;
        // 1,201 more: more than two pages, some of them entered at the same moment.
        site.sql(&format!(
            "INSERT INTO proposal (channel, submitter, receipt_number, body, state, consultation_id, like_count, \
               created_at, updated_at, intake, eligibility, received_on, no_reply, approval_only) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201) \
             SELECT channel, submitter || i, 'R' || i, 'い' || i, state, consultation_id, 0, created_at + i / 7, \
               updated_at, intake, eligibility, received_on, no_reply, approval_only \
             FROM proposal, n WHERE id = {one}"
        ))
        .await;
        site.sql(&format!(
            "INSERT INTO opinion_item (proposal_id, position, created_at) \
             SELECT id, 1, created_at FROM proposal WHERE consultation_id = {id} AND id <> {one}"
        ))
        .await;
        let reply = clerk.get(&format!("/staff/consultations/{id}/responses/items.csv")).await;
        let receipts = column(&records(&reply.bytes), "受付番号");
        assert_eq!(receipts.len(), 1202);
        let expected = format!(
            "SELECT receipt_number FROM proposal WHERE consultation_id = {id} ORDER BY received_on, created_at, id"
        );
        assert_eq!(receipts, site.texts(&expected).await);
        let json = clerk.get(&format!("/staff/consultations/{id}/responses/items.json")).await;
        assert_eq!(serde_json::from_slice::<Vec<serde_json::Value>>(&json.bytes).unwrap().len(), 1202);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
