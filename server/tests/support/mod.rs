//! What every route test stands on: the real router, a real database of its own, a clock that stands still, and
//! browsers that keep cookies.

pub mod browser;
pub mod databases;
pub mod desk;
pub mod facts;
pub mod html;
pub mod mailbox;
pub mod process;
pub mod smtp;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::Router;
use domain::{Millis, Role, wareki};
use server::{
    clock::Clock,
    config::Config,
    ctx::Ctx,
    database::Database,
    demo,
    mail::{transport::Transport, worker},
    service,
    state::App,
    web,
};

pub use browser::{Browser, Reply};
pub use databases::Backend;

/// A day in milliseconds.
pub const DAY: Millis = 86_400_000;
/// An hour in milliseconds.
pub const HOUR: Millis = 3_600_000;
/// A minute in milliseconds.
pub const MINUTE: Millis = 60_000;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "kawabe no sakura 2026";

/// Noon in Japan on Saturday, 21 November 2026: when every test starts.
pub fn noon() -> Millis {
    wareki::start_of_day_ms(wareki::parse("2026-11-21").unwrap()) + 12 * 3_600_000
}

/// Runs a test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($site:ident) $body:block)+) => {$(
        $(#[$doc])*
        async fn $name($site: $crate::support::Site) $body

        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::support::Site::new($crate::support::Backend::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$name($crate::support::Site::new($crate::support::Backend::Postgres).await).await;
            }
        }
    )+};
}

/// A site under test.
pub struct Site {
    /// The application.
    pub app: App,
    /// Its clock: set it to make time pass.
    pub clock: Clock,
    router: Router,
    statements: Arc<AtomicUsize>,
    transport: Transport,
    directory: tempfile::TempDir,
}

