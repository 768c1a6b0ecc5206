//! The table as the template reads it: every text cleaned and printable, every width known, every cell in its place.

mod cells;
mod more;

use chrono::Datelike as _;
use documents::{
    NO_OPINIONS, ResponseTable,
    printed::{Counts, Printed, Section},
};
use domain::layout::CoverKind;
use serde::Serialize;

use crate::{
    Fonts, Glyphs,
    measure::{self, Page},
};

/// Longest title in the foot of a page, in characters.
const RUNNING_TITLE: usize = 60;

/// Longest mark on a page, in characters.
const LONGEST_MARK: usize = 20;

/// What is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Paper {
    /// The document's name for programs; on paper it is `title`.
    name: String,
    title: String,
    author: String,
    /// Who publishes, and which version.
    issuer: String,
    /// In the foot of every page.
    running: String,
    /// Year, month and day of publication. PDF/A wants one; a draft carries the day its table was made.
    date: (i32, u32, u32),
    fonts: Vec<String>,
    bold: bool,
    portrait: bool,
    mark: Option<String>,
    cover: Vec<(String, String)>,
    /// Width of the cover's headings in millimetres.
    cover_width: f64,
    notes: Vec<String>,
    legend: Vec<(String, String)>,
    counts: Vec<Sheet>,
    columns: Vec<Head>,
    sections: Vec<Part>,
    nothing: &'static str,
    more: Vec<Sheet>,
    closing: Vec<(String, String)>,
}

/// A heading with a table under it.
#[derive(Debug, Serialize)]
struct Sheet {
    heading: String,
    columns: Vec<Head>,
    cells: Vec<Cell>,
}

/// A part of the table, under the columns all parts share.
#[derive(Debug, Serialize)]
struct Part {
    heading: Option<String>,
    cells: Vec<Cell>,
}

/// A column's head; its width in millimetres.
#[derive(Clone, Debug, Serialize)]
struct Head {
    heading: String,
    width: f64,
}

