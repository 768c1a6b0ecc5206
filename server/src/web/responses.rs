//! The ward's view, its downloads and the yearly list.

use std::borrow::Cow;

use app::{
    pages::{
        responses::{Download, DownloadFailed, ResponseIndex, ResponsePage, Source, Wanted},
        yearly::YearlyPage,
    },
    rendering::RenderError,
};
use axum::{
    extract::{Path, Query},
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
    routing::get,
};
use documents::Format;
use serde::Deserialize;

use super::{
    download,
    routes::{Access, Answer, Routes},
};
use crate::{
    ctx::Ctx,
    error::AppError,
    render, rendering,
    service::{
        document::main_pdf,
        response::reading::{Published, public_version},
        yearly,
    },
};

/// The routes. A PDF of a long table takes longer than pages may.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/responses", Access::Public, index).get("/responses/years/{year}", Access::Public, year).add(
        Method::GET,
        "/consultations/{slug}/{responses}",
        Access::Public,
        get(show),
    )
}

async fn index(ctx: Ctx) -> Answer {
    let cards = super::consultations::with_results(&ctx).await?;
    let years = yearly::years(&ctx).await?;
    Ok(render::shared(&ctx, ResponseIndex { cards, years }))
}

/// `2026` is the page, `2026.csv` and its like the same list as a file.
async fn year(ctx: Ctx, Path(name): Path<String>) -> Answer {
    let (year, extension) = name.split_once('.').map_or((name.as_str(), None), |(year, ext)| (year, Some(ext)));
    let year: i32 = year.parse().map_err(|_| AppError::NotFound)?;
    let list = yearly::list(&ctx, year).await?;
    let file = |extension: &str| format!("consultations-{year}.{extension}");
    Ok(match extension {
        None => {
            let years = yearly::years(&ctx).await?;
            render::shared(&ctx, YearlyPage { list, years })
        }
        Some(csv @ "csv") => download::streamed(Format::Csv.content_type(), &file(csv), move |target| list.csv(target)),
        Some(txt @ "txt") => download::streamed(Format::Txt.content_type(), &file(txt), move |target| list.txt(target)),
        Some(xlsx @ "xlsx") => {
            let bytes = download::whole(move || list.xlsx()).await?;
            download::attachment(Format::Xlsx.content_type(), &file(xlsx), bytes)
        }
        Some(_) => return Err(AppError::NotFound),
    })
}

/// What is asked for, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowQuery {
    version: String,
    chapter: String,
    disposition: String,
    part: String,
    row: String,
}

impl ShowQuery {
    /// What can't be read isn't asked for.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            chapter: self.chapter.parse().ok(),
            disposition: Some(self.disposition.clone()).filter(|code| !code.is_empty()),
            part: self.part.parse().ok(),
            row: self.row.parse().ok(),
        }
    }

    /// A version that can't be read is one that isn't there: nobody must take the newest for it.
    fn version(&self) -> Result<Option<i64>, AppError> {
        match self.version.as_str() {
            "" => Ok(None),
            version => version.parse().map(Some).map_err(|_| AppError::NotFound),
        }
    }
}

/// `responses` is the page, `responses.csv` and its like the same table as a file.
async fn show(ctx: Ctx, Path((slug, name)): Path<(String, String)>, Query(query): Query<ShowQuery>) -> Answer {
    let download = match name.split_once('.') {
        None if name == "responses" => None,
        Some(("responses", extension)) => Some(Download::from_extension(extension).ok_or(AppError::NotFound)?),
        _ => return Err(AppError::NotFound),
    };
    let published = public_version(&ctx, &slug, query.version()?).await?;
    let Some(download) = download else {
        let document_href = main_pdf(ctx.db(), &slug).await?;
        let Published { table, versions, .. } = published;
        let source = Source::Published { versions };
        return Ok(render::shared(&ctx, ResponsePage { table, document_href, source, wanted: query.wanted() }));
    };
    let stem = published.table.file_stem();
    let stem = if published.is_newest() { stem } else { format!("{stem}-v{}", published.table.version) };
    match download {
        Download::File(format) => download::table(published.table, format, &stem).await,
        Download::Pdf => match rendering::published_pdf(&ctx, published.publication, &published.table).await? {
            Ok(bytes) => Ok(download::pdf(bytes, &stem)),
            Err(error) => {
                let base = format!("/consultations/{slug}/responses");
                let version = Some(query.version).filter(|_| !published.is_newest());
                Ok(failed(&ctx, published.table.consultation.title, &base, version.as_deref(), error))
            }
        },
    }
}

/// A plain page that says what happened and what to do; `base` is the page of the table.
pub(super) fn failed(ctx: &Ctx, title: String, base: &str, version: Option<&str>, error: RenderError) -> Response {
    let query = version.map_or(Cow::Borrowed(""), |version| format!("?version={version}").into());
    let address = |download: Download| format!("{base}.{}{query}", download.extension());
    let others = Download::all().into_iter().filter(|other| *other != Download::Pdf);
    let page = DownloadFailed {
        title,
        page: format!("{base}{query}"),
        again: address(Download::Pdf),
        others: others.map(|other| (address(other), other)).collect(),
        error,
    };
    let mut response = render::page_with(ctx, StatusCode::SERVICE_UNAVAILABLE, page);
    // Seconds; most PDFs take less.
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    response
}
