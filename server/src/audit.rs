//! The audit log: written in the same transaction as the change it tells of.

use sea_orm::{ActiveModelTrait as _, ConnectionTrait, Set};
use serde_json::Value;

use crate::{
    ctx::Ctx,
    entity::{account, audit_event},
    error::Result,
};

/// Writes one event of the actor of the request, or of the system. `detail` says what changed, without texts of
/// residents or personal data.
///
/// # Errors
/// When the database refuses; the change then must not happen either.
pub async fn record<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    action: &str,
    object: (&str, i64),
    detail: Value,
) -> Result<()> {
    let event = match &ctx.actor {
        Some(actor) => event(ctx, Some(actor.id.0), &actor.name, actor.role.code()),
        None => event(ctx, None, "system", "system"),
    };
    write(tx, event, action, object, detail).await
}

/// Writes one event of an account that is only just coming in: it isn't the actor of the request yet.
///
/// # Errors
/// As [`record`].
pub async fn record_of<C: ConnectionTrait>(tx: &C, ctx: &Ctx, account: &account::Model, action: &str) -> Result<()> {
    let event = event(ctx, Some(account.id), &account.display_name, &account.role);
    write(tx, event, action, ("account", account.id), Value::Object(serde_json::Map::new())).await
}

fn event(ctx: &Ctx, account: Option<i64>, name: &str, role: &str) -> audit_event::ActiveModel {
    audit_event::ActiveModel {
        at: Set(ctx.now),
        account_id: Set(account),
        actor_name: Set(name.to_owned()),
        role: Set(role.to_owned()),
        ip: Set(ctx.ip.map(|ip| ip.to_string())),
        request_id: Set(ctx.request_id.clone()),
        ..Default::default()
    }
}

async fn write<C: ConnectionTrait>(
    tx: &C,
    mut event: audit_event::ActiveModel,
    action: &str,
    (object_type, object_id): (&str, i64),
    detail: Value,
) -> Result<()> {
    event.action = Set(action.to_owned());
    event.object_type = Set(object_type.to_owned());
    event.object_id = Set(object_id.to_string());
    event.detail = Set(detail.to_string());
    event.insert(tx).await?;
    Ok(())
}
