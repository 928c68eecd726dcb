//! B2CORE Back Office by its API v2: `users` and `groups` below `/api/v2`.
//!
//! Read [`target`] first, then `perform.rs` (one step), `convert.rs` (their members and ours) and `api.rs` (requests).
//! May import `principal`, `plan`, `connector` and `http`.
//!
//! Facts are from the vendor's pages "Users", "User groups" and "Overview" of the Back Office API. Little else is
//! published: what is assumed stands behind a setting, and their JSON is read with patience.
//!
//! Promises: a listing that is not proven whole decides nothing; memberships are changed on a list that was read the
//! moment before, so that groups nobody asked about stay; an update names only what changes; nobody is created
//! twice.

mod access;
mod api;
mod config;
mod convert;
mod lifetime;
mod perform;
mod reading;
mod signin;
mod target;
#[cfg(test)]
mod tests;
mod values;
mod wire;

pub use config::{B2coreConfig, Method, SigninConfig, TagShape};
pub use target::BackOffice;
