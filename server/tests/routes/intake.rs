//! The queue, its counts, identity and corrections.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Channel, IntakeState, Role, identity::Identity, rules::Eligibility, wareki};
use server::{
    ctx::Ctx,
    service::{
        self,
        submission::{AttachmentKind, NewItem, NewSubmission},
    },
};

use crate::{
    on_both_databases,
    support::{Browser, DAY, Reply, Site, hex, html::plain},
};

mod counts;
mod identity;
mod one;

/// An open public comment of the park department with its clerk; gives its id.
async fn comment(site: &Site, slug: &str) -> (Browser, i64) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let id = open(site, &mut clerk, slug).await;
    (clerk, id)
}

async fn open(site: &Site, clerk: &mut Browser, slug: &str) -> i64 {
    let id = site.draft_theme(clerk, slug, "public_comment").await;
    let at = site.clock.now() - DAY;
    site.sql(&format!("UPDATE consultation SET state = 'published', publish_at = {at} WHERE id = {id}")).await;
    id
}

/// Something that reached the ward; gives its id and receipt number.
async fn sent(site: &Site, slug: &str, change: impl FnOnce(&mut NewSubmission)) -> (i64, String) {
    let ctx = Ctx::system(&site.app);
    let loaded = service::consultation::visible(&ctx, slug).await.unwrap();
    let mut new = NewSubmission::of_text(&ctx, Channel::Post, "ベンチを増やしてほしい。".to_owned());
    change(&mut new);
    let tx = ctx.write().await.unwrap();
    let made = service::submission::record(&tx, &ctx, &loaded, new).await.unwrap();
    tx.commit().await.unwrap();
    (made.id, made.receipt_number)
}

fn person(name: &str) -> Identity {
    Identity { name: name.to_owned(), address: format!("みなも区本町1-{name}"), ..Identity::default() }
}

fn queue(theme: i64) -> String {
    format!("/staff/consultations/{theme}/intake")
}

/// The submissions on a page of the queue, from the top.
fn listed(page: &Reply) -> Vec<i64> {
    let rows = page.text.split("<tr id=\"proposal-").skip(1);
    rows.map(|row| row.split('"').next().unwrap().parse().unwrap()).collect()
}

