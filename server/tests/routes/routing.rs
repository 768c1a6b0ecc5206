//! Rows given to departments, boards, questions between departments, reminders.

use domain::Role;
use server::jobs;

use crate::{
    on_both_databases,
    support::{Browser, Site, hex},
};

const DAY: i64 = 86_400_000;

/// A closed theme of 公園課 with a chapter of two rows, and a second department.
struct Desk {
    theme: i64,
    clerk: Browser,
    other: Browser,
    rows: [i64; 2],
}

async fn desk(site: &Site) -> Desk {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    let other = site.staff("道田", "道路課", Role::Clerk).await;
    let theme = site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident("花子").await;
    let bench = site.propose(&mut author, "kouen", "ベンチがほしい").await;
    let road = site.propose(&mut author, "kouen", "園路を広くしてほしい").await;
    site.close(theme).await;
    let chapter = site.chapter(&mut clerk, theme, "設備").await;
    let first = site.row(&mut clerk, theme, chapter, &[bench], "ベンチがほしい", "設置します。").await;
    let second = site.row(&mut clerk, theme, chapter, &[road], "園路を広くしてほしい", "").await;
    Desk { theme, clerk, other, rows: [first, second] }
}

impl Desk {
    fn path(&self, rest: &str) -> String {
        format!("/staff/consultations/{}{rest}", self.theme)
    }

    fn row_path(&self, rest: &str) -> String {
        self.path(&format!("/responses/rows/{}{rest}", self.rows[1]))
    }

    /// Gives the second row to 道路課.
    async fn give(&mut self, site: &Site, due: &str) {
        let department = road(site).await;
        let path = self.path("/routing");
        let fields =
            [("rows", "1-2"), ("department", department.as_str()), ("due_on", due), ("note", "園路の幅についてです。")];
        self.clerk.post(&path, &fields).await.assert_status(303);
    }
}

async fn road(site: &Site) -> String {
    site.number("SELECT id FROM department WHERE name = '道路課'").await.to_string()
}

async fn mails(site: &Site, name: &str) -> Vec<String> {
    let mails = site.mails_to(&format!("{}@staff.example.jp", hex(name))).await;
    mails.into_iter().map(|m| m.subject).collect()
}

/// The day so many days from now, in Japan.
fn day(site: &Site, days: i64) -> String {
    domain::wareki::date_of(site.clock.now() + days * DAY).to_string()
}

