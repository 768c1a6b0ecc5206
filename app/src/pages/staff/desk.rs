//! The response desk: opinions on one side, the table that will be published on the other.

use domain::{Channel, FieldErrors, Locale, Millis};
use leptos::prelude::*;

use crate::{
    components::{form, notice, plain_lines},
    format,
    shell::{Head, Page, PageContext, Width},
    wording,
};

/// An opinion item on the desk.
#[derive(Clone, Debug)]
pub struct SourceItem {
    /// The item's id.
    pub id: i64,
    /// Its proposal's receipt number.
    pub receipt: String,
    /// How it came in.
    pub channel: Channel,
    /// Its title, if any.
    pub title: Option<String>,
    /// Its text.
    pub text: String,
    /// Rows that gather it, such as 「1-2」.
    pub rows: Vec<String>,
}

/// A row on the desk.
#[derive(Clone, Debug)]
pub struct DeskRow {
    /// The summary's id.
    pub id: i64,
    /// Its name, such as 「1-2」.
    pub name: String,
    /// 要旨.
    pub text: String,
    /// 区の考え方; empty when nobody has written it.
    pub answer: String,
    /// 対応区分 as printed, with its code.
    pub disposition: Option<(String, String)>,
    /// Names of the other rows that share the answer.
    pub shared_with: Vec<String>,
    /// Receipt numbers of what it gathers.
    pub receipts: Vec<String>,
}

/// A chapter on the desk.
#[derive(Clone, Debug)]
pub struct DeskChapter {
    /// Its id.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its rows.
    pub rows: Vec<DeskRow>,
}

/// What stands in the way of publishing, by the names of rows.
#[derive(Clone, Debug, Default)]
pub struct Obstacles {
    /// Rows without an answer.
    pub unanswered: Vec<String>,
    /// Rows without a 対応区分.
    pub unmarked: Vec<String>,
    /// Rows that gather nothing.
    pub empty: Vec<String>,
    /// How many opinions are in no row.
    pub unlinked: usize,
}

impl Obstacles {
    fn is_none(&self) -> bool {
        self.unanswered.is_empty() && self.unmarked.is_empty() && self.empty.is_empty() && self.unlinked == 0
    }
}

/// What a reader of the desk can do about publishing once nothing stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishStep {
    /// Nothing: what is on the desk is published.
    Unchanged,
    /// Wait for the end of the period.
    NotClosed,
    /// Leave it to an approver.
    NeedsApprover,
    /// Publish.
    Ready,
    /// Wait: a version comes out at a set time.
    Scheduled,
}

/// `/staff/consultations/{id}/responses`
#[derive(Debug)]
pub struct DeskPage {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The chapters.
    pub chapters: Vec<DeskChapter>,
    /// The opinions.
    pub sources: Vec<SourceItem>,
    /// What stands in the way of publishing.
    pub obstacles: Obstacles,
    /// The reader may write.
    pub may_edit: bool,
    /// What the reader can do about publishing once nothing stands in the way.
    pub step: PublishStep,
    /// The published version and its time.
    pub published: Option<(i64, Millis)>,
    /// The version that comes out at a set time.
    pub scheduled: Option<(i64, Millis)>,
    /// Whether the reader may publish, and take back what is scheduled.
    pub may_publish: bool,
    /// The day and the time of publication, as typed.
    pub typed_at: (String, String),
    /// Whether that time is over already.
    pub past: bool,
    /// What was typed as a chapter's title, and what is wrong with it.
    pub chapter_title: String,
    /// Errors of the chapter form.
    pub errors: FieldErrors,
    /// A word about what was just done: `saved`, `deleted`, `published`, `scheduled` or `unscheduled`.
    pub done: Option<&'static str>,
}

