//! The form of a public comment: three steps, no account needed.

mod body;
mod page;

use app::pages::submissions::{FILE_MAX_MIB, FormNotice, NAMES, OPINIONS_MAX, OpinionInput, SubmissionInput};
use axum::{
    extract::{Path, Request},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::{
    CookieJar, Form, Query,
    cookie::{Cookie, SameSite},
};
use domain::{ConsultationKind, FieldErrors, Phase, Problem};
use serde::Deserialize;

pub(super) use body::{FORM_LIMIT, Pressed, input_of, parse, pressed, read, small};
pub(super) use page::{draft_places, handed_back, theme};

use super::{
    multipart::FormWithFiles,
    routes::{Access, Answer, Routes},
};
use crate::{
    ctx::Ctx,
    error::{AppError, Result},
    render, secret,
    service::{
        consultation::{Loaded, visible},
        submission::{
            self,
            form::{self, FileChanges, Sent, Slot},
        },
    },
};

/// The routes. The form itself is at the address of the proposals' form, see `web::proposals`.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/consultations/{slug}/proposals/confirm", Access::Public, confirm).post(
        "/consultations/{slug}/proposals/send",
        Access::Public,
        send,
    )
}

/// The cookie that knows which form is this browser's. It goes with the browser.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-machikoe_form" } else { "machikoe_form" }
}

/// The browser's token, if it has one.
pub(super) fn token(ctx: &Ctx, jar: &CookieJar) -> Option<String> {
    let value = jar.get(cookie_name(ctx.app.config.is_https()))?.value().to_owned();
    is_token(&value).then_some(value)
}

/// Whether it can be a token of ours: 256 bits in base64url (RFC 4648 §5), without padding. Anything else a client made
/// up, and it must not mean anything here.
fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Gives the browser a token.
fn with_token(ctx: &Ctx, jar: CookieJar, response: Response) -> Response {
    let https = ctx.app.config.is_https();
    let cookie = Cookie::build((cookie_name(https), secret::token()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https);
    (jar.add(cookie), response).into_response()
}

/// What people typed is nobody else's, in caches either.
pub(super) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the form's address may carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FormQuery {
    /// The paragraph of the draft that an opinion is to be about.
    anchor: String,
    /// The page of the draft.
    page: String,
    /// What was done a moment ago.
    notice: String,
}

/// The form.
pub(super) async fn open(ctx: &Ctx, loaded: Loaded, jar: CookieJar, query: &FormQuery) -> Answer {
    if form::may_use(ctx).is_err() {
        return page::staff(ctx, &loaded).await;
    }
    let token = token(ctx, &jar);
    let kept = match &token {
        Some(token) => form::load(ctx.db(), &Slot::of_browser(token, loaded.row.id)).await?,
        None => None,
    };
    if loaded.phase != Phase::Open {
        return match kept {
            Some((input, _)) => page::closed(ctx, &loaded, &input, true).await,
            None => Ok(render::see_other(&format!("/consultations/{}", loaded.row.slug))),
        };
    }
    let saved_at = kept.as_ref().map(|(_, at)| *at);
    let mut input = kept.map(|(input, _)| input).unwrap_or_default();
    let mut page = page::form(ctx, &loaded, SubmissionInput::default()).await?;
    if query.notice == "check" && saved_at.is_some() {
        page.errors = form::check(&loaded.rules, &page.places, &input).err().unwrap_or_default();
    }
    preset(&mut input, query);
    fill(&mut input);
    page.notice = match query.notice.as_str() {
        "saved" if saved_at.is_some() => Some(FormNotice::Saved),
        "added" if saved_at.is_some() => Some(FormNotice::Added),
        "removed" if saved_at.is_some() => Some(FormNotice::Removed),
        "cleared" if saved_at.is_none() => Some(FormNotice::Cleared),
        _ if saved_at.is_some() && page.errors.is_empty() => Some(FormNotice::Restored),
        _ => None,
    };
    page.input = input;
    page.saved_at = saved_at;
    let response = private(render::page(ctx, page));
    Ok(if token.is_none() { with_token(ctx, jar, response) } else { response })
}

/// Every form has a token and a box to write in.
pub(super) fn fill(input: &mut SubmissionInput) {
    if !is_token(&input.form) {
        input.form = form::new_form();
    }
    if input.opinions.is_empty() {
        input.opinions.push(OpinionInput::default());
    }
    input.opinions.truncate(OPINIONS_MAX);
}

