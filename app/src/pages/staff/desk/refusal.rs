//! Why nothing was done, in words that say what to do.

use domain::{Locale, Problem};
use leptos::prelude::*;

use crate::wording;

/// Why nothing was done with opinions or rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No opinion was chosen.
    Nothing,
    /// More opinions than this.
    TooMany(usize),
    /// An opinion is not there any more.
    UnknownItem,
    /// No such row.
    UnknownRow,
    /// No chapter was chosen.
    UnknownChapter,
    /// An opinion is 対象外.
    OutOfScope,
    /// An opinion that is in no row can't be repeated.
    NotPlaced,
    /// All of it is so already.
    AlreadySo,
    /// All opinions of the row were chosen.
    AllOfRow,
    /// The reason is missing or too long.
    Reason(Problem),
    /// The text of the row is wrong.
    Text(Problem),
    /// Somebody changed the row in the meantime.
    Stale,
    /// The draft has no headings.
    NoHeadings,
    /// There is a chapter for every heading already.
    ChaptersThere,
}

impl Refusal {
    /// The field it is about, empty for none.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Nothing
            | Self::TooMany(_)
            | Self::UnknownItem
            | Self::OutOfScope
            | Self::NotPlaced
            | Self::AllOfRow => "items",
            Self::AlreadySo | Self::Stale | Self::NoHeadings | Self::ChaptersThere => "",
            Self::UnknownRow => "row",
            Self::UnknownChapter => "chapter",
            Self::Reason(_) => "reason",
            Self::Text(_) => "text",
        }
    }

    /// What is wrong, and what to do.
    #[must_use]
    pub fn words(&self, l: Locale) -> String {
        match self {
            Self::Nothing => t!(l, "gather.refused.nothing").into_owned(),
            Self::TooMany(max) => t!(l, "gather.refused.too_many", max = max).into_owned(),
            Self::UnknownItem => t!(l, "gather.refused.unknown_item").into_owned(),
            Self::UnknownRow => t!(l, "gather.refused.unknown_row").into_owned(),
            Self::UnknownChapter => t!(l, "gather.refused.unknown_chapter").into_owned(),
            Self::OutOfScope => t!(l, "gather.refused.out_of_scope").into_owned(),
            Self::NotPlaced => t!(l, "gather.refused.not_placed").into_owned(),
            Self::AlreadySo => t!(l, "gather.refused.already_so").into_owned(),
            Self::AllOfRow => t!(l, "gather.refused.all_of_row").into_owned(),
            Self::Reason(problem) => {
                t!(l, "form.summary_item", label = t!(l, "gather.tool.reason"), problem = wording::problem(l, *problem))
                    .into_owned()
            }
            Self::Text(problem) => {
                t!(l, "form.summary_item", label = t!(l, "desk.text"), problem = wording::problem(l, *problem))
                    .into_owned()
            }
            Self::Stale => t!(l, "gather.refused.stale").into_owned(),
            Self::NoHeadings => t!(l, "gather.refused.no_headings").into_owned(),
            Self::ChaptersThere => t!(l, "gather.refused.chapters_there").into_owned(),
        }
    }

    /// What stands at a field, when it is about this one.
    pub(super) fn at(refusal: Option<&Self>, l: Locale, field: &str) -> Option<String> {
        refusal.filter(|r| r.field() == field).map(|r| r.words(l))
    }
}

/// On top of the page, with a link to the field.
pub(super) fn summary(l: Locale, refusal: &Refusal) -> AnyView {
    let words = refusal.words(l);
    let field = refusal.field();
    let said = if field.is_empty() {
        view! { <li>{words}</li> }.into_any()
    } else {
        view! { <li><a href=format!("#f-{field}")>{words}</a></li> }.into_any()
    };
    view! {
        <div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus=true>
            <h2>{t!(l, "gather.refused.title")}</h2>
            <ul>{said}</ul>
        </div>
    }
    .into_any()
}
