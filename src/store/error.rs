use std::path::PathBuf;

use super::Place;

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open the state in {place}: {why}")]
    Open { place: Place, why: String, hint: &'static str },
    #[error("cannot use the address of the state: {0}")]
    Address(String),
    #[error("the state in {place} is of a newer release of rollcall")]
    Newer { place: Place },
    #[error("the state in {place} failed: {}", why(.error))]
    Query { place: Place, error: sqlx::Error },
    /// Whoever has it open goes on writing to what nobody finds again.
    #[error("the state in {place} was deleted or replaced while it was in use")]
    Gone { place: Place },
    #[error("the disk of the state in {place} has less than 8 MiB left, or only reads")]
    Full { place: Place },
    #[error("the state holds something unreadable: {0}")]
    Content(String),
    #[error("cannot sign the audit trail: {0}")]
    Key(String),
    #[error("cannot lock target `{target}`: {path}: {why}")]
    Lock { target: String, path: PathBuf, why: String },
    #[error("another run holds target `{target}`")]
    Busy { target: String },
    /// It may have been taken meanwhile: nothing more is written.
    #[error("this run no longer holds target `{target}`: its lease in {place} was not renewed in time")]
    Lost { target: String, place: Place },
}

/// What went wrong, in the database's own words.
pub(super) fn why(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

impl StoreError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Open { hint, .. } => hint,
            Self::Lock { .. } => {
                "`state:` names the file; its folder must be there and writable, and the disk not full"
            }
            Self::Address(_) => "such as `postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full`",
            Self::Newer { .. } => "run the release that wrote it, or name another place in `state:`",
            Self::Query { place: Place::Sqlite(_), .. } => {
                "is the disk full, or the file damaged? It may be moved away: the next plan is still right, but who owns what is forgotten"
            }
            Self::Query { place: Place::Postgres { .. }, error } => super::postgres::hint(error),
            Self::Gone { .. } => {
                "start rollcall anew: it takes what stands there now, or begins an empty one; stop it before the state is put back from a backup"
            }
            Self::Full { .. } => "make room: a run that cannot write down what it does begins nothing more",
            Self::Content(_) => {
                "use another place in `state:`: the next plan is still right, but who owns what is forgotten"
            }
            Self::Key(_) => {
                "`audit: { signingKey: … }` names a key of the form PRIVATE+KEY+NAME+ID+SEED; without it one is made beside a SQLite state"
            }
            Self::Busy { .. } => {
                "wait for it to finish; a lock in a file goes with the process that holds it, one in PostgreSQL at most 30 s later"
            }
            Self::Lost { .. } => {
                "the database or this machine stood still; run it again: it finds what was done in place and goes on"
            }
        })
    }
}
