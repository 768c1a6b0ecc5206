//! All or nothing, once, and back again; counts and groups as if the letters had come one by one.

use std::{fmt::Write as _, time::Duration};

use domain::{Channel, identity::Identity};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use server::{
    ctx::Ctx,
    service::{
        self,
        submission::{NewSubmission, record},
    },
};

use super::*;
use crate::support::{
    Backend, databases,
    process::{Server, answer, program, run},
};

/// Letters of a campaign: every 25th is somebody's own.
fn letter(n: usize) -> String {
    let campaign = [
        "除去土壌の再生利用については、住民への説明が足りないまま進められており、反対します。計画を白紙に戻してください。",
        "駅前の自転車駐車場が足りません。朝八時には満車になるので、歩道に停めるほかなく危険です。増設をお願いします。",
        "図書館の開館時間を夜九時まで延ばしてください。仕事の帰りに寄れる時間に開いていてほしいと思います。",
    ];
    if n.is_multiple_of(25) {
        format!("{n}番目の私だけの意見です。うちの前の{n}号の道は、雨が降ると水が{}センチもたまります。", n * 7 % 90)
    } else {
        campaign[n % campaign.len()].to_owned()
    }
}

fn campaign(rows: usize) -> String {
    let mut table = HEAD.to_owned();
    for n in 0..rows {
        write!(table, "{},郵送,2026-11-2{},人{},本町{}\r\n", letter(n), n % 2, n / 2, n / 2).unwrap();
    }
    table
}

async fn send(site: &Site, slug: &str, text: &str, name: &str) -> i64 {
    let ctx = Ctx::system(&site.app).at(site.clock.now());
    let loaded = service::consultation::visible(&ctx, slug).await.unwrap();
    let identity = Identity { name: name.to_owned(), address: "本町1".to_owned(), ..Identity::default() };
    let new = NewSubmission { identity, ..NewSubmission::of_text(&ctx, Channel::Post, text.to_owned()) };
    let tx = ctx.write().await.unwrap();
    let made = record(&tx, &ctx, &loaded, new).await.unwrap();
    tx.commit().await.unwrap();
    made.id
}

/// Which submissions are together, and how large each group is: the same whatever the ids are.
async fn partition(site: &Site, theme: i64) -> Vec<usize> {
    let groups = site
        .numbers(&format!(
            "SELECT COALESCE(text_group_id, 0) FROM proposal WHERE consultation_id = {theme} ORDER BY id"
        ))
        .await;
    groups.iter().map(|group| groups.iter().position(|other| other == group).unwrap()).collect()
}

