//! SQL, and nothing else: functions that take a connection or a transaction. Who may call them is decided in
//! `service`; lookups give `Option`, because not found means something else to each caller.

pub mod account;
pub mod audit;
pub mod consultation;
pub mod draft;
pub mod entry;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod mail;
pub mod notice;
pub mod proposal;
pub mod response;
pub mod setting;
pub mod submission;
pub mod tally;
pub mod text_group;
pub mod upload;
