//! Reading what was published, in every public version, and the draft as it would be published.

use app::pages::responses::{VersionView, narrow::ROWS_MAX};
use documents::ResponseTable;
use domain::permission::ConsultationAction;

use super::table::compose;
use crate::{
    ctx::Ctx,
    entity::publication,
    error::{AppError, Result},
    repository,
    service::consultation::{Loaded, for_staff, visible},
};

/// A published table with what goes with it.
#[derive(Clone, Debug)]
pub struct Published {
    /// Database id of the version.
    pub publication: i64,
    /// The table.
    pub table: ResponseTable,
    /// Every public version, the newest first.
    pub versions: Vec<VersionView>,
}

impl Published {
    /// Whether it is the newest that is public.
    #[must_use]
    pub fn is_newest(&self) -> bool {
        self.versions.first().is_none_or(|newest| newest.version == i64::from(self.table.version))
    }
}

/// A public version of a theme's table: the one asked for, or the newest. What is scheduled doesn't exist yet.
///
/// # Errors
/// [`AppError::NotFound`] when the theme isn't public, nothing is published, or there is no such version.
pub async fn public_version(ctx: &Ctx, slug: &str, version: Option<i64>) -> Result<Published> {
    let loaded = visible(ctx, slug).await?;
    if !loaded.phase.has_result() {
        return Err(AppError::NotFound);
    }
    let versions = repository::export::versions(ctx.db(), loaded.row.id, ctx.now).await?;
    let wanted = match version {
        Some(version) => versions.iter().find(|v| v.number == version),
        None => versions.first(),
    };
    let id = wanted.ok_or(AppError::NotFound)?.id;
    let json = repository::export::response_table(ctx.db(), id).await?.ok_or(AppError::NotFound)?;
    // A table of 5,000 rows is some ten megabytes.
    let table = tokio::task::spawn_blocking(move || serde_json::from_str::<ResponseTable>(&json))
        .await
        .map_err(anyhow::Error::from)?
        .map_err(anyhow::Error::from)?;
    let view =
        |v: repository::export::Version| VersionView { version: v.number, published_at: v.published_at, note: v.note };
    Ok(Published { publication: id, table, versions: versions.into_iter().map(view).collect() })
}

/// The table as it would be published now.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Forbidden`].
pub async fn draft(ctx: &Ctx, id: i64) -> Result<ResponseTable> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let newest = repository::response::newest(ctx.db(), id).await?;
    draft_after(ctx, &theme, newest.as_ref()).await
}

async fn draft_after(ctx: &Ctx, theme: &Loaded, newest: Option<&publication::Model>) -> Result<ResponseTable> {
    let version = newest.map_or(1, |last| last.version + 1);
    Ok(compose(ctx.db(), ctx, theme, version).await?.table)
}

/// The same, with 「（案）」 before its titles: for files that leave this site.
///
/// # Errors
/// As [`draft`].
pub async fn marked_draft(ctx: &Ctx, id: i64) -> Result<ResponseTable> {
    Ok(marked(draft(ctx, id).await?))
}

fn marked(mut table: ResponseTable) -> ResponseTable {
    table.layout.title = format!("{DRAFT}{}", table.title());
    table.consultation.title = format!("{DRAFT}{}", table.consultation.title);
    table
}

/// The table that staff make texts of.
#[derive(Clone, Debug)]
pub struct ForTexts {
    /// The theme's title.
    pub title: String,
    /// The table; a draft is marked as such.
    pub table: ResponseTable,
    /// Whether it is the draft.
    pub draft: bool,
    /// Whether anything is published.
    pub has_published: bool,
}

/// The newest public version for staff; the draft where nothing is published yet or where it is asked for.
///
/// # Errors
/// As [`draft`].
pub async fn for_texts(ctx: &Ctx, id: i64, draft: bool) -> Result<ForTexts> {
    let theme = for_staff(ctx, id, ConsultationAction::ReadQueue).await?;
    let newest = repository::response::newest(ctx.db(), id).await?;
    let waits = newest.as_ref().is_some_and(|last| last.published_at > ctx.now);
    let public = if waits { repository::response::latest(ctx.db(), id, ctx.now).await? } else { newest.clone() };
    let has_published = public.is_some();
    let published = public.filter(|_| !draft).as_ref().map(super::parse).transpose()?;
    let draft = published.is_none();
    let table = match published {
        Some(table) => table,
        None => marked(draft_after(ctx, &theme, newest.as_ref()).await?),
    };
    Ok(ForTexts { title: theme.row.title, table, draft, has_published })
}

/// What is printed before the titles of a draft.
pub const DRAFT: &str = "（案）";

/// Path of a row of a published table. A long table is shown in parts, and a fragment alone doesn't say in which.
#[must_use]
pub fn row_path(table: &ResponseTable, summary: i64) -> String {
    let page = format!("/consultations/{}/responses", table.consultation.slug);
    let anchor = ResponseTable::anchor(summary);
    if table.rows().nth(ROWS_MAX).is_some() {
        format!("{page}?row={summary}#{anchor}")
    } else {
        format!("{page}#{anchor}")
    }
}
