//! The audit log: written in the same transaction as the change it tells of.

use sea_orm::{ActiveModelTrait as _, ConnectionTrait, Set};
use serde_json::Value;

use crate::{ctx::Ctx, entity::audit_event, error::Result};

/// Writes one event. `detail` says what changed, without texts of residents or personal data.
///
/// # Errors
/// When the database refuses; the change then must not happen either.
pub async fn record<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    action: &str,
    (object_type, object_id): (&str, i64),
    detail: Value,
) -> Result<()> {
    let (account, name, role) = match &ctx.actor {
        Some(actor) => (Some(actor.id.0), actor.name.clone(), actor.role.code()),
        None => (None, "system".to_owned(), "system"),
    };
    audit_event::ActiveModel {
        at: Set(ctx.now),
        account_id: Set(account),
        actor_name: Set(name),
        role: Set(role.to_owned()),
        ip: Set(ctx.ip.map(|ip| ip.to_string())),
        action: Set(action.to_owned()),
        object_type: Set(object_type.to_owned()),
        object_id: Set(object_id.to_string()),
        detail: Set(detail.to_string()),
        request_id: Set(ctx.request_id.clone()),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    Ok(())
}
