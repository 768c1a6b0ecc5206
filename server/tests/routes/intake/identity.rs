//! Who sent something: opened for a reason, never seen elsewhere, deleted in time.

use std::io::Read as _;

use axum::http::Method;
use domain::rules::Rules;
use server::web::all_routes;

use super::*;

/// What nobody may meet by chance.
const SECRETS: [&str; 8] = [
    "山田内緒子",
    "やまだないしょこ",
    "みなも区秘町九丁目九番九号",
    "090-9999-8888",
    "naisho@example.jp",
    "株式会社内緒商店",
    "代表内緒太郎",
    "内緒の利害",
];

fn secret() -> Identity {
    let [name, kana, address, phone, email, organisation, representative, interest] = SECRETS.map(str::to_owned);
    Identity {
        name,
        kana,
        address,
        phone,
        email,
        organisation,
        representative,
        interest,
        workplace: String::new(),
        school: String::new(),
    }
}

/// Stores a file as a letter's scan or as what was attached; gives its upload.
async fn stored(site: &Site, name: &str, bytes: &[u8]) -> i64 {
    let file = site.app.files.put(bytes.to_vec()).await.unwrap();
    site.sql(&format!(
        "INSERT INTO upload (sha256, content_type, file_name, size, created_at, created_by) \
         VALUES ('{}', 'application/pdf', '{name}', {}, 0, 0)",
        file.sha256, file.size
    ))
    .await;
    site.number("SELECT MAX(id) FROM upload").await
}

async fn events(site: &Site, action: &str) -> Vec<String> {
    site.texts(&format!("SELECT detail FROM audit_event WHERE action = '{action}' ORDER BY id")).await
}

