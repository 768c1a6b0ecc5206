//! Bulk import: files of every kind, the dry run, all or nothing, undoing.

use app::pages::staff::imports::Target;
use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, DAY, MINUTE, Reply, Site, html::plain},
};

mod files;
mod whole;

const CSV: &str = "text/csv";
const HEAD: &str = "意見,提出方法,収受日,氏名,住所\r\n";

/// An open public comment of the park department with its clerk; gives its id.
async fn comment(site: &Site) -> (Browser, i64) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let id = open(site, &mut clerk, "kouen").await;
    (clerk, id)
}

async fn open(site: &Site, clerk: &mut Browser, slug: &str) -> i64 {
    let id = site.draft_theme(clerk, slug, "public_comment").await;
    let at = site.clock.now() - DAY;
    site.sql(&format!("UPDATE consultation SET state = 'published', publish_at = {at} WHERE id = {id}")).await;
    id
}

fn path(theme: i64) -> String {
    format!("/staff/consultations/{theme}/import")
}

async fn upload(clerk: &mut Browser, theme: i64, name: &str, bytes: &[u8]) -> Reply {
    clerk.upload(&path(theme), &[("file", Some(name), CSV, bytes)]).await
}

/// Uploads a table that is accepted; gives the path of the import.
async fn uploaded(clerk: &mut Browser, theme: i64, bytes: &[u8]) -> String {
    let reply = upload(clerk, theme, "意見一覧.csv", bytes).await;
    reply.assert_status(303);
    reply.location()
}

/// The choice of columns as the page offers it, with changes.
async fn check(clerk: &mut Browser, import: &str, changes: &[(&str, &str)]) -> Reply {
    let page = clerk.get(&format!("{import}?step=mapping")).await;
    page.assert_status(200);
    let mut fields: Vec<(&str, String)> =
        Target::ALL.into_iter().map(|target| (target.input(), page.chosen(target.input()))).collect();
    fields.push(("default_channel", page.chosen("default_channel")));
    fields.push(("default_received", page.value_of("default_received")));
    fields.push(("default_eligibility", page.chosen("default_eligibility")));
    fields.push(("intake", "accepted".to_owned()));
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend_from_slice(changes);
    clerk.post(&format!("{import}/check"), &all).await
}

/// Checks and brings in a table that has nothing wrong.
async fn committed(clerk: &mut Browser, theme: i64, bytes: &[u8]) -> String {
    let import = uploaded(clerk, theme, bytes).await;
    check(clerk, &import, &[]).await.assert_status(303);
    let token = clerk.get(&import).await.value_of("token");
    let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
    assert_eq!(reply.location(), format!("{import}?notice=committed"), "{}", reply.text);
    import
}

/// What stands beside a name in the list of facts.
fn fact(page: &Reply, name: &str) -> String {
    let (_, rest) = page.text.split_once(&format!("<dt>{name}")).unwrap_or_else(|| panic!("no {name}: {}", page.text));
    plain(rest.split_once("<dd>").unwrap().1.split("</dd>").next().unwrap())
}

