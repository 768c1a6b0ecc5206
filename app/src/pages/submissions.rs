//! The form of a public comment, its confirmation and its receipt.
