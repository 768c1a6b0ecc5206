//! Suggestions which opinions could be gathered: only suggestions, with the words that led to them.

use domain::{Locale, text};
use leptos::prelude::*;

use super::{Refusal, base, head_of, refusal};
use crate::{
    components::{breadcrumb, empty, form::TextArea, notice},
    pages::staff::{StaffTab, frame},
    shell::{Head, Page, PageContext},
};

/// Longest text of an opinion here, in characters.
const SHORT: usize = 300;

/// An opinion of a suggestion.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its id.
    pub id: i64,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A suggestion.
#[derive(Clone, Debug)]
pub struct ClusterView {
    /// The words its opinions share.
    pub words: Vec<String>,
    /// How many opinions it has.
    pub count: usize,
    /// Those that are shown.
    pub members: Vec<Member>,
}

/// `/staff/consultations/{id}/responses/clusters`
#[derive(Debug)]
pub struct ClustersPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// The suggestions, the largest first.
    pub clusters: Vec<ClusterView>,
    /// How many suggestions there are in all.
    pub total: usize,
    /// How many opinions were looked at.
    pub looked_at: usize,
    /// Whether there were more opinions than are looked at.
    pub cut_off: bool,
    /// Chapters to choose from: id and name.
    pub chapters: Vec<(i64, String)>,
    /// The reader may write.
    pub may_edit: bool,
    /// Which suggestion the typed values belong to, and the values: chapter and text.
    pub typed: Option<(usize, String, String)>,
    /// Why nothing was done.
    pub refusal: Option<Refusal>,
    /// The row that was made.
    pub made: Option<String>,
}

impl Page for ClustersPage {
    fn head(&self, cx: &PageContext) -> Head {
        head_of(format!("{}：{}", t!(cx.locale, "gather.clusters.title"), self.theme.1), false)
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = base(self.theme.0);
        let title = t!(l, "gather.clusters.title").into_owned();
        let trail = vec![
            ("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()),
            (base.clone(), t!(l, "desk.title_of", theme = self.theme.1).into_owned()),
        ];
        let list = if self.clusters.is_empty() {
            empty(t!(l, "gather.clusters.none").into_owned(), Some((base.clone(), t!(l, "gather.back").into_owned())))
        } else {
            let items = self.clusters.iter().enumerate().map(|(i, c)| self.cluster(l, &base, i, c)).collect_view();
            view! { <ol class="desk-clusters">{items}</ol> }.into_any()
        };
        let more = (self.total > self.clusters.len()).then(|| {
            view! { <p class="desk-note">{t!(l, "gather.clusters.more", n = self.total - self.clusters.len())}</p> }
        });
        let made = self
            .made
            .as_ref()
            .map(|row| notice("success", t!(l, "gather.done.gathered", row = row).into_owned(), ().into_any()));
        let body = view! {
            {breadcrumb(l, trail, title.clone())}
            {self.refusal.as_ref().map(|r| refusal::summary(l, r))}
            <h1 class="page__title">{title}</h1>
            {made}
            {notice("info", t!(l, "gather.clusters.only").into_owned(), view! { <p>{t!(l, "gather.clusters.how")}</p> }.into_any())}
            <p class="muted">{t!(l, "gather.clusters.looked_at", n = self.looked_at)}</p>
            {self.cut_off.then(|| view! { <p class="desk-note">{t!(l, "gather.clusters.cut_off", n = self.looked_at)}</p> })}
            {list}
            {more}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

impl ClustersPage {
    fn cluster(&self, l: Locale, base: &str, index: usize, c: &ClusterView) -> AnyView {
        let typed = self.typed.as_ref().filter(|(at, _, _)| *at == index);
        let mine = self.refusal.as_ref().filter(|_| typed.is_some());
        let members = c
            .members
            .iter()
            .enumerate()
            .map(|(i, m)| {
                let id = if mine.is_some() && i == 0 { "f-items".to_owned() } else { format!("member-{}", m.id) };
                let control = self.may_edit.then(|| {
                    view! { <input type="checkbox" id=id name="items" value=m.id.to_string() checked=m.chosen /> }
                });
                view! {
                    <li>
                        <label class="choice">
                            {control}
                            <span class="choice__label source-item__text">{text::excerpt(&m.text, SHORT)}</span>
                        </label>
                    </li>
                }
            })
            .collect_view();
        let shown = (c.count > c.members.len()).then(|| {
            view! { <p class="desk-note">{t!(l, "gather.clusters.shown", n = c.count, shown = c.members.len())}</p> }
        });
        let words =
            c.words.iter().map(|w| view! { <li class="badge" data-tone="info">{w.clone()}</li> }).collect_view();
        view! {
            <li class="desk-cluster">
                <h2 class="desk-cluster__title">{t!(l, "gather.clusters.one", n = c.count)}</h2>
                <p class="desk-note" id=format!("why-{index}")>{t!(l, "gather.clusters.why")}</p>
                <ul class="cluster" aria-labelledby=format!("why-{index}")>{words}</ul>
                <form class="form" method="post" action=format!("{base}/clusters") novalidate>
                    <input type="hidden" name="index" value=index.to_string() />
                    <ul class="desk-cluster__members">{members}</ul>
                    {shown}
                    {self.may_edit.then(|| self.make(l, base, index, typed, mine, c))}
                </form>
            </li>
        }
        .into_any()
    }

    fn make(
        &self,
        l: Locale,
        base: &str,
        index: usize,
        typed: Option<&(usize, String, String)>,
        refusal: Option<&Refusal>,
        c: &ClusterView,
    ) -> AnyView {
        if self.chapters.is_empty() {
            return view! { <p class="desk-note">{t!(l, "desk.no_chapters")}" "<a href=base.to_owned()>{t!(l, "gather.back")}</a></p> }
                .into_any();
        }
        let first = c.members.first().map(|m| m.text.clone()).unwrap_or_default();
        let (chosen, text) = typed.map_or((String::new(), first), |(_, chapter, text)| (chapter.clone(), text.clone()));
        // Several forms of a page have the same fields: the one with the mistake has the ids the summary leads to.
        let id = |name: &str| if refusal.is_some() { format!("f-{name}") } else { format!("{name}-{index}") };
        let problem = |name: &'static str| {
            Refusal::at(refusal, l, name).map(|p| view! { <p class="field__error" id=format!("e-{name}")>{p}</p> })
        };
        let described = |name: &'static str| Refusal::at(refusal, l, name).map(|_| format!("e-{name}"));
        let options = self
            .chapters
            .iter()
            .map(|(id, name)| {
                let id = id.to_string();
                let selected = id == chosen;
                view! { <option value=id selected=selected>{name.clone()}</option> }
            })
            .collect_view();
        view! {
            <details class="disclosure" open=typed.is_some()>
                <summary>{t!(l, "gather.clusters.edit")}</summary>
                <div class="desk-tools__one">
                <div class="field">
                    <label class="field__label" for=id("chapter")>{t!(l, "desk.chapter")}</label>
                    {problem("chapter")}
                    <select class="select" id=id("chapter") name="chapter" aria-describedby=described("chapter")>{options}</select>
                </div>
                <div class="field">
                    <label class="field__label" for=id("text")>{t!(l, "desk.text")}</label>
                    {problem("text")}
                    <TextArea id=id("text") name="text" value=text rows=4 described_by=described("text") />
                </div>
                </div>
            </details>
            <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "gather.clusters.make")}</button>
        }
        .into_any()
    }
}
