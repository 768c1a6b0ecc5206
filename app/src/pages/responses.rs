//! The ward's view as the public reads it.

use documents::{AnswerGroup, Chapter, ResponseTable};
use domain::Locale;
use leptos::prelude::*;

use super::consultations::{ConsultationCard, cards};
use crate::{
    components::{breadcrumb, empty, notice, page_links::page_links_as_typed},
    format,
    shell::{Head, Page, PageContext, Width},
};

/// `/responses`: all themes whose result is out.
#[derive(Debug)]
pub struct ResponseIndex {
    /// The themes, the newest result first.
    pub cards: Vec<ConsultationCard>,
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
        }
        .into_any()
    }
}

/// `/consultations/{slug}/responses`
#[derive(Debug)]
pub struct ResponsePage {
    /// The published table.
    pub table: ResponseTable,
    /// The PDF whose pages the texts mention.
    pub document_href: Option<String>,
    /// Whether this is staff's preview of what is not published.
    pub preview: bool,
}

impl Page for ResponsePage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "responses.title_of", theme = self.table.consultation.title).into_owned(),
            description: Some(
                t!(cx.locale, "responses.description", n = self.table.opinions, people = self.table.submitters)
                    .into_owned(),
            ),
            private: self.preview,
            width: Width::Wide,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let table = self.table;
        let base = format!("/consultations/{}", table.consultation.slug);
        let cover = table
            .cover_lines()
            .into_iter()
            .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
            .collect_view();
        let nav = table
            .chapters
            .iter()
            .enumerate()
            .map(
                |(i, c)| view! { <li><a href=format!("#chapter-{}", c.id)>{documents::chapter_heading(i, c)}</a></li> },
            )
            .collect_view();
        let chapters = table
            .chapters
            .iter()
            .enumerate()
            .map(|(i, c)| chapter(l, &table, self.document_href.as_deref(), i, c))
            .collect_view();
        let trail = vec![
            ("/consultations".to_owned(), t!(l, "consultations.title").into_owned()),
            (base.clone(), table.consultation.title.clone()),
        ];
        view! {
            {breadcrumb(l, trail, t!(l, "responses.title").into_owned())}
            {self.preview.then(|| notice("info", t!(l, "responses.preview").into_owned(), t!(l, "responses.preview_text").into_owned().into_any()))}
            <h1 class="page__title" lang="ja">{format!("{}　ご意見と区の考え方", table.consultation.title)}</h1>
            <dl class="cover-block" lang="ja">{cover}</dl>
            {channels(&table)}
            {table.summary_note().map(|note| view! { <p class="response-note" lang="ja">{note}</p> })}
            {(!self.preview).then(|| downloads(l, &base))}
            {(table.chapters.len() > 1).then(|| view! { <nav class="chapter-nav" aria-label=t!(l, "responses.chapters")><ul lang="ja">{nav}</ul></nav> })}
            {if table.rows().next().is_none() { view! { <p class="empty">{t!(l, "responses.none")}</p> }.into_any() } else { chapters.into_any() }}
            <p class="muted">{t!(l, "responses.published", date = format::date(l, table.published_at), version = table.version)}" "{t!(l, "responses.content_counts")}</p>
        }
        .into_any()
    }
}

fn channels(table: &ResponseTable) -> Option<AnyView> {
    (table.by_channel.len() > 1).then(|| {
        let parts: Vec<String> =
            table.by_channel.iter().map(|c| format!("{}{}件（{}名）", c.label, c.opinions, c.submitters)).collect();
        view! { <p class="muted" lang="ja">{format!("提出方法別：{}", parts.join("、"))}</p> }.into_any()
    })
}

fn downloads(l: Locale, base: &str) -> AnyView {
    let item = |extension: &'static str, label: std::borrow::Cow<'static, str>| {
        view! { <li><a class="button" data-variant="outline" data-size="md" href=format!("{base}/responses.{extension}") download="">{label}</a></li> }
    };
    view! {
        <ul class="downloads" aria-label=t!(l, "responses.downloads")>
            {item("xlsx", t!(l, "responses.xlsx"))}
            {item("csv", t!(l, "responses.csv"))}
        </ul>
    }
    .into_any()
}

/// One chapter. On phones the style sheet stacks the cells, which would take away their roles: so they are written out.
fn chapter(l: Locale, table: &ResponseTable, document: Option<&str>, index: usize, chapter: &Chapter) -> AnyView {
    let marks = !table.dispositions.is_empty();
    let groups = chapter.groups.iter().map(|g| group(l, table, document, g)).collect_view();
    view! {
        <section class="chapter" id=format!("chapter-{}", chapter.id) lang="ja">
            <h2 class="chapter__title">{documents::chapter_heading(index, chapter)}</h2>
            <table class="response-table" role="table" aria-label=chapter.title.clone()>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"No."</th>
                        <th role="columnheader" scope="col">"ご意見（要旨）"</th>
                        <th role="columnheader" scope="col">{if marks { "区の考え方（対応区分）" } else { "区の考え方" }}</th>
                    </tr>
                </thead>
                {groups}
            </table>
        </section>
    }
    .into_any()
}

fn group(l: Locale, table: &ResponseTable, document: Option<&str>, group: &AnswerGroup) -> AnyView {
    let span = group.rows.len();
    let label = group.disposition.as_deref().and_then(|code| table.disposition_label(code));
    let code = group.disposition.clone();
    let numbers: Vec<String> = group.rows.iter().map(|r| r.number.to_string()).collect();
    let shared = (span > 1).then(|| t!(l, "responses.shared", numbers = numbers.join("・")).into_owned());
    let rows = group
        .rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let answer = (i == 0).then(|| {
                view! {
                    <td class="response-table__answer" role="cell" rowspan=span.to_string() data-label="区の考え方">
                        {label.clone().map(|text| view! { <span class="disposition" data-code=code.clone()>{text}</span> })}
                        {shared.clone().map(|s| view! { <p class="response-table__shared">{s}</p> })}
                        <p class="response-table__text">{page_links_as_typed(&group.answer, document)}</p>
                    </td>
                }
            });
            view! {
                <tr role="row" id=ResponseTable::anchor(row.summary_id)>
                    <th class="response-table__no" role="rowheader" scope="row" data-label="No."><a href=format!("#{}", ResponseTable::anchor(row.summary_id)) title=t!(l, "responses.link_row")>{row.number}</a></th>
                    <td class="response-table__opinion" role="cell" data-label="ご意見（要旨）"><p class="response-table__text">{page_links_as_typed(&row.printed_text(), document)}</p></td>
                    {answer}
                </tr>
            }
        })
        .collect_view();
    view! { <tbody class="response-table__group" role="rowgroup">{rows}</tbody> }.into_any()
}
