//! The server functions behind the islands.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
};

use app::backend::{DraftInput, IslandBackend, IslandError, LikeState, SharedBackend, SubmissionTyped};
use axum::{
    extract::Request,
    http::{Method, StatusCode},
    response::IntoResponse as _,
};
use axum_extra::extract::CookieJar;
use domain::Phase;
use leptos::prelude::provide_context;

use super::{
    routes::{Access, Answer, Routes},
    submissions,
};
use crate::{
    ctx::Ctx,
    error::AppError,
    repository,
    service::{
        self,
        consultation::Loaded,
        proposal::Input,
        submission::{
            form::{self, FileChanges, Slot},
            receipt,
        },
    },
};

/// The routes. Public, because a visitor's click deserves an answer in words; the service decides.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.add(Method::POST, "/api/{*function}", Access::Public, axum::routing::post(call))
}

async fn call(ctx: Ctx, request: Request) -> Answer {
    let refusal = Arc::new(OnceLock::new());
    let jar = CookieJar::from_headers(request.headers());
    let backend: SharedBackend = Arc::new(Backend { ctx, jar, refusal: refusal.clone() });
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(backend.clone()), request).await;
    let mut answer = answer.into_response();
    // Leptos calls every refusal a fault of ours. What no service was asked for couldn't be read.
    if answer.status() == StatusCode::INTERNAL_SERVER_ERROR {
        *answer.status_mut() = refusal.get().copied().unwrap_or(StatusCode::BAD_REQUEST);
    }
    Ok(answer)
}

struct Backend {
    ctx: Ctx,
    /// Tells which form is this browser's.
    jar: CookieJar,
    /// The status of the answer when the service refuses.
    refusal: Arc<OnceLock<StatusCode>>,
}

impl Backend {
    fn refuse(&self, error: AppError, words: String) -> IslandError {
        let status = match error {
            AppError::SignInRequired => StatusCode::UNAUTHORIZED,
            error => error.into_response().status(),
        };
        let _ = self.refusal.set(status);
        IslandError(words)
    }
}

type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, IslandError>> + Send + 'a>>;

impl IslandBackend for Backend {
    fn set_like(&self, proposal: i64, on: bool) -> Answering<'_, LikeState> {
        Box::pin(async move {
            match service::proposal::set_like(&self.ctx, proposal, on).await {
                Ok((count, _)) => Ok(LikeState { count, mine: on }),
                Err(error) => {
                    let words = app::wording::like_refused(self.ctx.locale, error.kind());
                    Err(self.refuse(error, words))
                }
            }
        })
    }

    fn save_draft(&self, draft: DraftInput) -> Answering<'_, String> {
        Box::pin(async move {
            let input = Input {
                title: draft.title,
                body: draft.body,
                question: draft.question.map(|q| q.to_string()).unwrap_or_default(),
            };
            match service::proposal::save_draft(&self.ctx, draft.consultation, &input).await {
                Ok(()) => Ok(app::wording::draft_saved(self.ctx.locale, self.ctx.now)),
                Err(error @ AppError::SignInRequired) => {
                    Err(self.refuse(error, app::wording::draft_sign_in(self.ctx.locale)))
                }
                Err(error) => Err(self.refuse(error, String::new())),
            }
        })
    }

    fn save_submission(&self, typed: SubmissionTyped) -> Answering<'_, String> {
        Box::pin(async move {
            match self.keep_submission(typed).await {
                Ok(true) => Ok(app::pages::submissions::saved_words(self.ctx.locale, self.ctx.now)),
                Ok(false) => Err(IslandError(app::pages::submissions::too_long_words(self.ctx.locale))),
                Err(error) => Err(self.refuse(error, String::new())),
            }
        })
    }
}

impl Backend {
    /// Keeps what is typed into the form of a public comment; `false` when it can't be kept.
    async fn keep_submission(&self, typed: SubmissionTyped) -> Result<bool, AppError> {
        let ctx = &self.ctx;
        form::may_use(ctx)?;
        let Some(fields) = submissions::parse(typed.fields).await else { return Ok(false) };
        let mut input = submissions::input_of(&fields);
        submissions::fill(&mut input);
        let number = fields.value("number");
        let slot = if number.is_empty() {
            let row = repository::consultation::by_id(ctx.db(), typed.consultation).await?.ok_or(AppError::NotFound)?;
            let theme = Loaded::new(row, ctx.now);
            if theme.phase != Phase::Open {
                return Err(AppError::NotFound);
            }
            let token = submissions::token(ctx, &self.jar).ok_or(AppError::BadRequest)?;
            Slot::of_browser(&token, theme.row.id)
        } else {
            let found = receipt::hold(ctx, number, fields.value("key")).await?;
            if !found.may_correct(ctx) {
                return Err(AppError::Conflict);
            }
            found.slot()
        };
        Ok(form::keep(ctx, &slot, input, FileChanges::default()).await?.is_some())
    }
}
