//! The table itself, in whatever layout it is printed. On phones the style sheet stacks the cells, which would take away
//! their roles: so they are written out.

use documents::{
    NO_OPINIONS, ResponseTable, clean,
    printed::{Block, Group, Printed, Section, Slot},
};
use domain::{
    Locale,
    layout::{ColumnKind, Grouping, Layout},
};
use leptos::prelude::*;

use crate::components::page_links::page_links_as_typed;

/// What is the same for every cell of a table.
#[derive(Debug)]
pub struct Columns<'a> {
    l: Locale,
    kinds: Vec<(ColumnKind, String, Slot)>,
    /// The column that names its row.
    header: usize,
    /// Whether the answer's cell begins with the 対応区分.
    marked: bool,
    /// The PDF whose pages the texts mention.
    document: Option<&'a str>,
}

impl<'a> Columns<'a> {
    /// The columns of a table in its layout.
    #[must_use]
    pub fn new(l: Locale, printed: &Printed, layout: &Layout, document: Option<&'a str>) -> Self {
        let kinds: Vec<(ColumnKind, String, Slot)> = printed
            .columns
            .iter()
            .zip(printed.slots())
            .map(|((kind, text), slot)| (*kind, text.clone(), slot))
            .collect();
        let number = kinds.iter().position(|(kind, ..)| *kind == ColumnKind::Number);
        let own = kinds.iter().position(|(.., slot)| matches!(slot, Slot::Own(_)));
        Self {
            l,
            header: number.or(own).unwrap_or_default(),
            marked: !layout.has(ColumnKind::Disposition) && layout.grouping != Grouping::Dispositions,
            kinds,
            document,
        }
    }

    /// A section with its heading. `title` names a table that has none.
    #[must_use]
    pub fn section(&self, section: &Section, title: &str) -> AnyView {
        let heading = section.heading.as_deref().map(clean::text);
        let name = heading.clone().unwrap_or_else(|| title.to_owned());
        let content = if section.blocks.is_empty() {
            view! { <p>{NO_OPINIONS}</p> }.into_any()
        } else {
            self.table(&section.blocks, name)
        };
        view! {
            <section class="chapter" id=section.anchor.clone() lang="ja">
                {heading.map(|heading| view! { <h2 class="chapter__title">{heading}</h2> })}
                {content}
            </section>
        }
        .into_any()
    }

    fn table(&self, blocks: &[Block], name: String) -> AnyView {
        let heads = self
            .kinds
            .iter()
            .map(|(kind, heading, _)| {
                let heading = clean::text(heading);
                view! { <th role="columnheader" scope="col" data-column=kind.code()>{heading}</th> }
            })
            .collect_view();
        let bodies = blocks
            .iter()
            .map(|block| match block {
                Block::Line { anchor, text } => self.line(anchor, text),
                Block::Group(group) => self.group(group),
            })
            .collect_view();
        view! {
            <table class="response-table" role="table" aria-label=name>
                <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                {bodies}
            </table>
        }
        .into_any()
    }

    /// A line across the table; a heading may stand in a cell, but not in a header cell (HTML §4.9.10).
    fn line(&self, anchor: &str, text: &str) -> AnyView {
        view! {
            <tbody class="response-table__line" role="rowgroup">
                <tr role="row"><td role="cell" colspan=self.kinds.len().to_string()><h2 id=anchor.to_owned()>{clean::text(text)}</h2></td></tr>
            </tbody>
        }
        .into_any()
    }

    fn group(&self, group: &Group) -> AnyView {
        let rows = (0..group.rows.len())
            .map(|i| {
                let cells = self
                    .kinds
                    .iter()
                    .enumerate()
                    .filter(|(_, (.., slot))| i == 0 || matches!(slot, Slot::Own(_)))
                    .map(|(column, _)| self.cell(group, i, column))
                    .collect_view();
                view! { <tr role="row">{cells}</tr> }
            })
            .collect_view();
        view! { <tbody class="response-table__group" role="rowgroup">{rows}</tbody> }.into_any()
    }

