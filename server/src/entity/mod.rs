//! One module per table, as the migrations make them. Joins are written out in `repository`.

pub mod account;
pub mod audit_event;
pub mod chapter;
pub mod consultation;
pub mod department;
pub mod document;
pub mod draft;
pub mod mail;
pub mod one_time_code;
pub mod opinion_item;
pub mod proposal;
pub mod proposal_like;
pub mod proposal_revision;
pub mod publication;
pub mod publication_item;
pub mod question;
pub mod session;
pub mod setting;
pub mod summary;
pub mod summary_item;
pub mod upload;
pub mod ward_view;
