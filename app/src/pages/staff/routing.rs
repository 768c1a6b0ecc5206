//! Giving rows to departments, asking other departments, and the board of each.

use chrono::NaiveDate;
use domain::{FieldErrors, Locale, Millis};
use leptos::prelude::*;

use super::{DeskTab, StaffTab, desk_tabs, filter_select, frame, head, scroll};
use crate::{
    components::{badge, empty, form, notice, pager, plain_lines, time},
    format,
    shell::{Head, Page, PageContext},
};

/// A row on a board.
#[derive(Clone, Debug)]
pub struct BoardItem {
    /// The row's id.
    pub row: i64,
    /// The theme's id.
    pub theme_id: i64,
    /// The theme's title.
    pub theme: String,
    /// 要旨, shortened.
    pub text: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Whether that day is over and the answer isn't settled.
    pub late: bool,
    /// `''`, `draft` or `settled`.
    pub state: String,
}

/// A question on a board.
#[derive(Clone, Debug)]
pub struct AskedItem {
    /// The row's id.
    pub row: i64,
    /// The theme's id.
    pub theme_id: i64,
    /// The theme's title.
    pub theme: String,
    /// What is asked.
    pub question: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Whether that day is over.
    pub late: bool,
}

/// `/staff/board`
#[derive(Debug)]
pub struct BoardPage {
    /// The department shown.
    pub department: Option<(i64, String)>,
    /// Departments to choose from; empty for those who see their own.
    pub departments: Vec<(i64, String)>,
    /// Unanswered, overdue and answered rows, and open questions.
    pub counts: (i64, i64, i64, i64),
    /// Whether answered rows are listed.
    pub settled: bool,
    /// The rows.
    pub rows: Vec<BoardItem>,
    /// The questions.
    pub asked: Vec<AskedItem>,
    /// The next page.
    pub next: Option<String>,
}

impl Page for BoardPage {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        head(match &self.department {
            Some((_, name)) => t!(l, "routing.board_of", department = name).into_owned(),
            None => t!(l, "routing.board").into_owned(),
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let title = match &self.department {
            Some((_, name)) => t!(l, "routing.board_of", department = name),
            None => t!(l, "routing.board"),
        };
        let chosen = self.department.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        let choice = (!self.departments.is_empty()).then(|| {
            let options = self.departments.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
            view! {
                <form class="filters" method="get" action="/staff/board">
                    {filter_select("department", t!(l, "routing.department").into_owned(), None, &chosen, options)}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "routing.show")}</button>
                </form>
            }
        });
        let content = if self.department.is_some() {
            self.content(l, &chosen)
        } else {
            view! { <p>{t!(l, "routing.no_department")}</p> }.into_any()
        };
        let body = view! {
            <h1 class="page__title">{title}</h1>
            {choice}
            {content}
        };
        frame(cx, StaffTab::Board, body.into_any())
    }
}

impl BoardPage {
    fn content(&self, l: Locale, department: &str) -> AnyView {
        let (unanswered, overdue, settled, asked) = self.counts;
        let figure = |label: std::borrow::Cow<'static, str>, n: i64, tone: &'static str| {
            view! { <div class="board-figure" data-tone=tone><dt>{label}</dt><dd>{n}</dd></div> }
        };
        let alarm = |n: i64| if n > 0 { "alarm" } else { "calm" };
        let own = if self.departments.is_empty() { String::new() } else { format!("department={department}") };
        let (toggle, label) = if self.settled {
            (format!("/staff/board?{own}"), t!(l, "routing.show_unanswered"))
        } else {
            (format!("/staff/board?show=settled&{own}"), t!(l, "routing.show_settled"))
        };
        let list = if self.rows.is_empty() {
            let text = if self.settled { t!(l, "routing.settled_none") } else { t!(l, "routing.unanswered_none") };
            empty(text.into_owned(), None)
        } else {
            let items = self.rows.iter().map(|r| board_row(l, r)).collect_view();
            view! { <ul class="board">{items}</ul> }.into_any()
        };
        view! {
            <p class="page__lead">{t!(l, "routing.board_lead")}</p>
            <dl class="board-figures">
                {figure(t!(l, "routing.unanswered"), unanswered, "calm")}
                {figure(t!(l, "routing.overdue"), overdue, alarm(overdue))}
                {figure(t!(l, "routing.asked"), asked, "calm")}
                {figure(t!(l, "routing.settled"), settled, "calm")}
            </dl>
            {asked_list(l, &self.asked)}
            <h2>{if self.settled { t!(l, "routing.settled") } else { t!(l, "routing.unanswered") }}</h2>
            <p><a href=toggle>{label}</a></p>
            {list}
            {pager(l, None, self.next.clone())}
        }
        .into_any()
    }
}

