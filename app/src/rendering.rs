//! Why a PDF could not be made, in words for the person who asked.

use std::{error::Error, fmt};

use domain::Locale;

/// Why a PDF could not be made. Each can be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// There is no Japanese font on the machine.
    NoFont,
    /// It took too long.
    TimedOut,
    /// It took too much memory.
    OutOfMemory,
    /// Too many are waiting already.
    Busy,
    /// Anything else; the log says more.
    Failed,
}

impl fmt::Display for RenderError {
    /// For logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFont => "no Japanese font",
            Self::TimedOut => "took too long",
            Self::OutOfMemory => "took too much memory",
            Self::Busy => "too many are waiting",
            Self::Failed => "failed",
        })
    }
}

impl Error for RenderError {}

impl RenderError {
    /// What happened and what to do, in a sentence or two.
    #[must_use]
    pub fn words(self, l: Locale) -> String {
        match self {
            Self::NoFont => t!(l, "rendering.no_font"),
            Self::TimedOut => t!(l, "rendering.timed_out"),
            Self::OutOfMemory => t!(l, "rendering.out_of_memory"),
            Self::Busy => t!(l, "rendering.busy"),
            Self::Failed => t!(l, "rendering.failed"),
        }
        .into_owned()
    }
}
