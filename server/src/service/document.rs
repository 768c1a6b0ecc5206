//! Documents of a theme: versions with file, own text and text for reading aloud; the draft as it is read.

pub mod extract;
mod reading;

pub use reading::{Places, Reading, main_pdf, places, reading};

use domain::{
    FieldErrors, Problem,
    document::{self as rules, DocumentStage},
    draft_text::{self, Block, BlockKind, CarriedOver, NewBlock},
    permission::ConsultationAction,
    text,
};
use sea_orm::{
    ActiveValue::{NotSet, Unchanged},
    ConnectionTrait, Set,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    Checked,
    consultation::for_staff,
    upload::{self as uploads, Incoming},
};
use crate::{
    audit,
    ctx::Ctx,
    entity::{document, document_version, upload},
    error::{AppError, Result},
    files::{FileKind, PDF_MAX_MIB},
    markdown,
    repository::{self, draft::Document},
};

/// The kinds of files a document can be.
const KINDS: [FileKind; 3] = [FileKind::Pdf, FileKind::Word, FileKind::Excel];
/// Largest text file, in mebibytes.
const TEXT_FILE_MIB: u32 = 1;
/// The media type of a version that is its own text and nothing else.
const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// A version as entered.
#[derive(Debug, Default)]
pub struct Input {
    /// The title of the document.
    pub title: String,
    /// The stage; nothing is other material.
    pub stage: String,
    /// What changed.
    pub note: String,
    /// Its own text, as Markdown.
    pub text: String,
    /// The text for reading aloud.
    pub twin: String,
    /// PDF, Word or Excel.
    pub file: Option<Incoming>,
    /// The own text as a file.
    pub text_file: Option<Incoming>,
    /// The text for reading aloud as a file.
    pub twin_file: Option<Incoming>,
    /// Whether the form was larger than what is read.
    pub too_large: bool,
}

struct Clean {
    title: String,
    stage: DocumentStage,
    note: String,
    text: Option<String>,
    blocks: Vec<NewBlock>,
    twin: String,
    /// Whether the text for reading aloud was taken from the file.
    suggested: bool,
    file: Option<uploads::Checked>,
}

/// What was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The document.
    pub document: i64,
    /// The version.
    pub version: i64,
    /// Whether its text for reading aloud was taken from the file and wants to be looked through.
    pub suggested: bool,
}

/// Reads a text file into `typed`, which then is what the form shows.
async fn read_text(ctx: &Ctx, file: Option<Incoming>, typed: &mut String) -> Result<std::result::Result<(), Problem>> {
    let Some(file) = file else { return Ok(Ok(())) };
    if file.size > u64::from(TEXT_FILE_MIB) * 1024 * 1024 {
        return Ok(Err(Problem::FileSize { max_mib: TEXT_FILE_MIB }));
    }
    let bytes = tokio::fs::read(&file.path).await.map_err(anyhow::Error::from)?;
    let Some(text) = extract::decode(&bytes).filter(|text| !text.chars().any(|c| c == '\0')) else {
        return Ok(Err(Problem::FileKind));
    };
    if !uploads::is_clean(ctx, &file.path).await {
        return Ok(Err(Problem::FileUnsafe));
    }
    *typed = text;
    Ok(Ok(()))
}

