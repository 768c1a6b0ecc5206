//! Why a request can't be served. Small and transport-agnostic; the words are in `app`, the status in [`ErrorKind`].

use app::pages::errors::ErrorKind;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// The result of services and handlers.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// Why a request can't be served.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Not there, or not to be seen by this person: the two can't be told apart from outside.
    #[error("not found")]
    NotFound,
    /// Signed in, but not allowed.
    #[error("forbidden")]
    Forbidden,
    /// Needs an account: the person is sent to the sign-in page and back.
    #[error("sign-in required")]
    SignInRequired,
    /// It was taken back by its author.
    #[error("gone")]
    Gone,
    /// It changed in the meantime.
    #[error("conflict")]
    Conflict,
    /// The request can't be read.
    #[error("bad request")]
    BadRequest,
    /// Too many in a short time.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The database is away.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        if is_away(&error) { Self::Unavailable(error.to_string()) } else { Self::Internal(error.into()) }
    }
}

/// Whether the error says that the database can't be reached, rather than that we asked something wrong.
fn is_away(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => match &**e {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                true
            }
            // 57P0x: the server is shutting down or starting up (PostgreSQL, Appendix A).
            sqlx::Error::Database(e) => e.code().is_some_and(|code| code.starts_with("57P")),
            _ => false,
        },
        _ => false,
    }
}

impl AppError {
    /// The kind a person is shown; `None` when they are redirected instead.
    #[must_use]
    pub const fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::NotFound => Some(ErrorKind::NotFound),
            Self::Forbidden => Some(ErrorKind::Forbidden),
            Self::SignInRequired => None,
            Self::Gone => Some(ErrorKind::Gone),
            Self::Conflict => Some(ErrorKind::Conflict),
            Self::BadRequest => Some(ErrorKind::BadRequest),
            Self::TooMany { retry_after } => Some(ErrorKind::TooMany { retry_after: *retry_after }),
            Self::Unavailable(_) => Some(ErrorKind::Unavailable),
            Self::Internal(_) => Some(ErrorKind::Internal),
        }
    }
}

/// Says to the outer layer that this response stands for an error page that has yet to be rendered.
#[derive(Clone, Copy, Debug)]
pub enum Failure {
    /// An error page.
    Page(ErrorKind),
    /// To the sign-in page and back.
    SignIn,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match &self {
            Self::Internal(error) => tracing::error!(error = format!("{error:#}"), "request failed"),
            Self::Unavailable(error) => tracing::warn!(error, "database away"),
            _ => {}
        }
        let (status, failure) = match self.kind() {
            Some(kind) => (StatusCode::from_u16(kind.status()).unwrap_or_default(), Failure::Page(kind)),
            None => (StatusCode::SEE_OTHER, Failure::SignIn),
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(failure);
        response
    }
}
