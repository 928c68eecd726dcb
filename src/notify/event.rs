use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Pause, Told, Trouble};
use crate::guard::Verdict;
use crate::plan::Summary;

/// What a notice is about, as `events` of the configuration spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// The guard refused a plan, or a reading was not proven whole: nothing was removed.
    Refused,
    /// A run failed, or a part of it.
    Failed,
    /// Something waits for a person.
    Waiting,
    /// A run went well after a notice of another kind.
    Recovered,
}

impl EventKind {
    pub const ALL: [Self; 4] = [Self::Refused, Self::Failed, Self::Waiting, Self::Recovered];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
            Self::Recovered => "recovered",
        }
    }
}

/// Which run of which sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFacts {
    pub sync: String,
    pub environment: Option<String>,
    /// The id of the run.
    pub id: String,
    pub ended: DateTime<Utc>,
    /// The address of its report, where one is served.
    pub report: Option<String>,
}

/// What there is to tell.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    Trouble(Trouble),
    /// What was told last is over.
    Recovery(Told),
}

/// Something to tell of a run. Counts and reasons; it names nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub run: RunFacts,
    pub about: About,
    /// What the plan held, where there was one.
    pub summary: Option<Summary>,
    pub verdict: Option<Verdict>,
    /// No run without a person before, where that is so.
    pub pause: Option<Pause>,
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match &self.about {
            About::Trouble(trouble) => trouble.kind(),
            About::Recovery(_) => EventKind::Recovered,
        }
    }

    /// The same for every attempt to tell of it: receivers know by it what they have. Letters, digits, `-` and `_`, at
    /// most 128 (Standard Webhooks: no `.`).
    #[must_use]
    pub fn id(&self) -> String {
        let run = self.run.id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(100);
        format!("{}-{}", run.collect::<String>(), self.kind().word())
    }
}
