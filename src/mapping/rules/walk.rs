use std::collections::BTreeSet;
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use super::naming::{Namer, Renamed};
use super::protect::{Unnamed, name_of, protect};
use super::values::{self, Given};
use super::{KindRules, Nested, Rules};
use crate::connector::Rejected;
use crate::mapping::expression::{Subject, VARIABLES};
use crate::mapping::hierarchy::Hierarchy;
use crate::mapping::scope::Reach;
use crate::plan::Desired;
use crate::principal::{CaseRules, Collision, GroupRef, Kind, PrincipalSet, Record};

/// What the rules work with and on.
pub(super) struct Work<'a> {
    pub(super) rules: &'a Rules,
    pub(super) case: CaseRules,
    hierarchy: Arc<Hierarchy>,
    /// In place of what the hierarchy says of every record, where a test of the rules gives it.
    all_groups: Option<&'a [GroupRef]>,
    pub(super) desired: &'a mut Desired,
    rejected: &'a mut Vec<Rejected>,
}

/// Carries the rules out on `set`: everything that was read and not set aside. `rejected` holds what was, and gets more;
/// so does `desired`, all but its set.
#[must_use]
pub(in crate::mapping) fn apply(
    rules: &Rules,
    set: PrincipalSet,
    case: CaseRules,
    desired: &mut Desired,
    rejected: &mut Vec<Rejected>,
) -> PrincipalSet {
    apply_with(rules, set, case, None, desired, rejected)
}

/// The same, with what all records are in given.
pub(in crate::mapping) fn apply_with(
    rules: &Rules,
    mut set: PrincipalSet,
    case: CaseRules,
    all_groups: Option<&[GroupRef]>,
    desired: &mut Desired,
    rejected: &mut Vec<Rejected>,
) -> PrincipalSet {
    if rules.is_plain() {
        let reach = Reach::new(&rules.scope, case);
        set.retain(|key, principal| {
            let inside = reach.holds(principal.kind, key);
            if !inside {
                desired.out_of_scope.insert((principal.kind, key.into()));
            }
            inside
        });
        return set;
    }
    let hierarchy = Arc::new(Hierarchy::new(&set, case, rules.depth));
    let mut work = Work { rules, case, hierarchy, all_groups, desired, rejected };
    let before = std::mem::take(work.rejected);
    protect(&mut work, &before, set.names());
    *work.rejected = before;
    carry_out(set, work)
}

fn carry_out(set: PrincipalSet, work: Work<'_>) -> PrincipalSet {
    let rules = work.rules;
    let (mut groups, names) = set.into_parts();
    let mut users = groups.split_off(groups.partition_point(|record| record.kind() == Kind::Group));
    let mut walk = Walk::new(work);

    groups.retain_mut(|record| walk.judge(record).is_some());
    walk.take_clashes(&mut groups);
    let mut renamed = walk.renamed(names, &groups);
    walk.work.desired.contested.extend(std::mem::take(&mut renamed.contested));
    for record in &mut groups {
        let principal = &mut record.principal;
        match rules.nested {
            Nested::Flatten if principal.groups.is_some() => principal.set_groups(Vec::new()),
            Nested::Flatten | Nested::Keep => renamed.follow(principal),
        }
    }
    let mut granted: Vec<Vec<GroupRef>> = Vec::new();
    for grant in &rules.grants {
        granted.push(grant.groups.iter().map(|group| renamed.names.intern(group)).collect());
    }
    users.retain_mut(|record| {
        let grants = walk.judge(record);
        grants.map(|grants| walk.place(record, &grants, &granted, &renamed)).is_some()
    });
    walk.take_clashes(&mut users);
    groups.append(&mut users);
    // Records whose names clash are out of it already. Were one left, it must not be lost.
    let (set, left) = PrincipalSet::build(groups, renamed.names, walk.work.case);
    for Collision { records } in &left {
        walk.clash(records);
    }
    walk.finish();
    set
}

struct Walk<'a> {
    work: Work<'a>,
    namer: Namer<'a>,
    reach: Reach,
    /// Attributes that rules ask for and no record had so far, with the place of the rule.
    unseen: BTreeSet<(Kind, &'a str, &'a str)>,
    /// Users who are granted groups while the source says nothing of their groups.
    ungranted: usize,
    unnamed: Unnamed,
}

