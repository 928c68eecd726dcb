//! A saved plan is read again as it was, or not at all.

use sha2::{Digest, Sha256};

use super::bench::{HOSTILE, at, json, report, report_of, world};
use crate::plan::tests::build::{World, group, user};
use crate::plan::tests::tell;
use crate::plan::{Cause, Change, Coverage};
use crate::principal::hex;
use crate::report::{LoadError, Report, Via, load_plan};

fn load(text: &str, world: &World) -> Result<Report, LoadError> {
    load_plan(text)?.into_report(world.current().set.names().clone())
}

#[test]
fn a_plan_is_one_line_and_reads_back_to_the_same() {
    let (first, text) = (report(), json(&report()));
    assert_eq!(text.matches('\n').count(), 1, "one line, whatever the names hold");
    let again = load(&text, &world()).unwrap();
    assert_eq!(again.digest, first.digest);
    assert_eq!(json(&again), text, "byte for byte");
    assert_eq!(tell::lines(&again.plan), tell::lines(&first.plan));
    assert_eq!((again.verdict, &again.limits, again.summary()), (first.verdict, &first.limits, first.summary()));
    for cause in Cause::ALL {
        assert!(first.plan.changes.iter().flat_map(Change::causes).any(|found| found == cause), "{cause:?}");
    }
    let told: Vec<String> =
        tell::lines(&first.plan).iter().map(|line| line.split(' ').next().unwrap().into()).collect();
    for word in ["create", "update", "rename", "enable", "disable", "delete", "retain", "hold", "adopt", "note"] {
        assert!(told.iter().any(|first| first == word), "{word} in {told:?}");
    }
}

#[test]
fn a_plan_reads_back_where_groups_are_numbered_otherwise() {
    let text = json(&report());
    let mut later = world();
    later.target.reverse();
    later = later.target([group("since"), user("zoe").groups(["since"])]);
    assert_eq!(load(&text, &later).unwrap().digest, report().digest);
}

#[test]
fn a_plan_of_an_unproven_reading_reads_back_too() {
    let mut coverage = Coverage::proved("begun");
    coverage.missing.push("page 2".into());
    let unproven = report_of(&world().unproven(), coverage);
    assert_eq!(load(&json(&unproven), &world()).unwrap().digest, unproven.digest);
}

#[test]
fn a_held_membership_of_somebody_without_groups_reads_back() {
    let world = World::thoughtspot()
        .source([user("ada").mail("m").groups(["Administrator"])])
        .target([group("Administrator"), user("ada")]);
    let report = report_of(&world, Coverage::proved("read"));
    assert_eq!(load(&json(&report), &world).unwrap().digest, report.digest);
}

#[test]
fn ids_times_and_who_asked_are_not_in_the_digest() {
    let mut other = report();
    other.facts.id = "0190-b".into();
    other.facts.created = at(59);
    other.facts.requested_by.via = Via::Schedule;
    other.facts.sources[0].read_started = at(3);
    other.facts.sources[0].read_finished = at(4);
    other.facts.sources[0].data_time = None;
    assert_eq!(other.clone().seal().digest, report().digest);
    other.facts.config_digest = "sha256:01".into();
    assert_ne!(other.seal().digest, report().digest);
    let applied = super::bench::applied();
    assert_eq!(applied.seal().digest, report().digest, "what became of it is not the plan");
}

