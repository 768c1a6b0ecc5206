//! The first page of the console.

use app::pages::staff::dashboard::{Counted, Dashboard, Todo, TodoKind};
use domain::{
    Millis, Phase, ProposalState,
    permission::{SiteAction, site},
};

use super::consultations::theme_row;
use crate::{
    ctx::Ctx,
    error::Result,
    render,
    repository::{
        self,
        proposal::{Filter, Ordering},
    },
    service::consultation::Loaded,
    web::routes::{Access, Answer, Routes},
};

/// How far back posts are recent.
const WEEK: Millis = 7 * 24 * 60 * 60 * 1000;
/// Recent posts are counted up to here.
const RECENT_MAX: u64 = 500;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/staff", Access::Staff, show)
}

async fn show(ctx: Ctx) -> Answer {
    let scope = super::scope(&ctx);
    let names = crate::web::consultations::department_names(&ctx).await?;
    let rows = repository::consultation::for_staff(ctx.db(), scope).await?;
    let themes: Vec<Loaded> = rows.into_iter().map(|row| Loaded::new(row, ctx.now)).collect();
    let posts = Filter { consultations: scope.map(|_| themes.iter().map(|t| t.row.id).collect()), ..Filter::default() };
    let hidden = Filter { states: vec![ProposalState::Hidden], ..posts.clone() };
    let of = |phase: Phase| themes.iter().filter(|t| t.phase == phase).count();
    let page = Dashboard {
        department: scope.map(|id| names.get(&id).cloned().unwrap_or_default()),
        open: of(Phase::Open),
        review: of(Phase::UnderReview),
        recent: recent(&ctx, &posts).await?,
        hidden: repository::proposal::count(ctx.db(), &hidden).await?,
        todo: themes.iter().filter_map(|t| todo(&ctx, t)).collect(),
        themes: themes.iter().map(|t| theme_row(t, &names)).collect(),
        may_create: site(ctx.role(), SiteAction::CreateConsultation),
    };
    Ok(render::page(&ctx, page))
}

async fn recent(ctx: &Ctx, posts: &Filter) -> Result<Counted> {
    let newest = Ordering { sort: app::pages::proposals::Sort::Newest, seed: 0 };
    let rows = repository::proposal::page(ctx.db(), posts, newest, None, RECENT_MAX + 1).await?;
    let n = rows.iter().filter(|p| p.created_at >= ctx.now - WEEK).count();
    let most = usize::try_from(RECENT_MAX).unwrap_or(usize::MAX);
    Ok(Counted { n: n.min(most), more: n > most })
}

fn todo(ctx: &Ctx, theme: &Loaded) -> Option<Todo> {
    let kind = match theme.phase {
        Phase::UnderReview => TodoKind::Answer,
        Phase::Draft if theme.row.opens_at <= ctx.now => TodoKind::Publish,
        _ => return None,
    };
    Some(Todo { kind, id: theme.row.id, title: theme.row.title.clone(), period: theme.period })
}
