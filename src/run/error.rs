use crate::connector::{BuildError, ConnectorError, SecretError};
use crate::notify::{Failure, Quarantined};
use crate::report::{LoadError, Report};
use crate::store::StoreError;

/// Why a run gave no report.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{0}")]
    Connector(#[from] ConnectorError),
    #[error("source `{name}`: {error}")]
    Source { name: String, error: ConnectorError },
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("cannot build `{name}`: {}", .problems.iter().map(|problem| format!("{}: {}", problem.key, problem.why)).collect::<Vec<_>>().join("; "))]
    Build { name: String, problems: Vec<BuildError> },
    #[error("cannot get a password for new users: {0}")]
    Password(#[from] SecretError),
    #[error("the saved plan cannot be used: {0}")]
    Load(#[from] LoadError),
    #[error("the run cannot be taken back: {0}")]
    Past(LoadError),
    /// Nothing was applied.
    #[error("the saved plan is stale: {0}")]
    Stale(String),
    /// Nothing was applied, and the list was not kept.
    #[error("another list was given to source `{name}` meanwhile; nothing was written")]
    Superseded { name: String },
    /// Nothing was read.
    #[error("{paused}")]
    Paused { paused: Quarantined, sync: String },
    /// Nothing was applied.
    #[error("told to stop while planning; nothing was written")]
    Stopped,
    /// It was applied, as the report tells, and is not remembered.
    #[error("it was applied, and could not be written down: {error}")]
    Unremembered { report: Box<Report>, error: Box<RunError> },
}

impl RunError {
    /// What is told of it to those who did not see it; none where the run did not fail, but never began. `target` is that
    /// of the sync.
    #[must_use]
    pub fn failure(&self, target: &str) -> Option<Failure> {
        let of = match self {
            Self::Connector(error) => return Some(Failure::new(format!("target {target}"), error)),
            Self::Source { name, error } => return Some(Failure::new(format!("source {name}"), error)),
            // Another holds the target, and finishes; or the state is away for a moment, and the next run begins anew.
            Self::Store(
                StoreError::Busy { .. } | StoreError::Lost { .. } | StoreError::Query { .. } | StoreError::Open { .. },
            )
            | Self::Stale(_)
            | Self::Superseded { .. }
            | Self::Load(_)
            | Self::Past(_)
            | Self::Stopped
            | Self::Paused { .. } => {
                return None;
            }
            Self::Unremembered { error, .. } if matches!(**error, Self::Store(StoreError::Lost { .. })) => return None,
            Self::Store(_) | Self::Unremembered { .. } => "the state database".to_owned(),
            Self::Build { name, .. } => format!("the configuration of {name}"),
            Self::Password(_) => "the password for new users".to_owned(),
        };
        let untouched = !matches!(self, Self::Unremembered { .. });
        Some(Failure { class: None, of, why: self.to_string(), hint: self.hint(), untouched })
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Connector(error) | Self::Source { error, .. } => error.hint.clone(),
            Self::Store(error) => error.hint().map(String::from),
            Self::Build { problems, .. } => problems.iter().find_map(|problem| problem.hint.clone()),
            Self::Load(_) | Self::Stale(_) => Some("make a new one with `plan --out FILE`".into()),
            Self::Superseded { .. } => Some("look at that list, then give this one again".into()),
            Self::Past(_) => Some("give the line that `apply --format json` printed, as it was".into()),
            Self::Unremembered { .. } => Some(
                "make room for the state, then run `apply` again: it finds everything in place and remembers it".into(),
            ),
            Self::Stopped => None,
            Self::Paused { sync, .. } => {
                Some(format!("mend that, then `rollcall apply {sync}` by hand: it tries at once, and ends the pause"))
            }
            Self::Password(_) => Some("see `password` of the sync".into()),
        }
    }
}
