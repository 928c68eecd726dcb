//! How long one request may wait.

use std::time::Duration;

/// A product may ask for patience, but not for days: one request waits no longer than this in all, however often it is
/// asked to (`patience` of the target says otherwise). Then it has failed as throttled, and the next run goes on.
pub(super) const PATIENCE: Duration = Duration::from_mins(10);

/// What is left of it for one request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    whole: Duration,
    left: Duration,
}

impl Patience {
    pub(super) fn new(whole: Duration) -> Self {
        Self { whole, left: whole }
    }

    /// All of it, for a person.
    pub(super) fn whole(self) -> Duration {
        self.whole
    }

    /// Takes a pause out of it; false, and nothing is taken, where the pause is longer than what is left.
    #[must_use]
    pub(super) fn spend(&mut self, pause: Duration) -> bool {
        let rest = self.left.checked_sub(pause);
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Patience;

    #[test]
    fn pauses_are_added_up() {
        let mut patience = Patience::new(Duration::from_mins(10));
        let told: Vec<bool> = [300, 200, 101, 100, 1].map(|pause| patience.spend(Duration::from_secs(pause))).into();
        assert_eq!(told, [true, true, false, true, false]);
    }
}