impl Site {
    /// An empty site.
    pub async fn new(backend: Backend) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = databases::fresh(backend, directory.path()).await;
        Self::open(&url, directory, |_| ()).await
    }

    /// A site on an existing database, with settings of its own.
    pub async fn open(url: &str, directory: tempfile::TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(url, directory.path().to_owned());
        change(&mut config);
        config.check().unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let mut database = Database::connect(url).await.unwrap();
        let counter = statements.clone();
        database.on_statement(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let clock = Clock::fixed(noon());
        let _ = any_spawner::Executor::init_tokio();
        let transport = Transport::new(&config).unwrap();
        let app = App::new(config, database, clock.clone()).await.unwrap();
        Self { router: web::router(&app), app, clock, statements, transport, directory }
    }

    /// A site with the demonstration loaded.
    pub async fn demo(self) -> Self {
        demo::load(&self.app.config, self.app.database.clone(), self.clock.clone()).await.unwrap();
        let url = self.app.config.database_url();
        let directory = self.directory;
        Self::open(&url, directory, |_| ()).await
    }

    /// A browser that has never been here.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone(), SocketAddr::from(([192, 0, 2, 1], 40_000)))
    }

    /// A resident who has signed up and confirmed the address, as people do it.
    pub async fn resident(&self, name: &str) -> Browser {
        let mut browser = self.visitor();
        let email = format!("{}@example.jp", hex(name));
        let reply = browser
            .post("/account/sign-up", &[("email", &email), ("display_name", name), ("password", PASSWORD)])
            .await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let code = self.mails_to(&email).await.pop().unwrap().code();
        let reply = browser.post("/account/confirm", &[("email", &email), ("code", &code)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        browser
    }

    /// A member of staff who has signed in.
    pub async fn staff(&self, name: &str, department: &str, role: Role) -> Browser {
        let email = format!("{}@staff.example.jp", hex(name));
        let new = service::account::NewStaff {
            email: email.clone(),
            name: name.to_owned(),
            department: department.to_owned(),
            role,
            password: Some(PASSWORD.to_owned()),
        };
        service::account::add_staff(&Ctx::system(&self.app), &new).await.unwrap();
        self.signed_in(&email, PASSWORD).await
    }

    /// A browser after signing in.
    pub async fn signed_in(&self, email: &str, password: &str) -> Browser {
        let mut browser = self.visitor();
        let reply = browser.post("/account/sign-in", &[("email", email), ("password", password)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        browser
    }

    /// A published open dialogue without questions, open from yesterday to in ten days; gives its id.
    pub async fn open_theme(&self, staff: &mut Browser, slug: &str) -> i64 {
        let id = self.draft_theme(staff, slug, "open_dialogue").await;
        let reply = staff.post(&format!("/staff/consultations/{id}/publish"), &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        id
    }

    /// A draft; gives its id.
    pub async fn draft_theme(&self, staff: &mut Browser, slug: &str, kind: &str) -> i64 {
        let today = wareki::date_of(self.clock.now());
        let day = |n: i64| (today + chrono::TimeDelta::days(n)).to_string();
        let department = staff.get("/staff/consultations/new").await.selected_or_first_option("department");
        let reply = staff
            .post(
                "/staff/consultations/new",
                &[
                    ("title", "みんなの公園をつくろう"),
                    ("slug", slug),
                    ("kind", kind),
                    ("department", &department),
                    ("summary", "公園の使い方について、ご意見をお聞かせください。"),
                    ("body", "## 背景\n\n公園の改修を計画しています。"),
                    ("methods", "本サイト、郵送、持参、FAX"),
                    ("opens_on", &day(-1)),
                    ("closes_on", &day(10)),
                    ("preset", "six-marks"),
                    // Twelve days are fewer than any 要綱 asks for.
                    ("rules_reason", "早急に決める必要があるため"),
                ],
            )
            .await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let location = reply.location();
        let path = location.split('?').next().unwrap();
        path.split('/').find_map(|part| part.parse().ok()).unwrap_or_else(|| panic!("no id in {location}"))
    }

    /// Posts an opinion to a theme of either kind; gives the proposal's id.
    pub async fn propose(&self, browser: &mut Browser, slug: &str, body: &str) -> i64 {
        let form = browser.get(&format!("/consultations/{slug}/proposals/new")).await;
        if form.text.contains("name=\"text1\"") {
            let receipt = self.submit(browser, slug, &[("text1", body), ("eligibility", "resident")]).await;
            let number = receipt.trim_start_matches("/receipts/").split('?').next().unwrap();
            return self.number(&format!("SELECT id FROM proposal WHERE receipt_number = '{number}'")).await;
        }
        let token = form.value_of("token");
        let reply =
            browser.post(&format!("/consultations/{slug}/proposals/new"), &[("body", body), ("token", &token)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let location = reply.location();
        location.split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Sends an opinion to a public comment in its three steps; gives the receipt's path with its key.
    pub async fn submit(&self, browser: &mut Browser, slug: &str, fields: &[(&str, &str)]) -> String {
        let base = format!("/consultations/{slug}/proposals");
        let form = browser.get(&format!("{base}/new")).await.value_of("form");
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("form", form.as_str())]).collect();
        let reply = browser.post(&format!("{base}/new"), &fields).await;
        assert_eq!((reply.status, reply.location()), (303, format!("{base}/confirm")), "{}", reply.text);
        let page = browser.get(&format!("{base}/confirm")).await;
        let seen = page.value_of("seen");
        let reply = browser.post(&format!("{base}/send"), &[("form", &form), ("seen", &seen)]).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        let location = reply.location();
        location.strip_suffix("&notice=sent").unwrap_or_else(|| panic!("sent to {location}")).to_owned()
    }

    /// Sends what is in the outbox, and gives all mails to an address, the oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<mailbox::Mail> {
        while worker::deliver(&self.app, &self.transport).await.unwrap() > 0 {}
        mailbox::read(&self.directory.path().join("outbox"), address)
    }

    /// How many SQL statements `work` takes.
    pub async fn statements<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let before = self.statements.load(Ordering::SeqCst);
        let done = work.await;
        (done, self.statements.load(Ordering::SeqCst) - before)
    }
}

/// Settings for a test.
pub fn config(url: &str, data_dir: PathBuf) -> Config {
    Config {
        scan_command: None,
        database_url: Some(url.to_owned()),
        data_dir,
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        base_url: Some("http://machikoe.test".to_owned()),
        smtp_url: None,
        mail_from: "machikoe@example.jp".to_owned(),
        trusted_proxies: vec![],
        rate_limits: "off".to_owned(),
        font_dir: None,
        pdf_seconds: 120,
        pdf_memory_mib: 2048,
        pdf_program: Some(env!("CARGO_BIN_EXE_machikoe").into()),
        site_root: "../public".into(),
    }
}

/// A name as the local part of an address.
pub fn hex(name: &str) -> String {
    server::secret::hex(name.as_bytes())
}

/// A picture of one colour.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgba8(width, height).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}
