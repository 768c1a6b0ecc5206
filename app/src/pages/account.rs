//! Accounts: signing up, in and out, passwords, and what belongs to a person.

use domain::{
    FieldErrors, Locale, Millis, Phase, Problem, ProposalState,
    account::{DISPLAY_NAME_MAX, PASSWORD_MIN, STAFF_PASSWORD_MIN},
};
use leptos::prelude::*;

use crate::{
    components::{badge, breadcrumb, empty, form, notice, phase_badge, time},
    shell::{Head, Page, PageContext, Width, percent},
    wording,
};

type Labels = Vec<(&'static str, String)>;

/// No page here is for search engines, and none has islands.
fn head(l: Locale, errors: &FieldErrors, title: String) -> Head {
    let title = if errors.is_empty() { title } else { t!(l, "form.error_title", title = title).into_owned() };
    Head { title, private: true, width: Width::Narrow, ..Head::default() }
}

/// The address of a page that leads on to `next`.
fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() { path.to_owned() } else { format!("{path}?next={}", percent(next)) }
}

fn hidden(name: &'static str, value: &str) -> Option<AnyView> {
    (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value.to_owned() /> }.into_any())
}

fn actions(label: String) -> AnyView {
    view! { <div class="form__actions"><button class="button" data-variant="solid" data-size="lg" type="submit">{label}</button></div> }.into_any()
}

fn section(title: String, body: impl IntoView + 'static) -> AnyView {
    view! { <section class="section"><h2 class="section__title">{title}</h2><div class="stack">{body}</div></section> }
        .into_any()
}

fn email_field(
    l: Locale,
    errors: &FieldErrors,
    email: &str,
    autocomplete: &'static str,
    help: Option<String>,
) -> AnyView {
    let field = form::Field::new(l, errors, "email", t!(l, "account.email"), email).required();
    let field = match help {
        Some(help) => field.help(help),
        None => field,
    };
    form::input(l, &field, form::Input { kind: "email", autocomplete, mode: "email" })
}

/// The address as it was entered on the page before: asked for only when it got lost on the way. Password managers read
/// it from the hidden field.
fn carried_email(l: Locale, errors: &FieldErrors, email: &str) -> AnyView {
    if is_address(email) {
        view! { <input type="hidden" name="email" value=email.to_owned() autocomplete="username" /> }.into_any()
    } else {
        email_field(l, errors, email, "email", None)
    }
}

fn is_address(email: &str) -> bool {
    domain::account::email(email).is_ok()
}

fn code_field(l: Locale, errors: &FieldErrors, code: &str) -> AnyView {
    let field =
        form::Field::new(l, errors, "code", t!(l, "account.code"), code).required().help(t!(l, "account.code_help"));
    form::input(l, &field, form::Input { kind: "text", autocomplete: "one-time-code", mode: "numeric" })
}

fn new_password_field(l: Locale, errors: &FieldErrors, label: String, min: usize) -> AnyView {
    let field =
        form::Field::new(l, errors, "password", label, "").required().help(t!(l, "account.password_help", min = min));
    form::input(l, &field, form::Input { kind: "password", autocomplete: "new-password", mode: "" })
}

/// `/account/sign-up`
#[derive(Debug, Default)]
pub struct SignUpPage {
    /// The address as typed.
    pub email: String,
    /// The display name as typed.
    pub display_name: String,
    /// Where the person was going.
    pub next: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl Page for SignUpPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "nav.sign_up").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels: Labels = vec![
            ("email", t!(l, "account.email").into_owned()),
            ("display_name", t!(l, "account.display_name").into_owned()),
            ("password", t!(l, "account.password").into_owned()),
        ];
        let name = form::Field::new(l, &self.errors, "display_name", t!(l, "account.display_name"), &self.display_name)
            .required()
            .help(t!(l, "account.display_name_help", max = DISPLAY_NAME_MAX));
        view! {
            {breadcrumb(l, vec![], t!(l, "nav.sign_up").into_owned())}
            {form::error_summary(l, &self.errors, &labels)}
            <h1 class="page__title">{t!(l, "nav.sign_up")}</h1>
            <p class="page__lead">{t!(l, "account.sign_up_lead")}</p>
            <form class="form" method="post" action="/account/sign-up" novalidate>
                {hidden("next", &self.next)}
                {email_field(l, &self.errors, &self.email, "email", Some(t!(l, "account.email_help").into_owned()))}
                {form::input(l, &name, form::Input { autocomplete: "nickname", ..form::Input::default() })}
                {new_password_field(l, &self.errors, t!(l, "account.password").into_owned(), PASSWORD_MIN)}
                {agreement(l)}
                {actions(t!(l, "account.sign_up_send").into_owned())}
            </form>
            {section(t!(l, "account.have_account").into_owned(), view! {
                <a class="button" data-variant="outline" data-size="md" href=with_next("/account/sign-in", &self.next)>{t!(l, "nav.sign_in")}</a>
            })}
        }
        .into_any()
    }
}

