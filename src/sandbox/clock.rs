//! A logical clock: it moves only when something happens.

/// Where a fresh clock stands: 14 November 2023, 22:13:20 UTC, in milliseconds since 1970.
const START: u64 = 1_700_000_000_000;

/// Milliseconds since 1970, counted by events and never read from the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    now: u64,
}

impl Clock {
    /// The time as it stands, in milliseconds since 1970.
    #[must_use]
    pub const fn now(self) -> u64 {
        self.now
    }

    /// Sets the time, in milliseconds since 1970.
    pub const fn set(&mut self, milliseconds: u64) {
        self.now = milliseconds;
    }

    /// Moves one millisecond on and gives the new time.
    pub const fn tick(&mut self) -> u64 {
        self.now = self.now.saturating_add(1);
        self.now
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self { now: START }
    }
}
