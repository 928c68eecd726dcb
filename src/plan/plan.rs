use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Action, Capabilities, Change, Coverage, HoldCode, Untold};
use crate::principal::{CaseRules, GroupNames, Kind, PrincipalId, PrincipalSet};

/// What the sources want, after mapping and scope.
#[derive(Debug, Default)]
pub struct Desired {
    pub set: PrincipalSet,
    /// Folded names of records that were set aside: they never cause a removal.
    pub set_aside: FxHashSet<(Kind, CompactString)>,
    /// Immutable ids of records that were set aside: whoever is known under one is never removed for it.
    pub set_aside_ids: FxHashSet<(Kind, CompactString)>,
    /// Some record was set aside whose id could not be read: it may be anybody who is known by an id.
    pub unknown_ids: bool,
    /// Folded names of records that the rules of the sync leave out.
    pub out_of_scope: FxHashSet<(Kind, CompactString)>,
    /// Folded names of groups that stand for more than one group of the source: who is in which of them cannot be told,
    /// so that nobody joins and nobody leaves.
    pub contested: FxHashSet<CompactString>,
    pub coverage: Coverage,
    /// What the rules of the sync have to tell.
    pub notes: Vec<String>,
}

/// What the target has.
#[derive(Debug, Clone, Default)]
pub struct Current {
    pub set: PrincipalSet,
    pub coverage: Coverage,
    /// The product does not tell who is in which group: memberships of those who are there are then left as they are.
    pub hides_memberships: bool,
    /// What else it does not tell.
    pub untold: Untold,
    /// Folded names that more than one principal of the target has. None of these is in the set: nothing chooses among
    /// them, and nobody else is made by such a name or given it.
    pub ambiguous: FxHashSet<(Kind, CompactString)>,
}

impl Current {
    /// Everything, memberships included.
    #[must_use]
    pub fn new(set: PrincipalSet, coverage: Coverage) -> Self {
        Self { set, coverage, ..Self::default() }
    }
}

/// A leaver that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retained {
    pub kind: Kind,
    pub name: CompactString,
    pub reason: String,
}

/// What was wanted of a held item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Action(Action),
    Join(CompactString),
    Leave(CompactString),
}

impl Wanted {
    /// The word of the JSON form: an action, `join` or `leave`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Action(action) => action.word(),
            Self::Join(_) => "join",
            Self::Leave(_) => "leave",
        }
    }

    #[must_use]
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Action(_) => None,
            Self::Join(group) | Self::Leave(group) => Some(group),
        }
    }
}

/// Wanted, but it must not or cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub kind: Kind,
    pub name: CompactString,
    pub wanted: Wanted,
    pub code: HoldCode,
    pub reason: String,
}

/// An existing principal that this sync takes into its care by an apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    pub kind: Kind,
    /// In the target's spelling.
    pub name: CompactString,
    pub source_id: Option<CompactString>,
    /// False where it was in this sync's care already and only its immutable id is new.
    pub first: bool,
}

/// Where and when a principal was last seen in the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastSeen {
    pub origin: Option<String>,
    /// RFC 3339.
    pub time: Option<String>,
}

/// The numbers that shares are taken of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Base {
    /// Principals of the kind in the target.
    pub target: usize,
    /// Those that this sync could remove.
    pub removable: usize,
    /// Those that are as the source wants them.
    pub unchanged: usize,
}

/// The numbers of both kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bases {
    pub users: Base,
    pub groups: Base,
}

impl Bases {
    #[must_use]
    pub fn of(&self, kind: Kind) -> Base {
        match kind {
            Kind::User => self.users,
            Kind::Group => self.groups,
        }
    }

    pub fn of_mut(&mut self, kind: Kind) -> &mut Base {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        }
    }
}

/// How a note of a group that is left out begins.
pub(super) fn begin_of_note(group: &str) -> String {
    format!("group `{group}` is named by ")
}

fn is_new_group(change: &Change) -> bool {
    change.kind() == Kind::Group && change.action() == Action::Create
}

/// Everything a sync wants to do, and what it wants but must not or cannot do. Lists are sorted by kind and name.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub retained: Vec<Retained>,
    pub held: Vec<Held>,
    pub adopted: Vec<Adoption>,
    pub notes: Vec<String>,
    /// Not told: who is switched off in the source. What is held of them is no leaver's.
    pub present: Vec<(Kind, CompactString)>,
    /// Not told: who was on the way out and is wanted again.
    pub back: Vec<(Kind, CompactString)>,
    pub bases: Bases,
    /// The group names that all principals in the plan refer to. Those of the target come first.
    pub names: GroupNames,
}

