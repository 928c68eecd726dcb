use super::scope::{Reach, Scope};
use crate::connector::{Reading, Rejected, Target};
use crate::plan::Desired;
use crate::principal::{Collision, Kind, PrincipalSet, digest};

/// What a reading comes to for one target.
#[derive(Debug)]
pub struct Mapped {
    pub desired: Desired,
    /// Records that were set aside, with the reason.
    pub rejected: Vec<Rejected>,
    /// Users and groups read, those set aside not counted.
    pub users: usize,
    pub groups: usize,
    /// Of everything read that was not set aside.
    pub digest: String,
    /// Of the sentinels, those that the reading lacks.
    pub missing_sentinels: Vec<String>,
}

/// Turns a reading into what is desired of `target`. `sentinels` are principals that must be there: `user:ada`.
#[must_use]
pub fn desire(reading: Reading, target: &dyn Target, scope: &Scope, sentinels: &[String]) -> Mapped {
    let Reading { records, names, mut rejected, coverage, data_time: _ } = reading;
    let rules = target.capabilities().rules;
    let (mut set, collisions) = PrincipalSet::build(records, names, rules);
    rejected.extend(collisions.iter().flat_map(collided));
    rejected.sort_by(|a, b| (a.kind, &a.name, &a.origin).cmp(&(b.kind, &b.name, &b.origin)));
    let missing_sentinels = sentinels.iter().filter(|sentinel| lacks(&set, sentinel, rules)).cloned().collect();
    let (users, groups, digest) = (set.count(Kind::User), set.count(Kind::Group), digest(&set));
    let mut desired = Desired { coverage, ..Desired::default() };
    desired.set_aside = rejected.iter().map(|record| (record.kind, rules.key(record.kind, &record.name))).collect();
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
    Mapped { desired, rejected, users, groups, digest, missing_sentinels }
}

fn lacks(set: &PrincipalSet, sentinel: &str, rules: crate::principal::CaseRules) -> bool {
    crate::principal::PrincipalId::parse(sentinel)
        .is_ok_and(|id| set.get(id.kind, &rules.key(id.kind, &id.name)).is_none())
}

fn collided(collision: &Collision) -> Vec<Rejected> {
    let place = |at: usize| collision.records[at].origin.as_ref().map(ToString::to_string).unwrap_or_default();
    let one = |at: usize| {
        let record = &collision.records[at];
        let others: Vec<String> = (0..collision.records.len()).filter(|other| *other != at).map(place).collect();
        Rejected {
            kind: record.kind(),
            name: record.principal.name.clone(),
            origin: place(at),
            reason: format!("the target takes its name for the same as that at {}", others.join(", ")),
        }
    };
    (0..collision.records.len()).map(one).collect()
}
