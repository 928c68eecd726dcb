//! What somebody asks of a sync, and what becomes one run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::principal::PrincipalId;
use crate::run::Given;

/// A sync that calls are coming for is left alone until they cease for so long …
const QUIET: Duration = Duration::from_secs(5);
/// … but not longer than this …
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// … and not sooner after its last run began.
const SPACING: Duration = Duration::from_secs(30);

/// Causes of one sort that are kept by name; further ones are counted.
const MOST_NAMED: usize = 100;

/// Ids that one run was told under. Few come to it in which none is answered for hours.
const MOST_TOLD: usize = 10_000;

/// Rows that one run remembers to answer; what is more is taken over again, and answered by the next.
const MOST_KEPT: usize = 100_000;

/// Principals in one run; with more of them it is about everybody.
const MOST_PRINCIPALS: usize = 1_000;

/// A new id: they sort by time.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Why a run is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A time of the schedule. Runs at once.
    Tick(DateTime<Utc>),
    /// A call of the webhook, by its id. Waits for more of them, unless it names principals.
    Hook(String),
    /// Somebody who asks over the API, by name. Runs at once.
    Caller(String),
}

/// In what a run differs from the configuration. Requests that differ in this are never one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    pub apply_changes: Option<bool>,
    pub remove_deleted: Option<bool>,
    /// A person who may apply asks for it: it counts as done by hand, and may do more than the configuration says.
    pub by_hand: bool,
    /// A list that it is to read in place of the last one, and to keep.
    pub given: Option<Arc<Given>>,
}

/// Somebody wants a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// A new, sorted id: that of the run, unless another request is waiting that this one becomes part of.
    pub id: String,
    pub sync: String,
    pub cause: Cause,
    /// Only these principals; empty: all.
    pub only: Vec<PrincipalId>,
    pub terms: Terms,
    /// Its row in the state, which is to go once it was answered. Where that has another id, that one was told too.
    pub kept: Option<String>,
}

/// What became of a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The id of the run that will answer it; it may be another's by then, which lists it in [`Start::also`].
    pub run: String,
    /// It became part of a request that was waiting.
    pub merged: bool,
}

/// A run that begins now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub run: String,
    /// Ids that were told to others, and that mean this run too.
    pub also: Vec<String>,
    pub sync: String,
    /// Where it writes to.
    pub target: String,
    /// Only these principals; empty: all.
    pub only: Vec<PrincipalId>,
    pub terms: Terms,
    pub causes: Causes,
    /// Rows of the state that it answers.
    pub kept: Vec<String>,
}

/// Everything that a run answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Causes {
    /// The latest time of the schedule.
    pub tick: Option<DateTime<Utc>>,
    pub ticks: usize,
    pub hooks: Counted,
    pub callers: Counted,
}

impl Start {
    /// Whether it is what the schedule wants: all of it, as the configuration says.
    #[must_use]
    pub fn is_regular(&self) -> bool {
        self.only.is_empty() && self.terms == Terms::default()
    }
}

/// The first hundred, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    pub named: Vec<String>,
    pub count: usize,
}

impl Counted {
    fn add(&mut self, name: String) {
        self.count += 1;
        if self.named.len() < MOST_NAMED {
            self.named.push(name);
        }
    }

    fn add_all(&mut self, other: Self) {
        let count = self.count + other.count;
        other.named.into_iter().for_each(|name| self.add(name));
        self.count = count;
    }
}

impl Causes {
    /// How many triggers these were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ticks + self.hooks.count + self.callers.count
    }

    /// Whether somebody wants it besides a schedule.
    #[must_use]
    pub fn is_called(&self) -> bool {
        self.hooks.count + self.callers.count > 0
    }

    fn add(&mut self, cause: Cause) {
        match cause {
            Cause::Tick(tick) => {
                self.tick = self.tick.max(Some(tick));
                self.ticks += 1;
            }
            Cause::Hook(id) => self.hooks.add(id),
            Cause::Caller(name) => self.callers.add(name),
        }
    }

    fn add_all(&mut self, other: Self) {
        let Self { tick, ticks, hooks, callers } = other;
        self.tick = self.tick.max(tick);
        self.ticks += ticks;
        self.hooks.add_all(hooks);
        self.callers.add_all(callers);
    }
}

/// A run that waits.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: String,
    also: Vec<String>,
    pub(super) terms: Terms,
    /// None: everybody.
    only: Option<BTreeSet<PrincipalId>>,
    causes: Causes,
    kept: Vec<String>,
    first: Instant,
    last: Instant,
    /// When somebody first asked who does not wait.
    at_once: Option<Instant>,
    /// Why it waits to begin anew, where it does.
    why: Option<String>,
}

