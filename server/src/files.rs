//! Uploaded files: checked by content, stored under their hash, never under a name that somebody chose.

use std::{
    io::{Cursor, Read as _, Write as _},
    path::PathBuf,
    time::{Duration, UNIX_EPOCH},
};

use anyhow::Context as _;
use domain::{Millis, Problem};
use image::{ImageDecoder as _, ImageReader, Limits};
use sha2::{Digest as _, Sha256};

/// Largest picture that may be sent, in mebibytes.
pub const IMAGE_MAX_MIB: u32 = 15;
/// Largest document that may be sent, in mebibytes.
pub const PDF_MAX_MIB: u32 = 20;
/// Longest edge of a stored picture in pixels.
const IMAGE_EDGE: u32 = 1600;

/// A file that was stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// SHA-256 in hexadecimal: its name in the store.
    pub sha256: String,
    /// Its size in bytes.
    pub size: i64,
    /// Width and height of a picture.
    pub dimensions: Option<(i64, i64)>,
}

/// The directory of uploaded files.
#[derive(Clone, Debug)]
pub struct FileStore {
    root: PathBuf,
}

impl FileStore {
    /// A store in `root`, which is created with the first file.
    #[must_use]
    pub const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where a file is. The hash comes from our database, never from a request.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        let (head, _) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
        self.root.join(head).join(sha256)
    }

    /// An empty file on the same disk, for what is still coming in; it is gone when it is dropped.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spool(&self) -> anyhow::Result<tempfile::NamedTempFile> {
        let directory = self.root.join("incoming");
        std::fs::create_dir_all(&directory)?;
        Ok(tempfile::NamedTempFile::new_in(directory)?)
    }

    /// Takes a spooled file into the store; when this returns, it is on the disk. Reads it in pieces, so that a large
    /// one needs no memory.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn keep(&self, file: tempfile::TempPath) -> anyhow::Result<Stored> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || {
            let mut source = std::fs::File::open(&file)?;
            let mut hash = Sha256::new();
            let mut size = 0;
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let read = source.read(&mut buffer)?;
                let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
                hash.update(piece);
                size += read;
            }
            source.sync_all()?;
            let sha256 = crate::secret::hex(&hash.finalize());
            let path = store.path(&sha256);
            let directory = path.parent().context("the store has no directory")?;
            std::fs::create_dir_all(directory)?;
            file.persist(&path)?;
            std::fs::File::open(directory)?.sync_all()?;
            Ok(Stored { sha256, size: i64::try_from(size)?, dimensions: None })
        })
        .await?
    }

    /// Deletes a file nobody refers to any more; it is no error when it isn't there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn delete(&self, sha256: &str) -> anyhow::Result<()> {
        match tokio::fs::remove_file(self.path(sha256)).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The SHA-256 of every file that was written before a time, as the disk says; what is still coming in isn't one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn written_before(&self, time: Millis) -> anyhow::Result<Vec<String>> {
        let root = self.root.clone();
        let before = UNIX_EPOCH + Duration::from_millis(u64::try_from(time).unwrap_or_default());
        tokio::task::spawn_blocking(move || {
            let mut found = Vec::new();
            let folders = match std::fs::read_dir(&root) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
                folders => folders?,
            };
            for folder in folders {
                for file in std::fs::read_dir(folder?.path())? {
                    let file = file?;
                    let name = file.file_name().to_string_lossy().into_owned();
                    if is_sha256(&name) && file.metadata()?.modified()? < before {
                        found.push(name);
                    }
                }
            }
            Ok(found)
        })
        .await?
    }

    /// Writes a file; when this returns, it is on the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn put(&self, bytes: Vec<u8>) -> anyhow::Result<Stored> {
        let sha256 = crate::secret::hex(&Sha256::digest(&bytes));
        let stored = Stored { sha256: sha256.clone(), size: i64::try_from(bytes.len())?, dimensions: None };
        let path = self.path(&sha256);
        tokio::task::spawn_blocking(move || {
            let directory = path.parent().context("the store has no directory")?;
            std::fs::create_dir_all(directory)?;
            let mut file = tempfile::NamedTempFile::new_in(directory)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            std::fs::File::open(directory)?.sync_all()?;
            Ok(stored)
        })
        .await?
    }
}

fn is_sha256(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a file is, by what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// PDF (ISO 32000).
    Pdf,
    /// Word (ECMA-376 `WordprocessingML`).
    Word,
    /// Excel (ECMA-376 `SpreadsheetML`).
    Excel,
    /// A picture: JPEG, PNG or WebP.
    Picture,
}

