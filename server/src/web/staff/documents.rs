//! The documents of a theme in the console: versions of the draft and its own text.

use app::pages::staff::documents::{
    DocumentForm, DocumentRow, DocumentsPage, Done, PlaceRow, TextChanges, TwinForm, TypedDocument, VersionRow,
};
use axum::{
    extract::{DefaultBodyLimit, Multipart, Path, Query},
    http::Method,
    response::Response,
    routing::post,
};
use axum_extra::extract::Form;
use domain::{
    FieldErrors,
    document::DocumentStage,
    draft_text::Change,
    permission::{self, ConsultationAction},
    text::excerpt,
};
use serde::Deserialize;

use crate::{
    ctx::Ctx,
    entity::document_block,
    error::{AppError, Result},
    render,
    repository::{
        self,
        draft::{Document, Version},
    },
    service::{
        self,
        consultation::{Loaded, for_staff},
        document::{Input, Places, Saved},
    },
    web::{
        consultations::send_file,
        drafts::{Base, ReadingQuery, TwinQuery, reading_page, twin_page, twin_text, version_view},
        multipart::{self, FormWithFiles},
        routes::{Access, Answer, Routes},
    },
};

/// Largest body with files: the largest document, two text files and what belongs to the form.
const UPLOAD_LIMIT: usize = 26 * 1024 * 1024;
/// Largest body with a text: a Japanese character takes nine bytes in a form.
const TEXT_LIMIT: usize = 6 * 1024 * 1024;
/// Drafts are nobody else's, in caches either.
const PRIVATE: &str = "private, no-store";

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let limit = || DefaultBodyLimit::max(UPLOAD_LIMIT);
    let documents = "/staff/consultations/{id}/documents";
    let versions = "/staff/consultations/{id}/documents/{document}/versions";
    let text = "/staff/consultations/{id}/documents/{document}/versions/{version}/text";
    routes
        .get(documents, Access::Staff, index)
        .add(Method::POST, documents, Access::Staff, post(create).layer(limit()))
        .get("/staff/consultations/{id}/documents/new", Access::Staff, new)
        .post("/staff/consultations/{id}/documents/{document}/remove", Access::Staff, remove)
        .add(Method::POST, versions, Access::Staff, post(add_version).layer(limit()))
        .get("/staff/consultations/{id}/documents/{document}/versions/new", Access::Staff, new_version)
        .post("/staff/consultations/{id}/documents/{document}/versions/{version}/remove", Access::Staff, remove_version)
        .get(text, Access::Staff, edit_twin)
        .add(Method::POST, text, Access::Staff, post(set_twin).layer(DefaultBodyLimit::max(TEXT_LIMIT)))
        .get("/staff/consultations/{id}/preview/draft", Access::Staff, preview_draft)
        .get("/staff/consultations/{id}/preview/documents/{document}", Access::Staff, preview_document)
        .get(
            "/staff/consultations/{id}/preview/documents/{document}/versions/{version}",
            Access::Staff,
            preview_version,
        )
        .get("/staff/consultations/{id}/preview/documents/{document}/text", Access::Staff, preview_twin)
        .get("/staff/consultations/{id}/preview/documents/{document}/text.txt", Access::Staff, preview_twin_file)
}

