//! Files that people send: checked by content and for viruses, stored under their hash, noted in the database.

use std::time::Duration;

use domain::Problem;
use sea_orm::{ConnectionTrait, Set};

use crate::{
    ctx::Ctx,
    entity::upload,
    error::Result,
    files::{self, FileKind, Stored},
    repository,
};

/// How long the virus check may take for one file.
const SCAN_PATIENCE: Duration = Duration::from_mins(2);

/// A file as it came with a form.
#[derive(Debug)]
pub struct Incoming {
    /// The name of the form's field.
    pub field: String,
    /// What the sender called it; shown, never used as a path.
    pub file_name: String,
    /// Where it waits.
    pub path: tempfile::TempPath,
    /// Its size in bytes.
    pub size: u64,
}

/// A file that was checked and stored, not yet noted in the database.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it is.
    pub kind: FileKind,
    /// Where it is.
    pub stored: Stored,
    /// Its name, with the ending of what it really is.
    pub file_name: String,
}

/// Checks a file against `allowed` and `max_mib` and stores it. Pictures are written anew, so that nothing hidden stays
/// in them.
///
/// # Errors
/// When the disk refuses. Inner: what is wrong with the file.
pub async fn accept(
    ctx: &Ctx,
    file: Incoming,
    allowed: &[FileKind],
    max_mib: u32,
) -> Result<std::result::Result<Checked, Problem>> {
    if file.size == 0 {
        return Ok(Err(Problem::Required));
    }
    if file.size > u64::from(max_mib) * 1024 * 1024 {
        return Ok(Err(Problem::FileSize { max_mib }));
    }
    let bytes = tokio::fs::read(&file.path).await.map_err(anyhow::Error::from)?;
    let allowed = allowed.to_vec();
    let looked = tokio::task::spawn_blocking(move || {
        let kind = FileKind::of(&bytes).filter(|kind| allowed.contains(kind)).ok_or(Problem::FileKind)?;
        match kind {
            FileKind::Picture => files::clean_image(&bytes).map(|(jpeg, w, h)| (kind, Some((jpeg, w, h)))),
            _ => Ok((kind, None)),
        }
    })
    .await
    .map_err(anyhow::Error::from)?;
    let (kind, picture) = match looked {
        Ok(looked) => looked,
        Err(problem) => return Ok(Err(problem)),
    };
    if !is_clean(ctx, &file.path).await {
        return Ok(Err(Problem::FileUnsafe));
    }
    let stored = match picture {
        Some((jpeg, width, height)) => Stored { dimensions: Some((width, height)), ..ctx.app.files.put(jpeg).await? },
        None => ctx.app.files.keep(file.path).await?,
    };
    Ok(Ok(Checked { kind, stored, file_name: named(&file.file_name, kind) }))
}

/// The sender's name of a file without a path, with the ending of what it is.
fn named(given: &str, kind: FileKind) -> String {
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let stem: String = stem.chars().filter(|c| !domain::text::is_forbidden(*c)).take(100).collect();
    let stem = stem.trim();
    format!("{}.{}", if stem.is_empty() { "file" } else { stem }, kind.extension())
}

/// Asks the ward's virus scanner; without one, every file passes. When the scanner can't be asked, none does.
pub async fn is_clean(ctx: &Ctx, path: &std::path::Path) -> bool {
    let Some(command) = &ctx.app.config.scan_command else { return true };
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else { return true };
    let run = tokio::process::Command::new(program)
        .args(words)
        .arg(path)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .status();
    match tokio::time::timeout(SCAN_PATIENCE, run).await {
        Ok(Ok(status)) if status.success() => true,
        Ok(Ok(status)) => {
            tracing::warn!(%status, "the virus check refused a file");
            false
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the virus check can't be run (MACHIKOE_SCAN_COMMAND)");
            false
        }
        Err(_) => {
            tracing::error!("the virus check took too long (MACHIKOE_SCAN_COMMAND)");
            false
        }
    }
}

/// Notes a stored file. A visitor's file has nobody (0) as its maker.
///
/// # Errors
/// When the database refuses.
pub async fn note<C: ConnectionTrait>(tx: &C, ctx: &Ctx, checked: Checked) -> Result<upload::Model> {
    let row = upload::ActiveModel {
        sha256: Set(checked.stored.sha256),
        content_type: Set(checked.kind.content_type().to_owned()),
        file_name: Set(checked.file_name),
        size: Set(checked.stored.size),
        width: Set(checked.stored.dimensions.map(|d| d.0)),
        height: Set(checked.stored.dimensions.map(|d| d.1)),
        created_at: Set(ctx.now),
        created_by: Set(ctx.actor.as_ref().map_or(0, |a| a.id.0)),
        ..Default::default()
    };
    Ok(repository::upload::insert(tx, row).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_path_and_get_the_ending_of_what_they_are() {
        assert_eq!(named("C:\\Users\\山田\\意見.pdf.exe", FileKind::Pdf), "意見.pdf.pdf");
        assert_eq!(named("../../etc/passwd", FileKind::Word), "passwd.docx");
        assert_eq!(named("", FileKind::Picture), "file.jpg");
    }
}