/// How many rows every table that an import could touch has, and what the theme counts.
async fn sizes(site: &Site) -> Vec<i64> {
    let tables = [
        "proposal",
        "opinion_item",
        "identity",
        "staff_note",
        "text_group",
        "text_variant",
        "text_band",
        "intake_tally",
        "bulk_import",
        "upload",
        "audit_event",
    ];
    let mut sizes = Vec::new();
    for table in tables {
        sizes.push(site.number(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    sizes.push(site.number("SELECT CAST(COALESCE(SUM(proposal_count), 0) AS BIGINT) FROM consultation").await);
    sizes
}

/// Everything that is counted and grouped of a theme, in words that can be compared.
async fn counted(site: &Site, theme: i64) -> Vec<String> {
    let text = |columns: &[&str]| {
        columns.iter().map(|c| format!("COALESCE(CAST({c} AS TEXT), '-')")).collect::<Vec<_>>().join(" || ' ' || ")
    };
    let tally = text(&["channel", "eligibility", "status", "received_on", "submissions", "opinions", "people"]);
    let group = text(&["id", "size", "hour", "hour_size", "peak_size", "peak_at"]);
    let variant = text(&["id", "text_group_id", "fold_hash", "proposal_id", "size"]);
    let proposal = text(&["id", "submitter", "text_group_id", "text_variant_id"]);
    let mut found = Vec::new();
    for query in [
        format!(
            "SELECT {tally} FROM intake_tally WHERE consultation_id = {theme} AND (submissions <> 0 OR people <> 0) \
             ORDER BY channel, eligibility, status, received_on"
        ),
        format!("SELECT {group} FROM text_group WHERE consultation_id = {theme} ORDER BY id"),
        format!("SELECT {variant} FROM text_variant WHERE consultation_id = {theme} ORDER BY id"),
        format!("SELECT {proposal} FROM proposal WHERE consultation_id = {theme} ORDER BY id"),
        format!("SELECT CAST(proposal_count AS TEXT) FROM consultation WHERE id = {theme}"),
        "SELECT CAST(COUNT(*) AS TEXT) FROM text_band".to_owned(),
    ] {
        found.push(site.texts(&query).await.join("\n"));
    }
    found
}

/// Holds the kept counts against the submissions themselves.
async fn assert_counts_are_true(site: &Site, theme: i64) {
    let kept = site
        .numbers(&format!("SELECT CAST(SUM(submissions) AS BIGINT) FROM intake_tally WHERE consultation_id = {theme}"))
        .await;
    let counted = site.numbers(&format!("SELECT COUNT(*) FROM proposal WHERE consultation_id = {theme}")).await;
    assert_eq!(kept, counted);
    let kept = site
        .numbers(&format!("SELECT CAST(SUM(opinions) AS BIGINT) FROM intake_tally WHERE consultation_id = {theme}"))
        .await;
    let counted = site
        .numbers(&format!(
            "SELECT COUNT(*) FROM opinion_item i JOIN proposal p ON p.id = i.proposal_id WHERE p.consultation_id = {theme}"
        ))
        .await;
    assert_eq!(kept, counted);
    let kept = site
        .numbers(&format!("SELECT CAST(SUM(people) AS BIGINT) FROM intake_tally WHERE consultation_id = {theme}"))
        .await;
    let counted = site
        .numbers(&format!(
            "SELECT COUNT(DISTINCT submitter) FROM proposal WHERE consultation_id = {theme} AND state = 'published' \
             AND intake IN ('unread', 'accepted', 'awaiting_correction')"
        ))
        .await;
    assert_eq!(kept, counted);
    for (table, column) in [("text_group", "text_group_id"), ("text_variant", "text_variant_id")] {
        let wrong = site
            .number(&format!(
                "SELECT COUNT(*) FROM {table} t WHERE t.consultation_id = {theme} \
                 AND t.size <> (SELECT COUNT(*) FROM proposal p WHERE p.{column} = t.id)"
            ))
            .await;
        assert_eq!(wrong, 0, "sizes of {table}");
    }
}

on_both_databases! {
    async fn a_table_is_uploaded_checked_and_brought_in(site) {
        let (mut clerk, theme) = comment(&site).await;
        clerk.get(&path(theme)).await.assert_shows("まだ取り込みはありません");
        let table = format!(
            "{HEAD}\"①緑を残してほしい。\n②池を作ってほしい。\",郵送,令和8年11月20日,水面 太郎,みなも区本町1-2\r\n\
             駐輪場がほしい,ＦＡＸ,2026/11/21,水面太郎,みなも区本町１－２\r\n\
             駐輪場がほしい。,持参,R8.11.21,川辺 花子,みなも区川岸3\r\n"
        );
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        let page = clerk.get(&import).await;
        page.assert_shows("CSV（文字コード：UTF-8）");
        page.assert_shows("①緑を残してほしい。");
        assert_eq!(page.chosen("col_body"), "0");
        assert_eq!(page.chosen("col_channel"), "1");
        assert_eq!(page.chosen("col_received"), "2");
        assert_eq!(page.chosen("col_name"), "3");
        assert_eq!(page.chosen("col_kana"), "");
        let before = sizes(&site).await;
        check(&mut clerk, &import, &[("split", "1")]).await.assert_status(303);
        assert_eq!(sizes(&site).await, before, "a dry run changes nothing");
        let page = clerk.get(&import).await;
        for (name, n) in [("提出数", 3), ("意見件数", 4), ("提出者数（表の中の見込み）", 2), ("異なる文章の数", 2)] {
            assert_eq!(fact(&page, name), n.to_string());
        }
        page.assert_shows("問題は見つかりませんでした");
        let token = page.value_of("token");
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=committed"));
        let page = clerk.get(&reply.location()).await;
        page.assert_shows("取り込みました");
        let id = import.rsplit('/').next().unwrap();
        page.assert_shows(&format!("/staff/consultations/{theme}/intake?import={id}"));
        assert_counts_are_true(&site, theme).await;
        let rows = site
            .texts("SELECT channel || ' ' || received_on || ' ' || intake || ' ' || eligibility FROM proposal ORDER BY id")
            .await;
        assert_eq!(
            rows,
            [
                "post 2026-11-20 accepted unknown",
                "fax 2026-11-21 accepted unknown",
                "counter 2026-11-21 accepted unknown",
            ]
        );
        assert_eq!(site.texts("SELECT COALESCE(body, 'whole') FROM opinion_item ORDER BY id").await, [
            "①緑を残してほしい。",
            "②池を作ってほしい。",
            "whole",
            "whole",
        ]);
        assert_eq!(site.number("SELECT COUNT(DISTINCT submitter) FROM proposal").await, 2);
        assert_eq!(site.number("SELECT COUNT(DISTINCT receipt_number) FROM proposal").await, 3);
        assert_eq!(site.number("SELECT MAX(size) FROM text_group").await, 2);
        let actions = site.texts("SELECT action FROM audit_event WHERE action LIKE 'import.%' ORDER BY id").await;
        assert_eq!(actions, ["import.upload", "import.commit"]);
        let details = site.texts("SELECT detail FROM audit_event WHERE action LIKE 'import.%'").await.concat();
        assert!(details.contains("sha256") && !details.contains("水面") && !details.contains("緑"), "{details}");
        clerk.get(&format!("{}/intake", import.split("/import").next().unwrap())).await.assert_shows("緑を残してほしい");
    }

    async fn every_wrong_cell_is_named_by_row_and_column_and_nothing_is_brought_in(site) {
        let (mut clerk, theme) = comment(&site).await;
        let table = format!(
            "{HEAD}よい意見,郵送,令和8年11月20日,,\r\n\
             ,郵送,令和8年11月20日,,\r\n\
             日がおかしい,郵送,令和7年2月30日,,\r\n\
             道がおかしい,伝書鳩,2026-11-20,,\r\n\
             先の日,郵送,2026-11-22,,\r\n\
             日がない,郵送,,,\r\n"
        );
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let before = sizes(&site).await;
        let page = clerk.get(&import).await;
        page.assert_shows("取り込めません（直す箇所が5件あります）");
        for (row, column, text) in [
            (3, "A 意見", ""),
            (4, "C 収受日", "「令和7年2月30日」は暦にない日です。"),
            (5, "B 提出方法", "提出方法「伝書鳩」が分かりません。"),
            (6, "C 収受日", "「2026-11-22」はまだ来ていない日です。"),
            (7, "C 収受日", "収受日がありません。"),
        ] {
            let line = plain(page.between(&format!("{row}行目"), "</tr>"));
            assert!(line.contains(column) && line.contains(text), "{row}: {line}");
        }
        page.assert_hides("name=\"token\"");
        let csv = clerk.get(&format!("{import}/problems.csv")).await;
        csv.assert_shows("\u{FEFF}行,列,見出し,区分,内容\r\n");
        csv.assert_shows("4,C,収受日,要修正,「令和7年2月30日」は暦にない日です。\r\n");
        // Even with the token of this very dry run.
        let report = site.texts("SELECT problems FROM bulk_import").await.concat();
        let token = report.split("\"token\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=outdated"));
        assert_eq!(sizes(&site).await, before);
        // An unnamed channel and day come from the defaults.
        let import = uploaded(&mut clerk, theme, "意見\r\n広場がほしい\r\n".as_bytes()).await;
        let wrong = [("default_received", "きのう"), ("default_channel", "")];
        let page = check(&mut clerk, &import, &wrong).await;
        page.assert_status(422);
        page.assert_shows("value=\"きのう\"");
        page.assert_shows("href=\"#f-default_channel\"");
        let right = [("default_received", "令和8年11月20日"), ("default_channel", "fax"), ("default_eligibility", "worker")];
        check(&mut clerk, &import, &right).await.assert_status(303);
        clerk.get(&import).await.assert_shows("1通を取り込む");
    }

    async fn late_and_incomplete_ones_are_remarks_and_are_recorded_as_the_rules_say(site) {
        let (mut clerk, theme) = comment(&site).await;
        site.sql(&format!(
            "UPDATE consultation SET closes_at = {}, rules = '{}' WHERE id = {theme}",
            domain::wareki::end_of_day_ms("2026-11-20".parse().unwrap()),
            r#"{"postmark":true,"incomplete":"no_reply","identity":{"name":"required","address":"optional"}}"#
        ))
        .await;
        let table = "意見,提出方法,収受日,消印日,氏名,備考,整理番号\r\n\
                     間に合った手紙,郵送,2026-11-21,2026-11-20,水面,電話あり,A-1\r\n\
                     遅れた手紙,郵送,2026-11-21,2026-11-21,,,A-1\r\n";
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let page = clerk.get(&import).await;
        page.assert_shows("取り込めます（確認事項が3件あります）");
        page.assert_shows("収受日が募集期間の後です");
        page.assert_shows("募集要項で必須の項目がありません（氏名）");
        page.assert_shows("2行目と同じ整理番号です。");
        let token = page.value_of("token");
        clerk.post(&format!("{import}/commit"), &[("token", &token)]).await.assert_status(303);
        let found = site.texts("SELECT intake || ' ' || CAST(no_reply AS TEXT) FROM proposal ORDER BY id").await;
        assert_eq!(found, ["accepted 0", "late 1"]);
        let notes = site.texts("SELECT body FROM staff_note ORDER BY id").await;
        assert_eq!(notes, ["整理番号: A-1\n電話あり", "整理番号: A-1"]);
        assert_counts_are_true(&site, theme).await;
    }

    async fn people_without_permission_find_no_import(site) {
        let (mut clerk, theme) = comment(&site).await;
        let import = uploaded(&mut clerk, theme, format!("{HEAD}a,郵送,2026-11-21,,\r\n").as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        let other = open(&site, &mut clerk, "michi").await;
        let mut elsewhere = site.staff("森", "道路課", Role::Clerk).await;
        let mut auditor = site.staff("監査", "総務課", Role::Auditor).await;
        let mut resident = site.resident("はな").await;
        let before = sizes(&site).await;
        for browser in [&mut elsewhere, &mut auditor, &mut resident] {
            for page in [path(theme), format!("{}/example.csv", path(theme)), import.clone(), format!("{import}/problems.csv")] {
                browser.get(&page).await.assert_status(403);
            }
            upload(browser, theme, "a.csv", b"a\nb\n").await.assert_status(403);
            for action in ["check", "commit", "undo", "discard"] {
                browser.post(&format!("{import}/{action}"), &[("token", &token)]).await.assert_status(403);
            }
        }
        // An import is found in its own theme only.
        let id = import.rsplit('/').next().unwrap();
        clerk.get(&format!("{}/{id}", path(other))).await.assert_status(404);
        clerk.post(&format!("{}/{id}/commit", path(other)), &[("token", &token)]).await.assert_status(404);
        assert_eq!(sizes(&site).await, before);
        // Who sent what is shown to who brought the table, not to colleagues.
        let mut colleague = site.staff("林", "公園課", Role::Approver).await;
        let page = colleague.get(&format!("{import}?step=mapping")).await;
        page.assert_shows("ファイルを読み込んだ職員だけに表示します");
        page.assert_hides("<td>a</td>");
    }

    async fn only_a_public_comment_that_is_public_takes_a_table(site) {
        let (mut clerk, theme) = comment(&site).await;
        let table = format!("{HEAD}広場がほしい,郵送,2026-11-21,,\r\n");
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        let dialogue = site.open_theme(&mut clerk, "taiwa").await;
        let draft = site.draft_theme(&mut clerk, "mada", "public_comment").await;
        let before = sizes(&site).await;
        for (theme, said) in [(dialogue, "書面などでいただいたご意見の取り込みはできません"), (draft, "まだ公開していません")] {
            let page = clerk.get(&path(theme)).await;
            page.assert_status(200);
            page.assert_shows(said);
            page.assert_hides("name=\"file\"");
            upload(&mut clerk, theme, "a.csv", table.as_bytes()).await.assert_status(409);
        }
        // A theme that became one of these after the table was checked.
        let later = site.clock.now() + DAY;
        for change in ["kind = 'open_dialogue'", "state = 'draft'", &format!("publish_at = {later}")] {
            let old = site.clock.now() - DAY;
            site.sql(&format!("UPDATE consultation SET {change} WHERE id = {theme}")).await;
            clerk.post(&format!("{import}/commit"), &[("token", &token)]).await.assert_status(409);
            let reset = format!("kind = 'public_comment', state = 'published', publish_at = {old}");
            site.sql(&format!("UPDATE consultation SET {reset} WHERE id = {theme}")).await;
        }
        assert_eq!(sizes(&site).await, before);
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=committed"));
    }

    async fn what_is_brought_in_is_what_was_checked(site) {
        let (mut clerk, theme) = comment(&site).await;
        let table = format!("{HEAD}広場がほしい,郵送,2026-11-21,,\r\n");
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        // Not before the dry run.
        let reply = clerk.post(&format!("{import}/commit"), &[("token", "")]).await;
        assert_eq!(reply.location(), format!("{import}?notice=outdated"));
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let old = clerk.get(&import).await.value_of("token");
        check(&mut clerk, &import, &[("split", "1")]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        assert_ne!(old, token);
        for stale in [old.as_str(), "", "x"] {
            let reply = clerk.post(&format!("{import}/commit"), &[("token", stale)]).await;
            assert_eq!(reply.location(), format!("{import}?notice=outdated"));
        }
        clerk.get(&format!("{import}?notice=outdated")).await.assert_shows("もう一度点検してください");
        // Other rules since.
        site.sql(&format!("UPDATE consultation SET rules = '{{\"postmark\":true}}' WHERE id = {theme}")).await;
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=outdated"));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
        // Another file on the disk.
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        let hash = site.texts("SELECT sha256 FROM upload").await.concat();
        let stored = site.app.files.path(&hash);
        let content = std::fs::read(&stored).unwrap();
        std::fs::write(&stored, "意見,提出方法,収受日,氏名,住所\r\nほかの意見,郵送,2026-11-21,,\r\n").unwrap();
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=outdated"));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
        std::fs::write(&stored, content).unwrap();
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=committed"));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
    }

    async fn a_file_that_is_not_brought_in_can_be_thrown_away(site) {
        let (mut clerk, theme) = comment(&site).await;
        let before = sizes(&site).await;
        let import = uploaded(&mut clerk, theme, format!("{HEAD}広場がほしい,郵送,2026-11-21,,\r\n").as_bytes()).await;
        let hash = site.texts("SELECT sha256 FROM upload").await.concat();
        assert!(site.app.files.path(&hash).exists());
        let reply = clerk.post(&format!("{import}/discard"), &[]).await;
        assert_eq!(reply.location(), format!("{}?notice=discarded", path(theme)));
        assert!(!site.app.files.path(&hash).exists());
        clerk.get(&import).await.assert_status(404);
        let after = sizes(&site).await;
        // Two audit events are all that stays.
        assert_eq!(after.iter().zip(&before).map(|(a, b)| a - b).sum::<i64>(), 2);
        let import = committed(&mut clerk, theme, format!("{HEAD}広場がほしい,郵送,2026-11-21,,\r\n").as_bytes()).await;
        clerk.post(&format!("{import}/discard"), &[]).await.assert_status(409);
        // The same file again is said to be the same.
        let import = uploaded(&mut clerk, theme, format!("{HEAD}広場がほしい,郵送,2026-11-21,,\r\n").as_bytes()).await;
        clerk.get(&import).await.assert_shows("同じ内容のファイルが、このテーマに取り込み済みです");
    }
}
