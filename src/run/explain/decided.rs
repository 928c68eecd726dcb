//! What a plan has to say of those who are followed.

use compact_str::CompactString;

use crate::plan::{Change, Held, HoldCode, Passed, Plan, Retained};
use crate::principal::Kind;
use crate::report::DecideStep;

/// The items of a plan that are about some principals.
#[derive(Default)]
pub(super) struct Decided {
    pub(super) changes: Vec<Change>,
    pub(super) held: Vec<Held>,
    pub(super) retained: Vec<Retained>,
    pub(super) passed: Vec<(CompactString, Passed)>,
    /// Names of those that come into the sync's care.
    adopted: Vec<CompactString>,
}

impl Decided {
    /// Those that `is_meant`.
    pub(super) fn of(plan: &Plan, is_meant: impl Fn(Kind, &str) -> bool) -> Self {
        let of_change = |change: &&Change| {
            let new_name = change.detail().new_name.as_deref();
            is_meant(change.kind(), change.name()) || new_name.is_some_and(|name| is_meant(change.kind(), name))
        };
        let adopted = plan.adopted.iter().filter(|item| item.first && is_meant(item.kind, &item.name));
        Self {
            changes: plan.changes.iter().filter(of_change).cloned().collect(),
            held: plan.held.iter().filter(|item| is_meant(item.kind, &item.name)).cloned().collect(),
            retained: plan.retained.iter().filter(|item| is_meant(item.kind, &item.name)).cloned().collect(),
            passed: Vec::new(),
            adopted: adopted.map(|item| item.name.clone()).collect(),
        }
    }

    /// `left_out` tells of groups that nothing stands for, `missing` of proofs.
    pub(super) fn steps(&self, left_out: &[String], missing: &[String]) -> Vec<DecideStep> {
        let adopts = |name: &str| self.adopted.iter().any(|adopted| adopted == name);
        let notes = |is_about_groups: bool| if is_about_groups { left_out.to_vec() } else { Vec::new() };
        let changes = self.changes.iter().map(|change| DecideStep::Change {
            change: Box::new(change.clone()),
            adopts: adopts(change.name()),
            left_out: notes(!change.action().removes()),
        });
        let held = self.held.iter().map(|item| DecideStep::Held {
            item: item.clone(),
            missing: if item.code == HoldCode::UnprovenSource { missing.to_vec() } else { Vec::new() },
        });
        let retained = self.retained.iter().cloned().map(DecideStep::Retained);
        let passed = self.passed.iter().map(|(name, why)| DecideStep::Passed {
            name: name.to_string(),
            why: *why,
            adopts: adopts(name),
            left_out: notes(*why == Passed::Unchanged),
        });
        changes.chain(held).chain(retained).chain(passed).collect()
    }
}
