//! What people see when something can't be done, with the way on.

use domain::Locale;
use leptos::prelude::*;

use crate::shell::{Head, Page, PageContext, Width};

/// The kinds of refusal a person can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400: the request can't be read.
    BadRequest,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 403: sent from another site.
    CrossOrigin,
    /// 404: not there, or not to be seen.
    NotFound,
    /// 405: no such action here.
    MethodNotAllowed,
    /// 409: it changed in the meantime.
    Conflict,
    /// 410: it was taken back.
    Gone,
    /// 413: too large.
    TooLarge,
    /// 429: too often.
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// 500: our fault.
    Internal,
    /// 503: away for the moment.
    Unavailable,
}

impl ErrorKind {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Forbidden | Self::CrossOrigin => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::TooMany { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// Headline and explanation.
    #[must_use]
    pub fn words(self, l: Locale) -> (String, String) {
        let (title, text) = match self {
            Self::BadRequest => (t!(l, "error.bad_request"), t!(l, "error.bad_request_text")),
            Self::Forbidden => (t!(l, "error.forbidden"), t!(l, "error.forbidden_text")),
            Self::CrossOrigin => (t!(l, "error.cross_origin"), t!(l, "error.cross_origin_text")),
            Self::NotFound => (t!(l, "error.not_found"), t!(l, "error.not_found_text")),
            Self::MethodNotAllowed => (t!(l, "error.method"), t!(l, "error.method_text")),
            Self::Conflict => (t!(l, "error.conflict"), t!(l, "error.conflict_text")),
            Self::Gone => (t!(l, "error.gone"), t!(l, "error.gone_text")),
            Self::TooLarge => (t!(l, "error.too_large"), t!(l, "error.too_large_text")),
            Self::TooMany { retry_after } => {
                (t!(l, "error.too_many"), t!(l, "error.too_many_text", minutes = retry_after.div_ceil(60)))
            }
            Self::Internal => (t!(l, "error.internal"), t!(l, "error.internal_text")),
            Self::Unavailable => (t!(l, "error.unavailable"), t!(l, "error.unavailable_text")),
        };
        (title.into_owned(), text.into_owned())
    }
}

/// The page of a refusal.
#[derive(Debug)]
pub struct ErrorPage {
    /// Which.
    pub kind: ErrorKind,
    /// Names the request in the log, for those who call about it.
    pub request_id: String,
    /// Text the person had typed and that must not be lost.
    pub handed_back: Option<String>,
}

impl Page for ErrorPage {
    fn head(&self, cx: &PageContext) -> Head {
        Head { title: self.kind.words(cx.locale).0, private: true, width: Width::Narrow, ..Head::default() }
    }

    fn body(self, cx: &PageContext) -> AnyView {
        let l = cx.locale;
        let (title, text) = self.kind.words(l);
        let ours = self.kind.status() >= 500;
        view! {
            <div class="error-page">
                <p class="error-page__code">{self.kind.status()}</p>
                <h1>{title}</h1>
                <p>{text}</p>
                {self.handed_back.map(|typed| {
                    view! {
                        <h2>{t!(l, "error.your_text")}</h2>
                        <p>{t!(l, "error.your_text_help")}</p>
                        <crate::components::form::TextArea id="typed" name="typed" value=typed rows=10 />
                    }
                })}
                {ours.then(|| view! { <p class="muted">{t!(l, "error.request_id", id = self.request_id.clone())}</p> })}
                <div class="button-row">
                    <a class="button" data-variant="solid" data-size="md" href="/">{t!(l, "error.home")}</a>
                    <a class="button" data-variant="outline" data-size="md" href="/consultations">{t!(l, "nav.consultations")}</a>
                </div>
            </div>
        }
        .into_any()
    }
}
