//! Periods close at the last millisecond of a day in Japan, and what is scheduled comes by itself.

use std::fmt::Write as _;

use domain::{ConsultationState, Phase, Role, consultation::PhaseFacts, wareki};

use crate::{
    on_both_databases,
    support::{DAY, HOUR, MINUTE, PASSWORD, Site, hex, noon},
};

/// 23:59:59.999 of the last day of `Site::open_theme`: 1 December 2026 in Japan.
fn last_moment() -> i64 {
    wareki::end_of_day_ms(wareki::parse("2026-12-01").unwrap())
}

const SECOND: i64 = 1000;
const NEW: &str = "/consultations/kouen/proposals/new";

on_both_databases! {
    async fn the_last_millisecond_counts_and_the_next_does_not(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "kouen").await;
        let mut author = site.resident("花子").await;
        let mut late = site.resident("太郎").await;
        site.clock.set(last_moment());
        let id = site.propose(&mut author, "kouen", "間に合った意見").await;
        let form = late.get(NEW).await;
        site.pass(1);
        let text = "一秒おそかった意見\n</textarea>𠮷";
        let reply = late.post(NEW, &[("title", "題"), ("body", text), ("token", &form.value_of("token"))]).await;
        reply.assert_status(422).assert_shows("現在、このテーマでは意見を受け付けていません。");
        assert_eq!((reply.field("title"), reply.field("body")), ("題".to_owned(), text.to_owned()));
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal").await, 1);
        // The form that was sent in time and is sent once more is still the one proposal.
        let token = site.texts("SELECT form_token FROM proposal").await.remove(0);
        let again = author.post(NEW, &[("body", "間に合った意見"), ("token", &token)]).await;
        assert_eq!(again.location(), format!("/consultations/kouen/proposals/{id}?notice=posted"));
        let edit = format!("/consultations/kouen/proposals/{id}/edit");
        let reply = author.post(&edit, &[("body", "あとから直した意見")]).await;
        assert!([409, 422].contains(&reply.status), "{}", reply.status);
        reply.assert_shows("あとから直した意見");
        author.post(&format!("/consultations/kouen/proposals/{id}/withdraw"), &[]).await.assert_status(409);
        late.post(&format!("/proposals/{id}/like"), &[("on", "1")]).await.assert_status(409);
        assert_eq!(late.get(NEW).await.location(), "/consultations/kouen", "no form for what can't be sent");
        site.visitor().get(&format!("/consultations/kouen/proposals/{id}")).await.assert_shows("間に合った意見");
    }

    async fn the_first_millisecond_counts_and_the_one_before_does_not(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "kouen").await;
        let opens = wareki::start_of_day_ms(wareki::parse("2026-11-25").unwrap());
        site.sql(&format!("UPDATE consultation SET opens_at = {opens} WHERE id = {theme}")).await;
        let mut author = site.resident("花子").await;
        site.clock.set(opens - 1);
        author.post(NEW, &[("body", "早すぎた意見")]).await.assert_status(422).assert_shows("早すぎた意見");
        site.visitor().get("/consultations/kouen").await.assert_shows("募集予定");
        site.pass(1);
        author.post(NEW, &[("body", "最初の意見")]).await.assert_status(303);
    }

    async fn a_scheduled_theme_appears_by_itself(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = site.draft_theme(&mut clerk, "kouen", "open_dialogue").await;
        let path = format!("/staff/consultations/{theme}/publish");
        for (date, time) in
            [("2026-11-20", "09:00"), ("2026-11-21", "12:00"), ("", ""), ("明日", "9時"), ("2026-11-22", "25:00")]
        {
            let reply = clerk.post(&path, &[("at_date", date), ("at_time", time)]).await;
            reply.assert_status(422);
            assert_eq!((reply.field("at_date"), reply.field("at_time")), (date.to_owned(), time.to_owned()));
        }
        let reply = clerk.post(&path, &[("at_date", "令和8年11月22日"), ("at_time", "９時３０分")]).await;
        reply.assert_status(303);
        clerk.get(&format!("/staff/consultations/{theme}")).await.assert_shows("公開する予約をしています");
        let at = wareki::start_of_day_ms(wareki::parse("2026-11-22").unwrap()) + 9 * HOUR + 30 * MINUTE;
        site.clock.set(at - 1);
        for page in ["/consultations/kouen", "/consultations/kouen/proposals", "/consultations/kouen/cover"] {
            assert_eq!(site.visitor().get(page).await.status, 404, "{page}");
        }
        site.visitor().get("/consultations").await.assert_hides("kouen");
        site.visitor().get("/").await.assert_hides("kouen");
        site.pass(1);
        assert_eq!(site.visitor().get("/consultations/kouen").await.status, 200);
        site.visitor().get("/consultations").await.assert_shows("/consultations/kouen");
        site.visitor().get("/").await.assert_shows("/consultations/kouen");
    }

    async fn lists_and_the_domain_agree_on_every_phase(site) {
        site.staff("水野", "公園課", Role::Clerk).await;
        // Visitors' pages are kept for the rest of the second; a signed-in reader's are exact to the millisecond.
        let mut reader = site.resident("読者").await;
        let facts = facts(240);
        insert(&site, &facts).await;
        for now in [noon(), noon() + SECOND, noon() + DAY] {
            site.clock.set(now);
            for phase in Phase::PUBLIC {
                let page = reader.get(&format!("/consultations?phase={}", phase.code())).await;
                for (n, fact) in facts.iter().enumerate() {
                    let listed = page.text.contains(&format!("\"/consultations/theme-{n:03}\""));
                    assert_eq!(listed, fact.phase(now) == phase, "{n} {fact:?} in {phase:?} at {now}");
                }
            }
            let all = reader.get("/consultations").await;
            for (n, fact) in facts.iter().enumerate() {
                let listed = all.text.contains(&format!("\"/consultations/theme-{n:03}\""));
                assert_eq!(listed, fact.phase(now).is_public(), "{n} {fact:?} at {now}");
            }
        }
    }

    async fn a_theme_that_ends_today_says_so_until_midnight(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "kouen").await;
        site.clock.set(last_moment());
        site.visitor().get("/consultations/kouen").await.assert_shows("募集中");
        site.pass(1);
        site.visitor().get("/consultations/kouen").await.assert_shows("検討中");
        site.visitor().get("/consultations?phase=review").await.assert_shows("/consultations/kouen");
        let mut clerk = site.signed_in(&format!("{}@staff.example.jp", hex("水野")), PASSWORD).await;
        clerk.get("/staff").await.assert_shows("募集は");
    }
}

