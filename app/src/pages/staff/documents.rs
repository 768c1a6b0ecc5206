//! The documents of a theme in the console: versions, texts, and which places of them opinions name.

mod form;

pub use form::{DocumentForm, TwinForm, TypedDocument};

use domain::Locale;
use leptos::prelude::*;

use super::{StaffTab, ThemeTab, frame, head, scroll, theme_tabs};
use crate::{
    components::{breadcrumb, notice, plain_lines},
    pages::drafts::{VersionView, hash},
    shell::{Head, Page, PageContext},
};

/// What became of a version's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextChanges {
    /// It has none.
    None,
    /// It is the first; with so many blocks.
    First(usize),
    /// So many blocks were changed, added and moved.
    Since {
        /// Changed.
        changed: usize,
        /// Added.
        added: usize,
        /// Moved.
        moved: usize,
    },
}

/// A version in the table.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// The version.
    pub version: VersionView,
    /// What became of its own text.
    pub text: TextChanges,
    /// Whether it may be taken away.
    pub removable: bool,
}

/// A document with its versions.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its versions, the newest first.
    pub versions: Vec<VersionRow>,
    /// Whether it may be taken away with all of them.
    pub removable: bool,
}

/// A paragraph and the opinions on it.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Its anchor.
    pub anchor: String,
    /// Its beginning; `None` when the newest version doesn't have it any more.
    pub text: Option<String>,
    /// How many opinions name it.
    pub opinions: i64,
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A document was added.
    Added,
    /// A document was added, with a text for reading aloud from its file.
    AddedSuggested,
    /// A version was added.
    Version,
    /// A version was added, with a text for reading aloud from its file.
    VersionSuggested,
    /// A text for reading aloud was saved.
    Text,
    /// A document was removed.
    Removed,
    /// A version was removed.
    VersionRemoved,
}

impl Done {
    /// The value in the URL.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::AddedSuggested => "added-suggested",
            Self::Version => "version",
            Self::VersionSuggested => "version-suggested",
            Self::Text => "text",
            Self::Removed => "removed",
            Self::VersionRemoved => "version-removed",
        }
    }

    /// Reads the value in the URL.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Added,
            Self::AddedSuggested,
            Self::Version,
            Self::VersionSuggested,
            Self::Text,
            Self::Removed,
            Self::VersionRemoved,
        ]
        .into_iter()
        .find(|done| done.code() == code)
    }

    fn notice(self, l: Locale) -> AnyView {
        let title = match self {
            Self::Added | Self::AddedSuggested => t!(l, "document.done_added"),
            Self::Version | Self::VersionSuggested => t!(l, "document.done_version"),
            Self::Text => t!(l, "document.done_text"),
            Self::Removed => t!(l, "document.done_removed"),
            Self::VersionRemoved => t!(l, "document.done_version_removed"),
        };
        let suggested = matches!(self, Self::AddedSuggested | Self::VersionSuggested);
        let text = suggested.then(|| view! { <p>{t!(l, "document.suggested")}</p> });
        notice("success", title.into_owned(), text.into_any())
    }
}

/// `/staff/consultations/{id}/documents`
#[derive(Debug)]
pub struct DocumentsPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Its documents.
    pub documents: Vec<DocumentRow>,
    /// Where the draft's own text is read, and whether everybody can.
    pub reading: Option<(String, bool)>,
    /// Paragraphs that opinions name or that are there to be named.
    pub paragraphs: Vec<PlaceRow>,
    /// Pages that opinions name, and how many.
    pub pages: Vec<(i64, i64)>,
    /// Whether this person may change them.
    pub may_write: bool,
    /// Whether this person may read what was sent.
    pub may_read: bool,
    /// What was done a moment ago.
    pub done: Option<Done>,
}

pub(super) fn trail(l: Locale, theme: &(i64, String)) -> Vec<(String, String)> {
    vec![
        ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
        (format!("/staff/consultations/{}", theme.0), theme.1.clone()),
    ]
}

