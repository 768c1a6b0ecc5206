//! Narrowing a table to a chapter or a 対応区分, and the way through the parts of a long one.

use std::borrow::Cow;

use documents::{
    NO_OPINIONS, ResponseTable, clean,
    printed::{Block, Section},
};
use domain::Locale;
use leptos::prelude::*;

use super::{
    Download,
    narrow::{Narrowed, Outcome, Part, WITHOUT, Wanted},
};
use crate::{islands::LiveFilter, shell::percent};

/// Where the page and its downloads are.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Path of the page.
    pub base: String,
    /// Path of the downloads, without the extension.
    pub downloads: String,
    /// The version, when it isn't the newest.
    pub version: Option<u32>,
}

impl Address {
    fn with(&self, pairs: &[(&str, String)]) -> String {
        let version = self.version.map(|version| ("version", version.to_string()));
        let pairs: Vec<String> =
            version.iter().chain(pairs).map(|(name, value)| format!("{name}={}", percent(value))).collect();
        if pairs.is_empty() { self.base.clone() } else { format!("{}?{}", self.base, pairs.join("&")) }
    }

    /// The page of a version; none for the newest.
    pub fn of_version(&self, version: Option<i64>) -> String {
        version.map_or_else(|| self.base.clone(), |version| format!("{}?version={version}", self.base))
    }

    /// A download of the same version.
    pub fn download(&self, download: Download) -> String {
        let path = format!("{}.{}", self.downloads, download.extension());
        self.version.map_or_else(|| path.clone(), |version| format!("{path}?version={version}"))
    }

    /// A row, on whichever part of the table it is.
    pub fn row(&self, summary: i64, shown: &Narrowed) -> String {
        let anchor = ResponseTable::anchor(summary);
        let here = shown.sections.iter().flat_map(super::narrow::rows).any(|row| row.summary_id == summary);
        if here { format!("#{anchor}") } else { format!("{}#{anchor}", self.with(&[("row", summary.to_string())])) }
    }
}

/// What a table is narrowed to; what isn't in the table narrows nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    /// The chapter's number, from 1.
    pub chapter: Option<usize>,
    /// The 対応区分.
    pub outcome: Outcome,
    chapter_id: Option<i64>,
}

impl Choice {
    pub fn of(table: &ResponseTable, wanted: &Wanted) -> Self {
        if wanted.row.is_some() {
            return Self::default();
        }
        let position = |id: i64| table.chapters.iter().position(|chapter| chapter.id == id);
        let chapter = wanted.chapter.and_then(position).map(|index| index + 1);
        let outcome = match wanted.disposition.as_deref() {
            Some(WITHOUT) => Outcome::Without,
            Some(code) if table.dispositions.iter().any(|d| d.code == code) => Outcome::Code(code.to_owned()),
            _ => Outcome::Any,
        };
        Self { chapter, outcome, chapter_id: wanted.chapter.filter(|_| chapter.is_some()) }
    }

    fn is_all(&self) -> bool {
        self.chapter.is_none() && self.outcome == Outcome::Any
    }

    fn code(&self) -> String {
        match &self.outcome {
            Outcome::Any => String::new(),
            Outcome::Without => WITHOUT.to_owned(),
            Outcome::Code(code) => code.clone(),
        }
    }

