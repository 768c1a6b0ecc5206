//! Bulk import (一括取り込み): a table of submissions is uploaded, its columns are named, every row is checked without
//! changing anything, and then all of them are recorded at once, or none.

pub mod check;
pub mod commit;
mod dry_run;
pub mod mapping;
mod pipeline;
pub mod undo;
mod words;
mod writer;

use std::path::Path;

use app::pages::staff::imports::{FILE_MAX_MIB, FileProblem, MappingInput, RowFinding, Target};
use domain::{FieldErrors, permission::ConsultationAction, wareki};
use sea_orm::{ActiveValue::Unchanged, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use spreadsheet::{Fault, Format, Limits};

use self::mapping::{Mapping, Source, Stored};
use super::upload::{self, Incoming};
use crate::{
    audit,
    ctx::Ctx,
    entity::{bulk_import, upload as stored_upload},
    error::{AppError, Result},
    repository, secret,
    service::{
        consultation::{Loaded, for_staff},
        entry::demand_open,
    },
};

pub use commit::{Outcome, Work, commit};
pub use undo::undo;

/// So many rows that are no rows are named before the file is refused.
const FAULTS_SHOWN: usize = 20;
/// So many of the first rows are shown beside the choice of columns.
const PREVIEW: usize = 5;

/// What the dry run found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Names the file, the columns and the rules that were checked.
    pub token: String,
    /// Rows.
    pub submissions: u64,
    /// 意見件数.
    pub opinions: u64,
    /// 提出者数 within the table.
    pub people: u64,
    /// Received after the period.
    pub late: u64,
    /// Different texts.
    pub texts: u64,
    /// Groups of two or more.
    pub groups: u64,
    /// Submissions in these groups.
    pub grouped: u64,
    /// What has to be corrected, in all.
    pub errors: u64,
    /// What is worth knowing, in all.
    pub remarks: u64,
    /// The first of them, errors before remarks.
    pub found: Vec<RowFinding>,
}

/// What an import is bound to: another file, other columns, other rules or another period make another token.
#[must_use]
pub fn fingerprint(sha256: &str, mapping: &Mapping, theme: &Loaded) -> String {
    let parts = json!([sha256, mapping, theme.rules, theme.period.opens_on, theme.period.closes_on]);
    secret::hash(&parts.to_string())
}

/// An import of a theme.
///
/// # Errors
/// [`AppError::NotFound`], also for another theme's.
pub async fn of(ctx: &Ctx, theme: &Loaded, import: i64) -> Result<bulk_import::Model> {
    let row = repository::imports::by_id(ctx.db(), import).await?;
    row.filter(|row| row.consultation_id == theme.row.id).ok_or(AppError::NotFound)
}

/// Takes a table: checks it for viruses and reads all of it once, so that whatever is wrong with its shape is said now.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Conflict`] for a theme that takes no tables
/// ([`shut`](crate::service::entry::shut)), or when the disk or the database refuses. Inner: what is wrong; then nothing
/// is stored.
pub async fn take(
    ctx: &Ctx,
    consultation: i64,
    file: Option<Incoming>,
) -> Result<std::result::Result<i64, Vec<FileProblem>>> {
    let loaded = for_staff(ctx, consultation, ConsultationAction::Intake).await?;
    demand_open(&loaded)?;
    let Some(file) = file.filter(|file| file.size > 0) else { return Ok(Err(vec![FileProblem::Missing])) };
    if file.size > u64::from(FILE_MAX_MIB) << 20 {
        return Ok(Err(vec![FileProblem::TooLarge { max_mib: FILE_MAX_MIB }]));
    }
    if !upload::is_clean(ctx, &file.path).await {
        return Ok(Err(vec![FileProblem::Unsafe]));
    }
    let Incoming { file_name, path, .. } = file;
    let (path, scanned) = tokio::task::spawn_blocking(move || {
        let scanned = scan(&path);
        (path, scanned)
    })
    .await
    .map_err(anyhow::Error::from)?;
    let (source, rows) = match scanned {
        Ok(scanned) => scanned,
        Err(problems) => return Ok(Err(problems)),
    };
    let file = ctx.app.files.keep(path).await?;
    Ok(Ok(note(ctx, loaded.row.id, file, &file_name, source, rows).await?))
}

