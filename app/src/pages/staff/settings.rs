//! The ward's own rules.
