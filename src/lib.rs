//! rollcall
pub mod apply;
pub mod cli;
pub mod config;
pub mod connector;
pub mod guard;
pub mod http;
pub mod mapping;
pub mod plan;
pub mod principal;
pub mod report;
pub mod run;
pub mod sandbox;
pub mod sources;
pub mod store;
pub mod targets;