/// A cell, in the order of the rows; a cell that spans rows stands in the first of them only. Short names: there are
/// tens of thousands.
#[derive(Clone, Debug, Default, Serialize)]
struct Cell {
    /// The text.
    s: String,
    /// Rows it spans.
    #[serde(skip_serializing_if = "is_one")]
    r: usize,
    /// Columns it spans.
    #[serde(skip_serializing_if = "is_one")]
    c: usize,
    /// Kept on one page.
    #[serde(skip_serializing_if = "is_false")]
    k: bool,
    /// Heads its row.
    #[serde(skip_serializing_if = "is_false")]
    h: bool,
    /// How it looks.
    a: Look,
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Look {
    /// A long text.
    #[default]
    Text,
    /// A few words in a narrow column.
    Short,
    /// In the middle of a narrow column.
    Middle,
    /// A number to be compared with those above and below.
    Count,
    /// Across the table: the title of a chapter.
    Line,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_one(n: &usize) -> bool {
    *n == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(b: &bool) -> bool {
    !*b
}

impl Cell {
    fn new(s: String) -> Self {
        Self { s, r: 1, c: 1, ..Self::default() }
    }
}

impl Paper {
    /// Lays `table` out for this font.
    pub(crate) fn of(table: &ResponseTable, fonts: &Fonts, mark: Option<&str>) -> Self {
        let glyphs = fonts.glyphs();
        let say = |text: &str| glyphs.printable(text);
        let printed = table.printed();
        let page = Page::new(table.layout.portrait);
        let columns = cells::columns(&printed, page);
        let heads = printed.columns.iter().zip(&columns);
        let heads = heads.map(|((_, heading), column)| Head { heading: say(heading), width: column.width() });
        let title = say(&printed.title);
        let mark =
            mark.map(|mark| say(&shortened(&one_line(mark), LONGEST_MARK))).filter(|mark| !mark.trim().is_empty());
        let flat_title = one_line(&title);
        let on = table.published_on();
        Self {
            name: mark.as_ref().map_or_else(|| flat_title.clone(), |mark| format!("【{mark}】{flat_title}")),
            running: shortened(&flat_title, RUNNING_TITLE),
            title,
            author: say(&one_line(&table.ward.name)),
            issuer: issuer(table, &glyphs),
            date: (on.year(), on.month(), on.day()),
            fonts: fonts.families(),
            bold: fonts.has_bold(),
            portrait: table.layout.portrait,
            mark,
            cover: pairs(&printed.cover, &glyphs),
            cover_width: measure::width_of_heads(printed.cover.iter().map(|(heading, _)| heading.as_str())),
            notes: printed.notes.iter().map(|note| say(note)).collect(),
            legend: pairs(&printed.legend, &glyphs),
            counts: printed.counts.iter().map(|counts| count_sheet(counts, &glyphs)).collect(),
            sections: sections(&printed, &columns, page, &glyphs),
            columns: heads.collect(),
            nothing: printed.nothing.unwrap_or(NO_OPINIONS),
            more: printed.annexes.iter().map(|annex| more::sheet(annex, page, &glyphs)).collect(),
            closing: closing(table, &glyphs),
        }
    }
}

/// 「品川区　DX推進課」, unless the cover says so, and from the second version on 「第2版」.
fn issuer(table: &ResponseTable, glyphs: &Glyphs) -> String {
    let version = if table.version > 1 { format!("第{}版", table.version) } else { String::new() };
    let body = if on_cover(table, CoverKind::Body) {
        [""; 2]
    } else {
        [table.ward.name.as_str(), table.consultation.department.as_str()]
    };
    let parts: Vec<&str> = body.into_iter().chain([version.as_str()]).filter(|part| !part.is_empty()).collect();
    glyphs.printable(&parts.join("　"))
}

/// Whom to ask, unless the cover says so, and where the page is.
fn closing(table: &ResponseTable, glyphs: &Glyphs) -> Vec<(String, String)> {
    let contact = table.contact.printed();
    let contact = (!on_cover(table, CoverKind::Contact) && !contact.is_empty()).then_some(("問い合わせ先", contact));
    let url = &table.consultation.url;
    let page = (!url.is_empty()).then(|| ("掲載ページ", url.clone()));
    contact.into_iter().chain(page).map(|(head, value)| (head.to_owned(), glyphs.printable(&value))).collect()
}

fn on_cover(table: &ResponseTable, kind: CoverKind) -> bool {
    table.layout.cover.iter().any(|line| line.kind == kind)
}

/// At most so many characters, the last of them 「…」 where some are left out.
fn shortened(text: &str, most: usize) -> String {
    let plain = || text.chars().filter(|c| *c != '\u{200B}');
    if plain().count() <= most { plain().collect() } else { plain().take(most - 1).chain(['…']).collect() }
}

fn one_line(text: &str) -> String {
    documents::clean::one_line(text)
}

fn pairs(pairs: &[(String, String)], glyphs: &Glyphs) -> Vec<(String, String)> {
    pairs.iter().map(|(head, value)| (glyphs.printable(head), glyphs.printable(value))).collect()
}

fn sections(printed: &Printed, columns: &[cells::Column], page: Page, glyphs: &Glyphs) -> Vec<Part> {
    let part = |section: &Section| Part {
        heading: section.heading.as_deref().map(|heading| glyphs.printable(heading)),
        cells: cells::of(section, columns, page, glyphs),
    };
    printed.sections.iter().map(part).collect()
}

/// A table of counts: what is counted, and numbers to the right.
fn count_sheet(counts: &Counts, glyphs: &Glyphs) -> Sheet {
    let width = |place: usize| if place == 0 { 90.0 } else { 32.0 };
    let columns = (0..)
        .zip(&counts.headings)
        .map(|(place, heading)| Head { heading: glyphs.printable(heading), width: width(place) });
    let row = |(label, numbers): &(String, Vec<u64>)| {
        let label = Cell { h: true, k: true, ..Cell::new(glyphs.printable(label)) };
        let numbers = numbers.iter().map(|n| Cell { a: Look::Count, ..Cell::new(n.to_string()) });
        std::iter::once(label).chain(numbers).collect::<Vec<_>>()
    };
    Sheet {
        heading: glyphs.printable(&counts.title),
        columns: columns.collect(),
        cells: counts.rows.iter().flat_map(row).collect(),
    }
}
