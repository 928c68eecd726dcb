//! Who runs, who waits, and what becomes one run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::utc;
use crate::daemon::{Cause, Lane, Pushed, Queue, Start, Terms, Trigger};
use crate::principal::PrincipalId;

/// A queue and a clock that is put forward by hand.
pub(super) struct Desk {
    pub(super) queue: Queue,
    begin: Instant,
    pub(super) now: Instant,
    count: usize,
}

pub(super) fn lane(sync: &str, target: &str) -> Lane {
    Lane { sync: sync.into(), target: target.into() }
}

impl Desk {
    /// `a` and `b` write to one target, `c` and `d` to their own.
    pub(super) fn new(most: usize) -> Self {
        let lanes = [lane("a", "shared"), lane("b", "shared"), lane("c", "c"), lane("d", "d")];
        let begin = Instant::now();
        Self { queue: Queue::new(most, lanes), begin, now: begin, count: 0 }
    }

    pub(super) fn at(&mut self, seconds: f64) -> &mut Self {
        self.now = self.begin + Duration::from_secs_f64(seconds);
        self
    }

    fn ask(&mut self, sync: &str, cause: Cause, only: &[&str], terms: Terms) -> Pushed {
        self.count += 1;
        let only = only.iter().map(|name| PrincipalId::parse(&format!("user:{name}")).unwrap()).collect();
        let trigger = Trigger { id: format!("r{}", self.count), sync: sync.into(), cause, only, terms, kept: None };
        self.queue.push(trigger, self.now).unwrap()
    }

    pub(super) fn hook(&mut self, sync: &str) -> Pushed {
        let id = format!("msg_{}", self.count);
        self.ask(sync, Cause::Hook(id), &[], Terms::default())
    }

    pub(super) fn about(&mut self, sync: &str, names: &[&str]) -> Pushed {
        let id = format!("msg_{}", self.count);
        self.ask(sync, Cause::Hook(id), names, Terms::default())
    }

    pub(super) fn tick(&mut self, sync: &str) -> Pushed {
        self.ask(sync, Cause::Tick(utc("2026-06-15T12:00:00Z")), &[], Terms::default())
    }

    pub(super) fn person(&mut self, sync: &str, terms: Terms) -> Pushed {
        self.ask(sync, Cause::Caller("ops".into()), &[], terms)
    }

    /// What begins now, in words.
    pub(super) fn starts(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.queue.next(self.now)).map(|start| words(&start)).collect()
    }

    pub(super) fn done(&mut self, sync: &str) -> &mut Self {
        self.queue.finished(sync);
        self
    }

    /// Seconds from the beginning.
    pub(super) fn wakes(&self) -> Option<f64> {
        self.queue.wake_at().map(|at| at.saturating_duration_since(self.begin).as_secs_f64())
    }
}

/// `a r1 (+r2) for u1 u2: 3`.
fn words(start: &Start) -> String {
    let also = start.also.iter().flat_map(|id| [" +", id]).collect::<String>();
    let only = start.only.iter().flat_map(|principal| [" ", &*principal.name]).collect::<String>();
    format!("{} {}{also}:{only} {}", start.sync, start.run, start.causes.count())
}

#[test]
fn a_schedule_and_a_person_run_at_once() {
    let mut desk = Desk::new(9);
    assert_eq!(desk.tick("a"), Pushed { run: "r1".into(), merged: false });
    assert_eq!(desk.wakes(), Some(0.0));
    assert_eq!(desk.starts(), ["a r1: 1"]);
    desk.at(1.0).person("c", Terms::default());
    assert_eq!(desk.starts(), ["c r2: 1"]);
    assert_eq!((desk.queue.running(), desk.queue.waiting(), desk.wakes()), (2, 0, None));
}

#[test]
fn calls_are_gathered_until_they_cease() {
    let mut desk = Desk::new(9);
    for second in 0..4 {
        desk.at(f64::from(second)).hook("a");
    }
    assert_eq!(desk.wakes(), Some(8.0));
    assert_eq!(desk.at(7.9).starts(), [""; 0]);
    assert_eq!(desk.at(8.0).starts(), ["a r1: 4"]);
}

