//! Themes: the list and the theme page.

mod terms;
mod timeline;

use domain::{ConsultationKind, Locale, Millis, Phase, consultation::Period};
use leptos::prelude::*;

pub use terms::Terms;
pub use timeline::{Happening, Timeline};

use crate::{
    components::{breadcrumb, empty, kind_badge, notice, phase_badge},
    format,
    pages::{
        drafts::{DocumentView, documents},
        follow::{self, Following},
    },
    shell::{Head, Page, PageContext},
    wording,
};

/// A theme in a list.
#[derive(Clone, Debug)]
pub struct ConsultationCard {
    /// Its address.
    pub slug: String,
    /// Its kind.
    pub kind: ConsultationKind,
    /// Where it stands now.
    pub phase: Phase,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// The owning department.
    pub department: String,
    /// When opinions are taken.
    pub period: Period,
    /// The last millisecond that counts.
    pub closes_at: Millis,
    /// How many opinions came in.
    pub proposals: i64,
    /// Path and alternative text of the cover picture.
    pub cover: Option<(String, String)>,
    /// Whole days left, counted on the calendar; `None` when not open.
    pub days_left: Option<i64>,
}

/// Renders cards.
#[must_use]
pub fn cards(l: Locale, cards: Vec<ConsultationCard>) -> AnyView {
    let items = cards.into_iter().map(|c| view! { <li>{card(l, c)}</li> }).collect_view();
    view! { <ul class="theme-cards">{items}</ul> }.into_any()
}

fn card(l: Locale, c: ConsultationCard) -> AnyView {
    let cover = match c.cover {
        Some((src, _)) => {
            view! { <img class="theme-card__cover" src=src alt="" loading="lazy" width="800" height="450" /> }
                .into_any()
        }
        None => view! { <div class="theme-card__cover" data-kind=c.kind.code()></div> }.into_any(),
    };
    let left = c.days_left.filter(|d| *d <= 7).map(|d| {
        let text = if d == 0 { t!(l, "consultation.last_day") } else { t!(l, "consultation.days_left", days = d) };
        view! { <span class="badge" data-tone="review">{text}</span> }
    });
    view! {
        <article class="theme-card">
            {cover}
            <div class="theme-card__body">
                <p class="theme-card__labels">{phase_badge(l, c.phase)}{kind_badge(l, c.kind)}{left}</p>
                <h3 class="theme-card__title"><a href=format!("/consultations/{}", c.slug)>{c.title}</a></h3>
                <p class="theme-card__summary">{c.summary}</p>
                <dl class="theme-card__facts">
                    <div><dt>{t!(l, "consultation.period")}</dt><dd>{format::period(l, c.period)}</dd></div>
                    <div><dt>{t!(l, "consultation.department")}</dt><dd>{c.department}</dd></div>
                    <div><dt>{t!(l, "consultation.proposals")}</dt><dd>{t!(l, "consultation.count", n = c.proposals)}</dd></div>
                </dl>
            </div>
        </article>
    }
    .into_any()
}

/// `/consultations`: all public themes, filtered.
#[derive(Debug)]
pub struct ConsultationIndex {
    /// The themes that fit.
    pub cards: Vec<ConsultationCard>,
    /// The phase filter.
    pub phase: Option<Phase>,
    /// The kind filter.
    pub kind: Option<ConsultationKind>,
    /// The department filter.
    pub department: Option<i64>,
    /// Departments to choose from.
    pub departments: Vec<(i64, String)>,
}

