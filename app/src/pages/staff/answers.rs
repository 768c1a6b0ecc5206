//! `/staff/answers`: every answer the ward has published, to be searched while drafting.

use domain::{Locale, Millis};
use leptos::prelude::*;

use super::{StaffTab, frame, head};
use crate::{
    components::{empty, pager},
    format,
    shell::{Head, Page, PageContext},
};

/// A published row with its answer.
#[derive(Clone, Debug)]
pub struct AnswerCard {
    /// Its id in the index.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The last part of the theme's address.
    pub slug: String,
    /// Its number in that theme, 「1-2」.
    pub number: String,
    /// The row's id.
    pub summary: i64,
    /// The department that answered.
    pub department: String,
    /// When it was published.
    pub at: Millis,
    /// 対応区分 as printed.
    pub disposition: Option<String>,
    /// 要旨.
    pub text: String,
    /// 区の考え方.
    pub answer: String,
    /// Words it shares with the row that is worked on.
    pub words: Vec<String>,
}

impl AnswerCard {
    /// Where it was published.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/consultations/{}/responses#{}", self.slug, documents::ResponseTable::anchor(self.summary))
    }
}

/// Theme, number, department, day and 対応区分 in one line.
pub(crate) fn facts(l: Locale, card: &AnswerCard) -> AnyView {
    let line = t!(
        l,
        "answer.past_facts",
        theme = card.theme,
        number = card.number,
        department = card.department,
        day = format::date(l, card.at)
    )
    .into_owned();
    let mark = card.disposition.clone().map(|mark| view! { " "<span class="disposition">{mark}</span> });
    view! { {line}{mark} }.into_any()
}

/// `/staff/answers`
#[derive(Debug)]
pub struct AnswerSearch {
    /// What is looked for.
    pub q: String,
    /// This page's rows, the newest first.
    pub rows: Vec<AnswerCard>,
    /// Link to the first page, when this is not it.
    pub first: Option<String>,
    /// Link to the next page.
    pub next: Option<String>,
}

impl Page for AnswerSearch {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "answer.search_title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let list = if self.rows.is_empty() {
            let text = if self.q.is_empty() { t!(l, "answer.search_empty") } else { t!(l, "answer.search_none") };
            empty(text.into_owned(), None)
        } else {
            let rows = self.rows.iter().map(|card| found(l, card)).collect_view();
            view! { <ol class="originals__list">{rows}</ol> }.into_any()
        };
        let body = view! {
            <h1 class="page__title">{t!(l, "answer.search_title")}</h1>
            <p class="page__lead">{t!(l, "answer.search_lead")}</p>
            <form class="filters" method="get" action="/staff/answers" role="search" aria-label=t!(l, "answer.search_title")>
                <div class="filters__field field">
                    <label class="field__label" for="filter-q">{t!(l, "answer.search_words")}</label>
                    <input class="input" type="search" id="filter-q" name="q" value=self.q.clone() autocomplete="off" />
                </div>
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "answer.search_do")}</button>
            </form>
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            {list}
            {pager(l, self.first, self.next)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn found(l: Locale, card: &AnswerCard) -> AnyView {
    view! {
        <li class="source-item">
            <p class="past__facts">{facts(l, card)}</p>
            <h3 class="past__label">{t!(l, "desk.text")}</h3>
            <p class="originals__text">{card.text.clone()}</p>
            <h3 class="past__label">{t!(l, "desk.answer")}</h3>
            <p class="originals__text">{card.answer.clone()}</p>
            <p><a href=card.href()>{t!(l, "answer.see_published")}</a></p>
        </li>
    }
    .into_any()
}
