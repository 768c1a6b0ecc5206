//! What a department was asked to look at, over all themes.

use domain::{Locale, Millis};
use leptos::prelude::*;

use super::{status, status_tone};
use crate::{
    components::{badge, empty, pager, time},
    pages::staff::{StaffTab, frame, head, scroll},
    shell::{Head, Page, PageContext},
};

/// A submission that the department was asked to look at.
#[derive(Clone, Debug)]
pub struct AssignedRow {
    /// Its id.
    pub id: i64,
    /// 受付番号.
    pub receipt: String,
    /// Title of its theme.
    pub theme: String,
    /// 受付日時.
    pub created_at: Millis,
    /// Where it stands, as a place in the counts.
    pub status: &'static str,
    /// The beginning of its text.
    pub excerpt: String,
    /// Notes of staff.
    pub notes: i64,
}

/// `/staff/assigned`
#[derive(Debug)]
pub struct AssignedList {
    /// This page's submissions, the latest first.
    pub rows: Vec<AssignedRow>,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the first page, when this is not it.
    pub first: Option<String>,
}

impl Page for AssignedList {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "intake.assigned.title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let list = if self.rows.is_empty() {
            empty(t!(l, "intake.assigned.none").into_owned(), None)
        } else {
            table(l, self.rows)
        };
        let body = view! {
            <h1 class="page__title">{t!(l, "intake.assigned.title")}</h1>
            <p class="page__lead">{t!(l, "intake.assigned.lead")}</p>
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            {list}
            {pager(l, self.first, self.next)}
        };
        frame(cx, StaffTab::Moderation, body.into_any())
    }
}

fn table(l: Locale, rows: Vec<AssignedRow>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|r| {
            view! {
                <tr id=format!("proposal-{}", r.id)>
                    <th scope="row"><a class="mono" href=format!("/staff/proposals/{}", r.id)>{r.receipt}</a></th>
                    <td>{r.theme}</td>
                    <td>{time(l, r.created_at)}</td>
                    <td>{badge(status_tone(r.status), status(l, r.status))}</td>
                    <td class="intake__text">{r.excerpt}</td>
                    <td>{(r.notes > 0).then(|| t!(l, "intake.notes", n = r.notes))}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <table class="table intake">
            <thead>
                <tr>
                    <th scope="col">{t!(l, "intake.filter.number")}</th>
                    <th scope="col">{t!(l, "staff.theme")}</th>
                    <th scope="col">{t!(l, "intake.item.received")}</th>
                    <th scope="col">{t!(l, "intake.filter.state")}</th>
                    <th scope="col">{t!(l, "intake.column.text")}</th>
                    <th scope="col">{t!(l, "intake.column.figures")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll(t!(l, "intake.assigned.title").into_owned(), table.into_any())
}
