//! The site: routes, layers and one module per resource. Handlers read the request, call a service and render.

pub mod account;
pub mod api;
pub mod commitments;
pub mod consultations;
pub mod content;
mod download;
pub mod drafts;
pub mod follow;
pub mod layers;
pub mod multipart;
pub mod operations;
pub mod paper;
pub mod proposals;
pub mod receipts;
pub mod responses;
pub mod routes;
pub mod staff;
pub mod submissions;

use axum::Router;

use crate::state::App;

/// The whole site.
pub fn router(app: &App) -> Router {
    layers::apply(app.clone(), all_routes().into_router(), &app.config.site_root)
}

/// Every route with who may use it; the authorisation test walks through this table.
#[must_use]
pub fn all_routes() -> routes::Routes {
    let routes = routes::Routes::new();
    let routes = operations::routes(routes);
    let routes = content::routes(routes);
    let routes = consultations::routes(routes);
    let routes = proposals::routes(routes);
    let routes = submissions::routes(routes);
    let routes = drafts::routes(routes);
    let routes = paper::routes(routes);
    let routes = commitments::routes(routes);
    let routes = follow::routes(routes);
    let routes = responses::routes(routes);
    let routes = receipts::routes(routes);
    let routes = account::routes(routes);
    let routes = api::routes(routes);
    staff::routes(routes)
}
