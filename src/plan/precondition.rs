use super::{Action, Capabilities, Change, fields};
use crate::principal::{GroupNames, GroupRef, Kind, Principal, PrincipalSet};

/// How a change of a plan stands to the target as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The target is as the plan saw it: it may be done.
    Holds,
    /// What the change wants is so already.
    Already,
    /// The target has moved since; the text says how.
    Moved(String),
}

/// Compares `change`, which speaks in the group names `names`, with the target read again.
#[must_use]
pub fn standing(change: &Change, names: &GroupNames, now: &PrincipalSet, can: &Capabilities) -> Standing {
    let find = |name: &str| now.get(change.kind(), &can.rules.key(change.kind(), name)).map(|record| &record.principal);
    let view = View { names, now_names: now.names(), can };
    let new_name = change.detail().new_name.as_deref();
    let found = find(change.name());
    if is_done(change, found, new_name.map(find), &view) {
        return Standing::Already;
    }
    match (change.before(), found) {
        (None, None) => Standing::Holds,
        (None, Some(_)) => Standing::Moved("it exists by now, with other values".into()),
        (Some(_), None) => Standing::Moved("it is no longer there".into()),
        (Some(before), Some(now)) => match view.moved(before, now) {
            Some(what) => Standing::Moved(what),
            None if new_name.is_some_and(|name| find(name).is_some()) => {
                Standing::Moved("the new name is taken by now".into())
            }
            None => Standing::Holds,
        },
    }
}

fn is_done(change: &Change, found: Option<&Principal>, renamed: Option<Option<&Principal>>, view: &View<'_>) -> bool {
    match (change.action(), found, renamed) {
        (Action::Delete, found, _) => found.is_none(),
        (_, None, Some(Some(now))) | (_, Some(now), None) => {
            change.after().is_some_and(|after| view.differs(after, now).is_none())
        }
        _ => false,
    }
}

/// Two principals that speak in different group names.
struct View<'a> {
    names: &'a GroupNames,
    now_names: &'a GroupNames,
    can: &'a Capabilities,
}

impl View<'_> {
    /// In a sentence, what the target has now that the plan did not see.
    fn moved(&self, before: &Principal, now: &Principal) -> Option<String> {
        self.differs(before, now).map(|what| format!("{what} was changed in the target since"))
    }

    fn differs(&self, then: &Principal, now: &Principal) -> Option<String> {
        if let Some(change) = fields::changes(then, now, &[]).into_iter().next() {
            return Some(change.field.text());
        }
        if then.is_active() != now.is_active() {
            return Some("active".into());
        }
        let (was, has) = (self.told(self.names, then.group_refs()), self.told(self.now_names, now.group_refs()));
        (then.groups.is_some() && was != has).then(|| "groupNames".into())
    }

    /// The names of groups, those that everybody is in left out.
    fn told<'b>(&self, names: &'b GroupNames, groups: &[GroupRef]) -> Vec<&'b str> {
        let mut told = names.sorted(groups);
        told.retain(|name| !self.can.is_implicit(Kind::Group, &self.can.rules.key(Kind::Group, name)));
        told
    }
}
