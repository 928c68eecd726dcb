use std::collections::BTreeMap;

use super::entry::exists;
use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::config::settings::{SourceSettings, SyncSettings};

/// Checks which sync each target names for the calls of `ThoughtSpot`'s API in front of it: one that writes to it, and
/// reads one list that is pushed.
pub(super) fn check(
    gateways: &[(String, String)],
    sources: &BTreeMap<String, SourceSettings>,
    syncs: &BTreeMap<String, SyncSettings>,
    at: &mut Resolving<'_>,
) {
    for (target, name) in gateways {
        let path = Path::of(&["targets", target, "gateway"]);
        if !exists(name, "syncs", path.clone(), at) {
            continue;
        }
        // One that is not there is wrong itself.
        let Some(sync) = syncs.get(name) else { continue };
        if sync.target != *target {
            let message = format!("sync `{name}` writes to target `{}`, not to this one", sync.target);
            let hint = format!("name a sync with `to: {target}`");
            at.complaints.add(Complaint::at_value(path, message).hinting(hint));
            continue;
        }
        if sync.policy.remove_deleted {
            let message = format!("sync `{name}` has `removeDeleted: true`");
            let hint = "leave it out: each call says whether it removes, and what came without that word must not remove later";
            at.complaints.add(Complaint::at_value(path, message).hinting(hint));
            continue;
        }
        let pushed = sync.sources.iter().filter(|name| sources.get(*name).is_some_and(SourceSettings::is_pushed));
        let message = match pushed.count() {
            1 => continue,
            0 if sync.sources.iter().any(|name| !sources.contains_key(name)) => continue,
            0 => format!("sync `{name}` reads no source that is pushed"),
            _ => format!("sync `{name}` reads several sources that are pushed"),
        };
        let hint = "a call of the gateway is the list of one source `{ push: {} }`: let the sync read just one";
        at.complaints.add(Complaint::at_value(path, message).hinting(hint));
    }
}
