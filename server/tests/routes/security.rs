//! What protects people whatever page they are on: headers, refusals, limits.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, PASSWORD, Reply, Site, hex},
};

/// A POST as a browser makes it from some page.
async fn post_from(browser: &mut Browser, path: &str, from: &[(&str, &str)], body: &str) -> Reply {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in from {
        request = request.header(*name, *value);
    }
    browser.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn ask(browser: &mut Browser, method: Method, path: &str) -> Reply {
    browser.send(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
}

async fn theme_with_post(site: &Site) -> (Browser, Browser, i64) {
    let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
    site.open_theme(&mut clerk, "kouen").await;
    let mut author = site.resident("花子").await;
    let id = site.propose(&mut author, "kouen", "ベンチがほしい").await;
    (clerk, author, id)
}

/// One source list of a policy.
fn sources<'a>(policy: &'a str, directive: &str) -> Vec<&'a str> {
    let found = policy.split("; ").find_map(|d| d.strip_prefix(directive)?.strip_prefix(' '));
    found.map(|list| list.split(' ').collect()).unwrap_or_default()
}

on_both_databases! {
    async fn what_another_site_sends_in_ones_name_is_refused(site) {
        let (_, author, id) = theme_with_post(&site).await;
        let foreign: [&[(&str, &str)]; 4] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site"), ("origin", "http://evil.machikoe.test")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
        ];
        let withdraw = format!("/consultations/kouen/proposals/{id}/withdraw");
        for from in foreign {
            for (path, body) in
                [(withdraw.as_str(), ""), ("/account/sign-out", ""), ("/account/sign-in", "email=a&password=b")]
            {
                let reply = post_from(&mut author.clone(), path, from, body).await;
                reply.assert_status(403).assert_shows("安全のため送信を止めました");
            }
            assert_eq!(post_from(&mut author.clone(), "/api/like", from, "proposal=1&on=true").await.status, 403);
        }
        assert_eq!(author.clone().get("/account").await.status, 200, "still signed in");
        assert_eq!(site.texts("SELECT state FROM proposal").await, ["published"]);
        let mut english = author.clone();
        english.language = "en";
        let reply = post_from(&mut english, &withdraw, foreign[0], "").await;
        assert_eq!(reply.status, 403);
        // A link from elsewhere is welcome, and so are this site's own forms.
        let request = Request::builder().uri("/consultations/kouen").header("sec-fetch-site", "cross-site");
        assert_eq!(author.clone().send(request.body(Body::empty()).unwrap()).await.status, 200);
        let own: [&[(&str, &str)]; 2] = [&[("sec-fetch-site", "same-origin")], &[("origin", "http://machikoe.test")]];
        for from in own {
            assert_eq!(
                post_from(&mut author.clone(), "/account/profile", from, "display_name=x&locale=ja").await.status,
                303
            );
        }
    }

    async fn scripts_run_only_by_nonce_and_only_on_pages_that_need_them(site) {
        let (mut clerk, mut author, id) = theme_with_post(&site).await;
        let mut nonces = BTreeSet::new();
        for page in
            ["/consultations/kouen/proposals", "/consultations/kouen/proposals", "/consultations/kouen/proposals/new"]
        {
            let reply = author.get(page).await;
            let policy = reply.header("content-security-policy");
            let scripts = sources(policy, "script-src");
            let nonce =
                scripts.iter().find_map(|s| s.strip_prefix("'nonce-")).unwrap().trim_end_matches('\'').to_owned();
            assert_eq!(scripts.len(), 3, "{policy}");
            assert!(scripts.contains(&"'self'") && scripts.contains(&"'wasm-unsafe-eval'"));
            for script in reply.text.split("<script").skip(1) {
                assert!(script.split('>').next().unwrap().contains(&format!("nonce=\"{nonce}\"")), "{script}");
            }
            nonces.insert(nonce);
        }
        assert_eq!(nonces.len(), 3, "a nonce is used once");
        let staff = ["/staff", "/staff/consultations/1", "/staff/consultations/1/routing", "/staff/moderation"];
        let public = ["/", "/consultations/kouen", "/responses", "/account/sign-in", "/about", "/nowhere"];
        let one = format!("/consultations/kouen/proposals/{id}");
        let mut visitor = site.visitor();
        for page in staff.into_iter().chain(public).chain([one.as_str()]) {
            let reply = if page.starts_with("/staff") { clerk.get(page).await } else { visitor.get(page).await };
            let policy = reply.header("content-security-policy");
            assert_eq!(sources(policy, "script-src"), ["'none'"], "{page}");
            assert!(!reply.text.contains("<script"), "{page}");
        }
        for page in ["/", "/consultations/kouen/proposals", "/staff", "/nowhere"] {
            let reply = clerk.get(page).await;
            let policy = reply.header("content-security-policy");
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'),
                "{policy}"
            );
            for (directive, list) in [
                ("default-src", "'none'"),
                ("style-src", "'self'"),
                ("frame-ancestors", "'none'"),
                ("base-uri", "'none'"),
                ("form-action", "'self'"),
            ] {
                assert_eq!(sources(policy, directive), [list], "{page}");
            }
            assert!(!reply.text.contains(" style=\"") && !reply.text.contains(" onclick="), "{page}");
        }
    }

    async fn every_answer_carries_the_headers_that_protect(site) {
        theme_with_post(&site).await;
        let mut visitor = site.visitor();
        for path in [
            "/",
            "/consultations/kouen",
            "/nowhere",
            "/healthz",
            "/favicon.svg",
            "/pkg/nothing.css",
            "/language/en",
            "/staff",
        ] {
            let reply = visitor.get(path).await;
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
            let policy = reply.header("content-security-policy");
            assert_eq!(sources(policy, "frame-ancestors"), ["'none'"], "{path}");
        }
    }

    async fn what_belongs_to_one_person_is_kept_by_no_cache(site) {
        let (mut clerk, mut author, id) = theme_with_post(&site).await;
        for page in [
            "/account",
            "/",
            "/consultations/kouen/proposals/new",
            &format!("/consultations/kouen/proposals/{id}"),
            "/nowhere",
        ] {
            assert_eq!(author.get(page).await.header("cache-control"), "no-store", "{page}");
        }
        for page in ["/staff", "/staff/proposals/1", "/staff/consultations/1/responses"] {
            assert_eq!(clerk.get(page).await.header("cache-control"), "no-store", "{page}");
        }
        let page = site.visitor().get("/consultations/kouen").await;
        assert_eq!(page.header("cache-control"), "private, no-cache");
        assert!(page.header("vary").contains("cookie") && page.header("vary").contains("accept-language"));
    }

    async fn refusals_are_pages_in_the_readers_language(site) {
        let (_, mut author, id) = theme_with_post(&site).await;
        let post = format!("/consultations/kouen/proposals/{id}");
        author.post(&format!("{post}/withdraw"), &[]).await.assert_status(303);
        let large = format!("body={}", "x".repeat(600 * 1024));
        let own = [("sec-fetch-site", "same-origin")];
        for (language, words) in [
            (
                "ja",
                [
                    "ページが見つかりません",
                    "この操作はできません",
                    "この投稿は取り下げられました",
                    "送信された内容が大きすぎます",
                    "ページが見つかりません",
                ],
            ),
            ("en", ["Page not found", "", "", "", ""]),
        ] {
            let mut visitor = site.visitor();
            visitor.language = language;
            let mut resident = author.clone();
            resident.set_cookie("language", language);
            let replies = [
                (404, visitor.get("/consultations/no-such").await),
                (405, ask(&mut visitor, Method::DELETE, "/consultations").await),
                (410, visitor.get(&post).await),
                (413, post_from(&mut resident, "/consultations/kouen/proposals/new", &own, &large).await),
                (404, visitor.get("/consultations/kouen/proposals/abc").await),
            ];
            for ((status, reply), words) in replies.into_iter().zip(words) {
                reply.assert_status(status).assert_shows(words);
                reply.assert_shows(&format!("<html lang=\"{language}\">"));
                reply.assert_shows("<h1>");
                reply.assert_shows("href=\"/consultations\"");
                assert!(reply.header("content-type").starts_with("text/html"), "{status}");
                assert!(!reply.text.contains("Failed to deserialize") && !reply.text.contains("panicked"), "{status}");
            }
        }
        author.get("/staff").await.assert_status(403).assert_shows("この操作はできません");
    }

    async fn addresses_that_are_no_addresses_are_refused_and_never_a_fault_of_ours(site) {
        let (mut clerk, mut author, _) = theme_with_post(&site).await;
        let huge = "99999999999999999999";
        for path in [
            "/consultations/%00",
            "/consultations/kouen/proposals?q=%00",
            "/consultations/kouen/proposals?after=%00.1&sort=likes",
            "/consultations/kouen/proposals?after=9223372036854775807.9223372036854775807",
            "/consultations/kouen/proposals?sort=random&after=-9223372036854775808.-1&seed=65535",
            "/consultations/kouen/proposals?question=-1&per=0&sort=x",
            "/consultations/kouen/proposals?q=%25_%5C%27%22",
            "/consultations/kouen/proposals?q=%FF%FE",
            &format!("/consultations/kouen/proposals/{huge}"),
            "/consultations?phase=%00&kind=%00&department=%00",
            "/consultations?department=9223372036854775807",
            "/consultations/kouen/documents/1",
            "/receipts/%00",
            "/receipts/R8-%F0%9F%98%80",
            "/receipts?number=%00",
            "/about/..%2f..%2fetc%2fpasswd",
            "/..%2f..%2fCargo.toml",
            "/pkg/..%2f..%2fCargo.toml",
            "/%2e%2e/Cargo.toml",
            "/language/xx",
            "/account/invitation?account=x&token=%00",
            "/account/confirm?email=%00&next=%00",
        ] {
            let reply = author.get(path).await;
            assert!(reply.status < 500, "{path} {}", reply.text);
            assert!(!reply.text.contains("[package]") && !reply.text.contains("root:"), "{path}");
        }
        let mut auditor = site.staff("監査", "監査課", Role::Auditor).await;
        for path in [
            "/staff/audit?action=%00",
            "/staff/audit?before=x",
            "/staff/moderation?q=%00&theme=%00",
            "/staff/consultations?phase=%00&department=%00",
            &format!("/staff/consultations/{huge}"),
        ] {
            assert!(auditor.get(path).await.status < 500, "{path}");
            assert!(clerk.get(path).await.status < 500, "{path}");
        }
        let token = "a-token-of-twenty-signs\0";
        let reply = author.post("/consultations/kouen/proposals/new", &[("body", "意見"), ("token", token)]).await;
        assert!(reply.status < 500, "{}", reply.text);
        let reply = author.post("/account/sign-in", &[("email", "a\0@example.jp"), ("password", "\0")]).await;
        assert!(reply.status < 500);
        let mut odd = site.visitor();
        odd.set_cookie("session", "%00'\"");
        odd.set_cookie("language", "../../x");
        assert_eq!(odd.get("/").await.status, 200);
    }

    async fn too_many_tries_are_stopped_with_a_word_when_to_come_back(site) {
        let site = site.reopened(|config| "on".clone_into(&mut config.rate_limits)).await;
        let fields = [("email", "hanako@example.jp"), ("password", "wrong")];
        for _ in 0..10 {
            site.visitor().post("/account/sign-in", &fields).await.assert_status(422);
        }
        let stopped = site.visitor().post("/account/sign-in", &fields).await;
        stopped.assert_status(429).assert_shows("しばらくお待ちください");
        let wait: u64 = stopped.header("retry-after").parse().unwrap();
        assert!((1..=3600).contains(&wait), "{wait}");
        // Another account from the same library is let in.
        let other = [("email", "taro@example.jp"), ("password", "wrong")];
        site.visitor().post("/account/sign-in", &other).await.assert_status(422);
        // Posting too fast hands the text back.
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.open_theme(&mut clerk, "kouen").await;
        let mut author = site.resident("花子").await;
        for n in 0..15 {
            author.post("/consultations/kouen/proposals/new", &[("body", &*n.to_string())]).await.assert_status(303);
        }
        let stopped =
            author.post("/consultations/kouen/proposals/new", &[("title", "題"), ("body", "十六番目の意見")]).await;
        stopped.assert_status(429).assert_shows("十六番目の意見");
        assert!(!stopped.header("retry-after").is_empty());
    }

    async fn only_our_own_proxies_are_believed_about_who_asks(site) {
        let site = site
            .reopened(|config| {
                "on".clone_into(&mut config.rate_limits);
                config.trusted_proxies = vec!["192.0.2.1".to_owned(), "10.0.0.0/8".to_owned()];
            })
            .await;
        site.staff("水野", "公園課", Role::Clerk).await;
        let fields = [("email", &*format!("{}@staff.example.jp", hex("水野"))), ("password", PASSWORD)];
        let told = "198.51.100.9, 203.0.113.7, 10.1.2.3";
        for (mut browser, seen) in
            [(site.visitor(), "203.0.113.7"), (site.visitor_at([198, 51, 100, 77]), "198.51.100.77")]
        {
            browser.forwarded_for = Some(told);
            browser.post("/account/sign-in", &fields).await.assert_status(303);
            let ips = site.texts("SELECT ip FROM audit_event WHERE action = 'staff.sign_in' ORDER BY id").await;
            assert_eq!(ips.last().unwrap(), seen);
        }
        // One client behind the proxy uses up its own share only; a liar outside uses up the liar's. The limits run on
        // real time, so a slow machine gets a few tries more.
        for (ip, names, shared) in [
            ([192, 0, 2, 1], ["203.0.113.1", "203.0.113.2"], false),
            ([198, 51, 100, 1], ["203.0.113.3", "203.0.113.4"], true),
        ] {
            let mut browser = site.visitor_at(ip);
            browser.forwarded_for = Some(names[0]);
            let mut tries = 1;
            while browser.get("/receipts/x").await.status == 404 {
                tries += 1;
                assert!(tries < 5000, "no limit");
            }
            assert!(tries > 300, "a library is not locked out: {tries}");
            browser.forwarded_for = Some(names[1]);
            let mut stopped = false;
            for _ in 0..3 {
                stopped |= browser.get("/receipts/x").await.status == 429;
            }
            assert_eq!(stopped, shared, "{ip:?}");
        }
    }
}