/// Puts the place that a link named into an opinion that has nothing yet, or into a new one.
fn preset(input: &mut SubmissionInput, query: &FormQuery) {
    let (place, page) = (query.anchor.trim(), query.page.trim());
    let short = |text: &str| text.len() <= 20;
    if (place.is_empty() && page.is_empty()) || !short(place) || !short(page) {
        return;
    }
    if input.opinions.iter().any(|opinion| opinion.place == place && opinion.page == page) {
        return;
    }
    let new = OpinionInput { place: place.to_owned(), page: page.to_owned(), ..OpinionInput::default() };
    let full = input.opinions.len() >= OPINIONS_MAX;
    match input.opinions.iter_mut().find(|opinion| opinion.is_empty()) {
        Some(empty) => *empty = new,
        None if full => {}
        None => input.opinions.push(new),
    }
}

/// What was sent with a button of the form.
pub(super) async fn receive(ctx: &Ctx, loaded: Loaded, jar: CookieJar, request: Request) -> Answer {
    if form::may_use(ctx).is_err() {
        return page::staff(ctx, &loaded).await;
    }
    let (mut sent, too_many) = match body::read_limited(ctx, request).await? {
        Ok(sent) => sent,
        Err(refused) => return Ok(refused),
    };
    let mut input = input_of(&sent);
    fill(&mut input);
    if let Some(error) = too_many {
        return page::refused(ctx, &loaded, error, &input).await;
    }
    let base = format!("/consultations/{}/proposals", loaded.row.slug);
    let Some(token) = token(ctx, &jar) else {
        if loaded.phase != Phase::Open {
            return page::closed(ctx, &loaded, &input, false).await;
        }
        // Nothing was kept: everything stays on the page, and the browser gets what it needs for the next try.
        let mut page = page::form(ctx, &loaded, input).await?;
        page.notice = Some(FormNotice::NoCookie);
        return Ok(with_token(ctx, jar, private(render::invalid(ctx, page))));
    };
    let slot = Slot::of_browser(&token, loaded.row.id);
    if let Some(known) = form::sent(ctx.db(), &slot, &input.form).await? {
        return Ok(render::see_other(&submission::receipt_path(ctx, &known)));
    }
    let pressed = pressed(&sent);
    if pressed == Pressed::Clear {
        form::forget(ctx, &slot).await?;
        return Ok(render::see_other(&format!("{base}/new?notice=cleared")));
    }
    let Kept { input, saved, wrong, place } = match keep(ctx, &loaded, &slot, &mut sent, input.clone()).await {
        Ok(kept) => kept,
        Err(error) => return page::refused(ctx, &loaded, error, &input).await,
    };
    if loaded.phase != Phase::Open {
        return page::closed(ctx, &loaded, &input, saved).await;
    }
    let places = draft_places(ctx, &loaded).await?;
    let mut errors = if pressed == Pressed::Next || !saved {
        form::check(&loaded.rules, &places, &input).err().unwrap_or_default()
    } else {
        FieldErrors::new()
    };
    if let Some(problem) = wrong {
        errors.push("files", problem);
    }
    if !errors.is_empty() || !saved {
        let mut page = page::form_with(ctx, &loaded, input, places).await?;
        page.errors = errors;
        return Ok(private(render::invalid(ctx, page)));
    }
    Ok(render::see_other(&match pressed {
        Pressed::Next => format!("{base}/confirm"),
        Pressed::Add => format!("{base}/new?notice=added#{place}"),
        Pressed::Remove(_) => format!("{base}/new?notice=removed#opinions"),
        _ => format!("{base}/new?notice=saved"),
    }))
}

/// What came of keeping a form.
struct Kept {
    /// What was typed, with its files.
    input: SubmissionInput,
    /// Whether it is kept; too long a text is not.
    saved: bool,
    /// What is wrong with a file.
    wrong: Option<Problem>,
    /// The place on the page to go on at.
    place: String,
}

