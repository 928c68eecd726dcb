use super::{Breach, EventKind};
use crate::connector::{ConnectorError, FailureClass};

/// Why a run did not end well.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// Limits stopped the plan: nothing was written.
    Refused(Vec<Breach>),
    /// Removals were withheld, because a reading is not proven whole: the sources and the proofs that are missing.
    Unproven(Vec<String>),
    /// The first apply of a sync is by hand.
    FirstRun,
    /// Some items are held by limits until a person has decided; the rest was done.
    Held(Vec<Breach>),
    /// Somebody must approve it.
    Approval,
    /// Nothing could be done.
    Failed(Failure),
    /// Applied in part.
    Partial(Partial),
}

/// A failure of a whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// None where no connection failed, but rollcall itself: its state, its configuration.
    pub class: Option<FailureClass>,
    /// What failed: `source corp`, `target bi`, `the state database`.
    pub of: String,
    pub why: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Whether it is certain that nothing was written.
    pub untouched: bool,
}

/// What became of the changes of an apply that did not do all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partial {
    /// The target, by name.
    pub target: String,
    pub done: usize,
    pub failed: usize,
    pub set_aside: usize,
    pub not_tried: usize,
    /// How many failed of each class, in the order in which they came up.
    pub classes: Vec<(FailureClass, usize)>,
    /// Changes that the target does not show, though it took them; none where it could not be read again.
    pub differing: Option<usize>,
}

/// From so many changes on, the share of those that failed counts.
const ENOUGH: usize = 20;

/// More than that percentage failed: the target is not well.
const SHARE: usize = 40;

impl Trouble {
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Refused(_) | Self::Unproven(_) => EventKind::Refused,
            Self::FirstRun | Self::Held(_) | Self::Approval => EventKind::Waiting,
            Self::Failed(_) | Self::Partial(_) => EventKind::Failed,
        }
    }

    /// What makes it the same trouble as that of an earlier run: no counts, no times, no texts of others.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Refused(breaches) => format!("refused: {}", keys(breaches)),
            Self::Unproven(_) => "refused: unproven".into(),
            Self::FirstRun => "waiting: first run".into(),
            Self::Held(breaches) => format!("waiting: {}", keys(breaches)),
            Self::Approval => "waiting: approval".into(),
            Self::Failed(failure) => format!("failed: {} {}", failure.of, class_word(failure.class)),
            Self::Partial(partial) => {
                let classes: Vec<_> = partial.classes.iter().map(|(class, _)| class_word(Some(*class))).collect();
                let differs = if partial.differing == Some(0) { "" } else { " differs" };
                format!("failed: in part {}{differs}", sorted(classes).join(" "))
            }
        }
    }

    /// Whether the target or a source refused the credentials: another try may lock the account.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Failed(failure) => failure.class == Some(FailureClass::Denied),
            // One object that may not be changed is no matter of the credentials; all that was tried is.
            Self::Partial(partial) => {
                let all = partial.classes.iter().all(|(class, _)| *class == FailureClass::Denied);
                partial.failed > 0 && all && (partial.done == 0 || partial.not_tried > 0)
            }
            _ => false,
        }
    }

    /// Whether trying again soon is of little use.
    #[must_use]
    pub fn backs_off(&self) -> bool {
        match self {
            Self::Failed(_) => true,
            Self::Partial(partial) => {
                let tried = partial.done + partial.failed;
                self.is_denied() || (tried >= ENOUGH && partial.failed * 100 > SHARE * tried)
            }
            _ => false,
        }
    }
}

impl Failure {
    /// Of a connection that failed before anything was written.
    pub fn new(of: impl Into<String>, error: &ConnectorError) -> Self {
        Self {
            class: Some(error.class),
            of: of.into(),
            why: error.to_string(),
            hint: error.hint.clone(),
            untouched: true,
        }
    }
}

fn keys(breaches: &[Breach]) -> String {
    let keys = breaches.iter().map(|breach| match &breach.of {
        Some(of) => format!("{} of {of}", breach.name.text()),
        None => breach.name.text().to_owned(),
    });
    sorted(keys.collect()).join(", ")
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

/// The word of a class in JSON; `internal` where no connection failed.
pub(super) fn class_word(class: Option<FailureClass>) -> &'static str {
    class.map_or("internal", FailureClass::word)
}