    fn cell(&self, group: &Group, row: usize, column: usize) -> AnyView {
        let Some((kind, heading, slot)) = self.kinds.get(column) else { return ().into_any() };
        let text = clean::text(group.text(*slot, row).unwrap_or_default());
        let label = clean::text(heading);
        if column == self.header {
            return self.header(group, row, *kind, label, &text);
        }
        let class = match kind {
            ColumnKind::Text => "response-table__opinion",
            ColumnKind::Answer => "response-table__answer",
            _ => "response-table__cell",
        };
        let shared = matches!(slot, Slot::Shared(_));
        let span = (shared && group.rows.len() > 1).then(|| group.rows.len().to_string());
        let empty = text.is_empty().then_some("true");
        view! { <td class=class role="cell" rowspan=span data-column=kind.code() data-label=label data-shared=shared.then_some("true") data-empty=empty>{self.content(group, *kind, text)}</td> }
            .into_any()
    }

    fn content(&self, group: &Group, kind: ColumnKind, text: String) -> AnyView {
        let chip =
            |words: String| view! { <span class="disposition" data-code=group.disposition.clone()>{words}</span> };
        match kind {
            ColumnKind::Disposition if !text.is_empty() => chip(text).into_any(),
            ColumnKind::Answer => {
                let marked = text.strip_prefix('【').and_then(|rest| rest.split_once('】'));
                let (mark, rest) = match marked.filter(|_| self.marked && group.disposition.is_some()) {
                    Some((mark, rest)) => (Some(mark), rest.strip_prefix('\n').unwrap_or(rest)),
                    None => (None, text.as_str()),
                };
                view! {
                    {mark.map(|mark| chip(mark.to_owned()))}
                    {self.shared(group).map(|words| view! { <p class="response-table__shared">{words}</p> })}
                    <p class="response-table__text">{self.text(rest)}</p>
                }
                .into_any()
            }
            ColumnKind::Area
            | ColumnKind::Chapter
            | ColumnKind::People
            | ColumnKind::Count
            | ColumnKind::Department => view! { {text} }.into_any(),
            _ => view! { <p class="response-table__text">{self.text(&text)}</p> }.into_any(),
        }
    }

    /// A text with links to the pages it mentions; an empty one leaves nothing behind.
    fn text(&self, text: &str) -> AnyView {
        if text.is_empty() { ().into_any() } else { page_links_as_typed(text, self.document) }
    }

    /// Says of an answer that spans rows which they are, for those who can't see it.
    fn shared(&self, group: &Group) -> Option<String> {
        let n = group.rows.len();
        (n > 1).then(|| {
            if self.kinds.iter().any(|(kind, ..)| *kind == ColumnKind::Number) {
                let numbers: Vec<&str> = group.rows.iter().map(|row| row.number.as_str()).collect();
                t!(self.l, "responses.shared", numbers = numbers.join("・")).into_owned()
            } else {
                t!(self.l, "responses.shared_rows", n = n).into_owned()
            }
        })
    }

    /// The cell that names its row, with the link to the row. Links lead to the cell: on phones a row has no box of its
    /// own to scroll to.
    fn header(&self, group: &Group, row: usize, kind: ColumnKind, label: String, text: &str) -> AnyView {
        let id = group.rows.get(row).map(|row| ResponseTable::anchor(row.summary_id));
        let href = id.as_ref().map(|id| format!("#{id}"));
        let words = t!(self.l, "responses.link_row").into_owned();
        if kind == ColumnKind::Number {
            let link = view! { <a href=href title=words>{text.to_owned()}</a> };
            return view! { <th id=id class="response-table__no" role="rowheader" scope="row" data-column=kind.code() data-label=label>{link}</th> }
                .into_any();
        }
        view! {
            <th id=id class="response-table__name" role="rowheader" scope="row" data-column=kind.code() data-label=label>
                <p class="response-table__text">{self.text(text)}</p>
                <a class="response-table__link" href=href aria-label=words.clone() title=words></a>
            </th>
        }
        .into_any()
    }
}
