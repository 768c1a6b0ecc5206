//! Same and nearly same texts: grouped, compared, never left out.

use domain::{Channel, Role};
use server::{
    ctx::Ctx,
    service::submission::{self, NewSubmission},
};

use crate::{
    on_both_databases,
    support::{HOUR, MINUTE, Site},
};

const LETTER: &str = "自転車専用道路を増やすことに賛成します。子どもを乗せて走るときに、車との距離が近くて怖い思いをすることが\
                      多いからです。特に駅前の通りを優先してください。";

/// Records submissions with these texts, a minute apart.
async fn send(site: &Site, theme: i64, texts: &[&str]) {
    let start = site.clock.now();
    let loaded = server::service::consultation::loaded(&Ctx::system(&site.app), theme).await.unwrap();
    for (n, text) in (0_i64..).zip(texts) {
        let ctx = Ctx::system(&site.app).at(start + n * MINUTE);
        let tx = ctx.write().await.unwrap();
        let new = NewSubmission::of_text(&ctx, Channel::Post, (*text).to_owned());
        submission::record(&tx, &ctx, &loaded, new).await.unwrap();
        tx.commit().await.unwrap();
    }
}

on_both_databases! {
    async fn copies_and_near_copies_are_one_group_and_others_are_not(site) {
        let mut clerk = site.staff("担当", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "park").await;
        let folded = LETTER.replace("。", "。\n　").replace("自転車", "自転車 ");
        let near = LETTER.replace("駅前の通り", "学校の前の通り");
        send(&site, theme, &[LETTER, &folded, LETTER, &near, "ベンチを増やしてください。", "賛成です。", "賛成です！"]).await;
        let page = clerk.get(&format!("/staff/consultations/{theme}/groups")).await;
        page.assert_shows("まとまりは2件、合わせて6通の提出があります。");
        page.assert_shows("（文面の違い：2通り）");
        page.assert_hides("ベンチを増やして");
        page.assert_hides("集中");

        let at = page.text.find(&format!("/staff/consultations/{theme}/groups/")).unwrap();
        let href: String = page.text[at..].chars().take_while(|c| *c != '"').collect();
        let group = clerk.get(&href).await;
        group.assert_shows("同じ趣旨の意見（4通）");
        group.assert_shows("件数の多さではなく内容を考慮します");
        assert!(group.text.contains("<ins>") && group.text.contains("<del>"), "{}", group.text);
        group.assert_shows("学校の");
    }

    async fn many_copies_within_an_hour_are_flagged_and_all_of_them_stay(site) {
        let mut clerk = site.staff("担当", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "park").await;
        site.clock.set(site.clock.now() / HOUR * HOUR);
        send(&site, theme, &[LETTER; 25]).await;
        let page = clerk.get(&format!("/staff/consultations/{theme}/groups")).await;
        page.assert_shows("集中");
        page.assert_shows("から1時間に25通が届きました。");
        let overview = clerk.get(&format!("/staff/consultations/{theme}")).await;
        overview.assert_shows("25");
    }

    async fn a_text_that_is_changed_leaves_its_group(site) {
        let mut clerk = site.staff("担当", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "park").await;
        send(&site, theme, &[LETTER]).await;
        let mut resident = site.resident("あおい").await;
        let id = site.propose(&mut resident, "park", LETTER).await;
        let path = format!("/staff/consultations/{theme}/groups");
        clerk.get(&path).await.assert_shows("まとまりは1件、合わせて2通の提出があります。");
        let edit = format!("/consultations/park/proposals/{id}/edit");
        let reply = resident.post(&edit, &[("body", "やはり、噴水をきれいにしてほしいです。")]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        clerk.get(&path).await.assert_shows("同じ文面の提出はありません。");
        let reply = resident.post(&edit, &[("body", LETTER)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        clerk.get(&path).await.assert_shows("まとまりは1件、合わせて2通の提出があります。");
    }

    async fn groups_are_the_departments_own(site) {
        let mut clerk = site.staff("担当", "公園課", Role::Clerk).await;
        let theme = site.open_theme(&mut clerk, "park").await;
        send(&site, theme, &[LETTER; 2]).await;
        let mut other = site.staff("他課", "税務課", Role::Clerk).await;
        assert_eq!(other.get(&format!("/staff/consultations/{theme}/groups")).await.status, 403);
        let elsewhere = site.open_theme(&mut clerk, "other").await;
        let page = clerk.get(&format!("/staff/consultations/{theme}/groups")).await;
        let at = page.text.find(&format!("/staff/consultations/{theme}/groups/")).unwrap();
        let href: String = page.text[at..].chars().take_while(|c| *c != '"').collect();
        let moved = href.replace(&format!("consultations/{theme}/"), &format!("consultations/{elsewhere}/"));
        assert_eq!(clerk.get(&moved).await.status, 404);
    }
}
