//! One run from its first line in the state to its last: whoever asks for it, the command line or the daemon.

use chrono::TimeDelta;

use super::trail::Teller;
use super::{Ask, Exit, Job, Planned, RunError, apply, given, health, plan, plan_from_file, undo};
use crate::audit::Event;
use crate::config::{Settings, SyncSettings};
use crate::connector::{Calls, Outcome};
use crate::notify::Warning;
use crate::principal::neutral;
use crate::report::{OutcomeCounts, PastRun, Report, RunSummary, SavedPlan, TrailFacts, Via, report_json};
use crate::store::{DocumentKind, RunRecord, RunResult, Store, StoreError};

/// Where the log leads whoever reads it.
const WHY: &str = "`rollcall report` with the id of the run says why, and what to do";

/// What is to be done with a sync.
pub struct Order<'a> {
    pub settings: &'a Settings,
    pub sync: &'a SyncSettings,
    pub store: &'a Store,
    pub deed: Deed<'a>,
}

/// How far a run is to go.
pub enum Deed<'a> {
    /// To the plan. Pending changes count as an end of their own where `detailed`.
    Plan { detailed: bool },
    /// To the end, if `consent` is given to the plan: it is asked once, before anything is written.
    Apply { begins: Begins, consent: &'a (dyn Fn(&Report) -> bool + Sync) },
}

/// What a plan is made of.
pub enum Begins {
    /// What the sources say by now.
    Sources,
    /// It was made before.
    Saved(Box<SavedPlan>),
    /// A past run, which it takes back.
    Past(Box<PastRun>),
}

impl Deed<'_> {
    fn word(&self) -> &'static str {
        match self {
            Self::Plan { .. } => "plan",
            Self::Apply { begins: Begins::Past(_), .. } => "undo",
            Self::Apply { .. } => "apply",
        }
    }
}

/// How a run ended.
pub struct Conducted {
    pub exit: Exit,
    /// What there is to tell; also of a run that was applied and could not be remembered.
    pub report: Option<Report>,
    pub error: Option<RunError>,
    /// Consent was not given.
    pub declined: bool,
    /// It was told to stop, and left something undone.
    pub stopped: bool,
    /// Why the run could not be written down to its end. That changes nothing of what was done.
    pub unwritten: Option<StoreError>,
    /// Who could not be told of it.
    pub warnings: Vec<Warning>,
    /// What the target was sent, from the first reading to the last.
    pub calls: Calls,
}

/// Conducts one run. A list that was given is not kept where it is only planned: no other run sees it.
pub async fn conduct(order: Order<'_>, ask: Ask<'_>) -> Conducted {
    let Order { settings, sync, store, deed } = order;
    let is_plan = matches!(deed, Deed::Plan { .. });
    let mut ended = held(Order { settings, sync, store, deed }, ask.clone()).await;
    ended.log(ask.requested_by.via, &sync.target);
    // Nobody waits for the target while notices are on their way.
    let never_began = matches!(ended.error, Some(RunError::Paused { .. } | RunError::Store(StoreError::Busy { .. })));
    if !is_plan && !ended.declined && !never_began {
        afterwards(settings, sync, store, &ask, &mut ended).await;
    }
    ended
}

/// The run itself, while it holds its target.
async fn held(order: Order<'_>, ask: Ask<'_>) -> Conducted {
    let Order { settings, sync, store, deed } = order;
    if matches!(deed, Deed::Apply { .. })
        && let Err(error) = health::may_run(store, sync, ask.unattended, (ask.clock)()).await
    {
        return Conducted::failed(error);
    }
    tracing::info!(deed = deed.word(), unattended = ask.unattended, "A run begins");
    let place = settings.targets.get(&sync.target).map_or("", |target| target.place.as_str());
    // The lock first: what is planned here is what is written here.
    let lock = match &deed {
        Deed::Plan { .. } => None,
        Deed::Apply { .. } => match store.lock(&sync.target, place).await {
            Ok(lock) => Some(lock),
            Err(error) => return Conducted::failed(error.into()),
        },
    };
    let mut ask = Ask { lock: lock.as_ref(), ..ask };
    let record = RunRecord {
        id: &ask.id.clone(),
        sync: &sync.name,
        command: deed.word(),
        target: &sync.target,
        place,
        requested_by: serde_json::to_string(&ask.requested_by).unwrap_or_default(),
        config_digest: &settings.digest,
        started: (ask.clock)(),
        overrides: (!ask.overrides.is_empty()).then(|| serde_json::to_string(&ask.overrides).ok()).flatten(),
    };
    let teller = Teller::new(settings, sync, &ask.id, &ask.requested_by, (ask.clock)());
    let mut begins = teller.begins(deed.word(), &ask);
    if let Deed::Apply { begins: Begins::Past(past), .. } = &deed {
        begins.push(teller.tell(Event::Undo { undoes: past.id() }));
    }
    // Before anything is read.
    if let Err(error) = store.begin(&record, &begins).await {
        return Conducted::failed(error.into());
    }
    let detailed = matches!(deed, Deed::Plan { detailed: true });
    let is_plan = matches!(deed, Deed::Plan { .. });
    let (carried, calls) = carry_out(Order { settings, sync, store, deed }, &mut ask).await;
    let mut ended = match carried {
        Ok(Some(report)) => {
            let exit = if is_plan { Exit::of_plan(&report, detailed) } else { Exit::of_apply(&report) };
            Conducted { report: Some(report), ..Conducted::with(exit) }
        }
        Ok(None) => Conducted { declined: true, ..Conducted::with(Exit::Done) },
        Err(error) => Conducted::failed(error),
    };
    let left = ask.stop.is_asked().then(|| left(&ended)).flatten();
    ended.stopped = left.is_some();
    ended.calls = calls;
    // One that could not be remembered stays open: the next run settles it.
    if !matches!(ended.error, Some(RunError::Unremembered { .. })) {
        ended.unwritten = write_down(settings, sync, store, &ask, (&mut ended, left)).await.err();
    }
    ended
}

