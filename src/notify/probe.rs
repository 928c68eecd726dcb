//! Events of every kind, full of what breaks JSON: a template is tried with them before it is used.

use chrono::DateTime;

use super::{About, Breach, Event, EventKind, Failure, Partial, Pause, RunFacts, Told, Trouble};
use crate::connector::FailureClass;
use crate::guard::{GuardName, Verdict};
use crate::plan::Summary;

/// Ends a JSON string, an escape and an expression.
const TEXT: &str = "a\"b\\c}]'d";

pub(super) fn events() -> Vec<Event> {
    let breach = |name| Breach {
        name,
        of: Some(TEXT.into()),
        limit: Some(20),
        value: Some(52),
        base: Some(100),
        percent: Some(20.0),
    };
    let failure = |class, hint: Option<&str>| Failure {
        class,
        of: TEXT.into(),
        why: TEXT.into(),
        hint: hint.map(str::to_owned),
        untouched: true,
    };
    let partial = Partial {
        target: TEXT.into(),
        failed: 1,
        classes: vec![(FailureClass::Conflict, 1)],
        differing: None,
        ..Partial::default()
    };
    let told = |kind| Told { kind, reason: TEXT.into(), since: DateTime::UNIX_EPOCH };
    let mut abouts: Vec<_> = [
        Trouble::Refused(vec![breach(GuardName::Removals), breach(GuardName::ExpectShrink)]),
        Trouble::Unproven(vec![TEXT.into()]),
        Trouble::FirstRun,
        Trouble::Held(vec![breach(GuardName::Privileged)]),
        Trouble::Approval,
        Trouble::Failed(failure(Some(FailureClass::Denied), Some(TEXT))),
        Trouble::Failed(failure(None, None)),
        Trouble::Partial(partial),
    ]
    .map(About::Trouble)
    .into();
    abouts.push(About::Recovery(told(EventKind::Failed)));
    let with = |about: About, full: bool| Event {
        run: RunFacts {
            sync: TEXT.into(),
            environment: full.then(|| TEXT.into()),
            id: TEXT.into(),
            ended: DateTime::UNIX_EPOCH,
            report: full.then(|| TEXT.into()),
        },
        about,
        summary: full.then(Summary::default),
        verdict: full.then_some(Verdict::Refused),
        pause: full.then(|| Pause::after(2, true, DateTime::UNIX_EPOCH)),
    };
    // With all that an event can have, and with nothing but what it must.
    abouts.into_iter().flat_map(|about| [with(about.clone(), true), with(about, false)]).collect()
}