impl Page for DocumentsPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(format!("{}｜{}", t!(cx.locale, "document.staff_title"), self.theme.1))
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let documents = if self.documents.is_empty() {
            view! { <p class="empty">{t!(l, "document.none")}</p> }.into_any()
        } else {
            self.documents.iter().map(|document| self.document(l, document)).collect_view().into_any()
        };
        let reading = self.reading.clone().map(|(href, public)| {
            let words = if public { t!(l, "document.read_public") } else { t!(l, "document.read_preview") };
            view! { <a class="button" data-variant="outline" data-size="md" href=href>{words}</a> }
        });
        let body = view! {
            {breadcrumb(l, trail(l, &self.theme), t!(l, "document.staff_title").into_owned())}
            {self.done.map(|done| done.notice(l))}
            <h1 class="page__title">{t!(l, "document.staff_title")}</h1>
            {self.may_read.then(|| theme_tabs(cx, self.theme.0, ThemeTab::Documents))}
            <p class="page__lead">{t!(l, "document.staff_lead")}</p>
            <p class="button-row">
                {self.may_write.then(|| view! { <a class="button" data-variant="solid" data-size="md" href=self.path("new")>{t!(l, "document.new")}</a> })}
                {reading}
            </p>
            {documents}
            {self.may_read.then(|| self.places(l))}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl DocumentsPage {
    fn path(&self, rest: &str) -> String {
        format!("/staff/consultations/{}/documents/{rest}", self.theme.0)
    }

    fn document(&self, l: Locale, d: &DocumentRow) -> AnyView {
        let rows = d.versions.iter().map(|row| self.version(l, d, row)).collect_view();
        let several = d.versions.len() > 1;
        let table = view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(l, "document.col_version")}</th>
                        <th scope="col">{t!(l, "document.col_file")}</th>
                        <th scope="col">{t!(l, "document.col_changes")}</th>
                        <th scope="col">{t!(l, "document.col_twin")}</th>
                        {(several && self.may_write).then(|| view! { <th scope="col">{t!(l, "document.col_remove")}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        };
        let tools = self.may_write.then(|| {
            view! {
                <p><a class="button" data-variant="outline" data-size="md" href=self.path(&format!("{}/versions/new", d.id))>
                    {t!(l, "document.new_version")}<span class="visually-hidden">{format!("（{}）", d.title)}</span>
                </a></p>
                {self.removal(l, d)}
            }
        });
        view! {
            <section class="panel" id=format!("document-{}", d.id)>
                <h2 class="panel__title">{d.title.clone()}</h2>
                {scroll(t!(l, "document.versions_of", title = d.title).into_owned(), table.into_any())}
                {tools}
            </section>
        }
        .into_any()
    }

    fn version(&self, l: Locale, d: &DocumentRow, row: &VersionRow) -> AnyView {
        let v = &row.version;
        let changes = match row.text {
            TextChanges::None => t!(l, "document.no_text").into_owned(),
            TextChanges::First(n) => t!(l, "document.text_first", n = n).into_owned(),
            TextChanges::Since { changed, added, moved } => {
                t!(l, "document.text_changes", changed = changed, added = added, moved = moved).into_owned()
            }
        };
        let twin = v.text_href.clone().map(|href| view! { <a href=href>{t!(l, "document.twin")}</a> });
        let edit = if v.text_href.is_some() { t!(l, "document.twin_edit") } else { t!(l, "document.twin_add") };
        let of = format!("（{} {}）", d.title, v.name(l));
        let none = (v.text_href.is_none() && !self.may_write).then(|| t!(l, "document.twin_none"));
        let path = self.path(&format!("{}/versions/{}", d.id, v.id));
        let remove = (d.versions.len() > 1 && self.may_write).then(|| {
            let content = if row.removable {
                let ask = t!(l, "document.remove_version_ask", title = d.title, version = v.name(l));
                ask_first(l, &t!(l, "document.remove_version"), &of, &ask, format!("{path}/remove"))
            } else {
                view! { <span class="muted">{t!(l, "document.not_removable")}</span> }.into_any()
            };
            view! { <td>{content}</td> }
        });
        view! {
            <tr>
                <th scope="row">
                    {v.name(l)}
                    {(!v.note.is_empty()).then(|| view! { <p class="document-list__note">{plain_lines(&v.note)}</p> })}
                </th>
                <td><a href=v.href.clone()>{v.file(l)}</a>{hash(l, v, &d.title)}</td>
                <td>{changes}</td>
                <td>
                    {twin}{none}
                    {self.may_write.then(|| view! { <p><a href=format!("{path}/text")>{edit}<span class="visually-hidden">{of.clone()}</span></a></p> })}
                </td>
                {remove}
            </tr>
        }
        .into_any()
    }

    fn removal(&self, l: Locale, d: &DocumentRow) -> AnyView {
        if !d.removable {
            return view! { <p class="muted">{t!(l, "document.not_removable")}</p> }.into_any();
        }
        let ask = t!(l, "document.remove_ask", title = d.title);
        let of = format!("（{}）", d.title);
        ask_first(l, &t!(l, "document.remove"), &of, &ask, self.path(&format!("{}/remove", d.id)))
    }

    /// How many opinions name each paragraph and page.
    fn places(&self, l: Locale) -> AnyView {
        let intake = format!("/staff/consultations/{}/intake", self.theme.0);
        let link = |query: String, place: String, opinions: i64| {
            let of = t!(l, "document.see_opinions", place = place).into_owned();
            (opinions > 0).then(|| view! { <a href=format!("{intake}?{query}")>{t!(l, "document.opinions_n", n = opinions)}<span class="visually-hidden">{of}</span></a> })
        };
        let paragraphs = self
            .paragraphs
            .iter()
            .map(|row| {
                let number = row.anchor.trim_start_matches('p').to_owned();
                let place = t!(l, "document.paragraph_n", n = number).into_owned();
                let text = row.text.clone().unwrap_or_else(|| t!(l, "document.gone").into_owned());
                view! {
                    <tr>
                        <th scope="row">{place.clone()}</th>
                        <td>{text}</td>
                        <td data-align="end">{link(format!("anchor={}", row.anchor), place, row.opinions)}</td>
                    </tr>
                }
            })
            .collect_view();
        let pages = self
            .pages
            .iter()
            .map(|(page, opinions)| {
                let place = t!(l, "document.page_n", n = page).into_owned();
                view! {
                    <tr>
                        <th scope="row">{place.clone()}</th>
                        <td data-align="end">{link(format!("page={page}"), place, *opinions)}</td>
                    </tr>
                }
            })
            .collect_view();
        let nothing = self.paragraphs.iter().all(|row| row.opinions == 0) && self.pages.is_empty();
        let table = |label: String, columns: Vec<String>, rows: AnyView| {
            let columns = columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view();
            let table = view! {
                <table class="table">
                    <thead><tr>{columns}<th scope="col" data-align="end">{t!(l, "document.col_opinions")}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            };
            view! { <h3>{label.clone()}</h3>{scroll(label, table.into_any())} }
        };
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "document.opinions_title")}</h2>
                <p>{t!(l, "document.opinions_lead")}</p>
                {nothing.then(|| view! { <p>{t!(l, "document.opinions_none")}</p> })}
                {(!self.pages.is_empty()).then(|| table(t!(l, "document.opinions_pages").into_owned(), vec![t!(l, "document.col_page").into_owned()], pages.into_any()))}
                {(!nothing && !self.paragraphs.is_empty()).then(|| table(
                    t!(l, "document.opinions_text").into_owned(),
                    vec![t!(l, "document.col_place").into_owned(), t!(l, "document.col_beginning").into_owned()],
                    paragraphs.into_any(),
                ))}
            </section>
        }
        .into_any()
    }
}

/// Something that can't be undone is asked once more.
fn ask_first(l: Locale, what: &str, of: &str, ask: &str, action: String) -> AnyView {
    view! {
        <details class="disclosure">
            <summary>{what.to_owned()}<span class="visually-hidden">{of.to_owned()}</span></summary>
            <form class="form" method="post" action=action>
                <p>{ask.to_owned()}</p>
                <button class="button" data-variant="danger" data-size="sm" type="submit">{t!(l, "document.remove_do")}</button>
            </form>
        </details>
    }
    .into_any()
}
