use super::facts;
use super::{Breach, RunFacts, Trouble};
use crate::guard::{GuardName, Limits, Verdict};
use crate::plan::Summary;
use crate::report::{Phase, Report};

/// Whether somebody saw the run end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// A schedule, a hook, `--unattended`.
    Nobody,
    ByHand,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// Done, or nothing to do: exit 0, and 2 of a dry run.
    Good,
    /// Items moved in the target while they were applied; the next run finds out. Neither well nor news.
    Unsettled,
    Trouble(Trouble),
}

/// The end of a run, with what may be told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    pub run: RunFacts,
    pub watch: Watch,
    pub ending: Ending,
    pub summary: Option<Summary>,
    pub verdict: Option<Verdict>,
}

impl Ended {
    /// A run that gave no report.
    #[must_use]
    pub fn in_trouble(run: RunFacts, watch: Watch, trouble: Trouble) -> Self {
        Self { run, watch, ending: Ending::Trouble(trouble), summary: None, verdict: None }
    }

    /// A run that gave a report; `limits` are those of its sync. `address` is where the report is served, if it is.
    #[must_use]
    pub fn of_report(report: &Report, limits: &Limits, watch: Watch, address: Option<String>) -> Self {
        let ended = match &report.phase {
            Phase::Planned => report.facts.created,
            Phase::Applied { finished, .. } => *finished,
        };
        let run = RunFacts {
            sync: report.facts.sync.clone(),
            environment: report.facts.environment.clone(),
            id: report.facts.id.clone(),
            ended,
            report: address,
        };
        Self {
            run,
            watch,
            ending: ending(report, limits),
            summary: Some(report.summary()),
            verdict: Some(report.verdict),
        }
    }
}

fn ending(report: &Report, limits: &Limits) -> Ending {
    let trouble = match report.verdict {
        Verdict::Refused => Some(refused(report, limits)),
        _ if report.is_stale() => return Ending::Unsettled,
        _ => facts::failed(report)
            .or_else(|| facts::partial(report))
            .or_else(|| facts::unproven(report))
            .or_else(|| held(report, limits)),
    };
    match trouble {
        Some(trouble) => Ending::Trouble(trouble),
        None if report.is_partial() => Ending::Unsettled,
        None => Ending::Good,
    }
}

fn refused(report: &Report, limits: &Limits) -> Trouble {
    let stops: Vec<_> = report.limits.iter().filter(|limit| limit.stops()).collect();
    if stops.iter().all(|limit| limit.name == GuardName::FirstRun) {
        return Trouble::FirstRun;
    }
    Trouble::Refused(stops.into_iter().map(|limit| Breach::of(limit, report, limits)).collect())
}

fn held(report: &Report, limits: &Limits) -> Option<Trouble> {
    let held = report.limits.iter().filter(|limit| limit.state == crate::guard::State::Held && limit.lifted.is_none());
    let held: Vec<_> = held.map(|limit| Breach::of(limit, report, limits)).collect();
    (!held.is_empty()).then_some(Trouble::Held(held))
}