/// Tells whom it concerns, and drops what is older than it need be.
async fn afterwards(settings: &Settings, sync: &SyncSettings, store: &Store, ask: &Ask<'_>, ended: &mut Conducted) {
    match health::tell(settings, sync, store, ask, ended).await {
        Ok(warnings) => ended.warnings = warnings,
        Err(error) => ended.unwritten = Some(error),
    }
    let before = TimeDelta::from_std(settings.retention).ok();
    let before = before.and_then(|kept| (ask.clock)().checked_sub_signed(kept));
    if let Some(before) = before
        && let Err(error) = store.prune(before).await
    {
        ended.unwritten = Some(error);
    }
}

impl Conducted {
    fn with(exit: Exit) -> Self {
        let calls = Calls::default();
        Self {
            exit,
            report: None,
            error: None,
            declined: false,
            stopped: false,
            unwritten: None,
            warnings: Vec::new(),
            calls,
        }
    }

    /// Why not everything was done, in a sentence. It may name principals.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        let error = self.error.as_ref().map(ToString::to_string);
        error.or_else(|| self.report.as_ref()?.shortfall())
    }

    /// Says how it ended; as a warning where it failed, but where the command line says that itself. Why it failed may
    /// name a person: that is for the debug log.
    fn log(&self, via: Via, target: &str) {
        let exit = if self.stopped { "stopped" } else { self.exit.word() };
        let calls = self.calls.sent;
        let report = self.report.as_ref();
        let planned = report.map_or(0, |report| report.plan.changes.len());
        let held = report.map_or(0, |report| report.plan.held.len());
        let counts = report.and_then(Report::outcome_counts).unwrap_or_default();
        let OutcomeCounts { done, failed, set_aside, not_tried } = counts;
        let (source, class) = self.culprit();
        let daemon = via != Via::Cli;
        if let Some(RunError::Store(StoreError::Busy { .. })) = &self.error {
            // Whoever asked is told, and the daemon tries again.
            tracing::debug!("Another run holds the target");
        } else if let (Some(error @ RunError::Paused { .. }), true) = (&self.error, daemon) {
            tracing::warn!(why = %error, next = error.hint(), "A sync pauses: no run begins");
        } else if self.error.is_some() && daemon {
            tracing::warn!(exit, calls, source, target, class, next = WHY, "A run has failed");
        } else if self.exit == Exit::Refused && daemon {
            let limit = report.and_then(Report::refused_by);
            tracing::warn!(
                exit,
                limit,
                planned,
                held,
                calls,
                next = WHY,
                "The guard has refused a run: nothing was written"
            );
        } else if matches!(self.exit, Exit::Partial | Exit::Error | Exit::Stale) && daemon {
            tracing::warn!(
                exit,
                done,
                failed,
                set_aside,
                not_tried,
                held,
                calls,
                target,
                class,
                next = WHY,
                "Not every change of a run was carried out"
            );
        } else {
            tracing::info!(exit, changes = planned, held, calls, source, class, "A run has ended");
        }
        if let Some(why) = self.why() {
            tracing::debug!(error = %neutral(&why), "Why not everything was done");
        }
    }

    /// The source that failed, if it was one, and how what failed failed.
    fn culprit(&self) -> (Option<&str>, Option<&'static str>) {
        match (&self.error, &self.report) {
            (Some(RunError::Connector(error)), _) => (None, Some(error.class.word())),
            (Some(RunError::Source { name, error }), _) => (Some(name), Some(error.class.word())),
            (None, Some(report)) => {
                let mut failures = report.outcomes().iter().filter_map(|outcome| match outcome {
                    Outcome::Failed(error) => Some(error.class.word()),
                    _ => None,
                });
                (None, failures.next())
            }
            _ => (None, None),
        }
    }

    fn failed(error: RunError) -> Self {
        let report = match &error {
            RunError::Unremembered { report, .. } => Some((**report).clone()),
            _ => None,
        };
        let exit = Exit::of_error(&error);
        Self { report, error: Some(error), ..Self::with(exit) }
    }
}

