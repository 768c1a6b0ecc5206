//! `/staff`: what is going on in the department, and what needs doing.

use domain::{Locale, consultation::Period};
use leptos::prelude::*;

use super::{
    StaffTab,
    consultations::{ThemeRow, theme_table},
    frame, head,
};
use crate::{
    components::empty,
    format,
    shell::{Head, Page, PageContext},
};

/// Why a theme needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TodoKind {
    /// The period is over and no result is out.
    Answer,
    /// The period has begun, but the theme is still a draft.
    Publish,
}

/// Something to do.
#[derive(Clone, Debug)]
pub struct Todo {
    /// Why.
    pub kind: TodoKind,
    /// The theme's id.
    pub id: i64,
    /// The theme's title.
    pub title: String,
    /// When it takes opinions.
    pub period: Period,
}

/// A number that is counted up to a limit.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// The number, or the limit.
    pub n: usize,
    /// Whether there are more than `n`.
    pub more: bool,
}

/// `/staff`
#[derive(Debug)]
pub struct Dashboard {
    /// Whose themes these are; `None` for those who see all of them.
    pub department: Option<String>,
    /// Themes that take opinions now.
    pub open: usize,
    /// Themes whose opinions are being considered.
    pub review: usize,
    /// Posts of the last seven days.
    pub recent: Counted,
    /// Posts that are hidden.
    pub hidden: u64,
    /// What needs doing.
    pub todo: Vec<Todo>,
    /// The themes, the latest first.
    pub themes: Vec<ThemeRow>,
    /// Whether this person may make themes.
    pub may_create: bool,
}

impl Page for Dashboard {
    fn head(&self, cx: &PageContext) -> Head {
        head(t!(cx.locale, "staff.dashboard").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let scope = match &self.department {
            Some(name) => t!(l, "staff.dashboard_of", department = name),
            None => t!(l, "staff.dashboard_all"),
        };
        let recent = if self.recent.more {
            t!(l, "staff.count_more", n = self.recent.n)
        } else {
            t!(l, "consultation.count", n = self.recent.n)
        };
        let themes = if self.themes.is_empty() {
            empty(t!(l, "staff.no_themes").into_owned(), None)
        } else {
            theme_table(l, t!(l, "staff.themes").into_owned(), self.themes)
        };
        let body = view! {
            <h1 class="page__title">{t!(l, "staff.dashboard")}</h1>
            <p class="page__lead">{scope}</p>
            <dl class="stat-row">
                <div class="stat"><dt>{t!(l, "staff.stat_open")}</dt><dd>{t!(l, "consultation.count", n = self.open)}</dd></div>
                <div class="stat"><dt>{t!(l, "staff.stat_review")}</dt><dd>{t!(l, "consultation.count", n = self.review)}</dd></div>
                <div class="stat"><dt>{t!(l, "staff.stat_recent")}</dt><dd>{recent}</dd></div>
                <div class="stat"><dt>{t!(l, "staff.stat_hidden")}</dt><dd>{t!(l, "consultation.count", n = self.hidden)}</dd></div>
            </dl>
            <p class="button-row">
                {self.may_create.then(|| view! { <a class="button" data-variant="solid" data-size="md" href="/staff/consultations/new">{t!(l, "staff.new_theme")}</a> })}
                <a class="button" data-variant="outline" data-size="md" href="/staff/moderation">{t!(l, "staff.see_posts")}</a>
                <a class="button" data-variant="outline" data-size="md" href="/staff/moderation?state=hidden">{t!(l, "staff.see_hidden")}</a>
            </p>
            {todo(l, self.todo)}
            <section>
                <h2 class="section__title">{t!(l, "staff.themes")}</h2>
                {themes}
            </section>
        };
        frame(cx, StaffTab::Dashboard, body.into_any())
    }
}

fn todo(l: Locale, todo: Vec<Todo>) -> AnyView {
    let list = if todo.is_empty() {
        view! { <p>{t!(l, "staff.todo_none")}</p> }.into_any()
    } else {
        let items = todo
            .into_iter()
            .map(|t| {
                let (text, href, action) = match t.kind {
                    TodoKind::Answer => (
                        t!(l, "staff.todo_answer", day = format::day(l, t.period.closes_on)),
                        format!("/staff/consultations/{}/responses", t.id),
                        t!(l, "staff.todo_answer_link"),
                    ),
                    TodoKind::Publish => (
                        t!(l, "staff.todo_publish", day = format::day(l, t.period.opens_on)),
                        format!("/staff/consultations/{}", t.id),
                        t!(l, "staff.todo_publish_link"),
                    ),
                };
                view! {
                    <li class="panel">
                        <h3>{t.title.clone()}</h3>
                        <p>{text}</p>
                        <p><a class="button" data-variant="outline" data-size="sm" href=href>{action}<span class="visually-hidden">{format!("（{}）", t.title)}</span></a></p>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="queue">{items}</ul> }.into_any()
    };
    view! {
        <section>
            <h2 class="section__title">{t!(l, "staff.todo")}</h2>
            {list}
        </section>
    }
    .into_any()
}
