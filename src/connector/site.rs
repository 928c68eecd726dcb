use std::sync::Mutex;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::{ConnectorError, FailureClass, Work};
use crate::plan::{Capabilities, Change, Step};
use crate::principal::{CaseRules, GroupRef, Kind, Password, Principal};

/// Where a step is carried out: the work it is part of, and the product's own ids of everybody known by now.
pub struct Site<'a> {
    pub work: &'a Work<'a>,
    pub can: &'a Capabilities,
    pub roster: &'a Roster,
}

impl<'a> Site<'a> {
    /// The name of a group of the plan.
    #[must_use]
    pub fn group_name(&self, group: GroupRef) -> &'a str {
        self.work.names.name(group)
    }

    /// The product's own id of a group of the plan.
    ///
    /// # Errors
    /// When no such group is known.
    pub fn group_id(&self, group: GroupRef) -> Result<CompactString, ConnectorError> {
        self.id(Kind::Group, self.group_name(group))
    }

    /// The product's own id of the principal that a change is about.
    ///
    /// # Errors
    /// When it has none.
    pub fn id_of(&self, change: &Change) -> Result<CompactString, ConnectorError> {
        self.id(change.kind(), change.name())
    }

    /// The change of a member of a join or a leave.
    #[must_use]
    pub fn member(&self, at: usize) -> &'a Change {
        self.work.changes[at]
    }

    /// The product's own ids of the members of a join or a leave.
    ///
    /// # Errors
    /// When one of them has none.
    pub fn member_ids(&self, members: &[usize]) -> Result<Vec<CompactString>, ConnectorError> {
        members.iter().map(|at| self.id_of(self.member(*at))).collect()
    }

    /// The principal as it was read just before the apply, by the name it had then.
    #[must_use]
    pub fn found(&self, kind: Kind, name: &str) -> Option<&'a Principal> {
        let record = self.work.current.set.get(kind, &self.can.rules.key(kind, name));
        record.map(|record| &record.principal)
    }

    /// The names of the groups that the principal of a change is to be in, sorted.
    #[must_use]
    pub fn groups_after(&self, change: &'a Change) -> Vec<&'a str> {
        self.work.names.sorted(change.after().map_or(&[][..], Principal::group_refs))
    }

    /// The password of somebody new: the source's own, else that of the sync.
    #[must_use]
    pub fn password(&self, change: &'a Change) -> Option<&'a Password> {
        let after = change.after()?;
        let own = after.password.as_deref().filter(|password| !password.reveal().is_empty());
        own.or_else(|| self.work.passwords.get(&after.name))
    }

    fn id(&self, kind: Kind, name: &str) -> Result<CompactString, ConnectorError> {
        let known = self.roster.find(kind, name, self.can.rules);
        known.or_else(|| self.found(kind, name)?.id.clone()).ok_or_else(|| {
            let why = format!("the target has shown no id of {} `{name}`", kind.word());
            ConnectorError::new(FailureClass::Missing, "looking up whom to change", why)
                .with_hint("the next run reads again and finishes")
        })
    }
}

/// The product's own ids of principals that were made, or seen, in the course of an apply.
#[derive(Debug, Default)]
pub struct Roster(Mutex<FxHashMap<(Kind, CompactString), CompactString>>);

impl Roster {
    /// Notes the id of a principal.
    pub fn note(&self, kind: Kind, name: &str, id: CompactString, rules: CaseRules) {
        self.known().insert((kind, rules.key(kind, name)), id);
    }

    /// The id of a principal, where it is known.
    #[must_use]
    pub fn find(&self, kind: Kind, name: &str, rules: CaseRules) -> Option<CompactString> {
        self.known().get(&(kind, rules.key(kind, name))).cloned()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, FxHashMap<(Kind, CompactString), CompactString>> {
        // An insert that panicked has left the map as it was.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What came of a step.
#[derive(Debug, Default)]
pub struct Performed {
    /// The product's own id of a principal that was made; none where the answer does not tell.
    pub id: Option<CompactString>,
    /// Members of a join or a leave that the product did not take: their places in the list of changes, and why.
    pub refused: Vec<(usize, ConnectorError)>,
    /// What a person should know of it, though it was done.
    pub remark: Option<String>,
}

impl Performed {
    /// Somebody was made.
    pub fn made(id: impl Into<CompactString>) -> Self {
        Self { id: Some(id.into()), ..Self::default() }
    }

    #[must_use]
    pub fn with_remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = Some(remark.into());
        self
    }
}

/// What a product makes of a change that it could be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    Fine,
    /// It can be done, and a person should know this of it first. A note of the plan.
    Note(String),
    /// It cannot be done, and is held: why, and what a person can do.
    Cannot(String),
}

/// The name of a step for a person: ``creating user `ada` ``.
#[must_use]
pub fn told(step: &Step<'_>, site: &Site<'_>) -> String {
    let of = |change: &Change| format!("{} `{}`", change.kind().word(), crate::principal::shown(change.name(), 60));
    match step {
        Step::Create { change, .. } => format!("creating {}", of(change)),
        Step::Change { change, .. } => format!("changing {}", of(change)),
        Step::Transfer { change, .. } => format!("handing over what {} owns", of(change)),
        Step::Delete { change, .. } => format!("deleting {}", of(change)),
        Step::Join { group, members } => {
            format!(
                "adding {} members to group `{}`",
                members.len(),
                crate::principal::shown(site.group_name(*group), 60)
            )
        }
        Step::Leave { group, members } => {
            format!(
                "taking {} members out of group `{}`",
                members.len(),
                crate::principal::shown(site.group_name(*group), 60)
            )
        }
    }
}
