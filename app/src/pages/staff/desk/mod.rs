//! The response desk: opinions on one side, the outline of the table that will be published on the other.

mod changes;
mod clusters;
mod items;
mod merge;
mod outline;
mod publishing;
mod refusal;
pub mod row;
mod split;
mod tools;

pub use changes::{ChangeView, ChangesPage, Since};
pub use clusters::{ClusterView, ClustersPage, Member};
pub use items::{Filters, ItemCard};
pub use merge::{MergePage, MergeRow};
pub use outline::{OutlineChapter, OutlineRow};
pub use publishing::Publishing;
pub use refusal::Refusal;
pub use row::{
    DispositionChoice, FindingLine, HintLine, Newer, Original, OriginalLine, OriginalsPage, RowDone, RowForm, RowHead,
    RowValues, Ways,
};
pub use split::SplitPage;
pub use tools::Tools;

use domain::{FieldErrors, Locale};
use leptos::prelude::*;

use super::{DeskTab, StaffTab, desk_tabs, frame};
use crate::{
    components::{form, notice},
    shell::{Head, Page, PageContext, Width},
};

/// The desk in figures, always in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// 提出者数.
    pub people: i64,
    /// 提出数.
    pub submissions: i64,
    /// 意見件数, in scope.
    pub opinions: i64,
    /// Opinions in scope that a row counts.
    pub placed: i64,
    /// 未整理.
    pub unplaced: i64,
    /// 対象外.
    pub out_of_scope: i64,
    /// 行数.
    pub rows: i64,
    /// 未回答.
    pub unanswered: i64,
    /// 未確認.
    pub unconfirmed: i64,
}

/// What was just done, told on top of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// Saved.
    Saved,
    /// Deleted.
    Deleted,
    /// A change was taken back.
    Undone,
    /// Opinions went to the row of this name.
    Gathered(String),
    /// Opinions are 対象外 now.
    Excluded,
    /// Opinions are in scope again.
    Included,
    /// Opinions were taken out of a row.
    TakenOut,
    /// A submission was cut into so many opinions.
    Split(usize),
    /// So many chapters were made from the draft.
    Chapters(usize),
}

/// `/staff/consultations/{id}/responses`
#[derive(Debug)]
pub struct DeskPage {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The reader may write.
    pub may_edit: bool,
    /// The desk in figures.
    pub strip: Strip,
    /// The last change that stands.
    pub last: Option<ChangeView>,
    /// What the opinions are narrowed to.
    pub filters: Filters,
    /// Headings of the draft: anchor and text.
    pub headings: Vec<(String, String)>,
    /// The opinions of this page.
    pub items: Vec<ItemCard>,
    /// Link to the first page of opinions, when this is another.
    pub first: Option<String>,
    /// Link to the next page of opinions.
    pub next: Option<String>,
    /// The chapters.
    pub chapters: Vec<OutlineChapter>,
    /// What was chosen and typed for the opinions.
    pub tools: Tools,
    /// Why nothing was done.
    pub refusal: Option<Refusal>,
    /// What was typed as a chapter's title.
    pub chapter_title: String,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// What was just done.
    pub done: Option<Done>,
    /// Where it stands between desk and publication.
    pub publishing: Publishing,
}

impl Page for DeskPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "desk.title_of", theme = self.theme).into_owned(),
            private: true,
            width: Width::Wide,
            islands: self.may_edit,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = base(self.id);
        let labels = [("chapter_title", t!(l, "desk.chapter_title").into_owned())];
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            {form::error_summary(l, &self.errors, &labels)}
            {self.refusal.as_ref().map(|r| refusal::summary(l, r))}
            <h1 class="page__title">{t!(l, "desk.title")}</h1>
            {desk_tabs(cx, self.id, DeskTab::Desk)}
            {self.done.as_ref().map(|d| done(l, d))}
            {self.strip(l, &base)}
            <div class="desk">
                {self.sources(l, &base)}
                {self.outline(l, &base)}
            </div>
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// Where a desk is.
fn base(id: i64) -> String {
    format!("/staff/consultations/{id}/responses")
}

/// The head of a page that belongs to a desk.
fn head_of(title: String, islands: bool) -> Head {
    Head { title, private: true, width: Width::Wide, islands, ..Head::default() }
}

fn done(l: Locale, done: &Done) -> AnyView {
    let text = match done {
        Done::Saved => t!(l, "desk.saved"),
        Done::Deleted => t!(l, "desk.deleted"),
        Done::Undone => t!(l, "gather.done.undone"),
        Done::Gathered(row) => t!(l, "gather.done.gathered", row = row),
        Done::Excluded => t!(l, "gather.done.excluded"),
        Done::Included => t!(l, "gather.done.included"),
        Done::TakenOut => t!(l, "gather.done.taken_out"),
        Done::Split(n) => t!(l, "gather.done.split", n = n),
        Done::Chapters(n) => t!(l, "gather.done.chapters", n = n),
    };
    notice("success", text.into_owned(), ().into_any())
}

impl DeskPage {
    fn strip(&self, l: Locale, base: &str) -> AnyView {
        let s = &self.strip;
        let figure = |label: std::borrow::Cow<'static, str>, n: i64, open: bool| {
            let tone = (open && n > 0).then_some("open");
            view! { <div class="desk-figure" data-tone=tone><dt>{label}</dt><dd>{n}</dd></div> }
        };
        let ready = s.unplaced == 0 && s.unanswered == 0 && s.unconfirmed == 0;
        let undo = self.last.as_ref().filter(|_| self.may_edit).map(|c| c.last(l, base));
        let unlinked = (s.unplaced > 0).then(|| view! { <p>{t!(l, "desk.unlinked", n = s.unplaced)}</p> });
        view! {
            <dl class="desk-figures" aria-label=t!(l, "gather.figures")>
                {figure(t!(l, "gather.figure.people"), s.people, false)}
                {figure(t!(l, "gather.figure.submissions"), s.submissions, false)}
                {figure(t!(l, "gather.figure.opinions"), s.opinions, false)}
                {figure(t!(l, "gather.figure.placed"), s.placed, false)}
                {figure(t!(l, "gather.figure.unplaced"), s.unplaced, true)}
                {figure(t!(l, "gather.figure.out_of_scope"), s.out_of_scope, false)}
                {figure(t!(l, "gather.figure.rows"), s.rows, false)}
                {figure(t!(l, "gather.figure.unanswered"), s.unanswered, true)}
                {figure(t!(l, "gather.figure.unconfirmed"), s.unconfirmed, true)}
            </dl>
            <div class="desk-ways">
                {unlinked}
                {undo}
                <nav class="button-row" aria-label=t!(l, "gather.ways")>
                    <a href=format!("{base}/clusters")>{t!(l, "gather.clusters.title")}</a>
                    <a href=format!("{base}/changes")>{t!(l, "gather.changes.title")}</a>
                </nav>
                {self.publishing.panel(l, base, ready)}
            </div>
        }
        .into_any()
    }
}
