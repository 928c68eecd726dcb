//! `apply`: the plan, the question, the deed.

use std::sync::atomic::{AtomicBool, Ordering};

use tracing::Instrument;

use super::args::{ApplyArguments, Format};
use super::session::{now, requested_by, run_id};
use super::sync::{failed, named, read_plan, show, told};
use super::{output, progress, signals};
use crate::config::{Settings, SyncSettings};
use crate::connector::Stop;
use crate::daemon::run_span;
use crate::guard::{GuardName, Override};
use crate::report::{Detail, Report, SavedPlan, outcome_text};
use crate::run::{Ask, Begins, Deed, Exit, Order, conduct};
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
    let Some(overrides) = overrides(&arguments.overrides, &arguments.reason) else { return Ok(Exit::Usage) };
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
    let done = all(settings, syncs, &store, arguments, detail, saved, &overrides).await;
    // Whatever happened: what was taken of a target is given back here.
    store.close().await;
    done
}

/// Applies each of `syncs`.
async fn all(
    settings: &Settings,
    syncs: Vec<&SyncSettings>,
    store: &Store,
    arguments: &ApplyArguments,
    detail: Detail,
    mut saved: Option<SavedPlan>,
    overrides: &[Override],
) -> Result<Exit, anyhow::Error> {
    let mut exit = Exit::Done;
    let stop = Stop::default();
    for sync in syncs {
        if stop.is_asked() {
            output::warning(&format!("sync `{}` was not begun: told to stop", sync.name), None);
            exit = exit.worse(Exit::Partial);
            continue;
        }
        let work = Work { settings, sync, store, arguments, detail, stop: &stop, hears: true };
        exit = exit.worse(
            match work
                .run(saved.take().map_or(Begins::Sources, |saved| Begins::Saved(Box::new(saved))), overrides.to_vec())
                .await?
            {
                Ok((report, exit)) => {
                    work.show(&report)?;
                    exit
                }
                Err(exit) => exit,
            },
        );
    }
    Ok(exit)
}

/// One sync that is applied.
pub(super) struct Work<'a> {
    pub(super) settings: &'a Settings,
    pub(super) sync: &'a SyncSettings,
    pub(super) store: &'a Store,
    pub(super) arguments: &'a ApplyArguments,
    pub(super) detail: Detail,
    pub(super) stop: &'a Stop,
    /// Signals ask `stop`; else somebody else hears them.
    pub(super) hears: bool,
}

impl Work<'_> {
    /// Applies it. The exit code alone where there is no report: why was said.
    pub(super) async fn run(
        &self,
        begins: Begins,
        overrides: Vec<Override>,
    ) -> Result<Result<(Report, Exit), Exit>, anyhow::Error> {
        let progress = progress::progress();
        let ask = Ask {
            id: run_id(),
            requested_by: requested_by(),
            unattended: self.arguments.unattended,
            remove_deleted: self.arguments.remove_deleted.then_some(true),
            only: Vec::new(),
            overrides,
            given: None,
            clock: &now,
            progress: progress.as_ref(),
            stop: self.stop.clone(),
            lock: None,
        };
        let (unasked, is_undo) = (AtomicBool::new(false), matches!(begins, Begins::Past(_)));
        let consent = |report: &Report| {
            let agreed = match (self.asks() && !report.plan.is_empty(), output::can_ask()) {
                (true, true) => self.agreed(report),
                (true, false) => {
                    // What cannot be shown is not asked for either.
                    let _ = show(report, self.arguments.format, self.detail);
                    unasked.store(true, Ordering::Relaxed);
                    false
                }
                (false, _) => true,
            };
            if agreed && is_undo && !self.asks() {
                warn(report);
            }
            if agreed && self.hears {
                signals::watch(self.stop);
            }
            agreed
        };
        let deed = Deed::Apply { begins, consent: &consent };
        let order = Order { settings: self.settings, sync: self.sync, store: self.store, deed };
        let span = run_span(&ask.id, &self.sync.name);
        let ended = conduct(order, ask).instrument(span).await;
        if let (Some(report), Some(_)) = (&ended.report, &ended.error) {
            show(report, self.arguments.format, self.detail)?;
        }
        if unasked.into_inner() {
            output::error("there is nobody to ask", Some("say --yes"));
            return Ok(Err(Exit::Usage));
        }
        if ended.declined {
            output::note("Nothing was written.");
        }
        Ok(told(ended, &self.sync.name))
    }

    pub(super) fn show(&self, report: &Report) -> std::io::Result<()> {
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

/// What is not brought back, before anything is done: nobody is shown the plan.
fn warn(report: &Report) {
    for note in &report.plan.notes {
        output::warning(note, None);
    }
    for item in &report.plan.held {
        let group = item.wanted.group().map(|group| format!(" `{group}`")).unwrap_or_default();
        let what = format!("{} `{}`: {}{group} is held: {}", item.kind, item.name, item.wanted.word(), item.reason);
        output::warning(&what, Some(item.code.advice()));
    }
}

/// Each limit to lift with its reason. Nothing where they do not fit together: it was said.
pub(super) fn overrides(guards: &[String], reasons: &[String]) -> Option<Vec<Override>> {
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
