//! Putting the table up for decision and deciding (起案、確認、決裁).

use app::{
    pages::{
        responses::{Download, ResponsePage, Source},
        staff::approval::{ApprovalPage, Done, Typed, package::mark},
    },
    rendering::RenderError,
};
use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
    routing::get,
};
use axum_extra::extract::Form;
use documents::ResponseTable;
use domain::FieldErrors;
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::AppError,
    render,
    service::approval::{self, Decision, Outcome, Refused},
    web::{
        download,
        responses::{ShowQuery, failed},
        routes::{Access, Answer, Routes},
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/staff/consultations/{id}/approval", Access::Staff, show)
        .post("/staff/consultations/{id}/approval", Access::Staff, draft)
        .get("/staff/consultations/{id}/approval/{approval}", Access::Staff, to_page)
        .post("/staff/consultations/{id}/approval/{approval}", Access::Staff, act)
        .add(Method::GET, "/staff/consultations/{id}/approval/{approval}/{file}", Access::Staff, get(file))
}

/// The page's address.
pub(super) fn base(id: i64) -> String {
    format!("/staff/consultations/{id}/approval")
}

/// On to the page, with a word about what was done.
pub(super) fn done(id: i64, done: Done) -> Response {
    render::see_other(&format!("{}?notice={}", base(id), done.code()))
}

/// The page again, with what was typed and what is wrong.
pub(super) async fn again(ctx: &Ctx, id: i64, typed: Typed, errors: FieldErrors, refused: Option<Refused>) -> Answer {
    let page = approval::overview(ctx, id).await?;
    Ok(render::invalid(ctx, ApprovalPage { typed, errors, refused, ..page }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoticeQuery {
    notice: String,
}

async fn show(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<NoticeQuery>) -> Answer {
    let page = approval::overview(&ctx, id).await?;
    Ok(render::page(&ctx, ApprovalPage { done: Done::from_code(&query.notice), ..page }))
}

/// The address of an action can be read as well: people come there after signing in again.
async fn to_page(_: Ctx, Path((id, _)): Path<(i64, i64)>) -> Answer {
    Ok(render::see_other(&base(id)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    act: String,
    step: i64,
    note: String,
    comment: String,
    remark: String,
}

async fn draft(ctx: Ctx, Path(id): Path<i64>, Form(body): Form<Body>) -> Answer {
    let typed = Typed { note: body.note.clone(), ..Typed::default() };
    match approval::draft(&ctx, id, &body.note).await? {
        Ok(Outcome::Done) => Ok(done(id, Done::Drafted)),
        Ok(Outcome::Refused(why)) => again(&ctx, id, typed, FieldErrors::new(), Some(why)).await,
        Err(errors) => again(&ctx, id, typed, errors, None).await,
    }
}

async fn act(ctx: Ctx, Path((id, approval)): Path<(i64, i64)>, Form(body): Form<Body>) -> Answer {
    let typed = Typed { comment: body.comment.clone(), remark: body.remark.clone(), ..Typed::default() };
    let agreed = body.act == "approve";
    let (saved, told) = match body.act.as_str() {
        "approve" | "send_back" => {
            let decision = Decision { step: body.step, agreed, comment: body.comment };
            let told = if agreed { Done::Approved } else { Done::SentBack };
            (approval::decide(&ctx, id, approval, &decision).await?, told)
        }
        "comment" => (approval::comment(&ctx, id, approval, &body.remark).await?, Done::Commented),
        "withdraw" => {
            approval::withdraw(&ctx, id, approval).await?;
            (Ok(()), Done::Withdrawn)
        }
        _ => return Err(AppError::BadRequest),
    };
    match saved {
        Ok(()) => Ok(done(id, told)),
        Err(errors) => again(&ctx, id, typed, errors, None).await,
    }
}

/// What was put up, as it was put up: `table` is the page, `table.xlsx` and its like the same as a file, `package.zip`
/// everything for the ward's own 電子決裁.
async fn file(
    ctx: Ctx,
    Path((id, approval, name)): Path<(i64, i64, String)>,
    Query(query): Query<ShowQuery>,
) -> Answer {
    if name == "package.zip" {
        return package(&ctx, id, approval).await;
    }
    let download = match name.split_once('.') {
        None if name == "table" => None,
        Some(("table", extension)) => Some(Download::from_extension(extension).ok_or(AppError::NotFound)?),
        _ => return Err(AppError::NotFound),
    };
    let table = approval::frozen_table(&ctx, id, approval).await?;
    let Some(download) = download else {
        let source = Source::PutUp { theme: id, approval };
        return Ok(render::page(&ctx, ResponsePage { table, document_href: None, source, wanted: query.wanted() }));
    };
    let stem = format!("{}-approval-{approval}", table.file_stem());
    match download {
        Download::File(format) => download::table(table, format, &stem).await,
        Download::Pdf => match ctx.app.renderer.pdf(&table, Some(&mark())).await {
            Ok(bytes) => Ok(download::pdf(bytes, &stem)),
            Err(error) => Ok(not_made(&ctx, id, approval, table, error)),
        },
    }
}

async fn package(ctx: &Ctx, id: i64, approval: i64) -> Answer {
    match approval::package(ctx, id, approval).await? {
        Ok((name, bytes)) => Ok(download::attachment("application/zip", &name, bytes)),
        Err(error) => {
            let table = approval::frozen_table(ctx, id, approval).await?;
            Ok(not_made(ctx, id, approval, table, error))
        }
    }
}

/// Says why there is no PDF, and offers the other files.
fn not_made(ctx: &Ctx, id: i64, approval: i64, table: ResponseTable, error: RenderError) -> Response {
    failed(ctx, table.consultation.title, &format!("{}/{approval}/table", base(id)), None, error)
}
