//! Opinions on the desk: the filters, the list with the original beside each, and what can be done to several.

use domain::{Channel, Locale, Millis, text};
use leptos::prelude::*;

use super::DeskPage;
use crate::{
    components::{empty, pager},
    pages::staff::filter_select,
    wording,
};

/// Longest text that is shown without opening it, in characters.
const SHORT: usize = 400;

/// What the opinions are narrowed to, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Empty (未整理), `any`, `out` (対象外) or `again` (再掲).
    pub placed: String,
    /// The anchor of a heading.
    pub heading: String,
    /// The code of a channel.
    pub channel: String,
    /// A group of the same text.
    pub group: String,
    /// A row.
    pub row: String,
    /// The name of that row.
    pub row_name: String,
    /// Words.
    pub q: String,
    /// The query part of an address with these filters.
    pub query: String,
}

impl Filters {
    fn is_narrow(&self) -> bool {
        [&self.heading, &self.channel, &self.group, &self.row, &self.q].into_iter().any(|f| !f.is_empty())
    }
}

/// An opinion on the desk.
#[derive(Clone, Debug)]
pub struct ItemCard {
    /// Its id.
    pub id: i64,
    /// Its submission.
    pub proposal: i64,
    /// 受付番号.
    pub receipt: String,
    /// When it was recorded.
    pub at: Millis,
    /// How it came in.
    pub channel: Channel,
    /// Title of the submission.
    pub title: Option<String>,
    /// What it says.
    pub text: String,
    /// The whole submission, when the opinion is a part of it.
    pub whole: Option<String>,
    /// Its place among the opinions of its submission, and how many there are.
    pub place: (i64, i64),
    /// The page of the draft it is about.
    pub page: Option<i64>,
    /// The chapter of the draft it is about.
    pub about: Option<String>,
    /// Why it is 対象外.
    pub out_of_scope: Option<String>,
    /// The group of the same text and how many submissions are in it, when there are several.
    pub group: Option<(i64, i64)>,
    /// The row that counts it: id and name.
    pub row: Option<(i64, String)>,
    /// How many rows repeat it.
    pub again: i64,
}