/// Notes a stored table as an upload and an import; gives the id of the import.
async fn note(
    ctx: &Ctx,
    consultation: i64,
    file: crate::files::Stored,
    file_name: &str,
    source: Source,
    rows: i64,
) -> Result<i64> {
    let (extension, content_type) = match source.format.as_str() {
        "xlsx" => ("xlsx", crate::files::FileKind::Excel.content_type()),
        _ => ("csv", "text/csv"),
    };
    let file_name = name(file_name, extension);
    let actor = ctx.actor()?.id.0;
    let mapping = Mapping::guess(&source.header);
    // Where the table has a column of days, an empty cell is not taken for today without being asked.
    let today = mapping.column(Target::Received).is_none().then(|| wareki::date_of(ctx.now));
    let choice = Stored { mapping: Mapping { received: today, ..mapping }, source };
    let tx = ctx.write().await?;
    let upload = stored_upload::ActiveModel {
        sha256: Set(file.sha256.clone()),
        content_type: Set(content_type.to_owned()),
        file_name: Set(file_name.clone()),
        size: Set(file.size),
        created_at: Set(ctx.now),
        created_by: Set(actor),
        ..Default::default()
    };
    let upload = repository::upload::insert(&tx, upload).await?;
    let row = bulk_import::ActiveModel {
        consultation_id: Set(consultation),
        upload_id: Set(upload.id),
        file_name: Set(file_name),
        state: Set("uploaded".to_owned()),
        mapping: Set(serde_json::to_string(&choice).map_err(anyhow::Error::from)?),
        problems: Set(String::new()),
        row_count: Set(rows),
        problem_count: Set(0),
        created_at: Set(ctx.now),
        created_by: Set(actor),
        ..Default::default()
    };
    let row = repository::imports::insert(&tx, row).await?;
    let detail = json!({ "import": row.id, "rows": rows, "sha256": file.sha256 });
    audit::record(&tx, ctx, "import.upload", ("consultation", consultation), detail).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// The sender's name of a file without a path, with the ending of what it is.
fn name(given: &str, extension: &str) -> String {
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let stem: String = stem.chars().filter(|c| !domain::text::is_forbidden(*c)).take(100).collect();
    let stem = stem.trim();
    format!("{}.{extension}", if stem.is_empty() { "table" } else { stem })
}

/// Reads a table to its end; gives what it is and how many rows it has.
fn scan(path: &Path) -> std::result::Result<(Source, i64), Vec<FileProblem>> {
    let table = spreadsheet::open(path, Limits::default()).map_err(|fault| vec![problem(fault)])?;
    let source = source(table.format(), table.header());
    let mut rows = 0;
    let mut problems = Vec::new();
    for row in table.rows() {
        match row {
            Ok(_) => rows += 1,
            Err(fault) => {
                let whole_file = !fault.is_of_one_row();
                problems.push(problem(fault));
                if whole_file || problems.len() >= FAULTS_SHOWN {
                    break;
                }
            }
        }
    }
    if problems.is_empty() && rows == 0 {
        problems.push(FileProblem::Empty);
    }
    if problems.is_empty() { Ok((source, rows)) } else { Err(problems) }
}

fn source(format: &Format, header: &[String]) -> Source {
    let header = header.to_vec();
    match format {
        Format::Csv { encoding, .. } => {
            Source { format: "csv".to_owned(), encoding: Some(encoding.code().to_owned()), sheet: None, header }
        }
        Format::Xlsx { sheet } => {
            Source { format: "xlsx".to_owned(), encoding: None, sheet: Some(sheet.clone()), header }
        }
    }
}

/// A fault of the reader, for the page. Its columns count from 1.
fn problem(fault: Fault) -> FileProblem {
    let letters = |column: u32| {
        let index = usize::try_from(column.saturating_sub(1)).unwrap_or_default();
        spreadsheet::column_letter(index)
    };
    match fault {
        Fault::TooLarge { max_mib } => FileProblem::TooLarge { max_mib },
        Fault::NotATable { looks_like } => FileProblem::NotATable { looks_like: looks_like.code() },
        Fault::Encoding { row } => FileProblem::Encoding { row },
        Fault::Empty => FileProblem::Empty,
        Fault::Bomb { max_mib } => FileProblem::Bomb { max_mib },
        Fault::Encrypted => FileProblem::Encrypted,
        Fault::Damaged => FileProblem::Damaged,
        Fault::MergedCells { sheet, range } => FileProblem::MergedCells { sheet, range },
        Fault::Ragged { row, expected, found } => FileProblem::Ragged { row, expected, found },
        Fault::UnclosedQuote { row } => FileProblem::UnclosedQuote { row },
        Fault::NoHeader { column } => FileProblem::NoHeader { column: letters(column) },
        Fault::DuplicateHeader { name } => FileProblem::DuplicateHeader { name: domain::text::excerpt(&name, 40) },
        Fault::TooManyRows { max } => FileProblem::TooManyRows { max },
        Fault::TooManyColumns { max } => FileProblem::TooManyColumns { max },
        Fault::CellTooLong { row, column, max } => FileProblem::CellTooLong { row, column: letters(column), max },
        Fault::ControlCharacters { row, column } => FileProblem::ControlCharacters { row, column: letters(column) },
    }
}

/// The first rows of a stored table, for the one who uploaded it.
///
/// # Errors
/// When the database is away. Inner: what is wrong with the stored file.
pub async fn preview(
    ctx: &Ctx,
    row: &bulk_import::Model,
) -> Result<std::result::Result<Vec<Vec<String>>, FileProblem>> {
    let upload = repository::upload::by_id(ctx.db(), row.upload_id).await?.ok_or(AppError::NotFound)?;
    let path = ctx.app.files.path(&upload.sha256);
    let read = move || {
        let table = spreadsheet::open(&path, Limits::default()).map_err(problem)?;
        table.rows().take(PREVIEW).map(|row| row.map(|row| row.cells).map_err(problem)).collect()
    };
    Ok(tokio::task::spawn_blocking(read).await.map_err(anyhow::Error::from)?)
}

/// Why a dry run was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotChecked {
    /// The choice of columns is wrong.
    Input(FieldErrors),
    /// The stored file can't be read (any more).
    File(FileProblem),
}