/// Checks what was entered. Text files are read into the text fields, so that they are there when the form comes back.
async fn check(ctx: &Ctx, input: &mut Input) -> Result<Checked<Clean>> {
    let mut errors = FieldErrors::new();
    let title = errors.take("document_title", text::required_line(&input.title, rules::TITLE_MAX));
    let stage = match input.stage.as_str() {
        "" => DocumentStage::Initial,
        code => errors.take("stage", DocumentStage::from_code(code).ok_or(Problem::UnknownChoice)),
    };
    let note = errors.take("note", text::optional(&input.note, rules::NOTE_MAX)).unwrap_or_default();
    let file = match input.file.take() {
        _ if input.too_large => Err(Problem::FileSize { max_mib: PDF_MAX_MIB }),
        None => Ok(None),
        Some(file) => uploads::accept(ctx, file, &KINDS, PDF_MAX_MIB).await?.map(Some),
    };
    let file = errors.take("document", file);
    let read = read_text(ctx, input.text_file.take(), &mut input.text).await?;
    errors.take("text_file", read);
    let read = read_text(ctx, input.twin_file.take(), &mut input.twin).await?;
    errors.take("twin_file", read);
    let text = errors.take("text", text::optional(&input.text, rules::TEXT_MAX));
    let twin = errors.take("twin", text::optional(&input.twin, rules::TEXT_MAX)).unwrap_or_default();
    if text.is_none() && file.is_none() && errors.of("document").is_none() && errors.of("text_file").is_none() {
        errors.push("document", Problem::Required);
    }
    let blocks = cut(text.clone()).await?;
    if text.is_some() && blocks.is_empty() {
        errors.push("text", Problem::Required);
    }
    if blocks.len() > rules::BLOCKS_MAX {
        errors.push("text", Problem::TooMany { max: rules::BLOCKS_MAX });
    }
    let mut clean = Clean { title, stage, note, text, blocks, twin, suggested: false, file };
    if errors.is_empty() && clean.twin.is_empty() {
        suggest_twin(ctx, &mut clean).await?;
    }
    Ok(errors.into_result(clean))
}

async fn cut(text: Option<String>) -> Result<Vec<NewBlock>> {
    let Some(text) = text else { return Ok(vec![]) };
    Ok(tokio::task::spawn_blocking(move || markdown::blocks(&text)).await.map_err(anyhow::Error::from)?)
}

/// The text for reading aloud when nobody wrote one: the version's own text, or what is written in the file.
async fn suggest_twin(ctx: &Ctx, clean: &mut Clean) -> Result<()> {
    if clean.text.is_some() {
        clean.twin = text_of(&clean.blocks);
        return Ok(());
    }
    let Some(file) = &clean.file else { return Ok(()) };
    let kind = file.kind;
    if !matches!(kind, FileKind::Word | FileKind::Excel) {
        return Ok(());
    }
    let bytes = tokio::fs::read(ctx.app.files.path(&file.stored.sha256)).await.map_err(anyhow::Error::from)?;
    let words = tokio::task::spawn_blocking(move || extract::words(&bytes, kind, rules::TEXT_MAX))
        .await
        .map_err(anyhow::Error::from)?;
    clean.suggested = words.is_some();
    clean.twin = words.unwrap_or_default();
    Ok(())
}

/// A text of blocks without its marks, as it is read aloud.
fn text_of(blocks: &[NewBlock]) -> String {
    let mut text = String::new();
    let mut before = None;
    for block in blocks {
        // Items follow each other without an empty line.
        let close = block.kind == BlockKind::Item && before == Some(BlockKind::Item);
        if before.is_some() {
            text.push_str(if close { "\n" } else { "\n\n" });
        }
        if block.kind == BlockKind::Item {
            text.push('・');
        }
        text.push_str(&block.text);
        before = Some(block.kind);
    }
    text
}

