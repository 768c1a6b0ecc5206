//! `/staff/audit`: who did what, when and from where.

use domain::{Locale, Millis, Role};
use leptos::prelude::*;

use super::{StaffTab, filter_select, frame, head, scroll};
use crate::{
    components::{empty, pager},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

/// The actions that have words, in the order of the filter.
const ACTIONS: [&str; 73] = [
    "consultation.create",
    "consultation.update",
    "consultation.publish",
    "consultation.unpublish",
    "consultation.cover",
    "consultation.extend",
    "consultation.progress",
    "consultation.clone",
    "consultation.layout",
    "document.add",
    "document.remove",
    "document.version",
    "document.version_remove",
    "document.text",
    "entry.record",
    "import.upload",
    "import.commit",
    "import.undo",
    "import.discard",
    "intake.change",
    "intake.assign",
    "intake.mark",
    "intake.note",
    "intake.split",
    "intake.correction",
    "identity.view",
    "identity.scan",
    "identity.export",
    "identity.dispose",
    "proposal.hide",
    "proposal.restore",
    "desk.exclude",
    "desk.include",
    "desk.undo",
    "chapter.save",
    "chapter.move",
    "chapter.delete",
    "chapter.from_draft",
    "chapter.merge",
    "row.save",
    "row.move",
    "row.delete",
    "row.ask",
    "row.ask_withdraw",
    "row.reply",
    "row.route",
    "row.confirm",
    "row.gather",
    "row.merge",
    "row.repeat",
    "row.split",
    "row.take_out",
    "plan_change.save",
    "plan_change.move",
    "plan_change.delete",
    "commitment.save",
    "commitment.delete",
    "commitment.report",
    "approval.comment",
    "approval.create",
    "approval.decide",
    "approval.withdraw",
    "responses.publish",
    "responses.unschedule",
    "items.export",
    "phrases.save",
    "settings.rules",
    "settings.dispositions",
    "settings.layout",
    "settings.workflow",
    "staff.add",
    "staff.sign_in",
    "staff.password_set",
];

/// An action in words; one that has none is shown by its code.
fn action_words(l: Locale, action: &str) -> String {
    if ACTIONS.contains(&action) {
        let key = action.replace('.', "_");
        t!(l, format!("staff.audit.{key}")).into_owned()
    } else {
        action.to_owned()
    }
}

/// One event.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: String,
    /// The code of the role they had; `system` for our own jobs.
    pub role: String,
    /// What they did.
    pub action: String,
    /// What it was done to.
    pub object: (String, String),
    /// What changed, as names and values.
    pub detail: Vec<(String, String)>,
    /// From where.
    pub ip: Option<String>,
}

/// `/staff/audit`
#[derive(Debug)]
pub struct AuditLog {
    /// This page's events, the latest first.
    pub rows: Vec<AuditRow>,
    /// The chosen action.
    pub action: String,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the start of the log, when this is not it.
    pub first: Option<String>,
}

impl Page for AuditLog {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "staff.log").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let actions = ACTIONS.into_iter().map(|a| (a.to_owned(), action_words(l, a))).collect();
        let list =
            if self.rows.is_empty() { empty(t!(l, "staff.log_empty").into_owned(), None) } else { table(l, self.rows) };
        let body = view! {
            <h1 class="page__title">{t!(l, "staff.log")}</h1>
            <p class="page__lead">{t!(l, "staff.log_lead")}</p>
            <form class="filters" method="get" action="/staff/audit" aria-label=t!(l, "list.filter")>
                {filter_select("action", t!(l, "staff.log_action").into_owned(), Some(t!(l, "list.any").into_owned()), &self.action, actions)}
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
            </form>
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            {list}
            {pager(l, self.first, self.next)}
        };
        frame(cx, StaffTab::Audit, body.into_any())
    }
}

fn table(l: Locale, rows: Vec<AuditRow>) -> AnyView {
    let rows = rows.into_iter().map(|r| row(l, r)).collect_view();
    let table = view! {
        <table class="table audit">
            <thead>
                <tr>
                    <th scope="col">{t!(l, "staff.log_at")}</th>
                    <th scope="col">{t!(l, "staff.log_actor")}</th>
                    <th scope="col">{t!(l, "staff.log_action")}</th>
                    <th scope="col">{t!(l, "staff.log_object")}</th>
                    <th scope="col">{t!(l, "staff.log_detail")}</th>
                    <th scope="col">{t!(l, "staff.log_ip")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll(t!(l, "staff.log").into_owned(), table.into_any())
}

fn row(l: Locale, row: AuditRow) -> AnyView {
    let role = match Role::from_code(&row.role) {
        Some(role) => wording::role(l, role),
        None => t!(l, "staff.log_system").into_owned(),
    };
    let (kind, id) = row.object;
    let object = match kind.as_str() {
        "consultation" => {
            view! { <a href=format!("/staff/consultations/{id}")>{t!(l, "staff.log_consultation", id = id)}</a> }
                .into_any()
        }
        "proposal" => {
            view! { <a href=format!("/staff/proposals/{id}")>{t!(l, "staff.log_proposal", id = id)}</a> }.into_any()
        }
        "account" => t!(l, "staff.log_account", id = id).into_any(),
        _ => view! { <code>{format!("{kind} {id}")}</code> }.into_any(),
    };
    let detail =
        row.detail.into_iter().map(|(name, value)| view! { <div>{format!("{name}: {value}")}</div> }).collect_view();
    view! {
        <tr>
            <td><time datetime=format::iso(row.at)>{seconds(row.at)}</time></td>
            <td>{row.actor}<br />{role}</td>
            <td>{action_words(l, &row.action)}</td>
            <td>{object}</td>
            <td>{detail}</td>
            <td>{row.ip.map(|ip| view! { <code>{ip}</code> })}</td>
        </tr>
    }
    .into_any()
}

/// Date and time to the second, so that the order of events can be told.
fn seconds(at: Millis) -> String {
    let iso = format::iso(at);
    iso.split('+').next().unwrap_or_default().replace('T', " ")
}
