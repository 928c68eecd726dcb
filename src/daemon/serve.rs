//! The loop that everything goes through: times that come, requests, ends of runs, commands.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{self, JoinError, JoinSet};

use super::Tick;
use super::api::{Certificates, Listening, Readiness, router};
use super::calendar::Calendar;
use super::company;
use super::desk::{Desk, Stage, lanes};
use super::news::{News, Outlook, RanFacts, outlook};
use super::opening::{Command, Opening, ServeError};
use super::queue::Queue;
use super::reload::{self, Loader};
use super::request::{Cause, Start, Terms, Trigger, new_id};
use super::systemd;
use super::timer::{Ticks, Timer};
use super::worker::{Done, End, Work};
use crate::connector::Stop;
use crate::principal::neutral;
use crate::run::Exit;
use crate::store::TicksSeen;

/// When a run whose target is held, or whose state failed, begins anew; each time twice as late.
const FIRST_AGAIN: Duration = Duration::from_secs(2);
const LAST_AGAIN: Duration = Duration::from_mins(1);

/// How often it is looked whether the certificate is still valid.
const DAY: Duration = Duration::from_hours(24);

/// A timer that is later than this does not go.
const LATEST: TimeDelta = TimeDelta::seconds(45);

struct Serving {
    desk: Arc<Desk>,
    calendar: Calendar,
    timer: Timer,
    certificates: Option<Certificates>,
    runs: JoinSet<End>,
    under_way: HashMap<task::Id, UnderWay>,
    /// How often in a row the run of a sync was to begin anew.
    tries: BTreeMap<String, u32>,
    host: Arc<str>,
    load: Loader,
    tell: Box<dyn Fn(&News<'_>) + Send + Sync>,
}

struct UnderWay {
    start: Start,
    stop: Stop,
}

/// Serves until it is told to stop. Gives the syncs whose runs did not end in time: these go on until the process ends.
///
/// # Errors
/// When it cannot begin.
pub async fn serve(opening: Opening) -> Result<Vec<String>, ServeError> {
    let Opening { settings, store, clock, host, listen, load, commands, tell } = opening;
    let queue = Queue::new(settings.server.concurrent_runs, lanes(&settings));
    let desk = Arc::new(Desk::new(Arc::new(settings), store, Arc::clone(&clock), queue));
    let mut calendar = Calendar::default();
    calendar.configure(&desk.settings(), desk.now());
    if let Err(error) = desk.metrics().recall(&desk.settings(), desk.store()).await {
        tracing::warn!(%error, "when each sync last succeeded is told from its next run on");
    }
    let seen = desk.store().ticks_seen().await?;
    let (timer, ticks) = Timer::start(clock).await?;
    let listening = Listening::open(listen, desk.settings().server.tls.as_ref()).await?;
    let (address, certificates) = (listening.address(), listening.certificates());
    let router = router(Arc::clone(&desk), readiness(&desk, timer.lateness()));
    let (closing, closed) = oneshot::channel::<()>();
    // A sender that is dropped says it too.
    let answering = task::spawn(listening.serve(router, async { drop(closed.await) }));
    let mut serving = Serving {
        desk,
        calendar,
        timer,
        certificates,
        runs: JoinSet::new(),
        under_way: HashMap::new(),
        tries: BTreeMap::new(),
        host: host.into(),
        load,
        tell,
    };
    serving.learn(&seen).await;
    serving.arm_all().await;
    let outlook = serving.outlook();
    let secure = serving.desk.settings().server.tls.is_some();
    (serving.tell)(&News::Ready { address, secure, outlook: &outlook });
    systemd::ready(&format!("serving {} syncs", outlook.len()));
    serving.tell_of_interrupted().await;
    // Until the last run has ended, however long that takes.
    let renewing = task::spawn(company::renew(Arc::clone(&serving.desk)));
    serving.go_round(ticks, commands).await;
    let desk = Arc::clone(&serving.desk);
    let left = serving.drain().await;
    renewing.abort();
    // It has let go of the state by then.
    drop(renewing.await);
    company::hand_over(&desk).await;
    // Whoever follows a run was told its end by now.
    drop(closing);
    if let Err(error) = answering.await {
        tracing::warn!(%error, "whoever answers calls broke off");
    }
    Ok(left)
}

/// Why the daemon is not ready, if it is not.
fn readiness(desk: &Arc<Desk>, late: impl Fn() -> Option<TimeDelta> + Send + Sync + 'static) -> Readiness {
    let desk = Arc::clone(desk);
    Arc::new(move || {
        if desk.is_stopping() {
            return Some("the daemon is stopping".into());
        }
        late().filter(|late| *late > LATEST).map(|late| format!("the timer is {} s late", late.num_seconds()))
    })
}

impl Serving {
    /// Goes round until it is told to stop.
    async fn go_round(&mut self, mut ticks: Ticks, mut commands: mpsc::UnboundedReceiver<Command>) {
        let (sender, mut seen) = mpsc::channel(1);
        let looking = task::spawn(company::look(Arc::clone(&self.desk), sender));
        let (mut watchdog, mut daily) = (systemd::rounds(), tokio::time::interval(DAY));
        loop {
            self.begin();
            let wake = self.desk.wake_at().map(tokio::time::Instant::from_std);
            tokio::select! {
                () = self.desk.changed() => {}
                () = tokio::time::sleep_until(wake.unwrap_or_else(tokio::time::Instant::now)), if wake.is_some() => {}
                Some(tick) = ticks.next() => self.ring(&tick).await,
                Some(ended) = self.runs.join_next_with_id() => self.ended(ended),
                Some(seen) = seen.recv() => self.learn(&seen).await,
                command = commands.recv() => match command {
                    Some(Command::Reload) => self.reload().await,
                    // Nobody is left who could tell.
                    Some(Command::Stop) | None => break,
                },
                _ = watchdog.tick() => self.alive(),
                _ = daily.tick() => self.doubt(),
            }
        }
        looking.abort();
    }

