//! Public comments by a ward's own rules: the settings, the dates they allow, extension, copies, links, what comes by
//! itself, and what is told of it afterwards.

use domain::{Role, wareki};
use server::jobs;

use crate::{
    on_both_databases,
    support::{Browser, DAY, HOUR, MINUTE, PASSWORD, Reply, Site, hex},
};

const SETTINGS: &str = "/staff/settings";
const SECOND: i64 = 1000;
const NEW: &str = "/consultations/kouen/proposals/new";

/// A preset, the day its themes open, and last days with whether they are allowed.
type Borders<'a> = (&'a str, &'a str, &'a [(&'a str, bool)]);

fn start(day: &str) -> i64 {
    wareki::start_of_day_ms(wareki::parse(day).unwrap())
}

/// A form's fields as a browser sends them.
type Sent = Vec<(String, String)>;

/// What a browser would send of a form: inputs (ticked ones only), chosen options and texts.
fn sent(form: &str) -> Sent {
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\"")).nth(1).and_then(|v| v.split('"').next()).map(crate::support::html::unescape)
    };
    let mut fields = Vec::new();
    for part in form.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = attribute(tag, "type").unwrap_or_default();
        if tag.starts_with("input") {
            let ticked = !["radio", "checkbox"].contains(&kind.as_str()) || tag.contains(" checked");
            if ticked {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("select") {
            let options = form.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
            let mut options = options.split("<option").skip(1).map(|o| o.split('>').next().unwrap()).peekable();
            let first = options.peek().copied();
            let chosen = options.find(|o| o.contains(" selected")).or(first).unwrap_or_default();
            fields.push((name, attribute(chosen, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea") {
            let text = part.split_once('>').unwrap().1;
            fields.push((name, crate::support::html::unescape(text.strip_prefix('\n').unwrap_or(text))));
        }
    }
    fields
}

/// The form of a page that is sent to `action`.
fn form(page: &Reply, action: &str) -> Sent {
    let rest = page.text.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("{}", page.text));
    sent(rest.split("</form>").next().unwrap())
}

fn set(fields: &mut Sent, changed: &[(&str, &str)]) {
    for (name, value) in changed {
        fields.retain(|(n, _)| n != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
}

async fn post(browser: &mut Browser, path: &str, fields: &Sent) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(path, &fields).await
}

async fn admin(site: &Site) -> Browser {
    site.staff("管理者", "総務課", Role::Admin).await
}

/// Makes a preset the ward's rules, through the page: the button fills the fields, the other saves them.
async fn adopt(admin: &mut Browser, preset: &str) {
    let filled = admin.post(SETTINGS, &[("fill", "1"), ("preset", preset)]).await;
    filled.assert_status(200).assert_shows("の内容を入れました");
    let fields = form(&filled, SETTINGS);
    post(admin, SETTINGS, &fields).await.assert_status(303);
}

/// A draft of a public comment with the ward's rules, as its form sends it; gives its id.
async fn comment(staff: &mut Browser, slug: &str, changed: &[(&str, &str)]) -> i64 {
    const MAKE: &str = "/staff/consultations/new";
    let page = staff.get(MAKE).await;
    let department = page.selected_or_first_option("department");
    let mut fields = form(&page, MAKE);
    set(
        &mut fields,
        &[
            ("title", "みどりの基本計画（素案）"),
            ("slug", slug),
            ("kind", "public_comment"),
            ("department", &department),
            ("summary", "素案へのご意見を募集します。"),
            ("body", "本文"),
            ("opens_on", "2026-11-21"),
            ("closes_on", "2026-12-20"),
            ("preset", "six-marks"),
        ],
    );
    set(&mut fields, changed);
    let reply = post(staff, MAKE, &fields).await;
    reply.assert_status(303);
    reply.location().split(['/', '?']).find_map(|part| part.parse().ok()).unwrap()
}

async fn publish(staff: &mut Browser, theme: i64) -> Reply {
    staff.post(&format!("/staff/consultations/{theme}/publish"), &[]).await
}

async fn edit(staff: &mut Browser, theme: i64, changed: &[(&str, &str)]) -> Reply {
    let path = format!("/staff/consultations/{theme}/edit");
    let mut fields = form(&staff.get(&path).await, &path);
    set(&mut fields, changed);
    post(staff, &path, &fields).await
}

/// Signs the approver in again, after the clock has gone on.
async fn again(site: &Site, name: &str) -> Browser {
    site.signed_in(&format!("{}@staff.example.jp", hex(name)), PASSWORD).await
}

on_both_databases! {
    async fn the_wards_rules_are_an_administrators_to_change(site) {
        let mut admin = admin(&site).await;
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        clerk.get(SETTINGS).await.assert_status(403);
        clerk.get("/staff").await.assert_hides(SETTINGS);
        admin.get("/staff").await.assert_shows(SETTINGS);
        let page = admin.get(SETTINGS).await;
        assert_eq!((page.field("min_days"), page.field("closing")), ("30".to_owned(), String::new()));
        let mut fields = form(&page, SETTINGS);
        set(&mut fields, &[("min_days", "三十"), ("max_days", "3"), ("closing", "25:00"), ("result_places", "")]);
        fields.retain(|(name, _)| name != "eligible");
        post(&mut clerk, SETTINGS, &fields).await.assert_status(403);
        let wrong = post(&mut admin, SETTINGS, &fields).await;
        wrong.assert_status(422);
        for name in ["min_days", "closing", "eligible", "result_places"] {
            wrong.assert_shows(&format!("id=\"e-{name}\""));
            wrong.assert_shows(&format!("href=\"#f-{name}\""));
        }
        assert_eq!((wrong.field("min_days"), wrong.field("closing")), ("三十".to_owned(), "25:00".to_owned()));
        assert_eq!(site.number("SELECT COUNT(*) FROM setting WHERE key = 'rules'").await, 0);
        let mut fields = form(&page, SETTINGS);
        set(&mut fields, &[("closing", "１７時"), ("postmark", "1"), ("ask_phone", "required")]);
        post(&mut admin, SETTINGS, &fields).await.assert_status(303);
        let saved = admin.get(SETTINGS).await;
        assert_eq!((saved.field("closing"), saved.chosen("ask_phone")), ("17:00".to_owned(), "required".to_owned()));
        let detail = site.texts("SELECT detail FROM audit_event WHERE action = 'settings.rules'").await.remove(0);
        assert_eq!(detail, r#"{"changed":["closing","postmark","identity"],"preset":"national"}"#);
    }

    async fn each_preset_fills_the_form_and_nothing_else(site) {
        let mut admin = admin(&site).await;
        for (preset, least, most, counting) in [
            ("shinagawa", "14", "30", "day_after_gazette"),
            ("meguro", "30", "", "publication_day"),
            ("shibuya", "14", "", "publication_day"),
            ("national", "30", "", "publication_day"),
        ] {
            let page = admin.post(SETTINGS, &[("fill", "1"), ("preset", preset)]).await;
            page.assert_status(200);
            let fields = form(&page, SETTINGS);
            let of = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default();
            assert_eq!((of("preset"), of("min_days"), of("max_days"), of("counting")), (preset, least, most, counting));
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM setting WHERE key = 'rules'").await, 0, "nothing is saved");
    }

    async fn the_borders_of_each_preset_hold(site) {
        let mut admin = admin(&site).await;
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        // It is Saturday, 21 November 2026. The newsletter of 1 December counts from the 2nd.
        let shinagawa = [("2026-12-14", false), ("2026-12-15", true), ("2026-12-31", true), ("2027-01-01", false)];
        let meguro = [("2026-12-19", false), ("2026-12-20", true), ("2027-03-31", true)];
        let shibuya = [("2026-12-03", false), ("2026-12-04", true)];
        let cases: [Borders<'_>; 4] = [
            ("shinagawa", "2026-12-02", &shinagawa),
            ("meguro", "2026-11-21", &meguro),
            ("shibuya", "2026-11-21", &shibuya),
            ("national", "2026-11-21", &meguro),
        ];
        for (preset, opens, closes) in cases {
            adopt(&mut admin, preset).await;
            for (n, (closes_on, allowed)) in closes.iter().enumerate() {
                let slug = format!("{preset}-{n}");
                let dates = [("opens_on", opens), ("closes_on", *closes_on), ("gazette_on", "2026-12-01")];
                let theme = comment(&mut clerk, &slug, &dates).await;
                let reply = publish(&mut clerk, theme).await;
                let status = if *allowed { 303 } else { 422 };
                assert_eq!(reply.status, status, "{preset} {closes_on}: {}", reply.text);
                let seen = site.visitor().get(&format!("/consultations/{slug}")).await.status;
                assert_eq!(seen, if *allowed { 200 } else { 404 }, "{preset} {closes_on}");
            }
        }
    }

    async fn a_theme_that_breaks_its_rules_needs_a_reason_that_everybody_reads(site) {
        let mut admin = admin(&site).await;
        adopt(&mut admin, "shinagawa").await;
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let dates = [("opens_on", "2026-12-02"), ("closes_on", "2026-12-12")];
        let theme = comment(&mut clerk, "midori", &dates).await;
        let overview = format!("/staff/consultations/{theme}");
        clerk.get(&overview).await.assert_shows("広報紙の発行日が入力されていません");
        publish(&mut clerk, theme).await.assert_status(422).assert_shows("きまりに合わないため、公開できませんでした");
        edit(&mut clerk, theme, &[("gazette_on", "令和8年12月1日")]).await.assert_status(303);
        clerk.get(&overview).await.assert_shows("募集期間が11日間で、下限の14日間に3日足りません。");
        for at in [&[][..], &[("at_date", "2026-11-25"), ("at_time", "9:00")]] {
            let reply = clerk.post(&format!("{overview}/publish"), at).await;
            reply.assert_status(422).assert_shows("下限の14日間に3日足りません");
            reply.assert_shows("令和8年12月15日（火）から令和8年12月31日（木）までの間にしてください");
            if !at.is_empty() {
                assert_eq!(reply.field("at_time"), "9:00");
            }
        }
        assert_eq!(site.texts("SELECT state FROM consultation").await, ["draft"]);
        let reason = "条例の施行日に間に合わせるため、\n期間を短くしています。";
        edit(&mut clerk, theme, &[("rules_reason", reason)]).await.assert_status(303);
        publish(&mut clerk, theme).await.assert_status(303);
        let page = site.visitor().get("/consultations/midori").await;
        page.assert_shows("募集期間等についての説明");
        page.assert_shows("条例の施行日に間に合わせるため、");
        // Taking the reason away again would leave a theme that breaks its rules.
        let refused = edit(&mut clerk, theme, &[("rules_reason", "")]).await;
        refused.assert_status(422).assert_shows("id=\"e-rules_reason\"");
    }

    async fn rules_of_its_own_need_a_reason_and_the_wards_need_none(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = comment(&mut clerk, "midori", &[]).await;
        let refused = edit(&mut clerk, theme, &[("late", "refuse"), ("result_places", "区ホームページ")]).await;
        refused.assert_status(422).assert_shows("id=\"e-rules_reason\"");
        refused.assert_shows("期間を過ぎて届いた意見 / 公表する場所");
        assert_eq!(refused.field("result_places"), "区ホームページ");
        let bad = [("min_days", "x"), ("gazette_on", "昨日"), ("result_planned_on", "2026-12-01")];
        let wrong = edit(&mut clerk, theme, &bad).await;
        wrong.assert_status(422);
        for name in ["min_days", "gazette_on", "result_planned_on"] {
            wrong.assert_shows(&format!("id=\"e-{name}\""));
        }
        wrong.assert_shows("令和8年12月20日（日）以降の日付を入力してください。");
        edit(&mut clerk, theme, &[("late", "refuse"), ("rules_reason", "郵便事情のため")]).await.assert_status(303);
        publish(&mut clerk, theme).await.assert_status(303);
        let page = site.visitor().get("/consultations/midori").await;
        page.assert_shows("募集期間を過ぎて届いたご意見は、受け付けることができません。");
        page.assert_shows("郵便事情のため");
        // The ward's rules may change: what the public was told of this theme stays, without another reason.
        let mut admin = admin(&site).await;
        adopt(&mut admin, "meguro").await;
        edit(&mut clerk, theme, &[("summary", "言い回しを直しました。")]).await.assert_status(303);
    }

    async fn an_open_dialogue_has_no_rules(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let short = [("kind", "open_dialogue"), ("closes_on", "2026-11-22"), ("min_days", "nonsense")];
        let theme = comment(&mut clerk, "kouen", &short).await;
        clerk.get(&format!("/staff/consultations/{theme}")).await.assert_hides("区のきまり");
        publish(&mut clerk, theme).await.assert_status(303);
        let page = site.visitor().get("/consultations/kouen").await;
        page.assert_hides("募集の要領");
        page.assert_shows("aria-current=\"step\"");
        let mut author = site.resident("花子").await;
        site.propose(&mut author, "kouen", "ベンチ").await;
        clerk.get(&format!("/staff/consultations/{theme}/edit")).await.assert_hides("name=\"min_days\"");
    }

    async fn the_page_says_how_the_call_works(site) {
        let mut admin = admin(&site).await;
        adopt(&mut admin, "shinagawa").await;
        let mut fields = form(&admin.get(SETTINGS).await, SETTINGS);
        set(&mut fields, &[("closing", "17:00")]);
        post(&mut admin, SETTINGS, &fields).await.assert_status(303);
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.sql("UPDATE department SET fax = '03-0000-0001', counter = '本庁舎5階' WHERE name = '公園課'").await;
        let dates = [
            ("opens_on", "2026-11-22"),
            ("closes_on", "2026-12-10"),
            ("gazette_on", "2026-11-21"),
            ("result_planned_on", "2027-02-01"),
        ];
        let theme = comment(&mut clerk, "midori", &dates).await;
        publish(&mut clerk, theme).await.assert_status(303);
        let page = site.visitor().get("/consultations/midori").await;
        for text in [
            "令和8年11月22日（日）～12月10日（木）",
            "最終日の受付は17時00分までです。",
            "令和8年12月10日（木）の消印まで有効です。",
            "区内にお住まいの方",
            "区内の学校に在学している方（学校の名称もご記入ください）",
            "公園課（本庁舎5階）",
            "FAX：03-0000-0001",
            "/consultations/midori/paper-form",
            "必ずご記入ください：氏名、住所",
            "ご意見は、件数の多さではなく、内容により検討します。",
            "ご意見に対する個別の回答は行いません。",
            "区政資料コーナー",
            "案件番号：R8-000",
            "令和8年12月10日（木）17時00分まで",
            "令和9年2月1日（月）（予定）",
        ] {
            page.assert_shows(text);
        }
        let mut visitor = site.visitor();
        visitor.language = "en";
        visitor.get("/consultations/midori").await.assert_shows("On the last day, until 17:00 (Japan).");
        // The deadline is exact, whatever the closing time.
        let closes = start("2026-12-10") + 17 * HOUR;
        assert_eq!(site.numbers("SELECT closes_at FROM consultation").await, [closes + 999]);
        site.clock.set(closes + 999);
        site.visitor().get("/consultations/midori").await.assert_shows("募集中");
        site.visitor().get("/consultations/midori").await.assert_shows("募集は本日までです");
        site.pass(1);
        site.visitor().get("/consultations/midori").await.assert_shows("検討中");
    }

    async fn a_closing_time_holds_to_the_second(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "kouen").await;
        for (closes, last) in [
            (start("2026-12-01") + 17 * HOUR + 999, start("2026-12-01") + 17 * HOUR),
            (wareki::end_of_day_ms(wareki::parse("2026-12-01").unwrap()), start("2026-12-02") - SECOND),
        ] {
            site.clock.set(start("2026-11-30"));
            site.sql(&format!("UPDATE consultation SET closes_at = {closes} WHERE id = {theme}")).await;
            let mut author = site.resident(&format!("花子{last}")).await;
            site.clock.set(last + 999);
            author.post(NEW, &[("body", "最後の秒に送った意見")]).await.assert_status(303);
            site.clock.set(last + SECOND);
            let late = author.post(NEW, &[("body", "一秒おくれた意見")]).await;
            late.assert_status(422).assert_shows("一秒おくれた意見");
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 2);
    }

    async fn three_days_before_the_end_everybody_is_told(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let mut other = site.staff("他課", "文化課", Role::Clerk).await;
        other.get("/staff").await.assert_status(200);
        site.open_theme(&mut clerk, "kouen").await;
        site.resident("下書き").await;
        site.resident("何もしない").await;
        site.sql(&format!(
            "INSERT INTO draft (account_id, consultation_id, title, body, updated_at) \
             SELECT id, (SELECT id FROM consultation), '', 'まだ途中です', {} FROM account WHERE display_name = '下書き'",
            site.clock.now()
        ))
        .await;
        let of = |name: &str, domain: &str| format!("{}@{domain}", hex(name));
        let about = |mails: Vec<crate::support::mailbox::Mail>| {
            mails.into_iter().filter(|m| m.subject.contains("募集終了まで") || m.subject.contains("本日まで")).count()
        };
        // The last day is 1 December: four days before, nothing; three days before, at nine in the morning.
        site.clock.set(start("2026-11-27") + 12 * HOUR);
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(about(site.mails_to(&of("下書き", "example.jp")).await), 0);
        site.visitor().get("/consultations/kouen").await.assert_hides("募集終了まで、あと");
        site.clock.set(start("2026-11-28") + MINUTE);
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(about(site.mails_to(&of("下書き", "example.jp")).await), 0, "not at night");
        site.clock.set(start("2026-11-28") + 9 * HOUR);
        for _ in 0..3 {
            jobs::run_due(&site.app).await.unwrap();
        }
        let mails = site.mails_to(&of("下書き", "example.jp")).await;
        let last = mails.last().unwrap();
        assert!(last.subject.contains("募集終了まであと3日"), "{}", last.subject);
        assert!(last.text.contains("/consultations/kouen/proposals/new"), "{}", last.text);
        site.visitor().get("/consultations/kouen").await.assert_shows("募集終了まで、あと3日です");
        // Another process, and the days after: nobody is written to twice.
        for day in ["2026-11-29", "2026-12-01"] {
            site.clock.set(start(day) + 10 * HOUR);
            let (a, b) = tokio::join!(jobs::run_due(&site.app), jobs::run_due(&site.app));
            a.unwrap();
            b.unwrap();
        }
        assert_eq!(about(site.mails_to(&of("下書き", "example.jp")).await), 1);
        assert_eq!(about(site.mails_to(&of("何もしない", "example.jp")).await), 0);
        assert_eq!(about(site.mails_to(&of("水野", "staff.example.jp")).await), 1);
        assert_eq!(about(site.mails_to(&of("他課", "staff.example.jp")).await), 0);
        site.visitor().get("/consultations/kouen").await.assert_shows("募集は本日までです");
    }

    async fn a_longer_period_has_a_reason_that_is_published(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = comment(&mut clerk, "midori", &[]).await;
        let path = format!("/staff/consultations/{theme}/extension");
        clerk.get(&path).await.assert_status(409);
        publish(&mut clerk, theme).await.assert_status(303);
        clerk.get(&path).await.assert_status(200).assert_shows("令和8年11月21日（土）～12月20日（日）");
        for (day, reason, wrong) in [
            ("", "", &["closes_on", "reason"][..]),
            ("2026-12-20", "同じ日", &["closes_on"]),
            ("十二月", "読めない日", &["closes_on"]),
            ("2026-12-25", " ", &["reason"]),
        ] {
            let reply = clerk.post(&path, &[("closes_on", day), ("reason", reason)]).await;
            reply.assert_status(422);
            for name in wrong {
                reply.assert_shows(&format!("id=\"e-{name}\""));
            }
            assert_eq!(reply.field("closes_on"), day);
        }
        // A form that was opened before doesn't put the old day back, and the period of an open call isn't edited.
        let stale = format!("/staff/consultations/{theme}/edit");
        let before = form(&clerk.get(&stale).await, &stale);
        let reply = clerk.post(&path, &[("closes_on", "令和8年12月25日"), ("reason", "資料を追加したため")]).await;
        reply.assert_status(303);
        assert_eq!(site.numbers("SELECT closes_at FROM consultation").await, [start("2026-12-26") - 1]);
        assert!([409, 422].contains(&post(&mut clerk, &stale, &before).await.status));
        let mut moved = form(&clerk.get(&stale).await, &stale);
        set(&mut moved, &[("closes_on", "2027-01-31")]);
        post(&mut clerk, &stale, &moved).await.assert_status(422).assert_shows("id=\"e-closes_on\"");
        let page = site.visitor().get("/consultations/midori").await;
        page.assert_shows("募集期間を令和8年12月25日（金）まで延長しました。");
        page.assert_shows("理由：資料を追加したため");
        let detail = site.texts("SELECT detail FROM audit_event WHERE action = 'consultation.extend'").await.remove(0);
        assert!(detail.contains("2026-12-25") && !detail.contains("資料"), "{detail}");
        let mut other = site.staff("他課", "文化課", Role::Clerk).await;
        other.get(&path).await.assert_status(403);
        // After it closed, it opens again.
        site.clock.set(start("2026-12-26"));
        let mut clerk = again(&site, "水野").await;
        clerk.get(&path).await.assert_shows("募集が再開し");
        clerk.post(&path, &[("closes_on", "2026-12-25"), ("reason", "昨日まで")]).await.assert_status(422);
        clerk.post(&path, &[("closes_on", "2027-01-08"), ("reason", "年末年始のため")]).await.assert_status(303);
        let page = site.visitor().get("/consultations/midori").await;
        page.assert_shows("募集中");
        page.assert_shows("意見の募集を再開し、募集期間を令和9年1月8日（金）までとしました。");
    }

    async fn a_copy_has_the_words_and_none_of_the_opinions(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let own =
            [("question_title", "何がほしいですか"), ("rules_reason", "古い日程の理由"), ("late", "refuse")];
        let theme = comment(&mut clerk, "midori", &own).await;
        publish(&mut clerk, theme).await.assert_status(303);
        for slug in ["midori-2", "midori-3"] {
            let reply = clerk.post(&format!("/staff/consultations/{theme}/clone"), &[]).await;
            let location = reply.assert_status(303).location();
            let page = clerk.get(&location).await;
            page.assert_shows("テーマを複製しました");
            assert_eq!(page.field("slug"), slug);
            assert_eq!(page.field("title"), "みどりの基本計画（素案）（写し）");
            assert_eq!(page.field("question_title"), "何がほしいですか");
            assert_eq!(page.field("rules_reason"), "");
            page.assert_shows("value=\"refuse\" checked");
            site.visitor().get(&format!("/consultations/{slug}")).await.assert_status(404);
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'consultation.clone'").await, 2);
        let dialogue = site.open_theme(&mut clerk, "kouen").await;
        let mut author = site.resident("花子").await;
        site.propose(&mut author, "kouen", "ベンチがほしい").await;
        let reply = clerk.post(&format!("/staff/consultations/{dialogue}/clone"), &[]).await;
        let copy = reply.location().split(['/', '?']).find_map(|part| part.parse::<i64>().ok()).unwrap();
        assert_eq!(site.numbers("SELECT consultation_id FROM proposal").await, [dialogue]);
        assert_eq!(site.numbers(&format!("SELECT proposal_count FROM consultation WHERE id = {copy}")).await, [0]);
        let mut other = site.staff("他課", "文化課", Role::Clerk).await;
        other.post(&format!("/staff/consultations/{theme}/clone"), &[]).await.assert_status(403);
    }

    async fn themes_link_both_ways_and_no_draft_shows(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let dialogue = site.open_theme(&mut clerk, "taiwa").await;
        let origin = dialogue.to_string();
        let theme = comment(&mut clerk, "midori", &[("origin", &origin)]).await;
        site.visitor().get("/consultations/taiwa").await.assert_hides("midori");
        publish(&mut clerk, theme).await.assert_status(303);
        let after = site.visitor().get("/consultations/taiwa").await;
        after.assert_shows("このテーマを引き継ぐ募集");
        after.assert_shows("/consultations/midori");
        let before = site.visitor().get("/consultations/midori").await;
        before.assert_shows("このテーマのもとになった対話");
        before.assert_shows("/consultations/taiwa");
        clerk.get(&format!("/staff/consultations/{dialogue}")).await.assert_shows("このテーマを引き継ぐテーマ");
        // No theme comes from itself, by whatever way.
        let circle = theme.to_string();
        edit(&mut clerk, dialogue, &[("origin", &circle)]).await.assert_status(422).assert_shows("id=\"e-origin\"");
        edit(&mut clerk, theme, &[("origin", &circle)]).await.assert_status(422);
        edit(&mut clerk, theme, &[("origin", "999999")]).await.assert_status(422);
        clerk.post(&format!("/staff/consultations/{dialogue}/unpublish"), &[]).await.assert_status(303);
        let alone = site.visitor().get("/consultations/midori").await;
        alone.assert_hides("taiwa");
        alone.assert_hides("みんなの公園をつくろう");
    }
}

/// A closed public comment with two opinions of one person, one row, ready to be published.
async fn ready(site: &Site) -> (i64, Browser, Browser) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let approver = site.staff("課長", "公園課", Role::Approver).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident("花子").await;
    let a = site.propose(&mut author, "kouen", "ベンチがほしい").await;
    let b = site.propose(&mut author, "kouen", "日陰がほしい").await;
    site.close(theme).await;
    let chapter = site.chapter(&mut clerk, theme, "設備").await;
    site.row(&mut clerk, theme, chapter, &[a, b], "ベンチや日陰がほしい。", "設置を検討します。").await;
    (theme, clerk, approver)
}

on_both_databases! {
    async fn a_scheduled_result_comes_by_itself_and_not_a_second_before(site) {
        let (theme, mut clerk, mut approver) = ready(&site).await;
        let receipt = site.texts("SELECT receipt_number FROM proposal ORDER BY id").await.remove(0);
        let base = format!("/staff/consultations/{theme}/responses");
        site.approve(&mut clerk, theme).await.assert_status(303);
        for (date, time) in [("2026-11-20", "9:00"), ("", ""), ("2026-11-25", "25:00")] {
            let reply = approver.post(&format!("{base}/publish"), &[("at_date", date), ("at_time", time)]).await;
            reply.assert_status(422);
            assert_eq!((reply.field("at_date"), reply.field("at_time")), (date.to_owned(), time.to_owned()));
        }
        let at = [("at_date", "令和8年11月25日"), ("at_time", "10時")];
        clerk.post(&format!("{base}/publish"), &at).await.assert_status(403);
        approver.post(&format!("{base}/publish"), &at).await.assert_status(303);
        approver.post(&format!("{base}/publish"), &at).await.assert_status(303);
        approver.post(&format!("{base}/publish"), &[]).await.assert_status(409);
        approver.get(&base).await.assert_shows("令和8年11月25日（水）10時00分に公表する予約をしています");
        assert_eq!(site.number("SELECT COUNT(*) FROM publication").await, 1, "the double click makes one version");
        let when = start("2026-11-25") + 10 * HOUR;
        site.clock.set(when - SECOND);
        let author = format!("{}@example.jp", hex("花子"));
        for file in ["", ".csv", ".xlsx"] {
            site.visitor().get(&format!("/consultations/kouen/responses{file}")).await.assert_status(404);
        }
        site.visitor().get(&format!("/receipts/{receipt}")).await.assert_hides("/consultations/kouen/responses");
        site.visitor().get("/responses").await.assert_hides("kouen");
        let page = site.visitor().get("/consultations/kouen").await;
        page.assert_shows("検討中");
        page.assert_hides("意見数");
        page.assert_hides("11月25日");
        assert!(site.mails_to(&author).await.iter().all(|m| !m.subject.contains("公表しました")));
        // No job has run, and nobody was here at that moment.
        site.clock.set(when);
        site.visitor().get("/consultations/kouen/responses").await.assert_status(200).assert_shows("延べ2件（1名）");
        site.visitor().get("/consultations/kouen/responses.csv").await.assert_status(200);
        site.visitor().get(&format!("/receipts/{receipt}")).await.assert_shows("/consultations/kouen/responses");
        site.visitor().get("/responses").await.assert_shows("/consultations/kouen");
        site.visitor().get("/consultations/kouen").await.assert_shows("意見数：延べ2件（1名より）");
        assert_eq!(site.mails_to(&author).await.iter().filter(|m| m.subject.contains("公表しました")).count(), 1);
        let mut approver = again(&site, "課長").await;
        approver.post(&format!("{base}/unschedule"), &[]).await.assert_status(409);
    }

    async fn a_theme_with_a_result_is_not_taken_back_even_when_nobody_wrote(site) {
        let mut approver = site.staff("承認", "公園課", Role::Approver).await;
        let id = site.open_theme(&mut approver, "kouen").await;
        site.close(id).await;
        let mut publisher = approver.clone();
        site.publish(&mut approver, &mut publisher, id).await.assert_status(303);
        approver.post(&format!("/staff/consultations/{id}/unpublish"), &[]).await.assert_status(409);
        site.visitor().get("/consultations/kouen/responses").await.assert_shows("意見はありませんでした。");
        // Were it open again by any way, the old result would not be shown as the new one's.
        let tomorrow = site.clock.now() + DAY;
        site.sql(&format!("UPDATE consultation SET closes_at = {tomorrow} WHERE id = {id}")).await;
        site.visitor().get("/consultations/kouen/responses").await.assert_status(404);
    }

    async fn a_scheduled_result_can_be_taken_back_before_its_time(site) {
        let (theme, mut clerk, mut approver) = ready(&site).await;
        let base = format!("/staff/consultations/{theme}/responses");
        let at = [("at_date", "2026-11-25"), ("at_time", "10:00")];
        approver.post(&format!("{base}/unschedule"), &[]).await.assert_status(409);
        site.approve(&mut clerk, theme).await.assert_status(303);
        approver.post(&format!("{base}/publish"), &at).await.assert_status(303);
        clerk.post(&format!("{base}/unschedule"), &[]).await.assert_status(403);
        clerk.get(&format!("/staff/consultations/{theme}/extension")).await.assert_status(409);
        approver.post(&format!("{base}/unschedule"), &[]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM publication").await, 0);
        assert_eq!(site.number("SELECT COUNT(*) FROM publication_item").await, 0);
        assert_eq!(site.number("SELECT COUNT(*) FROM consultation WHERE result_at IS NOT NULL").await, 0);
        let author = format!("{}@example.jp", hex("花子"));
        site.pass(10 * DAY);
        assert!(site.mails_to(&author).await.iter().all(|m| !m.subject.contains("公表しました")));
        site.visitor().get("/consultations/kouen/responses").await.assert_status(404);
        // A later version that is taken back leaves the first as it was.
        let mut approver = again(&site, "課長").await;
        let mut clerk = again(&site, "水野").await;
        approver.post(&format!("{base}/publish"), &[]).await.assert_status(303);
        let first = site.numbers("SELECT result_at FROM consultation").await;
        let row = site.number("SELECT id FROM summary").await;
        let path = format!("{base}/rows/{row}");
        let page = clerk.get(&path).await;
        site.save_row(&page, &mut clerk, &path, &[("answer", "来年度に設置します。")]).await.assert_status(303);
        site.approve(&mut clerk, theme).await.assert_status(303);
        let later = [("at_date", "2026-12-20"), ("at_time", "10:00"), ("reason", "設置の時期が決まったため")];
        approver.post(&format!("{base}/publish"), &later).await.assert_status(303);
        site.visitor().get("/consultations/kouen/responses").await.assert_shows("設置を検討します。");
        approver.post(&format!("{base}/unschedule"), &[]).await.assert_status(303);
        assert_eq!(site.numbers("SELECT result_at FROM consultation").await, first);
        approver.post(&format!("{base}/publish"), &later).await.assert_status(303);
        site.clock.set(start("2026-12-20") + 10 * HOUR);
        let page = site.visitor().get("/consultations/kouen/responses").await;
        page.assert_shows("来年度に設置します。");
        page.assert_shows("令和8年12月20日");
    }

    async fn the_history_tells_what_happened_the_oldest_first(site) {
        let (theme, mut clerk, mut approver) = ready(&site).await;
        site.sql(&format!(
            "UPDATE consultation SET publish_at = {}, opens_at = {}, closes_at = {} WHERE id = {theme}",
            start("2026-10-20"), start("2026-11-01"), start("2026-11-16") - 1
        )).await;
        site.sql(&format!(
            "INSERT INTO extension (consultation_id, reason, old_closes_at, new_closes_at, created_at, created_by) \
             VALUES ({theme}, '資料の追加', {}, {}, {}, 1)",
            start("2026-11-11") - 1, start("2026-11-16") - 1, start("2026-11-10")
        )).await;
        let page = site.visitor().get("/consultations/kouen").await;
        page.assert_shows("意見の募集を終了しました。");
        page.assert_hides("意見数");
        site.publish(&mut clerk, &mut approver, theme).await.assert_status(303);
        let progress = format!("/staff/consultations/{theme}/progress");
        clerk.post(&progress, &[("progress_on", "2026-11-20")]).await.assert_status(422).assert_shows("id=\"e-progress_on\"");
        clerk.post(&progress, &[("progress_on", "2026-11-30")]).await.assert_status(303);
        site.visitor().get("/consultations/kouen").await.assert_shows("令和8年11月30日（月）から（予定）");
        site.clock.set(start("2026-11-30"));
        let page = site.visitor().get("/consultations/kouen").await;
        page.assert_shows("進捗公表");
        let told = crate::support::html::plain(page.between("<ol class=\"history\">", "</ol>"));
        let order = [
            "令和8年10月20日（火）このテーマを公表し、募集を予告しました。",
            "令和8年11月1日（日）意見の募集を始めました。",
            "令和8年11月10日（火）募集期間を令和8年11月15日（日）まで延長しました。理由：資料の追加",
            "令和8年11月15日（日）意見の募集を終了しました。意見数：延べ2件（1名より）",
            "令和8年11月21日（土）ご意見と区の考え方を公表しました。",
            "令和8年11月30日（月）進捗の公表を始めました。",
        ];
        assert_eq!(told, order.concat());
        site.visitor().get("/consultations?phase=progress").await.assert_shows("/consultations/kouen");
        site.visitor().get("/responses").await.assert_shows("/consultations/kouen");
        let mut clerk = again(&site, "水野").await;
        clerk.post(&progress, &[("progress_on", "")]).await.assert_status(303);
        site.visitor().get("/consultations?phase=result").await.assert_shows("/consultations/kouen");
    }
}
