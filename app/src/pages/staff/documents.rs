//! Versions of the draft.
