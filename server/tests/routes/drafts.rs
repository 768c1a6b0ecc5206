//! Versions of the draft and their anchors.

use std::fmt::Write as _;

use std::io::{Cursor, Write as _};

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::{Channel, Role};
use futures::StreamExt as _;
use server::{
    ctx::Ctx,
    service::{
        consultation::loaded,
        submission::{self, NewItem, NewSubmission},
    },
};
use sha2::{Digest as _, Sha256};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    on_both_databases,
    support::{Browser, DAY, HOUR, PASSWORD, Reply, Site, html::plain},
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n%%EOF\n";
const TEXT: &str = "# 公園計画\n\n区は、公園の改修を計画しています。\n\n## 目標\n\n緑を今より三割増やします。\n\n- ベンチを置きます。\n- 日陰をつくります。\n\n## 期間\n\n令和八年度から五年間で進めます。\n";
/// The paragraph on the period moved up, the goal was changed, the benches are gone, toilets are new.
const NEXT: &str = "# 公園計画\n\n令和八年度から五年間で進めます。\n\n区は、公園の改修を計画しています。\n\n## 目標\n\n緑を今より五割増やします。\n\n- 日陰をつくります。\n- 誰でも使えるトイレを整備します。\n\n## 期間\n";

/// A file that is a ZIP archive of these parts.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn word() -> Vec<u8> {
    let body = "<w:document xmlns:w=\"w\"><w:body><w:p><w:t>第1章　目標</w:t></w:p><w:p><w:t>緑を増やします。</w:t></w:p></w:body></w:document>";
    archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", body)])
}

