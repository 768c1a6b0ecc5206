//! The proxy-entry desk and what is printed: every channel, the rules, what may be the same, scans, the blank form.

use std::fmt::Write as _;

use app::pages::staff::entry::CHANNELS;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::{
    Role,
    rules::{
        Eligibility, FieldRule, IdentityField, IncompleteHandling, LateHandling, OralHandling, Rules, RulesPreset,
    },
};
use futures::StreamExt as _;
use server::service;

use crate::{
    on_both_databases,
    support::{Browser, DAY, MINUTE, Reply, Site, png},
};

const LETTER: &str = "駅前の駐輪場を増やしてください。いまの台数では、朝の八時にはもう停めるところがありません。\
                      歩道に停めざるをえず、ベビーカーや車いすの方の通行のさまたげになっています。";
const NEAR: &str = "駅前の駐輪場を増やしてください。いまの台数では、朝の七時にはもう停めるところがありません。\
                    歩道に停めざるをえず、ベビーカーや車いすの方の通行のさまたげになっています。";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

/// What a page says, so that several things can be asked of one page in one go.
trait Says {
    fn shows(&self, text: &str) -> &Self;
    fn hides(&self, text: &str) -> &Self;
}

impl Says for Reply {
    #[track_caller]
    fn shows(&self, text: &str) -> &Self {
        self.assert_shows(text);
        self
    }

    #[track_caller]
    fn hides(&self, text: &str) -> &Self {
        self.assert_hides(text);
        self
    }
}

fn desk(theme: i64) -> String {
    format!("/staff/consultations/{theme}/entry")
}

/// An open public comment of the parks department with rules of its own.
async fn theme(site: &Site, clerk: &mut Browser, rules: &Rules) -> i64 {
    let theme = site.draft_theme(clerk, "kouen", "public_comment").await;
    // As published yesterday: from then on its rules stand, which these tests choose themselves.
    let at = site.clock.now() - DAY;
    site.sql(&format!("UPDATE consultation SET state = 'published', publish_at = {at} WHERE id = {theme}")).await;
    set_rules(site, theme, rules).await;
    theme
}

async fn set_rules(site: &Site, theme: i64, rules: &Rules) {
    let rules = serde_json::to_string(rules).unwrap().replace('\'', "''");
    site.sql(&format!("UPDATE consultation SET rules = '{rules}' WHERE id = {theme}")).await;
}

/// The national model, but what is said on the telephone is taken down.
fn open_rules() -> Rules {
    Rules { oral: OralHandling::Accept, ..Rules::default() }
}

/// Sends a sheet: a letter of today, with some fields changed.
async fn send(clerk: &mut Browser, theme: i64, token: &str, changed: &[(&str, &str)]) -> Reply {
    let mut fields = vec![
        ("act", "next"),
        ("token", token),
        ("channel", "post"),
        ("received_on", "令和8年11月21日"),
        ("body", LETTER),
        ("intake", "accepted"),
    ];
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    fields.extend_from_slice(changed);
    let parts: Vec<_> = fields.iter().map(|(n, v)| (*n, None, "text/plain", v.as_bytes())).collect();
    clerk.upload(&desk(theme), &parts).await
}

/// Opens the desk and sends a sheet.
async fn enter(clerk: &mut Browser, theme: i64, changed: &[(&str, &str)]) -> Reply {
    let token = clerk.get(&desk(theme)).await.value_of("token");
    send(clerk, theme, &token, changed).await
}

/// Enters a sheet that nothing speaks against; gives its id.
async fn entered(clerk: &mut Browser, theme: i64, changed: &[(&str, &str)]) -> i64 {
    let reply = enter(clerk, theme, changed).await;
    reply.assert_status(303);
    reply.location().split_once("?after=").unwrap().1.parse().unwrap()
}

/// A form with a PDF of so many mebibytes, in pieces as a network brings it.
fn slowly(path: &str, fields: &[(&str, &str)], mib: usize) -> Request<Body> {
    let mut body = String::new();
    for (name, value) in fields {
        let _ = write!(body, "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body.push_str("--edge\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"large.pdf\"\r\n\r\n%PDF-1.7\n");
    let mut bytes = body.into_bytes();
    bytes.resize(bytes.len() + mib * 1024 * 1024, b' ');
    bytes.extend_from_slice(b"\n%%EOF\r\n--edge--\r\n");
    let pieces: Vec<_> = bytes.chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    // A network brings nothing at once: what has come is read before the rest is there.
    let pieces = futures::stream::iter(pieces).then(|piece| async {
        tokio::task::yield_now().await;
        piece
    });
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from_stream(pieces))
        .unwrap()
}

const YAMADA: [(&str, &str); 2] = [("name", "山田　太郎"), ("address", "みなも区本町１－２")];
const SATO: [(&str, &str); 2] = [("name", "佐藤花子"), ("address", "みなも区緑3-4")];

