//! Sending, changing, liking.

use domain::Role;

use crate::on_both_databases;

on_both_databases! {
    async fn a_resident_posts_and_everybody_sees_it_with_a_receipt_for_the_author(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "kouen").await;
        let mut author = site.resident("髙﨑𠮷子").await;
        let id = site.propose(&mut author, "kouen", "ベンチを増やしてほしい。\n日陰もほしい。").await;

        let own = author.get(&format!("/consultations/kouen/proposals/{id}?notice=posted")).await;
        own.assert_shows("ご意見を受け付けました");
        own.assert_shows("受付番号");
        let seen = site.visitor().get(&format!("/consultations/kouen/proposals/{id}")).await;
        seen.assert_shows("髙﨑𠮷子");
        seen.assert_shows("日陰もほしい。");
        seen.assert_hides("receipt__number");
        site.visitor().get("/consultations/kouen/proposals").await.assert_shows("ベンチを増やしてほしい。");
        let mails = site.mails_to(&format!("{}@example.jp", crate::support::hex("髙﨑𠮷子"))).await;
        assert!(mails.last().unwrap().subject.contains("ご意見を受け付けました"));
    }

    async fn the_same_form_sent_twice_makes_one_proposal(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "kouen").await;
        let mut author = site.resident("はな").await;
        let token = author.get("/consultations/kouen/proposals/new").await.value_of("token");
        let fields = [("body", "一度だけ"), ("token", token.as_str())];
        let (mut a, mut b) = (author.clone(), author.clone());
        let (first, second) = tokio::join!(
            a.post("/consultations/kouen/proposals/new", &fields),
            b.post("/consultations/kouen/proposals/new", &fields)
        );
        assert_eq!((first.status, second.status), (303, 303));
        assert_eq!(first.location(), second.location());
        site.visitor().get("/consultations/kouen").await.assert_shows("意見を読む（1件）");
    }

    async fn likes_count_exactly_when_many_click_at_once(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "kouen").await;
        let mut author = site.resident("投稿者").await;
        let id = site.propose(&mut author, "kouen", "花壇がほしい").await;
        let mut fans = Vec::new();
        for n in 0..5 {
            fans.push(site.resident(&format!("区民{n}")).await);
        }
        let path = format!("/proposals/{id}/like");
        // Everybody clicks three times at once; twice on, and on again: one like each.
        let clicks = fans.iter().flat_map(|f| [f.clone(), f.clone(), f.clone()]).map(|mut fan| {
            let path = path.clone();
            async move { fan.post(&path, &[("on", "1")]).await.status }
        });
        for status in futures::future::join_all(clicks).await {
            assert_eq!(status, 303);
        }
        let page = site.visitor().get(&format!("/consultations/kouen/proposals/{id}")).await;
        page.assert_shows("<span class=\"like__count\">5");
        fans[0].post(&path, &[("on", "0")]).await;
        let page = site.visitor().get(&format!("/consultations/kouen/proposals/{id}")).await;
        page.assert_shows("<span class=\"like__count\">4");
        assert_eq!(author.post(&path, &[("on", "1")]).await.status, 403, "nobody likes their own");
    }
}