fn due(l: Locale, day: Option<NaiveDate>, late: bool) -> AnyView {
    let text = day.map_or_else(
        || t!(l, "routing.no_due").into_owned(),
        |day| t!(l, "routing.due_day", day = format::day(l, day)).into_owned(),
    );
    view! { <span>{text}</span>{late.then(|| badge("hidden", t!(l, "routing.late").into_owned()))} }.into_any()
}

fn state_badge(l: Locale, state: &str) -> AnyView {
    match state {
        "settled" => badge("open", t!(l, "routing.state_settled").into_owned()),
        "draft" => badge("review", t!(l, "routing.state_draft").into_owned()),
        _ => badge("draft", t!(l, "routing.state_none").into_owned()),
    }
}

fn board_row(l: Locale, r: &BoardItem) -> AnyView {
    let base = format!("/staff/consultations/{}/responses/rows/{}", r.theme_id, r.row);
    let hidden = format!(" {}", r.text);
    view! {
        <li class="board__item">
            <p class="cluster">{state_badge(l, &r.state)}{due(l, r.due_on, r.late)}</p>
            <p class="muted">{r.theme.clone()}</p>
            <p class="board__text">{r.text.clone()}</p>
            <p class="button-row">
                <a class="button" data-variant="outline" data-size="sm" href=base.clone()>{t!(l, "routing.answer_it")}<span class="visually-hidden">{hidden.clone()}</span></a>
                <a class="button" data-variant="text" data-size="sm" href=format!("{base}/routing")>{t!(l, "routing.story_it")}<span class="visually-hidden">{hidden}</span></a>
            </p>
        </li>
    }
    .into_any()
}

fn asked_list(l: Locale, asked: &[AskedItem]) -> Option<AnyView> {
    (!asked.is_empty()).then(|| {
        let items = asked
            .iter()
            .map(|a| {
                let href = format!("/staff/consultations/{}/responses/rows/{}/routing", a.theme_id, a.row);
                view! {
                    <li class="board__item">
                        <p class="cluster">{due(l, a.due_on, a.late)}</p>
                        <p class="muted">{a.theme.clone()}</p>
                        <p class="board__text">{plain_lines(&a.question)}</p>
                        <p><a class="button" data-variant="outline" data-size="sm" href=href>{t!(l, "routing.reply_it")}<span class="visually-hidden">{format!(" {}", a.theme)}</span></a></p>
                    </li>
                }
            })
            .collect_view();
        view! { <h2>{t!(l, "routing.asked")}</h2><ul class="board">{items}</ul> }.into_any()
    })
}

/// How far a department has come.
#[derive(Clone, Debug)]
pub struct DepartmentProgress {
    /// The department.
    pub name: String,
    /// Its rows.
    pub rows: i64,
    /// Rows without a settled answer.
    pub unanswered: i64,
    /// Of these, rows whose day is over.
    pub overdue: i64,
    /// The earliest day of an unanswered row.
    pub next_due: Option<NaiveDate>,
}

/// What was typed to give rows.
#[derive(Clone, Debug, Default)]
pub struct TypedGiving {
    /// Names of rows.
    pub rows: String,
    /// The department's id.
    pub department: String,
    /// Until when.
    pub due_on: String,
    /// A note.
    pub note: String,
}

/// `/staff/consultations/{id}/routing`
#[derive(Debug)]
pub struct RoutingPage {
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub theme: String,
    /// By department.
    pub progress: Vec<DepartmentProgress>,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
    /// Whether this person may give rows.
    pub may_edit: bool,
    /// What was typed.
    pub typed: TypedGiving,
    /// What is wrong.
    pub errors: FieldErrors,
    /// How many rows were just given.
    pub given: Option<usize>,
}

