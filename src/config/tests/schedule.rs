//! `syncs.*.schedule` and `syncs.*.webhook`: what is taken, and what is wrong in words.

use std::time::Duration;

use insta::assert_snapshot;

use super::bench::{Bench, GOOD};
use crate::config::{Colour, Missed, Scheme, Severity, text};

fn sync(lines: &str) -> Bench {
    Bench::new(&format!("{GOOD}    {}\n", lines.replace('\n', "\n    ")))
}

fn cron(cron: &str) -> String {
    sync(&format!("schedule: {{ cron: \"{cron}\" }}")).problems()
}

#[test]
fn a_schedule_as_in_the_documentation() {
    let bench = sync("schedule: { cron: '*/15 * * * *', timezone: Europe/Berlin, jitter: 2m, missed: skip }");
    let schedule = bench.settings().syncs["corp-to-bi"].schedule.clone().unwrap();
    assert_eq!((schedule.cron.text(), schedule.zone.name()), ("*/15 * * * *", "Europe/Berlin"));
    assert_eq!((schedule.jitter, schedule.missed), (Duration::from_secs(120), Missed::Skip));
    assert!(!schedule.cron.is_by_the_clock());
    let plain = sync("schedule: { cron: ' @daily ' }").settings().syncs["corp-to-bi"].schedule.clone().unwrap();
    assert_eq!((plain.cron.text(), plain.zone.name(), plain.jitter), ("@daily", "UTC", Duration::ZERO));
    assert!(plain.missed == Missed::Once && plain.cron.is_by_the_clock());
    assert!(Bench::new(GOOD).settings().syncs["corp-to-bi"].schedule.is_none());
}

#[test]
fn every_way_to_write_a_time() {
    for good in [
        "* * * * *",
        "*/10 * * * * *",
        "0 8-18/2 * * MON-FRI",
        "5,35 2 1,15 JAN,jul *",
        "0 0 L * *",
        "0 0 LW * ?",
        "0 0 15W * *",
        "0 0 * * 5L",
        "0 0 * * mon#1",
        "0 0 1-7 * +MON",
        "0 0 ? * sun",
        "0 0 * * 7",
        "0 0 * * FRI-SUN",
        "  0\\t0 * * *  ",
        "@Hourly",
        "@midnight",
        "@weekly",
        "@monthly",
        "@yearly",
        "@annually",
        "0 0 29 2 *",
        "0 0 29 2 +MON",
        "00 09 * * *",
    ] {
        let bench = sync(&format!("schedule: {{ cron: \"{good}\" }}"));
        assert!(bench.load().is_ok(), "{good}: {}", bench.problems());
    }
}

#[test]
fn a_wrong_cron_is_told_in_words() {
    assert_snapshot!(cron("*/15 * * *"), @"");
    assert_snapshot!(cron("0 0 * * * * 2027"), @"");
    assert_snapshot!(cron("60 25 * * *"), @"");
    assert_snapshot!(cron("0 25 * * *"), @"");
    assert_snapshot!(cron("0 0 * JUNE *"), @"");
    assert_snapshot!(cron("0 0 0 * *"), @"");
    assert_snapshot!(cron("0 22-6 * * *"), @"");
    assert_snapshot!(cron("0 0 * * FRI-MON"), @"");
    assert_snapshot!(cron("0/10 * * * *"), @"");
    assert_snapshot!(cron("/10 * * * *"), @"");
    assert_snapshot!(cron("*/0 * * * *"), @"");
    assert_snapshot!(cron("1,,2 * * * *"), @"");
    assert_snapshot!(cron("H * * * *"), @"");
    assert_snapshot!(cron("0 0 * * 1#6"), @"");
    assert_snapshot!(cron("0 0 32W * *"), @"");
    assert_snapshot!(cron("@every 5m"), @"");
    assert_snapshot!(cron(""), @"");
    assert_snapshot!(cron("０ 0 * * *"), @"");
}

#[test]
fn what_never_comes_is_refused() {
    for never in ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 0 31 2 *", "0 0 30,31 FEB *"] {
        assert!(cron(never).contains("never comes"), "{}", cron(never));
    }
    assert_snapshot!(cron("0 0 31 2 *"), @"");
}

#[test]
fn the_field_is_shown() {
    let bench = sync("schedule:\n  cron: \"30 25 * * *\"\n  timezone: Europe/Berln");
    assert_snapshot!(bench.rendered(), @"");
}

