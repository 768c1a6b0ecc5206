//! Settings from the environment and the command line. A wrong one stops the start with one clear line.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use ipnet::IpNet;

/// Everything that is set from outside.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Database address, `sqlite://…` or `postgres://…`; default: a SQLite file in the data directory.
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,

    /// Directory of the database, uploaded files and the outbox.
    #[arg(long, env = "MACHIKOE_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,

    /// Address to listen on.
    #[arg(long, env = "MACHIKOE_ADDR", default_value = "127.0.0.1:3000", global = true, value_parser = address)]
    pub addr: SocketAddr,

    /// Public address of the site, without a slash at the end; default: http:// and the address.
    #[arg(long, env = "MACHIKOE_BASE_URL", global = true)]
    pub base_url: Option<String>,

    /// Mail server, such as `smtps://user:password@mail.example.jp`; default: mails are files in the outbox.
    #[arg(long, env = "MACHIKOE_SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Sender of all mails.
    #[arg(long, env = "MACHIKOE_MAIL_FROM", default_value = "machikoe@localhost", global = true)]
    pub mail_from: String,

    /// Addresses or networks of proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[arg(long, env = "MACHIKOE_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<String>,

    /// `off` turns the rate limits off, for measurements and tests only.
    #[arg(long, env = "MACHIKOE_RATE_LIMITS", default_value = "on", global = true)]
    pub rate_limits: String,

    /// A command that looks for viruses: it gets the path of an uploaded file as its last argument and ends with 0 when
    /// the file is clean, such as `clamdscan --no-summary --fdpass`. No shell is involved. Default: none.
    #[arg(long, env = "MACHIKOE_SCAN_COMMAND", global = true)]
    pub scan_command: Option<String>,

    /// Directory of the Japanese font for PDFs; default: where Debian's `fonts-noto-cjk` or `fonts-ipaexfont-gothic` puts it.
    #[arg(long, env = "MACHIKOE_FONT_DIR", global = true)]
    pub font_dir: Option<PathBuf>,

    /// How long making one PDF may take, in seconds.
    #[arg(long, env = "MACHIKOE_PDF_SECONDS", default_value_t = 120, global = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub pdf_seconds: u64,

    /// How much memory making one PDF may take, in mebibytes of address space: 5,000 rows with long texts need about 2,500.
    #[arg(long, env = "MACHIKOE_PDF_MEMORY_MIB", default_value_t = 4096, global = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub pdf_memory_mib: u64,

    /// The program that makes PDFs; `None`: this one. Set by tests, which run in a program of their own.
    #[arg(skip)]
    pub pdf_program: Option<PathBuf>,

    /// Directory of the built site (stylesheet, WebAssembly, pictures).
    #[arg(long, env = "LEPTOS_SITE_ROOT", default_value = "target/site", global = true)]
    pub site_root: PathBuf,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "MACHIKOE_ADDR is an address and a port, such as 127.0.0.1:3000")
}

impl Config {
    /// Checks what the types can't.
    ///
    /// # Errors
    /// With a line that names the setting and what to do.
    pub fn check(&self) -> anyhow::Result<()> {
        let base = self.base_url();
        if !base.starts_with("http://") && !base.starts_with("https://") || base.ends_with('/') {
            bail!("MACHIKOE_BASE_URL must start with http:// or https:// and not end with a slash: {base}");
        }
        if self.is_https() && self.smtp_url.is_none() {
            bail!("MACHIKOE_SMTP_URL is needed when MACHIKOE_BASE_URL is https: without it no mail would leave");
        }
        if !matches!(self.rate_limits.as_str(), "on" | "off") {
            bail!("MACHIKOE_RATE_LIMITS is `on` or `off`, not {}", self.rate_limits);
        }
        if let Some(url) = &self.database_url
            && !url.starts_with("sqlite:")
            && !url.starts_with("postgres://")
            && !url.starts_with("postgresql://")
        {
            bail!("DATABASE_URL must start with sqlite: or postgres://");
        }
        self.mail_from
            .parse::<lettre::message::Mailbox>()
            .with_context(|| format!("MACHIKOE_MAIL_FROM is not an e-mail address: {}", self.mail_from))?;
        self.proxies().map(drop)
    }

    /// The public address.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("http://{}", self.addr))
    }

    /// Whether visitors come by https: cookies are then marked secure.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.base_url().starts_with("https://")
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data_dir.join("machikoe.sqlite").display()))
    }

    /// The networks of trusted proxies.
    ///
    /// # Errors
    /// When one is neither an address nor a network.
    pub fn proxies(&self) -> anyhow::Result<Vec<IpNet>> {
        self.trusted_proxies
            .iter()
            .filter(|text| !text.trim().is_empty())
            .map(|text| {
                let text = text.trim();
                text.parse::<IpNet>()
                    .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
                    .with_context(|| format!("MACHIKOE_TRUSTED_PROXIES: {text} is neither an address nor a network"))
            })
            .collect()
    }
}
