//! One run from its beginning to its end, in a thread of its own: whatever it does, the daemon goes on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::desk::Desk;
use super::live::Live;
use super::logs::run_span;
use super::metrics::EndedRun;
use super::request::Start;
use super::wish::{Wish, requested_by};
use crate::config::{Settings, SyncSettings};
use crate::connector::Stop;
use crate::run::{Ask, Begins, Conducted, Deed, Exit, Order, RunError, conduct, may_run};
use crate::store::{RunResult, StoreError};

/// How often what a run has taken is renewed, and how soon again where that failed.
const RENEWAL: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(1);

/// How often the end of a run is written beside the times of its schedule. Where that fails, whoever finds them sees it.
const TRIES: usize = 3;

const CLOCK: &str = "the clock of this machine is more than a minute ahead of that of the state: set one of both right";

/// A run that is to be carried out.
pub(super) struct Work {
    pub(super) desk: Arc<Desk>,
    pub(super) settings: Arc<Settings>,
    pub(super) start: Start,
    /// Times of the schedule that it is to answer.
    pub(super) ticks: Vec<DateTime<Utc>>,
    pub(super) host: Arc<str>,
    pub(super) stop: Stop,
}

/// What became of it.
#[derive(Debug)]
pub(super) enum End {
    Done(Done),
    /// Another replica answers every time of the schedule that it was for, and nobody else had asked.
    Others,
    /// It is to begin anew: its target was held, or the state failed. `begun`: something is written down of it.
    Again {
        begun: bool,
        why: String,
    },
}

/// A run that has ended.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) exit: Exit,
    pub(super) changes: usize,
    pub(super) error: Option<String>,
    /// It was told to stop, and left something undone.
    pub(super) stopped: bool,
}