/// The report, or nothing where consent was not given; and what the target was sent, whatever came of it.
async fn carry_out(order: Order<'_>, ask: &mut Ask<'_>) -> (Result<Option<Report>, RunError>, Calls) {
    let Order { settings, sync, store, deed } = order;
    match Job::with(settings, sync, store, ask.given).await {
        Ok(job) => {
            let carried = work(&job, store, deed, ask).await;
            (carried, job.target.calls())
        }
        Err(error) => (Err(error), Calls::default()),
    }
}

async fn work(job: &Job<'_>, store: &Store, deed: Deed<'_>, ask: &mut Ask<'_>) -> Result<Option<Report>, RunError> {
    let stop = ask.stop.clone();
    let planning = async {
        match deed {
            Deed::Plan { .. } => plan(job, ask, store).await.map(|planned| (planned, None)),
            Deed::Apply { begins, consent } => {
                given::may_stand(ask, store).await?;
                let planned = match begins {
                    Begins::Sources => plan(job, ask, store).await,
                    Begins::Saved(saved) => plan_from_file(job, ask, store, *saved).await,
                    Begins::Past(past) => undo(job, ask, store, *past).await,
                };
                planned.map(|planned| (planned, Some(consent)))
            }
        }
    };
    // Nothing was written yet: there is nothing to bring to an end.
    let (Planned { report, approved, after }, consent) = tokio::select! {
        planned = planning => planned?,
        () = stop.asked() => return Err(RunError::Stopped),
    };
    let (Some(approved), Some(consent)) = (approved, consent) else { return Ok(Some(report)) };
    if !consent(&report) {
        return Ok(None);
    }
    apply(job, ask, store, report, approved, after).await.map(Some)
}

/// What a run that was told to stop has left undone; none where it was done before it heard of it.
fn left(ended: &Conducted) -> Option<String> {
    if let Some(error) = &ended.error {
        return matches!(error, RunError::Stopped).then(|| error.to_string());
    }
    let outcomes = ended.report.as_ref()?.outcomes();
    let left = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::NotTried(_))).count();
    let all = outcomes.len();
    (left > 0).then(|| format!("told to stop: {left} of {all} changes were not tried, the next run finds them again"))
}

/// Written down before it is told: whoever is told may be gone.
async fn write_down(
    settings: &Settings,
    sync: &SyncSettings,
    store: &Store,
    ask: &Ask<'_>,
    (ended, left): (&mut Conducted, Option<String>),
) -> Result<(), StoreError> {
    let report = ended.report.as_ref();
    let summary = report.map(Report::summary);
    let error = left.or_else(|| ended.why());
    let result = RunResult {
        plan_digest: report.map(|report| report.digest.clone()),
        verdict: report.and_then(|report| serde_json::to_value(report.verdict).ok()?.as_str().map(String::from)),
        exit_code: ended.exit.code(),
        summary: report.and_then(|report| serde_json::to_string(&RunSummary::of(report)).ok()),
        error: error.clone(),
        stopped: ended.stopped,
    };
    let at = (ask.clock)();
    let teller = Teller::new(settings, sync, &ask.id, &ask.requested_by, at);
    let digest = report.map(|report| report.digest.as_str());
    let teller = digest.map_or(teller, |digest| teller.about(digest));
    let last = teller.ends(ended.exit, summary.as_ref(), error.as_deref());
    store.finish(&ask.id, at, &result, &[last]).await?;
    let head = store.checkpoint(at).await?;
    if let Some(report) = &mut ended.report {
        report.trail = head.map(|head| TrailFacts {
            origin: head.origin,
            size: head.size,
            root: head.root.to_string(),
            checkpoint: head.checkpoint,
        });
        store.keep_document(&ask.id, DocumentKind::Report, |mut out| report_json(&mut out, report)).await?;
    }
    Ok(())
}
