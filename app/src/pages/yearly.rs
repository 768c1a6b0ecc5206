//! All themes of a year with their results.

use documents::{clean, texts::Yearly};
use domain::Locale;
use leptos::prelude::*;

use crate::{
    components::breadcrumb,
    format,
    shell::{Head, Page, PageContext, Width},
};

/// The formats of the list, as file extensions.
pub const FORMATS: [&str; 3] = ["csv", "xlsx", "txt"];

/// `/responses/years/{year}`
#[derive(Debug)]
pub struct YearlyPage {
    /// The list; addresses of results are absolute.
    pub list: Yearly,
    /// Fiscal years (年度) in which results came out, the newest first.
    pub years: Vec<i32>,
}

impl Page for YearlyPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "responses.yearly.title", year = format::fiscal_year(cx.locale, self.list.year))
                .into_owned(),
            description: Some(clean::one_line(&self.list.yearly_sentence())),
            width: Width::Wide,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let year = self.list.year;
        let title = t!(l, "responses.yearly.title", year = format::fiscal_year(l, year)).into_owned();
        let trail = vec![("/responses".to_owned(), t!(l, "responses.index_title").into_owned())];
        view! {
            {breadcrumb(l, trail, title.clone())}
            <h1 class="page__title">{title.clone()}</h1>
            <p class="page__lead" lang="ja">{self.list.yearly_sentence()}</p>
            {downloads(l, year)}
            {table(l, &self.list, title, cx.base_url.as_ref())}
            {others(l, year, &self.years)}
        }
        .into_any()
    }
}

fn downloads(l: Locale, year: i32) -> AnyView {
    let items = FORMATS
        .into_iter()
        .map(|extension| {
            let href = format!("/responses/years/{year}.{extension}");
            let words = t!(l, format!("responses.yearly.formats.{extension}")).into_owned();
            view! { <li><a class="button" data-variant="outline" data-size="sm" href=href>{words}</a></li> }
        })
        .collect_view();
    view! { <ul class="downloads" aria-label=t!(l, "responses.downloads")>{items}</ul> }.into_any()
}

/// The list; on phones its cells are stacked, so their roles are written out.
fn table(l: Locale, list: &Yearly, title: String, base_url: &str) -> AnyView {
    if list.rows.is_empty() {
        return view! { <p class="empty">{t!(l, "responses.yearly.none")}</p> }.into_any();
    }
    let names = [
        t!(l, "responses.yearly.theme"),
        t!(l, "responses.yearly.period"),
        t!(l, "responses.yearly.body"),
        t!(l, "responses.yearly.basis"),
        t!(l, "responses.yearly.people"),
        t!(l, "responses.yearly.opinions"),
        t!(l, "responses.yearly.revised"),
        t!(l, "responses.yearly.result"),
        t!(l, "responses.yearly.contact"),
    ];
    let heads =
        names.iter().map(|name| view! { <th role="columnheader" scope="col">{name.clone()}</th> }).collect_view();
    let rows = list
        .rows
        .iter()
        .map(|row| {
            let revised = match row.revised {
                Some(true) => t!(l, "responses.yearly.revised_yes").into_owned(),
                Some(false) => t!(l, "responses.yearly.revised_no").into_owned(),
                None => String::new(),
            };
            let values = [
                format::period(l, domain::consultation::Period { opens_on: row.opens_on, closes_on: row.closes_on }),
                clean::text(&row.department),
                clean::text(&row.basis),
                row.submitters.to_string(),
                row.opinions.to_string(),
                revised,
                row.result_on.map(|day| format::day(l, day)).unwrap_or_default(),
                clean::text(&row.contact),
            ];
            let cells = names
                .iter()
                .skip(1)
                .zip(values)
                .map(|(name, value)| {
                    let empty = value.is_empty().then_some("true");
                    view! { <td role="cell" data-label=name.clone() data-empty=empty>{value}</td> }
                })
                .collect_view();
            let href = row.url.strip_prefix(base_url).unwrap_or(&row.url).to_owned();
            view! { <tr role="row"><th role="rowheader" scope="row" lang="ja"><a href=href>{clean::text(&row.title)}</a></th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <table class="table yearly" role="table" aria-label=title>
            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn others(l: Locale, year: i32, years: &[i32]) -> Option<AnyView> {
    let others: Vec<i32> = years.iter().copied().filter(|other| *other != year).collect();
    (!others.is_empty()).then(|| {
        let items = others
            .into_iter()
            .map(|year| {
                let words = t!(l, "responses.yearly.year", year = format::fiscal_year(l, year));
                view! { <li><a href=format!("/responses/years/{year}")>{words}</a></li> }
            })
            .collect_view();
        view! {
            <section class="section" aria-labelledby="other-years">
                <h2 class="section__title" id="other-years">{t!(l, "responses.yearly.other_years")}</h2>
                <ul class="year-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}
