//! One module per resource; each page is a struct the server fills and a [`crate::shell::Page`].

pub mod about;
pub mod account;
pub mod commitments;
pub mod consultations;
pub mod drafts;
pub mod errors;
pub mod follow;
pub mod home;
pub mod paper;
pub mod proposals;
pub mod receipts;
pub mod responses;
pub mod staff;
pub mod submissions;
pub mod yearly;
