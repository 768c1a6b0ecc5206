//! Makes sure that a ZIP archive is a workbook that can be unpacked, before anything else sees it.
//!
//! Sizes and counts in an archive are claims. Here every entry is unpacked once into nothing, counting.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::Limits;
use crate::fault::{Fault, LooksLike, mebibytes};
use crate::weight::Weight;

/// Most entries of an archive. A workbook with a hundred sheets has some four hundred.
const MAX_ENTRIES: usize = 2_000;

/// Most bytes read to find and read the archive's directory.
const DIRECTORY: u64 = 16 << 20;

/// Checks the archive and leaves the file at its start.
pub(crate) fn check(file: &mut File, limits: Limits) -> Result<(), Fault> {
    let bomb = Fault::Bomb { max_mib: mebibytes(limits.max_unpacked) };
    match ends(file).map_err(|_| Fault::Damaged)? {
        Ends::None => return Err(Fault::Damaged),
        Ends::TooMany => return Err(bomb),
        Ends::Plausible => {}
    }
    let left = Rc::new(Cell::new(DIRECTORY));
    let reader = BufReader::new(Budget { inner: &mut *file, left: Rc::clone(&left) });
    let mut archive = ZipArchive::new(reader).map_err(|_| Fault::Damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(bomb);
    }
    left.set(u64::MAX);
    let names = names(&archive)?;
    is_workbook(&names)?;
    unpack(&mut archive, &names, limits, &bomb)?;
    drop(archive);
    file.seek(SeekFrom::Start(0)).map(drop).map_err(|_| Fault::Damaged)
}

/// What the ends of the archive's directory say (APPNOTE.TXT 4.3.14 to 4.3.16).
enum Ends {
    None,
    TooMany,
    Plausible,
}

/// Looks for the end records before a ZIP reader does, because a ZIP64 record may claim any number of entries and room is
/// made for them. Without ZIP64 there can't be more than 65,535.
fn ends(file: &mut File) -> io::Result<Ends> {
    let mut long_records = Vec::new();
    let (mut any, mut is_long) = (false, false);
    let (mut window, mut position, mut locator) = (0_u32, 0_u64, None);
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1 << 16, &mut *file);
    loop {
        let block = io::BufRead::fill_buf(&mut reader)?;
        let length = block.len();
        if length == 0 {
            break;
        }
        for &byte in block {
            window = window << 8 | u32::from(byte);
            position += 1;
            match window {
                0x504B_0506 => {
                    any = true;
                    is_long |= locator.is_some_and(|locator| locator + 20 == position);
                }
                0x504B_0607 => locator = Some(position),
                0x504B_0606 if long_records.len() < MAX_ENTRIES => long_records.push(position),
                _ => {}
            }
        }
        io::BufRead::consume(&mut reader, length);
    }
    drop(reader);
    if !any {
        return Ok(Ends::None);
    }
    if is_long {
        for position in long_records {
            file.seek(SeekFrom::Start(position + 20))?;
            let mut counts = [0; 16];
            if file.read_exact(&mut counts).is_ok()
                && counts.as_chunks::<8>().0.iter().any(|count| u64::from_le_bytes(*count) > MAX_ENTRIES as u64)
            {
                return Ok(Ends::TooMany);
            }
        }
    }
    Ok(Ends::Plausible)
}

/// The entries' paths in lower case with `/`, by index.
fn names<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Vec<String>, Fault> {
    (0..archive.len())
        .map(|index| match archive.name_for_index(index) {
            Some(Ok(name)) => Ok(name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()),
            _ => Err(Fault::Damaged),
        })
        .collect()
}

fn is_workbook(names: &[String]) -> Result<(), Fault> {
    let has = |path: &str| names.iter().any(|name| name == path);
    if has("[content_types].xml") && has("xl/workbook.xml") {
        return Ok(());
    }
    let looks_like = if has("word/document.xml") {
        LooksLike::Word
    } else if has("[content_types].xml") || has("mimetype") {
        LooksLike::Other
    } else {
        LooksLike::Zip
    };
    Err(Fault::NotATable { looks_like })
}

/// Unpacks everything once, into nothing.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    names: &[String],
    limits: Limits,
    bomb: &Fault,
) -> Result<(), Fault> {
    let mut unpacked = 0_u64;
    let mut block = vec![0; 1 << 16];
    for (index, name) in names.iter().enumerate() {
        let mut entry = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Fault::Encrypted,
            _ => Fault::Damaged,
        })?;
        let mut weight = Weight::default();
        loop {
            let read = entry.read(&mut block).map_err(|_| Fault::Damaged)?;
            if read == 0 {
                break;
            }
            unpacked = unpacked.saturating_add(read as u64);
            if unpacked > limits.max_unpacked {
                return Err(bomb.clone());
            }
            weight.feed(block.get(..read).unwrap_or_default());
        }
        if weight.is_excessive(name) {
            return Err(bomb.clone());
        }
    }
    Ok(())
}

/// A reader that ends with an error after so many bytes.
struct Budget<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other("the archive's directory is too long")),
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Budget<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