#[test]
fn an_unknown_time_zone() {
    let zone = |zone: &str| sync(&format!("schedule: {{ cron: '@daily', timezone: '{zone}' }}")).problems();
    assert_snapshot!(zone("Europe/Berln"), @"");
    assert_snapshot!(zone("Berlin"), @"");
    assert_snapshot!(zone("new york"), @"");
    assert_snapshot!(zone("europe/berlin"), @"");
    assert_snapshot!(zone("CEST"), @"");
    assert_snapshot!(zone("+01:00"), @"");
    assert_snapshot!(zone(""), @"");
}

#[test]
fn what_else_can_be_wrong_with_a_schedule() {
    assert_snapshot!(sync("schedule: {}").problems(), @"");
    assert_snapshot!(sync("schedule: '* * * * *'").problems(), @"");
    assert_snapshot!(sync("schedule: { cron: 5, jitter: 2, missed: all, tz: UTC }").problems(), @"");
}

#[test]
fn in_the_defaults() {
    let config = GOOD.replace(
        "sources:\n",
        "defaults: { sync: { schedule: { cron: '0 25 * * *', timezone: Europe/Berlin } } }\nsources:\n",
    );
    assert_snapshot!(Bench::new(&config).problems(), @"");
    let config = format!("{}    schedule: {{ cron: '0 5 * * *' }}\n", config.replace("25", "4"));
    let schedule = Bench::new(&config).settings().syncs["corp-to-bi"].schedule.clone().unwrap();
    assert_eq!((schedule.cron.text(), schedule.zone.name()), ("0 5 * * *", "Europe/Berlin"));
}

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn a_webhook_as_in_the_documentation() {
    let bench = sync("webhook: { secret: { file: hook-secret } }").with_file("hook-secret", format!("{SECRET}\n"));
    let webhook = bench.settings().syncs["corp-to-bi"].webhook.clone().unwrap();
    assert_eq!((webhook.scheme, webhook.secrets.len()), (Scheme::Standard, 1));
    let bench = sync("webhook: { secret: [ { env: NEW }, { command: [cat, old] } ], scheme: github }")
        .with_variable("NEW", "it is long enough for anybody");
    let settings = bench.settings();
    let webhook = settings.syncs["corp-to-bi"].webhook.clone().unwrap();
    assert_eq!((webhook.scheme, webhook.secrets.len()), (Scheme::Github, 2));
    assert!(settings.warnings.is_empty());
}

#[test]
fn what_can_be_wrong_with_a_webhook() {
    assert_snapshot!(sync("webhook: {}").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: [] }").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: { env: NO_SUCH_SECRET } }").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: [ { env: NO_SUCH_SECRET }, { file: nothing } ] }").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: { file: ts-password }, scheme: gitlab }").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: { file: ts-password } }").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: [ { file: ts-password }, { env: HOOK } ] }").with_variable("HOOK", "whsec_AAEC").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: 5 }").problems(), @"");
    assert_snapshot!(sync("webhook: { secret: [ { evn: X } ] }").problems(), @"");
}

#[test]
fn a_secret_that_anybody_could_guess_is_warned_of() {
    let bench = sync("webhook: { secret: topsecret, scheme: github }");
    let settings = bench.settings();
    assert_snapshot!(bench.without_folder(&text(&settings.warnings, Severity::Warning, Colour::Plain)), @"");
}

#[test]
fn no_secret_of_a_webhook_is_shown() {
    for writing in [
        "secret: hunter2",
        "secret: [hunter2, hunter2]",
        "secret: { hunter2: 1 }",
        "secret: [ { file: hunter2x, env: hunter2 } ]",
        "secret: [[hunter2]]",
        "secret: hunter2\n  scheme: hunter",
        "secret: [ 'whsec_hunter2' ]",
    ] {
        let bench = sync(&format!("webhook:\n  {writing}"));
        let told = match bench.load() {
            Ok(settings) => format!("{settings:?}{}", text(&settings.warnings, Severity::Warning, Colour::Plain)),
            Err(problems) => format!("{problems:?}{}", text(&problems.0, Severity::Error, Colour::Plain)),
        };
        assert!(!told.replace("hunter2x", "").contains("hunter2"), "{writing}: {told}");
    }
}

/// Who may call, and when a sync runs, is no rule: nothing is held because of it.
#[test]
fn the_rules_are_the_same() {
    let digest =
        |lines: &str| sync(lines).with_file("hook-secret", SECRET).settings().syncs["corp-to-bi"].rules_digest.clone();
    let plain = digest("applyChanges: true");
    assert_eq!(digest("schedule: { cron: '@daily' }"), plain);
    assert_eq!(digest("webhook: { secret: { file: hook-secret } }"), plain);
}
