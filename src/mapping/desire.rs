use super::finding::{self, Finding};
use super::lint::{circles, lint};
use super::rules::{self, Nested, Rules};
use super::sift::{Aside, Sifted};
use crate::connector::{Rejected, Target};
use crate::plan::Desired;
use crate::principal::PrincipalSet;

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
pub fn desire(sifted: Sifted, target: &dyn Target, rules: &Rules) -> Mapped {
    desire_seen(sifted, target, rules, &mut |_| ())
}

/// The same; `see` is shown what the rules made, before it is bent to what the target can hold.
#[must_use]
pub fn desire_seen(sifted: Sifted, target: &dyn Target, rules: &Rules, see: &mut dyn FnMut(&PrincipalSet)) -> Mapped {
    let Sifted { set, coverage, aside } = sifted;
    let Aside { names, ids, unknown_ids, contested, findings: mut found } = aside;
    let case = target.capabilities().rules;
    let mut desired =
        Desired { coverage, unknown_ids, set_aside: names, set_aside_ids: ids, contested, ..Desired::default() };
    if rules.nested == Nested::Flatten {
        // Afterwards no group is in another.
        circles(&set, case, &mut found);
    }
    let mut rejected: Vec<Rejected> = found.iter().filter_map(Finding::rejected).collect();
    let before = rejected.len();
    let mut set = rules::apply(rules, set, case, &mut desired, &mut rejected);
    found.extend(rejected.drain(before..).map(Finding::by_rule));
    see(&set);
    set.retain(|_, principal| {
        target.project(principal);
        true
    });
    desired.set = set;
    found.append(&mut lint(&mut desired, target));
    finding::sort(&mut found);
    Mapped { desired, rejected: found.iter().filter_map(Finding::rejected).collect(), lint: found }
}