fn with<'a>(a: &[(&'a str, &'a str)], b: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [a, b].concat()
}

async fn column(site: &Site, id: i64, column: &str) -> String {
    site.texts(&format!("SELECT COALESCE({column}, '') FROM proposal WHERE id = {id}")).await.remove(0)
}

on_both_databases! {
    async fn every_channel_but_the_web_is_entered_with_its_dates_and_the_hand_that_wrote_it_down(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let fresh = clerk.get(&desk(theme)).await;
        fresh.shows("<option value=\"fax\"");
        fresh.hides("<option value=\"web\"");
        assert_eq!(fresh.field("received_on"), "令和8年11月21日");
        for (n, channel) in CHANNELS.iter().enumerate() {
            let body = format!("{}通目の意見です。{}", n + 1, channel.code());
            let who = format!("区民{n}");
            let fields = [
                ("channel", channel.code()),
                ("body", &body),
                ("received_on", "2026/11/20"),
                ("postmarked_on", "R8.11.19"),
                ("name", &who),
                ("address", "本町1"),
                ("eligibility", "resident"),
            ];
            let id = entered(&mut clerk, theme, &fields).await;
            assert_eq!(column(&site, id, "channel").await, channel.code());
            assert_eq!(column(&site, id, "received_on").await, "2026-11-20");
            let postmark = if channel.code() == "post" { "2026-11-19" } else { "" };
            assert_eq!(column(&site, id, "postmarked_on").await, postmark, "{channel:?}");
            let scribe = if ["phone", "hearing"].contains(&channel.code()) { "水野" } else { "" };
            assert_eq!(column(&site, id, "scribe").await, scribe, "{channel:?}");
            assert_eq!(column(&site, id, "intake").await, "accepted");
            assert_eq!(column(&site, id, "eligibility").await, "resident");
        }
        let web = enter(&mut clerk, theme, &[("channel", "web")]).await;
        web.assert_status(422).shows("href=\"#f-channel\"");
        let spoken = [("channel", "counter"), ("spoken", "1"), ("body", "窓口で伺った意見です。"), ("name", "区民")];
        let id = entered(&mut clerk, theme, &spoken).await;
        assert_eq!(column(&site, id, "scribe").await, "水野");
        let named = [("channel", "counter"), ("scribe", "代筆 花子"), ("body", "代わりに書いた意見です。"), ("name", "区民")];
        let id = entered(&mut clerk, theme, &named).await;
        assert_eq!(column(&site, id, "scribe").await, "代筆 花子");

        let logged = site.texts("SELECT detail FROM audit_event WHERE action = 'entry.record'").await;
        assert_eq!(logged.len(), 10);
        assert!(logged.iter().all(|detail| !detail.contains("区民") && !detail.contains("意見")), "{logged:?}");
    }

    async fn the_next_sheet_starts_as_the_last_one_went(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let fields = [("channel", "phone"), ("received_on", "2026-11-20"), ("scribe", "川辺"), ("name", "内緒の人")];
        let done = enter(&mut clerk, theme, &fields).await;
        done.assert_status(303);
        let next = clerk.get(&done.location()).await;
        assert_eq!(next.chosen("channel"), "phone");
        assert_eq!(next.field("received_on"), "令和8年11月20日");
        assert_eq!(next.field("scribe"), "川辺");
        assert_eq!(next.field("body"), "");
        assert_eq!(next.field("name"), "");
        next.shows("autofocus").shows("登録しました");
        let number = column(&site, 1, "receipt_number").await;
        next.shows(&format!("receipt__number\">{number}"));
        next.shows("今日あなたが入力した意見は1件です。");
        let listed = next.text.split("id=\"today\"").nth(1).unwrap();
        assert!(listed.contains(&number) && listed.contains("href=\"/staff/proposals/1\""), "{listed}");
        // Somebody else's number isn't shown as one's own.
        let mut other = site.staff("森", "公園課", Role::Clerk).await;
        let theirs = other.get(&done.location()).await;
        theirs.hides(&number).shows("今日あなたが入力した意見は0件です。");
        // Another day, another list.
        site.pass(DAY);
        let mut clerk = site.signed_in(&format!("{}@staff.example.jp", crate::support::hex("水野")), crate::support::PASSWORD).await;
        clerk.get(&desk(theme)).await.shows("今日あなたが入力した意見は0件です。");

        let shown = enter(&mut clerk, theme, &[("act", "show"), ("body", "見る意見"), ("name", "別の人")]).await;
        assert_eq!(shown.location(), "/staff/proposals/2");
    }

    async fn one_letter_falls_into_several_opinions_by_its_numbers_or_by_hand(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let letter = "①P5の図が小さいです。②公園を広げてください。③花壇もほしいです。";
        let split = enter(&mut clerk, theme, &[("act", "split"), ("body", letter), ("name", "山田")]).await;
        split.assert_status(200);
        assert_eq!(split.field("body"), letter);
        assert_eq!(split.field("name"), "山田");
        for part in ["①P5の図が小さいです。", "②公園を広げてください。", "③花壇もほしいです。"] {
            split.shows(&format!("\n{part}</textarea>"));
        }
        assert_eq!(split.value_of("item_page"), "5");
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
        let more = send(&mut clerk, theme, &split.value_of("token"), &[("act", "more"), ("body", "一つの意見")]).await;
        more.shows("\n一つの意見</textarea>").shows("id=\"f-item-2\"");

        let boxes = [
            ("body", letter),
            ("item_body", "①P5の図が小さいです。"),
            ("item_page", "P5"),
            ("item_anchor", ""),
            ("item_body", ""),
            ("item_page", ""),
            ("item_anchor", ""),
            ("item_body", "②と③"),
            ("item_page", ""),
            ("item_anchor", ""),
        ];
        let id = entered(&mut clerk, theme, &boxes).await;
        let items = site.texts(&format!("SELECT body FROM opinion_item WHERE proposal_id = {id} ORDER BY position")).await;
        assert_eq!(items, ["①P5の図が小さいです。", "②と③"]);
        assert_eq!(site.number(&format!("SELECT page FROM opinion_item WHERE proposal_id = {id} AND position = 1")).await, 5);
        assert_eq!(column(&site, id, "body").await, letter);

        // Without boxes the whole text is one opinion, with the place it names.
        let whole = [("body", "全体の意見"), ("item_body", ""), ("item_page", "７"), ("item_anchor", ""), ("name", "区民")];
        let id = entered(&mut clerk, theme, &whole).await;
        assert_eq!(site.texts(&format!("SELECT COALESCE(body, '-') FROM opinion_item WHERE proposal_id = {id}")).await, ["-"]);
        assert_eq!(site.number(&format!("SELECT page FROM opinion_item WHERE proposal_id = {id}")).await, 7);
        assert_eq!(site.number("SELECT CAST(SUM(opinions) AS BIGINT) FROM intake_tally").await, 3);

        let wrong = [("body", "ほか"), ("item_body", ""), ("item_page", "五"), ("item_anchor", ""), ("name", "区民2")];
        enter(&mut clerk, theme, &wrong).await.assert_status(422).shows("href=\"#f-items\"");
        let wrong = [("body", "ほか"), ("item_body", ""), ("item_page", ""), ("item_anchor", "nowhere"), ("name", "区民2")];
        let refused = enter(&mut clerk, theme, &wrong).await;
        refused.assert_status(422).shows("href=\"#f-items\"").shows("value=\"nowhere\"");
    }

    async fn a_letter_is_late_or_in_time_by_its_postmark_as_the_rules_say(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &Rules { postmark: true, ..open_rules() }).await;
        site.close(theme).await;
        let sheet = |n: &'static str, channel: &'static str, postmark: &'static str| {
            [("body", n), ("channel", channel), ("postmarked_on", postmark), ("name", n), ("address", n)]
        };
        for (n, channel, postmark, state) in [
            ("一", "post", "2026-11-20", "accepted"),
            ("二", "post", "2026-11-21", "late"),
            ("三", "post", "", "late"),
            ("四", "fax", "2026-11-20", "late"),
        ] {
            let id = entered(&mut clerk, theme, &sheet(n, channel, postmark)).await;
            assert_eq!(column(&site, id, "intake").await, state, "{n}");
            let page = clerk.get(&format!("{}?after={id}", desk(theme))).await;
            assert_eq!(page.text.contains("「期間外」として記録しました"), state == "late");
        }
        set_rules(&site, theme, &open_rules()).await;
        let id = entered(&mut clerk, theme, &sheet("五", "post", "2026-11-20")).await;
        assert_eq!(column(&site, id, "intake").await, "late", "without 消印有効 the day of receipt decides");

        set_rules(&site, theme, &Rules { late: LateHandling::Refuse, ..open_rules() }).await;
        let fields = sheet("六", "post", "2026-11-20");
        let refused = enter(&mut clerk, theme, &fields).await;
        refused.assert_status(422).shows("期間を過ぎて届いた意見は受理しません").shows("期間外として記録する");
        assert_eq!(refused.field("body"), "六");
        let id = entered(&mut clerk, theme, &with(&fields, &[("confirmed", "late")])).await;
        assert_eq!(column(&site, id, "intake").await, "late");
        let counted = site.number("SELECT CAST(SUM(submissions) AS BIGINT) FROM intake_tally WHERE status = 'accepted'").await;
        assert_eq!(counted, 1);
    }

    async fn what_the_rules_do_not_take_has_to_be_confirmed(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &Rules::default()).await;
        for spoken in [&[("channel", "phone")][..], &[("channel", "counter"), ("spoken", "1")]] {
            let channel = spoken[0].1;
            let fields = with(spoken, &[("body", channel), ("name", "区民")]);
            let refused = enter(&mut clerk, theme, &fields).await;
            refused.assert_status(422).shows("電話や口頭による意見は受け付けません");
            assert_eq!(refused.chosen("channel"), channel);
            entered(&mut clerk, theme, &with(&fields, &[("confirmed", "oral")])).await;
        }
        for channel in ["counter", "hearing", "workshop"] {
            entered(&mut clerk, theme, &[("channel", channel), ("body", &format!("{channel}の意見")), ("name", "区民")]).await;
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 5);
    }

    async fn incomplete_identity_is_handled_by_the_rules(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let named = Rules { incomplete: IncompleteHandling::Refuse, ..Rules::from_preset(RulesPreset::Shibuya) };
        let theme = theme(&site, &mut clerk, &named).await;
        let fields = [("body", "名前だけの意見"), ("name", "山田"), ("phone", "03-0000-0000"), ("eligibility", "worker")];
        let refused = enter(&mut clerk, theme, &fields).await;
        refused.assert_status(422).shows("住所、勤務先の記載がない意見は受理しません");
        refused.shows("補正待ちとして登録する").shows("登録せずに次の用紙へ");
        assert_eq!(refused.field("name"), "山田");
        let id = entered(&mut clerk, theme, &with(&fields, &[("act", "correction")])).await;
        assert_eq!(column(&site, id, "intake").await, "awaiting_correction");
        assert_eq!(site.texts("SELECT phone FROM identity").await, [""], "what the rules don't ask for is not kept");

        set_rules(&site, theme, &Rules { incomplete: IncompleteHandling::NoReply, ..named.clone() }).await;
        let id = entered(&mut clerk, theme, &[("body", "匿名の意見")]).await;
        assert_eq!(site.number(&format!("SELECT no_reply FROM proposal WHERE id = {id}")).await, 1);
        clerk.get(&format!("{}?after={id}", desk(theme))).await.shows("「回答対象外」として記録しました");
        set_rules(&site, theme, &Rules { incomplete: IncompleteHandling::Equal, ..named }).await;
        let id = entered(&mut clerk, theme, &[("body", "これも匿名の意見")]).await;
        assert_eq!(site.number(&format!("SELECT no_reply FROM proposal WHERE id = {id}")).await, 0);
    }

    async fn wrong_days_are_said_and_nothing_typed_is_lost(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        for (day, said) in [
            ("令和7年2月30日", "日付の形式をご確認ください"),
            ("", "入力してください"),
            ("2026-11-22", "収受日がこれから先の日になっています"),
            ("2026-11-01", "募集の開始日（令和8年11月20日（金））より前になっています"),
        ] {
            let typed = "</textarea><b>そのまま</b>\n二行目";
            let fields = [("received_on", day), ("body", typed), ("name", "𠮷田"), ("eligibility", "student"), ("school", "高校")];
            let refused = enter(&mut clerk, theme, &fields).await;
            refused.assert_status(422).shows(said).shows("入力内容をご確認ください");
            assert_eq!(refused.field("body"), typed);
            assert_eq!(refused.field("received_on"), day);
            assert_eq!((refused.field("name"), refused.field("school")), ("𠮷田".to_owned(), "高校".to_owned()));
            assert_eq!(refused.chosen("eligibility"), "student");
        }
        let late = [("postmarked_on", "2026-11-21"), ("received_on", "2026-11-20")];
        enter(&mut clerk, theme, &late).await.assert_status(422).shows("消印日が収受日より後になっています");
        for wrong in [("body", ""), ("intake", "late"), ("department", "99"), ("eligibility", "cat"), ("email", "a@")] {
            let refused = enter(&mut clerk, theme, &[wrong]).await;
            refused.assert_status(422).shows(&format!("href=\"#f-{}\"", wrong.0));
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 0);
        let early = [("received_on", "2026-11-01"), ("confirmed", "early"), ("channel", "workshop")];
        entered(&mut clerk, theme, &early).await;
    }

    async fn the_same_letter_or_person_is_shown_before_it_is_entered_again(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let first = entered(&mut clerk, theme, &with(&YAMADA, &[("received_on", "2026-11-20")])).await;
        let number = column(&site, first, "receipt_number").await;

        // The same text in other signs, of the same person written otherwise, on another day.
        let again = LETTER.replace('。', "． ");
        let fields = [("body", again.as_str()), ("name", "山田太郎"), ("address", "みなも区本町1-2"), ("channel", "fax")];
        let warned = enter(&mut clerk, theme, &fields).await;
        warned.assert_status(422).shows(&number).shows("同じ方（氏名・団体名と住所・連絡先が一致）、同じ文章");
        warned.shows("入力：水野").shows("文章は、空白や記号を除いて同じです。");
        assert_eq!(warned.field("body"), again);
        assert_eq!(warned.chosen("channel"), "fax");

        // Nearly the same text: what differs is marked.
        let near = enter(&mut clerk, theme, &with(&YAMADA, &[("body", NEAR)])).await;
        near.assert_status(422).shows("<del>").shows("<ins>");
        // Another text of the same person.
        let other = enter(&mut clerk, theme, &with(&YAMADA, &[("body", "花壇もほしいです。")])).await;
        other.assert_status(422).shows("登録済みの文章の冒頭").hides("、同じ文章");
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);

        let doubled = entered(&mut clerk, theme, &with(&fields, &[("act", "duplicate")])).await;
        assert_eq!(column(&site, doubled, "intake").await, "duplicate");
        let anyway = entered(&mut clerk, theme, &with(&YAMADA, &[("body", NEAR), ("act", "anyway")])).await;
        assert_eq!(column(&site, anyway, "intake").await, "accepted");
        // Another person with the same text on another day is nobody's double, but it is said afterwards.
        let stranger = entered(&mut clerk, theme, &with(&SATO, &[("received_on", "2026-11-19"), ("confirmed", "early")])).await;
        let page = clerk.get(&format!("{}?after={stranger}", desk(theme))).await;
        page.shows("同じ文章の意見が、ほかに2件あります。");
        // Without a name nothing tells the senders apart.
        enter(&mut clerk, theme, &[("received_on", "2026-11-19"), ("confirmed", "early")]).await.assert_status(422);

        // People are counted once; a duplicate isn't counted at all.
        let counted = "FROM intake_tally WHERE status IN ('accepted', 'unread', 'awaiting_correction')";
        assert_eq!(site.number(&format!("SELECT CAST(SUM(people) AS BIGINT) {counted}")).await, 2);
        assert_eq!(site.number(&format!("SELECT CAST(SUM(submissions) AS BIGINT) {counted}")).await, 3);
        assert_eq!(site.number("SELECT CAST(SUM(submissions) AS BIGINT) FROM intake_tally").await, 4);
    }

    async fn a_letter_that_many_people_send_is_entered_without_a_question_for_each(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let people = ["一", "二", "三", "四", "五", "六", "七"];
        let mut asked = 0;
        for who in people {
            let fields = [("name", who), ("address", who)];
            if enter(&mut clerk, theme, &fields).await.status == 422 {
                asked += 1;
                entered(&mut clerk, theme, &with(&fields, &[("act", "anyway")])).await;
            }
        }
        assert_eq!(asked, 4, "until the letter is known to be sent by many");
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 7);
        enter(&mut clerk, theme, &[("name", "三"), ("address", "三")]).await.assert_status(422);
    }

    async fn two_officers_with_the_same_letter_are_warned(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let mut other = site.staff("森", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        site.slow("proposal").await;
        // Read differently by each: neither the name nor the day is the same.
        let mine = with(&YAMADA, &[("received_on", "2026-11-20")]);
        let theirs = [("name", "山口太郎"), ("address", "本町")];
        let (a, b) = tokio::join!(enter(&mut clerk, theme, &mine), enter(&mut other, theme, &theirs));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        let warned = if a.status == 422 { a } else { b };
        warned.shows("別の職員が、先ほど入力、同じ文章").shows("入力：");
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
        site.pass(31 * MINUTE);
        let late = [("name", "山下太郎"), ("address", "本町"), ("received_on", "2026-11-19"), ("confirmed", "early")];
        enter(&mut other, theme, &late).await.assert_status(303);
    }

    async fn the_same_sheet_sent_twice_is_recorded_once(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let token = clerk.get(&desk(theme)).await.value_of("token");
        let (mut a, mut b) = (clerk.clone(), clerk.clone());
        let (first, second) = tokio::join!(send(&mut a, theme, &token, &YAMADA), send(&mut b, theme, &token, &YAMADA));
        assert_eq!((first.status, second.status), (303, 303), "{} {}", first.text, second.text);
        assert_eq!(first.location(), second.location());
        assert_eq!(send(&mut clerk, theme, &token, &YAMADA).await.location(), first.location());
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
        // A token is nobody else's.
        let mut other = site.staff("森", "公園課", Role::Clerk).await;
        let stolen = send(&mut other, theme, &token, &SATO).await;
        stolen.assert_status(409).shows("駅前の駐輪場を増やしてください。");
    }

    async fn a_scan_is_seen_beside_the_form_by_who_loaded_it_and_nobody_else(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let token = clerk.get(&desk(theme)).await.value_of("token");
        let parts = |act: &'static str, name: &'static str, bytes: &'static [u8]| {
            [
                ("act", None, "text/plain", act.as_bytes()),
                ("channel", None, "text/plain", b"fax"),
                ("received_on", None, "text/plain", b"2026-11-21"),
                ("body", None, "text/plain", "読み込み中の意見".as_bytes()),
                ("scan", Some(name), "application/pdf", bytes),
            ]
        };
        for (name, bytes) in [("a.pdf", &b"<html><script>alert(1)</script>%PDF-1.7 %%EOF"[..]), ("b.pdf", b"PK\x03\x04")] {
            for act in ["scan", "next"] {
                let refused = clerk.upload(&desk(theme), &parts(act, name, bytes)).await;
                refused.assert_status(422).shows("この種類のファイルは使用できません。");
                assert_eq!(refused.field("body"), "読み込み中の意見");
            }
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 0);

        let loaded = clerk.upload(&desk(theme), &parts("scan", "手紙.pdf", PDF)).await;
        loaded.assert_status(200);
        let reference = loaded.value_of("scan_ref");
        let href = format!("{}/scans/{reference}", desk(theme));
        loaded.shows("<iframe").shows(&format!("src=\"{href}\""));
        assert!(loaded.header("content-security-policy").ends_with("; frame-src 'self'"));
        assert!(!clerk.get(&desk(theme)).await.header("content-security-policy").contains("frame-src"));
        let own = clerk.get(&href).await;
        own.assert_status(200);
        assert_eq!(own.bytes, PDF);
        assert_eq!((own.header("x-frame-options"), own.header("cache-control")), ("SAMEORIGIN", "private, no-store"));
        assert_eq!(own.header("content-type"), "application/pdf");
        for (who, department, role) in
            [("森", "公園課", Role::Clerk), ("林", "防災課", Role::Clerk), ("監査", "公園課", Role::Auditor), ("長", "公園課", Role::Admin)]
        {
            site.staff(who, department, role).await.get(&href).await.assert_status(404);
        }
        // Those who are not staff are not even told that much.
        assert!(site.visitor().get(&href).await.location().starts_with("/account/sign-in"));
        site.resident("区民").await.get(&href).await.assert_status(403);
        let (id, key) = reference.split_once('.').unwrap();
        for bad in [format!("{id}.{}", key.to_lowercase()), id.to_owned(), format!("{id}."), "x.y".to_owned()] {
            clerk.get(&format!("{}/scans/{bad}", desk(theme))).await.assert_status(404);
        }

        // It goes with the sheet, through a refused one too, and then is no longer to be had without a reason.
        let refused = send(&mut clerk, theme, &token, &[("scan_ref", &reference), ("received_on", "")]).await;
        refused.assert_status(422).shows(&href);
        send(&mut clerk, theme, &token, &[("scan_ref", &reference)]).await.assert_status(303);
        assert_eq!(site.texts("SELECT kind FROM attachment").await, ["scan"]);
        clerk.get(&href).await.assert_status(404);
        send(&mut clerk, theme, &token, &[("scan_ref", &reference)]).await.assert_status(303);
        let again = enter(&mut clerk, theme, &[("scan_ref", &reference), ("body", "ほかの意見"), ("name", "別人")]).await;
        again.assert_status(422).shows("href=\"#f-scan\"");
        assert_eq!(again.field("scan_ref"), "");
        let mut other = site.staff("原", "公園課", Role::Clerk).await;
        let stolen = enter(&mut other, theme, &[("scan_ref", &reference), ("body", "ほかの意見")]).await;
        stolen.assert_status(422).shows("href=\"#f-scan\"");

        let picture = png(40, 30);
        let parts = [
            ("act", None, "text/plain", &b"next"[..]),
            ("channel", None, "text/plain", b"post"),
            ("received_on", None, "text/plain", b"2026-11-21"),
            ("body", None, "text/plain", "写真の意見".as_bytes()),
            ("name", None, "text/plain", "区民".as_bytes()),
            ("scan", Some("photo.png"), "image/png", &picture),
        ];
        clerk.upload(&desk(theme), &parts).await.assert_status(303);
        let kinds = site.texts("SELECT u.content_type FROM attachment a JOIN upload u ON u.id = a.upload_id ORDER BY a.id").await;
        assert_eq!(kinds, ["application/pdf", "image/jpeg"]);
    }

    async fn a_file_that_is_too_large_costs_nothing_that_was_typed(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        for mib in [21, 25] {
            let fields = [("channel", "fax"), ("received_on", "2026-11-21"), ("body", "長い手紙")];
            let refused = clerk.send(slowly(&desk(theme), &fields, mib)).await;
            refused.assert_status(422).shows("ファイルは20MB以内にしてください。");
            assert_eq!(refused.field("body"), "長い手紙");
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 0);
    }

    async fn the_desk_is_the_departments_own_from_publication_on(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let draft = site.draft_theme(&mut clerk, "mada", "public_comment").await;
        let early = clerk.get(&desk(draft)).await;
        early.assert_status(200).shows("まだ公開していません").hides("name=\"body\"");
        let token = "t".repeat(43);
        assert_eq!(send(&mut clerk, draft, &token, &[]).await.location(), desk(draft));

        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let mut foreign = site.staff("林", "防災課", Role::Clerk).await;
        let mut auditor = site.staff("監査", "公園課", Role::Auditor).await;
        for browser in [&mut foreign, &mut auditor] {
            browser.get(&desk(theme)).await.assert_status(403);
            send(browser, theme, &token, &[]).await.assert_status(403);
        }
        let asked = site.visitor().get(&desk(theme)).await;
        assert!(asked.location().starts_with("/account/sign-in"), "{}", asked.location());
        let id = entered(&mut clerk, theme, &[]).await;
        let department = site.number("SELECT id FROM department WHERE name = '防災課'").await;
        assert_eq!(site.number(&format!("SELECT COUNT(*) FROM proposal WHERE id = {id} AND assigned_department_id IS NULL")).await, 1);
        // Late letters keep coming.
        site.close(theme).await;
        let fields = with(&SATO, &[("body", "遅れて届いた手紙"), ("department", "@")]);
        let department = department.to_string();
        let fields: Vec<_> = fields.into_iter().map(|(n, v)| (n, if v == "@" { department.as_str() } else { v })).collect();
        let id = entered(&mut clerk, theme, &fields).await;
        assert_eq!(column(&site, id, "intake").await, "late");
        let assigned = site.number(&format!("SELECT assigned_department_id FROM proposal WHERE id = {id}")).await;
        assert_eq!(assigned.to_string(), department);
        let (_, statements) = site.statements(clerk.get(&format!("{}?after={id}", desk(theme)))).await;
        assert!(statements <= 8, "{statements}");
    }

    async fn an_open_dialogue_takes_no_letters(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "taiwa").await;
        let page = clerk.get(&desk(theme)).await;
        page.assert_status(200).shows("書面や口頭でいただいたご意見の代理入力はできません").hides("name=\"body\"");
        for act in ["next", "split", "scan"] {
            let refused = send(&mut clerk, theme, &"t".repeat(43), &[("act", act)]).await;
            refused.assert_status(409).shows("駅前の駐輪場を増やしてください。");
        }
        let scan = [("act", None, "text/plain", &b"scan"[..]), ("scan", Some("a.pdf"), "application/pdf", PDF)];
        clerk.upload(&desk(theme), &scan).await.assert_status(409);
        for table in ["proposal", "upload"] {
            assert_eq!(site.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
    }

    async fn a_scan_without_its_sheet_is_gone_after_days_and_one_with_it_stays(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let other = PDF.iter().copied().chain(*b"\n").collect::<Vec<u8>>();
        let load = |bytes| [("act", None, "text/plain", &b"scan"[..]), ("scan", Some("a.pdf"), "application/pdf", bytes)];
        // The same file twice, one of them used, and one that is never used.
        let used = clerk.upload(&desk(theme), &load(PDF)).await.value_of("scan_ref");
        clerk.upload(&desk(theme), &load(PDF)).await.assert_status(200);
        clerk.upload(&desk(theme), &load(&other)).await.assert_status(200);
        entered(&mut clerk, theme, &[("scan_ref", &used)]).await;
        // One in a form of the web, which is kept for two weeks and longer when it is touched.
        site.sql(&format!(
            "INSERT INTO upload (sha256, content_type, file_name, size, created_at, created_by) \
             VALUES ('ff', 'application/pdf', 'b.pdf', 1, {0}, 0), ('fe', 'application/pdf', 'c.pdf', 1, {0}, 0)",
            site.clock.now()
        ))
        .await;
        let form = site.number("SELECT id FROM upload WHERE sha256 = 'ff'").await;
        site.sql(&format!(
            "INSERT INTO submission_draft (token_hash, payload, consultation_id, updated_at) \
             VALUES ('x', '{{\"files\":[{{\"upload\":{form},\"name\":\"b.pdf\",\"size\":1}}]}}', {theme}, {})",
            site.clock.now() + 10 * DAY
        ))
        .await;
        let hashes = site.texts("SELECT sha256 FROM upload WHERE id IN (1, 3) ORDER BY id").await;
        let on_disk = |site: &Site| hashes.iter().map(|hash| site.app.files.path(hash).exists()).collect::<Vec<_>>();
        let incoming = site.app.config.data_dir.join("files/incoming");
        let half = |name: &str, at: i64| {
            let file = std::fs::File::create(incoming.join(name)).unwrap();
            let at = std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(at).unwrap());
            file.set_modified(at).unwrap();
        };

        site.pass(DAY);
        service::setup::tidy(&site.app).await.unwrap();
        assert_eq!(site.number("SELECT COUNT(*) FROM upload").await, 5);
        assert_eq!(on_disk(&site), [true, true]);
        site.pass(2 * DAY);
        half("old", site.clock.now() - DAY - MINUTE);
        half("new", site.clock.now() - DAY + MINUTE);
        service::setup::tidy(&site.app).await.unwrap();
        assert_eq!(site.numbers("SELECT id FROM upload WHERE created_by <> 0").await, [1]);
        assert_eq!(on_disk(&site), [true, false]);
        assert_eq!((incoming.join("old").exists(), incoming.join("new").exists()), (false, true));
        assert_eq!(site.number("SELECT COUNT(*) FROM upload WHERE created_by = 0").await, 2);
        site.pass(13 * DAY);
        service::setup::tidy(&site.app).await.unwrap();
        assert_eq!(site.texts("SELECT sha256 FROM upload WHERE created_by = 0").await, ["ff"]);
    }
}

