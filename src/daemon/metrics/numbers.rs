//! What is known, by name. Pure: whoever looks at the clock or the process passes it in.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::facts::{EndedRun, HookCall};
use super::process::Process;
use super::words;
use crate::config::{Settings, SyncSettings};
use crate::connector::{Calls, FailureClass};
use crate::guard::{LimitState, State};
use crate::plan::Action;
use crate::principal::Kind;
use crate::report::{Report, Via};
use crate::run::{Exit, RunError};

/// Upper ends of the durations that are told apart, in seconds: from a run over a file to one that a product slows down.
pub(super) const BOUNDS: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, f64::INFINITY];

/// Counts by a word of a closed list.
pub(super) type Counts = BTreeMap<&'static str, u64>;

#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) started: DateTime<Utc>,
    pub(super) syncs: BTreeMap<String, SyncNumbers>,
    pub(super) targets: BTreeMap<String, TargetNumbers>,
    /// Failed runs by class.
    pub(super) sources: BTreeMap<String, Counts>,
    /// Calls of webhooks that are not there.
    pub(super) strays: Counts,
    pub(super) glance: Glance,
}

/// What others know, at the moment when it is told.
#[derive(Debug, Default)]
pub(in crate::daemon) struct Glance {
    pub(in crate::daemon) waiting: usize,
    pub(in crate::daemon) running: usize,
    /// By sync.
    pub(in crate::daemon) due: BTreeMap<String, DateTime<Utc>>,
    pub(in crate::daemon) process: Process,
}

#[derive(Debug)]
pub(super) struct SyncNumbers {
    target: String,
    /// By who asked and how it ended.
    pub(super) runs: BTreeMap<(&'static str, &'static str), u64>,
    pub(super) durations: Durations,
    /// When the run under way began.
    pub(super) began: Option<DateTime<Utc>>,
    /// By kind, action and outcome.
    pub(super) changes: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    /// Of the last run that gave a report, the least where a limit was measured of several.
    pub(super) headroom: BTreeMap<&'static str, f64>,
    pub(super) held: Option<usize>,
    pub(super) last: Option<DateTime<Utc>>,
    pub(super) success: Option<DateTime<Utc>>,
    /// None where it has no webhook and none was called.
    pub(super) hooks: Counts,
}

#[derive(Debug)]
pub(super) struct TargetNumbers {
    pub(super) calls: Calls,
    /// Failed runs by class.
    pub(super) errors: Counts,
}

/// A histogram.
#[derive(Debug, Default)]
pub(super) struct Durations {
    pub(super) sum: f64,
    pub(super) count: u64,
    /// One for each of [`BOUNDS`], none counted twice.
    pub(super) counts: [u64; BOUNDS.len()],
}

impl Numbers {
    pub(super) fn new(started: DateTime<Utc>) -> Self {
        Self {
            started,
            syncs: BTreeMap::new(),
            targets: BTreeMap::new(),
            sources: BTreeMap::new(),
            strays: zeroes(HookCall::ALL.map(HookCall::word)),
            glance: Glance::default(),
        }
    }

    pub(super) fn configure(&mut self, settings: &Settings) {
        self.syncs.retain(|name, _| settings.syncs.contains_key(name));
        self.targets.retain(|name, _| settings.targets.contains_key(name));
        self.sources.retain(|name, _| settings.sources.contains_key(name));
        for (name, sync) in &settings.syncs {
            self.syncs.entry(name.clone()).or_insert_with(SyncNumbers::new).configure(sync);
        }
        for name in settings.targets.keys() {
            let new =
                || TargetNumbers { calls: Calls::default(), errors: zeroes(FailureClass::ALL.map(FailureClass::word)) };
            self.targets.entry(name.clone()).or_insert_with(new);
        }
        for name in settings.sources.keys() {
            self.sources.entry(name.clone()).or_insert_with(|| zeroes(FailureClass::ALL.map(FailureClass::word)));
        }
    }

    pub(super) fn look(&mut self, glance: Glance) {
        self.glance = glance;
    }

    pub(super) fn began(&mut self, sync: &str, at: DateTime<Utc>) {
        if let Some(sync) = self.syncs.get_mut(sync) {
            sync.began = Some(at);
        }
    }

    pub(super) fn succeeded(&mut self, sync: &str, at: DateTime<Utc>) {
        if let Some(sync) = self.syncs.get_mut(sync) {
            sync.success = sync.success.max(Some(at));
        }
    }

    pub(super) fn hook(&mut self, sync: &str, call: HookCall) {
        let counts = self.syncs.get_mut(sync).map_or(&mut self.strays, |sync| &mut sync.hooks);
        *counts.entry(call.word()).or_default() += 1;
    }

