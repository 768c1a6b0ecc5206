//! Turns every refusal, wherever it comes from, into a page in the person's language.

use app::pages::errors::{ErrorKind, ErrorPage};
use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tower_http::csrf::ProtectionError;

use crate::{ctx::Ctx, error::Failure, render};

/// Something is here, but not for this method.
pub async fn method_not_allowed() -> Response {
    failed(ErrorKind::MethodNotAllowed)
}

/// A handler panicked: logged by the panic hook; the person gets a page like for any fault of ours.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    failed(ErrorKind::Internal)
}

/// Answers requests that another site made in the person's name.
pub fn cross_origin(_: ProtectionError) -> Response {
    failed(ErrorKind::CrossOrigin)
}

fn failed(kind: ErrorKind) -> Response {
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = status.into_response();
    response.extensions_mut().insert(Failure::Page(kind));
    response
}

/// Renders what [`Failure`] stands for, and answers of libraries that are no page (a body that is too large or can't be
/// read) alike.
pub async fn pages(ctx: Ctx, request: Request, next: Next) -> Response {
    let plain = request.uri().path().starts_with("/api/");
    let reads = request.method() == Method::GET;
    let response = next.run(request).await;
    let failure = response.extensions().get::<Failure>().copied().or_else(|| bare(&response, reads));
    match failure {
        _ if plain => response,
        Some(Failure::SignIn) => {
            render::see_other(&format!("/account/sign-in?next={}", app::shell::percent(&ctx.path)))
        }
        Some(Failure::Page(kind)) => page(&ctx, kind, None),
        None => response,
    }
}

/// The page of a refusal; `typed` is handed back so that nothing is lost.
pub fn page(ctx: &Ctx, kind: ErrorKind, typed: Option<String>) -> Response {
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response =
        render::page_with(ctx, status, ErrorPage { kind, request_id: ctx.request_id.clone(), handed_back: typed });
    if let ErrorKind::TooMany { retry_after } = kind {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    }
    if kind == ErrorKind::Unavailable {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(10));
    }
    if kind.status() >= 500 {
        tracing::error!(request_id = ctx.request_id, status = kind.status(), "answered with an error page");
    }
    response
}

/// Which page an answer of a library stands for.
fn bare(response: &Response, reads: bool) -> Option<Failure> {
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if html {
        return None;
    }
    let kind = match response.status() {
        // An address with a part that can't be one of ours, such as a word for a number.
        StatusCode::BAD_REQUEST if reads => ErrorKind::NotFound,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ErrorKind::BadRequest
        }
        StatusCode::NOT_FOUND => ErrorKind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorKind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorKind::TooLarge,
        StatusCode::SERVICE_UNAVAILABLE => ErrorKind::Unavailable,
        StatusCode::INTERNAL_SERVER_ERROR => ErrorKind::Internal,
        _ => return None,
    };
    Some(Failure::Page(kind))
}
