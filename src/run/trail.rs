//! What a run tells the audit trail.

use chrono::{DateTime, Utc};

use super::{Ask, Care, Exit, Job};
use crate::audit::{Actor, ChangeFacts, ChangeOutcome, Context, Entry, Event, Failure, Subject};
use crate::config::{Settings, SyncSettings};
use crate::connector::Outcome;
use crate::plan::{Adoption, Change, Plan, Summary};
use crate::principal::{GroupNames, PrincipalId};
use crate::report::{RequestedBy, Via};

/// What every event of a run is part of.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    context: Context<'a>,
    at: DateTime<Utc>,
}

impl<'a> Teller<'a> {
    /// Of a run that is under way.
    pub(super) fn new(
        settings: &'a Settings,
        sync: &'a SyncSettings,
        id: &'a str,
        by: &'a RequestedBy,
        at: DateTime<Utc>,
    ) -> Self {
        let context = Context {
            run: Some(id),
            sync: Some(&sync.name),
            target: Some(&sync.target),
            environment: settings.environment.as_deref(),
            actor: Some(actor(by)),
            plan_digest: None,
            config_digest: Some(&settings.digest),
        };
        Self { context, at }
    }

    pub(super) fn of(job: &'a Job<'_>, ask: &'a Ask<'_>) -> Self {
        Self::new(job.settings, job.sync, &ask.id, &ask.requested_by, (ask.clock)())
    }

    /// Of a run of the past, which somebody else finds.
    pub(super) fn of_past(run: &'a str, sync: &'a str, job: &'a Job<'_>, at: DateTime<Utc>) -> Self {
        let context = Context {
            run: Some(run),
            sync: Some(sync),
            target: Some(&job.sync.target),
            environment: job.settings.environment.as_deref(),
            ..Context::default()
        };
        Self { context, at }
    }

    /// The same about a plan.
    pub(super) fn about(self, plan_digest: &'a str) -> Self {
        Self { context: Context { plan_digest: Some(plan_digest), ..self.context }, ..self }
    }

    pub(super) fn tell(&self, event: Event<'a>) -> Entry<'a> {
        Entry { time: self.at, context: self.context, event }
    }

    /// A run begins; `overrides` are the limits that a person lifts for it.
    pub(super) fn begins(&self, command: &'a str, ask: &'a Ask<'_>) -> Vec<Entry<'a>> {
        let began = self.tell(Event::RunStarted { command, version: env!("CARGO_PKG_VERSION") });
        let lifted =
            ask.overrides.iter().map(|lifted| Event::Override { guard: lifted.guard.text(), reason: &lifted.reason });
        std::iter::once(began).chain(lifted.map(|event| self.tell(event))).collect()
    }

    pub(super) fn ends(&self, exit: Exit, summary: Option<&'a Summary>, error: Option<&'a str>) -> Entry<'a> {
        let failure = error.map(|text| Failure { class: exit.word(), text });
        self.tell(Event::RunFinished { exit_code: exit.code(), summary, failure })
    }

    pub(super) fn intends(&self, plan: &'a Plan, at: usize) -> Option<Entry<'a>> {
        let change = plan.changes.get(at)?;
        Some(self.tell(Event::ChangeIntent(ChangeFacts { change, names: &plan.names })))
    }

    /// What became of a change; `intent` is the number of the entry that announced it.
    pub(super) fn ended(
        &self,
        change: &'a Change,
        names: &'a GroupNames,
        intent: Option<u64>,
        outcome: &'a Told,
    ) -> Entry<'a> {
        let failure = outcome.why.as_ref().map(|(class, text)| Failure { class, text });
        let change = ChangeFacts { change, names };
        let attempts = u32::from(intent.is_some());
        self.tell(Event::ChangeOutcome { change, intent, outcome: outcome.word, attempts, failure })
    }

    /// A principal comes into the sync's care.
    pub(super) fn adopted(&self, adoption: &'a Adoption) -> Entry<'a> {
        let Adoption { kind, name, source_id, first: _ } = adoption;
        let subject = Subject { kind: *kind, name, source_id: source_id.as_deref(), target_id: None };
        self.tell(Event::OwnershipAdopted(subject))
    }

    /// A person settles in whose care somebody is.
    pub(super) fn cared(&self, who: &'a PrincipalId, care: Care) -> Entry<'a> {
        let subject = Subject { kind: who.kind, name: &who.name, source_id: None, target_id: None };
        self.tell(match care {
            Care::Adopt => Event::OwnershipAdopted(subject),
            Care::Release => Event::OwnershipReleased(subject),
        })
    }
}

/// An outcome in the words of the trail.
pub(super) struct Told {
    pub(super) word: ChangeOutcome,
    pub(super) why: Option<(String, String)>,
}

impl Told {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done => Self { word: ChangeOutcome::Done, why: None },
            Outcome::Failed(error) => Self {
                word: ChangeOutcome::Failed,
                why: Some((format!("{:?}", error.class).to_lowercase(), error.to_string())),
            },
            Outcome::SetAside(why) => Self::plain(ChangeOutcome::SetAside, "moved", why),
            Outcome::NotTried(why) => Self::plain(ChangeOutcome::NotTried, "not-tried", why),
        }
    }

    pub(super) fn plain(word: ChangeOutcome, class: &str, why: &str) -> Self {
        Self { word, why: Some((class.to_owned(), why.to_owned())) }
    }
}

fn actor(by: &RequestedBy) -> Actor<'_> {
    let via = match by.via {
        Via::Cli => "cli",
        Via::Schedule => "schedule",
        Via::Webhook => "webhook",
        Via::Api => "api",
    };
    Actor { via, who: &by.who, host: &by.host }
}
