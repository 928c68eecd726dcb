//! What every connector implements, and the words it uses to fail. No connector lives here.
//!
//! May import `principal` and `plan`. Read [`target`] first: its laws are what the conformance suite proves.

mod build;
mod error;
#[cfg(test)]
pub(crate) mod fake;
mod journal;
mod kinds;
mod listed;
mod memory;
mod progress;
mod pushed;
mod secret;
mod shapes;
mod site;
mod source;
mod target;

pub use build::{BuildContext, BuildError, Network, Tls};
pub use error::{ConnectorError, FailureClass, SendError};
pub use journal::{Chapter, Journal, Line, Page, Pages, Stop, Word};
pub use listed::Listed;
pub use memory::Memory;
pub use progress::{Progress, Silent};
pub use pushed::PushedList;
pub use secret::{Secret, SecretError, SecretPlace, environment_text};
pub use shapes::{DurationText, SecretFile, TextList, TlsFile};
pub use site::{Judgement, Performed, Roster, Site, told};
pub use source::{Reading, Rejected, Source};
pub use target::{Calls, Finding, Outcome, Passwords, Target, Work, read_whole};
