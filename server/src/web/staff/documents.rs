//! Versions of the draft and its own text.

use super::super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
