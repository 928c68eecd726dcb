//! How many of a kind a plan touches, against shares of what there is.

use super::{Evidence, GuardName, Limit, LimitState, Limits};
use crate::plan::{Action, Change, FieldChange, Plan};
use crate::principal::Kind;

/// The most that may be touched of `of`, at `percent`; below `small`, max(1, a fifth).
pub(super) fn share(percent: f64, of: usize, small: usize) -> usize {
    if of < small {
        return (of / 5).max(1);
    }
    part(percent, of)
}

/// `percent` of `of`, rounded down: a value above it is more than that share.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of principals are far below 2^52"
)]
pub(super) fn part(percent: f64, of: usize) -> usize {
    (of as f64 * percent.max(0.0) / 100.0 + 1e-9).floor() as usize
}

impl GuardName {
    /// Whether a change counts in this limit. What is measured of a source or of the whole is no matter of one change.
    #[must_use]
    pub fn counts(self, change: &Change) -> bool {
        match self {
            Self::Removals | Self::Budget => change.action().removes(),
            Self::GroupRemovals => !change.action().removes() && !change.leaves().is_empty(),
            Self::Creations => change.action() == Action::Create,
            Self::Updates => matches!(change.action(), Action::Update | Action::Rename | Action::Enable),
            Self::Clears => change.detail().fields.iter().any(FieldChange::clears),
            Self::Privileged => change.privileged,
            Self::SourceEmpty
            | Self::ExpectMin
            | Self::ExpectShrink
            | Self::ExpectSentinels
            | Self::ExpectMaxAge
            | Self::Admins
            | Self::FirstRun
            | Self::ConfigChange => false,
        }
    }
}

pub(super) fn count(plan: &Plan, kind: Kind, limit: GuardName) -> usize {
    plan.changes.iter().filter(|change| change.kind() == kind && limit.counts(change)).count()
}

pub(super) fn limits(plan: &Plan, limits: &Limits, evidence: &Evidence<'_>) -> Vec<LimitState> {
    let mut states = Vec::new();
    for kind in [Kind::User, Kind::Group] {
        states.push(removals(plan, limits, kind));
        states.push(creations(plan, limits, kind, evidence.never_completed));
        states.push(updates(plan, limits, kind));
        states.push(clears(plan, limits, kind));
    }
    states
}

fn removals(plan: &Plan, limits: &Limits, kind: Kind) -> LimitState {
    let Limit::On(limit) = &limits.removals else {
        return LimitState::off(GuardName::Removals, "off").of(kind.plural());
    };
    let removed = count(plan, kind, GuardName::Removals);
    let base = plan.bases.of(kind).removable;
    let most = share(limit.percent, base, limit.applies_from).min(limit.count);
    let rule = if base == 0 {
        "there is nobody that this sync could remove".to_owned()
    } else if base < limit.applies_from {
        format!("at most {most} of {base}, never the last one")
    } else {
        format!("at most {} % of {base}, and {} at once", limit.percent, limit.count)
    };
    let state = LimitState::at_most(GuardName::Removals, rule, most, removed).of(kind.plural());
    let last_one = removed > 0 && removed >= base;
    if removed <= most && !last_one {
        return state;
    }
    let message = if last_one {
        format!("it would remove the last of the {base} {} that this sync manages", kind.plural())
    } else {
        format!("it would remove {removed} of {base} {}, more than {most}", kind.plural())
    };
    state.tripped(message, hint("removals"))
}

fn creations(plan: &Plan, limits: &Limits, kind: Kind, never_completed: bool) -> LimitState {
    let Limit::On(limit) = &limits.creations else {
        return LimitState::off(GuardName::Creations, "off").of(kind.plural());
    };
    let created = count(plan, kind, GuardName::Creations);
    let target = plan.bases.of(kind).target;
    if never_completed || target < limit.applies_from {
        let why = if never_completed {
            "does not count until a first apply is done"
        } else {
            "does not count for so small a target"
        };
        return uncounted(GuardName::Creations, why, created).of(kind.plural());
    }
    let most = part(limit.percent, target).min(limit.count);
    let rule = format!("at most {} % of {target}, and {} at once", limit.percent, limit.count);
    let state = LimitState::at_most(GuardName::Creations, rule, most, created).of(kind.plural());
    if created <= most {
        return state;
    }
    let message =
        format!("it would create {created} {} where the target has {target}, more than {most}", kind.plural());
    state.tripped(message, hint("creations"))
}

fn updates(plan: &Plan, limits: &Limits, kind: Kind) -> LimitState {
    let Limit::On(limit) = &limits.updates else { return LimitState::off(GuardName::Updates, "off").of(kind.plural()) };
    let name = GuardName::Updates;
    let changed = count(plan, kind, name);
    of_target(plan, kind, name, "change", changed, limit.percent, limit.applies_from)
}

fn clears(plan: &Plan, limits: &Limits, kind: Kind) -> LimitState {
    let Limit::On(limit) = &limits.clears else { return LimitState::off(GuardName::Clears, "off").of(kind.plural()) };
    let name = GuardName::Clears;
    let cleared = count(plan, kind, name);
    of_target(plan, kind, name, "blank a value of", cleared, limit.percent, limit.applies_from)
}

fn of_target(
    plan: &Plan,
    kind: Kind,
    name: GuardName,
    verb: &str,
    value: usize,
    percent: f64,
    applies_from: usize,
) -> LimitState {
    let target = plan.bases.of(kind).target;
    if target < applies_from {
        return uncounted(name, "does not count for so small a target", value).of(kind.plural());
    }
    let most = part(percent, target);
    let state = LimitState::at_most(name, format!("at most {percent} % of {target}"), most, value).of(kind.plural());
    if value <= most {
        return state;
    }
    let message = format!("it would {verb} {value} of {target} {}, more than {most}", kind.plural());
    state.tripped(message, hint(name.text()))
}

/// On, but without a bound for this plan.
fn uncounted(name: GuardName, why: &str, value: usize) -> LimitState {
    let mut state = LimitState::at_most(name, why, usize::MAX, value);
    (state.limit, state.headroom) = (None, None);
    state
}

fn hint(guard: &str) -> String {
    format!("check the source and the plan; if it is right: apply --override {guard} --reason TEXT")
}
