//! The server functions behind the islands.

use std::{pin::Pin, sync::Arc};

use app::backend::{DraftInput, IslandBackend, IslandError, LikeState, SharedBackend};
use axum::{extract::Request, http::Method, response::IntoResponse as _};
use leptos::prelude::provide_context;

use super::routes::{Access, Answer, Routes};
use crate::{
    ctx::Ctx,
    error::AppError,
    service::{self, proposal::Input},
};

/// The routes. Public, because a visitor's click deserves an answer in words; the service decides.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.add(Method::POST, "/api/{*function}", Access::Public, axum::routing::post(call))
}

async fn call(ctx: Ctx, request: Request) -> Answer {
    let backend: SharedBackend = Arc::new(Backend(ctx));
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(backend.clone()), request).await;
    Ok(answer.into_response())
}

struct Backend(Ctx);

type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, IslandError>> + Send + 'a>>;

impl IslandBackend for Backend {
    fn set_like(&self, proposal: i64, on: bool) -> Answering<'_, LikeState> {
        Box::pin(async move {
            match service::proposal::set_like(&self.0, proposal, on).await {
                Ok((count, _)) => Ok(LikeState { count, mine: on }),
                Err(error) => Err(IslandError(app::wording::like_refused(self.0.locale, error.kind()))),
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
            match service::proposal::save_draft(&self.0, draft.consultation, &input).await {
                Ok(()) => Ok(app::wording::draft_saved(self.0.locale, self.0.now)),
                Err(AppError::SignInRequired) => Err(IslandError(app::wording::draft_sign_in(self.0.locale))),
                Err(_) => Err(IslandError(String::new())),
            }
        })
    }
}
