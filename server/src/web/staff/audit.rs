//! The audit log.

use app::pages::staff::audit::{AuditLog, AuditRow};
use axum::extract::Query;
use domain::Locale;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    ctx::Ctx,
    entity::audit_event,
    render, repository,
    web::routes::{Access, Answer, Routes},
};

/// How many events a page holds.
const PER_PAGE: u64 = 50;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/staff/audit", Access::Audit, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LogQuery {
    action: String,
    /// The id the page before ended with.
    before: String,
}

async fn show(ctx: Ctx, Query(query): Query<LogQuery>) -> Answer {
    let action = Some(query.action.as_str()).filter(|a| !a.is_empty());
    let before = query.before.parse().ok();
    let limit = usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    let mut rows = repository::audit::page(ctx.db(), action, before, PER_PAGE + 1).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let base = format!("/staff/audit?action={}", app::shell::percent(&query.action));
    let page = AuditLog {
        next: rows.last().filter(|_| more).map(|last| format!("{base}&before={}", last.id)),
        first: before.map(|_| base),
        rows: rows.into_iter().map(|event| row(ctx.locale, event)).collect(),
        action: query.action,
    };
    Ok(render::page(&ctx, page))
}

fn row(l: Locale, event: audit_event::Model) -> AuditRow {
    AuditRow {
        detail: detail(l, &event.detail),
        at: event.at,
        actor: event.actor_name,
        role: event.role,
        action: event.action,
        object: (event.object_type, event.object_id),
        ip: event.ip,
    }
}

/// What changed as names and values; text that is no JSON stays as it is.
fn detail(l: Locale, json: &str) -> Vec<(String, String)> {
    match serde_json::from_str(json) {
        Ok(Value::Object(map)) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| {
                let text = match value.as_i64().filter(|_| name.ends_with("_at")) {
                    Some(at) => app::format::date_time(l, at),
                    None => plain(&value),
                };
                (name, text)
            })
            .collect(),
        Ok(value) => vec![("detail".to_owned(), plain(&value))],
        Err(_) => vec![("detail".to_owned(), json.to_owned())],
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detail_reads_as_names_and_values() {
        let json = r#"{"changed":["title","body"],"publish_at":1796050799000,"reason":null,"items":3}"#;
        let expected = [("changed", "title, body"), ("items", "3"), ("publish_at", "30 November 2026, 23:59")];
        let expected: Vec<_> = expected.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        assert_eq!(detail(Locale::En, json), expected);
        assert_eq!(detail(Locale::En, "no json"), [("detail".to_owned(), "no json".to_owned())]);
    }
}
