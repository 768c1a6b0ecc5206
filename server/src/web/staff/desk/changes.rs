//! What was done on the desk, and taking it back.

use app::pages::staff::desk::{ChangeView, ChangesPage, Since};
use axum::{extract::Path, http::StatusCode};
use domain::permission::ConsultationAction;

use super::{base, may_edit};
use crate::{
    ctx::Ctx,
    error::Result,
    render,
    repository::desk::journal::ChangeLine,
    service::{
        consultation::for_staff,
        response::journal::{self, Label, Undone},
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/staff/consultations/{id}/responses/changes", Access::Staff, list).post(
        "/staff/consultations/{id}/responses/changes/{change}/undo",
        Access::Staff,
        undo,
    )
}

/// A change as pages show it.
pub(super) fn view(line: ChangeLine) -> ChangeView {
    let label = Label::read(&line.label);
    ChangeView {
        id: line.id,
        kind: line.kind,
        what: label.what,
        n: label.n,
        at: line.created_at,
        by: line.name,
        undone: line.undone_at.map(|at| (at, line.undone_name.unwrap_or_default())),
    }
}

async fn page(ctx: &Ctx, id: i64, refused: Option<Since>) -> Result<ChangesPage> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let changes = journal::changes(ctx, id).await?;
    Ok(ChangesPage {
        may_edit: may_edit(ctx, &theme),
        theme: (id, theme.row.title),
        changes: changes.into_iter().map(view).collect(),
        refused,
    })
}

async fn list(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    Ok(render::page(&ctx, page(&ctx, id, None).await?))
}

async fn undo(ctx: Ctx, Path((id, change)): Path<(i64, i64)>) -> Answer {
    let since = match journal::undo(&ctx, id, change).await? {
        Undone::Done => return Ok(render::see_other(&format!("{}?notice=undone", base(id)))),
        Undone::Already => Since::Already,
        Undone::ChangedSince { kind, label, name, at } if !kind.is_empty() => {
            Since::Change(ChangeView { id: 0, kind, what: label.what, n: label.n, at, by: name, undone: None })
        }
        Undone::ChangedSince { name, at, .. } => Since::Other(name, Some(at).filter(|at| *at > 0)),
    };
    Ok(render::page_with(&ctx, StatusCode::CONFLICT, page(&ctx, id, Some(since)).await?))
}
