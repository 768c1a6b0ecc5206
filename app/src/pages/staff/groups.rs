//! Same and nearly same texts: read once, answered once, and nothing is left out.

use domain::{
    Locale, Millis,
    similarity::{Piece, PieceKind},
};
use leptos::prelude::*;

use super::{StaffTab, ThemeTab, frame, head, theme_tabs};
use crate::{
    components::{badge, empty, notice, pager, time},
    shell::{Head, Page, PageContext},
};

/// A group in the list.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// Its id.
    pub id: i64,
    /// Submissions in it.
    pub size: i64,
    /// Different wordings in it.
    pub variants: i64,
    /// When very many came within an hour: the hour, and how many.
    pub burst: Option<(Millis, i64)>,
    /// The beginning of the commonest wording.
    pub excerpt: String,
}

/// `/staff/consultations/{id}/groups`
#[derive(Debug)]
pub struct GroupList {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// How many groups there are.
    pub groups: i64,
    /// How many submissions are in them.
    pub submissions: i64,
    /// This page's groups, the largest first.
    pub rows: Vec<GroupRow>,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the first page, when this is not it.
    pub first: Option<String>,
}

/// What is said wherever numbers of the same text are shown.
fn content_counts(l: Locale) -> AnyView {
    notice("info", t!(l, "group.content_title").into_owned(), view! { <p>{t!(l, "group.content_text")}</p> }.into_any())
}

fn burst_badge(l: Locale, burst: Option<(Millis, i64)>) -> Option<AnyView> {
    burst.map(|(at, count)| {
        view! {
            <p class="group__burst">
                {badge("warning", t!(l, "group.burst").into_owned())}" "
                {time(l, at)}{t!(l, "group.burst_text", count = count)}
            </p>
        }
        .into_any()
    })
}

fn trail(l: Locale, theme: &(i64, String), here: String, below: Option<(String, String)>) -> AnyView {
    let base = format!("/staff/consultations/{}", theme.0);
    let mut trail =
        vec![("/staff/consultations".to_owned(), t!(l, "staff.themes").into_owned()), (base, theme.1.clone())];
    trail.extend(below);
    crate::components::breadcrumb(l, trail, here)
}

impl Page for GroupList {
    fn head(&self, cx: &PageContext) -> Head {
        head(format!("{}：{}", t!(cx.locale, "group.title"), self.theme.1))
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let id = self.theme.0;
        let list = if self.rows.is_empty() {
            empty(t!(l, "group.none").into_owned(), None)
        } else {
            let rows = self
                .rows
                .into_iter()
                .map(|row| {
                    let href = format!("/staff/consultations/{id}/groups/{}", row.id);
                    view! {
                        <li class="group">
                            <p class="group__size">
                                <a href=href>{t!(l, "group.size", count = row.size)}</a>" "
                                <span class="group__variants">{t!(l, "group.variants", count = row.variants)}</span>
                            </p>
                            {burst_badge(l, row.burst)}
                            <p class="group__text">{row.excerpt}</p>
                        </li>
                    }
                })
                .collect_view();
            view! { <ol class="groups">{rows}</ol> }.into_any()
        };
        let body = view! {
            {trail(l, &self.theme, t!(l, "group.title").into_owned(), None)}
            <h1 class="page__title">{t!(l, "group.title")}</h1>
            {theme_tabs(cx, id, ThemeTab::Groups)}
            <p class="page__lead">{t!(l, "group.lead")}</p>
            {content_counts(l)}
            <p>{t!(l, "group.totals", groups = self.groups, submissions = self.submissions)}</p>
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            {list}
            {pager(l, self.first, self.next)}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

/// One wording.
#[derive(Clone, Debug)]
pub struct VariantView {
    /// Submissions with it.
    pub size: i64,
    /// The first of them.
    pub proposal: i64,
    /// Its receipt number.
    pub receipt: String,
    /// Its text beside the commonest wording.
    pub pieces: Vec<Piece>,
}

/// `/staff/consultations/{id}/groups/{group}`
#[derive(Debug)]
pub struct GroupPage {
    /// Id and title of the theme.
    pub theme: (i64, String),
    /// Its id.
    pub id: i64,
    /// Submissions in it.
    pub size: i64,
    /// Different wordings in it.
    pub variants: u64,
    /// When very many came within an hour.
    pub burst: Option<(Millis, i64)>,
    /// The commonest wording.
    pub commonest: VariantView,
    /// The others, the commonest first.
    pub others: Vec<VariantView>,
}

/// A text with what differs from another: marked for the eye and said for the ear.
#[must_use]
pub fn marked(l: Locale, pieces: Vec<Piece>) -> AnyView {
    pieces
        .into_iter()
        .map(|piece| match piece.kind {
            PieceKind::Same => view! { {piece.text} }.into_any(),
            PieceKind::Removed => view! {
                <del><span class="visually-hidden">{t!(l, "group.removed")}</span>{piece.text}<span class="visually-hidden">{t!(l, "group.mark_end")}</span></del>
            }
            .into_any(),
            PieceKind::Added => view! {
                <ins><span class="visually-hidden">{t!(l, "group.added")}</span>{piece.text}<span class="visually-hidden">{t!(l, "group.mark_end")}</span></ins>
            }
            .into_any(),
        })
        .collect_view()
        .into_any()
}

fn variant(l: Locale, variant: VariantView, title: String) -> AnyView {
    view! {
        <section class="group">
            <h2>{title}</h2>
            <p>
                {t!(l, "group.size", count = variant.size)}" "
                <a href=format!("/staff/proposals/{}", variant.proposal)>{t!(l, "group.first_of", number = variant.receipt)}</a>
            </p>
            <p class="group__text group__text--whole">{marked(l, variant.pieces)}</p>
        </section>
    }
    .into_any()
}

impl Page for GroupPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(format!("{}：{}", t!(cx.locale, "group.one_title", count = self.size), self.theme.1))
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let id = self.theme.0;
        let title = t!(l, "group.one_title", count = self.size).into_owned();
        let list = (format!("/staff/consultations/{id}/groups"), t!(l, "group.title").into_owned());
        let shown = u64::try_from(self.others.len()).unwrap_or_default() + 1;
        let left = self.variants.saturating_sub(shown);
        let others = (2_u64..)
            .zip(self.others)
            .map(|(n, v)| variant(l, v, t!(l, "group.variant", number = n).into_owned()))
            .collect_view();
        let body = view! {
            {trail(l, &self.theme, title.clone(), Some(list))}
            <h1 class="page__title">{title}</h1>
            {theme_tabs(cx, id, ThemeTab::Groups)}
            <p>{t!(l, "group.variants", count = self.variants)}</p>
            {burst_badge(l, self.burst)}
            {content_counts(l)}
            <p><a class="button" data-variant="outline" data-size="md" href=format!("/staff/consultations/{id}/intake?group={}", self.id)>{t!(l, "group.to_intake")}</a></p>
            {variant(l, self.commonest, t!(l, "group.commonest").into_owned())}
            {(shown > 1).then(|| view! { <p>{t!(l, "group.legend")}</p> })}
            {others}
            {(left > 0).then(|| view! { <p>{t!(l, "group.more_variants", count = left)}</p> })}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}
