use std::time::Duration;

use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::path::Path;
use crate::guard::{Budget, Limit, Limits, Window};
use crate::principal::PrincipalId;

/// Checks what the shape of the limits cannot say.
pub(super) fn check(limits: &Limits, path: &Path, at: &mut Resolving<'_>) {
    if let Limit::On(Budget { window: Window(Duration::ZERO), percent: _ }) = limits.budget {
        let complaint =
            Complaint::at_value(path.key("budget").key("window"), "the window is 0: nothing is summed over it");
        at.complaints.add(complaint.hinting("write how long, such as `24h`, or `budget: off`"));
    }
    let percents = [
        ("removals", limits.removals.on().map(|limit| limit.percent)),
        ("budget", limits.budget.on().map(|limit| limit.percent)),
        ("groupRemovals", limits.group_removals.on().map(|limit| limit.percent)),
        ("creations", limits.creations.on().map(|limit| limit.percent)),
        ("updates", limits.updates.on().map(|limit| limit.percent)),
        ("clears", limits.clears.on().map(|limit| limit.percent)),
    ];
    for (key, percent) in percents {
        if let Some(percent) = percent.filter(|percent| !(0.0..=100.0).contains(percent)) {
            let message = format!("expected a percentage from 0 to 100, found {percent}");
            let complaint = Complaint::at_value(path.key(key).key("percent"), message);
            at.complaints.add(complaint.hinting(format!("write `{key}: off` for no limit")));
        }
    }
    if let Limit::On(privileged) = &limits.privileged {
        for (group, names) in &privileged.allow {
            for (index, name) in names.iter().enumerate() {
                if let Err(message) = PrincipalId::parse(name) {
                    let place = path.key("privileged").key("allow").key(group).index(index);
                    at.complaints.add(Complaint::at_value(place, message));
                }
            }
        }
    }
}
