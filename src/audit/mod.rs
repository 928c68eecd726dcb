//! The audit trail: what is written, how it is signed, and how anybody finds out whether it was changed.
//!
//! May import `principal` and `plan`. Read [`entry`] first, then [`tree`] and [`verify`]. Pure but for [`bundle`], which
//! reads files; no clock, no database: `store` keeps what is made here.
//!
//! Promises: an entry is the same bytes wherever it is written; a record that was changed, moved, added or taken away is
//! found and located, also by a program that is not ours (`docs/verify-audit.py`); no entry can hold a secret; nothing
//! that a trail says is believed before a checkpoint proves it.

mod align;
mod bundle;
mod canonical;
mod change_facts;
mod checked_proof;
mod checkpoint;
mod document;
mod entry;
mod event;
mod export;
mod fault;
mod key;
mod leaves;
mod line;
mod members;
mod note;
mod personal;
mod proof;
mod seals;
mod tally;
#[cfg(test)]
mod tests;
mod told;
mod tree;
mod verify;

pub use bundle::{Bundle, BundleError, Verdict};
pub use canonical::{CanonicalError, canonical};
pub use change_facts::ChangeFacts;
pub use checked_proof::{continues, includes};
pub use checkpoint::{Checkpoint, CheckpointError, checkpoint_file, checkpoints_of};
pub use document::verdict_json;
pub use entry::{Actor, Context, Entry};
pub use event::{ChangeOutcome, Event, Failure, Subject};
pub use export::Exporter;
pub use fault::Fault;
pub use key::{KeyError, KeyId, SigningKey, VerifyingKey};
pub use line::Flaw;
pub use note::{Note, NoteError};
pub use personal::{Personal, PersonalKey};
pub use proof::{consistency_proof, inclusion_proof, root_of};
pub use tally::{Broken, Signer, Tally, Trust};
pub use told::verdict_text;
pub use tree::{Frontier, FrontierError, TreeHash, empty_root, leaf_hash, node_hash};
pub use verify::Verifier;
