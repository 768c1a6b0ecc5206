//! What the site promises, through its real router and on both real databases. One folder per resource would be one
//! binary per folder and a link step each: this is one binary.
#![expect(missing_docs, reason = "tests are read by their names")]
#![expect(clippy::missing_panics_doc, clippy::must_use_candidate, reason = "test support")]

#[path = "../support/mod.rs"]
mod support;

mod proposals;
mod reading;
