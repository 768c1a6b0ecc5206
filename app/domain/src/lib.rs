//! The words and rules of a citizen participation platform: ids, enums, state machines, validation,
//! permissions and the Japanese calendar. Pure: no database, no clock, no framework.

pub mod account;
pub mod commitment;
pub mod consultation;
pub mod disposition;
pub mod document;
pub mod draft_text;
pub mod id;
pub mod identity;
pub mod intake;
pub mod layout;
pub mod locale;
pub mod page_reference;
pub mod permission;
pub mod phrase;
pub mod proposal;
pub mod rules;
pub mod similarity;
pub mod split;
pub mod summary_check;
pub mod text;
pub mod validation;
pub mod ward;
pub mod wareki;
pub mod workflow;

pub use account::Role;
pub use consultation::{ConsultationKind, ConsultationState, Phase};
pub use intake::IntakeState;
pub use locale::Locale;
pub use proposal::{Channel, ProposalState, ReceiptNumber};
pub use validation::{FieldErrors, Problem};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, as stored in the database.
pub type Millis = i64;