impl DeskPage {
    pub(super) fn sources(&self, l: Locale, base: &str) -> AnyView {
        let cards = self.items.iter().map(|item| self.card(l, base, item)).collect_view();
        let none = self.items.is_empty().then(|| {
            let text = match self.filters.placed.as_str() {
                "" if !self.filters.is_narrow() => t!(l, "gather.none_open"),
                _ => t!(l, "gather.none"),
            };
            empty(text.into_owned(), None)
        });
        let list = view! {
            {none}
            <ul class="desk__list">{cards}</ul>
            {pager(l, self.first.clone(), self.next.clone())}
        };
        let list = if self.may_edit && !self.items.is_empty() {
            view! {
                <form class="desk-gather" method="post" action=format!("{base}/items") novalidate>
                    <input type="hidden" name="query" value=self.filters.query.clone() />
                    // What the Enter key in a field presses: the server goes by what was filled in.
                    <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t!(l, "gather.tool.title")}</button>
                    {list}
                    {self.tools(l)}
                </form>
            }
            .into_any()
        } else {
            list.into_any()
        };
        view! {
            <section class="desk__source" tabindex="0" role="region" aria-labelledby="desk-sources">
                <h2 class="desk__title" id="desk-sources">{self.sources_title(l)}</h2>
                {self.filter_form(l, base)}
                {list}
            </section>
        }
        .into_any()
    }

    fn sources_title(&self, l: Locale) -> String {
        if !self.filters.row_name.is_empty() {
            return t!(l, "gather.of_row", row = self.filters.row_name).into_owned();
        }
        match self.filters.placed.as_str() {
            "any" => t!(l, "gather.placed.any_title"),
            "out" => t!(l, "gather.placed.out_title"),
            "again" => t!(l, "gather.placed.again_title"),
            _ => t!(l, "gather.placed.open_title"),
        }
        .into_owned()
    }

    fn filter_form(&self, l: Locale, base: &str) -> AnyView {
        let f = &self.filters;
        let any = || Some(t!(l, "list.any").into_owned());
        let placed = [("any", "gather.placed.any"), ("out", "gather.placed.out"), ("again", "gather.placed.again")];
        let placed = placed.into_iter().map(|(code, key)| (code.to_owned(), t!(l, key).into_owned())).collect();
        let channels = Channel::ALL.into_iter().map(|c| (c.code().to_owned(), wording::channel(l, c))).collect();
        let open = Some(t!(l, "gather.placed.open").into_owned());
        let headings = (!self.headings.is_empty()).then(|| {
            filter_select(
                "heading",
                t!(l, "gather.filter.heading").into_owned(),
                any(),
                &f.heading,
                self.headings.clone(),
            )
        });
        let kept = |name: &'static str, value: &str| {
            (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value.to_owned() /> })
        };
        let by_link = (!f.group.is_empty() || !f.row.is_empty()).then(|| {
            let words = if f.row.is_empty() {
                t!(l, "gather.filter.same").into_owned()
            } else {
                t!(l, "gather.filter.of_row", row = f.row_name).into_owned()
            };
            view! { <p class="desk-note">{words}" "<a href=base.to_owned()>{t!(l, "gather.filter.reset")}</a></p> }
        });
        let active = f.is_narrow() || !f.placed.is_empty();
        view! {
            <details class="disclosure" open=active>
                <summary>{t!(l, "list.filter")}</summary>
                <form class="filters" method="get" action=base.to_owned() aria-label=t!(l, "list.filter")>
                    {filter_select("placed", t!(l, "gather.filter.placed").into_owned(), open, &f.placed, placed)}
                    {headings}
                    {filter_select("channel", t!(l, "intake.filter.channel").into_owned(), any(), &f.channel, channels)}
                    <div class="filters__field">
                        <label class="field__label" for="filter-q">{t!(l, "gather.filter.q")}</label>
                        <input class="input" id="filter-q" name="q" type="search" value=f.q.clone() />
                    </div>
                    {kept("group", &f.group)}
                    {kept("row", &f.row)}
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
                    {active.then(|| view! { <a href=base.to_owned()>{t!(l, "gather.filter.reset")}</a> })}
                </form>
            </details>
            {by_link}
        }
        .into_any()
    }

    fn card(&self, l: Locale, base: &str, item: &ItemCard) -> AnyView {
        let checked = self.tools.ids.contains(&item.id);
        let first = self.items.first().is_some_and(|f| f.id == item.id);
        let id = if first { "f-items".to_owned() } else { format!("item-{}", item.id) };
        let (place, siblings) = item.place;
        let name = if siblings > 1 {
            t!(l, "gather.part_of", number = item.receipt, place = place, n = siblings).into_owned()
        } else {
            item.receipt.clone()
        };
        let title = if self.may_edit {
            view! {
                <label class="choice">
                    <input type="checkbox" id=id name="items" value=item.id.to_string() checked=checked />
                    <span class="choice__label mono">{name}</span>
                </label>
            }
            .into_any()
        } else {
            view! { <span class="mono">{name}</span> }.into_any()
        };
        view! {
            <li>
                <article class="source-item" data-state=if item.row.is_some() { "linked" } else { "open" }>
                    <div class="source-item__meta">{title}<span>{wording::channel(l, item.channel)}</span>{marks(l, base, item)}</div>
                    {item.title.clone().filter(|_| item.whole.is_none()).map(|title| view! { <p><strong>{title}</strong></p> })}
                    {said(l, item)}
                    {self.card_links(l, base, item)}
                </article>
            </li>
        }
        .into_any()
    }

    fn card_links(&self, l: Locale, base: &str, item: &ItemCard) -> AnyView {
        let hidden = || view! { <span class="visually-hidden">{item.receipt.clone()}</span> };
        let same = item.group.map(|(group, size)| {
            let href = format!("{base}?group={group}");
            view! { <a href=href>{t!(l, "gather.same", n = size)}{hidden()}</a> }
        });
        let split = self.may_edit.then(|| {
            let href = format!("{base}/split/{}", item.proposal);
            view! { <a href=href>{t!(l, "gather.split.open")}{hidden()}</a> }
        });
        let make = (self.may_edit && item.row.is_none() && item.out_of_scope.is_none()).then(|| {
            let href = format!("{base}/rows/new?item={}", item.id);
            view! { <a href=href>{t!(l, "desk.make_row")}{hidden()}</a> }
        });
        view! { <div class="source-item__links">{make}{split}{same}</div> }.into_any()
    }
}

/// Where an opinion stands.
fn marks(l: Locale, base: &str, item: &ItemCard) -> AnyView {
    let row = match (&item.row, &item.out_of_scope) {
        (Some((row, name)), _) => {
            view! { <a class="badge" data-tone="info" href=format!("{base}/rows/{row}")>{format!("No.{name}")}</a> }
                .into_any()
        }
        (None, Some(_)) => {
            view! { <span class="badge" data-tone="closed">{t!(l, "gather.out_of_scope")}</span> }.into_any()
        }
        (None, None) => view! { <span class="badge" data-tone="draft">{t!(l, "desk.no_row")}</span> }.into_any(),
    };
    let again = (item.again > 0)
        .then(|| view! { <span class="badge" data-tone="info">{t!(l, "gather.again", n = item.again)}</span> });
    let about = item.about.clone().map(|about| view! { <span class="source-item__about">{about}</span> });
    let page = item.page.map(|page| view! { <span>{format!("P{page}")}</span> });
    view! { {row}{again}{about}{page} }.into_any()
}

/// What an opinion says, with the original one click away.
fn said(l: Locale, item: &ItemCard) -> AnyView {
    let short = text::excerpt(&item.text, SHORT);
    let whole = item.whole.clone().or_else(|| (short != item.text).then(|| item.text.clone()));
    let original = whole.map(|whole| {
        view! {
            <details class="source-item__original">
                <summary>{t!(l, "gather.original")}<span class="visually-hidden">{item.receipt.clone()}</span></summary>
                {item.title.clone().map(|title| view! { <p><strong>{title}</strong></p> })}
                <p class="source-item__text">{whole}</p>
            </details>
        }
    });
    let reason = item.out_of_scope.clone().map(|reason| {
        view! { <p class="desk-note">{t!(l, "gather.reason_of", reason = reason)}</p> }
    });
    view! { <p class="source-item__text">{short}</p>{original}{reason} }.into_any()
}
