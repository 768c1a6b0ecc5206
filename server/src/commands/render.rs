//! `machikoe render-pdf`: the process that makes one PDF. It reads a job from standard input, writes the PDF to standard
//! output, and says in one line on standard error what went wrong. It knows neither database nor settings.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::Context as _;
use documents::ResponseTable;
use pdf::{Fonts, PdfError};
use rlimit::Resource;
use server::rendering::{Job, NO_FONT, NO_MEMORY};

/// Makes one PDF with at most so much memory.
pub fn run(font_dir: Option<&Path>, memory_mib: u64) -> ExitCode {
    match render(font_dir, memory_mib) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("machikoe: {error:#}");
            let starved = |error: &std::io::Error| error.kind() == std::io::ErrorKind::OutOfMemory;
            match error.downcast_ref::<PdfError>() {
                Some(PdfError::NoFont) => NO_FONT.into(),
                Some(PdfError::Memory) => NO_MEMORY.into(),
                _ if error.downcast_ref().is_some_and(starved) => NO_MEMORY.into(),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn render(font_dir: Option<&Path>, memory_mib: u64) -> anyhow::Result<()> {
    limit(Resource::AS, memory_mib.saturating_mul(1 << 20)).context("can't limit the memory")?;
    // What is in memory isn't for the disk.
    limit(Resource::CORE, 0).context("can't turn core dumps off")?;
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input).context("can't read the job")?;
    let job: Job<ResponseTable> = serde_json::from_slice(&input).ok().context("the job can't be understood")?;
    drop(input);
    let fonts = Fonts::find(font_dir)?;
    let pdf = pdf::render(&job.table, &fonts, job.mark.as_deref())?;
    std::io::stdout().lock().write_all(&pdf).context("can't hand the PDF over")
}

/// Lowers a limit; one that is lower already stays.
fn limit(resource: Resource, bytes: u64) -> std::io::Result<()> {
    let (_, hard) = resource.get()?;
    let limit = bytes.min(hard);
    resource.set(limit, limit)
}
