//! Signing up, in and out; codes, sessions and passwords.

use domain::Role;

use crate::{
    on_both_databases,
    support::{Browser, DAY, HOUR, MINUTE, PASSWORD, Reply, Site, hex},
};

const EMAIL: &str = "hanako@example.jp";

async fn sign_up(browser: &mut Browser) -> Reply {
    browser.post("/account/sign-up", &[("email", EMAIL), ("display_name", "はなこ"), ("password", PASSWORD)]).await
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Reply {
    browser.post("/account/sign-in", &[("email", email), ("password", password)]).await
}

async fn confirm(browser: &mut Browser, code: &str) -> Reply {
    browser.post("/account/confirm", &[("email", EMAIL), ("code", code)]).await
}

async fn code(site: &Site) -> String {
    site.mails_to(EMAIL).await.pop().unwrap().code()
}

fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

on_both_databases! {
    async fn an_account_opens_with_the_mailed_code(site) {
        let mut browser = site.visitor();
        let reply = sign_up(&mut browser).await;
        reply.assert_status(303);
        assert!(reply.location().starts_with("/account/confirm?email=hanako%40example.jp"));
        assert!(!is_signed_in(&mut browser).await, "not before the address is confirmed");
        let code = code(&site).await;
        // As people type it: full width, with a space.
        let typed: String = code.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xFF10).unwrap()).collect();
        let reply = confirm(&mut browser, &format!(" {typed} ")).await;
        assert_eq!((reply.status, reply.location().as_str()), (303, "/account?notice=welcome"));
        browser.get("/account").await.assert_shows("はなこ");
        let reply = confirm(&mut site.visitor(), &code).await;
        reply.assert_status(422);
    }

    async fn a_code_is_void_after_ten_wrong_guesses(site) {
        let mut browser = site.visitor();
        sign_up(&mut browser).await;
        let code = code(&site).await;
        for _ in 0..10 {
            let reply = confirm(&mut browser, &another(&code)).await;
            reply.assert_status(422).assert_shows("確認コードが違うか、有効期限が切れています。");
            assert_eq!(reply.field("code"), another(&code), "what was typed stays");
        }
        confirm(&mut browser, &code).await.assert_status(422);
        assert!(!is_signed_in(&mut browser).await);
        browser.post("/account/confirm/resend", &[("email", EMAIL)]).await.assert_status(303);
        let fresh = self::code(&site).await;
        confirm(&mut browser, &fresh).await.assert_status(303);
    }

    async fn a_code_is_good_for_thirty_minutes(site) {
        let mut browser = site.visitor();
        sign_up(&mut browser).await;
        let first = code(&site).await;
        site.pass(31 * MINUTE);
        confirm(&mut browser, &first).await.assert_status(422);
        browser.post("/account/confirm/resend", &[("email", EMAIL)]).await.assert_status(303);
        let second = code(&site).await;
        confirm(&mut browser, &first).await.assert_status(422);
        site.pass(29 * MINUTE);
        confirm(&mut browser, &second).await.assert_status(303);
    }

    async fn a_code_is_good_only_in_the_browser_that_signed_up(site) {
        // Somebody signs up with a foreign address and hopes that its owner confirms.
        let mut stranger = site.visitor();
        sign_up(&mut stranger).await;
        let code = code(&site).await;
        let mut owner = site.visitor();
        confirm(&mut owner, &code).await.assert_status(422);
        assert!(!is_signed_in(&mut owner).await && !is_signed_in(&mut stranger).await);
        // The owner's own sign-up makes the stranger's password and codes worthless.
        let own = "bashi no ue no sakura";
        let fields = [("email", EMAIL), ("display_name", "持ち主"), ("password", own)];
        owner.post("/account/sign-up", &fields).await.assert_status(303);
        let code = self::code(&site).await;
        confirm(&mut stranger, &code).await.assert_status(422);
        confirm(&mut owner, &code).await.assert_status(303);
        sign_in(&mut site.visitor(), EMAIL, PASSWORD).await.assert_status(422);
        sign_in(&mut site.visitor(), EMAIL, own).await.assert_status(303);
    }

    async fn signing_up_with_a_known_address_tells_nothing_and_writes_to_its_owner(site) {
        let mut owner = site.visitor();
        let first = sign_up(&mut owner).await;
        let code = code(&site).await;
        confirm(&mut owner, &code).await;
        let mut stranger = site.visitor();
        let again = sign_up(&mut stranger).await;
        assert_eq!((first.status, first.location()), (again.status, again.location()));
        let pages = (stranger.get(&again.location()).await, site.visitor().get(&first.location()).await);
        assert_eq!(pages.0.text, pages.1.text);
        let mails = site.mails_to(EMAIL).await;
        assert!(mails.last().unwrap().text.contains("すでに登録されています"), "{mails:?}");
        assert!(is_signed_in(&mut owner).await, "nothing happens to the account");
        stranger.post("/account/confirm/resend", &[("email", EMAIL)]).await.assert_status(303);
        assert_eq!(site.mails_to(EMAIL).await.len(), mails.len(), "no code goes to a confirmed address");
    }

    async fn a_sign_up_form_sent_twice_at_once_makes_one_account(site) {
        site.slow("account").await;
        let clicks = (0..3).map(|_| async {
            let mut browser = site.visitor();
            sign_up(&mut browser).await
        });
        for reply in futures::future::join_all(clicks).await {
            reply.assert_status(303);
        }
        assert_eq!(site.number("SELECT COUNT(*) FROM account").await, 1);
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_alike(site) {
        site.resident("はなこ").await;
        let known = format!("{}@example.jp", hex("はなこ"));
        let wrong = sign_in(&mut site.visitor(), &known, "not the password").await;
        let unknown = sign_in(&mut site.visitor(), "unknown@example.jp", "not the password").await;
        wrong.assert_status(422).assert_shows("メールアドレスまたはパスワードが違います。");
        unknown.assert_status(422);
        assert_eq!(wrong.text.replace(&known, "@"), unknown.text.replace("unknown@example.jp", "@"));
        wrong.assert_hides("not the password");
        assert_eq!(wrong.field("email"), known);
        let long = sign_in(&mut site.visitor(), &known, &"あ".repeat(5000)).await;
        long.assert_status(422);
        sign_in(&mut site.visitor(), &known.to_uppercase(), PASSWORD).await.assert_status(303);
    }

    async fn disabled_and_unconfirmed_accounts_cant_sign_in(site) {
        let mut browser = site.visitor();
        sign_up(&mut browser).await;
        let mut elsewhere = site.visitor();
        let reply = sign_in(&mut elsewhere, EMAIL, PASSWORD).await;
        assert!(reply.location().starts_with("/account/confirm"), "{}", reply.location());
        assert!(!is_signed_in(&mut elsewhere).await);
        let code = code(&site).await;
        confirm(&mut elsewhere, &code).await.assert_status(303);
        site.sql("UPDATE account SET disabled_at = 1").await;
        assert!(!is_signed_in(&mut elsewhere).await, "open sessions end too");
        let refused = sign_in(&mut site.visitor(), EMAIL, PASSWORD).await;
        refused.assert_status(422).assert_shows("メールアドレスまたはパスワードが違います。");
        let before = site.mails_to(EMAIL).await.len();
        site.visitor().post("/account/reset", &[("email", EMAIL)]).await.assert_status(303);
        assert_eq!(site.mails_to(EMAIL).await.len(), before, "no way in by a new password");
    }

    async fn every_sign_in_makes_a_new_session_and_ends_the_old_one(site) {
        let mut browser = site.resident("はなこ").await;
        let email = format!("{}@example.jp", hex("はなこ"));
        let old = browser.cookie("session").unwrap().to_owned();
        sign_in(&mut browser, &email, PASSWORD).await.assert_status(303);
        let new = browser.cookie("session").unwrap().to_owned();
        assert_ne!(old, new);
        assert!(is_signed_in(&mut browser).await);
        let mut thief = site.visitor();
        thief.set_cookie("session", &old);
        assert!(!is_signed_in(&mut thief).await);
        // The token itself is nowhere in the database.
        assert_eq!(site.number(&format!("SELECT COUNT(*) FROM session WHERE token_hash = '{new}'")).await, 0);
        let mut copy = browser.clone();
        browser.post("/account/sign-out", &[]).await.assert_status(303);
        assert!(browser.cookie("session").is_none());
        assert!(!is_signed_in(&mut copy).await, "the session is over on the server, not only in the browser");
    }

    async fn signing_out_everywhere_ends_all_browsers(site) {
        let mut here = site.resident("はなこ").await;
        let email = format!("{}@example.jp", hex("はなこ"));
        let mut there = site.signed_in(&email, PASSWORD).await;
        let mut neighbour = site.resident("となり").await;
        assert!(is_signed_in(&mut there).await);
        here.post("/account/sign-out-everywhere", &[]).await.assert_status(303);
        assert!(!is_signed_in(&mut here).await && !is_signed_in(&mut there).await);
        assert!(is_signed_in(&mut neighbour).await);
    }

    async fn sessions_end_when_they_are_idle_or_old(site) {
        let mut resident = site.resident("はなこ").await;
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        site.pass(2 * HOUR - 1);
        assert_eq!(clerk.get("/staff").await.status, 200);
        site.pass(2 * HOUR - 1);
        assert_eq!(clerk.get("/staff").await.status, 200, "use keeps it alive");
        site.pass(2 * HOUR);
        let gone = clerk.get("/staff").await;
        assert_eq!(gone.location(), "/account/sign-in?next=/staff", "two hours idle");
        let mut clerk = site.signed_in(&format!("{}@staff.example.jp", hex("水野")), PASSWORD).await;
        for _ in 0..11 {
            site.pass(HOUR);
            assert_eq!(clerk.get("/staff").await.status, 200);
        }
        site.pass(HOUR);
        assert_eq!(clerk.get("/staff").await.status, 303, "twelve hours in all");
        for days in [29, 29, 29, 29, 29, 29] {
            site.pass(days * DAY);
            assert!(is_signed_in(&mut resident).await);
        }
        site.pass(6 * DAY);
        assert!(!is_signed_in(&mut resident).await, "half a year in all");
        let mut resident = site.signed_in(&format!("{}@example.jp", hex("はなこ")), PASSWORD).await;
        site.pass(30 * DAY);
        assert!(!is_signed_in(&mut resident).await, "thirty days idle");
    }

    async fn a_new_password_ends_all_sessions_and_is_told_by_mail(site) {
        let mut here = site.resident("はなこ").await;
        let email = format!("{}@example.jp", hex("はなこ"));
        let mut forgetful = site.visitor();
        let asked = forgetful.post("/account/reset", &[("email", &email)]).await;
        let unknown = site.visitor().post("/account/reset", &[("email", "unknown@example.jp")]).await;
        assert_eq!((asked.status, unknown.status), (303, 303), "the page tells nothing");
        assert!(unknown.location().starts_with("/account/reset/confirm?email="));
        let code = site.mails_to(&email).await.pop().unwrap().code();
        let weak = [("email", email.as_str()), ("code", &code), ("password", "password2026")];
        forgetful.post("/account/reset/confirm", &weak).await.assert_status(422);
        let new = "atarashii hashi 2026";
        let good = [("email", email.as_str()), ("code", &code), ("password", new)];
        let done = forgetful.post("/account/reset/confirm", &good).await;
        done.assert_status(303);
        assert!(is_signed_in(&mut forgetful).await && !is_signed_in(&mut here).await);
        assert!(site.mails_to(&email).await.pop().unwrap().subject.contains("パスワードを変更しました"));
        sign_in(&mut site.visitor(), &email, PASSWORD).await.assert_status(422);
        sign_in(&mut site.visitor(), &email, new).await.assert_status(303);
        site.visitor().post("/account/reset/confirm", &good).await.assert_status(422);
    }

    async fn a_reset_code_dies_of_time_and_of_guessing(site) {
        site.resident("はなこ").await;
        let email = format!("{}@example.jp", hex("はなこ"));
        let mut browser = site.visitor();
        for spoil in ["time", "guesses"] {
            browser.post("/account/reset", &[("email", &email)]).await.assert_status(303);
            let code = site.mails_to(&email).await.pop().unwrap().code();
            let mut tries = vec![code.clone()];
            if spoil == "time" {
                site.pass(30 * MINUTE);
            } else {
                tries.splice(0..0, vec![another(&code); 10]);
            }
            for typed in tries {
                let fields = [("email", email.as_str()), ("code", &typed), ("password", "atarashii hashi 2026")];
                browser.post("/account/reset/confirm", &fields).await.assert_status(422);
            }
        }
        sign_in(&mut site.visitor(), &email, PASSWORD).await.assert_status(303);
    }

    async fn cookies_are_bound_to_https_where_the_site_is_https(site) {
        let https = |config: &mut server::config::Config| {
            config.base_url = Some("https://machikoe.test".to_owned());
            config.smtp_url = Some("smtp://127.0.0.1:1".to_owned());
        };
        let plain = site.visitor().get("/").await;
        assert_eq!(plain.header("strict-transport-security"), "");
        let site = site.reopened(https).await;
        let email = format!("{}@staff.example.jp", hex("水野"));
        let mut clerk = site.staff("水野", "公園課", Role::Clerk).await;
        let reply = sign_in(&mut clerk, &email, PASSWORD).await;
        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("__Host-session="), "{cookie}");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.split("; ").any(|p| p == part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Domain"));
        let page = clerk.get("/staff").await;
        assert_eq!(page.status, 200);
        assert!(page.header("strict-transport-security").starts_with("max-age=31536000"));
        let mut crossing = site.visitor();
        crossing.set_cookie("session", clerk.cookie("__Host-session").unwrap());
        assert!(!is_signed_in(&mut crossing).await, "the unprotected name opens nothing");
        clerk.post("/account/sign-out", &[]).await.assert_status(303);
        assert!(clerk.cookie("__Host-session").is_none());
    }

    async fn the_way_on_never_leaves_the_site(site) {
        site.resident("はなこ").await;
        let email = format!("{}@example.jp", hex("はなこ"));
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "evil",
        ] {
            let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", bad)];
            let mut browser = site.visitor();
            let reply = browser.post("/account/sign-in", &fields).await;
            assert_eq!((reply.status, reply.location().as_str()), (303, "/account"), "{bad:?}");
            let next = app::shell::percent(bad);
            let reply = browser.get(&format!("/account/sign-in?next={next}")).await;
            assert_eq!(reply.location(), "/account", "{bad:?}");
            let reply = browser.get(&format!("/language/en?next={next}")).await;
            assert_eq!(reply.location(), "/", "{bad:?}");
        }
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "/consultations?phase=open")];
        let reply = site.visitor().post("/account/sign-in", &fields).await;
        assert_eq!(reply.location(), "/consultations?phase=open");
        let reply = site.visitor().get("/staff/audit?action=a%26b").await;
        assert_eq!(reply.location(), "/account/sign-in?next=/staff/audit%3Faction%3Da%2526b");
    }

    async fn what_is_wrong_with_a_sign_up_is_said_beside_its_field_and_the_rest_is_kept(site) {
        let fields = [("email", "hanako"), ("display_name", "はなこ👩‍🦽"), ("password", "kurz")];
        let reply = site.visitor().post("/account/sign-up", &fields).await;
        reply.assert_status(422).assert_shows("id=\"e-email\"");
        reply.assert_shows("id=\"e-password\"");
        reply.assert_shows("href=\"#f-email\"");
        assert_eq!((reply.field("email"), reply.field("display_name")), ("hanako".to_owned(), "はなこ👩‍🦽".to_owned()));
        reply.assert_hides("kurz");
    }
}