impl Page for RoutingPage {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = t!(l, "routing.title_of", theme = self.theme);
        head(if self.errors.is_empty() {
            title.into_owned()
        } else {
            t!(l, "form.error_title", title = title).into_owned()
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels = ["rows", "department", "due_on", "note"].map(|name| (name, label(l, name)));
        let given = self.given.map(|n| notice("success", t!(l, "routing.given", n = n).into_owned(), ().into_any()));
        let rows = self
            .progress
            .iter()
            .map(|p| {
                let tone = if p.overdue > 0 { "alarm" } else { "calm" };
                view! {
                    <tr>
                        <th scope="row">{p.name.clone()}</th>
                        <td class="numeric">{p.rows}</td>
                        <td class="numeric"><strong>{p.unanswered}</strong></td>
                        <td class="numeric" data-tone=tone>{p.overdue}</td>
                        <td>{p.next_due.map(|day| format::day(l, day))}</td>
                    </tr>
                }
            })
            .collect_view();
        let table = view! {
            <table class="table">
                <thead><tr>
                    <th scope="col">{t!(l, "routing.department")}</th>
                    <th scope="col">{t!(l, "routing.rows")}</th>
                    <th scope="col">{t!(l, "routing.unanswered")}</th>
                    <th scope="col">{t!(l, "routing.overdue")}</th>
                    <th scope="col">{t!(l, "routing.next_due")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        };
        let form = self.may_edit.then(|| self.form(l));
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "routing.title")}</h1>
            {desk_tabs(cx, self.id, DeskTab::Routing)}
            {form::error_summary(l, &self.errors, &labels)}
            {given}
            <p class="page__lead">{t!(l, "routing.lead")}</p>
            <h2>{t!(l, "routing.progress")}</h2>
            {scroll(t!(l, "routing.progress").into_owned(), table.into_any())}
            {form}
        };
        frame(cx, StaffTab::Consultations, body.into_any())
    }
}

fn label(l: Locale, name: &str) -> String {
    match name {
        "rows" => t!(l, "routing.give_rows"),
        "department" => t!(l, "routing.give_department"),
        "due_on" => t!(l, "routing.give_due"),
        "asked_department" => t!(l, "routing.ask_department"),
        "asked_due_on" => t!(l, "routing.ask_due"),
        "question" => t!(l, "routing.question"),
        "reply" => t!(l, "routing.reply"),
        "transfer_note" => t!(l, "routing.transfer_note"),
        _ => t!(l, "routing.give_note"),
    }
    .into_owned()
}

fn choices(l: Locale, departments: &[(i64, String)]) -> Vec<(String, String)> {
    std::iter::once((String::new(), t!(l, "routing.choose").into_owned()))
        .chain(departments.iter().map(|(id, name)| (id.to_string(), name.clone())))
        .collect()
}

impl RoutingPage {
    fn form(&self, l: Locale) -> AnyView {
        let field = |name: &'static str, value: &str| form::Field::new(l, &self.errors, name, label(l, name), value);
        let plain = form::Input { autocomplete: "off", ..form::Input::default() };
        let rows = field("rows", &self.typed.rows).required().help(t!(l, "routing.give_rows_help"));
        let department = field("department", &self.typed.department).required();
        let due = field("due_on", &self.typed.due_on).help(t!(l, "routing.give_due_help"));
        let note = field("note", &self.typed.note);
        view! {
            <section class="panel">
                <h2>{t!(l, "routing.give")}</h2>
                <form class="form" method="post" action=format!("/staff/consultations/{}/routing", self.id) novalidate>
                    {form::input(l, &rows, plain)}
                    {form::select(l, &department, choices(l, &self.departments))}
                    {form::input(l, &due, plain)}
                    {form::text_area(l, &note, 3)}
                    <div class="form__actions"><button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "routing.give_do")}</button></div>
                </form>
            </section>
        }
        .into_any()
    }
}

/// One change of the department in charge.
#[derive(Clone, Debug)]
pub struct Moved {
    /// From which department.
    pub from: String,
    /// To which.
    pub to: String,
    /// Who gave it, and when.
    pub by: (String, Millis),
    /// What was said.
    pub note: String,
}

