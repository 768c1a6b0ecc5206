//! The posts as staff see them: every text with its state, and hiding and showing again.

use domain::{Channel, FieldErrors, Locale, Millis, ProposalState, proposal as rules};
use leptos::prelude::*;

use super::{
    StaffTab, ThemeTab, filter_select, frame, head,
    intake::item::{self as intake, Intake},
    theme_tabs,
};
use crate::{
    components::{badge, empty, form, notice, page_links::page_links, pager, plain_lines, time},
    shell::{Head, Page, PageContext},
    wording,
};

/// A ready-made reason for hiding a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It tells who somebody is.
    Personal,
    /// It hurts a person or a group.
    Harm,
    /// It advertises.
    Advertising,
    /// It is about something else.
    OffTopic,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Personal, Self::Harm, Self::Advertising, Self::OffTopic];

    /// The value in the form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Harm => "harm",
            Self::Advertising => "advertising",
            Self::OffTopic => "off-topic",
        }
    }

    /// Reads a value of the form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// The words that the author reads.
    #[must_use]
    pub fn words(self, l: Locale) -> String {
        match self {
            Self::Personal => t!(l, "staff.reason_personal"),
            Self::Harm => t!(l, "staff.reason_harm"),
            Self::Advertising => t!(l, "staff.reason_advertising"),
            Self::OffTopic => t!(l, "staff.reason_off_topic"),
        }
        .into_owned()
    }
}

/// The whole reason: the ready-made one, then the clerk's own words.
#[must_use]
pub fn whole_reason(l: Locale, template: &str, own: &str) -> String {
    let template = Reason::from_code(template).map(|r| r.words(l)).unwrap_or_default();
    format!("{template}\n{}", own.trim()).trim().to_owned()
}

/// A post with everything staff may know of it.
#[derive(Clone, Debug)]
pub struct QueueItem {
    /// Its id.
    pub id: i64,
    /// Id and title of its theme.
    pub theme: (i64, String),
    /// The question it answers.
    pub question: Option<String>,
    /// Its title, if its author gave one.
    pub title: Option<String>,
    /// Its text.
    pub body: String,
    /// The author's display name.
    pub author: String,
    /// How it reached the ward.
    pub channel: Channel,
    /// Its receipt number.
    pub receipt: String,
    /// When it was sent.
    pub created_at: Millis,
    /// When its author last changed it.
    pub edited_at: Option<Millis>,
    /// How many like it.
    pub likes: i64,
    /// Its state.
    pub state: ProposalState,
    /// Why it was hidden.
    pub hidden_reason: Option<String>,
    /// The PDF whose pages its text may name.
    pub document_href: Option<String>,
    /// Where the public reads it, when the theme is public and shows its proposals.
    pub public_href: Option<String>,
    /// Whether this person may hide it or show it again.
    pub may_moderate: bool,
}

/// What was typed to hide a post.
#[derive(Clone, Debug, Default)]
pub struct HideInput {
    /// The ready-made reason.
    pub template: String,
    /// The clerk's own words.
    pub reason: String,
    /// Where to go afterwards.
    pub back: String,
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moderated {
    /// A post was hidden.
    Hidden,
    /// A post is shown again.
    Restored,
}

impl Moderated {
    /// Reads the value in the URL.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "hidden" => Some(Self::Hidden),
            "restored" => Some(Self::Restored),
            _ => None,
        }
    }

    fn notice(self, l: Locale) -> AnyView {
        let (title, text) = match self {
            Self::Hidden => (t!(l, "staff.hidden"), t!(l, "staff.hidden_text")),
            Self::Restored => (t!(l, "staff.restored"), t!(l, "staff.restored_text")),
        };
        notice("success", title.into_owned(), view! { <p>{text}</p> }.into_any())
    }
}

