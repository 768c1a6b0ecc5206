//! Pages that are the same for every visitor are rendered once and kept for the rest of the second, or until something
//! is written.
//!
//! What a visitor sees is never older than the last write of this process; writes of other processes show within a
//! second. Phases change on whole seconds, so they change on time. Signed-in people always get a page of their own.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::{Locale, Millis};

use crate::{
    ctx::Ctx,
    render::{self, SharedPage},
};

/// How much is kept at most, in bytes.
const CAPACITY: usize = 8 * 1024 * 1024;

/// The pages of one moment.
#[derive(Debug, Default)]
struct Moment {
    writes: u64,
    second: Millis,
    bytes: usize,
    pages: HashMap<(String, Locale), SharedPage>,
}

/// The pages that are kept.
#[derive(Debug, Default)]
pub struct SharedPages(Mutex<Moment>);

impl SharedPages {
    fn find(&self, ctx: &Ctx, writes: u64) -> Option<SharedPage> {
        let mut moment = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let second = ctx.now.div_euclid(1000);
        if moment.writes != writes || moment.second != second {
            *moment = Moment { writes, second, ..Moment::default() };
        }
        moment.pages.get(&(ctx.path.clone(), ctx.locale)).cloned()
    }

    /// Keeps a page, unless something was written since its request began: then it may be old already.
    fn keep(&self, ctx: &Ctx, writes: u64, page: &SharedPage) {
        let mut moment = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = page.html.len();
        if moment.writes == writes && ctx.app.database.writes() == writes && moment.bytes + size <= CAPACITY {
            moment.bytes += size;
            moment.pages.insert((ctx.path.clone(), ctx.locale), page.clone());
        }
    }
}

/// Answers visitors with a kept page, or keeps the one that is made.
pub async fn pages(ctx: Ctx, request: Request, next: Next) -> Response {
    if ctx.actor.is_some() || request.method() != Method::GET {
        return next.run(request).await;
    }
    let writes = ctx.app.database.writes();
    if let Some(page) = ctx.app.shared_pages.find(&ctx, writes) {
        return render::shared_response(&page).into_response();
    }
    let response = next.run(request).await;
    if let Some(page) = response.extensions().get::<SharedPage>() {
        ctx.app.shared_pages.keep(&ctx, writes, page);
    }
    response
}
