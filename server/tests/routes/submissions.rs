//! The form of a public comment, by people without an account.

mod guard;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::{
    Role,
    rules::{FieldRule, IncompleteHandling, Rules},
    wareki,
};
use server::service;

use crate::{
    on_both_databases,
    support::{Browser, DAY, Reply, Site, hex},
};

const BASE: &str = "/consultations/keikaku/proposals";
const NEW: &str = "/consultations/keikaku/proposals/new";
const CONFIRM: &str = "/consultations/keikaku/proposals/confirm";
const SEND: &str = "/consultations/keikaku/proposals/send";

/// What nobody but its holder and staff may ever see.
const SECRETS: [&str; 4] = ["山田内緒子", "本町九丁目九番九号", "090-9999-8888", "naisho@example.jp"];

/// A public comment that is open from yesterday to 1 December, with rules of its own; gives its id.
async fn comment(site: &Site, change: impl FnOnce(&mut Rules)) -> i64 {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let id = site.draft_theme(&mut clerk, "keikaku", "public_comment").await;
    let mut rules = Rules::default();
    change(&mut rules);
    let rules = serde_json::to_string(&rules).unwrap();
    site.sql(&format!(
        "UPDATE consultation SET state = 'published', publish_at = {}, rules = '{rules}' WHERE id = {id}",
        site.clock.now() - DAY
    ))
    .await;
    id
}

/// 23:59:59.999 of the last day.
fn last_moment() -> i64 {
    wareki::end_of_day_ms(wareki::parse("2026-12-01").unwrap())
}

/// Fills in the form and presses a button.
async fn fill(browser: &mut Browser, fields: &[(&str, &str)]) -> Reply {
    let form = browser.get(NEW).await.value_of("form");
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("form", form.as_str())]).collect();
    browser.post(NEW, &fields).await
}

/// Opens the confirmation and sends.
async fn send(browser: &mut Browser) -> Reply {
    let page = browser.get(CONFIRM).await;
    page.assert_status(200);
    browser.post(SEND, &[("form", &page.value_of("form")), ("seen", &page.value_of("seen"))]).await
}

