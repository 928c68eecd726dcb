//! What systemd is told of us, where it listens: elsewhere all of this does nothing.

use std::time::Duration;

use sd_notify::NotifyState;

/// Everything is up; `status` is shown by `systemctl status`.
pub(super) fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// The configuration is read anew. [`ready`] ends it.
pub(super) fn reloading() {
    let now = NotifyState::monotonic_usec_now();
    let Ok(now) = now else { return };
    tell(&[NotifyState::Reloading, now, NotifyState::Status("reading the configuration anew")]);
}

pub(super) fn status(text: &str) {
    tell(&[NotifyState::Status(text)]);
}

pub(super) fn stopping(status: &str) {
    tell(&[NotifyState::Stopping, NotifyState::Status(status)]);
}

/// The loop goes round.
pub(super) fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// Ticks as often as [`alive`] is to be told; where nobody waits for it once an hour, which nobody hears.
pub(super) fn rounds() -> tokio::time::Interval {
    let often = sd_notify::watchdog_enabled().map_or(Duration::from_hours(1), |longest| longest / 2);
    let mut rounds = tokio::time::interval(often);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    rounds
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
