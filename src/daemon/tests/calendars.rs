//! Which times have come, and who answers them.

use chrono::{DateTime, TimeDelta, Utc};

use super::utc;
use crate::config::Settings;
use crate::daemon::calendar::Calendar;

/// A configuration of one sync with this schedule, in a folder that goes with it.
pub(super) fn settings(schedule: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rollcall.yaml");
    let text = format!(
        "sources: {{ hr: {{ json: {{ path: p.json }} }} }}\ntargets: {{ out: {{ file: {{ path: o.json }} }} }}\n\
         syncs: {{ s: {{ from: hr, to: out, ownership: managed, {schedule} }}, \
         other: {{ from: hr, to: out, ownership: managed }} }}\n"
    );
    std::fs::write(&path, text).unwrap();
    crate::config::load(Some(&path)).unwrap()
}

fn noon(minutes: i64) -> DateTime<Utc> {
    utc("2026-06-15T12:00:00Z") + TimeDelta::minutes(minutes)
}

fn each_minute() -> Calendar {
    let mut calendar = Calendar::default();
    calendar.configure(&settings("schedule: { cron: '* * * * *' }"), noon(0));
    calendar
}

#[test]
fn a_time_comes_once_and_waits_for_the_next_run() {
    let mut calendar = each_minute();
    assert_eq!(calendar.due("other"), None);
    assert_eq!(calendar.due("s").unwrap().tick, noon(1), "what a new sync would have done before is not missed");
    assert_eq!(calendar.ring("s", noon(0)), None, "too early");
    assert_eq!(calendar.ring("s", noon(1)).unwrap().tick, noon(1));
    assert_eq!(calendar.ring("s", noon(1)), None, "it has come");
    assert_eq!(calendar.ring("s", noon(2)).unwrap().tick, noon(2));
    assert_eq!(calendar.begin("s"), [noon(1), noon(2)], "one run answers both");
    assert_eq!(calendar.ring("s", noon(3)).unwrap().tick, noon(3));
    calendar.ended("s", false);
    assert_eq!(calendar.begin("s"), [noon(3)], "what came while it ran is the next one's");
}

#[test]
fn what_was_not_done_waits_again() {
    let mut calendar = each_minute();
    calendar.ring("s", noon(1)).unwrap();
    assert_eq!(calendar.begin("s"), [noon(1)]);
    calendar.ring("s", noon(2)).unwrap();
    calendar.ended("s", true);
    assert_eq!(calendar.begin("s"), [noon(1), noon(2)]);
    calendar.ended("s", false);
    assert!(calendar.begin("s").is_empty());
}

#[test]
fn what_another_has_begun_does_not_come_here_any_more() {
    let mut calendar = each_minute();
    let latest = [("s".to_owned(), noon(3)), ("unknown".to_owned(), noon(9))];
    assert_eq!(calendar.learn(&latest, noon(3)), ["s"]);
    assert_eq!(calendar.due("s").unwrap().tick, noon(4));
    assert!(calendar.learn(&latest, noon(3)).is_empty(), "nothing new");
    // A replica that begins after a pause makes up for what nobody has done: with one run, for its last time.
    assert_eq!(calendar.learn(&[("s".to_owned(), noon(4))], noon(8)), ["s"]);
    let due = calendar.ring("s", noon(8)).unwrap();
    assert_eq!((due.tick, due.missed), (noon(8), 4));
    assert_eq!(calendar.begin("s"), [noon(8)]);
}

#[test]
fn a_time_whose_run_died_is_found_once() {
    let mut calendar = each_minute();
    assert!(calendar.found("s", noon(-1)));
    assert!(!calendar.found("s", noon(-1)), "it waits already");
    assert_eq!(calendar.begin("s"), [noon(-1)]);
    assert!(!calendar.found("s", noon(-1)), "its run is under way");
    assert!(!calendar.found("other", noon(-1)), "nothing is due there");
    calendar.ended("s", false);
    assert!(calendar.found("s", noon(-1)), "it was not answered after all");
}

#[test]
fn another_schedule_has_missed_nothing_and_one_that_is_gone_wants_nothing() {
    let mut calendar = each_minute();
    calendar.learn(&[("s".to_owned(), noon(-300))], noon(0));
    assert_eq!(calendar.due("s").unwrap().missed, 300);
    calendar.configure(&settings("schedule: { cron: '0 * * * *' }"), noon(0));
    let due = calendar.due("s").unwrap();
    assert_eq!((due.tick, due.missed), (noon(60), 0));
    calendar.configure(&settings("removeDeleted: false"), noon(0));
    assert_eq!((calendar.due("s"), calendar.ring("s", noon(999))), (None, None));
}
