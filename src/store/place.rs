use std::fmt;
use std::path::PathBuf;

/// Where the state is kept, as errors name it: without a user and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Sqlite(PathBuf),
    Postgres {
        /// Host and port, or the socket.
        host: String,
        database: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite file {}", path.display()),
            Self::Postgres { host, database } => write!(out, "postgres {host}/{database}"),
        }
    }
}
