use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::file::{GroupStep, LeaversFile, ThenFile, UserLeavers};
use crate::config::path::Path;
use crate::plan::{First, Leavers, Then};

/// How leavers leave, from what is written. What contradicts itself is complained about.
pub(super) fn resolve(file: LeaversFile, path: &Path, at: &mut Resolving<'_>) -> Leavers {
    let LeaversFile { absences, users, groups } = file;
    let users = users.unwrap_or_default();
    if absences == Some(0) {
        at.complaints.add(Complaint::at_value(path.key("absences"), "expected 1 or more reads"));
    }
    if users.transfer_to.as_deref() == Some("") {
        let complaint = Complaint::at_value(path.key("users").key("transferTo"), "expected the name of a user");
        at.complaints.add(complaint);
    }
    Leavers {
        absences: absences.unwrap_or(1),
        then: then(&users, &path.key("users"), at),
        users: users.first,
        groups: groups.and_then(|groups| groups.first).map(|step| match step {
            GroupStep::Delete => First::Delete,
            GroupStep::Report => First::Report,
        }),
        transfer_to: users.transfer_to.map(Into::into),
    }
}

fn then(users: &UserLeavers, path: &Path, at: &mut Resolving<'_>) -> Then {
    let UserLeavers { first, transfer_to: _, then, after } = users;
    if *then != Some(ThenFile::Delete) {
        if after.is_some() {
            let warning = Complaint::at_value(path.key("after"), "nothing follows, however long it is waited");
            at.complaints.warn(warning.hinting("write `then: delete` beside it, or leave it out"));
        }
        return Then::Keep;
    }
    let contradiction = match first {
        Some(First::Delete) => Some("whoever is deleted first cannot be deleted then"),
        Some(First::Report) => Some("nothing follows where `first` is to report only"),
        Some(First::Disable | First::Strip) | None => None,
    };
    if let Some(why) = contradiction {
        let complaint = Complaint::at_value(path.key("then"), why);
        at.complaints.add(complaint.hinting("write `first: disable` or `first: strip`, or leave `then` out"));
    }
    let Some(after) = after else {
        at.missing(path, "after", "say how long to wait before the delete: `after: 30d`");
        return Then::Keep;
    };
    Then::Delete { after: after.0 }
}
