//! Mail: written into the outbox table in the transaction of its cause, sent by [`worker`].

pub mod transport;
pub mod worker;

use app::mails::{Mail, Reader};
use domain::Locale;
use sea_orm::{ConnectionTrait, Set};

use crate::{
    ctx::Ctx,
    entity::{account, mail},
    error::Result,
    repository,
};

/// An account as the reader of a mail, in its own language.
#[must_use]
pub fn reader<'a>(ctx: &'a Ctx, account: &'a account::Model) -> Reader<'a> {
    let locale = account.locale.as_deref().and_then(Locale::from_tag).unwrap_or_default();
    Reader { locale, ward: &ctx.app.ward, name: &account.display_name }
}

/// Puts a mail to `account` into the outbox. `event` names its cause: one person gets one mail for one event.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    account: &account::Model,
    event: &str,
    content: Mail,
) -> Result<()> {
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
