//! Every page there is, in every language, with few statements: walks the route table, so that a new page can't be
//! forgotten.

use axum::http::Method;
use server::web::all_routes;

use crate::{
    on_both_databases,
    support::{Browser, Site},
};

/// A path of the demonstration for a route.
fn example(route: &str, receipt: &str) -> String {
    let id = match route {
        r if r.contains("/responses") || r.contains("/documents") => "2",
        _ => "1",
    };
    let slug = match route {
        r if r.contains("{responses}") || r.contains("/documents") => "digital-houshin",
        _ => "bousai-kenshou",
    };
    route
        .replace("{responses}", "responses")
        .replace("{slug}", slug)
        .replace("/documents/{id}", "/documents/1")
        .replace("{document}", "1")
        .replace("{id}", id)
        .replace("{row}", "1")
        .replace("{number}", receipt)
        .replace("{topic}", "rules")
        .replace("{tag}", "ja")
}

/// Something that looks like the key of a text that is missing, such as `proposal.title`, as the text of an element.
fn missing_key(html: &str) -> Option<&str> {
    html.split('>').filter_map(|part| part.split('<').next()).find(|text| {
        let mut halves = text.split('.');
        let word =
            |w: Option<&str>| w.is_some_and(|w| w.len() > 2 && w.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        word(halves.next()) && word(halves.next()) && halves.next().is_none()
    })
}

async fn open_all(site: &Site, mut browser: Browser, who: &str) {
    let receipt = {
        let mut admin = site.signed_in("admin@minamo.example.jp", server::demo::PASSWORD).await;
        let page = admin.get("/staff/consultations/1/proposals").await.text;
        let at = page.find("R8-").unwrap();
        page[at..at + 12].to_owned()
    };
    let mut opened = 0;
    for language in ["ja", "en"] {
        browser.language = language;
        for route in all_routes().table().iter().filter(|r| r.method == Method::GET) {
            let path = example(route.path, &receipt);
            // A copy: some pages leave a cookie.
            let (reply, statements) = site.statements(browser.clone().get(&path)).await;
            assert!(statements <= 8, "{who}: {path} takes {statements} statements");
            assert!(reply.status < 500, "{who}: {path} answers {}", reply.status);
            if reply.header("content-type").starts_with("text/html") && !path.ends_with("readyz") {
                opened += 1;
                reply.assert_shows(&format!("<html lang=\"{language}\">"));
                assert!(!reply.text.contains("%{"), "{who}: {path} in {language} has a placeholder left");
                assert_eq!(missing_key(&reply.text), None, "{who}: {path} in {language} lacks a text");
            }
        }
    }
    assert!(opened > 30, "{who} opened {opened} pages");
}

on_both_databases! {
    async fn every_page_opens_in_every_language_with_at_most_eight_statements(site) {
        let site = site.demo().await;
        open_all(&site, site.visitor(), "visitor").await;
        for who in ["resident01@example.jp", "clerk@minamo.example.jp", "admin@minamo.example.jp", "auditor@minamo.example.jp"] {
            open_all(&site, site.signed_in(who, server::demo::PASSWORD).await, who).await;
        }
    }
}

/// The nonce that the policy of an answer names.
fn nonce(reply: &crate::support::Reply) -> String {
    let policy = reply.header("content-security-policy").to_owned();
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned()
}

on_both_databases! {
    async fn visitors_share_a_page_until_something_is_written_and_never_a_nonce(site) {
        let site = site.demo().await;
        let path = "/consultations/bousai-kenshou/proposals";
        let (first, _) = site.statements(site.visitor().get(path)).await;
        let (second, statements) = site.statements(site.visitor().get(path)).await;
        assert_eq!(statements, 0, "the page is kept");
        assert_ne!(nonce(&first), nonce(&second));
        second.assert_shows(&format!("nonce=\"{}\"", nonce(&second)));
        second.assert_hides(&nonce(&first));

        let mut clerk = site.signed_in("clerk@minamo.example.jp", server::demo::PASSWORD).await;
        let author = "「おかえり」で終わる憲章";
        second.assert_shows(author);
        let at = second.text.find("id=\"proposal-").unwrap() + "id=\"proposal-".len();
        let id: String = second.text[at..].chars().take_while(char::is_ascii_digit).collect();
        let hidden = clerk.post(&format!("/staff/proposals/{id}/hide"), &[("reason", "個人情報が含まれるため")]).await;
        assert_eq!(hidden.status, 303, "{}", hidden.text);
        site.visitor().get(path).await.assert_hides(author);

        // Somebody who is signed in gets a page of their own, and visitors never get that one.
        let mut resident = site.signed_in("resident02@example.jp", server::demo::PASSWORD).await;
        resident.get(path).await.assert_shows("data-like=");
        site.visitor().get(path).await.assert_hides("data-like=");
    }
}