impl Request {
    pub(super) fn new(trigger: Trigger, now: Instant) -> Self {
        let Trigger { id, sync: _, cause, only, terms, kept } = trigger;
        let only: BTreeSet<_> = only.into_iter().collect();
        let only = (!only.is_empty()).then_some(only);
        let (also, causes) = (Vec::new(), Causes::default());
        let mut request = Self {
            id: id.clone(),
            also,
            terms,
            only,
            causes,
            kept: Vec::new(),
            first: now,
            last: now,
            at_once: None,
            why: None,
        };
        request.remember(kept, &id);
        request.count(cause, false, now);
        request
    }

    pub(super) fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Whether it has more names than one run takes.
    pub(super) fn is_too_long(&self) -> bool {
        self.only.as_ref().is_some_and(|only| only.len() > MOST_PRINCIPALS)
    }

    /// It is about everybody from now on, and waits like others that are.
    pub(super) fn widen(&mut self) {
        self.only = None;
        if self.causes.hooks.count == self.causes.count() {
            self.at_once = None;
        }
    }

    /// Every id that means the run it becomes.
    pub(super) fn ids(self) -> impl Iterator<Item = String> {
        std::iter::once(self.id).chain(self.also)
    }

    /// Why it waits to begin anew, where it does.
    pub(super) fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// Rows of the state that it will answer.
    pub(super) fn kept(&self) -> &[String] {
        &self.kept
    }

    /// Makes `trigger`, whose terms are the same, part of it.
    pub(super) fn add(&mut self, trigger: Trigger, now: Instant) {
        let named = !trigger.only.is_empty();
        if let Some(only) = &mut self.only {
            only.extend(trigger.only);
        }
        self.remember(trigger.kept, &trigger.id);
        self.count(trigger.cause, named, now);
    }

    /// It answers the row `kept`; one that has not the id of its trigger was told under its own.
    fn remember(&mut self, kept: Option<String>, id: &str) {
        let Some(kept) = kept.filter(|_| self.kept.len() < MOST_KEPT) else { return };
        if kept != id && self.also.len() < MOST_TOLD {
            self.also.push(kept.clone());
        }
        self.kept.push(kept);
    }

    /// Whoever names somebody does not wait, and neither does a schedule or a person.
    fn count(&mut self, cause: Cause, named: bool, now: Instant) {
        if named || !matches!(cause, Cause::Hook(_)) {
            self.at_once = self.at_once.or(Some(now));
        }
        self.last = self.last.max(now);
        self.causes.add(cause);
    }

    /// Answers `other`, whose terms are the same, as well.
    pub(super) fn swallow(&mut self, other: Self) {
        let Self { id, also, terms: _, only, causes, kept, first, last, at_once, why: _ } = other;
        let told = std::iter::once(id).chain(also);
        self.also.extend(told.take(MOST_TOLD.saturating_sub(self.also.len())));
        self.kept.extend(kept.into_iter().take(MOST_KEPT.saturating_sub(self.kept.len())));
        if let (Some(names), Some(more)) = (&mut self.only, only) {
            names.extend(more);
        }
        self.causes.add_all(causes);
        self.at_once = [self.at_once, at_once].into_iter().flatten().min();
        self.first = self.first.min(first);
        self.last = self.last.max(last);
    }

    /// The request that `start` was, of a run that is to begin anew at `at`, and why.
    pub(super) fn again(start: Start, why: &str, at: Instant) -> Self {
        let Start { run, also, sync: _, target: _, only, terms, causes, kept } = start;
        let only: BTreeSet<_> = only.into_iter().collect();
        let only = (!only.is_empty()).then_some(only);
        let why = Some(why.to_owned());
        Self { id: run, also, terms, only, causes, kept, first: at, last: at, at_once: Some(at), why }
    }

    /// It does not run before.
    pub(super) fn wait(&mut self, at: Instant) {
        (self.first, self.last, self.at_once) = (at, at, Some(at));
    }

    /// From when on it may run, where the last run of everybody began at `began`.
    pub(super) fn ready(&self, began: Option<Instant>) -> Instant {
        if self.only.is_some() {
            return self.first;
        }
        let quiet = (self.last + QUIET).min(self.first + LONGEST_WAIT);
        let patient = began.map_or(quiet, |began| quiet.max(began + SPACING));
        self.at_once.map_or(patient, |at_once| at_once.min(patient))
    }

    pub(super) fn start(self, sync: &str, target: &str) -> Start {
        let Self { id, also, terms, only, causes, kept, first: _, last: _, at_once: _, why: _ } = self;
        Start {
            run: id,
            also,
            sync: sync.to_owned(),
            target: target.to_owned(),
            only: only.into_iter().flatten().collect(),
            terms,
            causes,
            kept,
        }
    }
}
