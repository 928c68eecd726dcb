//! Runs that ended, of the sync `corp-to-bi`.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use crate::connector::{ConnectorError, FailureClass};
use crate::guard::{GuardName, Verdict};
use crate::notify::{Breach, Ended, Ending, Event, Failure, Health, Partial, RunFacts, Trouble, Watch, decide};
use crate::plan::{KindSummary, Summary};

/// So many minutes after the first run.
pub(super) fn minute(minute: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5).unwrap() + TimeDelta::minutes(minute)
}

pub(super) fn run(at: i64) -> RunFacts {
    RunFacts {
        sync: "corp-to-bi".into(),
        environment: Some("prod".into()),
        id: "01940b6e-7c00-7000-8000-000000000001".into(),
        ended: minute(at),
        report: None,
    }
}

pub(super) fn ended(at: i64, ending: Ending) -> Ended {
    Ended { run: run(at), watch: Watch::Nobody, ending, summary: None, verdict: None }
}

pub(super) fn trouble(at: i64, trouble: Trouble) -> Ended {
    ended(at, Ending::Trouble(trouble))
}

pub(super) fn removals() -> Breach {
    Breach {
        name: GuardName::Removals,
        of: Some("users".into()),
        limit: Some(20),
        value: Some(52),
        base: Some(100),
        percent: Some(20.0),
    }
}

pub(super) fn shrink() -> Breach {
    Breach {
        name: GuardName::ExpectShrink,
        of: Some("users of source corp".into()),
        limit: Some(20),
        value: Some(52),
        base: None,
        percent: None,
    }
}

pub(super) fn privileged() -> Breach {
    Breach { name: GuardName::Privileged, of: None, limit: Some(0), value: Some(3), base: None, percent: None }
}

pub(super) fn refused() -> Trouble {
    Trouble::Refused(vec![shrink(), removals()])
}

pub(super) fn failed(class: FailureClass) -> Trouble {
    let error = |why| ConnectorError::new(class, "reading LDAP source `corp`", why);
    let error = match class {
        FailureClass::Denied => error(
            "ldaps://ldap.example.org: the bind as `cn=rollcall,dc=example,dc=org` is refused: invalid credentials (result code 49)",
        )
        .with_hint("check `bind.dn` and `bind.password`"),
        _ => error("ldaps://ldap.example.org: connection refused")
            .with_hint("check the address, the network and the certificate; is the service up?"),
    };
    Trouble::Failed(Failure::new("source corp", &error))
}

pub(super) fn in_part(done: usize, failed: usize) -> Trouble {
    Trouble::Partial(Partial {
        target: "bi".into(),
        done,
        failed,
        classes: vec![(FailureClass::Conflict, failed)],
        differing: Some(0),
        ..Partial::default()
    })
}

/// 56 changes.
pub(super) fn summary() -> Summary {
    let users = KindSummary { create: 1, update: 3, delete: 52, unchanged: 45, ..KindSummary::default() };
    Summary { users, groups: KindSummary { held: 1, ..KindSummary::default() } }
}

/// What is told of a run that follows on nothing.
pub(super) fn event(of: Trouble) -> Event {
    let planned = matches!(of, Trouble::Refused(_) | Trouble::Held(_) | Trouble::FirstRun | Trouble::Partial(_));
    let verdict = matches!(of, Trouble::Refused(_)).then_some(Verdict::Refused);
    let ended = Ended { summary: planned.then(summary), verdict, ..trouble(0, of) };
    decide(&ended, &Health::default()).event.unwrap()
}

/// What is told once it is over, some minutes later.
pub(super) fn recovery(of: Trouble, at: i64) -> Event {
    let health = decide(&trouble(0, of), &Health::default()).health;
    decide(&ended(at, Ending::Good), &health).event.unwrap()
}