impl Page for DeskPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "desk.title_of", theme = self.theme).into_owned(),
            private: true,
            width: Width::Wide,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/responses", self.id);
        let done = self.done.map(|what| {
            let text = match what {
                "published" => t!(l, "desk.published_now"),
                "scheduled" => t!(l, "schedule.scheduled"),
                "unscheduled" => t!(l, "schedule.cancelled"),
                "deleted" => t!(l, "desk.deleted"),
                _ => t!(l, "desk.saved"),
            };
            notice("success", text.into_owned(), ().into_any())
        });
        let edit = self.may_edit;
        let count = self.chapters.len();
        let chapters =
            self.chapters.iter().cloned().enumerate().map(|(i, c)| chapter(l, &base, i, count, c, edit)).collect_view();
        let sources = self.sources.iter().cloned().map(|s| source(l, &base, s, edit)).collect_view();
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "desk.title")}</h1>
            {super::theme_tabs(cx, self.id, super::ThemeTab::Responses)}
            {done}
            {self.publish_panel(l, &base)}
            <div class="desk">
                <section class="desk__source" tabindex="0" role="region" aria-labelledby="desk-sources">
                    <h2 class="desk__title" id="desk-sources">{t!(l, "desk.sources", n = self.sources.len())}</h2>
                    <ul class="desk__list">{sources}</ul>
                </section>
                <div class="desk__table">
                    <h2 class="desk__title">{t!(l, "desk.table")}</h2>
                    {(count == 0).then(|| view! { <p class="muted">{t!(l, "desk.no_chapters")}</p> })}
                    {chapters}
                    {edit.then(|| self.new_chapter(l, &base))}
                </div>
            </div>
        };
        super::frame(cx, super::StaffTab::Consultations, body.into_any())
    }
}

impl DeskPage {
    fn publish_panel(&self, l: Locale, base: &str) -> AnyView {
        let status = match self.published {
            Some((version, at)) => {
                view! { <p class="status-line" data-state="published">{t!(l, "desk.status_published", version = version, time = format::date_time(l, at))}</p> }.into_any()
            }
            None => view! { <p class="status-line" data-state="draft">{t!(l, "desk.status_draft")}</p> }.into_any(),
        };
        let ready = self.obstacles.is_none();
        let obstacles = (!ready).then(|| obstacles(l, &self.obstacles));
        let note = |text: std::borrow::Cow<'static, str>| view! { <p class="muted">{text}</p> }.into_any();
        let publish = ready.then(|| match self.step {
            PublishStep::Unchanged => note(t!(l, "desk.unchanged")),
            PublishStep::NotClosed => note(t!(l, "desk.not_closed")),
            PublishStep::NeedsApprover => note(t!(l, "desk.needs_approver")),
            PublishStep::Scheduled => ().into_any(),
            PublishStep::Ready => view! {
                <form method="post" action=format!("{base}/publish")>
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "desk.publish")}</button>
                </form>
            }
            .into_any(),
        });
        let later = (ready && self.step == PublishStep::Ready).then(|| self.later(l, base));
        view! {
            <section class="panel">
                <h2 class="panel__title">{t!(l, "desk.publishing")}</h2>
                {status}
                {self.scheduled.map(|it| self.scheduled(l, base, it))}
                {obstacles}
                <div class="button-row">
                    {publish}
                    <a class="button" data-variant="outline" data-size="md" href=format!("{base}/preview")>{t!(l, "desk.preview")}</a>
                </div>
                {later}
            </section>
        }
        .into_any()
    }

    /// Publishing at a set time.
    fn later(&self, l: Locale, base: &str) -> AnyView {
        let mut date = form::Field::new(l, &self.errors, "at_date", t!(l, "staff.at_date"), &self.typed_at.0)
            .required()
            .help(t!(l, "staff.at_date_help"));
        if self.past {
            date.problem = Some(t!(l, "schedule.past").into_owned());
        }
        let time = form::Field::new(l, &self.errors, "at_time", t!(l, "staff.at_time"), &self.typed_at.1)
            .required()
            .help(t!(l, "staff.at_time_help"));
        let off = form::Input { autocomplete: "off", ..form::Input::default() };
        let open = self.past || self.errors.of("at_date").is_some() || self.errors.of("at_time").is_some();
        view! {
            <details class="disclosure" open=open>
                <summary>{t!(l, "schedule.later")}</summary>
                <form class="form" method="post" action=format!("{base}/publish") novalidate>
                    <p>{t!(l, "schedule.later_text")}</p>
                    {form::input(l, &date, off)}
                    {form::input(l, &time, off)}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "schedule.do")}</button>
                </form>
            </details>
        }
        .into_any()
    }

    /// What comes out by itself, and the way to take it back.
    fn scheduled(&self, l: Locale, base: &str, (version, at): (i64, Millis)) -> AnyView {
        let cancel = self.may_publish.then(|| {
            view! {
                <form method="post" action=format!("{base}/unschedule")>
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "schedule.cancel")}</button>
                </form>
            }
        });
        view! {
            <p class="status-line" data-state="review">{t!(l, "schedule.status", version = version, time = format::date_time(l, at))}</p>
            <p>{t!(l, "schedule.fixed")}</p>
            {cancel}
        }
        .into_any()
    }

    fn new_chapter(&self, l: Locale, base: &str) -> AnyView {
        let field =
            form::Field::new(l, &self.errors, "chapter_title", t!(l, "desk.chapter_title"), &self.chapter_title)
                .required()
                .help(t!(l, "desk.chapter_help"));
        view! {
            <form class="form panel" method="post" action=format!("{base}/chapters")>
                <h3 class="panel__title">{t!(l, "desk.add_chapter")}</h3>
                {form::input(l, &field, form::Input { autocomplete: "off", ..form::Input::default() })}
                <div class="form__actions"><button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "desk.add_chapter_do")}</button></div>
            </form>
        }
        .into_any()
    }
}