impl Plan {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What is noted of a group that principals of the source name and that is left out.
    pub fn notes_on(&self, group: &str) -> impl Iterator<Item = &str> {
        let begin = begin_of_note(group);
        self.notes.iter().map(String::as_str).filter(move |note| note.starts_with(&begin))
    }

    /// Leaves only what concerns the principals in `only`, and the making of groups that they are to be in; everything
    /// where it is empty.
    pub fn narrow(&mut self, only: &[PrincipalId], rules: CaseRules) {
        if only.is_empty() {
            return;
        }
        let wanted: FxHashSet<_> = only.iter().map(|id| (id.kind, rules.key(id.kind, &id.name))).collect();
        let meant = |kind: Kind, name: &str| wanted.contains(&(kind, rules.key(kind, name)));
        let is_meant = |change: &Change| {
            meant(change.kind(), change.name())
                || change.detail().new_name.as_ref().is_some_and(|name| meant(change.kind(), name))
        };
        let groups = self.new_groups_of(&is_meant, rules);
        let is_needed =
            |change: &Change| is_new_group(change) && groups.contains(&rules.key(Kind::Group, change.name()));
        self.changes.retain(|change| is_meant(change) || is_needed(change));
        self.retained.retain(|item| meant(item.kind, &item.name));
        self.held.retain(|item| meant(item.kind, &item.name));
        self.adopted.retain(|item| meant(item.kind, &item.name));
        self.present.retain(|(kind, name)| meant(*kind, name));
        self.back.retain(|(kind, name)| meant(*kind, name));
    }

    /// Folded names of the groups that are to be made, and without which those who are meant could not be in them.
    fn new_groups_of(&self, is_meant: &dyn Fn(&Change) -> bool, rules: CaseRules) -> FxHashSet<CompactString> {
        let key = |name: &str| rules.key(Kind::Group, name);
        let new = self.changes.iter().filter(|change| is_new_group(change));
        let new: FxHashMap<CompactString, &Change> = new.map(|change| (key(change.name()), change)).collect();
        let mut found = FxHashSet::default();
        let mut open: Vec<&Change> = self.changes.iter().filter(|change| is_meant(change)).collect();
        while let Some(change) = open.pop() {
            for group in change.joins() {
                let group = key(self.names.name(*group));
                if let Some(change) = new.get(&group)
                    && found.insert(group)
                {
                    open.push(change);
                }
            }
        }
        found
    }

    /// Holds who is new and would be in no group, where the product wants everybody in one. To be asked once more
    /// whenever memberships were held.
    pub fn hold_groupless(&mut self, can: &Capabilities) {
        let Some(reason) = can.needs_group else { return };
        let is_groupless = |change: &Change| {
            change.kind() == Kind::User && change.action() == Action::Create && change.joins().is_empty()
        };
        for change in self.changes.extract_if(.., |change| is_groupless(change)) {
            let PrincipalId { kind, name } = change.id();
            let wanted = Wanted::Action(Action::Create);
            self.held.push(Held { kind, name, wanted, code: HoldCode::TargetCannot, reason: reason.into() });
        }
    }

    /// Adds to each removal when and where the principal was last seen in the source.
    pub fn trace(&mut self, mut find: impl FnMut(Kind, &str) -> Option<LastSeen>) {
        for change in self.changes.iter_mut().filter(|change| change.action().removes()) {
            if let Some(LastSeen { origin, time }) = find(change.kind(), change.name()) {
                let detail = change.detail_mut();
                (detail.last_origin, detail.last_seen) = (origin, time);
            }
        }
    }

    /// Puts every list in its order.
    pub fn sort(&mut self) {
        self.changes.sort_by(|a, b| (a.kind(), a.name()).cmp(&(b.kind(), b.name())));
        self.retained.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        self.held.sort_by(|a, b| {
            (a.kind, &a.name, a.wanted.word(), a.wanted.group()).cmp(&(
                b.kind,
                &b.name,
                b.wanted.word(),
                b.wanted.group(),
            ))
        });
        self.adopted.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    }
}
