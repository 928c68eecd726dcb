use super::change_facts::{ChangeFacts, of};
use super::key::VerifyingKey;
use super::members::Members;
use super::personal::Personal;
use crate::plan::Summary;
use crate::principal::Kind;

/// What happened. The list is closed and documented in `docs/audit.md`.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A run begins, before anything is read. `command`: `plan` or `apply`; `version`: which build of rollcall runs.
    RunStarted { command: &'a str, version: &'a str },
    /// A run ended, also one that changed nothing or was refused.
    RunFinished { exit_code: u8, summary: Option<&'a Summary>, failure: Option<Failure<'a>> },
    /// A run that began was found without an end: its process is gone.
    RunInterrupted,
    /// Something is about to be asked of the target.
    ChangeIntent(ChangeFacts<'a>),
    /// What became of it. `intent`: the `seq` of the entry that announced it.
    ChangeOutcome {
        change: ChangeFacts<'a>,
        intent: Option<u64>,
        outcome: ChangeOutcome,
        attempts: u32,
        failure: Option<Failure<'a>>,
    },
    /// A person lifts a limit of the guard for one plan.
    Override { guard: &'a str, reason: &'a str },
    /// A person lets a waiting run go on.
    Approval { approver: &'a str, comment: &'a str },
    /// A person refuses a waiting run.
    Rejection { approver: &'a str, comment: &'a str },
    /// A principal comes into a sync's ownership.
    OwnershipAdopted(Subject<'a>),
    /// A sync lets go of a principal.
    OwnershipReleased(Subject<'a>),
    /// A run reverses what another did.
    Undo { undoes: &'a str },
    /// Checkpoints are signed by another key from now on.
    KeyRotated { public_key: &'a VerifyingKey },
    /// Entries were taken out of the database, both ends included; their hashes stay.
    RetentionPurged { from: u64, to: u64 },
    /// Somebody was told. `about`: `refused`, `failed`, `waiting` or `recovered`; `channel`: by which entry of `notify`.
    Notification { channel: &'a str, about: &'a str, delivered: bool, failure: Option<Failure<'a>> },
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeOutcome {
    Done,
    Failed,
    /// Its precondition had moved.
    SetAside,
    NotTried,
    /// The answer was lost, and the target did not tell.
    Unknown,
}

impl ChangeOutcome {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::SetAside => "set-aside",
            Self::NotTried => "not-tried",
            Self::Unknown => "unknown",
        }
    }
}

/// Why something failed: a word of a closed list, and what was answered.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    pub class: &'a str,
    pub text: &'a str,
}

/// A principal, without a change of it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub kind: Kind,
    pub name: &'a str,
    pub source_id: Option<&'a str>,
    pub target_id: Option<&'a str>,
}

impl Event<'_> {
    /// The words of `event`, each with what it means.
    pub const ALL: [(&'static str, &'static str); 14] = [
        ("approval", "a person let a waiting run go on"),
        ("change.intent", "something is about to be asked of the target"),
        ("change.outcome", "what became of it"),
        ("key.rotated", "checkpoints are signed by another key from now on"),
        ("notification", "somebody was told"),
        ("override", "a person lifted a limit of the guard for one plan"),
        ("ownership.adopted", "a principal came into a sync's ownership"),
        ("ownership.released", "a sync let go of a principal"),
        ("rejection", "a person refused a waiting run"),
        ("retention.purged", "entries were taken out of the database; their hashes stay"),
        ("run.finished", "a run ended, also one that changed nothing or was refused"),
        ("run.interrupted", "a run that began was found without an end"),
        ("run.started", "a run began, before anything was read"),
        ("undo", "a run reverses what another did"),
    ];

    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::RunStarted { .. } => "run.started",
            Self::RunFinished { .. } => "run.finished",
            Self::RunInterrupted => "run.interrupted",
            Self::ChangeIntent(_) => "change.intent",
            Self::ChangeOutcome { .. } => "change.outcome",
            Self::Override { .. } => "override",
            Self::Approval { .. } => "approval",
            Self::Rejection { .. } => "rejection",
            Self::OwnershipAdopted(_) => "ownership.adopted",
            Self::OwnershipReleased(_) => "ownership.released",
            Self::Undo { .. } => "undo",
            Self::KeyRotated { .. } => "key.rotated",
            Self::RetentionPurged { .. } => "retention.purged",
            Self::Notification { .. } => "notification",
        }
    }

    /// The members that only this event has.
    pub(super) fn tell(&self, members: &mut Members, personal: &Personal) {
        match *self {
            Self::RunStarted { command, version } => {
                members.set("command", command);
                members.set("version", version);
            }
            Self::RunFinished { exit_code, summary, failure } => {
                members.set("exitCode", exit_code);
                members.set("outcome", ended(exit_code));
                members.set_some("summary", summary.and_then(|summary| serde_json::to_value(summary).ok()));
                failed(members, failure, personal);
            }
            Self::RunInterrupted => {}
            Self::ChangeIntent(change) => {
                change.subject(members, personal);
                change.values(members, personal);
            }
            Self::ChangeOutcome { change, intent, outcome, attempts, failure } => {
                change.subject(members, personal);
                members.set_some("intent", intent);
                members.set("outcome", outcome.word());
                members.set("attempts", attempts);
                failed(members, failure, personal);
            }
            Self::Override { guard, reason } => {
                members.set("guard", guard);
                members.set("reason", reason);
            }
            Self::Approval { approver, comment } | Self::Rejection { approver, comment } => {
                members.set("approver", approver);
                members.set("comment", comment);
            }
            Self::OwnershipAdopted(subject) | Self::OwnershipReleased(subject) => {
                let Subject { kind, name, source_id, target_id } = subject;
                members.set("kind", kind.word());
                members.set("name", of(kind, personal).text(name));
                members.set_some("sourceId", source_id);
                members.set_some("targetId", target_id);
            }
            Self::Undo { undoes } => members.set("undoes", undoes),
            Self::KeyRotated { public_key } => members.set("publicKey", public_key.to_string()),
            Self::RetentionPurged { from, to } => {
                members.set("from", from);
                members.set("to", to);
            }
            Self::Notification { channel, about, delivered, failure } => {
                let outcome = if delivered { ChangeOutcome::Done } else { ChangeOutcome::Failed };
                members.set("about", about);
                members.set("channel", channel);
                members.set("outcome", outcome.word());
                failed(members, failure, personal);
            }
        }
    }
}

fn failed(members: &mut Members, failure: Option<Failure<'_>>, personal: &Personal) {
    if let Some(Failure { class, text }) = failure {
        members.set("errorClass", class);
        members.set_some("error", personal.keeps().then_some(text));
    }
}

/// The word for an exit code of a run: docs/plans.md.
fn ended(exit_code: u8) -> &'static str {
    match exit_code {
        0 => "done",
        2 => "pending",
        3 => "refused",
        4 => "partial",
        5 => "stale",
        6 => "busy",
        _ => "failed",
    }
}
