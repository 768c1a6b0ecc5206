//! The form of a public comment, its confirmation and its receipt.

mod confirm;
mod form;
mod receipt;

use domain::{
    Locale, Millis, Phase, Problem,
    identity::Identity,
    rules::{Eligibility, FieldRule, IncompleteHandling, Rules},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    components::{form::Field, theme_trail},
    format,
};

pub use confirm::{SubmissionClosed, SubmissionConfirm, SubmissionStaff};
pub use form::{CorrectionRequest, FormNotice, FormTarget, SubmissionForm};
pub use receipt::{OwnReceipt, ReceiptNotice, SubmissionWithdraw, intake_words};

/// Most opinions of one submission.
pub const OPINIONS_MAX: usize = 20;
/// Most files of one submission.
pub const FILES_MAX: usize = 5;
/// Largest file in mebibytes.
pub const FILE_MAX_MIB: u32 = 10;
/// Greatest page number that can be given.
pub const PAGE_MAX: u32 = 9999;

/// The names of an opinion's fields.
#[derive(Clone, Copy, Debug)]
pub struct OpinionNames {
    /// Its text.
    pub text: &'static str,
    /// The chosen place of the draft.
    pub place: &'static str,
    /// The page of the draft.
    pub page: &'static str,
}

macro_rules! names {
    ($($n:literal)+) => {
        [$(OpinionNames {
            text: concat!("text", $n),
            place: concat!("place", $n),
            page: concat!("page", $n),
        }),+]
    };
}

/// The names of the fields of the first opinion, the second, and so on.
pub const NAMES: [OpinionNames; OPINIONS_MAX] = names!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20);

/// An opinion as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpinionInput {
    /// Its text.
    pub text: String,
    /// The anchor of the place it is about; empty: none.
    pub place: String,
    /// The page it is about, as typed.
    pub page: String,
}

impl OpinionInput {
    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.text, &self.place, &self.page].into_iter().all(|s| s.trim().is_empty())
    }

    /// The page as a number, or as typed when it is none.
    fn page_words(&self) -> String {
        page_number(&self.page)
            .map_or_else(|_| self.page.trim().to_owned(), |page| page.map(|page| page.to_string()).unwrap_or_default())
    }
}

/// A file that came with the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInput {
    /// The id of the stored file.
    pub upload: i64,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
}

/// Everything that was typed into the form; kept on the server as JSON until it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubmissionInput {
    /// Tells one form from the next in the same browser: the same form sent twice is one submission.
    pub form: String,
    /// The opinions.
    pub opinions: Vec<OpinionInput>,
    /// The code of the chosen 応募資格.
    pub eligibility: String,
    /// What the person said of themselves.
    pub identity: Identity,
    /// Files.
    pub files: Vec<FileInput>,
}

impl SubmissionInput {
    /// The chosen 応募資格.
    #[must_use]
    pub fn eligibility(&self) -> Option<Eligibility> {
        Eligibility::from_code(&self.eligibility)
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opinions.iter().all(OpinionInput::is_empty)
            && self.eligibility.is_empty()
            && self.identity.is_empty()
            && self.files.is_empty()
    }

    /// The opinions as they are shown.
    #[must_use]
    pub fn shown(&self, l: Locale, places: &[Place]) -> Vec<ShownOpinion> {
        self.opinions
            .iter()
            .filter(|opinion| !opinion.is_empty())
            .map(|opinion| ShownOpinion {
                text: domain::text::normalise_newlines(&opinion.text).trim().to_owned(),
                place: place_words(l, places, &opinion.place, &opinion.page_words()),
            })
            .collect()
    }
}

/// A place of the draft's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its anchor.
    pub anchor: String,
    /// What it is called.
    pub label: String,
    /// The level of a heading; `None` for a paragraph.
    pub level: Option<u8>,
}

/// An opinion as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOpinion {
    /// Its text.
    pub text: String,
    /// The place it is about, in words.
    pub place: Option<String>,
}

