//! The site's own texts, and the language.

use app::pages::about::AboutPage;
use axum::{
    extract::{Path, Query},
    response::IntoResponse as _,
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use domain::Locale;
use serde::Deserialize;

use super::{
    layers::LANGUAGE,
    routes::{Access, Answer, Routes},
};
use crate::{ctx::Ctx, error::AppError, markdown, render, service::account::safe_next};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/about", Access::Public, about).get("/about/{topic}", Access::Public, topic).get(
        "/language/{tag}",
        Access::Public,
        language,
    )
}

async fn about(ctx: Ctx) -> Answer {
    show(&ctx, "about")
}

async fn topic(ctx: Ctx, Path(topic): Path<String>) -> Answer {
    show(&ctx, &topic)
}

fn show(ctx: &Ctx, topic: &str) -> Answer {
    let text =
        app::wording::site_text(ctx.locale, topic, ctx.app.ward.name_in(ctx.locale)).ok_or(AppError::NotFound)?;
    Ok(render::page(ctx, AboutPage { title: text.title, html: markdown::render(&text.markdown) }))
}

#[derive(Debug, Default, Deserialize)]
struct NextQuery {
    #[serde(default)]
    next: String,
}

/// Sets the language for this browser and goes back. It changes nothing but a cookie, so a plain link will do.
async fn language(ctx: Ctx, jar: CookieJar, Path(tag): Path<String>, Query(query): Query<NextQuery>) -> Answer {
    let locale = Locale::from_tag(&tag).ok_or(AppError::NotFound)?;
    let cookie = Cookie::build((LANGUAGE, locale.tag()))
        .path("/")
        .same_site(SameSite::Lax)
        .secure(ctx.app.config.is_https())
        .permanent();
    let back = safe_next(&query.next).unwrap_or("/");
    Ok((jar.add(cookie), render::see_other(back)).into_response())
}
