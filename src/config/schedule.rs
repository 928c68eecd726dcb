//! When a sync runs by itself.

use std::time::Duration;

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Deserialize;

use super::cron::CronText;
use crate::connector::DurationText;

/// A schedule as it is written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ScheduleFile {
    /// Minute, hour, day of the month, month and day of the week, such as `*/15 * * * *`; six fields begin with the
    /// second. Or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    pub cron: Option<String>,
    /// The time zone of the clock that is meant, such as `Europe/Berlin`. Default: `UTC`.
    pub timezone: Option<String>,
    /// Up to so much later, so that not every sync begins at once. Default: `0s`.
    pub jitter: Option<DurationText>,
    /// After a time in which nothing ran: `once` (default) makes up for everything with one run, `skip` waits for the next
    /// time.
    pub missed: Option<Missed>,
}

/// What becomes of times that passed while nothing could run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Missed {
    /// One run makes up for all of them.
    #[default]
    Once,
    /// They are left out.
    Skip,
}

/// When a sync runs by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub cron: CronText,
    /// Of the clock that `cron` is about.
    pub zone: Tz,
    /// Up to so much later; whole seconds.
    pub jitter: Duration,
    pub missed: Missed,
}
