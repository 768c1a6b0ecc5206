//! Mail: written into the outbox table in the transaction of its cause, sent by [`worker`].

pub mod transport;
pub mod worker;

use app::mails::Mail;
use domain::Locale;
use sea_orm::{ConnectionTrait, Set};

use crate::{
    ctx::Ctx,
    entity::{account, mail},
    error::Result,
    repository,
};

/// The language in which an account is written to.
#[must_use]
pub fn locale_of(account: &account::Model) -> Locale {
    account.locale.as_deref().and_then(Locale::from_tag).unwrap_or_default()
}

/// Puts a mail to `account` into the outbox. `event` names its cause: one person gets one mail for one event.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue<C: ConnectionTrait>(tx: &C, ctx: &Ctx, account: &account::Model, event: &str, content: Mail) -> Result<()> {
    let row = mail::ActiveModel {
        event_key: Set(format!("{event}:{}", account.id)),
        to_address: Set(account.email.clone()),
        account_id: Set(Some(account.id)),
        subject: Set(content.subject),
        body: Set(content.body),
        created_at: Set(ctx.now),
        attempts: Set(0),
        due_at: Set(ctx.now),
        ..Default::default()
    };
    repository::mail::put(tx, row).await?;
    Ok(())
}
