//! The only place that makes an HTTP client: time-outs, TLS, retry, rate, size limits, and what an answer means. And
//! how webhooks are signed, whoever sends them.
//!
//! May import `principal`, `plan`, `guard` and `connector`. Read [`client`] first, then [`tokens`], [`paging`], [`pace`].
//!
//! Promises: no redirect is followed; no request that writes is sent twice unless the product said that it did not
//! take the first; no request waits longer than its patience; no answer is read past its limit; every failure says what was being done.

mod address;
mod answer;
mod client;
mod hidden;
mod pace;
mod paging;
mod patience;
mod retry;
mod signature;
#[cfg(test)]
mod tests;
mod tokens;

pub use crate::connector::SendError;
pub use address::{address, hook_address};
pub use answer::Answer;
pub use client::{Client, Repeat, pauses};
pub use paging::{Ends, Next, Paging};
pub use signature::SigningKey;
pub use tokens::{Token, Tokens};
