//! The draft (素案) for reading: chapters and paragraphs that an opinion can name, and what changed between versions.

mod files;

pub(crate) use files::hash;
pub use files::{DocumentView, TwinPage, VersionView, documents, kind_words, stage_words, version_name};

use domain::{
    Locale, Millis,
    document::DocumentStage,
    draft_text::BlockKind,
    similarity::{Piece, PieceKind},
    text::excerpt,
};
use leptos::prelude::*;

use crate::{
    components::{badge, breadcrumb, notice, plain_lines},
    shell::{Head, Page, PageContext},
};

/// What became of a block between the two versions that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It is new.
    Added,
    /// Its text is another.
    Changed,
    /// It stands elsewhere.
    Moved,
    /// It is gone.
    Removed,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 4] = [Self::Changed, Self::Added, Self::Moved, Self::Removed];

    const fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Removed => "removed",
        }
    }

    const fn tone(self) -> &'static str {
        match self {
            Self::Added => "open",
            Self::Changed => "review",
            Self::Moved => "info",
            Self::Removed => "hidden",
        }
    }

    /// The words for it.
    #[must_use]
    pub fn words(self, l: Locale) -> String {
        match self {
            Self::Added => t!(l, "document.added"),
            Self::Changed => t!(l, "document.changed"),
            Self::Moved => t!(l, "document.moved"),
            Self::Removed => t!(l, "document.removed"),
        }
        .into_owned()
    }
}

/// A block of the text.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its anchor, such as p12.
    pub anchor: String,
    /// What it is.
    pub kind: BlockKind,
    /// Its plain text.
    pub text: String,
    /// Its HTML, cleaned when it was saved.
    pub html: String,
    /// What became of it; `None` without comparison and when nothing did.
    pub mark: Option<Mark>,
    /// What differs, when its text was changed.
    pub pieces: Vec<Piece>,
}

/// A paragraph that the newest version doesn't have any more.
#[derive(Clone, Debug)]
pub struct GoneLine {
    /// Its anchor.
    pub anchor: String,
    /// Its text.
    pub text: String,
    /// The last version that had it.
    pub version: i64,
}

/// A version to choose.
#[derive(Clone, Debug)]
pub struct VersionChoice {
    /// Its id.
    pub id: i64,
    /// Its stage.
    pub stage: DocumentStage,
    /// When it was made.
    pub at: Millis,
}

/// `/consultations/{slug}/draft`
#[derive(Debug)]
pub struct ReadingPage {
    /// Address and title of the theme's page.
    pub theme: (String, String),
    /// Where this page is, without a query.
    pub here: String,
    /// The document's title.
    pub title: String,
    /// Every version, the newest first.
    pub versions: Vec<VersionChoice>,
    /// The version that is shown.
    pub shown: VersionView,
    /// The version it is compared with.
    pub compared: Option<i64>,
    /// The text.
    pub lines: Vec<Line>,
    /// What earlier versions had.
    pub gone: Vec<GoneLine>,
    /// Where an opinion is written, while opinions are taken.
    pub opinion_href: Option<String>,
    /// Whether this is staff's preview of something not public.
    pub preview: bool,
}

/// What stands above staff's previews.
pub(crate) fn preview_notice(l: Locale) -> AnyView {
    notice(
        "info",
        t!(l, "consultation.preview").into_owned(),
        t!(l, "consultation.preview_text").into_owned().into_any(),
    )
}

/// The number in an anchor, as people say it.
fn number(anchor: &str) -> String {
    anchor.trim_start_matches('p').to_owned()
}

impl Page for ReadingPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "document.reading_of", title = self.title).into_owned(),
            description: Some(t!(cx.locale, "document.reading_description", theme = self.theme.1).into_owned()),
            private: self.preview,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let is_newest = self.versions.first().is_none_or(|newest| newest.id == self.shown.id);
        let lines = self.lines.iter().map(|line| self.block(l, line, is_newest)).collect_view();
        view! {
            {breadcrumb(l, vec![("/consultations".to_owned(), t!(l, "consultations.title").into_owned()), self.theme.clone()], t!(l, "document.reading").into_owned())}
            {self.preview.then(|| preview_notice(l))}
            <h1 class="page__title">{self.title.clone()}</h1>
            <p class="page__lead">{if self.opinion_href.is_some() { t!(l, "document.reading_lead") } else { t!(l, "document.reading_lead_closed") }}</p>
            {self.about(l)}
            {(!is_newest).then(|| self.older(l))}
            {self.switch(l)}
            {self.comparison(l)}
            <div class="draft">
                {self.outline(l)}
                <div class="draft__text" lang="ja">{lines}</div>
            </div>
            {self.gone(l)}
        }
        .into_any()
    }
}

