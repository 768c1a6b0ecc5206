//! Mail through a real conversation with a mail server: delivered once, given up only when it is hopeless, never lost.

use server::mail::{transport::Transport, worker};

use crate::{
    on_both_databases,
    support::{
        DAY, HOUR, MINUTE, Site,
        smtp::{Mood, Smtp},
    },
};

/// A site that sends through the server, with one mail waiting.
async fn waiting(site: Site, smtp: &Smtp) -> Site {
    let url = smtp.url();
    let site = site.reopened(|config| config.smtp_url = Some(url)).await;
    sign_up(&site, "hanako@example.jp").await;
    site
}

async fn sign_up(site: &Site, email: &str) {
    let fields = [("email", email), ("display_name", "花子"), ("password", crate::support::PASSWORD)];
    site.visitor().post("/account/sign-up", &fields).await.assert_status(303);
}

async fn state(site: &Site) -> (i64, i64, i64) {
    let count = |column: &'static str| async move {
        site.number(&format!("SELECT COUNT(*) FROM mail WHERE {column} IS NOT NULL")).await
    };
    (
        count("sent_at").await,
        count("failed_at").await,
        site.number("SELECT CAST(SUM(attempts) AS BIGINT) FROM mail").await,
    )
}

/// The value of a header.
fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    mail.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name} in {mail}"))
}

on_both_databases! {
    async fn a_mail_is_delivered_once_under_an_identity_of_its_own(site) {
        let smtp = Smtp::start(Mood::Takes);
        let site = waiting(site, &smtp).await;
        sign_up(&site, "taro@example.jp").await;
        assert_eq!(site.deliver().await, 2);
        assert_eq!(site.deliver().await, 0);
        site.pass(DAY);
        assert_eq!(site.deliver().await, 0);
        let taken = smtp.taken();
        assert_eq!(taken.len(), 2);
        assert_ne!(header(&taken[0], "Message-ID: "), header(&taken[1], "Message-ID: "));
        assert!(header(&taken[0], "Message-ID: ").ends_with("@machikoe.test>"));
        assert_eq!(header(&taken[0], "To: "), "hanako@example.jp");
        assert_eq!(header(&taken[0], "From: "), "machikoe@example.jp");
        assert!(header(&taken[0], "Date: ").starts_with("Sat, 21 Nov 2026 03:00:00"));
        // The code is not kept once it is on its way.
        assert_eq!(site.texts("SELECT body FROM mail").await, ["", ""]);
    }

    async fn a_recipient_that_does_not_exist_is_given_up(site) {
        let smtp = Smtp::start(Mood::RefusesRecipient);
        let site = waiting(site, &smtp).await;
        assert_eq!(site.deliver().await, 1);
        assert_eq!(state(&site).await, (0, 1, 1));
        smtp.set(Mood::Takes);
        site.pass(DAY);
        assert_eq!(site.deliver().await, 0);
        assert!(smtp.taken().is_empty());
        assert!(site.texts("SELECT last_error FROM mail").await[0].contains("550"));
    }

    async fn a_busy_server_is_asked_again_with_growing_pauses(site) {
        let smtp = Smtp::start(Mood::Busy);
        let site = waiting(site, &smtp).await;
        let mut asked = Vec::new();
        for minute in 0..10 {
            if site.deliver().await > 0 {
                asked.push(minute);
            }
            site.pass(MINUTE);
        }
        assert_eq!(asked, [0, 1, 2, 4, 8], "half a minute, one, two, four");
        assert_eq!(smtp.asked(), 5);
        smtp.set(Mood::Takes);
        site.pass(HOUR);
        assert_eq!(site.deliver().await, 1);
        site.pass(HOUR);
        assert_eq!(site.deliver().await, 0);
        assert_eq!((smtp.taken().len(), state(&site).await), (1, (1, 0, 5)));
    }

    async fn a_server_that_is_down_loses_nothing(site) {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = format!("smtp://{nobody}");
        let site = site.reopened(|config| config.smtp_url = Some(url)).await;
        sign_up(&site, "hanako@example.jp").await;
        assert_eq!(site.deliver().await, 1);
        assert_eq!(state(&site).await, (0, 0, 1));
        // The server is back under another address, and the site was started anew.
        let smtp = Smtp::start(Mood::Takes);
        let later = site.clock.now() + HOUR;
        let url = smtp.url();
        let site = site.reopened(|config| config.smtp_url = Some(url)).await;
        site.clock.set(later);
        assert_eq!(site.deliver().await, 1);
        assert_eq!((smtp.taken().len(), state(&site).await), (1, (1, 0, 1)));
    }

    async fn a_server_that_refuses_us_is_no_reason_to_give_a_mail_up(site) {
        // A wrong password or a blocked address is repaired within a day; the mails must still be there.
        let smtp = Smtp::start(Mood::RefusesEverybody);
        let site = waiting(site, &smtp).await;
        assert_eq!(site.deliver().await, 1);
        assert_eq!(state(&site).await, (0, 0, 1));
        smtp.set(Mood::HangsUp);
        site.pass(HOUR);
        assert_eq!(site.deliver().await, 1);
        assert_eq!(state(&site).await, (0, 0, 2));
        smtp.set(Mood::Takes);
        site.pass(DAY);
        assert_eq!(site.deliver().await, 1);
        assert_eq!((smtp.taken().len(), state(&site).await), (1, (1, 0, 2)));
    }

    async fn a_mail_is_given_up_after_two_days(site) {
        let smtp = Smtp::start(Mood::Busy);
        let site = waiting(site, &smtp).await;
        let mut tried = 0;
        for _ in 0..20 {
            tried += site.deliver().await;
            site.pass(6 * HOUR);
        }
        assert_eq!((tried, state(&site).await), (16, (0, 1, 16)));
    }

    async fn two_workers_deliver_every_mail_once(site) {
        let smtp = Smtp::start(Mood::Takes);
        let site = waiting(site, &smtp).await;
        for n in 0..8 {
            sign_up(&site, &format!("taro{n}@example.jp")).await;
        }
        site.slow("mail").await;
        let (one, two) = (Transport::new(&site.app.config).unwrap(), Transport::new(&site.app.config).unwrap());
        let (a, b) = tokio::join!(worker::deliver(&site.app, &one), worker::deliver(&site.app, &two));
        assert_eq!(a.unwrap() + b.unwrap(), 9);
        let mut ids: Vec<String> = smtp.taken().iter().map(|m| header(m, "Message-ID: ").to_owned()).collect();
        assert_eq!(ids.len(), 9);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 9);
        assert_eq!(state(&site).await, (9, 0, 0));
    }

    async fn a_worker_that_died_in_the_middle_leaves_its_mail_to_the_next(site) {
        let smtp = Smtp::start(Mood::Takes);
        let site = waiting(site, &smtp).await;
        let until = site.clock.now() + 2 * MINUTE;
        site.sql(&format!("UPDATE mail SET locked_until = {until}")).await;
        assert_eq!(site.deliver().await, 0);
        site.pass(2 * MINUTE + 1);
        assert_eq!(site.deliver().await, 1);
        assert_eq!(smtp.taken().len(), 1);
    }
}
