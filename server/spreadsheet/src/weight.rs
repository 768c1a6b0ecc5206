//! What an unpacked part of a workbook will cost its reader.
//!
//! Bytes alone don't tell: a few of them can stand for an element that takes hundreds in memory, one text can be copied
//! into every style, and a count can promise a billion strings. The limits are far above what Excel allows itself.

/// Most texts in the table of shared strings: ten different ones in each of 300,000 rows.
const MAX_STRINGS: u64 = 3_000_000;

/// Most sheets of a workbook.
const MAX_SHEETS: u64 = 2_000;

/// Longest piece from one `<` to the next in a list of relationships, in bytes.
const MAX_RELATIONSHIP: u64 = 1 << 16;

/// Most elements of the styles, and most bytes if every style had a copy of the longest piece. Excel stops at 65,490
/// styles of 255 characters.
const MAX_STYLE_ELEMENTS: u64 = 1_000_000;
const MAX_STYLE_BYTES: u64 = 128 << 20;

/// Counts over one part, fed block by block.
#[derive(Debug, Default)]
pub(crate) struct Weight {
    /// The last eight bytes.
    window: u64,
    elements: u64,
    strings: u64,
    sheets: u64,
    styles: u64,
    since_tag: u64,
    longest: u64,
    promise: Promise,
    promised: u64,
}

/// Where in `uniqueCount="12"` we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Promise {
    #[default]
    Elsewhere,
    Before,
    Number(u64),
}

impl Weight {
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.window = self.window << 8 | u64::from(byte);
            self.since_tag += 1;
            if byte == b'<' {
                self.elements += 1;
                self.longest = self.longest.max(self.since_tag);
                self.since_tag = 0;
            }
            self.count(byte);
            self.follow_promise(byte);
        }
    }

    /// Counts an element when its name has just been read; its prefix may be anything.
    fn count(&mut self, byte: u8) {
        if !matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\n' | b'\r') {
            return;
        }
        let name = self.window >> 8;
        let opened = |before: u64| matches!(u8::try_from(before & 0xFF), Ok(b'<' | b':'));
        self.strings += u64::from(name & 0xFFFF == word(b"si") && opened(name >> 16));
        self.styles += u64::from(name & 0xFFFF == word(b"xf") && opened(name >> 16));
        self.sheets += u64::from(name & 0xFF_FFFF_FFFF == word(b"sheet") && opened(name >> 40));
    }

    fn follow_promise(&mut self, byte: u8) {
        self.promise = match (self.promise, byte) {
            _ if self.window == word(b"queCount") => Promise::Before,
            (Promise::Before, b'0'..=b'9') => Promise::Number(u64::from(byte - b'0')),
            (Promise::Before, b' ' | b'\t' | b'\n' | b'\r' | b'=' | b'"' | b'\'' | b'+') => Promise::Before,
            (Promise::Number(so_far), b'0'..=b'9') => {
                Promise::Number(so_far.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Promise::Number(number), _) => {
                self.promised = self.promised.max(number);
                Promise::Elsewhere
            }
            _ => Promise::Elsewhere,
        };
    }

    /// Whether reading the part would fill memory. `name` is its path in lower case.
    pub(crate) fn is_excessive(&self, name: &str) -> bool {
        let is_relationships = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "rels");
        let longest = self.longest.max(self.since_tag);
        self.strings > MAX_STRINGS
            || self.promised > MAX_STRINGS
            || self.sheets > MAX_SHEETS
            || (is_relationships && longest > MAX_RELATIONSHIP)
            || (name.ends_with("styles.xml")
                && (self.elements > MAX_STYLE_ELEMENTS || self.styles.saturating_mul(longest) > MAX_STYLE_BYTES))
    }
}

/// A name as the window shows it.
fn word(name: &[u8]) -> u64 {
    name.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))
}
