//! Forms with files: fields in order, files spooled to the disk, everything limited.

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};
use tokio::io::AsyncWriteExt as _;

use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    service::upload::Incoming,
};

/// Most fields of a form.
const FIELDS_MAX: usize = 400;
/// Most characters of all text fields together, in bytes.
const TEXT_MAX: usize = 2 * 1024 * 1024;

/// What came with a form.
#[derive(Debug, Default)]
pub struct FormWithFiles {
    /// Text fields, in the order they were sent.
    pub fields: Vec<(String, String)>,
    /// Files that hold something.
    pub files: Vec<Incoming>,
    /// Whether the body was larger than allowed: what came before is here, the rest is not.
    pub too_large: bool,
}

impl FormWithFiles {
    /// The first value of a field; empty when it wasn't sent.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Takes the files of a field.
    pub fn take_files(&mut self, field: &str) -> Vec<Incoming> {
        let (taken, left) = std::mem::take(&mut self.files).into_iter().partition(|file| file.field == field);
        self.files = left;
        taken
    }
}

/// Reads a form. The route's body limit bounds what is spooled.
///
/// # Errors
/// [`AppError::BadRequest`] when it can't be read.
pub async fn read(ctx: &Ctx, mut form: Multipart) -> Result<FormWithFiles> {
    let mut read = FormWithFiles::default();
    let mut text = 0;
    loop {
        match part(ctx, &mut form, &mut read, &mut text).await {
            Ok(true) => {}
            Ok(false) => return Ok(read),
            Err(Failed::Form(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                read.too_large = true;
                return Ok(read);
            }
            Err(Failed::Form(_) | Failed::TooMuch) => return Err(AppError::BadRequest),
            Err(Failed::Disk(error)) => return Err(AppError::Internal(error)),
        }
    }
}

enum Failed {
    Form(MultipartError),
    Disk(anyhow::Error),
    TooMuch,
}

impl From<MultipartError> for Failed {
    fn from(error: MultipartError) -> Self {
        Self::Form(error)
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error.into())
    }
}

async fn part(
    ctx: &Ctx,
    form: &mut Multipart,
    read: &mut FormWithFiles,
    text: &mut usize,
) -> std::result::Result<bool, Failed> {
    let Some(mut field) = form.next_field().await? else { return Ok(false) };
    if read.fields.len() + read.files.len() >= FIELDS_MAX {
        return Err(Failed::TooMuch);
    }
    let name = field.name().unwrap_or_default().to_owned();
    let Some(file_name) = field.file_name().map(str::to_owned) else {
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await? {
            *text += chunk.len();
            if *text > TEXT_MAX {
                return Err(Failed::TooMuch);
            }
            bytes.extend_from_slice(&chunk);
        }
        read.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        return Ok(true);
    };
    let spool = ctx.app.files.spool().map_err(Failed::Disk)?;
    let (file, path) = spool.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut size = 0_u64;
    while let Some(chunk) = field.chunk().await? {
        size += chunk.len() as u64;
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    if size > 0 {
        read.files.push(Incoming { field: name, file_name, path, size });
    }
    Ok(true)
}
