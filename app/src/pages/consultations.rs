//! Themes: the list and the theme page.

use domain::{ConsultationKind, Locale, Millis, Phase, consultation::Period};
use leptos::prelude::*;

use crate::{
    components::{breadcrumb, empty, kind_badge, notice, phase_badge},
    format,
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

/// A file on the theme page.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// Where it is.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its size in bytes.
    pub size: i64,
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
    /// Its files.
    pub documents: Vec<DocumentView>,
    /// When the result was published.
    pub result_at: Option<Millis>,
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
            {timeline(l, &self.card, self.result_at)}
            <div class="markdown" inner_html=self.body_html.clone()></div>
            {questions(l, &slug, self.card.phase, self.questions.clone())}
            {documents(l, self.documents.clone())}
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
    let post =
        (phase == Phase::Open).then(|| button("solid", "proposals/new", t!(l, "consultation.post").into_owned()));
    let read = (shows && phase != Phase::Coming)
        .then(|| button("outline", "proposals", t!(l, "consultation.read", n = proposals).into_owned()));
    let result =
        (phase == Phase::ResultOut).then(|| button("solid", "responses", t!(l, "consultation.responses").into_owned()));
    let closed_note = match (phase, shows) {
        (Phase::Coming, _) => Some(t!(l, "consultation.coming_note")),
        (Phase::UnderReview, _) => Some(t!(l, "consultation.review_note")),
        (Phase::Open, false) => Some(t!(l, "consultation.not_shown_note")),
        _ => None,
    };
    view! { <div class="theme__actions">{result}{post}{read}{closed_note.map(|note| view! { <p class="muted">{note}</p> })}</div> }.into_any()
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
            {(!page.card.phase.eq(&Phase::ResultOut)).then(|| row(t!(l, "consultation.deadline"), t!(l, "consultation.deadline_value", day = format::day(l, page.card.period.closes_on)).into_owned()))}
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

fn timeline(l: Locale, card: &ConsultationCard, result_at: Option<Millis>) -> AnyView {
    let place = match card.phase {
        Phase::Draft | Phase::Scheduled => 0,
        Phase::Coming => 1,
        Phase::Open => 2,
        Phase::UnderReview => 3,
        Phase::ResultOut => 4,
    };
    let steps = [
        (1, t!(l, "timeline.coming"), None),
        (2, t!(l, "timeline.open"), Some(format::period(l, card.period))),
        (3, t!(l, "timeline.review"), None),
        (4, t!(l, "timeline.result"), result_at.map(|at| format::date(l, at))),
    ];
    let items = steps
        .into_iter()
        .map(|(n, label, date)| {
            let state = match n.cmp(&place) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "current",
                std::cmp::Ordering::Greater => "upcoming",
            };
            let current = (state == "current").then_some("step");
            view! {
                <li class="timeline__item" data-state=state aria-current=current>
                    <span class="timeline__label">{label}</span>
                    {date.map(|d| view! { <span class="timeline__date">{d}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline" data-layout="row" aria-label=t!(l, "timeline.label")>{items}</ol> }.into_any()
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

fn documents(l: Locale, documents: Vec<DocumentView>) -> Option<AnyView> {
    (!documents.is_empty()).then(|| {
        let items = documents
            .into_iter()
            .map(|d| {
                view! { <li><a href=d.href>{d.title}</a><span class="document-list__meta">{format!("PDF {}", format::size(d.size))}</span></li> }
            })
            .collect_view();
        view! {
            <section class="section">
                <h2 class="section__title">{t!(l, "consultation.documents")}</h2>
                <ul class="document-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}
