use super::whole::Resolving;
use crate::config::complaint::Complaint;
use crate::config::fault::choice;
use crate::config::path::Path;
use crate::plan::{Ability, Action, Capabilities, First, Leavers, Then};
use crate::principal::{Kind, PatternSet};

/// Refuses leaver rules that the target cannot follow: there is no quiet fallback.
pub(super) fn check(leavers: &Leavers, target: &str, can: &Capabilities, path: &Path, at: &mut Resolving<'_>) {
    for (kind, first) in [(Kind::User, leavers.users), (Kind::Group, leavers.groups)] {
        let Some(first) = first.filter(|first| !is_able(can, kind, *first)) else { continue };
        let able = [First::Disable, First::Delete, First::Strip, First::Report];
        let able: Vec<_> = able.into_iter().filter(|first| is_able(can, kind, *first)).map(word).collect();
        let message = format!("target `{target}` cannot {} {}", word(first), kind.plural());
        let complaint = Complaint::at_value(path.key(kind.plural()).key("first"), message);
        at.complaints.add(complaint.hinting(format!("write {}", choice(&able))));
    }
    follows(leavers, target, can, &path.key("users"), at);
    if leavers.transfer_to.is_some() && !can.can(Kind::User, Ability::Transfer) {
        let message = format!("target `{target}` cannot hand over what a user owns");
        let complaint = Complaint::at_value(path.key("users").key("transferTo"), message);
        at.complaints.add(complaint.hinting("leave it out, and hand over by hand before the delete"));
    }
    let heir = leavers.transfer_to.as_deref().unwrap_or_default();
    if PatternSet::new(&can.system, can.rules).matches(Kind::User, &can.rules.key(Kind::User, heir)) {
        let message = format!("target `{target}` hands nothing over to `{heir}`: it is a user of the product itself");
        let complaint = Complaint::at_value(path.key("users").key("transferTo"), message);
        at.complaints.add(complaint.hinting("name an ordinary user, such as an archive account"));
    }
}

/// What is to follow on the first step.
fn follows(leavers: &Leavers, target: &str, can: &Capabilities, path: &Path, at: &mut Resolving<'_>) {
    if leavers.then == Then::Keep {
        return;
    }
    if leavers.users.is_none() && leavers.first(Kind::User, can) == Some(Action::Delete) {
        let message =
            format!("target `{target}` cannot disable users, so that they are deleted first: nothing follows");
        let strip = is_able(can, Kind::User, First::Strip);
        let hint = if strip { "write `first: strip` beside it, or leave `then` out" } else { "leave `then` out" };
        at.complaints.add(Complaint::at_value(path.key("then"), message).hinting(hint));
    } else if !can.can(Kind::User, Ability::Delete) {
        let complaint = Complaint::at_value(path.key("then"), format!("target `{target}` cannot delete users"));
        at.complaints.add(complaint.hinting("write `keep`, or leave it out"));
    }
}

fn is_able(can: &Capabilities, kind: Kind, first: First) -> bool {
    match first {
        First::Delete => can.can(kind, Ability::Delete),
        First::Disable => can.can(kind, Ability::Disable),
        First::Strip => kind == Kind::User && can.can(kind, Ability::Join),
        First::Report => true,
    }
}

fn word(first: First) -> &'static str {
    match first {
        First::Delete => "delete",
        First::Disable => "disable",
        First::Strip => "strip",
        First::Report => "report",
    }
}
