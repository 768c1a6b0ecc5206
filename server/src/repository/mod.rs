//! SQL, and nothing else: functions that take a connection or a transaction. Who may call them is decided in
//! `service`; lookups give `Option`, because not found means something else to each caller.

pub mod account;
pub mod approval;
pub mod audit;
pub mod commitment;
pub mod consultation;
pub mod desk;
pub mod draft;
pub mod entry;
pub mod export;
pub mod follow;
pub mod identity;
pub mod imports;
pub mod intake;
pub mod mail;
pub mod notice;
pub mod past_answer;
pub mod plan_change;
pub mod proposal;
pub mod rendition;
pub mod response;
pub mod routing;
pub mod row;
pub mod setting;
pub mod submission;
pub mod tally;
pub mod text_group;
pub mod upload;
