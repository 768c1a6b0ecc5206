//! Accounts: signing up, in and out, passwords, and what belongs to a person.

use std::collections::{BTreeSet, HashMap};

use app::{
    pages::account::{
        AccountPage, ConfirmPage, InvitationPage, MyPost, NewPasswordPage, OpenSession, ResetPage, SignInPage,
        SignUpPage, Told,
    },
    shell::percent,
};
use axum::{
    extract::Query,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::{
    CookieJar, Form,
    cookie::{Cookie, SameSite},
};
use domain::{FieldErrors, Locale, Problem, ProposalState, Role, account as rules};
use serde::Deserialize;

use super::{
    layers::{LANGUAGE, session_cookie},
    routes::{Access, Answer, Routes},
};
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, repository,
    service::{
        self, Checked,
        account::{Opened, Pending, SignUp, SignedIn, safe_next},
        consultation::Loaded,
    },
};

/// The routes. The addresses of actions can be read as well: people come there after signing in again or changing the
/// language.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/account/sign-up", Access::Public, sign_up_form)
        .post("/account/sign-up", Access::Public, sign_up)
        .get("/account/confirm", Access::Public, confirm_form)
        .post("/account/confirm", Access::Public, confirm)
        .get("/account/confirm/resend", Access::Public, to_confirm)
        .post("/account/confirm/resend", Access::Public, resend)
        .get("/account/sign-in", Access::Public, sign_in_form)
        .post("/account/sign-in", Access::Public, sign_in)
        .post("/account/sign-out", Access::Public, sign_out)
        .get("/account/sign-out-everywhere", Access::SignedIn, to_account)
        .post("/account/sign-out-everywhere", Access::SignedIn, sign_out_everywhere)
        .get("/account/reset", Access::Public, reset_form)
        .post("/account/reset", Access::Public, request_reset)
        .get("/account/reset/confirm", Access::Public, new_password_form)
        .post("/account/reset/confirm", Access::Public, reset)
        .get("/account/invitation", Access::Public, invitation_form)
        .post("/account/invitation", Access::Public, accept_invitation)
        .get("/account", Access::SignedIn, show)
        .get("/account/profile", Access::SignedIn, to_account)
        .post("/account/profile", Access::SignedIn, update_profile)
}

/// What these pages take from their address; each takes a part.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    email: String,
    next: String,
    notice: String,
    account: String,
    token: String,
}

/// What these forms send; each sends a part. No `Debug`: it holds passwords and codes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    email: String,
    display_name: String,
    password: String,
    code: String,
    locale: String,
    next: String,
    account: String,
    token: String,
}

/// What the browser calls itself.
fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Where a person goes who has just come in: on to what they wanted to do; the front page is no such thing.
fn landing<'a>(next: &'a str, role: Role, home: &'a str) -> &'a str {
    safe_next(next).filter(|next| *next != "/").unwrap_or(if role.is_staff() { "/staff" } else { home })
}

/// On, for those who are signed in already.
fn signed_in(ctx: &Ctx, next: &str) -> Option<Response> {
    ctx.role().map(|role| render::see_other(landing(next, role, "/account")))
}

