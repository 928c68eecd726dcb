//! What is remembered between runs: runs, who owns what, who is on the way out, what was removed, the last accepted
//! reading, the rules a person last applied, the audit trail. In a SQLite file, or in PostgreSQL for several machines.
//!
//! May import the rooms up to `config`. Read [`store`] first, then `database.rs`: the same statements for both.
//!
//! Promises: losing it costs convenience, never correctness; what a run settles is written in one transaction; a
//! database of a newer release is refused; no secret is ever in it; nothing but `database.rs`, `migrate.rs` and the two
//! files that open one knows which of both it is, save that a target is locked by a file or by a row.

mod asked;
mod database;
mod documents;
mod error;
mod fitness;
mod health;
mod history;
mod hook_seen;
mod journal;
mod lease;
mod leavers;
mod ledger;
mod lock;
mod memory;
mod migrate;
mod opened;
mod place;
mod postgres;
mod pushed;
mod runs;
mod seal;
mod settle;
mod sqlite;
#[expect(clippy::module_inception, reason = "the room is named for its main word")]
mod store;
mod text;
mod ticks;
mod trail;
mod value;

pub use asked::{AskedRow, ClaimedRow};
pub use documents::DocumentKind;
pub use error::StoreError;
pub use history::{OpenRun, RunRow, RunStatus, instant};
pub use hook_seen::CallSeen;
pub use journal::{ChangeState, JournalRow, Noted};
pub use leavers::{AbsentRow, RecordedRow, RemovalRow};
pub use lock::TargetLock;
pub use place::Place;
pub use runs::{RunRecord, RunResult};
pub use seal::Seal;
pub use settle::{OwnedRow, ReadingRow, Settlement};
pub use store::{Baseline, History, Store};
pub use ticks::{TakenTick, TickOf, TicksSeen};
pub use trail::TrailHead;
