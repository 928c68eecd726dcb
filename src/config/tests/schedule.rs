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
    assert_eq!((schedule.jitter, schedule.missed), (Duration::from_mins(2), Missed::Skip));
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
    assert_snapshot!(cron("*/15 * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: expected 5 fields (minute, hour, day of the month, month, day of the week), or 6 with the seconds first, found 4 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 0 * * * * 2027"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: expected 5 fields (minute, hour, day of the month, month, day of the week), or 6 with the seconds first, found 7 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("60 25 * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `60` is no minute: expected 0 to 59 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 25 * * *"), @"rollcall.yaml:14:26: syncs.corp-to-bi.schedule.cron: `25` is no hour: expected 0 to 23 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 0 * JUNE *"), @"rollcall.yaml:14:30: syncs.corp-to-bi.schedule.cron: `JUNE` is no month: expected 1 to 12 or JAN to DEC (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 0 0 * *"), @"rollcall.yaml:14:28: syncs.corp-to-bi.schedule.cron: `0` is no day of the month: expected 1 to 31 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 22-6 * * *"), @"rollcall.yaml:14:26: syncs.corp-to-bi.schedule.cron: the range `22-6` of the hour runs backwards (write two: `22-23,0-6`)");
    assert_snapshot!(cron("0 0 * * FRI-MON"), @"rollcall.yaml:14:32: syncs.corp-to-bi.schedule.cron: the range `FRI-MON` of the day of the week runs backwards (write two: `5-6,0-1`)");
    assert_snapshot!(cron("0/10 * * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `0/10` does not say up to where (write `*/10` or `0-59/10`)");
    assert_snapshot!(cron("/10 * * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `/10` does not say up to where (write `*/10`)");
    assert_snapshot!(cron("*/0 * * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: expected a step of 1 to 59 for the minute, found `0` (`*/10` is every tenth)");
    assert_snapshot!(cron("1,,2 * * * *"), @"rollcall.yaml:14:26: syncs.corp-to-bi.schedule.cron: the list of the minute has an empty item (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("H * * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `H` is no minute: expected 0 to 59 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 0 * * 1#6"), @"rollcall.yaml:14:32: syncs.corp-to-bi.schedule.cron: `1#6` is no day of the week: expected 0 to 7 or SUN to SAT (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("0 0 32W * *"), @"rollcall.yaml:14:28: syncs.corp-to-bi.schedule.cron: `32` is no day of the month: expected 1 to 31 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("@every 5m"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `@every 5m` is not known here; `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight`, `@hourly` are (every five minutes is `*/5 * * * *`)");
    assert_snapshot!(cron(""), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: expected 5 fields (minute, hour, day of the month, month, day of the week), or 6 with the seconds first, found 0 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(cron("０ 0 * * *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `０` is no minute: expected 0 to 59 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
}

#[test]
fn what_never_comes_is_refused() {
    for never in ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 0 31 2 *", "0 0 30,31 FEB *"] {
        assert!(cron(never).contains("never comes"), "{}", cron(never));
    }
    assert_snapshot!(cron("0 0 31 2 *"), @"rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: `0 0 31 2 *` never comes: no such month has such a day (the last day of each month is `L`, as in `0 0 L * *`)");
}

#[test]
fn the_field_is_shown() {
    let bench = sync("schedule:\n  cron: \"30 25 * * *\"\n  timezone: Europe/Berln");
    assert_snapshot!(bench.rendered(), @r#"
    error: syncs.corp-to-bi.schedule.cron: `25` is no hour: expected 0 to 23
      --> rollcall.yaml:15:17
       |
    15 |       cron: "30 25 * * *"
       |                 ^^^^^^^^^
       |
       = hint: such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday

    error: syncs.corp-to-bi.schedule.timezone: there is no time zone `Europe/Berln`
      --> rollcall.yaml:16:17
       |
    16 |       timezone: Europe/Berln
       |                 ^^^^^^^^^^^^
       |
       = hint: did you mean `Europe/Berlin`, `Europe/Dublin` or `Europe/Jersey`?
    "#);
}

#[test]
fn an_unknown_time_zone() {
    let zone = |zone: &str| sync(&format!("schedule: {{ cron: '@daily', timezone: '{zone}' }}")).problems();
    assert_snapshot!(zone("Europe/Berln"), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `Europe/Berln` (did you mean `Europe/Berlin`, `Europe/Dublin` or `Europe/Jersey`?)");
    assert_snapshot!(zone("Berlin"), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `Berlin` (did you mean `Europe/Berlin`?)");
    assert_snapshot!(zone("new york"), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `new york` (did you mean `America/New_York`?)");
    assert_snapshot!(zone("europe/berlin"), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `europe/berlin` (did you mean `Europe/Berlin`, `Europe/Dublin` or `Europe/Jersey`?)");
    assert_snapshot!(zone("CEST"), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `CEST` (did you mean `CET`, `EST` or `EET`?)");
    assert_snapshot!(zone("+01:00"), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `+01:00` (write a name of the IANA list, such as `Europe/Berlin`, or `UTC`)");
    assert_snapshot!(zone(""), @"rollcall.yaml:14:43: syncs.corp-to-bi.schedule.timezone: there is no time zone `` (did you mean `GB`, `NZ` or `CET`?)");
}

#[test]
fn what_else_can_be_wrong_with_a_schedule() {
    assert_snapshot!(sync("schedule: {}").problems(), @"rollcall.yaml:14:5: syncs.corp-to-bi.schedule: `cron` is missing (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
    assert_snapshot!(sync("schedule: '* * * * *'").problems(), @r#"rollcall.yaml:14:15: syncs.corp-to-bi.schedule: expected keys and values, found the text "* * * * *""#);
    assert_snapshot!(sync("schedule: { cron: 5, jitter: 2, missed: all, tz: UTC }").problems(), @"
    rollcall.yaml:14:23: syncs.corp-to-bi.schedule.cron: expected text, found the number 5 (put it in quotes)
    rollcall.yaml:14:34: syncs.corp-to-bi.schedule.jitter: expected a duration such as `30s`, `15m` or `30d`, found the number 2
    rollcall.yaml:14:45: syncs.corp-to-bi.schedule.missed: expected `once` or `skip`, found `all`
    rollcall.yaml:14:50: syncs.corp-to-bi.schedule.tz: unknown key `tz` (the keys known here are `cron`, `timezone`, `jitter`, `missed`)
    ");
}

#[test]
fn in_the_defaults() {
    let config = GOOD.replace(
        "sources:\n",
        "defaults: { sync: { schedule: { cron: '0 25 * * *', timezone: Europe/Berlin } } }\nsources:\n",
    );
    assert_snapshot!(Bench::new(&config).problems(), @"rollcall.yaml:1:42: defaults.sync.schedule.cron: `25` is no hour: expected 0 to 23 (such as `*/15 * * * *`, every quarter of an hour, or `30 2 * * 1-5`, at 02:30 from Monday to Friday)");
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
    assert_snapshot!(sync("webhook: {}").problems(), @"rollcall.yaml:14:5: syncs.corp-to-bi.webhook: `secret` is missing (write `{ env: NAME }` or `{ file: PATH }`)");
    assert_snapshot!(sync("webhook: { secret: [] }").problems(), @"rollcall.yaml:14:24: syncs.corp-to-bi.webhook.secret: expected 1 to 10 secrets, found 0");
    assert_snapshot!(sync("webhook: { secret: { env: NO_SUCH_SECRET } }").problems(), @"rollcall.yaml:14:24: syncs.corp-to-bi.webhook.secret: environment variable NO_SUCH_SECRET is not set (set it before rollcall starts)");
    assert_snapshot!(sync("webhook: { secret: [ { env: NO_SUCH_SECRET }, { file: nothing } ] }").problems(), @"
    rollcall.yaml:14:26: syncs.corp-to-bi.webhook.secret[0]: environment variable NO_SUCH_SECRET is not set (set it before rollcall starts)
    rollcall.yaml:14:51: syncs.corp-to-bi.webhook.secret[1]: cannot read nothing: No such file or directory (os error 2) (a relative path is looked up beside the configuration file, then in $CREDENTIALS_DIRECTORY)
    ");
    assert_snapshot!(sync("webhook: { secret: { file: ts-password }, scheme: gitlab }").problems(), @r#"
    rollcall.yaml:14:24: syncs.corp-to-bi.webhook.secret: it is no secret of Standard Webhooks (it is `whsec_` and 24 to 64 bytes in base64: `echo "whsec_$(openssl rand -base64 32)"` makes one; where the sender gives you another kind, write `scheme: github`)
    rollcall.yaml:14:55: syncs.corp-to-bi.webhook.scheme: expected `standard` or `github`, found `gitlab` (did you mean `github`?)
    "#);
    assert_snapshot!(sync("webhook: { secret: { file: ts-password } }").problems(), @r#"rollcall.yaml:14:24: syncs.corp-to-bi.webhook.secret: it is no secret of Standard Webhooks (it is `whsec_` and 24 to 64 bytes in base64: `echo "whsec_$(openssl rand -base64 32)"` makes one; where the sender gives you another kind, write `scheme: github`)"#);
    assert_snapshot!(sync("webhook: { secret: [ { file: ts-password }, { env: HOOK } ] }").with_variable("HOOK", "whsec_AAEC").problems(), @r#"
    rollcall.yaml:14:26: syncs.corp-to-bi.webhook.secret[0]: it is no secret of Standard Webhooks (it is `whsec_` and 24 to 64 bytes in base64: `echo "whsec_$(openssl rand -base64 32)"` makes one; where the sender gives you another kind, write `scheme: github`)
    rollcall.yaml:14:49: syncs.corp-to-bi.webhook.secret[1]: it is no secret of Standard Webhooks (it is `whsec_` and 24 to 64 bytes in base64: `echo "whsec_$(openssl rand -base64 32)"` makes one; where the sender gives you another kind, write `scheme: github`)
    "#);
    assert_snapshot!(sync("webhook: { secret: 5 }").problems(), @"rollcall.yaml:14:24: syncs.corp-to-bi.webhook.secret: expected `{ env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, …] }` or quoted text");
    assert_snapshot!(sync("webhook: { secret: [ { evn: X } ] }").problems(), @"rollcall.yaml:14:24: syncs.corp-to-bi.webhook.secret: expected `{ env: NAME }`, `{ file: PATH }`, `{ command: [PROGRAM, …] }` or quoted text");
}

#[test]
fn a_secret_that_anybody_could_guess_is_warned_of() {
    let bench = sync("webhook: { secret: topsecret, scheme: github }");
    let settings = bench.settings();
    assert_snapshot!(bench.without_folder(&text(&settings.warnings, Severity::Warning, Colour::Plain)), @"
    warning: syncs.corp-to-bi.webhook.secret: the secret has fewer than 16 letters
    --> rollcall.yaml:14:24
     = note: the line is not shown: it may hold a secret
     = hint: `openssl rand -hex 32` makes one that nobody guesses

    warning: syncs.corp-to-bi.webhook.secret: the secret stands in the configuration: whoever reads the file has it
    --> rollcall.yaml:14:24
     = note: the line is not shown: it may hold a secret
     = hint: write `{ env: NAME }` or `{ file: PATH }`
    ");
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
