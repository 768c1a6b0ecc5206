//! The draft (素案) for reading: versions, chapters and paragraphs with anchors; files and texts of documents.

use app::pages::drafts::{DocumentView, GoneLine, Line, Mark, ReadingPage, TwinPage, VersionChoice, VersionView};
use axum::{
    extract::{Path, Query},
    http::header,
    response::IntoResponse as _,
};
use domain::{
    ConsultationKind, Phase,
    document::{Compared, DocumentStage},
    draft_text::{Block, Change},
    similarity::differences,
};
use serde::Deserialize;

use super::{
    consultations::send_file,
    routes::{Access, Answer, Routes},
};
use crate::{
    ctx::Ctx,
    entity::{document_version, upload},
    error::{AppError, Result},
    render,
    repository::{self, draft::Version},
    service::{
        self,
        consultation::{Loaded, visible},
        document::Reading,
    },
};

/// Files that everybody may see, and that may be replaced.
const CACHE: &str = "public, max-age=300";

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/consultations/{slug}/draft", Access::Public, show)
        .get("/consultations/{slug}/documents/{id}/versions/{version}", Access::Public, file)
        .get("/consultations/{slug}/documents/{id}/text", Access::Public, twin)
        .get("/consultations/{slug}/documents/{id}/text.txt", Access::Public, twin_file)
}

/// Where the pages of a theme are: for everybody, or for staff before it is public.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// Before `/documents` and `/draft`.
    pub path: String,
}

impl Base {
    /// The addresses for everybody.
    pub(super) fn public(slug: &str) -> Self {
        Self { path: format!("/consultations/{slug}") }
    }

    /// The addresses of staff's preview.
    pub(super) fn preview(consultation: i64) -> Self {
        Self { path: format!("/staff/consultations/{consultation}/preview") }
    }

    /// One of the two.
    pub(super) fn of(theme: &Loaded, preview: bool) -> Self {
        if preview { Self::preview(theme.row.id) } else { Self::public(&theme.row.slug) }
    }

    fn version(&self, document: i64, version: i64) -> String {
        format!("{}/documents/{document}/versions/{version}", self.path)
    }
}

fn stage(code: &str) -> DocumentStage {
    DocumentStage::from_code(code).unwrap_or_default()
}

/// A version as pages show it.
pub(super) fn version_view(base: &Base, v: Version) -> VersionView {
    let text = format!("{}/documents/{}/text?version={}", base.path, v.document_id, v.id);
    VersionView {
        href: base.version(v.document_id, v.id),
        text_href: (v.has_twin == 1).then_some(text),
        id: v.id,
        stage: stage(&v.stage),
        at: v.created_at,
        note: v.note,
        content_type: v.content_type,
        size: v.size,
        sha256: v.sha256,
    }
}

/// The documents of the theme page.
pub(super) async fn document_views(ctx: &Ctx, theme: &Loaded, preview: bool) -> Result<Vec<DocumentView>> {
    let base = Base::of(theme, preview);
    let documents = repository::draft::of_consultation(ctx.db(), theme.row.id).await?;
    Ok(documents
        .into_iter()
        .filter_map(|document| {
            let has_text = document.versions.iter().any(|v| v.has_text == 1);
            let mut versions = document.versions.into_iter().map(|v| version_view(&base, v));
            let current = versions.next()?;
            Some(DocumentView {
                title: document.title,
                href: format!("{}/documents/{}", base.path, document.id),
                draft_href: has_text.then(|| format!("{}/draft", base.path)),
                current,
                earlier: versions.collect(),
            })
        })
        .collect())
}

/// Which version is read, and with which it is compared. Empty values are those of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReadingQuery {
    version: String,
    compare: String,
}

async fn show(ctx: Ctx, Path(slug): Path<String>, Query(query): Query<ReadingQuery>) -> Answer {
    let theme = visible(&ctx, &slug).await?;
    let page = reading_page(&ctx, &theme, &query, false).await?;
    Ok(render::shared(&ctx, page))
}

