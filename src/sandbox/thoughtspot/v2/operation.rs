//! How a list of an update meets the list that is there.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::sandbox::thoughtspot::v2::switches::Switches;

/// `operation` of an update; `REPLACE` when absent (vendor's description).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Operation {
    Add,
    Remove,
    #[default]
    Replace,
}

/// What an update says of one list: nothing, or some items.
#[derive(Debug, Clone)]
pub(super) struct Listed<T> {
    pub(super) items: Option<BTreeSet<T>>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { items: None }
    }
}

/// What comes into a list and what goes out of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Moves<T> {
    pub(super) into: BTreeSet<T>,
    pub(super) out: BTreeSet<T>,
}

impl<T: Ord + Clone> Listed<T> {
    /// Items that were named.
    pub(super) fn of(items: Option<impl IntoIterator<Item = T>>) -> Self {
        Self { items: items.map(|items| items.into_iter().collect()) }
    }

    /// What the operation makes of the list that is there.
    pub(super) fn moves(&self, operation: Operation, there: &BTreeSet<T>, switches: Switches) -> Moves<T> {
        let nothing = BTreeSet::new();
        let named = self.items.as_ref().unwrap_or(&nothing);
        let (into, out) = match operation {
            Operation::Add => (named.difference(there).cloned().collect(), nothing),
            Operation::Remove => (BTreeSet::new(), named.intersection(there).cloned().collect()),
            Operation::Replace if self.keeps(switches) => (BTreeSet::new(), BTreeSet::new()),
            Operation::Replace => {
                (named.difference(there).cloned().collect(), there.difference(named).cloned().collect())
            }
        };
        Moves { into, out }
    }

    fn keeps(&self, switches: Switches) -> bool {
        match &self.items {
            None => !switches.omitted_list_clears,
            Some(items) => items.is_empty() && !switches.empty_list_clears,
        }
    }
}
