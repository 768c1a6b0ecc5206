//! 修正箇所 and 約束.

use domain::Role;
use server::jobs;

use crate::{
    on_both_databases,
    support::{Browser, Site, hex},
};

const DAY: i64 = 86_400_000;

struct Desk {
    theme: i64,
    clerk: Browser,
    approver: Browser,
    row: i64,
}

/// A closed theme with one answered row.
async fn desk(site: &Site) -> Desk {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let approver = site.staff("課長", "公園課", Role::Approver).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident("花子").await;
    let bench = site.propose(&mut author, "kouen", "ベンチがほしい").await;
    site.close(theme).await;
    let chapter = site.chapter(&mut clerk, theme, "設備").await;
    let row = site.row(&mut clerk, theme, chapter, &[bench], "ベンチがほしい", "設置を検討します。").await;
    Desk { theme, clerk, approver, row }
}

impl Desk {
    fn path(&self, rest: &str) -> String {
        format!("/staff/consultations/{}{rest}", self.theme)
    }

    async fn promise(&mut self, site: &Site, due: &str) -> i64 {
        let department = site.number("SELECT id FROM department WHERE name = '公園課'").await.to_string();
        let fields = [
            ("row", "1-1"),
            ("text", "ベンチの配置計画を作成し、公表します。"),
            ("department", &department),
            ("owner", "整備係"),
            ("due_on", due),
        ];
        self.clerk.post(&self.path("/commitments/new"), &fields).await.assert_status(303);
        site.number("SELECT MAX(id) FROM commitment").await
    }
}

