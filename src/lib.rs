//! rollcall
pub mod apply;
pub mod config;
pub mod connector;
pub mod guard;
pub mod http;
pub mod mapping;
pub mod plan;
pub mod principal;
pub mod report;
pub mod sandbox;
pub mod sources;
pub mod store;
pub mod targets;