on_both_databases! {
    async fn a_department_finds_the_row_it_was_given_on_its_board_and_in_its_mail(site) {
        let mut it = desk(&site).await;
        it.other.get("/staff/board").await.assert_hides("園路を広くしてほしい");
        it.other.get(&it.row_path("/routing")).await.assert_status(403);
        let due = day(&site, 10);
        it.give(&site, &due).await;
        let board = it.other.get("/staff/board").await;
        board.assert_shows("園路を広くしてほしい");
        board.assert_hides("ベンチがほしい");
        assert_eq!(mails(&site, "道田").await.len(), 1);
        assert!(mails(&site, "水野").await.is_empty(), "who gives a row isn't written to");
        let story = it.other.get(&it.row_path("/routing")).await;
        story.assert_status(200).assert_shows("園路の幅についてです。");
        let overview = it.clerk.get(&it.path("/routing")).await;
        overview.assert_shows("道路課");
        // The row that was not given is none of their business.
        it.other.get(&it.path(&format!("/responses/rows/{}/routing", it.rows[0]))).await.assert_status(403);
    }

    async fn what_is_typed_wrongly_is_said_and_nothing_is_lost(site) {
        let mut it = desk(&site).await;
        let path = it.path("/routing");
        let past = day(&site, -2);
        let reply = it.clerk.post(&path, &[("rows", "9-9"), ("department", "0"), ("due_on", &past), ("note", "連絡")]).await;
        reply.assert_status(422);
        for field in ["rows", "department", "due_on"] {
            reply.assert_shows(&format!("id=\"e-{field}\""));
        }
        assert_eq!((reply.field("rows"), reply.field("note")), ("9-9".to_owned(), "連絡".to_owned()));
        it.other.post(&path, &[("rows", "1-2")]).await.assert_status(403);
        let reply = it.clerk.post(&it.row_path("/route"), &[("department", &road(&site).await), ("due_on", "")]).await;
        reply.assert_status(422).assert_shows("id=\"e-transfer_note\"");
        let reply = it.clerk.post(&it.row_path("/referrals"), &[("question", ""), ("asked_department", "")]).await;
        reply.assert_status(422).assert_shows("id=\"e-question\"");
    }

    async fn whole_chapters_and_all_rows_can_be_given_at_once(site) {
        let mut it = desk(&site).await;
        let (path, department) = (it.path("/routing"), road(&site).await);
        it.clerk.post(&path, &[("rows", "第１章"), ("department", &department)]).await.assert_status(303);
        let given = format!("SELECT COUNT(*) FROM summary WHERE department_id = {department}");
        assert_eq!(site.number(&given).await, 2);
        let own = site.number("SELECT id FROM department WHERE name = '公園課'").await.to_string();
        it.clerk.post(&path, &[("rows", "すべて"), ("department", &own)]).await.assert_status(303);
        assert_eq!(site.number(&given).await, 0, "back at the theme's own department");
        assert_eq!(site.number("SELECT COUNT(*) FROM summary_routing").await, 4);
    }

    async fn a_row_is_given_on_with_a_reason_and_its_way_can_be_read(site) {
        let mut it = desk(&site).await;
        it.give(&site, "").await;
        let mut green = site.staff("緑川", "みどり課", Role::Clerk).await;
        let department = site.number("SELECT id FROM department WHERE name = 'みどり課'").await.to_string();
        let fields = [("department", department.as_str()), ("transfer_note", "植え込みの管理に当たるため")];
        let reply = it.other.post(&it.row_path("/route"), &fields).await;
        assert_eq!((reply.status, reply.location()), (303, "/staff/board".to_owned()), "it is theirs no more");
        it.other.get(&it.row_path("/routing")).await.assert_status(403);
        green.get("/staff/board").await.assert_shows("園路を広くしてほしい");
        let story = it.clerk.get(&it.row_path("/routing")).await;
        story.assert_shows("公園課 から 道路課 へ");
        story.assert_shows("道路課 から みどり課 へ");
        story.assert_shows("植え込みの管理に当たるため");
    }

    async fn another_department_is_asked_and_replies_once(site) {
        let mut it = desk(&site).await;
        let mut third = site.staff("緑川", "みどり課", Role::Clerk).await;
        let fields = [("asked_department", road(&site).await), ("question", "園路の幅は何メートルですか。".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        it.clerk.post(&it.row_path("/referrals"), &fields).await.assert_status(303);
        it.other.get("/staff/board").await.assert_shows("園路の幅は何メートルですか。");
        let referral = site.number("SELECT id FROM referral").await;
        let reply = it.row_path(&format!("/referrals/{referral}/reply"));
        third.post(&reply, &[("reply", "部外者")]).await.assert_status(403);
        it.clerk.post(&reply, &[("reply", "自分で答える")]).await.assert_status(403);
        it.other.post(&reply, &[("reply", "")]).await.assert_status(422);
        it.other.post(&reply, &[("reply", "3メートルです。")]).await.assert_status(303);
        it.other.post(&reply, &[("reply", "もう一度")]).await.assert_status(409);
        it.clerk.get(&it.row_path("/routing")).await.assert_shows("3メートルです。");
        assert_eq!(mails(&site, "水野").await.len(), 1, "whoever asked is told");
        it.other.get("/staff/board").await.assert_hides("園路の幅は何メートルですか。");
        // A question may be withdrawn while nobody has replied.
        it.clerk.post(&it.row_path("/referrals"), &fields).await.assert_status(303);
        let second = site.number("SELECT MAX(id) FROM referral").await;
        it.other.post(&it.row_path(&format!("/referrals/{second}/withdraw")), &[]).await.assert_status(403);
        it.clerk.post(&it.row_path(&format!("/referrals/{second}/withdraw")), &[]).await.assert_status(303);
        let reply = it.row_path(&format!("/referrals/{second}/reply"));
        assert_ne!(it.other.post(&reply, &[("reply", "遅い返事")]).await.status, 303);
        assert_eq!(site.number("SELECT COUNT(*) FROM referral WHERE answer <> ''").await, 1);
    }

    async fn departments_are_reminded_once_before_the_day_and_once_after_it(site) {
        let mut it = desk(&site).await;
        let due = day(&site, 5);
        it.give(&site, &due).await;
        let count = async || mails(&site, "道田").await.len();
        assert_eq!(count().await, 1);
        jobs::run_due(&site.app).await.unwrap();
        assert_eq!(count().await, 1, "five days before is too early");
        for (days, expected) in [(3, 2), (1, 2), (2, 3), (3, 3)] {
            site.pass(days * DAY);
            jobs::run_due(&site.app).await.unwrap();
            jobs::run_due(&site.app).await.unwrap();
            assert_eq!(count().await, expected, "{days} days on");
        }
        let subjects = mails(&site, "道田").await;
        assert!(subjects[1].contains("期限が近づいています") && subjects[2].contains("期限を過ぎています"), "{subjects:?}");
    }
}