fn obstacles(l: Locale, o: &Obstacles) -> AnyView {
    let rows = |key: std::borrow::Cow<'static, str>, names: &[String]| {
        (!names.is_empty()).then(|| view! { <li>{key}{names.join(", ")}</li> })
    };
    view! {
        <p>{t!(l, "desk.obstacles")}</p>
        <ul>
            {(o.unlinked > 0).then(|| view! { <li>{t!(l, "desk.unlinked", n = o.unlinked)}</li> })}
            {rows(t!(l, "desk.unanswered"), &o.unanswered)}
            {rows(t!(l, "desk.unmarked"), &o.unmarked)}
            {rows(t!(l, "desk.empty"), &o.empty)}
        </ul>
    }
    .into_any()
}

fn source(l: Locale, base: &str, s: SourceItem, edit: bool) -> AnyView {
    let open = s.rows.is_empty();
    let state = if open { "open" } else { "linked" };
    let place = if open {
        view! { <span class="badge" data-tone="draft">{t!(l, "desk.no_row")}</span> }.into_any()
    } else {
        view! { <span class="badge" data-tone="info">{format!("No.{}", s.rows.join("・"))}</span> }.into_any()
    };
    let make = (edit && open).then(|| {
        view! { <div class="button-row"><a class="button" data-variant="outline" data-size="sm" href=format!("{base}/rows/new?item={}", s.id)>{t!(l, "desk.make_row")}<span class="visually-hidden">{s.receipt.clone()}</span></a></div> }
    });
    view! {
        <li>
            <article class="source-item" data-state=state>
                <p class="source-item__meta"><span class="mono">{s.receipt.clone()}</span><span>{wording::channel(l, s.channel)}</span>{place}</p>
                {s.title.map(|title| view! { <p><strong>{title}</strong></p> })}
                <p class="source-item__text">{s.text}</p>
                {make}
            </article>
        </li>
    }
    .into_any()
}

