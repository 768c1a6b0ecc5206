//! Text as people type it: stored exactly or refused clearly, and harmless wherever it is shown.

use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site, hex, html::unescape},
};

const SCRIPT: &str = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(1)> \"'&amp;";
const NEW: &str = "/consultations/kouen/proposals/new";

/// Texts that have to come through unchanged.
fn texts() -> Vec<String> {
    vec![
        SCRIPT.to_owned(),
        "👨‍👩‍👧‍👦🏳️‍🌈👩🏽‍🦽 家族".to_owned(),
        "𠮷野家の髙﨑さんと葛\u{E0100}飾区、ハ\u{309A}ンと㈱①".to_owned(),
        "右から\u{202E}左へ\u{202C}\u{200F}".to_owned(),
        "a\n\n  b\tc\n…行末の空白   \n次の行".to_owned(),
        "=1+1 %s {{x}} ${x} '; DROP TABLE proposal; --".to_owned(),
        "👨‍👩‍👧‍👦".repeat(5000),
    ]
}

async fn theme(site: &Site) -> (Browser, Browser, i64) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let id = site.open_theme(&mut clerk, "kouen").await;
    (clerk, site.resident("花子").await, id)
}

/// Nothing that was typed has become markup.
#[track_caller]
fn is_harmless(page: &Reply) {
    for raw in ["<script>alert", "<img src=x"] {
        assert!(!page.text.contains(raw), "{raw} on the page:\n{}", page.text);
    }
    for (tag, most) in [("</title>", 1), ("<textarea", page.text.matches("</textarea>").count())] {
        assert_eq!(page.text.matches(tag).count(), most, "{tag}");
    }
}

