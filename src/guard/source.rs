//! What is expected of each source.

use super::measure::share;
use super::{GuardName, LimitState, Shrink, SourceEvidence};
use crate::principal::Kind;

pub(super) fn limits(sources: &[SourceEvidence]) -> Vec<LimitState> {
    let mut states = vec![empty(sources)];
    for source in sources {
        for kind in [Kind::User, Kind::Group] {
            states.push(min(source, kind));
            states.push(shrink(source, kind));
        }
        states.push(sentinels(source));
        states.push(max_age(source));
    }
    states
}

fn count(source: &SourceEvidence, kind: Kind) -> usize {
    match kind {
        Kind::User => source.users,
        Kind::Group => source.groups,
    }
}

/// Of several sources one may be empty, if nobody is expected of it.
fn empty(sources: &[SourceEvidence]) -> LimitState {
    let records = |source: &SourceEvidence| source.users + source.groups;
    let all: usize = sources.iter().map(records).sum();
    let expects = |source: &SourceEvidence| source.expect.min(Kind::User) + source.expect.min(Kind::Group) > 0;
    let least = sources.iter().filter(|source| all == 0 || expects(source)).min_by_key(|source| records(source));
    let found = least.map_or(all, records);
    let state = LimitState::at_least(GuardName::SourceEmpty, "the sources give at least one principal", 1, found);
    if found > 0 {
        return state;
    }
    let name = least.filter(|_| sources.len() > 1).map(|source| format!(" `{}`", source.name)).unwrap_or_default();
    let hint = "check the source: an empty one would remove everybody, so there is no override for it";
    state.tripped(format!("the source{name} is empty"), hint.into())
}

fn min(source: &SourceEvidence, kind: Kind) -> LimitState {
    let (least, found) = (source.expect.min(kind), count(source, kind));
    let rule = format!("at least {least}");
    let state = LimitState::at_least(GuardName::ExpectMin, rule, least, found).of(label(source, Some(kind)));
    if found >= least {
        return state;
    }
    let message = format!("source `{}` gave {found} {}, fewer than the {least} expected", source.name, kind.plural());
    let hint =
        format!("check the source, or lower `expect.{}.min`; once: --override expect.min --reason TEXT", kind.plural());
    state.tripped(message, hint)
}

fn shrink(source: &SourceEvidence, kind: Kind) -> LimitState {
    let Shrink(Some(percent)) = source.expect.shrink else {
        return LimitState::off(GuardName::ExpectShrink, "any size").of(label(source, Some(kind)));
    };
    let Some((users, groups)) = source.last else {
        let mut state = LimitState::at_most(GuardName::ExpectShrink, "no earlier reading to compare with", 0, 0);
        (state.limit, state.value, state.headroom) = (None, None, None);
        return state.of(label(source, Some(kind)));
    };
    let last = if kind == Kind::User { users } else { groups };
    let found = count(source, kind);
    let lost = last.saturating_sub(found);
    let limit = share(percent, last, 10);
    let rule = format!("at most {percent} % fewer than the {last} of the last accepted reading");
    let state = LimitState::at_most(GuardName::ExpectShrink, rule, limit, lost).of(label(source, Some(kind)));
    if lost <= limit && (found > 0 || last == 0) {
        return state;
    }
    let message = format!("source `{}` gave {found} {}, {lost} fewer than last time", source.name, kind.plural());
    state.tripped(message, "check the source; once: --override expect.shrink --reason TEXT".into())
}

fn sentinels(source: &SourceEvidence) -> LimitState {
    let wanted = source.expect.sentinels.len();
    let missing = &source.missing_sentinels;
    let rule = if wanted == 0 { "none is named".to_owned() } else { format!("all {wanted} are there") };
    let state = LimitState::at_most(GuardName::ExpectSentinels, rule, 0, missing.len()).of(label(source, None));
    if missing.is_empty() {
        return state;
    }
    let message = format!("source `{}` lacks {}", source.name, missing.join(", "));
    state.tripped(
        message,
        "check the source, or `expect.sentinels`; once: --override expect.sentinels --reason TEXT".into(),
    )
}

fn max_age(source: &SourceEvidence) -> LimitState {
    let Some(limit) = source.expect.max_age.0 else {
        return LimitState::off(GuardName::ExpectMaxAge, "any age").of(label(source, None));
    };
    let seconds = |age: std::time::Duration| usize::try_from(age.as_secs()).unwrap_or(usize::MAX);
    let age = source.age.unwrap_or(std::time::Duration::MAX);
    let rule = format!("not older than {}", humantime::format_duration(limit));
    let state =
        LimitState::at_most(GuardName::ExpectMaxAge, rule, seconds(limit), seconds(age)).of(label(source, None));
    if age <= limit {
        return state;
    }
    let message = match source.age {
        Some(age) => format!("the data of source `{}` is {} old", source.name, whole_seconds(age)),
        None => format!("source `{}` does not say how old its data is", source.name),
    };
    state.tripped(message, "check what writes the source; once: --override expect.maxAge --reason TEXT".into())
}

fn whole_seconds(age: std::time::Duration) -> humantime::FormattedDuration {
    humantime::format_duration(std::time::Duration::from_secs(age.as_secs()))
}

fn label(source: &SourceEvidence, kind: Option<Kind>) -> String {
    match kind {
        Some(kind) => format!("{} of source {}", kind.plural(), source.name),
        None => format!("source {}", source.name),
    }
}