impl Page for ConsultationIndex {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "consultations.title").into_owned(),
            description: Some(t!(cx.locale, "consultations.lead").into_owned()),
            islands: true,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let count = self.cards.len();
        let list = if self.cards.is_empty() {
            empty(
                t!(l, "consultations.empty").into_owned(),
                Some(("/consultations".to_owned(), t!(l, "consultations.all").into_owned())),
            )
        } else {
            cards(l, self.cards)
        };
        let choice = |name: &'static str,
                      label: String,
                      any: String,
                      chosen: String,
                      options: Vec<(String, String)>| {
            let options = options
                .into_iter()
                .map(|(value, text)| {
                    let selected = value == chosen;
                    view! { <option value=value selected=selected>{text}</option> }
                })
                .collect_view();
            view! {
                <div class="field">
                    <label class="field__label" for=format!("filter-{name}")>{label}</label>
                    <select class="select" id=format!("filter-{name}") name=name><option value="">{any}</option>{options}</select>
                </div>
            }
        };
        let any = move || t!(l, "list.any").into_owned();
        view! {
            {breadcrumb(l, vec![], t!(l, "consultations.title").into_owned())}
            <h1 class="page__title">{t!(l, "consultations.title")}</h1>
            <p class="page__lead">{t!(l, "consultations.lead")}</p>
            <crate::islands::LiveFilter results="results".to_owned()>
                <form class="filters" method="get" action="/consultations" role="search" aria-label=t!(l, "list.filter")>
                    {choice("phase", t!(l, "consultations.phase").into_owned(), any(), self.phase.map(Phase::code).unwrap_or_default().to_owned(),
                        Phase::PUBLIC.into_iter().map(|p| (p.code().to_owned(), wording::phase(l, p))).collect())}
                    {choice("kind", t!(l, "consultations.kind").into_owned(), any(), self.kind.map(ConsultationKind::code).unwrap_or_default().to_owned(),
                        ConsultationKind::ALL.into_iter().map(|k| (k.code().to_owned(), wording::kind(l, k))).collect())}
                    {choice("department", t!(l, "consultation.department").into_owned(), any(), self.department.map(|d| d.to_string()).unwrap_or_default(),
                        self.departments.into_iter().map(|(id, name)| (id.to_string(), name)).collect())}
                    <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
                </form>
            </crate::islands::LiveFilter>
            <div id="results">
                <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
                <p class="result-count" role="status">{t!(l, "consultations.found", n = count)}</p>
                {list}
            </div>
        }
        .into_any()
    }
}

/// A question on the theme page.
#[derive(Clone, Debug)]
pub struct QuestionView {
    /// Its id, for the links to its opinions.
    pub id: i64,
    /// The question.
    pub title: String,
    /// Explanation.
    pub body: String,
    /// How many answered it; `None` when opinions aren't shown.
    pub proposals: Option<i64>,
}

/// The owning department and how to reach it.
#[derive(Clone, Debug)]
pub struct DepartmentView {
    /// Its name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// FAX.
    pub fax: String,
    /// E-mail.
    pub email: String,
    /// Where the counter is.
    pub counter: String,
}

/// `/consultations/{slug}`: everything about a theme.
#[derive(Debug)]
pub struct ConsultationPage {
    /// The card's facts.
    pub card: ConsultationCard,
    /// The body, rendered and sanitised on the server.
    pub body_html: String,
    /// The owning department.
    pub department: DepartmentView,
    /// How opinions can be sent.
    pub methods: String,
    /// Its questions.
    pub questions: Vec<QuestionView>,
    /// Its documents.
    pub documents: Vec<DocumentView>,
    /// The days of its timeline.
    pub timeline: Timeline,
    /// 募集の要領, for a public comment.
    pub terms: Option<Terms>,
    /// 策定経緯, the oldest first.
    pub history: Vec<(Millis, Happening)>,
    /// Address and title of the theme it came from.
    pub origin: Option<(String, String)>,
    /// Addresses and titles of the themes that take it up.
    pub successors: Vec<(String, String)>,
    /// Whether the reader follows it.
    pub following: Following,
    /// Whether this is staff's preview of something not public.
    pub preview: bool,
}

impl Page for ConsultationPage {
    fn head(&self, _: &PageContext) -> Head {
        Head {
            title: self.card.title.clone(),
            description: Some(self.card.summary.clone()),
            private: self.preview,
            image: self.card.cover.as_ref().map(|(src, _)| src.clone()),
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let slug = self.card.slug.clone();
        let shows = self.card.kind.shows_proposals();
        let main = view! {
            {self.card.cover.clone().map(|(src, alt)| view! { <img class="theme__cover" src=src alt=alt width="1200" height="675" /> })}
            {terms::closing_soon(l, self.card.days_left, self.card.closes_at)}
            {self.timeline.view(l)}
            <div class="markdown" inner_html=self.body_html.clone()></div>
            {links(l, self.origin.clone(), self.successors.clone())}
            {questions(l, &slug, self.card.phase, self.questions.clone())}
            {documents(l, self.documents.clone())}
            {self.terms.as_ref().map(|it| terms::terms(l, it))}
            {timeline::history(l, &slug, self.history.clone())}
        };
        view! {
            {breadcrumb(l, vec![("/consultations".to_owned(), t!(l, "consultations.title").into_owned())], self.card.title.clone())}
            {self.preview.then(|| notice("info", t!(l, "consultation.preview").into_owned(), t!(l, "consultation.preview_text").into_owned().into_any()))}
            <p class="cluster">{phase_badge(l, self.card.phase)}{kind_badge(l, self.card.kind)}</p>
            <h1 class="page__title">{self.card.title.clone()}</h1>
            <p class="page__lead">{self.card.summary.clone()}</p>
            <div class="theme">
                <aside class="theme__aside" aria-label=t!(l, "consultation.about")>
                    {(!self.preview).then(|| actions(l, &slug, self.card.phase, shows, self.card.proposals))}
                    {(!self.preview).then(|| follow::offer(l, &slug, self.following))}
                    {facts(l, &self)}
                </aside>
                <div class="theme__main">{main}</div>
            </div>
        }
        .into_any()
    }
}

fn actions(l: Locale, slug: &str, phase: Phase, shows: bool, proposals: i64) -> AnyView {
    let button = |variant: &'static str, path: &str, text: String| {
        view! { <a class="button" data-variant=variant data-size="lg" href=format!("/consultations/{slug}/{path}")>{text}</a> }.into_any()
    };
    let send = if shows { t!(l, "consultation.post") } else { t!(l, "consultation.submit") };
    let post = (phase == Phase::Open).then(|| button("solid", "proposals/new", send.into_owned()));
    let read = (shows && phase != Phase::Coming)
        .then(|| button("outline", "proposals", t!(l, "consultation.read", n = proposals).into_owned()));
    let result = phase.has_result().then(|| button("solid", "responses", t!(l, "consultation.responses").into_owned()));
    let closed_note = match (phase, shows) {
        (Phase::Coming, _) => Some(t!(l, "consultation.coming_note")),
        (Phase::UnderReview, _) => Some(t!(l, "consultation.review_note")),
        (Phase::Open, false) => Some(t!(l, "consultation.not_shown_note")),
        _ => None,
    };
    let no_account =
        (phase == Phase::Open && !shows).then(|| view! { <p class="muted">{t!(l, "submission.no_account")}</p> });
    view! { <div class="theme__actions">{result}{post}{no_account}{read}{closed_note.map(|note| view! { <p class="muted">{note}</p> })}</div> }.into_any()
}