    /// Begins every run that may begin now.
    fn begin(&mut self) {
        while let Some(start) = self.desk.begin(Instant::now()) {
            let ticks = if start.is_regular() { self.calendar.begin(&start.sync) } else { Vec::new() };
            let stop = Stop::default();
            tracing::debug!(sync = start.sync, run = start.run, triggers = start.causes.count(), "a run begins");
            let work = Work {
                desk: Arc::clone(&self.desk),
                settings: self.desk.settings(),
                start: start.clone(),
                ticks,
                host: Arc::clone(&self.host),
                stop: stop.clone(),
            };
            let runtime = Handle::current();
            let task = self.runs.spawn_blocking(move || work.carry_out(&runtime));
            self.under_way.insert(task.id(), UnderWay { start, stop });
            self.tell_status();
        }
    }

    /// A time of a schedule has come.
    async fn ring(&mut self, tick: &Tick) {
        if let Some(due) = self.calendar.ring(&tick.name, self.desk.now()) {
            if due.missed > 0 {
                tracing::info!(sync = tick.name, missed = due.missed, "times of the schedule had passed without a run");
            }
            self.ask(&tick.name, Cause::Tick(due.tick));
        }
        self.arm(&tick.name).await;
    }

    fn ask(&self, sync: &str, cause: Cause) {
        let (id, terms) = (new_id(), Terms::default());
        let trigger = Trigger { id, sync: sync.to_owned(), cause, only: Vec::new(), terms, kept: None };
        if let Err(error) = self.desk.ask(trigger, Instant::now()) {
            tracing::debug!(sync, %error, "a time of a schedule came to nothing");
        }
    }

    /// What others have done meanwhile.
    async fn learn(&mut self, seen: &TicksSeen) {
        for sync in self.calendar.learn(&seen.latest, self.desk.now()) {
            self.arm(&sync).await;
        }
        for (sync, tick) in &seen.free {
            if self.calendar.found(sync, *tick) {
                tracing::info!(sync, %tick, "a time of the schedule is left by a run that did not end");
                self.ask(sync, Cause::Tick(*tick));
            }
        }
    }

    async fn arm(&self, sync: &str) {
        match self.calendar.due(sync) {
            Some(due) => {
                if let Err(error) = self.timer.arm(sync, due.at).await {
                    tracing::warn!(sync, %error, "the timer looks again within ten seconds");
                }
            }
            None => self.timer.disarm(sync),
        }
        self.desk.schedule(self.calendar.dues());
    }

    async fn arm_all(&self) {
        let settings = self.desk.settings();
        for sync in settings.syncs.keys() {
            self.arm(sync).await;
        }
    }

    fn outlook(&self) -> Vec<Outlook> {
        outlook(&self.desk.settings(), &self.calendar)
    }

    async fn tell_of_interrupted(&self) {
        match company::interrupted(&self.desk).await {
            Ok(runs) if runs.is_empty() => {}
            Ok(runs) => (self.tell)(&News::Interrupted(&runs)),
            Err(error) => tracing::warn!(%error, "runs that never ended could not be looked for"),
        }
    }

    fn tell_status(&self) {
        let (waiting, running) = self.desk.load();
        systemd::status(&format!("{running} running, {waiting} waiting"));
    }