#[test]
fn but_for_a_minute_at_most() {
    let mut desk = Desk::new(9);
    for second in 0..60 {
        desk.at(f64::from(second)).hook("a");
        assert_eq!(desk.starts(), [""; 0], "{second}");
    }
    assert_eq!(desk.at(60.0).starts(), ["a r1: 60"]);
}

#[test]
fn and_half_a_minute_apart() {
    let mut desk = Desk::new(9);
    desk.hook("a");
    assert_eq!(desk.at(5.0).starts(), ["a r1: 1"]);
    desk.done("a").at(6.0).hook("a");
    assert_eq!(desk.wakes(), Some(35.0));
    assert_eq!(desk.at(34.9).starts(), [""; 0]);
    assert_eq!(desk.at(35.0).starts(), ["a r2: 1"]);
    // A schedule waits for nobody.
    desk.done("a").at(36.0).tick("a");
    assert_eq!(desk.starts(), ["a r3: 1"]);
}

#[test]
fn whoever_names_somebody_does_not_wait() {
    let mut desk = Desk::new(9);
    desk.hook("a");
    assert_eq!(desk.at(1.0).about("a", &["ada"]), Pushed { run: "r2".into(), merged: false });
    assert_eq!(desk.starts(), ["a r2: ada 1"]);
    desk.at(2.0).about("a", &["bob", "eve"]);
    assert!(desk.about("a", &["bob", "max"]).merged);
    assert_eq!(desk.done("a").starts(), ["a r3: bob eve max 2"]);
    // Those who wait for everybody are not put off by it.
    assert_eq!(desk.done("a").at(5.0).starts(), ["a r1: 1"]);
}

#[test]
fn a_run_of_everybody_answers_those_who_named_somebody() {
    let mut desk = Desk::new(9);
    desk.tick("a");
    assert_eq!(desk.starts(), ["a r1: 1"]);
    desk.about("a", &["ada"]);
    desk.tick("a");
    assert!(desk.about("a", &["bob"]).merged, "it is part of what is about to run");
    assert_eq!(desk.done("a").starts(), ["a r3 +r2: 3"]);
    assert_eq!(desk.done("a").starts(), [""; 0]);
}

#[test]
fn whoever_asks_during_a_run_is_answered_by_the_next() {
    let mut desk = Desk::new(9);
    desk.tick("a");
    assert_eq!(desk.starts(), ["a r1: 1"]);
    assert_eq!(desk.tick("a"), Pushed { run: "r2".into(), merged: false });
    assert_eq!(desk.tick("a"), Pushed { run: "r2".into(), merged: true });
    assert_eq!((desk.starts(), desk.wakes()), (vec![], None), "only the end of the run can change that");
    assert_eq!(desk.done("a").starts(), ["a r2: 2"], "exactly one follows");
    assert_eq!(desk.done("a").starts(), [""; 0]);
}

#[test]
fn never_two_on_one_target_and_never_more_than_allowed() {
    let mut desk = Desk::new(2);
    for sync in ["a", "b", "c", "d"] {
        desk.tick(sync);
    }
    assert_eq!(desk.starts(), ["a r1: 1", "c r3: 1"]);
    assert_eq!(desk.done("c").starts(), ["d r4: 1"], "b waits for its target");
    assert_eq!(desk.done("a").starts(), ["b r2: 1"]);
    assert_eq!(desk.done("d").done("b").starts(), [""; 0]);
}

#[test]
fn first_come_first_served() {
    let mut desk = Desk::new(1);
    desk.at(2.0).tick("a");
    desk.at(1.0).tick("d");
    desk.at(0.5).tick("c");
    desk.at(3.0);
    assert_eq!(desk.starts(), ["c r3: 1"]);
    assert_eq!(desk.done("c").starts(), ["d r2: 1"]);
    assert_eq!(desk.done("d").starts(), ["a r1: 1"]);
}

