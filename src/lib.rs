//! rollcall
pub mod connector;
pub mod guard;
pub mod plan;
pub mod principal;
pub mod sources;
