use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{FromRow, Postgres, Sqlite, Transaction};

use super::opened::OpenedFile;
use super::value::{Sql, Value};
use super::{Place, StoreError, text};

/// How long PostgreSQL works at one statement, and how long a transaction may wait for us. Said in each transaction, not
/// at the start of a session: behind a pooler nobody has a session of their own.
const BEGIN: &str = "BEGIN; SET LOCAL statement_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// The same, at one moment: what others write meanwhile is not seen.
const BEGIN_LOOKING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '10s'; \
                             SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// How long a server is waited for: a little longer than it may work, so that it speaks first where it can.
const SILENCE: Duration = Duration::from_secs(15);

/// What SQLite takes for its log before it writes that back, in bytes, twice.
const LEAST_ROOM: u64 = 8 * 1024 * 1024;

/// A row of either database.
pub(super) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// One of two databases, which take the same statements.
#[derive(Debug, Clone)]
pub(super) struct Database {
    pool: Pool,
    place: Arc<Place>,
}

#[derive(Debug, Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool, Arc<OpenedFile>),
    Postgres(PgPool),
}

/// A transaction of either; undone where it is dropped.
pub(super) struct Work {
    open: Open,
    place: Arc<Place>,
}

enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Database {
    pub(super) fn new(pool: Pool, place: Place) -> Self {
        Self { pool, place: Arc::new(place) }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Begins to write. SQLite has one writer at a time, who waits for the right here and not in the middle.
    pub(super) async fn begin(&self) -> Result<Work, StoreError> {
        self.open("BEGIN IMMEDIATE", BEGIN).await
    }

    /// Begins to read what belongs together.
    pub(super) async fn look(&self) -> Result<Work, StoreError> {
        self.open("BEGIN", BEGIN_LOOKING).await
    }

    async fn open(&self, sqlite: &'static str, postgres: &'static str) -> Result<Work, StoreError> {
        self.is_there()?;
        let open = match &self.pool {
            Pool::Sqlite(pool, _) => pool.begin_with(sqlite).await.map(Open::Sqlite),
            Pool::Postgres(pool) => Box::pin(answered(pool.begin_with(postgres))).await.map(Open::Postgres),
        };
        Ok(Work { open: open.map_err(|error| failed(&self.place, error))?, place: Arc::clone(&self.place) })
    }

    /// Carries out one statement; gives the number of rows it changed.
    pub(super) async fn run(
        &self,
        sql: impl Into<Sql>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, StoreError> {
        self.is_there()?;
        let Pool::Sqlite(pool, _) = &self.pool else {
            // Prepared and carried out on one connection, whatever stands between.
            let mut work = self.begin().await?;
            let changed = work.run(sql, values).await?;
            work.commit().await?;
            return Ok(changed);
        };
        let done = sqlx::query_with(sql.into().sqlite, self.sqlite(values)?).execute(pool).await;
        done.map(|done| done.rows_affected()).map_err(|error| failed(&self.place, error))
    }

    /// The one row, if any.
    pub(super) async fn one<T: Row>(
        &self,
        sql: impl Into<Sql>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<T>, StoreError> {
        self.is_there()?;
        let Pool::Sqlite(pool, _) = &self.pool else {
            let mut work = self.begin().await?;
            let row = work.one(sql, values).await?;
            work.commit().await?;
            return Ok(row);
        };
        let found = sqlx::query_as_with(sql.into().sqlite, self.sqlite(values)?).fetch_optional(pool).await;
        found.map_err(|error| failed(&self.place, error))
    }

    /// What nobody finds again is not written.
    pub(super) fn is_there(&self) -> Result<(), StoreError> {
        match &self.pool {
            Pool::Sqlite(_, file) if !file.is_there() => Err(StoreError::Gone { place: self.place().clone() }),
            _ => Ok(()),
        }
    }

    /// Whether there is room for a file to grow. A full disk takes little things yet, where others stood.
    pub(super) fn has_room(&self) -> Result<(), StoreError> {
        match &self.pool {
            Pool::Sqlite(_, file) if file.room().is_some_and(|room| room < LEAST_ROOM) => {
                Err(StoreError::Full { place: self.place().clone() })
            }
            _ => Ok(()),
        }
    }

    fn sqlite(&self, values: impl IntoIterator<Item = Value>) -> Result<SqliteArguments, StoreError> {
        in_sqlite(values).map_err(|error| failed(&self.place, error))
    }

    /// Ends every connection once nothing is under way.
    pub(super) async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool, _) => pool.close().await,
            // A server that went away says no farewell.
            Pool::Postgres(pool) => drop(tokio::time::timeout(Duration::from_secs(5), pool.close()).await),
        }
    }
}

