//! Extension, copies and progress of a theme.

use app::pages::staff::timeline::ExtensionPage;
use axum::extract::Path;
use axum_extra::extract::Form;
use domain::{FieldErrors, permission::ConsultationAction, wareki};
use serde::Deserialize;

use super::consultations::{done, overview_again, stored};
use crate::{
    ctx::Ctx,
    render,
    service::{
        self,
        consultation::{ExtensionInput, Loaded, for_staff, to_extend},
    },
    web::routes::{Access, Answer, Routes},
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/{id}/extension", Access::Staff, extension)
        .post("/staff/consultations/{id}/extension", Access::Staff, extend)
        .post("/staff/consultations/{id}/progress", Access::Staff, progress)
        .post("/staff/consultations/{id}/clone", Access::Staff, copy)
}

fn page(loaded: Loaded, typed: ExtensionInput, errors: FieldErrors) -> ExtensionPage {
    let published = loaded.row.publish_at.filter(|_| loaded.has_rules()).map(wareki::date_of);
    let latest = published.and_then(|day| loaded.rules.latest_close(loaded.period.opens_on, day, loaded.gazette_on()));
    ExtensionPage {
        latest,
        id: loaded.row.id,
        title: loaded.row.title,
        phase: loaded.phase,
        period: loaded.period,
        closes_on: typed.closes_on,
        reason: typed.reason,
        errors,
    }
}

async fn extension(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let loaded = to_extend(&ctx, id).await?;
    Ok(render::page(&ctx, page(loaded, ExtensionInput::default(), FieldErrors::new())))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ExtensionBody {
    closes_on: String,
    reason: String,
}

async fn extend(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ExtensionBody>) -> Answer {
    let input = ExtensionInput { closes_on: body.closes_on, reason: body.reason };
    match service::consultation::extend(&ctx, id, &input).await? {
        Ok(()) => Ok(done(id, "extended")),
        Err(errors) => Ok(render::invalid(&ctx, page(to_extend(&ctx, id).await?, input, errors))),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProgressBody {
    progress_on: String,
}

async fn progress(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<ProgressBody>) -> Answer {
    match service::consultation::set_progress(&ctx, id, &body.progress_on).await? {
        Ok(()) => Ok(done(id, "progress")),
        Err(errors) => {
            let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
            let mut typed = stored(&ctx, &loaded);
            typed.progress_on = body.progress_on;
            overview_again(&ctx, id, typed, errors, false).await
        }
    }
}

async fn copy(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let made = service::consultation::copy(&ctx, id).await?;
    Ok(render::see_other(&format!("/staff/consultations/{made}/edit?notice=cloned")))
}