on_both_databases! {
    async fn a_failure_in_the_middle_leaves_everything_as_before(site) {
        let (mut clerk, theme) = comment(&site).await;
        send(&site, "kouen", &letter(1), "前から").await;
        let mut table = campaign(1200);
        table.push_str("爆弾のような意見,郵送,2026-11-21,,\r\n");
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        let (before, counts) = (sizes(&site).await, counted(&site, theme).await);
        let postgres = site.app.database.reader().get_database_backend() == DbBackend::Postgres;
        if postgres {
            site.sql("CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'boom'; END $$; \
                      CREATE TRIGGER boom BEFORE INSERT ON proposal FOR EACH ROW WHEN (NEW.body LIKE '爆弾%') EXECUTE FUNCTION boom()").await;
        } else {
            site.sql("CREATE TRIGGER boom BEFORE INSERT ON proposal WHEN NEW.body LIKE '爆弾%' BEGIN SELECT RAISE(ABORT, 'boom'); END").await;
        }
        clerk.post(&format!("{import}/commit"), &[("token", &token)]).await.assert_status(500);
        assert_eq!(sizes(&site).await, before);
        assert_eq!(counted(&site, theme).await, counts);
        clerk.get(&import).await.assert_shows("1201通を取り込む");
        site.sql(if postgres { "DROP TRIGGER boom ON proposal" } else { "DROP TRIGGER boom" }).await;
        let reply = clerk.post(&format!("{import}/commit"), &[("token", &token)]).await;
        assert_eq!(reply.location(), format!("{import}?notice=committed"));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1202);
        assert_counts_are_true(&site, theme).await;
    }

    async fn the_button_pressed_twice_brings_the_table_in_once(site) {
        let (mut clerk, theme) = comment(&site).await;
        let import = uploaded(&mut clerk, theme, campaign(60).as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        let (path, fields) = (format!("{import}/commit"), [("token", token.as_str())]);
        let (mut a, mut b) = (clerk.clone(), clerk.clone());
        let (first, second) = tokio::join!(a.post(&path, &fields), b.post(&path, &fields));
        assert_eq!(first.location(), format!("{import}?notice=committed"), "{}", first.text);
        assert_eq!(second.location(), first.location(), "{}", second.text);
        let third = clerk.post(&path, &fields).await;
        assert_eq!(third.location(), first.location());
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 60);
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'import.commit'").await, 1);
        assert_counts_are_true(&site, theme).await;
    }

    async fn undoing_restores_every_count(site) {
        let (mut clerk, theme) = comment(&site).await;
        // Some were there before: of the same texts, of the same person, of a text of their own.
        for (n, name) in [(1, "人1"), (2, "前から"), (4, "前から"), (25, "ひとり")] {
            send(&site, "kouen", &letter(n), name).await;
            site.pass(20 * MINUTE);
        }
        let (before, counts) = (sizes(&site).await, counted(&site, theme).await);
        site.pass(30 * MINUTE);
        let import = committed(&mut clerk, theme, campaign(300).as_bytes()).await;
        assert_counts_are_true(&site, theme).await;
        assert_ne!(counted(&site, theme).await, counts);
        site.pass(MINUTE);
        let reply = clerk.post(&format!("{import}/undo"), &[]).await;
        assert_eq!(reply.location(), format!("{import}?notice=undone"), "{}", reply.text);
        assert_eq!(counted(&site, theme).await, counts);
        let after = sizes(&site).await;
        let changed: Vec<i64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
        // The upload, its import and the three events of it stay; nothing else does.
        assert_eq!(changed, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 0]);
        assert_counts_are_true(&site, theme).await;
        clerk.get(&import).await.assert_shows("取り消し済み");
        // Once more is nothing more, and what is out can't be brought in by an old form.
        clerk.post(&format!("{import}/undo"), &[]).await.assert_status(303);
        clerk.post(&format!("{import}/commit"), &[("token", "x")]).await.assert_status(409);
        assert_eq!(counted(&site, theme).await, counts);
        // The same table may come in again.
        committed(&mut clerk, theme, campaign(300).as_bytes()).await;
        assert_counts_are_true(&site, theme).await;
    }

    async fn what_was_worked_on_stands_in_the_way_of_undoing(site) {
        let (mut clerk, theme) = comment(&site).await;
        let table = "意見,提出方法,収受日,備考\r\n広場がほしい,郵送,2026-11-21,取り込みのメモ\r\n池がほしい,郵送,2026-11-21,\r\n";
        let import = committed(&mut clerk, theme, table.as_bytes()).await;
        let id = site.number("SELECT MIN(id) FROM proposal").await;
        let receipt = site.texts(&format!("SELECT receipt_number FROM proposal WHERE id = {id}")).await.concat();
        site.pass(MINUTE);
        let now = site.clock.now();
        let clerk_id = site.number("SELECT MIN(id) FROM account").await;
        for (work, back) in [
            (
                format!("INSERT INTO staff_note (proposal_id, account_id, body, created_at) VALUES ({id}, {clerk_id}, '確認', {now})"),
                format!("DELETE FROM staff_note WHERE created_at = {now}"),
            ),
            (
                format!("UPDATE proposal SET intake = 'duplicate' WHERE id = {id}"),
                format!("UPDATE proposal SET intake = 'accepted' WHERE id = {id}"),
            ),
            (
                format!("UPDATE proposal SET updated_at = {now} WHERE id = {id}"),
                format!("UPDATE proposal SET updated_at = created_at WHERE id = {id}"),
            ),
            (
                format!("INSERT INTO proposal_like (proposal_id, account_id, created_at) VALUES ({id}, {clerk_id}, {now})"),
                "DELETE FROM proposal_like".to_owned(),
            ),
        ] {
            site.sql(&work).await;
            let before = (sizes(&site).await, counted(&site, theme).await);
            let reply = clerk.post(&format!("{import}/undo"), &[]).await;
            reply.assert_status(409);
            reply.assert_shows("取り消せません");
            reply.assert_shows(&receipt);
            assert_eq!((sizes(&site).await, counted(&site, theme).await), before, "{work}");
            site.sql(&back).await;
        }
        // As staff do it: cutting a letter into opinions leaves no other trace than the log.
        let ctx = Ctx::system(&site.app);
        let tx = ctx.write().await.unwrap();
        server::audit::record(&tx, &ctx, "intake.split", ("proposal", id), serde_json::json!({})).await.unwrap();
        tx.commit().await.unwrap();
        clerk.post(&format!("{import}/undo"), &[]).await.assert_status(409);
        site.sql("DELETE FROM audit_event WHERE action = 'intake.split'").await;
        clerk.post(&format!("{import}/undo"), &[]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
    }

    async fn thousands_of_copies_are_grouped_and_counted(site) {
        let (mut clerk, theme) = comment(&site).await;
        let import = uploaded(&mut clerk, theme, campaign(5000).as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let page = clerk.get(&import).await;
        assert_eq!(fact(&page, "提出数"), "5000");
        assert_eq!(fact(&page, "提出者数（表の中の見込み）"), "2500");
        assert_eq!(fact(&page, "異なる文章の数"), "203");
        let token = page.value_of("token");
        clerk.post(&format!("{import}/commit"), &[("token", &token)]).await.assert_status(303);
        assert_counts_are_true(&site, theme).await;
        let largest = site.numbers("SELECT size FROM text_group ORDER BY size DESC LIMIT 3").await;
        assert_eq!(largest, [1600; 3]);
        assert_eq!(site.number("SELECT COUNT(*) FROM text_variant").await, 203);
        assert_eq!(site.number("SELECT COUNT(DISTINCT receipt_number) FROM proposal").await, 5000);
        assert_eq!(site.number(&format!("SELECT proposal_count FROM consultation WHERE id = {theme}")).await, 5000);
    }

    async fn an_import_groups_and_counts_as_letters_that_come_one_by_one(site) {
        let (mut clerk, theme) = comment(&site).await;
        let other = open(&site, &mut clerk, "michi").await;
        // The first third is there already, in both.
        for (slug, rows) in [("kouen", 40), ("michi", 120)] {
            for n in 0..rows {
                let text = if n % 10 == 3 { format!("{}以上です。", letter(n)) } else { letter(n) };
                send(&site, slug, &text, &format!("人{}", n / 2)).await;
            }
        }
        let mut table = HEAD.to_owned();
        for n in 40..120 {
            let text = if n % 10 == 3 { format!("{}以上です。", letter(n)) } else { letter(n) };
            write!(table, "{text},郵送,2026-11-21,人{},本町1\r\n", n / 2).unwrap();
        }
        let import = uploaded(&mut clerk, theme, table.as_bytes()).await;
        check(&mut clerk, &import, &[]).await.assert_status(303);
        let token = clerk.get(&import).await.value_of("token");
        clerk.post(&format!("{import}/commit"), &[("token", &token)]).await.assert_status(303);
        assert_eq!(partition(&site, theme).await, partition(&site, other).await);
        let people = |theme: i64| format!("SELECT COUNT(DISTINCT submitter) FROM proposal WHERE consultation_id = {theme}");
        assert_eq!(site.number(&people(theme)).await, site.number(&people(other)).await);
        for column in ["size", "hour", "hour_size", "peak_size", "peak_at"] {
            let query = |theme: i64| format!("SELECT {column} FROM text_group WHERE consultation_id = {theme} ORDER BY size, id");
            assert_eq!(site.numbers(&query(theme)).await, site.numbers(&query(other)).await, "{column}");
        }
        assert_counts_are_true(&site, theme).await;
        assert_counts_are_true(&site, other).await;
    }
}

/// Sends a form with a file over a real connection.
fn post_file(server: &Server, path: &str, cookie: &str, content: &str) -> Option<crate::support::process::Answer> {
    use std::io::Write as _;
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
         {content}\r\n--edge--\r\n"
    );
    let head = server
        .head("POST", path, cookie, body.len())
        .replace("application/x-www-form-urlencoded", "multipart/form-data; boundary=edge");
    let mut connection = server.connect()?;
    connection.write_all(head.as_bytes()).ok()?;
    connection.write_all(body.as_bytes()).ok()?;
    answer(connection)
}

