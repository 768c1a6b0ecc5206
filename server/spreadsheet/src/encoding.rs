//! The encoding of a text file, and its characters one by one.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use crate::Encoding;
use crate::fault::Fault;

impl Encoding {
    const fn implementation(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 | Self::Utf8Bom => UTF_8,
            Self::Cp932 => SHIFT_JIS,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }

    /// Bytes of the byte order mark.
    const fn mark(self) -> u64 {
        match self {
            Self::Utf8 | Self::Cp932 => 0,
            Self::Utf8Bom => 3,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }
}

/// So many characters of three bytes in a row without a mistake don't happen by chance: the text is UTF-8 that broke
/// later, and must not be shown as the garbage it makes in CP932.
const SURELY_UTF8: u64 = 8;

/// Reads the whole file and tells its encoding: by the byte order mark; else UTF-8 if all of it is valid; else CP932 if
/// all of it is valid.
pub(crate) fn detect(file: &mut File) -> Result<Encoding, Fault> {
    if let Some(encoding) = marked(file).map_err(|_| Fault::Damaged)? {
        return match check(file, encoding)? {
            Check { valid: true, .. } => Ok(encoding),
            Check { .. } => Err(broken(file, encoding)),
        };
    }
    let utf8 = check(file, Encoding::Utf8)?;
    if utf8.valid {
        return Ok(Encoding::Utf8);
    }
    if utf8.long_characters >= SURELY_UTF8 {
        return Err(broken(file, Encoding::Utf8));
    }
    let cp932 = check(file, Encoding::Cp932)?;
    if cp932.valid {
        return Ok(Encoding::Cp932);
    }
    let nearer = if utf8.bytes > cp932.bytes { Encoding::Utf8 } else { Encoding::Cp932 };
    Err(broken(file, nearer))
}

fn marked(file: &mut File) -> io::Result<Option<Encoding>> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.by_ref().take(3).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        [0xEF, 0xBB, 0xBF] => Some(Encoding::Utf8Bom),
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => None,
    })
}

struct Check {
    valid: bool,
    /// Bytes of text that could be read.
    bytes: u64,
    /// Characters among them that take three bytes in UTF-8.
    long_characters: u64,
}

fn check(file: &mut File, encoding: Encoding) -> Result<Check, Fault> {
    let mut text = Text::new(file, encoding)?;
    let mut check = Check { valid: true, bytes: 0, long_characters: 0 };
    loop {
        let filled = text.fill();
        check.bytes += text.ready.len() as u64;
        check.long_characters += text.ready.bytes().filter(|byte| (0xE0..=0xEF).contains(byte)).count() as u64;
        match filled {
            Ok(true) => {}
            Ok(false) => return Ok(check),
            Err(Unreadable::Encoding) => {
                check.valid = false;
                return Ok(check);
            }
            Err(Unreadable::File) => return Err(Fault::Damaged),
        }
    }
}

/// The fault with the row in which the first bad byte stands.
fn broken(file: &mut File, encoding: Encoding) -> Fault {
    let Ok(mut text) = Text::new(file, encoding) else { return Fault::Damaged };
    let (mut row, mut quoted, mut after_cr) = (1_u32, false, false);
    while let Ok(Some(c)) = text.next() {
        match c {
            '"' => quoted = !quoted,
            '\n' if after_cr || quoted => {}
            '\n' => row = row.saturating_add(1),
            '\r' if !quoted => row = row.saturating_add(1),
            _ => {}
        }
        after_cr = c == '\r';
    }
    Fault::Encoding { row }
}

/// Why the next character can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// The bytes are not valid in the encoding.
    Encoding,
    /// The file itself.
    File,
}

/// Bytes read and decoded at a time.
const BLOCK: usize = 1 << 16;

/// A text file, character by character, in constant memory.
pub(crate) struct Text<F> {
    file: F,
    decoder: Decoder,
    raw: Vec<u8>,
    used: usize,
    read_all: bool,
    ready: String,
    at: usize,
    ended: bool,
    failed: Option<Unreadable>,
}

/// Something to read from: a file of one's own or a borrowed one.
pub(crate) trait Source: io::Read + io::Seek {}
impl Source for File {}
impl Source for &mut File {}

impl<F: Source> Text<F> {
    /// The text from its start, without a byte order mark.
    pub(crate) fn new(mut file: F, encoding: Encoding) -> Result<Self, Fault> {
        file.seek(SeekFrom::Start(encoding.mark())).map_err(|_| Fault::Damaged)?;
        Ok(Self {
            file,
            decoder: encoding.implementation().new_decoder_without_bom_handling(),
            raw: Vec::new(),
            used: 0,
            read_all: false,
            ready: String::with_capacity(BLOCK * 3),
            at: 0,
            ended: false,
            failed: None,
        })
    }

    /// The next character; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<char>, Unreadable> {
        loop {
            if let Some(c) = self.ready.get(self.at..).and_then(|rest| rest.chars().next()) {
                self.at += c.len_utf8();
                return Ok(Some(c));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Decodes the next block; `false` when there is none. What came before bad bytes is handed out first.
    fn fill(&mut self) -> Result<bool, Unreadable> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() {
            if let Some(failed) = self.failed {
                return Err(failed);
            }
            if self.ended {
                return Ok(false);
            }
            if self.used == self.raw.len() && !self.read_all {
                self.raw.clear();
                self.used = 0;
                let read = self.file.by_ref().take(BLOCK as u64).read_to_end(&mut self.raw);
                match read {
                    Ok(read) => self.read_all = read == 0,
                    Err(_) => self.failed = Some(Unreadable::File),
                }
                continue;
            }
            let rest = self.raw.get(self.used..).unwrap_or_default();
            let (result, read) =
                self.decoder.decode_to_string_without_replacement(rest, &mut self.ready, self.read_all);
            self.used += read;
            match result {
                DecoderResult::InputEmpty => self.ended = self.read_all,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.failed = Some(Unreadable::Encoding),
            }
        }
        Ok(true)
    }
}
