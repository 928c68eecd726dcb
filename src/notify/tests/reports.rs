//! From what the guard and an apply really said to what is told of it.

use std::sync::Arc;

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::bench::minute;
use crate::connector::{ConnectorError, FailureClass, Outcome};
use crate::guard::{Evidence, Limits, Override, Readings, Reviewed, SourceEvidence, Spending, review};
use crate::notify::{Ended, Ending, Health, Notice, Watch, decide};
use crate::plan::tests::build::{World, group, user, users};
use crate::plan::{Coverage, Forecast};
use crate::principal::Kind;
use crate::report::{Facts, Phase, Report, RequestedBy, SourceFacts, TargetFacts, Tool, Verification, Via};

/// A sync that nobody watches, and what the guard knows of it.
struct Bench {
    world: World,
    limits: Limits,
    source: SourceEvidence,
    first: bool,
    changed: bool,
    overrides: Vec<Override>,
}

fn bench(world: World) -> Bench {
    let source = SourceEvidence { name: "corp".into(), users: 100, ..SourceEvidence::default() };
    Bench { world, limits: Limits::default(), source, first: false, changed: false, overrides: Vec::new() }
}

/// So many users in the source, and so many in the target.
fn company(source: usize, target: usize) -> Bench {
    let mut bench = bench(World::file().source(users(0..source)).target(users(0..target)));
    bench.source.users = source;
    bench
}

impl Bench {
    fn review(&self) -> Reviewed {
        let current = self.world.current();
        let evidence = Evidence {
            current: &current.set,
            can: &self.world.can,
            sources: Readings::Measured(std::slice::from_ref(&self.source)),
            unattended: true,
            never_applied: self.first,
            never_completed: self.first,
            config_changed: self.changed,
            overrides: &self.overrides,
            spent: Spending::default(),
        };
        review(self.world.plan(), &self.limits, &evidence)
    }

    fn report(&self, phase: Phase) -> Report {
        let reviewed = self.review();
        let target = self.world.current().set;
        Report {
            facts: facts(self.world.coverage.clone(), target.count(Kind::User)),
            plan: Arc::clone(&reviewed.plan()),
            rejected: Vec::new(),
            lint: Vec::new(),
            limits: reviewed.limits,
            verdict: reviewed.verdict,
            forecast: Forecast::default(),
            phase,
            digest: String::new(),
            trail: None,
        }
    }

    fn planned(&self) -> Ended {
        self.ended(&self.report(Phase::Planned))
    }

    /// An apply with an outcome for each change, in their order; the last one is that of all the others.
    fn applied(&self, outcomes: &[Outcome], remaining: usize, error: Option<ConnectorError>) -> Ended {
        let changes = self.review().plan().changes.len();
        let outcome = |at: usize| outcomes[at.min(outcomes.len() - 1)].clone();
        let verification = Verification { finished: minute(2), remaining, digest: String::new(), error };
        self.ended(&self.report(Phase::Applied {
            started: minute(1),
            finished: minute(2),
            outcomes: (0..changes).map(outcome).collect(),
            remarks: Vec::new(),
            calls: 0,
            verification: Some(Box::new(verification)),
        }))
    }

    fn ended(&self, report: &Report) -> Ended {
        Ended::of_report(report, &self.limits, Watch::Nobody, None)
    }
}

fn facts(coverage: Coverage, users: usize) -> Facts {
    let whole = Coverage::proved("listed");
    let target = TargetFacts {
        name: "bi".into(),
        kind: "file".into(),
        users,
        groups: 0,
        coverage: whole,
        digest: String::new(),
    };
    let source = SourceFacts {
        name: "corp".into(),
        kind: "csv".into(),
        users: 0,
        groups: 0,
        coverage,
        read_started: minute(0),
        read_finished: minute(0),
        data_time: None,
        digest: String::new(),
    };
    Facts {
        id: "run-1".into(),
        sync: "corp-to-bi".into(),
        created: minute(0),
        tool: Tool::this(),
        environment: Some("prod".into()),
        config_digest: String::new(),
        requested_by: RequestedBy { via: Via::Schedule, who: "schedule".into(), host: "here".into() },
        overrides: Vec::new(),
        only: Vec::new(),
        undoes: None,
        apply_changes: true,
        remove_deleted: true,
        needs_person: false,
        sources: vec![source],
        target,
    }
}

