//! What a schedule does on the days on which clocks are changed, as docs/schedules.md tells it.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::sample::select;

use super::{schedule, utc};
use crate::config::Schedule;
use crate::daemon::clock_change::tick_after;

/// The ticks after `from` and up to `to`, as clocks in the zone show them.
fn shown(cron: &str, zone: &str, from: &str, to: &str) -> Vec<String> {
    let schedule = schedule(cron, zone);
    let ticks = ticks(&schedule, utc(from), utc(to));
    ticks.into_iter().map(|tick| tick.with_timezone(&schedule.zone).format("%d. %H:%M %Z").to_string()).collect()
}

fn ticks(schedule: &Schedule, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let ticks = std::iter::successors(tick_after(schedule, from), |tick| tick_after(schedule, *tick));
    ticks.take_while(|tick| *tick <= to).collect()
}

const BERLIN: &str = "Europe/Berlin";

/// 29 March 2026: 02:00 CET is 03:00 CEST.
fn spring(cron: &str) -> Vec<String> {
    shown(cron, BERLIN, "2026-03-28T23:00:00Z", "2026-03-29T02:00:00Z")
}

/// 25 October 2026: 03:00 CEST is 02:00 CET.
fn autumn(cron: &str) -> Vec<String> {
    shown(cron, BERLIN, "2026-10-24T22:00:00Z", "2026-10-25T02:00:00Z")
}

