use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Evidence, GuardName, LimitState, Limits, Readings, Switch, admins, budget, group_removals, hold, measure,
    privileged, source,
};
use crate::plan::{HoldCode, Plan};

/// What the guard says of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Pass,
    /// Some items are held, the rest may go on.
    Held,
    /// Nothing may be written.
    Refused,
}

/// A plan that may be carried out. Only [`review`] makes one.
#[derive(Debug)]
pub struct ApprovedPlan {
    plan: Arc<Plan>,
}

impl ApprovedPlan {
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The same plan, for a report.
    #[must_use]
    pub fn shared(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }
}

/// A plan, measured.
#[derive(Debug)]
pub struct Reviewed {
    pub verdict: Verdict,
    pub limits: Vec<LimitState>,
    plan: ApprovedPlan,
}

impl Reviewed {
    #[must_use]
    pub fn plan(&self) -> Arc<Plan> {
        self.plan.shared()
    }

    /// The plan to carry out; none where a limit stops it.
    #[must_use]
    pub fn approved(self) -> Option<ApprovedPlan> {
        (self.verdict != Verdict::Refused).then_some(self.plan)
    }
}

/// Measures `plan` against every limit: holds what must be held, and says whether the rest may go on.
#[must_use]
pub fn review(mut plan: Plan, limits: &Limits, evidence: &Evidence<'_>) -> Reviewed {
    let mut states = match evidence.sources {
        Readings::Measured(sources) => source::limits(sources),
        Readings::Told(states) => states.to_vec(),
    };
    states.push(config_change(&mut plan, limits, evidence));
    states.push(privileged::review(&mut plan, limits, evidence));
    states.push(group_removals::review(&mut plan, limits, evidence));
    // Whoever was to join a privileged group alone is left with none.
    plan.hold_groupless(evidence.can);
    states.extend(measure::limits(&plan, limits, evidence));
    let budgets = budget::limits(&plan, limits, evidence, &states);
    states.extend(budgets);
    states.push(admins::limit(&plan, limits, evidence));
    states.push(first_run(&plan, limits, evidence));
    for state in &mut states {
        state.lifted = evidence.lifted(state.name).map(String::from).filter(|_| state.name != GuardName::SourceEmpty);
    }
    states.sort_by_key(|state| state.name);
    plan.sort();
    let held = plan.held.iter().any(|held| held.code.by_guard());
    let verdict = match (states.iter().any(LimitState::stops), held) {
        (true, _) => Verdict::Refused,
        (false, true) => Verdict::Held,
        (false, false) => Verdict::Pass,
    };
    Reviewed { verdict, limits: states, plan: ApprovedPlan { plan: Arc::new(plan) } }
}

fn config_change(plan: &mut Plan, limits: &Limits, evidence: &Evidence<'_>) -> LimitState {
    if limits.config_change == Switch::Off {
        return LimitState::off(GuardName::ConfigChange, "off");
    }
    let changed = usize::from(evidence.config_changed);
    let rule = "after a change of source, map, scope, ownership or leavers a person applies";
    let state = LimitState::at_most(GuardName::ConfigChange, rule, 0, changed).unbounded();
    if !evidence.config_changed || !evidence.unattended || evidence.lifted(GuardName::ConfigChange).is_some() {
        return state;
    }
    let reason = "the configuration of this sync was changed since a person last applied it";
    let held = hold::changes(plan, HoldCode::ConfigChange, reason, |change| change.action().removes());
    if held == 0 {
        return state;
    }
    state.held(format!("{held} removals wait for a person, {reason}"), HoldCode::ConfigChange.advice().into())
}

fn first_run(plan: &Plan, limits: &Limits, evidence: &Evidence<'_>) -> LimitState {
    if limits.first_run == Switch::Off {
        return LimitState::off(GuardName::FirstRun, "off");
    }
    let first = usize::from(evidence.never_applied);
    let rule = "a sync's first apply is by hand";
    let state = LimitState::at_most(GuardName::FirstRun, rule, 0, first).unbounded();
    if !evidence.never_applied || !evidence.unattended || plan.is_empty() {
        return state;
    }
    let hint = "look at the plan, then run `apply` without `--unattended` once";
    state.tripped("this would be the first apply of this sync, and nobody watches".into(), hint.into())
}

impl LimitState {
    /// Without a number to hold against.
    #[must_use]
    pub(super) fn unbounded(mut self) -> Self {
        (self.limit, self.value, self.headroom) = (None, None, None);
        self
    }
}
