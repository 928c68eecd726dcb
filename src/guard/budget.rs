//! Removals summed over a window of time: many small plans remove as much as one large one.

use super::measure::{count, share};
use super::{Evidence, GuardName, Limit, LimitState, Limits, Removals, State, Window};
use crate::plan::{Plan, span};
use crate::principal::Kind;

/// `measured` are the other limits: what `removals` stops by itself is stopped once, and where a person lifts that, it does
/// not use the budget up.
pub(super) fn limits(
    plan: &Plan,
    limits: &Limits,
    evidence: &Evidence<'_>,
    measured: &[LimitState],
) -> [LimitState; 2] {
    [Kind::User, Kind::Group].map(|kind| {
        let is_stopped = |state: &LimitState| {
            state.name == GuardName::Removals
                && state.of.as_deref() == Some(kind.plural())
                && state.state == State::Tripped
        };
        let planned = if measured.iter().any(is_stopped) { 0 } else { count(plan, kind, GuardName::Budget) };
        one(plan, limits, evidence, kind, planned)
    })
}

fn one(plan: &Plan, limits: &Limits, evidence: &Evidence<'_>, kind: Kind, planned: usize) -> LimitState {
    let Limit::On(limit) = &limits.budget else {
        return LimitState::off(GuardName::Budget, "off").of(kind.plural());
    };
    let Window(window) = limit.window;
    let spent = evidence.spent.of(kind);
    let base = spent.base.unwrap_or(plan.bases.of(kind).removable);
    // What counts as a small set is said once.
    let small = limits.removals.on().map_or(Removals::default().applies_from, |limit| limit.applies_from);
    let most = share(limit.percent, base, small);
    let within = span(window);
    let rule = if base == 0 {
        "there is nobody that this sync could remove".to_owned()
    } else if base < small {
        format!("at most {most} of {base} within {within}, never the last one")
    } else {
        format!("at most {} % of {base} within {within}", limit.percent)
    };
    let removed = spent.removed + planned;
    let state = LimitState::at_most(GuardName::Budget, rule, most, removed).of(kind.plural());
    // Whatever was removed before: who removes nobody goes on.
    if planned == 0 || (removed <= most && removed < base) {
        return state;
    }
    let message = format!(
        "with the {} removed before it would remove {removed} of {base} {} within {within}, more than {most}",
        spent.removed,
        kind.plural()
    );
    let hint = "check the source and the plans of the last runs; wait, or if it is right: \
                apply --override budget --reason TEXT";
    state.tripped(message, hint.into())
}