/// `/staff/moderation` and `/staff/consultations/{id}/proposals`
#[derive(Debug)]
pub struct Queue {
    /// Id and title of the theme whose page this is; `None` over all themes.
    pub theme: Option<(i64, String)>,
    /// Themes to choose from.
    pub themes: Vec<(i64, String)>,
    /// The chosen theme.
    pub chosen: Option<i64>,
    /// Questions of the chosen theme.
    pub questions: Vec<(i64, String)>,
    /// The chosen question.
    pub question: Option<i64>,
    /// The chosen state.
    pub state: Option<ProposalState>,
    /// Search words.
    pub q: String,
    /// How many fit.
    pub total: u64,
    /// This page's posts.
    pub items: Vec<QueueItem>,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the start of the list, when this is not it.
    pub first: Option<String>,
    /// What was done a moment ago.
    pub done: Option<Moderated>,
    /// How many of the theme's submissions nobody has looked at in the intake.
    pub unread: Option<i64>,
}

impl Page for Queue {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        head(match &self.theme {
            Some((_, title)) => t!(l, "staff.posts_of", theme = title).into_owned(),
            None => t!(l, "staff.moderation").into_owned(),
        })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let back = cx.path.clone();
        let tab = if self.theme.is_some() { StaffTab::Consultations } else { StaffTab::Moderation };
        let (title, lead) = match self.theme.clone() {
            Some((_, title)) => (t!(l, "staff.tab_proposals"), title),
            None => (t!(l, "staff.moderation"), t!(l, "staff.moderation_lead").into_owned()),
        };
        let filters = self.filters(l);
        let intake = self.theme.as_ref().zip(self.unread).map(|((id, _), n)| {
            view! { <p><a href=format!("/staff/consultations/{id}/intake?state=unread")>{t!(l, "intake.unread_link", n = n)}</a></p> }
        });
        let assigned = self
            .theme
            .is_none()
            .then(|| view! { <p><a href="/staff/assigned">{t!(l, "intake.assigned.link")}</a></p> });
        let list = if self.items.is_empty() {
            empty(t!(l, "staff.no_posts").into_owned(), None)
        } else {
            let hide = HideInput { back, ..HideInput::default() };
            let items =
                self.items.into_iter().map(|i| view! { <li>{item(l, i, &hide, None)}</li> }).collect::<Vec<_>>();
            view! { <ul class="queue">{items}</ul> }.into_any()
        };
        let body = view! {
            {self.done.map(|done| done.notice(l))}
            <h1 class="page__title">{title}</h1>
            <p class="page__lead">{lead}</p>
            {self.theme.as_ref().map(|(id, _)| theme_tabs(cx, *id, ThemeTab::Proposals))}
            {intake}
            {assigned}
            {filters}
            <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
            <p class="result-count">{t!(l, "proposals.found", n = self.total)}</p>
            {list}
            {pager(l, self.first, self.next)}
        };
        frame(cx, tab, body.into_any())
    }
}

impl Queue {
    fn filters(&self, l: Locale) -> AnyView {
        let any = || Some(t!(l, "list.any").into_owned());
        let choices =
            |all: &[(i64, String)]| all.iter().map(|(id, title)| (id.to_string(), title.clone())).collect::<Vec<_>>();
        let chosen = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        let action = match &self.theme {
            Some((id, _)) => format!("/staff/consultations/{id}/proposals"),
            None => "/staff/moderation".to_owned(),
        };
        let themes = self.theme.is_none().then(|| {
            filter_select(
                "theme",
                t!(l, "staff.theme").into_owned(),
                any(),
                &chosen(self.chosen),
                choices(&self.themes),
            )
        });
        let questions = (!self.questions.is_empty()).then(|| {
            filter_select(
                "question",
                t!(l, "proposals.question").into_owned(),
                any(),
                &chosen(self.question),
                choices(&self.questions),
            )
        });
        let states =
            ProposalState::ALL.into_iter().map(|s| (s.code().to_owned(), wording::proposal_state(l, s))).collect();
        let state = self.state.map(ProposalState::code).unwrap_or_default();
        view! {
            <form class="filters" method="get" action=action aria-label=t!(l, "list.filter")>
                {themes}
                {questions}
                {filter_select("state", t!(l, "receipt.state").into_owned(), any(), state, states)}
                <div class="filters__field">
                    <label class="field__label" for="filter-q">{t!(l, "proposals.q")}</label>
                    <input class="input" id="filter-q" name="q" type="search" value=self.q.clone() />
                </div>
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
            </form>
        }
        .into_any()
    }
}