fn chapter(l: Locale, base: &str, index: usize, count: usize, c: DeskChapter, edit: bool) -> AnyView {
    let rows = c.rows.len();
    let items = c.rows.into_iter().enumerate().map(|(i, r)| row(l, base, i, rows, r, edit)).collect_view();
    let path = format!("{base}/chapters/{}", c.id);
    let tools = edit.then(|| {
        let id = format!("chapter-title-{}", c.id);
        view! {
            <details class="disclosure">
                <summary>{t!(l, "desk.chapter_tools")}</summary>
                <form class="form" method="post" action=path.clone()>
                    <div class="field">
                        <label class="field__label" for=id.clone()>{t!(l, "desk.chapter_title")}</label>
                        <input class="input" id=id name="title" value=c.title.clone() />
                    </div>
                    <div class="button-row">
                        <button class="button" data-variant="outline" data-size="sm" type="submit" name="act" value="rename">{t!(l, "desk.rename")}</button>
                        {(index > 0).then(|| view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="act" value="up">{t!(l, "desk.up")}</button> })}
                        {(index + 1 < count).then(|| view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="act" value="down">{t!(l, "desk.down")}</button> })}
                        {(rows == 0).then(|| view! { <button class="button" data-variant="danger" data-size="sm" type="submit" name="act" value="delete">{t!(l, "desk.delete_chapter")}</button> })}
                    </div>
                </form>
            </details>
        }
    });
    let add = edit.then(|| {
        view! { <p><a class="button" data-variant="outline" data-size="md" href=format!("{base}/rows/new?chapter={}", c.id)>{t!(l, "desk.add_row")}<span class="visually-hidden">{c.title.clone()}</span></a></p> }
    });
    view! {
        <section class="desk-chapter">
            <h3 class="desk-chapter__title">{format!("{}. {}", index + 1, c.title)}</h3>
            {tools}
            {items}
            {add}
        </section>
    }
    .into_any()
}

fn row(l: Locale, base: &str, index: usize, count: usize, r: DeskRow, edit: bool) -> AnyView {
    let answer = if r.answer.is_empty() {
        view! { <span class="muted">{t!(l, "desk.no_answer")}</span> }.into_any()
    } else {
        plain_lines(&r.answer)
    };
    let path = format!("{base}/rows/{}", r.id);
    let tools = edit.then(|| row_tools(l, &path, &r.name, index, count));
    view! {
        <article class="desk-row" id=format!("desk-{}", r.id)>
            <div class="desk-row__head">
                <span class="desk-row__no">{format!("No.{}", r.name)}</span>
                {r.disposition.map(|(code, text)| view! { <span class="disposition" data-code=code>{text}</span> })}
                {(!r.shared_with.is_empty()).then(|| view! { <span class="badge" data-tone="info">{t!(l, "desk.shared_with", rows = r.shared_with.join(", "))}</span> })}
            </div>
            <p class="desk-row__summary">{r.text}</p>
            <ul class="desk-row__links" aria-label=t!(l, "desk.gathers")>{r.receipts.into_iter().map(|n| view! { <li class="mono">{n}</li> }).collect_view()}</ul>
            <div class="desk-row__answer">{answer}</div>
            {tools}
        </article>
    }
    .into_any()
}

fn row_tools(l: Locale, path: &str, name: &str, index: usize, count: usize) -> AnyView {
    let hidden = format!(" No.{name}");
    let mark = |h: &str| view! { <span class="visually-hidden">{h.to_owned()}</span> };
    view! {
        <div class="desk-row__actions">
            <a class="button" data-variant="outline" data-size="sm" href=path.to_owned()>{t!(l, "desk.edit_row")}{mark(&hidden)}</a>
            <form class="cluster" method="post" action=format!("{path}/move")>
                {(index > 0).then(|| view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="direction" value="up">{t!(l, "desk.up")}{mark(&hidden)}</button> })}
                {(index + 1 < count).then(|| view! { <button class="button" data-variant="text" data-size="sm" type="submit" name="direction" value="down">{t!(l, "desk.down")}{mark(&hidden)}</button> })}
            </form>
            <details class="disclosure">
                <summary>{t!(l, "desk.delete_row")}{mark(&hidden)}</summary>
                <form method="post" action=format!("{path}/delete")>
                    <p>{t!(l, "desk.delete_row_ask")}</p>
                    <button class="button" data-variant="danger" data-size="sm" type="submit">{t!(l, "desk.delete_row_do")}{mark(&hidden)}</button>
                </form>
            </details>
        </div>
    }
    .into_any()
}

