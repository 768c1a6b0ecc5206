//! What stands after the table: 修正箇所, 今後の取組 and, in a draft, 正誤.

use std::collections::HashMap;

use documents::{
    ResponseTable, clean,
    printed::{Annex, AnnexKind, Printed},
};
use domain::{
    Locale,
    similarity::{PieceKind, differences},
};
use leptos::prelude::*;

use super::{filters::Address, narrow::Narrowed};

/// Rows with their names, by id.
struct Rows<'a> {
    names: HashMap<i64, &'a str>,
    /// Rows of each answer.
    of_answer: HashMap<i64, Vec<i64>>,
}

impl<'a> Rows<'a> {
    fn of(printed: &'a Printed) -> Self {
        let mut rows = Self { names: HashMap::new(), of_answer: HashMap::new() };
        for group in printed.groups() {
            for row in &group.rows {
                rows.names.insert(row.summary_id, &row.name);
                rows.of_answer.entry(group.ward_view_id).or_default().push(row.summary_id);
            }
        }
        rows
    }

    fn links(&self, ids: &[i64], address: &Address, shown: &Narrowed) -> AnyView {
        let known = ids.iter().filter_map(|id| self.names.get(id).map(|name| (*id, *name)));
        known
            .map(|(id, name)| {
                view! { <a class="row-link" href=address.row(id, shown)>{format!("No.{name}")}</a>" " }
            })
            .collect_view()
            .into_any()
    }
}

/// The annexes in printed order. A public page tells of corrections in its history instead.
pub(super) fn all(
    l: Locale,
    table: &ResponseTable,
    printed: &Printed,
    address: &Address,
    shown: &Narrowed,
    draft: bool,
) -> AnyView {
    let rows = Rows::of(printed);
    printed
        .annexes
        .iter()
        .filter(|annex| draft || annex.kind != AnnexKind::Corrections)
        .map(|annex| {
            let entries = annex
                .rows
                .iter()
                .enumerate()
                .map(|(i, texts)| {
                    let related = match annex.kind {
                        AnnexKind::PlanChanges => table.plan_changes.get(i).map(|change| change.rows.clone()),
                        AnnexKind::Commitments => table
                            .commitments
                            .get(i)
                            .map(|it| rows.of_answer.get(&it.ward_view_id).cloned().unwrap_or_default()),
                        AnnexKind::Corrections => None,
                    };
                    let links = related.map(|ids| rows.links(&ids, address, shown));
                    let change = table.plan_changes.get(i).filter(|_| annex.kind == AnnexKind::PlanChanges);
                    let changed = change.map(|change| difference(&change.before, &change.after));
                    entry(annex, texts, changed.flatten(), links)
                })
                .collect_view();
            let progress = (annex.kind == AnnexKind::Commitments && !draft).then(|| {
                let href = format!("/consultations/{}/commitments", table.consultation.slug);
                view! { <p><a href=href>{t!(l, "responses.commitments")}</a></p> }
            });
            let id = anchor(annex.kind);
            view! {
                <section class="section annex" aria-labelledby=id lang="ja">
                    <h2 class="section__title" id=id>{annex.title}</h2>
                    <ol class="annex__list">{entries}</ol>
                    {progress}
                </section>
            }
        })
        .collect_view()
        .into_any()
}

const fn anchor(kind: AnnexKind) -> &'static str {
    match kind {
        AnnexKind::PlanChanges => "plan-changes",
        AnnexKind::Commitments => "commitments",
        AnnexKind::Corrections => "corrections",
    }
}

/// One row of an annex: each heading with its text. `changed` are the texts of the columns 修正前 and 修正後 with their
/// difference; `links` stands for the last column.
fn entry(annex: &Annex, texts: &[String], changed: Option<[AnyView; 2]>, links: Option<AnyView>) -> AnyView {
    let (mut before, mut after) = changed.map_or((None, None), |[before, after]| (Some(before), Some(after)));
    let mut links = links;
    let last = texts.len().saturating_sub(1);
    let cells = annex
        .headings
        .iter()
        .zip(texts)
        .enumerate()
        .map(|(i, (heading, text))| {
            let special = match i {
                1 => before.take(),
                2 => after.take(),
                _ if i == last => links.take(),
                _ => None,
            };
            let content = special.unwrap_or_else(|| view! { {clean::text(text)} }.into_any());
            (!text.is_empty()).then(|| view! { <div><dt>{*heading}</dt><dd>{content}</dd></div> })
        })
        .collect_view();
    view! { <li><dl class="annex__facts">{cells}</dl></li> }.into_any()
}

/// Both texts with what was taken out and what was put in; nothing when one of them is empty.
fn difference(before: &str, after: &str) -> Option<[AnyView; 2]> {
    if before.is_empty() || after.is_empty() {
        return None;
    }
    let pieces = differences(&clean::text(before), &clean::text(after));
    let side = |gone: PieceKind| {
        pieces
            .iter()
            .filter(|piece| piece.kind != gone)
            .map(|piece| match piece.kind {
                PieceKind::Same => view! { {piece.text.clone()} }.into_any(),
                PieceKind::Removed => view! { <del>{piece.text.clone()}</del> }.into_any(),
                PieceKind::Added => view! { <ins>{piece.text.clone()}</ins> }.into_any(),
            })
            .collect_view()
            .into_any()
    };
    Some([side(PieceKind::Added), side(PieceKind::Removed)])
}
