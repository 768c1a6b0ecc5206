//! What stands above the table: cover block, notes, legend, counts, downloads.

use documents::{
    Format, clean,
    printed::{Counts, Printed},
};
use domain::Locale;
use leptos::prelude::*;

use super::filters::Address;

/// A file in which a table can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Download {
    /// PDF, for printing.
    Pdf,
    /// One of the formats of `documents`.
    File(Format),
}

impl Download {
    /// All of them in the order in which they are offered.
    #[must_use]
    pub fn all() -> Vec<Self> {
        std::iter::once(Self::Pdf).chain(Format::ALL.map(Self::File)).collect()
    }

    /// The one with this file extension.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        if extension == "pdf" { Some(Self::Pdf) } else { Format::from_extension(extension).map(Self::File) }
    }

    /// File extension without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::File(format) => format.extension(),
        }
    }

    /// Value of the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::File(format) => format.content_type(),
        }
    }

    /// What it is and what it is for.
    #[must_use]
    pub fn label(self, l: Locale) -> String {
        t!(l, format!("responses.formats.{}", self.extension().replace('.', "_"))).into_owned()
    }
}

/// Cover block, notes and legend.
#[must_use]
pub fn cover(l: Locale, printed: &Printed) -> AnyView {
    let lines = printed
        .cover
        .iter()
        .map(|(heading, value)| view! { <div><dt>{clean::text(heading)}</dt><dd>{clean::text(value)}</dd></div> })
        .collect_view();
    let notes = printed.notes.iter().map(|note| view! { <li>{clean::text(note)}</li> }).collect_view();
    view! {
        {(!printed.cover.is_empty()).then(|| view! { <dl class="cover-block" lang="ja">{lines}</dl> })}
        {(!printed.notes.is_empty()).then(|| view! { <ul class="response-note" lang="ja">{notes}</ul> })}
        {legend(l, printed)}
    }
    .into_any()
}

fn legend(l: Locale, printed: &Printed) -> Option<AnyView> {
    let item = |(mark, words): &(String, String)| {
        view! { <div><dt>{clean::text(mark)}</dt><dd>{clean::text(words)}</dd></div> }
    };
    (!printed.legend.is_empty()).then(|| {
        view! {
            <section class="legend" aria-labelledby="legend">
                <p class="legend__title" id="legend">{t!(l, "responses.legend")}</p>
                <dl lang="ja">{printed.legend.iter().map(item).collect_view()}</dl>
            </section>
        }
        .into_any()
    })
}

/// The tables of counts.
#[must_use]
pub fn counts(printed: &Printed) -> Option<AnyView> {
    (!printed.counts.is_empty()).then(|| {
        view! { <div class="count-tables" lang="ja">{printed.counts.iter().map(count_table).collect_view()}</div> }
            .into_any()
    })
}

fn count_table(counts: &Counts) -> AnyView {
    let align = |i: usize| (i > 0).then_some("end");
    let heads = counts
        .headings
        .iter()
        .enumerate()
        .map(|(i, text)| view! { <th scope="col" data-align=align(i)>{clean::text(text)}</th> })
        .collect_view();
    let row = |(label, numbers): &(String, Vec<u64>)| {
        let numbers = numbers.iter().map(|n| view! { <td data-align="end">{*n}</td> }).collect_view();
        view! { <tr><th scope="row">{clean::text(label)}</th>{numbers}</tr> }
    };
    let (sum, rows) = counts.rows.split_last().unzip();
    view! {
        <table class="table count-table">
            <caption>{clean::text(&counts.title)}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows.unwrap_or_default().iter().map(row).collect_view()}</tbody>
            <tfoot>{sum.map(row)}</tfoot>
        </table>
    }
    .into_any()
}

/// The downloads of a table.
pub(super) fn downloads(l: Locale, address: &Address) -> AnyView {
    let items = Download::all().into_iter().map(|download| (address.download(download), download)).collect();
    view! {
        <section aria-labelledby="downloads">
            <h2 class="visually-hidden" id="downloads">{t!(l, "responses.downloads")}</h2>
            {download_list(l, items)}
        </section>
    }
    .into_any()
}

/// Downloads with their addresses.
pub(super) fn download_list(l: Locale, items: Vec<(String, Download)>) -> AnyView {
    let items = items
        .into_iter()
        .map(|(href, download)| {
            view! { <li><a class="button" data-variant="outline" data-size="sm" href=href>{download.label(l)}</a></li> }
        })
        .collect_view();
    view! { <ul class="downloads">{items}</ul> }.into_any()
}
