use compact_str::CompactString;

use super::facts::{Facts, NotCreated, bases, is_inactive};
use super::gone::Leaving;
use super::matching::{Case, pair};
use super::memberships::Resolver;
use super::notes::{missing_groups, notes as notes_of, strangers, switched_off};
use super::touched::list_touched;
use super::{
    Ability, Action, Adoption, Capabilities, Change, Current, Desired, Detail, FieldChange, Held, HoldCode, Leaver,
    Ledger, Owner, Passed, Plan, Policy, ReasonCode, Retained, Wanted, Whole, fields, unkept,
};
use crate::principal::{GroupRef, Kind, PatternSet, Principal, Record};

/// Works out the plan: a merge of two ordered sets.
///
/// | in the source | in the target | becomes |
/// | --- | --- | --- |
/// | yes | no | create |
/// | yes | yes, different | update, rename, enable or disable |
/// | yes | yes, same | nothing |
/// | no | yes | leaver: retained or removed, as the policy says |
///
/// `desired` must be projected to what the target can hold.
#[must_use]
pub fn diff(desired: Desired, current: &Current, policy: &Policy, can: &Capabilities, ledger: &Ledger) -> Plan {
    diff_seen(desired, current, policy, can, ledger, &mut |_, _| ())
}

/// The same; `see` is told of every principal of which the plan has nothing to say, and why.
#[must_use]
pub fn diff_seen(
    desired: Desired,
    current: &Current,
    policy: &Policy,
    can: &Capabilities,
    ledger: &Ledger,
    see: See<'_>,
) -> Plan {
    let Desired { set, set_aside, set_aside_ids, unknown_ids, out_of_scope, contested, coverage, mut notes } = desired;
    notes.extend(notes_of(&set, &contested, current));
    let kept = current.untold.groups.iter().chain(&current.untold.unsure).map(|name| can.rules.key(Kind::Group, name));
    let contested = contested.into_iter().chain(kept).collect();
    let cases = pair(&set, &current.set, policy, ledger);
    let shield = PatternSet::new(policy.protect.iter().chain(&can.system), can.rules);
    let heir = policy.leavers.transfer_to.as_deref().map(|name| can.rules.key(Kind::User, name));
    let whole = coverage.whole();
    let current_set = &current.set;
    let facts = Facts {
        hides_memberships: current.hides_memberships,
        untold: &current.untold,
        set_aside,
        set_aside_ids,
        unknown_ids,
        out_of_scope,
        contested,
        whole,
        current: current_set,
        ambiguous: &current.ambiguous,
        policy,
        can,
        ledger,
        shield,
        heir,
    };
    let (resolver, missing) = facts.resolver(&cases, &set);
    notes.extend(switched_off(&set, &cases, current, (can, ledger)));
    let held = unkept::held(&set, &cases, current, &policy.create_only);
    let plan = Plan { bases: bases(&current.set, policy, can, ledger), notes, held, ..Plan::default() };
    let mut walk = Walk { facts, resolver, plan, not_created: 0, strangers: [0; 2], see };
    walk.plan.notes.extend(missing_groups(&missing, &set, &walk.facts));
    let (mut records, _) = set.into_parts();
    for case in cases {
        walk.step(case, &mut records);
    }
    walk.finish()
}

/// Looks on: a record of the target, or of the source where the target has none, and why nothing is said of it.
type See<'a> = &'a mut dyn FnMut(&Record, Passed);

/// How a principal of the target differs from what the source wants.
struct Difference {
    action: Action,
    /// None where all of it is withheld.
    change: Option<Change>,
    /// Memberships that an unproven reading may not take away.
    withheld: Vec<GroupRef>,
    unable: Unable,
}

/// What differs and the target cannot change.
#[derive(Default)]
struct Unable {
    values: bool,
    join: Vec<GroupRef>,
    leave: Vec<GroupRef>,
}

impl Unable {
    fn is_nothing(&self) -> bool {
        !self.values && self.join.is_empty() && self.leave.is_empty()
    }
}

struct Walk<'a> {
    facts: Facts<'a>,
    resolver: Resolver,
    plan: Plan,
    /// Users that the source says are not active and the target does not have.
    not_created: usize,
    /// Users and groups that only the target has, and that are not in this sync's care.
    strangers: [usize; 2],
    see: See<'a>,
}