fn agreement(l: Locale) -> AnyView {
    view! {
        <p class="muted">
            {t!(l, "account.agree_before")}
            <a href="/about/rules" target="_blank" rel="noopener">{t!(l, "account.agree_rules")}</a>
            {t!(l, "account.agree_between")}
            <a href="/about/privacy" target="_blank" rel="noopener">{t!(l, "account.agree_privacy")}</a>
            {t!(l, "account.agree_after")}
        </p>
    }
    .into_any()
}

/// `/account/confirm`
#[derive(Debug, Default)]
pub struct ConfirmPage {
    /// The address that is confirmed.
    pub email: String,
    /// The code as typed.
    pub code: String,
    /// Where the person was going.
    pub next: String,
    /// What is wrong.
    pub errors: FieldErrors,
    /// Another code was asked for a moment ago.
    pub resent: bool,
}

impl Page for ConfirmPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "account.confirm_title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels: Labels =
            vec![("email", t!(l, "account.email").into_owned()), ("code", t!(l, "account.code").into_owned())];
        let lead = if is_address(&self.email) {
            t!(l, "account.confirm_lead", email = self.email)
        } else {
            t!(l, "account.confirm_lead_plain")
        };
        view! {
            {breadcrumb(l, vec![], t!(l, "account.confirm_title").into_owned())}
            {form::error_summary(l, &self.errors, &labels)}
            {self.resent.then(|| notice("success", t!(l, "account.resent").into_owned(), t!(l, "account.resent_text").into_owned().into_any()))}
            <h1 class="page__title">{t!(l, "account.confirm_title")}</h1>
            <p class="page__lead">{lead}</p>
            <form class="form" method="post" action="/account/confirm" novalidate>
                {hidden("next", &self.next)}
                {carried_email(l, &self.errors, &self.email)}
                {code_field(l, &self.errors, &self.code)}
                {actions(t!(l, "account.confirm_send").into_owned())}
            </form>
            {is_address(&self.email).then(|| self.again(l))}
        }
        .into_any()
    }
}

impl ConfirmPage {
    fn again(&self, l: Locale) -> AnyView {
        section(
            t!(l, "account.not_arrived").into_owned(),
            view! {
                <p>{t!(l, "account.not_arrived_text")}</p>
                <form method="post" action="/account/confirm/resend">
                    {hidden("next", &self.next)}
                    {hidden("email", &self.email)}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "account.resend")}</button>
                </form>
                <p><a href=with_next("/account/sign-up", &self.next)>{t!(l, "account.other_address")}</a></p>
            },
        )
    }
}

/// `/account/sign-in`
#[derive(Debug, Default)]
pub struct SignInPage {
    /// The address as typed.
    pub email: String,
    /// Where the person was going.
    pub next: String,
    /// What is wrong.
    pub errors: FieldErrors,
    /// All sessions were ended a moment ago.
    pub signed_out: bool,
}

impl Page for SignInPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "nav.sign_in").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        // Whether the address or the password is wrong is not said: the summary names neither.
        let labels: Labels = if self.errors.of("email") == Some(Problem::Credentials) {
            vec![]
        } else {
            vec![("email", t!(l, "account.email").into_owned()), ("password", t!(l, "account.password").into_owned())]
        };
        let password = form::Field::new(l, &self.errors, "password", t!(l, "account.password"), "").required();
        view! {
            {breadcrumb(l, vec![], t!(l, "nav.sign_in").into_owned())}
            {form::error_summary(l, &self.errors, &labels)}
            {self.signed_out.then(|| notice("success", t!(l, "account.signed_out").into_owned(), t!(l, "account.signed_out_text").into_owned().into_any()))}
            <h1 class="page__title">{t!(l, "nav.sign_in")}</h1>
            <form class="form" method="post" action="/account/sign-in" novalidate>
                {hidden("next", &self.next)}
                {email_field(l, &self.errors, &self.email, "username", None)}
                {form::input(l, &password, form::Input { kind: "password", autocomplete: "current-password", mode: "" })}
                {actions(t!(l, "nav.sign_in").into_owned())}
                <p><a href="/account/reset">{t!(l, "account.forgotten")}</a></p>
            </form>
            {section(t!(l, "account.no_account").into_owned(), view! {
                <p>{t!(l, "account.no_account_text")}</p>
                <a class="button" data-variant="outline" data-size="md" href=with_next("/account/sign-up", &self.next)>{t!(l, "nav.sign_up")}</a>
            })}
        }
        .into_any()
    }
}

