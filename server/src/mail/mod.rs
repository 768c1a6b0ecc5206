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
    let key = format!("{event}:{}", account.id);
    put(tx, ctx, key, account.email.clone(), Some(account.id), content).await
}

/// Somebody without an account as the reader of a mail; `name` may be empty.
#[must_use]
pub fn reader_of<'a>(ctx: &'a Ctx, locale: Locale, name: &'a str) -> Reader<'a> {
    Reader { locale, ward: &ctx.app.ward, name }
}

/// Puts a mail to a plain address into the outbox, for people without an account. `event` names its cause: one address
/// gets one mail for one event.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue_to<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    address: &str,
    event: &str,
    content: Mail,
) -> Result<()> {
    // The key is seen in places where the address has no business.
    let short: String = crate::secret::hash(address).chars().take(16).collect();
    put(tx, ctx, format!("{event}:@{short}"), address.to_owned(), None, content).await
}

async fn put<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    event_key: String,
    to_address: String,
    account_id: Option<i64>,
    content: Mail,
) -> Result<()> {
    let row = mail::ActiveModel {
        event_key: Set(event_key),
        to_address: Set(to_address),
        account_id: Set(account_id),
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
