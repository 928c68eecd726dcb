//! What both imports share: the flags, the trial, and the three lists of the answer.

use serde_json::{Value, json};

use crate::sandbox::failure::Failure;
use crate::sandbox::thoughtspot::emulator::World;
use crate::sandbox::thoughtspot::state::Store;
use crate::sandbox::thoughtspot::switches::{Switches, UpdatedLists};
use crate::sandbox::thoughtspot::v2::ask::Ask;

/// Somebody in the answer.
#[derive(Debug)]
pub(super) struct Entry {
    /// Null for whoever a dry run would create.
    pub(super) id: Option<String>,
    pub(super) name: String,
}

/// The three lists.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) added: Vec<Entry>,
    pub(super) updated: Vec<Entry>,
    pub(super) deleted: Vec<Entry>,
}

impl Lists {
    /// Somebody who was there, in the list if they differ now, or if the switch lists every match.
    pub(super) fn note(&mut self, switches: Switches, entry: Entry, differs: bool) {
        if differs || switches.updated_lists == UpdatedLists::Matches {
            self.updated.push(entry);
        }
    }

    /// As in the answer: `users_added` and so on.
    pub(super) fn body(&self, kind: &str) -> Value {
        let list = |entries: &[Entry]| -> Value {
            entries.iter().map(|entry| json!({ "id": entry.id, "name": entry.name })).collect()
        };
        json!({
            format!("{kind}_added"): list(&self.added),
            format!("{kind}_updated"): list(&self.updated),
            format!("{kind}_deleted"): list(&self.deleted),
        })
    }

    /// The names of one list.
    pub(super) fn names(entries: &[Entry]) -> std::collections::BTreeSet<String> {
        entries.iter().map(|entry| entry.name.clone()).collect()
    }
}

/// The flags of an import: `dry_run` is true and the removal of the unlisted false unless they are said.
#[derive(Debug)]
pub(super) struct Flags {
    pub(super) dry_run: bool,
    pub(super) delete_unspecified: bool,
    pub(super) warnings: Vec<String>,
}

impl Flags {
    pub(super) fn read(ask: &mut Ask, removal: &str) -> Result<Self, Failure> {
        let (dry_run, delete) = (ask.flag("dry_run")?, ask.flag(removal)?);
        let missing = |name: &str| format!("the member {name} is missing; the server decides");
        let warnings = dry_run.is_none().then(|| missing("dry_run")).into_iter();
        let warnings = warnings.chain(delete.is_none().then(|| missing(removal)));
        Ok(Self {
            dry_run: dry_run.unwrap_or(true),
            delete_unspecified: delete.unwrap_or(false),
            warnings: warnings.collect(),
        })
    }
}

/// Tries an import on a copy, and keeps the copy unless it is a dry run. What failed half-way is kept where imports
/// are not atomic.
pub(super) fn attempt(
    world: &mut World,
    dry_run: bool,
    import: impl FnOnce(&mut Store, Switches, &mut Lists) -> Result<(), Failure>,
) -> Result<Lists, Failure> {
    let mut trial = world.store.clone();
    let mut lists = Lists::default();
    let told = import(&mut trial, world.switches, &mut lists);
    if !dry_run && (told.is_ok() || !world.switches.v2.import_atomic) {
        world.store = trial;
    }
    told?;
    if dry_run {
        for entry in &mut lists.added {
            entry.id = None;
        }
    }
    Ok(lists)
}