/// `/account/reset`: asks for a code to set a new password.
#[derive(Debug, Default)]
pub struct ResetPage {
    /// The address as typed.
    pub email: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl Page for ResetPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "account.reset_title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        view! {
            {breadcrumb(l, vec![], t!(l, "account.reset_title").into_owned())}
            {form::error_summary(l, &self.errors, &[("email", t!(l, "account.email").into_owned())])}
            <h1 class="page__title">{t!(l, "account.reset_title")}</h1>
            <p class="page__lead">{t!(l, "account.reset_lead")}</p>
            <form class="form" method="post" action="/account/reset" novalidate>
                {email_field(l, &self.errors, &self.email, "email", None)}
                {actions(t!(l, "account.sign_up_send").into_owned())}
            </form>
        }
        .into_any()
    }
}

/// `/account/reset/confirm`: sets a new password with the mailed code.
#[derive(Debug, Default)]
pub struct NewPasswordPage {
    /// The address the code went to.
    pub email: String,
    /// The code as typed.
    pub code: String,
    /// What is wrong.
    pub errors: FieldErrors,
}

impl Page for NewPasswordPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "account.reset_title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels: Labels = vec![
            ("email", t!(l, "account.email").into_owned()),
            ("code", t!(l, "account.code").into_owned()),
            ("password", t!(l, "account.new_password").into_owned()),
        ];
        let lead = if is_address(&self.email) {
            t!(l, "account.reset_sent", email = self.email)
        } else {
            t!(l, "account.reset_sent_plain")
        };
        let again = is_address(&self.email).then(|| {
            section(t!(l, "account.not_arrived").into_owned(), view! {
                <p>{t!(l, "account.reset_not_arrived_text")}</p>
                <form method="post" action="/account/reset">
                    {hidden("email", &self.email)}
                    <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "account.resend")}</button>
                </form>
                <p><a href="/account/reset">{t!(l, "account.other_address")}</a></p>
            })
        });
        view! {
            {breadcrumb(l, vec![], t!(l, "account.reset_title").into_owned())}
            {form::error_summary(l, &self.errors, &labels)}
            <h1 class="page__title">{t!(l, "account.reset_title")}</h1>
            <p class="page__lead">{lead}</p>
            <form class="form" method="post" action="/account/reset/confirm" novalidate>
                {carried_email(l, &self.errors, &self.email)}
                {code_field(l, &self.errors, &self.code)}
                {new_password_field(l, &self.errors, t!(l, "account.new_password").into_owned(), PASSWORD_MIN)}
                <p class="muted">{t!(l, "account.reset_everywhere")}</p>
                {actions(t!(l, "account.reset_send").into_owned())}
            </form>
            {again}
        }
        .into_any()
    }
}

/// `/account/invitation`: a member of staff sets the first password.
#[derive(Debug, Default)]
pub struct InvitationPage {
    /// The account's id, as in the link.
    pub account: String,
    /// The link's secret.
    pub token: String,
    /// What is wrong; a problem of `code` means that the link is of no use.
    pub errors: FieldErrors,
}

impl Page for InvitationPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "account.invitation_title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let title = t!(l, "account.invitation_title").into_owned();
        let content = if self.errors.of("code").is_some() {
            view! {
                {notice("error", t!(l, "account.invitation_dead").into_owned(), t!(l, "account.invitation_dead_text").into_owned().into_any())}
                <h1 class="page__title">{title.clone()}</h1>
                <p><a class="button" data-variant="outline" data-size="md" href="/account/sign-in">{t!(l, "nav.sign_in")}</a></p>
            }
            .into_any()
        } else {
            view! {
                {form::error_summary(l, &self.errors, &[("password", t!(l, "account.password").into_owned())])}
                <h1 class="page__title">{title.clone()}</h1>
                <p class="page__lead">{t!(l, "account.invitation_lead")}</p>
                <form class="form" method="post" action="/account/invitation" novalidate>
                    {hidden("account", &self.account)}
                    {hidden("token", &self.token)}
                    {new_password_field(l, &self.errors, t!(l, "account.password").into_owned(), STAFF_PASSWORD_MIN)}
                    {actions(t!(l, "account.invitation_send").into_owned())}
                </form>
            }
            .into_any()
        };
        view! { {breadcrumb(l, vec![], title)}{content} }.into_any()
    }
}

