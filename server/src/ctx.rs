//! What travels with a request through service and repository: who asks, when, from where, in which language.

use std::{convert::Infallible, net::IpAddr, ops::Deref, sync::Arc};

use app::shell::{PageContext, Viewer};
use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{
    Locale, Millis, Role,
    id::{AccountId, DepartmentId, SessionId},
    permission::Tie,
};
use sea_orm::DatabaseConnection;

use crate::{
    database::WriteTransaction,
    error::{AppError, Result},
    state::App,
};

/// The account behind a request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Its id.
    pub id: AccountId,
    /// Its display name.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Its role.
    pub role: Role,
    /// Its department, for staff.
    pub department: Option<DepartmentId>,
    /// The session it came with.
    pub session: SessionId,
}

/// The parts of a [`Ctx`].
#[derive(Debug)]
pub struct Inner {
    /// The application.
    pub app: App,
    /// Who asks; `None` for visitors and for our own jobs.
    pub actor: Option<Actor>,
    /// The language of the answer.
    pub locale: Locale,
    /// When the request came in: one moment for everything it does.
    pub now: Millis,
    /// Names the request in logs and error pages.
    pub request_id: String,
    /// Where it came from.
    pub ip: Option<IpAddr>,
    /// Path and query.
    pub path: String,
}

/// What travels with a request.
#[derive(Clone, Debug)]
pub struct Ctx(Arc<Inner>);

impl Deref for Ctx {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Ctx {
    /// A context from its parts.
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The context of our own jobs and of the command line: nobody's, now, in Japanese.
    #[must_use]
    pub fn system(app: &App) -> Self {
        Self::new(Inner {
            app: app.clone(),
            actor: None,
            locale: Locale::Ja,
            now: app.clock.now(),
            request_id: "system".to_owned(),
            ip: None,
            path: "/".to_owned(),
        })
    }

    /// The same at another moment: for data that is loaded as if it had come then.
    #[must_use]
    pub fn at(&self, now: Millis) -> Self {
        Self::new(Inner {
            app: self.app.clone(),
            actor: self.actor.clone(),
            locale: self.locale,
            now,
            request_id: self.request_id.clone(),
            ip: self.ip,
            path: self.path.clone(),
        })
    }

    /// For reading.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        self.app.database.reader()
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn write(&self) -> Result<WriteTransaction> {
        Ok(self.app.database.write().await?)
    }

    /// Who asks.
    ///
    /// # Errors
    /// [`AppError::SignInRequired`] for visitors.
    pub fn actor(&self) -> Result<&Actor> {
        self.actor.as_ref().ok_or(AppError::SignInRequired)
    }

    /// The role of who asks.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.actor.as_ref().map(|a| a.role)
    }

    /// How who asks is tied to something of `department`.
    #[must_use]
    pub fn tie(&self, department: i64) -> Tie {
        match self.actor.as_ref().and_then(|a| a.department) {
            Some(own) if own.0 == department => Tie::Department,
            _ => Tie::None,
        }
    }

    /// `Ok` when allowed; visitors are asked to sign in, others are refused.
    ///
    /// # Errors
    /// [`AppError::SignInRequired`] or [`AppError::Forbidden`].
    pub fn allow(&self, allowed: bool) -> Result<()> {
        match (allowed, &self.actor) {
            (true, _) => Ok(()),
            (false, None) => Err(AppError::SignInRequired),
            (false, Some(_)) => Err(AppError::Forbidden),
        }
    }

    /// What the frame of a page needs.
    #[must_use]
    pub fn page(&self) -> PageContext {
        PageContext {
            locale: self.locale,
            ward: self.app.ward.clone(),
            viewer: self.actor.as_ref().map(|a| Viewer { name: a.name.clone(), role: a.role }),
            path: self.path.clone(),
            base_url: self.app.base_url.clone(),
            options: self.app.leptos.clone(),
        }
    }

    /// An absolute address of this site.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app.base_url)
    }
}

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| anyhow::anyhow!("no context on this route").into())
    }
}

/// Proves at compile time that contexts can be shared between tasks.
const _: fn() -> Option<Infallible> = || {
    fn shared<T: Send + Sync>() {}
    shared::<Ctx>();
    None
};
