//! What all requests share.

use std::{ops::Deref, sync::Arc};

use domain::ward::Ward;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use tokio::sync::Notify;

use crate::{
    clock::Clock, config::Config, database::Database, files::FileStore, limits::Limits, password::Hasher,
    rendering::Renderer, secret::Seal, web::layers::SharedPages,
};

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Inner {
    /// The settings.
    pub config: Config,
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Clock,
    /// The ward.
    pub ward: Arc<Ward>,
    /// The installation's secret.
    pub seal: Seal,
    /// The public address.
    pub base_url: Arc<str>,
    /// Passwords.
    pub hasher: Hasher,
    /// Rate limits.
    pub limits: Limits,
    /// Uploaded files.
    pub files: FileStore,
    /// What was made of published versions and is kept.
    pub renditions: FileStore,
    /// Makes PDFs.
    pub renderer: Renderer,
    /// How the islands are built and served.
    pub leptos: LeptosOptions,
    /// Pages that are the same for every visitor.
    pub shared_pages: SharedPages,
    /// Rung when a mail was put into the outbox.
    pub mail_bell: Notify,
    /// Proxies whose word about the client's address is believed.
    pub proxies: Vec<IpNet>,
}

/// What all requests share.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Puts the application together. Reads the ward from the database.
    ///
    /// # Errors
    /// When the database is away or a setting is wrong.
    pub async fn new(config: Config, database: Database, clock: Clock) -> anyhow::Result<Self> {
        let ward = crate::repository::setting::ward(database.reader()).await?;
        let seal = crate::repository::setting::seal(database.reader()).await?;
        let proxies = config.proxies()?;
        let leptos = LeptosOptions::builder()
            .output_name("machikoe")
            .site_root(config.site_root.display().to_string())
            .site_pkg_dir("pkg")
            .site_addr(config.addr)
            .build();
        Ok(Self(Arc::new(Inner {
            base_url: config.base_url().into(),
            files: FileStore::new(config.data_dir.join("files")),
            renditions: FileStore::new(config.data_dir.join("renditions")),
            renderer: Renderer::new(&config)?,
            limits: Limits::new(config.rate_limits == "on"),
            hasher: Hasher::new(),
            shared_pages: SharedPages::default(),
            mail_bell: Notify::new(),
            ward: Arc::new(ward),
            seal,
            config,
            database,
            clock,
            leptos,
            proxies,
        })))
    }
}