/// The link to the next page.
fn next(page: &Reply) -> Option<String> {
    let tag = page.text.split("<a").find(|tag| tag.contains("rel=\"next\""))?;
    Some(tag.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&"))
}

/// The numbers of a table of counts by the names of its lines: 提出者数, 提出数, 意見件数.
fn table(page: &Reply, id: &str) -> BTreeMap<String, [i64; 3]> {
    let table = page.between(&format!("id=\"{id}\""), "</table>").to_owned();
    let rows = table.split("<tr").skip(2);
    rows.map(|row| {
        let name = plain(&format!("<i {}", row.split("<th").nth(1).unwrap().split("</th>").next().unwrap()));
        let mut cells = row.split("<td").skip(1).map(|cell| {
            let text = plain(&format!("<i {}", cell.split("</td>").next().unwrap()));
            text.trim().parse().unwrap_or_default()
        });
        let mut cell = || cells.next().unwrap_or_default();
        (name.trim().to_owned(), [cell(), cell(), cell()])
    })
    .collect()
}

async fn open_page(browser: &mut Browser, path: &str) -> Reply {
    let page = browser.get(path).await;
    page.assert_status(200);
    page
}

on_both_databases! {
    async fn the_queue_lists_every_channel_in_the_order_of_receipt_page_by_page(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let mut expected = Vec::new();
        for n in 0..60_i64 {
            site.pass(1000);
            let day = wareki::date_of(site.clock.now()) - chrono::TimeDelta::days(n % 3);
            let channel = Channel::ALL[usize::try_from(n).unwrap() % Channel::ALL.len()];
            let (id, _) = sent(&site, "keikaku", |new| {
                new.channel = channel;
                new.received_on = day;
            })
            .await;
            expected.push((day, id));
        }
        expected.sort_by_key(|(day, id)| std::cmp::Reverse((*day, *id)));
        let expected: Vec<i64> = expected.into_iter().map(|(_, id)| id).collect();
        let (first, statements) = site.statements(open_page(&mut clerk, &queue(theme))).await;
        assert!(statements <= 8, "{statements} statements");
        first.assert_shows("60通の提出があります。");
        assert_eq!(listed(&first), expected[..50]);
        let second = open_page(&mut clerk, &next(&first).unwrap()).await;
        assert_eq!(listed(&second), expected[50..]);
        assert_eq!(next(&second), None);
        second.assert_shows("60通の提出があります。");
        let oldest = open_page(&mut clerk, &format!("{}?order=oldest", queue(theme))).await;
        let turned: Vec<i64> = expected.iter().rev().copied().collect();
        assert_eq!(listed(&oldest), turned[..50]);
        let rest = open_page(&mut clerk, &next(&oldest).unwrap()).await;
        assert_eq!(listed(&rest), turned[50..]);
        // Search words narrow what is counted one by one, page by page as well.
        let words = app::shell::percent("ベンチ");
        let found = open_page(&mut clerk, &format!("{}?q={words}", queue(theme))).await;
        found.assert_shows("60通の提出があります。");
        assert_eq!(listed(&open_page(&mut clerk, &next(&found).unwrap()).await), expected[50..]);
    }

    async fn every_filter_narrows_the_queue_to_what_it_says(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let today = wareki::date_of(site.clock.now());
        let (web, _) = sent(&site, "keikaku", |new| {
            new.channel = Channel::Web;
            new.eligibility = Some(Eligibility::Worker);
            new.body = "100%の木陰がほしい。\n同じ文章です。".into();
        }).await;
        let (copy, number) = sent(&site, "keikaku", |new| {
            new.body = "100%の木陰がほしい。\n同じ文章です。".into();
            new.received_on = today - chrono::TimeDelta::days(3);
            new.postmarked_on = Some(today - chrono::TimeDelta::days(4));
            new.intake = IntakeState::Late;
        }).await;
        let (fax, _) = sent(&site, "keikaku", |new| {
            new.channel = Channel::Fax;
            new.body = "1000本の木を植えてほしい。".into();
            new.no_reply = true;
        }).await;
        let group = site.number(&format!("SELECT text_group_id FROM proposal WHERE id = {web}")).await;
        let department = site.number("SELECT id FROM department WHERE name = '公園課'").await;
        let page = clerk.post(&format!("/staff/proposals/{fax}/assignment"), &[("department", &department.to_string())]).await;
        page.assert_status(303);
        clerk.post(&format!("/staff/proposals/{copy}/hide"), &[("reason", "個人情報が含まれるため")]).await.assert_status(303);
        let percent = app::shell::percent("100%の");
        let loose = app::shell::percent(&number.replace('-', "").to_lowercase());
        let earlier = app::shell::percent(&wareki::long(today - chrono::TimeDelta::days(2)));
        for (filter, expected) in [
            ("state=unread".to_owned(), vec![fax, web]),
            ("state=late".to_owned(), vec![]),
            ("state=hidden".to_owned(), vec![copy]),
            ("state=withdrawn".to_owned(), vec![]),
            ("channel=web".to_owned(), vec![web]),
            ("channel=fax&state=unread".to_owned(), vec![fax]),
            ("eligibility=worker".to_owned(), vec![web]),
            ("eligibility=unknown".to_owned(), vec![fax, copy]),
            (format!("department={department}"), vec![fax]),
            ("department=none".to_owned(), vec![web, copy]),
            (format!("to={earlier}"), vec![copy]),
            (format!("from={today}"), vec![fax, web]),
            (format!("from={today}&to={today}&channel=web"), vec![web]),
            (format!("group={group}"), vec![web, copy]),
            (format!("q={percent}"), vec![web, copy]),
            (format!("number={loose}"), vec![copy]),
            ("number=R8-0000-0000".to_owned(), vec![]),
        ] {
            let page = open_page(&mut clerk, &format!("{}?{filter}", queue(theme))).await;
            assert_eq!(listed(&page), expected, "{filter}");
            page.assert_shows(&format!("{}通の提出があります。", expected.len()));
        }
        let page = open_page(&mut clerk, &queue(theme)).await;
        page.assert_shows("同趣旨2通");
        page.assert_shows(&format!("/staff/consultations/{theme}/groups/{group}"));
        page.assert_shows("回答対象外");
        for typed in ["令和7年2月30日", "明日"] {
            let wrong = clerk.get(&format!("{}?channel=web&from={}", queue(theme), app::shell::percent(typed))).await;
            wrong.assert_status(422).assert_shows("日付の形式をご確認ください");
            assert_eq!((wrong.field("from"), listed(&wrong)), (typed.to_owned(), vec![web]));
        }
        let wrong = clerk.get(&format!("{}?number=abc", queue(theme))).await;
        wrong.assert_status(422).assert_shows("受付番号の形式をご確認ください");
        assert_eq!(listed(&wrong).len(), 3);
    }

    async fn views_are_kept_for_one_person_and_shown_to_nobody_else(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let mut colleague = site.staff("山田", "公園課", Role::Clerk).await;
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        let (fax, _) = sent(&site, "keikaku", |new| new.channel = Channel::Fax).await;
        sent(&site, "keikaku", |_| ()).await;
        let views = format!("{}/views", queue(theme));
        let reply = clerk.post(&views, &[("name", "FAXの未確認"), ("query", "channel=fax&state=unread&x=1&after=3")]).await;
        assert_eq!(reply.location(), format!("{}?state=unread&channel=fax&notice=view-saved", queue(theme)));
        let page = open_page(&mut clerk, &reply.location()).await;
        page.assert_shows("条件を保存しました");
        assert_eq!(listed(&page), vec![fax]);
        page.assert_shows(&format!("{}?state=unread&amp;channel=fax\"", queue(theme)));
        for other in [&mut colleague, &mut auditor] {
            open_page(other, &queue(theme)).await.assert_hides("FAXの未確認");
        }
        let view = site.number("SELECT id FROM saved_view").await;
        for other in [&mut colleague, &mut auditor] {
            other.post(&format!("{views}/{view}/delete"), &[]).await.assert_status(404);
        }
        // The same name replaces, an empty one is refused with what was chosen.
        clerk.post(&views, &[("name", "FAXの未確認"), ("query", "channel=post")]).await.assert_status(303);
        assert_eq!(site.texts("SELECT query FROM saved_view").await, ["channel=post"]);
        let empty = clerk.post(&views, &[("name", " 　"), ("query", "channel=fax")]).await;
        empty.assert_status(422).assert_shows("入力してください。");
        assert_eq!(listed(&empty), vec![fax]);
        // An auditor keeps views as well: they change nothing of the theme.
        auditor.post(&views, &[("name", "郵送"), ("query", "channel=post")]).await.assert_status(303);
        let view = site.number("SELECT id FROM saved_view WHERE name = 'FAXの未確認'").await;
        clerk.post(&format!("{views}/{view}/delete"), &[]).await.assert_status(303);
        open_page(&mut clerk, &queue(theme)).await.assert_hides("FAXの未確認");
        open_page(&mut auditor, &queue(theme)).await.assert_shows("郵送");
    }

    async fn many_are_changed_at_once_in_one_event_with_true_counts(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let other = open(&site, &mut clerk, "betsu").await;
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(sent(&site, "keikaku", |new| new.identity = person(&format!("人{}", n % 3))).await.0);
        }
        let (foreign, _) = sent(&site, "betsu", |_| ()).await;
        let bulk = format!("{}/bulk", queue(theme));
        let texts: Vec<String> = [ids[0], ids[1], ids[2], foreign].iter().map(i64::to_string).collect();
        let mut fields: Vec<(&str, &str)> = texts.iter().map(|id| ("id", id.as_str())).collect();
        let state = [("scope", "checked"), ("query", "channel=post"), ("act", "state"), ("state", "duplicate"), ("reason", "FAXと同じもの")];
        fields.extend(state);
        let reply = clerk.post(&bulk, &fields).await;
        assert_eq!(reply.location(), format!("{}?channel=post&notice=state&count=3", queue(theme)));
        open_page(&mut clerk, &reply.location()).await.assert_shows("3通の状態を変更しました");
        let states = site.texts("SELECT intake FROM proposal ORDER BY id").await;
        assert_eq!(states, ["duplicate", "duplicate", "duplicate", "unread", "unread", "unread"]);
        assert_eq!(site.number("SELECT COUNT(*) FROM staff_note WHERE body = 'FAXと同じもの'").await, 3);
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'intake.change'").await, 1);
        let detail = site.texts("SELECT detail FROM audit_event WHERE action = 'intake.change'").await.remove(0);
        assert!(detail.contains(&format!("[{},{},{}]", ids[0], ids[1], ids[2])), "{detail}");
        assert!(!detail.contains("FAXと同じ"), "{detail}");
        // People: 人0 and 人1 are left with the other two.
        let page = open_page(&mut clerk, &queue(theme)).await;
        assert_eq!(table(&page, "intake-by-state")["件数に含める合計"], [2, 2, 2]);
        // Everything that fits, by what is kept in the list's address.
        let all = [("scope", "all"), ("query", "state=duplicate"), ("act", "assign")];
        let department = site.number("SELECT id FROM department WHERE name = '公園課'").await.to_string();
        let fields: Vec<(&str, &str)> = all.into_iter().chain([("department", department.as_str())]).collect();
        let reply = clerk.post(&bulk, &fields).await;
        assert_eq!(reply.location(), format!("{}?state=duplicate&notice=department&count=3", queue(theme)));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal WHERE assigned_department_id IS NOT NULL").await, 3);
        let detail = site.texts("SELECT detail FROM audit_event WHERE action = 'intake.assign'").await.remove(0);
        assert!(detail.contains("status=duplicate"), "{detail}");
        let fields = [("scope", "all"), ("query", "department=none"), ("act", "approval_only")];
        clerk.post(&bulk, &fields).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal WHERE approval_only = 1").await, 2);
        clerk.post(&bulk, &[("scope", "all"), ("act", "unassign")]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal WHERE assigned_department_id IS NOT NULL").await, 0);
        // What is wrong is said, with what was chosen.
        let one = ids[0].to_string();
        let none = clerk.post(&bulk, &[("scope", "checked"), ("act", "state"), ("state", "accepted"), ("reason", "確認済み")]).await;
        none.assert_status(422).assert_shows("対象の提出を選んでください。");
        none.assert_shows("value=\"accepted\" selected");
        assert_eq!(none.field("reason"), "確認済み");
        for (act, problem) in [("state", "一つ選んでください。"), ("assign", "一つ選んでください。")] {
            let wrong = clerk.post(&bulk, &[("id", &one), ("act", act)]).await;
            wrong.assert_status(422).assert_shows(problem);
            wrong.assert_shows(&format!("value=\"{one}\" checked"));
        }
        // Waiting for a correction means that somebody was asked.
        clerk.post(&bulk, &[("id", &one), ("act", "state"), ("state", "awaiting_correction")]).await.assert_status(422);
        clerk.post(&bulk, &[("id", &foreign.to_string()), ("act", "unassign")]).await.assert_status(422);
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        let mut elsewhere = site.staff("他課", "文化課", Role::Clerk).await;
        open_page(&mut auditor, &queue(theme)).await.assert_hides("まとめて処理する");
        for browser in [&mut auditor, &mut elsewhere] {
            browser.post(&bulk, &[("id", &one), ("act", "unassign")]).await.assert_status(403);
        }
        elsewhere.get(&queue(theme)).await.assert_status(403);
        elsewhere.get(&queue(other)).await.assert_status(403);
    }
}
