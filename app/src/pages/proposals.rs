//! Proposals: the list of a theme, the form, one proposal.

use domain::{FieldErrors, Locale, Millis, Phase, ProposalState, proposal};
use leptos::prelude::*;

use crate::{
    components::{badge, breadcrumb, empty, form, notice, page_links::page_links_as_typed, pager, theme_trail, time},
    islands::{DraftKeeper, LikeForms, LiveFilter},
    shell::{Head, Page, PageContext, Width},
    wording,
};

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// 新着順.
    #[default]
    Newest,
    /// いいね順.
    Likes,
    /// ランダム: the same order within a visit, so that everybody's opinion gets its turn on top.
    Random,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Likes, Self::Random];

    /// The value in the URL.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Likes => "likes",
            Self::Random => "random",
        }
    }

    /// Reads a value of the URL; what is unknown is the default.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.code() == code).unwrap_or_default()
    }

    fn label(self, l: Locale) -> String {
        match self {
            Self::Newest => t!(l, "proposals.sort_newest"),
            Self::Likes => t!(l, "proposals.sort_likes"),
            Self::Random => t!(l, "proposals.sort_random"),
        }
        .into_owned()
    }
}

/// The theme a proposal page belongs to.
#[derive(Clone, Debug)]
pub struct ThemeRef {
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub phase: Phase,
    /// Whether opinions are shown to everybody.
    pub shows_proposals: bool,
}

impl ThemeRef {
    fn href(&self) -> String {
        format!("/consultations/{}", self.slug)
    }

    fn trail(&self, l: Locale) -> Vec<(String, String)> {
        theme_trail(l, &self.slug, &self.title)
    }
}

/// The like button of a proposal for the person who looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LikeView {
    /// May like; whether they do.
    Button {
        /// Whether the person likes it now.
        mine: bool,
    },
    /// May not (own, closed, not signed in): only the number.
    Count,
}

/// A proposal in a list.
#[derive(Clone, Debug)]
pub struct ProposalCard {
    /// Its id.
    pub id: i64,
    /// Its title, if its author gave one.
    pub title: Option<String>,
    /// Its text; empty when hidden.
    pub body: String,
    /// The question it answers.
    pub question: Option<String>,
    /// The author's display name.
    pub author: String,
    /// When it was sent.
    pub created_at: Millis,
    /// How many like it.
    pub likes: i64,
    /// What the reader may do.
    pub like: LikeView,
    /// Whether staff hid it: only a placeholder is shown.
    pub hidden: bool,
}

/// `/consultations/{slug}/proposals`
#[derive(Debug)]
pub struct ProposalList {
    /// The theme.
    pub theme: ThemeRef,
    /// Questions to filter by.
    pub questions: Vec<(i64, String)>,
    /// The chosen question.
    pub question: Option<i64>,
    /// The order.
    pub sort: Sort,
    /// Search words.
    pub q: String,
    /// How many a page holds.
    pub per: u64,
    /// How many fit the filter.
    pub total: u64,
    /// This page's proposals.
    pub proposals: Vec<ProposalCard>,
    /// Link to the next page.
    pub next: Option<String>,
    /// Link to the start of the list, when this is not it.
    pub first: Option<String>,
    /// Whether the reader is signed in.
    pub signed_in: bool,
}

impl Page for ProposalList {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "proposals.title_of", theme = self.theme.title).into_owned(),
            description: Some(t!(cx.locale, "proposals.lead").into_owned()),
            islands: true,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let new = format!("{}/proposals/new", self.theme.href());
        let open = self.theme.phase == Phase::Open;
        let filters = self.filters(l);
        let hint = (!self.signed_in && open).then(|| {
            let back = crate::shell::percent(&cx.path);
            view! { <p class="muted"><a href=format!("/account/sign-in?next={back}")>{t!(l, "proposals.sign_in_to_like")}</a></p> }
        });
        let total = self.total;
        let list = if self.proposals.is_empty() {
            empty(
                t!(l, "proposals.empty").into_owned(),
                open.then(|| (new.clone(), t!(l, "consultation.post").into_owned())),
            )
        } else {
            let words = LikeWords::new(l);
            let slug = self.theme.slug.clone();
            let items = self.proposals.into_iter().map(|p| card(l, &slug, &words, p)).collect::<Vec<_>>();
            view! { <ul class="proposal-list">{items}</ul> }.into_any()
        };
        view! {
            {breadcrumb(l, self.theme.trail(l), t!(l, "proposals.title").into_owned())}
            <h1 class="page__title">{t!(l, "proposals.title")}</h1>
            <p class="page__lead">{self.theme.title.clone()}</p>
            {open.then(|| view! { <p><a class="button" data-variant="solid" data-size="lg" href=new>{t!(l, "consultation.post")}</a></p> })}
            <LiveFilter results="results".to_owned()>{filters}</LiveFilter>
            <LikeForms failed=t!(l, "like.failed").into_owned()>
                <div id="results">
                    <h2 class="visually-hidden">{t!(l, "list.results")}</h2>
                    <p class="result-count" role="status">{t!(l, "proposals.found", n = total)}</p>
                    {hint}
                    {list}
                    {pager(l, self.first, self.next)}
                </div>
            </LikeForms>
        }
        .into_any()
    }
}

