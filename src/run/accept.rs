//! What an apply leaves behind: who owns what, the reading it accepted, the rules a person stood by.

use rustc_hash::FxHashSet;

use super::pipeline::Aftermath;
use super::{Ask, Job, RunError};
use crate::connector::Outcome;
use crate::plan::{Action, Change, Held, Owner, Wanted};
use crate::principal::{CaseRules, Kind};
use crate::report::Report;
use crate::store::{OwnedRow, ReadingRow, Settlement, Store};

/// Writes down what an apply settled: one that did something, all of it or a part, or found nothing to do. Records that
/// were set aside, and a change that fails in each run, take nothing from the reading that the rest was done by.
pub(super) async fn accept(
    job: &Job<'_>,
    ask: &Ask<'_>,
    store: &Store,
    report: &Report,
    after: Aftermath,
) -> Result<(), RunError> {
    let rules = job.target.capabilities().rules;
    let whole = report.is_of_whole_readings();
    let narrowed = !report.facts.only.is_empty();
    let mut settlement = Settlement {
        run: &ask.id,
        sync: &job.sync.name,
        target: &job.to.place,
        at: (ask.clock)(),
        narrowed,
        completed: !report.is_partial(),
        rules_digest: &job.sync.rules_digest,
        by_hand: !ask.unattended,
        readings: Vec::new(),
        memories: Vec::new(),
        owned: Vec::new(),
        released: after.gone,
        absent: absent(report, rules),
    };
    // An unproven or a narrowed reading is no measure for the next.
    if whole && !narrowed {
        settlement.readings = readings(report);
        if settlement.completed {
            settlement.memories = after.memories;
        }
    }
    if !job.from.iter().any(|feed| feed.source.remembers()) {
        // Nothing is kept that nobody uses.
        store.forget(&job.sync.name).await?;
    }
    let mut undone = FxHashSet::default();
    for (change, outcome) in report.plan.changes.iter().zip(report.outcomes()) {
        if matches!(outcome, Outcome::Done) {
            note(&mut settlement, change, rules);
        } else {
            undone.insert((change.kind(), rules.key(change.kind(), change.name())));
        }
    }
    for adoption in &report.plan.adopted {
        let key = rules.key(adoption.kind, &adoption.name);
        if undone.contains(&(adoption.kind, key.clone())) {
            continue;
        }
        settlement.owned.push(OwnedRow {
            kind: adoption.kind,
            key: key.into(),
            owner: Owner::Adopted,
            source_id: adoption.source_id.as_ref().map(ToString::to_string),
            disabled: None,
            origin: None,
        });
    }
    Ok(store.settle(&settlement).await?)
}

fn readings(report: &Report) -> Vec<ReadingRow> {
    let sources = report.facts.sources.iter();
    let row = |source: &crate::report::SourceFacts| ReadingRow {
        source: source.name.clone(),
        users: source.users,
        groups: source.groups,
        read: source.read_finished,
        digest: source.digest.clone(),
    };
    sources.map(row).collect()
}

fn note(settlement: &mut Settlement<'_>, change: &Change, rules: CaseRules) {
    let kind = change.kind();
    let key = |name: &str| String::from(rules.key(kind, name));
    let row = |name: &str, owner: Owner, disabled: Option<bool>| OwnedRow {
        kind,
        key: key(name),
        owner,
        source_id: change.detail().source_id.as_ref().map(ToString::to_string),
        disabled,
        origin: change.origin.as_ref().map(ToString::to_string),
    };
    match (change.action(), change.owner) {
        (Action::Create, _) => settlement.owned.push(row(change.name(), Owner::Created, None)),
        (Action::Delete, _) => settlement.released.push((kind, key(change.name()))),
        (Action::Rename, owner) => {
            settlement.released.push((kind, key(change.name())));
            let name = change.detail().new_name.as_deref().unwrap_or_default();
            settlement.owned.push(row(name, kept(owner), None));
        }
        (Action::Disable, owner) => settlement.owned.push(row(change.name(), kept(owner), Some(true))),
        (Action::Update | Action::Enable | Action::Strip, Owner::None) => {}
        (Action::Update | Action::Enable | Action::Strip, owner) => {
            settlement.owned.push(row(change.name(), owner, None));
        }
    }
}

fn kept(owner: Owner) -> Owner {
    if owner == Owner::None { Owner::Adopted } else { owner }
}

/// Leavers that are still there.
fn absent(report: &Report, rules: CaseRules) -> Vec<(Kind, String)> {
    let key = |kind: Kind, name: &str| (kind, String::from(rules.key(kind, name)));
    let retained = report.plan.retained.iter().map(|item| key(item.kind, &item.name));
    let is_removal = |item: &&Held| matches!(item.wanted, Wanted::Action(action) if action.removes());
    let held = report.plan.held.iter().filter(is_removal).map(|item| key(item.kind, &item.name));
    let removed = report.plan.changes.iter().zip(report.outcomes());
    let removed = removed.filter(|(change, outcome)| {
        change.action().removes() && (change.action() != Action::Delete || !matches!(outcome, Outcome::Done))
    });
    retained.chain(held).chain(removed.map(|(change, _)| key(change.kind(), change.name()))).collect()
}
