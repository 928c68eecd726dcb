use super::{Event, EventKind, Sink, SinkFile};
use crate::connector::{BuildContext, BuildError};
use crate::principal::is_like;

/// A sink, and of what it wants to be told.
#[derive(Debug)]
pub struct Subscription {
    /// The word of the configuration: `webhook`, `chat`, `mail`.
    pub kind: &'static str,
    /// Where the sink is, without secrets.
    pub place: String,
    pub file: SinkFile,
    pub context: BuildContext,
    pub events: Vec<EventKind>,
    /// Names of syncs, `*` for any text; none: all syncs.
    pub syncs: Vec<String>,
}

impl Subscription {
    /// Builds the sink.
    ///
    /// # Errors
    /// Every value that it cannot work with. They were checked when the configuration was read.
    pub fn build(&self) -> Result<Sink, Vec<BuildError>> {
        self.file.build(&self.context).unwrap_or_else(|| Err(vec![BuildError::new("", "it has no kind")]))
    }

    /// Whether it wants to be told of it.
    #[must_use]
    pub fn wants(&self, event: &Event) -> bool {
        let sync = &event.run.sync;
        let named = self.syncs.is_empty() || self.syncs.iter().any(|pattern| is_like(pattern, sync));
        named && self.events.contains(&event.kind())
    }
}