#[tokio::test]
async fn a_crash_in_the_middle_of_an_import_leaves_all_of_it_or_nothing() {
    const ROWS: usize = 3000;
    let directory = tempfile::tempdir().unwrap();
    let settings = [("MACHIKOE_RATE_LIMITS", "off")];
    assert!(run(program(directory.path(), &settings, &["demo"]), "").status.success());
    let url = format!("sqlite://{}", directory.path().join("machikoe.sqlite").display());
    let db = databases::connect(&url).await;
    let number = async |query: &str| -> i64 {
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    };
    let server = Server::start(directory.path(), &settings);
    let cookie = server.sign_in("admin@minamo.example.jp", server::demo::PASSWORD);
    let theme = number("SELECT MIN(id) FROM consultation WHERE kind = 'public_comment'").await;
    let before = number("SELECT COUNT(*) FROM proposal").await;
    let sizes = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM text_group";
    let grouped = number(sizes).await;
    let mut table = "意見,提出方法,収受日,氏名,住所\r\n".to_owned();
    for n in 0..ROWS {
        write!(table, "{},郵送,令和7年2月1日,人{n},本町{n}\r\n", letter(n)).unwrap();
    }
    let uploaded = post_file(&server, &path(theme), &cookie, &table).unwrap();
    assert_eq!(uploaded.status, 303, "{}", uploaded.text);
    let import = uploaded.header("location").unwrap().to_owned();
    let columns = "col_body=0&col_channel=1&col_received=2&col_name=3&col_address=4&intake=accepted";
    let checked = server.ask("POST", &format!("{import}/check"), &cookie, columns).unwrap();
    assert_eq!(checked.status, 303, "{}", checked.text);
    let token = server.ask("GET", &import, &cookie, "").unwrap().text;
    let token = token.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut server = Some(server);
    for patience in [60, 400, 900] {
        let running = server.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| running.ask("POST", &format!("{import}/commit"), &cookie, &format!("token={token}")));
            std::thread::sleep(Duration::from_millis(patience));
            running.signal("-KILL");
        });
        drop(running);
        let running = Server::start(directory.path(), &settings);
        let added = number("SELECT COUNT(*) FROM proposal").await - before;
        let state = number("SELECT COUNT(*) FROM bulk_import WHERE state = 'committed'").await;
        let all = i64::try_from(ROWS).unwrap();
        assert!((added, state) == (0, 0) || (added, state) == (all, 1), "{patience}: {added} {state}");
        assert_eq!(number(sizes).await - grouped, added, "{patience}");
        server = Some(running);
    }
    let running = server.take().unwrap();
    let done = running.ask("POST", &format!("{import}/commit"), &cookie, &format!("token={token}")).unwrap();
    assert_eq!(done.header("location"), Some(format!("{import}?notice=committed").as_str()), "{}", done.text);
    assert_eq!(number("SELECT COUNT(*) FROM proposal").await - before, i64::try_from(ROWS).unwrap());
}

