//! When each sync is due next, as `check` tells it.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::config::{Schedule, Settings};
use crate::daemon::{Due, next_after};

/// Each sync that has a schedule: its name, the schedule, and what comes next.
fn dues(settings: &Settings, now: DateTime<Utc>) -> impl Iterator<Item = (&str, &Schedule, Due)> {
    settings.syncs.values().filter_map(move |sync| {
        let schedule = sync.schedule.as_ref()?;
        Some((sync.name.as_str(), schedule, next_after(&sync.name, schedule, None, now)?))
    })
}

/// A line for each.
pub(super) fn text(settings: &Settings, now: DateTime<Utc>) -> String {
    let good = anstyle::AnsiColor::Green.on_default().bold();
    dues(settings, now).fold(String::new(), |mut out, (name, schedule, due)| {
        let Schedule { cron, zone, .. } = schedule;
        let there = due.at.with_timezone(zone).format("%a %Y-%m-%d %H:%M:%S");
        let _ = writeln!(
            out,
            "{good}ok{good:#}    sync {name}: `{}` is due next on {there} {zone}, {}",
            crate::principal::neutral(cron.text()),
            utc(due.at)
        );
        out
    })
}

pub(super) fn documents(settings: &Settings, now: DateTime<Utc>) -> Vec<Value> {
    let document = |(name, schedule, due): (&str, &Schedule, Due)| {
        let Schedule { cron, zone, jitter: _, missed: _ } = schedule;
        json!({
            "sync": name, "cron": cron.text(), "timezone": zone.name(), "next": utc(due.at),
            "nextThere": due.at.with_timezone(zone).to_rfc3339_opts(SecondsFormat::Secs, true),
        })
    };
    dues(settings, now).map(document).collect()
}

fn utc(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
