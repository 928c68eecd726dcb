use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::database::{Database, Pool};
use super::opened::OpenedFile;
use super::{Place, StoreError, migrate};

/// Opens the file at `path`, made when it is not there.
pub(super) async fn open(path: &Path) -> Result<Database, StoreError> {
    let place = Place::Sqlite(path.to_owned());
    let fail = |why: String| {
        let hint = "`state:` names the file; its folder must be there and writable, and the disk not full";
        StoreError::Open { place: place.clone(), why, hint }
    };
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
    // A full disk can end a transaction in its middle: such a connection is of no more use to anybody.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        // Another connection would make another file where this one is gone.
        .idle_timeout(None)
        .max_lifetime(None)
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(options)
        .await;
    let pool = pool.map_err(|error| fail(error.to_string()))?;
    migrate::sqlite(&pool, &place).await?;
    let file = OpenedFile::new(path).map_err(|error| fail(error.to_string()))?;
    Ok(Database::new(Pool::Sqlite(pool, Arc::new(file)), place))
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
