//! What an apply leaves behind of those on the way out, those who are back, and those it removed.

use compact_str::CompactString;
use rustc_hash::FxHashSet;

use super::aftermath::Aftermath;
use crate::connector::Outcome;
use crate::guard::{GuardName, LimitState, State};
use crate::plan::{Action, Change, Held, Leaver, Ledger, ReasonCode, Recorded, Wanted};
use crate::principal::{CaseRules, GroupNames, Kind};
use crate::report::Report;
use crate::store::{AbsentRow, RecordedRow, RemovalRow};

/// Leavers that are still there.
pub(super) fn absent(report: &Report, rules: CaseRules) -> Vec<AbsentRow> {
    let plan = &report.plan;
    let key = |kind: Kind, name: &str| (kind, String::from(rules.key(kind, name)));
    let present: FxHashSet<_> = plan.present.iter().map(|(kind, name)| key(*kind, name)).collect();
    let retained = plan.retained.iter().map(|item| (item.kind, item.name.as_str()));
    let is_removal = |item: &&Held| matches!(item.wanted, Wanted::Action(action) if action.removes());
    let held = plan.held.iter().filter(is_removal).map(|item| (item.kind, item.name.as_str()));
    let removed = plan.changes.iter().zip(report.outcomes()).filter(|(change, outcome)| {
        leaves(change) && (change.action() != Action::Delete || !matches!(outcome, Outcome::Done))
    });
    let removed = removed.map(|(change, _)| (change.kind(), change.name()));
    let all = retained.chain(held).chain(removed).filter(|(kind, name)| !present.contains(&key(*kind, name)));
    let mut all: Vec<AbsentRow> =
        all.map(|(kind, name)| (kind, rules.key(kind, name).into(), name.to_owned())).collect();
    all.sort_unstable();
    all.dedup_by(|a, b| (a.0, &a.1) == (b.0, &b.1));
    all
}

/// Whether it is the removal of a leaver: whom the source says to switch off has not left.
fn leaves(change: &Change) -> bool {
    let is_said = change.action() == Action::Disable && change.reason == ReasonCode::Inactive;
    change.action().removes() && !is_said
}

/// The changes that were done.
fn done(report: &Report) -> impl Iterator<Item = &Change> {
    let outcomes = report.plan.changes.iter().zip(report.outcomes());
    outcomes.filter(|(_, outcome)| matches!(outcome, Outcome::Done)).map(|(change, _)| change)
}

/// How those stood whom this run disabled or took out of their groups.
pub(super) fn recorded(report: &Report, after: &Aftermath, rules: CaseRules) -> Vec<RecordedRow> {
    let undone = |kind: Kind, key: &str| after.undone.iter().any(|(of, name)| *of == kind && name == key);
    let known = |change: &Change| {
        let key = rules.key(change.kind(), change.name());
        after.leavers.leaver(change.kind(), &key).filter(|_| !undone(change.kind(), &key))
    };
    let row = |change: &Change| record(change, &report.plan.names, known(change), rules);
    done(report).filter_map(row).collect()
}

/// How somebody stood whom a change disabled or took out of the groups; nothing for other changes. `known`: what is
/// remembered of them as a leaver.
pub(super) fn record(
    change: &Change,
    names: &GroupNames,
    known: Option<&Leaver>,
    rules: CaseRules,
) -> Option<RecordedRow> {
    if !leaves(change) || change.action() == Action::Delete {
        return None;
    }
    let (kind, key) = (change.kind(), String::from(rules.key(change.kind(), change.name())));
    let recorded = Recorded::before(change, names, known.and_then(|leaver| leaver.recorded.as_deref()));
    Some(RecordedRow { kind, key, name: change.name().to_owned(), recorded, leaves: true })
}

/// Who is back and has everything again that could be given, and what was held of it: that is still owed.
pub(super) fn back(report: &Report, leavers: &Ledger, rules: CaseRules) -> (Vec<(Kind, String)>, Vec<RecordedRow>) {
    let (plan, key) = (&report.plan, |kind: Kind, name: &str| (kind, String::from(rules.key(kind, name))));
    let undone = plan.changes.iter().zip(report.outcomes()).filter(|(_, outcome)| !matches!(outcome, Outcome::Done));
    let undone = undone.map(|(change, _)| (change.kind(), change.name()));
    let held = plan.held.iter().filter(|item| matches!(item.wanted, Wanted::Action(_)));
    let held = held.map(|item| (item.kind, item.name.as_str()));
    let waits: FxHashSet<_> = undone.chain(held).map(|(kind, name)| key(kind, name)).collect();
    let (mut returned, mut owed) = (Vec::new(), Vec::new());
    for (kind, name) in &plan.back {
        let (_, key) = key(*kind, name);
        let Some(leaver) = leavers.leaver(*kind, &key).filter(|_| !waits.contains(&(*kind, key.clone()))) else {
            continue;
        };
        let groups = still_held(report, leaver, (*kind, name), rules);
        returned.push((*kind, key));
        if !groups.is_empty() {
            let recorded = Recorded { groups, ..Recorded::default() };
            let changed = plan.changes.iter().find(|change| change.kind() == *kind && change.name() == name);
            let name = changed.and_then(|change| change.detail().new_name.as_ref()).unwrap_or(name);
            let key = rules.key(*kind, name).into();
            owed.push(RecordedRow { kind: *kind, key, name: name.to_string(), recorded, leaves: false });
        }
    }
    (returned, owed)
}

/// The recorded groups that somebody who is back was not let into.
fn still_held(report: &Report, leaver: &Leaver, (kind, name): (Kind, &str), rules: CaseRules) -> Vec<CompactString> {
    let mine = report.plan.held.iter().filter(|item| item.kind == kind && item.name == name);
    let groups: FxHashSet<_> = mine
        .filter_map(|item| match &item.wanted {
            Wanted::Join(group) => Some(rules.key(Kind::Group, group)),
            Wanted::Action(_) | Wanted::Leave(_) => None,
        })
        .collect();
    leaver.groups().iter().filter(|group| groups.contains(&rules.key(Kind::Group, group))).cloned().collect()
}

/// How many were removed, of how many, and whether a person lifted the limit for it.
pub(super) fn removals(report: &Report) -> Vec<RemovalRow> {
    let of = |kind: Kind| {
        let is_lifted = |limit: &LimitState| {
            matches!(limit.name, GuardName::Removals | GuardName::Budget)
                && limit.of.as_deref() == Some(kind.plural())
                && limit.state == State::Tripped
                && limit.lifted.is_some()
        };
        RemovalRow {
            kind,
            count: done(report).filter(|change| change.kind() == kind && change.action().removes()).count(),
            base: report.plan.bases.of(kind).removable,
            lifted: report.limits.iter().any(is_lifted),
        }
    };
    Kind::ALL.into_iter().map(of).filter(|row| row.count > 0).collect()
}