impl Work {
    /// Carries it out. Blocks: a plan of many principals takes a processor for seconds.
    pub(super) fn carry_out(self, runtime: &Handle) -> End {
        let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(self.run())));
        ended.unwrap_or_else(|panic| runtime.block_on(self.broke_off(&text(panic.as_ref()))))
    }

    fn run_id(&self) -> &str {
        &self.start.run
    }

    fn sync(&self) -> Option<&SyncSettings> {
        self.settings.syncs.get(&self.start.sync)
    }

    fn wish(&self, sync: &SyncSettings) -> Wish {
        Wish::new(&self.start.terms, sync.apply_changes, sync.policy.remove_deleted)
    }

    async fn run(&self) -> End {
        // Before a time of the schedule is taken: it stays that of whoever may run.
        if self.start.causes.hooks.count > 0
            && let Some(sync) = self.sync()
            && let Some(paused) = self.pause(sync).await
        {
            // Whoever watches is to see it, as where nobody called.
            self.desk.metrics().run_paused(&sync.name, requested_by(&self.start.causes, &self.host).via);
            return self.again(true, &told(&paused)).await;
        }
        let (taken, early) = match self.take().await {
            Ok(taken) => taken,
            Err(error @ StoreError::Gone { .. }) => return self.failed(&error),
            Err(error) => return self.again(false, &error).await,
        };
        if early {
            tracing::error!(sync = self.start.sync, "{CLOCK}");
            // Not at once: it is a minute, or a person, that mends it. Whoever called waits for no clock.
            if !self.start.causes.is_called() {
                return self.again(true, CLOCK).await;
            }
        }
        if taken == 0 && !self.start.causes.is_called() {
            return End::Others;
        }
        // Whoever has such a sync answers.
        let Some(sync) = self.sync() else { return End::Others };
        // Beside the run, which may keep its thread busy for long; ends with it, however that ends.
        let mut renewing = JoinSet::new();
        if taken > 0 {
            renewing.spawn(renew(Arc::clone(&self.desk), self.start.run.clone()));
        }
        let conducted = self.conduct(sync).await;
        renewing.shutdown().await;
        self.settle(conducted, taken > 0).await
    }

    /// Takes the times of the schedule; how many are to be answered by this run, and whether the state says of one that it
    /// has not come.
    async fn take(&self) -> Result<(usize, bool), StoreError> {
        let (store, mut count, mut early) = (self.desk.store(), 0, false);
        for tick in &self.ticks {
            let Some(taken) = store.take_tick(&self.start.sync, *tick, self.run_id()).await? else {
                early |= store.is_early(*tick).await?;
                continue;
            };
            match taken.died {
                Some(run) if self.has_answered(&run).await? => {
                    store.concede_tick(&self.start.sync, *tick, (self.run_id(), &run), self.desk.now()).await?;
                }
                Some(run) => {
                    tracing::info!(sync = self.start.sync, %tick, run, "another run did not answer this time: it begins anew");
                    count += 1;
                }
                None => count += 1,
            }
        }
        Ok((count, early))
    }

    /// Whether that run came to its end, and only that could not be written beside its time.
    async fn has_answered(&self, run: &str) -> Result<bool, StoreError> {
        let found = self.desk.store().run(run).await?;
        Ok(found.is_some_and(|row| row.status.has_answered()))
    }

    async fn conduct(&self, sync: &SyncSettings) -> Conducted {
        let (followers, wish) = (self.desk.followers(&self.start), self.wish(sync));
        let live = Live::new(&followers);
        let clock = || self.desk.now();
        let ask = Ask {
            id: self.start.run.clone(),
            requested_by: requested_by(&self.start.causes, &self.host),
            unattended: wish.unattended,
            remove_deleted: wish.remove_deleted,
            only: self.start.only.clone(),
            overrides: Vec::new(),
            given: self.start.terms.given.as_deref(),
            clock: &clock,
            progress: &live,
            stop: self.stop.clone(),
            lock: None,
        };
        let deed = if wish.applies {
            Deed::Apply { begins: Begins::Sources, consent: &|_| true }
        } else {
            Deed::Plan { detailed: false }
        };
        let (metrics, began) = (self.desk.metrics(), self.desk.now());
        metrics.run_began(&sync.name, began);
        let via = ask.requested_by.via;
        let order = Order { settings: &self.settings, sync, store: self.desk.store(), deed };
        let conducted = conduct(order, ask).instrument(run_span(self.run_id(), &sync.name)).await;
        let at = self.desk.now();
        let lasted = (at - began).to_std().unwrap_or_default();
        let whole = self.start.only.is_empty();
        metrics.run_ended(&EndedRun { sync: &sync.name, via, whole, lasted, at, conducted: &conducted });
        conducted
    }

    /// Whether it counts, or is to begin anew.
    async fn settle(&self, conducted: Conducted, taken: bool) -> End {
        let why = conducted.why();
        let Conducted { exit, report, error, declined: _, stopped, unwritten, warnings: _, calls: _ } = conducted;
        let failed = match (&error, &unwritten) {
            (Some(RunError::Store(error)), _) | (_, Some(error)) if is_passing(error) => Some(error.to_string()),
            (Some(error @ RunError::Unremembered { .. }), _) => Some(error.to_string()),
            _ => None,
        };
        if let Some(why) = failed {
            let busy = matches!(&error, Some(RunError::Store(StoreError::Busy { .. })));
            return self.again(!busy, &why).await;
        }
        if stopped {
            // Whoever begins next finishes; who asked is answered then.
            self.release().await;
        } else {
            self.finish(taken).await;
        }
        let changes = report.as_ref().map_or(0, |report| report.plan.changes.len());
        Done { exit, changes, error: error.as_ref().map(told).or(why), stopped }.into()
    }

    /// Why the sync pauses, if it does. Calls wait until that is over, or a person ends it, and so does whoever asked
    /// together with them.
    async fn pause(&self, sync: &SyncSettings) -> Option<RunError> {
        let now = self.desk.now();
        let paused = may_run(self.desk.store(), sync, self.wish(sync).unattended, now).await.err();
        paused.filter(|error| matches!(error, RunError::Paused { .. }))
    }

    fn failed(&self, error: &StoreError) -> End {
        tracing::error!(sync = self.start.sync, run = self.run_id(), %error, "a run cannot begin");
        Done { exit: Exit::Error, changes: 0, error: Some(error.to_string()), stopped: false }.into()
    }

    async fn again(&self, begun: bool, why: &(impl ToString + ?Sized)) -> End {
        self.release().await;
        End::Again { begun, why: why.to_string() }
    }

    async fn release(&self) {
        if let Err(error) = self.desk.store().release_ticks(self.run_id()).await {
            tracing::debug!(run = self.run_id(), %error, "the times of a run were not given back; they expire");
        }
    }

    /// Whoever asked was answered, and what it has `taken` of its schedule too.
    async fn finish(&self, taken: bool) {
        self.desk.let_go(&self.start.kept).await;
        if !taken {
            return;
        }
        for left in (0..TRIES).rev() {
            match self.desk.store().finish_ticks(self.run_id(), self.desk.now()).await {
                Ok(_) => return,
                Err(error) if left == 0 => {
                    tracing::warn!(run = self.run_id(), %error, "the end of a run was not written beside its time");
                }
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    /// The run panicked. What an apply had begun stays open: the next run of the target settles it.
    async fn broke_off(&self, why: &str) -> End {
        let error = format!("the run broke off, which is a mistake in rollcall: {why}");
        tracing::error!(sync = self.start.sync, run = self.run_id(), error, "a run broke off");
        if self.sync().is_some_and(|sync| !self.wish(sync).applies) {
            let result =
                RunResult { exit_code: Exit::Error.code(), error: Some(error.clone()), ..RunResult::default() };
            if let Err(error) = self.desk.store().finish(self.run_id(), self.desk.now(), &result, &[]).await {
                tracing::warn!(run = self.run_id(), %error, "its end was not written down");
            }
        }
        self.finish(true).await;
        Done { exit: Exit::Error, changes: 0, error: Some(error), stopped: false }.into()
    }
}

/// An error as whoever asked is told it. Whoever is to wait is told what ends the wait.
fn told(error: &RunError) -> String {
    match error.hint().filter(|_| matches!(error, RunError::Paused { .. })) {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    }
}

/// Renews what a run has taken, until another has it.
async fn renew(desk: Arc<Desk>, run: String) {
    let mut pause = RENEWAL;
    loop {
        tokio::time::sleep(pause).await;
        pause = match desk.store().renew_ticks(&run).await {
            Ok(0) => {
                tracing::warn!(run, "another replica has taken over the time that this run answers");
                return;
            }
            Ok(_) => RENEWAL,
            Err(error) => {
                tracing::warn!(run, %error, "the time that this run answers was not renewed; trying again");
                AGAIN
            }
        };
    }
}

impl From<Done> for End {
    fn from(done: Done) -> Self {
        Self::Done(done)
    }
}

/// Whether it may go better another time, without anybody's doing.
fn is_passing(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Busy { .. } | StoreError::Lost { .. } | StoreError::Query { .. } | StoreError::Open { .. }
    )
}

fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it says nothing more".into())
}
