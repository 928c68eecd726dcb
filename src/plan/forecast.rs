use super::{Action, Plan};

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
    /// Requests for each change.
    pub change: u64,
    /// Requests for each transfer of ownership.
    pub transfer: u64,
    /// Requests a second that the product takes.
    pub rate: u32,
}

impl Forecast {
    /// The cost of carrying out `plan`; nothing for an empty one.
    #[must_use]
    pub fn of(plan: &Plan, cost: Cost) -> Self {
        if plan.is_empty() {
            return Self::default();
        }
        let count = |found: usize| u64::try_from(found).unwrap_or(u64::MAX);
        let transfers = plan
            .changes
            .iter()
            .filter(|change| change.detail().transfer_to.is_some() || change.action() == Action::Rename);
        let calls = cost.fixed + cost.change * count(plan.changes.len()) + cost.transfer * count(transfers.count());
        Self { calls, seconds: calls.div_ceil(u64::from(cost.rate.max(1))) }
    }
}
