//! Who runs now, and who waits.
//!
//! Each sync is idle, waits, or runs; while it runs others may ask, and wait for the run after it. Time is that of a clock
//! which is never put back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::request::{Pushed, Request, Start, Trigger};

/// A sync and the target it writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub sync: String,
    /// Where the target is: two names of one place are one target.
    pub target: String,
}

/// Requests of all syncs, and what runs.
#[derive(Debug)]
pub struct Queue {
    /// Runs at once, over all syncs.
    most: usize,
    lanes: BTreeMap<String, State>,
}

#[derive(Debug)]
struct State {
    target: String,
    /// The sync is no longer configured: nobody may ask for it.
    gone: bool,
    /// One for each way to ask: with these terms or those, for everybody or for some.
    waiting: Vec<Request>,
    /// The target that the run writes to.
    running: Option<String>,
    /// When a run of everybody last began.
    began: Option<Instant>,
}

impl Queue {
    /// With `most` runs at once, at least one.
    #[must_use]
    pub fn new(most: usize, lanes: impl IntoIterator<Item = Lane>) -> Self {
        let mut queue = Self { most, lanes: BTreeMap::new() };
        queue.configure(most, lanes);
        queue
    }

    /// Takes another configuration: what runs goes on, what waits for a sync that is left goes on waiting. Gives the ids
    /// of requests that nobody will answer.
    pub fn configure(&mut self, most: usize, lanes: impl IntoIterator<Item = Lane>) -> Vec<String> {
        self.most = most.max(1);
        self.lanes.values_mut().for_each(|state| state.gone = true);
        for Lane { sync, target } in lanes {
            let state = self.lanes.entry(sync).or_insert_with(|| State {
                target: String::new(),
                gone: false,
                waiting: Vec::new(),
                running: None,
                began: None,
            });
            state.target = target;
            state.gone = false;
        }
        let gone = self.lanes.values_mut().filter(|state| state.gone);
        let dropped = gone.flat_map(|state| state.waiting.drain(..)).flat_map(Request::ids).collect();
        self.lanes.retain(|_, state| !state.gone || state.running.is_some());
        dropped
    }

    /// Takes a trigger in. None where there is no such sync.
    pub fn push(&mut self, trigger: Trigger, now: Instant) -> Option<Pushed> {
        let state = self.lanes.get_mut(&trigger.sync).filter(|state| !state.gone)?;
        let (whole, terms) = (trigger.only.is_empty(), trigger.terms.clone());
        let began = state.began;
        // Whoever names somebody waits for nobody, unless everybody is about to be looked at.
        let fits = |request: &Request| {
            request.terms == terms && if request.is_whole() { whole || request.ready(began) <= now } else { !whole }
        };
        let found = state.waiting.iter().position(|request| request.is_whole() && fits(request));
        let Some(at) = found.or_else(|| state.waiting.iter().position(fits)) else {
            let request = Request::new(trigger, now);
            let run = request.id.clone();
            state.waiting.push(request);
            return Some(Pushed { run, merged: false });
        };
        state.waiting[at].add(trigger, now);
        let run = state.waiting[at].id.clone();
        if state.waiting[at].is_too_long() {
            state.widen(at);
        }
        Some(Pushed { run, merged: true })
    }

    /// The run that is to begin now, if any. Whoever was ready first goes first.
    pub fn next(&mut self, now: Instant) -> Option<Start> {
        let free = self.free();
        let ready = free.filter_map(|(sync, state)| Some((state.first_ready()?, sync)));
        let (_, sync) = ready.filter(|((ready, _), _)| *ready <= now).min()?;
        let sync = sync.clone();
        self.lanes.get_mut(&sync)?.start(&sync, now)
    }

    /// The run of `sync` has ended, however it did.
    pub fn finished(&mut self, sync: &str) {
        if let Some(state) = self.lanes.get_mut(sync) {
            state.running = None;
            if state.gone {
                self.lanes.remove(sync);
            }
        }
    }

