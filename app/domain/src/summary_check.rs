//! What a clerk should look at before a 要旨 is printed under 「ご意見については、趣旨を損なわない範囲で要約しています。」:
//! what the original says and the summary doesn't, what the summary says and no original does, personal data, and
//! characters that don't print everywhere.
//!
//! Nothing here is forbidden or changed. The rules look at letters, not at meaning: a finding says "look here", and no
//! finding doesn't say that the summary is right.

mod characters;
mod direction;
mod key_terms;
mod numbers;
mod personal;
mod personal_names;
mod scan;

pub(crate) use direction::sides;

use crate::text;
use scan::{Scan, Span};

/// What a [`Finding`] is about. Wording is the screen's, by [`Kind::code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A number, date or share of an original that the summary lacks (令和7年, 三割, 2,000円).
    NumberLost,
    /// A number of the summary that no original has.
    NumberAdded,
    /// A name or key term of an original that the summary lacks: katakana words of three or more, Latin words, quoted
    /// terms, stations, parks, streets, schools, towns, departments.
    TermLost,
    /// Something an original denies (利用できない) that the summary doesn't.
    NegationLost,
    /// Something the summary denies that no original does.
    NegationAdded,
    /// A word of direction (反対, 賛成, 不要, 廃止 …) of an original that the summary lacks.
    DirectionLost,
    /// A word of direction of the summary that no original has.
    DirectionAdded,
    /// A Japanese phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal code.
    PostalCode,
    /// A street address (丁目 with 番 or 号, 本町1-2-3, 101号室).
    Address,
    /// A person's name, by 様, さん, 氏 after it or 氏名： before it.
    Name,
    /// Age with sex or way of living, by which a neighbour would know the person (72歳の男性, 80歳一人暮らし).
    Profile,
    /// 機種依存文字: ①, Ⅳ, ㈱, ㎡, half-width katakana, private-use characters.
    MachineDependent,
    /// A character of names and messages that not every font has (髙, 﨑, 𠮷, emoji): no mistake, but it may not print
    /// everywhere.
    RareCharacter,
}

impl Kind {
    /// Every kind, in the order of this list.
    pub const ALL: [Self; 15] = [
        Self::NumberLost,
        Self::NumberAdded,
        Self::TermLost,
        Self::NegationLost,
        Self::NegationAdded,
        Self::DirectionLost,
        Self::DirectionAdded,
        Self::Phone,
        Self::Email,
        Self::PostalCode,
        Self::Address,
        Self::Name,
        Self::Profile,
        Self::MachineDependent,
        Self::RareCharacter,
    ];

    /// A name that never changes, for wording keys and records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NumberLost => "number_lost",
            Self::NumberAdded => "number_added",
            Self::TermLost => "term_lost",
            Self::NegationLost => "negation_lost",
            Self::NegationAdded => "negation_added",
            Self::DirectionLost => "direction_lost",
            Self::DirectionAdded => "direction_added",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::PostalCode => "postal_code",
            Self::Address => "address",
            Self::Name => "name",
            Self::Profile => "profile",
            Self::MachineDependent => "machine_dependent",
            Self::RareCharacter => "rare_character",
        }
    }

    /// Whether it is about a person who could be recognised.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Phone | Self::Email | Self::PostalCode | Self::Address | Self::Name | Self::Profile)
    }
}

/// Which text a finding points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The original of this position in the list that was given, from 0.
    Original(usize),
    /// The summary, or the only text there is.
    Summary,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// The text it stands in.
    pub place: Place,
    /// Where it begins there, in bytes (always between two characters).
    pub start: usize,
    /// Where it ends there, in bytes.
    pub end: usize,
    /// The stretch itself, as it stands there.
    pub text: String,
}

