//! The proxy-entry desk, and what is printed.
