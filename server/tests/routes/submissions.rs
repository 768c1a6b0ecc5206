//! The form of a public comment, by people without an account.