/// Compares a summary with the originals it stands for, and looks at the summary itself.
///
/// First what was lost, in the order of the originals and of their text, then what stands in the summary, in its order.
/// A fact of any original that the summary lacks is lost, and named once, where it first stands, however many originals
/// have it: whoever sums up 「30台」 and 「50台」 is asked about both. A fact of the summary was added when no original has
/// it. Numbers are the same whatever their digits (三割, 30％, 30パーセント; 令和7年, 2025年); names whatever their width,
/// case and old or new kanji. Personal data of an original is not asked for: it should be lost.
#[must_use]
pub fn check(originals: &[&str], summary: &str) -> Vec<Finding> {
    let sources: Vec<Text> = originals.iter().map(|text| Text::of(text)).collect();
    let result = Text::of(summary);
    let mut lost = Marks::default();
    numbers::lost(&sources, &result, &mut lost);
    key_terms::lost(&sources, &result, &mut lost);
    direction::lost(&sources, &result, &mut lost);
    let mut found = Marks::default();
    numbers::added(&sources, &result, &mut found);
    direction::added(&sources, &result, &mut found);
    for (kind, span) in &result.personal {
        found.add(*kind, Place::Summary, *span);
    }
    characters::find(&result.scan, &mut found);
    let scans: Vec<&Scan> = sources.iter().map(|source| &source.scan).collect();
    let mut findings = lost.findings(&scans, &result.scan);
    findings.extend(found.findings(&scans, &result.scan));
    findings
}

/// Whether every original is the summary word for word, apart from white space at both ends and at the ends of lines and
/// the kind of line ends. `false` without originals: then the summary is nobody's words.
#[must_use]
pub fn is_verbatim(originals: &[&str], summary: &str) -> bool {
    let plain = |text: &str| -> String {
        let lines: Vec<String> =
            text::normalise_newlines(text).lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n").trim().to_owned()
    };
    let summary = plain(summary);
    !originals.is_empty() && originals.iter().all(|original| plain(original) == summary)
}

/// What in a text may tell who a person is or where they live, in order.
#[must_use]
pub fn personal_data(text: &str) -> Vec<Finding> {
    let scan = Scan::of(text);
    let mut marks = Marks::default();
    for (kind, span) in personal::find(&scan) {
        marks.add(kind, Place::Summary, span);
    }
    marks.findings(&[], &scan)
}

/// Characters of a text that don't print everywhere, neighbours of one kind together, in order:
/// [`Kind::MachineDependent`] and [`Kind::RareCharacter`].
#[must_use]
pub fn machine_dependent(text: &str) -> Vec<Finding> {
    let scan = Scan::of(text);
    let mut marks = Marks::default();
    characters::find(&scan, &mut marks);
    marks.findings(&[], &scan)
}

/// A text with what is looked up in it again and again.
struct Text<'a> {
    scan: Scan<'a>,
    personal: Vec<(Kind, Span)>,
    numbers: Vec<numbers::Number>,
    directions: direction::Directions,
}

impl<'a> Text<'a> {
    fn of(text: &'a str) -> Self {
        let scan = Scan::of(text);
        let personal = personal::find(&scan);
        let numbers = numbers::find(&scan, &personal);
        let directions = direction::find(&scan);
        Self { scan, personal, numbers, directions }
    }
}

/// Findings before they are put in order.
#[derive(Default)]
struct Marks(Vec<(Place, Span, Kind)>);

impl Marks {
    fn add(&mut self, kind: Kind, place: Place, span: Span) {
        self.0.push((place, span, kind));
    }

    /// In order, without what stands within another finding of its kind.
    fn findings(mut self, originals: &[&Scan], summary: &Scan) -> Vec<Finding> {
        self.0.sort_by_key(|(place, span, kind)| (*place, span.start, std::cmp::Reverse(span.end), *kind));
        self.0.dedup();
        let mut findings: Vec<Finding> = Vec::new();
        // How far the findings of each kind reach; a finding that ends before that stands within one of them.
        let mut reach: Vec<(Place, usize, Kind)> = Vec::new();
        for (place, span, kind) in self.0 {
            if reach.iter().any(|(at, end, of)| *at == place && *of == kind && span.end <= *end) {
                continue;
            }
            reach.retain(|(at, _, of)| *at == place && *of != kind);
            reach.push((place, span.end, kind));
            let scan = match place {
                Place::Original(at) => originals.get(at).copied().unwrap_or(summary),
                Place::Summary => summary,
            };
            let (start, end) = (scan.at(span.start), scan.at(span.end));
            findings.push(Finding { kind, place, start, end, text: scan.slice(span.start, span.end).to_owned() });
        }
        findings
    }
}

#[cfg(test)]
mod tests;
