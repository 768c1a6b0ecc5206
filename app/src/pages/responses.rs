//! The ward's view as the public reads it.

mod annexes;
mod filters;
pub mod narrow;
mod parts;
mod table;

use documents::{ResponseTable, clean, printed::Printed};
use domain::{Locale, Millis};
use leptos::prelude::*;

pub use narrow::Wanted;
pub use parts::{Download, counts, cover};
pub use table::Columns;

use super::consultations::{ConsultationCard, cards};
use crate::{
    components::{breadcrumb, empty, notice},
    format,
    rendering::RenderError,
    shell::{Head, Page, PageContext, Width},
};
use filters::Address;

/// `/responses`: all themes whose result is out.
#[derive(Debug)]
pub struct ResponseIndex {
    /// The themes, the newest result first.
    pub cards: Vec<ConsultationCard>,
    /// Fiscal years (年度) in which results came out, the newest first.
    pub years: Vec<i32>,
}

impl Page for ResponseIndex {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "responses.index_title").into_owned(),
            description: Some(t!(cx.locale, "responses.index_lead").into_owned()),
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let list = if self.cards.is_empty() {
            empty(t!(l, "responses.index_empty").into_owned(), None)
        } else {
            view! { <h2 class="visually-hidden">{t!(l, "list.results")}</h2>{cards(l, self.cards)} }.into_any()
        };
        view! {
            {breadcrumb(l, vec![], t!(l, "responses.index_title").into_owned())}
            <h1 class="page__title">{t!(l, "responses.index_title")}</h1>
            <p class="page__lead">{t!(l, "responses.index_lead")}</p>
            {list}
            {years(l, &self.years)}
        }
        .into_any()
    }
}

