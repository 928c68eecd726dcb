//! rollcall keeps the users and groups of a target equal to a directory: dry by default, guarded, explained.
//!
//! ```text
//!  source ─read─▶ Reading ─scope, collisions─▶ Desired ─┐
//!                                                        ├─diff─▶ Plan ─guard─▶ ApprovedPlan ─apply─▶ Outcomes ─verify─▶ Report
//!  target ─read─▶ Current ───────────────────────────────┘          └─ refused ─▶ Report
//! ```
//!
//! [`run`] alone knows this order. A room imports only rooms below it, from the ground up: [`principal`], [`plan`],
//! [`audit`], [`guard`], [`connector`], [`http`], [`mapping`], [`sources`], [`targets`], [`apply`], [`sandbox`], [`report`],
//! [`notify`], [`config`], [`store`], [`run`], [`daemon`], [`cli`]. `docs/ARCHITECTURE.md` has the laws and three walkthroughs.

pub mod apply;
pub mod audit;
pub mod cli;
pub mod config;
pub mod connector;
pub mod daemon;
pub mod guard;
pub mod http;
pub mod mapping;
pub mod notify;
pub mod plan;
pub mod principal;
pub mod report;
pub mod run;
pub mod sandbox;
pub mod sources;
pub mod store;
pub mod targets;
