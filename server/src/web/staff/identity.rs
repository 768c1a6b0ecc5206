//! Who sent a submission: seen for a reason, exported for a reason.

use super::super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