/// What happened a moment ago, said on top of [`AccountPage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The account is new.
    Welcome,
    /// A post was taken back.
    Withdrawn,
    /// The profile was changed.
    Profile,
    /// The password was changed.
    Password,
}

impl Told {
    /// Reads a value of the URL.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "welcome" => Some(Self::Welcome),
            "withdrawn" => Some(Self::Withdrawn),
            "profile" => Some(Self::Profile),
            "password" => Some(Self::Password),
            _ => None,
        }
    }

    fn view(self, l: Locale) -> AnyView {
        let (title, text) = match self {
            Self::Welcome => (t!(l, "account.welcome"), t!(l, "account.welcome_text")),
            Self::Withdrawn => (t!(l, "account.withdrawn"), t!(l, "account.withdrawn_text")),
            Self::Profile => (t!(l, "account.profile_saved"), t!(l, "account.profile_saved_text")),
            Self::Password => (t!(l, "account.password_saved"), t!(l, "account.password_saved_text")),
        };
        let themes = (self == Self::Welcome)
            .then(|| view! { <p><a href="/consultations">{t!(l, "account.welcome_themes")}</a></p> });
        notice("success", title.into_owned(), view! { <p>{text}</p>{themes} }.into_any())
    }
}

/// One of the person's own posts.
#[derive(Clone, Debug)]
pub struct MyPost {
    /// Where it is, unless its theme was taken off the site.
    pub href: Option<String>,
    /// Its title or the start of its text.
    pub headline: String,
    /// The theme's title.
    pub theme: String,
    /// The theme's phase.
    pub phase: Phase,
    /// Its state.
    pub state: ProposalState,
    /// Its receipt number.
    pub receipt: String,
    /// The path of its receipt, with the key.
    pub receipt_path: String,
    /// When it was sent.
    pub created_at: Millis,
    /// How many like it, where posts can be liked.
    pub likes: Option<i64>,
}

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it was last used.
    pub last_seen_at: Millis,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// `/account`: what belongs to the person who is signed in.
#[derive(Debug)]
pub struct AccountPage {
    /// What happened a moment ago.
    pub told: Option<Told>,
    /// The address.
    pub email: String,
    /// The display name, as it is or as typed.
    pub display_name: String,
    /// The tag of the language, as it is or as typed.
    pub language: String,
    /// What is wrong with the profile.
    pub errors: FieldErrors,
    /// The person's posts, the latest first.
    pub posts: Vec<MyPost>,
    /// Addresses and titles of the themes the person follows.
    pub followed: Vec<(String, String)>,
    /// Where the person is signed in.
    pub sessions: Vec<OpenSession>,
}

impl Page for AccountPage {
    fn head(&self, cx: &PageContext) -> Head {
        head(cx.locale, &self.errors, t!(cx.locale, "account.title").into_owned())
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let labels: Labels = vec![
            ("display_name", t!(l, "account.display_name").into_owned()),
            ("locale", t!(l, "account.language").into_owned()),
        ];
        let profile = self.profile(l);
        view! {
            {breadcrumb(l, vec![], t!(l, "account.title").into_owned())}
            {form::error_summary(l, &self.errors, &labels)}
            {self.told.map(|told| told.view(l))}
            <h1 class="page__title">{t!(l, "account.title")}</h1>
            {section(t!(l, "account.posts").into_owned(), posts(l, self.posts))}
            <div id="following">{section(t!(l, "follow.mine").into_owned(), super::follow::list(l, self.followed))}</div>
            {section(t!(l, "account.profile").into_owned(), profile)}
            {section(t!(l, "account.sessions").into_owned(), sessions(l, self.sessions))}
        }
        .into_any()
    }
}

