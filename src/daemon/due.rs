//! When a schedule is due next.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::clock_change::tick_after;
use crate::config::{Missed, Schedule};

/// Nobody reads a larger number, and each costs a step.
const MOST_COUNTED: usize = 1_000;

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The time that the schedule says. It stands for the run: of several who share the work, one takes it.
    pub tick: DateTime<Utc>,
    /// When the run begins: later by the jitter, or now where the time has passed.
    pub at: DateTime<Utc>,
    /// Ticks that had passed without a run, 1,000 at most. Where `tick` is one of them, this run makes up for all of
    /// them; else they are left out.
    pub missed: usize,
}

/// When `schedule` of the sync called `sync` is due next, as seen from `now`. `last` is the last tick that a run was begun
/// for: where there is none, nothing can have been missed. None where there is no tick in three thousand years.
#[must_use]
pub fn next_after(sync: &str, schedule: &Schedule, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Due> {
    let next = tick_after(schedule, last.unwrap_or(now))?;
    if next > now {
        return later(sync, schedule, next, 0);
    }
    let tick = latest(schedule, next, now);
    let at = begin(sync, schedule, tick)?;
    if at > now {
        // It has not begun yet; those before it have passed.
        return Some(Due { tick, at, missed: count(schedule, next, tick) });
    }
    let missed = (count(schedule, next, tick) + 1).min(MOST_COUNTED);
    match schedule.missed {
        Missed::Once => Some(Due { tick, at: now, missed }),
        Missed::Skip => later(sync, schedule, tick_after(schedule, now)?, missed),
    }
}

fn later(sync: &str, schedule: &Schedule, tick: DateTime<Utc>, missed: usize) -> Option<Due> {
    Some(Due { tick, at: begin(sync, schedule, tick)?, missed })
}

/// The last tick up to `now`, where `first` is one. Halves what is left: there may be millions.
fn latest(schedule: &Schedule, first: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let up_to_now = |after| tick_after(schedule, after).filter(|tick| *tick <= now);
    let mut latest = first;
    // No tick stands between here and now.
    let mut clear = now;
    while let Some(next) = up_to_now(latest) {
        latest = next;
        let middle = latest + (clear - latest) / 2;
        match up_to_now(middle) {
            Some(next) => latest = next,
            None => clear = middle,
        }
    }
    latest
}

/// How many ticks there are from `first` on and before `end`, both of which are ticks.
fn count(schedule: &Schedule, first: DateTime<Utc>, end: DateTime<Utc>) -> usize {
    let ticks = std::iter::successors(Some(first), |tick| tick_after(schedule, *tick));
    ticks.take_while(|tick| *tick < end).take(MOST_COUNTED).count()
}

/// The tick and its jitter: always the same for this tick of this sync, wherever it is worked out, and over before the
/// next tick.
fn begin(sync: &str, schedule: &Schedule, tick: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let jitter = i64::try_from(schedule.jitter.as_secs()).unwrap_or(i64::MAX);
    if jitter == 0 {
        return Some(tick);
    }
    let room = tick_after(schedule, tick).map_or(i64::MAX, |next| (next - tick).num_seconds() - 1);
    let hash =
        Sha256::new().chain_update(sync).chain_update([0]).chain_update(tick.timestamp().to_be_bytes()).finalize();
    let hash = hash.iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    let choices = u64::try_from(jitter.min(room)).unwrap_or(0).saturating_add(1);
    let seconds = i64::try_from(hash % choices).unwrap_or(0);
    tick.checked_add_signed(TimeDelta::try_seconds(seconds)?)
}