on_both_databases! {
    async fn a_change_of_the_draft_names_the_rows_that_caused_it(site) {
        let mut it = desk(&site).await;
        let fields = [
            ("place", "第2章 設備、12ページ"),
            ("before", "ベンチを置きます。"),
            ("after", "背もたれのあるベンチを20基置きます。"),
            ("reason", "休める場所を求める意見を受けたため"),
            ("rows", "No.１－１"),
        ];
        it.clerk.post(&it.path("/plan-changes/new"), &fields).await.assert_status(303);
        let list = it.clerk.get(&it.path("/plan-changes")).await;
        list.assert_shows("第2章 設備、12ページ");
        list.assert_shows("もとになった意見：No.1-1");
        let change = site.number("SELECT id FROM plan_change").await;
        assert_eq!(site.numbers("SELECT summary_id FROM plan_change_summary").await, [it.row]);
        // Two people: the later one sees what the first saved.
        let path = it.path(&format!("/plan-changes/{change}"));
        let page = it.clerk.get(&path).await;
        let version = page.field("version");
        let with = |after: &'static str| {
            let mut fields = fields.to_vec();
            fields[2] = ("after", after);
            fields
        };
        let mut first = with("一人目の案");
        first.push(("version", version.as_str()));
        it.clerk.post(&path, &first).await.assert_status(303);
        let mut second = with("二人目の案");
        second.push(("version", version.as_str()));
        let conflict = it.approver.post(&path, &second).await;
        conflict.assert_status(409).assert_shows("ほかの職員が先に保存しました");
        assert_eq!(conflict.field("after"), "二人目の案");
        it.clerk.post(&format!("{path}/delete"), &[]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM plan_change_summary").await, 0);
    }

    async fn a_change_needs_a_reason_a_difference_and_rows_that_exist(site) {
        let mut it = desk(&site).await;
        let fields = [("place", "第1章"), ("before", "同じ文"), ("after", "同じ文"), ("reason", ""), ("rows", "7-7")];
        let reply = it.clerk.post(&it.path("/plan-changes/new"), &fields).await;
        reply.assert_status(422);
        for field in ["after", "reason", "rows"] {
            reply.assert_shows(&format!("id=\"e-{field}\""));
        }
        assert_eq!((reply.field("before"), reply.field("rows")), ("同じ文".to_owned(), "7-7".to_owned()));
        assert_eq!(site.number("SELECT COUNT(*) FROM plan_change").await, 0);
    }

    async fn changes_keep_the_order_staff_give_them(site) {
        let mut it = desk(&site).await;
        for place in ["一", "二", "三"] {
            let fields = [("place", place), ("after", "加える文"), ("reason", "意見を受けたため"), ("rows", "1-1")];
            it.clerk.post(&it.path("/plan-changes/new"), &fields).await.assert_status(303);
        }
        let last = site.number("SELECT MAX(id) FROM plan_change").await;
        let shift = it.path(&format!("/plan-changes/{last}/move"));
        it.clerk.post(&shift, &[("direction", "up")]).await.assert_status(303);
        assert_eq!(site.texts("SELECT place FROM plan_change ORDER BY position").await, ["一", "三", "二"]);
        it.clerk.post(&shift, &[("direction", "sideways")]).await.assert_status(400);
    }

    async fn a_promise_is_public_with_its_answer_and_every_report_reaches_who_raised_it(site) {
        let mut it = desk(&site).await;
        let due = domain::wareki::date_of(site.clock.now() + 30 * DAY).to_string();
        let promise = it.promise(&site, &due).await;
        let public = "/consultations/kouen/commitments";
        site.visitor().get(public).await.assert_status(404);
        let report = it.path(&format!("/commitments/{promise}/report"));
        let fields = [("state", "in_progress"), ("body", "配置の案を作成しています。")];
        it.clerk.post(&report, &fields).await.assert_status(409);
        site.publish(&mut it.clerk, &mut it.approver, it.theme).await.assert_status(303);
        let page = site.visitor().get(public).await;
        page.assert_status(200).assert_shows("ベンチの配置計画を作成し、公表します。");
        page.assert_shows("公園課　整備係");
        it.clerk.post(&report, &[("state", ""), ("body", "")]).await.assert_status(422).assert_shows("id=\"e-body\"");
        it.clerk.post(&report, &fields).await.assert_status(303);
        site.visitor().get(public).await.assert_shows("配置の案を作成しています。");
        let mails = site.mails_to(&format!("{}@example.jp", hex("花子"))).await;
        let told: Vec<_> = mails.iter().filter(|m| m.subject.contains("お約束の進みぐあい")).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("配置の案を作成しています。"), "{}", told[0].text);
        // Its words can't be changed any more, and it can't be made to disappear.
        let path = it.path(&format!("/commitments/{promise}"));
        let changed = [("row", "1-1"), ("text", "別の約束"), ("due_on", due.as_str())];
        assert_ne!(it.clerk.post(&path, &changed).await.status, 303);
        it.clerk.post(&format!("{path}/delete"), &[]).await.assert_status(409);
        assert_eq!(site.number("SELECT COUNT(*) FROM commitment WHERE text LIKE 'ベンチの配置%'").await, 1);
    }

    async fn a_promise_needs_somebody_and_a_day(site) {
        let mut it = desk(&site).await;
        let fields = [("row", "2-1"), ("text", ""), ("department", ""), ("due_on", "そのうち")];
        let reply = it.clerk.post(&it.path("/commitments/new"), &fields).await;
        reply.assert_status(422);
        for field in ["row", "text", "department", "due_on"] {
            reply.assert_shows(&format!("id=\"e-{field}\""));
        }
        assert_eq!(reply.field("due_on"), "そのうち");
        let page = it.clerk.get(&it.path(&format!("/commitments/new?row={}", it.row))).await;
        assert_eq!(page.field("row"), "1-1");
    }

    async fn the_department_is_reminded_of_what_it_promised(site) {
        let mut it = desk(&site).await;
        let due = domain::wareki::date_of(site.clock.now() + 30 * DAY).to_string();
        it.promise(&site, &due).await;
        site.publish(&mut it.clerk, &mut it.approver, it.theme).await.assert_status(303);
        let count = async |word: &str| {
            let mails = site.mails_to(&format!("{}@staff.example.jp", hex("水野"))).await;
            mails.iter().filter(|m| m.subject.contains(word)).count()
        };
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(count("約束の期限").await, 0);
        site.pass(24 * DAY);
        jobs::run_due(&site.app).await.unwrap();
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(count("約束の期限が近づいています").await, 1);
        site.pass(8 * DAY);
        jobs::run_due(&site.app).await.unwrap();
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(count("約束の期限を過ぎています").await, 1);
        site.visitor().get("/consultations/kouen/commitments").await.assert_shows("期限を過ぎています");
    }
}
