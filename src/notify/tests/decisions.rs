//! What is news, told run by run: at which minute a run ended how; what was told, and how long the sync is left alone.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::bench::{ended, failed, in_part, minute, privileged, refused, removals, trouble};
use crate::connector::FailureClass;
use crate::notify::{BACK_OFF, Ended, Ending, Failure, Health, Partial, Trouble, Watch, decide};

/// One line a run: what was told, failures in a row, for how many minutes nobody tries.
fn story(runs: &[Ended]) -> String {
    let mut health = Health::default();
    let mut lines = Vec::new();
    for ended in runs {
        let decision = decide(ended, &health);
        health = decision.health;
        let told = decision.event.map_or("-", |event| event.kind().word());
        let pause = health.pause.as_ref().map(|pause| (pause.until - ended.run.ended).num_minutes());
        let pause = pause.map_or(String::new(), |minutes| format!(", {minutes} min"));
        lines.push(format!("{told}: {} failures{pause}", health.failures));
    }
    lines.join("\n")
}

fn good(at: i64) -> Ended {
    ended(at, Ending::Good)
}

fn by_hand(ended: Ended) -> Ended {
    Ended { watch: Watch::ByHand, ..ended }
}

#[test]
fn all_is_well() {
    assert_snapshot!(story(&[good(0), good(15), ended(30, Ending::Unsettled)]), @"
    -: 0 failures
    -: 0 failures
    -: 0 failures
    ");
}

#[test]
fn a_refusal_is_told_once_and_so_is_its_end() {
    assert_snapshot!(story(&[trouble(0, refused()), trouble(15, refused()), trouble(30, refused()), good(45), good(60)]), @"
    refused: 0 failures
    -: 0 failures
    -: 0 failures
    recovered: 0 failures
    -: 0 failures
    ");
}

#[test]
fn another_reason_is_news() {
    let one_limit = Trouble::Refused(vec![removals()]);
    let runs = [
        trouble(0, refused()),
        trouble(15, one_limit),
        trouble(30, Trouble::Held(vec![privileged()])),
        trouble(45, Trouble::FirstRun),
        trouble(60, Trouble::Unproven(vec!["source corp: page 2 is missing".into()])),
        trouble(75, Trouble::Approval),
        trouble(90, refused()),
        good(105),
    ];
    assert_snapshot!(story(&runs), @"
    refused: 0 failures
    refused: 0 failures
    waiting: 0 failures
    waiting: 0 failures
    refused: 0 failures
    waiting: 0 failures
    refused: 0 failures
    recovered: 0 failures
    ");
}

#[test]
fn other_numbers_are_not() {
    let mut worse = removals();
    worse.value = Some(60);
    let runs = [trouble(0, Trouble::Refused(vec![removals()])), trouble(15, Trouble::Refused(vec![worse]))];
    assert_snapshot!(story(&runs), @"
    refused: 0 failures
    -: 0 failures
    ");
    let proofs = |proof: &str| trouble(0, Trouble::Unproven(vec![proof.into()]));
    assert!(!story(&[proofs("page 2 is missing"), proofs("page 3 is missing")]).contains("\nrefused"));
}

#[test]
fn failures_in_a_row_put_the_next_run_off() {
    let down = |at| trouble(at, failed(FailureClass::Unreachable));
    let runs = [down(0), down(20), down(90), down(400), down(1200), down(3000), down(5000), good(7000), down(7015)];
    assert_snapshot!(story(&runs), @"
    failed: 1 failures, 15 min
    -: 2 failures, 60 min
    -: 3 failures, 240 min
    -: 4 failures, 720 min
    -: 5 failures, 1440 min
    -: 6 failures, 1440 min
    -: 7 failures, 1440 min
    recovered: 0 failures
    failed: 1 failures, 15 min
    ");
}

#[test]
fn refused_credentials_stop_at_once() {
    let denied = |at| trouble(at, failed(FailureClass::Denied));
    assert_snapshot!(story(&[denied(0), denied(1440), good(2880)]), @"
    failed: 1 failures, 1440 min
    -: 2 failures, 1440 min
    recovered: 0 failures
    ");
}

#[test]
fn a_guard_that_refuses_puts_nothing_off_and_ends_a_row_of_failures() {
    let runs = [
        trouble(0, failed(FailureClass::Unreachable)),
        trouble(15, failed(FailureClass::Unreachable)),
        trouble(75, refused()),
        trouble(90, failed(FailureClass::Unreachable)),
    ];
    assert_snapshot!(story(&runs), @"
    failed: 1 failures, 15 min
    -: 2 failures, 60 min
    refused: 0 failures
    failed: 1 failures, 15 min
    ");
}

#[test]
fn another_class_of_failure_or_another_place_is_another_reason() {
    let of_target = Trouble::Failed(Failure {
        of: "target bi".into(),
        ..match failed(FailureClass::Unreachable) {
            Trouble::Failed(failure) => failure,
            other => panic!("{other:?}"),
        }
    });
    let other_words = Trouble::Failed(Failure {
        class: Some(FailureClass::Denied),
        of: "target bi".into(),
        why: "request 4711 was refused".into(),
        hint: None,
        untouched: true,
    });
    let more_words = Trouble::Failed(Failure {
        why: "request 4712 was refused".into(),
        ..match other_words.clone() {
            Trouble::Failed(failure) => failure,
            other => panic!("{other:?}"),
        }
    });
    let runs = [
        trouble(0, failed(FailureClass::Unreachable)),
        trouble(15, of_target),
        trouble(75, other_words),
        trouble(1515, more_words),
    ];
    assert_snapshot!(story(&runs), @"
    failed: 1 failures, 15 min
    failed: 2 failures, 60 min
    failed: 3 failures, 1440 min
    -: 4 failures, 1440 min
    ");
}

#[test]
fn an_apply_in_part_is_told_and_puts_off_only_where_much_of_it_failed() {
    let denied = |done, not_tried| {
        trouble(
            0,
            Trouble::Partial(Partial {
                done,
                failed: 3,
                not_tried,
                classes: vec![(FailureClass::Denied, 3)],
                differing: Some(0),
                ..Partial::default()
            }),
        )
    };
    let told = |ended: Ended| story(&[ended]);
    assert_eq!(told(trouble(0, in_part(117, 3))), "failed: 0 failures");
    assert_eq!(told(trouble(0, in_part(12, 8))), "failed: 0 failures");
    assert_eq!(told(trouble(0, in_part(11, 9))), "failed: 1 failures, 15 min");
    assert_eq!(told(trouble(0, in_part(1, 9))), "failed: 0 failures");
    // One object that may not be changed is no matter of the credentials; the end of all trying is.
    assert_eq!(told(denied(117, 0)), "failed: 0 failures");
    assert_eq!(told(denied(117, 40)), "failed: 1 failures, 1440 min");
}

#[test]
fn who_runs_by_hand_is_told_by_the_run_itself() {
    let runs = [
        by_hand(trouble(0, failed(FailureClass::Denied))),
        by_hand(trouble(5, refused())),
        trouble(15, failed(FailureClass::Denied)),
        by_hand(trouble(20, refused())),
        by_hand(good(25)),
        good(30),
    ];
    assert_snapshot!(story(&runs), @"
    -: 0 failures
    -: 0 failures
    failed: 1 failures, 1440 min
    -: 1 failures, 1435 min
    recovered: 0 failures
    -: 0 failures
    ");
}

#[test]
fn items_that_moved_are_no_news_and_no_recovery() {
    let runs = [
        trouble(0, failed(FailureClass::Unreachable)),
        ended(20, Ending::Unsettled),
        trouble(35, failed(FailureClass::Unreachable)),
        good(60),
    ];
    assert_snapshot!(story(&runs), @"
    failed: 1 failures, 15 min
    -: 0 failures
    -: 1 failures, 15 min
    recovered: 0 failures
    ");
}

#[test]
fn a_run_without_a_person_waits_until_the_pause_is_over_and_not_longer() {
    assert_eq!(Health::default().may_run(minute(0)), Ok(()));
    let health = decide(&trouble(0, failed(FailureClass::Unreachable)), &Health::default()).health;
    let quarantined = health.may_run(minute(14)).unwrap_err();
    assert_eq!(quarantined.until, minute(15));
    assert_snapshot!(quarantined, @"no run without a person before 2026-01-02 03:19 UTC: the last run failed");
    assert_eq!(health.may_run(minute(15)), Ok(()));
    let health = decide(&trouble(15, failed(FailureClass::Unreachable)), &health).health;
    assert_snapshot!(health.may_run(minute(16)).unwrap_err(), @"no run without a person before 2026-01-02 04:19 UTC: 2 runs in a row failed");
    let health = decide(&trouble(75, failed(FailureClass::Denied)), &health).health;
    assert_snapshot!(health.may_run(minute(76)).unwrap_err(), @"no run without a person before 2026-01-03 04:19 UTC: access was refused, and another try may lock the account");
}

#[test]
fn the_pauses_grow_to_a_day() {
    let minutes: Vec<_> = BACK_OFF.iter().map(|pause| TimeDelta::from_std(*pause).unwrap().num_minutes()).collect();
    assert_eq!(minutes, [15, 60, 240, 720, 1440]);
}

/// It is kept between runs, and a later version may have more members.
#[test]
fn health_is_kept_as_json() {
    let health = decide(&trouble(0, failed(FailureClass::Denied)), &Health::default()).health;
    let text = serde_json::to_string(&health).unwrap();
    assert_snapshot!(text, @r#"{"failures":1,"told":{"kind":"failed","reason":"failed: source corp denied","since":"2026-01-02T03:04:05Z"},"pause":{"until":"2026-01-03T03:04:05Z","failures":1,"denied":true}}"#);
    assert_eq!(serde_json::from_str::<Health>(&text).unwrap(), health);
    assert_eq!(serde_json::from_str::<Health>("{}").unwrap(), Health::default());
}
