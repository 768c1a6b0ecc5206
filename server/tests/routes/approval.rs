//! 起案, 確認, 決裁 and 公表: nothing is public that has not gone through all of them, and everybody can see who did what.

use std::io::{Cursor, Read as _};

use domain::Role;
use sha2::{Digest as _, Sha256};

use crate::{
    on_both_databases,
    support::{Browser, DAY, HOUR, PASSWORD, Reply, Site, hex},
};

const PATH: &str = "/consultations/kouen/responses";

/// A closed theme with two answered rows and everybody it takes.
struct Desk {
    theme: i64,
    /// Puts up.
    clerk: Browser,
    /// 確認.
    checker: Browser,
    /// 決裁 and 公表.
    approver: Browser,
    rows: [i64; 2],
}

async fn desk(site: &Site) -> Desk {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let checker = site.staff("川辺", "公園課", Role::Clerk).await;
    let approver = site.staff("課長", "公園課", Role::Approver).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident("花子").await;
    let mut other = site.resident("太郎").await;
    let a = site.propose(&mut author, "kouen", "ベンチがほしい").await;
    let b = site.propose(&mut other, "kouen", "日陰がほしい").await;
    let c = site.propose(&mut author, "kouen", "花壇がほしい").await;
    site.close(theme).await;
    let chapter = site.chapter(&mut clerk, theme, "設備").await;
    let rows = [
        site.row(&mut clerk, theme, chapter, &[a, b], "ベンチや日陰がほしい。", "設置を検討します。").await,
        site.row(&mut clerk, theme, chapter, &[c], "花壇がほしい", "来年度に設置します。").await,
    ];
    site.confirm_rows(theme).await;
    Desk { theme, clerk, checker, approver, rows }
}

impl Desk {
    fn page(&self) -> String {
        format!("/staff/consultations/{}/approval", self.theme)
    }

    async fn newest(&self, site: &Site) -> String {
        let id = site.number(&format!("SELECT MAX(id) FROM approval WHERE consultation_id = {}", self.theme)).await;
        format!("{}/{id}", self.page())
    }

    async fn draft(&mut self) -> Reply {
        let page = self.page();
        self.clerk.post(&page, &[("note", "委員会の前に公表します。")]).await
    }

    async fn check(&mut self, site: &Site) -> Reply {
        let path = self.newest(site).await;
        self.checker.post(&path, &[("act", "approve"), ("step", "1"), ("comment", "件数を確認しました。")]).await
    }

    async fn decide(&mut self, site: &Site) -> Reply {
        let path = self.newest(site).await;
        self.approver.post(&path, &[("act", "approve"), ("step", "2")]).await
    }

    async fn decided(&mut self, site: &Site) {
        self.draft().await.assert_status(303);
        self.check(site).await.assert_status(303);
        self.decide(site).await.assert_status(303);
    }

    async fn publish(&mut self, fields: &[(&str, &str)]) -> Reply {
        self.approver.post(&format!("/staff/consultations/{}/responses/publish", self.theme), fields).await
    }

    async fn rewrite(&mut self, site: &Site, row: i64, changed: &[(&str, &str)]) {
        let path = format!("/staff/consultations/{}/responses/rows/{row}", self.theme);
        let page = self.clerk.get(&path).await;
        site.save_row(&page, &mut self.clerk, &path, changed).await.assert_status(303);
        site.confirm_rows(self.theme).await;
    }
}

/// Nothing of what is on the desk can be read from outside.
async fn nothing_is_public(site: &Site) {
    for path in [PATH, "/consultations/kouen", "/responses", "/"] {
        let page = site.visitor().get(path).await;
        for secret in ["ベンチや日陰がほしい。", "設置を検討します", "来年度に設置"] {
            assert!(!page.text.contains(secret), "{path} shows {secret}");
        }
    }
    for file in ["", ".csv", ".xlsx", ".json", ".pdf", ".docx", ".txt"] {
        site.visitor().get(&format!("{PATH}{file}")).await.assert_status(404);
    }
    site.visitor().get(&format!("{PATH}?version=1")).await.assert_status(404);
    for number in site.texts("SELECT receipt_number FROM proposal").await {
        site.visitor().get(&format!("/receipts/{number}")).await.assert_hides(PATH);
    }
    for path in ["approval/1/table", "approval/1/table.csv", "approval/1/package.zip", "approval", "responses/preview"]
    {
        let path = format!("/staff/consultations/1/{path}");
        assert_ne!(site.visitor().get(&path).await.status, 200, "{path}");
        assert_ne!(site.resident("よそ").await.get(&path).await.status, 200, "{path}");
        site.sql("DELETE FROM account WHERE display_name = 'よそ'").await;
    }
}

async fn subjects(site: &Site, address: &str) -> Vec<String> {
    site.mails_to(address).await.into_iter().map(|m| m.subject.split('】').next_back().unwrap().to_owned()).collect()
}

fn staff(name: &str) -> String {
    format!("{}@staff.example.jp", hex(name))
}

fn resident(name: &str) -> String {
    format!("{}@example.jp", hex(name))
}

fn sha256(bytes: &[u8]) -> String {
    server::secret::hex(&Sha256::digest(bytes))
}

