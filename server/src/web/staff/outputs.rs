//! Texts and exports that staff take from the desk, and the draft as it would be published.

use app::pages::{
    responses::{Download, ResponsePage, Source},
    staff::outputs::OutputsPage,
};
use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
    routing::{MethodRouter, get},
};
use axum_extra::extract::Query as Rows;
use documents::{Format, texts};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    error::Result,
    render,
    service::{
        export::{self, ItemFormat},
        response::reading::{self, ForTexts},
    },
    web::{
        download,
        responses::{ShowQuery, failed},
        routes::{Access, Answer, Routes},
    },
};

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = routes
        .get("/staff/consultations/{id}/responses/preview", Access::Staff, preview)
        .get("/staff/consultations/{id}/outputs", Access::Staff, outputs)
        .get("/staff/consultations/{id}/outputs/bulletin.txt", Access::Staff, bulletin)
        .get("/staff/consultations/{id}/outputs/committee.txt", Access::Staff, committee);
    // Slow lines and long tables take longer than pages may.
    let files: [(&'static str, MethodRouter); 9] = [
        ("/staff/consultations/{id}/responses/preview.pdf", file(Download::Pdf)),
        ("/staff/consultations/{id}/responses/preview.docx", file(Download::File(Format::Docx))),
        ("/staff/consultations/{id}/responses/preview.xlsx", file(Download::File(Format::Xlsx))),
        ("/staff/consultations/{id}/responses/preview.txt", file(Download::File(Format::Txt))),
        ("/staff/consultations/{id}/responses/preview.csv", file(Download::File(Format::Csv))),
        ("/staff/consultations/{id}/responses/preview.utf8.csv", file(Download::File(Format::CsvUtf8))),
        ("/staff/consultations/{id}/responses/preview.json", file(Download::File(Format::Json))),
        ("/staff/consultations/{id}/responses/items.csv", all_items(ItemFormat::Csv)),
        ("/staff/consultations/{id}/responses/items.json", all_items(ItemFormat::Json)),
    ];
    files.into_iter().fold(routes, |routes, (path, route)| routes.add(Method::GET, path, Access::Staff, route))
}

async fn preview(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<ShowQuery>) -> Answer {
    let table = reading::draft(&ctx, id).await?;
    let page = ResponsePage { table, document_href: None, source: Source::Draft(id), wanted: query.wanted() };
    Ok(render::page(&ctx, page))
}

fn file(download: Download) -> MethodRouter {
    get(move |ctx: Ctx, Path(id): Path<i64>| async move { preview_file(&ctx, id, download).await })
}

/// What is printed on every page of a draft's PDF.
const MARK: &str = "案";

async fn preview_file(ctx: &Ctx, id: i64, download: Download) -> Answer {
    let table = reading::marked_draft(ctx, id).await?;
    let stem = format!("{}-draft", table.file_stem());
    match download {
        Download::File(format) => download::table(table, format, &stem).await,
        Download::Pdf => match ctx.app.renderer.pdf(&table, Some(MARK)).await {
            Ok(bytes) => Ok(download::pdf(bytes, &stem)),
            Err(error) => {
                let base = format!("/staff/consultations/{id}/responses/preview");
                Ok(failed(ctx, table.consultation.title, &base, None, error))
            }
        },
    }
}

fn all_items(format: ItemFormat) -> MethodRouter {
    get(move |ctx: Ctx, Path(id): Path<i64>| async move { items(&ctx, id, format).await })
}

async fn items(ctx: &Ctx, id: i64, format: ItemFormat) -> Answer {
    let (mut export, slug) = export::items(ctx, id, format).await?;
    let name = format!("{slug}-opinions.{}", format.extension());
    let (pieces, response) = download::pieces(format.content_type(), &name);
    tokio::spawn(async move {
        loop {
            let piece = match export.next().await {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "exporting opinions");
                    Err(std::io::Error::other("not written to the end"))
                }
            };
            let failed = piece.is_err();
            // Nobody may listen any more.
            if pieces.send(piece).await.is_err() || failed {
                return;
            }
        }
    });
    Ok(response)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OutputsQuery {
    of: String,
    row: Vec<i64>,
}

impl OutputsQuery {
    async fn source(&self, ctx: &Ctx, id: i64) -> Result<ForTexts> {
        reading::for_texts(ctx, id, self.of == "draft").await
    }
}

async fn outputs(ctx: Ctx, Path(id): Path<i64>, Rows(query): Rows<OutputsQuery>) -> Answer {
    let ForTexts { title, table, draft, has_published } = query.source(&ctx, id).await?;
    let page = OutputsPage {
        id,
        theme: title,
        bulletin: texts::bulletin(&table),
        committee: texts::committee(&table, &query.row),
        table,
        draft,
        has_published,
        chosen: query.row,
    };
    Ok(render::page(&ctx, page))
}

async fn bulletin(ctx: Ctx, Path(id): Path<i64>, Rows(query): Rows<OutputsQuery>) -> Answer {
    let source = query.source(&ctx, id).await?;
    Ok(text_file(&source, "bulletin", &texts::bulletin(&source.table)))
}

async fn committee(ctx: Ctx, Path(id): Path<i64>, Rows(query): Rows<OutputsQuery>) -> Answer {
    let source = query.source(&ctx, id).await?;
    Ok(text_file(&source, "committee", &texts::committee(&source.table, &query.row)))
}

/// A text as Windows' editor opens it: UTF-8 with BOM, CRLF.
fn text_file(source: &ForTexts, name: &str, text: &str) -> Response {
    let draft = if source.draft { "-draft" } else { "" };
    let name = format!("{}-{name}{draft}.txt", source.table.file_stem());
    let bytes = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
    download::attachment(Format::Txt.content_type(), &name, bytes)
}
