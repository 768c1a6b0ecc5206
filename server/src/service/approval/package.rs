//! What the ward's own 電子決裁 is given: the table as PDF and XLSX, who decided what when, the frozen document itself,
//! and check sums of all of them. The same state gives the same bytes.

use std::io::{Cursor, Write as _};

use app::{pages::staff::approval::package as words, rendering::RenderError};
use documents::{Format, ResponseTable};
use domain::layout::CoverKind;
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{document, readable, state_of, thaw};
use crate::{
    ctx::Ctx,
    entity::{approval, approval_step},
    error::Result,
    repository,
    service::{consultation::Loaded, response::table::address},
};

/// A table as it was put up, for reading and for paper: without a day of publication, which nobody knows yet.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or [`AppError::Forbidden`](crate::error::AppError::Forbidden).
pub async fn frozen_table(ctx: &Ctx, id: i64, approval: i64) -> Result<ResponseTable> {
    let (_, row, _) = readable(ctx, id, approval).await?;
    draft_of(ctx, &row)
}

fn draft_of(ctx: &Ctx, row: &approval::Model) -> Result<ResponseTable> {
    let (mut table, _) = thaw(row)?;
    table.published_at = row.created_at;
    table.consultation.url = address(ctx, &table.consultation.slug);
    table.layout.cover.retain(|line| line.kind != CoverKind::PublishedOn);
    Ok(table)
}

/// Makes the package of what was put up. Gives the file's name and its bytes.
///
/// # Errors
/// [`AppError::NotFound`](crate::error::AppError::NotFound) or [`AppError::Forbidden`](crate::error::AppError::Forbidden).
/// Inner: why there is no PDF; it can be tried again.
pub async fn package(ctx: &Ctx, id: i64, approval: i64) -> Result<std::result::Result<(String, Vec<u8>), RenderError>> {
    let (theme, row, steps) = readable(ctx, id, approval).await?;
    let table = draft_of(ctx, &row)?;
    let people: Vec<i64> = steps.iter().filter_map(|s| s.decided_by).chain([row.created_by]).collect();
    let names = repository::account::names(ctx.db(), people).await?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let record = record(&theme, &row, &steps, &table, name);
    let pdf = match ctx.app.renderer.pdf(&table, Some(&words::mark())).await {
        Ok(pdf) => pdf,
        Err(error) => return Ok(Err(error)),
    };
    let stem = format!("{}-approval-{approval}", theme.row.slug);
    let packed = stem.clone();
    let bytes = tokio::task::spawn_blocking(move || {
        let xlsx = documents::render(&table, Format::Xlsx)?;
        pack(vec![
            (format!("{packed}.pdf"), pdf),
            (format!("{packed}.xlsx"), xlsx),
            (format!("{packed}.txt"), record.into_bytes()),
            ("snapshot.json".to_owned(), document(&row.response_table, &row.links).into_bytes()),
        ])
    })
    .await
    .map_err(anyhow::Error::from)??;
    Ok(Ok((format!("{stem}.zip"), bytes)))
}

/// 起案書: plain text that opens in every editor (UTF-8 with BOM, CRLF).
fn record(
    theme: &Loaded,
    row: &approval::Model,
    steps: &[approval_step::Model],
    table: &ResponseTable,
    name: impl Fn(i64) -> String,
) -> String {
    let steps: Vec<words::RecordedStep> = steps
        .iter()
        .map(|s| words::RecordedStep {
            name: s.name.clone(),
            state: domain::workflow::StepState::from_code(&s.state).unwrap_or_default(),
            decided: s.decided_by.zip(s.decided_at).map(|(by, at)| (name(by), at)),
            comment: s.comment.clone(),
        })
        .collect();
    let record = words::Record {
        theme: theme.row.title.clone(),
        number: row.id,
        drafted: (name(row.created_by), row.created_at),
        note: row.note.clone(),
        state: state_of(row),
        steps,
        submitters: table.submitters,
        opinions: table.opinions,
        rows: table.rows().count(),
        sha256: row.sha256.clone(),
    };
    format!("\u{FEFF}{}\r\n", record.lines().join("\r\n"))
}

/// Packs files with their check sums, in the form that `sha256sum --check` reads.
fn pack(files: Vec<(String, Vec<u8>)>) -> anyhow::Result<Vec<u8>> {
    let line = |(name, bytes): &(String, Vec<u8>)| format!("{}  {name}\n", crate::secret::hex(&Sha256::digest(bytes)));
    let sums = files.iter().map(line).collect::<Vec<_>>().concat();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The earliest moment that the format knows: the same files give the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    for (name, bytes) in files.into_iter().chain([("SHA256SUMS".to_owned(), sums.into_bytes())]) {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_package_says_what_is_in_it_and_is_always_the_same() {
        let files = || vec![("a.txt".to_owned(), b"abc".to_vec()), ("b.txt".to_owned(), vec![])];
        let packed = pack(files()).unwrap();
        assert_eq!(packed, pack(files()).unwrap());
        let mut zip = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
        let mut sums = String::new();
        zip.by_name("SHA256SUMS").unwrap().read_to_string(&mut sums).unwrap();
        assert_eq!(
            sums,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.txt\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.txt\n"
        );
    }
}