/// A page as people write it: 5, ５, P5, p.5, 5ページ, 5頁.
///
/// # Errors
/// [`Problem::NumberRange`].
pub fn page_number(typed: &str) -> Result<Option<u32>, Problem> {
    let folded: String = domain::text::fold(typed).split_whitespace().collect();
    if folded.is_empty() {
        return Ok(None);
    }
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    // Bare, or a mention of this one page and nothing else.
    let mention = domain::page_reference::find(&folded);
    let whole =
        mention.first().is_some_and(|mention| mention.range == (0..folded.len()) && mention.page.to_string() == digits);
    match digits.parse() {
        _ if folded != digits && !whole => Err(Problem::NumberRange { min: 1, max: PAGE_MAX }),
        Ok(page) if (1..=PAGE_MAX).contains(&page) => Ok(Some(page)),
        _ => Err(Problem::NumberRange { min: 1, max: PAGE_MAX }),
    }
}

/// The words for the place of an opinion; `None` when there is none.
#[must_use]
pub fn place_words(l: Locale, places: &[Place], anchor: &str, page: &str) -> Option<String> {
    let chapter = (!anchor.is_empty()).then(|| {
        places
            .iter()
            .find(|place| place.anchor == anchor)
            .map_or_else(|| anchor.to_owned(), |place| place.label.clone())
    });
    let page = (!page.is_empty()).then(|| t!(l, "submission.page_n", page = page).into_owned());
    let parts: Vec<String> = chapter.into_iter().chain(page).collect();
    (!parts.is_empty()).then(|| parts.join(&t!(l, "submission.place_and")))
}

/// Opinions as plain text, for a mail, a copy, or the history.
#[must_use]
pub fn copy_text(l: Locale, opinions: &[ShownOpinion]) -> String {
    let several = opinions.len() > 1;
    let parts: Vec<String> = (1..)
        .zip(opinions)
        .map(|(n, opinion)| {
            let number = several.then(|| t!(l, "submission.copy_number", n = n).into_owned());
            let place = opinion.place.as_ref().map(|place| t!(l, "submission.copy_place", place = place).into_owned());
            let lines: Vec<String> = number.into_iter().chain(place).chain([opinion.text.clone()]).collect();
            lines.join("\n")
        })
        .collect();
    parts.join("\n\n")
}

/// How to reach the department, where the form can't help.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// Its name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

/// The theme of a form.
#[derive(Clone, Debug)]
pub struct SubmissionTheme {
    /// Its id.
    pub consultation: i64,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub phase: Phase,
    /// The last millisecond in which opinions are taken.
    pub closes_at: Millis,
    /// Its rules.
    pub rules: Rules,
    /// Whom to ask.
    pub contact: Contact,
}

impl SubmissionTheme {
    fn href(&self) -> String {
        format!("/consultations/{}", self.slug)
    }

    fn trail(&self, l: Locale) -> Vec<(String, String)> {
        theme_trail(l, &self.slug, &self.title)
    }

    fn deadline(&self, l: Locale) -> String {
        format::date_time(l, self.closes_at)
    }
}

/// The words for a kind of 応募資格.
#[must_use]
pub fn eligibility_words(l: Locale, kind: Eligibility) -> String {
    match kind {
        Eligibility::Resident => t!(l, "submission.kind_resident"),
        Eligibility::Worker => t!(l, "submission.kind_worker"),
        Eligibility::Student => t!(l, "submission.kind_student"),
        Eligibility::Business => t!(l, "submission.kind_business"),
        Eligibility::Interested => t!(l, "submission.kind_interested"),
    }
    .into_owned()
}

/// The label of a field, by its name.
#[must_use]
pub fn field_label(l: Locale, name: &str) -> String {
    match name {
        "name" => t!(l, "submission.name"),
        "kana" => t!(l, "submission.kana"),
        "address" => t!(l, "submission.address"),
        "phone" => t!(l, "submission.phone"),
        "email" => t!(l, "submission.email"),
        "workplace" => t!(l, "submission.workplace"),
        "school" => t!(l, "submission.school"),
        "organisation" => t!(l, "submission.organisation"),
        "representative" => t!(l, "submission.representative"),
        "interest" => t!(l, "submission.interest"),
        "files" => t!(l, "submission.files"),
        _ => t!(l, "submission.eligibility"),
    }
    .into_owned()
}

