//! rollcall
pub mod connector;
pub mod plan;
pub mod principal;