/// Adds a document with its first version.
///
/// # Errors
/// [`AppError::Forbidden`]. Inner: what is wrong.
pub async fn create(ctx: &Ctx, consultation: i64, input: &mut Input) -> Result<Checked<Saved>> {
    for_staff(ctx, consultation, ConsultationAction::Edit).await?;
    let clean = match check(ctx, input).await? {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    let numbered = draft_text::first(clean.blocks.clone());
    let tx = ctx.write().await?;
    repository::consultation::by_id_locked(&tx, consultation).await?.ok_or(AppError::NotFound)?;
    let documents = repository::draft::of_consultation(&tx, consultation).await?;
    let sha256 = hash(&clean);
    for known in documents.iter().filter(|known| known.title == clean.title) {
        // The second half of a double click.
        if let Some(saved) = same_again(&tx, known, &clean, &sha256).await? {
            return Ok(Ok(saved));
        }
    }
    if clean.text.is_some() && documents.iter().flat_map(|d| &d.versions).any(|v| v.has_text == 1) {
        return Ok(Err(FieldErrors::one("text", Problem::UnknownChoice)));
    }
    let file = note(&tx, ctx, &clean).await?;
    let position = i64::try_from(documents.len()).unwrap_or(i64::MAX) + 1;
    let row = document::ActiveModel {
        consultation_id: Set(consultation),
        position: Set(position),
        title: Set(clean.title.clone()),
        upload_id: Set(file.id),
        ..Default::default()
    };
    let made = repository::draft::put_document(&tx, row).await?;
    let saved = insert(&tx, ctx, made.id, clean, numbered, &file, 1).await?;
    let detail = json!({ "document": made.id, "version": saved.version, "sha256": file.sha256 });
    audit::record(&tx, ctx, "document.add", ("consultation", consultation), detail).await?;
    tx.commit().await?;
    Ok(Ok(saved))
}

/// Adds a version to a document. Paragraphs that were there keep their anchors.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what is wrong.
pub async fn add_version(ctx: &Ctx, consultation: i64, id: i64, input: &mut Input) -> Result<Checked<Saved>> {
    for_staff(ctx, consultation, ConsultationAction::Edit).await?;
    own_document(ctx.db(), consultation, id).await?;
    let clean = match check(ctx, input).await? {
        Ok(clean) => clean,
        Err(errors) => return Ok(Err(errors)),
    };
    loop {
        // Long texts take a while to compare: that is done before others have to wait.
        let base = repository::draft::newest_text(ctx.db(), id).await?;
        let old = match &base {
            Some(base) => stored_blocks(repository::draft::blocks(ctx.db(), base.id).await?),
            None => vec![],
        };
        let numbered = number(old, base.as_ref(), clean.blocks.clone()).await?;
        let tx = ctx.write().await?;
        repository::consultation::by_id_locked(&tx, consultation).await?.ok_or(AppError::NotFound)?;
        let documents = repository::draft::of_consultation(&tx, consultation).await?;
        let known = documents.iter().find(|d| d.id == id).ok_or(AppError::NotFound)?;
        if repository::draft::newest_text(&tx, id).await?.map(|v| v.id) != base.as_ref().map(|v| v.id) {
            continue;
        }
        let others = documents.iter().filter(|d| d.id != id).flat_map(|d| &d.versions);
        if clean.text.is_some() && others.into_iter().any(|v| v.has_text == 1) {
            return Ok(Err(FieldErrors::one("text", Problem::UnknownChoice)));
        }
        if let Some(saved) = same_again(&tx, known, &clean, &hash(&clean)).await? {
            return Ok(Ok(saved));
        }
        let file = note(&tx, ctx, &clean).await?;
        let row = document::ActiveModel {
            id: Unchanged(id),
            title: Set(clean.title.clone()),
            upload_id: Set(file.id),
            ..Default::default()
        };
        repository::draft::put_document(&tx, row).await?;
        let next = base.map_or(1, |base| base.next_anchor);
        let saved = insert(&tx, ctx, id, clean, numbered, &file, next).await?;
        let detail = json!({ "document": id, "version": saved.version, "sha256": file.sha256 });
        audit::record(&tx, ctx, "document.version", ("consultation", consultation), detail).await?;
        tx.commit().await?;
        return Ok(Ok(saved));
    }
}

/// Gives the blocks of a new version their anchors.
async fn number(old: Vec<Block>, base: Option<&document_version::Model>, new: Vec<NewBlock>) -> Result<CarriedOver> {
    let next = base.map_or(1, |base| u32::try_from(base.next_anchor).unwrap_or(u32::MAX));
    let is_first = base.is_none();
    let numbered = tokio::task::spawn_blocking(move || {
        if is_first { draft_text::first(new) } else { draft_text::carry_over(&old, next, new) }
    });
    Ok(numbered.await.map_err(anyhow::Error::from)?)
}

pub(crate) fn stored_blocks(rows: Vec<crate::entity::document_block::Model>) -> Vec<Block> {
    rows.into_iter().filter_map(repository::draft::block).collect()
}

/// The hash of the file a version will have.
fn hash(clean: &Clean) -> String {
    match (&clean.file, &clean.text) {
        (Some(file), _) => file.stored.sha256.clone(),
        (None, text) => crate::secret::hex(&Sha256::digest(text.as_deref().unwrap_or_default())),
    }
}

/// The newest version, when it is the same in everything: the form was sent twice.
async fn same_again<C: ConnectionTrait>(
    tx: &C,
    known: &Document,
    clean: &Clean,
    sha256: &str,
) -> Result<Option<Saved>> {
    let Some(newest) = known.versions.first() else { return Ok(None) };
    if newest.sha256 != sha256 || newest.stage != clean.stage.code() || known.title != clean.title {
        return Ok(None);
    }
    let stored = repository::draft::version(tx, newest.id).await?;
    let same = stored.filter(|v| v.note == clean.note && v.text_twin == clean.twin && v.source_md == clean.text);
    Ok(same.map(|v| Saved { document: known.id, version: v.id, suggested: clean.suggested }))
}

/// Stores what isn't stored yet, and notes the file.
async fn note<C: ConnectionTrait>(tx: &C, ctx: &Ctx, clean: &Clean) -> Result<upload::Model> {
    if let Some(file) = &clean.file {
        let file_name = format!("{}.{}", clean.title, file.kind.extension());
        return uploads::note(tx, ctx, uploads::Checked { file_name, ..file.clone() }).await;
    }
    let text = clean.text.clone().unwrap_or_default();
    let stored = ctx.app.files.put(text.into_bytes()).await?;
    let row = upload::ActiveModel {
        sha256: Set(stored.sha256),
        content_type: Set(MARKDOWN.to_owned()),
        file_name: Set(format!("{}.md", clean.title)),
        size: Set(stored.size),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
        ..Default::default()
    };
    Ok(repository::upload::insert(tx, row).await?)
}

async fn insert<C: ConnectionTrait>(
    tx: &C,
    ctx: &Ctx,
    document: i64,
    clean: Clean,
    numbered: CarriedOver,
    file: &upload::Model,
    next_anchor: i64,
) -> Result<Saved> {
    let has_text = clean.text.is_some();
    let row = document_version::ActiveModel {
        id: NotSet,
        document_id: Set(document),
        upload_id: Set(file.id),
        stage: Set(clean.stage.code().to_owned()),
        note: Set(clean.note),
        text_twin: Set(clean.twin),
        source_md: Set(clean.text),
        next_anchor: Set(if has_text { i64::from(numbered.next_anchor) } else { next_anchor }),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor()?.id.0),
    };
    let made = repository::draft::put_version(tx, row).await?;
    if has_text {
        repository::draft::insert_blocks(tx, made.id, numbered.blocks).await?;
    }
    Ok(Saved { document, version: made.id, suggested: clean.suggested })
}