on_both_databases! {
    async fn an_identity_is_opened_for_a_reason_that_is_logged_and_isnt_there_for_others(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let scan = stored(&site, "原本.pdf", b"%PDF-1.7 scan").await;
        let attached = stored(&site, "添付.pdf", b"%PDF-1.7 attached").await;
        let (id, number) = sent(&site, "keikaku", |new| {
            new.identity = secret();
            new.attachments = vec![(scan, AttachmentKind::Scan), (attached, AttachmentKind::Attachment)];
        }).await;
        let files = site.numbers("SELECT id FROM attachment ORDER BY position").await;
        let (item, open) = (format!("/staff/proposals/{id}"), format!("/staff/proposals/{id}/identity"));
        let page = open_page(&mut clerk, &item).await;
        page.assert_shows("提出者の情報を見る");
        page.assert_shows("添付.pdf");
        page.assert_hides("原本.pdf");
        for secret in SECRETS {
            page.assert_hides(secret);
        }
        for (reason, problem) in [("", "入力してください。"), ("確認", "4文字以上で入力してください")] {
            let refused = clerk.post(&open, &[("reason", reason), ("preset", "")]).await;
            refused.assert_status(422).assert_shows(problem);
            assert_eq!(refused.field("reason"), reason);
            for secret in SECRETS {
                refused.assert_hides(secret);
            }
        }
        assert!(events(&site, "identity.view").await.is_empty());
        let shown = clerk.post(&open, &[("reason", "電話があったため"), ("preset", "inquiry")]).await;
        shown.assert_status(200);
        assert_eq!(shown.header("cache-control"), "no-store");
        for secret in SECRETS {
            shown.assert_shows(secret);
        }
        shown.assert_shows(&number);
        let log = events(&site, "identity.view").await;
        assert!(log.len() == 1 && log[0].contains("本人からの問い合わせ 電話があったため"), "{log:?}");
        // The scan is on that page, and each look at it is logged.
        let link = format!("{item}/scans/{}", files[0]);
        shown.assert_shows(&format!("action=\"{link}\""));
        shown.assert_hides("?reason=");
        let picture = clerk.post(&link, &[("reason", "電話があったため")]).await;
        assert_eq!((picture.status, picture.bytes.as_slice()), (200, &b"%PDF-1.7 scan"[..]));
        assert!(picture.header("cache-control").contains("no-store"));
        assert_eq!(events(&site, "identity.scan").await.len(), 1);
        for (file, reason) in [(files[0], ""), (files[0], "x"), (files[1], "abcd")] {
            clerk.post(&format!("{item}/scans/{file}"), &[("reason", reason)]).await.assert_status(404);
        }
        for (file, status) in [(files[0], 404), (files[1], 200)] {
            clerk.get(&format!("{item}/attachments/{file}")).await.assert_status(status);
        }
        assert_eq!(events(&site, "identity.scan").await.len(), 1);
        // Others meet neither the identity nor that it exists.
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        let mut elsewhere = site.staff("他課", "文化課", Role::Clerk).await;
        let page = open_page(&mut auditor, &item).await;
        page.assert_hides("提出者の情報");
        page.assert_hides("identity");
        let list = open_page(&mut auditor, &queue(theme)).await;
        list.assert_hides("提出者の情報");
        open_page(&mut auditor, &format!("{item}/attachments/{}", files[1])).await;
        for browser in [&mut auditor, &mut elsewhere] {
            for path in [&open, "/staff/proposals/999999/identity", &format!("/staff/consultations/{theme}/identities")] {
                let reply = browser.post(path, &[("reason", "見てみたいため")]).await;
                reply.assert_status(404);
            }
            browser.post(&link, &[("reason", "見てみたいため")]).await.assert_status(404);
            browser.get(&format!("/staff/consultations/{theme}/identities")).await.assert_status(404);
        }
        let mut resident = site.resident("区民").await;
        resident.post(&open, &[("reason", "見てみたいため")]).await.assert_status(403);
        assert_eq!(site.visitor().post(&open, &[("reason", "見てみたいため")]).await.status, 303);
        assert_eq!(events(&site, "identity.view").await.len(), 1);
        assert_eq!(events(&site, "identity.scan").await.len(), 1);
        auditor.get("/staff/audit?action=identity.view").await.assert_shows("電話があったため");
    }

    async fn identities_are_exported_for_a_reason_with_a_count_in_the_log(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let (_, number) = sent(&site, "keikaku", |new| new.identity = secret()).await;
        sent(&site, "keikaku", |new| {
            new.channel = Channel::Fax;
            new.identity = Identity { name: "=HYPERLINK(\"x\")".to_owned(), phone: "+81-3".to_owned(), interest: "一行目\n二行目".to_owned(), ..Identity::default() };
        }).await;
        sent(&site, "keikaku", |_| ()).await;
        open(&site, &mut clerk, "betsu").await;
        sent(&site, "betsu", |new| new.identity = person("よその人")).await;
        let path = format!("/staff/consultations/{theme}/identities");
        open_page(&mut clerk, &queue(theme)).await.assert_shows(&path);
        open_page(&mut clerk, &path).await.assert_shows("CSVに書き出す");
        let refused = clerk.post(&path, &[("reason", "確認")]).await;
        refused.assert_status(422).assert_shows("4文字以上");
        assert!(events(&site, "identity.export").await.is_empty());
        let file = clerk.post(&path, &[("reason", "結果の通知のため")]).await;
        file.assert_status(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.header("cache-control").contains("no-store"));
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert!(file.bytes.starts_with(b"\xEF\xBB\xBF"));
        let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(&file.bytes[3..]).records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0][0], &rows[0][5], &rows[0][9]), (number.as_str(), SECRETS[0], SECRETS[4]));
        assert_eq!((&rows[1][2], &rows[1][5], &rows[1][8], &rows[1][14]), ("FAX", "'=HYPERLINK(\"x\")", "'+81-3", "一行目／二行目"));
        let log = events(&site, "identity.export").await;
        assert!(log.len() == 1 && log[0].contains("結果の通知のため") && log[0].contains("\"count\":2"), "{log:?}");
    }

    async fn identities_are_deleted_on_their_day_and_not_the_day_before(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let other = open(&site, &mut clerk, "betsu").await;
        let scan = stored(&site, "原本.pdf", b"%PDF-1.7 scan").await;
        let shared = stored(&site, "同じ.pdf", b"%PDF-1.7 the same").await;
        let copy = stored(&site, "同じ.pdf", b"%PDF-1.7 the same").await;
        let (id, _) = sent(&site, "keikaku", |new| {
            new.identity = secret();
            new.attachments = vec![(scan, AttachmentKind::Scan), (shared, AttachmentKind::Scan), (copy, AttachmentKind::Attachment)];
        }).await;
        sent(&site, "keikaku", |new| new.identity = secret()).await;
        sent(&site, "betsu", |new| new.identity = person("よその人")).await;
        let hash = site.texts(&format!("SELECT sha256 FROM upload WHERE id = {scan}")).await.remove(0);
        let same = site.texts(&format!("SELECT sha256 FROM upload WHERE id = {shared}")).await.remove(0);
        let counts = site.texts("SELECT people || '/' || submissions || '/' || opinions FROM intake_tally").await;
        // The result of the one came out on the last day of a month; the other has none.
        let published = wareki::parse("2026-11-30").unwrap();
        site.sql(&format!("UPDATE consultation SET result_at = {} WHERE id = {theme}", wareki::start_of_day_ms(published) + 1)).await;
        let months = Rules::default().retention_months;
        let due = published.checked_add_months(chrono::Months::new(months)).unwrap();
        let run = || async { service::identity::dispose_due(&Ctx::system(&site.app)).await.unwrap() };
        open_page(&mut clerk, &queue(theme)).await.assert_shows(&format!("提出者の情報は{}に削除します", wareki::long(due)));
        site.clock.set(wareki::start_of_day_ms(due) - 1);
        run().await;
        assert_eq!(site.number("SELECT COUNT(*) FROM identity").await, 3);
        assert!(site.app.files.path(&hash).exists() && events(&site, "identity.dispose").await.is_empty());
        site.clock.set(wareki::start_of_day_ms(due));
        // Several processes look at once.
        tokio::join!(run(), run());
        run().await;
        assert_eq!(site.numbers("SELECT consultation_id FROM identity").await, [other]);
        assert_eq!(site.texts("SELECT kind FROM attachment").await, ["attachment"]);
        assert_eq!(site.numbers("SELECT id FROM upload").await, [copy]);
        assert!(!site.app.files.path(&hash).exists() && site.app.files.path(&same).exists());
        assert_eq!(site.number("SELECT COUNT(*) FROM file_disposal").await, 0);
        let log = events(&site, "identity.dispose").await;
        assert!(log.len() == 1 && log[0].contains("\"count\":2") && log[0].contains("\"scans\":2"), "{log:?}");
        let after = site.texts("SELECT people || '/' || submissions || '/' || opinions FROM intake_tally").await;
        assert_eq!(after, counts, "who is counted stands");
        let mut clerk = site.signed_in(&format!("{}@staff.example.jp", hex("水野")), crate::support::PASSWORD).await;
        open_page(&mut clerk, &queue(theme)).await.assert_shows(&format!("提出者の情報は{}に削除しました", wareki::long(due)));
        let opened = clerk.post(&format!("/staff/proposals/{id}/identity"), &[("reason", "確認のため")]).await;
        opened.assert_status(200).assert_hides(SECRETS[0]);
        // Without a result, a year goes by before the months begin.
        let closes = wareki::date_of(site.number(&format!("SELECT closes_at FROM consultation WHERE id = {other}")).await);
        let later = closes.checked_add_months(chrono::Months::new(12 + months)).unwrap();
        site.clock.set(wareki::start_of_day_ms(later) - 1);
        run().await;
        assert_eq!(site.number("SELECT COUNT(*) FROM identity").await, 1);
        site.clock.set(wareki::start_of_day_ms(later));
        run().await;
        assert_eq!(site.number("SELECT COUNT(*) FROM identity").await, 0);
        // What is entered afterwards all the same is deleted as well.
        sent(&site, "betsu", |new| new.identity = person("あとの人")).await;
        run().await;
        assert_eq!(site.number("SELECT COUNT(*) FROM identity").await, 0);
        assert_eq!(events(&site, "identity.dispose").await.len(), 3);
    }

    async fn nothing_personal_is_on_any_page_or_in_any_file_that_others_can_open(site) {
        let mut approver = site.staff("承認者", "公園課", Role::Approver).await;
        let theme = open(&site, &mut approver, "keikaku").await;
        let mut ids = Vec::new();
        let mut numbers = Vec::new();
        for channel in [Channel::Web, Channel::Post, Channel::Hearing] {
            let (id, number) = sent(&site, "keikaku", |new| {
                new.channel = channel;
                new.identity = secret();
                new.eligibility = Some(Eligibility::Business);
                new.intake = IntakeState::Accepted;
            }).await;
            ids.push(id);
            numbers.push(number);
        }
        let dialogue = site.open_theme(&mut approver, "taiwa").await;
        let (shown, shown_number) = sent(&site, "taiwa", |new| new.identity = secret()).await;
        site.close(theme).await;
        let chapter = site.chapter(&mut approver, theme, "全般").await;
        site.row(&mut approver, theme, chapter, &ids, "ベンチの増設", "検討します。").await;
        let mut publisher = approver.clone();
        site.publish(&mut approver, &mut publisher, theme).await.assert_status(303);
        let browsers = [
            ("visitor", site.visitor()),
            ("resident", site.resident("区民").await),
            ("auditor", site.staff("監査", "監査課", Role::Auditor).await),
            ("clerk of another department", site.staff("他課", "文化課", Role::Clerk).await),
        ];
        let mut paths = every_path("keikaku", theme, ids[0], &numbers[0]);
        paths.extend(every_path("taiwa", dialogue, shown, &shown_number));
        for (who, mut browser) in browsers {
            let mut opened = 0;
            for path in &paths {
                let reply = browser.clone().get(path).await;
                opened += usize::from(reply.status == 200);
                looks_clean(&reply, &format!("{who}: {path}"));
            }
            assert!(opened > 25, "{who} opened {opened} pages");
            for secret in SECRETS {
                let found = browser.get(&format!("/consultations/taiwa/proposals?q={}", app::shell::percent(secret))).await;
                found.assert_status(200).assert_shows("0件の意見があります");
            }
        }
        // Those who work on the theme meet it where they ask for it, and nowhere else.
        for path in [queue(theme), format!("{}?q={}", queue(theme), app::shell::percent(SECRETS[0])), format!("/staff/proposals/{}", ids[0]),
            format!("/staff/consultations/{theme}/proposals"), "/staff/moderation".to_owned(), format!("/staff/consultations/{theme}/responses"),
            format!("/staff/consultations/{theme}/groups"), "/staff".to_owned()] {
            let reply = open_page(&mut approver, &path).await;
            let text = reply.text.replace(&format!("value=\"{}\"", SECRETS[0]), "");
            assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{path}: {text}");
        }
    }
}