    fn pairs(&self, part: Option<usize>) -> Vec<(&'static str, String)> {
        let code = Some(self.code()).filter(|code| !code.is_empty());
        [
            self.chapter_id.map(|id| ("chapter", id.to_string())),
            code.map(|code| ("disposition", code)),
            part.map(|part| ("part", part.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether there is anything to choose from.
pub(super) fn offered(table: &ResponseTable) -> bool {
    !table.is_empty() && (table.chapters.len() > 1 || !table.dispositions.is_empty())
}

fn chapter_name(table: &ResponseTable, number: usize) -> Option<String> {
    let index = number.checked_sub(1)?;
    table.chapters.get(index).map(|chapter| clean::text(&documents::chapter_heading(index, chapter)))
}

/// The form.
pub(super) fn form(l: Locale, table: &ResponseTable, address: &Address, choice: &Choice) -> Option<AnyView> {
    if !offered(table) {
        return None;
    }
    let select = |name: &'static str, label: String, chosen: String, options: Vec<(String, String)>| {
        let options = options
            .into_iter()
            .map(|(value, text)| {
                let selected = value == chosen;
                view! { <option value=value selected=selected lang="ja">{text}</option> }
            })
            .collect_view();
        view! {
            <div class="field">
                <label class="field__label" for=format!("filter-{name}")>{label}</label>
                <select class="select" id=format!("filter-{name}") name=name><option value="">{t!(l, "list.any")}</option>{options}</select>
            </div>
        }
    };
    let chapters: Vec<(String, String)> = (1..)
        .zip(&table.chapters)
        .filter_map(|(number, chapter)| Some((chapter.id.to_string(), chapter_name(table, number)?)))
        .collect();
    let mut codes: Vec<(String, String)> =
        table.dispositions.iter().map(|d| (d.code.clone(), clean::text(&d.printed()))).collect();
    if !codes.is_empty() && table.rows().any(|flat| table.disposition_of(flat.group).is_none()) {
        codes.push((WITHOUT.to_owned(), t!(l, "responses.without_disposition").into_owned()));
    }
    let chapter = choice.chapter_id.map(|id| id.to_string()).unwrap_or_default();
    let chapters = (chapters.len() > 1)
        .then(|| select("chapter", t!(l, "responses.chapter").into_owned(), chapter, chapters.clone()));
    let codes = (!codes.is_empty())
        .then(|| select("disposition", t!(l, "responses.disposition").into_owned(), choice.code(), codes.clone()));
    let version =
        address.version.map(|version| view! { <input type="hidden" name="version" value=version.to_string() /> });
    let action = address.base.clone();
    Some(
        view! {
            <LiveFilter results="results".to_owned()>
                <form class="filters" method="get" action=action role="search" aria-label=t!(l, "responses.filter")>
                    {version}
                    {chapters}
                    {codes}
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
                </form>
            </LiveFilter>
        }
        .into_any(),
    )
}

/// Says that the table is narrowed, and leads back to all of it.
pub(super) fn summary(
    l: Locale,
    table: &ResponseTable,
    address: &Address,
    choice: &Choice,
    (fitting, rows): (usize, usize),
) -> Option<AnyView> {
    if choice.is_all() {
        return None;
    }
    let chapter = choice.chapter.and_then(|number| chapter_name(table, number));
    let outcome = match &choice.outcome {
        Outcome::Any => None,
        Outcome::Without => Some(t!(l, "responses.without_disposition").into_owned()),
        Outcome::Code(code) => table.disposition_label(code),
    };
    let what: Vec<String> =
        chapter.into_iter().chain(outcome).map(|words| t!(l, "responses.quoted", words = words).into_owned()).collect();
    let all = address.with(&[]);
    Some(
        view! {
            <p class="narrowed" role="status">
                {t!(l, "responses.narrowed", what = what.join(&*t!(l, "responses.and")), n = fitting, all = rows)}" "
                <a href=all>{t!(l, "responses.show_all")}</a>
            </p>
        }
        .into_any(),
    )
}

fn part_name(l: Locale, part: &Part) -> String {
    let rows =
        part.numbers.as_ref().map(|(from, to)| t!(l, "responses.rows_from_to", from = from, to = to).into_owned());
    let title = part.title.as_deref().map(clean::text);
    title.into_iter().chain(rows).collect::<Vec<_>>().join("　")
}

/// The way to the chapters: on the page, or to the parts of a long table.
pub(super) fn navigation(l: Locale, address: &Address, choice: &Choice, shown: &Narrowed) -> Option<AnyView> {
    let item = |href: String, text: String, here: bool, targets: AnyView| {
        view! { <li>{targets}<a href=href aria-current=here.then_some("page")>{text}</a></li> }.into_any()
    };
    let items: Vec<AnyView> = if shown.parts.is_empty() {
        let headings = shown.sections.iter().flat_map(headings);
        headings.map(|(anchor, text)| item(format!("#{anchor}"), text, false, ().into_any())).collect()
    } else {
        let link = |(index, part): (usize, &Part)| {
            let here = index == shown.part;
            let targets = if here { ().into_any() } else { targets(part) };
            item(address.with(&choice.pairs(Some(index + 1))), part_name(l, part), here, targets)
        };
        shown.parts.iter().enumerate().map(link).collect()
    };
    let long = (!shown.parts.is_empty()).then(|| {
        let (n, all) = (shown.part + 1, shown.parts.len());
        view! { <p>{t!(l, "responses.long", rows = shown.fitting, n = n, all = all)}</p> }
    });
    (items.len() > 1).then(|| {
        view! { <nav class="chapter-nav" aria-label=t!(l, "responses.chapters")>{long}<ul lang="ja">{items}</ul></nav> }
            .into_any()
    })
}

/// Where a link to a row leads when the row is on another part: to the link to that part. A fragment never reaches the
/// server.
fn targets(part: &Part) -> AnyView {
    part.rows.iter().map(|id| view! { <span id=ResponseTable::anchor(*id)></span> }).collect_view().into_any()
}

/// Headings with their fragments: of sections, and of lines within a table.
fn headings(section: &Section) -> Vec<(String, String)> {
    let own = section.heading.iter().map(|heading| (section.anchor.clone(), clean::text(heading)));
    let lines = section.blocks.iter().filter_map(|block| match block {
        Block::Line { anchor, text } if text != NO_OPINIONS => Some((anchor.clone(), clean::text(text))),
        _ => None,
    });
    own.chain(lines).collect()
}

/// The part before and the one after.
pub(super) fn neighbours(l: Locale, address: &Address, choice: &Choice, shown: &Narrowed) -> Option<AnyView> {
    let link = |index: usize, rel: &'static str, words: Cow<'static, str>| {
        let name = shown.parts.get(index).map(|part| part_name(l, part)).unwrap_or_default();
        let href = format!("{}#results", address.with(&choice.pairs(Some(index + 1))));
        view! { <a rel=rel href=href>{words}<span lang="ja">{name}</span></a> }
    };
    (!shown.parts.is_empty()).then(|| {
        let previous = shown.part.checked_sub(1).map(|index| link(index, "prev", t!(l, "responses.previous_part")));
        let next =
            (shown.part + 1 < shown.parts.len()).then(|| link(shown.part + 1, "next", t!(l, "responses.next_part")));
        view! { <nav class="pager" aria-label=t!(l, "list.pages")>{previous}{next}</nav> }.into_any()
    })
}
