//! Setting an installation up, and keeping it tidy.

use domain::ward::Ward;
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

/// Mails are kept this long after they were sent, for questions about them.
const MAILS_KEPT: domain::Millis = 30 * 86_400_000;

/// Deletes sessions and codes that are over, old mails, and forms that nobody came back to.
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
    Ok(())
}