impl ProposalList {
    fn filters(&self, l: Locale) -> AnyView {
        let option =
            |value: String, text: String, chosen: bool| view! { <option value=value selected=chosen>{text}</option> };
        let questions = self
            .questions
            .iter()
            .map(|(id, title)| option(id.to_string(), title.clone(), self.question == Some(*id)))
            .collect_view();
        let sorts =
            Sort::ALL.into_iter().map(|s| option(s.code().to_owned(), s.label(l), s == self.sort)).collect_view();
        let pers = [20_u64, 50, 100]
            .into_iter()
            .map(|n| option(n.to_string(), t!(l, "proposals.per", n = n).into_owned(), n == self.per))
            .collect_view();
        let action = format!("{}/proposals", self.theme.href());
        view! {
            <form class="filters" method="get" action=action role="search" aria-label=t!(l, "list.filter")>
                {(!self.questions.is_empty()).then(|| view! {
                    <div class="field">
                        <label class="field__label" for="filter-question">{t!(l, "proposals.question")}</label>
                        <select class="select" id="filter-question" name="question"><option value="">{t!(l, "list.any")}</option>{questions}</select>
                    </div>
                })}
                <div class="field">
                    <label class="field__label" for="filter-sort">{t!(l, "proposals.sort")}</label>
                    <select class="select" id="filter-sort" name="sort">{sorts}</select>
                </div>
                <div class="field">
                    <label class="field__label" for="filter-per">{t!(l, "proposals.per_page")}</label>
                    <select class="select" id="filter-per" name="per">{pers}</select>
                </div>
                <div class="field">
                    <label class="field__label" for="filter-q">{t!(l, "proposals.q")}</label>
                    <input class="input" id="filter-q" name="q" type="search" value=self.q.clone() />
                </div>
                <button class="button" data-variant="solid" data-size="md" type="submit">{t!(l, "list.apply")}</button>
            </form>
        }
        .into_any()
    }
}

/// The words of the like button, looked up once per list.
struct LikeWords {
    like: String,
    on: String,
    off: String,
    hidden: String,
}

impl LikeWords {
    fn new(l: Locale) -> Self {
        Self {
            like: t!(l, "like.label").into_owned(),
            on: t!(l, "like.press").into_owned(),
            off: t!(l, "like.release").into_owned(),
            hidden: t!(l, "proposals.hidden").into_owned(),
        }
    }
}

fn like(words: &LikeWords, id: i64, likes: i64, view: LikeView, headline: &str) -> AnyView {
    match view {
        LikeView::Count => view! {
            <span class="like" data-readonly="true"><span class="like__label">{words.like.clone()}</span>" "<span class="like__count">{likes}</span></span>
        }
        .into_any(),
        LikeView::Button { mine } => {
            let action = format!("/proposals/{id}/like");
            let title = if mine { words.off.clone() } else { words.on.clone() };
            view! {
                <form class="like" method="post" action=action data-like=id.to_string()>
                    <input type="hidden" name="on" value=if mine { "0" } else { "1" } />
                    <button class="like__button" type="submit" aria-pressed=if mine { "true" } else { "false" } title=title>
                        <span class="like__label">{words.like.clone()}</span>
                        <span class="visually-hidden">{format!("（{headline}）")}</span>
                        " "
                        <span class="like__count">{likes}</span>
                    </button>
                </form>
            }
            .into_any()
        }
    }
}

