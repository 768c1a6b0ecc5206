//! Setting an installation up, and keeping it tidy.

use std::time::{Duration, UNIX_EPOCH};

use domain::{Millis, ward::Ward};
use sea_orm::Set;

use crate::{ctx::Ctx, database::Database, entity::department, error::Result, repository, state::App};

/// How to reach a department.
#[derive(Clone, Debug, Default)]
pub struct Department {
    /// Japanese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Telephone.
    pub phone: String,
    /// FAX.
    pub fax: String,
    /// E-mail.
    pub email: String,
    /// Where the counter is.
    pub counter: String,
}

/// Sets the ward.
///
/// # Errors
/// When the database refuses.
pub async fn set_ward(database: &Database, ward: &Ward) -> anyhow::Result<()> {
    let tx = database.write().await?;
    repository::setting::set_ward(&tx, ward).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a department, or changes the one of that name.
///
/// # Errors
/// When the database refuses.
pub async fn put_department(database: &Database, new: Department) -> anyhow::Result<()> {
    let tx = database.write().await?;
    let position = i64::try_from(repository::setting::departments(&tx).await?.len())? + 1;
    let row = department::ActiveModel {
        name: Set(new.name),
        name_en: Set(new.name_en),
        phone: Set(new.phone),
        fax: Set(new.fax),
        email: Set(new.email),
        counter: Set(new.counter),
        position: Set(position),
        ..Default::default()
    };
    repository::setting::put_department(&tx, row).await?;
    tx.commit().await?;
    Ok(())
}

const DAY: Millis = 86_400_000;
/// Mails are kept this long after they were sent, for questions about them.
const MAILS_KEPT: Millis = 30 * DAY;

/// A file that staff loaded and nothing refers to is kept this long: the sheet beside it may still be typed.
const LOADED_KEPT: Millis = 2 * DAY;
/// One of residents and visitors, longer than the form that it was sent with.
const SENT_KEPT: Millis = super::submission::form::KEPT + DAY;
/// What is still coming in is finished long before; what is older was cut off by a crash.
const INCOMING_KEPT: Millis = DAY;
/// So many uploads are deleted in one run.
const UPLOADS_A_RUN: i64 = 500;

/// Deletes sessions and codes that are over, old mails, forms that nobody came back to, and files that nothing refers to.
///
/// # Errors
/// When the database is away.
pub async fn tidy(app: &App) -> Result<()> {
    let tx = app.database.write().await?;
    let now = app.clock.now();
    repository::account::tidy(&tx, now).await?;
    repository::mail::tidy(&tx, now - MAILS_KEPT).await?;
    tx.commit().await?;
    super::submission::form::tidy(&Ctx::system(app)).await?;
    tidy_uploads(app, now).await?;
    if let Err(error) = tidy_incoming(app, now).await {
        tracing::warn!(%error, "what was left of files that never came in whole was not deleted");
    }
    Ok(())
}

/// Deletes uploads that nothing refers to: scans whose sheet was never recorded, files that were replaced.
async fn tidy_uploads(app: &App, now: Millis) -> Result<()> {
    let tx = app.database.write().await?;
    let unused = repository::upload::delete_unused(&tx, now - LOADED_KEPT, now - SENT_KEPT, UPLOADS_A_RUN).await?;
    tx.commit().await?;
    for sha256 in unused {
        if let Err(error) = app.files.delete(&sha256).await {
            tracing::warn!(error = format!("{error:#}"), "a file that nothing refers to was not deleted");
        }
    }
    Ok(())
}

/// Deletes files that stopped coming in.
async fn tidy_incoming(app: &App, now: Millis) -> std::io::Result<()> {
    let before = u64::try_from(now - INCOMING_KEPT).unwrap_or_default();
    let before = UNIX_EPOCH + Duration::from_millis(before);
    let mut files = match tokio::fs::read_dir(app.config.data_dir.join("files").join("incoming")).await {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    while let Some(file) = files.next_entry().await? {
        match file.metadata().await.and_then(|known| known.modified()) {
            Ok(written) if written < before => tokio::fs::remove_file(file.path()).await?,
            // One that came in whole meanwhile is no longer here.
            _ => {}
        }
    }
    Ok(())
}
