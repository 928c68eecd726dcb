//! What people read, word by word. The samples of `docs/notifications.md` are these.

use insta::assert_snapshot;

use super::bench::{event, in_part, minute, privileged, recovery, removals};
use crate::connector::FailureClass;
use crate::guard::GuardName;
use crate::notify::{Breach, Event, Failure, Notice, Partial, Trouble, chat};

fn told(event: &Event) -> String {
    let notice = Notice::of(event);
    format!("{}\n\n{}", notice.title, notice.text())
}

fn guide() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/notifications.md");
    std::fs::read_to_string(path).unwrap()
}

/// The page shows what is really sent.
#[track_caller]
fn is_in_the_guide(text: &str) {
    assert!(guide().contains(text.trim_end()), "docs/notifications.md lacks:\n{text}");
}

#[test]
fn refused() {
    let event = event(super::bench::refused());
    is_in_the_guide(&told(&event));
    is_in_the_guide(&chat::text(&Notice::of(&event)));
}

#[test]
fn failed() {
    let event = event(super::bench::failed(FailureClass::Unreachable));
    is_in_the_guide(&told(&event));
}

#[test]
fn refused_credentials() {
    let event = event(super::bench::failed(FailureClass::Denied));
    is_in_the_guide(&told(&event));
}

#[test]
fn failed_within() {
    let failure = Failure {
        class: None,
        of: "the state database".into(),
        why: "the state cannot be written: disk full".into(),
        hint: Some("make room".into()),
        untouched: false,
    };
    assert_snapshot!(told(&event(Trouble::Failed(failure))), @"
    [prod] corp-to-bi: failed, the state database cannot be used

    This run of corp-to-bi failed: the state database cannot be used.

    Why
      - the state cannot be written: disk full

    What to do next
      - Make room
      - When it is put right, run it by hand:
          rollcall apply corp-to-bi
      - Until 2026-01-02 03:19 UTC no run begins by itself: the last run failed. By hand it may at any time.

    Where: environment prod, run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC
    ");
}

#[test]
fn applied_in_part() {
    let event = event(in_part(53, 3));
    is_in_the_guide(&told(&event));
    let partial = Partial {
        target: "bi".into(),
        done: 40,
        failed: 6,
        set_aside: 2,
        not_tried: 72,
        classes: vec![(FailureClass::Denied, 1), (FailureClass::Unreachable, 5)],
        differing: None,
    };
    assert_snapshot!(told(&super::bench::event(Trouble::Partial(partial))), @"
    [prod] corp-to-bi: applied in part, 78 of 120 changes were not done

    This run of corp-to-bi did not do everything: 78 of 120 changes were not done.

    Why
      - 40 done, 6 failed
      - 1 failed: target bi refuses access
      - 5 failed: target bi does not answer
      - 72 not tried after that
      - 2 set aside: changed in the target meanwhile
      - the target could not be read again, so that nothing is verified

    The plan
      - users: 1 to create, 3 to update, 52 to delete; groups: 1 held

    What to do next
      - See what is left to do; the next run tries again by itself:
          rollcall plan corp-to-bi

    Where: environment prod, run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC
    ");
    let unlike = Partial { done: 9, differing: Some(1), ..Partial::default() };
    assert_snapshot!(told(&super::bench::event(Trouble::Partial(unlike))), @"
    [prod] corp-to-bi: applied in part, 1 change does not show in the target

    This run of corp-to-bi did not do everything: 1 change does not show in the target.

    Why
      - 9 done, 0 failed
      - the target was read again: 1 still to do

    The plan
      - users: 1 to create, 3 to update, 52 to delete; groups: 1 held

    What to do next
      - See what is left to do; the next run tries again by itself:
          rollcall plan corp-to-bi

    Where: environment prod, run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC
    ");
}

#[test]
fn waiting() {
    let event = event(Trouble::FirstRun);
    is_in_the_guide(&told(&event));
    let held = super::bench::event(Trouble::Held(vec![privileged()]));
    is_in_the_guide(&told(&held));
    assert_snapshot!(told(&super::bench::event(Trouble::Approval)), @"
    [prod] corp-to-bi: waits for approval

    A plan of corp-to-bi waits for somebody to approve it. Nothing was written.

    What to do next
      - If the plan is right:
          rollcall approve 01940b6e-7c00-7000-8000-000000000001 --comment TEXT
      - If it is not:
          rollcall reject 01940b6e-7c00-7000-8000-000000000001 --comment TEXT

    Where: environment prod, run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC
    ");
}

#[test]
fn unproven() {
    let missing = "source corp: ou=people,dc=example,dc=org: size limit exceeded (result code 4) (and 1 more)";
    assert_snapshot!(told(&event(Trouble::Unproven(vec![missing.into()]))), @"
    [prod] corp-to-bi: removals withheld, a reading is not proven whole

    This run of corp-to-bi removed nobody: a reading is not proven whole, and who is missing from it may still be there.

    Why
      - source corp: ou=people,dc=example,dc=org: size limit exceeded (result code 4) (and 1 more)

    What to do next
      - Nothing, if the next run reads everything: the removals follow then.
      - If this comes again, see what the source says:
          rollcall check

    Where: environment prod, run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC
    ");
}

#[test]
fn recovered() {
    let event = recovery(super::bench::refused(), 90);
    is_in_the_guide(&told(&event));
    let title = |of| Notice::of(&recovery(of, 90)).title;
    assert_eq!(
        title(Trouble::FirstRun),
        "[prod] corp-to-bi: recovered, it had been waiting since 2026-01-02 03:04 UTC"
    );
    let failed = super::bench::failed(FailureClass::Denied);
    assert_eq!(title(failed), "[prod] corp-to-bi: recovered, it had been failing since 2026-01-02 03:04 UTC");
}

#[test]
fn without_an_environment_and_with_a_report() {
    let mut event = event(super::bench::refused());
    event.run.environment = None;
    event.run.report = Some("https://rollcall.example.org/runs/1".into());
    let text = told(&event);
    assert!(text.starts_with("corp-to-bi: refused, 52 of 100 users would be removed (limit 20 %), and 1 more limit\n"));
    assert!(text.ends_with("Where: run 01940b6e-7c00-7000-8000-000000000001, 2026-01-02 03:04 UTC\nThe report: https://rollcall.example.org/runs/1\n"), "{text}");
}

/// Every limit, in the words of a person.
#[test]
fn limits() {
    let of = |name: GuardName| match name {
        GuardName::Removals | GuardName::Creations | GuardName::Updates | GuardName::Clears => Some("users"),
        GuardName::ExpectMin | GuardName::ExpectShrink => Some("users of source corp"),
        GuardName::ExpectSentinels | GuardName::ExpectMaxAge => Some("source corp"),
        _ => None,
    };
    let lines = GuardName::ALL.into_iter().map(|name| {
        let limit = (!matches!(name, GuardName::FirstRun | GuardName::ConfigChange)).then_some(20);
        let breach = Breach { name, of: of(name).map(str::to_owned), limit, base: None, percent: None, ..removals() };
        format!("{}: {}", name.text(), breach.sentence())
    });
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    source.empty: a source gave nobody at all
    expect.min: only 52 users of source corp were read (at least 20)
    expect.shrink: 52 fewer users of source corp were read than last time (limit 20)
    expect.sentinels: source corp lacks 52 sentinels
    expect.maxAge: the data of source corp is 52s old (at most 20s)
    removals: 52 users would be removed (limit 20)
    budget: 52 principals would be removed within the window (limit 20)
    groupRemovals: one group would lose 52 members (limit 20)
    creations: 52 users would be created (limit 20)
    updates: 52 users would be changed (limit 20)
    clears: 52 users would lose a value (limit 20)
    admins: 52 administrators would be left (at least 20)
    privileged: 52 principals would get privileges
    firstRun: it would be the first apply of this sync
    configChange: the rules were changed since a person last applied
    ");
    let last = Breach { value: Some(3), base: Some(3), limit: Some(1), percent: None, ..removals() };
    assert_eq!(last.sentence(), "all 3 users would be removed (never the last one)");
    let many = Breach { value: Some(1501), base: Some(20_000), limit: Some(500), percent: None, ..removals() };
    assert_eq!(many.sentence(), "1,501 of 20,000 users would be removed (limit 500)");
    let silent =
        Breach { name: GuardName::ExpectMaxAge, value: Some(u64::MAX), of: Some("source corp".into()), ..removals() };
    assert_eq!(silent.what(), "source corp does not say how old its data is");
}

#[test]
fn a_notice_of_many_limits_is_short() {
    let many: Vec<_> = (0..40).map(|_| removals()).collect();
    let notice = Notice::of(&event(Trouble::Refused(many)));
    assert_eq!((notice.why.len(), notice.why[10].as_str()), (11, "and 30 more"));
    assert_eq!(notice.next[1].command.as_deref(), Some("rollcall apply corp-to-bi --override removals --reason TEXT"));
}

#[test]
fn the_time_of_a_notice_is_that_of_its_run() {
    assert_eq!(crate::notify::notice::time(minute(0)), "2026-01-02 03:04 UTC");
}
