//! Finds out who asks, from where and in which language.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::CookieJar;
use domain::Locale;

use crate::{
    ctx::{Ctx, Inner},
    error::AppError,
    secret, service,
    state::App,
};

/// The cookie of the language.
pub const LANGUAGE: &str = "language";

/// The cookie of the session; the prefix binds it to https and this host (RFC 6265bis §4.1.3).
#[must_use]
pub const fn session_cookie(https: bool) -> &'static str {
    if https { "__Host-session" } else { "session" }
}

/// Puts the [`Ctx`] into the request.
pub async fn provide(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let now = app.clock.now();
    let cookies = CookieJar::from_headers(request.headers());
    let token = cookies.get(session_cookie(app.config.is_https())).map(|c| c.value().to_owned());
    let found = match &token {
        Some(token) => service::account::actor_of(&app, token, now).await,
        None => Ok(None),
    };
    let path = request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str).to_owned();
    let (actor, chosen, failure) = match found {
        Ok(Some((actor, locale))) => (Some(actor), locale, None),
        Ok(None) => (None, None, None),
        Err(error) => (None, None, Some(error)),
    };
    // PostgreSQL stores no NUL and refuses to look for one; no address of ours holds one.
    let failure = failure.or_else(|| path.contains("%00").then_some(AppError::BadRequest));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let ctx = Ctx::new(Inner {
        locale: locale(&cookies, chosen, request.headers()),
        ip: peer.map(|peer| client_ip(&app, peer, request.headers())),
        request_id: secret::hash(&secret::token()).chars().take(12).collect(),
        actor,
        now,
        path,
        app,
    });
    request.extensions_mut().insert(ctx.clone());
    let mut response = match failure {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    response.extensions_mut().insert(ctx);
    response
}

/// The language: the cookie set by the menu, the account's, the browser's, Japanese.
fn locale(cookies: &CookieJar, account: Option<Locale>, headers: &HeaderMap) -> Locale {
    let browser = || headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Locale::negotiate);
    cookies.get(LANGUAGE).and_then(|c| Locale::from_tag(c.value())).or(account).or_else(browser).unwrap_or_default()
}

/// The client's address: the peer, unless the peer is a proxy of ours; then the last hop that is not.
fn client_ip(app: &App, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let ours = |ip: &IpAddr| app.proxies.iter().any(|net| net.contains(ip));
    if !ours(&peer) {
        return peer;
    }
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let hops: Vec<IpAddr> = hops.filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|ip| !ours(ip)).unwrap_or(peer)
}