/// Facts around noon, each of their moments before, at or after it, on whole seconds as all periods are: every phase by
/// many ways, in a fixed order.
fn facts(count: usize) -> Vec<PhaseFacts> {
    let steps = [-DAY, -SECOND, 0, SECOND, DAY];
    // A small generator of its own (Knuth's constants): the same themes in every run.
    let mut state: u64 = 20_261_121;
    let mut next = move |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    let mut moment = move || noon() + steps[next(5)];
    (0..count)
        .map(|n| {
            let (a, b) = (moment(), moment());
            PhaseFacts {
                state: if n % 8 == 0 { ConsultationState::Draft } else { ConsultationState::Published },
                publish_at: (n % 9 != 0).then(&mut moment),
                opens_at: a.min(b),
                closes_at: a.max(b) + SECOND - 1,
                result_at: (n % 2 == 0).then(&mut moment),
                progress_at: (n % 3 == 0).then(&mut moment),
            }
        })
        .collect()
}

async fn insert(site: &Site, facts: &[PhaseFacts]) {
    let mut rows = String::new();
    for (n, f) in facts.iter().enumerate() {
        let moment = |m: Option<i64>| m.map_or("NULL".to_owned(), |m| m.to_string());
        let comma = if n == 0 { "" } else { ", " };
        write!(
            rows,
            "{comma}('theme-{n:03}', 'open_dialogue', '{}', 't', 's', '', '', '', 'none', '', 1, {}, {}, {}, {}, {}, 0, 1, 0, 0, 1)",
            f.state.code(),
            moment(f.publish_at),
            f.opens_at,
            f.closes_at,
            moment(f.result_at),
            moment(f.progress_at),
        )
        .unwrap();
    }
    site.sql(&format!(
        "INSERT INTO consultation (slug, kind, state, title, summary, body_html, body_md, methods, disposition_preset, \
         cover_alt, department_id, publish_at, opens_at, closes_at, result_at, progress_at, proposal_count, created_by, created_at, \
         updated_at, version) VALUES {rows}"
    ))
    .await;
}