/// Keeps what was sent, with its files.
async fn keep(
    ctx: &Ctx,
    loaded: &Loaded,
    slot: &Slot,
    sent: &mut FormWithFiles,
    mut input: SubmissionInput,
) -> Result<Kept> {
    let pressed = pressed(sent);
    let files = form::load(ctx.db(), slot).await?.map(|(kept, _)| kept.files).unwrap_or_default();
    let accepts = loaded.rules.attachments && loaded.phase == Phase::Open;
    let new = if accepts { sent.take_files("files") } else { vec![] };
    let (add, wrong) = form::accept_files(ctx, files.len(), new).await?;
    let wrong = if sent.too_large { Some(Problem::FileSize { max_mib: FILE_MAX_MIB }) } else { wrong };
    let drop = if let Pressed::Drop(id) = pressed { Some(id) } else { None };
    let place = apply(&mut input, pressed);
    let stored = form::keep(ctx, slot, input.clone(), FileChanges { add, drop }).await?;
    let saved = stored.is_some();
    Ok(Kept { input: stored.unwrap_or(SubmissionInput { files, ..input }), saved, wrong, place })
}

/// Adds or takes away a box; gives the id of the place on the page to go on at.
pub(super) fn apply(input: &mut SubmissionInput, pressed: Pressed) -> String {
    match pressed {
        Pressed::Add if input.opinions.len() < OPINIONS_MAX => input.opinions.push(OpinionInput::default()),
        Pressed::Remove(n) if input.opinions.len() > 1 && (1..=input.opinions.len()).contains(&n) => {
            input.opinions.remove(n - 1);
        }
        _ => {}
    }
    let last = input.opinions.len().checked_sub(1).and_then(|n| NAMES.get(n));
    last.map(|names| format!("f-{}", names.text)).unwrap_or_default()
}

/// A public comment that the reader may send an opinion to.
async fn comment(ctx: &Ctx, slug: &str) -> Result<Loaded> {
    let loaded = visible(ctx, slug).await?;
    if loaded.kind == ConsultationKind::PublicComment { Ok(loaded) } else { Err(AppError::NotFound) }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfirmQuery {
    notice: String,
}

async fn confirm(ctx: Ctx, Path(slug): Path<String>, jar: CookieJar, Query(query): Query<ConfirmQuery>) -> Answer {
    let loaded = comment(&ctx, &slug).await?;
    if form::may_use(&ctx).is_err() {
        return page::staff(&ctx, &loaded).await;
    }
    let new = format!("/consultations/{slug}/proposals/new");
    let kept = match token(&ctx, &jar) {
        Some(token) => form::load(ctx.db(), &Slot::of_browser(&token, loaded.row.id)).await?,
        None => None,
    };
    let Some((input, _)) = kept else { return Ok(render::see_other(&new)) };
    if loaded.phase != Phase::Open {
        return page::closed(&ctx, &loaded, &input, true).await;
    }
    let places = draft_places(&ctx, &loaded).await?;
    let Ok(clean) = form::check(&loaded.rules, &places, &input) else {
        return Ok(render::see_other(&format!("{new}?notice=check")));
    };
    let changed = query.notice == "changed";
    Ok(private(render::page(&ctx, page::confirm(&ctx, &loaded, &input, &places, clean, changed).await?)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SendBody {
    form: String,
    seen: String,
}

async fn send(ctx: Ctx, Path(slug): Path<String>, jar: CookieJar, Form(body): Form<SendBody>) -> Answer {
    let loaded = comment(&ctx, &slug).await?;
    if form::may_use(&ctx).is_err() {
        return page::staff(&ctx, &loaded).await;
    }
    let base = format!("/consultations/{slug}/proposals");
    let Some(token) = token(&ctx, &jar) else { return Ok(render::see_other(&format!("{base}/new"))) };
    let slot = Slot::of_browser(&token, loaded.row.id);
    let sent = match form::send(&ctx, &loaded, &slot, &body.form, &body.seen).await {
        Ok(sent) => sent,
        Err(error) => {
            let input = form::load(ctx.db(), &slot).await.ok().flatten().map(|(input, _)| input).unwrap_or_default();
            return page::refused(&ctx, &loaded, error, &input).await;
        }
    };
    Ok(match sent {
        Sent::Received(made) => render::see_other(&format!("{}&notice=sent", submission::receipt_path(&ctx, &made))),
        Sent::Closed => {
            let kept = form::load(ctx.db(), &slot).await?.map(|(input, _)| input);
            return page::closed(&ctx, &loaded, &kept.unwrap_or_default(), true).await;
        }
        Sent::Changed => render::see_other(&format!("{base}/confirm?notice=changed")),
        Sent::Invalid => render::see_other(&format!("{base}/new?notice=check")),
        Sent::Nothing => render::see_other(&format!("{base}/new")),
    })
}
