//! How a mail leaves: through a mail server, or as a file in the outbox.

use std::{path::PathBuf, time::Duration};

use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, SinglePart, header::ContentType},
};

use crate::{config::Config, entity::mail};

/// How a mail leaves.
#[derive(Debug)]
pub enum Transport {
    /// Through a mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// As a `.eml` file, for trying out and for tests.
    Outbox(PathBuf),
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Worth trying again.
    #[error("{0:#}")]
    Later(anyhow::Error),
    /// It will never reach its recipient, or the address can't be one.
    #[error("{0:#}")]
    Never(anyhow::Error),
}

impl Transport {
    /// The transport the settings ask for.
    ///
    /// # Errors
    /// When the mail server's address can't be read.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        match &config.smtp_url {
            None => Ok(Self::Outbox(config.data_dir.join("outbox"))),
            Some(url) => {
                let builder =
                    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).context("MACHIKOE_SMTP_URL can't be read")?;
                Ok(Self::Smtp(builder.timeout(Some(Duration::from_secs(20))).build()))
            }
        }
    }

    /// Sends one mail. Its `Message-ID` depends on the mail alone, so that a mail that is sent again after a crash in
    /// the wrong moment is recognised as the same.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send(&self, config: &Config, row: &mail::Model) -> Result<(), SendError> {
        let message = compose(config, row).map_err(SendError::Never)?;
        match self {
            Self::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if is_hopeless(&error) => Err(SendError::Never(error.into())),
                Err(error) => Err(SendError::Later(error.into())),
            },
            Self::Outbox(directory) => {
                write(directory.clone(), row.id, message.formatted()).await.map_err(SendError::Later)
            }
        }
    }
}

/// Whether the server knows that the recipient can't be reached (RFC 5321 §4.2.3). Its other refusals for good, of our
/// password or of everything that comes from us, are repaired by people, and the mails must still be there then.
fn is_hopeless(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 550 | 551 | 553))
}

fn compose(config: &Config, row: &mail::Model) -> anyhow::Result<Message> {
    let from: Mailbox = config.mail_from.parse().context("sender")?;
    let host = config.base_url().split("//").nth(1).unwrap_or("localhost").replace([':', '/'], ".");
    let date = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(row.created_at).unwrap_or_default());
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, row.to_address.parse().context("recipient")?))
        .subject(&row.subject)
        .date(date)
        .message_id(Some(format!("<mail.{}.{}@{host}>", row.id, row.created_at)))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(row.body.clone()))
        .context("mail")
}

async fn write(directory: PathBuf, id: i64, bytes: Vec<u8>) -> anyhow::Result<()> {
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&directory)?;
        let mut file = tempfile::NamedTempFile::new_in(&directory)?;
        std::io::Write::write_all(&mut file, &bytes)?;
        file.as_file().sync_all()?;
        file.persist(directory.join(format!("{id:08}.eml")))?;
        Ok(())
    })
    .await?
}
