//! In which order a plan is carried out on a product that takes one thing after the other.

use super::{Action, Batch, Capabilities, Change, Membership};
use crate::principal::{GroupRef, Kind};

/// One thing to ask of a product. `at` is the place of a change in the list that the phases were made of.
#[derive(Debug, Clone)]
pub enum Step<'a> {
    /// Somebody new. Memberships only where the product keeps them with the member; else they follow.
    Create { at: usize, change: &'a Change },
    /// Values, the name, the state, and memberships where the product keeps them with the member: an update, a
    /// rename, an enable, a disable or a strip.
    Change { at: usize, change: &'a Change },
    /// Principals become members of a group. The group is called so in the names of the plan.
    Join { group: GroupRef, members: Vec<usize> },
    /// Principals are taken out of a group.
    Leave { group: GroupRef, members: Vec<usize> },
    /// What a leaver owns is handed over, before it goes.
    Transfer { at: usize, change: &'a Change },
    /// A leaver goes.
    Delete { at: usize, change: &'a Change },
}

impl Step<'_> {
    /// The changes that it is part of.
    #[must_use]
    pub fn changes(&self) -> &[usize] {
        match self {
            Self::Create { at, .. } | Self::Change { at, .. } | Self::Transfer { at, .. } | Self::Delete { at, .. } => {
                std::slice::from_ref(at)
            }
            Self::Join { members, .. } | Self::Leave { members, .. } => members,
        }
    }
}

/// Steps that may be under way at the same time, but for those of one lane: they follow each other.
#[derive(Debug)]
pub struct Phase<'a> {
    /// `groups`, `users`, `memberships`, `leavers`.
    pub name: &'static str,
    pub lanes: Vec<Vec<Step<'a>>>,
}

impl Phase<'_> {
    #[must_use]
    pub fn steps(&self) -> usize {
        self.lanes.iter().map(Vec::len).sum()
    }
}

/// The steps of `changes`: groups, then users, then who is in which group, then who goes. Nobody leaves a group before
/// everybody has joined theirs, and no group goes before its members.
#[must_use]
pub fn phases<'a>(changes: &[&'a Change], can: &Capabilities) -> Vec<Phase<'a>> {
    let Batch::Steps(membership) = can.batch else { return Vec::new() };
    let of_kind = |kind: Kind| {
        let steps = changes.iter().enumerate().filter(move |(_, change)| change.kind() == kind);
        steps.filter_map(move |(at, change)| own(at, change, membership)).map(|step| vec![step]).collect()
    };
    let phases = vec![
        Phase { name: "groups", lanes: of_kind(Kind::Group) },
        Phase { name: "users", lanes: of_kind(Kind::User) },
        Phase { name: "memberships", lanes: memberships(changes, membership) },
        Phase { name: "leavers", lanes: leavers(changes, Kind::User, membership) },
        Phase { name: "groups that go", lanes: leavers(changes, Kind::Group, membership) },
    ];
    phases.into_iter().filter(|phase| !phase.lanes.is_empty()).collect()
}

/// What is written into the principal's own record; nothing for who goes, and for a change of memberships alone that
/// are kept elsewhere.
fn own(at: usize, change: &Change, membership: Membership) -> Option<Step<'_>> {
    let moves = membership == Membership::OnMember && !(change.joins().is_empty() && change.leaves().is_empty());
    match change.action() {
        Action::Create => Some(Step::Create { at, change }),
        Action::Rename | Action::Enable => Some(Step::Change { at, change }),
        Action::Update if moves || !change.detail().fields.is_empty() => Some(Step::Change { at, change }),
        Action::Update | Action::Disable | Action::Strip | Action::Delete => None,
    }
}

fn leavers<'a>(changes: &[&'a Change], kind: Kind, membership: Membership) -> Vec<Vec<Step<'a>>> {
    let gone = changes.iter().copied().enumerate().filter(|(_, change)| change.kind() == kind);
    let lane = |(at, change): (usize, &'a Change)| match change.action() {
        Action::Disable => vec![Step::Change { at, change }],
        Action::Strip if membership == Membership::OnMember => vec![Step::Change { at, change }],
        Action::Delete if change.detail().transfer_to.is_some() => {
            vec![Step::Transfer { at, change }, Step::Delete { at, change }]
        }
        Action::Delete => vec![Step::Delete { at, change }],
        _ => Vec::new(),
    };
    gone.map(lane).filter(|lane| !lane.is_empty()).collect()
}

/// By group, since that is how products take them.
fn memberships<'a>(changes: &[&'a Change], membership: Membership) -> Vec<Vec<Step<'a>>> {
    let Membership::OnGroup { join, leave, overlap } = membership else { return Vec::new() };
    let joins =
        changes.iter().enumerate().flat_map(|(at, change)| change.joins().iter().map(move |group| (*group, at)));
    let leaves = changes.iter().enumerate().flat_map(|(at, change)| left(change).iter().map(move |group| (*group, at)));
    let joins =
        chunks(joins.collect(), join).into_iter().map(|(group, members)| (group, Step::Join { group, members }));
    let leaves =
        chunks(leaves.collect(), leave).into_iter().map(|(group, members)| (group, Step::Leave { group, members }));
    let mut steps: Vec<(GroupRef, Step<'a>)> = joins.chain(leaves).collect();
    if overlap {
        return steps.into_iter().map(|(_, step)| vec![step]).collect();
    }
    // Stable: those who join a group come before those who leave it.
    steps.sort_by_key(|(group, _)| *group);
    let mut lanes: Vec<(GroupRef, Vec<Step<'a>>)> = Vec::new();
    for (group, step) in steps {
        match lanes.last_mut() {
            Some((last, lane)) if *last == group => lane.push(step),
            _ => lanes.push((group, vec![step])),
        }
    }
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

/// The groups that a principal is taken out of; all of them where it is stripped.
fn left(change: &Change) -> &[GroupRef] {
    match (change.action(), change.before()) {
        (Action::Strip, Some(before)) => before.group_refs(),
        _ => change.leaves(),
    }
}

fn chunks(mut pairs: Vec<(GroupRef, usize)>, most: usize) -> Vec<(GroupRef, Vec<usize>)> {
    pairs.sort_unstable();
    let of_group = pairs.chunk_by(|a, b| a.0 == b.0);
    let parts = of_group.flat_map(|pairs| pairs.chunks(most.max(1)));
    parts.filter_map(|pairs| Some((pairs.first()?.0, pairs.iter().map(|(_, at)| *at).collect()))).collect()
}
