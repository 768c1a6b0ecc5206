//! What a visitor reads.

use crate::on_both_databases;

on_both_databases! {
    async fn every_public_page_of_the_demonstration_opens_in_both_languages(site) {
        let site = site.demo().await;
        let pages = [
            "/",
            "/consultations",
            "/consultations?phase=open&kind=open_dialogue",
            "/consultations/bousai-kenshou",
            "/consultations/bousai-kenshou/proposals",
            "/consultations/bousai-kenshou/proposals?sort=likes&per=100",
            "/consultations/bousai-kenshou/proposals?sort=random",
            "/consultations/digital-houshin",
            "/consultations/digital-houshin/responses",
            "/consultations/digital-houshin/responses?disposition=-&chapter=1&part=2&row=1",
            "/consultations/bunka/responses",
            "/consultations/kouen",
            "/responses",
            "/responses/years/2026",
            "/responses/years/2020",
            "/receipts",
            "/about",
            "/about/rules",
            "/about/privacy",
            "/about/accessibility",
            "/account/sign-in",
            "/account/sign-up",
            "/account/reset",
        ];
        for language in ["ja", "en"] {
            let mut visitor = site.visitor();
            visitor.language = language;
            for page in pages {
                let reply = visitor.get(page).await;
                assert_eq!(reply.status, 200, "{page} {language}");
                reply.assert_shows(&format!("<html lang=\"{language}\">"));
                assert!(!reply.text.contains("%{"), "{page} {language} has a placeholder left");
            }
        }
    }

    async fn no_page_takes_more_than_eight_statements(site) {
        let site = site.demo().await;
        let mut resident = site.signed_in("resident01@example.jp", server::demo::PASSWORD).await;
        for page in [
            "/",
            "/consultations",
            "/consultations/bousai-kenshou",
            "/consultations/bousai-kenshou/proposals?per=100",
            "/consultations/bousai-kenshou/proposals/1",
            "/consultations/bousai-kenshou/proposals/new",
            "/consultations/digital-houshin/responses",
            "/consultations/digital-houshin/responses?version=1",
            "/consultations/digital-houshin/responses.csv",
            "/responses",
            "/responses/years/2026",
            "/account",
        ] {
            let (reply, statements) = site.statements(resident.get(page)).await;
            assert_eq!(reply.status, 200, "{page}");
            assert!(statements <= 8, "{page} takes {statements} statements");
        }
    }

    async fn drafts_and_scheduled_themes_do_not_exist_for_the_public(site) {
        let site = site.demo().await;
        let mut visitor = site.visitor();
        for path in ["/consultations/jitensha", "/consultations/jitensha/proposals", "/consultations/jitensha/responses"] {
            assert_eq!(visitor.get(path).await.status, 404, "{path}");
        }
        visitor.get("/consultations").await.assert_hides("jitensha");
    }
}