#[test]
fn an_hour_that_does_not_exist_is_made_up_for_at_its_end() {
    assert_eq!(spring("30 2 * * *"), ["29. 03:00 CEST"]);
    assert_eq!(spring("0 2,14 * * *"), ["29. 03:00 CEST"]);
    assert_eq!(spring("*/15 2 * * *"), ["29. 03:00 CEST"], "once, whatever was due in it");
    assert_eq!(spring("30 1-3 * * *"), ["29. 01:30 CET", "29. 03:00 CEST", "29. 03:30 CEST"]);
    assert_eq!(spring("0 3 * * *"), ["29. 03:00 CEST"]);
    assert_eq!(spring("0 2,3 * * *"), ["29. 03:00 CEST"], "two that fall together are one");
    let around = shown("30 2 * * *", BERLIN, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z");
    assert_eq!(around, ["28. 02:30 CET", "29. 03:00 CEST", "30. 02:30 CEST"]);
}

#[test]
fn an_hour_that_is_there_twice_counts_once_where_it_is_named() {
    assert_eq!(autumn("30 2 * * *"), ["25. 02:30 CEST"]);
    assert_eq!(autumn("*/15 2 * * *"), ["25. 02:00 CEST", "25. 02:15 CEST", "25. 02:30 CEST", "25. 02:45 CEST"]);
    assert_eq!(autumn("0 1-3 * * *"), ["25. 01:00 CEST", "25. 02:00 CEST", "25. 03:00 CET"]);
    let around = shown("30 2 * * *", BERLIN, "2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z");
    assert_eq!(around, ["24. 02:30 CEST", "25. 02:30 CEST", "26. 02:30 CET"]);
}

#[test]
fn what_runs_all_day_runs_as_time_passes() {
    for cron in ["*/15 * * * *", "0 */15 * * * *", "0,15,30,45 * * * *"] {
        for (from, to) in
            [("2026-03-28T23:00:00Z", "2026-03-29T03:00:00Z"), ("2026-10-24T22:00:00Z", "2026-10-25T02:00:00Z")]
        {
            let ticks = ticks(&schedule(cron, BERLIN), utc(from), utc(to));
            assert_eq!(ticks.len(), 16, "{cron}: four in each hour that passes");
            assert!(ticks.windows(2).all(|pair| pair[1] - pair[0] == TimeDelta::minutes(15)), "{cron}");
        }
    }
    assert_eq!(autumn("0 * * * *"), ["25. 01:00 CEST", "25. 02:00 CEST", "25. 02:00 CET", "25. 03:00 CET"]);
    assert_eq!(spring("0 * * * *"), ["29. 01:00 CET", "29. 03:00 CEST", "29. 04:00 CEST"]);
    assert_eq!(spring("0 */2 * * *"), ["29. 04:00 CEST"], "02:00 does not come");
    assert_eq!(autumn("0 */2 * * *"), ["25. 02:00 CEST", "25. 02:00 CET"]);
}

/// The two days as a whole, as the table of the page has them.
#[test]
fn so_many_times_a_day() {
    let count = |cron: &str, from: &str, to: &str| ticks(&schedule(cron, BERLIN), utc(from), utc(to)).len();
    for (cron, in_spring, in_autumn) in [
        ("30 2 * * *", 1, 1),
        ("0 3 * * *", 1, 1),
        ("0 2,14 * * *", 2, 2),
        ("*/15 2 * * *", 1, 4),
        ("0 * * * *", 23, 25),
        ("*/15 * * * *", 92, 100),
        ("0 */2 * * *", 11, 13),
    ] {
        assert_eq!(count(cron, "2026-03-28T22:59:59Z", "2026-03-29T21:59:59Z"), in_spring, "{cron}");
        assert_eq!(count(cron, "2026-10-24T21:59:59Z", "2026-10-25T22:59:59Z"), in_autumn, "{cron}");
    }
}

#[test]
fn in_the_repeated_hour_a_schedule_goes_on_from_where_it_is() {
    let quarter = schedule("*/15 * * * *", BERLIN);
    assert_eq!(tick_after(&quarter, utc("2026-10-25T00:45:00Z")), Some(utc("2026-10-25T01:00:00Z")));
    assert_eq!(tick_after(&quarter, utc("2026-10-25T00:59:59.999Z")), Some(utc("2026-10-25T01:00:00Z")));
    let daily = schedule("30 2 * * *", BERLIN);
    for second_time in ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:59:59Z"]
    {
        assert_eq!(tick_after(&daily, utc(second_time)), Some(utc("2026-10-26T01:30:00Z")), "{second_time}");
    }
}

#[test]
fn elsewhere_clocks_are_changed_at_midnight_by_half_an_hour_and_by_a_day() {
    let cairo = shown("0 0 * * *", "Africa/Cairo", "2026-04-22T22:30:00Z", "2026-04-24T22:00:00Z");
    assert_eq!(cairo, ["24. 01:00 EEST", "25. 00:00 EEST"]);
    let lord_howe = shown("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04T23:00:00Z");
    assert_eq!(lord_howe, ["04. 02:30 +11", "05. 02:15 +11"]);
    let new_york = shown("30 2 * * *", "America/New_York", "2026-03-08T00:00:00Z", "2026-03-09T12:00:00Z");
    assert_eq!(new_york, ["08. 03:00 EDT", "09. 02:30 EDT"]);
    let new_york = shown("30 1 * * *", "America/New_York", "2026-11-01T00:00:00Z", "2026-11-02T12:00:00Z");
    assert_eq!(new_york, ["01. 01:30 EDT", "02. 01:30 EST"]);
    // Samoa had no 30 December 2011.
    let apia = shown("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00:00Z", "2011-12-31T23:00:00Z");
    assert_eq!(apia, ["31. 00:00 +14", "31. 12:00 +14", "01. 12:00 +14"]);
    // Morocco puts its clocks back for Ramadan.
    let casablanca = shown("30 2 * * *", "Africa/Casablanca", "2026-02-14T12:00:00Z", "2026-02-16T12:00:00Z");
    assert_eq!(casablanca, ["15. 02:30 +01", "16. 02:30 +00"]);
}

/// Every minute from `from` on, as clocks show it: another way to the same ticks, which knows nothing of how they are
/// searched for.
fn minute_by_minute(schedule: &Schedule, from: DateTime<Utc>, minutes: i64) -> Vec<DateTime<Utc>> {
    let matches = |time| schedule.cron.pattern().is_time_matching(&time).unwrap();
    let local = |at: DateTime<Utc>| at.with_timezone(&schedule.zone).naive_local();
    let mut found = Vec::new();
    for minute in 1..=minutes {
        let at = from + TimeDelta::minutes(minute);
        let (before, now) = (local(at - TimeDelta::minutes(1)), local(at));
        let left_out =
            std::iter::successors(Some(before + TimeDelta::minutes(1)), |time| Some(*time + TimeDelta::minutes(1)));
        let mut left_out = left_out.take_while(|time| *time < now);
        let by_the_clock = schedule.cron.is_by_the_clock();
        // Whether the clock showed this before: an hour or less ago, where it was put back.
        let again = (1..=180).any(|ago| local(at - TimeDelta::minutes(ago)) == now);
        if (matches(now) && !(by_the_clock && again)) || (by_the_clock && left_out.any(matches)) {
            found.push(at);
        }
    }
    found
}

const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
];

