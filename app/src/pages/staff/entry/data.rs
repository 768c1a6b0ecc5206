//! What the desk's page is made of: the sheet as typed, what has to be looked at, and what was recorded.

use chrono::NaiveDate;
use domain::{Channel, IntakeState, Millis, identity::Identity, similarity::Piece};

/// Most opinions that one sheet is split into.
pub const ITEMS_MAX: usize = 20;

/// The channels that are offered; what comes by this site itself needs nobody to type it in.
pub const CHANNELS: [Channel; 8] = [
    Channel::Post,
    Channel::Counter,
    Channel::Fax,
    Channel::Email,
    Channel::Phone,
    Channel::Hearing,
    Channel::Workshop,
    Channel::Survey,
];

/// Where a sheet can be put at once. 期間外 is left out: it follows from the dates.
pub const STATES: [IntakeState; 5] = [
    IntakeState::Accepted,
    IntakeState::Unread,
    IntakeState::AwaitingCorrection,
    IntakeState::OutOfScope,
    IntakeState::Duplicate,
];

/// One opinion of a sheet as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemInput {
    /// Its text; empty for the only one: the whole text.
    pub body: String,
    /// The page of the draft it is about.
    pub page: String,
    /// The paragraph of the draft it is about.
    pub anchor: String,
}

/// A sheet as typed.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Makes the same form sent twice one submission.
    pub token: String,
    /// A scan that is stored already: its id and its key.
    pub scan: String,
    /// 経路.
    pub channel: String,
    /// 収受日, in any form people write dates.
    pub received_on: String,
    /// 消印日.
    pub postmarked_on: String,
    /// 原文.
    pub body: String,
    /// Its opinions; none or one without a text means the whole text.
    pub items: Vec<ItemInput>,
    /// 応募資格; empty when it is not known.
    pub eligibility: String,
    /// Who sent it.
    pub identity: Identity,
    /// 代筆者.
    pub scribe: String,
    /// Whether it was said at the counter and written down there.
    pub spoken: bool,
    /// The department it is assigned to.
    pub department: String,
    /// 受付状態.
    pub intake: String,
    /// The concerns that were confirmed, by their codes.
    pub confirmed: Vec<String>,
}

/// Something about a sheet that the clerk has to look at before it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concern {
    /// 収受日 is still to come.
    Future,
    /// 消印日 is after 収受日.
    PostmarkAfterReceipt,
    /// 収受日 is before the call opened.
    Early {
        /// The first day of the call.
        opens_on: NaiveDate,
    },
    /// Late, and the rules don't receive late opinions.
    Late {
        /// The last day of the call.
        closes_on: NaiveDate,
        /// Whether a postmark within the call would have made it in time.
        postmark: bool,
    },
    /// Oral, and the rules don't take oral opinions.
    Oral,
    /// The rules don't receive opinions without these.
    Incomplete {
        /// Names of fields.
        missing: Vec<&'static str>,
    },
}

impl Concern {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Future => "future",
            Self::PostmarkAfterReceipt => "postmark",
            Self::Early { .. } => "early",
            Self::Late { .. } => "late",
            Self::Oral => "oral",
            Self::Incomplete { .. } => "incomplete",
        }
    }
}

/// Why an earlier submission is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same person by name and place.
    SamePerson,
    /// Another officer entered this text a moment ago.
    JustNow,
    /// The same text.
    SameText,
    /// Nearly the same text.
    NearText,
}

/// How the text of an earlier submission compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundText {
    /// The same, but for spaces and signs.
    Same,
    /// Nearly the same: from its text to the one that was typed.
    Differs(Vec<Piece>),
    /// Another text: its beginning.
    Other(String),
}

/// An earlier submission that may be the same.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id.
    pub id: i64,
    /// Its receipt number.
    pub receipt: String,
    /// How it came.
    pub channel: Channel,
    /// 収受日.
    pub received_on: Option<NaiveDate>,
    /// Who entered it; `None` when the sender did.
    pub entered_by: Option<String>,
    /// When it was entered.
    pub entered_at: Millis,
    /// Why it is shown.
    pub likeness: Vec<Likeness>,
    /// How its text compares.
    pub text: FoundText,
}

/// A place of the draft that an opinion can be about.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its anchor.
    pub anchor: String,
    /// The beginning of its text.
    pub text: String,
}

/// A scan that is stored and shown beside the form.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Where it is.
    pub href: String,
    /// Its name.
    pub file_name: String,
    /// Width and height of a picture; `None` for a PDF.
    pub picture: Option<(i64, i64)>,
}

/// What was recorded a moment ago.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: i64,
    /// Its receipt number.
    pub receipt: String,
    /// How it came.
    pub channel: Channel,
    /// 収受日.
    pub received_on: Option<NaiveDate>,
    /// Where it stands.
    pub intake: IntakeState,
    /// 回答対象外.
    pub no_reply: bool,
    /// How many others have the same text.
    pub same_text: i64,
}

/// A sheet this clerk entered today.
#[derive(Clone, Debug)]
pub struct TodayRow {
    /// Its id.
    pub id: i64,
    /// Its receipt number.
    pub receipt: String,
    /// How it came.
    pub channel: Channel,
    /// When it was entered.
    pub at: Millis,
    /// Where it stands.
    pub intake: IntakeState,
    /// The beginning of its text.
    pub excerpt: String,
}

/// Which part of the page has the focus when it opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The first field of a fresh sheet.
    #[default]
    Channel,
    /// The text.
    Body,
    /// The opinions.
    Items,
    /// What is to be looked at.
    Warnings,
    /// None in particular: the summary of errors leads the way.
    None,
}