/// Every address that can be opened, of this theme.
fn every_path(slug: &str, theme: i64, proposal: i64, number: &str) -> Vec<String> {
    let (theme, proposal) = (theme.to_string(), proposal.to_string());
    let mut paths = Vec::new();
    for route in all_routes().table().iter().filter(|r| r.method == Method::GET) {
        let below = |part: &str| route.path.contains(part);
        let id = if below("/proposals/{id}") || below("/staff/proposals/") { &proposal } else { &theme };
        let path = route
            .path
            .replace("{slug}", slug)
            .replace("{number}", number)
            .replace("{id}", id)
            .replace("{topic}", "privacy")
            .replace("{tag}", "ja");
        for file in ["responses", "responses.csv", "responses.xlsx"] {
            paths.push(path.replace("{responses}", file));
        }
    }
    paths.sort();
    paths.dedup();
    // What is left of parameters is some row of somewhere: the first.
    paths.into_iter().map(|path| fill(&path)).collect()
}

fn fill(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Fails when a page or file holds what nobody else may know; a workbook is looked into.
fn looks_clean(reply: &Reply, what: &str) {
    let mut texts = vec![reply.text.clone()];
    if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(&reply.bytes)) {
        for n in 0..archive.len() {
            let mut text = String::new();
            let mut part = archive.by_index(n).unwrap();
            if part.read_to_string(&mut text).is_ok() {
                texts.push(text);
            }
        }
        assert!(texts.len() > 3, "{what}: nothing in the workbook");
    }
    for text in texts {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is on {what}:\n{text}");
        }
    }
}