/// The labels of every field, for the summary of what is wrong.
fn labels(l: Locale, several: bool) -> Vec<(&'static str, String)> {
    let mut labels = Vec::new();
    for (n, names) in (1..).zip(NAMES) {
        let of = |label: String| {
            if several { t!(l, "submission.nth", n = n, label = label).into_owned() } else { label }
        };
        labels.push((names.text, of(t!(l, "submission.text").into_owned())));
        labels.push((names.place, of(t!(l, "submission.place").into_owned())));
        labels.push((names.page, of(t!(l, "submission.page").into_owned())));
    }
    let rest = [
        "eligibility",
        "workplace",
        "school",
        "organisation",
        "representative",
        "interest",
        "name",
        "kana",
        "address",
        "phone",
        "email",
        "files",
    ];
    labels.extend(rest.into_iter().map(|name| (name, field_label(l, name))));
    labels
}

/// Says of a field whether it has to be filled in, and what happens when it isn't.
fn asked(l: Locale, field: Field, rules: &Rules, rule: FieldRule) -> Field {
    match (rule, rules.incomplete) {
        (FieldRule::Required, IncompleteHandling::Refuse) => field.required(),
        (FieldRule::Required, IncompleteHandling::NoReply) => field.help(t!(l, "submission.needed_for_reply")),
        (FieldRule::Required, IncompleteHandling::Equal) => field.help(t!(l, "submission.please_fill")),
        _ => field,
    }
}

/// What was typed was kept a moment ago.
#[must_use]
pub fn saved_words(l: Locale, at: Millis) -> String {
    t!(l, "submission.saved_at", time = format::time_of_day(l, at)).into_owned()
}

/// What was typed is too long to be kept.
#[must_use]
pub fn too_long_words(l: Locale) -> String {
    t!(l, "submission.too_long_to_save").into_owned()
}

/// The three steps, with the one the person is at.
fn steps(l: Locale, here: usize) -> AnyView {
    let items = [t!(l, "submission.step_input"), t!(l, "submission.step_confirm"), t!(l, "submission.step_done")];
    let items = (1..)
        .zip(items)
        .map(|(n, label)| {
            let current = (n == here).then_some("step");
            view! { <li class="form-steps__item" aria-current=current><span class="form-steps__number" aria-hidden="true">{n}</span>{label}</li> }
        })
        .collect_view();
    view! { <ol class="form-steps" aria-label=t!(l, "submission.steps")>{items}</ol> }.into_any()
}

/// The opinions with their places.
fn opinions(l: Locale, opinions: Vec<ShownOpinion>) -> AnyView {
    let several = opinions.len() > 1;
    let items = (1..)
        .zip(opinions)
        .map(|(n, opinion)| {
            view! {
                <li class="opinion">
                    {several.then(|| view! { <p class="opinion__number">{t!(l, "submission.opinion_n", n = n)}</p> })}
                    {opinion.place.map(|place| view! { <p class="opinion__place"><span class="opinion__label">{t!(l, "submission.place")}</span>" "{place}</p> })}
                    <div class="opinion__text">{opinion.text}</div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="opinions" data-several=several.then_some("true")>{items}</ol> }.into_any()
}

/// How to reach the department.
fn contact(l: Locale, contact: Contact) -> AnyView {
    let Contact { name, phone, email } = contact;
    let tel = phone.replace('-', "");
    view! {
        <dl class="facts">
            <div><dt>{t!(l, "consultation.department")}</dt><dd>{name}</dd></div>
            {(!phone.is_empty()).then(|| view! { <div><dt>{t!(l, "consultation.phone")}</dt><dd><a href=format!("tel:{tel}")>{phone.clone()}</a></dd></div> })}
            {(!email.is_empty()).then(|| view! { <div><dt>{t!(l, "consultation.email")}</dt><dd><a href=format!("mailto:{email}")>{email.clone()}</a></dd></div> })}
        </dl>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_as_people_write_them() {
        for written in ["5", "５", " 5 ", "P5", "p.5", "Ｐ５", "5ページ", "5頁", "p. 5"] {
            assert_eq!(page_number(written), Ok(Some(5)), "{written}");
        }
        assert_eq!(page_number("  "), Ok(None));
        for wrong in ["0", "10000", "-1", "五", "p", "5-7", "P5-6", "5ページの表"] {
            assert_eq!(page_number(wrong), Err(Problem::NumberRange { min: 1, max: PAGE_MAX }), "{wrong}");
        }
    }
}
