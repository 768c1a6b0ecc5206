//! Extension, links, copies and the planned days of a theme.

use super::super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
