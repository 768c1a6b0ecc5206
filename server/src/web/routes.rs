//! The route table: a route can't be added without saying who may use it.

use std::time::Duration;

use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::{Method, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use domain::permission::{SiteAction, site};
use tower_http::timeout::TimeoutLayer;

use crate::{ctx::Ctx, error::AppError};

/// How long an answer may take.
const ORDINARY_TIME: Duration = Duration::from_mins(1);
/// How long it may take where large files are sent or worked on.
const LARGE_TIME: Duration = Duration::from_mins(30);

/// Who may use a route at all. What they may do to the object behind it is decided by the service on the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody who is signed in.
    SignedIn,
    /// Staff.
    Staff,
    /// Those who may read the audit log.
    Audit,
}

impl Access {
    fn check(self, ctx: &Ctx) -> Result<(), AppError> {
        match self {
            Self::Public => Ok(()),
            Self::SignedIn => ctx.actor().map(drop),
            Self::Staff => ctx.allow(site(ctx.role(), SiteAction::OpenConsole)),
            Self::Audit => ctx.allow(site(ctx.role(), SiteAction::ReadAudit)),
        }
    }
}

/// One route.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// The method.
    pub method: Method,
    /// The path with its parameters.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// Routes and the table of them.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router,
    table: Vec<RouteInfo>,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.limited(Method::GET, path, access, on(MethodFilter::GET, handler), ORDINARY_TIME)
    }

    /// An action.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, ()>,
        T: 'static,
    {
        self.limited(Method::POST, path, access, on(MethodFilter::POST, handler), ORDINARY_TIME)
    }

    /// A route that is laid out by hand, for large files: it sets its own body limit, and slow lines get the time they
    /// need.
    #[must_use]
    pub fn add(self, method: Method, path: &'static str, access: Access, route: MethodRouter) -> Self {
        self.limited(method, path, access, route, LARGE_TIME)
    }

    fn limited(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        route: MethodRouter,
        time: Duration,
    ) -> Self {
        let route = route.route_layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time));
        let guarded =
            route.route_layer(middleware::from_fn(move |ctx: Ctx, request: Request, next: Next| async move {
                match access.check(&ctx) {
                    Ok(()) => next.run(request).await,
                    Err(error) => error.into_response(),
                }
            }));
        self.table.push(RouteInfo { method, path, access });
        self.router = self.router.route(path, guarded);
        self
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &[RouteInfo] {
        &self.table
    }

    /// The router.
    pub fn into_router(self) -> Router {
        self.router
    }
}

/// The answer of a handler.
pub type Answer = Result<Response, AppError>;
