//! Times of a clock as instants, also on the days on which it is put forward or back.

use chrono::offset::LocalResult;
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::config::{CronText, Schedule};

/// No clock has ever been put forward by more: Samoa left out a day in 2011.
const LONGEST_GAP: TimeDelta = TimeDelta::hours(25);

/// The first tick of `schedule` after `after`; none where there is none in three thousand years. Ticks are whole seconds.
///
/// An hour that the schedule names is an hour of the clock: where the clock leaves it out, what was due in it is due at
/// once after; where the clock shows it twice, only the first counts. A schedule of all hours, `*` or `*/2`, follows time
/// as it passes: nothing is due in an hour that does not exist, and both of two count.
pub(super) fn tick_after(schedule: &Schedule, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let Schedule { cron, zone, .. } = schedule;
    let after = DateTime::from_timestamp(after.timestamp(), 0)?;
    if cron.is_by_the_clock() { by_the_clock(cron, *zone, after) } else { as_time_passes(cron, *zone, after) }
}

fn as_time_passes(cron: &CronText, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let found = cron.pattern().find_next_occurrence(&after.with_timezone(&zone), false).ok()?;
    Some(found.with_timezone(&Utc))
}

fn by_the_clock(cron: &CronText, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut shown = after.with_timezone(&zone).naive_local();
    loop {
        shown = cron.pattern().find_next_occurrence(&shown, false).ok()?;
        // What the clock shows for the second time was due at the first.
        if let Some(instant) = first_instant(zone, shown).filter(|instant| *instant > after) {
            return Some(instant);
        }
    }
}

/// When a clock first shows this time or a later one.
fn first_instant(zone: Tz, shown: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&shown) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.with_timezone(&Utc)),
        LocalResult::None => {
            // Of the seconds from here on, those that are left out come first.
            let (mut left_out, mut there) = (shown, shown.checked_add_signed(LONGEST_GAP)?);
            while there - left_out > TimeDelta::seconds(1) {
                let middle = left_out + TimeDelta::seconds((there - left_out).num_seconds() / 2);
                match zone.from_local_datetime(&middle) {
                    LocalResult::None => left_out = middle,
                    _ => there = middle,
                }
            }
            zone.from_local_datetime(&there).earliest().map(|instant| instant.with_timezone(&Utc))
        }
    }
}
