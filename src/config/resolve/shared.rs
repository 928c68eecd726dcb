use std::collections::{BTreeMap, BTreeSet};

use super::target::Resolved;
use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::fault::listed;
use crate::config::file::SyncFile;
use crate::config::path::Path;
use crate::plan::Ownership;

/// Refuses a sync that owns all of a target which another sync writes to as well: each would remove what is the other's.
pub(super) fn check(syncs: &BTreeMap<String, SyncFile>, targets: &BTreeMap<String, Resolved>, at: &mut Resolving<'_>) {
    // Two names for one address are one system.
    let place = |to: &str| targets.get(to).map_or_else(|| to.to_owned(), |target| target.settings.place.clone());
    // One problem for each place, however many syncs would own it.
    let mut told = BTreeSet::new();
    for (name, sync) in syncs {
        let Some(target) = sync.to.as_deref() else { continue };
        let others =
            syncs.iter().filter(|(other, file)| *other != name && file.to.as_deref().map(place) == Some(place(target)));
        let others: Vec<_> = others.map(|(other, _)| other.as_str()).collect();
        let path = Path::of(&["syncs", name]);
        let wrong = at.complaints.touch(&path.key("ownership"));
        if others.is_empty() || wrong || sync.ownership.unwrap_or_default() != Ownership::All {
            continue;
        }
        if !told.insert(place(target)) {
            continue;
        }
        let place = if sync.ownership.is_some() { path.key("ownership") } else { path.key("to") };
        let others = listed(others);
        let message = format!("`ownership: all` on target `{target}`, which is also the target of {others}");
        let hint = "write `ownership: managed` in every sync of this target";
        at.complaints.add(Complaint::at_value(place, message).hinting(hint));
    }
}
