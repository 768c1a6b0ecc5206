//! PDFs, made in a process of their own: `machikoe render-pdf` reads a [`Job`] from its standard input and writes the PDF
//! to its standard output. Typst can't be stopped and knows no limits; a process can be killed, its memory is limited,
//! and all it used is given back when it ends. One at a time.

use std::{
    collections::HashMap,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::{Mutex, OnceLock, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use app::rendering::RenderError;
use documents::ResponseTable;
use domain::Millis;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    sync::{Semaphore, SemaphorePermit},
};

use crate::{config::Config, ctx::Ctx, error::Result, repository};

/// How many may wait for their turn, the one whose turn it is included.
const QUEUE: usize = 21;
/// The exit code that says that there is no font.
pub const NO_FONT: u8 = 3;
/// The exit code that says that there was not enough memory, where the program could still say so.
pub const NO_MEMORY: u8 = 4;
/// Under which format a PDF is kept.
const PDF: &str = "pdf";
/// A version that could not be made is tried again after this time, doubled with each failure …
const FIRST_PAUSE: Millis = 60_000;
/// … up to this time.
const LONGEST_PAUSE: Millis = 6 * 3_600_000;

/// What the other process is asked to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job<T> {
    /// The table.
    pub table: T,
    /// What is printed on every page, 「案」.
    pub mark: Option<String>,
}

/// Makes PDFs, one at a time.
#[derive(Debug)]
pub struct Renderer {
    program: PathBuf,
    font_dir: Option<PathBuf>,
    time: Duration,
    memory_mib: u64,
    queue: Semaphore,
    turn: Semaphore,
    glyphs: OnceLock<pdf::Glyphs>,
    /// Versions that could not be made: how often, and when they are due again.
    failed: Mutex<HashMap<i64, (u32, Millis)>>,
    /// Held by the job that makes PDFs ahead.
    pub(crate) ahead: tokio::sync::Mutex<()>,
}

/// Somebody's turn; the next one's when it is dropped.
#[derive(Debug)]
struct Turn<'a> {
    renderer: &'a Renderer,
    _held: [SemaphorePermit<'a>; 2],
}

impl Renderer {
    /// A renderer with these settings.
    ///
    /// # Errors
    /// When the system doesn't say where this program is.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let program = match &config.pdf_program {
            Some(program) => program.clone(),
            None => std::env::current_exe().context("can't find this program for making PDFs")?,
        };
        Ok(Self {
            program,
            font_dir: config.font_dir.clone(),
            time: Duration::from_secs(config.pdf_seconds),
            memory_mib: config.pdf_memory_mib,
            queue: Semaphore::new(QUEUE),
            turn: Semaphore::new(1),
            glyphs: OnceLock::new(),
            failed: Mutex::default(),
            ahead: tokio::sync::Mutex::default(),
        })
    }

    /// What to tell whoever runs the site when there is no Japanese font; `None` when there is one. Looks at the disk.
    #[must_use]
    pub fn font_warning(&self) -> Option<String> {
        if pdf::installed(self.font_dir.as_deref()).is_some() {
            return None;
        }
        Some(pdf::PdfError::NoFont.to_string())
    }

    /// Characters of `text` that a PDF can't show, each once; they print as 〓. Nothing is missing while there is no
    /// font at all: that is said elsewhere. Reads the font the first time.
    #[must_use]
    pub fn missing(&self, text: &str) -> Vec<char> {
        if let Some(glyphs) = self.glyphs.get() {
            return glyphs.missing(text);
        }
        // A font that is installed later is found then.
        let Ok(fonts) = pdf::Fonts::find(self.font_dir.as_deref()) else { return Vec::new() };
        self.glyphs.get_or_init(|| fonts.glyphs()).missing(text)
    }

    /// Makes a PDF of a table; `mark` is printed on every page. Nothing is kept of it.
    ///
    /// # Errors
    /// [`RenderError`]; whatever it is, the next one is not affected.
    pub async fn pdf(&self, table: &ResponseTable, mark: Option<&str>) -> Result<Vec<u8>, RenderError> {
        self.turn().await?.pdf(table, mark).await
    }

    async fn turn(&self) -> Result<Turn<'_>, RenderError> {
        let queue = self.queue.try_acquire().map_err(|_| RenderError::Busy)?;
        let turn = self.turn.acquire().await.map_err(|_| RenderError::Failed)?;
        Ok(Turn { renderer: self, _held: [turn, queue] })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("render-pdf").arg("--memory-mib").arg(self.memory_mib.to_string());
        if let Some(dir) = &self.font_dir {
            command.arg("--font-dir").arg(dir);
        }
        // Nothing of the site's settings: the other process has no need of the database's password. glibc's arenas
        // would reserve 64 MiB of address space for each thread.
        command.env_clear().env("MALLOC_ARENA_MAX", "2");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    fn failed(&self) -> std::sync::MutexGuard<'_, HashMap<i64, (u32, Millis)>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a version that could not be made may be tried again.
    pub(crate) fn is_due(&self, publication: i64, now: Millis) -> bool {
        self.failed().get(&publication).is_none_or(|(_, due)| *due <= now)
    }

    /// Notes how it went.
    pub(crate) fn note(&self, publication: i64, went_well: bool, now: Millis) {
        let mut failed = self.failed();
        if went_well {
            failed.remove(&publication);
            return;
        }
        let (times, due) = failed.entry(publication).or_insert((0, now));
        let pause = FIRST_PAUSE.saturating_mul(1 << (*times).min(20)).min(LONGEST_PAUSE);
        (*times, *due) = (times.saturating_add(1), now + pause);
    }
}

