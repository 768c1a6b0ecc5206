//! The server of machikoe: web, services, repositories, mail and command line.
//!
//! A request travels axum route → layers → `web` → `service` → `repository` and back as a rendered page; see
//! ARCHITECTURE.md.

pub mod audit;
pub mod clock;
pub mod config;
pub mod ctx;
pub mod database;
pub mod demo;
mod entity;
pub mod error;
pub mod files;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod markdown;
pub mod password;
pub mod render;
pub mod rendering;
mod repository;
pub mod secret;
pub mod service;
pub mod state;
pub mod web;
