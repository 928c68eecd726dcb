use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use super::migrate::migrate;
use super::{StoreError, TargetLock};

/// The state database, one SQLite file.
pub struct Store {
    pub(super) pool: SqlitePool,
    path: PathBuf,
}

/// How far a sync has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Some apply was done.
    pub applied: bool,
    /// Some apply ended with exit 0.
    pub completed: bool,
    /// The rules under which a person last applied.
    pub rules_digest: Option<String>,
}

/// The last accepted reading of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    pub users: usize,
    pub groups: usize,
}

impl Store {
    /// Opens the database at `path`, made when it is not there, and brings it to today's shape.
    ///
    /// # Errors
    /// When it cannot be opened or is of a newer release.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let fail = |why: String| StoreError::Open { path: path.to_owned(), why };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| fail(error.to_string()))?;
        }
        protect(path).map_err(|error| fail(error.to_string()))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(20))
            // Statements hold names of people.
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
        let pool = pool.map_err(|error| fail(error.to_string()))?;
        let mut connection = pool.acquire().await?;
        migrate(&mut *connection, path).await?;
        drop(connection);
        Ok(Self { pool, path: path.to_owned() })
    }

    /// Takes the right to apply to `target`, which is at `place`, until the lock is dropped.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another run has it.
    pub fn lock(&self, target: &str, place: &str) -> Result<TargetLock, StoreError> {
        TargetLock::take(&self.path, target, place)
    }

    /// How far a sync has come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history(&self, sync: &str) -> Result<History, StoreError> {
        let row: Option<(Option<String>, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT applied, completed, rules_digest FROM sync_state WHERE sync = $1")
                .bind(sync)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map_or_else(History::default, |(applied, completed, rules_digest)| History {
            applied: applied.is_some(),
            completed: completed.is_some(),
            rules_digest,
        }))
    }

    /// The last accepted reading of `source` by `sync`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn baseline(&self, sync: &str, source: &str) -> Result<Option<Baseline>, StoreError> {
        let row: Option<(i64, i64)> =
            sqlx::query_as("SELECT users, groups FROM baseline WHERE sync = $1 AND source = $2")
                .bind(sync)
                .bind(source)
                .fetch_optional(&self.pool)
                .await?;
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok(row.map(|(users, groups)| Baseline { users: count(users), groups: count(groups) }))
    }

    /// Writes what is left and closes the file.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

/// Names of people are nobody else's business. SQLite gives the logs beside the file the rights of the file, so these
/// are set first. A file system without rights has none to set.
fn protect(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o600));
    }
    drop(file);
    Ok(())
}
