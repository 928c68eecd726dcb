//! Settling what an apply left open that never came to its end: killed, cut off, out of power.
//!
//! Nothing is repaired in the target: the next plan finds what is missing there. What is settled is our own memory: who
//! was made or removed by that run, so that they stay in this sync's care, and what became of each change it had begun.

use super::accept::note;
use super::departures::record;
use super::trail::{Teller, Told};
use super::{Ask, Job, RunError};
use crate::audit::{ChangeOutcome, Event};
use crate::connector::read_whole;
use crate::plan::{Action, Change, Current, Preconditions, Standing, bases};
use crate::principal::Kind;
use crate::report::{LoadError, load_plan};
use crate::store::{ChangeState, DocumentKind, JournalRow, OpenRun, RemovalRow, Settlement, Store, StoreError};

/// What the journal and the target together say of a change that was begun.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Done,
    /// Somebody new stands there, not with everything that was to be.
    InPart,
    NotDone,
}

/// Settles every apply on this target that never ended. Where another run holds the target there is nothing to settle.
///
/// # Errors
/// When the target cannot be read or the state fails.
pub(super) async fn recover(job: &Job<'_>, ask: &Ask<'_>, store: &Store) -> Result<(), RunError> {
    if store.open_applies(&job.to.place, &ask.id).await?.is_empty() {
        return Ok(());
    }
    // Without the lock, one that has not ended may still be at work.
    let _lock = match ask.lock {
        Some(_) => None,
        None => match store.lock(&job.to.name, &job.to.place).await {
            Ok(lock) => Some(lock),
            Err(StoreError::Busy { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        },
    };
    let open = store.open_applies(&job.to.place, &ask.id).await?;
    if open.is_empty() {
        return Ok(());
    }
    let current = read_whole(job.target.as_ref(), ask.progress).await?;
    for run in open {
        one(job, ask, store, &current, &run).await?;
    }
    Ok(())
}

async fn one(job: &Job<'_>, ask: &Ask<'_>, store: &Store, current: &Current, run: &OpenRun) -> Result<(), RunError> {
    let rows = store.journal(&run.id).await?;
    let teller = Teller::of_past(&run.id, &run.sync, job, (ask.clock)());
    let mut settlement = Settlement::of_memory(&run.id, &run.sync, &job.to.place, (ask.clock)());
    tracing::warn!(run = run.id, sync = run.sync, "An apply never ended: what it had begun is settled now");
    if run.settled {
        settlement.trail.push(teller.tell(Event::RunInterrupted));
        return Ok(store.interrupted(&settlement).await?);
    }
    let begun = match changes(store, current, run).await {
        Ok(begun) => begun,
        // The state may be readable another time: then nothing is forgotten.
        Err(RunError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(run = run.id, %error, "The plan of an interrupted run cannot be read: whom it made is forgotten");
            None
        }
    };
    let ledger = store.ledger(&run.sync, &job.to.place).await?;
    let mut removed = [0; 2];
    let mut told: Vec<(&JournalRow, &Change, Told)> = Vec::new();
    if let Some((changes, names)) = &begun {
        let can = job.target.capabilities();
        let preconditions = Preconditions::new(changes, names, current, can);
        for row in rows.iter().filter(|row| row.part.is_empty()) {
            let Some(change) = changes.get(row.n) else { continue };
            let found = found(row, change, &preconditions, current, can.rules);
            if !matches!(found, Found::NotDone) {
                note(&mut settlement, change, can.rules);
                let known = ledger.leaver(change.kind(), &can.rules.key(change.kind(), change.name()));
                settlement.recorded.extend(record(change, names, known, can.rules));
                removed[usize::from(change.kind() == Kind::User)] += usize::from(change.action().removes());
            }
            settlement.journal.extend(outcome(row, &found));
            told.push((row, change, told_of(row, &found)));
        }
        settlement.trail =
            told.iter().map(|(row, change, told)| teller.ended(change, names, row.intent, told)).collect();
    }
    let bases = bases(&current.set, &job.policy(ask, None), job.target.capabilities(), &ledger);
    // They used up the budget like any others.
    let spent = [Kind::Group, Kind::User].into_iter().zip(removed).filter(|(_, count)| *count > 0);
    settlement.removals.extend(spent.map(|(kind, count)| RemovalRow {
        kind,
        count,
        base: bases.of(kind).removable + count,
        lifted: false,
    }));
    settlement.trail.push(teller.tell(Event::RunInterrupted));
    Ok(store.interrupted(&settlement).await?)
}

type Changes = (Vec<Change>, crate::principal::GroupNames);

async fn changes(store: &Store, current: &Current, run: &OpenRun) -> Result<Option<Changes>, RunError> {
    let Some(text) = store.document(&run.id, DocumentKind::Plan).await? else { return Ok(None) };
    let saved = load_plan(&text)?;
    let changes: Result<Changes, LoadError> = saved.into_changes(current.set.names().clone());
    Ok(Some(changes?))
}

fn found(
    row: &JournalRow,
    change: &Change,
    preconditions: &Preconditions<'_>,
    current: &Current,
    rules: crate::principal::CaseRules,
) -> Found {
    match row.state {
        ChangeState::Done => return Found::Done,
        ChangeState::Intent => {}
        _ => return Found::NotDone,
    }
    let stands = || current.set.get(change.kind(), &rules.key(change.kind(), change.name())).is_some();
    match preconditions.standing(change) {
        Standing::Already => Found::Done,
        // It was not there when the run looked, just before.
        _ if change.action() == Action::Create && stands() => Found::InPart,
        // It stood as the plan saw it when the run looked, just before: the step had begun to take hold.
        Standing::Moved(_) if change.action().removes() && change.action() != Action::Delete && stands() => {
            Found::InPart
        }
        _ => Found::NotDone,
    }
}

/// What the trail is told of it: its only word on how the change ended.
fn told_of(row: &JournalRow, found: &Found) -> Told {
    let note = row.note.clone().unwrap_or_default();
    match (row.state, found) {
        (ChangeState::Failed, _) => Told::plain(ChangeOutcome::Failed, "failed", &note),
        (ChangeState::SetAside, _) => Told::plain(ChangeOutcome::SetAside, "moved", &note),
        (ChangeState::NotTried, _) => Told::plain(ChangeOutcome::NotTried, "not-tried", &note),
        (_, Found::Done) => Told { word: ChangeOutcome::Done, why: None },
        (_, Found::InPart) => Told::plain(ChangeOutcome::Failed, "interrupted", IN_PART),
        (_, Found::NotDone) => Told::plain(ChangeOutcome::Failed, "interrupted", NOT_SHOWN),
    }
}

const SHOWN: &str = "the run was interrupted; the target shows it";
const IN_PART: &str = "the run was interrupted; the target shows it in part, the next run finishes";
const NOT_SHOWN: &str = "the run was interrupted; the target does not show it, the next run does it";

/// What is written of a change that nobody knew the end of.
fn outcome(row: &JournalRow, found: &Found) -> Option<JournalRow> {
    if row.state != ChangeState::Intent {
        return None;
    }
    let (state, note) = match found {
        Found::Done => (ChangeState::Done, SHOWN),
        Found::InPart => (ChangeState::Failed, IN_PART),
        Found::NotDone => (ChangeState::Failed, NOT_SHOWN),
    };
    Some(JournalRow { n: row.n, part: String::new(), state, note: Some(note.into()), intent: None })
}
