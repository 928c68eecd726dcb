use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use tokio::time::timeout;

use super::{Decision, Ended, Event, EventKind, Health, Notice, Sink, Subscription, decide};
use crate::connector::{BuildError, ConnectorError, FailureClass};

/// The time, for signatures.
pub type Clock<'a> = &'a (dyn Fn() -> DateTime<Utc> + Sync);

/// Of one request, or one step of a conversation, where the configuration says nothing.
pub(super) const ATTEMPT: Duration = Duration::from_secs(10);

/// Of one notice to one sink, all its attempts together: a sink that is down holds nobody up for longer.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A notice that a sink did not get. It changes nothing of how the run ended.
#[derive(Debug, Clone)]
pub struct Warning {
    /// The word of the configuration: `webhook`, `chat`, `mail`.
    pub sink: &'static str,
    /// Where it is, without secrets.
    pub place: String,
    pub sync: String,
    pub event: EventKind,
    pub error: ConnectorError,
}

impl fmt::Display for Warning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sink, place: _, sync, event, error } = self;
        write!(out, "{sink} was not told that `{sync}` is `{}`: {error}", event.word())
    }
}

/// Tells every sink of the events that it wants to know, all sinks at once; what did not arrive comes back.
///
/// Every attempt that fails for the moment is made again, for a minute at most. A sink that does not answer at all is
/// not asked for the rest of the events.
pub async fn tell(sinks: &[Subscription], events: &[Event], clock: Clock<'_>) -> Vec<Warning> {
    let told = sinks.iter().map(|sink| async move {
        let wanted: Vec<_> = events.iter().filter(|event| sink.wants(event)).collect();
        if wanted.is_empty() { Vec::new() } else { tell_one(sink, &wanted, clock).await }
    });
    join_all(told).await.into_iter().flatten().collect()
}

/// All that follows on a run: decides whether its end is news, tells whom it concerns, and gives what to remember of the
/// sync. What none of those concerned got is told again after the next run.
pub async fn after_run(
    sinks: &[Subscription],
    ended: &Ended,
    before: &Health,
    clock: Clock<'_>,
) -> (Health, Vec<Warning>) {
    let Decision { health, event } = decide(ended, before);
    let Some(event) = event else { return (health, Vec::new()) };
    let concerned = sinks.iter().filter(|sink| sink.wants(&event)).count();
    let warnings = tell(sinks, std::slice::from_ref(&event), clock).await;
    let unheard = concerned > 0 && warnings.len() == concerned;
    (if unheard { Health { told: before.told.clone(), ..health } } else { health }, warnings)
}

async fn tell_one(subscription: &Subscription, events: &[&Event], clock: Clock<'_>) -> Vec<Warning> {
    let warning = |event: &Event, error: ConnectorError| Warning {
        sink: subscription.kind,
        place: subscription.place.clone(),
        sync: event.run.sync.clone(),
        event: event.kind(),
        error,
    };
    let sink = match subscription.build() {
        Ok(sink) => sink,
        Err(problems) => {
            let error = unbuilt(&subscription.place, &problems);
            return events.iter().map(|event| warning(event, error.clone())).collect();
        }
    };
    let mut warnings = Vec::new();
    let mut down: Option<ConnectorError> = None;
    for event in events {
        let told = match &down {
            Some(error) => Err(error.clone()),
            None => attempt(&sink, event, clock).await,
        };
        if let Err(error) = told {
            down = down.or_else(|| (error.class == FailureClass::Unreachable).then(|| error.clone()));
            warnings.push(warning(event, error));
        }
    }
    warnings
}

async fn attempt(sink: &Sink, event: &Event, clock: Clock<'_>) -> Result<(), ConnectorError> {
    let notice = Notice::of(event);
    let told = timeout(PATIENCE, sink.tell(event, &notice, clock)).await;
    told.unwrap_or_else(|_| {
        let why = format!("given up after {}", humantime::format_duration(PATIENCE));
        let doing = format!("sending a notice to {}", sink.place());
        Err(ConnectorError::new(FailureClass::Unreachable, doing, why).with_hint("is it up? `rollcall check` tells"))
    })
}

fn unbuilt(place: &str, problems: &[BuildError]) -> ConnectorError {
    let why: Vec<_> = problems.iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect();
    ConnectorError::new(FailureClass::Rejected, format!("making ready {place}"), why.join("; "))
}
