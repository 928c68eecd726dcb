//! Who is told when a sync goes wrong or well again: a webhook, a chat, a mail.
//!
//! May import `principal`, `plan`, `guard`, `connector`, `http` and `report`. Read [`ended`] first (what became of a run),
//! then [`decide`](decide()) (whether that is news; pure), [`words`] (how it reads), then [`send`]; one file a kind of
//! sink, one row a kind in [`table`].
//!
//! Promises: a sink that is down never changes how a run ended; one notice a reason, one on recovery; a notice has
//! counts and reasons and names nobody; text that others wrote cannot act on a mail, a chat or a body of JSON; no
//! secret is in a notice, an error or a warning, and neither is the address of a hook beyond its host.

mod breach;
mod chat;
mod decide;
mod document;
mod ended;
mod event;
mod facts;
mod harmless;
mod health;
mod hook;
mod letter;
mod mail;
mod next;
mod notice;
mod place;
mod probe;
mod send;
mod sink;
mod smtp;
mod subscription;
mod table;
mod template;
#[cfg(test)]
mod tests;
mod trouble;
mod webhook;
mod words;

pub use breach::Breach;
pub use decide::{Decision, decide};
pub use ended::{Ended, Ending, Watch};
pub use event::{About, Event, EventKind, RunFacts};
pub use health::{BACK_OFF, Health, Pause, Quarantined, Told};
pub use notice::{NextStep, Notice};
pub use send::{Clock, Warning, after_run, tell};
pub use sink::Sink;
pub use subscription::Subscription;
pub use table::SinkFile;
pub use trouble::{Failure, Partial, Trouble};
