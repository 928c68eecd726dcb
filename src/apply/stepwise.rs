//! Carrying out a plan on a product that takes one thing after the other: phase by phase, some lanes at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream;
use rustc_hash::FxHashMap;

use super::budget::Budget;
use super::settle::{Landed, landed};
use crate::connector::{
    ConnectorError, FailureClass, Outcome, Performed, Roster, SendError, Site, Target, Work, read_whole,
};
use crate::plan::{Change, Current, Phase, Step, phases};
use crate::principal::Kind;

/// A remark on a change that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The place of the change.
    pub at: usize,
    pub text: String,
}

/// What became of the changes of a work: one outcome each, and remarks.
pub(super) struct Done {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) remarks: Vec<Remark>,
}

/// Carries out `work` on `target` in steps.
pub(super) async fn carry_out(target: &dyn Target, work: &Work<'_>) -> Done {
    let can = target.capabilities();
    let roster = Roster::default();
    let phases = phases(work.changes, can);
    let run = Run {
        target,
        site: Site { work, can, roster: &roster },
        made: made_groups(work.changes),
        fates: work.changes.iter().map(|_| Mutex::new(None)).collect(),
        remarks: Mutex::default(),
        budget: Budget::default(),
        done: AtomicU64::new(0),
        unnamed: AtomicBool::new(false),
        begun: work.changes.iter().map(|_| AtomicBool::new(false)).collect(),
        turn: tokio::sync::Mutex::new(()),
        left: steps_of_each(&phases, work.changes.len()),
    };
    for phase in phases {
        // Each phase stands on what the one before has made.
        run.phase(phase).await;
    }
    let outcomes = run.fates.into_iter().map(|fate| unlocked(fate).unwrap_or(Outcome::Done)).collect();
    let mut remarks = unlocked(run.remarks);
    remarks.sort_by_key(|remark| remark.at);
    Done { outcomes, remarks }
}

/// The groups that are made in the course of this work, by name, with the place of their change.
fn made_groups<'a>(changes: &[&'a Change]) -> FxHashMap<&'a str, usize> {
    let made =
        changes.iter().enumerate().filter(|(_, change)| change.kind() == Kind::Group && change.before().is_none());
    made.map(|(at, change)| (change.name(), at)).collect()
}

/// In how many steps each change takes part.
fn steps_of_each(phases: &[Phase<'_>], changes: usize) -> Vec<AtomicUsize> {
    let mut left = vec![0; changes];
    for step in phases.iter().flat_map(|phase| &phase.lanes).flatten() {
        for at in step.changes() {
            left[*at] += 1;
        }
    }
    left.into_iter().map(AtomicUsize::new).collect()
}

struct Run<'a> {
    target: &'a dyn Target,
    site: Site<'a>,
    made: FxHashMap<&'a str, usize>,
    /// What a change came to, once that is no longer simply done.
    fates: Vec<Mutex<Option<Outcome>>>,
    remarks: Mutex<Vec<Remark>>,
    budget: Budget,
    done: AtomicU64,
    /// Somebody was made whose id the answer did not tell, and others may be put there by it.
    unnamed: AtomicBool,
    /// Changes that the journal knows to be tried.
    begun: Vec<AtomicBool>,
    turn: tokio::sync::Mutex<()>,
    /// The steps of each change that are not done yet.
    left: Vec<AtomicUsize>,
}

/// How a lane ended.
#[derive(Default)]
struct End<'a> {
    /// It is unknown whether these were done.
    lost: Vec<(Step<'a>, ConnectorError)>,
    /// What waits for that.
    rest: Vec<Step<'a>>,
}

impl<'a> Run<'a> {
    async fn phase(&self, phase: Phase<'a>) {
        let progress = self.site.work.progress;
        progress.step(&format!("applying {}", phase.name), u64::try_from(phase.steps()).ok());
        self.done.store(0, Ordering::Relaxed);
        self.budget.begin();
        let mut lanes = phase.lanes;
        while !lanes.is_empty() {
            let concurrency = self.site.can.concurrency.max(1);
            let ends: Vec<End<'a>> =
                stream::iter(lanes).map(|lane| self.lane(lane)).buffer_unordered(concurrency).collect().await;
            lanes = self.settle(ends).await;
        }
        progress.done();
    }

