//! Files that are made on the spot: whole, or written while they are sent.

use std::io::{self, Write};

use app::pages::responses::Download;
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse as _, Response},
};
use documents::{DocumentError, Format, ResponseTable, csv::Flavour};
use futures::stream;
use tokio::sync::{Semaphore, mpsc};

use super::routes::Answer;

/// How much is gathered before it is sent, in bytes.
const CHUNK: usize = 64 * 1024;
/// How many such pieces wait at most for a slow reader.
const WAITING: usize = 4;
/// How many files are made whole at the same time; others wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Where the pieces of a file are put; the file is cut off where an error is put.
pub(super) type Pieces = mpsc::Sender<io::Result<Bytes>>;

/// A file whose pieces come one by one. Few of them wait, so that memory does not grow with the file.
pub(super) fn pieces(content_type: &'static str, name: &str) -> (Pieces, Response) {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    // A closed channel may be asked again, as the compression layer does.
    let body = stream::poll_fn(move |cx| receiver.poll_recv(cx));
    (sender, attachment(content_type, name, Body::from_stream(body)))
}

/// A file to be kept, under a name of ASCII letters.
pub(super) fn attachment(content_type: &'static str, name: &str, body: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, body.into()).into_response()
}

/// A file that `write` writes while it is sent. Where it fails the reader sees that the file is not whole.
pub(super) fn streamed<W>(content_type: &'static str, name: &str, write: W) -> Response
where
    W: FnOnce(&mut dyn Write) -> Result<(), DocumentError> + Send + 'static,
{
    let (sender, response) = pieces(content_type, name);
    tokio::task::spawn_blocking(move || {
        let mut writer = PieceWriter { sender, buffer: Vec::with_capacity(CHUNK) };
        if let Err(error) = write(&mut writer).and_then(|()| Ok(writer.flush()?)) {
            // Nobody hears it who has gone away; that is no failure of ours.
            if writer.sender.blocking_send(Err(io::Error::other("not written to the end"))).is_ok() {
                tracing::error!(%error, "writing a download");
            }
        }
    });
    response
}

/// A table as a file; its name is `stem` with the extension. CSV and JSON are written while they are sent.
pub(super) async fn table(table: ResponseTable, format: Format, stem: &str) -> Answer {
    let name = format!("{stem}.{}", format.extension());
    let kind = format.content_type();
    Ok(match format {
        Format::Csv => {
            streamed(kind, &name, move |target| documents::csv::write_flavour(&table, Flavour::Spreadsheet, target))
        }
        Format::CsvUtf8 => {
            streamed(kind, &name, move |target| documents::csv::write_flavour(&table, Flavour::Machine, target))
        }
        Format::Json => streamed(kind, &name, move |target| documents::json::write(&table, target)),
        Format::Docx | Format::Txt | Format::Xlsx => {
            let bytes = whole(move || documents::render(&table, format)).await?;
            attachment(kind, &name, bytes)
        }
    })
}

/// Makes a file whole, in its turn.
pub(super) async fn whole<F>(work: F) -> crate::error::Result<Vec<u8>>
where
    F: FnOnce() -> Result<Vec<u8>, DocumentError> + Send + 'static,
{
    let _turn = TURNS.acquire().await.map_err(anyhow::Error::from)?;
    let made = tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?;
    Ok(made.map_err(anyhow::Error::from)?)
}

/// A PDF under its name.
pub(super) fn pdf(bytes: Vec<u8>, stem: &str) -> Response {
    let kind = Download::Pdf;
    attachment(kind.content_type(), &format!("{stem}.{}", kind.extension()), bytes)
}

/// Gathers what is written into pieces.
struct PieceWriter {
    sender: Pieces,
    buffer: Vec<u8>,
}

impl Write for PieceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn what_is_written_arrives() {
        let response = streamed("text/plain", "a.txt", |target| {
            for n in 0..20_000 {
                writeln!(target, "{n}")?;
            }
            Ok(())
        });
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let lines: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
        assert_eq!(body, format!("{}\n", lines.join("\n")).as_bytes());
    }

    #[tokio::test]
    async fn a_file_that_fails_is_cut_off() {
        let response = streamed("text/plain", "a.txt", |target| {
            target.write_all(b"some")?;
            Err(io::Error::other("disk").into())
        });
        assert!(response.into_body().collect().await.is_err());
    }
}
