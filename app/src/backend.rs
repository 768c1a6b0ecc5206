//! What islands ask of the server: the `#[server]` functions, and the trait the server implements behind them.

use leptos::prelude::*;
use leptos::server_fn::{
    codec::{Json, JsonEncoding},
    error::ServerFnErrorErr,
};
use serde::{Deserialize, Serialize};

/// A like button's state after a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikeState {
    /// How many people like the proposal.
    pub count: i64,
    /// Whether the person who asked is one of them.
    pub mine: bool,
}

/// What is kept of a proposal that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftInput {
    /// The consultation it is for.
    pub consultation: i64,
    /// The chosen question.
    pub question: Option<i64>,
    /// The title so far.
    pub title: String,
    /// The body so far.
    pub body: String,
}

/// What is kept of a submission that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionTyped {
    /// The consultation it is for.
    pub consultation: i64,
    /// The form's fields, as a browser sends them (`application/x-www-form-urlencoded`).
    pub fields: String,
}

/// Why a call from an island failed, with a sentence in the person's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IslandError(
    /// What to tell the person.
    pub String,
);

impl std::fmt::Display for IslandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromServerFnError for IslandError {
    type Encoder = JsonEncoding;

    /// Network and decoding failures have no words of ours: the island says its own.
    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self(String::new())
    }
}

/// The server's side of the islands, put into context for `/api/*`.
#[cfg(feature = "ssr")]
pub trait IslandBackend: Send + Sync {
    /// Likes a proposal or takes the like back.
    fn set_like(
        &self,
        proposal: i64,
        on: bool,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<LikeState, IslandError>> + Send + '_>>;

    /// Keeps a draft; gives the sentence that says when it was kept.
    fn save_draft(
        &self,
        draft: DraftInput,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<String, IslandError>> + Send + '_>>;

    /// Keeps what was typed into the form of a public comment; gives the sentence that says when it was kept.
    fn save_submission(
        &self,
        typed: SubmissionTyped,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<String, IslandError>> + Send + '_>>;
}

/// The shared form of the backend in Leptos' context.
#[cfg(feature = "ssr")]
pub type SharedBackend = std::sync::Arc<dyn IslandBackend>;

#[cfg(feature = "ssr")]
fn backend() -> Result<SharedBackend, IslandError> {
    use_context::<SharedBackend>().ok_or_else(|| IslandError(String::new()))
}

/// Likes a proposal or takes the like back.
///
/// # Errors
/// A sentence in the person's language: not signed in, own proposal, too many clicks, server away.
#[server(endpoint = "like")]
pub async fn set_like(proposal: i64, on: bool) -> Result<LikeState, IslandError> {
    backend()?.set_like(proposal, on).await
}

/// Keeps a draft.
///
/// # Errors
/// A sentence in the person's language.
#[server(endpoint = "draft")]
pub async fn save_draft(draft: DraftInput) -> Result<String, IslandError> {
    backend()?.save_draft(draft).await
}

/// Keeps what was typed into the form of a public comment.
///
/// # Errors
/// A sentence in the person's language.
#[server(endpoint = "submission", input = Json)]
pub async fn save_submission(typed: SubmissionTyped) -> Result<String, IslandError> {
    backend()?.save_submission(typed).await
}