/// One post. `errors` are those of the form to hide it, which then is open.
fn item(l: Locale, item: QueueItem, hide: &HideInput, errors: Option<&FieldErrors>) -> AnyView {
    let headline = wording::headline(item.title.as_deref(), &item.body);
    let actions = match item.state {
        _ if !item.may_moderate => None,
        ProposalState::Published => Some(hide_form(l, item.id, &headline, hide, errors)),
        ProposalState::Hidden => Some(restore_form(l, item.id, &headline, &hide.back)),
        ProposalState::Withdrawn => None,
    };
    let edited = item.edited_at.map(|at| {
        view! { <a href=format!("/staff/proposals/{}#history", item.id)>{t!(l, "staff.edited", at = crate::format::date_time(l, at))}</a> }
    });
    view! {
        <article class="queue-item" id=format!("proposal-{}", item.id)>
            <p class="cluster">
                {(item.state != ProposalState::Published || item.public_href.is_some())
                    .then(|| badge(wording::proposal_tone(item.state), wording::proposal_state(l, item.state)))}
                <span class="mono">{item.receipt}</span>
                <a href=format!("/staff/consultations/{}", item.theme.0)>{item.theme.1}</a>
            </p>
            {item.question.map(|q| view! { <p class="proposal-card__question">{q}</p> })}
            <h3 class="proposal-card__title"><a href=format!("/staff/proposals/{}", item.id)>{headline}</a></h3>
            <div>{page_links(&item.body, item.document_href.as_deref())}</div>
            {item.hidden_reason.map(|reason| view! { <div class="placeholder"><p>{t!(l, "staff.hidden_because")}</p><p>{plain_lines(&reason)}</p></div> })}
            <div class="proposal-card__foot">
                <bdi class="proposal-card__author">{item.author}</bdi>
                {time(l, item.created_at)}
                <span>{t!(l, "staff.channel", channel = wording::channel(l, item.channel))}</span>
                <span>{t!(l, "staff.likes", n = item.likes)}</span>
                {edited}
                {item.public_href.map(|href| view! { <a href=href>{t!(l, "staff.public_page")}</a> })}
            </div>
            {actions.map(|actions| view! { <div class="queue-item__actions">{actions}</div> })}
        </article>
    }
    .into_any()
}

fn restore_form(l: Locale, id: i64, headline: &str, back: &str) -> AnyView {
    view! {
        <form method="post" action=format!("/staff/proposals/{id}/restore")>
            <input type="hidden" name="back" value=back.to_owned() />
            <button class="button" data-variant="outline" data-size="sm" type="submit">{t!(l, "staff.restore")}<span class="visually-hidden">{format!("（{headline}）")}</span></button>
        </form>
    }
    .into_any()
}