#[test]
fn requests_of_other_terms_are_runs_of_their_own() {
    let mut desk = Desk::new(9);
    let look = || Terms { apply_changes: Some(false), ..Terms::default() };
    desk.tick("a");
    assert!(!desk.person("a", look()).merged);
    assert!(desk.person("a", look()).merged);
    assert!(desk.person("a", Terms::default()).merged);
    assert_eq!(desk.starts(), ["a r1: 2"]);
    assert_eq!(desk.done("a").starts(), ["a r2: 2"]);
}

#[test]
fn a_thousand_calls_in_a_second_are_two_runs_and_take_no_room() {
    let mut desk = Desk::new(9);
    desk.tick("a");
    let mut starts = desk.starts();
    for n in 0..1_000 {
        desk.at(f64::from(n) / 1_000.0).hook("a");
    }
    assert_eq!(desk.queue.waiting(), 1);
    desk.done("a").at(60.0);
    let start = desk.queue.next(desk.now).unwrap();
    assert_eq!((start.causes.hooks.count, start.causes.hooks.named.len()), (1_000, 100));
    starts.push(words(&start));
    assert_eq!(starts, ["a r1: 1", "a r2: 1000"]);
    assert_eq!(desk.done("a").starts(), [""; 0]);
}

#[test]
fn too_many_names_are_everybody() {
    let mut desk = Desk::new(9);
    desk.tick("a");
    assert_eq!(desk.starts().len(), 1);
    for part in 0..20 {
        let names: Vec<_> = (0..90).map(|n| format!("u{part}x{n}")).collect();
        desk.about("a", &names.iter().map(String::as_str).collect::<Vec<_>>());
    }
    // Twelve of them are one run of everybody, which waits like others; who came after them is not put off.
    assert_eq!(desk.queue.waiting(), 2);
    let begin = desk.begin;
    let start = desk.done("a").queue.next(begin).unwrap();
    assert_eq!((start.only.len(), start.causes.count()), (720, 8));
    desk.done("a").at(30.0);
    let start = desk.queue.next(desk.now).unwrap();
    assert_eq!((start.only.len(), start.causes.count()), (0, 12));
}

#[test]
fn another_configuration() {
    let mut desk = Desk::new(9);
    desk.tick("a");
    assert_eq!(desk.starts(), ["a r1: 1"]);
    for sync in ["a", "b", "c"] {
        desk.tick(sync);
    }
    desk.about("c", &["ada"]);
    assert_eq!(desk.queue.configure(1, [lane("b", "shared"), lane("e", "e")]), ["r2", "r4"]);
    let gone = Trigger {
        id: "x".into(),
        sync: "a".into(),
        cause: Cause::Hook("x".into()),
        only: vec![],
        terms: Terms::default(),
        kept: None,
    };
    assert_eq!(desk.queue.push(gone, desk.now), None);
    desk.tick("e");
    assert_eq!(desk.starts(), [""; 0], "what runs still counts, though its sync is gone");
    assert_eq!(desk.done("a").starts(), ["b r3: 1"]);
    assert_eq!(desk.done("b").starts(), ["e r6: 1"]);
    assert_eq!(desk.queue.running(), 1);
}

/// What may happen.
#[derive(Debug, Clone)]
enum Event {
    Ask { sync: usize, cause: usize, only: Vec<u8>, look: bool },
    Wait(u64),
    Finish(usize),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let ask = (0..4_usize, 0..3_usize, prop::collection::vec(0..9_u8, 0..3), prop::bool::weighted(0.1))
        .prop_map(|(sync, cause, only, look)| Event::Ask { sync, cause, only, look });
    let event =
        prop_oneof![6 => ask, 3 => (0..20_000_u64).prop_map(Event::Wait), 2 => (0..4_usize).prop_map(Event::Finish)];
    prop::collection::vec(event, 1..120)
}