/// A question to another department.
#[derive(Clone, Debug)]
pub struct ReferralView {
    /// Its id.
    pub id: i64,
    /// The department asked.
    pub department: String,
    /// Who asked, and when.
    pub by: (String, Millis),
    /// The question.
    pub question: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// The reply, by whom and when.
    pub reply: Option<(String, String, Millis)>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Whether this person may reply.
    pub may_reply: bool,
}

/// What was typed on the page of a row's departments.
#[derive(Clone, Debug, Default)]
pub struct TypedStory {
    /// Transfer: department, day, note.
    pub transfer: (String, String, String),
    /// Question: department, day, text.
    pub ask: (String, String, String),
    /// Which question is replied to, and the reply.
    pub reply: (Option<i64>, String),
}

/// `/staff/consultations/{id}/responses/rows/{row}/routing`
#[derive(Debug)]
pub struct StoryPage {
    /// The theme's id.
    pub id: i64,
    /// The row's id.
    pub row: i64,
    /// How it is called.
    pub name: String,
    /// The theme's title.
    pub theme: String,
    /// 要旨.
    pub text: String,
    /// The department in charge and until when.
    pub now: (String, Option<NaiveDate>),
    /// So far.
    pub history: Vec<Moved>,
    /// Questions.
    pub referrals: Vec<ReferralView>,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
    /// Whether this person may give it on and ask.
    pub may_route: bool,
    /// What was typed.
    pub typed: TypedStory,
    /// What is wrong.
    pub errors: FieldErrors,
    /// What was just done.
    pub done: Option<&'static str>,
}

impl Page for StoryPage {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = t!(l, "routing.row_title_of", name = self.name);
        head(if self.errors.is_empty() {
            title.into_owned()
        } else {
            t!(l, "form.error_title", title = title).into_owned()
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("/staff/consultations/{}/responses/rows/{}", self.id, self.row);
        let names = ["department", "due_on", "transfer_note", "asked_department", "asked_due_on", "question", "reply"];
        let labels = names.map(|name| (name, label(l, name)));
        let done = self.done.map(|key| {
            let title = match key {
                "transferred" => t!(l, "routing.transferred"),
                "asked" => t!(l, "routing.ask_done"),
                "replied" => t!(l, "routing.replied"),
                _ => t!(l, "routing.withdrawn_done"),
            };
            notice("success", title.into_owned(), ().into_any())
        });
        let body = view! {
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "routing.row_title_of", name = self.name)}</h1>
            {form::error_summary(l, &self.errors, &labels)}
            {done}
            <p class="page__lead">{t!(l, "routing.row_lead")}</p>
            <p><a href=base.clone()>{t!(l, "routing.back")}</a></p>
            <blockquote class="board__text">{plain_lines(&self.text)}</blockquote>
            <p><strong>{t!(l, "routing.now")}</strong>" "{self.now.0.clone()}" "{due(l, self.now.1, false)}</p>
            {self.referral_list(l, &base)}
            {self.may_route.then(|| self.ask(l, &base))}
            {self.may_route.then(|| self.transfer(l, &base))}
            {self.story(l)}
        };
        frame(cx, StaffTab::Board, body.into_any())
    }
}

impl StoryPage {
    fn field(&self, l: Locale, name: &'static str, value: &str) -> form::Field {
        form::Field::new(l, &self.errors, name, label(l, name), value)
    }

    fn referral_list(&self, l: Locale, base: &str) -> AnyView {
        let list = if self.referrals.is_empty() {
            view! { <p class="muted">{t!(l, "routing.referrals_none")}</p> }.into_any()
        } else {
            let items = self.referrals.iter().map(|r| self.referral(l, base, r)).collect_view();
            view! { <ul class="board">{items}</ul> }.into_any()
        };
        view! { <section class="panel"><h2>{t!(l, "routing.referrals")}</h2>{list}</section> }.into_any()
    }