fn years(l: Locale, years: &[i32]) -> Option<AnyView> {
    (!years.is_empty()).then(|| {
        let items = years
            .iter()
            .map(|year| {
                let words = t!(l, "responses.yearly.year", year = format::fiscal_year(l, *year));
                view! { <li><a href=format!("/responses/years/{year}")>{words}</a></li> }
            })
            .collect_view();
        view! {
            <section class="section" aria-labelledby="years">
                <h2 class="section__title" id="years">{t!(l, "responses.yearly.link")}</h2>
                <ul class="year-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}

/// A public version of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionView {
    /// Its number, from 1.
    pub version: i64,
    /// When it came out.
    pub published_at: Millis,
    /// Why it was corrected (正誤); empty for the first.
    pub note: String,
}

/// Where a table comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// It was published.
    Published {
        /// Every public version, the newest first.
        versions: Vec<VersionView>,
    },
    /// Staff's draft of this theme.
    Draft(i64),
    /// What was put up for decision (起案).
    PutUp {
        /// The theme.
        theme: i64,
        /// The number of what was put up.
        approval: i64,
    },
}

/// `/consultations/{slug}/responses`, and staff's preview of it.
#[derive(Debug)]
pub struct ResponsePage {
    /// The table.
    pub table: ResponseTable,
    /// The PDF whose pages the texts mention.
    pub document_href: Option<String>,
    /// Where the table comes from.
    pub source: Source,
    /// What the reader asks for.
    pub wanted: Wanted,
}

impl Page for ResponsePage {
    fn head(&self, cx: &PageContext) -> Head {
        let (l, table) = (cx.locale, &self.table);
        let words = match table.opinions {
            0 => t!(l, "responses.none"),
            n => t!(l, "responses.description", n = n, people = table.submitters),
        };
        Head {
            title: t!(l, "responses.title_of", theme = table.consultation.title).into_owned(),
            description: Some(words.into_owned()),
            islands: filters::offered(table),
            private: self.is_draft() || self.earlier().is_some(),
            width: Width::Wide,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let printed = self.table.printed();
        let address = self.address();
        let theme = format!("/consultations/{}", self.table.consultation.slug);
        let trail = vec![
            ("/consultations".to_owned(), t!(l, "consultations.title").into_owned()),
            (theme.clone(), self.table.consultation.title.clone()),
        ];
        let choice = filters::Choice::of(&self.table, &self.wanted);
        let shown = narrow::narrow(
            &printed,
            choice.chapter,
            &choice.outcome,
            self.wanted.part.unwrap_or(1).saturating_sub(1),
            self.wanted.row,
        );
        let rows = printed.rows().count();
        view! {
            {breadcrumb(l, trail, t!(l, "responses.title").into_owned())}
            {self.banner(l, &address)}
            <h1 class="page__title" lang="ja">{clean::text(&printed.title)}</h1>
            {cover(l, &printed)}
            {counts(&printed)}
            {parts::downloads(l, &address)}
            {filters::form(l, &self.table, &address, &choice)}
            <div id="results">
                {filters::summary(l, &self.table, &address, &choice, (shown.fitting, rows))}
                {filters::navigation(l, &address, &choice, &shown)}
                {self.sections(l, &printed, &shown)}
                {filters::neighbours(l, &address, &choice, &shown)}
            </div>
            {annexes::all(l, &self.table, &printed, &address, &shown, self.is_draft())}
            {self.history(l, &address)}
            <p class="muted">{t!(l, "responses.published", date = format::date(l, self.table.published_at), version = self.table.version)}" "{t!(l, "responses.content_counts")}</p>
        }
        .into_any()
    }
}

impl ResponsePage {
    const fn is_draft(&self) -> bool {
        matches!(self.source, Source::Draft(_) | Source::PutUp { .. })
    }

    /// The newest version, when this is an earlier one.
    fn earlier(&self) -> Option<&VersionView> {
        let Source::Published { versions } = &self.source else { return None };
        versions.first().filter(|newest| newest.version != i64::from(self.table.version))
    }

    fn address(&self) -> Address {
        let (base, downloads) = match self.source {
            Source::Published { .. } => {
                let base = format!("/consultations/{}/responses", self.table.consultation.slug);
                (base.clone(), base)
            }
            Source::Draft(id) => {
                let base = format!("/staff/consultations/{id}/responses/preview");
                (base.clone(), base)
            }
            Source::PutUp { theme, approval } => {
                let base = format!("/staff/consultations/{theme}/approval/{approval}/table");
                (base.clone(), base)
            }
        };
        Address { base, downloads, version: self.earlier().map(|_| self.table.version) }
    }

    /// What the reader should know before anything else: that it isn't public, or not the newest.
    fn banner(&self, l: Locale, address: &Address) -> Option<AnyView> {
        if self.is_draft() {
            let text = t!(l, "responses.preview_text").into_owned().into_any();
            return Some(notice("info", t!(l, "responses.preview").into_owned(), text));
        }
        let newest = self.earlier()?;
        let title = t!(l, "responses.earlier", version = self.table.version).into_owned();
        let words =
            t!(l, "responses.earlier_text", date = format::date(l, newest.published_at), version = newest.version);
        let text = view! { <p>{words}</p><p><a href=address.base.clone()>{t!(l, "responses.to_newest")}</a></p> };
        Some(notice("warning", title, text.into_any()))
    }

    fn sections(&self, l: Locale, printed: &Printed, shown: &narrow::Narrowed) -> AnyView {
        if let Some(nothing) = printed.nothing {
            return view! { <p class="empty" lang="ja">{nothing}</p> }.into_any();
        }
        if shown.sections.is_empty() {
            return view! { <p class="empty">{t!(l, "responses.nothing_fits")}</p> }.into_any();
        }
        let columns = Columns::new(l, printed, &self.table.layout, self.document_href.as_deref());
        let title = clean::text(&printed.title);
        shown.sections.iter().map(|section| columns.section(section, &title)).collect_view().into_any()
    }

    /// 正誤の履歴: every public version, with the reason of each correction.
    fn history(&self, l: Locale, address: &Address) -> Option<AnyView> {
        let Source::Published { versions } = &self.source else { return None };
        let newest = versions.first().map(|v| v.version);
        let item = |v: &VersionView| {
            let words = t!(l, "responses.version", version = v.version, date = format::date(l, v.published_at));
            let href = address.of_version((Some(v.version) != newest).then_some(v.version));
            let here = (v.version == i64::from(self.table.version)).then_some("page");
            let correction = self.table.corrections.iter().find(|c| i64::from(c.version) == v.version);
            let reason = correction.map_or(v.note.as_str(), |c| c.reason.as_str());
            let changes = correction
                .into_iter()
                .flat_map(|c| &c.changes)
                .map(|change| view! { <li lang="ja">{clean::text(change)}</li> })
                .collect_view();
            view! {
                <li>
                    <a href=href aria-current=here>{words}</a>
                    {(!reason.is_empty()).then(|| view! { <p lang="ja">{clean::text(reason)}</p> })}
                    <ul class="version-list__changes">{changes}</ul>
                </li>
            }
        };
        (versions.len() > 1).then(|| {
            view! {
                <section class="section" aria-labelledby="history">
                    <h2 class="section__title" id="history">{t!(l, "responses.history")}</h2>
                    <ol class="version-list" reversed="">{versions.iter().map(item).collect_view()}</ol>
                </section>
            }
            .into_any()
        })
    }
}

/// A download that could not be made: what happened, and what to do.
#[derive(Debug)]
pub struct DownloadFailed {
    /// The theme's title.
    pub title: String,
    /// The page of the table.
    pub page: String,
    /// The address of the download, to try again.
    pub again: String,
    /// The other downloads.
    pub others: Vec<(String, Download)>,
    /// Why.
    pub error: RenderError,
}

impl Page for DownloadFailed {
    fn head(&self, cx: &PageContext) -> Head {
        Head { title: t!(cx.locale, "responses.failed").into_owned(), private: true, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let text = view! { <p>{self.error.words(l)}</p> };
        view! {
            {breadcrumb(l, vec![(self.page, self.title)], t!(l, "responses.failed").into_owned())}
            <h1 class="page__title">{t!(l, "responses.failed")}</h1>
            {notice("error", t!(l, "responses.failed_what").into_owned(), text.into_any())}
            <p><a class="button" data-variant="solid" data-size="md" href=self.again>{t!(l, "responses.failed_again")}</a></p>
            <h2 class="section__title">{t!(l, "responses.failed_others")}</h2>
            {parts::download_list(l, self.others)}
        }
        .into_any()
    }
}
