//! Stories of the whole: the real binary as a person runs it, against the emulator of a cluster or plain files.
//!
//! Each file tells of one theme. Read `vendor_example.rs` first, then `support/mod.rs`.
#![cfg(test)]

mod active_directory;
mod alteryx;
mod architecture;
mod audit;
mod b2core;
mod commands;
mod config_errors;
mod conformance;
mod crashes;
mod curator;
mod curator_failures;
mod deceptions;
mod directory_changes;
mod directory_faults;
mod drift;
mod explain;
mod fault_server;
mod faults;
mod file_target;
mod first_runs;
mod guard;
mod guard_holds;
mod guard_source;
mod hostile_names;
mod interruptions;
mod leavers;
mod lint;
mod notifications;
mod notifications_mail;
mod openldap;
mod ownership;
mod peers;
mod real_servers;
mod renames;
mod rules;
mod saved_plans;
mod schema;
mod scim_servers;
mod secrets;
mod server_answers;
mod several_sources;
mod state_place;
mod store;
mod support;
mod thoughtspot_clients;
mod thoughtspot_v2;
mod thoughtspot_v2_clients;
mod thoughtspot_v2_doubts;
mod thoughtspot_v2_orgs;
mod transfers;
mod vendor_example;
mod webhooks;
