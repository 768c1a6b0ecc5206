//! The documents of a theme: their versions on the theme page, and the text of one that is read aloud.

use domain::{Locale, Millis, document::DocumentStage};
use leptos::prelude::*;

use crate::{
    components::{breadcrumb, plain_lines},
    format,
    pages::drafts::preview_notice,
    shell::{Head, Page, PageContext, Width},
};

/// The words for a stage.
#[must_use]
pub fn stage_words(l: Locale, stage: DocumentStage) -> String {
    match stage {
        DocumentStage::Initial => t!(l, "document.stage_initial"),
        DocumentStage::Draft => t!(l, "document.stage_draft"),
        DocumentStage::Interim => t!(l, "document.stage_interim"),
        DocumentStage::Proposal => t!(l, "document.stage_proposal"),
        DocumentStage::Final => t!(l, "document.stage_final"),
    }
    .into_owned()
}

/// What people call a kind of file, by its media type.
#[must_use]
pub fn kind_words(l: Locale, content_type: &str) -> String {
    match content_type {
        "application/pdf" => "PDF".to_owned(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "Word".to_owned(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "Excel".to_owned(),
        _ => t!(l, "document.kind_text").into_owned(),
    }
}

/// A version of a document.
#[derive(Clone, Debug)]
pub struct VersionView {
    /// Its id.
    pub id: i64,
    /// Its stage.
    pub stage: DocumentStage,
    /// When it was made.
    pub at: Millis,
    /// What changed.
    pub note: String,
    /// The media type of its file.
    pub content_type: String,
    /// The size of its file in bytes.
    pub size: i64,
    /// The hash of its file.
    pub sha256: String,
    /// Where the file is.
    pub href: String,
    /// Where its text for reading aloud is.
    pub text_href: Option<String>,
}

impl VersionView {
    /// 「素案（令和8年11月21日（土））」.
    #[must_use]
    pub fn name(&self, l: Locale) -> String {
        version_name(l, self.stage, self.at)
    }

    /// 「PDF・1.2MB」.
    #[must_use]
    pub fn file(&self, l: Locale) -> String {
        t!(l, "document.file_meta", kind = kind_words(l, &self.content_type), size = format::size(self.size))
            .into_owned()
    }
}

/// A version by its stage and day.
#[must_use]
pub fn version_name(l: Locale, stage: DocumentStage, at: Millis) -> String {
    t!(l, "document.version_name", stage = stage_words(l, stage), date = format::date(l, at)).into_owned()
}

/// A document with its versions.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// Its title.
    pub title: String,
    /// Where the current file is.
    pub href: String,
    /// The current version.
    pub current: VersionView,
    /// Earlier versions, the newest first.
    pub earlier: Vec<VersionView>,
    /// Where its own text is read, when it has one.
    pub draft_href: Option<String>,
}

/// The documents on the theme page.
#[must_use]
pub fn documents(l: Locale, documents: Vec<DocumentView>) -> Option<AnyView> {
    (!documents.is_empty()).then(|| {
        let items = documents.into_iter().map(|d| document(l, d)).collect_view();
        view! {
            <section class="section" id="documents">
                <h2 class="section__title">{t!(l, "consultation.documents")}</h2>
                <ul class="document-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}

fn document(l: Locale, d: DocumentView) -> AnyView {
    let count = d.earlier.len();
    let title = d.title.clone();
    let earlier = (count > 0).then(|| {
        let items = d
            .earlier
            .iter()
            .map(|v| {
                view! {
                    <li>
                        <a href=v.href.clone()>{v.name(l)}<span class="visually-hidden">{format!("（{}）", d.title)}</span></a>
                        " "<span class="document-list__meta">{v.file(l)}</span>
                        {note(&v.note)}
                        {twin_link(l, v, &d.title)}
                        {hash(l, v, &d.title)}
                    </li>
                }
            })
            .collect_view();
        view! {
            <details class="disclosure">
                <summary>{t!(l, "document.earlier", n = count)}<span class="visually-hidden">{format!("（{}）", d.title)}</span></summary>
                <ul class="document-list">{items}</ul>
            </details>
        }
    });
    view! {
        <li>
            <a href=d.href>{title}</a>
            " "<span class="document-list__meta">{d.current.file(l)}</span>
            <p class="document-list__version">{d.current.name(l)}</p>
            {note(&d.current.note)}
            {d.draft_href.map(|href| view! { <p class="document-list__link"><a href=href>{t!(l, "document.read_draft")}</a></p> })}
            {twin_link(l, &d.current, &d.title)}
            {hash(l, &d.current, &d.title)}
            {earlier}
        </li>
    }
    .into_any()
}

fn note(note: &str) -> Option<AnyView> {
    (!note.is_empty()).then(|| view! { <p class="document-list__note">{plain_lines(note)}</p> }.into_any())
}

fn twin_link(l: Locale, v: &VersionView, title: &str) -> Option<AnyView> {
    v.text_href.clone().map(|href| {
        let of = format!("（{title} {}）", v.name(l));
        view! { <p class="document-list__link"><a href=href>{t!(l, "document.twin")}<span class="visually-hidden">{of}</span></a></p> }
            .into_any()
    })
}

/// The hash of a file, for those who want to be sure that nobody changed it on the way.
pub(crate) fn hash(l: Locale, v: &VersionView, title: &str) -> AnyView {
    let of = format!("（{title} {}）", v.name(l));
    view! {
        <details class="disclosure document-hash">
            <summary>{t!(l, "document.hash")}<span class="visually-hidden">{of}</span></summary>
            <p>{t!(l, "document.hash_text")}</p>
            <p class="mono document-hash__value">{v.sha256.clone()}</p>
        </details>
    }
    .into_any()
}

/// `/consultations/{slug}/documents/{id}/text`: a document as plain text.
#[derive(Debug)]
pub struct TwinPage {
    /// Address and title of the theme's page.
    pub theme: (String, String),
    /// The title of the document.
    pub title: String,
    /// The version.
    pub version: VersionView,
    /// The text.
    pub text: String,
    /// Where the text is as a file.
    pub file_href: String,
    /// Whether this is staff's preview of something not public.
    pub preview: bool,
}

impl Page for TwinPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "document.twin_of", title = self.title).into_owned(),
            private: self.preview,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let paragraphs = self
            .text
            .split("\n\n")
            .filter(|paragraph| !paragraph.trim().is_empty())
            .map(|paragraph| view! { <p>{plain_lines(paragraph.trim())}</p> })
            .collect_view();
        view! {
            {breadcrumb(l, vec![self.theme.clone()], t!(l, "document.twin").into_owned())}
            {self.preview.then(|| preview_notice(l))}
            <h1 class="page__title">{self.title.clone()}</h1>
            <p class="page__lead">{t!(l, "document.twin_lead")}</p>
            <p>
                <a href=self.version.href.clone()>{t!(l, "document.twin_file", version = self.version.name(l), file = self.version.file(l))}</a>
                <br />
                <a href=self.file_href>{t!(l, "document.twin_txt")}</a>
            </p>
            <div class="twin">{paragraphs}</div>
        }
        .into_any()
    }
}
