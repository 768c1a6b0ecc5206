//! What the platform does: each function authorises on the loaded object, checks its input, and changes everything
//! in one transaction, with the audit event and the mails that belong to it.

pub mod account;
pub mod consultation;
pub mod document;
pub mod entry;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod proposal;
pub mod response;
pub mod rules;
pub mod setup;
pub mod submission;
pub mod upload;

use domain::FieldErrors;

/// A change that may be refused because of what was entered.
pub type Checked<T> = Result<T, FieldErrors>;
