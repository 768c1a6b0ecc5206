//! The desk: several people at one table, and nobody loses a word.

use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, Site},
};

struct Desk {
    theme: i64,
    first: Browser,
    second: Browser,
    row: i64,
    path: String,
}

/// A row that two clerks have before them.
async fn desk(site: &Site) -> Desk {
    let mut first = site.staff("水野", "公園課", Role::Clerk).await;
    let second = site.staff("山田", "公園課", Role::Clerk).await;
    let theme = site.open_theme(&mut first, "kouen").await;
    let mut author = site.resident("花子").await;
    let proposal = site.propose(&mut author, "kouen", "ベンチがほしい").await;
    let chapter = site.chapter(&mut first, theme, "設備").await;
    let row = site.row(&mut first, theme, chapter, &[proposal], "ベンチ", "検討します。").await;
    Desk { theme, first, second, row, path: format!("/staff/consultations/{theme}/responses/rows/{row}") }
}

on_both_databases! {
    async fn of_two_clerks_the_second_sees_both_texts_and_loses_nothing(site) {
        let mut it = desk(&site).await;
        let (one, two) = (it.first.get(&it.path).await, it.second.get(&it.path).await);
        site.save_row(&one, &mut it.first, &it.path, &[("answer", "最初の人の答え")]).await.assert_status(303);
        let typed = [("text", "二番目の人の要旨"), ("answer", "二番目の人の答え"), ("disposition", "reflected")];
        let conflict = site.save_row(&two, &mut it.second, &it.path, &typed).await;
        conflict.assert_status(409).assert_shows("ほかの職員が先に保存しました");
        conflict.assert_shows("最初の人の答え");
        assert_eq!(conflict.field("text"), "二番目の人の要旨");
        assert_eq!(conflict.field("answer"), "二番目の人の答え");
        assert_eq!(conflict.chosen("disposition"), "reflected");
        let saved = it.first.get(&it.path).await;
        assert_eq!((saved.field("text"), saved.field("answer")), ("ベンチ".to_owned(), "最初の人の答え".to_owned()));
        site.save_row(&conflict, &mut it.second, &it.path, &[]).await.assert_status(303);
        let saved = it.first.get(&it.path).await;
        assert_eq!(
            (saved.field("text"), saved.field("answer")),
            ("二番目の人の要旨".to_owned(), "二番目の人の答え".to_owned())
        );
        // What the second wrote can't be overwritten by the first's old page either.
        site.save_row(&one, &mut it.first, &it.path, &[("answer", "古い画面から")]).await.assert_status(409);
    }

    async fn two_clerks_who_save_in_the_same_instant_dont_overwrite_each_other(site) {
        let mut it = desk(&site).await;
        let (one, two) = (it.first.get(&it.path).await, it.second.get(&it.path).await);
        site.slow("ward_view").await;
        let (a, b) = tokio::join!(
            site.save_row(&one, &mut it.first, &it.path, &[("answer", "甲")]),
            site.save_row(&two, &mut it.second, &it.path, &[("answer", "乙")])
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "{}{}", a.text, b.text);
    }

    async fn a_shared_answer_is_guarded_as_well(site) {
        let mut it = desk(&site).await;
        let view = site.number("SELECT ward_view_id FROM summary").await.to_string();
        let chapter = site.number("SELECT id FROM chapter").await.to_string();
        let new = format!("/staff/consultations/{}/responses/rows/new", it.theme);
        it.first
            .post(&new, &[("chapter", &chapter), ("text", "もう一つ"), ("ward_view", &view)])
            .await
            .assert_status(303);
        let other = site.number(&format!("SELECT id FROM summary WHERE id <> {}", it.row)).await;
        let other = format!("/staff/consultations/{}/responses/rows/{other}", it.theme);
        let (one, two) = (it.first.get(&it.path).await, it.second.get(&other).await);
        site.save_row(&one, &mut it.first, &it.path, &[("answer", "共通の答えを直した")]).await.assert_status(303);
        let conflict = site.save_row(&two, &mut it.second, &other, &[("answer", "別の行から直した")]).await;
        conflict.assert_status(409).assert_shows("共通の答えを直した");
        // A row of its own answer leaves the shared one alone.
        let page = it.second.get(&other).await;
        site.save_row(&page, &mut it.second, &other, &[("ward_view", ""), ("answer", "この行だけの答え")])
            .await
            .assert_status(303);
        assert_eq!(it.first.get(&it.path).await.field("answer"), "共通の答えを直した");
        assert_eq!(it.first.get(&other).await.field("answer"), "この行だけの答え");
    }

    async fn a_draft_needs_no_answer_and_bad_input_keeps_what_was_typed(site) {
        let mut it = desk(&site).await;
        let new = format!("/staff/consultations/{}/responses/rows/new", it.theme);
        let long = "長".repeat(8001);
        let fields = [
            ("chapter", "0"),
            ("text", ""),
            ("answer", long.as_str()),
            ("items", "999999"),
            ("disposition", "nonsense"),
        ];
        let reply = it.first.post(&new, &fields).await;
        reply.assert_status(422);
        for field in ["chapter", "text", "answer", "disposition"] {
            reply.assert_shows(&format!("id=\"e-{field}\""));
        }
        assert_eq!(reply.field("answer"), long);
        let chapters = format!("/staff/consultations/{}/responses/chapters", it.theme);
        let long = "章".repeat(81);
        let reply = it.first.post(&chapters, &[("chapter_title", &long)]).await;
        reply.assert_status(422);
        assert_eq!(reply.field("chapter_title"), long);
    }

    async fn chapters_and_rows_move_and_go_without_losing_opinions(site) {
        let mut it = desk(&site).await;
        let base = format!("/staff/consultations/{}/responses", it.theme);
        let first = site.number("SELECT id FROM chapter").await;
        let second = site.chapter(&mut it.first, it.theme, "運営").await;
        it.first.post(&format!("{base}/chapters/{second}"), &[("act", "up")]).await.assert_status(303);
        assert_eq!(site.numbers("SELECT id FROM chapter ORDER BY position").await, [second, first]);
        it.first.post(&format!("{base}/chapters/{first}"), &[("act", "delete")]).await.assert_status(409);
        let page = it.first.get(&it.path).await;
        let to = second.to_string();
        site.save_row(&page, &mut it.first, &it.path, &[("chapter", &to)]).await.assert_status(303);
        let below = site.row(&mut it.first, it.theme, second, &[], "二行目", "答え").await;
        it.first.post(&format!("{base}/rows/{below}/move"), &[("direction", "up")]).await.assert_status(303);
        assert_eq!(site.numbers("SELECT id FROM summary ORDER BY position").await, [below, it.row]);
        it.first.post(&format!("{base}/chapters/{first}"), &[("act", "delete")]).await.assert_status(303);
        it.first.post(&format!("{}/delete", it.path), &[]).await.assert_status(303);
        it.first.get(&base).await.assert_shows("どの行にも入れていない意見が1件あります");
        assert_eq!(site.number("SELECT COUNT(*) FROM ward_view").await, 1, "the deleted row's answer is gone");
        it.first.post(&format!("{base}/chapters/{second}"), &[("act", "nonsense")]).await.assert_status(400);
    }
}