/// What the rules say of a record.
enum Verdict {
    Inside {
        name: CompactString,
        values: Vec<Given>,
        grants: Vec<usize>,
    },
    /// With the name in the target, where it can be worked out.
    Outside(Option<CompactString>),
    Aside(String, Option<CompactString>),
}

impl<'a> Walk<'a> {
    fn new(work: Work<'a>) -> Self {
        let rules = work.rules;
        let asked = |kind: Kind| rules.variables_of(kind).map(move |(name, place)| (kind, name, place));
        let asked = asked(Kind::User).chain(asked(Kind::Group));
        Self {
            namer: Namer::new(&rules.naming, work.case),
            reach: Reach::new(&rules.scope, work.case),
            unseen: asked.filter(|(_, name, _)| !VARIABLES.contains(name)).collect(),
            ungranted: 0,
            unnamed: Unnamed::default(),
            work,
        }
    }

    /// Gives a record its name and values, and says which grants hold. None: it does not take part.
    fn judge(&mut self, record: &mut Record) -> Option<Vec<usize>> {
        let kind = record.kind();
        let subject = Subject::take(&mut record.principal, &self.work.hierarchy, self.work.all_groups);
        let verdict = self.ask(kind, record.key(), &subject);
        record.principal = subject.release();
        match verdict {
            Verdict::Inside { name, values, grants } => {
                record.principal.name = name;
                for (setting, given) in self.rules(kind).set.iter().zip(values) {
                    values::write(&mut record.principal, &setting.field, given);
                }
                Some(grants)
            }
            Verdict::Outside(name) => {
                if let Some(name) = name {
                    self.work.desired.out_of_scope.insert((kind, self.work.case.key(kind, &name)));
                }
                None
            }
            Verdict::Aside(reason, name) => {
                let rejected = Rejected { kind, name: record.principal.name.clone(), origin: origin(record), reason };
                self.set_aside(record, rejected, name);
                None
            }
        }
    }

    fn ask(&mut self, kind: Kind, key: &str, subject: &Arc<Subject>) -> Verdict {
        self.unseen.retain(|(of, name, _)| *of != kind || !subject.has(name));
        let name = name_of(self.work.rules, &self.namer, key, subject);
        let when = self.rules(kind).when.as_ref();
        match when.map_or(Ok(true), |when| when.holds(subject)) {
            Err(reason) => return Verdict::Aside(reason, name.ok()),
            Ok(holds) if !holds || !self.reach.holds(kind, key) => return Verdict::Outside(name.ok()),
            Ok(_) => {}
        }
        let all = self.grants(kind, subject).and_then(|grants| Ok((grants, self.values(kind, subject)?)));
        match (name, all) {
            (Ok(name), Ok((grants, values))) => Verdict::Inside { name, values, grants },
            (Err(reason), _) => Verdict::Aside(reason, None),
            (Ok(name), Err(reason)) => Verdict::Aside(reason, Some(name)),
        }
    }