on_both_databases! {
    async fn whatever_can_be_typed_is_stored_exactly(site) {
        let (mut clerk, mut author, _) = theme(&site).await;
        for text in texts() {
            let id = site.propose(&mut author, "kouen", &text).await;
            let stored = site.texts(&format!("SELECT body FROM proposal WHERE id = {id}")).await;
            assert_eq!(stored, [text.trim().to_owned()]);
            let edit = author.get(&format!("/consultations/kouen/proposals/{id}/edit")).await;
            assert_eq!(edit.field("body"), text.trim(), "and the form shows it again");
            let page = site.visitor().get(&format!("/consultations/kouen/proposals/{id}")).await;
            assert!(unescape(&page.text).contains(text.trim()));
            is_harmless(&page);
            is_harmless(&clerk.get(&format!("/staff/proposals/{id}")).await);
        }
        is_harmless(&site.visitor().get("/consultations/kouen/proposals?per=100").await);
        // Browsers send line ends in their own way.
        let id = site.propose(&mut author, "kouen", "一行目\r\n二行目\r三行目").await;
        let stored = site.texts(&format!("SELECT body FROM proposal WHERE id = {id}")).await;
        assert_eq!(stored, ["一行目\n二行目\n三行目"]);
    }

    async fn what_cant_be_stored_is_refused_with_the_text_in_the_form(site) {
        let (_, mut author, _) = theme(&site).await;
        let long = format!("{}終", "👨‍👩‍👧‍👦".repeat(5000));
        let marks = format!("前{}後", "\u{301}".repeat(160_000));
        for (text, problem) in [
            (long.as_str(), "5000文字以内で入力してください（1文字超過しています）。"),
            ("前\0後", "使用できない制御文字が含まれています"),
            ("前\u{1B}[31m後", "使用できない制御文字が含まれています"),
            ("前\u{FFFE}後", "使用できない制御文字が含まれています"),
            (" \u{3000}\u{200B}\n", "入力してください。"),
            (marks.as_str(), "5000文字以内で入力してください"),
        ] {
            let reply = author.post(NEW, &[("title", SCRIPT), ("body", text)]).await;
            if text == marks {
                // Half a megabyte of marks on one letter: too large for a form, or too long.
                assert!([413, 422].contains(&reply.status), "{}", reply.status);
                continue;
            }
            reply.assert_status(422).assert_shows(problem);
            reply.assert_shows("aria-invalid=\"true\"");
            reply.assert_shows("href=\"#f-body\"");
            assert_eq!((reply.field("title"), reply.field("body").as_str()), (SCRIPT.to_owned(), text));
            is_harmless(&reply);
        }
        let reply = author.post(NEW, &[("title", &*"題".repeat(81)), ("body", "意見")]).await;
        reply.assert_status(422).assert_shows("80文字以内で入力してください");
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
    }

    async fn names_titles_and_answers_are_text_wherever_they_are_shown(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Approver).await;
        let theme = site.open_theme(&mut clerk, "kouen").await;
        let name = "<script>alert(1)</script>";
        let mut author = site.resident(name).await;
        author.post(NEW, &[("title", "<script>alert(2)</script>"), ("body", SCRIPT)]).await.assert_status(303);
        let id = site.number("SELECT id FROM proposal").await;
        site.sql("UPDATE consultation SET title = '<script>alert(3)</script></title>', cover_alt = '\"><script>alert(4)'").await;
        let chapter = site.chapter(&mut clerk, theme, "<script>alert(5)</script>").await;
        let row = site.row(&mut clerk, theme, chapter, &[id], SCRIPT, "<script>alert(6)</script>").await;
        let staff = format!("/staff/consultations/{theme}");
        let mut pages = vec!["/".to_owned(), "/consultations".to_owned()];
        for path in [
            "",
            "/proposals",
            "/proposals/new",
            &format!("/proposals/{id}"),
            &format!("/proposals/{id}/edit"),
            &format!("/proposals/{id}/withdraw"),
        ] {
            pages.push(format!("/consultations/kouen{path}"));
        }
        pages.extend(["/account".to_owned(), "/consultations/kouen/proposals?q=%3Cscript%3Ealert(1)".to_owned()]);
        for page in &pages {
            let reply = author.get(page).await;
            reply.assert_status(200);
            is_harmless(&reply);
        }
        for path in [
            "",
            "/edit",
            "/proposals",
            "/responses",
            "/responses/preview",
            "/responses/rows/new",
            &format!("/responses/rows/{row}"),
        ] {
            is_harmless(clerk.get(&format!("{staff}{path}")).await.assert_status(200));
        }
        for page in [
            "/staff",
            "/staff/consultations",
            "/staff/moderation",
            "/staff/moderation?q=%3Cscript%3Ealert",
            &format!("/staff/proposals/{id}"),
        ] {
            is_harmless(clerk.get(page).await.assert_status(200));
        }
        site.close(theme).await;
        let mut publisher = clerk.clone();
        site.publish(&mut clerk, &mut publisher, theme).await.assert_status(303);
        clerk
            .post(&format!("/staff/proposals/{id}/hide"), &[("reason", "<script>alert(7)</script>")])
            .await
            .assert_status(303);
        for page in ["/consultations/kouen/responses", "/responses", &format!("/consultations/kouen/proposals/{id}")] {
            is_harmless(site.visitor().get(page).await.assert_status(200));
        }
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        is_harmless(auditor.get("/staff/audit").await.assert_status(200));
        // Mails are plain text: what was typed stands there as it is.
        let mail = site.mails_to(&format!("{}@example.jp", hex(name))).await.pop().unwrap();
        assert!(mail.text.contains("<script>alert(7)</script>") && mail.text.contains("<script>alert(2)</script>"));
        assert!(mail.text.starts_with(&format!("{name} 様")));
    }

    async fn what_is_typed_into_addresses_and_errors_is_text_too(site) {
        let mut visitor = site.visitor();
        let raw = app::shell::percent("\"><script>alert(1)</script>");
        for page in [
            "/account/sign-in?next=",
            "/account/sign-up?email=",
            "/account/confirm?email=",
            "/receipts?number=",
            "/receipts/",
            "/consultations?department=",
            "/account/reset/confirm?email=",
            "/nowhere/",
        ] {
            is_harmless(&visitor.get(&format!("{page}{raw}")).await);
        }
        let reply =
            visitor.post("/account/sign-up", &[("email", "\"><script>alert(1)"), ("display_name", SCRIPT)]).await;
        is_harmless(reply.assert_status(422));
        assert_eq!(reply.field("display_name"), SCRIPT);
    }

    async fn no_download_runs_a_formula(site) {
        let mut staff = site.staff("水野", "公園課", Role::Approver).await;
        let theme = site.open_theme(&mut staff, "kouen").await;
        let mut author = site.resident("花子").await;
        let formulas = ["=HYPERLINK(\"http://evil.example\")", "+81-3", "-1+1", "@SUM(A1)", "=cmd|'/c calc'!A0"];
        let chapter = site.chapter(&mut staff, theme, "=1+1").await;
        for formula in formulas {
            let id = site.propose(&mut author, "kouen", formula).await;
            site.row(&mut staff, theme, chapter, &[id], formula, formula).await;
        }
        site.close(theme).await;
        let mut publisher = staff.clone();
        site.publish(&mut staff, &mut publisher, theme).await.assert_status(303);
        let csv = site.visitor().get("/consultations/kouen/responses.csv").await;
        let mut reader = csv::Reader::from_reader(csv.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), formulas.len());
        for (record, formula) in records.iter().zip(formulas) {
            assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t'])), "{record:?}");
            assert!(record.iter().filter(|cell| cell.strip_prefix('\'') == Some(formula)).count() == 2, "{record:?}");
        }
        let book = site.visitor().get("/consultations/kouen/responses.xlsx").await;
        let mut book =
            calamine::open_workbook_from_rs::<calamine::Xlsx<_>, _>(std::io::Cursor::new(book.bytes)).unwrap();
        for name in calamine::Reader::sheet_names(&book) {
            assert!(calamine::Reader::worksheet_formula(&mut book, &name).unwrap().is_empty(), "{name}");
        }
    }
}