/// What is saved now, when somebody else was first.
#[derive(Clone, Debug)]
pub struct Newer {
    /// The saved summary.
    pub text: String,
    /// The saved answer.
    pub answer: String,
    /// When it was saved.
    pub at: Millis,
}

/// What was typed into a row's form.
#[derive(Clone, Debug, Default)]
pub struct RowValues {
    /// The chapter's id.
    pub chapter: String,
    /// 要旨.
    pub text: String,
    /// Chosen items.
    pub items: Vec<i64>,
    /// The answer's id, or empty for one of its own.
    pub ward_view: String,
    /// 区の考え方.
    pub answer: String,
    /// 対応区分.
    pub disposition: String,
    /// Versions the page shows: of the row and of the answer.
    pub versions: (i64, i64),
}

/// One row: `…/responses/rows/new` and `…/responses/rows/{row}`
#[derive(Debug)]
pub struct RowForm {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// The row; `None` for a new one.
    pub row: Option<i64>,
    /// Chapters to choose from.
    pub chapters: Vec<(i64, String)>,
    /// Opinions: those of this row and those of no row first.
    pub sources: Vec<SourceItem>,
    /// Answers that exist: id and how they start.
    pub answers: Vec<(i64, String)>,
    /// 対応区分 of the theme: code and label.
    pub dispositions: Vec<(String, String)>,
    /// What was typed.
    pub values: RowValues,
    /// What is wrong.
    pub errors: FieldErrors,
    /// Somebody else saved first.
    pub newer: Option<Newer>,
}

impl Page for RowForm {
    fn head(&self, cx: &PageContext) -> Head {
        let title =
            if self.row.is_some() { t!(cx.locale, "desk.row_title") } else { t!(cx.locale, "desk.row_new_title") };
        Head { title: title.into_owned(), private: true, width: Width::Wide, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/responses", self.id);
        let (title, action) = match self.row {
            Some(row) => (t!(l, "desk.row_title"), format!("{base}/rows/{row}")),
            None => (t!(l, "desk.row_new_title"), format!("{base}/rows/new")),
        };
        let labels = [
            ("chapter", t!(l, "desk.chapter").into_owned()),
            ("text", t!(l, "desk.text").into_owned()),
            ("items", t!(l, "desk.items").into_owned()),
            ("ward_view", t!(l, "desk.ward_view").into_owned()),
            ("answer", t!(l, "desk.answer").into_owned()),
            ("disposition", t!(l, "desk.disposition").into_owned()),
        ];
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            {form::error_summary(l, &self.errors, &labels)}
            <h1 class="page__title">{title}</h1>
            <p><a href=base>{t!(l, "desk.back")}</a></p>
            {self.newer.as_ref().map(|n| newer(l, n, &self.values))}
            <form class="form" method="post" action=action novalidate>
                <input type="hidden" name="row_version" value=self.values.versions.0.to_string() />
                <input type="hidden" name="answer_version" value=self.values.versions.1.to_string() />
                <div class="desk">
                    {self.originals(l)}
                    <div class="desk__table">{self.fields(l)}</div>
                </div>
                <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{t!(l, "desk.save")}</button></div>
            </form>
        };
        super::frame(cx, super::StaffTab::Consultations, body.into_any())
    }
}

