//! The proxy-entry desk.
