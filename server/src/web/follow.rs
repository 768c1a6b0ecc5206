//! Following a theme.

use app::pages::follow::FollowPage;
use axum::extract::Path;
use axum_extra::extract::Form;
use serde::Deserialize;

use super::routes::{Access, Answer, Routes};
use crate::{ctx::Ctx, error::AppError, render, service::follow};

const PATH: &str = "/consultations/{slug}/follow";

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get(PATH, Access::SignedIn, show).post(PATH, Access::SignedIn, set)
}

/// Where the link in a mail leads: nothing is changed by opening it.
async fn show(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let (theme, following) = follow::state(&ctx, &slug).await?;
    Ok(render::page(&ctx, FollowPage { slug: theme.row.slug, theme: theme.row.title, following }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    act: String,
    back: String,
}

async fn set(ctx: Ctx, Path(slug): Path<String>, Form(body): Form<Body>) -> Answer {
    let on = match body.act.as_str() {
        "follow" => true,
        "unfollow" => false,
        _ => return Err(AppError::BadRequest),
    };
    follow::set(&ctx, &slug, on).await?;
    Ok(render::see_other(&match body.back.as_str() {
        "account" => "/account#following".to_owned(),
        "follow" => format!("/consultations/{slug}/follow"),
        _ => format!("/consultations/{slug}#follow"),
    }))
}