    /// A run has ended, however it did.
    fn ended(&mut self, ended: Result<(task::Id, End), JoinError>) {
        let (id, end) = match ended {
            Ok((id, end)) => (id, end),
            Err(error) => {
                let done = Done { exit: Exit::Error, changes: 0, error: Some(error.to_string()), stopped: false };
                (error.id(), End::Done(done))
            }
        };
        let Some(UnderWay { start, stop: _ }) = self.under_way.remove(&id) else { return };
        let again = matches!(end, End::Again { .. });
        if start.is_regular() {
            self.calendar.ended(&start.sync, again);
        }
        match end {
            End::Again { begun, why } => self.again(start, begun, &why),
            End::Others => {
                tracing::debug!(sync = start.sync, "another replica does it");
                self.desk.ended(&start, &Stage::Dropped);
            }
            End::Done(done) => {
                self.tries.remove(&start.sync);
                let facts = RanFacts::new(&start.sync, &done);
                (self.tell)(&News::Ran(facts));
                let Done { exit, error, .. } = done;
                let stage = Stage::Ended { run: start.run.clone(), exit: exit.code(), error };
                self.desk.ended(&start, &stage);
            }
        }
        self.tell_status();
    }

    fn again(&mut self, start: Start, begun: bool, why: &str) {
        if self.desk.is_stopping() {
            // Its rows stay: whoever comes next answers.
            return self.desk.ended(&start, &Stage::Dropped);
        }
        let tries = self.tries.entry(start.sync.clone()).or_default();
        let pause = FIRST_AGAIN.saturating_mul(1 << (*tries).min(5)).min(LAST_AGAIN);
        // A target that is held is soon free.
        let pause = if begun { pause } else { FIRST_AGAIN };
        *tries += 1;
        let (sync, run, seconds) = (&start.sync, &start.run, pause.as_secs());
        if *tries == 1 {
            tracing::warn!(sync, run, why = %neutral(why), seconds, "A run waits to begin anew");
        } else {
            tracing::debug!(sync, run, why, seconds, tries, "A run waits to begin anew");
        }
        self.desk.again(start, begun, why, Instant::now() + pause);
    }

    /// Reads the configuration anew. One with problems is refused whole.
    async fn reload(&mut self) {
        systemd::reloading();
        match reload::read(&self.load, &self.desk.settings()).await {
            Ok((settings, certificates)) => {
                self.calendar.configure(&settings, self.desk.now());
                for sync in self.desk.settings().syncs.keys() {
                    self.timer.disarm(sync);
                }
                let most = settings.server.concurrent_runs;
                self.desk.configure(Arc::new(settings), most);
                if let (Some(shown), Some(fresh)) = (&self.certificates, &certificates) {
                    shown.renew(fresh);
                    self.doubt();
                }
                self.arm_all().await;
                tracing::info!(digest = self.desk.settings().digest, "another configuration holds from now on");
                (self.tell)(&News::Reloaded(&self.outlook()));
            }
            Err(problems) => {
                for problem in &problems.0 {
                    tracing::error!(%problem, "the new configuration is refused, the old one goes on");
                }
                (self.tell)(&News::Refused(&problems));
            }
        }
        systemd::ready(&format!("serving {} syncs", self.desk.settings().syncs.len()));
    }

    /// Says of a certificate that nobody will accept it.
    fn doubt(&self) {
        let certificates = self.certificates.as_ref();
        if let Some(doubt) = certificates.and_then(|certificates| certificates.doubt(self.desk.now())) {
            tracing::warn!("{doubt}");
        }
    }

    /// Told only while the loop goes round, the timer goes, and the state is where it was.
    fn alive(&self) {
        if self.desk.store().is_gone() {
            tracing::error!("the state was deleted or replaced: start rollcall anew");
            return;
        }
        match self.timer.late() {
            Some(late) if late > LATEST => tracing::error!(seconds = late.num_seconds(), "the timer does not go"),
            _ => systemd::alive(),
        }
    }

    /// Brings what is under way to an end. Gives the syncs whose runs have not ended in time.
    async fn drain(mut self) -> Vec<String> {
        self.desk.stop();
        self.under_way.values().for_each(|run| run.stop.ask());
        let count = self.under_way.len();
        (self.tell)(&News::Stopping(count));
        systemd::stopping(&format!("{count} runs are being brought to an end"));
        let mut watchdog = systemd::rounds();
        let end = tokio::time::sleep(self.desk.settings().server.drain);
        let mut end = std::pin::pin!(end);
        loop {
            tokio::select! {
                ended = self.runs.join_next_with_id() => match ended {
                    Some(ended) => self.ended(ended),
                    None => break,
                },
                () = &mut end => break,
                _ = watchdog.tick() => systemd::alive(),
            }
        }
        let Self { timer, under_way, .. } = self;
        timer.stop().await;
        under_way.into_values().map(|run| run.start.sync).collect()
    }
}
