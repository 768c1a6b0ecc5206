//! The form of a public comment: three steps, no account needed.

use super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