/// The dry run: keeps the choice of columns, and checks every row without changing anything else.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Conflict`] for an import that is in already or a theme that
/// takes no tables. Inner: why it was not made.
pub async fn check(
    ctx: &Ctx,
    consultation: i64,
    import: i64,
    input: &MappingInput,
) -> Result<std::result::Result<(), NotChecked>> {
    let loaded = for_staff(ctx, consultation, ConsultationAction::Intake).await?;
    let row = of(ctx, &loaded, import).await?;
    demand_open(&loaded)?;
    let open = |row: &bulk_import::Model| matches!(row.state.as_str(), "uploaded" | "checked");
    if !open(&row) {
        return Err(AppError::Conflict);
    }
    let stored: Stored = serde_json::from_str(&row.mapping).map_err(anyhow::Error::from)?;
    let mapping = match Mapping::read(input, &stored.source.header) {
        Ok(mapping) => mapping,
        Err(errors) => return Ok(Err(NotChecked::Input(errors))),
    };
    let upload = repository::upload::by_id(ctx.db(), row.upload_id).await?.ok_or(AppError::NotFound)?;
    let path = ctx.app.files.path(&upload.sha256);
    let stored = Stored { mapping, ..stored };
    let (theme, job, today) = (loaded.clone(), stored.clone(), wareki::date_of(ctx.now));
    let checked = tokio::task::spawn_blocking(move || dry_run::run(&path, &theme, &job, today))
        .await
        .map_err(anyhow::Error::from)?;
    let mut report = match checked {
        Ok(report) => report,
        Err(fault) => return Ok(Err(NotChecked::File(problem(fault)))),
    };
    report.token = fingerprint(&upload.sha256, &stored.mapping, &loaded);
    let tx = ctx.write().await?;
    let now = repository::imports::by_id_locked(&tx, import).await?.ok_or(AppError::NotFound)?;
    if !open(&now) {
        return Err(AppError::Conflict);
    }
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let changes = bulk_import::ActiveModel {
        id: Unchanged(import),
        state: Set("checked".to_owned()),
        mapping: Set(serde_json::to_string(&stored).map_err(anyhow::Error::from)?),
        problems: Set(serde_json::to_string(&report).map_err(anyhow::Error::from)?),
        row_count: Set(count(report.submissions)),
        problem_count: Set(count(report.errors)),
        ..Default::default()
    };
    repository::imports::update(&tx, changes).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Throws away a file that was not brought in, with what was read of it.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Conflict`] for an import that is or was in.
pub async fn discard(ctx: &Ctx, consultation: i64, import: i64) -> Result<()> {
    let loaded = for_staff(ctx, consultation, ConsultationAction::Intake).await?;
    of(ctx, &loaded, import).await?;
    let tx = ctx.write().await?;
    let row = repository::imports::by_id_locked(&tx, import).await?.ok_or(AppError::NotFound)?;
    if !matches!(row.state.as_str(), "uploaded" | "checked") {
        return Err(AppError::Conflict);
    }
    repository::imports::delete(&tx, import).await?;
    let unused = repository::submission::discard_upload(&tx, row.upload_id).await?;
    let detail = json!({ "import": import, "rows": row.row_count });
    audit::record(&tx, ctx, "import.discard", ("consultation", loaded.row.id), detail).await?;
    tx.commit().await?;
    if let Some(sha256) = unused {
        ctx.app.files.delete(&sha256).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_lose_their_path_and_get_the_ending_of_what_they_are() {
        assert_eq!(name("C:\\Users\\水野\\意見.xls", "xlsx"), "意見.xlsx");
        assert_eq!(name("../../etc/passwd", "csv"), "passwd.csv");
        assert_eq!(name("", "csv"), "table.csv");
    }
}
