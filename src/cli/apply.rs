//! `apply`: the plan, the question, the deed.

use super::args::{ApplyArguments, Format};
use super::exit::Exit;
use super::session::{now, requested_by, run_id};
use super::sync::{begin, failed, finish, named, read_plan, show};
use super::{output, progress};
use crate::config::{Settings, SyncSettings};
use crate::guard::{GuardName, Override};
use crate::report::{Detail, Report, SavedPlan, outcome_text};
use crate::run::{Ask, Job, Planned, RunError, apply, plan, plan_from_file};
use crate::store::Store;

/// Applies the syncs that were named, or all, or a saved plan.
pub(super) async fn run(
    settings: &Settings,
    arguments: &ApplyArguments,
    detail: Detail,
) -> Result<Exit, anyhow::Error> {
    if !arguments.yes && !output::can_ask() {
        output::error("there is nobody to ask", Some("say --yes; look at `rollcall plan` first"));
        return Ok(Exit::Usage);
    }
    let Some(overrides) = overrides(arguments) else { return Ok(Exit::Usage) };
    let saved = match arguments.plan.as_deref().map(read_plan).transpose() {
        Ok(saved) => saved,
        Err(error) => return Ok(failed(&error, None)),
    };
    let names = saved.as_ref().map_or_else(|| arguments.syncs.clone(), |saved| vec![saved.sync.clone()]);
    let Some(syncs) = named(settings, &names) else { return Ok(Exit::Usage) };
    if !overrides.is_empty() && syncs.len() != 1 {
        output::error(
            "--override is for the plan of one sync",
            Some("name the sync: rollcall apply SYNC --override …"),
        );
        return Ok(Exit::Usage);
    }
    let store = match super::session::store(settings).await {
        Ok(store) => store,
        Err(error) => return Ok(failed(&error.into(), None)),
    };
    let mut saved = saved;
    let mut exit = Exit::Done;
    for sync in syncs {
        let work = Work { settings, sync, store: &store, arguments, detail };
        exit = exit.worse(match work.run(saved.take(), overrides.clone()).await? {
            Ok((report, exit)) => {
                work.show(&report)?;
                exit
            }
            Err(exit) => exit,
        });
    }
    store.close().await;
    Ok(exit)
}

/// One sync that is applied.
pub(super) struct Work<'a> {
    pub(super) settings: &'a Settings,
    pub(super) sync: &'a SyncSettings,
    pub(super) store: &'a Store,
    pub(super) arguments: &'a ApplyArguments,
    pub(super) detail: Detail,
}

impl Work<'_> {
    /// Applies it and writes the run down. The exit code alone where there is no report: why was said.
    pub(super) async fn run(
        &self,
        saved: Option<SavedPlan>,
        overrides: Vec<Override>,
    ) -> Result<Result<(Report, Exit), Exit>, anyhow::Error> {
        let progress = progress::progress();
        let mut ask = Ask {
            id: run_id(),
            requested_by: requested_by(),
            unattended: self.arguments.unattended,
            remove_deleted: self.arguments.remove_deleted,
            only: Vec::new(),
            overrides,
            clock: &now,
            progress: progress.as_ref(),
        };
        let done = self.carry_out(&mut ask, saved).await;
        let report = match done {
            Ok(report) => report,
            Err(error) => {
                if let RunError::Unremembered { report, .. } = &error {
                    show(report, self.arguments.format, self.detail)?;
                }
                let exit = failed(&error, Some(&self.sync.name));
                finish(self.store, &ask, None, exit, Some(&error)).await;
                return Ok(Err(exit));
            }
        };
        let Some(report) = report else {
            finish(self.store, &ask, None, Exit::Done, None).await;
            output::note("Nothing was written.");
            return Ok(Err(Exit::Done));
        };
        let exit = Exit::of_apply(&report);
        // Written down before it is told: stdout may be full.
        finish(self.store, &ask, Some(&report), exit, None).await;
        Ok(Ok((report, exit)))
    }

    fn show(&self, report: &Report) -> std::io::Result<()> {
        // What was to be asked about was shown then; where all that is left is held there was nothing to ask.
        let was_shown = !report.plan.is_empty() || report.plan.held.is_empty();
        if self.asks() && self.arguments.format == Format::Text && report.is_applied() && was_shown {
            output::data(&outcome_text(report, self.detail))
        } else {
            show(report, self.arguments.format, self.detail)
        }
    }

    fn asks(&self) -> bool {
        !self.arguments.yes
    }

    /// The report, or nothing where the person said no.
    async fn carry_out(&self, ask: &mut Ask<'_>, saved: Option<SavedPlan>) -> Result<Option<Report>, RunError> {
        // The lock first: what is planned here is what is written here.
        let place = self.settings.targets.get(&self.sync.target).map_or("", |target| target.place.as_str());
        let _lock = self.store.lock(&self.sync.target, place)?;
        begin(self.store, self.settings, self.sync, ask, "apply").await?;
        let job = Job::new(self.settings, self.sync)?;
        let planned = match saved {
            Some(saved) => plan_from_file(&job, ask, self.store, saved).await?,
            None => plan(&job, ask, self.store).await?,
        };
        let Planned { report, approved, after } = planned;
        let Some(approved) = approved else { return Ok(Some(report)) };
        if self.asks() && !report.plan.is_empty() && !self.agreed(&report) {
            return Ok(None);
        }
        apply(&job, ask, self.store, report, approved, after).await.map(Some)
    }

    fn agreed(&self, report: &Report) -> bool {
        if show(report, Format::Text, self.detail).is_err() {
            return false;
        }
        let changes = report.plan.changes.len();
        output::ask(&format!(
            "Apply {changes} change{} to `{}`?",
            if changes == 1 { "" } else { "s" },
            self.sync.target
        ))
    }
}

/// Each limit to lift with its reason. Nothing where they do not fit together: it was said.
fn overrides(arguments: &ApplyArguments) -> Option<Vec<Override>> {
    let (guards, reasons) = (&arguments.overrides, &arguments.reason);
    if reasons.len() != guards.len() && reasons.len() != 1 && !guards.is_empty() {
        output::error("give --reason once for all, or once for each --override", None);
        return None;
    }
    let mut found = Vec::new();
    for (at, guard) in guards.iter().enumerate() {
        let reason = reasons.get(at).or_else(|| reasons.first()).map(|reason| reason.trim()).unwrap_or_default();
        match GuardName::parse_override(guard) {
            Ok(_) if reason.is_empty() => {
                output::error("--reason is empty", Some("say why: it is written down with the run"));
                return None;
            }
            Ok(guard) => found.push(Override { guard, reason: reason.to_owned() }),
            Err(why) => {
                output::error(&why, None);
                return None;
            }
        }
    }
    Some(found)
}