fn card(l: Locale, slug: &str, words: &LikeWords, p: ProposalCard) -> AnyView {
    if p.hidden {
        return view! { <li><div class="placeholder" id=format!("proposal-{}", p.id)><p>{words.hidden.clone()}</p></div></li> }.into_any();
    }
    let headline = wording::headline(p.title.as_deref(), &p.body);
    let like = like(words, p.id, p.likes, p.like, &headline);
    view! {
        <li>
            <article class="proposal-card" id=format!("proposal-{}", p.id)>
                {p.question.map(|q| view! { <p class="proposal-card__question">{q}</p> })}
                <h3 class="proposal-card__title"><a href=format!("/consultations/{slug}/proposals/{}", p.id)>{headline}</a></h3>
                <p class="proposal-card__excerpt">{domain::text::excerpt(&p.body, 160)}</p>
                <div class="proposal-card__foot">
                    <bdi class="proposal-card__author">{p.author}</bdi>
                    {time(l, p.created_at)}
                    {like}
                </div>
            </article>
        </li>
    }
    .into_any()
}

/// The row that answers a proposal.
#[derive(Clone, Debug)]
pub struct AnswerLink {
    /// Where it is.
    pub href: String,
    /// How the row is called, such as 「1-2」.
    pub row: String,
}

/// What the author of a proposal did a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JustDone {
    /// Sent it.
    Posted,
    /// Changed it.
    Edited,
}

/// `/consultations/{slug}/proposals/{id}`
#[derive(Debug)]
pub struct ProposalPage {
    /// The theme.
    pub theme: ThemeRef,
    /// The proposal, with its text when the reader may see it.
    pub card: ProposalCard,
    /// Its state.
    pub state: ProposalState,
    /// When its author last changed it.
    pub edited_at: Option<Millis>,
    /// Why it was hidden.
    pub hidden_reason: Option<String>,
    /// The receipt number: shown to its author and to staff only.
    pub receipt: Option<String>,
    /// The author may edit it.
    pub may_edit: bool,
    /// The author may withdraw it.
    pub may_withdraw: bool,
    /// What its author did a moment ago.
    pub done: Option<JustDone>,
    /// The rows that answer it.
    pub answers: Vec<AnswerLink>,
    /// The PDF whose pages the text mentions.
    pub document_href: Option<String>,
}