impl RowForm {
    /// The opinions as they were sent, to be gathered and read while writing.
    fn originals(&self, l: Locale) -> AnyView {
        let items = self
            .sources
            .iter()
            .enumerate()
            .map(|(i, s)| {
                let checked = self.values.items.contains(&s.id);
                let id = if i == 0 { "f-items".to_owned() } else { format!("f-items-{i}") };
                let elsewhere = (!checked && !s.rows.is_empty()).then(|| view! { <span class="badge" data-tone="info">{format!("No.{}", s.rows.join("・"))}</span> });
                view! {
                    <li>
                        <div class="source-item" data-state=if checked { "linked" } else { "open" }>
                            <label class="choice">
                                <input type="checkbox" id=id name="items" value=s.id.to_string() checked=checked />
                                <span class="choice__label"><span class="mono">{s.receipt.clone()}</span>" "{s.title.clone()}</span>
                            </label>
                            {elsewhere}
                            <p class="source-item__text">{s.text.clone()}</p>
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="desk__source" tabindex="0" role="region" aria-labelledby="row-sources">
                <h2 class="desk__title" id="row-sources">{t!(l, "desk.items")}</h2>
                <p class="muted">{t!(l, "desk.items_help")}</p>
                <ul class="desk__list">{items}</ul>
            </section>
        }
        .into_any()
    }

    fn fields(&self, l: Locale) -> AnyView {
        let v = &self.values;
        let e = &self.errors;
        let chapter = form::Field::new(l, e, "chapter", t!(l, "desk.chapter"), &v.chapter).required();
        let text = form::Field::new(l, e, "text", t!(l, "desk.text"), &v.text).required().help(t!(l, "desk.text_help"));
        let view = form::Field::new(l, e, "ward_view", t!(l, "desk.ward_view"), &v.ward_view)
            .help(t!(l, "desk.ward_view_help"));
        let answer = form::Field::new(l, e, "answer", t!(l, "desk.answer"), &v.answer).help(t!(l, "desk.answer_help"));
        let mark = form::Field::new(l, e, "disposition", t!(l, "desk.disposition"), &v.disposition);
        let chapters = self.chapters.iter().map(|(id, title)| (id.to_string(), title.clone())).collect();
        let own = std::iter::once((String::new(), t!(l, "desk.own_answer").into_owned()));
        let views = own.chain(self.answers.iter().map(|(id, start)| (id.to_string(), start.clone()))).collect();
        let none = std::iter::once((String::new(), t!(l, "desk.no_disposition").into_owned()));
        let marks: Vec<(String, String)> = none.chain(self.dispositions.iter().cloned()).collect();
        view! {
            {form::select(l, &chapter, chapters)}
            {form::text_area(l, &text, 6)}
            {form::select(l, &view, views)}
            {form::text_area(l, &answer, 10)}
            {(marks.len() > 1).then(|| form::select(l, &mark, marks))}
        }
        .into_any()
    }
}

/// Both texts side by side: the later one decides, and nothing is lost.
fn newer(l: Locale, newer: &Newer, mine: &RowValues) -> AnyView {
    let pair = |title: String, saved: &str, mine: &str| {
        (saved != mine).then(|| {
            view! {
                <h3>{title}</h3>
                <div class="diff">
                    <div class="diff__side"><h4>{t!(l, "desk.saved_text", time = format::date_time(l, newer.at))}</h4>{plain_lines(saved)}</div>
                    <div class="diff__side"><h4>{t!(l, "desk.my_text")}</h4>{plain_lines(mine)}</div>
                </div>
            }
        })
    };
    view! {
        <div class="error-summary" role="alert" tabindex="-1">
            <h2>{t!(l, "desk.stale")}</h2>
            <p>{t!(l, "desk.stale_text")}</p>
        </div>
        <section class="panel">
            {pair(t!(l, "desk.text").into_owned(), &newer.text, &mine.text)}
            {pair(t!(l, "desk.answer").into_owned(), &newer.answer, &mine.answer)}
        </section>
    }
    .into_any()
}

/// How an existing answer is named in the list to choose from.
#[must_use]
pub fn answer_name(l: Locale, rows: &[String], text: &str) -> String {
    let start = domain::text::excerpt(&text.replace('\n', " "), 30);
    t!(l, "desk.answer_of", rows = rows.join(", "), start = start).into_owned()
}