/// Days on which one of these zones changes its clocks, and one on which none does.
const DAYS: [&str; 9] = [
    "2026-03-29",
    "2026-10-25",
    "2026-03-08",
    "2026-11-01",
    "2026-04-05",
    "2026-10-04",
    "2026-04-24",
    "2026-03-22",
    "2026-06-15",
];

fn crons() -> impl Strategy<Value = String> {
    let minutes = select(vec!["*", "*/15", "0", "30", "5,35", "10-20/5", "59"]);
    let hours = select(vec!["*", "*/2", "*/3", "2", "0", "1-3", "2,14", "23", "0-23", "1,3"]);
    let days = select(vec!["* * *", "* * 1-5", "L * *", "* * SUN", "1,15 * *", "* 3,10 *", "29 * SUN"]);
    (minutes, hours, days).prop_map(|(minute, hour, days)| format!("{minute} {hour} {days}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn the_search_finds_what_a_clock_shows(
        cron in crons(), zone in select(&ZONES[..]), day in select(&DAYS[..]), start in 0_i64..1_440
    ) {
        let schedule = schedule(&cron, zone);
        let from = utc(&format!("{day}T00:00:00Z")) + TimeDelta::minutes(start - 1_440);
        let minutes = 1_800;
        prop_assert_eq!(
            ticks(&schedule, from, from + TimeDelta::minutes(minutes)),
            minute_by_minute(&schedule, from, minutes),
            "{} in {}", cron, zone
        );
    }

    #[test]
    fn a_tick_is_a_whole_second_after(
        cron in crons(), zone in select(&ZONES[..]), millis in 946_684_800_000_i64..2_208_988_800_000
    ) {
        let schedule = schedule(&cron, zone);
        let after = DateTime::from_timestamp_millis(millis).unwrap();
        let mut last = after;
        for _ in 0..20 {
            let tick = tick_after(&schedule, last).unwrap();
            prop_assert!(tick > last, "{} is not after {}", tick, last);
            prop_assert_eq!(tick.timestamp_subsec_nanos(), 0);
            last = tick;
        }
    }

    /// Whoever asks between two ticks gets the second.
    #[test]
    fn nothing_is_due_between_two_ticks(
        cron in crons(), zone in select(&ZONES[..]), day in select(&DAYS[..]), part in 0.0..1.0_f64
    ) {
        let schedule = schedule(&cron, zone);
        let first = tick_after(&schedule, utc(&format!("{day}T00:00:00Z"))).unwrap();
        let second = tick_after(&schedule, first).unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any moment will do")]
        let between = first + TimeDelta::milliseconds(((second - first).num_milliseconds() as f64 * part) as i64);
        prop_assert_eq!(tick_after(&schedule, between), Some(second));
    }
}

/// Every zone has a way through its changes of a year.
#[test]
fn in_every_zone_a_day_has_its_run() {
    for zone in chrono_tz::TZ_VARIANTS {
        let zone: Tz = zone;
        let schedule = Schedule { zone, ..schedule("30 2 * * *", "UTC") };
        let from = zone.with_ymd_and_hms(2026, 1, 1, 12, 0, 0).earliest().unwrap().with_timezone(&Utc);
        let ticks = ticks(&schedule, from, from + TimeDelta::days(365));
        assert_eq!(ticks.len(), 365, "{zone}");
        let longest = ticks.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(longest <= TimeDelta::hours(26), "{zone}: {longest}");
    }
}
