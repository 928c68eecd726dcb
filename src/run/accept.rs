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
use crate::store::{ChangeState, JournalRow, OwnedRow, ReadingRow, Settlement, Store};

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
    let intents = intents(store, ask).await?;
    let mut settlement = begun(job, ask, report, &after, narrowed);
    // An unproven or a narrowed reading is no measure for the next.
    if whole && !narrowed {
        settlement.readings = readings(report);
        if settlement.completed {
            settlement.memories = after.memories;
        }
    }
    settlement.journal = unfinished(report, &intents);
    if report.facts.undoes.is_none() && !job.from.iter().any(|feed| feed.source.remembers()) {
        // Nothing is kept that nobody uses.
        store.forget(&job.sync.name).await?;
    }
    let (mut done, mut undone) = (Vec::new(), FxHashSet::default());
    for (at, (change, outcome)) in report.plan.changes.iter().zip(report.outcomes()).enumerate() {
        if matches!(outcome, Outcome::Done) {
            note(&mut settlement, change, rules);
            // What was so before anything was tried is somebody else's work.
            if let (Action::Create, false, Some(row)) =
                (change.action(), intents.contains_key(&at), settlement.owned.last_mut())
            {
                row.owner = Owner::Adopted;
            }
            done.push(change);
        } else {
            undone.insert((change.kind(), rules.key(change.kind(), change.name())));
        }
    }
    adopt(&mut settlement, report, &undone, rules);
    let before = drift::recall(job, store, to_recall(&done, rules)).await?;
    let known: FxHashSet<_> = before.keys().cloned().collect();
    let mut memories = after.adopted;
    memories.extend(remember(&done, &report.plan.names, rules, before));
    write_down(&mut settlement.owned, memories, &known, rules);
    let told = told(report);
    let teller = Teller::of(job, ask).about(&report.digest);
    settlement.trail = outcomes(&teller, report, &told, &intents);
    let is_settled =
        |adoption: &&Adoption| !undone.contains(&(adoption.kind, rules.key(adoption.kind, &adoption.name)));
    let first = report.plan.adopted.iter().filter(|adoption| adoption.first).filter(is_settled);
    settlement.trail.extend(first.map(|adoption| teller.adopted(adoption)));
    Ok(store.settle(&settlement).await?)
}

/// What a run settles besides what it did: who is missing, who is back, what is remembered of both.
fn begun<'a>(job: &'a Job<'_>, ask: &'a Ask<'_>, report: &Report, after: &Aftermath, narrowed: bool) -> Settlement<'a> {
    let rules = job.target.capabilities().rules;
    let (returned, owed) = departures::back(report, &after.leavers, rules);
    let mut recorded = departures::recorded(report, after, rules);
    recorded.extend(owed);
    Settlement {
        narrowed,
        completed: !report.is_partial(),
        rules_digest: &job.sync.rules_digest,
        by_hand: !ask.unattended,
        absent: departures::absent(report, rules),
        counts: report.is_of_whole_readings() && !narrowed,
        returned: after.undone.iter().cloned().chain(returned).collect(),
        recorded,
        on_again: after.on_again.clone(),
        removals: departures::removals(report),
        released: after.gone.clone(),
        ..Settlement::of_memory(&ask.id, &job.sync.name, &job.to.place, (ask.clock)())
    }
}

fn adopt(
    settlement: &mut Settlement<'_>,
    report: &Report,
    undone: &FxHashSet<(Kind, CompactString)>,
    rules: CaseRules,
) {
    let key = |adoption: &Adoption| rules.key(adoption.kind, &adoption.name);
    let taken = report.plan.adopted.iter().filter(|adoption| !undone.contains(&(adoption.kind, key(adoption))));
    settlement.owned.extend(taken.map(|adoption| OwnedRow {
        kind: adoption.kind,
        key: key(adoption).into(),
        owner: Owner::Adopted,
        source_id: adoption.source_id.as_ref().map(ToString::to_string),
        disabled: None,
        origin: None,
        applied: None,
    }));
}

/// Writes down what became of an apply that did nothing: nothing is settled by it.
pub(super) async fn conclude(job: &Job<'_>, ask: &Ask<'_>, store: &Store, report: &Report) -> Result<(), RunError> {
    let told = told(report);
    let teller = Teller::of(job, ask).about(&report.digest);
    let mut settlement = Settlement::of_memory(&ask.id, &job.sync.name, &job.to.place, (ask.clock)());
    let intents = intents(store, ask).await?;
    settlement.journal = unfinished(report, &intents);
    settlement.trail = outcomes(&teller, report, &told, &intents);
    Ok(store.settle(&settlement).await?)
}

fn told(report: &Report) -> Vec<Told> {
    report.outcomes().iter().map(Told::of).collect()
}

/// What the journal knows of the changes that were tried, by the place of each.
async fn intents(store: &Store, ask: &Ask<'_>) -> Result<FxHashMap<usize, JournalRow>, RunError> {
    let rows = store.journal(&ask.id).await?;
    Ok(rows.into_iter().filter(|row| row.part.is_empty()).map(|row| (row.n, row)).collect())
}

/// What the trail is told of each change, once the target was read again.
fn outcomes<'a>(
    teller: &Teller<'a>,
    report: &'a Report,
    told: &'a [Told],
    intents: &FxHashMap<usize, JournalRow>,
) -> Vec<Entry<'a>> {
    let changes = report.plan.changes.iter().zip(told).enumerate();
    changes
        .map(|(at, (change, told))| {
            teller.ended(change, &report.plan.names, intents.get(&at).and_then(|row| row.intent), told)
        })
        .collect()
}

/// What the journal is told at the end: whatever it does not say yet, as it stands after the target was read again.
fn unfinished(report: &Report, known: &FxHashMap<usize, JournalRow>) -> Vec<JournalRow> {
    let row = |(n, outcome): (usize, &Outcome)| {
        let (state, note) = ended(outcome);
        let known = known.get(&n);
        // What was so before anything was tried is not told: this run has not done it.
        let is_told = known.map_or(state == ChangeState::Done, |row| row.state == state);
        (!is_told).then(|| JournalRow { n, part: String::new(), state, note, intent: None })
    };
    report.outcomes().iter().enumerate().filter_map(row).collect()
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