/// The title and the reasons of what is told.
fn told(ended: &Ended) -> String {
    let Some(event) = decide(ended, &Health::default()).event else { return format!("{:?}", ended.ending) };
    let notice = Notice::of(&event);
    [vec![notice.title], notice.why].concat().join("\n")
}

fn error(class: FailureClass, what: &str) -> ConnectorError {
    ConnectorError::new(class, format!("creating user `{what}`"), "the answer is 500").with_hint("look there")
}

#[test]
fn a_file_that_was_cut_to_half() {
    let mut bench = company(48, 100);
    bench.source.last = Some((100, 0));
    assert_snapshot!(told(&bench.planned()), @"
    [prod] corp-to-bi: refused, 52 of 100 users would be removed (limit 20 %), and 1 more limit
    expect.shrink: 52 fewer users of source corp were read than last time (limit 20)
    removals: 52 of 100 users would be removed (limit 20 %)
    ");
}

#[test]
fn the_number_and_not_the_share_may_be_the_limit() {
    let mut bench = company(48, 100);
    bench.limits = serde_yaml::from_str("removals: { percent: 60, count: 50 }").unwrap();
    assert_snapshot!(told(&bench.planned()), @"
    [prod] corp-to-bi: refused, 52 of 100 users would be removed (limit 50)
    removals: 52 of 100 users would be removed (limit 50)
    ");
    // So small a target has a limit of its own.
    let small = company(5, 8);
    assert_snapshot!(told(&small.planned()), @"
    [prod] corp-to-bi: refused, 3 of 8 users would be removed (limit 1)
    removals: 3 of 8 users would be removed (limit 1)
    ");
}

#[test]
fn other_limits() {
    let mut many = company(200, 100);
    assert_snapshot!(told(&many.planned()), @"
    [prod] corp-to-bi: refused, 100 users would be created beside 100 (limit 50 %)
    creations: 100 users would be created beside 100 (limit 50 %)
    ");
    many.source = SourceEvidence {
        users: 3,
        missing_sentinels: vec!["user:ada".into(), "user:bob".into()],
        age: Some(std::time::Duration::from_hours(2)),
        expect: serde_yaml::from_str("{ users: { min: 10 }, sentinels: ['user:ada', 'user:bob'], maxAge: 1h }")
            .unwrap(),
        ..many.source
    };
    many.limits = serde_yaml::from_str("creations: off").unwrap();
    let text = told(&many.planned());
    assert_snapshot!(text, @"
    [prod] corp-to-bi: refused, only 3 users of source corp were read (at least 10), and 2 more limits
    expect.min: only 3 users of source corp were read (at least 10)
    expect.sentinels: source corp lacks 2 sentinels
    expect.maxAge: the data of source corp is 2h old (at most 1h)
    ");
    assert!(!text.contains("ada"), "a notice names nobody");
}

#[test]
fn a_first_apply_waits_for_a_person() {
    let mut bench = company(100, 90);
    bench.first = true;
    assert_snapshot!(told(&bench.planned()), @"[prod] corp-to-bi: waits for a person, its first apply is by hand");
    let mut bench = company(30, 100);
    bench.first = true;
    assert!(told(&bench.planned()).starts_with("[prod] corp-to-bi: refused, 70 of 100 users"));
}

#[test]
fn what_the_guard_holds_waits_for_a_person() {
    let world = World::thoughtspot()
        .source([user("ada").groups(["Administrator"]), user("bob").display("Bob"), group("Administrator")])
        .target([user("ada").groups([]), user("bob"), group("Administrator")]);
    let held = bench(world);
    assert_snapshot!(told(&held.applied(&[Outcome::Done], 0, None)), @"
    [prod] corp-to-bi: waits for a person, 1 principal would get privileges
    privileged: 1 principal would get privileges
    ");
    let mut changed = company(95, 100);
    changed.changed = true;
    assert_snapshot!(told(&changed.planned()), @"
    [prod] corp-to-bi: waits for a person, the rules were changed since a person last applied
    configChange: the rules were changed since a person last applied
    ");
}

#[test]
fn a_limit_that_was_lifted_is_no_trouble() {
    let mut bench = company(48, 100);
    bench.overrides = vec![Override { guard: crate::guard::GuardName::Removals, reason: "ticket 4711".into() }];
    assert_eq!(bench.planned().ending, Ending::Good);
}

#[test]
fn an_apply_that_did_everything_is_well() {
    let bench = company(101, 100);
    let ended = bench.applied(&[Outcome::Done], 0, None);
    assert_eq!(ended.ending, Ending::Good);
    assert_eq!(ended.run.ended, minute(0) + TimeDelta::minutes(2));
    assert_eq!(company(100, 100).planned().ending, Ending::Good);
}

#[test]
fn an_apply_of_which_nothing_could_be_done() {
    let bench = company(103, 100);
    let failed = Outcome::Failed(error(FailureClass::Unreachable, "u0100"));
    assert_snapshot!(told(&bench.applied(std::slice::from_ref(&failed), 3, None)), @"
    [prod] corp-to-bi: failed, target bi does not answer
    creating user `u0100`: the answer is 500
    ");
    // What failed with one alone may name the one.
    let one = told(&company(101, 100).applied(&[failed], 1, None));
    assert_snapshot!(one, @"
    [prod] corp-to-bi: failed, target bi does not answer
    the one change of the plan failed
    ");
}

#[test]
fn an_apply_in_part() {
    let bench = company(110, 100);
    let outcomes = [
        Outcome::Failed(error(FailureClass::Conflict, "u0100")),
        Outcome::Failed(error(FailureClass::Unreachable, "u0101")),
        Outcome::SetAside("mail was changed".into()),
        Outcome::NotTried("given up".into()),
        Outcome::Done,
    ];
    let text = told(&bench.applied(&outcomes, 0, None));
    assert_snapshot!(text, @"
    [prod] corp-to-bi: applied in part, 3 of 10 changes were not done
    6 done, 2 failed
    1 failed: target bi refuses what was asked for
    1 failed: target bi does not answer
    1 not tried after that
    1 set aside: changed in the target meanwhile
    ");
    assert!(!text.contains("u010"), "a notice names nobody");
    assert_snapshot!(told(&bench.applied(&[Outcome::Done], 2, None)), @"
    [prod] corp-to-bi: applied in part, 2 changes do not show in the target
    10 done, 0 failed
    the target was read again: 2 still to do
    ");
    assert_snapshot!(told(&bench.applied(&[Outcome::Done], 0, Some(error(FailureClass::Unreachable, "x")))), @"
    [prod] corp-to-bi: applied in part, the target could not be read again
    10 done, 0 failed
    the target could not be read again, so that nothing is verified
    ");
}

#[test]
fn items_that_moved_are_left_to_the_next_run() {
    let bench = company(110, 100);
    let moved = Outcome::SetAside("it was changed".into());
    assert_eq!(bench.applied(&[moved.clone(), Outcome::Done], 0, None).ending, Ending::Unsettled);
    assert_eq!(bench.applied(&[moved], 0, None).ending, Ending::Unsettled);
}

#[test]
fn removals_that_are_withheld_for_want_of_proof() {
    let mut bench = company(95, 100);
    bench.world = bench.world.unproven();
    assert_snapshot!(told(&bench.planned()), @"
    [prod] corp-to-bi: removals withheld, a reading is not proven whole
    source corp: page 2 is missing
    ");
}

/// What gave no report: told in the words of its error, but for what never began.
#[test]
fn a_run_that_gave_no_report() {
    use crate::run::RunError;
    use crate::store::StoreError;
    let error = || ConnectorError::new(FailureClass::Denied, "reading it", "no").with_hint("look there");
    let told = |error: &RunError| {
        let failure = error.failure("bi")?;
        Some(format!("{} {:?}: {} ({})", failure.of, failure.class, failure.why, failure.hint.unwrap_or_default()))
    };
    let lines = [
        RunError::Connector(error()),
        RunError::Source { name: "corp".into(), error: error() },
        RunError::Build {
            name: "bi".into(),
            problems: vec![crate::connector::BuildError::new("url", "`url` is missing")],
        },
        RunError::Password(crate::connector::SecretError::new("it is empty".into())),
    ];
    assert_snapshot!(lines.iter().filter_map(told).collect::<Vec<_>>().join("\n"), @"
    target bi Some(Denied): reading it: no (look there)
    source corp Some(Denied): reading it: no (look there)
    the configuration of bi None: cannot build `bi`: url: `url` is missing ()
    the password for new users None: cannot get a password for new users: it is empty (see `password` of the sync)
    ");
    assert_eq!(told(&RunError::Stale("the configuration was changed".into())), None);
    let busy = StoreError::Busy { target: "bi".into() };
    assert_eq!(told(&RunError::Store(busy)), None);
}
