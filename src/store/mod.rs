//! What is remembered between runs: runs, who owns what, the last accepted reading, the rules a person last applied.
//!
//! May import the rooms up to `config`. Read [`store`] first.
//!
//! Promises: losing it costs convenience, never correctness; what a run settles is written in one transaction; a
//! database of a newer release is refused; no secret is ever in it.

mod error;
mod ledger;
mod lock;
mod memory;
mod migrate;
mod runs;
mod settle;
#[expect(clippy::module_inception, reason = "the room is named for its main word")]
mod store;
#[cfg(test)]
mod tests;

pub use error::StoreError;
pub use lock::TargetLock;
pub use runs::{RunRecord, RunResult};
pub use settle::{OwnedRow, ReadingRow, Settlement};
pub use store::{Baseline, History, Store};
