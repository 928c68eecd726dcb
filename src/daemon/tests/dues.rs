//! When a schedule is due: jitter, and times that passed while nothing could run.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;

use super::{schedule, utc};
use crate::config::{Missed, Schedule};
use crate::daemon::clock_change::tick_after;
use crate::daemon::{Due, next_after};

const NOON: &str = "2026-06-15T12:00:00Z";

fn quarter() -> Schedule {
    schedule("*/15 * * * *", "UTC")
}

fn due(schedule: &Schedule, last: Option<&str>, now: &str) -> Due {
    next_after("s", schedule, last.map(utc), utc(now)).unwrap()
}

fn at(tick: &str) -> Due {
    Due { tick: utc(tick), at: utc(tick), missed: 0 }
}

#[test]
fn who_never_ran_waits_for_the_next_time() {
    assert_eq!(due(&quarter(), None, "2026-06-15T12:01:00Z"), at("2026-06-15T12:15:00Z"));
    assert_eq!(due(&quarter(), None, NOON), at("2026-06-15T12:15:00Z"), "the time itself is over");
}

#[test]
fn who_runs_goes_on_from_the_last_tick() {
    assert_eq!(due(&quarter(), Some(NOON), "2026-06-15T12:00:01Z"), at("2026-06-15T12:15:00Z"));
    // A clock that was put back brings no tick a second time.
    assert_eq!(due(&quarter(), Some(NOON), "2026-06-15T11:20:00Z"), at("2026-06-15T12:15:00Z"));
}

#[test]
fn one_run_makes_up_for_all_that_passed() {
    let now = "2026-06-15T13:07:00Z";
    let caught_up = Due { tick: utc("2026-06-15T13:00:00Z"), at: utc(now), missed: 4 };
    assert_eq!(due(&quarter(), Some(NOON), now), caught_up);
    assert_eq!(due(&quarter(), Some("2026-06-15T13:00:00Z"), now), at("2026-06-15T13:15:00Z"), "and then it goes on");
}

#[test]
fn or_none_does() {
    let skipping = Schedule { missed: Missed::Skip, ..quarter() };
    let now = "2026-06-15T13:07:00Z";
    assert_eq!(due(&skipping, Some(NOON), now), Due { missed: 4, ..at("2026-06-15T13:15:00Z") });
    assert_eq!(due(&skipping, Some("2026-06-15T13:00:00Z"), now), at("2026-06-15T13:15:00Z"));
}

/// Years of seconds are not counted one by one.
#[test]
fn a_long_time_is_passed_over_at_once() {
    let each_second = schedule("* * * * * *", "Europe/Berlin");
    let now = "2026-06-15T12:00:00.5Z";
    let found = due(&each_second, Some("1999-01-01T00:00:00Z"), now);
    assert_eq!((found.tick, found.missed), (utc(NOON), 1_000));
    let leap_days = schedule("0 0 29 2 *", "Europe/Berlin");
    let found = due(&leap_days, Some("1999-01-01T00:00:00Z"), now);
    assert_eq!((found.tick, found.missed), (utc("2024-02-28T23:00:00Z"), 7));
}

fn spread(schedule: &Schedule, sync: &str) -> Vec<i64> {
    let ticks = std::iter::successors(tick_after(schedule, utc(NOON)), |tick| tick_after(schedule, *tick)).take(200);
    let late = ticks.map(|tick| {
        let due = next_after(sync, schedule, None, tick - TimeDelta::seconds(1)).unwrap();
        assert_eq!(due.tick, tick);
        (due.at - due.tick).num_seconds()
    });
    late.collect()
}

#[test]
fn jitter_spreads_what_is_due_together() {
    let jittery = Schedule { jitter: Duration::from_mins(2), ..quarter() };
    let one = spread(&jittery, "one");
    assert_eq!(one, spread(&jittery, "one"), "each tick has its own, always the same");
    assert_ne!(one, spread(&jittery, "two"), "and each sync");
    assert!(one.iter().all(|late| (0..=120).contains(late)));
    assert!(one.iter().collect::<BTreeSet<_>>().len() > 50, "{one:?}");
    // Written down, so that machines of several versions agree on when a tick begins.
    assert_eq!(one[..4], [6, 106, 4, 83]);
}

