//! A report of a small world, every kind of item in it.

use chrono::{DateTime, TimeZone, Utc};

use crate::connector::{ConnectorError, FailureClass, Outcome, Rejected};
use crate::guard::{Evidence, GuardName, Limit, Limits, Override, Readings, SourceEvidence, review};
use crate::mapping::{Finding, LintCode, Severity};
use crate::plan::tests::build::{World, group, user};
use crate::plan::{Coverage, Forecast, LastSeen, Memories, Scribe, weigh};
use crate::principal::{GroupNames, Kind, Principal, digest};
use crate::report::{Facts, Phase, Report, RequestedBy, SourceFacts, TargetFacts, Tool, Verification, Via, plan_json};

/// What a hostile directory may write.
pub(super) const HOSTILE: &str = "e\u{1b}[31mvil\u{202e}\u{0}\n";

pub(super) const PASSWORD: &str = "hunter2-hunter2";

pub(super) fn at(second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, second).unwrap()
}

/// A world that has every action and every list.
pub(super) fn world() -> World {
    World::file()
        .can(|can| can.admin_groups = &["Admins"])
        .protect("user:svc-*")
        .source([
            group("Admins"),
            group("renamed").id("g1"),
            group(HOSTILE).display(HOSTILE).at(HOSTILE),
            user("ada").display("Ada").password(PASSWORD).id("1").groups(["Admins", "renamed", "nowhere"]),
            user("back").active(true),
            user("bob").mail("new@x").display("").attribute("team", HOSTILE.into()).groups([]).at("people.csv:2"),
            user(HOSTILE).mail(HOSTILE).groups([HOSTILE]),
            user("off").active(false),
            user("robert").id("2").groups(["renamed"]),
            user("svc-a").mail("x"),
            user("wants").groups(["Admins"]).mail("m"),
        ])
        .target([
            group("Admins"),
            group("doomed"),
            group("old name"),
            user("back").active(false),
            user("bob").mail("old@x").display("Bob").groups(["doomed", "old name"]),
            user("eve").active(false).groups(["doomed"]),
            user("gone").groups(["old name"]),
            user("off"),
            user("rob").groups(["old name"]),
            user("svc-a"),
            user("wants"),
        ])
        .owned("group:old name", "g1")
        .owned("user:rob", "2")
}

/// The plan of [`world`], reported.
pub(super) fn report() -> Report {
    report_of(&world(), Coverage::proved("people.csv: read to its end"))
}

pub(super) fn report_of(world: &World, coverage: Coverage) -> Report {
    let current = world.current();
    let overrides = [Override { guard: GuardName::Updates, reason: HOSTILE.into() }];
    let sources = [SourceEvidence { name: "corp".into(), users: 8, groups: 3, ..SourceEvidence::default() }];
    let evidence = Evidence {
        current: &current.set,
        can: &world.can,
        sources: Readings::Measured(&sources),
        unattended: false,
        never_applied: false,
        never_completed: false,
        config_changed: false,
        spent: crate::guard::Spending::default(),
        overrides: &overrides,
    };
    let mut plan = world.plan();
    weigh(&mut plan, world.can.rules, &remembered(world));
    plan.trace(|_, name| (name == "gone").then(|| LastSeen { origin: Some("people.csv:7".into()), time: None }));
    let limits = Limits { removals: Limit::Off, budget: Limit::Off, ..Limits::default() };
    let reviewed = review(plan, &limits, &evidence);
    let plan = reviewed.plan();
    let target = TargetFacts {
        name: "bi".into(),
        kind: "file".into(),
        users: current.set.count(Kind::User),
        groups: current.set.count(Kind::Group),
        coverage: current.coverage,
        digest: digest(&current.set),
    };
    let forecast = Forecast::of(&plan, &world.can, 0, 0);
    Report {
        facts: facts(coverage, target, overrides.to_vec()),
        plan,
        rejected: vec![Rejected {
            kind: Kind::User,
            name: HOSTILE.into(),
            origin: "people.csv:9".into(),
            reason: format!("wrong: {HOSTILE}"),
        }],
        lint: vec![Finding {
            severity: Severity::Warning,
            code: LintCode::InvisibleCharacter,
            kind: Kind::User,
            name: HOSTILE.into(),
            origin: HOSTILE.into(),
            reason: HOSTILE.into(),
        }],
        limits: reviewed.limits,
        verdict: reviewed.verdict,
        forecast,
        phase: Phase::Planned,
        digest: String::new(),
        trail: None,
    }
    .seal()
}

/// What an earlier apply left: every cause is in the plan then.
fn remembered(world: &World) -> Memories {
    let mut names = GroupNames::new();
    let old = group("old name").record(&mut names);
    let drafts = [
        user("bob").mail("old@x").display("B").attribute("team", 1.into()).groups(["doomed"]),
        user("back").active(true),
        user("off").active(false),
        user("ada"),
    ];
    let records: Vec<_> = drafts.into_iter().map(|draft| draft.record(&mut names)).chain([old]).collect();
    let mut scribe = Scribe::new(&names, world.can.rules);
    let key = |principal: &Principal| (principal.kind, principal.name.clone());
    records.iter().map(|record| (key(&record.principal), scribe.of(&record.principal))).collect()
}

fn facts(coverage: Coverage, target: TargetFacts, overrides: Vec<Override>) -> Facts {
    Facts {
        undoes: None,
        only: Vec::new(),
        id: "0190-a".into(),
        sync: "corp-to-bi".into(),
        created: at(30),
        tool: Tool { version: "1.2.3".into(), commit: "abc".into() },
        environment: Some("prod".into()),
        config_digest: "sha256:00".into(),
        requested_by: RequestedBy { via: Via::Cli, who: "ops".into(), host: "here".into() },
        overrides,
        apply_changes: true,
        remove_deleted: true,
        needs_person: true,
        sources: vec![SourceFacts {
            name: "corp".into(),
            kind: "csv".into(),
            users: 8,
            groups: 3,
            coverage,
            read_started: at(1),
            read_finished: at(2),
            data_time: Some(at(0)),
            digest: "sha256:11".into(),
        }],
        target,
    }
}

/// The same after an apply in which the second change failed.
pub(super) fn applied() -> Report {
    let mut report = report();
    let mut outcomes = vec![Outcome::Done; report.plan.changes.len()];
    let error = ConnectorError::new(FailureClass::Conflict, "creating it", HOSTILE).with_hint("look there");
    outcomes[1] = Outcome::Failed(error);
    outcomes[2] = Outcome::SetAside("mail was changed".into());
    outcomes[3] = Outcome::NotTried("no answer".into());
    let verification = Verification { finished: at(50), remaining: 1, digest: "sha256:22".into(), error: None };
    report.phase = Phase::Applied {
        started: at(40),
        finished: at(45),
        outcomes,
        remarks: Vec::new(),
        calls: 9,
        verification: Some(Box::new(verification)),
    };
    report
}

pub(super) fn json(report: &Report) -> String {
    let mut out = Vec::new();
    plan_json(&mut out, report).unwrap();
    String::from_utf8(out).unwrap()
}
