use std::path::PathBuf;

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the state database {path}: {why}")]
    Open { path: PathBuf, why: String },
    #[error("the state database {path} is of a newer release of rollcall")]
    Newer { path: PathBuf },
    #[error("the state database failed: {0}")]
    Query(#[from] sqlx::Error),
    #[error("the state database holds something unreadable: {0}")]
    Content(String),
    #[error("cannot lock target `{target}`: {why}")]
    Lock { target: String, why: String },
    #[error("another run holds target `{target}`")]
    Busy { target: String },
}

impl StoreError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Open { .. } | Self::Lock { .. } => {
                "`state:` names the file; its folder must be there and writable, and the disk not full"
            }
            Self::Newer { .. } => "run the release that wrote it, or name another file in `state:`",
            Self::Query(_) => {
                "is the disk full, or the file damaged? It may be moved away: the next plan is still right, but who owns what is forgotten"
            }
            Self::Content(_) => "move the file away: the next plan is still right, but who owns what is forgotten",
            Self::Busy { .. } => "wait for it to finish; the lock goes with the process that holds it",
        })
    }
}