    /// The run of `start` is to begin anew, not before `at`: its target was held, or the state failed. Whoever has asked
    /// meanwhile is answered by it. Gives the ids of requests that nobody will answer.
    pub fn again(&mut self, start: Start, why: &str, at: Instant) -> Vec<String> {
        self.finished(&start.sync);
        let lane = self.lanes.get_mut(&start.sync).filter(|state| !state.gone);
        let mut request = Request::again(start, why, at);
        let Some(state) = lane else { return request.ids().collect() };
        let (whole, terms) = (request.is_whole(), request.terms.clone());
        let same = |other: &Request| other.terms == terms && (whole || !other.is_whole());
        while let Some(other) = state.waiting.iter().position(same) {
            request.swallow(state.waiting.remove(other));
        }
        request.wait(at);
        if request.is_too_long() {
            request.widen();
            request.wait(at);
        }
        state.waiting.push(request);
        Vec::new()
    }

    /// When [`Queue::next`] is to be asked again, if nobody pushes and nothing finishes before. It may be over.
    #[must_use]
    pub fn wake_at(&self) -> Option<Instant> {
        self.free().filter_map(|(_, state)| state.first_ready()).map(|(ready, _)| ready).min()
    }

    /// How many runs are under way.
    #[must_use]
    pub fn running(&self) -> usize {
        self.lanes.values().filter(|state| state.running.is_some()).count()
    }

    /// Why the request that became `run` of `sync` waits to begin anew, where it does.
    pub(super) fn why(&self, sync: &str, run: &str) -> Option<&str> {
        self.lanes.get(sync)?.waiting.iter().find(|request| request.id == run)?.why()
    }

    /// Rows of the state that those who wait are to answer.
    pub(super) fn kept(&self) -> impl Iterator<Item = &String> {
        self.lanes.values().flat_map(|state| &state.waiting).flat_map(Request::kept)
    }

    /// How many requests wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lanes.values().map(|state| state.waiting.len()).sum()
    }

    /// Syncs of which a run could begin.
    fn free(&self) -> impl Iterator<Item = (&String, &State)> {
        let busy: BTreeSet<_> = self.lanes.values().filter_map(|state| state.running.as_deref()).collect();
        let full = self.running() >= self.most;
        let lanes = self.lanes.iter().filter(move |_| !full);
        lanes.filter(move |(_, state)| state.running.is_none() && !busy.contains(state.target.as_str()))
    }
}

impl State {
    /// The request that is ready first: when, and which.
    fn first_ready(&self) -> Option<(Instant, usize)> {
        self.waiting.iter().enumerate().map(|(at, request)| (request.ready(self.began), at)).min()
    }

    fn start(&mut self, sync: &str, now: Instant) -> Option<Start> {
        let (_, first) = self.first_ready()?;
        let terms = self.waiting[first].terms.clone();
        let is_ready =
            |request: &Request| request.is_whole() && request.terms == terms && request.ready(self.began) <= now;
        let at = self.waiting.iter().position(is_ready).unwrap_or(first);
        let mut request = self.waiting.remove(at);
        if request.is_whole() {
            self.began = Some(now);
            // Whoever asked for some is answered by a run of everybody.
            if let Some(at) = self.waiting.iter().position(|other| other.terms == terms) {
                request.swallow(self.waiting.remove(at));
            }
        }
        self.running = Some(self.target.clone());
        Some(request.start(sync, &self.target))
    }

    /// Makes the request at `at` one of everybody, and one with another of everybody that waits.
    fn widen(&mut self, at: usize) {
        let mut request = self.waiting.remove(at);
        request.widen();
        match self.waiting.iter_mut().find(|other| other.is_whole() && other.terms == request.terms) {
            Some(other) => other.swallow(request),
            None => self.waiting.push(request),
        }
    }
}