/// Gives the browser its session.
fn set_session(ctx: &Ctx, jar: CookieJar, opened: &Opened) -> CookieJar {
    let https = ctx.app.config.is_https();
    let seconds = std::time::Duration::from_secs(u64::try_from(opened.max_age_s).unwrap_or_default());
    let cookie = Cookie::build((session_cookie(https), opened.token.clone()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .max_age(seconds.try_into().unwrap_or_default());
    jar.add(cookie)
}

/// Takes the session from the browser. Browsers heed a `__Host-` cookie's removal only with its attributes.
fn clear_session(ctx: &Ctx, jar: CookieJar) -> CookieJar {
    let https = ctx.app.config.is_https();
    jar.remove(Cookie::build(session_cookie(https)).path("/").http_only(true).same_site(SameSite::Lax).secure(https))
}

/// Lets a person in with a new session; the one the browser came with is over.
async fn enter(ctx: &Ctx, jar: CookieJar, opened: &Opened, to: &str) -> Answer {
    service::account::sign_out(ctx).await?;
    Ok((set_session(ctx, jar, opened), render::see_other(to)).into_response())
}

/// Binds a sign-up that waits for its code to the browser it was started in.
const SIGN_UP: &str = "sign-up";

/// Lets the browser keep what its code is good with, and leads to the page that asks for the code.
fn ask_for_code(ctx: &Ctx, jar: CookieJar, pending: Pending, next: &str) -> Response {
    let path = confirm_path(&pending.email, next);
    let cookie = Cookie::build((SIGN_UP, pending.binding))
        .path("/account")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(ctx.app.config.is_https());
    (jar.add(cookie), render::see_other(&path)).into_response()
}

/// The sign-up that waits in this browser, for an address.
fn pending(jar: &CookieJar, email: String) -> Pending {
    Pending { email, binding: jar.get(SIGN_UP).map(|c| c.value().to_owned()).unwrap_or_default() }
}

async fn to_account() -> Response {
    render::see_other("/account")
}

async fn to_confirm() -> Response {
    render::see_other("/account/confirm")
}

async fn sign_up_form(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    if let Some(on) = signed_in(&ctx, &asked.next) {
        return Ok(on);
    }
    Ok(render::page(&ctx, SignUpPage { email: asked.email, next: asked.next, ..SignUpPage::default() }))
}

async fn sign_up(ctx: Ctx, jar: CookieJar, Form(typed): Form<Typed>) -> Answer {
    let input = SignUp { email: typed.email, display_name: typed.display_name, password: typed.password };
    match service::account::sign_up(&ctx, &input).await? {
        Ok(pending) => Ok(ask_for_code(&ctx, jar, pending, &typed.next)),
        Err(errors) => {
            let page = SignUpPage { email: input.email, display_name: input.display_name, next: typed.next, errors };
            Ok(render::invalid(&ctx, page))
        }
    }
}

fn confirm_path(email: &str, next: &str) -> String {
    let next = safe_next(next).map(|next| format!("&next={}", percent(next))).unwrap_or_default();
    format!("/account/confirm?email={}{next}", percent(email))
}

async fn confirm_form(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    if let Some(on) = signed_in(&ctx, &asked.next) {
        return Ok(on);
    }
    let page =
        ConfirmPage { email: asked.email, next: asked.next, resent: asked.notice == "sent", ..ConfirmPage::default() };
    Ok(render::page(&ctx, page))
}

/// The address and a code that is at least there.
fn address_and_code(typed: &Typed) -> Checked<String> {
    let mut errors = FieldErrors::new();
    let email = errors.take("email", rules::email(&typed.email));
    if typed.code.trim().is_empty() {
        errors.push("code", Problem::Required);
    }
    errors.into_result(email)
}

async fn confirm(ctx: Ctx, jar: CookieJar, headers: HeaderMap, Form(typed): Form<Typed>) -> Answer {
    let confirmed = match address_and_code(&typed) {
        Ok(email) => service::account::confirm(&ctx, &pending(&jar, email), &typed.code, agent(&headers)).await?,
        Err(errors) => Err(errors),
    };
    match confirmed {
        Ok(opened) => enter(&ctx, jar, &opened, landing(&typed.next, opened.role, "/account?notice=welcome")).await,
        Err(errors) => {
            let page = ConfirmPage { email: typed.email, code: typed.code, next: typed.next, errors, resent: false };
            Ok(render::invalid(&ctx, page))
        }
    }
}

async fn resend(ctx: Ctx, jar: CookieJar, Form(typed): Form<Typed>) -> Answer {
    match rules::email(&typed.email) {
        Ok(email) => {
            let pending = pending(&jar, email.clone());
            if pending.binding.is_empty() {
                // Another browser than the one that signed up: the password tells who it is, and a code follows.
                return Ok(render::see_other("/account/sign-in"));
            }
            service::account::resend_confirmation(&ctx, &pending).await?;
            Ok(render::see_other(&format!("{}&notice=sent", confirm_path(&email, &typed.next))))
        }
        Err(problem) => {
            let errors = FieldErrors::one("email", problem);
            Ok(render::invalid(
                &ctx,
                ConfirmPage { email: typed.email, next: typed.next, errors, ..ConfirmPage::default() },
            ))
        }
    }
}

async fn sign_in_form(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    if let Some(on) = signed_in(&ctx, &asked.next) {
        return Ok(on);
    }
    let page = SignInPage { next: asked.next, signed_out: asked.notice == "signed-out", ..SignInPage::default() };
    Ok(render::page(&ctx, page))
}

async fn sign_in(ctx: Ctx, jar: CookieJar, headers: HeaderMap, Form(typed): Form<Typed>) -> Answer {
    match service::account::sign_in(&ctx, &typed.email, &typed.password, agent(&headers)).await? {
        Ok(SignedIn::Open(opened)) => enter(&ctx, jar, &opened, landing(&typed.next, opened.role, "/account")).await,
        Ok(SignedIn::Unconfirmed(pending)) => Ok(ask_for_code(&ctx, jar, pending, &typed.next)),
        Err(errors) => {
            let page = SignInPage { email: typed.email, next: typed.next, errors, signed_out: false };
            Ok(render::invalid(&ctx, page))
        }
    }
}

async fn sign_out(ctx: Ctx, jar: CookieJar) -> Answer {
    service::account::sign_out(&ctx).await?;
    Ok((clear_session(&ctx, jar), render::see_other("/")).into_response())
}

async fn sign_out_everywhere(ctx: Ctx, jar: CookieJar) -> Answer {
    service::account::sign_out_everywhere(&ctx).await?;
    Ok((clear_session(&ctx, jar), render::see_other("/account/sign-in?notice=signed-out")).into_response())
}

/// For those who forgot their password, and for those who want another one.
async fn reset_form(ctx: Ctx) -> Answer {
    let email = ctx.actor.as_ref().map(|a| a.email.clone()).unwrap_or_default();
    Ok(render::page(&ctx, ResetPage { email, errors: FieldErrors::new() }))
}

async fn request_reset(ctx: Ctx, Form(typed): Form<Typed>) -> Answer {
    match service::account::request_reset(&ctx, &typed.email).await? {
        Ok(email) => Ok(render::see_other(&format!("/account/reset/confirm?email={}", percent(&email)))),
        Err(errors) => Ok(render::invalid(&ctx, ResetPage { email: typed.email, errors })),
    }
}

async fn new_password_form(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    Ok(render::page(&ctx, NewPasswordPage { email: asked.email, ..NewPasswordPage::default() }))
}

async fn reset(ctx: Ctx, jar: CookieJar, headers: HeaderMap, Form(typed): Form<Typed>) -> Answer {
    let done = match address_and_code(&typed) {
        Ok(email) => service::account::reset(&ctx, &email, &typed.code, &typed.password, agent(&headers)).await?,
        Err(errors) => Err(errors),
    };
    match done {
        Ok(opened) => enter(&ctx, jar, &opened, landing("", opened.role, "/account?notice=password")).await,
        Err(errors) => Ok(render::invalid(&ctx, NewPasswordPage { email: typed.email, code: typed.code, errors })),
    }
}

async fn invitation_form(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    let page = InvitationPage { account: asked.account, token: asked.token, errors: FieldErrors::new() };
    if page.account.parse::<i64>().is_err() || page.token.is_empty() {
        return Ok(render::invalid(&ctx, InvitationPage { errors: FieldErrors::one("code", Problem::Code), ..page }));
    }
    Ok(render::page(&ctx, page))
}

async fn accept_invitation(ctx: Ctx, jar: CookieJar, headers: HeaderMap, Form(typed): Form<Typed>) -> Answer {
    let accepted = match typed.account.parse::<i64>() {
        Ok(id) => service::account::accept_invitation(&ctx, id, &typed.token, &typed.password, agent(&headers)).await?,
        Err(_) => Err(FieldErrors::one("code", Problem::Code)),
    };
    match accepted {
        Ok(opened) => enter(&ctx, jar, &opened, landing("", opened.role, "/account")).await,
        Err(errors) => Ok(render::invalid(&ctx, InvitationPage { account: typed.account, token: typed.token, errors })),
    }
}

async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    let page = account_page(&ctx).await?;
    Ok(render::page(&ctx, AccountPage { told: Told::from_code(&asked.notice), ..page }))
}

async fn update_profile(ctx: Ctx, jar: CookieJar, Form(typed): Form<Typed>) -> Answer {
    let saved = match Locale::from_tag(&typed.locale) {
        Some(locale) => service::account::update_profile(&ctx, &typed.display_name, locale).await?,
        None => Err(FieldErrors::one("locale", Problem::UnknownChoice)),
    };
    match saved {
        // From now on the account's language counts, not what the menu set in this browser before.
        Ok(()) => Ok((jar.remove(Cookie::build(LANGUAGE).path("/")), render::see_other("/account?notice=profile"))
            .into_response()),
        Err(errors) => {
            let page = account_page(&ctx).await?;
            Ok(render::invalid(
                &ctx,
                AccountPage { display_name: typed.display_name, language: typed.locale, errors, ..page },
            ))
        }
    }
}

async fn account_page(ctx: &Ctx) -> Result<AccountPage> {
    let actor = ctx.actor()?;
    let account = repository::account::by_id(ctx.db(), actor.id.0).await?.ok_or(AppError::NotFound)?;
    let sessions = repository::account::sessions(ctx.db(), actor.id.0, ctx.now).await?;
    let open = |s: crate::entity::session::Model| OpenSession {
        here: s.id == actor.session.0,
        user_agent: s.user_agent,
        last_seen_at: s.last_seen_at,
    };
    Ok(AccountPage {
        told: None,
        email: account.email,
        display_name: account.display_name,
        language: account.locale.unwrap_or_else(|| ctx.locale.tag().to_owned()),
        errors: FieldErrors::new(),
        posts: posts(ctx, actor.id.0).await?,
        followed: service::follow::mine(ctx).await?.into_iter().map(|theme| (theme.slug, theme.title)).collect(),
        sessions: sessions.into_iter().map(open).collect(),
    })
}

async fn posts(ctx: &Ctx, account: i64) -> Result<Vec<MyPost>> {
    let rows = repository::proposal::by_account(ctx.db(), account).await?;
    let ids: BTreeSet<i64> = rows.iter().map(|p| p.consultation_id).collect();
    let found = repository::consultation::by_ids(ctx.db(), ids.into_iter().collect()).await?;
    let themes: HashMap<i64, Loaded> = found.into_iter().map(|(id, row)| (id, Loaded::new(row, ctx.now))).collect();
    let mine = rows.into_iter().filter_map(|p| themes.get(&p.consultation_id).map(|theme| my_post(ctx, theme, p)));
    Ok(mine.collect())
}

fn my_post(ctx: &Ctx, theme: &Loaded, p: crate::entity::proposal::Model) -> MyPost {
    let href = format!("/consultations/{}/proposals/{}", theme.row.slug, p.id);
    MyPost {
        href: theme.phase.is_public().then_some(href),
        headline: app::wording::headline(p.title.as_deref(), &p.body),
        theme: theme.row.title.clone(),
        phase: theme.phase,
        state: ProposalState::from_code(&p.state).unwrap_or(ProposalState::Hidden),
        receipt_path: service::submission::receipt_path(ctx, &p),
        receipt: p.receipt_number,
        created_at: p.created_at,
        likes: theme.kind.shows_proposals().then_some(p.like_count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_land_where_they_were_going_or_at_home() {
        assert_eq!(landing("/consultations/a", Role::Resident, "/account"), "/consultations/a");
        assert_eq!(landing("/consultations/a", Role::Clerk, "/account"), "/consultations/a");
        assert_eq!(landing("//evil.example", Role::Resident, "/account"), "/account");
        assert_eq!(landing("", Role::Admin, "/account"), "/staff");
        assert_eq!(landing("/", Role::Resident, "/account?notice=welcome"), "/account?notice=welcome");
    }

    #[test]
    fn the_way_on_survives_the_confirmation() {
        assert_eq!(
            confirm_path("a+b@example.jp", "/x?y=1"),
            "/account/confirm?email=a%2Bb%40example.jp&next=/x%3Fy%3D1"
        );
        assert_eq!(confirm_path("a@example.jp", "https://evil.example"), "/account/confirm?email=a%40example.jp");
    }
}