on_both_databases! {
    async fn nothing_is_public_before_the_last_step_has_agreed(site) {
        let mut it = desk(&site).await;
        nothing_is_public(&site).await;
        it.publish(&[]).await.assert_status(409);
        it.draft().await.assert_status(303);
        it.publish(&[]).await.assert_status(409);
        nothing_is_public(&site).await;
        it.check(&site).await.assert_status(303);
        it.publish(&[]).await.assert_status(409);
        nothing_is_public(&site).await;
        it.decide(&site).await.assert_status(303);
        nothing_is_public(&site).await;
        // 公表 is offered at once, to whoever may.
        it.approver.get(&it.page()).await.assert_shows("今すぐ公表する");
        it.clerk.get(&it.page()).await.assert_hides("今すぐ公表する");
        it.clerk.post(&format!("/staff/consultations/{}/responses/publish", it.theme), &[]).await.assert_status(403);
        it.publish(&[]).await.assert_status(303);
        site.visitor().get(PATH).await.assert_status(200).assert_shows("設置を検討します。");
        assert_eq!(site.number("SELECT COUNT(*) FROM publication WHERE approval_id IS NOT NULL").await, 1);
    }

    async fn every_sum_is_on_screen_and_what_is_missing_leads_to_its_row(site) {
        let mut it = desk(&site).await;
        let page = it.clerk.get(&it.page()).await;
        for line in [
            "同趣旨件数の合計は3件、意見件数は3件です。",
            "対応区分ごとの件数の合計は3件、意見件数は3件です。",
            "提出方法ごとの件数の合計は3件、意見件数は3件です。",
            "提出方法ごとの人数の合計は2人、提出者数は2人です。",
            "対象となる意見は、すべて一つの行に入っています。",
            "対象外とした意見はありません。",
            "未回答の行はありません。",
            "未確認の要旨はありません。",
            "name=\"note\"",
        ] {
            page.assert_shows(line);
        }
        let [first, second] = it.rows;
        site.sql(&format!("UPDATE ward_view SET state = 'draft' WHERE id = (SELECT ward_view_id FROM summary WHERE id = {first})")).await;
        site.sql(&format!("UPDATE summary SET confirmed_at = NULL, verbatim = 0 WHERE id = {second}")).await;
        let taken = format!("DELETE FROM summary_item WHERE summary_id = {second}");
        site.sql(&taken).await;
        let page = it.clerk.get(&it.page()).await;
        for line in [
            "同趣旨件数の合計は2件、意見件数は3件です。",
            "どの行にも入っていない意見が1件あります。",
            "区の考え方が確定していない行が1行あります。",
            "別の職員の確認が済んでいない要旨が1行あります。",
            "意見が一つも入っていない行が1行あります。",
            &format!("/staff/consultations/{}/responses/rows/{first}\">No.1-1", it.theme),
            &format!("/staff/consultations/{}/responses/rows/{second}\">No.1-2", it.theme),
        ] {
            page.assert_shows(line);
        }
        page.assert_hides("name=\"note\"");
        let refused = it.draft().await;
        refused.assert_status(422).assert_shows("まだ起案できません");
        assert_eq!(site.number("SELECT COUNT(*) FROM approval").await, 0);
        // A ward may do without the second person, not without answers.
        site.sql("INSERT INTO setting (\"key\", \"value\") VALUES ('workflow', '{\"confirm_summaries\":false}')").await;
        it.clerk.get(&it.page()).await.assert_shows("未確認の要旨はありません。");
        it.draft().await.assert_status(422);
    }

    async fn out_of_scope_needs_a_reason_and_is_counted_apart(site) {
        let mut it = desk(&site).await;
        let second = it.rows[1];
        site.sql(&format!(
            "UPDATE opinion_item SET out_of_scope = '' WHERE id IN (SELECT opinion_item_id FROM summary_item WHERE summary_id = {second})"
        )).await;
        let page = it.clerk.get(&it.page()).await;
        page.assert_shows("対象外とした意見1件のうち、1件に理由がありません。");
        page.assert_shows("対象外とした意見が入ったままの行が1行あります。");
        it.draft().await.assert_status(422);
        site.sql("UPDATE opinion_item SET out_of_scope = '計画と関係がないため' WHERE out_of_scope = ''").await;
        site.sql(&format!("DELETE FROM summary_item WHERE summary_id = {second}")).await;
        site.sql(&format!("DELETE FROM summary WHERE id = {second}")).await;
        it.clerk.get(&it.page()).await.assert_shows("対象外とした意見は1件です（計画と関係がないため：1件）。");
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        page.assert_shows("延べ2件（2名）");
        page.assert_shows("計画と関係がないため");
    }

    async fn nobody_decides_what_they_put_up_and_nobody_takes_two_steps(site) {
        let mut it = desk(&site).await;
        it.draft().await.assert_status(303);
        let path = it.newest(&site).await;
        it.clerk.post(&path, &[("act", "approve"), ("step", "1")]).await.assert_status(403);
        it.clerk.get(&it.page()).await.assert_hides("承認する（");
        // 決裁 doesn't come before 確認, and 確認 isn't 決裁.
        it.approver.post(&path, &[("act", "approve"), ("step", "2")]).await.assert_status(409);
        it.checker.post(&path, &[("act", "approve"), ("step", "2")]).await.assert_status(403);
        let mut elsewhere = site.staff("他課長", "文化課", Role::Approver).await;
        elsewhere.post(&path, &[("act", "approve"), ("step", "1")]).await.assert_status(403);
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        auditor.post(&path, &[("act", "approve"), ("step", "1")]).await.assert_status(403);
        auditor.get(&it.page()).await.assert_status(200).assert_hides("承認する（");
        it.approver.get(&it.page()).await.assert_shows("承認する（確認）");
        it.approver.post(&path, &[("act", "approve"), ("step", "1")]).await.assert_status(303);
        // A double click is one decision; the next step is somebody else's.
        it.approver.post(&path, &[("act", "approve"), ("step", "1")]).await.assert_status(303);
        it.approver.post(&path, &[("act", "approve"), ("step", "2")]).await.assert_status(403);
        assert_eq!(site.numbers("SELECT decided_by FROM approval_step WHERE decided_by IS NOT NULL").await.len(), 1);
        let mut chief = site.staff("部長", "公園課", Role::Approver).await;
        chief.post(&path, &[("act", "approve"), ("step", "2")]).await.assert_status(303);
        it.publish(&[]).await.assert_status(303);
    }

    async fn what_is_sent_back_says_why_and_can_be_put_up_again(site) {
        let mut it = desk(&site).await;
        it.draft().await.assert_status(303);
        let path = it.newest(&site).await;
        let refused = it.checker.post(&path, &[("act", "send_back"), ("step", "1"), ("comment", " ")]).await;
        refused.assert_status(422).assert_shows("id=\"e-comment\"");
        it.checker
            .post(&path, &[("act", "send_back"), ("step", "1"), ("comment", "No.1-2 を直してください。")])
            .await
            .assert_status(303);
        let mail = site.mails_to(&staff("水野")).await.pop().unwrap();
        assert!(mail.subject.ends_with("差戻しのお知らせ") && mail.text.contains("No.1-2 を直してください。"), "{mail:?}");
        it.clerk.get(&it.page()).await.assert_shows("No.1-2 を直してください。");
        it.checker.post(&path, &[("act", "approve"), ("step", "1")]).await.assert_status(409);
        it.publish(&[]).await.assert_status(409);
        let second = it.rows[1];
        it.rewrite(&site, second, &[("answer", "再来年度に設置します。")]).await;
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        site.visitor().get(PATH).await.assert_shows("再来年度に設置します。");
        let page = it.clerk.get(&it.page()).await;
        page.assert_shows("No.1-2 を直してください。");
        assert_eq!(site.texts("SELECT state FROM approval ORDER BY id").await, ["sent_back", "published"]);
    }

    async fn what_changed_after_the_decision_is_not_published(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        let second = it.rows[1];
        it.rewrite(&site, second, &[("answer", "差し替えた考え方です。")]).await;
        let page = it.approver.get(&it.page()).await;
        page.assert_shows("起案のあとに内容が変わりました");
        page.assert_shows("No.1-2 の区の考え方を改めました。");
        page.assert_hides("今すぐ公表する");
        it.publish(&[]).await.assert_status(422).assert_shows("決裁のあとに内容が変わりました");
        nothing_is_public(&site).await;
        site.visitor().get(PATH).await.assert_status(404);
        // What was put up stays as it was.
        let path = it.newest(&site).await;
        it.approver.get(&format!("{path}/table")).await.assert_shows("来年度に設置します。");
        // Undone, it is what was decided again.
        it.rewrite(&site, second, &[("answer", "来年度に設置します。")]).await;
        it.publish(&[]).await.assert_status(303);
        site.visitor().get(PATH).await.assert_shows("来年度に設置します。");
    }

    async fn what_changed_in_circulation_is_put_up_anew(site) {
        let mut it = desk(&site).await;
        it.draft().await.assert_status(303);
        // The second half of a double click, and somebody else at the same moment.
        it.draft().await.assert_status(303);
        let page = it.page();
        it.checker.post(&page, &[]).await.assert_status(409);
        assert_eq!(site.number("SELECT COUNT(*) FROM approval").await, 1);
        let first = it.rows[0];
        it.rewrite(&site, first, &[("text", "ベンチも日陰もほしい。")]).await;
        it.clerk.get(&page).await.assert_shows("変わった内容で起案し直す");
        it.decided(&site).await;
        assert_eq!(site.texts("SELECT state FROM approval ORDER BY id").await, ["replaced", "approved"]);
        it.publish(&[]).await.assert_status(303);
        site.visitor().get(PATH).await.assert_shows("ベンチも日陰もほしい。");
        // What is published already isn't put up again.
        it.draft().await.assert_status(409);
    }

    async fn who_put_it_up_can_take_it_back(site) {
        let mut it = desk(&site).await;
        it.draft().await.assert_status(303);
        let path = it.newest(&site).await;
        it.checker.post(&path, &[("act", "withdraw")]).await.assert_status(403);
        it.clerk.post(&path, &[("act", "withdraw")]).await.assert_status(303);
        it.check(&site).await.assert_status(409);
        it.clerk.get(&it.page()).await.assert_shows("取下げ");
        it.decided(&site).await;
        let path = it.newest(&site).await;
        it.clerk.post(&path, &[("act", "withdraw")]).await.assert_status(303);
        it.publish(&[]).await.assert_status(409);
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        let path = it.newest(&site).await;
        it.clerk.post(&path, &[("act", "withdraw")]).await.assert_status(409);
    }

    async fn everybody_who_may_read_it_can_say_something(site) {
        let mut it = desk(&site).await;
        it.draft().await.assert_status(303);
        let path = it.newest(&site).await;
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        auditor.post(&path, &[("act", "comment"), ("remark", "")]).await.assert_status(422).assert_shows("id=\"e-remark\"");
        auditor.post(&path, &[("act", "comment"), ("remark", "<b>件数</b>はよいと思います。")]).await.assert_status(303);
        it.clerk.get(&it.page()).await.assert_shows("&lt;b&gt;件数&lt;/b&gt;はよいと思います。");
        let mut elsewhere = site.staff("他課", "文化課", Role::Clerk).await;
        elsewhere.post(&path, &[("act", "comment"), ("remark", "よそから")]).await.assert_status(403);
        elsewhere.get(&it.page()).await.assert_status(403);
        elsewhere.get(&format!("{path}/table")).await.assert_status(403);
        elsewhere.get(&format!("{path}/package.zip")).await.assert_status(403);
        // What belongs to another theme isn't reached by this one's address.
        let theme = site.open_theme(&mut elsewhere, "bunka").await;
        let foreign = path.replace(&format!("/consultations/{}/", it.theme), &format!("/consultations/{theme}/"));
        elsewhere.get(&format!("{foreign}/table")).await.assert_status(404);
        elsewhere.post(&foreign, &[("act", "approve"), ("step", "1")]).await.assert_status(404);
    }

    async fn each_step_writes_to_those_who_come_next_once(site) {
        let mut it = desk(&site).await;
        it.draft().await.assert_status(303);
        it.draft().await.assert_status(303);
        assert_eq!(subjects(&site, &staff("川辺")).await, ["確認のお願い"]);
        assert!(subjects(&site, &staff("水野")).await.is_empty(), "nobody is asked about what they put up");
        assert!(subjects(&site, &staff("課長")).await.is_empty());
        it.check(&site).await.assert_status(303);
        it.check(&site).await.assert_status(303);
        assert_eq!(subjects(&site, &staff("課長")).await, ["決裁のお願い"]);
        it.decide(&site).await.assert_status(303);
        assert_eq!(subjects(&site, &staff("水野")).await, ["決裁が済みました"]);
        let link = format!("http://machikoe.test{}", it.page());
        assert!(site.mails_to(&staff("課長")).await[0].text.contains(&link));
        let events = "SELECT action FROM audit_event WHERE action LIKE 'approval.%' ORDER BY id";
        assert_eq!(site.texts(events).await, ["approval.create", "approval.decide", "approval.decide"]);
    }

    async fn the_history_says_who_did_what_when(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        let page = it.clerk.get(&it.page()).await;
        let told = crate::support::html::plain(page.between("<ol class=\"approval-steps\">", "</ol>"));
        for part in ["起案水野", "委員会の前に公表します。", "確認承認川辺", "件数を確認しました。", "決裁承認課長", "12時00分"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    async fn a_correction_says_why_and_no_number_changes_silently(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        let [first, second] = it.rows;
        // The second row moves up, and its answer changes.
        it.rewrite(&site, second, &[("answer", "来年度までに設置します。")]).await;
        let move_up = format!("/staff/consultations/{}/responses/rows/{second}/move", it.theme);
        it.clerk.post(&move_up, &[("direction", "up")]).await.assert_status(303);
        it.decided(&site).await;
        let page = it.approver.get(&it.page()).await;
        for line in ["番号を改めました：No.1-2 → No.1-1", "No.1-1 の区の考え方を改めました。", "番号を改めました：No.1-1 → No.1-2"] {
            page.assert_shows(line);
        }
        let refused = it.publish(&[]).await;
        refused.assert_status(422).assert_shows("id=\"e-reason\"");
        site.visitor().get(PATH).await.assert_hides("来年度までに");
        it.publish(&[("reason", "設置の時期に誤りがあったため")]).await.assert_status(303);
        let page = site.visitor().get(PATH).await;
        for line in ["来年度までに設置します。", "設置の時期に誤りがあったため", "番号を改めました：No.1-2 → No.1-1"] {
            page.assert_shows(line);
        }
        assert_eq!(site.texts("SELECT note FROM publication ORDER BY version").await, ["", "設置の時期に誤りがあったため"]);
        // The first version is what it was.
        let old = site.visitor().get(&format!("{PATH}?version=1")).await;
        old.assert_shows("来年度に設置します。");
        old.assert_hides("来年度までに");
        // Its author hears of the row that changed, and nobody of a number.
        let hanako: Vec<_> = site.mails_to(&resident("花子")).await.into_iter().filter(|m| m.subject.contains("公表")).collect();
        assert_eq!(hanako.len(), 2);
        assert!(hanako[1].text.contains(&format!("#row-{second}")) && !hanako[1].text.contains(&format!("#row-{first}")));
        let taro = site.mails_to(&resident("太郎")).await;
        assert_eq!(taro.iter().filter(|m| m.subject.contains("公表")).count(), 1);
    }

    async fn followers_are_told_of_every_version_once(site) {
        let mut it = desk(&site).await;
        let mut follower = site.resident("三郎").await;
        let page = follower.get("/consultations/kouen").await;
        page.assert_shows("このテーマのお知らせを受け取る");
        follower.post("/consultations/kouen/follow", &[("act", "follow")]).await.assert_status(303);
        follower.post("/consultations/kouen/follow", &[("act", "follow")]).await.assert_status(303);
        follower.get("/consultations/kouen").await.assert_shows("お知らせの受け取りをやめる");
        follower.get("/account").await.assert_shows("/consultations/kouen/follow");
        let visitor = site.visitor().get("/consultations/kouen").await;
        visitor.assert_shows("/account/sign-in?next=");
        assert_eq!(site.visitor().post("/consultations/kouen/follow", &[("act", "follow")]).await.status, 303);
        assert_eq!(site.number("SELECT COUNT(*) FROM follow").await, 1);
        // An author who follows is told of the answer, not twice.
        let mut author = site.signed_in(&resident("花子"), PASSWORD).await;
        author.post("/consultations/kouen/follow", &[("act", "follow")]).await.assert_status(303);
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        let of = |mails: Vec<String>| mails.into_iter().filter(|s| s.contains("区の考え方を")).collect::<Vec<_>>();
        assert_eq!(of(subjects(&site, &resident("三郎")).await), ["区の考え方を公表しました"]);
        assert_eq!(of(subjects(&site, &resident("花子")).await).len(), 1);
        let mail = site.mails_to(&resident("三郎")).await.pop().unwrap();
        assert!(mail.text.contains("http://machikoe.test/consultations/kouen/follow"), "{}", mail.text);
        follower.get("/consultations/kouen/follow").await.assert_shows("お知らせの受け取りをやめる");
        let first = it.rows[0];
        it.rewrite(&site, first, &[("answer", "設置します。")]).await;
        it.decided(&site).await;
        it.publish(&[("reason", "方針が決まったため")]).await.assert_status(303);
        assert_eq!(
            of(subjects(&site, &resident("三郎")).await),
            ["区の考え方を公表しました", "区の考え方を訂正しました"]
        );
        follower.post("/consultations/kouen/follow", &[("act", "unfollow"), ("back", "account")]).await.assert_status(303);
        follower.get("/account").await.assert_shows("お知らせを受け取っているテーマはありません。");
        assert_eq!(site.number("SELECT COUNT(*) FROM follow").await, 1);
        follower.post("/consultations/nowhere/follow", &[("act", "follow")]).await.assert_status(404);
        follower.post("/consultations/kouen/follow", &[]).await.assert_status(400);
    }

    async fn what_is_scheduled_is_what_was_decided_and_can_be_taken_back(site) {
        let mut it = desk(&site).await;
        let mut follower = site.resident("三郎").await;
        follower.post("/consultations/kouen/follow", &[("act", "follow")]).await.assert_status(303);
        it.decided(&site).await;
        let bad = it.publish(&[("when", "later"), ("at_date", "2026-11-20"), ("at_time", "9:00")]).await;
        bad.assert_status(422).assert_shows("公表の日時がすでに過ぎています");
        assert_eq!(bad.field("at_date"), "2026-11-20");
        it.publish(&[("when", "later")]).await.assert_status(422).assert_shows("id=\"e-at_date\"");
        let later = [("when", "later"), ("at_date", "2026-11-23"), ("at_time", "9:00")];
        it.publish(&later).await.assert_status(303);
        it.publish(&later).await.assert_status(303);
        nothing_is_public(&site).await;
        it.publish(&[]).await.assert_status(409);
        it.draft().await.assert_status(409);
        it.approver.get(&it.page()).await.assert_shows("公表の予約を取り消す");
        let unschedule = format!("/staff/consultations/{}/responses/unschedule", it.theme);
        it.approver.post(&unschedule, &[]).await.assert_status(303);
        assert_eq!(site.texts("SELECT state FROM approval").await, ["approved"]);
        it.publish(&later).await.assert_status(303);
        site.pass(2 * DAY + HOUR);
        site.visitor().get(PATH).await.assert_status(200).assert_shows("令和8年11月23日");
        let told: Vec<_> = subjects(&site, &resident("三郎")).await;
        assert_eq!(told.iter().filter(|s| s.contains("区の考え方を公表")).count(), 1);
    }

    async fn a_crash_while_publishing_leaves_the_old_version(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        let second = it.rows[1];
        it.rewrite(&site, second, &[("answer", "新しい考え方です。")]).await;
        it.decided(&site).await;
        // The last thing that is written fails: the mails.
        site.mails_to("nobody@example.jp").await;
        let refuse = match site.app.database.reader().get_database_backend() {
            sea_orm::DbBackend::Sqlite => {
                "CREATE TRIGGER broken BEFORE INSERT ON mail BEGIN SELECT RAISE(ABORT, 'no more space'); END"
            }
            _ => {
                "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more space'; \
                 END $$; CREATE TRIGGER broken BEFORE INSERT ON mail FOR EACH ROW EXECUTE FUNCTION broken()"
            }
        };
        site.sql(refuse).await;
        assert!(it.publish(&[("reason", "誤り")]).await.status >= 500);
        let page = site.visitor().get(PATH).await;
        page.assert_shows("来年度に設置します。");
        page.assert_hides("新しい考え方です。");
        assert_eq!(site.numbers("SELECT version FROM publication").await, [1]);
        assert_eq!(site.texts("SELECT state FROM approval ORDER BY id").await, ["published", "approved"]);
        let repair = match site.app.database.reader().get_database_backend() {
            sea_orm::DbBackend::Sqlite => "DROP TRIGGER broken",
            _ => "DROP TRIGGER broken ON mail",
        };
        site.sql(repair).await;
        it.publish(&[("reason", "誤り")]).await.assert_status(303);
        site.visitor().get(PATH).await.assert_shows("新しい考え方です。");
    }

    async fn a_table_that_was_tampered_with_is_not_published(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        site.sql("UPDATE approval SET response_table = REPLACE(response_table, '来年度', '今年度')").await;
        site.sql("UPDATE ward_view SET text = REPLACE(text, '来年度', '今年度')").await;
        assert!(it.publish(&[]).await.status >= 500);
        site.visitor().get(PATH).await.assert_status(404);
        // Steps that were taken away don't make a decision either.
        site.sql("UPDATE approval SET response_table = REPLACE(response_table, '今年度', '来年度')").await;
        site.sql("UPDATE ward_view SET text = REPLACE(text, '今年度', '来年度')").await;
        site.sql("DELETE FROM approval_step").await;
        it.publish(&[]).await.assert_status(409);
    }

    async fn zero_opinions_are_decided_and_published_too(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let mut approver = site.staff("課長", "公園課", Role::Approver).await;
        let theme = site.open_theme(&mut clerk, "kouen").await;
        site.close(theme).await;
        clerk.get(&format!("/staff/consultations/{theme}/approval")).await.assert_shows("name=\"note\"");
        site.publish(&mut clerk, &mut approver, theme).await.assert_status(303);
        site.visitor().get(PATH).await.assert_shows("意見はありませんでした。");
    }

    async fn the_ward_sets_its_steps(site) {
        let mut admin = site.staff("管理", "広報課", Role::Admin).await;
        let mut clerk = site.staff("新人", "公園課", Role::Clerk).await;
        clerk.get("/staff/settings/workflow").await.assert_status(403);
        let path = "/staff/settings/workflow";
        let page = admin.get(path).await;
        assert_eq!((page.field("name1"), page.field("name2")), ("確認".to_owned(), "決裁".to_owned()));
        let base = [
            ("steps", "2"), ("name1", "確認"), ("role1", "clerk"), ("department1", "owner"),
            ("name2", "決裁"), ("role2", "approver"), ("department2", "owner"), ("apart", "1"),
        ];
        let with = |more: &[(&'static str, &'static str)]| {
            let mut fields = base.to_vec();
            for (name, value) in more {
                fields.retain(|(known, _)| known != name);
                fields.push((name, value));
            }
            fields
        };
        // Buttons change the fields only; what is typed stays.
        let added = admin.post(path, &with(&[("act", "add"), ("name1", "審査")])).await;
        added.assert_status(200).assert_shows("まだ保存していません");
        assert_eq!((added.field("name1"), added.field("name2"), added.field("name3")), ("審査".into(), String::new(), "決裁".into()));
        let moved = admin.post(path, &with(&[("act", "down:1")])).await;
        assert_eq!((moved.field("name1"), moved.field("name2")), ("決裁".into(), "確認".into()));
        admin.post(path, &with(&[("act", "remove:1")])).await.assert_hides("name=\"name2\"");
        admin.post(path, &with(&[("act", "up:9")])).await.assert_status(400);
        assert_eq!(site.number("SELECT COUNT(*) FROM setting WHERE \"key\" = 'workflow'").await, 0);
        // No way without a decision.
        admin.post(path, &with(&[("steps", "0")])).await.assert_status(422);
        admin.post(path, &with(&[("role2", "clerk")])).await.assert_status(422).assert_shows("最後の段階は決裁です。");
        admin.post(path, &with(&[("name1", "")])).await.assert_status(422).assert_shows("id=\"e-name1\"");
        clerk.post(path, &with(&[])).await.assert_status(403);
        let three = with(&[
            ("steps", "3"), ("name2", "文書審査"), ("department2", "any"),
            ("name3", "決裁"), ("role3", "approver"), ("department3", "owner"),
        ]);
        admin.post(path, &three).await.assert_status(303);
        assert_eq!(site.texts("SELECT action FROM audit_event WHERE action = 'settings.workflow'").await.len(), 1);
        // A step of any department: its people see what is put up, not the desk.
        let mut it = desk(&site).await;
        let mut legal = site.staff("法務", "総務課", Role::Approver).await;
        legal.get(&it.page()).await.assert_status(403);
        it.draft().await.assert_status(303);
        assert!(it.clerk.get(&it.page()).await.text.contains("起案 → 確認 → 文書審査 → 決裁 → 公表"));
        it.check(&site).await.assert_status(303);
        assert_eq!(subjects(&site, &staff("法務")).await, ["文書審査のお願い"]);
        legal.get(&it.page()).await.assert_status(200).assert_shows("承認する（文書審査）");
        let path = it.newest(&site).await;
        legal.get(&format!("{path}/table")).await.assert_status(200).assert_shows("来年度に設置します。");
        legal.get(&format!("/staff/consultations/{}/responses", it.theme)).await.assert_status(403);
        legal.post(&path, &[("act", "approve"), ("step", "2")]).await.assert_status(303);
        it.approver.post(&path, &[("act", "approve"), ("step", "3")]).await.assert_status(303);
        it.publish(&[]).await.assert_status(303);
    }

    async fn a_small_office_may_do_it_with_one_person(site) {
        site.sql("INSERT INTO setting (\"key\", \"value\") VALUES ('workflow', \
                  '{\"steps\":[{\"name\":\"決裁\",\"role\":\"approver\",\"department\":\"owner\"}],\"apart\":false,\"confirm_summaries\":false}')").await;
        let mut chief = site.staff("課長", "公園課", Role::Approver).await;
        let theme = site.open_theme(&mut chief, "kouen").await;
        site.close(theme).await;
        let page = format!("/staff/consultations/{theme}/approval");
        chief.post(&page, &[]).await.assert_status(303);
        let approval = site.number("SELECT id FROM approval").await;
        chief.post(&format!("{page}/{approval}"), &[("act", "approve"), ("step", "1")]).await.assert_status(303);
        chief.post(&format!("/staff/consultations/{theme}/responses/publish"), &[]).await.assert_status(303);
        site.visitor().get(PATH).await.assert_status(200);
    }

    async fn the_package_holds_what_its_check_sums_say(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        let path = format!("{}/package.zip", it.newest(&site).await);
        let reply = it.approver.get(&path).await;
        reply.assert_status(200);
        assert_eq!(reply.header("content-type"), "application/zip");
        assert_eq!(it.clerk.get(&path).await.bytes, reply.bytes, "the same state gives the same bytes");
        let mut zip = zip::ZipArchive::new(Cursor::new(reply.bytes)).unwrap();
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let sums = String::from_utf8(read("SHA256SUMS")).unwrap();
        assert_eq!(sums.lines().count(), 4);
        for line in sums.lines() {
            let (sum, name) = line.split_once("  ").unwrap();
            assert_eq!(sha256(&read(name)), sum, "{name}");
        }
        let stored = site.texts("SELECT sha256 FROM approval").await.remove(0);
        assert_eq!(sha256(&read("snapshot.json")), stored);
        it.clerk.get(&it.page()).await.assert_shows(&stored);
        let [pdf, record] = ["pdf", "txt"].map(|kind| sums.lines().find_map(|l| l.split("  ").nth(1).filter(|n| n.rsplit('.').next() == Some(kind))).unwrap());
        let record = String::from_utf8(read(record)).unwrap();
        for part in ["みんなの公園をつくろう", "水野", "川辺", "課長", "件数を確認しました。", &stored, "提出者数 2人、意見件数 3件、2行"] {
            assert!(record.contains(part), "{part}: {record}");
        }
        assert!(read(pdf).starts_with(b"%PDF-"));
        let snapshot: serde_json::Value = serde_json::from_slice(&read("snapshot.json")).unwrap();
        assert_eq!(snapshot["table"]["opinions"], 3);
        assert_eq!(snapshot["links"].as_array().unwrap().len(), 3);
        // What is published says the same.
        it.publish(&[]).await.assert_status(303);
        let published: serde_json::Value =
            serde_json::from_str(&site.texts("SELECT response_table FROM publication").await[0]).unwrap();
        assert_eq!(published["chapters"], snapshot["table"]["chapters"]);
    }

    async fn the_table_holds_everything_that_a_layout_may_print(site) {
        let mut it = desk(&site).await;
        let [first, second] = it.rows;
        site.staff("緑", "みどり課", Role::Clerk).await;
        let green = site.number("SELECT id FROM department WHERE name = 'みどり課'").await;
        let own = site.number("SELECT id FROM department WHERE name = '公園課'").await;
        let view = site.number(&format!("SELECT ward_view_id FROM summary WHERE id = {second}")).await;
        let items = site.numbers("SELECT opinion_item_id FROM summary_item ORDER BY opinion_item_id").await;
        let number = i64::from(items.len() == 3);
        site.sql(&format!("UPDATE department SET phone = '03-0000-0001', counter = '本庁舎3階' WHERE id = {own}")).await;
        site.sql(&format!("UPDATE summary SET department_id = {green} WHERE id = {second}")).await;
        site.sql(&format!("UPDATE ward_view SET reason = '計画に定めがあるため' WHERE id = {view}")).await;
        // 花子's first opinion is repeated in the second row; the third is about page 12.
        site.sql(&format!("INSERT INTO summary_item (summary_id, opinion_item_id, again) VALUES ({second}, {}, 1)", items[0])).await;
        site.sql(&format!("UPDATE opinion_item SET page = 12 WHERE id = {}", items[2])).await;
        site.sql(&format!(
            "INSERT INTO plan_change (consultation_id, position, place, before_text, after_text, reason, version, updated_at, updated_by) \
             VALUES ({}, 1, '第2章', '花壇を減らす', '花壇を増やす', 'ご意見による', 1, 0, 1)", it.theme
        )).await;
        site.sql(&format!("INSERT INTO plan_change_summary (plan_change_id, summary_id) SELECT id, {first} FROM plan_change")).await;
        site.sql(&format!("INSERT INTO plan_change_summary (plan_change_id, summary_id) SELECT id, {second} FROM plan_change")).await;
        site.sql(&format!(
            "INSERT INTO commitment (consultation_id, ward_view_id, department_id, text, owner, state, due_on, version, created_at, updated_at, updated_by) \
             VALUES ({}, {view}, {green}, '花壇を作ります', '', 'promised', '2027-03-31', 1, 0, 0, 1)", it.theme
        )).await;
        site.sql(&format!("UPDATE consultation SET layout = '{{\"columns\":[{{\"kind\":\"original\",\"heading\":\"原文\"}},{{\"kind\":\"answer\",\"heading\":\"考え方\"}}]}}' WHERE id = {}", it.theme)).await;
        assert_eq!(number, 1, "three opinions in two rows");
        it.decided(&site).await;
        it.publish(&[("when", "later"), ("at_date", "2026-11-23"), ("at_time", "9:00")]).await.assert_status(303);
        let at = site.number("SELECT published_at FROM publication").await;
        assert_eq!(site.number("SELECT public_at FROM commitment").await, at, "public with its answer");
        it.approver.post(&format!("/staff/consultations/{}/responses/unschedule", it.theme), &[]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM commitment WHERE public_at IS NULL").await, 1);
        it.publish(&[]).await.assert_status(303);
        assert_eq!(site.number("SELECT public_at FROM commitment").await, site.clock.now());
        let table: serde_json::Value =
            serde_json::from_str(&site.texts("SELECT response_table FROM publication").await[0]).unwrap();
        let groups = table["chapters"][0]["groups"].as_array().unwrap();
        assert_eq!((&groups[0]["department"], &groups[1]["department"]), (&"公園課".into(), &"みどり課".into()));
        assert_eq!(groups[1]["reason"], "計画に定めがあるため");
        let (one, two) = (&groups[0]["rows"][0], &groups[1]["rows"][0]);
        assert_eq!(one["originals"], serde_json::json!(["ベンチがほしい", "日陰がほしい"]));
        assert_eq!((one["same_count"].clone(), one["people"].clone(), one["sender"].clone()), (2.into(), 2.into(), 1.into()));
        assert_eq!((two["same_count"].clone(), two["again"].clone(), two["people"].clone()), (1.into(), 1.into(), 1.into()));
        assert_eq!(two["place"], "12ページ");
        assert_eq!(table["opinions"], 3, "what is repeated isn't counted");
        assert_eq!(table["plan_changes"][0]["rows"], serde_json::json!([first, second]));
        assert_eq!(table["commitments"][0]["due_on"], "2027-03-31");
        assert_eq!(table["commitments"][0]["department"], "みどり課");
        assert_eq!((table["contact"]["phone"].clone(), table["contact"]["counter"].clone()), ("03-0000-0001".into(), "本庁舎3階".into()));
        assert_eq!(table["summarised"], true);
    }

    async fn what_the_font_lacks_is_named_before_it_is_put_up(site) {
        let mut it = desk(&site).await;
        let second = it.rows[1];
        it.rewrite(&site, second, &[("answer", "設置します。\u{1F338}")]).await;
        let page = it.clerk.get(&it.page()).await;
        page.assert_shows("U+1F338");
        page.assert_shows("PDFのフォントにない文字が1種類あります。");
        // It is said, and stands in no way.
        it.draft().await.assert_status(303);
    }

    async fn another_address_of_the_site_changes_nothing_that_was_decided(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        let site = site.reopened(|config| config.base_url = Some("http://koe.test".to_owned())).await;
        let mut approver = site.signed_in(&staff("課長"), PASSWORD).await;
        approver.get(&it.page()).await.assert_hides("起案のあとに内容が変わりました");
        let path = format!("/staff/consultations/{}/responses/publish", it.theme);
        approver.post(&path, &[]).await.assert_status(303);
        let table = site.texts("SELECT response_table FROM publication").await.remove(0);
        assert!(table.contains("http://koe.test/consultations/kouen/responses") && !table.contains("machikoe.test"));
    }

    async fn the_page_takes_few_statements(site) {
        let mut it = desk(&site).await;
        it.decided(&site).await;
        it.publish(&[]).await.assert_status(303);
        let page = it.page();
        let (reply, statements) = site.statements(it.clerk.get(&page)).await;
        reply.assert_status(200);
        assert!(statements <= 8, "{statements}");
    }
}
