use super::{Action, Batch, Capabilities, Change, Phase, Plan, phases};
use crate::principal::Kind;

/// What an apply is expected to cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Requests to the target.
    pub calls: u64,
    /// At the rate the target allows, rounded up.
    pub seconds: u64,
}

/// What a product's calls cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Requests of any apply, however small.
    pub fixed: u64,
    /// Requests for each change, or for each step where changes are carried out in steps. To make a principal takes one
    /// at most: there is nothing to read before.
    pub change: u64,
    /// Requests for each transfer of ownership that is no step of its own.
    pub transfer: u64,
    /// Principals that one request of a reading gives; none where one request gives all.
    pub page: Option<u64>,
    /// Requests of a reading for each group.
    pub group_read: u64,
    /// Requests a second that the product takes.
    pub rate: u32,
}

impl Cost {
    pub const NOTHING: Self = Self { fixed: 0, change: 0, transfer: 0, page: None, group_read: 0, rate: 1 };
}

impl Forecast {
    /// The cost of carrying out `plan` on a target with so many users and groups; nothing for an empty one.
    /// The target is read twice: before anything is written, and to see what became of it.
    #[must_use]
    pub fn of(plan: &Plan, can: &Capabilities, users: usize, groups: usize) -> Self {
        if plan.is_empty() {
            return Self::default();
        }
        let cost = can.cost;
        let count = |found: usize| u64::try_from(found).unwrap_or(u64::MAX);
        let (deeds, transfers) = match can.batch {
            Batch::Steps(_) => {
                let changes: Vec<&Change> = plan.changes.iter().collect();
                (phases(&changes, can).iter().map(Phase::steps).sum(), 0)
            }
            Batch::Whole => {
                let moves =
                    |change: &&Change| change.detail().transfer_to.is_some() || change.action() == Action::Rename;
                (plan.changes.len(), plan.changes.iter().filter(moves).count())
            }
        };
        let made = |kind: Kind| {
            let creates = |change: &&Change| change.action() == Action::Create && change.kind() == kind;
            plan.changes.iter().filter(creates).count()
        };
        let (new_users, new_groups) = (made(Kind::User), made(Kind::Group));
        let creates = count(new_users + new_groups).min(count(deeds));
        let changes = cost.change.min(1) * creates + cost.change * (count(deeds) - creates);
        let pages = |number: usize| cost.page.map_or(0, |page| count(number) / page.max(1) + 1);
        let reading = |users: usize, groups: usize| pages(users) + pages(groups) + cost.group_read * count(groups);
        let readings = reading(users, groups) + reading(users + new_users, groups + new_groups);
        let calls = cost.fixed + changes + cost.transfer * count(transfers) + readings;
        Self { calls, seconds: calls.div_ceil(u64::from(cost.rate.max(1))) }
    }
}
