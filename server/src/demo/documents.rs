//! Pictures and documents, the draft with its versions.

use anyhow::Context as _;
use domain::{
    Millis,
    document::DocumentStage,
    draft_text::{self, Block, CarriedOver},
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set, Unchanged},
};

use super::{DAY, Loader, data};
use crate::{
    entity::{consultation, document, document_version, upload},
    files, markdown, repository,
};

/// A file of the demonstration.
fn file(name: &str) -> anyhow::Result<&'static [u8]> {
    Ok(match name {
        "cover.jpg" => include_bytes!("../../demo/cover.jpg"),
        "draft.pdf" => include_bytes!("../../demo/draft.pdf"),
        "hinan-shien.pdf" => include_bytes!("../../demo/hinan-shien.pdf"),
        "hinan-shien.md" => include_bytes!("../../demo/hinan-shien.md"),
        "hinan-shien-interim.md" => include_bytes!("../../demo/hinan-shien-interim.md"),
        "midori-keikaku.md" => include_bytes!("../../demo/midori-keikaku.md"),
        "hinan-shien-fax.jpg" => include_bytes!("../../demo/hinan-shien-fax.jpg"),
        other => anyhow::bail!("no file {other}"),
    })
}

/// What is known of a file that is to be stored.
struct FileFacts {
    content_type: &'static str,
    file_name: String,
    size: Option<(i64, i64)>,
    created_at: Millis,
    created_by: i64,
}

impl Loader {
    async fn upload(&self, bytes: &[u8], facts: FileFacts) -> anyhow::Result<i64> {
        let stored = self.ctx.app.files.put(bytes.to_vec()).await?;
        let made = upload::ActiveModel {
            sha256: Set(stored.sha256),
            content_type: Set(facts.content_type.to_owned()),
            file_name: Set(facts.file_name),
            size: Set(stored.size),
            created_at: Set(facts.created_at),
            created_by: Set(facts.created_by),
            width: Set(facts.size.map(|s| s.0)),
            height: Set(facts.size.map(|s| s.1)),
            ..Default::default()
        }
        .insert(&self.tx)
        .await?;
        Ok(made.id)
    }

    /// Stores a picture as if somebody had uploaded it.
    pub(super) async fn picture(&self, name: &str, created_at: Millis, created_by: i64) -> anyhow::Result<i64> {
        let (jpeg, width, height) =
            files::clean_image(file(name)?).map_err(|problem| anyhow::anyhow!("{name}: {problem:?}"))?;
        let facts = FileFacts {
            content_type: "image/jpeg",
            file_name: name.to_owned(),
            size: Some((width, height)),
            created_at,
            created_by,
        };
        self.upload(&jpeg, facts).await
    }

    pub(super) async fn documents(&self, made: &consultation::Model, c: &data::Consultation) -> anyhow::Result<()> {
        for (position, document) in (1_i64..).zip(&c.documents) {
            self.document(made, position, document).await.with_context(|| document.title.clone())?;
        }
        Ok(())
    }

    async fn document(
        &self,
        made: &consultation::Model,
        position: i64,
        document: &data::Document,
    ) -> anyhow::Result<()> {
        let mut id = NotSet;
        let mut before = CarriedOver { blocks: vec![], removed: vec![], next_anchor: 1 };
        for version in &document.versions {
            let at = self.ctx.now - version.days_ago * DAY;
            let file_name = |ending: &str| format!("{}.{ending}", document.title);
            let facts = |content_type, file_name| FileFacts {
                content_type,
                file_name,
                size: None,
                created_at: at,
                created_by: made.created_by,
            };
            let text = version.text.as_deref().map(file).transpose()?.map(std::str::from_utf8).transpose()?;
            let upload = match (&version.file, text) {
                (Some(name), _) => self.upload(file(name)?, facts("application/pdf", file_name("pdf"))).await?,
                (None, Some(text)) => {
                    self.upload(text.as_bytes(), facts("text/markdown; charset=utf-8", file_name("md"))).await?
                }
                (None, None) => anyhow::bail!("a version is a file or a text"),
            };
            let row = document::ActiveModel {
                id: id.clone(),
                consultation_id: Set(made.id),
                position: Set(position),
                title: Set(document.title.clone()),
                upload_id: Set(upload),
            };
            id = Unchanged(repository::draft::put_document(&self.tx, row).await?.id);
            if let Some(text) = text {
                before = number(&before, text);
            }
            let blocks = text.map(|_| before.blocks.clone()).unwrap_or_default();
            let twin = if version.twin.is_empty() { words(&blocks) } else { version.twin.clone() };
            let row = document_version::ActiveModel {
                id: NotSet,
                document_id: Set(*id.as_ref()),
                upload_id: Set(upload),
                stage: Set(DocumentStage::from_code(&version.stage).context("stage")?.code().to_owned()),
                note: Set(version.note.clone()),
                text_twin: Set(twin),
                source_md: Set(text.map(str::to_owned)),
                next_anchor: Set(i64::from(before.next_anchor)),
                created_at: Set(at),
                created_by: Set(made.created_by),
            };
            let row = repository::draft::put_version(&self.tx, row).await?;
            repository::draft::insert_blocks(&self.tx, row.id, blocks).await?;
        }
        Ok(())
    }
}

/// The blocks of a text, with the anchors of the version before.
fn number(before: &CarriedOver, text: &str) -> CarriedOver {
    let new = markdown::blocks(text);
    if before.blocks.is_empty() {
        draft_text::first(new)
    } else {
        draft_text::carry_over(&before.blocks, before.next_anchor, new)
    }
}

/// A text as it is read aloud.
fn words(blocks: &[Block]) -> String {
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    texts.join("\n\n")
}
