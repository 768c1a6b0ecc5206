//! What the site promises, through its real router and on both real databases. One folder per resource would be one
//! binary per folder and a link step each: this is one binary.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::too_many_lines,
    reason = "a test that goes wrong should stop at once"
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod answer;
mod approval;
mod authorisation;
mod consultations;
mod deadline;
mod drafts;
mod entry;
mod gather;
mod groups;
mod imports;
mod intake;
mod mail;
mod mail_texts;
mod moderation;
mod operations;
mod outputs;
mod pages;
mod plan_changes;
mod process;
mod proposals;
mod reading;
mod rendering;
mod responses;
mod responses_desk;
mod routing;
mod rules;
mod security;
mod submissions;
mod text;
