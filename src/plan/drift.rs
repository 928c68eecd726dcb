//! The three-way difference: what this sync last applied, what the target has, and what the source wants.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::{Action, Applied, Change, Field, FieldChange, Memories, Plan, ReasonCode, Scribe};
use crate::principal::{CaseRules, GroupRef, Kind};

/// Who moved since this sync last applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// Nothing is remembered.
    #[default]
    Unknown,
    /// The target has what was last applied: the source moved.
    Intended,
    /// The source wants what was last applied: the target moved.
    Drift,
    /// Both moved.
    Conflict,
}

impl Cause {
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Intended, Self::Drift, Self::Conflict];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Intended => "intended",
            Self::Drift => "drift",
            Self::Conflict => "conflict",
        }
    }

    /// Whether the target moved.
    #[must_use]
    pub fn is_of_target(self) -> bool {
        matches!(self, Self::Drift | Self::Conflict)
    }
}

impl Change {
    /// Who moved, of everything in it of which something is remembered or could be.
    pub fn causes(&self) -> impl Iterator<Item = Cause> {
        let detail = self.detail();
        let fields = detail.fields.iter().map(|field| field.cause);
        let groups = detail.causes.iter().map(|(_, cause)| *cause);
        std::iter::once(detail.cause).chain(fields).chain(groups)
    }
}

/// Says of every value and membership of the plan who moved. `known` is what is remembered of those who change, by the
/// names that they have in the target.
pub fn weigh(plan: &mut Plan, rules: CaseRules, known: &Memories) {
    let Plan { changes, names, .. } = plan;
    let is_made = |change: &&Change| change.kind() == Kind::Group && change.action() == Action::Create;
    let made: FxHashSet<GroupRef> =
        changes.iter().filter(is_made).filter_map(|change| names.find(change.name())).collect();
    let mut scribe = Scribe::new(names, rules);
    for change in changes {
        let key = (change.kind(), rules.key(change.kind(), change.name()));
        if let Some(known) = known.get(&key) {
            weigh_one(change, known, &mut scribe, &made);
        }
    }
}

fn weigh_one(change: &mut Change, known: &Applied, scribe: &mut Scribe<'_>, made: &FxHashSet<GroupRef>) {
    let cause = match (change.action(), change.reason) {
        // It was there, and somebody else took it away.
        (Action::Create, _) => Cause::Drift,
        (Action::Enable, _) => known.cause(&Field::Active, &false.into(), &true.into()),
        (Action::Disable, ReasonCode::Inactive) => known.cause(&Field::Active, &true.into(), &false.into()),
        _ => Cause::Unknown,
    };
    let mut causes = Vec::new();
    if change.action() != Action::Create {
        // Who is in a group that is made anew is what the source says, whatever was before.
        let joins = change.joins().iter().map(|group| (*group, made.contains(group)));
        causes.extend(joins.map(|(group, is_made)| {
            let cause = if is_made { Cause::Intended } else { scribe.cause(known, group, true) };
            (group, cause)
        }));
        causes.extend(change.leaves().iter().map(|group| (*group, scribe.cause(known, *group, false))));
        causes.retain(|(_, cause)| *cause != Cause::Unknown);
        causes.sort_unstable_by_key(|(group, _)| *group);
    }
    let detail = change.detail_mut();
    for FieldChange { field, from, to, cause } in &mut detail.fields {
        *cause = known.cause(field, from, to);
    }
    (detail.cause, detail.causes) = (cause, causes);
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn the_word_is_that_of_the_json_form() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.word());
        }
    }
}