fn excel() -> Vec<u8> {
    let sheet = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>令和8年度</t></is></c><c><v>30</v></c></row></sheetData></worksheet>";
    archive(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

type Part<'a> = (&'a str, Option<&'a str>, &'a str, &'a [u8]);

/// Sends a form: text fields, and files with their names.
async fn send(clerk: &mut Browser, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Reply {
    let mut parts: Vec<Part> =
        fields.iter().map(|(name, value)| (*name, None, "text/plain", value.as_bytes())).collect();
    parts.extend(files.iter().map(|(name, file, bytes)| (*name, Some(*file), "application/octet-stream", *bytes)));
    clerk.upload(path, &parts).await
}

fn documents(theme: i64) -> String {
    format!("/staff/consultations/{theme}/documents")
}

/// Adds a document with its own text; gives its id.
async fn draft(site: &Site, clerk: &mut Browser, theme: i64, text: &str) -> i64 {
    let fields = [("document_title", "公園計画（素案）"), ("stage", "draft"), ("text", text)];
    send(clerk, &documents(theme), &fields, &[]).await.assert_status(303);
    site.number("SELECT MAX(id) FROM document").await
}

/// Adds a version with its own text; gives its id.
async fn next(site: &Site, clerk: &mut Browser, theme: i64, document: i64, text: &str) -> i64 {
    let fields = [
        ("document_title", "公園計画（素案）"),
        ("stage", "interim"),
        ("note", "目標を見直しました。"),
        ("text", text),
    ];
    send(clerk, &format!("{}/{document}/versions", documents(theme)), &fields, &[]).await.assert_status(303);
    site.number("SELECT MAX(id) FROM document_version").await
}

/// An open public comment.
async fn theme(site: &Site, clerk: &mut Browser, slug: &str) -> i64 {
    let id = site.open_theme(clerk, slug).await;
    site.sql(&format!("UPDATE consultation SET kind = 'public_comment' WHERE id = {id}")).await;
    id
}

/// Records an opinion on a place of the draft.
async fn opinion(site: &Site, theme: i64, anchor: Option<&str>, page: Option<i64>) {
    let ctx = Ctx::system(&site.app);
    let theme = loaded(&ctx, theme).await.unwrap();
    let tx = ctx.write().await.unwrap();
    let item = NewItem { body: None, anchor: anchor.map(str::to_owned), page };
    let new = NewSubmission {
        items: vec![item],
        ..NewSubmission::of_text(&ctx, Channel::Post, "日陰を増やしてほしい。".to_owned())
    };
    submission::record(&tx, &ctx, &theme, new).await.unwrap();
    tx.commit().await.unwrap();
}

/// Anchor, mark and text of the blocks of a page.
fn blocks(page: &Reply) -> Vec<(String, String, String)> {
    let parts: Vec<&str> = page.text.split("class=\"draft-block\"").collect();
    parts
        .windows(2)
        .map(|pair| {
            let tag = pair[0].rsplit('<').next().unwrap();
            let value =
                |name: &str| tag.split(&format!("{name}=\"")).nth(1).map_or("", |v| v.split('"').next().unwrap());
            let html = pair[1].split("class=\"markdown\"").nth(1).unwrap().split_once('>').unwrap().1;
            let text = plain(html.split("</div>").next().unwrap()).trim().to_owned();
            (value("id").to_owned(), value("data-mark").to_owned(), text)
        })
        .collect()
}

/// Sends a form as it comes over a line: piece by piece.
async fn trickle(clerk: &mut Browser, path: &str, head: &str, size: usize) -> Reply {
    let start =
        format!("{head}--edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\r\n");
    let pieces = std::iter::once(start.into_bytes())
        .chain(std::iter::repeat_n(vec![b' '; 1 << 16], size >> 16))
        .chain([b"\r\n--edge--\r\n".to_vec()])
        .map(Ok::<_, std::io::Error>);
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from_stream(futures::stream::iter(pieces).then(|piece| async {
            tokio::task::yield_now().await;
            piece
        })))
        .unwrap();
    clerk.send(request).await
}

on_both_databases! {
    async fn kinds_are_what_is_in_the_file(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let zipped = archive(&[("readme.txt", "資料です")]);
        for (bytes, name) in [
            (&b"<html>%PDF-1.7 %%EOF</html>"[..], "素案.pdf"),
            (&zipped, "素案.docx"),
            (b"%PDF-1.7 cut", "素案.pdf"),
            (&crate::support::png(4, 4), "図.pdf"),
        ] {
            let fields = [("document_title", "素案の名前"), ("stage", "proposal"), ("note", "直した点"), ("twin", "読み上げる文")];
            let reply = send(&mut clerk, &documents(id), &fields, &[("document", name, bytes)]).await;
            reply.assert_status(422).assert_shows("この種類のファイルは使用できません。");
            assert_eq!((reply.field("document_title"), reply.field("twin")), ("素案の名前".to_owned(), "読み上げる文".to_owned()));
            reply.assert_shows("value=\"proposal\" checked");
            reply.assert_shows("もう一度選んでください");
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM document").await, 0);
        for (bytes, name, words) in [(word(), "計画.docx", "Word"), (excel(), "事業費.bin", "Excel"), (PDF.to_vec(), "x.exe", "PDF")] {
            let fields = [("document_title", words), ("stage", "draft")];
            send(&mut clerk, &documents(id), &fields, &[("document", name, &bytes)]).await.assert_status(303);
            let page = site.visitor().get("/consultations/kouen").await;
            page.assert_shows(&format!("{words}・1KB"));
            let hash = server::secret::hex(&Sha256::digest(&bytes));
            page.assert_shows(&hash);
            let file = site.number("SELECT MAX(id) FROM document").await;
            let reply = site.visitor().get(&format!("/consultations/kouen/documents/{file}")).await;
            assert_eq!((reply.status, &*reply.bytes), (200, &*bytes));
            assert_eq!(server::secret::hex(&Sha256::digest(&reply.bytes)), hash);
            let logged = site.texts("SELECT detail FROM audit_event WHERE action = 'document.add' ORDER BY id DESC LIMIT 1").await;
            assert!(logged[0].contains(&hash), "{logged:?}");
        }
    }

    async fn a_file_that_is_too_large_is_told_with_the_limit_and_nothing_typed_is_lost(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        for mebibytes in [21, 28, 60] {
            let fields = [("document_title", "大きな素案"), ("stage", "draft"), ("text", "## 章\n\n本文です。")];
            let head = fields.iter().fold(String::new(), |mut head, (name, value)| {
                let _ = write!(
                    head,
                    "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                );
                head
            });
            let reply = trickle(&mut clerk, &documents(id), &head, mebibytes << 20).await;
            reply.assert_status(422).assert_shows("ファイルは20MB以内にしてください。");
            assert_eq!(reply.field("text"), "## 章\n\n本文です。");
        }
        let reply = send(&mut clerk, &documents(id), &[("document_title", "素案")], &[("text_file", "本文.md", &vec![b'a'; 2 << 20])]).await;
        reply.assert_status(422).assert_shows("ファイルは1MB以内にしてください。");
        let reply = send(&mut clerk, &documents(id), &[("document_title", "素案")], &[]).await;
        reply.assert_status(422).assert_shows("#f-document");
    }

    async fn a_file_that_the_virus_check_refuses_is_not_kept(site) {
        let directory = tempfile::tempdir().unwrap();
        let script = directory.path().join("scan.sh");
        std::fs::write(&script, "#!/bin/sh\n! grep -q STANDARD-ANTIVIRUS-TEST \"$1\"\n").unwrap();
        let command = format!("/bin/sh {}", script.display());
        let site = site.reopened(|config| config.scan_command = Some(command)).await;
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let bad: &[u8] = b"%PDF-1.7\nSTANDARD-ANTIVIRUS-TEST\n%%EOF\n";
        let reply = send(&mut clerk, &documents(id), &[("document_title", "素案")], &[("document", "a.pdf", bad)]).await;
        reply.assert_status(422).assert_shows("#f-document");
        let reply = send(&mut clerk, &documents(id), &[("document_title", "素案")], &[("text_file", "a.md", bad)]).await;
        reply.assert_status(422).assert_shows("#f-text_file");
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 0);
        send(&mut clerk, &documents(id), &[("document_title", "素案")], &[("document", "a.pdf", PDF)]).await.assert_status(303);
    }

    async fn anchors_survive_a_new_version(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let document = draft(&site, &mut clerk, id, TEXT).await;
        let page = site.visitor().get("/consultations/kouen/draft").await;
        let first = blocks(&page);
        assert_eq!(first.iter().map(|(anchor, mark, _)| (anchor.as_str(), mark.as_str())).collect::<Vec<_>>(),
            ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"].map(|anchor| (anchor, "")));
        assert_eq!(first[3].2, "緑を今より三割増やします。");
        page.assert_shows("<a href=\"#p3\">目標<!></a>");
        page.assert_shows("/consultations/kouen/proposals/new?anchor=p4");
        assert!(plain(&page.text).contains("この段落に意見を出す（段落4：緑を今より三割増やします。）"));
        let old = site.number("SELECT MAX(id) FROM document_version").await;

        site.pass(HOUR);
        let new = next(&site, &mut clerk, id, document, NEXT).await;
        let page = site.visitor().get("/consultations/kouen/draft").await;
        let anchor = |text: &str| blocks(&page).into_iter().find(|(_, _, t)| t.contains(text)).unwrap().0;
        assert_eq!(anchor("令和八年度"), "p8", "moved");
        assert_eq!(anchor("五割増やし"), "p4", "changed");
        assert_eq!(anchor("日陰を"), "p6", "in its place");
        assert_eq!(anchor("トイレ"), "p9", "new");
        page.assert_shows("id=\"p5\"");
        page.assert_shows("この段落は新しい版にはありません");
        page.assert_shows(&format!("/consultations/kouen/draft?version={old}#p5"));
        page.assert_shows("目標を見直しました。");

        let page = site.visitor().get(&format!("/consultations/kouen/draft?compare={old}")).await;
        let marks: Vec<(String, String)> = blocks(&page).into_iter().map(|(anchor, mark, _)| (anchor, mark)).collect();
        let mark = |anchor: &str| marks.iter().find(|(a, _)| a == anchor).map(|(_, mark)| mark.as_str());
        assert_eq!(
            ["p1", "p2", "p8", "p4", "p5", "p6", "p9"].map(mark),
            [Some(""), Some(""), Some("moved"), Some("changed"), Some("removed"), Some(""), Some("added")]
        );
        let said = plain(&page.text);
        for words in ["変更 1箇所、追加 1箇所、移動 1箇所、削除 1箇所", "緑を今より「削除：三」「追加：五」割増やします。", "この段落は、表示している版にはありません。"] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        assert_eq!(page.text.matches("id=\"p5\"").count(), 1);

        let page = site.visitor().get(&format!("/consultations/kouen/draft?version={old}&compare=")).await;
        page.assert_shows("以前の版を表示しています");
        page.assert_hides("proposals/new");
        assert_eq!(blocks(&page), first);
        for bad in ["?version=x", "?version=999", "?compare=999"] {
            site.visitor().get(&format!("/consultations/kouen/draft{bad}")).await.assert_status(404);
        }
        clerk.get(&documents(id)).await.assert_shows("変更1・追加1・移動1");
        // Numbers aren't given again, not even those of a version that was taken back.
        clerk.post(&format!("{}/{document}/versions/{new}/remove", documents(id)), &[]).await.assert_status(303);
        next(&site, &mut clerk, id, document, &format!("{TEXT}\n図書館を建てます。\n")).await;
        let page = site.visitor().get("/consultations/kouen/draft").await;
        assert_eq!(blocks(&page).last().unwrap().0, "p10");
    }

    async fn a_form_sent_twice_makes_one_version(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let document = draft(&site, &mut clerk, id, TEXT).await;
        draft(&site, &mut clerk, id, TEXT).await;
        let fields = [("document_title", "公園計画（素案）"), ("stage", "interim"), ("text", NEXT)];
        let path = format!("{}/{document}/versions", documents(id));
        site.slow("document_version").await;
        let (mut one, mut two) = (clerk.clone(), clerk.clone());
        let (a, b) = tokio::join!(send(&mut one, &path, &fields, &[]), send(&mut two, &path, &fields, &[]));
        assert_eq!((a.status, b.status), (303, 303));
        assert_eq!(site.number("SELECT COUNT(*) FROM document").await, 1);
        assert_eq!(site.number("SELECT COUNT(*) FROM document_version").await, 2);
    }

    async fn the_text_is_in_one_document_of_a_theme(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        draft(&site, &mut clerk, id, TEXT).await;
        clerk.get(&format!("{}/new", documents(id))).await.assert_shows("このテーマでは「公園計画（素案）」に本文があります。");
        let reply = send(&mut clerk, &documents(id), &[("document_title", "概要版"), ("text", "別の本文")], &[]).await;
        reply.assert_status(422);
        assert_eq!(reply.field("text"), "別の本文");
    }

    async fn each_version_keeps_its_file_and_the_newest_is_the_current_one(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        send(&mut clerk, &documents(id), &[("document_title", "素案"), ("stage", "draft")], &[("document", "a.pdf", PDF)]).await.assert_status(303);
        let (document, old) = (site.number("SELECT id FROM document").await, site.number("SELECT id FROM document_version").await);
        let newer: &[u8] = b"%PDF-1.7\nnewer\n%%EOF\n";
        let path = format!("{}/{document}/versions", documents(id));
        clerk.get(&format!("{path}/new")).await.assert_shows("変更した点");
        site.pass(DAY);
        let mut clerk = site.signed_in(&format!("{}@staff.example.jp", crate::support::hex("水野")), PASSWORD).await;
        let fields = [("document_title", "計画案"), ("stage", "proposal"), ("note", "用語を直しました。")];
        send(&mut clerk, &path, &fields, &[("document", "b.pdf", newer)]).await.assert_status(303);
        let new = site.number("SELECT MAX(id) FROM document_version").await;
        let base = format!("/consultations/kouen/documents/{document}");
        for (path, bytes) in [(base.clone(), newer), (format!("{base}/versions/{old}"), PDF), (format!("{base}/versions/{new}"), newer)] {
            let reply = site.visitor().get(&path).await;
            assert_eq!((reply.status, reply.header("content-type"), &*reply.bytes), (200, "application/pdf", bytes));
        }
        let page = site.visitor().get("/consultations/kouen").await;
        for words in ["計画案", "案　令和8年11月22日（日）", "用語を直しました。", "以前の版（1件）", "素案　令和8年11月21日（土）"] {
            page.assert_shows(words);
        }
        clerk.post(&format!("{path}/{new}/remove"), &[]).await.assert_status(303);
        assert_eq!(&*site.visitor().get(&base).await.bytes, PDF);
        clerk.post(&format!("{path}/{old}/remove"), &[]).await.assert_status(409);
        clerk.post(&format!("{}/{document}/remove", documents(id)), &[]).await.assert_status(303);
        site.visitor().get(&base).await.assert_status(404);
    }

    async fn a_document_can_be_read_aloud(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let reply = send(&mut clerk, &documents(id), &[("document_title", "計画")], &[("document", "a.docx", &word())]).await;
        assert_eq!(reply.location(), format!("{}?notice=added-suggested", documents(id)));
        clerk.get(&reply.location()).await.assert_shows("ファイルから自動で作成しました");
        let (document, version) = (site.number("SELECT id FROM document").await, site.number("SELECT id FROM document_version").await);
        let base = format!("/consultations/kouen/documents/{document}");
        site.visitor().get("/consultations/kouen").await.assert_shows(&format!("{base}/text?version={version}"));
        let page = site.visitor().get(&format!("{base}/text")).await;
        assert!(plain(&page.text).contains("第1章　目標緑を増やします。"));
        let edit = format!("{}/{document}/versions/{version}/text", documents(id));
        assert_eq!(clerk.get(&edit).await.field("twin"), "第1章　目標\n緑を増やします。");
        let long = "あ".repeat(200_001);
        let reply = clerk.post(&edit, &[("twin", &long)]).await;
        reply.assert_status(422).assert_shows("1文字");
        assert_eq!(reply.field("twin"), long);
        clerk.post(&edit, &[("twin", "第1章は、<目標>です。")]).await.assert_status(303);
        let text = site.visitor().get(&format!("{base}/text.txt?version={version}")).await;
        assert_eq!((text.header("content-type"), text.text.as_str()), ("text/plain; charset=utf-8", "第1章は、<目標>です。"));
        site.visitor().get(&format!("{base}/text")).await.assert_shows("第1章は、&lt;目標&gt;です。");
        // A text in the encoding of Windows, sent as a file.
        let sjis = [0x93, 0xC7, 0x82, 0xDD, 0x8F, 0xE3, 0x82, 0xB0];
        let path = format!("{}/{document}/versions", documents(id));
        send(&mut clerk, &path, &[("document_title", "計画")], &[("twin_file", "t.txt", &sjis), ("document", "a.pdf", PDF)]).await.assert_status(303);
        assert_eq!(site.visitor().get(&format!("{base}/text.txt")).await.text, "読み上げ");
        // A PDF says nothing of itself; the text goes with its version.
        send(&mut clerk, &path, &[("document_title", "計画")], &[("document", "a.pdf", b"%PDF-1.7\nx\n%%EOF")]).await.assert_status(303);
        site.visitor().get(&format!("{base}/text")).await.assert_status(404);
        // The own text read aloud.
        let draft = draft(&site, &mut clerk, id, TEXT).await;
        let text = site.visitor().get(&format!("/consultations/kouen/documents/{draft}/text.txt")).await.text;
        assert!(text.contains("緑を今より三割増やします。\n\n・ベンチを置きます。\n・日陰をつくります。\n\n期間"), "{text}");
        let file = site.visitor().get(&format!("/consultations/kouen/documents/{draft}")).await;
        assert_eq!((file.header("content-type"), file.text.as_str()), ("text/markdown; charset=utf-8", TEXT.trim()));
        let unread = send(&mut clerk, &documents(id), &[("document_title", "計画")], &[("twin_file", "t.txt", b"\x89PNG\r\n\x1A\n\x00\xFD\xFF")]).await;
        unread.assert_status(422).assert_shows("#f-twin_file");
    }

    async fn nothing_of_an_unpublished_theme_can_be_reached(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = site.draft_theme(&mut clerk, "kouen", "public_comment").await;
        let document = draft(&site, &mut clerk, id, TEXT).await;
        let version = site.number("SELECT id FROM document_version").await;
        let mut resident = site.resident("花子").await;
        let of_document = [String::new(), format!("/versions/{version}"), "/text".to_owned(), "/text.txt".to_owned()];
        let mut paths: Vec<String> = of_document.iter().map(|rest| format!("documents/{document}{rest}")).collect();
        paths.push("draft".to_owned());
        for path in &paths {
            for reader in [&mut site.visitor(), &mut resident, &mut clerk] {
                assert_eq!(reader.get(&format!("/consultations/kouen/{path}")).await.status, 404, "{path}");
            }
            let preview = format!("/staff/consultations/{id}/preview/{path}");
            assert_eq!(site.visitor().get(&preview).await.status, 303, "{path}");
            assert_eq!(resident.get(&preview).await.status, 403, "{path}");
            let seen = clerk.get(&preview).await;
            assert_eq!(seen.status, 200, "{path}");
            assert!(seen.header("cache-control").contains("no-store"), "{path}");
        }
        let preview = clerk.get(&format!("/staff/consultations/{id}/preview/draft")).await;
        preview.assert_shows("緑を今より三割増やします。");
        preview.assert_hides("proposals/new");
        preview.assert_hides("\"/consultations/kouen");
        let page = clerk.get(&format!("/staff/consultations/{id}/preview")).await;
        for path in [format!("documents/{document}\""), format!("documents/{document}/text?version={version}\""), "draft\"".to_owned()] {
            page.assert_shows(&format!("href=\"/staff/consultations/{id}/preview/{path}"));
        }
    }

    async fn documents_belong_to_their_theme_and_department(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let mut other = site.staff("文化", "文化課", Role::Approver).await;
        let one = theme(&site, &mut clerk, "kouen").await;
        let two = theme(&site, &mut clerk, "toshokan").await;
        let document = draft(&site, &mut clerk, one, TEXT).await;
        let version = site.number("SELECT id FROM document_version").await;
        for rest in [String::new(), format!("/versions/{version}"), "/text".to_owned(), "/text.txt".to_owned()] {
            assert_eq!(site.visitor().get(&format!("/consultations/toshokan/documents/{document}{rest}")).await.status, 404);
            assert_eq!(clerk.get(&format!("/staff/consultations/{two}/preview/documents/{document}{rest}")).await.status, 404);
        }
        site.visitor().get("/consultations/toshokan/draft").await.assert_status(404);
        site.visitor().get(&format!("/consultations/toshokan/draft?version={version}")).await.assert_status(404);
        for rest in [format!("{document}/remove"), format!("{document}/versions/{version}/remove"), format!("{document}/versions/{version}/text")] {
            assert_eq!(clerk.post(&format!("{}/{rest}", documents(two)), &[]).await.status, 404, "{rest}");
            assert_eq!(other.post(&format!("{}/{rest}", documents(one)), &[]).await.status, 403, "{rest}");
        }
        let fields = [("document_title", "よその版"), ("text", "本文")];
        assert_eq!(send(&mut clerk, &format!("{}/{document}/versions", documents(two)), &fields, &[]).await.status, 404);
        assert_eq!(send(&mut other, &format!("{}/{document}/versions", documents(one)), &fields, &[]).await.status, 403);
        let page = other.get(&documents(one)).await;
        page.assert_shows("公園計画（素案）");
        page.assert_hides("段落・ページごとの意見");
        page.assert_hides("新しい版を追加する");
    }

    async fn what_opinions_name_stays_and_is_counted(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let document = draft(&site, &mut clerk, id, TEXT).await;
        let old = site.number("SELECT MAX(id) FROM document_version").await;
        opinion(&site, id, Some("p5"), None).await;
        opinion(&site, id, Some("p5"), None).await;
        opinion(&site, id, None, Some(5)).await;
        let page = clerk.get(&documents(id)).await;
        page.assert_shows(&format!("href=\"/staff/consultations/{id}/intake?anchor=p5\">2件"));
        page.assert_shows(&format!("href=\"/staff/consultations/{id}/intake?page=5\">1件"));
        page.assert_shows("意見が寄せられているため、削除できません。");
        clerk.post(&format!("{}/{document}/remove", documents(id)), &[]).await.assert_status(409);
        // The opinions came before this version and name nothing that is in it.
        site.pass(HOUR);
        let new = next(&site, &mut clerk, id, document, NEXT).await;
        clerk.post(&format!("{}/{document}/versions/{old}/remove", documents(id)), &[]).await.assert_status(409);
        let page = clerk.get(&documents(id)).await;
        page.assert_shows("この段落は新しい版にはありません");
        page.assert_shows("/intake?anchor=p5\">2件");
        clerk.post(&format!("{}/{document}/versions/{new}/remove", documents(id)), &[]).await.assert_status(303);
        // Withdrawn opinions aren't counted, but their history needs the paragraph.
        site.sql("UPDATE proposal SET state = 'withdrawn'").await;
        clerk.get(&documents(id)).await.assert_shows("段落やページを指定した意見は、まだありません。");
        clerk.post(&format!("{}/{document}/remove", documents(id)), &[]).await.assert_status(409);
    }

    async fn pages_in_answers_lead_to_the_document(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Approver).await;
        let id = site.open_theme(&mut clerk, "kouen").await;
        for (title, stage, file) in [("素案", "draft", "a.pdf"), ("参考資料", "initial", "b.pdf")] {
            let bytes = format!("%PDF-1.7\n{title}\n%%EOF\n");
            let fields = [("document_title", title), ("stage", stage)];
            send(&mut clerk, &documents(id), &fields, &[("document", file, bytes.as_bytes())]).await.assert_status(303);
        }
        let (document, version) = (
            site.number("SELECT MIN(id) FROM document").await,
            site.number("SELECT MIN(id) FROM document_version").await,
        );
        let mut resident = site.resident("花子").await;
        let proposal = site.propose(&mut resident, "kouen", "P5の図\n<b>12ページ</b>について、p5.jsは不要。").await;
        let href = format!("<a href=\"/consultations/kouen/documents/{document}/versions/{version}#page=");
        clerk.get(&format!("/staff/proposals/{proposal}")).await.assert_shows(&format!("{href}5\""));
        let page = site.visitor().get(&format!("/consultations/kouen/proposals/{proposal}")).await;
        page.assert_shows(&format!("{href}5\" class=\"page-link\">P5<!></a>"));
        page.assert_shows(&format!("{href}12\" class=\"page-link\">12ページ<!></a>"));
        page.assert_hides("<b>");
        assert_eq!(page.text.matches("page-link").count(), 2);
        site.close(id).await;
        let chapter = site.chapter(&mut clerk, id, "全般").await;
        site.row(&mut clerk, id, chapter, &[proposal], "P5の図が分かりにくい。", "7ページに説明を加えます。\n図も直します。").await;
        let mut publisher = clerk.clone();
        site.publish(&mut clerk, &mut publisher, id).await.assert_status(303);
        let page = site.visitor().get("/consultations/kouen/responses").await;
        page.assert_shows(&format!("{href}5\" class=\"page-link\">P5<!></a>"));
        page.assert_shows(&format!("{href}7\" class=\"page-link\">7ページ<!></a>"));
        assert_eq!(page.rows()[0].answer, "7ページに説明を加えます。\n図も直します。");
    }

    async fn nothing_in_a_text_becomes_script(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let hostile = "# <script>alert(1)</script>\n\n[押す](javascript:alert(1))\n\n<img src=x onerror=alert(1)>\n\n- <svg/onload=alert(1)>\n\n|<iframe>|\n|-|\n|<b onclick=x>|\n";
        let title = "</title><script>alert(2)</script>";
        let fields = [("document_title", title), ("stage", "draft"), ("note", "<script>alert(3)</script>"), ("text", hostile)];
        send(&mut clerk, &documents(id), &fields, &[]).await.assert_status(303);
        let document = site.number("SELECT id FROM document").await;
        let first = site.number("SELECT id FROM document_version").await;
        let changed = hostile.replace("alert(1)", "alert(9)");
        let path = format!("{}/{document}/versions", documents(id));
        let fields = [("document_title", title), ("stage", "draft"), ("note", "<script>alert(3)</script>"), ("text", &changed)];
        send(&mut clerk, &path, &fields, &[]).await.assert_status(303);
        for path in [
            "/consultations/kouen".to_owned(),
            "/consultations/kouen/draft".to_owned(),
            format!("/consultations/kouen/draft?compare={first}"),
            format!("/consultations/kouen/documents/{document}/text"),
            documents(id),
            format!("{path}/new"),
        ] {
            let page = clerk.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            for bad in ["<script>alert", "href=\"javascript", "<img src=x", "<svg/", "<iframe", "<b onclick"] {
                assert!(!page.text.contains(bad), "{path} holds {bad}: {}", page.text);
            }
        }
    }

    async fn the_pages_of_documents_take_few_statements(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let id = theme(&site, &mut clerk, "kouen").await;
        let document = draft(&site, &mut clerk, id, TEXT).await;
        let old = site.number("SELECT MAX(id) FROM document_version").await;
        let new = next(&site, &mut clerk, id, document, NEXT).await;
        for path in [
            format!("/consultations/kouen/draft?version={new}&compare={old}"),
            format!("/consultations/kouen/documents/{document}/versions/{old}"),
            format!("/consultations/kouen/documents/{document}/text"),
            documents(id),
            format!("{}/new", documents(id)),
            format!("{}/{document}/versions/new", documents(id)),
            format!("{}/{document}/versions/{new}/text", documents(id)),
        ] {
            let (reply, statements) = site.statements(clerk.get(&path)).await;
            assert!(reply.status == 200 && statements <= 8, "{path}: {} {statements}", reply.status);
        }
    }
}
