//! Promises the ward gave in its answers (約束), for everybody.

use chrono::NaiveDate;
use domain::{Locale, Millis, commitment::CommitmentState};
use leptos::prelude::*;

use crate::{
    components::{badge, breadcrumb, plain_lines, theme_trail, time},
    format,
    shell::{Head, Page, PageContext},
    wording,
};

/// One report on a promise.
#[derive(Clone, Debug)]
pub struct ReportView {
    /// Where it stood then.
    pub state: CommitmentState,
    /// What was done.
    pub body: String,
    /// When it was reported.
    pub at: Millis,
}

/// A promise as it is shown.
#[derive(Clone, Debug)]
pub struct CommitmentView {
    /// Its id; the fragment is `commitment-{id}`.
    pub id: i64,
    /// What will be done.
    pub text: String,
    /// The department and section in charge.
    pub done_by: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: CommitmentState,
    /// Whether its day is over and it is still open.
    pub overdue: bool,
    /// The answer it was given in, as an address.
    pub answer_href: Option<String>,
    /// What became of it, the newest first.
    pub reports: Vec<ReportView>,
}

/// The tone of a state.
#[must_use]
pub const fn tone(state: CommitmentState) -> &'static str {
    match state {
        CommitmentState::Promised => "draft",
        CommitmentState::InProgress => "review",
        CommitmentState::Kept => "open",
        CommitmentState::Dropped => "closed",
    }
}

/// State, owner, day and reports of a promise.
#[must_use]
pub fn facts(l: Locale, c: &CommitmentView) -> AnyView {
    let reports = if c.reports.is_empty() {
        view! { <p class="muted">{t!(l, "commitment.no_report")}</p> }.into_any()
    } else {
        let items = c
            .reports
            .iter()
            .map(|r| {
                view! {
                    <li class="commitment__report">
                        <p class="cluster">{time(l, r.at)}{badge(tone(r.state), wording::commitment(l, r.state))}</p>
                        <p>{plain_lines(&r.body)}</p>
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="commitment__reports">{items}</ol> }.into_any()
    };
    view! {
        <p class="cluster">
            {badge(tone(c.state), wording::commitment(l, c.state))}
            {c.overdue.then(|| badge("hidden", t!(l, "commitment.overdue").into_owned()))}
        </p>
        <dl class="facts">
            <div><dt>{t!(l, "commitment.done_by")}</dt><dd>{c.done_by.clone()}</dd></div>
            {c.due_on.map(|day| view! { <div><dt>{t!(l, "commitment.due")}</dt><dd>{format::day(l, day)}</dd></div> })}
        </dl>
        <h3 class="commitment__heading">{t!(l, "commitment.reports")}</h3>
        {reports}
    }
    .into_any()
}

/// `/consultations/{slug}/commitments`
#[derive(Debug)]
pub struct CommitmentsPage {
    /// The theme's address.
    pub slug: String,
    /// The theme's title.
    pub theme: String,
    /// The promises.
    pub commitments: Vec<CommitmentView>,
}

impl Page for CommitmentsPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "commitment.title_of", theme = self.theme).into_owned(),
            description: Some(t!(cx.locale, "commitment.description", theme = self.theme).into_owned()),
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let items = self
            .commitments
            .iter()
            .map(|c| {
                let answer = c.answer_href.clone().map(|href| {
                    view! { <p><a href=href>{t!(l, "commitment.answer")}</a></p> }
                });
                view! {
                    <li>
                        <article class="commitment" id=format!("commitment-{}", c.id)>
                            <h2 class="commitment__text" lang="ja">{plain_lines(&c.text)}</h2>
                            {facts(l, c)}
                            {answer}
                        </article>
                    </li>
                }
            })
            .collect_view();
        view! {
            {breadcrumb(l, theme_trail(l, &self.slug, &self.theme), t!(l, "commitment.title").into_owned())}
            <p class="muted">{self.theme.clone()}</p>
            <h1 class="page__title">{t!(l, "commitment.title")}</h1>
            <p class="page__lead">{t!(l, "commitment.lead")}</p>
            <ul class="commitments">{items}</ul>
        }
        .into_any()
    }
}
