//! The draft (素案) for reading: versions, chapters and paragraphs with anchors.

use super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
