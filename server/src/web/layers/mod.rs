//! What every request passes on its way in and out.

mod context;
mod errors;
mod headers;
mod shared;

use std::path::Path;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware,
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, services::ServeDir,
    trace::TraceLayer,
};
use tracing::info_span;

pub use context::{LANGUAGE, session_cookie};
pub use errors::page as error_page;
pub use shared::SharedPages;

use crate::state::App;

/// Largest body of an ordinary form; routes that take files say so themselves.
const FORM_LIMIT: usize = 512 * 1024;

/// Puts the layers around the routes. From the outside in: trace, headers, compression, context, error pages, panic,
/// cross-origin check, body limit; the time limit is the route's. What no route answers is looked for among the files of
/// the site.
pub fn apply(app: App, routes: Router, site_root: &Path) -> Router {
    let pkg = ServeDir::new(site_root.join("pkg")).precompressed_br().precompressed_gzip();
    let files = ServeDir::new(site_root).append_index_html_on_directories(false);
    let pages = routes.method_not_allowed_fallback(errors::method_not_allowed).fallback_service(files).layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(app, context::provide))
            .layer(middleware::from_fn(shared::pages))
            .layer(middleware::from_fn(errors::pages))
            .layer(CatchPanicLayer::custom(errors::panicked))
            .layer(CsrfLayer::new().with_rejection_response(errors::cross_origin))
            .layer(DefaultBodyLimit::max(FORM_LIMIT)),
    );
    Router::new().nest_service("/pkg", pkg).fallback_service(pages).layer(
        ServiceBuilder::new()
            .layer(
                // The path may carry receipt numbers and codes: only the method is written down.
                TraceLayer::new_for_http()
                    .make_span_with(|request: &Request| info_span!("request", method = %request.method())),
            )
            .layer(middleware::from_fn(headers::secure))
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest)),
    )
}
