//! Printable things: the blank form (意見用紙), the poster, and the two-dimensional code on both.

use app::pages::{
    consultations::DepartmentView,
    paper::{PaperForm, Poster, PrintedTheme},
};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
};
use domain::{ConsultationKind, Locale, Phase, permission::ConsultationAction, rules::theme_number, wareki};
use qrcode::{EcLevel, QrCode, render::svg};

use super::routes::{Access, Answer, Routes};
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, repository,
    service::consultation::{Loaded, for_staff, visible},
};

/// The picture's edge in its own units; printed, it takes the size the style sheet gives it.
const EDGE: u32 = 256;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/consultations/{slug}/paper-form", Access::Public, paper_form)
        .get("/consultations/{slug}/qr.svg", Access::Public, code)
        .get("/staff/consultations/{id}/poster", Access::Staff, poster)
        .get("/staff/consultations/{id}/qr.svg", Access::Staff, staff_code)
}

/// Where the code leads to: the form of a public comment, which needs no account; of a dialogue the theme.
fn target(theme: &Loaded) -> String {
    let page = format!("/consultations/{}", theme.row.slug);
    match theme.kind {
        ConsultationKind::PublicComment => format!("{page}/proposals/new"),
        ConsultationKind::OpenDialogue => page,
    }
}

/// What form and poster say of their theme; `qr` is where the picture of its code is.
async fn printed(ctx: &Ctx, theme: &Loaded, qr: String) -> Result<PrintedTheme> {
    let row = &theme.row;
    let department = repository::setting::department(ctx.db(), row.department_id).await?.ok_or(AppError::NotFound)?;
    let name = match ctx.locale {
        Locale::En if !department.name_en.is_empty() => department.name_en,
        _ => department.name,
    };
    Ok(PrintedTheme {
        title: row.title.clone(),
        number: theme_number(wareki::fiscal_year(theme.period.opens_on), row.id),
        period: theme.period,
        rules: theme.rules.clone(),
        methods: row.methods.clone(),
        department: DepartmentView {
            name,
            phone: department.phone,
            fax: department.fax,
            email: department.email,
            counter: department.counter,
        },
        qr,
        code_url: ctx.url(&target(theme)),
        url: ctx.url(&format!("/consultations/{}", row.slug)),
    })
}

async fn paper_form(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let theme = visible(&ctx, &slug).await?;
    if theme.kind != ConsultationKind::PublicComment {
        return Err(AppError::NotFound);
    }
    let page = PaperForm {
        theme: printed(&ctx, &theme, format!("/consultations/{slug}/qr.svg")).await?,
        theme_href: format!("/consultations/{slug}"),
        web_form: (theme.phase == Phase::Open).then(|| target(&theme)),
    };
    Ok(render::shared(&ctx, page))
}

async fn poster(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let theme = for_staff(&ctx, id, ConsultationAction::Read).await?;
    let page = Poster {
        id,
        theme: printed(&ctx, &theme, format!("/staff/consultations/{id}/qr.svg")).await?,
        summary: theme.row.summary,
    };
    Ok(render::page(&ctx, page))
}

async fn code(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let theme = visible(&ctx, &slug).await?;
    picture(&ctx.url(&target(&theme)), "public, max-age=3600")
}

/// The same before the theme is public: posters are printed in advance.
async fn staff_code(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let theme = for_staff(&ctx, id, ConsultationAction::Read).await?;
    picture(&ctx.url(&target(&theme)), "private, no-store")
}

/// An address as a QR code (ISO/IEC 18004): error correction M, a quiet zone of four modules.
fn picture(url: &str, cache: &'static str) -> Result<Response> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).map_err(anyhow::Error::from)?;
    let svg = code.render::<svg::Color>().quiet_zone(true).min_dimensions(EDGE, EDGE).build();
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, cache)];
    Ok((headers, svg).into_response())
}