fn facts(l: Locale, page: &ConsultationPage) -> AnyView {
    let d = page.department.clone();
    let row = |label: std::borrow::Cow<'static, str>, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
    };
    let tel = d.phone.replace('-', "");
    view! {
        <h2 class="visually-hidden">{t!(l, "consultation.about")}</h2>
        <dl class="facts">
            {row(t!(l, "consultation.period"), format::period(l, page.card.period))}
            {(!page.card.phase.has_result()).then(|| row(t!(l, "consultation.deadline"), t!(l, "consultation.deadline_value", at = format::date_time(l, page.card.closes_at)).into_owned()))}
            {row(t!(l, "consultation.methods"), page.methods.clone())}
            {row(t!(l, "consultation.department"), d.name)}
            {(!d.phone.is_empty()).then(|| view! { <div><dt>{t!(l, "consultation.phone")}</dt><dd><a href=format!("tel:{tel}")>{d.phone.clone()}</a></dd></div> })}
            {row(t!(l, "consultation.fax"), d.fax)}
            {(!d.email.is_empty()).then(|| view! { <div><dt>{t!(l, "consultation.email")}</dt><dd><a href=format!("mailto:{}", d.email)>{d.email.clone()}</a></dd></div> })}
            {row(t!(l, "consultation.counter"), d.counter)}
        </dl>
    }
    .into_any()
}

/// The themes before and after this one.
fn links(l: Locale, origin: Option<(String, String)>, successors: Vec<(String, String)>) -> Option<AnyView> {
    let row = |label: std::borrow::Cow<'static, str>, (slug, title): (String, String)| {
        view! { <p class="theme__link"><span class="theme__link-label">{label}</span><a href=format!("/consultations/{slug}")>{title}</a></p> }
    };
    (origin.is_some() || !successors.is_empty()).then(|| {
        view! {
            {origin.map(|theme| row(t!(l, "rules.links.origin"), theme))}
            {successors.into_iter().map(|theme| row(t!(l, "rules.links.successor"), theme)).collect_view()}
        }
        .into_any()
    })
}

fn questions(l: Locale, slug: &str, phase: Phase, questions: Vec<QuestionView>) -> Option<AnyView> {
    (!questions.is_empty()).then(|| {
        let items = questions
            .into_iter()
            .map(|q| {
                let read = q.proposals.map(|n| {
                    view! { <a href=format!("/consultations/{slug}/proposals?question={}", q.id)>{t!(l, "consultation.read_question", n = n)}</a> }
                });
                let post = (phase == Phase::Open).then(|| {
                    view! { <a href=format!("/consultations/{slug}/proposals/new?question={}", q.id)>{t!(l, "consultation.answer_question")}</a> }
                });
                view! {
                    <li class="question">
                        <h3 class="question__title">{q.title}</h3>
                        <p class="question__body">{q.body}</p>
                        <p class="question__meta cluster">{read}{post}</p>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="section">
                <h2 class="section__title">{t!(l, "consultation.questions")}</h2>
                <ol class="question-list">{items}</ol>
            </section>
        }
        .into_any()
    })
}