/// The reading page, for everybody and for staff's preview.
pub(super) async fn reading_page(
    ctx: &Ctx,
    theme: &Loaded,
    query: &ReadingQuery,
    preview: bool,
) -> Result<ReadingPage> {
    let number = |value: &str| match value {
        "" => Ok(None),
        value => value.parse::<i64>().map(Some).map_err(|_| AppError::NotFound),
    };
    let (version, compare) = (number(&query.version)?, number(&query.compare)?);
    let reading = service::document::reading(ctx, theme.row.id, version, compare).await?.ok_or(AppError::NotFound)?;
    let Reading { versions, shown, compared, lines, gone } = reading;
    let base = Base::of(theme, preview);
    // The form of an open dialogue knows questions, not paragraphs.
    let takes_opinions = theme.phase == Phase::Open && theme.kind == ConsultationKind::PublicComment && !preview;
    // Differences of long texts take a while.
    let lines = tokio::task::spawn_blocking(move || lines.into_iter().map(line).collect())
        .await
        .map_err(anyhow::Error::from)?;
    Ok(ReadingPage {
        theme: (base.path.clone(), theme.row.title.clone()),
        here: format!("{}/draft", base.path),
        title: shown.title.clone(),
        versions: versions
            .into_iter()
            .map(|v| VersionChoice { id: v.id, stage: stage(&v.stage), at: v.created_at })
            .collect(),
        shown: version_view(&base, shown),
        compared: compared.map(|v| v.id),
        lines,
        gone: gone
            .into_iter()
            .map(|(block, version)| GoneLine { anchor: block.anchor, text: block.text, version })
            .collect(),
        opinion_href: takes_opinions.then(|| format!("{}/proposals/new", base.path)),
        preview,
    })
}

fn line(compared: Compared) -> Line {
    match compared {
        Compared::Here { block, change, before } => {
            let mark = match change {
                Change::Unchanged => None,
                Change::Moved => Some(Mark::Moved),
                Change::Changed => Some(Mark::Changed),
                Change::Added => Some(Mark::Added),
            };
            let pieces = before.map(|before| differences(&before, &block.text)).unwrap_or_default();
            Line { mark, pieces, ..plain_line(block) }
        }
        Compared::Removed(block) => Line { mark: Some(Mark::Removed), ..plain_line(block) },
    }
}

fn plain_line(block: Block) -> Line {
    Line { anchor: block.anchor, kind: block.kind, text: block.text, html: block.html, mark: None, pieces: vec![] }
}

async fn file(ctx: Ctx, Path((slug, id, version)): Path<(String, i64, i64)>) -> Answer {
    let theme = visible(&ctx, &slug).await?;
    let (_, upload) = service::document::own_version(ctx.db(), theme.row.id, id, version).await?;
    send_file(&ctx, &upload, CACHE).await
}

/// Which version's text is read aloud; nothing is the newest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TwinQuery {
    version: String,
}

/// A version of a document that has a text for reading aloud: its title, the version and its file.
async fn with_twin(
    ctx: &Ctx,
    theme: &Loaded,
    id: i64,
    query: &TwinQuery,
) -> Result<(String, document_version::Model, upload::Model)> {
    let db = ctx.db();
    let document = service::document::own_document(db, theme.row.id, id).await?;
    let version = match query.version.as_str() {
        "" => repository::draft::newest_id(db, id).await?,
        value => value.parse::<i64>().ok(),
    };
    let found = repository::draft::version_with_file(db, version.ok_or(AppError::NotFound)?).await?;
    let (version, file) =
        found.filter(|(v, _)| v.document_id == id && !v.text_twin.is_empty()).ok_or(AppError::NotFound)?;
    Ok((document.title, version, file))
}

async fn twin(ctx: Ctx, Path((slug, id)): Path<(String, i64)>, Query(query): Query<TwinQuery>) -> Answer {
    let theme = visible(&ctx, &slug).await?;
    let page = twin_page(&ctx, &theme, id, &query, false).await?;
    Ok(render::shared(&ctx, page))
}

/// A document as plain text, for everybody and for staff's preview.
pub(super) async fn twin_page(
    ctx: &Ctx,
    theme: &Loaded,
    id: i64,
    query: &TwinQuery,
    preview: bool,
) -> Result<TwinPage> {
    let (title, version, file) = with_twin(ctx, theme, id, query).await?;
    let base = Base::of(theme, preview);
    Ok(TwinPage {
        theme: (base.path.clone(), theme.row.title.clone()),
        file_href: format!("{}/documents/{id}/text.txt?version={}", base.path, version.id),
        version: VersionView {
            id: version.id,
            stage: stage(&version.stage),
            at: version.created_at,
            note: version.note,
            content_type: file.content_type,
            size: file.size,
            sha256: file.sha256,
            href: base.version(id, version.id),
            text_href: None,
        },
        text: version.text_twin,
        title,
        preview,
    })
}

async fn twin_file(ctx: Ctx, Path((slug, id)): Path<(String, i64)>, Query(query): Query<TwinQuery>) -> Answer {
    let theme = visible(&ctx, &slug).await?;
    twin_text(&ctx, &theme, id, &query, CACHE).await
}

/// The text of a document as a file.
pub(super) async fn twin_text(ctx: &Ctx, theme: &Loaded, id: i64, query: &TwinQuery, cache: &'static str) -> Answer {
    let (title, version, _) = with_twin(ctx, theme, id, query).await?;
    let name = app::shell::percent(&format!("{title}.txt"));
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, cache.to_owned()),
    ];
    Ok((headers, version.text_twin).into_response())
}
