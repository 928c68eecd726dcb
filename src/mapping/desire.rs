use super::finding::{self, Finding};
use super::lint::lint;
use super::scope::{Reach, Scope};
use super::sift::{Aside, Sifted};
use crate::connector::{Rejected, Target};
use crate::plan::Desired;

/// What the sources come to for one target.
#[derive(Debug)]
pub struct Mapped {
    pub desired: Desired,
    /// Records that were set aside, with the reason.
    pub rejected: Vec<Rejected>,
    /// Everything a person should know before anything is written; what was set aside is part of it.
    pub lint: Vec<Finding>,
}

/// Turns what the sources gave into what is desired of `target`.
#[must_use]
pub fn desire(sifted: Sifted, target: &dyn Target, scope: &Scope) -> Mapped {
    let Sifted { mut set, coverage, aside } = sifted;
    let Aside { names, ids, unknown_ids, findings: mut lint_list } = aside;
    let rules = target.capabilities().rules;
    let mut desired = Desired { coverage, unknown_ids, set_aside: names, set_aside_ids: ids, ..Desired::default() };
    let reach = Reach::new(scope, rules);
    set.retain(|key, principal| {
        let inside = reach.holds(principal.kind, key);
        if inside {
            target.project(principal);
        } else {
            desired.out_of_scope.insert((principal.kind, key.into()));
        }
        inside
    });
    desired.set = set;
    lint_list.append(&mut lint(&mut desired, target));
    finding::sort(&mut lint_list);
    Mapped { desired, rejected: lint_list.iter().filter_map(Finding::rejected).collect(), lint: lint_list }
}
