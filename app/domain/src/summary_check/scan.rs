/// From a character (inclusive) to a character (exclusive), counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A text by its characters, full-width letters, digits and signs as their ASCII forms.
pub(super) struct Scan<'a> {
    text: &'a str,
    chars: Vec<(usize, char)>,
}

impl<'a> Scan<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, chars: text.char_indices().map(|(at, c)| (at, narrow(c))).collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn get(&self, i: usize) -> Option<char> {
        self.chars.get(i).map(|(_, c)| *c)
    }

    /// The character before the `i`th.
    pub(super) fn before(&self, i: usize) -> Option<char> {
        i.checked_sub(1).and_then(|i| self.get(i))
    }

    pub(super) fn is(&self, i: usize, test: impl Fn(char) -> bool) -> bool {
        self.get(i).is_some_and(test)
    }

    /// The byte at which the `i`th character begins.
    pub(super) fn at(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.text.len(), |(at, _)| *at)
    }

    /// As written, not folded.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(self.at(from)..self.at(to)).unwrap_or_default()
    }

    /// Whether `word` stands at `i`.
    pub(super) fn starts(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(n, c)| self.get(i + n) == Some(c))
    }

    /// Whether `word` ends before `i`.
    pub(super) fn ends(&self, i: usize, word: &str) -> bool {
        i.checked_sub(word.chars().count()).is_some_and(|start| self.starts(start, word))
    }

    /// The longest of `words` that stands at `i`, and where it ends.
    pub(super) fn word<'w>(&self, i: usize, words: &[&'w str]) -> Option<(&'w str, usize)> {
        let found = words.iter().filter(|word| self.starts(i, word)).max_by_key(|word| word.len());
        found.map(|word| (*word, i + word.chars().count()))
    }

    /// Whether one of `words` ends before `i`.
    pub(super) fn follows(&self, i: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.ends(i, word))
    }

    /// The first character from `i` on for which `test` doesn't hold.
    pub(super) fn run(&self, i: usize, test: impl Fn(char) -> bool) -> usize {
        let rest = self.chars.iter().skip(i);
        i + rest.take_while(|(_, c)| test(*c)).count()
    }

    /// Where the run of characters that ends before `i` begins.
    pub(super) fn run_back(&self, i: usize, test: impl Fn(char) -> bool) -> usize {
        let before = self.chars.iter().take(i).rev();
        i.min(self.len()) - before.take_while(|(_, c)| test(*c)).count()
    }
}

/// Full-width ASCII and the wide space to their narrow forms.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

/// What people type between the parts of a number: hyphens, dashes, the minus and the long-vowel sign.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '−' | 'ー' | 'ｰ' | '─')
}

/// Marks that end a clause.
pub(super) fn is_end(c: char) -> bool {
    matches!(
        c,
        '。' | '、' | '.' | ',' | '!' | '?' | '\n' | '\r' | '「' | '」' | '(' | ')' | '・' | ';' | ':' | '．' | '，'
    )
}