impl Page for ProposalPage {
    fn head(&self, cx: &PageContext) -> Head {
        let title = if self.card.hidden && self.card.body.is_empty() {
            t!(cx.locale, "proposals.hidden_title").into_owned()
        } else {
            wording::headline(self.card.title.as_deref(), &self.card.body)
        };
        Head {
            title,
            description: (!self.card.hidden).then(|| domain::text::excerpt(&self.card.body, 100)),
            islands: matches!(self.card.like, LikeView::Button { .. }),
            private: self.card.hidden || !self.theme.shows_proposals,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let headline = wording::headline(self.card.title.as_deref(), &self.card.body);
        let words = LikeWords::new(l);
        let like = like(&words, self.card.id, self.card.likes, self.card.like, &headline);
        // Where nothing can be pressed there is no island: the page loads no WebAssembly.
        let like = match self.card.like {
            LikeView::Button { .. } => {
                view! { <LikeForms failed=t!(l, "like.failed").into_owned()>{like}</LikeForms> }.into_any()
            }
            LikeView::Count => like,
        };
        let mut trail = self.theme.trail(l);
        if self.theme.shows_proposals {
            trail.push((format!("{}/proposals", self.theme.href()), t!(l, "proposals.title").into_owned()));
        }
        let hidden = self.state == ProposalState::Hidden;
        let here = if hidden { t!(l, "proposals.hidden_title").into_owned() } else { headline.clone() };
        let reason = self.hidden_reason.clone();
        let unreadable = self.card.body.is_empty();
        let placeholder = hidden.then(|| {
            view! {
                {unreadable.then(|| view! { <h1 class="page__title">{t!(l, "proposals.hidden_title")}</h1> })}
                <div class="placeholder">
                    <p>{t!(l, "proposals.hidden")}</p>
                    {reason.map(|r| view! { <p>{t!(l, "proposals.hidden_reason", reason = r)}</p> })}
                </div>
            }
        });
        view! {
            {breadcrumb(l, trail, here)}
            {self.done.map(|done| told(l, done))}
            {self.receipt.clone().map(|number| receipt(l, number))}
            {placeholder}
            {answer_links(l, self.answers)}
            {(!unreadable).then(|| view! {
                <article class="proposal">
                    {self.card.question.clone().map(|q| view! { <p class="proposal-card__question">{q}</p> })}
                    <h1>{headline}</h1>
                    <p class="proposal__meta">
                        <bdi>{self.card.author.clone()}</bdi>
                        {time(l, self.card.created_at)}
                        {self.edited_at.map(|at| view! { <span>{t!(l, "proposal.edited_at")}" "{time(l, at)}</span> })}
                        {(self.state != ProposalState::Published).then(|| badge(wording::proposal_tone(self.state), wording::proposal_state(l, self.state)))}
                    </p>
                    <div class="proposal__body">{page_links_as_typed(&self.card.body, self.document_href.as_deref())}</div>
                    <footer class="proposal__foot">{like}</footer>
                </article>
            })}
            {owner_actions(l, &self.theme.slug, self.card.id, self.may_edit, self.may_withdraw)}
        }
        .into_any()
    }
}

fn told(l: Locale, done: JustDone) -> AnyView {
    let (title, text) = match done {
        JustDone::Posted => (t!(l, "proposal.posted"), t!(l, "proposal.posted_text")),
        JustDone::Edited => (t!(l, "proposal.edited"), t!(l, "proposal.edited_text")),
    };
    notice("success", title.into_owned(), text.into_owned().into_any())
}

fn receipt(l: Locale, number: String) -> AnyView {
    let href = format!("/receipts/{number}");
    view! {
        <div class="receipt">
            <p class="receipt__label">{t!(l, "receipt.number")}</p>
            <p class="receipt__number">{number}</p>
            <p class="receipt__help">{t!(l, "receipt.keep")}" "<a href=href>{t!(l, "receipt.check")}</a></p>
        </div>
    }
    .into_any()
}

/// The links from an opinion to the rows that answer it.
#[must_use]
pub fn answer_links(l: Locale, answers: Vec<AnswerLink>) -> Option<AnyView> {
    (!answers.is_empty()).then(|| {
        let links = answers
            .into_iter()
            .map(|a| view! { <li><a href=a.href>{t!(l, "proposal.answer_row", row = a.row)}</a></li> })
            .collect_view();
        view! { <div class="answer-link"><p>{t!(l, "proposal.answered")}</p><ul>{links}</ul></div> }.into_any()
    })
}

fn owner_actions(l: Locale, slug: &str, id: i64, may_edit: bool, may_withdraw: bool) -> Option<AnyView> {
    (may_edit || may_withdraw).then(|| {
        let base = format!("/consultations/{slug}/proposals/{id}");
        view! {
            <section class="section">
                <h2 class="section__title">{t!(l, "proposal.yours")}</h2>
                <div class="button-row">
                    {may_edit.then(|| view! { <a class="button" data-variant="outline" data-size="md" href=format!("{base}/edit")>{t!(l, "proposal.edit")}</a> })}
                    {may_withdraw.then(|| view! { <a class="button" data-variant="text" data-size="md" href=format!("{base}/withdraw")>{t!(l, "proposal.withdraw")}</a> })}
                </div>
            </section>
        }
        .into_any()
    })
}

/// What was typed into the form.
#[derive(Clone, Debug, Default)]
pub struct ProposalInput {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// The chosen question's id.
    pub question: String,
    /// Makes a form that is sent twice one proposal.
    pub token: String,
}

/// The form to send a proposal, or to change one.
#[derive(Debug)]
pub struct ProposalForm {
    /// The theme.
    pub theme: ThemeRef,
    /// The theme's id, for drafts.
    pub consultation: i64,
    /// Questions to choose from.
    pub questions: Vec<(i64, String)>,
    /// What was typed.
    pub input: ProposalInput,
    /// What is wrong with it.
    pub errors: FieldErrors,
    /// The proposal that is changed; `None` for a new one.
    pub editing: Option<i64>,
    /// When the draft was kept that fills the form.
    pub draft_at: Option<Millis>,
    /// The draft was kept a moment ago, by its button.
    pub draft_saved: bool,
}

impl Page for ProposalForm {
    fn head(&self, cx: &PageContext) -> Head {
        let title = if self.editing.is_some() {
            t!(cx.locale, "proposal.edit_title")
        } else {
            t!(cx.locale, "proposal.new_title")
        };
        let title = if self.errors.is_empty() {
            title.into_owned()
        } else {
            t!(cx.locale, "form.error_title", title = title).into_owned()
        };
        Head { title, private: true, islands: true, width: Width::Narrow, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("{}/proposals", self.theme.href());
        let (heading, action, send) = match self.editing {
            Some(id) => (t!(l, "proposal.edit_title"), format!("{base}/{id}/edit"), t!(l, "proposal.save")),
            None => (t!(l, "proposal.new_title"), format!("{base}/new"), t!(l, "proposal.send")),
        };
        let labels = [
            ("question", t!(l, "proposal.question").into_owned()),
            ("title", t!(l, "proposal.title").into_owned()),
            ("body", t!(l, "proposal.body").into_owned()),
        ];
        let summary = form::error_summary(l, &self.errors, &labels);
        let fields = self.fields(l, &labels);
        let restored = self.draft_at.map(|at| {
            let text = t!(l, "draft.restored_text", time = crate::format::date_time(l, at)).into_owned();
            let title = if self.draft_saved { t!(l, "draft.saved") } else { t!(l, "draft.restored") };
            notice(if self.draft_saved { "success" } else { "info" }, title.into_owned(), text.into_any())
        });
        let note =
            if self.theme.shows_proposals { t!(l, "proposal.shown_note") } else { t!(l, "proposal.not_shown_note") };
        let keeper = crate::islands::KeeperWords {
            left: t!(l, "counter.left").into_owned(),
            over: t!(l, "counter.over").into_owned(),
            failed: t!(l, "draft.failed").into_owned(),
        };
        let is_new = self.editing.is_none();
        let consultation = self.consultation;
        view! {
            {breadcrumb(l, self.theme.trail(l), heading.clone().into_owned())}
            {summary}
            <h1 class="page__title">{heading}</h1>
            <p class="page__lead">{self.theme.title.clone()}</p>
            {restored}
            <p>{note}</p>
            <DraftKeeper consultation=consultation max=proposal::BODY_MAX autosave=is_new words=keeper>
                <form class="form" method="post" action=action novalidate>
                    <input type="hidden" name="token" value=self.input.token.clone() />
                    {fields}
                    <p class="muted">{t!(l, "proposal.rules_before")}<a href="/about/rules" target="_blank" rel="noopener">{t!(l, "proposal.rules_link")}</a>{t!(l, "proposal.rules_after")}</p>
                    <div class="form__actions">
                        <button class="button" data-variant="solid" data-size="lg" type="submit">{send}</button>
                        {is_new.then(|| view! { <button class="button" data-variant="outline" data-size="lg" type="submit" name="draft" value="1">{t!(l, "draft.save")}</button> })}
                    </div>
                </form>
            </DraftKeeper>
        }
        .into_any()
    }
}

impl ProposalForm {
    fn fields(&self, l: Locale, labels: &[(&'static str, String); 3]) -> AnyView {
        let [(_, question), (_, title), (_, body)] = labels.clone();
        let choice = (!self.questions.is_empty()).then(|| {
            let field = form::Field::new(l, &self.errors, "question", question, &self.input.question)
                .required()
                .help(t!(l, "proposal.question_help"));
            form::radios(l, &field, self.questions.iter().map(|(id, t)| (id.to_string(), t.clone())).collect())
        });
        let title = form::Field::new(l, &self.errors, "title", title, &self.input.title).help(t!(
            l,
            "proposal.title_help",
            max = proposal::TITLE_MAX
        ));
        let body = form::Field::new(l, &self.errors, "body", body, &self.input.body).required().help(t!(
            l,
            "proposal.body_help",
            max = proposal::BODY_MAX
        ));
        view! {
            {choice}
            {form::input(l, &title, form::Input { autocomplete: "off", ..form::Input::default() })}
            {form::text_area(l, &body, 12)}
        }
        .into_any()
    }
}

/// Asks once more before a proposal is taken back.
#[derive(Debug)]
pub struct WithdrawPage {
    /// The theme.
    pub theme: ThemeRef,
    /// The proposal.
    pub id: i64,
    /// Its headline.
    pub headline: String,
}

impl Page for WithdrawPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head {
            title: t!(cx.locale, "proposal.withdraw_title").into_owned(),
            private: true,
            width: Width::Narrow,
            ..Head::default()
        }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let base = format!("{}/proposals/{}", self.theme.href(), self.id);
        let action = format!("{base}/withdraw");
        view! {
            {breadcrumb(l, self.theme.trail(l), t!(l, "proposal.withdraw_title").into_owned())}
            <h1 class="page__title">{t!(l, "proposal.withdraw_title")}</h1>
            <p>{t!(l, "proposal.withdraw_ask", headline = self.headline)}</p>
            <p>{t!(l, "proposal.withdraw_text")}</p>
            <form class="form" method="post" action=action>
                <div class="form__actions">
                    <button class="button" data-variant="danger" data-size="lg" type="submit">{t!(l, "proposal.withdraw_do")}</button>
                    <a class="button" data-variant="outline" data-size="lg" href=base>{t!(l, "proposal.withdraw_keep")}</a>
                </div>
            </form>
        }
        .into_any()
    }
}
