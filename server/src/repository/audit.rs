//! Reading the audit log; it is written by [`crate::audit`] only, and never changed.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::entity::audit_event;

/// Events from the latest back; `before` is the id the previous page ended with.
///
/// # Errors
/// When the database is away.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    action: Option<&str>,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<audit_event::Model>, DbErr> {
    let mut query = audit_event::Entity::find().order_by_desc(audit_event::Column::Id).limit(limit);
    if let Some(action) = action {
        query = query.filter(audit_event::Column::Action.eq(action));
    }
    if let Some(before) = before {
        query = query.filter(audit_event::Column::Id.lt(before));
    }
    query.all(db).await
}