/// The digest as the documentation says, from the text alone.
fn digest_of(text: &str) -> String {
    let cut = |text: String, from: &str, to: &str| {
        let start = text.find(from).unwrap();
        let end = start + from.len() + text[start + from.len()..].find(to).unwrap();
        format!("{}{}", &text[..start], &text[end..])
    };
    let mut text = text.trim_end().to_owned();
    text = cut(text, r#""id":"#, r#""digest""#);
    text = cut(text, r#""digest":"#, r#""sync""#);
    text = cut(text, r#""created":"#, r#""tool""#);
    text = cut(text, r#""requestedBy":"#, r#""overrides""#);
    let source = text.find(r#""sources":"#).unwrap();
    let (head, tail) = text.split_at(source);
    let mut tail = tail.to_owned();
    for member in ["readStarted", "readFinished", "dataAge"] {
        let start = tail.find(&format!(r#""{member}":"#)).unwrap();
        let end = start + tail[start..].find([',', '}']).unwrap();
        tail = if tail.as_bytes()[end] == b',' {
            format!("{}{}", &tail[..start], &tail[end + 1..])
        } else {
            format!("{}{}", tail[..start].trim_end_matches(','), &tail[end..])
        };
    }
    hex("sha256:", &Sha256::digest(format!("{head}{tail}").as_bytes()))
}

#[test]
fn the_digest_can_be_recomputed_from_the_file_alone() {
    let report = report();
    assert_eq!(digest_of(&json(&report)), report.digest);
}

#[test]
fn what_was_changed_after_it_was_written_is_refused() {
    let text = json(&report());
    for (from, to) in [
        (r#""name":"ada""#, r#""name":"eda""#),
        (r#""to":"new@x""#, r#""to":"mew@x""#),
        (r#""sync":"corp-to-bi""#, r#""sync":"corp-to-bj""#),
        (r#""removeDeleted":true"#, r#""removeDeleted":false"#),
        (r#""environment":"prod""#, r#""environment":"test""#),
        (r#""verdict":"held""#, r#""verdict":"pass""#),
        (r#""remove":["old name"]"#, r#""remove":[]"#),
        (r#""action":"disable""#, r#""action":"strip""#),
        (r#""reason":"in the source, not in the target""#, r#""reason":"in the source, not in the tarfet""#),
        (r#""after":{"name":"bob""#, r#""after":{"name":"bab""#),
        (r#""complete":true"#, r#""complete":false"#),
        (r#""create":2"#, r#""create":4"#),
        (r#""advice":""#, r#""advice":"!"#),
        (r#""digest":"sha256:11""#, r#""digest":"sha256:12""#),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        let changed = text.replacen(from, to, 1);
        assert!(load(&changed, &world()).is_err(), "{to}");
        let error = load(&changed, &world()).unwrap_err();
        assert!(matches!(error, LoadError::Digest | LoadError::Shape(_)), "{error}");
    }
    assert!(load(&text.replacen("\"id\":\"0190-a\"", "\"id\":\"0190-b\"", 1), &world()).is_ok(), "an id is free");
}

#[test]
fn a_change_of_any_byte_that_the_digest_covers_is_seen() {
    let text = json(&report());
    assert!(load(&text, &world()).is_ok());
    let covered = text.find(r#""configDigest""#).unwrap()..text.find(r#""requestedBy""#).unwrap();
    let rest = text.find(r#""summary""#).unwrap()..text.trim_end().len();
    for at in covered.chain(rest).step_by(7) {
        let mut bytes = text.clone().into_bytes();
        if !bytes[at].is_ascii_alphanumeric() {
            continue;
        }
        bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(load(&changed, &world()).is_err(), "byte {at}: {}", &changed[at.saturating_sub(30)..=at]);
    }
}

#[test]
fn a_plan_that_was_laid_out_for_reading_is_still_the_same() {
    let text = json(&report());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["digest"], report().digest);
    let spaced = text.replacen("{\"schema\"", "{\n  \"schema\"", 1);
    assert!(load(&spaced, &world()).is_ok());
}

#[test]
fn what_is_no_plan_says_so() {
    assert!(matches!(load_plan("{}"), Err(LoadError::Shape(_))));
    assert!(matches!(load_plan("[]"), Err(LoadError::Shape(_))));
    let other = json(&report()).replacen("rollcall.plan/v1", "rollcall.plan/v2", 1);
    assert!(matches!(load_plan(&other), Err(LoadError::Schema(schema)) if schema == "rollcall.plan/v2"));
}

#[test]
fn a_password_is_a_mark_in_a_saved_plan() {
    let text = json(&report());
    assert!(!text.contains(super::bench::PASSWORD));
    let again = load(&text, &world()).unwrap();
    let ada = again.plan.changes.iter().find(|change| change.name() == "ada").unwrap();
    assert_eq!(ada.after().unwrap().password.as_ref().unwrap().reveal(), "");
    let hostile = again.plan.changes.iter().find(|change| change.name() == HOSTILE).unwrap();
    assert!(hostile.after().unwrap().password.is_none());
}
