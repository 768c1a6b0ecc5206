//! The outline: chapters and rows with their numbers, moved by buttons or keys.

use domain::{Locale, text};
use leptos::prelude::*;

use super::DeskPage;
use crate::{components::form, format, islands::RowKeys};

/// Longest 要旨 in the outline, in characters.
const SHORT: usize = 200;

/// A row of the outline.
#[derive(Clone, Debug)]
pub struct OutlineRow {
    /// Its id.
    pub id: i64,
    /// Its name, such as 「1-2」.
    pub name: String,
    /// Its number in the chapter.
    pub number: i64,
    /// 要旨.
    pub text: String,
    /// How many opinions it counts.
    pub opinions: i64,
    /// How many opinions it repeats.
    pub repeated: i64,
    /// 所管, when it isn't the theme's own department.
    pub department: Option<String>,
    /// 回答期限.
    pub due_on: Option<chrono::NaiveDate>,
    /// 対応区分 as printed, with its code.
    pub disposition: Option<(String, String)>,
    /// The beginning of the answer; empty without one.
    pub answer: String,
    /// Whether the answer is settled.
    pub settled: bool,
    /// Whether somebody else still has to confirm the 要旨.
    pub unconfirmed: bool,
    /// How many other rows share the answer.
    pub sharing: i64,
}

/// A chapter of the outline.
#[derive(Clone, Debug)]
pub struct OutlineChapter {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its number; none without rows.
    pub number: Option<i64>,
    /// Whether it always stands last.
    pub pinned: bool,
    /// How many rows it has.
    pub count: i64,
    /// Whether its rows are shown.
    pub open: bool,
    /// Its rows, when they are shown.
    pub rows: Vec<OutlineRow>,
    /// Link that shows its rows from the first, when they aren't shown so.
    pub first: Option<String>,
    /// Link to its next rows.
    pub next: Option<String>,
    /// Whether it can be moved up and down.
    pub moves: (bool, bool),
}

impl OutlineChapter {
    /// Number and title.
    #[must_use]
    pub fn name(&self) -> String {
        match self.number {
            Some(number) => format!("{number}. {}", self.title),
            None => self.title.clone(),
        }
    }
}

impl DeskPage {
    pub(super) fn outline(&self, l: Locale, base: &str) -> AnyView {
        let chapters = self.chapters.iter().map(|c| self.chapter(l, base, c)).collect_view();
        let keys = (self.may_edit && self.strip.rows > 1)
            .then(|| view! { <p class="desk-note desk-keys">{t!(l, "gather.keys")}</p> });
        let none = self.chapters.is_empty().then(|| view! { <p class="muted">{t!(l, "desk.no_chapters")}</p> });
        let list = if self.may_edit { view! { <RowKeys>{chapters}</RowKeys> }.into_any() } else { chapters.into_any() };
        view! {
            <section class="desk__table" aria-labelledby="desk-table">
                <h2 class="desk__title" id="desk-table">{t!(l, "desk.table")}</h2>
                {keys}
                {none}
                {list}
                {self.may_edit.then(|| self.new_chapter(l, base))}
            </section>
        }
        .into_any()
    }

    fn chapter(&self, l: Locale, base: &str, c: &OutlineChapter) -> AnyView {
        let rows = c.rows.iter().map(|r| self.row(l, base, c, r)).collect_view();
        let empty = (c.count == 0).then(|| view! { <p class="desk-note">{t!(l, "gather.chapter.empty")}</p> });
        let shown = i64::try_from(c.rows.len()).unwrap_or(i64::MAX);
        let part = (c.open && shown < c.count).then(|| {
            let from = c.rows.first().map_or(0, |r| r.number);
            let to = c.rows.last().map_or(0, |r| r.number);
            view! { <p class="desk-note">{t!(l, "gather.chapter.part", from = from, to = to, n = c.count)}</p> }
        });
        let show = c.first.clone().map(|href| {
            let words = if c.open {
                t!(l, "gather.chapter.first").into_owned()
            } else {
                t!(l, "gather.chapter.show", n = c.count).into_owned()
            };
            view! { <a href=href>{words}<span class="visually-hidden">{c.title.clone()}</span></a> }
        });
        let next = c.next.clone().map(|href| {
            view! { <a rel="next" href=href>{t!(l, "gather.chapter.next")}<span class="visually-hidden">{c.title.clone()}</span></a> }
        });
        let add = self.may_edit.then(|| {
            let href = format!("{base}/rows/new?chapter={}", c.id);
            view! { <a class="button" data-variant="outline" data-size="sm" href=href>{t!(l, "desk.add_row")}<span class="visually-hidden">{c.title.clone()}</span></a> }
        });
        view! {
            <section class="desk-chapter" id=format!("chapter-{}", c.id)>
                <h3 class="desk-chapter__title">{c.name()}</h3>
                {self.may_edit.then(|| self.chapter_tools(l, base, c))}
                {empty}
                {part}
                {rows}
                <div class="button-row">{show}{next}{add}</div>
            </section>
        }
        .into_any()
    }

