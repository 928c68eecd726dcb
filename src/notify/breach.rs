use std::time::Duration;

use crate::guard::{GuardName, LimitState, Limits};
use crate::principal::Kind;
use crate::report::{Report, count, number};

/// A limit that was exceeded, without names of people or groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    pub name: GuardName,
    /// What was measured: `users`, `source corp`.
    pub of: Option<String>,
    pub limit: Option<u64>,
    pub value: Option<u64>,
    /// What the value is a part of.
    pub base: Option<u64>,
    /// The limit as the configuration writes it, where the share decides.
    pub percent: Option<f64>,
}

impl Breach {
    /// That of a limit in a report; `limits` are those of its sync.
    #[must_use]
    pub fn of(state: &LimitState, report: &Report, limits: &Limits) -> Self {
        let LimitState { name, of, limit, value, .. } = state;
        let kind = Kind::ALL.into_iter().find(|kind| of.as_deref() == Some(kind.plural()));
        let base = kind.map(|kind| report.plan.bases.of(kind));
        let (base, percent) = match (name, base) {
            (GuardName::Removals, Some(base)) => {
                let rule = limits.removals.on().filter(|rule| base.removable >= rule.applies_from);
                (Some(base.removable), rule.and_then(|rule| share(*limit, rule.count, rule.percent)))
            }
            (GuardName::Creations, Some(base)) => {
                (Some(base.target), limits.creations.on().and_then(|rule| share(*limit, rule.count, rule.percent)))
            }
            (GuardName::Updates, Some(base)) => (Some(base.target), limits.updates.on().map(|rule| rule.percent)),
            (GuardName::Clears, Some(base)) => (Some(base.target), limits.clears.on().map(|rule| rule.percent)),
            (GuardName::GroupRemovals, _) => (None, limits.group_removals.on().map(|rule| rule.percent)),
            _ => (None, None),
        };
        // Which group it is, a report tells.
        let of = of.clone().filter(|_| *name != GuardName::GroupRemovals);
        let base = base.and_then(|base| u64::try_from(base).ok());
        Self { name: *name, of, limit: *limit, value: *value, base, percent }
    }

    /// What the plan would do, or what is wrong: `52 of 100 users would be removed`.
    #[must_use]
    pub fn what(&self) -> String {
        let value = self.value.unwrap_or(0);
        let of = self.of.as_deref().unwrap_or("principals");
        let part = match self.base {
            Some(base) => format!("{} of {} {of}", number(value), number(base)),
            None => format!("{} {of}", number(value)),
        };
        match self.name {
            GuardName::SourceEmpty => "a source gave nobody at all".into(),
            GuardName::ExpectMin => format!("only {} {of} were read", number(value)),
            GuardName::ExpectShrink => format!("{} fewer {of} were read than last time", number(value)),
            GuardName::ExpectSentinels => format!("{of} lacks {}", counted(value, "sentinel", "sentinels")),
            GuardName::ExpectMaxAge => age(of, value),
            GuardName::Removals if self.is_everybody() => format!("all {} {of} would be removed", number(value)),
            GuardName::Removals => format!("{part} would be removed"),
            GuardName::Budget => format!("{} {of} would be removed within the window", number(value)),
            GuardName::GroupRemovals => format!("one group would lose {}", counted(value, "member", "members")),
            GuardName::Creations => match self.base {
                Some(base) => format!("{} {of} would be created beside {}", number(value), number(base)),
                None => format!("{part} would be created"),
            },
            GuardName::Updates => format!("{part} would be changed"),
            GuardName::Clears => format!("{part} would lose a value"),
            GuardName::Admins => format!("{} would be left", counted(value, "administrator", "administrators")),
            GuardName::Privileged => format!("{} would get privileges", counted(value, "principal", "principals")),
            GuardName::FirstRun => "it would be the first apply of this sync".into(),
            GuardName::ConfigChange => "the rules were changed since a person last applied".into(),
        }
    }

    /// The limit beside it: `limit 20 %`. None where there is no number to it.
    #[must_use]
    pub fn bound(&self) -> Option<String> {
        let limit = self.limit?;
        Some(match (self.name, self.percent) {
            (GuardName::SourceEmpty | GuardName::ExpectSentinels | GuardName::Privileged, _) => return None,
            (GuardName::ExpectMin | GuardName::Admins, _) => format!("at least {}", number(limit)),
            (GuardName::ExpectMaxAge, _) => format!("at most {}", length(limit)),
            (GuardName::Removals, _) if self.is_everybody() => "never the last one".into(),
            (_, Some(percent)) => format!("limit {percent} %"),
            (_, None) => format!("limit {}", number(limit)),
        })
    }

    fn is_everybody(&self) -> bool {
        self.base.is_some() && self.value >= self.base
    }

    /// Both in one: `52 of 100 users would be removed (limit 20 %)`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.bound() {
            Some(bound) => format!("{} ({bound})", self.what()),
            None => self.what(),
        }
    }
}

/// The percentage, where it and not the number beside it decides.
fn share(limit: Option<u64>, most: usize, percent: f64) -> Option<f64> {
    (limit? < u64::try_from(most).ok()?).then_some(percent)
}

fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(usize::try_from(value).unwrap_or(usize::MAX)), if value == 1 { one } else { many })
}

/// A source that cannot tell gives the greatest number there is.
fn age(of: &str, seconds: u64) -> String {
    if usize::try_from(seconds).is_ok_and(|seconds| seconds == usize::MAX) {
        return format!("{of} does not say how old its data is");
    }
    format!("the data of {of} is {} old", length(seconds))
}

fn length(seconds: u64) -> String {
    humantime::format_duration(Duration::from_secs(seconds)).to_string()
}