fn hide_form(l: Locale, id: i64, headline: &str, input: &HideInput, errors: Option<&FieldErrors>) -> AnyView {
    let problem = errors.and_then(|e| e.of("reason")).map(|p| wording::problem(l, p));
    // Many of these forms stand on one page: the ids carry the post's, but for the one the error summary leads to.
    let own = if problem.is_some() { "f-reason".to_owned() } else { format!("f-reason-{id}") };
    let (help_id, error_id) = (format!("h-reason-{id}"), format!("e-reason-{id}"));
    let described = if problem.is_some() { format!("{error_id} {help_id}") } else { help_id.clone() };
    let choice = |code: &'static str, text: String| {
        let checked = input.template == code;
        view! { <label class="choice"><input type="radio" name="template" value=code checked=checked /><span class="choice__label">{text}</span></label> }
    };
    let templates = Reason::ALL.into_iter().map(|r| choice(r.code(), r.words(l))).collect_view();
    let invalid = problem.is_some();
    view! {
        <details class="disclosure" open=invalid>
            <summary>{t!(l, "staff.hide_with_reason")}<span class="visually-hidden">{format!("（{headline}）")}</span></summary>
            <form class="form" method="post" action=format!("/staff/proposals/{id}/hide") novalidate>
                <input type="hidden" name="back" value=input.back.clone() />
                <fieldset class="fieldset">
                    <legend class="fieldset__legend">{t!(l, "staff.reason_template")}</legend>
                    {choice("", t!(l, "staff.reason_none").into_owned())}
                    {templates}
                </fieldset>
                <div class="field">
                    <label class="field__label" for=own.clone()>{t!(l, "staff.reason")}</label>
                    <p class="field__help" id=help_id>{t!(l, "staff.reason_help", max = rules::REASON_MAX)}</p>
                    {problem.map(|problem| view! { <p class="field__error" id=error_id><span class="visually-hidden">{t!(l, "form.error")}</span>{problem}</p> })}
                    <form::TextArea id=own name="reason" value=input.reason.clone() rows=3 invalid=invalid described_by=Some(described) />
                </div>
                <button class="button" data-variant="danger" data-size="sm" type="submit">{t!(l, "staff.hide")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// An earlier text of a post.
#[derive(Clone, Debug)]
pub struct EarlierText {
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub body: String,
    /// Until when it stood.
    pub until: Millis,
}

/// `/staff/proposals/{id}`: one post with its earlier texts; also what a refused form to hide it comes back with.
#[derive(Debug)]
pub struct ItemPage {
    /// The post.
    pub item: QueueItem,
    /// Its earlier texts, the latest first.
    pub earlier: Vec<EarlierText>,
    /// What was typed to hide it.
    pub hide: HideInput,
    /// What is wrong with what was typed.
    pub errors: FieldErrors,
    /// What was done a moment ago.
    pub done: Option<Moderated>,
    /// How it was received, and what can be done about it in the intake.
    pub intake: Intake,
    /// What was done there a moment ago.
    pub acted: Option<intake::Done>,
}

impl Page for ItemPage {
    fn head(&self, cx: &PageContext) -> Head {
        let l = cx.locale;
        let title = t!(l, "staff.post", receipt = self.item.receipt).into_owned();
        let wrong = !self.errors.is_empty();
        head(if wrong { t!(l, "form.error_title", title = title).into_owned() } else { title })
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let mut labels = intake::labels(l);
        labels.push(("reason", t!(l, "staff.reason").into_owned()));
        let (theme, title) = self.item.theme.clone();
        let receipt = self.item.receipt.clone();
        let errors = self.errors.of("reason").map(|_| &self.errors);
        let body = view! {
            {self.done.map(|done| done.notice(l))}
            {self.acted.map(|done| done.notice(l, self.intake.opinions.len()))}
            <h1 class="page__title">{t!(l, "staff.post", receipt = receipt)}</h1>
            <p class="page__lead">{title}</p>
            {(!self.intake.assigned_only).then(|| theme_tabs(cx, theme, ThemeTab::Intake))}
            {form::error_summary(l, &self.errors, &labels)}
            <h2 class="visually-hidden">{t!(l, "staff.text_now")}</h2>
            {item(l, self.item, &self.hide, errors)}
            {self.intake.view(l, &self.errors)}
            {earlier(l, self.earlier)}
        };
        frame(cx, StaffTab::Moderation, body.into_any())
    }
}

fn earlier(l: Locale, earlier: Vec<EarlierText>) -> Option<AnyView> {
    let count = earlier.len();
    (count > 0).then(|| {
        let items = earlier
            .into_iter()
            .map(|e| {
                view! {
                    <li class="panel">
                        <h3>{t!(l, "staff.history_until", at = crate::format::date_time(l, e.until))}</h3>
                        {e.title.map(|title| view! { <p><strong>{title}</strong></p> })}
                        <div>{plain_lines(&e.body)}</div>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section id="history">
                <h2 class="section__title">{t!(l, "staff.history", n = count)}</h2>
                <ul class="queue">{items}</ul>
            </section>
        }
        .into_any()
    })
}
