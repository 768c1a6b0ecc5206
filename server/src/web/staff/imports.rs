//! Bulk import of submissions from CSV and XLSX.

use super::super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
