//! From a page to a response: HTML, status and the headers that belong to it.

use std::sync::Arc;

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

/// A rendered page that is the same for every visitor.
#[derive(Clone, Debug)]
pub struct SharedPage {
    /// The document.
    pub html: Arc<str>,
    nonce: Option<Arc<str>>,
}

/// A kept page as an answer: the nonce of its scripts is a new one each time.
#[must_use]
pub fn shared_response(page: &SharedPage) -> Response {
    match &page.nonce {
        None => document(StatusCode::OK, page.html.to_string(), None, false),
        Some(old) => {
            let nonce = crate::secret::token();
            document(StatusCode::OK, page.html.replace(&**old, &nonce), Some(&nonce), false)
        }
    }
}

/// A page that is the same for every visitor: it may be kept for a moment, see `web::layers`.
pub fn shared(ctx: &Ctx, page: impl Page) -> Response {
    let rendered = app::shell::render(&ctx.page(), page);
    let kept = SharedPage { html: rendered.html.as_str().into(), nonce: rendered.nonce.as_deref().map(Into::into) };
    let mut response = document(StatusCode::OK, rendered.html, rendered.nonce.as_deref(), ctx.actor.is_some());
    if ctx.actor.is_none() {
        response.extensions_mut().insert(kept);
    }
    response
}

/// A page with a status.
pub fn page_with(ctx: &Ctx, status: StatusCode, page: impl Page) -> Response {
    let rendered = app::shell::render(&ctx.page(), page);
    document(status, rendered.html, rendered.nonce.as_deref(), ctx.actor.is_some())
}

fn document(status: StatusCode, html: String, nonce: Option<&str>, personal: bool) -> Response {
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(CSP, value);
    }
    // What a signed-in person sees is nobody else's; what everybody sees may be asked for again.
    let cache = if personal { "no-store" } else { "private, no-cache" };
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