    fn chapter_tools(&self, l: Locale, base: &str, c: &OutlineChapter) -> AnyView {
        let path = format!("{base}/chapters/{}", c.id);
        let id = format!("chapter-title-{}", c.id);
        let into = format!("chapter-into-{}", c.id);
        let small = |act: &'static str, label: std::borrow::Cow<'static, str>, variant: &'static str| {
            view! { <button class="button" data-variant=variant data-size="sm" type="submit" name="act" value=act>{label}</button> }
        };
        let others: Vec<(i64, String)> =
            self.chapters.iter().filter(|o| o.id != c.id).map(|o| (o.id, o.name())).collect();
        let merge = (!others.is_empty() && c.count > 0).then(|| {
            let options = others
                .into_iter()
                .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> })
                .collect_view();
            view! {
                <div class="field">
                    <label class="field__label" for=into.clone()>{t!(l, "gather.chapter.into")}</label>
                    <select class="select" id=into.clone() name="into">{options}</select>
                </div>
                <div class="button-row">{small("merge", t!(l, "gather.chapter.merge"), "outline")}</div>
            }
        });
        view! {
            <details class="disclosure">
                <summary>{t!(l, "desk.chapter_tools")}<span class="visually-hidden">{c.title.clone()}</span></summary>
                <form class="form" method="post" action=path novalidate>
                    <div class="field">
                        <label class="field__label" for=id.clone()>{t!(l, "desk.chapter_title")}</label>
                        <input class="input" id=id name="title" value=c.title.clone() />
                    </div>
                    <div class="button-row">
                        {small("rename", t!(l, "desk.rename"), "outline")}
                        {c.moves.0.then(|| small("up", t!(l, "desk.up"), "text"))}
                        {c.moves.1.then(|| small("down", t!(l, "desk.down"), "text"))}
                        {(c.count == 0).then(|| small("delete", t!(l, "desk.delete_chapter"), "danger"))}
                    </div>
                    {c.pinned.then(|| view! { <p class="desk-note">{t!(l, "gather.chapter.pinned")}</p> })}
                    {merge}
                </form>
            </details>
        }
        .into_any()
    }

    fn row(&self, l: Locale, base: &str, c: &OutlineChapter, r: &OutlineRow) -> AnyView {
        let state = match (r.answer.is_empty(), r.settled) {
            (true, _) => view! { <span class="badge" data-tone="draft">{t!(l, "gather.row.unanswered")}</span> },
            (false, false) => view! { <span class="badge" data-tone="review">{t!(l, "gather.row.draft")}</span> },
            (false, true) => view! { <span class="badge" data-tone="published">{t!(l, "gather.row.settled")}</span> },
        };
        let unconfirmed = r
            .unconfirmed
            .then(|| view! { <span class="badge" data-tone="coming">{t!(l, "gather.row.unconfirmed")}</span> });
        let count = match (r.opinions, r.repeated) {
            (0, 0) => t!(l, "gather.row.no_opinion").into_owned(),
            (0, again) => t!(l, "gather.row.only_again", n = again).into_owned(),
            (1, _) => String::new(),
            (n, _) => t!(l, "gather.row.others", n = n - 1).into_owned(),
        };
        let again = (r.repeated > 0 && r.opinions > 0)
            .then(|| view! { <span class="desk-note">{t!(l, "gather.row.again", n = r.repeated)}</span> });
        let due = r.due_on.map(|day| t!(l, "gather.row.due", day = format::day(l, day)).into_owned());
        let department: Vec<String> = r.department.iter().cloned().chain(due).collect();
        let department =
            (!department.is_empty()).then(|| view! { <span class="desk-note">{department.join("　")}</span> });
        let shared = (r.sharing > 0).then(
            || view! { <span class="badge" data-tone="info">{t!(l, "gather.row.sharing", n = r.sharing)}</span> },
        );
        view! {
            <article class="desk-row" id=format!("desk-{}", r.id) data-row="" tabindex="-1" aria-label=format!("No.{}", r.name)>
                <div class="desk-row__head">
                    <span class="desk-row__no">{format!("No.{}", r.name)}</span>
                    {state}{unconfirmed}
                    {r.disposition.clone().map(|(code, text)| view! { <span class="disposition" data-code=code>{text}</span> })}
                    {shared}{department}
                </div>
                <p class="desk-row__summary">{text::excerpt(&r.text, SHORT)}<span class="desk-row__count">{count}</span>{again}</p>
                {(!r.answer.is_empty()).then(|| view! { <p class="desk-row__answer">{r.answer.clone()}</p> })}
                {self.row_tools(l, base, c, r)}
            </article>
        }
        .into_any()
    }

    fn row_tools(&self, l: Locale, base: &str, c: &OutlineChapter, r: &OutlineRow) -> AnyView {
        let path = format!("{base}/rows/{}", r.id);
        let hidden = format!(" No.{}", r.name);
        let mark = || view! { <span class="visually-hidden">{hidden.clone()}</span> };
        let all = r.opinions + r.repeated;
        let opinions = (all > 0).then(|| {
            let href = format!("{base}?placed=any&row={}", r.id);
            view! { <a class="button" data-variant="text" data-size="sm" href=href>{t!(l, "gather.row.opinions", n = all)}{mark()}</a> }
        });
        if !self.may_edit {
            return view! { <div class="desk-row__actions">{opinions}</div> }.into_any();
        }
        let direction = |value: &'static str, label: std::borrow::Cow<'static, str>| {
            view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="direction" value=value>{label}{mark()}</button> }
        };
        view! {
            <div class="desk-row__actions">
                <a class="button" data-variant="outline" data-size="sm" href=path.clone()>{t!(l, "desk.edit_row")}{mark()}</a>
                {opinions}
                <form class="cluster" method="post" action=format!("{path}/move")>
                    {(r.number > 1).then(|| direction("up", t!(l, "desk.up")))}
                    {(r.number < c.count).then(|| direction("down", t!(l, "desk.down")))}
                </form>
                <details class="disclosure desk-row__more">
                    <summary>{t!(l, "gather.row.more")}{mark()}</summary>
                    {self.place_form(l, &path, c, r)}
                    {self.merge_form(l, &path, r)}
                    <form method="post" action=format!("{path}/delete")>
                        <p>{t!(l, "desk.delete_row_ask")}</p>
                        <button class="button" data-variant="danger" data-size="sm" type="submit">{t!(l, "desk.delete_row_do")}{mark()}</button>
                    </form>
                </details>
            </div>
        }
        .into_any()
    }

    fn place_form(&self, l: Locale, path: &str, c: &OutlineChapter, r: &OutlineRow) -> AnyView {
        let chapter = format!("move-chapter-{}", r.id);
        let number = format!("move-number-{}", r.id);
        let options = self
            .chapters
            .iter()
            .map(|o| view! { <option value=o.id.to_string() selected=o.id == c.id>{o.name()}</option> })
            .collect_view();
        view! {
            <form class="desk-row__form" method="post" action=format!("{path}/move")>
                <div class="field">
                    <label class="field__label" for=chapter.clone()>{t!(l, "gather.row.to_chapter")}</label>
                    <select class="select" id=chapter.clone() name="chapter">{options}</select>
                </div>
                <div class="field">
                    <label class="field__label" for=number.clone()>{t!(l, "gather.row.to_number")}</label>
                    <input class="input" id=number.clone() name="number" inputmode="numeric" autocomplete="off" />
                </div>
                <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "gather.row.place")}</button>
            </form>
        }
        .into_any()
    }

    fn merge_form(&self, l: Locale, path: &str, r: &OutlineRow) -> Option<AnyView> {
        (self.strip.rows > 1).then(|| {
            let into = format!("merge-{}", r.id);
            view! {
                <form class="desk-row__form" method="get" action=format!("{path}/merge")>
                    <div class="field">
                        <label class="field__label" for=into.clone()>{t!(l, "gather.merge.into")}</label>
                        <input class="input" id=into.clone() name="into" autocomplete="off" />
                    </div>
                    <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "gather.merge.open")}</button>
                </form>
            }
            .into_any()
        })
    }

    fn new_chapter(&self, l: Locale, base: &str) -> AnyView {
        let field =
            form::Field::new(l, &self.errors, "chapter_title", t!(l, "desk.chapter_title"), &self.chapter_title)
                .required()
                .help(t!(l, "desk.chapter_help"));
        let from_draft = (!self.headings.is_empty()).then(|| {
            view! {
                <form method="post" action=format!("{base}/chapters/from-draft")>
                    <p>{t!(l, "gather.chapter.from_draft_help")}</p>
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "gather.chapter.from_draft")}</button>
                </form>
            }
        });
        view! {
            <div class="panel desk-new-chapter">
                <h3 class="panel__title">{t!(l, "desk.add_chapter")}</h3>
                {from_draft}
                <form class="form" method="post" action=format!("{base}/chapters") novalidate>
                    {form::input(l, &field, form::Input { autocomplete: "off", ..form::Input::default() })}
                    <div class="form__actions"><button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "desk.add_chapter_do")}</button></div>
                </form>
            </div>
        }
        .into_any()
    }
}
