mod words;

use super::scan::{Scan, Span, is_end};
use super::{Kind, Marks, Place, Text};
use crate::similarity::{Script, script};
use words::{DENIALS, NO_DENIALS, NO_SIDE, NO_ZU, SOFT, WORDS};

/// A denial is about the words of its clause up to so many characters before it.
const REACH: usize = 24;
/// A word of direction is denied by what follows within so many characters.
const TAIL: usize = 9;

/// What a text affirms and denies.
#[derive(Debug, Default)]
pub(super) struct Directions {
    words: Vec<Word>,
    denials: Vec<Denial>,
    /// The words (kanji, katakana, Latin) around signs that deny softly, and around words of direction.
    soft: Vec<String>,
    /// All words of the text.
    all: Vec<String>,
}

#[derive(Debug)]
struct Word {
    span: Span,
    name: &'static str,
    is_denied: bool,
}

#[derive(Debug)]
struct Denial {
    span: Span,
    /// The words of the clause before it, the nearest last.
    about: Vec<String>,
}

/// Whether a text says 賛成, and whether it says 反対; 賛成できない is 反対, 反対ではない is neither.
pub(crate) fn sides(text: &str) -> (bool, bool) {
    let words = words_of_direction(&Scan::of(text));
    let says = |name: &str| words.iter().any(|word| word.name == name && !word.is_denied);
    (says("賛成"), says("反対"))
}

/// Marks words of direction and denials of the originals that the summary lacks, each once.
pub(super) fn lost(sources: &[Text], result: &Text, marks: &mut Marks) {
    let mut seen: Vec<(&str, bool)> = Vec::new();
    let mut named: Vec<&[String]> = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        for word in &source.directions.words {
            let is_kept = result.directions.has(word) || seen.contains(&(word.name, word.is_denied));
            if !is_kept {
                seen.push((word.name, word.is_denied));
                marks.add(Kind::DirectionLost, Place::Original(place), word.span);
            }
        }
        for denial in &source.directions.denials {
            if !is_known(denial, &[&result.directions]) && !named.contains(&denial.about.as_slice()) {
                named.push(&denial.about);
                marks.add(Kind::NegationLost, Place::Original(place), denial.span);
            }
        }
    }
}

/// Marks words of direction and denials of the summary that no original has, each once.
pub(super) fn added(sources: &[Text], result: &Text, marks: &mut Marks) {
    let mut seen: Vec<(&str, bool)> = Vec::new();
    for word in &result.directions.words {
        let is_known = sources.iter().any(|source| source.directions.has(word));
        if !is_known && !seen.contains(&(word.name, word.is_denied)) {
            seen.push((word.name, word.is_denied));
            marks.add(Kind::DirectionAdded, Place::Summary, word.span);
        }
    }
    let all: Vec<&Directions> = sources.iter().map(|source| &source.directions).collect();
    let mut named: Vec<&[String]> = Vec::new();
    for denial in &result.directions.denials {
        if !is_known(denial, &all) && !named.contains(&denial.about.as_slice()) {
            named.push(&denial.about);
            marks.add(Kind::NegationAdded, Place::Summary, denial.span);
        }
    }
}

impl Directions {
    fn has(&self, word: &Word) -> bool {
        self.words.iter().any(|own| own.name == word.name && own.is_denied == word.is_denied)
    }

    /// Whether this text denies something about one of the same words.
    fn denies(&self, denial: &Denial) -> bool {
        let is_about = |words: &[String]| denial.about.iter().any(|word| words.iter().any(|own| is_alike(own, word)));
        self.denials.iter().any(|own| is_about(&own.about)) || is_about(&self.soft)
    }

    /// Whether it mentions the word that a denial is about.
    fn mentions(&self, denial: &Denial) -> bool {
        denial.about.last().is_some_and(|head| self.all.iter().any(|own| is_alike(own, head)))
    }
}

/// Whether a denial stands in one of these texts too, as far as letters tell: one of them denies something about the same
/// words; or they deny something, and none mentions the word it is about (the same said in other words, or left out with
/// the whole sentence).
fn is_known(denial: &Denial, texts: &[&Directions]) -> bool {
    texts.iter().any(|text| text.denies(denial))
        || (texts.iter().any(|text| !text.denials.is_empty()) && !texts.iter().any(|text| text.mentions(denial)))
}

/// Equal, or one within the other when both have two signs or more (利用, 利用不可).
fn is_alike(a: &str, b: &str) -> bool {
    let is_long = |text: &str| text.chars().nth(1).is_some();
    a == b || (is_long(a) && is_long(b) && (a.contains(b) || b.contains(a)))
}

/// What a text affirms and denies.
pub(super) fn find(scan: &Scan) -> Directions {
    let words = words_of_direction(scan);
    let mut directions = Directions { all: words_between(scan, 0, scan.len()), ..Directions::default() };
    for i in 0..scan.len() {
        if let Some(end) = denial(scan, i) {
            let about = clause_before(scan, i);
            let own = Span { start: i, end };
            if words.iter().any(|word| word.span.overlaps(own)) {
                directions.soft.extend(about);
            } else {
                let start = head(scan, i);
                directions.denials.push(Denial { span: Span { start, end }, about });
            }
        } else if let Some((_, end)) = scan.word(i, &SOFT) {
            let end = scan.run(end, |c| script(c) == Script::Kanji);
            directions.soft.extend(clause_before(scan, end));
        }
    }
    for word in &words {
        directions.soft.extend(clause_before(scan, word.span.end));
    }
    directions.words = words.into_iter().filter(|word| word.name != "必要").collect();
    directions
}

