//! Promises the ward gave in its answers (約束), for everybody.

use std::collections::BTreeMap;

use app::pages::commitments::{CommitmentView, CommitmentsPage, ReportView};
use axum::extract::Path;
use documents::ResponseTable;
use domain::{Millis, commitment::CommitmentState, wareki};

use super::routes::{Access, Answer, Routes};
use crate::{
    ctx::Ctx,
    render, repository,
    service::{
        commitment::{self, Followed},
        response,
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/consultations/{slug}/commitments", Access::Public, show)
}

/// A promise as pages show it.
pub(super) fn view(
    followed: Followed,
    now: Millis,
    departments: &BTreeMap<i64, String>,
    answer_href: Option<String>,
) -> CommitmentView {
    let Followed { row, progress } = followed;
    let state = CommitmentState::from_code(&row.state).unwrap_or_default();
    let due_on = row.due_on.as_deref().and_then(|day| day.parse().ok());
    let department = departments.get(&row.department_id).cloned().unwrap_or_default();
    CommitmentView {
        id: row.id,
        text: row.text,
        done_by: if row.owner.is_empty() { department } else { format!("{department}　{}", row.owner) },
        due_on,
        state,
        overdue: state.is_open() && due_on.is_some_and(|day| day < wareki::date_of(now)),
        answer_href,
        reports: progress
            .into_iter()
            .map(|p| ReportView {
                state: CommitmentState::from_code(&p.state).unwrap_or_default(),
                body: p.body,
                at: p.created_at,
            })
            .collect(),
    }
}

async fn show(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let (theme, rows) = commitment::public(&ctx, &slug).await?;
    let table = match repository::response::latest(ctx.db(), theme.row.id, ctx.now).await? {
        Some(publication) => Some(response::parse(&publication)?),
        None => None,
    };
    let href = |ward_view: i64| {
        let table = table.as_ref()?;
        let row = table.rows().find(|row| row.group.ward_view_id == ward_view)?;
        Some(format!(
            "/consultations/{slug}/responses?row={0}#{1}",
            row.row.summary_id,
            ResponseTable::anchor(row.row.summary_id)
        ))
    };
    let departments = repository::setting::departments(ctx.db()).await?.into_iter().map(|d| (d.id, d.name)).collect();
    let commitments = rows
        .into_iter()
        .map(|f| {
            let href = href(f.row.ward_view_id);
            view(f, ctx.now, &departments, href)
        })
        .collect();
    Ok(render::shared(&ctx, CommitmentsPage { slug: slug.clone(), theme: theme.row.title, commitments }))
}