/// Everything that was asked and not answered yet, and what runs.
#[derive(Default)]
struct Ledger {
    asked: BTreeMap<String, (String, Pushed, Vec<String>, Terms)>,
    running: BTreeMap<String, String>,
    /// When a run of everybody last began.
    began: BTreeMap<String, Instant>,
}

impl Ledger {
    /// A run begins: it must be allowed, and answers only what was asked before.
    fn start(&mut self, start: &Start, most: usize, now: Instant) {
        assert!(self.running.insert(start.sync.clone(), start.target.clone()).is_none(), "two of one sync");
        let targets: BTreeSet<_> = self.running.values().collect();
        assert_eq!(targets.len(), self.running.len(), "two on one target");
        assert!(self.running.len() <= most);
        let causes = &start.causes;
        let names: Vec<_> = causes.hooks.named.iter().chain(&causes.callers.named).collect();
        assert_eq!(names.len(), causes.count(), "each is known by name");
        let mut urgent = causes.callers.count > 0;
        for name in names {
            let (sync, pushed, only, terms) = self.asked.remove(name).expect("it was asked, and once");
            assert_eq!((&sync, &terms), (&start.sync, &start.terms));
            assert!(start.run == pushed.run || start.also.contains(&pushed.run), "{pushed:?} in {start:?}");
            let told: Vec<_> = start.only.iter().map(|principal| principal.name.to_string()).collect();
            urgent |= !only.is_empty();
            assert!(start.only.is_empty() || (!only.is_empty() && only.iter().all(|name| told.contains(name))));
        }
        if start.only.is_empty() {
            let last = self.began.insert(start.sync.clone(), now);
            assert!(urgent || last.is_none_or(|last| now - last >= Duration::from_secs(30)), "too soon: {start:?}");
        }
    }
}

fn play(events: Vec<Event>, most: usize) {
    let mut desk = Desk::new(most);
    let mut ledger = Ledger::default();
    for event in events {
        match event {
            Event::Ask { sync, cause, only, look } => {
                let sync = ["a", "b", "c", "d"][sync];
                let name = format!("n{}", desk.count);
                let cause = if cause == 0 { Cause::Caller(name.clone()) } else { Cause::Hook(name.clone()) };
                let only: Vec<_> = only.iter().map(|name| format!("u{name}")).collect();
                let terms = Terms { apply_changes: look.then_some(false), ..Terms::default() };
                let names: Vec<_> = only.iter().map(String::as_str).collect();
                let pushed = desk.ask(sync, cause, &names, terms.clone());
                ledger.asked.insert(name, (sync.to_owned(), pushed, only, terms));
            }
            Event::Wait(millis) => desk.now += Duration::from_millis(millis),
            Event::Finish(sync) => {
                let sync = ["a", "b", "c", "d"][sync];
                ledger.running.remove(sync);
                desk.done(sync);
            }
        }
        assert!(desk.queue.waiting() <= 4 * 4);
        begin(&mut desk, &mut ledger, most);
    }
    // Everything comes to its turn: it takes no more than that runs end and time passes.
    for _ in 0..200 {
        for sync in ["a", "b", "c", "d"] {
            ledger.running.remove(sync);
            desk.done(sync);
        }
        begin(&mut desk, &mut ledger, most);
        if let Some(at) = desk.queue.wake_at() {
            assert!(at > desk.now, "nothing that could begin is left");
            desk.now = at;
            begin(&mut desk, &mut ledger, most);
            assert!(!ledger.running.is_empty(), "woken for nothing");
        }
    }
    assert!(ledger.asked.is_empty(), "lost: {:?}", ledger.asked.keys());
    assert_eq!((desk.queue.waiting(), desk.queue.running()), (0, 0));
}

fn begin(desk: &mut Desk, ledger: &mut Ledger, most: usize) {
    while let Some(start) = desk.queue.next(desk.now) {
        ledger.start(&start, most, desk.now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost_and_nothing_runs_beside_what_it_must_not(events in events(), most in 1..4_usize) {
        play(events, most);
    }
}
