//! Who sent a submission.