/// A document of this theme.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn own_document<C: ConnectionTrait>(db: &C, consultation: i64, id: i64) -> Result<document::Model> {
    let found = repository::draft::document(db, id).await?;
    found.filter(|document| document.consultation_id == consultation).ok_or(AppError::NotFound)
}

/// A version of a document of this theme, with its file.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn own_version<C: ConnectionTrait>(
    db: &C,
    consultation: i64,
    id: i64,
    version: i64,
) -> Result<(document_version::Model, upload::Model)> {
    own_document(db, consultation, id).await?;
    let found = repository::draft::version_with_file(db, version).await?;
    found.filter(|(version, _)| version.document_id == id).ok_or(AppError::NotFound)
}

/// Changes the text of a version that is read aloud; nothing takes it away.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::NotFound`]. Inner: what is wrong.
pub async fn set_twin(ctx: &Ctx, consultation: i64, id: i64, version: i64, twin: &str) -> Result<Checked<()>> {
    for_staff(ctx, consultation, ConsultationAction::Edit).await?;
    let (_, file) = own_version(ctx.db(), consultation, id, version).await?;
    let twin = match text::optional(twin, rules::TEXT_MAX) {
        Ok(twin) => twin.unwrap_or_default(),
        Err(problem) => return Ok(Err(FieldErrors::one("twin", problem))),
    };
    let own = crate::secret::hex(&Sha256::digest(&twin));
    let tx = ctx.write().await?;
    let row = document_version::ActiveModel { id: Unchanged(version), text_twin: Set(twin), ..Default::default() };
    repository::draft::put_version(&tx, row).await?;
    let detail = json!({ "document": id, "version": version, "sha256": file.sha256, "text_sha256": own });
    audit::record(&tx, ctx, "document.text", ("consultation", consultation), detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Removes a document.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or [`AppError::Conflict`] when an opinion names a place of it.
pub async fn remove(ctx: &Ctx, consultation: i64, id: i64) -> Result<()> {
    for_staff(ctx, consultation, ConsultationAction::Edit).await?;
    let tx = ctx.write().await?;
    let (documents, places) = locked(&tx, consultation).await?;
    let known = documents.iter().find(|d| d.id == id).ok_or(AppError::NotFound)?;
    if known.versions.iter().any(|version| places.name(version)) {
        return Err(AppError::Conflict);
    }
    repository::draft::delete_document(&tx, id).await?;
    let hashes: Vec<&str> = known.versions.iter().map(|v| v.sha256.as_str()).collect();
    let detail = json!({ "document": id, "title": known.title, "sha256": hashes });
    audit::record(&tx, ctx, "document.remove", ("consultation", consultation), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes one version of several.
///
/// # Errors
/// As [`remove`]; the last version goes with its document only.
pub async fn remove_version(ctx: &Ctx, consultation: i64, id: i64, version: i64) -> Result<()> {
    for_staff(ctx, consultation, ConsultationAction::Edit).await?;
    let tx = ctx.write().await?;
    let (documents, places) = locked(&tx, consultation).await?;
    let known = documents.iter().find(|d| d.id == id).ok_or(AppError::NotFound)?;
    let gone = known.versions.iter().find(|v| v.id == version).ok_or(AppError::NotFound)?;
    let Some(left) = known.versions.iter().find(|v| v.id != version) else { return Err(AppError::Conflict) };
    if places.name(gone) {
        return Err(AppError::Conflict);
    }
    let next_anchor = repository::draft::version(&tx, version).await?.map_or(1, |v| v.next_anchor);
    repository::draft::delete_version(&tx, version).await?;
    let row = document::ActiveModel { id: Unchanged(id), upload_id: Set(left.upload_id), ..Default::default() };
    repository::draft::put_document(&tx, row).await?;
    // Links to its paragraphs may be out: their numbers aren't given again.
    if let Some(text) = repository::draft::newest_text(&tx, id).await?.filter(|text| text.next_anchor < next_anchor) {
        let row = document_version::ActiveModel {
            id: Unchanged(text.id),
            next_anchor: Set(next_anchor),
            ..Default::default()
        };
        repository::draft::put_version(&tx, row).await?;
    }
    let detail = json!({ "document": id, "version": version, "sha256": gone.sha256 });
    audit::record(&tx, ctx, "document.version_remove", ("consultation", consultation), detail).await?;
    tx.commit().await?;
    Ok(())
}

async fn locked<C: ConnectionTrait>(tx: &C, consultation: i64) -> Result<(Vec<Document>, Places)> {
    repository::consultation::by_id_locked(tx, consultation).await?.ok_or(AppError::NotFound)?;
    let documents = repository::draft::of_consultation(tx, consultation).await?;
    Ok((documents, places(tx, consultation).await?))
}
