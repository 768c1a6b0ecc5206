//! What can be wrong with an input. The wording lives in `app/locales`, never here.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field, language-free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nothing was entered.
    Required,
    /// Nothing was chosen.
    ChoiceRequired,
    /// More graphemes (visible characters) than allowed.
    TooLong {
        /// The limit.
        max: usize,
        /// What was entered.
        actual: usize,
    },
    /// Fewer characters than needed.
    TooShort {
        /// The least number of characters.
        min: usize,
    },
    /// Holds control characters that can't be stored or shown (NUL and its like).
    ControlCharacters,
    /// Not an e-mail address.
    Email,
    /// The two passwords differ.
    PasswordMismatch,
    /// Among the most used passwords, or made of the account's own address or name.
    PasswordCommon,
    /// Not a web address part: small letters, digits and hyphens.
    Slug,
    /// Another consultation has this address.
    SlugTaken,
    /// Not a date.
    Date,
    /// Not a time of day.
    Time,
    /// The end is before the start.
    EndBeforeStart,
    /// The code is wrong or too old.
    Code,
    /// The file is not of a kind that is accepted.
    FileKind,
    /// The file is larger than allowed.
    FileSize {
        /// The limit in mebibytes.
        max_mib: u32,
    },
    /// The virus check found something, or could not be made.
    FileUnsafe,
    /// More files than allowed.
    TooManyFiles {
        /// The limit.
        max: usize,
    },
    /// A picture needs words for those who can't see it.
    AltRequired,
    /// The e-mail address and the password don't fit (said of neither, on purpose).
    Credentials,
    /// The consultation takes no opinions at this moment.
    Closed,
    /// Something that was chosen does not exist (any more).
    UnknownChoice,
    /// A number outside its range; both ends are allowed.
    NumberRange {
        /// The least number.
        min: u32,
        /// The greatest number.
        max: u32,
    },
    /// A day before the first that is possible.
    TooEarly {
        /// The first day that is possible.
        earliest: NaiveDate,
    },
    /// The period of a call that has begun; it can only be extended, with a reason.
    PeriodFixed,
    /// Needs an answer that is not written yet.
    AnswerFirst,
    /// Says the same as what it is to replace.
    SameText,
    /// More entries in a list than allowed.
    TooMany {
        /// The greatest number of entries.
        max: usize,
    },
    /// Not a code: small letters, digits and hyphens.
    Identifier,
    /// Another entry of the list is called the same.
    Taken,
    /// Something that is in use would be gone.
    InUse,
}

/// Everything that is wrong with a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, Problem)>);

impl FieldErrors {
    /// No errors yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// One error.
    #[must_use]
    pub fn one(field: &'static str, problem: Problem) -> Self {
        Self(vec![(field, problem)])
    }

    /// Notes a problem of a field; the first problem of a field is the one that counts.
    pub fn push(&mut self, field: &'static str, problem: Problem) {
        if self.of(field).is_none() {
            self.0.push((field, problem));
        }
    }

    /// Takes the value of a check, or notes its problem and goes on with the type's empty value.
    pub fn take<T: Default>(&mut self, field: &'static str, checked: Result<T, Problem>) -> T {
        checked.unwrap_or_else(|problem| {
            self.push(field, problem);
            T::default()
        })
    }

    /// The problem of a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<Problem> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, problem)| *problem)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All problems in the order they were noted.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Problem)> + '_ {
        self.0.iter().copied()
    }

    /// `value` when nothing is wrong.
    ///
    /// # Errors
    /// The problems, when there are some.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}
