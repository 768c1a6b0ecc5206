//! The Japanese font: found on the machine, and asked what it can show.

use std::{
    fmt,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::PdfError;

/// Where Debian's packages put their fonts.
const FOLDERS: [&str; 4] = [
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/opentype/ipaexfont-gothic",
    "/usr/share/fonts/truetype/ipaexfont-gothic",
    "/usr/share/fonts/truetype/fonts-japanese-gothic",
];

/// Files that are known, the best first: the regular face, and the bold one where there is one. Noto Sans CJK has 𠮷 and
/// almost all of JIS X 0213; `IPAex` Gothic has one weight and lacks 3,109 of its 14,429 characters.
const KNOWN: [(&str, Option<&str>); 4] = [
    ("NotoSansCJK-Regular.ttc", Some("NotoSansCJK-Bold.ttc")),
    ("NotoSansCJKjp-Regular.otf", Some("NotoSansCJKjp-Bold.otf")),
    ("NotoSansJP-Regular.otf", Some("NotoSansJP-Bold.otf")),
    ("ipaexg.ttf", None),
];

/// The files of the font that is used, the regular face first: in `dir` and nowhere else when one is given, otherwise in
/// Debian's folders. Looks only whether they are there.
#[must_use]
pub fn installed(dir: Option<&Path>) -> Option<Vec<PathBuf>> {
    let folders: Vec<&Path> = dir.map_or_else(|| FOLDERS.iter().map(Path::new).collect(), |dir| vec![dir]);
    let file = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    KNOWN.iter().find_map(|(regular, bold)| {
        let bold = bold.and_then(file);
        file(regular).map(|regular| [regular].into_iter().chain(bold).collect())
    })
}

/// A Japanese font, read.
pub struct Fonts {
    list: Vec<Font>,
    book: LazyHash<FontBook>,
    glyphs: Glyphs,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fonts").field(&self.families()).finish()
    }
}

impl Fonts {
    /// Reads the font that [`installed`] finds. Of a collection only face 0 is used: the Japanese one.
    ///
    /// # Errors
    /// [`PdfError::NoFont`] when there is none that can be read, [`PdfError::Memory`] when there is no room for it.
    pub fn find(dir: Option<&Path>) -> Result<Self, PdfError> {
        let files = installed(dir).ok_or(PdfError::NoFont)?;
        let mut list = Vec::with_capacity(files.len());
        for path in files {
            match std::fs::read(path) {
                Ok(bytes) => list.extend(Font::new(Bytes::new(bytes), 0)),
                Err(error) if error.kind() == ErrorKind::OutOfMemory => return Err(PdfError::Memory),
                Err(_) => {}
            }
        }
        if list.is_empty() {
            return Err(PdfError::NoFont);
        }
        let glyphs = Glyphs::of(&list);
        Ok(Self { book: LazyHash::new(FontBook::from_fonts(&list)), list, glyphs })
    }

    /// Characters of `text` that this font can't show, each once, in order. They print as 〓.
    #[must_use]
    pub fn missing(&self, text: &str) -> Vec<char> {
        self.glyphs.missing(text)
    }

    /// What it can show, without the font itself: small enough to keep in memory.
    #[must_use]
    pub fn glyphs(&self) -> Glyphs {
        self.glyphs.clone()
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.list.get(index).cloned()
    }

    /// Names of the families, as Typst knows them.
    pub(crate) fn families(&self) -> Vec<String> {
        let mut names: Vec<String> = self.list.iter().map(|font| font.info().family.clone()).collect();
        names.dedup();
        names
    }

    /// Whether there is a bold face; Typst makes none up.
    pub(crate) fn has_bold(&self) -> bool {
        self.list.len() > 1
    }
}

/// The characters that all faces of a font have.
#[derive(Clone, PartialEq, Eq)]
pub struct Glyphs(Vec<u64>);

impl fmt::Debug for Glyphs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many: u32 = self.0.iter().map(|word| word.count_ones()).sum();
        f.debug_tuple("Glyphs").field(&many).finish()
    }
}

impl Glyphs {
    fn of(fonts: &[Font]) -> Self {
        let mut all: Vec<u64> = vec![u64::MAX; 0x11_0000 / 64];
        for font in fonts {
            let mut own: Vec<u64> = vec![0; all.len()];
            for code in font.info().coverage.iter() {
                if let Some(word) = own.get_mut(code as usize / 64) {
                    *word |= 1 << (code % 64);
                }
            }
            for (word, own) in all.iter_mut().zip(own) {
                *word &= own;
            }
        }
        Self(all)
    }

    fn has(&self, c: char) -> bool {
        let code = u32::from(c);
        self.0.get(code as usize / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }

    /// Characters of `text` that can't be shown, each once, in order. They print as 〓.
    #[must_use]
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for c in documents::clean::text(text).chars() {
            if !self.shows(c) && !missing.contains(&c) {
                missing.push(c);
            }
        }
        missing
    }

    /// `text` as it is printed: cleaned, with places to break long runs, and 〓 for each letter (a base character with
    /// its marks, an emoji sequence) that the font hasn't got.
    pub(crate) fn printable(&self, text: &str) -> String {
        let text = documents::clean::breakable(text);
        if text.chars().all(|c| c == '\n' || self.has(c)) {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        for letter in text.graphemes(true) {
            if letter.chars().all(|c| self.shows(c)) {
                out.extend(letter.chars().filter(|c| !is_invisible(*c) || is_heeded(*c) || self.has(*c)));
            } else {
                out.push(documents::clean::GETA);
            }
        }
        out
    }

    /// Whether `c` prints as itself, or as nothing because nothing is to be seen of it.
    fn shows(&self, c: char) -> bool {
        c == '\n' || is_invisible(c) || self.has(c)
    }
}

/// Invisible characters that the typesetter heeds without a glyph: the place to break a long run, and the selectors of a
/// character's form (IVS).
fn is_heeded(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Characters that say something about others and have no shape of their own: where a font hasn't got them, they are
/// left out.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}