    async fn lane(&self, lane: Vec<Step<'a>>) -> End<'a> {
        let mut steps = lane.into_iter();
        let mut end = End::default();
        while let Some(step) = steps.next() {
            let Some(step) = self.due(step) else { continue };
            let Some(step) = self.begin(step).await else { continue };
            match self.target.perform(&step, &self.site).await {
                Ok(performed) => self.note(&step, performed),
                Err(SendError::Failed(error)) => {
                    self.budget.failed(&error, false);
                    self.fail(&step, &error);
                }
                Err(SendError::Unknown(error)) if is_doubt(&step, &error) => end.lost.push((step, error)),
                Err(SendError::Unknown(error)) => {
                    self.budget.failed(&error, false);
                    end.lost.push((step, error));
                    end.rest = steps.collect();
                    return end;
                }
            }
            self.site.work.progress.at(self.done.fetch_add(1, Ordering::Relaxed) + 1);
        }
        end
    }

    /// Writes down whoever is tried for the first time, before they are. The step without those who may not begin.
    async fn begin(&self, step: Step<'a>) -> Option<Step<'a>> {
        // Of two lanes that share a change one writes it down, and the other waits until it is.
        let shared = matches!(step, Step::Join { .. } | Step::Leave { .. });
        let _turn = if shared { Some(self.turn.lock().await) } else { None };
        let is_new = |at: &&usize| !self.begun[**at].load(Ordering::Relaxed);
        let new: Vec<usize> = step.changes().iter().filter(is_new).copied().collect();
        if new.is_empty() {
            let Err(why) = self.site.work.journal.goes_on() else { return Some(step) };
            self.end(step.changes(), || Outcome::NotTried(why.clone()));
            return None;
        }
        let Err(why) = self.site.work.journal.intend(&new).await else {
            for at in &new {
                self.begun[*at].store(true, Ordering::Relaxed);
            }
            return Some(step);
        };
        self.end(&new, || Outcome::NotTried(why.clone()));
        // Whoever has begun is brought to an end.
        let begun = |members: Vec<usize>| members.into_iter().filter(|at| !new.contains(at)).collect::<Vec<_>>();
        let step = match step {
            Step::Join { group, members } => Step::Join { group, members: begun(members) },
            Step::Leave { group, members } => Step::Leave { group, members: begun(members) },
            _ => return None,
        };
        (!step.changes().is_empty()).then_some(step)
    }

    /// A step was done; whoever has no other left is done.
    fn pass<'b>(&self, changes: impl IntoIterator<Item = &'b usize>) {
        for at in changes {
            if self.left[*at].fetch_sub(1, Ordering::Relaxed) == 1 && !self.has_ended(*at) {
                self.site.work.journal.ended(*at, Outcome::Done);
            }
        }
    }

    /// The step without those who can no longer take part; nothing where nobody is left.
    fn due(&self, step: Step<'a>) -> Option<Step<'a>> {
        if let Some(why) = self.budget.over() {
            self.end(step.changes(), || Outcome::NotTried(why.clone()));
            return None;
        }
        let lacking = self.lacks_a_group(&step);
        match step {
            Step::Join { group, members } => {
                if let Some(why) = lacking {
                    self.end(&members, || Outcome::NotTried(why.clone()));
                    return None;
                }
                let members: Vec<usize> = members.into_iter().filter(|at| !self.has_ended(*at)).collect();
                (!members.is_empty()).then_some(Step::Join { group, members })
            }
            // Rights are taken away whatever else of the change has failed: what fails alike in every run must not keep
            // them for good.
            Step::Leave { .. } => Some(step),
            Step::Change { change, .. } if change.action().removes() => Some(step),
            step => {
                if let Some(why) = lacking {
                    self.end(step.changes(), || Outcome::NotTried(why.clone()));
                    return None;
                }
                step.changes().iter().all(|at| !self.has_ended(*at)).then_some(step)
            }
        }
    }

    /// A group that this work was to make, that the step needs, and that was not made.
    fn lacks_a_group(&self, step: &Step<'_>) -> Option<String> {
        let fails = |name: &str| self.made.get(name).is_some_and(|at| self.has_ended(*at));
        let on_member = self.site.can.batch == crate::plan::Batch::Steps(crate::plan::Membership::OnMember);
        let joined = match step {
            Step::Join { group, .. } => std::slice::from_ref(group),
            Step::Create { change, .. } | Step::Change { change, .. } if on_member => change.joins(),
            _ => &[],
        };
        let name = joined.iter().map(|group| self.site.group_name(*group)).find(|name| fails(name))?;
        Some(format!("the group `{name}` was not made"))
    }

    fn note(&self, step: &Step<'_>, performed: Performed) {
        let Performed { id, refused, remark } = performed;
        match refused.first() {
            Some((_, error)) => self.budget.failed(error, refused.len() < step.changes().len()),
            None => self.budget.done(),
        }
        if let Step::Create { change, .. } = step {
            match id {
                Some(id) => self.site.roster.note(change.kind(), change.name(), id, self.site.can.rules),
                None => self.unnamed.store(true, Ordering::Relaxed),
            }
        }
        for (at, error) in refused {
            self.end(&[at], || Outcome::Failed(error.clone()));
        }
        self.pass(step.changes());
        if let Some(text) = remark {
            let all = step.changes().iter().map(|at| Remark { at: *at, text: text.clone() });
            locked(&self.remarks).extend(all);
        }
    }

    fn fail(&self, step: &Step<'_>, error: &ConnectorError) {
        tracing::warn!(class = ?error.class, "A step of an apply failed");
        self.end(step.changes(), || Outcome::Failed(error.clone()));
    }

    /// The first end of a change counts.
    fn end(&self, changes: &[usize], outcome: impl Fn() -> Outcome) {
        for at in changes {
            let mut fate = locked(&self.fates[*at]);
            if fate.is_none() {
                let outcome = fate.insert(outcome());
                self.site.work.journal.ended(*at, outcome.clone());
            }
        }
    }

    fn has_ended(&self, at: usize) -> bool {
        locked(&self.fates[at]).is_some()
    }

    /// Reads the target once for all whose answers were lost, and for those made without an id. Nothing is sent again.
    /// Returns what is left of the lanes that can go on.
    async fn settle(&self, ends: Vec<End<'a>>) -> Vec<Vec<Step<'a>>> {
        let lost = ends.iter().any(|end| !end.lost.is_empty());
        let unnamed = self.unnamed.swap(false, Ordering::Relaxed);
        if !lost && !unnamed {
            return Vec::new();
        }
        if lost {
            tracing::warn!("Answers were lost: the target is read to find out what was done");
        }
        let now = read_whole(self.target, self.site.work.progress.beside().as_ref()).await;
        if let Ok(now) = &now {
            for record in now.set.records() {
                if let Some(id) = &record.principal.id {
                    self.site.roster.note(record.kind(), &record.principal.name, id.clone(), self.site.can.rules);
                }
            }
        }
        let mut open = Vec::new();
        for End { lost, rest } in ends {
            for (step, error) in lost {
                self.judge(&step, &error, now.as_ref().ok());
            }
            if now.is_ok() {
                open.push(rest);
                continue;
            }
            let why = "the target could not be read to find out what was done before";
            for step in rest {
                self.end(step.changes(), || Outcome::NotTried(why.into()));
            }
        }
        open.retain(|rest| !rest.is_empty());
        open
    }

    /// What a reading tells of a step whose answer was lost.
    fn judge(&self, step: &Step<'_>, error: &ConnectorError, now: Option<&Current>) {
        let found = now.map(|now| landed(step, &self.site, now));
        if is_doubt(step, error) {
            // What it came to is known only now.
            match found {
                Some(Landed::All) => self.budget.done(),
                _ => self.budget.failed(error, false),
            }
        }
        let failed = |hint: &str| Outcome::Failed(error.clone().with_hint(hint));
        match found {
            Some(Landed::All) => self.pass(step.changes()),
            Some(Landed::Lacks(lacking)) => {
                self.pass(step.changes().iter().filter(|at| !lacking.contains(at)));
                self.end(&lacking, || {
                    failed("the target was read and does not show it; nothing was sent again, the next run finishes")
                });
            }
            None => self.end(step.changes(), || {
                failed("the target could not be read to find out; the next run reads again and finishes")
            }),
        }
    }
}

/// The product has answered that it may be so already. Only a reading tells, one for all of them: nothing that follows in
/// the group hangs on it.
fn is_doubt(step: &Step<'_>, error: &ConnectorError) -> bool {
    error.class == FailureClass::Conflict && matches!(step, Step::Join { .. } | Step::Leave { .. })
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // What is behind these locks is never left half-changed.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn unlocked<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
