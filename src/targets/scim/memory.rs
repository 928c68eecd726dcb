//! What a service keeps from its readers, and rollcall therefore remembers from run to run. Losing it costs a few
//! writes, never correctness.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::plan::Field;

/// A value that a service does not keep as it was sent: it drops it, computes it, or writes it its own way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Echo {
    /// What was sent; none where it was to be cleared.
    pub(super) sent: Option<CompactString>,
    /// What is shown since.
    pub(super) shown: Option<CompactString>,
}

/// Everything remembered of one service. Ids are its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Remembered {
    /// By id of a user and name of a value.
    pub(super) echoes: BTreeMap<CompactString, BTreeMap<String, Echo>>,
    /// Users whom rollcall switched off and who may be out of sight since: name by id.
    pub(super) parked: BTreeMap<CompactString, CompactString>,
    /// Users whom rollcall deleted and whom the service still shows, switched off.
    pub(super) gone: BTreeSet<CompactString>,
    /// Groups show no members: those below count instead.
    pub(super) hides_members: bool,
    /// Ids of members by id of the group, as rollcall has put them there.
    pub(super) members: BTreeMap<CompactString, BTreeSet<CompactString>>,
}

impl Remembered {
    /// Notes that a value is not shown as it was sent.
    pub(super) fn note_echo(&mut self, id: &str, field: &Field, echo: Echo) {
        self.echoes.entry(id.into()).or_default().insert(field.text(), echo);
    }

    /// What was sent where this is shown; nothing where the value has moved since.
    pub(super) fn sent(&self, id: &str, field: &Field, shown: Option<&str>) -> Option<&Echo> {
        let echo = self.echoes.get(id)?.get(&field.text())?;
        (echo.shown.as_deref() == shown).then_some(echo)
    }
}

/// What is remembered now, and what was at the beginning.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Both>);

#[derive(Debug, Default)]
struct Both {
    now: Remembered,
    recalled: Remembered,
}

impl Memory {
    /// Takes in what an earlier run kept. What cannot be read is as if it were lost.
    pub(super) fn recall(&self, text: &str) {
        let recalled: Remembered = serde_json::from_str(text).unwrap_or_default();
        *self.both() = Both { now: recalled.clone(), recalled };
    }

    /// What is to be kept; nothing where it is as it was.
    pub(super) fn changed(&self) -> Option<String> {
        let both = self.both();
        if both.now == both.recalled { None } else { serde_json::to_string(&both.now).ok() }
    }

    /// Looks at it, or changes it.
    pub(super) fn with<T>(&self, deed: impl FnOnce(&mut Remembered) -> T) -> T {
        deed(&mut self.both().now)
    }

    fn both(&self) -> MutexGuard<'_, Both> {
        // What is behind this lock is never left half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
