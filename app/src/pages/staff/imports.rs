//! Bringing in a table of submissions (一括取り込み): upload, which column is what, a dry run, the result, undoing it.

mod findings;
mod index;
mod mapping;
mod result;
mod target;

use domain::Locale;
use leptos::prelude::*;

pub use findings::{FileProblem, Finding, RowFinding};
pub use index::{ImportIndex, ImportRow};
pub use mapping::{MappingInput, MappingPage};
pub use result::{Counts, InTheWay, ResultPage, Step};
pub use target::Target;

use crate::components::{badge, notice};

/// Largest file, in mebibytes.
pub const FILE_MAX_MIB: u32 = 100;
/// How many findings the page shows.
pub const FINDINGS_SHOWN: usize = 500;
/// How many submissions that stand in the way of undoing are shown.
pub const IN_THE_WAY_SHOWN: usize = 20;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// The file is here; nobody has said yet which column is what.
    Uploaded,
    /// The dry run is done.
    Checked,
    /// Its submissions are recorded.
    Committed,
    /// They were taken out again.
    Undone,
}

impl ImportState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Uploaded, Self::Checked, Self::Committed, Self::Undone];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Checked => "checked",
            Self::Committed => "committed",
            Self::Undone => "undone",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    fn words(self, l: Locale) -> String {
        match self {
            Self::Uploaded => t!(l, "imports.state_uploaded"),
            Self::Checked => t!(l, "imports.state_checked"),
            Self::Committed => t!(l, "imports.state_committed"),
            Self::Undone => t!(l, "imports.state_undone"),
        }
        .into_owned()
    }

    fn badge(self, l: Locale) -> AnyView {
        let tone = match self {
            Self::Uploaded => "draft",
            Self::Checked => "review",
            Self::Committed => "published",
            Self::Undone => "neutral",
        };
        badge(tone, self.words(l))
    }
}

/// What was done a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The submissions were recorded.
    Committed,
    /// They were taken out again.
    Undone,
    /// The file was thrown away.
    Discarded,
    /// The theme's rules, the columns or the file changed after the dry run: it has to be made again.
    Outdated,
}

impl Done {
    /// Reads the value in the URL.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "committed" => Some(Self::Committed),
            "undone" => Some(Self::Undone),
            "discarded" => Some(Self::Discarded),
            "outdated" => Some(Self::Outdated),
            _ => None,
        }
    }

    fn notice(self, l: Locale) -> AnyView {
        let (kind, title, text) = match self {
            Self::Committed => ("success", t!(l, "imports.committed"), t!(l, "imports.committed_text")),
            Self::Undone => ("success", t!(l, "imports.undone"), t!(l, "imports.undone_text")),
            Self::Discarded => ("success", t!(l, "imports.discarded"), t!(l, "imports.discarded_text")),
            Self::Outdated => ("error", t!(l, "imports.outdated"), t!(l, "imports.outdated_text")),
        };
        notice(kind, title.into_owned(), view! { <p>{text}</p> }.into_any())
    }
}

/// An example with the headings that are understood, as a CSV file that Excel opens.
#[must_use]
pub fn example_csv() -> String {
    // The headings are those of a ward's own tables, whatever language the clerk reads the site in.
    let l = Locale::Ja;
    let headings: Vec<String> = Target::ALL.into_iter().map(|target| target.label(l)).collect();
    let mut csv = format!("\u{FEFF}{}\r\n", headings.join(","));
    for key in ["imports.example_post", "imports.example_fax"] {
        csv.push_str(&t!(l, key));
        csv.push_str("\r\n");
    }
    csv
}

/// The headings of the downloaded list of findings.
#[must_use]
pub fn problems_csv_head(l: Locale) -> [String; 5] {
    [
        t!(l, "imports.row"),
        t!(l, "imports.column"),
        t!(l, "imports.heading"),
        t!(l, "imports.severity"),
        t!(l, "imports.what"),
    ]
    .map(std::borrow::Cow::into_owned)
}

/// One line of the downloaded list of findings; `columns` are letters and headings.
#[must_use]
pub fn problems_csv_row(l: Locale, columns: &[(String, String)], found: &RowFinding) -> [String; 5] {
    let (letter, heading) = found.column.and_then(|index| columns.get(index)).cloned().unwrap_or_default();
    let severity = if found.finding.is_error() { t!(l, "imports.error") } else { t!(l, "imports.remark") };
    [found.row.to_string(), letter, heading, severity.into_owned(), found.finding.words(l)]
}

/// The way back from one import: the theme, its imports.
fn trail(l: Locale, theme: &(i64, String)) -> Vec<(String, String)> {
    vec![
        (format!("/staff/consultations/{}", theme.0), theme.1.clone()),
        (path(theme.0, ""), t!(l, "staff.tab_import").into_owned()),
    ]
}

fn path(theme: i64, rest: &str) -> String {
    format!("/staff/consultations/{theme}/import{rest}")
}
