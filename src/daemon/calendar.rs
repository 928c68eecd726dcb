//! Which times of schedules come next, and which have come and wait for a run.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::due::{Due, next_after};
use crate::config::{Schedule, Settings};
use crate::store::TickOf;

/// Times of one sync that wait for its next run; of more of them the oldest are left out.
const MOST_WAITING: usize = 1_000;

/// The schedules of one process.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    schedule: Schedule,
    /// The latest time that came, here or in another replica.
    last: Option<DateTime<Utc>>,
    due: Option<Due>,
    /// They came, and the next run answers them.
    waiting: BTreeSet<DateTime<Utc>>,
    /// The run that is under way answers them.
    under_way: BTreeSet<DateTime<Utc>>,
}

impl Calendar {
    /// Takes the schedules of `settings`. What is new has missed nothing before `now`, unless others have run it: see
    /// [`Calendar::learn`].
    pub(super) fn configure(&mut self, settings: &Settings, now: DateTime<Utc>) {
        let syncs = &settings.syncs;
        self.entries.retain(|name, _| syncs.get(name).is_some_and(|sync| sync.schedule.is_some()));
        for sync in syncs.values() {
            let Some(schedule) = &sync.schedule else { continue };
            let known = self.entries.remove(&sync.name);
            let entry = match known {
                Some(entry) if entry.schedule == *schedule => entry,
                Some(entry) => Entry { schedule: schedule.clone(), last: entry.last.max(Some(now)), ..entry },
                None => Entry {
                    schedule: schedule.clone(),
                    last: None,
                    due: None,
                    waiting: BTreeSet::new(),
                    under_way: BTreeSet::new(),
                },
            };
            let due = next_after(&sync.name, &entry.schedule, entry.last, now);
            self.entries.insert(sync.name.clone(), Entry { due, ..entry });
        }
    }

    /// Takes in which times were the latest that a run was begun for, by anybody. Gives the syncs that are due at another
    /// time for it.
    pub(super) fn learn(&mut self, latest: &[TickOf], now: DateTime<Utc>) -> Vec<String> {
        let mut changed = Vec::new();
        for (sync, tick) in latest {
            let Some(entry) = self.entries.get_mut(sync).filter(|entry| entry.last < Some(*tick)) else { continue };
            entry.last = Some(*tick);
            let due = next_after(sync, &entry.schedule, entry.last, now);
            if due != std::mem::replace(&mut entry.due, due) {
                changed.push(sync.clone());
            }
        }
        changed
    }

    /// The time of `sync` that has come by `now`, if one has. It waits for a run from here on.
    pub(super) fn ring(&mut self, sync: &str, now: DateTime<Utc>) -> Option<Due> {
        let entry = self.entries.get_mut(sync)?;
        let due = entry.due.filter(|due| due.at <= now)?;
        entry.last = entry.last.max(Some(due.tick));
        entry.due = next_after(sync, &entry.schedule, entry.last, now);
        entry.wait(due.tick);
        Some(due)
    }

    /// A time whose run died, or gave it back: whether it waits for a run here from now on.
    pub(super) fn found(&mut self, sync: &str, tick: DateTime<Utc>) -> bool {
        let Some(entry) = self.entries.get_mut(sync) else { return false };
        let is_known = entry.waiting.contains(&tick) || entry.under_way.contains(&tick);
        if !is_known {
            entry.wait(tick);
        }
        !is_known
    }

    /// A run of `sync` begins that answers everything that waits: that is what it gives.
    pub(super) fn begin(&mut self, sync: &str) -> Vec<DateTime<Utc>> {
        let Some(entry) = self.entries.get_mut(sync) else { return Vec::new() };
        entry.under_way = std::mem::take(&mut entry.waiting);
        entry.under_way.iter().copied().collect()
    }

    /// The run of `sync` has ended. Where it is to begin anew, what it was to answer waits again.
    pub(super) fn ended(&mut self, sync: &str, again: bool) {
        let Some(entry) = self.entries.get_mut(sync) else { return };
        let answered = std::mem::take(&mut entry.under_way);
        if again {
            for tick in answered {
                entry.wait(tick);
            }
        }
    }

    /// When `sync` is due next.
    pub(super) fn due(&self, sync: &str) -> Option<Due> {
        self.entries.get(sync)?.due
    }

    /// When each sync is due next.
    pub(super) fn dues(&self) -> BTreeMap<String, DateTime<Utc>> {
        self.entries.iter().filter_map(|(sync, entry)| Some((sync.clone(), entry.due?.at))).collect()
    }
}

impl Entry {
    fn wait(&mut self, tick: DateTime<Utc>) {
        self.waiting.insert(tick);
        if self.waiting.len() > MOST_WAITING {
            self.waiting.pop_first();
        }
    }
}
