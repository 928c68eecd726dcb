//! A small LDAP server that does on command what real servers do on bad days, or what only Active Directory does.
//!
//! It shares no type with the product and none with its client library but the BER of `lber`. [`FaultServer`] begins
//! with entries ([`Entry`](super::Entry)); [`Script`] says how it behaves, [`Fault`] what goes wrong and when; every
//! [`Request`] is written down with what was sent for it. Read `server.rs` first, then `connection.rs`, `search.rs`.
//! Its own stories are in `tests/it/fault_server.rs`: each fault really happens.

mod connection;
mod contents;
mod filter;
mod journal;
mod pages;
mod ranges;
mod script;
mod search;
mod server;
mod sync;
mod wire;

pub(crate) use journal::Request;
pub(crate) use script::{At, Fault, Paging, Ranges, Script, Sync, What};
pub(crate) use server::FaultServer;