    fn referral(&self, l: Locale, base: &str, r: &ReferralView) -> AnyView {
        let open = r.reply.is_none() && !r.withdrawn;
        let state = match &r.reply {
            Some((text, name, at)) => view! {
                <p class="muted">{name.clone()}" "{time(l, *at)}</p>
                <p><strong>{t!(l, "routing.reply")}</strong></p>
                <p>{plain_lines(text)}</p>
            }
            .into_any(),
            None if r.withdrawn => view! { <p class="muted">{t!(l, "routing.withdrawn")}</p> }.into_any(),
            None => {
                view! { <p>{badge("review", t!(l, "routing.waiting").into_owned())}" "{due(l, r.due_on, false)}</p> }
                    .into_any()
            }
        };
        let reply = (open && r.may_reply).then(|| {
            let mine = self.typed.reply.0 == Some(r.id);
            let none = FieldErrors::new();
            let value = if mine { self.typed.reply.1.as_str() } else { "" };
            let errors = if mine { &self.errors } else { &none };
            let field = form::Field::new(l, errors, "reply", label(l, "reply"), value).required();
            view! {
                <form class="form" method="post" action=format!("{base}/referrals/{}/reply", r.id) novalidate>
                    {form::text_area(l, &field, 4)}
                    <div class="form__actions"><button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "routing.reply_do")}</button></div>
                </form>
            }
        });
        let withdraw = (open && self.may_route).then(|| {
            view! {
                <form method="post" action=format!("{base}/referrals/{}/withdraw", r.id)>
                    <button class="button" data-variant="text" data-size="sm" type="submit">{t!(l, "routing.withdraw")}</button>
                </form>
            }
        });
        view! {
            <li class="board__item">
                <h3>{t!(l, "routing.asked_of", department = r.department)}</h3>
                <p class="muted">{r.by.0.clone()}" "{time(l, r.by.1)}</p>
                <p>{plain_lines(&r.question)}</p>
                {state}
                {reply}
                {withdraw}
            </li>
        }
        .into_any()
    }

    fn ask(&self, l: Locale, base: &str) -> AnyView {
        let (department, day, question) = &self.typed.ask;
        let department = self.field(l, "asked_department", department).required();
        let question = self.field(l, "question", question).required();
        let day = self.field(l, "asked_due_on", day).help(t!(l, "routing.give_due_help"));
        view! {
            <section class="panel">
                <h2>{t!(l, "routing.ask")}</h2>
                <form class="form" method="post" action=format!("{base}/referrals") novalidate>
                    {form::select(l, &department, choices(l, &self.departments))}
                    {form::text_area(l, &question, 4)}
                    {form::input(l, &day, form::Input { autocomplete: "off", ..form::Input::default() })}
                    <div class="form__actions"><button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "routing.ask_do")}</button></div>
                </form>
            </section>
        }
        .into_any()
    }

    fn transfer(&self, l: Locale, base: &str) -> AnyView {
        let (department, day, note) = &self.typed.transfer;
        let department = self.field(l, "department", department).required();
        let day = self.field(l, "due_on", day).help(t!(l, "routing.give_due_help"));
        let note = self.field(l, "transfer_note", note).required();
        view! {
            <section class="panel">
                <h2>{t!(l, "routing.transfer")}</h2>
                <form class="form" method="post" action=format!("{base}/route") novalidate>
                    {form::select(l, &department, choices(l, &self.departments))}
                    {form::input(l, &day, form::Input { autocomplete: "off", ..form::Input::default() })}
                    {form::text_area(l, &note, 3)}
                    <div class="form__actions"><button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "routing.transfer_do")}</button></div>
                </form>
            </section>
        }
        .into_any()
    }

    fn story(&self, l: Locale) -> AnyView {
        let items = self
            .history
            .iter()
            .map(|m| {
                view! {
                    <li>
                        <p><strong>{t!(l, "routing.history_item", from = m.from, to = m.to)}</strong></p>
                        <p class="muted">{m.by.0.clone()}" "{time(l, m.by.1)}</p>
                        {(!m.note.is_empty()).then(|| view! { <p>{plain_lines(&m.note)}</p> })}
                    </li>
                }
            })
            .collect_view();
        let list = if self.history.is_empty() {
            view! { <p class="muted">{t!(l, "routing.history_none")}</p> }.into_any()
        } else {
            view! { <ol class="board">{items}</ol> }.into_any()
        };
        view! { <section class="panel"><h2>{t!(l, "routing.history")}</h2>{list}</section> }.into_any()
    }
}
