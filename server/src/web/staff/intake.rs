//! The intake queue: every channel in one list.

use super::super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
