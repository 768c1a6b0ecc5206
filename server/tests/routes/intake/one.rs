//! One submission: where it stands, whose it is, notes, corrections, its opinions.

use super::*;

fn item(id: i64) -> String {
    format!("/staff/proposals/{id}")
}

fn day(site: &Site, days: i64) -> String {
    wareki::long(wareki::date_of(site.clock.now()) + chrono::TimeDelta::days(days))
}

on_both_databases! {
    async fn the_page_of_a_submission_says_how_it_was_received_and_lets_staff_decide(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let (id, number) = sent(&site, "keikaku", |new| {
            new.channel = Channel::Fax;
            new.eligibility = Some(Eligibility::Student);
            new.scribe = Some("受付の佐藤".to_owned());
            new.items = vec![
                NewItem { body: Some("一つめの意見".to_owned()), page: Some(5), ..NewItem::default() },
                NewItem { body: Some("二つめの意見".to_owned()), anchor: Some("p-12".to_owned()), ..NewItem::default() },
            ];
        }).await;
        let (page, statements) = site.statements(open_page(&mut clerk, &item(id))).await;
        assert!(statements <= 8, "{statements} statements");
        for text in [&number, "FAX", "在学", "受付の佐藤", "一つめの意見", "二つめの意見", "p-12", "意見（2件）"] {
            page.assert_shows(text);
        }
        let reply = clerk.post(&format!("{}/state", item(id)), &[("state", "out_of_scope"), ("state_reason", "別の計画のこと")]).await;
        assert_eq!(reply.location(), format!("{}?notice=state", item(id)));
        let page = open_page(&mut clerk, &reply.location()).await;
        page.assert_shows("状態を変更しました");
        page.assert_shows("対象外");
        page.assert_shows("別の計画のこと");
        page.assert_shows("水野");
        assert_eq!(site.texts("SELECT intake FROM proposal").await, ["out_of_scope"]);
        let log = site.texts("SELECT detail FROM audit_event WHERE action = 'intake.change'").await;
        assert!(log.len() == 1 && log[0].contains("out_of_scope") && !log[0].contains("別の計画"), "{log:?}");
        clerk.post(&format!("{}/marks", item(id)), &[("approval_only", "1")]).await.assert_status(303);
        assert_eq!(site.number("SELECT approval_only * 10 + no_reply FROM proposal").await, 10);
        for (path, fields, problem) in [
            ("state", [("state", ""), ("state_reason", "書いた理由")], "一つ選んでください。"),
            ("state", [("state", "awaiting_correction"), ("state_reason", "書いた理由")], "選択肢にないもの"),
            ("assignment", [("department", "999"), ("x", "")], "選択肢にないもの"),
            ("notes", [("note", " \n "), ("x", "")], "入力してください。"),
        ] {
            let wrong = clerk.post(&format!("{}/{path}", item(id)), &fields).await;
            wrong.assert_status(422).assert_shows(problem);
            wrong.assert_shows("error-summary");
            if path == "state" {
                assert_eq!(wrong.field("state_reason"), "書いた理由");
            }
        }
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        let page = open_page(&mut auditor, &item(id)).await;
        page.assert_shows("別の計画のこと");
        page.assert_hides("受付の処理");
        page.assert_hides("メモを追加する");
        let mut elsewhere = site.staff("他課", "文化課", Role::Clerk).await;
        elsewhere.get(&item(id)).await.assert_status(403);
        for (path, fields) in [
            ("state", [("state", "accepted")]),
            ("assignment", [("department", "")]),
            ("marks", [("no_reply", "1")]),
            ("notes", [("note", "メモ")]),
            ("correction", [("correction", "x")]),
            ("split", [("item", "x")]),
        ] {
            for browser in [&mut auditor, &mut elsewhere] {
                browser.post(&format!("{}/{path}", item(id)), &fields).await.assert_status(403);
            }
        }
        assert_eq!(site.number(&format!("SELECT COUNT(*) FROM proposal WHERE consultation_id = {theme} AND intake = 'out_of_scope'")).await, 1);
    }

    async fn the_department_a_submission_is_assigned_to_reads_that_one_and_adds_notes(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let mut culture = site.staff("文化係", "文化課", Role::Clerk).await;
        let (id, _) = sent(&site, "keikaku", |new| {
            new.body = "図書館のこと".into();
            new.identity = person("山田内緒子");
        }).await;
        let (other, _) = sent(&site, "keikaku", |_| ()).await;
        culture.get(&item(id)).await.assert_status(403);
        let department = site.number("SELECT id FROM department WHERE name = '文化課'").await.to_string();
        clerk.post(&format!("{}/assignment", item(id)), &[("department", &department)]).await.assert_status(303);
        let page = open_page(&mut culture, &item(id)).await;
        page.assert_shows("図書館のこと");
        page.assert_shows("あなたの課に割り当てられています");
        for hidden in ["受付の処理", "提出者の情報", "山田内緒子", "非表示にする", &format!("/consultations/{theme}/responses")] {
            page.assert_hides(hidden);
        }
        let list = open_page(&mut culture, "/staff/assigned").await;
        assert_eq!(listed(&list), [id]);
        list.assert_hides("山田内緒子");
        assert!(listed(&open_page(&mut clerk, "/staff/assigned").await).is_empty());
        culture.post(&format!("{}/notes", item(id)), &[("note", "文化課の\nメモです")]).await.assert_status(303);
        let page = open_page(&mut clerk, &item(id)).await;
        page.assert_shows("文化係");
        page.assert_shows("メモです");
        open_page(&mut clerk, &queue(theme)).await.assert_shows("メモ1件");
        for (path, fields) in [("state", [("state", "accepted")]), ("correction", [("correction", "x")])] {
            culture.post(&format!("{}/{path}", item(id)), &fields).await.assert_status(403);
        }
        culture.post(&format!("{}/identity", item(id)), &[("reason", "見てみたい")]).await.assert_status(404);
        culture.get(&item(other)).await.assert_status(403);
        culture.get(&queue(theme)).await.assert_status(403);
        clerk.post(&format!("{}/assignment", item(id)), &[("department", "")]).await.assert_status(303);
        culture.get(&item(id)).await.assert_status(403);
    }

    async fn people_without_an_account_hear_of_the_answer_too(site) {
        let (_, theme) = comment(&site, "keikaku").await;
        let mut approver = site.staff("承認", "公園課", Role::Approver).await;
        let mut ids = vec![];
        for text in ["ベンチがほしい。", "木陰もほしい。"] {
            let (id, _) = sent(&site, "keikaku", |new| {
                text.clone_into(&mut new.body);
                new.identity = Identity { email: "hanako@example.jp".to_owned(), ..person("花子") };
            })
            .await;
            ids.push(id);
        }
        sent(&site, "keikaku", |new| new.identity = person("住所だけの方")).await;
        site.close(theme).await;
        let chapter = site.chapter(&mut approver, theme, "全般").await;
        let third = site.number("SELECT MAX(id) FROM proposal").await;
        site.row(&mut approver, theme, chapter, &[ids[0], third], "ベンチがほしい。", "増やします。").await;
        site.row(&mut approver, theme, chapter, &[ids[1]], "木陰がほしい。", "木を植えます。").await;
        let mut publisher = approver.clone();
        site.publish(&mut approver, &mut publisher, theme).await.assert_status(303);
        let mails = site.mails_to("hanako@example.jp").await;
        assert_eq!(mails.len(), 1, "one mail for everything one person sent");
        assert!(mails[0].text.contains("花子") && mails[0].text.matches("/responses#").count() == 2, "{}", mails[0].text);
    }

    async fn nothing_is_asked_of_people_who_could_not_correct_it(site) {
        let (mut clerk, _) = comment(&site, "keikaku").await;
        let (id, _) = sent(&site, "keikaku", |new| "hanako@example.jp".clone_into(&mut new.identity.email)).await;
        clerk.post(&format!("{}/hide", item(id)), &[("reason", "宣伝のため")]).await.assert_status(303);
        let asked = [("correction", "ご住所をお書きください。"), ("until", &day(&site, 7))];
        clerk.post(&format!("{}/correction", item(id)), &asked).await.assert_status(409);
        assert!(site.mails_to("hanako@example.jp").await.is_empty());
    }

    async fn a_correction_is_asked_for_by_mail_or_with_a_link_to_send_by_post(site) {
        let (mut clerk, _) = comment(&site, "keikaku").await;
        let (id, number) = sent(&site, "keikaku", |new| {
            new.identity = Identity { email: "taro@example.jp".to_owned(), ..person("山田") };
        }).await;
        let (by_post, second) = sent(&site, "keikaku", |new| new.identity = person("鈴木")).await;
        let path = format!("{}/correction", item(id));
        for (until, problem) in [
            ("", "入力してください。".to_owned()),
            ("令和8年2月30日", "日付の形式をご確認ください".to_owned()),
            (&*day(&site, -1), wareki::long(wareki::date_of(site.clock.now()))),
        ] {
            let wrong = clerk.post(&path, &[("correction", "番地まで\nお書きください"), ("until", until)]).await;
            wrong.assert_status(422).assert_shows(&problem);
            assert_eq!((wrong.field("correction"), wrong.field("until")), ("番地まで\nお書きください".to_owned(), until.to_owned()));
        }
        assert_eq!(site.texts("SELECT DISTINCT intake FROM proposal").await, ["unread"]);
        let reply = clerk.post(&path, &[("correction", "番地まで\nお書きください"), ("until", &day(&site, 7))]).await;
        assert_eq!(reply.location(), format!("{}?notice=asked", item(id)));
        let page = open_page(&mut clerk, &reply.location()).await;
        page.assert_shows("補正待ち");
        page.assert_shows(&day(&site, 7));
        page.assert_hides("taro@example.jp");
        page.assert_hides("key=");
        let mail = site.mails_to("taro@example.jp").await.pop().unwrap();
        assert!(mail.text.contains("番地まで\nお書きください") && mail.text.contains(&day(&site, 7)), "{}", mail.text);
        let link = format!("/receipts/{number}?key={}", site.app.seal.receipt_key(&number));
        assert!(mail.text.contains(&link), "{}", mail.text);
        open_page(&mut site.visitor(), &link).await.assert_shows("お書きください");
        // Asked once more, the sender hears of it once more.
        site.pass(1);
        clerk.post(&path, &[("correction", "電話番号も"), ("until", &day(&site, 7))]).await.assert_status(303);
        assert_eq!(site.mails_to("taro@example.jp").await.len(), 2);
        // Without an address, the link is there to be printed.
        let form = open_page(&mut clerk, &item(by_post)).await;
        form.assert_shows("メールアドレスが分からないため");
        form.assert_hides("key=");
        let fields = [("correction", "ご住所を"), ("until", "2026-12-01")];
        let reply = clerk.post(&format!("{}/correction", item(by_post)), &fields).await;
        assert_eq!(reply.location(), format!("{}?notice=asked-by-hand", item(by_post)));
        let page = open_page(&mut clerk, &reply.location()).await;
        page.assert_shows(&format!("/receipts/{second}?key={}", site.app.seal.receipt_key(&second)));
        assert_eq!(site.texts("SELECT DISTINCT intake FROM proposal").await, ["awaiting_correction"]);
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        open_page(&mut auditor, &item(by_post)).await.assert_hides("key=");
        let log = site.texts("SELECT detail FROM audit_event WHERE action = 'intake.correction'").await;
        assert!(log.len() == 3 && log.iter().all(|d| !d.contains("番地") && !d.contains("taro")), "{log:?}");
    }

    async fn a_letter_is_cut_into_its_opinions_and_the_desk_keeps_its_links(site) {
        let (mut clerk, theme) = comment(&site, "keikaku").await;
        let body = "①木陰を増やしてほしい。\n②ベンチを増やしてほしい。\n③夜も明るくしてほしい。";
        let (id, _) = sent(&site, "keikaku", |new| {
            new.body = body.into();
            new.identity = person("山田");
        }).await;
        let split = format!("{}/split", item(id));
        let page = open_page(&mut clerk, &item(id)).await;
        page.assert_shows("推測した案が入っています");
        let boxes: Vec<String> = page.text.split("<textarea").skip(1).filter(|t| t.split('>').next().unwrap().contains("name=\"item\"")).map(|t| t.split_once('>').unwrap().1.split("</textarea>").next().unwrap().trim().to_owned()).collect();
        assert_eq!(boxes, ["①木陰を増やしてほしい。", "②ベンチを増やしてほしい。", "③夜も明るくしてほしい。", ""]);
        let more = clerk.post(&split, &[("item", "甲"), ("item", "乙"), ("act", "more")]).await;
        more.assert_status(200).assert_shows("意見7の文章");
        assert_eq!(site.number("SELECT COUNT(*) FROM opinion_item").await, 1);
        let fields: Vec<(&str, &str)> = boxes.iter().map(|b| ("item", b.as_str())).chain([("act", "save")]).collect();
        let reply = clerk.post(&split, &fields).await;
        assert_eq!(reply.location(), format!("{}?notice=split", item(id)));
        open_page(&mut clerk, &reply.location()).await.assert_shows("意見を3件に分けました");
        assert_eq!(site.texts("SELECT body FROM proposal").await, [body], "the text as sent stays");
        let items = site.numbers("SELECT id FROM opinion_item ORDER BY position").await;
        assert_eq!(items.len(), 3);
        assert_eq!(site.number("SELECT CAST(SUM(opinions) AS BIGINT) FROM intake_tally").await, 3);
        let empty = clerk.post(&split, &[("item", " "), ("item", "")]).await;
        empty.assert_status(422).assert_shows("入力してください。");
        // A row gathers the second.
        let chapter = site.chapter(&mut clerk, theme, "全般").await;
        let row = [("chapter", chapter.to_string()), ("text", "ベンチの増設".to_owned()), ("answer", "検討します。".to_owned()),
            ("disposition", "considered".to_owned()), ("items", items[1].to_string())];
        let row: Vec<(&str, &str)> = row.iter().map(|(n, v)| (*n, v.as_str())).collect();
        clerk.post(&format!("/staff/consultations/{theme}/responses/rows/new"), &row).await.assert_status(303);
        for parts in [vec![boxes[0].as_str()], vec![boxes[0].as_str(), "書き換えた意見", boxes[2].as_str()]] {
            let fields: Vec<(&str, &str)> = parts.iter().map(|p| ("item", *p)).collect();
            let refused = clerk.post(&split, &fields).await;
            refused.assert_status(422).assert_shows("削除や書き換えができません");
            refused.assert_shows(parts.last().unwrap());
        }
        assert_eq!(site.numbers("SELECT id FROM opinion_item ORDER BY position").await, items);
        let fields: Vec<(&str, &str)> = boxes[..3].iter().map(|b| ("item", b.as_str())).chain([("item", "④追加した意見")]).collect();
        clerk.post(&split, &fields).await.assert_status(303);
        assert_eq!(site.numbers("SELECT id FROM opinion_item ORDER BY position").await[..3], items);
        assert_eq!(site.number("SELECT COUNT(*) FROM summary_item").await, 1);
        assert_eq!(site.number("SELECT CAST(SUM(opinions) AS BIGINT) FROM intake_tally").await, 4);
    }
}