impl AccountPage {
    fn profile(&self, l: Locale) -> AnyView {
        let name = form::Field::new(l, &self.errors, "display_name", t!(l, "account.display_name"), &self.display_name)
            .required()
            .help(t!(l, "account.display_name_help", max = DISPLAY_NAME_MAX));
        let language = form::Field::new(l, &self.errors, "locale", t!(l, "account.language"), &self.language)
            .required()
            .help(t!(l, "account.language_help"));
        let languages = Locale::ALL.into_iter().map(|l| (l.tag().to_owned(), l.own_name().to_owned())).collect();
        view! {
            <dl class="facts"><div><dt>{t!(l, "account.email")}</dt><dd>{self.email.clone()}</dd></div></dl>
            <form class="form" method="post" action="/account/profile" novalidate>
                {form::input(l, &name, form::Input { autocomplete: "nickname", ..form::Input::default() })}
                {form::select(l, &language, languages)}
                {actions(t!(l, "account.profile_save").into_owned())}
            </form>
            <p><a href="/account/reset">{t!(l, "account.password_change")}</a></p>
        }
        .into_any()
    }
}

fn posts(l: Locale, posts: Vec<MyPost>) -> AnyView {
    if posts.is_empty() {
        return empty(
            t!(l, "account.no_posts").into_owned(),
            Some(("/consultations".to_owned(), t!(l, "account.welcome_themes").into_owned())),
        );
    }
    let items = posts.into_iter().map(|p| post(l, p)).collect_view();
    view! { <ul class="proposal-list">{items}</ul> }.into_any()
}

fn post(l: Locale, p: MyPost) -> AnyView {
    let title = match p.href {
        Some(href) => view! { <a href=href>{p.headline}</a> }.into_any(),
        None => p.headline.into_any(),
    };
    view! {
        <li>
            <article class="proposal-card">
                <p class="proposal-card__question">{p.theme}" "{phase_badge(l, p.phase)}</p>
                <h3 class="proposal-card__title">{title}</h3>
                <div class="proposal-card__foot">
                    {badge(wording::proposal_tone(p.state), wording::proposal_state(l, p.state))}
                    {time(l, p.created_at)}
                    <a href=p.receipt_path>{t!(l, "account.receipt", number = p.receipt)}</a>
                    {p.likes.map(|n| view! { <span>{t!(l, "account.likes", n = n)}</span> })}
                </div>
            </article>
        </li>
    }
    .into_any()
}

fn sessions(l: Locale, sessions: Vec<OpenSession>) -> AnyView {
    let items = sessions
        .into_iter()
        .map(|s| {
            let here = s.here.then(|| badge("info", t!(l, "account.session_here").into_owned()));
            view! {
                <li>
                    <p>{agent_words(l, &s.user_agent)}" "{here}</p>
                    <p class="muted">{t!(l, "account.session_used")}" "{time(l, s.last_seen_at)}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="document-list">{items}</ul>
        <p>{t!(l, "account.sessions_text")}</p>
        <div class="button-row">
            <form method="post" action="/account/sign-out">
                <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "nav.sign_out")}</button>
            </form>
            <form method="post" action="/account/sign-out-everywhere">
                <button class="button" data-variant="outline" data-size="md" type="submit">{t!(l, "account.sign_out_everywhere")}</button>
            </form>
        </div>
    }
    .into_any()
}

fn agent_words(l: Locale, user_agent: &str) -> String {
    match agent(user_agent) {
        (Some(browser), Some(system)) => t!(l, "account.agent", browser = browser, system = system).into_owned(),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t!(l, "account.agent_unknown").into_owned(),
    }
}

/// Browsers by the mark in their `User-Agent`; those that also carry another's mark come first.
const BROWSERS: [(&str, &str); 9] = [
    ("Line/", "LINE"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems by their mark, in the same order.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
];

/// Browser and system that a `User-Agent` header (RFC 9110 §10.1.5) claims, by the names people know.
#[must_use]
pub fn agent(user_agent: &str) -> (Option<&'static str>, Option<&'static str>) {
    let first = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    (first(&BROWSERS), first(&SYSTEMS))
}

#[cfg(test)]
mod tests {
    use super::agent;

    #[test]
    fn browsers_are_told_apart_although_they_all_claim_to_be_others() {
        let cases = [
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                Some("Chrome"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.0.0",
                Some("LINE"),
                Some("iPhone"),
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Some("Firefox"), Some("Linux")),
            ("curl/8.5.0", None, None),
            ("", None, None),
        ];
        for (header, browser, system) in cases {
            assert_eq!(agent(header), (browser, system), "{header}");
        }
    }
}
