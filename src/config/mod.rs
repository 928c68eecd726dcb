//! From a configuration file to [`Settings`], or every problem at once with file, line, column and a hint.
//!
//! May import `principal`, `plan`, `guard`, `connector`, `http`, `mapping`, and the configuration shapes of `sources`,
//! `targets` and `notify`. Read [`load`](load()) first, then `fit`, then `resolve`. YAML is known here only.
//!
//! Promises: nothing is used before everything is checked; no problem hides another; every problem has the place where
//! a person would change something, also behind `include` and `defaults`; no line that may hold a secret is ever shown;
//! what is not built yet is refused, not ignored.

mod complaint;
mod cron;
mod cron_field;
mod excerpt;
mod fault;
mod file;
mod fit;
mod hidden;
mod include;
mod load;
mod merge;
mod names;
mod nearest;
mod origins;
mod path;
mod place;
mod problem;
mod read;
mod render;
mod resolve;
mod rules;
mod schedule;
mod schema;
mod server;
mod settings;
mod state;
mod strict;
mod substitute;
#[cfg(test)]
mod tests;
mod tree;
mod unbuilt;
mod webhook;

pub use cron::CronText;
pub use file::ConfigFile;
pub use load::load;
pub use nearest::nearby;
pub use problem::{Problem, Problems};
pub use render::{Colour, Severity, json, text};
pub use schedule::{Missed, Schedule};
pub use schema::schema;
pub use server::{AccessToken, Role, Server, ServerTls};
pub use settings::{AuditSettings, Settings, SourceSettings, StatePlace, SyncSettings, TargetSettings};
pub use state::postgres_problem;
pub use webhook::{Scheme, Webhook};
