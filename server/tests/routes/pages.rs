//! Every page there is, in every language, with few statements: walks the route table, so that a new page can't be
//! forgotten.

use axum::http::Method;
use server::web::all_routes;

use crate::{
    on_both_databases,
    support::{Browser, Site},
};

/// What there is in the demonstration to open.
struct Facts {
    receipt: String,
    /// Of the running public comment: the theme, its draft and a version of it, a letter with a scan, a group.
    comment: i64,
    document: i64,
    version: i64,
    letter: i64,
    scan: i64,
    group: i64,
    /// Of the theme whose answers are being written: the theme, a row with opinions, a submission, a change of the draft.
    desk: i64,
    row: i64,
    answered: i64,
    change: i64,
    /// Of the published public comment: what was decided, and a promise.
    approval: i64,
    promise: i64,
}

impl Facts {
    async fn of(site: &Site) -> Self {
        let comment = site.number("SELECT id FROM consultation WHERE slug = 'hinan-shien'").await;
        let number = |query: &str| query.replace("@theme", &comment.to_string());
        let desk = site.number("SELECT id FROM consultation WHERE slug = 'midori-keikaku'").await;
        let desk = |query: &str| query.replace("@desk", &desk.to_string());
        let scan = "SELECT a.id FROM attachment a JOIN proposal p ON p.id = a.proposal_id \
                    WHERE a.kind = 'scan' AND p.consultation_id = @theme LIMIT 1";
        let scan = site.number(&number(scan)).await;
        let receipt = "SELECT receipt_number FROM proposal WHERE consultation_id = 1 ORDER BY id LIMIT 1";
        Self {
            receipt: site.texts(receipt).await.remove(0),
            comment,
            document: site.number(&number("SELECT MIN(id) FROM document WHERE consultation_id = @theme")).await,
            version: site
                .number(&number(
                    "SELECT MAX(v.id) FROM document_version v JOIN document d ON d.id = v.document_id \
                     WHERE d.consultation_id = @theme",
                ))
                .await,
            letter: site.number(&format!("SELECT proposal_id FROM attachment WHERE id = {scan}")).await,
            scan,
            group: site
                .number(&number("SELECT id FROM text_group WHERE consultation_id = @theme ORDER BY size DESC LIMIT 1"))
                .await,
            desk: site.number(&desk("SELECT id FROM consultation WHERE id = @desk")).await,
            row: site.number(&desk("SELECT MIN(id) FROM summary WHERE consultation_id = @desk")).await,
            answered: site.number(&desk("SELECT MIN(id) FROM proposal WHERE consultation_id = @desk")).await,
            change: site.number(&desk("SELECT MIN(id) FROM plan_change WHERE consultation_id = @desk")).await,
            approval: site.number("SELECT MAX(id) FROM approval WHERE consultation_id = 2").await,
            promise: site.number("SELECT MIN(id) FROM commitment WHERE consultation_id = 2").await,
        }
    }

    /// A path of the demonstration for a route.
    fn example(&self, route: &str) -> String {
        let comments = [
            "/documents",
            "/draft",
            "/paper-form",
            "/qr.svg",
            "/confirm",
            "/intake",
            "/entry",
            "/import",
            "/groups",
            "/identities",
            "/poster",
            "/extension",
            "/scans",
            "/attachments",
        ];
        let comment = comments.iter().any(|part| route.contains(part)) && !route.contains("/preview/cover");
        let desk = ["/responses", "/routing", "/plan-changes", "/outputs", "/layout"];
        let id = match route {
            r if r.starts_with("/staff/proposals") && comment => self.letter,
            _ if comment => self.comment,
            r if r.starts_with("/staff/consultations") && (r.contains("/approval") || r.contains("/commitments")) => 2,
            r if r.starts_with("/staff/consultations") && desk.iter().any(|part| r.contains(part)) => self.desk,
            _ => 1,
        };
        let slug = match route {
            r if r.contains("{responses}") || r.contains("/commitments") => "digital-houshin",
            _ if comment => "hinan-shien",
            _ => "bousai-kenshou",
        };
        let (document, version) = (self.document.to_string(), self.version.to_string());
        route
            .replace("{responses}", "responses")
            .replace("{slug}", slug)
            .replace("/documents/{id}", &format!("/documents/{document}"))
            .replace("{document}", &document)
            .replace("{version}", &version)
            .replace("{group}", &self.group.to_string())
            .replace("{attachment}", &self.scan.to_string())
            .replace("{import}", "1")
            .replace("{scan}", "1.x")
            .replace("{id}", &id.to_string())
            .replace("{row}", &self.row.to_string())
            .replace("{proposal}", &self.answered.to_string())
            .replace("{change}", &self.change.to_string())
            .replace("{approval}", &self.approval.to_string())
            .replace("{commitment}", &self.promise.to_string())
            .replace("{file}", "package.zip")
            .replace("{year}", "2026")
            .replace("{number}", &self.receipt)
            .replace("{topic}", "rules")
            .replace("{tag}", "ja")
    }
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
    let facts = Facts::of(site).await;
    let mut opened = 0;
    for language in ["ja", "en"] {
        browser.language = language;
        for route in all_routes().table().iter().filter(|r| r.method == Method::GET) {
            let path = facts.example(route.path);
            // A copy: some pages leave a cookie.
            let (reply, statements) = site.statements(browser.clone().get(&path)).await;
            // What is put together from the whole desk needs a few more.
            let most = if path.ends_with("/outputs") { 10 } else { 8 };
            assert!(statements <= most, "{who}: {path} takes {statements} statements");
            assert!(reply.status < 500, "{who}: {path} answers {}", reply.status);
            if reply.header("content-type").starts_with("text/html") && !path.ends_with("readyz") {
                opened += 1;
                reply.assert_shows(&format!("<html lang=\"{language}\">"));
                assert!(!reply.text.contains("%{"), "{who}: {path} in {language} has a placeholder left");
                assert_eq!(missing_key(&reply.text), None, "{who}: {path} in {language} lacks a text");
            }
        }
    }
    assert!(opened > 40, "{who} opened {opened} pages");
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