/// The text that a picture of a QR code holds, read as a telephone reads it.
fn read_code(svg: &str) -> String {
    let edge: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let mut dark = vec![false; edge * edge];
    let path = svg.rsplit(" d=\"").next().unwrap().split('"').next().unwrap();
    for run in path.split('M').skip(1) {
        let number = |text: &str| text.parse::<usize>().unwrap();
        let (corner, rest) = run.split_once('h').unwrap();
        let (x, y) = corner.split_once(' ').unwrap();
        let (width, rest) = rest.split_once('v').unwrap();
        let height = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        for row in number(y)..number(y) + number(height) {
            dark[row * edge + number(x)..][..number(width)].fill(true);
        }
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(edge, edge, |x, y| if dark[y * edge + x] { 0 } else { 255 });
    image.detect_grids().pop().unwrap().decode().unwrap().1
}

on_both_databases! {
    async fn the_blank_form_asks_what_the_rules_ask_and_nothing_else(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "taiwa").await;
        site.visitor().get("/consultations/taiwa/paper-form").await.assert_status(404);
        let theme = theme(&site, &mut clerk, &open_rules()).await;
        let path = "/consultations/kouen/paper-form";

        let mut all = Rules { eligible: Eligibility::ALL.to_vec(), ..open_rules() };
        for field in IdentityField::ALL {
            all.identity.set(field, FieldRule::Required);
        }
        let mut few = Rules { eligible: vec![Eligibility::Resident, Eligibility::Student], ..open_rules() };
        for field in IdentityField::ALL {
            few.identity.set(field, FieldRule::NotAsked);
        }
        few.identity.set(IdentityField::Name, FieldRule::Optional);
        for rules in [all, few, Rules::from_preset(RulesPreset::Shinagawa)] {
            set_rules(&site, theme, &rules).await;
            let form = clerk.get(path).await;
            form.assert_status(200).shows("意見用紙").shows("みんなの公園をつくろう");
            let text = format!("案件番号 R8-{theme:04}");
            form.shows(&text).shows("公園課").shows("その数ではなく内容によって検討します");
            for field in IdentityField::ALL {
                let asked = rules.identity.of(field) != FieldRule::NotAsked;
                assert_eq!(form.text.contains(&format!("<tr data-field=\"{}\"", field.code())), asked, "{field:?}");
            }
            for kind in Eligibility::ALL {
                let listed = rules.eligible.contains(&kind);
                assert_eq!(form.text.contains(&format!("data-eligibility=\"{}\"", kind.code())), listed, "{kind:?}");
                for input in kind.extra().map_or(&[][..], |extra| extra.inputs()) {
                    let shown = form.text.contains(&format!("data-field=\"{input}\""));
                    assert_eq!(shown, listed, "{input}");
                }
            }
            let postmark = if rules.postmark { "消印有効" } else { "必着" };
            form.shows(postmark).hides("<script");
        }
        let mut visitor = site.visitor();
        visitor.get(path).await.assert_status(200);
        visitor.language = "en";
        visitor.get(path).await.shows("Opinion form");
    }

    async fn the_code_on_form_and_poster_leads_to_the_theme(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let draft = site.draft_theme(&mut clerk, "mada", "public_comment").await;
        let poster = clerk.get(&format!("/staff/consultations/{draft}/poster")).await;
        poster.assert_status(200).shows("みんなの公園をつくろう").shows(&format!("R8-{draft:04}"));
        poster.shows("区内に住んでいる方").shows("http://machikoe.test/consultations/mada");
        let code = clerk.get(&format!("/staff/consultations/{draft}/qr.svg")).await;
        code.assert_status(200);
        assert_eq!(code.header("content-type"), "image/svg+xml");
        assert_eq!(read_code(&code.text), "http://machikoe.test/consultations/mada/proposals/new");
        site.visitor().get("/consultations/mada/qr.svg").await.assert_status(404);
        site.visitor().get("/consultations/mada/paper-form").await.assert_status(404);

        site.open_theme(&mut clerk, "kouen").await;
        let code = site.visitor().get("/consultations/kouen/qr.svg").await;
        assert_eq!(read_code(&code.text), "http://machikoe.test/consultations/kouen");
        // Four modules of white around it (ISO/IEC 18004 §9.1).
        let path = code.text.rsplit(" d=\"M").next().unwrap();
        let first: u32 = path.split(' ').next().unwrap().parse().unwrap();
        let module: u32 = path.split('h').nth(1).unwrap().split('v').next().unwrap().parse().unwrap();
        assert_eq!(first, 4 * module);
    }
}
