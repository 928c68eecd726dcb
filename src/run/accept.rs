//! What an apply leaves behind: who owns what, the reading it accepted, the rules a person stood by.

use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};

use super::aftermath::Aftermath;
use super::journal::ended;
use super::trail::{Teller, Told};
use super::{Ask, Job, RunError, departures, drift};
use crate::audit::Entry;
use crate::connector::Outcome;
use crate::plan::{Action, Adoption, Applied, Change, Memories, Owner, ReasonCode, remember, to_recall};
use crate::principal::{CaseRules, Kind, hex};
use crate::report::Report;
use crate::store::{JournalRow, OwnedRow, ReadingRow, Settlement, Store};

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
    // An undo looks at no source: what is remembered of one stays as it is.
    let narrowed = !report.facts.only.is_empty() || report.facts.undoes.is_some();
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
        absent: departures::absent(report, rules),
        counts: whole && !narrowed,
        returned: Vec::new(),
        recorded: departures::recorded(report, &after, rules),
        on_again: after.on_again,
        removals: departures::removals(report),
        released: after.gone,
        journal: unfinished(report),
        trail: Vec::new(),
    };
    let (returned, owed) = departures::back(report, &after.leavers, rules);
    settlement.returned = after.undone;
    settlement.returned.extend(returned);
    settlement.recorded.extend(owed);
    // An unproven or a narrowed reading is no measure for the next.
    if whole && !narrowed {
        settlement.readings = readings(report);
        if settlement.completed {
            settlement.memories = after.memories;
        }
    }
    if report.facts.undoes.is_none() && !job.from.iter().any(|feed| feed.source.remembers()) {
        // Nothing is kept that nobody uses.
        store.forget(&job.sync.name).await?;
    }
    let (mut done, mut undone) = (Vec::new(), FxHashSet::default());
    for (change, outcome) in report.plan.changes.iter().zip(report.outcomes()) {
        if matches!(outcome, Outcome::Done) {
            note(&mut settlement, change, rules);
            done.push(change);
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
            applied: None,
        });
    }
    let before = drift::recall(job, store, to_recall(&done, rules)).await?;
    let known: FxHashSet<_> = before.keys().cloned().collect();
    let mut memories = after.adopted;
    memories.extend(remember(&done, &report.plan.names, rules, before));
    write_down(&mut settlement.owned, memories, &known, rules);
    let told = told(report);
    let teller = Teller::of(job, ask).about(&report.digest);
    settlement.trail = outcomes(&teller, report, &told, &intents(store, ask).await?);
    let is_settled =
        |adoption: &&Adoption| !undone.contains(&(adoption.kind, rules.key(adoption.kind, &adoption.name)));
    let first = report.plan.adopted.iter().filter(|adoption| adoption.first).filter(is_settled);
    settlement.trail.extend(first.map(|adoption| teller.adopted(adoption)));
    Ok(store.settle(&settlement).await?)
}

/// Writes down what became of an apply that did nothing: nothing is settled by it.
pub(super) async fn conclude(job: &Job<'_>, ask: &Ask<'_>, store: &Store, report: &Report) -> Result<(), RunError> {
    let told = told(report);
    let teller = Teller::of(job, ask).about(&report.digest);
    let mut settlement = Settlement::of_memory(&ask.id, &job.sync.name, &job.to.place, (ask.clock)());
    settlement.journal = unfinished(report);
    settlement.trail = outcomes(&teller, report, &told, &intents(store, ask).await?);
    Ok(store.settle(&settlement).await?)
}

fn told(report: &Report) -> Vec<Told> {
    report.outcomes().iter().map(Told::of).collect()
}

/// The entries of the trail that announced changes, by the place of each change.
async fn intents(store: &Store, ask: &Ask<'_>) -> Result<FxHashMap<usize, u64>, RunError> {
    let rows = store.journal(&ask.id).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.n, row.intent?))).collect())
}

/// What the trail is told of each change, once the target was read again.
fn outcomes<'a>(
    teller: &Teller<'a>,
    report: &'a Report,
    told: &'a [Told],
    intents: &FxHashMap<usize, u64>,
) -> Vec<Entry<'a>> {
    let changes = report.plan.changes.iter().zip(told).enumerate();
    changes
        .map(|(at, (change, told))| teller.ended(change, &report.plan.names, intents.get(&at).copied(), told))
        .collect()
}

/// What the journal is told at the end: whatever was not simply done, as it stands after the target was read again.
pub(super) fn unfinished(report: &Report) -> Vec<JournalRow> {
    let outcomes = report.outcomes().iter().enumerate().filter(|(_, outcome)| !matches!(outcome, Outcome::Done));
    let row = |(n, outcome): (usize, &Outcome)| {
        let (state, note) = ended(outcome);
        JournalRow { n, part: String::new(), state, note, intent: None }
    };
    outcomes.map(row).collect()
}

/// Puts what is remembered into the rows of those who are written down. `known` are those who have a row already: they get
/// one where there is none, such as the members of a group that was renamed.
fn write_down(
    owned: &mut Vec<OwnedRow>,
    mut memories: Memories,
    known: &FxHashSet<(Kind, CompactString)>,
    rules: CaseRules,
) {
    let digits = |applied: &Applied| hex("", &applied.bytes(rules));
    for row in &mut *owned {
        row.applied = memories.remove(&(row.kind, CompactString::from(&row.key))).as_ref().map(digits);
    }
    let others = memories.into_iter().filter(|(id, _)| known.contains(id));
    owned.extend(others.map(|((kind, key), applied)| OwnedRow {
        kind,
        key: key.into(),
        // The row that is there says it better.
        owner: Owner::Adopted,
        source_id: None,
        disabled: None,
        origin: None,
        applied: Some(digits(&applied)),
    }));
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

pub(super) fn note(settlement: &mut Settlement<'_>, change: &Change, rules: CaseRules) {
    let kind = change.kind();
    let key = |name: &str| String::from(rules.key(kind, name));
    let row = |name: &str, owner: Owner, disabled: Option<bool>| OwnedRow {
        kind,
        key: key(name),
        owner,
        source_id: change.detail().source_id.as_ref().map(ToString::to_string),
        disabled,
        origin: change.origin.as_ref().map(ToString::to_string),
        applied: None,
    };
    match (change.action(), change.owner) {
        (Action::Create, _) => settlement.owned.push(row(change.name(), Owner::Created, None)),
        (Action::Delete, _) => settlement.released.push((kind, key(change.name()))),
        // Whoever was in nobody's care does not come into this one's by leaving.
        (Action::Disable | Action::Strip, Owner::None) if change.reason != ReasonCode::Inactive => {}
        (Action::Disable, owner) => settlement.owned.push(row(change.name(), kept(owner), Some(true))),
        (action, owner) => {
            let is_on = (action == Action::Enable).then_some(false);
            if let Some(new_name) = change.detail().new_name.as_deref() {
                settlement.released.push((kind, key(change.name())));
                settlement.owned.push(row(new_name, kept(owner), is_on));
            } else if owner != Owner::None {
                settlement.owned.push(row(change.name(), owner, is_on));
            }
        }
    }
}

fn kept(owner: Owner) -> Owner {
    if owner == Owner::None { Owner::Adopted } else { owner }
}
