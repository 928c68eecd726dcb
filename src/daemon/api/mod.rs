//! The daemon over HTTP: state, runs, lists that are pushed, webhooks, and the calls of `ThoughtSpot` in front of every
//! target. What is promised to callers stands in `docs/http.md`.
//!
//! Read [`routes`] first (what there is), then [`auth`] (who may), [`hooks`], [`runs`], [`push`], [`gateway`]. `layers.rs`
//! stands around every route; `listen.rs`, `wire.rs` and `tls.rs` are the socket.
//!
//! Promises: nothing but a hook, a health check, a sign-in and the description of the API is answered to somebody
//! unknown; a viewer sees no personal data; no body is read past its limit, no caller waits for ever; every refusal has a
//! code of a closed list; no connection is held for nothing; a page of another site that somebody looks at cannot ask in his name.

mod auth;
mod body;
mod documents;
mod failures;
mod gateway;
mod health;
mod hooks;
mod keyring;
mod layers;
mod listen;
mod named;
mod openapi;
mod problem;
mod push;
mod ready;
mod routes;
mod run_document;
mod runs;
mod state;
mod syncs;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use listen::{ListenError, Listening};
pub use openapi::document;
pub use problem::Code;
pub use routes::router;
pub use state::Readiness;
pub use tls::Certificates;