impl Turn<'_> {
    async fn pdf(&self, table: &ResponseTable, mark: Option<&str>) -> Result<Vec<u8>, RenderError> {
        let job = Job { table, mark: mark.map(ToOwned::to_owned) };
        let job = serde_json::to_vec(&job).map_err(|error| failed(&error))?;
        let mut child = self.renderer.command().spawn().map_err(|error| failed(&error))?;
        let Ok(done) = tokio::time::timeout(self.renderer.time, talk(&mut child, job)).await else {
            // Waits until it is gone: the next one must have the machine for itself.
            let _ = child.kill().await;
            tracing::warn!(seconds = self.renderer.time.as_secs(), "making a PDF took too long");
            return Err(RenderError::TimedOut);
        };
        let (status, pdf, said) = done.map_err(|error| failed(&error))?;
        if status.success() && pdf.starts_with(b"%PDF-") {
            return Ok(pdf);
        }
        let error = reason(status, &said);
        // Only what our own program says on purpose: a panic could quote a text.
        let said = said.lines().find(|line| line.starts_with("machikoe: ")).unwrap_or_default();
        tracing::warn!(%status, said, "making a PDF: {error}");
        Err(error)
    }
}

fn failed(error: &dyn std::error::Error) -> RenderError {
    tracing::error!(%error, "making a PDF");
    RenderError::Failed
}

/// Hands over the job and takes what comes back.
async fn talk(child: &mut Child, job: Vec<u8>) -> std::io::Result<(ExitStatus, Vec<u8>, String)> {
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let ask = async move {
        if let Some(mut input) = input {
            // It may have ended without reading; its status says why.
            let _ = input.write_all(&job).await;
        }
    };
    let hear = async move {
        let mut pdf = Vec::new();
        match output {
            Some(mut output) => output.read_to_end(&mut pdf).await.map(|_| pdf),
            None => Ok(pdf),
        }
    };
    let overhear = async move {
        let mut said = Vec::new();
        if let Some(errors) = errors {
            let _ = errors.take(64 * 1024).read_to_end(&mut said).await;
        }
        String::from_utf8_lossy(&said).into_owned()
    };
    let ((), pdf, said) = tokio::join!(ask, hear, overhear);
    Ok((child.wait().await?, pdf?, said))
}

/// Why it ended. Rust aborts when memory can't be had (`handle_alloc_error`); the kernel kills when the machine has none.
fn reason(status: ExitStatus, said: &str) -> RenderError {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGKILL: i32 = 9;
    // ENOMEM, and EAGAIN as no thread can be started without memory for its stack.
    let starved = ["memory allocation of", "os error 12", "os error 11", "code: 12, kind", "code: 11, kind"];
    match status.code() {
        Some(code) if code == i32::from(NO_FONT) => RenderError::NoFont,
        Some(code) if code == i32::from(NO_MEMORY) => RenderError::OutOfMemory,
        _ if status.signal() == Some(SIGKILL) || starved.iter().any(|words| said.contains(words)) => {
            RenderError::OutOfMemory
        }
        _ => RenderError::Failed,
    }
}

/// The PDF of a published version: the one that is kept, or made now and kept. Who may see the version is for the caller
/// to decide, and that `table` is its table.
///
/// # Errors
/// When the database is away or the disk refuses. Inner: why it could not be made.
pub async fn published_pdf(ctx: &Ctx, publication: i64, table: &ResponseTable) -> Result<Result<Vec<u8>, RenderError>> {
    if let Some(kept) = kept(ctx, publication).await? {
        return Ok(Ok(kept));
    }
    let turn = match ctx.app.renderer.turn().await {
        Ok(turn) => turn,
        Err(error) => return Ok(Err(error)),
    };
    // Somebody who waited before may have asked for the same.
    if let Some(kept) = kept(ctx, publication).await? {
        return Ok(Ok(kept));
    }
    let made = turn.pdf(table, None).await;
    ctx.app.renderer.note(publication, made.is_ok(), ctx.now);
    let pdf = match made {
        Ok(pdf) => pdf,
        Err(error) => return Ok(Err(error)),
    };
    let file = ctx.app.renditions.put(pdf.clone()).await?;
    let tx = ctx.write().await?;
    // A file of a version that is gone meanwhile is swept away later.
    repository::rendition::put(&tx, publication, PDF, &file, ctx.now).await?;
    tx.commit().await?;
    Ok(Ok(pdf))
}

/// The file that is kept; none when there is none, or not the whole of it.
async fn kept(ctx: &Ctx, publication: i64) -> Result<Option<Vec<u8>>> {
    let Some(row) = repository::rendition::find(ctx.db(), publication, PDF).await? else { return Ok(None) };
    match tokio::fs::read(ctx.app.renditions.path(&row.sha256)).await {
        Ok(pdf) if i64::try_from(pdf.len()) == Ok(row.size) => Ok(Some(pdf)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(anyhow::Error::from(error).into()),
    }
}

/// Versions of which a PDF should be made ahead.
pub(crate) async fn due(ctx: &Ctx) -> Result<Vec<i64>> {
    let mut due = repository::rendition::due(ctx.db(), PDF, ctx.now).await?;
    due.retain(|publication| ctx.app.renderer.is_due(*publication, ctx.now));
    Ok(due)
}