impl ReadingPage {
    fn about(&self, l: Locale) -> AnyView {
        let v = &self.shown;
        view! {
            <div class="draft-about">
                <p>{v.name(l)}</p>
                {(!v.note.is_empty()).then(|| view! { <p>{plain_lines(&v.note)}</p> })}
                <p>
                    <a href=v.href.clone()>{t!(l, "document.download", file = v.file(l))}</a>
                    {v.text_href.clone().map(|href| view! { <br /><a href=href>{t!(l, "document.twin")}</a> })}
                </p>
                {hash(l, v, &self.title)}
            </div>
        }
        .into_any()
    }

    fn older(&self, l: Locale) -> AnyView {
        let link = view! { <p>{t!(l, "document.older_text")}" "<a href=self.here.clone()>{t!(l, "document.to_newest")}</a></p> };
        notice("warning", t!(l, "document.older").into_owned(), link.into_any())
    }

    /// Which version is shown, and with which it is compared.
    fn switch(&self, l: Locale) -> Option<AnyView> {
        (self.versions.len() > 1).then(|| {
            let options = |chosen: Option<i64>| {
                self.versions
                    .iter()
                    .map(|v| {
                        let selected = chosen == Some(v.id);
                        view! { <option value=v.id.to_string() selected=selected>{version_name(l, v.stage, v.at)}</option> }
                    })
                    .collect_view()
            };
            view! {
                <form class="filters" method="get" action=self.here.clone() aria-label=t!(l, "document.switch")>
                    <div class="filters__field">
                        <label class="field__label" for="draft-version">{t!(l, "document.shown")}</label>
                        <select class="select" id="draft-version" name="version">{options(Some(self.shown.id))}</select>
                    </div>
                    <div class="filters__field">
                        <label class="field__label" for="draft-compare">{t!(l, "document.compare")}</label>
                        <select class="select" id="draft-compare" name="compare">
                            <option value="">{t!(l, "document.compare_none")}</option>
                            {options(self.compared)}
                        </select>
                    </div>
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "document.show")}</button>
                </form>
            }
            .into_any()
        })
    }

    /// How much changed since the version that is compared.
    fn comparison(&self, l: Locale) -> Option<AnyView> {
        let other = self.compared.and_then(|id| self.versions.iter().find(|v| v.id == id))?;
        let counts: Vec<String> = Mark::ALL
            .into_iter()
            .filter_map(|mark| {
                let n = self.lines.iter().filter(|line| line.mark == Some(mark)).count();
                (n > 0).then(|| t!(l, "document.mark_count", mark = mark.words(l), n = n).into_owned())
            })
            .collect();
        let text = if counts.is_empty() {
            t!(l, "document.no_changes").into_owned()
        } else {
            counts.join(&t!(l, "document.list_separator"))
        };
        let title = t!(l, "document.compared_with", version = version_name(l, other.stage, other.at)).into_owned();
        Some(notice("info", title, view! { <p>{text}</p> }.into_any()))
    }

    fn outline(&self, l: Locale) -> Option<AnyView> {
        let headings: Vec<(String, u8, String)> = self
            .lines
            .iter()
            .filter(|line| line.mark != Some(Mark::Removed))
            .filter_map(|line| match line.kind {
                BlockKind::Heading(level) => Some((line.anchor.clone(), level, line.text.clone())),
                _ => None,
            })
            .collect();
        (headings.len() > 1).then(|| {
            let items = headings
                .into_iter()
                .map(|(anchor, level, text)| view! { <li data-level=level.to_string()><a href=format!("#{anchor}")>{text}</a></li> })
                .collect_view();
            view! {
                <nav class="draft-outline" aria-labelledby="draft-outline">
                    <h2 class="draft-outline__title" id="draft-outline">{t!(l, "document.outline")}</h2>
                    <ul lang="ja">{items}</ul>
                </nav>
            }
            .into_any()
        })
    }

    fn block(&self, l: Locale, line: &Line, is_newest: bool) -> AnyView {
        let text = if line.pieces.is_empty() {
            view! { <div class="markdown" inner_html=line.html.clone()></div> }.into_any()
        } else {
            changed(l, line)
        };
        let removed = line.mark == Some(Mark::Removed);
        let opinion =
            self.opinion_href.as_ref().filter(|_| is_newest && !removed).map(|href| opinion_link(l, href, line));
        let anchor = line.anchor.clone();
        view! {
            <div class="draft-block" id=anchor.clone() data-kind=line.kind.code() data-mark=line.mark.map(Mark::code)>
                {line.mark.map(|mark| view! { <p class="draft-block__mark" lang=l.tag()>{badge(mark.tone(), mark.words(l))}</p> })}
                {removed.then(|| view! { <p class="draft-block__explained" lang=l.tag()>{t!(l, "document.not_in_version")}</p> })}
                {text}
                <p class="draft-block__foot" lang=l.tag()>
                    <a class="draft-block__number" href=format!("#{anchor}")>
                        <span class="visually-hidden">{t!(l, "document.paragraph")}</span>{number(&anchor)}
                    </a>
                    {opinion}
                </p>
            </div>
        }
        .into_any()
    }

    fn gone(&self, l: Locale) -> Option<AnyView> {
        // What the comparison shows as removed stands above already.
        let shown = |anchor: &str| self.lines.iter().any(|line| line.anchor == anchor);
        let items: Vec<AnyView> = self
            .gone
            .iter()
            .filter(|gone| !shown(&gone.anchor))
            .map(|gone| {
                let number = number(&gone.anchor);
                let href = format!("{}?version={}#{}", self.here, gone.version, gone.anchor);
                view! {
                    <li class="draft-gone" id=gone.anchor.clone()>
                        <p><strong>{t!(l, "document.paragraph_n", n = number)}</strong>" "{t!(l, "document.gone")}</p>
                        <p lang="ja">{excerpt(&gone.text, 80)}</p>
                        <p><a href=href>{t!(l, "document.gone_link", n = number)}</a></p>
                    </li>
                }
                .into_any()
            })
            .collect();
        (!items.is_empty()).then(|| {
            view! {
                <section class="section">
                    <h2 class="section__title">{t!(l, "document.gone_title")}</h2>
                    <p>{t!(l, "document.gone_text")}</p>
                    <ul class="draft-gone-list">{items.collect_view()}</ul>
                </section>
            }
            .into_any()
        })
    }
}

