//! What the daemon has to tell whoever started it.

use std::net::SocketAddr;

use chrono_tz::Tz;

use super::calendar::Calendar;
use super::due::Due;
use super::worker::Done;
use crate::config::{Problems, Settings};
use crate::store::OpenRun;

/// Something that a person may want to know. What is of use later stands in the log too.
#[derive(Debug)]
pub enum News<'a> {
    /// It takes calls at this address, and this comes next.
    Ready {
        address: SocketAddr,
        /// With TLS.
        secure: bool,
        outlook: &'a [Outlook],
    },
    /// These runs never ended; the next run of each sync finishes what they began.
    Interrupted(&'a [OpenRun]),
    Ran(RanFacts<'a>),
    /// Another configuration holds from now on, and this comes next.
    Reloaded(&'a [Outlook]),
    /// The new configuration has these problems: the old one goes on.
    Refused(&'a Problems),
    /// Nothing new is begun; so many runs are being brought to an end.
    Stopping(usize),
}

/// A run that has ended.
#[derive(Debug, Clone, Copy)]
pub struct RanFacts<'a> {
    pub sync: &'a str,
    /// Such as `done`.
    pub word: &'a str,
    /// How many changes its plan had.
    pub changes: usize,
    pub error: Option<&'a str>,
}

/// What a sync does next, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    pub sync: String,
    pub target: String,
    /// Else it plans and reports.
    pub applies: bool,
    /// None where it has no schedule.
    pub due: Option<Due>,
    /// Of the clock of its schedule.
    pub zone: Tz,
    /// Others may ask for a run.
    pub has_webhook: bool,
    /// The target takes whole lists over the gateway, and applies them.
    pub has_gateway: bool,
}

impl<'a> RanFacts<'a> {
    pub(super) fn new(sync: &'a str, done: &'a Done) -> Self {
        let Done { exit, changes, error, stopped } = done;
        let word = if *stopped { "stopped" } else { exit.word() };
        Self { sync, word, changes: *changes, error: error.as_deref() }
    }
}

/// What each sync does next.
pub(super) fn outlook(settings: &Settings, calendar: &Calendar) -> Vec<Outlook> {
    let outlook = settings.syncs.values().map(|sync| Outlook {
        sync: sync.name.clone(),
        target: sync.target.clone(),
        applies: sync.apply_changes,
        due: calendar.due(&sync.name),
        zone: sync.schedule.as_ref().map_or(Tz::UTC, |schedule| schedule.zone),
        has_webhook: sync.webhook.is_some(),
        has_gateway: settings
            .targets
            .get(&sync.target)
            .is_some_and(|target| target.gateway.as_ref() == Some(&sync.name)),
    });
    outlook.collect()
}
