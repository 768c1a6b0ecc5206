//! What is printed: the blank 意見用紙 and the poster, each with the QR code of the theme.

use super::routes::Routes;

/// The routes.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
}