fn key_of(receipt: &str) -> String {
    receipt.split("key=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

fn number_of(receipt: &str) -> String {
    receipt.trim_start_matches("/receipts/").split('?').next().unwrap().to_owned()
}

/// Submissions, opinions and people that count, as they are kept with every change; they have to be what counting anew
/// gives.
async fn counts(site: &Site, theme: i64) -> [i64; 3] {
    let mut kept = [0; 3];
    for (sum, column) in kept.iter_mut().zip(["submissions", "opinions", "people"]) {
        let counted = "status IN ('unread', 'accepted', 'awaiting_correction')";
        *sum = site
            .number(&format!("SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) FROM intake_tally WHERE {counted}"))
            .await;
    }
    let from = format!(
        "FROM proposal p WHERE consultation_id = {theme} AND state = 'published' AND intake IN ('unread', 'accepted', \
         'awaiting_correction')"
    );
    let anew = [
        site.number(&format!("SELECT COUNT(*) {from}")).await,
        site.number(&format!("SELECT COUNT(*) FROM opinion_item WHERE proposal_id IN (SELECT id {from})")).await,
        site.number(&format!("SELECT COUNT(DISTINCT submitter) {from}")).await,
    ];
    assert_eq!(kept, anew, "the counts that are kept are the true ones");
    kept
}

on_both_databases! {
    async fn a_visitor_sends_several_opinions_and_gets_a_receipt_with_a_copy(site) {
        comment(&site, |rules| rules.identity.email = FieldRule::Optional).await;
        let mut visitor = site.visitor();
        let form = visitor.get(NEW).await;
        form.assert_status(200).assert_shows("意見を提出する");
        form.assert_shows("件数の多さではなく、内容を考慮します");
        assert!(form.header("set-cookie").contains("HttpOnly") && !form.header("set-cookie").contains("Max-Age"));
        assert_eq!(form.header("cache-control"), "no-store");
        let reply = fill(
            &mut visitor,
            &[
                ("text1", "緑を<b>増やして</b>ください。"),
                ("page1", "Ｐ５"),
                ("text2", "駅前に𠮷野のベンチを。"),
                ("eligibility", "resident"),
                ("name", SECRETS[0]),
                ("address", SECRETS[1]),
                ("phone", SECRETS[2]),
                ("email", SECRETS[3]),
            ],
        )
        .await;
        assert_eq!((reply.status, reply.location().as_str()), (303, CONFIRM));
        let confirm = visitor.get(CONFIRM).await;
        confirm.assert_shows("緑を&lt;b&gt;増やして&lt;/b&gt;ください。");
        for shown in ["5ページ", "駅前に𠮷野のベンチを。", "区内に住んでいる", SECRETS[0], SECRETS[1]] {
            confirm.assert_shows(shown);
        }
        let sent = send(&mut visitor).await;
        sent.assert_status(303);
        let receipt = visitor.get(&sent.location()).await;
        receipt.assert_status(200).assert_shows("ご意見を受け付けました");
        for shown in ["緑を&lt;b&gt;", "5ページ", "駅前に𠮷野のベンチを。", "区内に住んでいる", "お名前、ご住所"] {
            receipt.assert_shows(shown);
        }
        for secret in SECRETS {
            receipt.assert_hides(secret);
        }
        assert_eq!(receipt.header("cache-control"), "no-store");
        receipt.assert_shows("noindex");
        let mail = site.mails_to(SECRETS[3]).await.pop().unwrap();
        let number = number_of(&sent.location());
        for told in [number.as_str(), "緑を<b>増やして</b>ください。", "http://machikoe.test/receipts/", "山田内緒子 様"] {
            assert!(mail.text.contains(told), "{told}: {}", mail.text);
        }
        assert_eq!(site.texts("SELECT intake FROM proposal").await, ["unread"]);
        assert_eq!(site.number("SELECT COUNT(*) FROM opinion_item").await, 2);
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 0, "nothing is left of the form");
        let again = visitor.get(NEW).await;
        assert_eq!(again.field("text1"), "");
        again.assert_hides(SECRETS[0]);
    }

    async fn without_the_key_a_number_tells_nothing_but_the_state(site) {
        let theme = comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let receipt = site
            .submit(&mut visitor, "keikaku", &[("text1", "ひみつの意見"), ("eligibility", "resident"), ("name", SECRETS[0])])
            .await;
        let number = number_of(&receipt);
        site.sql("UPDATE proposal SET intake = 'out_of_scope'").await;
        let mut other = site.visitor();
        for path in [
            format!("/receipts/{number}"),
            format!("/receipts/{number}?key=wrongwrongwrongwrong12"),
            format!("/receipts/{number}?key="),
        ] {
            let page = other.get(&path).await;
            page.assert_status(200).assert_shows("受付済み");
            for hidden in ["ひみつの意見", "対象外", "区内に住んでいる", "訂正", SECRETS[0]] {
                page.assert_hides(hidden);
            }
        }
        other.get(&receipt).await.assert_shows("テーマの対象外");
        for action in ["edit", "withdraw"] {
            other.get(&format!("/receipts/{number}/{action}")).await.assert_status(404).assert_hides("ひみつの意見");
            let reply = other.post(&format!("/receipts/{number}/{action}"), &[("key", "x"), ("text1", "乗っ取り")]).await;
            reply.assert_status(404);
        }
        assert_eq!(site.texts("SELECT body FROM proposal").await, ["ひみつの意見"]);
        // A theme that is taken off the site takes its receipts with it.
        site.sql(&format!("UPDATE consultation SET state = 'draft' WHERE id = {theme}")).await;
        other.get(&receipt).await.assert_status(404);
    }

    async fn every_kind_of_eligibility_has_its_own_field(site) {
        comment(&site, |rules| rules.incomplete = IncompleteHandling::Refuse).await;
        let kinds: [(&str, &[(&str, &str)]); 5] = [
            ("resident", &[]),
            ("worker", &[("workplace", "みなも製作所")]),
            ("student", &[("school", "みなも高校")]),
            ("business", &[("organisation", "みなも商店会"), ("representative", "川辺")]),
            ("interested", &[("interest", "隣に土地を持っています。")]),
        ];
        for (kind, extra) in kinds {
            let mut visitor = site.visitor();
            let base = [("text1", "意見"), ("eligibility", kind)];
            if !extra.is_empty() {
                let reply = fill(&mut visitor, &base).await;
                reply.assert_status(422);
                for (name, _) in extra {
                    reply.assert_shows(&format!("id=\"e-{name}\""));
                }
                assert_eq!(reply.field("text1"), "意見");
            }
            // What belongs to other kinds is not kept.
            let others = [("school", "よその学校"), ("workplace", "よその会社")];
            let fields: Vec<(&str, &str)> = base
                .into_iter()
                .chain(extra.iter().copied())
                .chain(others.into_iter().filter(|(name, _)| extra.iter().all(|(own, _)| own != name)))
                .collect();
            site.submit(&mut visitor, "keikaku", &fields).await;
            let stored = site
                .texts("SELECT workplace || school || organisation || representative || interest FROM identity ORDER BY id")
                .await;
            let given: String = extra.iter().map(|(_, value)| *value).collect();
            if !extra.is_empty() {
                assert_eq!(stored.last(), Some(&given), "{kind}");
            }
            let newest = site.texts("SELECT eligibility FROM proposal ORDER BY id DESC").await.remove(0);
            assert_eq!(newest, kind);
        }
        let mut visitor = site.visitor();
        fill(&mut visitor, &[("text1", "意見")]).await.assert_status(422).assert_shows("id=\"e-eligibility\"");
        fill(&mut visitor, &[("text1", "意見"), ("eligibility", "dictator")]).await.assert_status(422);
    }

    async fn identity_is_asked_as_the_rules_say(site) {
        let theme = comment(&site, |rules| {
            rules.incomplete = IncompleteHandling::Refuse;
            rules.identity.name = FieldRule::Required;
            rules.identity.address = FieldRule::Optional;
            rules.identity.phone = FieldRule::NotAsked;
        })
        .await;
        let mut visitor = site.visitor();
        let form = visitor.get(NEW).await;
        form.assert_hides("name=\"phone\"");
        let base = [("text1", "意見"), ("eligibility", "resident"), ("phone", "03-0000-0000")];
        fill(&mut visitor, &base).await.assert_status(422).assert_shows("id=\"e-name\"");
        let named: Vec<_> = base.into_iter().chain([("name", "山田")]).collect();
        site.submit(&mut visitor, "keikaku", &named).await;
        assert_eq!(site.texts("SELECT name || phone || address FROM identity").await, ["山田"]);

        // Incomplete is received without an answer, and the sender is told before and after.
        let rules = |handling| {
            let mut rules = Rules::default();
            rules.identity.name = FieldRule::Required;
            rules.incomplete = handling;
            serde_json::to_string(&rules).unwrap()
        };
        let put = |json: String| format!("UPDATE consultation SET rules = '{json}' WHERE id = {theme}");
        site.sql(&put(rules(IncompleteHandling::NoReply))).await;
        let mut visitor = site.visitor();
        fill(&mut visitor, &base).await.assert_status(303);
        visitor.get(CONFIRM).await.assert_shows("回答の対象外になります");
        let sent = send(&mut visitor).await;
        visitor.get(&sent.location()).await.assert_shows("回答の対象外");
        assert_eq!(site.numbers("SELECT no_reply FROM proposal ORDER BY id").await, [0, 1]);
        // Or it makes no difference.
        site.sql(&put(rules(IncompleteHandling::Equal))).await;
        let mut visitor = site.visitor();
        fill(&mut visitor, &base).await.assert_status(303);
        visitor.get(CONFIRM).await.assert_hides("回答の対象外");
        send(&mut visitor).await.assert_status(303);
        assert_eq!(site.numbers("SELECT no_reply FROM proposal ORDER BY id").await, [0, 1, 0]);
    }

    async fn boxes_come_and_go_without_javascript_and_nothing_typed_is_lost(site) {
        comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let first = "一つ目\n</textarea><script>alert(1)</script>";
        let reply = fill(&mut visitor, &[("text1", first), ("eligibility", "worker"), ("workplace", "会社"), ("add", "1")]).await;
        assert_eq!((reply.status, reply.location()), (303, format!("{NEW}?notice=added#f-text2")));
        let form = visitor.get(&format!("{NEW}?notice=added")).await;
        assert_eq!((form.field("text1").as_str(), form.field("text2").as_str()), (first, ""));
        assert_eq!(form.field("workplace"), "会社");
        form.assert_hides("<script>alert(1)");
        fill(&mut visitor, &[("text1", first), ("text2", "二つ目"), ("page2", "7"), ("add", "1")]).await;
        let reply = fill(
            &mut visitor,
            &[("text1", first), ("text2", "二つ目"), ("page2", "7"), ("text3", "三つ目"), ("remove", "1")],
        )
        .await;
        reply.assert_status(303);
        let form = visitor.get(NEW).await;
        assert_eq!(
            (form.field("text1"), form.field("page1"), form.field("text2")),
            ("二つ目".to_owned(), "7".to_owned(), "三つ目".to_owned())
        );
        form.assert_hides("name=\"text3\"");
        // As many as there is room for, and never less than one.
        let names: Vec<String> = (1..=20).map(|n| format!("text{n}")).collect();
        let full: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "意見")).collect();
        let more: Vec<(&str, &str)> = full.iter().copied().chain([("add", "1")]).collect();
        fill(&mut visitor, &more).await.assert_status(303);
        let form = visitor.get(NEW).await;
        assert_eq!(form.field("text20"), "意見");
        form.assert_hides("name=\"add\"");
        fill(&mut visitor, &[("text1", "残す"), ("remove", "1")]).await;
        assert_eq!(visitor.get(NEW).await.field("text1"), "残す");
    }

    async fn what_is_typed_is_there_again_until_it_is_sent_or_deleted(site) {
        comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        fill(&mut visitor, &[("text1", "とちゅう"), ("name", SECRETS[0]), ("save", "1")]).await.assert_status(303);
        let form = visitor.get(NEW).await;
        form.assert_shows("入力の続きです");
        assert_eq!((form.field("text1"), form.field("name")), ("とちゅう".to_owned(), SECRETS[0].to_owned()));
        site.visitor().get(NEW).await.assert_hides("とちゅう");
        let cookie = visitor.cookie("machikoe_form").unwrap().to_owned();
        assert!(!site.texts("SELECT token_hash FROM submission_draft").await.contains(&cookie), "only its hash is stored");
        fill(&mut visitor, &[("text1", "とちゅう"), ("clear", "1")]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 0);
        assert_eq!(visitor.get(NEW).await.field("text1"), "");

        fill(&mut visitor, &[("text1", "忘れられた意見"), ("save", "1")]).await;
        site.pass(14 * DAY - 1);
        service::setup::tidy(&site.app).await.unwrap();
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 1);
        site.pass(2);
        service::setup::tidy(&site.app).await.unwrap();
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 0);
    }

    async fn a_browser_without_cookies_gets_its_text_back(site) {
        comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let reply = visitor.post(NEW, &[("text1", "クッキーのない意見"), ("eligibility", "resident")]).await;
        reply.assert_status(422).assert_shows("Cookie");
        assert_eq!(reply.field("text1"), "クッキーのない意見");
        let form = reply.value_of("form");
        let fields = [("text1", "クッキーのない意見"), ("eligibility", "resident"), ("form", form.as_str())];
        assert_eq!(visitor.post(NEW, &fields).await.location(), CONFIRM);
        send(&mut visitor).await.assert_status(303);
    }

    async fn what_is_wrong_is_said_at_its_field_and_everything_stays(site) {
        comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let long = "長".repeat(5001);
        let reply = fill(
            &mut visitor,
            &[
                ("text1", &long),
                ("page1", "十五"),
                ("text2", "二つ目"),
                ("place2", "p99"),
                ("eligibility", "student"),
                ("school", "みなも高校"),
                ("name", "山田"),
                ("email", "yamada@"),
            ],
        )
        .await;
        reply.assert_status(422);
        for (name, value) in
            [("text1", long.as_str()), ("page1", "十五"), ("text2", "二つ目"), ("school", "みなも高校"), ("name", "山田"), ("email", "yamada@")]
        {
            assert_eq!(reply.field(name), value, "{name}");
        }
        for name in ["text1", "page1", "email"] {
            reply.assert_shows(&format!("id=\"e-{name}\""));
        }
        reply.assert_shows("checked");
        // And again after coming back.
        assert_eq!(visitor.get(NEW).await.field("text1"), long);
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
        visitor.get(CONFIRM).await.assert_status(303);
    }

    async fn the_last_millisecond_counts_and_the_next_hands_everything_back(site) {
        comment(&site, |rules| rules.postmark = true).await;
        let (mut in_time, mut late, mut unsaved) = (site.visitor(), site.visitor(), site.visitor());
        let unsaved_form = unsaved.get(NEW).await.value_of("form");
        for visitor in [&mut in_time, &mut late] {
            fill(visitor, &[("text1", "ぎりぎりの意見"), ("text2", "二つ目\n</textarea>𠮷"), ("eligibility", "resident")]).await;
        }
        let late_page = late.get(CONFIRM).await;
        let late_fields = [("form", late_page.value_of("form")), ("seen", late_page.value_of("seen"))];
        let late_fields: Vec<(&str, &str)> = late_fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        site.clock.set(last_moment());
        let sent = send(&mut in_time).await;
        sent.assert_status(303);
        site.pass(1);
        let reply = late.post(SEND, &late_fields).await;
        reply.assert_status(422).assert_shows("募集期間が終わりました");
        let handed = reply.field("typed");
        assert!(handed.contains("ぎりぎりの意見") && handed.contains("二つ目\n</textarea>𠮷"), "{handed}");
        reply.assert_shows("消印");
        reply.assert_shows("公園課");
        assert_eq!(late.get(NEW).await.assert_status(422).field("typed"), handed, "and it is still kept");
        assert_eq!(late.get(CONFIRM).await.field("typed"), handed);
        // Typed until the last second and never saved: it comes back whole, too.
        let reply = unsaved.post(NEW, &[("text1", "間に合わなかった"), ("form", &unsaved_form), ("eligibility", "resident")]).await;
        assert!(reply.assert_status(422).field("typed").contains("間に合わなかった"));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
        // The receipt of the one in time says what was sent, and it can no longer be changed.
        let page = in_time.get(&sent.location()).await;
        page.assert_shows("ぎりぎりの意見");
        page.assert_hides("/edit");
        let (number, key) = (number_of(&sent.location()), key_of(&sent.location()));
        in_time.post(&format!("/receipts/{number}/withdraw"), &[("key", &key)]).await.assert_status(409);
        let reply = in_time.post(&format!("/receipts/{number}/edit"), &[("key", &key), ("text1", "あとから")]).await;
        assert!(reply.assert_status(422).field("typed").contains("あとから"));
        // A visitor with nothing typed is shown the theme.
        assert_eq!(site.visitor().get(NEW).await.location(), "/consultations/keikaku");
    }

    async fn a_form_sent_twice_is_one_submission_with_one_receipt(site) {
        comment(&site, |_| ()).await;
        site.slow("proposal").await;
        let mut visitor = site.visitor();
        fill(&mut visitor, &[("text1", "一度だけ"), ("eligibility", "resident")]).await;
        let page = visitor.get(CONFIRM).await;
        let (form, seen) = (page.value_of("form"), page.value_of("seen"));
        let fields = [("form", form.as_str()), ("seen", seen.as_str())];
        let (mut a, mut b) = (visitor.clone(), visitor.clone());
        let (first, second) = tokio::join!(a.post(SEND, &fields), b.post(SEND, &fields));
        assert_eq!((first.status, second.status), (303, 303));
        assert_eq!(first.location(), second.location());
        // Back, and once more, from either page.
        assert_eq!(visitor.post(SEND, &fields).await.location(), first.location());
        let again = visitor.post(NEW, &[("text1", "一度だけ"), ("eligibility", "resident"), ("form", &form)]).await;
        assert!(again.location().starts_with(&format!("/receipts/{}", number_of(&first.location()))), "{}", again.location());
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 0);
        // Somebody else with the same form's token gets nothing of it.
        let mut other = site.visitor();
        other.get(NEW).await;
        assert_eq!(other.post(SEND, &fields).await.location(), NEW);
        // What was changed after it was seen is shown again.
        let mut visitor = site.visitor();
        fill(&mut visitor, &[("text1", "はじめの文"), ("eligibility", "resident")]).await;
        let page = visitor.get(CONFIRM).await;
        let stale = [("form", page.value_of("form")), ("seen", page.value_of("seen"))];
        fill(&mut visitor, &[("text1", "直した文"), ("eligibility", "resident")]).await;
        let fields: Vec<(&str, &str)> = stale.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(visitor.post(SEND, &fields).await.location(), format!("{CONFIRM}?notice=changed"));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
    }

    async fn a_correction_keeps_what_was_said_before_and_the_counts(site) {
        let theme = comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let fields = [("text1", "一つ目の文"), ("page1", "3"), ("text2", "二つ目の文"), ("eligibility", "resident"), ("name", "山田"), ("address", "本町1")];
        let receipt = site.submit(&mut visitor, "keikaku", &fields).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        assert_eq!(counts(&site, theme).await, [1, 2, 1]);
        let items = site.numbers("SELECT id FROM opinion_item ORDER BY position").await;
        // From another device, with nothing but the link.
        let mut phone = site.visitor();
        let edit = format!("/receipts/{number}/edit?key={key}");
        let form = phone.get(&edit).await;
        form.assert_status(200);
        assert_eq!((form.field("text1"), form.field("page1"), form.field("text2")), ("一つ目の文".to_owned(), "3".to_owned(), "二つ目の文".to_owned()));
        assert_eq!((form.field("name"), form.field("address")), ("山田".to_owned(), "本町1".to_owned()));
        let post = format!("/receipts/{number}/edit");
        let corrected = [("key", key.as_str()), ("text1", "直した文"), ("page1", "4"), ("text2", "二つ目の文"), ("text3", ""), ("eligibility", "worker"), ("workplace", "会社"), ("name", "山田"), ("address", "本町1")];
        // A box more, without JavaScript; then what is wrong is said and nothing is lost.
        let add: Vec<_> = corrected.iter().copied().chain([("add", "1")]).collect();
        let reply = phone.post(&post, &add).await;
        assert!(reply.location().starts_with(&edit), "{}", reply.location());
        assert_eq!(phone.get(&edit).await.field("text1"), "直した文");
        let reply = phone.post(&post, &[("key", &key), ("text1", ""), ("name", "山田"), ("eligibility", "resident")]).await;
        reply.assert_status(422).assert_shows("id=\"e-text1\"");
        assert_eq!(site.texts("SELECT body FROM proposal").await, ["一つ目の文\n\n二つ目の文"]);
        let mut third = corrected;
        third[4] = ("text3", "三つ目の文");
        let reply = phone.post(&post, &third).await;
        assert_eq!(reply.location(), format!("{receipt}&notice=corrected"));
        let page = phone.get(&reply.location()).await;
        for shown in ["訂正を受け付けました", "直した文", "三つ目の文", "4ページ", "区内に勤めている"] {
            page.assert_shows(shown);
        }
        let before = site.texts("SELECT body FROM proposal_revision").await.remove(0);
        for kept in ["一つ目の文", "3ページ", "二つ目の文"] {
            assert!(before.contains(kept), "{before}");
        }
        assert_eq!(site.numbers("SELECT id FROM opinion_item ORDER BY position").await[..2], items[..], "items keep their ids");
        assert_eq!(counts(&site, theme).await, [1, 3, 1]);
        assert_eq!(site.texts("SELECT workplace FROM identity").await, ["会社"]);
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 0);
        // What staff have hidden stays as it is.
        site.sql("UPDATE proposal SET state = 'hidden'").await;
        phone.get(&edit).await.assert_status(409);
        phone.post(&post, &third).await.assert_status(409).assert_shows("三つ目の文");
    }

    async fn what_staff_asked_for_can_be_corrected_after_the_deadline(site) {
        let theme = comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let receipt = site.submit(&mut visitor, "keikaku", &[("text1", "あいまいな文"), ("eligibility", "resident")]).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        site.sql(
            "UPDATE proposal SET intake = 'awaiting_correction', correction_note = '何ページのことか\nお書きください。', \
             correction_until = '2026-12-08'",
        )
        .await;
        site.sql("UPDATE intake_tally SET status = 'awaiting_correction'").await;
        site.clock.set(last_moment() + 7 * DAY);
        let page = visitor.get(&receipt).await;
        for shown in ["補正をお願いしています", "何ページのことか", "12月8日", "内容を訂正する"] {
            page.assert_shows(shown);
        }
        page.assert_hides("取り下げる");
        visitor.get(&format!("/receipts/{number}/edit?key={key}")).await.assert_shows("何ページのことか");
        let post = format!("/receipts/{number}/edit");
        let fields = [("key", key.as_str()), ("text1", "はっきりした文"), ("page1", "5"), ("eligibility", "resident")];
        visitor.post(&post, &fields).await.assert_status(303);
        assert_eq!(site.texts("SELECT intake FROM proposal").await, ["unread"], "staff look at it again");
        assert_eq!(counts(&site, theme).await, [1, 1, 1]);
        visitor.get(&receipt).await.assert_hides("何ページのことか");
        let reply = visitor.post(&post, &fields).await;
        reply.assert_status(422).assert_shows("はっきりした文");
        // And not a day later than they said.
        site.sql("UPDATE proposal SET intake = 'awaiting_correction'").await;
        site.pass(1);
        visitor.post(&post, &fields).await.assert_status(422);
    }

    async fn a_submission_is_taken_back_after_asking_once_more(site) {
        let theme = comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let receipt = site.submit(&mut visitor, "keikaku", &[("text1", "やめておく意見"), ("eligibility", "resident")]).await;
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        visitor.get(&format!("/receipts/{number}/withdraw?key={key}")).await.assert_shows("やめておく意見");
        assert_eq!(counts(&site, theme).await, [1, 1, 1]);
        let reply = visitor.post(&format!("/receipts/{number}/withdraw"), &[("key", &key)]).await;
        assert_eq!(reply.location(), format!("{receipt}&notice=withdrawn"));
        let page = visitor.get(&reply.location()).await;
        page.assert_shows("ご意見を取り下げました");
        page.assert_hides("/edit");
        assert_eq!(counts(&site, theme).await, [0, 0, 0]);
        visitor.post(&format!("/receipts/{number}/withdraw"), &[("key", &key)]).await.assert_status(409);
        visitor.get(&format!("/receipts/{number}/edit?key={key}")).await.assert_status(409);
    }

    async fn a_person_is_counted_once_with_and_without_an_account(site) {
        let theme = comment(&site, |_| ()).await;
        let person = [("eligibility", "resident"), ("name", "山田　太郎"), ("address", "本町１－２")];
        let with = |text: &'static str| person.into_iter().chain([("text1", text)]).collect::<Vec<_>>();
        site.submit(&mut site.visitor(), "keikaku", &with("一通目")).await;
        let same = [("text1", "二通目"), ("eligibility", "resident"), ("name", "山田太郎"), ("address", "本町1-2")];
        site.submit(&mut site.visitor(), "keikaku", &same).await;
        assert_eq!(counts(&site, theme).await, [2, 2, 1]);
        let mut resident = site.resident("たろう").await;
        site.submit(&mut resident, "keikaku", &with("三通目")).await;
        assert_eq!(counts(&site, theme).await, [3, 3, 1]);
        let other = [("text1", "別の人"), ("eligibility", "resident"), ("name", "山田太郎"), ("address", "新町9")];
        let receipt = site.submit(&mut site.visitor(), "keikaku", &other).await;
        assert_eq!(counts(&site, theme).await, [4, 4, 2]);
        // Corrected to be the same person, and back to another one.
        let (number, key) = (number_of(&receipt), key_of(&receipt));
        let edit = format!("/receipts/{number}/edit");
        let keyed = |fields: &[(&'static str, &'static str)]| {
            fields.iter().copied().map(|(n, v)| (n, v.to_owned())).chain([("key", key.clone())]).collect::<Vec<_>>()
        };
        for (fields, people) in [(keyed(&same), 1), (keyed(&other), 2)] {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            site.visitor().post(&edit, &fields).await.assert_status(303);
            assert_eq!(counts(&site, theme).await, [4, 4, people]);
        }
        // The first of several becomes somebody else: the others stay one person.
        let first = site.texts("SELECT receipt_number FROM proposal WHERE body = '一通目'").await.remove(0);
        let key = site.app.seal.receipt_key(&first);
        let fields = [("key", key.as_str()), ("text1", "一通目"), ("eligibility", "resident"), ("name", "鈴木"), ("address", "西町3")];
        site.visitor().post(&format!("/receipts/{first}/edit"), &fields).await.assert_status(303);
        assert_eq!(counts(&site, theme).await, [4, 4, 3]);
    }

    async fn a_resident_uses_the_same_form_and_finds_the_receipt_in_the_account(site) {
        comment(&site, |_| ()).await;
        let mut resident = site.resident("はな").await;
        let receipt = site.submit(&mut resident, "keikaku", &[("text1", "登録した人の意見"), ("eligibility", "resident")]).await;
        let mails = site.mails_to(&format!("{}@example.jp", hex("はな"))).await;
        assert!(mails.last().unwrap().text.contains("登録した人の意見"));
        let number = number_of(&receipt);
        resident.get("/account").await.assert_shows(&receipt);
        // The author needs no key, and the old form is gone.
        resident.get(&format!("/receipts/{number}")).await.assert_shows("登録した人の意見");
        resident.get(&format!("/receipts/{number}/edit")).await.assert_status(200);
        let id = site.number("SELECT id FROM proposal").await;
        assert_eq!(resident.get(&format!("{BASE}/{id}/edit")).await.location(), format!("/receipts/{number}/edit"));
        resident.post(&format!("{BASE}/{id}/edit"), &[("body", "古い画面から")]).await.assert_status(404).assert_shows("古い画面から");
        let reply = resident.post(&format!("/receipts/{number}/edit"), &[("text1", "直した意見"), ("eligibility", "resident")]).await;
        assert_eq!(reply.location(), format!("/receipts/{number}?notice=corrected"));
        assert_eq!(site.texts("SELECT body FROM proposal").await, ["直した意見"]);
        site.resident("ほか").await.get(&format!("/receipts/{number}")).await.assert_hides("直した意見");
    }

    async fn staff_are_shown_to_their_own_desk_and_a_dialogue_asks_to_sign_in(site) {
        comment(&site, |_| ()).await;
        let mut clerk = site.staff("川辺", "公園課", Role::Clerk).await;
        for reply in [clerk.get(NEW).await, clerk.post(NEW, &[("text1", "職員")]).await, clerk.post(SEND, &[]).await] {
            reply.assert_status(403).assert_shows("代理入力");
        }
        site.open_theme(&mut clerk, "kouen").await;
        let new = "/consultations/kouen/proposals/new";
        let mut visitor = site.visitor();
        for reply in [visitor.get(new).await, visitor.post(new, &[("body", "意見")]).await] {
            assert_eq!(reply.location(), "/account/sign-in?next=/consultations/kouen/proposals/new");
        }
        visitor.get("/consultations/kouen/proposals/confirm").await.assert_status(404);
        visitor.post("/consultations/kouen/proposals/send", &[]).await.assert_status(404);
    }

    async fn identity_is_on_no_public_page(site) {
        comment(&site, |_| ()).await;
        let mut visitor = site.visitor();
        let fields = [("text1", "公開されない意見"), ("eligibility", "business"), ("organisation", "内緒商店"), ("representative", SECRETS[0]), ("name", SECRETS[0]), ("address", SECRETS[1]), ("phone", SECRETS[2]), ("email", SECRETS[3])];
        let receipt = site.submit(&mut visitor, "keikaku", &fields).await;
        let id = site.number("SELECT id FROM proposal").await;
        let mut reader = site.resident("読者").await;
        for path in [
            "/".to_owned(),
            "/consultations".to_owned(),
            "/consultations/keikaku".to_owned(),
            BASE.to_owned(),
            NEW.to_owned(),
            CONFIRM.to_owned(),
            format!("{BASE}/{id}"),
            "/responses".to_owned(),
            format!("/receipts/{}", number_of(&receipt)),
            receipt.clone(),
        ] {
            for page in [site.visitor().get(&path).await, reader.get(&path).await] {
                for secret in SECRETS.into_iter().chain(["内緒商店"]) {
                    page.assert_hides(secret);
                }
            }
        }
    }

    async fn files_are_known_by_their_content_and_go_with_the_form(site) {
        comment(&site, |rules| rules.attachments = true).await;
        let mut visitor = site.visitor();
        let form = visitor.get(NEW).await;
        form.assert_shows("multipart/form-data");
        let token = form.value_of("form");
        let text = |name: &'static str, value: &'static str| (name, None, "text/plain", value.as_bytes());
        let html = b"<html><script>alert(1)</script></html>";
        let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
        let picture = crate::support::png(30, 20);
        let reply = visitor
            .upload(
                NEW,
                &[
                    ("form", None, "text/plain", token.as_bytes()),
                    text("text1", "図のとおりです"),
                    text("eligibility", "resident"),
                    ("files", Some("図面.png"), "image/png", &picture),
                    ("files", Some("意見.pdf"), "application/pdf", html),
                ],
            )
            .await;
        reply.assert_status(422).assert_shows("この種類のファイルは使用できません。");
        reply.assert_shows("図面.jpg");
        assert_eq!(reply.field("text1"), "図のとおりです");
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 1);
        let reply = visitor
            .upload(
                NEW,
                &[
                    ("form", None, "text/plain", token.as_bytes()),
                    text("text1", "図のとおりです"),
                    text("eligibility", "resident"),
                    ("files", Some("意見.html"), "text/html", pdf),
                ],
            )
            .await;
        assert_eq!((reply.status, reply.location().as_str()), (303, CONFIRM));
        visitor.get(CONFIRM).await.assert_shows("意見.pdf");
        // One is taken away again, and its file with it.
        let drop = site.number("SELECT id FROM upload WHERE file_name = '図面.jpg'").await.to_string();
        let hash = site.texts("SELECT sha256 FROM upload WHERE file_name = '図面.jpg'").await.remove(0);
        assert!(site.app.files.path(&hash).exists());
        fill(&mut visitor, &[("text1", "図のとおりです"), ("eligibility", "resident"), ("drop", &drop)]).await.assert_status(303);
        assert!(!site.app.files.path(&hash).exists());
        fill(&mut visitor, &[("text1", "図のとおりです"), ("eligibility", "resident")]).await;
        let sent = send(&mut visitor).await;
        visitor.get(&sent.location()).await.assert_shows("意見.pdf");
        assert_eq!(site.texts("SELECT kind FROM attachment").await, ["attachment"]);
        // Too many are refused; a form that is forgotten takes its files with it, but not those that were sent.
        let mut other = site.visitor();
        let token = other.get(NEW).await.value_of("form");
        let pictures: Vec<Vec<u8>> = (1..=6).map(|n| crate::support::png(n * 10, 10)).collect();
        let mut parts: Vec<(&str, Option<&str>, &str, &[u8])> =
            vec![("form", None, "text/plain", token.as_bytes()), text("text1", "写真"), text("eligibility", "resident")];
        parts.extend(pictures.iter().map(|p| ("files", Some("写真.png"), "image/png", p.as_slice())));
        other.upload(NEW, &parts).await.assert_status(422).assert_shows("ファイルは5個までにしてください。");
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 6);
        site.pass(15 * DAY);
        service::setup::tidy(&site.app).await.unwrap();
        assert_eq!(site.texts("SELECT file_name FROM upload").await, ["意見.pdf"]);
    }

    async fn what_is_typed_is_kept_while_typing(site) {
        let theme = comment(&site, |rules| rules.attachments = true).await;
        let mut visitor = site.visitor();
        let form = visitor.get(NEW).await.value_of("form");
        let picture = crate::support::png(30, 20);
        let parts: [(&str, Option<&str>, &str, &[u8]); 3] = [
            ("form", None, "text/plain", form.as_bytes()),
            ("save", None, "text/plain", b"1"),
            ("files", Some("図面.png"), "image/png", &picture),
        ];
        visitor.upload(NEW, &parts).await.assert_status(303);
        let fields = format!("form={form}&text1=%E3%81%A8%E3%81%A1%E3%82%85%E3%81%86+%26&text2=&eligibility=resident");
        let reply = keep(&mut visitor, theme, &fields).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.assert_shows("入力内容を保存しました（12時00分）");
        let page = visitor.get(NEW).await;
        assert_eq!((page.field("text1"), page.field("text2")), ("とちゅう &".to_owned(), String::new()));
        page.assert_shows("図面.jpg");
        // A browser without the form's cookie keeps nothing, and a theme that is closed neither.
        assert_eq!(keep(&mut site.visitor(), theme, &fields).await.status, 400);
        assert_eq!(keep(&mut visitor, theme + 99, &fields).await.status, 404);
        fill(&mut visitor, &[("text1", "できあがり"), ("eligibility", "resident")]).await;
        let sent = send(&mut visitor).await;
        // What comes in late, after the form was sent, brings nothing back.
        assert_eq!(keep(&mut visitor, theme, &fields).await.status, 409);
        assert_eq!(site.number("SELECT COUNT(*) FROM submission_draft").await, 0);
        let (number, key) = (number_of(&sent.location()), key_of(&sent.location()));
        let fields = format!("number={number}&key={key}&text1=%E8%A8%82%E6%AD%A3");
        assert_eq!(keep(&mut site.visitor(), theme, &fields).await.status, 200);
        let edit = format!("/receipts/{number}/edit?key={key}");
        assert_eq!(site.visitor().get(&edit).await.field("text1"), "訂正");
        let fields = fields.replace(&key, "wrong");
        assert_eq!(keep(&mut site.visitor(), theme, &fields).await.status, 404);
        site.clock.set(last_moment() + 1);
        assert_eq!(keep(&mut visitor, theme, "text1=a").await.status, 404);
    }

    async fn an_opinion_names_a_paragraph_of_the_draft(site) {
        let theme = comment(&site, |_| ()).await;
        draft_text(&site, theme).await;
        let mut visitor = site.visitor();
        let form = visitor.get(&format!("{NEW}?anchor=p2")).await;
        assert_eq!(form.chosen("place1"), "p2");
        form.assert_shows("第1章 みどり「公園を十か所ふやします。」");
        form.assert_hides("広場をつくります");
        assert_eq!(visitor.get(&format!("{NEW}?page=5")).await.field("page1"), "5");
        fill(&mut visitor, &[("text1", "もっとふやして"), ("place1", "p2"), ("eligibility", "resident")]).await;
        // The next link adds a box and leaves what is there.
        let form = visitor.get(&format!("{NEW}?anchor=p3")).await;
        assert_eq!((form.field("text1"), form.chosen("place1"), form.chosen("place2")), ("もっとふやして".to_owned(), "p2".to_owned(), "p3".to_owned()));
        let reply = fill(&mut visitor, &[("text1", "もっとふやして"), ("place1", "p2"), ("text2", "水も"), ("place2", "p3"), ("eligibility", "resident")]).await;
        assert_eq!(reply.location(), CONFIRM);
        visitor.get(CONFIRM).await.assert_shows("第2章 みず");
        let sent = send(&mut visitor).await;
        visitor.get(&sent.location()).await.assert_shows("第1章 みどり「公園を十か所ふやします。」");
        assert_eq!(site.texts("SELECT anchor FROM opinion_item ORDER BY position").await, ["p2", "p3"]);
        // A place that is no longer there has to be chosen again.
        let mut visitor = site.visitor();
        let reply = fill(&mut visitor, &[("text1", "昔の段落"), ("place1", "p77"), ("eligibility", "resident")]).await;
        reply.assert_status(422).assert_shows("id=\"e-place1\"");
        assert_eq!(reply.chosen("place1"), "p77");
    }
}