/// The way to the form, said with the paragraph it is about.
fn opinion_link(l: Locale, href: &str, line: &Line) -> AnyView {
    let words = match line.kind {
        BlockKind::Heading(_) => t!(l, "document.opinion_chapter"),
        _ => t!(l, "document.opinion_paragraph"),
    };
    let of = t!(l, "document.opinion_of", n = number(&line.anchor), text = excerpt(&line.text, 24)).into_owned();
    view! {
        <a class="draft-block__opinion" href=format!("{href}?anchor={}", line.anchor)>
            {words}<span class="visually-hidden">{of}</span>
        </a>
    }
    .into_any()
}

/// A text with what was taken out and put in; said in words as well.
fn changed(l: Locale, line: &Line) -> AnyView {
    let pieces = line
        .pieces
        .iter()
        .map(|piece| {
            let text = piece.text.clone();
            let said = |words: String| view! { <span class="visually-hidden" lang=l.tag()>{words}</span> };
            match piece.kind {
                PieceKind::Same => view! { {text} }.into_any(),
                PieceKind::Removed => {
                    view! { <del>{said(t!(l, "document.del_start").into_owned())}{text}{said(t!(l, "document.del_end").into_owned())}</del> }
                        .into_any()
                }
                PieceKind::Added => {
                    view! { <ins>{said(t!(l, "document.ins_start").into_owned())}{text}{said(t!(l, "document.ins_end").into_owned())}</ins> }
                        .into_any()
                }
            }
        })
        .collect_view();
    match line.kind {
        // Headings stay headings, so that the outline of the page is the same.
        BlockKind::Heading(0..=2) => {
            view! { <div class="markdown"><h2 class="draft-diff">{pieces}</h2></div> }.into_any()
        }
        BlockKind::Heading(3) => view! { <div class="markdown"><h3 class="draft-diff">{pieces}</h3></div> }.into_any(),
        BlockKind::Heading(_) => view! { <div class="markdown"><h4 class="draft-diff">{pieces}</h4></div> }.into_any(),
        _ => view! { <div class="markdown"><p class="draft-diff">{pieces}</p></div> }.into_any(),
    }
}
