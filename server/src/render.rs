//! From a page to a response: HTML, status and the headers that belong to it.

use app::shell::Page;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::ctx::Ctx;

const CSP: HeaderName = header::CONTENT_SECURITY_POLICY;

/// The policy of every page (CSP Level 3). Scripts run only on pages with islands, and only ours: the inline loader by
/// its nonce, the module and WebAssembly from this site.
fn policy(nonce: Option<&str>) -> String {
    let script = match nonce {
        Some(nonce) => format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; connect-src 'self'"),
        None => "script-src 'none'; connect-src 'none'".to_owned(),
    };
    format!(
        "default-src 'none'; {script}; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// A page with a status.
pub fn page_with(ctx: &Ctx, status: StatusCode, page: impl Page) -> Response {
    let rendered = app::shell::render(&ctx.page(), page);
    let mut response = (status, Html(rendered.html)).into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&policy(rendered.nonce.as_deref())) {
        headers.insert(CSP, value);
    }
    // What a signed-in person sees is nobody else's; what everybody sees may be asked for again.
    let cache = if ctx.actor.is_some() { "no-store" } else { "private, no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

/// A page.
pub fn page(ctx: &Ctx, page: impl Page) -> Response {
    page_with(ctx, StatusCode::OK, page)
}

/// A page whose form has to be corrected (RFC 9110 §15.5.21).
pub fn invalid(ctx: &Ctx, page: impl Page) -> Response {
    page_with(ctx, StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// On to another page after something was done (303).
#[must_use]
pub fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}