/// What the page's script sends while somebody types.
async fn keep(browser: &mut Browser, theme: i64, fields: &str) -> Reply {
    let body = serde_json::json!({ "typed": { "consultation": theme, "fields": fields } });
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/submission")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body.to_string()))
        .unwrap();
    browser.send(request).await
}

/// A draft with two chapters.
async fn draft_text(site: &Site, theme: i64) {
    site.sql(&format!(
        "INSERT INTO upload (id, sha256, content_type, file_name, size, created_at, created_by) \
         VALUES (901, 'x', 'application/pdf', '素案.pdf', 1, 0, 1); \
         INSERT INTO document (id, title, consultation_id, position, upload_id) VALUES (901, '素案', {theme}, 1, 901); \
         INSERT INTO document_version (id, document_id, upload_id, stage, note, text_twin, source_md, next_anchor, \
         created_at, created_by) VALUES (901, 901, 901, 'initial', '', '', '# x', 5, 0, 1)"
    ))
    .await;
    let blocks = [
        ("p1", "heading-1", "第1章 みどり"),
        ("p2", "paragraph", "公園を十か所ふやします。"),
        ("p3", "heading-1", "第2章 みず"),
        ("p4", "paragraph", "広場をつくります。"),
    ];
    for (position, (anchor, kind, text)) in (1..).zip(blocks) {
        site.sql(&format!(
            "INSERT INTO document_block (document_version_id, position, anchor, kind, text, html, change) \
             VALUES (901, {position}, '{anchor}', '{kind}', '{text}', '', 'same')"
        ))
        .await;
    }
}