    /// A sync pauses, and so a run that was asked for by `via` does not begin.
    pub(super) fn paused(&mut self, sync: &str, via: Via) {
        if let Some(sync) = self.syncs.get_mut(sync) {
            *sync.runs.entry((words::via(via), words::PAUSED)).or_default() += 1;
        }
    }

    /// One of a sync that is no longer configured is told nowhere.
    pub(super) fn ended(&mut self, run: &EndedRun<'_>) {
        let Some(sync) = self.syncs.get_mut(run.sync) else { return };
        sync.ended(run);
        let conducted = run.conducted;
        if let Some(target) = self.targets.get_mut(&sync.target) {
            let Calls { sent, throttled } = conducted.calls;
            target.calls.sent += sent;
            target.calls.throttled += throttled;
        }
        let failed = match &conducted.error {
            Some(RunError::Connector(error)) => Some(error),
            Some(_) => None,
            // It was read, and took nothing.
            None => conducted.report.as_ref().and_then(Report::failure),
        };
        if let Some(error) = failed {
            let errors = self.targets.get_mut(&sync.target).map(|target| &mut target.errors);
            add(errors, error.class.word());
        }
        if let Some(RunError::Source { name, error }) = &conducted.error {
            add(self.sources.get_mut(name), error.class.word());
        }
    }
}

impl SyncNumbers {
    fn new() -> Self {
        let done = Kind::ALL.into_iter().flat_map(|kind| {
            let of = move |action: Action| ["done", "failed"].map(|outcome| (kind.word(), action.word(), outcome));
            Action::ALL.into_iter().flat_map(of)
        });
        Self {
            target: String::new(),
            runs: BTreeMap::new(),
            durations: Durations::default(),
            began: None,
            changes: done.map(|change| (change, 0)).collect(),
            headroom: BTreeMap::new(),
            held: None,
            last: None,
            success: None,
            hooks: Counts::new(),
        }
    }

    fn configure(&mut self, sync: &SyncSettings) {
        self.target.clone_from(&sync.target);
        for way in words::ways(sync) {
            for result in words::RESULTS {
                self.runs.entry((words::via(way), result)).or_default();
            }
        }
        if sync.webhook.is_some() {
            for call in HookCall::ALL {
                self.hooks.entry(call.word()).or_default();
            }
        }
    }

    fn ended(&mut self, run: &EndedRun<'_>) {
        let EndedRun { sync: _, via, whole, lasted, at, conducted } = run;
        self.began = None;
        *self.runs.entry((words::via(*via), words::result(conducted))).or_default() += 1;
        if words::never_began(conducted) {
            return;
        }
        self.durations.add(*lasted);
        if let Some(report) = &conducted.report {
            self.count(report);
        }
        if !whole {
            return;
        }
        self.last = Some(*at);
        if let Some(report) = &conducted.report {
            self.headroom = headroom(&report.limits);
            self.held = Some(report.plan.held.iter().filter(|held| held.code.by_guard()).count());
        }
        if conducted.error.is_none() && matches!(conducted.exit, Exit::Done | Exit::Pending | Exit::Partial) {
            self.success = Some(*at);
        }
    }

    fn count(&mut self, report: &Report) {
        for (change, outcome) in report.plan.changes.iter().zip(report.outcomes()) {
            let key = (change.kind().word(), change.action().word(), words::outcome(outcome));
            *self.changes.entry(key).or_default() += 1;
        }
    }
}

impl Durations {
    fn add(&mut self, lasted: Duration) {
        let seconds = lasted.as_secs_f64();
        self.sum += seconds;
        self.count += 1;
        if let Some((count, _)) = self.counts.iter_mut().zip(BOUNDS).find(|(_, bound)| seconds <= *bound) {
            *count += 1;
        }
    }
}

/// What is left of each limit that was measured by a number.
fn headroom(limits: &[LimitState]) -> BTreeMap<&'static str, f64> {
    let mut least = BTreeMap::new();
    for state in limits.iter().filter(|state| state.state != State::Off) {
        let (Some(limit), Some(left)) = (state.limit, state.headroom) else { continue };
        // Of nothing there is no share.
        if limit == 0 {
            continue;
        }
        let limit = f64::from(u32::try_from(limit).unwrap_or(u32::MAX));
        let share = f64::from(i32::try_from(left).unwrap_or(if left < 0 { i32::MIN } else { i32::MAX })) / limit;
        least.entry(state.name.text()).and_modify(|known: &mut f64| *known = known.min(share)).or_insert(share);
    }
    least
}

fn zeroes<const N: usize>(words: [&'static str; N]) -> Counts {
    words.into_iter().map(|word| (word, 0)).collect()
}

fn add(counts: Option<&mut Counts>, word: &'static str) {
    if let Some(counts) = counts {
        *counts.entry(word).or_default() += 1;
    }
}
