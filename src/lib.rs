//! rollcall
pub mod config;
pub mod connector;
pub mod plan;
pub mod principal;
