use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::task::JoinHandle;

use super::database::{Database, Work};
use super::lease::{Lease, Standing};
use super::pushed::Whole;
use super::seal::Seal;
use super::value::values;
use super::{Place, StoreError, TargetLock, postgres, sqlite};
use crate::connector::Secret;

/// The state database: a SQLite file, or PostgreSQL.
pub struct Store {
    pub(super) database: Database,
    leases: Mutex<Leases>,
    pub(super) seal: Option<Seal>,
    pub(super) whole: Whole,
}

/// What was taken of the targets, in PostgreSQL.
#[derive(Default)]
struct Leases {
    standing: Vec<Weak<Standing>>,
    renewals: Vec<JoinHandle<()>>,
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
    /// Opens the SQLite file at `path`, made when it is not there, and brings it to today's shape.
    ///
    /// # Errors
    /// When it cannot be opened or is of a newer release.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::of(sqlite::open(path).await?))
    }

    /// Connects to the PostgreSQL database at `url`, such as `postgres://USER:PASSWORD@HOST:5432/DATABASE`, and brings
    /// it to today's shape.
    ///
    /// # Errors
    /// When the secret cannot be read, the server does not let us in, or the database is of a newer release.
    pub async fn connect(url: &Secret) -> Result<Self, StoreError> {
        let url = url.read().map_err(|error| StoreError::Address(error.to_string()))?;
        Ok(Self::of(Box::pin(postgres::open(url.expose_secret())).await?))
    }

    fn of(database: Database) -> Self {
        Self { database, leases: Mutex::default(), seal: None, whole: Whole::default() }
    }

    /// Where it is kept.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.database.place()
    }

    /// Takes the right to apply to `target`, which is at `place`, until the lock is dropped.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another run has it.
    pub async fn lock(&self, target: &str, place: &str) -> Result<TargetLock, StoreError> {
        if let Place::Sqlite(path) = self.database.place() {
            return TargetLock::of_file(path, target, place);
        }
        let taken = Lease::take(&self.database, place).await?;
        let (lease, renewal) = taken.ok_or_else(|| StoreError::Busy { target: target.to_owned() })?;
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        leases.standing.retain(|standing| standing.strong_count() > 0);
        leases.renewals.retain(|renewal| !renewal.is_finished());
        leases.standing.push(Arc::downgrade(&lease.standing));
        leases.renewals.push(renewal);
        Ok(TargetLock::of_lease(lease, target, self.database.place().clone()))
    }

    /// Refuses to settle what another may have settled meanwhile: where this store took the lock of the target at `place`,
    /// nobody else has had it since, and nobody gets it before `work` ends.
    pub(super) async fn guard(&self, work: &mut Work, place: &str) -> Result<(), StoreError> {
        let leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner).standing.clone();
        for standing in leases.iter().filter_map(Weak::upgrade).filter(|standing| standing.name == place) {
            if !standing.guard(work).await? {
                return Err(StoreError::Lost { target: place.to_owned(), place: self.database.place().clone() });
            }
        }
        Ok(())
    }

    /// How far a sync has come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history(&self, sync: &str) -> Result<History, StoreError> {
        let sql = "SELECT applied, completed, rules_digest FROM sync_state WHERE sync = $1";
        let row: Option<(Option<String>, Option<String>, Option<String>)> =
            self.database.one(sql, values![sync]).await?;
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
        let sql = "SELECT users, groups FROM baseline WHERE sync = $1 AND source = $2";
        let row: Option<(i64, i64)> = self.database.one(sql, values![sync, source]).await?;
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok(row.map(|(users, groups)| Baseline { users: count(users), groups: count(groups) }))
    }

    /// Writes what is left, gives back what was taken, and ends every connection: it is of no use any more.
    pub async fn close(&self) {
        let renewals = std::mem::take(&mut self.leases.lock().unwrap_or_else(PoisonError::into_inner).renewals);
        for renewal in renewals {
            // One that is still held is not waited for.
            let _ = tokio::time::timeout(Duration::from_secs(2), renewal).await;
        }
        self.database.close().await;
    }
}
