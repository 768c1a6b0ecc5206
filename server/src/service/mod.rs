//! What the platform does: each function authorises on the loaded object, checks its input, and changes everything
//! in one transaction, with the audit event and the mails that belong to it.

pub mod account;
pub mod approval;
pub mod commitment;
pub mod consultation;
pub mod document;
pub mod entry;
pub mod export;
pub mod follow;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod layout;
pub mod past_answer;
pub mod phrase;
pub mod plan_change;
pub mod proposal;
pub mod response;
pub mod routing;
pub mod rules;
pub mod setup;
pub mod submission;
pub mod upload;
pub mod yearly;

use domain::FieldErrors;

/// A change that may be refused because of what was entered.
pub type Checked<T> = Result<T, FieldErrors>;
