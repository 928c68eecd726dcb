//! How far a run is, for those who follow it.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use super::desk::LiveRun;
use crate::connector::Progress;

/// Nobody sees smaller steps than a hundredth.
const STEPS: u64 = 100;

/// Tells everybody who follows a run. Of steps that go on at the same time the last one to speak is shown.
pub(super) struct Live<'a> {
    followers: &'a [watch::Sender<LiveRun>],
    total: AtomicU64,
    told: AtomicU64,
}

impl<'a> Live<'a> {
    pub(super) fn new(followers: &'a [watch::Sender<LiveRun>]) -> Self {
        Self { followers, total: AtomicU64::new(0), told: AtomicU64::new(0) }
    }

    fn tell(&self, change: impl Fn(&mut LiveRun)) {
        self.followers.iter().for_each(|follower| follower.send_modify(&change));
    }
}

impl Progress for Live<'_> {
    fn step(&self, what: &str, total: Option<u64>) {
        self.total.store(total.unwrap_or(0), Ordering::Relaxed);
        self.told.store(0, Ordering::Relaxed);
        self.tell(|live| (live.step, live.done, live.total) = (Some(what.to_owned()), 0, total));
    }

    fn at(&self, done: u64) {
        let (total, told) = (self.total.load(Ordering::Relaxed), self.told.load(Ordering::Relaxed));
        if done >= told + (total / STEPS).max(1) || done == total {
            self.told.store(done, Ordering::Relaxed);
            self.tell(|live| live.done = done);
        }
    }

    fn done(&self) {
        self.tell(|live| (live.step, live.done, live.total) = (None, 0, None));
    }

    fn beside(&self) -> Box<dyn Progress + '_> {
        Box::new(Self::new(self.followers))
    }
}