/// Words of direction; 必要 stays for 必要ない, which is 不要.
fn words_of_direction(scan: &Scan) -> Vec<Word> {
    let mut words = Vec::new();
    let mut i = 0;
    while i < scan.len() {
        let found =
            WORDS.iter().filter(|(written, _)| scan.starts(i, written)).max_by_key(|(written, _)| written.len());
        let Some((written, name)) = found else {
            i += 1;
            continue;
        };
        let end = i + written.chars().count();
        if *name == "反対" && scan.word(end, &NO_SIDE).is_some() && !scan.starts(end, "意見") {
            i = end;
            continue;
        }
        let denied = denied_until(scan, end);
        let (name, is_denied) = match (*name, denied) {
            ("賛成", Some(_)) => ("反対", false),
            ("必要", Some(_)) => ("不要", false),
            (name, denied) => (name, denied.is_some()),
        };
        words.push(Word { span: Span { start: i, end: denied.unwrap_or(end) }, name, is_denied });
        i = end;
    }
    words
}

/// Where the denial ends that follows a word of direction in its clause with only hiragana between (中止しないで,
/// 賛成できません, 必要ではありません).
fn denied_until(scan: &Scan, after: usize) -> Option<usize> {
    let reach = scan.run(after, |c| script(c) == Script::Hiragana || c == '無').min(after + TAIL);
    let at = (after..reach).find(|at| scan.word(*at, &DENIALS).is_some())?;
    // 必要がある。…ではないか and 反対しているのではない are about something else; が parts, too.
    let between = scan.slice(after, at);
    let is_other = ["して", "する", "した", "なの", "だと", "ですが", "だが"].iter().any(|word| between.contains(word));
    if is_other { None } else { denial(scan, at) }
}

/// The end of the denial that begins at `i`: not of a word that only looks so, of "must", or of a question that asks for
/// something (していただけませんか, ではないか).
fn denial(scan: &Scan, i: usize) -> Option<usize> {
    let (word, end) = scan.word(i, &DENIALS)?;
    if word.starts_with('ず') {
        let is_verb = scan.before(i).is_some_and(|c| matches!(script(c), Script::Hiragana | Script::Kanji));
        return (is_verb && !scan.follows(i, &NO_ZU)).then_some(i + 1);
    }
    let is_other = match word {
        "なく" | "無く" => {
            scan.is(end, |c| "すしそせ".contains(c)) || scan.starts(end, "ては") || scan.starts(end, "ちゃ")
        }
        "ない" => scan.starts(end, "といけ") || scan.starts(end, "とな") || scan.starts(end, "わけ"),
        "ぬよう" => scan.follows(i, &["し", "死"]),
        _ => false,
    };
    if is_other
        || scan.before(i).is_none()
        || scan.follows(i, &NO_DENIALS)
        || is_must(scan, i)
        || is_question(scan, end)
    {
        return None;
    }
    Some(if word == "なかっ" { end } else { end.max(i + 1) })
}

/// かもしれません, なければなりません, しかありません: the sign of denial in ません is further on.
fn is_must(scan: &Scan, i: usize) -> bool {
    let stem = scan.run_back(i, |c| script(c) == Script::Hiragana || script(c) == Script::Kanji);
    let before = scan.slice(stem, i);
    [
        "かもしれ",
        "かも知れ",
        "なければなり",
        "なければいけ",
        "なくてはなり",
        "なくてはいけ",
        "ないといけ",
        "ねばなり",
        "しかあり",
        "ざるを得",
        "申し訳あり",
        "申し訳ござい",
        "違いあり",
        "仕方あり",
    ]
    .iter()
    .any(|must| before.ends_with(must))
}

/// Whether a question ends here: ないか, ませんか, ないでしょうか, ないものか, but not ないから.
fn is_question(scan: &Scan, end: usize) -> bool {
    let at = scan
        .word(end, &["でしょう", "だろう", "もの", "の", "ものでしょう", "のでしょう", "のだろう"])
        .map_or(end, |(_, at)| at);
    scan.starts(at, "か") && !scan.starts(at, "から") && !scan.starts(at, "かぎ")
}

fn is_content(c: char) -> bool {
    matches!(script(c), Script::Kanji | Script::Katakana | Script::Letter)
}

/// Where the word begins that a denial at `i` is about.
fn head(scan: &Scan, i: usize) -> usize {
    let limit = clause_start(scan, i);
    let end = scan.run_back(i, |c| !is_content(c)).max(limit);
    let kind = scan.before(end).map(script);
    let start = scan.run_back(end, |c| Some(script(c)) == kind).max(limit);
    // Hiragana alone: the clause itself.
    if start == end { scan.run_back(i, |c| script(c) == Script::Hiragana).max(limit) } else { start }
}

fn clause_start(scan: &Scan, i: usize) -> usize {
    scan.run_back(i, |c| !is_end(c)).max(i.saturating_sub(REACH))
}

fn clause_before(scan: &Scan, i: usize) -> Vec<String> {
    words_between(scan, clause_start(scan, i), i)
}

/// The runs of kanji, katakana and Latin letters, as they stand.
fn words_between(scan: &Scan, from: usize, to: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut i = from;
    while i < to {
        let Some(kind) = scan.get(i).map(script) else { break };
        let end = scan.run(i, |c| script(c) == kind).min(to).max(i + 1);
        if scan.is(i, is_content) {
            words.push(scan.slice(i, end).to_owned());
        }
        i = end;
    }
    words
}