#[test]
fn jitter_ends_before_the_next_tick() {
    let jittery = Schedule { jitter: Duration::from_hours(24), ..schedule("*/1 * * * *", "UTC") };
    let late = spread(&jittery, "s");
    assert!(late.iter().all(|late| (0..60).contains(late)), "{late:?}");
    let each_second = Schedule { jitter: Duration::from_secs(5), ..schedule("* * * * * *", "UTC") };
    assert!(spread(&each_second, "s").iter().all(|late| *late == 0));
}

#[test]
fn a_tick_whose_jitter_is_not_over_is_not_missed() {
    let jittery = Schedule { jitter: Duration::from_mins(10), ..quarter() };
    let first = next_after("s", &jittery, Some(utc(NOON)), utc("2026-06-15T12:14:59Z")).unwrap();
    assert!(first.at > first.tick + TimeDelta::seconds(2), "{first:?}");
    for missed in [Missed::Once, Missed::Skip] {
        let jittery = Schedule { missed, ..jittery.clone() };
        let between = first.at - TimeDelta::seconds(1);
        assert_eq!(next_after("s", &jittery, Some(utc(NOON)), between), Some(first));
    }
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let crons =
        select(vec!["*/15 * * * *", "30 2 * * *", "0 */6 * * *", "@weekly", "*/20 * * * * *", "0 2,14 1,L * *"]);
    let zones = select(vec!["UTC", "Europe/Berlin", "America/New_York"]);
    let missed = select(vec![Missed::Once, Missed::Skip]);
    (crons, zones, missed, 0_u64..5_000).prop_map(|(cron, zone, missed, jitter)| Schedule {
        missed,
        jitter: Duration::from_secs(jitter),
        ..schedule(cron, zone)
    })
}

fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    (1_767_225_600_000_i64..1_798_761_600_000).prop_map(|millis| DateTime::from_timestamp_millis(millis).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn it_is_due_now_or_later_and_each_tick_once(
        schedule in schedules(), begin in moments(), pauses in prop::collection::vec(0_i64..200_000, 1..30)
    ) {
        let (mut now, mut last): (DateTime<Utc>, Option<DateTime<Utc>>) = (begin, None);
        let mut began = begin;
        for pause in pauses {
            let due = next_after("s", &schedule, last, now).unwrap();
            prop_assert!(due.at >= now && due.at >= due.tick, "{:?} at {}", due, now);
            prop_assert!(last.is_none_or(|last| due.tick > last), "{:?} after {:?}", due, last);
            prop_assert!(due.at > began || last.is_none() || due.at == now, "{:?}", due);
            if due.at > now {
                // Whoever comes in time begins before the next tick.
                let next = tick_after(&schedule, due.tick).unwrap();
                prop_assert!(due.at < next, "{:?} and {}", due, next);
                prop_assert!(due.at - due.tick <= TimeDelta::from_std(schedule.jitter).unwrap());
            } else {
                prop_assert!(due.missed > 0 && schedule.missed == Missed::Once, "{:?}", due);
                prop_assert!(tick_after(&schedule, due.tick).unwrap() > now, "it is the last that passed");
            }
            // It runs, and some time later somebody asks again: soon, or after a long pause.
            last = Some(due.tick);
            began = due.at;
            now = due.at + TimeDelta::seconds(pause) + TimeDelta::milliseconds(500);
        }
    }

    #[test]
    fn what_was_missed_is_counted(schedule in schedules(), last in moments(), pause in 0_i64..100_000) {
        let now = last + TimeDelta::seconds(pause);
        let schedule = Schedule { jitter: Duration::ZERO, ..schedule };
        let passed: Vec<_> = std::iter::successors(tick_after(&schedule, last), |tick| tick_after(&schedule, *tick))
            .take_while(|tick| *tick <= now)
            .collect();
        let due = next_after("s", &schedule, Some(last), now).unwrap();
        prop_assert_eq!(due.missed, passed.len().min(1_000));
        let tick = match (schedule.missed, passed.last()) {
            (Missed::Once, Some(tick)) => *tick,
            _ => tick_after(&schedule, now).unwrap(),
        };
        prop_assert_eq!(due.tick, tick);
    }
}