    fn rules(&self, kind: Kind) -> &'a KindRules {
        match kind {
            Kind::User => &self.work.rules.users,
            Kind::Group => &self.work.rules.groups,
        }
    }

    fn values(&self, kind: Kind, subject: &Arc<Subject>) -> Result<Vec<Given>, String> {
        let value = |setting: &super::Setting| {
            let value = setting.value.value(subject).and_then(|value| values::read(&setting.field, value));
            value.map_err(|why| format!("{}: {why}", setting.place))
        };
        self.rules(kind).set.iter().map(value).collect()
    }

    /// The grants that hold.
    fn grants(&self, kind: Kind, subject: &Arc<Subject>) -> Result<Vec<usize>, String> {
        let mut holding = Vec::new();
        let grants = if kind == Kind::User { &*self.work.rules.grants } else { &[] };
        for (at, grant) in grants.iter().enumerate() {
            if grant.when.as_ref().map_or(Ok(true), |when| when.holds(subject))? {
                holding.push(at);
            }
        }
        Ok(holding)
    }

    /// What group names become. Those that are not renamed stay.
    fn renamed(&self, names: crate::principal::GroupNames, groups: &[Record]) -> Renamed {
        if self.work.rules.naming.is_identity() {
            return Renamed::unchanged(names);
        }
        let key = |record: &Record| self.work.case.key(Kind::Group, &record.principal.name);
        // A record keeps its old key until it is in a set again.
        let owners: FxHashMap<_, _> = groups.iter().map(|record| (key(record), record.key().into())).collect();
        let aside = &self.work.desired.set_aside;
        let is_aside = |key: &CompactString| aside.contains(&(Kind::Group, key.clone()));
        Renamed::new(&names, &self.namer, self.work.case, &owners, is_aside)
    }

    /// Puts a user into the groups of the target.
    fn place(&mut self, record: &mut Record, grants: &[usize], granted: &[Vec<GroupRef>], renamed: &Renamed) {
        let principal = &mut record.principal;
        let Some(direct) = &principal.groups else {
            // To give some would take all others away.
            self.ungranted += usize::from(!grants.is_empty());
            return;
        };
        let mut groups = match (self.work.rules.nested, self.work.all_groups) {
            (Nested::Keep, _) => renamed.groups(direct),
            (Nested::Flatten, Some(all)) => renamed.groups(all),
            (Nested::Flatten, None) => renamed.groups(&self.work.hierarchy.all(direct)),
        };
        groups.extend(grants.iter().flat_map(|grant| &granted[*grant]));
        principal.set_groups(groups);
    }

    /// Takes out the records to which the rules give one name: which of them is meant cannot be told.
    fn take_clashes(&mut self, records: &mut Vec<Record>) {
        let mut count: FxHashMap<CompactString, u32> = FxHashMap::default();
        let key = |record: &Record, case: CaseRules| case.key(record.kind(), &record.principal.name);
        // Where no name changed, no two are the same.
        if records.iter().all(|record| key(record, self.work.case) == record.key()) {
            return;
        }
        for record in &*records {
            *count.entry(key(record, self.work.case)).or_default() += 1;
        }
        count.retain(|_, count| *count > 1);
        if count.is_empty() {
            return;
        }
        let mut clashing: std::collections::BTreeMap<CompactString, Vec<Record>> = std::collections::BTreeMap::new();
        for record in std::mem::take(records) {
            let name = key(&record, self.work.case);
            if count.contains_key(&name) {
                clashing.entry(name).or_default().push(record);
            } else {
                records.push(record);
            }
        }
        for run in clashing.values() {
            self.clash(run);
        }
    }

    /// Sets aside the records of `run`, which have one name in the target.
    fn clash(&mut self, run: &[Record]) {
        for (at, record) in run.iter().enumerate() {
            let other = &run[usize::from(at == 0)];
            let more = if run.len() > 2 { format!(" and {} more", run.len() - 2) } else { String::new() };
            let name = record.principal.name.clone();
            if record.kind() == Kind::Group {
                self.work.desired.contested.insert(self.work.case.key(Kind::Group, &name));
            }
            let reason = format!("the rules name it `{name}`, and so they do that at {}{more}", origin(other));
            let rejected = Rejected { kind: record.kind(), name: record.key().into(), origin: origin(record), reason };
            self.set_aside(record, rejected, Some(name));
        }
    }

    fn set_aside(&mut self, record: &Record, rejected: Rejected, name: Option<CompactString>) {
        let kind = record.kind();
        let desired = &mut *self.work.desired;
        desired.set_aside.insert((kind, record.key().into()));
        desired.set_aside_ids.extend(record.principal.id.clone().map(|id| (kind, id)));
        match name {
            Some(name) => drop(desired.set_aside.insert((kind, self.work.case.key(kind, &name)))),
            None => self.unnamed.count(kind, &rejected.origin),
        }
        self.work.rejected.push(rejected);
    }

    fn finish(&mut self) {
        let desired = &mut *self.work.desired;
        desired.coverage.missing.extend(self.unnamed.missing());
        let unseen = self.unseen.iter().map(|(kind, name, place)| format!("{place}: no {kind} has `{name}`"));
        desired.notes.extend(unseen);
        if self.ungranted > 0 {
            desired.notes.push(format!(
                "{} users are not granted groups: the source says nothing of their groups, and an empty list would do",
                self.ungranted
            ));
        }
        if self.work.hierarchy.is_cut() {
            let depth = self.work.rules.depth;
            desired
                .notes
                .push(format!("memberships that are more than {depth} groups deep are left out (`groups.depth`)"));
        }
    }
}

fn origin(record: &Record) -> String {
    record.origin.as_ref().map(ToString::to_string).unwrap_or_default()
}
