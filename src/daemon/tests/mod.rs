mod anew;
mod calendars;
mod certificates;
mod changes;
mod desks;
mod dues;
mod hooks;
mod kept;
mod metrics;
mod monitors;
mod payloads;
mod queues;
mod timers;
mod wishes;

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::config::{Missed, Schedule};

/// A schedule without jitter.
fn schedule(cron: &str, zone: &str) -> Schedule {
    let cron = cron.parse().unwrap_or_else(|error| panic!("{cron}: {error}"));
    Schedule { cron, zone: zone.parse().unwrap(), jitter: Duration::ZERO, missed: Missed::Once }
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
