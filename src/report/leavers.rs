use chrono::{DateTime, Utc};

use crate::plan::{Action, Capabilities, Leaver, Policy, Then};
use crate::principal::Kind;

/// Who is on the way out of the target of one sync, as far as its last accepted reading tells.
#[derive(Debug, Clone)]
pub struct Leavers {
    pub sync: String,
    /// The target, by name.
    pub target: String,
    /// By kind and name.
    pub leavers: Vec<Departure>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Departure {
    pub kind: Kind,
    pub leaver: Leaver,
    /// So many readings must miss it before anything is done.
    pub needed: u32,
    pub next: Next,
}

/// What comes next, if no reading has it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It stays, with the reason.
    Stays(String),
    /// The first step, by the so-manieth reading from now that misses it; where it is so already, nothing.
    First { action: Action, readings: u32 },
    /// The wait begins with the next reading that misses it.
    Waits,
    /// A delete, by the first run from then on.
    Delete { from: DateTime<Utc>, is_due: bool, transfer_to: Option<String> },
    /// It is back, and gets what the guard held once that is let through.
    Back,
}

impl Departure {
    /// What `policy` comes to for a leaver that nothing is known of but what is remembered.
    #[must_use]
    pub fn new(kind: Kind, key: &str, leaver: Leaver, policy: &Policy, can: &Capabilities) -> Self {
        let next = next(kind, key, &leaver, policy, can);
        Self { kind, leaver, needed: policy.leavers.absences, next }
    }
}

fn next(kind: Kind, key: &str, leaver: &Leaver, policy: &Policy, can: &Capabilities) -> Next {
    let leavers = &policy.leavers;
    if leaver.disabled.is_none() && leaver.recorded.is_some() {
        return Next::Back;
    }
    if !policy.remove_deleted {
        return Next::Stays("`removeDeleted` is false".into());
    }
    let heir = leavers.transfer_to.as_deref().filter(|_| kind == Kind::User);
    if heir.is_some_and(|heir| can.rules.key(kind, heir) == key) {
        return Next::Stays("it receives what leavers own".into());
    }
    let Some(first) = leavers.first(kind, can) else {
        return Next::Stays("`leavers` says to report only".into());
    };
    let is_done = leaver.disabled.is_some() && first != Action::Delete;
    let action = if is_done { Action::Delete } else { first };
    if is_done && leavers.then == Then::Keep {
        return Next::Stays("nothing follows".into());
    }
    if !policy.allow.permits(kind, action) {
        return Next::Stays(format!("`allow.{}` leaves out {}", kind.plural(), action.word()));
    }
    if !is_done {
        return Next::First { action, readings: leavers.absences.saturating_sub(leaver.absences).max(1) };
    }
    match leaver.waits_since().map(|since| leavers.then.due(since)) {
        None => Next::Waits,
        Some(None) => Next::Stays("the wait of `after` has no end".into()),
        Some(Some(from)) => Next::Delete { from, is_due: from <= policy.now, transfer_to: heir.map(str::to_owned) },
    }
}