fn done(id: i64, done: Done) -> Response {
    render::see_other(&format!("/staff/consultations/{id}/documents?notice={}", done.code()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndexQuery {
    notice: String,
}

async fn index(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<IndexQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    let may = |action| permission::consultation(ctx.role(), ctx.tie(loaded.row.department_id), action, loaded.phase);
    let documents = repository::draft::of_consultation(ctx.db(), id).await?;
    let places = service::document::places(ctx.db(), id).await?;
    let blocks = repository::draft::current_blocks(ctx.db(), id).await?;
    let is_public = loaded.phase.is_public();
    let reading = (!blocks.is_empty()).then(|| (format!("{}/draft", Base::of(&loaded, !is_public).path), is_public));
    let base = Base::of(&loaded, !is_public);
    let page = DocumentsPage {
        documents: documents.into_iter().map(|d| document_row(d, &base, &places)).collect(),
        reading,
        paragraphs: paragraphs(blocks, &places),
        pages: places.pages(),
        may_write: may(ConsultationAction::Edit),
        may_read: may(ConsultationAction::ReadQueue),
        done: Done::from_code(&query.notice),
        theme: (id, loaded.row.title),
    };
    Ok(render::page(&ctx, page))
}

fn document_row(document: Document, base: &Base, places: &Places) -> DocumentRow {
    let first_text = document.versions.iter().rfind(|v| v.has_text == 1).map(|v| v.id);
    DocumentRow {
        removable: !document.versions.iter().any(|v| places.name(v)),
        id: document.id,
        title: document.title,
        versions: document
            .versions
            .into_iter()
            .map(|v| VersionRow {
                text: text_changes(&v, first_text, places),
                removable: !places.name(&v),
                version: version_view(base, v),
            })
            .collect(),
    }
}

fn text_changes(version: &Version, first: Option<i64>, places: &Places) -> TextChanges {
    let blocks = places.anchors.get(&version.id).map(Vec::as_slice).unwrap_or_default();
    let count = |change: Change| blocks.iter().filter(|(_, code)| code == change.code()).count();
    match version.has_text {
        1 if first == Some(version.id) => TextChanges::First(blocks.len()),
        1 => TextChanges::Since {
            changed: count(Change::Changed),
            added: count(Change::Added),
            moved: count(Change::Moved),
        },
        _ => TextChanges::None,
    }
}

/// The paragraphs of the newest text in order, and those that are gone but named by opinions.
fn paragraphs(blocks: Vec<document_block::Model>, places: &Places) -> Vec<PlaceRow> {
    let mut rows: Vec<PlaceRow> = blocks
        .into_iter()
        .map(|block| PlaceRow {
            opinions: places.of_anchor(&block.anchor),
            text: Some(excerpt(&block.text, 40)),
            anchor: block.anchor,
        })
        .collect();
    for place in &places.named {
        let Some(anchor) = &place.anchor else { continue };
        let opinions = places.of_anchor(anchor);
        if opinions > 0 && !rows.iter().any(|row| row.anchor == *anchor) {
            rows.push(PlaceRow { anchor: anchor.clone(), text: None, opinions });
        }
    }
    rows
}

async fn new(ctx: Ctx, Path(id): Path<i64>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let typed = TypedDocument { stage: DocumentStage::Draft.code().to_owned(), ..TypedDocument::default() };
    Ok(render::page(&ctx, form(&ctx, &loaded, None, typed).await?))
}

async fn new_version(ctx: Ctx, Path((id, document)): Path<(i64, i64)>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let known = service::document::own_document(ctx.db(), id, document).await?;
    let newest = repository::draft::newest_id(ctx.db(), document).await?.ok_or(AppError::NotFound)?;
    let newest = repository::draft::version(ctx.db(), newest).await?.ok_or(AppError::NotFound)?;
    let text = match newest.source_md {
        Some(text) => Some(text),
        None => repository::draft::newest_text(ctx.db(), document).await?.and_then(|v| v.source_md),
    };
    let kept_text = text.is_some();
    let typed = TypedDocument {
        title: known.title.clone(),
        stage: newest.stage,
        text: text.unwrap_or_default(),
        ..TypedDocument::default()
    };
    let page = form(&ctx, &loaded, Some((document, known.title)), typed).await?;
    Ok(render::page(&ctx, DocumentForm { kept_text, ..page }))
}

/// The form with what is in it.
async fn form(
    ctx: &Ctx,
    loaded: &Loaded,
    document: Option<(i64, String)>,
    typed: TypedDocument,
) -> Result<DocumentForm> {
    let own = document.as_ref().map(|(id, _)| *id);
    let texts = repository::draft::texts(ctx.db(), loaded.row.id).await?;
    Ok(DocumentForm {
        theme: (loaded.row.id, loaded.row.title.clone()),
        text_elsewhere: texts.into_iter().find(|v| Some(v.document_id) != own).map(|v| v.title),
        document,
        typed,
        kept_text: false,
        had_files: false,
        errors: FieldErrors::new(),
    })
}

fn input(mut sent: FormWithFiles) -> Input {
    let file = sent.take_files("document").pop();
    let text_file = sent.take_files("text_file").pop();
    let twin_file = sent.take_files("twin_file").pop();
    let value = |name: &str| sent.value(name).to_owned();
    Input {
        title: value("document_title"),
        stage: value("stage"),
        note: value("note"),
        text: value("text"),
        twin: value("twin"),
        too_large: sent.too_large,
        file,
        text_file,
        twin_file,
    }
}

async fn create(ctx: Ctx, Path(id): Path<i64>, sent: Multipart) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let mut input = input(multipart::read(&ctx, sent).await?);
    let had_files = input.file.is_some() || input.too_large;
    match service::document::create(&ctx, id, &mut input).await? {
        Ok(Saved { suggested, .. }) => Ok(done(id, if suggested { Done::AddedSuggested } else { Done::Added })),
        Err(errors) => again(&ctx, &loaded, None, input, had_files, errors).await,
    }
}

async fn add_version(ctx: Ctx, Path((id, document)): Path<(i64, i64)>, sent: Multipart) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Edit).await?;
    let known = service::document::own_document(ctx.db(), id, document).await?;
    let mut input = input(multipart::read(&ctx, sent).await?);
    let had_files = input.file.is_some() || input.too_large;
    match service::document::add_version(&ctx, id, document, &mut input).await? {
        Ok(Saved { suggested, .. }) => Ok(done(id, if suggested { Done::VersionSuggested } else { Done::Version })),
        Err(errors) => again(&ctx, &loaded, Some((document, known.title)), input, had_files, errors).await,
    }
}