impl FileKind {
    /// The media type under which it is sent. Pictures are stored as JPEG.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Picture => "image/jpeg",
        }
    }

    /// The ending of a file name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Word => "docx",
            Self::Excel => "xlsx",
            Self::Picture => "jpg",
        }
    }

    /// What the bytes of a file are; `None` when they are nothing we take. A Word or Excel file has its main part
    /// where ECMA-376 Part 2 puts it; the names in the archive are read, nothing is unpacked.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if check_pdf(bytes).is_ok() {
            return Some(Self::Pdf);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
            let has = |name: &str| archive.index_for_name(name).is_some();
            return match (has("[Content_Types].xml"), has("word/document.xml"), has("xl/workbook.xml")) {
                (true, true, false) => Some(Self::Word),
                (true, false, true) => Some(Self::Excel),
                _ => None,
            };
        }
        let format = image::guess_format(bytes).ok()?;
        matches!(format, image::ImageFormat::Jpeg | image::ImageFormat::Png | image::ImageFormat::WebP)
            .then_some(Self::Picture)
    }
}

/// Whether it starts and ends as a PDF does (ISO 32000-2 §7.5).
///
/// # Errors
/// [`Problem::FileKind`] or [`Problem::FileSize`].
pub fn check_pdf(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.len() > PDF_MAX_MIB as usize * 1024 * 1024 {
        return Err(Problem::FileSize { max_mib: PDF_MAX_MIB });
    }
    let tail = bytes.rchunks(2048).next().unwrap_or_default();
    if bytes.starts_with(b"%PDF-") && tail.windows(5).any(|w| w == b"%%EOF") { Ok(()) } else { Err(Problem::FileKind) }
}

/// Decodes a picture (JPEG, PNG or WebP by content, not by name), turns it as its EXIF says, shrinks it and writes it
/// anew as a JPEG: whatever else was in the file (place, camera, hidden data) is gone.
///
/// # Errors
/// [`Problem::FileKind`] or [`Problem::FileSize`].
pub fn clean_image(bytes: &[u8]) -> Result<(Vec<u8>, i64, i64), Problem> {
    if bytes.len() > IMAGE_MAX_MIB as usize * 1024 * 1024 {
        return Err(Problem::FileSize { max_mib: IMAGE_MAX_MIB });
    }
    let wrong = |_: image::ImageError| Problem::FileKind;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Problem::FileKind)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(wrong)?;
    let orientation = decoder.orientation().map_err(wrong)?;
    let mut picture = image::DynamicImage::from_decoder(decoder).map_err(wrong)?;
    picture.apply_orientation(orientation);
    if picture.width() > IMAGE_EDGE || picture.height() > IMAGE_EDGE {
        picture = picture.resize(IMAGE_EDGE, IMAGE_EDGE, image::imageops::FilterType::Triangle);
    }
    let flat = on_white(&picture);
    let (width, height) = flat.dimensions();
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 82).encode_image(&flat).map_err(wrong)?;
    Ok((out, i64::from(width), i64::from(height)))
}

/// JPEG knows no transparency: what shines through becomes white.
fn on_white(picture: &image::DynamicImage) -> image::RgbImage {
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let mix = |c: u8| u8::try_from((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255).unwrap_or(255);
        image::Rgb([mix(r), mix(g), mix(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::DynamicImage::new_rgba8(width, height).write_to(&mut out, image::ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn pictures_are_written_anew_and_shrunk() {
        let (jpeg, width, height) = clean_image(&png(3200, 800)).unwrap();
        assert_eq!((width, height), (1600, 400));
        assert!(jpeg.starts_with(&[0xFF, 0xD8, 0xFF]));
        assert!(!jpeg.windows(4).any(|w| w == b"Exif"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [&b"<svg onload=alert(1)>"[..], b"", b"%PDF-1.7", b"GIF89a"] {
            assert_eq!(clean_image(bytes), Err(Problem::FileKind));
        }
        let mut cut = png(300, 300);
        cut.truncate(60);
        assert_eq!(clean_image(&cut), Err(Problem::FileKind));
    }

    #[test]
    fn a_page_of_html_is_no_pdf() {
        assert_eq!(check_pdf(b"<html>%PDF-1.7 %%EOF"), Err(Problem::FileKind));
        assert_eq!(check_pdf(b"%PDF-1.7 cut"), Err(Problem::FileKind));
        assert_eq!(check_pdf(b"%PDF-1.7\n...\n%%EOF\n"), Ok(()));
    }
}