impl Walk<'_> {
    fn step(&mut self, case: Case, desired: &mut [Record]) {
        match case {
            Case::New { desired: at } => self.new_one(&mut desired[at]),
            Case::Gone { current } => self.gone_one(current),
            Case::Both { desired: at, current, renamed } => self.both(&desired[at], current, renamed),
            Case::Reused { desired: at } => {
                let reason = "the name belongs to an account that was matched under another immutable id";
                self.hold_record(&desired[at], Action::Create, HoldCode::ReusedName, reason.into());
            }
            Case::Ambiguous { desired: at } => {
                let reason = "the recorded id and the name point to different accounts of the target";
                self.hold_record(&desired[at], Action::Update, HoldCode::AmbiguousMatch, reason.into());
            }
        }
    }

    fn new_one(&mut self, record: &mut Record) {
        match self.facts.creation(record) {
            Err(NotCreated::Silently) => return (self.see)(record, Passed::Implicit),
            Err(NotCreated::Inactive) => {
                self.not_created += 1;
                (self.see)(record, Passed::Inactive);
                return;
            }
            Err(NotCreated::Held(code, reason)) => return self.hold_record(record, Action::Create, code, reason),
            Ok(()) => {}
        }
        let empty = Principal::new(record.kind(), "");
        let mut after = std::mem::replace(&mut record.principal, empty);
        let groups = self.resolver.wanted(after.group_refs());
        let able = self.facts.can.can_join(after.kind);
        self.hold_moves(after.kind, &after.name, if able { &[] } else { &groups }, Wanted::Join);
        after.set_groups(if able { groups } else { Vec::new() });
        // An empty one is wanted so: to fill it would only make the next plan empty it again.
        after.display_name.get_or_insert_with(|| after.name.clone());
        let source_id = after.id.take();
        let mut change = Change::create(after, record.origin.take());
        if source_id.is_some() {
            change.detail_mut().source_id = source_id;
        }
        self.plan.changes.push(change);
    }

    fn gone_one(&mut self, current: usize) {
        let record = &self.facts.current.records()[current];
        self.leave(record, self.facts.why_gone(record));
    }

    fn leave(&mut self, record: &Record, reason: ReasonCode) {
        let (kind, name) = (record.kind(), record.principal.name.clone());
        let leaving = match self.facts.leaving(record, reason, &self.resolver) {
            Ok(leaving) => leaving,
            Err(why) => {
                let stranger = usize::from(why == Passed::NotOwned);
                self.strangers[usize::from(kind == Kind::Group)] += stranger;
                return (self.see)(record, why);
            }
        };
        match (leaving, self.facts.whole) {
            (Leaving::Remove(action, reason), Some(whole)) => self.remove(whole, action, reason, record),
            (Leaving::Remove(action, _), None) => self.hold_unproven(kind, name, Wanted::Action(action)),
            (Leaving::Retain(reason), _) => self.plan.retained.push(Retained { kind, name, reason }),
            (Leaving::Hold { wanted, code, reason }, _) => self.hold(kind, name, Wanted::Action(wanted), code, reason),
        }
    }

    fn remove(&mut self, whole: Whole, action: Action, reason: ReasonCode, record: &Record) {
        let owned = self.facts.ledger.owned(record.kind(), record.key());
        let leavers = &self.facts.policy.leavers;
        let detail = Detail {
            transfer_to: leavers
                .transfer_to
                .clone()
                .filter(|_| action == Action::Delete && record.kind() == Kind::User),
            ..Detail::default()
        };
        let mut change = Change::remove(whole, action, reason, record.principal.clone(), detail);
        change.owner = owned.map_or(Owner::None, |owned| owned.owner);
        self.plan.changes.push(change);
    }

    /// The source names it, so that it is held where a leaver would be passed over.
    fn inactive_one(&mut self, has: &Record) {
        match self.facts.shielded(has.kind(), has.key()) {
            Some((code, reason)) if self.facts.policy.remove_deleted => {
                self.hold(has.kind(), has.principal.name.clone(), Wanted::Action(Action::Delete), code, reason);
            }
            _ => self.leave(has, ReasonCode::Inactive),
        }
    }

    fn both(&mut self, wanted: &Record, current: usize, renamed: bool) {
        let has = &self.facts.current.records()[current];
        let (kind, key) = (has.kind(), has.key());
        if self.facts.can.is_implicit(kind, key) {
            return (self.see)(has, Passed::Implicit);
        }
        if is_inactive(wanted) {
            if !self.facts.can.can(kind, Ability::Disable) {
                return self.inactive_one(has);
            }
            self.plan.present.push((kind, has.principal.name.clone()));
        } else if self.facts.ledger.leaver(kind, key).is_some() {
            self.plan.back.push((kind, has.principal.name.clone()));
        }
        let Some(Difference { action, change, withheld, unable }) = self.difference(wanted, has, renamed) else {
            self.plan.bases.of_mut(kind).unchanged += 1;
            (self.see)(has, Passed::Unchanged);
            self.adopt(wanted, has);
            return;
        };
        let refusal = self.facts.refusal(kind, key, action, renamed.then(|| wanted.key()));
        let name = has.principal.name.clone();
        if let Some((code, reason)) = refusal {
            return self.hold(kind, name, Wanted::Action(action), code, reason);
        }
        if unable.values {
            let reason = self.facts.can.inability(kind, Ability::Update);
            self.hold(kind, name.clone(), Wanted::Action(Action::Update), HoldCode::TargetCannot, reason);
        }
        self.hold_moves(kind, &name, &unable.join, Wanted::Join);
        self.hold_moves(kind, &name, &unable.leave, Wanted::Leave);
        for group in withheld {
            let group = self.resolver.names.name(group).into();
            self.hold_unproven(kind, name.clone(), Wanted::Leave(group));
        }
        if action == Action::Disable && change.is_none() {
            self.hold_unproven(kind, name, Wanted::Action(action));
        }
        self.adopt(wanted, has);
        self.plan.changes.extend(change);
    }

    /// What differs; nothing where nothing does.
    fn difference(&self, wanted: &Record, has: &Record, renamed: bool) -> Option<Difference> {
        let (to, from) = (&wanted.principal, &has.principal);
        let leaver = self.facts.ledger.leaver(has.kind(), has.key());
        let (fields, (mut join, leave), unable) = self.differing(to, from, leaver);
        let action = self.action(to, has, renamed);
        join.retain(|_| action == Action::Enable || self.facts.can.joins_disabled || from.is_active());
        let nothing = fields.is_empty() && join.is_empty() && leave.is_empty();
        if action == Action::Update && nothing && unable.is_nothing() {
            return None;
        }
        let new_name = renamed.then(|| to.name.clone());
        let source_id = to.id.clone();
        let detail = Detail { fields, join, new_name, source_id, ..Detail::default() };
        let reason = match action {
            Action::Rename => ReasonCode::Renamed,
            Action::Enable => ReasonCode::Returned,
            Action::Disable => ReasonCode::Inactive,
            _ => ReasonCode::Changed,
        };
        let change = match (action, self.facts.whole) {
            (Action::Disable, Some(whole)) => Change::remove(whole, action, reason, from.clone(), detail),
            (Action::Disable, None) => return Some(Difference { action, change: None, withheld: leave, unable }),
            _ => Change::edit(action, reason, from.clone(), detail, None),
        };
        let was_untold = || leaver.is_some_and(Leaver::was_untold) && to.active.is_none();
        let change = if action == Action::Enable && was_untold() { change.without_active() } else { change };
        let (mut change, withheld) = match self.facts.whole {
            Some(whole) if !leave.is_empty() => (change.leaving(whole, leave), Vec::new()),
            _ => (change, leave),
        };
        change.origin.clone_from(&wanted.origin);
        let owned = self.facts.ledger.owned(has.kind(), has.key());
        change.owner = owned.map_or(Owner::None, |owned| owned.owner);
        Some(Difference { action, change: (!change.is_idle()).then_some(change), withheld, unable })
    }

    /// The values and the memberships that differ, and apart from them those that the target cannot change.
    fn differing(
        &self,
        to: &Principal,
        from: &Principal,
        leaver: Option<&Leaver>,
    ) -> (Vec<FieldChange>, (Vec<GroupRef>, Vec<GroupRef>), Unable) {
        let kind = from.kind;
        let create_only = if kind == Kind::User { self.facts.policy.create_only.as_slice() } else { &[] };
        let mut fields = fields::changes(to, from, create_only);
        fields.retain(|change| !self.facts.untold.hides(&change.field));
        let groups = to.groups.as_deref().filter(|_| !self.facts.hides_memberships);
        let mut moves = self.resolver.delta(groups, from.group_refs());
        // Whoever is still switched off in the source gets nothing back yet.
        if let Some(leaver) = leaver.filter(|_| to.active != Some(false) && !self.facts.hides_memberships) {
            let fold = |name: &str| self.facts.can.rules.key(Kind::Group, name);
            moves.0.extend(self.resolver.restored(leaver.groups(), groups.is_some(), from.group_refs(), fold));
            moves.0.sort_unstable();
            moves.0.dedup();
        }
        let mut unable = Unable::default();
        if !self.facts.can.can(kind, Ability::Update) {
            unable.values = !std::mem::take(&mut fields).is_empty();
        }
        if !self.facts.can.can_join(kind) {
            (unable.join, unable.leave) = std::mem::take(&mut moves);
        }
        (fields, moves, unable)
    }

    fn action(&self, to: &Principal, has: &Record, renamed: bool) -> Action {
        let can_disable = self.facts.can.can(has.kind(), Ability::Disable);
        let ours = || self.facts.ledger.switched_off(has.kind(), has.key());
        match to.active {
            Some(false) if can_disable && has.principal.is_active() => Action::Disable,
            Some(true) if can_disable && !has.principal.is_active() => Action::Enable,
            None if can_disable && !has.principal.is_active() && ours() => Action::Enable,
            _ if renamed => Action::Rename,
            _ => Action::Update,
        }
    }

    fn adopt(&mut self, wanted: &Record, has: &Record) {
        let (kind, key) = (has.kind(), has.key());
        if self.facts.is_shielded(kind, key) || self.facts.ledger.other_owner(kind, key).is_some() {
            return;
        }
        let owned = self.facts.ledger.owned(kind, key);
        let source_id = wanted.principal.id.clone();
        let known = owned.is_some_and(|owned| source_id.is_none() || owned.source_id == source_id);
        if !known {
            let adoption = Adoption { kind, name: has.principal.name.clone(), source_id, first: owned.is_none() };
            self.plan.adopted.push(adoption);
        }
    }

    fn hold_record(&mut self, record: &Record, action: Action, code: HoldCode, reason: String) {
        self.hold(record.kind(), record.principal.name.clone(), Wanted::Action(action), code, reason);
    }

    fn hold_moves(
        &mut self,
        kind: Kind,
        name: &CompactString,
        groups: &[GroupRef],
        wanted: fn(CompactString) -> Wanted,
    ) {
        let needed = if kind == Kind::Group { Ability::Nest } else { Ability::Join };
        for group in groups {
            let group = self.resolver.names.name(*group).into();
            let reason = self.facts.can.inability(kind, needed);
            self.hold(kind, name.clone(), wanted(group), HoldCode::TargetCannot, reason);
        }
    }

    fn hold_unproven(&mut self, kind: Kind, name: CompactString, wanted: Wanted) {
        let reason = "the reading of the source is not proven complete";
        self.hold(kind, name, wanted, HoldCode::UnprovenSource, reason.into());
    }

    fn hold(&mut self, kind: Kind, name: CompactString, wanted: Wanted, code: HoldCode, reason: String) {
        self.plan.held.push(Held { kind, name, wanted, code, reason });
    }

    fn finish(mut self) -> Plan {
        if self.not_created > 0 {
            let users = self.not_created;
            self.plan.notes.push(format!("{users} of the source are not active and not in the target: not created"));
        }
        self.plan.notes.extend(strangers(self.strangers, &self.facts));
        self.plan.names = self.resolver.names;
        list_touched(&mut self.plan, self.facts.current);
        self.plan.sort();
        self.plan
    }
}