#[test]
fn a_browser_that_sends_far_too_much_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let settings = [("MACHIKOE_RATE_LIMITS", "off")];
    assert!(run(program(directory.path(), &settings, &["demo"]), "").status.success());
    let server = Server::start(directory.path(), &settings);
    let cookie = server.sign_in("admin@minamo.example.jp", server::demo::PASSWORD);
    let takes = |id: &i64| server.ask("GET", &path(*id), &cookie, "").unwrap().text.contains("name=\"file\"");
    let theme = (1..20).find(takes).expect("a public comment");
    let answer = post_file(&server, &path(theme), &cookie, &"長い意見の表\n".repeat(10 << 20)).expect("an answer");
    assert_eq!(answer.status, 413);
    assert!(answer.text.contains("ファイルが大きすぎます（100MBまで）"), "{}", answer.text);
    let left: Vec<_> = std::fs::read_dir(directory.path().join("files/incoming")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn others_read_while_a_table_comes_in() {
    let site = Site::new(Backend::Sqlite).await;
    let (mut clerk, theme) = comment(&site).await;
    let import = uploaded(&mut clerk, theme, campaign(2000).as_bytes()).await;
    check(&mut clerk, &import, &[]).await.assert_status(303);
    let token = clerk.get(&import).await.value_of("token");
    let mut busy = clerk.clone();
    let (path, fields) = (format!("{import}/commit"), [("token", token.as_str())]);
    let work = busy.post(&path, &fields);
    tokio::pin!(work);
    let mut reader = site.visitor();
    let mut read = 0;
    let reply = loop {
        let page = format!("/consultations/kouen?n={read}");
        tokio::select! {
            reply = &mut work => break reply,
            page = reader.get(&page) => {
                page.assert_status(200);
                read += 1;
            }
        }
    };
    assert_eq!(reply.location(), format!("{import}?notice=committed"));
    assert!(read >= 3, "{read} pages were read meanwhile");
}
