//! Hiding, showing again, taking back, changing: what others see, what staff see, what is written down.

use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, Reply, Site, hex},
};

const TITLE: &str = "看板の色";
const BODY: &str = "隣の家の電話番号は〇三の一二三四です。";
const AUTHOR: &str = "投稿した花子";
const REASON: &str = "個人の電話番号が書かれているため";

/// A theme, its clerk, and a proposal with its author.
async fn posted(site: &Site) -> (Browser, Browser, i64) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident(AUTHOR).await;
    let reply = author
        .post(
            "/consultations/kouen/proposals/new",
            &[("title", TITLE), ("body", BODY), ("token", "a-token-of-twenty-signs")],
        )
        .await;
    reply.assert_status(303);
    let id = site.number("SELECT MAX(id) FROM proposal").await;
    (clerk, author, id)
}

async fn hide(staff: &mut Browser, id: i64, reason: &str) -> Reply {
    staff.post(&format!("/staff/proposals/{id}/hide"), &[("reason", reason)]).await
}

fn page_of(id: i64) -> String {
    format!("/consultations/kouen/proposals/{id}")
}

on_both_databases! {
    async fn a_hidden_post_leaves_a_placeholder_and_nothing_of_its_text(site) {
        let (mut clerk, mut author, id) = posted(&site).await;
        let receipt = author.get(&page_of(id)).await.between("receipt__number\">", "<").to_owned();
        let reply = hide(&mut clerk, id, REASON).await;
        assert_eq!(reply.location(), "/staff/moderation?notice=hidden");
        let mut other = site.resident("ほかの人").await;
        let page = other.get(&page_of(id)).await;
        page.assert_status(200).assert_shows("この投稿は、投稿のきまりに沿って区が非表示にしました。");
        other
            .get("/consultations/kouen/proposals")
            .await
            .assert_shows("この投稿は、投稿のきまりに沿って区が非表示にしました。");
        let word = app::shell::percent("電話番号");
        for reader in [&mut site.visitor(), &mut other] {
            for path in [
                "/".to_owned(),
                "/consultations".to_owned(),
                "/consultations/kouen".to_owned(),
                "/consultations/kouen/proposals".to_owned(),
                "/consultations/kouen/proposals?sort=likes&per=100".to_owned(),
                "/consultations/kouen/proposals?sort=random".to_owned(),
                format!("/consultations/kouen/proposals?q={word}"),
                page_of(id),
                format!("/receipts/{receipt}"),
            ] {
                let page = reader.get(&path).await;
                page.assert_status(200);
                for secret in [TITLE, BODY, AUTHOR] {
                    page.assert_hides(secret);
                }
            }
        }
        let found = site.visitor().get(&format!("/consultations/kouen/proposals?q={word}")).await;
        found.assert_shows("0件の意見があります");
        found.assert_hides("非表示にしました");
        site.visitor().get("/consultations/kouen").await.assert_hides("意見を読む（1件）");
        site.visitor().get(&format!("/receipts/{receipt}")).await.assert_shows("一般の表示を止めています");
        other.post(&format!("/proposals/{id}/like"), &[("on", "1")]).await.assert_status(404);
    }

    async fn the_author_is_mailed_the_reason_and_still_reads_the_post(site) {
        let (mut clerk, mut author, id) = posted(&site).await;
        hide(&mut clerk, id, REASON).await.assert_status(303);
        let mails = site.mails_to(&format!("{}@example.jp", hex(AUTHOR))).await;
        let mail = mails.last().unwrap();
        assert!(mail.subject.contains("投稿の表示について"));
        assert!(mail.text.contains(REASON) && mail.text.contains(&page_of(id)), "{}", mail.text);
        let own = author.get(&page_of(id)).await;
        own.assert_shows(BODY);
        own.assert_shows(REASON);
        author.get("/account").await.assert_shows(TITLE);
        author.post(&format!("{}/edit", page_of(id)), &[("body", "直しました")]).await.assert_status(409);
        author.post(&format!("{}/withdraw", page_of(id)), &[]).await.assert_status(409);
        let seen = clerk.get(&format!("/staff/proposals/{id}")).await;
        seen.assert_shows(BODY);
        seen.assert_shows(AUTHOR);
        seen.assert_shows(REASON);
        clerk.get("/staff/moderation?state=hidden").await.assert_shows(BODY);
        clerk.get("/staff/moderation?state=published").await.assert_hides(BODY);
        let mut colleague = site.staff("他課", "文化課", Role::Clerk).await;
        colleague.get("/staff/moderation").await.assert_hides(BODY);
        colleague.get(&page_of(id)).await.assert_hides(BODY);
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        auditor.get(&format!("/staff/proposals/{id}")).await.assert_shows(BODY);
    }

    async fn a_hidden_post_can_be_shown_again_and_the_author_is_told(site) {
        let (mut clerk, _, id) = posted(&site).await;
        hide(&mut clerk, id, REASON).await.assert_status(303);
        clerk.post(&format!("/staff/proposals/{id}/restore"), &[]).await.assert_status(303);
        let page = site.visitor().get(&page_of(id)).await;
        page.assert_shows(BODY);
        page.assert_shows(AUTHOR);
        page.assert_hides(REASON);
        site.visitor().get("/consultations/kouen").await.assert_shows("意見を読む（1件）");
        let mails = site.mails_to(&format!("{}@example.jp", hex(AUTHOR))).await;
        assert!(mails.last().unwrap().subject.contains("投稿を再び表示しました"));
        clerk.post(&format!("/staff/proposals/{id}/restore"), &[]).await.assert_status(409);
        // Hidden once more, the author hears of it once more.
        site.pass(1);
        hide(&mut clerk, id, REASON).await.assert_status(303);
        assert_eq!(site.mails_to(&format!("{}@example.jp", hex(AUTHOR))).await.len(), mails.len() + 1);
    }

    async fn two_clerks_who_hide_the_same_post_tell_its_author_once(site) {
        let (mut clerk, _, id) = posted(&site).await;
        let mut second = site.staff("山田", "公園課", Role::Clerk).await;
        site.slow("proposal").await;
        let (a, b) = tokio::join!(hide(&mut clerk, id, REASON), hide(&mut second, id, "宣伝のため"));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let late = if a.status == 409 { a } else { b };
        late.assert_shows("ほかの人が先に変更しました");
        let mails = site.mails_to(&format!("{}@example.jp", hex(AUTHOR))).await;
        assert_eq!(mails.iter().filter(|m| m.subject.contains("投稿の表示について")).count(), 1);
        assert_eq!(site.number("SELECT proposal_count FROM consultation").await, 0);
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'proposal.hide'").await, 1);
    }

    async fn hiding_needs_a_reason_of_bearable_length(site) {
        let (mut clerk, _, id) = posted(&site).await;
        for (reason, problem) in [(" 　 ", "入力してください。"), (&*"長".repeat(501), "500文字以内で入力してください")]
        {
            let reply = hide(&mut clerk, id, reason).await;
            reply.assert_status(422).assert_shows(problem);
            assert_eq!(reply.field("reason"), reason);
        }
        site.visitor().get(&page_of(id)).await.assert_shows(BODY);
        assert_eq!(site.number("SELECT COUNT(*) FROM audit_event WHERE action = 'proposal.hide'").await, 0);
        let fields = [("template", "personal"), ("reason", "")];
        clerk.post(&format!("/staff/proposals/{id}/hide"), &fields).await.assert_status(303);
        let mail = site.mails_to(&format!("{}@example.jp", hex(AUTHOR))).await.pop().unwrap();
        assert!(mail.text.contains("個人情報が含まれるため"));
    }

    async fn what_staff_do_is_written_down_with_the_change_or_not_done(site) {
        let (mut clerk, _, id) = posted(&site).await;
        hide(&mut clerk, id, REASON).await.assert_status(303);
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        let log = auditor.get("/staff/audit?action=proposal.hide").await;
        log.assert_shows("水野");
        log.assert_shows(REASON);
        log.assert_hides(BODY);
        log.assert_hides(AUTHOR);
        auditor.get("/staff/audit").await.assert_shows("テーマの公開");
        // A change that can't be written down doesn't happen.
        site.sql("ALTER TABLE audit_event RENAME TO audit_event_away").await;
        clerk.post(&format!("/staff/proposals/{id}/restore"), &[]).await.assert_status(500);
        site.sql("ALTER TABLE audit_event_away RENAME TO audit_event").await;
        site.visitor().get(&page_of(id)).await.assert_hides(BODY);
        let mails = site.mails_to(&format!("{}@example.jp", hex(AUTHOR))).await;
        assert!(!mails.last().unwrap().subject.contains("再び表示"), "no mail of what did not happen");
    }

    async fn a_post_that_was_taken_back_is_gone_for_others(site) {
        let (mut clerk, mut author, id) = posted(&site).await;
        author.get(&format!("{}/withdraw", page_of(id))).await.assert_shows(TITLE);
        let reply = author.post(&format!("{}/withdraw", page_of(id)), &[]).await;
        assert_eq!(reply.location(), "/account?notice=withdrawn");
        let gone = site.visitor().get(&page_of(id)).await;
        gone.assert_status(410).assert_shows("この投稿は取り下げられました");
        gone.assert_hides(BODY);
        site.visitor().get("/consultations/kouen/proposals").await.assert_hides(TITLE);
        author.get(&page_of(id)).await.assert_status(200).assert_shows(BODY);
        clerk.get(&format!("/staff/proposals/{id}")).await.assert_shows(BODY);
        author.post(&format!("{}/withdraw", page_of(id)), &[]).await.assert_status(409);
        hide(&mut clerk, id, REASON).await.assert_status(409);
    }

    async fn a_post_can_be_changed_until_somebody_likes_it_and_its_old_text_is_kept(site) {
        let (mut clerk, mut author, id) = posted(&site).await;
        let edit = format!("{}/edit", page_of(id));
        let form = author.get(&edit).await;
        assert_eq!((form.field("title"), form.field("body")), (TITLE.to_owned(), BODY.to_owned()));
        author.post(&edit, &[("title", TITLE), ("body", "新しい文章")]).await.assert_status(303);
        let page = site.visitor().get(&page_of(id)).await;
        page.assert_shows("新しい文章");
        page.assert_shows("編集：");
        page.assert_hides(BODY);
        let seen = clerk.get(&format!("/staff/proposals/{id}")).await;
        seen.assert_shows("編集される前の文章（1件）");
        seen.assert_shows(BODY);
        author.post(&edit, &[("title", TITLE), ("body", "新しい文章")]).await.assert_status(303);
        assert_eq!(site.number("SELECT COUNT(*) FROM proposal_revision").await, 1, "nothing changed, nothing kept");
        let mut fan = site.resident("いいね").await;
        fan.post(&format!("/proposals/{id}/like"), &[("on", "1")]).await.assert_status(303);
        author.get(&edit).await.assert_status(409);
        let late = author.post(&edit, &[("title", TITLE), ("body", "いいねの後の文章")]).await;
        late.assert_status(409).assert_shows("いいねの後の文章");
        site.visitor().get(&page_of(id)).await.assert_shows("新しい文章");
        fan.post(&format!("/proposals/{id}/like"), &[("on", "0")]).await.assert_status(303);
        author.get(&edit).await.assert_status(200);
        author.post(&format!("{}/withdraw", page_of(id)), &[]).await.assert_status(303);
    }

    async fn posts_to_a_public_comment_are_shown_to_nobody_but_their_author_and_its_staff(site) {
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let theme = site.draft_theme(&mut clerk, "keikaku", "public_comment").await;
        clerk.post(&format!("/staff/consultations/{theme}/publish"), &[]).await.assert_status(303);
        let mut author = site.resident(AUTHOR).await;
        let id = site.propose(&mut author, "keikaku", BODY).await;
        let path = format!("/consultations/keikaku/proposals/{id}");
        author.get(&path).await.assert_shows(BODY);
        clerk.get(&path).await.assert_shows(BODY);
        for mut reader in [site.visitor(), site.resident("ほか").await, site.staff("他課", "文化課", Role::Clerk).await]
        {
            reader.get(&path).await.assert_status(404).assert_hides(BODY);
            reader.get("/consultations/keikaku/proposals").await.assert_status(303);
            reader.get("/consultations/keikaku").await.assert_hides(BODY);
        }
    }
}

on_both_databases! {
    async fn the_audit_log_names_who_signed_in(site) {
        site.staff("水野 さやか", "公園課", Role::Clerk).await;
        let mut auditor = site.staff("監査 太郎", "監査課", Role::Auditor).await;
        let log = auditor.get("/staff/audit?action=staff.sign_in").await;
        log.assert_shows("水野 さやか");
        log.assert_shows("監査 太郎");
    }
}
