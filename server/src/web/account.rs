//! Accounts.
use super::routes::Routes;
/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