impl Work {
    /// Carries out one statement; gives the number of rows it changed.
    pub(super) async fn run(
        &mut self,
        sql: impl Into<Sql>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, StoreError> {
        let sql = sql.into();
        // In a box: the callers' futures hold many of these.
        let done = Box::pin(async {
            Ok(match &mut self.open {
                Open::Sqlite(work) => {
                    sqlx::query_with(sql.sqlite, in_sqlite(values)?).execute(&mut **work).await?.rows_affected()
                }
                Open::Postgres(work) => {
                    let query = sqlx::query_with(sql.postgres, in_postgres(values)?).persistent(false);
                    answered(query.execute(&mut **work)).await?.rows_affected()
                }
            })
        });
        done.await.map_err(|error| failed(&self.place, error))
    }

    /// The one row, if any.
    pub(super) async fn one<T: Row>(
        &mut self,
        sql: impl Into<Sql>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<T>, StoreError> {
        let sql = sql.into();
        let found = Box::pin(async {
            match &mut self.open {
                Open::Sqlite(work) => {
                    sqlx::query_as_with(sql.sqlite, in_sqlite(values)?).fetch_optional(&mut **work).await
                }
                Open::Postgres(work) => {
                    let query = sqlx::query_as_with(sql.postgres, in_postgres(values)?).persistent(false);
                    answered(query.fetch_optional(&mut **work)).await
                }
            }
        });
        found.await.map_err(|error| failed(&self.place, error))
    }

    /// Every row.
    pub(super) async fn all<T: Row>(
        &mut self,
        sql: impl Into<Sql>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>, StoreError> {
        let sql = sql.into();
        let found = Box::pin(async {
            match &mut self.open {
                Open::Sqlite(work) => sqlx::query_as_with(sql.sqlite, in_sqlite(values)?).fetch_all(&mut **work).await,
                Open::Postgres(work) => {
                    let query = sqlx::query_as_with(sql.postgres, in_postgres(values)?).persistent(false);
                    answered(query.fetch_all(&mut **work)).await
                }
            }
        });
        found.await.map_err(|error| failed(&self.place, error))
    }

    /// Rows that the database itself packs into one text of JSON.
    pub(super) async fn packed(
        &mut self,
        sql: impl Into<Sql>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<String, StoreError> {
        let row: Option<(String,)> = self.one(sql, values).await?;
        let packed = row.map_or_else(|| "[]".to_owned(), |(packed,)| packed);
        Ok(match &self.open {
            Open::Sqlite(_) => packed,
            Open::Postgres(_) => text::told(packed),
        })
    }

    /// Makes it hold.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let done = match self.open {
            Open::Sqlite(work) => work.commit().await,
            Open::Postgres(work) => Box::pin(answered(work.commit())).await,
        };
        done.map_err(|error| failed(&self.place, error))
    }
}

fn in_sqlite(values: impl IntoIterator<Item = Value>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    values.into_iter().try_for_each(|value| value.add(&mut arguments)).map_err(sqlx::Error::Encode)?;
    Ok(arguments)
}

fn in_postgres(values: impl IntoIterator<Item = Value>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    let mut values = values.into_iter().map(text::held);
    values.try_for_each(|value| value.add(&mut arguments)).map_err(sqlx::Error::Encode)?;
    Ok(arguments)
}

/// What a server answers; an error where it says nothing: a connection whose other end is gone stays silent for hours.
async fn answered<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(SILENCE, answer).await.unwrap_or_else(|_| Err(silence("no answer within 15 s")))
}

fn failed(place: &Place, error: sqlx::Error) -> StoreError {
    let error = match error {
        sqlx::Error::PoolTimedOut => silence("no connection within 5 s"),
        other => other,
    };
    StoreError::Query { place: place.clone(), error }
}

fn silence(why: &str) -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, why))
}
