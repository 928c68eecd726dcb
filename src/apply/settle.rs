//! Finding out by reading whether a step was done whose answer was lost.

use rustc_hash::FxHashSet;

use crate::connector::Site;
use crate::plan::{Batch, Change, Current, Membership, Step, holds};
use crate::principal::{Kind, Principal};

/// What a reading shows of a step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Landed {
    All,
    /// Not of these changes.
    Lacks(Vec<usize>),
}

/// Whether `now` shows what the step was to do.
pub(super) fn landed(step: &Step<'_>, site: &Site<'_>, now: &Current) -> Landed {
    let look = Look { site, now };
    let lacks = |missing: bool, at: usize| if missing { Landed::Lacks(vec![at]) } else { Landed::All };
    match step {
        Step::Create { at, change } => lacks(look.find(change.kind(), &change.subject().name).is_none(), *at),
        Step::Change { at, change } => lacks(!look.shows(change), *at),
        Step::Delete { at, change } => {
            // One of several of a name is not shown either.
            let several = (change.kind(), site.can.rules.key(change.kind(), change.name()));
            lacks(look.find(change.kind(), change.name()).is_some() || now.ambiguous.contains(&several), *at)
        }
        // What belongs to whom is in no reading. To hand over once more does no harm: the next run does.
        Step::Transfer { at, .. } => Landed::Lacks(vec![*at]),
        Step::Join { group, members } => look.members(site.group_name(*group), members, true),
        Step::Leave { group, members } => look.members(site.group_name(*group), members, false),
    }
}

struct Look<'a> {
    site: &'a Site<'a>,
    now: &'a Current,
}

impl<'a> Look<'a> {
    fn find(&self, kind: Kind, name: &str) -> Option<&'a Principal> {
        self.now.set.get(kind, &self.site.can.rules.key(kind, name)).map(|record| &record.principal)
    }

    fn shows(&self, change: &Change) -> bool {
        let Some(after) = change.after() else { return false };
        let Some(now) = self.find(change.kind(), &after.name) else { return false };
        let on_member = self.site.can.batch == Batch::Steps(Membership::OnMember);
        let keeps = after.groups.is_none() && change.joins().is_empty() && change.leaves().is_empty();
        holds(change, now) && (!on_member || keeps || self.groups(now) == self.wanted(change))
    }

    fn groups(&self, principal: &Principal) -> FxHashSet<&'a str> {
        principal.group_refs().iter().map(|group| self.now.set.names().name(*group)).collect()
    }

    fn wanted<'b>(&'b self, change: &'b Change) -> FxHashSet<&'b str> {
        self.site.groups_after(change).into_iter().collect()
    }

    /// Where memberships are hidden nothing is shown, and so nothing is taken as done.
    fn members(&self, group: &str, members: &[usize], joined: bool) -> Landed {
        let is_in = |at: &usize| {
            let change = self.site.member(*at);
            let name = change.after().map_or(change.name(), |after| &after.name);
            self.find(change.kind(), name).is_some_and(|now| self.groups(now).contains(group))
        };
        let lacking: Vec<usize> =
            members.iter().filter(|at| self.now.hides_memberships || is_in(at) != joined).copied().collect();
        if lacking.is_empty() { Landed::All } else { Landed::Lacks(lacking) }
    }
}
