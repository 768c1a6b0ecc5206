//! The draft as it is read, and which places of it opinions name.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    document::{self as rules, Compared, DocumentStage},
    draft_text::{self, Block},
};
use sea_orm::ConnectionTrait;

use super::stored_blocks;
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    files::FileKind,
    repository::{
        self,
        draft::{Named, Version},
    },
};

/// Which places of a theme's draft opinions name.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The places.
    pub named: Vec<Named>,
    /// The anchors of each version with a text of its own, with what became of each.
    pub anchors: HashMap<i64, Vec<(String, String)>>,
}

impl Places {
    /// Whether somebody has named a place of this version since it is there: one of its paragraphs or, for a PDF on which
    /// opinions are asked, a page. Withdrawn opinions count as well: their history is kept.
    #[must_use]
    pub fn name(&self, version: &Version) -> bool {
        let own: HashSet<&str> =
            self.anchors.get(&version.id).into_iter().flatten().map(|(anchor, _)| anchor.as_str()).collect();
        let has_pages = version.content_type == FileKind::Pdf.content_type();
        self.named.iter().filter(|place| place.latest >= version.created_at).any(|place| {
            place.anchor.as_deref().is_some_and(|anchor| own.contains(anchor)) || (has_pages && place.page.is_some())
        })
    }

    /// How many opinions name this paragraph.
    #[must_use]
    pub fn of_anchor(&self, anchor: &str) -> i64 {
        self.named.iter().filter(|place| place.anchor.as_deref() == Some(anchor)).map(|place| place.opinions).sum()
    }

    /// How many opinions name each page, in order.
    #[must_use]
    pub fn pages(&self) -> Vec<(i64, i64)> {
        let mut pages = BTreeMap::new();
        for place in &self.named {
            if let Some(page) = place.page {
                *pages.entry(page).or_insert(0) += place.opinions;
            }
        }
        pages.into_iter().filter(|(_, opinions)| *opinions > 0).collect()
    }
}

/// Loads which places opinions name.
///
/// # Errors
/// When the database is away.
pub async fn places<C: ConnectionTrait>(db: &C, consultation: i64) -> Result<Places> {
    let mut places = Places { named: repository::draft::named(db, consultation).await?, ..Places::default() };
    for (version, anchor, change) in repository::draft::anchors(db, consultation).await? {
        places.anchors.entry(version).or_default().push((anchor, change));
    }
    Ok(places)
}

/// The draft's own text for reading.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Every version with a text of its own, the newest first.
    pub versions: Vec<Version>,
    /// The one that is read.
    pub shown: Version,
    /// The older or newer one it is compared with.
    pub compared: Option<Version>,
    /// Its blocks; without comparison each counts as unchanged.
    pub lines: Vec<Compared>,
    /// What earlier versions held and the newest doesn't: the newest form of each, and the version it is in. Only with
    /// the newest version.
    pub gone: Vec<(Block, i64)>,
}

/// The draft's own text: the newest version or `version`, compared with `compare`. `None` when the theme has no text.
///
/// # Errors
/// [`AppError::NotFound`] for versions that aren't of this theme.
pub async fn reading(
    ctx: &Ctx,
    consultation: i64,
    version: Option<i64>,
    compare: Option<i64>,
) -> Result<Option<Reading>> {
    let db = ctx.db();
    let versions = repository::draft::texts(db, consultation).await?;
    let Some(newest) = versions.first().cloned() else { return Ok(None) };
    let find = |id: i64| versions.iter().find(|v| v.id == id).cloned().ok_or(AppError::NotFound);
    let shown = version.map_or_else(|| Ok(newest.clone()), find)?;
    let compared = compare.map(find).transpose()?.filter(|other| other.id != shown.id);
    let lines = match &compared {
        Some(other) => {
            let (new, old) = repository::draft::blocks_of_two(db, shown.id, other.id).await?;
            let (new, old) = (stored_blocks(new), stored_blocks(old));
            tokio::task::spawn_blocking(move || rules::compare(&old, &new)).await.map_err(anyhow::Error::from)?
        }
        None => stored_blocks(repository::draft::blocks(db, shown.id).await?)
            .into_iter()
            .map(|block| Compared::Here { block, change: draft_text::Change::Unchanged, before: None })
            .collect(),
    };
    let gone = if shown.id == newest.id {
        let rows = repository::draft::gone_blocks(db, newest.document_id, newest.id).await?;
        rows.into_iter()
            .filter_map(|row| {
                let version = row.document_version_id;
                Some((repository::draft::block(row)?, version))
            })
            .collect()
    } else {
        vec![]
    };
    Ok(Some(Reading { versions, shown, compared, lines, gone }))
}

/// Where the PDF is that 「5ページ」 in an opinion of the theme at this address means: the newest 素案, 暫定版 or 案, or the
/// versions of the only document that is a PDF.
///
/// # Errors
/// When the database is away.
pub async fn main_pdf<C: ConnectionTrait>(db: &C, slug: &str) -> Result<Option<String>> {
    let all = repository::draft::pdfs(db, slug).await?;
    let consulted = all.iter().find(|v| DocumentStage::from_code(&v.stage).is_some_and(DocumentStage::is_consulted));
    let documents: HashSet<i64> = all.iter().map(|v| v.document_id).collect();
    let only = all.first().filter(|_| documents.len() == 1);
    Ok(consulted.or(only).map(|v| format!("/consultations/{slug}/documents/{}/versions/{}", v.document_id, v.id)))
}