/// The form with what was typed, and what is wrong with it.
async fn again(
    ctx: &Ctx,
    loaded: &Loaded,
    document: Option<(i64, String)>,
    input: Input,
    had_files: bool,
    errors: FieldErrors,
) -> Answer {
    let Input { title, stage, note, text, twin, .. } = input;
    let page = form(ctx, loaded, document, TypedDocument { title, stage, note, text, twin }).await?;
    Ok(render::invalid(ctx, DocumentForm { had_files, errors, ..page }))
}

async fn remove(ctx: Ctx, Path((id, document)): Path<(i64, i64)>) -> Answer {
    service::document::remove(&ctx, id, document).await?;
    Ok(done(id, Done::Removed))
}

async fn remove_version(ctx: Ctx, Path((id, document, version)): Path<(i64, i64, i64)>) -> Answer {
    service::document::remove_version(&ctx, id, document, version).await?;
    Ok(done(id, Done::VersionRemoved))
}

async fn edit_twin(ctx: Ctx, Path(path): Path<(i64, i64, i64)>) -> Answer {
    Ok(render::page(&ctx, twin_form(&ctx, path, None, FieldErrors::new()).await?))
}

async fn twin_form(
    ctx: &Ctx,
    (id, document, version): (i64, i64, i64),
    typed: Option<String>,
    errors: FieldErrors,
) -> Result<TwinForm> {
    let loaded = for_staff(ctx, id, ConsultationAction::Edit).await?;
    let known = service::document::own_document(ctx.db(), id, document).await?;
    let stored = repository::draft::version(ctx.db(), version).await?;
    let stored = stored.filter(|v| v.document_id == document).ok_or(AppError::NotFound)?;
    Ok(TwinForm {
        theme: (id, loaded.row.title),
        document: (document, known.title),
        version,
        name: (DocumentStage::from_code(&stored.stage).unwrap_or_default(), stored.created_at),
        text: typed.unwrap_or(stored.text_twin),
        errors,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TwinBody {
    twin: String,
}

async fn set_twin(ctx: Ctx, Path(path): Path<(i64, i64, i64)>, Form(body): Form<TwinBody>) -> Answer {
    let (id, document, version) = path;
    match service::document::set_twin(&ctx, id, document, version, &body.twin).await? {
        Ok(()) => Ok(done(id, Done::Text)),
        Err(errors) => Ok(render::invalid(&ctx, twin_form(&ctx, path, Some(body.twin), errors).await?)),
    }
}

async fn preview_draft(ctx: Ctx, Path(id): Path<i64>, Query(query): Query<ReadingQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    Ok(render::page(&ctx, reading_page(&ctx, &loaded, &query, true).await?))
}

async fn preview_document(ctx: Ctx, Path((id, document)): Path<(i64, i64)>) -> Answer {
    for_staff(&ctx, id, ConsultationAction::Read).await?;
    let (row, upload) = repository::consultation::document(ctx.db(), document).await?.ok_or(AppError::NotFound)?;
    if row.consultation_id != id {
        return Err(AppError::NotFound);
    }
    send_file(&ctx, &upload, PRIVATE).await
}

async fn preview_version(ctx: Ctx, Path((id, document, version)): Path<(i64, i64, i64)>) -> Answer {
    for_staff(&ctx, id, ConsultationAction::Read).await?;
    let (_, upload) = service::document::own_version(ctx.db(), id, document, version).await?;
    send_file(&ctx, &upload, PRIVATE).await
}

async fn preview_twin(ctx: Ctx, Path((id, document)): Path<(i64, i64)>, Query(query): Query<TwinQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    Ok(render::page(&ctx, twin_page(&ctx, &loaded, document, &query, true).await?))
}

async fn preview_twin_file(ctx: Ctx, Path((id, document)): Path<(i64, i64)>, Query(query): Query<TwinQuery>) -> Answer {
    let loaded = for_staff(&ctx, id, ConsultationAction::Read).await?;
    twin_text(&ctx, &loaded, document, &query, PRIVATE).await
}
