use std::borrow::Cow;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection, Executor, PgConnection};

use super::error::why;
use super::value::Sql;
use super::{Place, StoreError, postgres};

/// Every step from an empty database to today's, oldest first. A step is never changed once it was released.
const STEPS: [(i64, &str, Sql); 13] = [
    (
        1,
        "begin",
        Sql {
            sqlite: include_str!("migrations/sqlite/0001_begin.sql"),
            postgres: include_str!("migrations/postgres/0001_begin.sql"),
        },
    ),
    (
        2,
        "memory",
        Sql {
            sqlite: include_str!("migrations/sqlite/0002_memory.sql"),
            postgres: include_str!("migrations/postgres/0002_memory.sql"),
        },
    ),
    (
        3,
        "target memory",
        Sql {
            sqlite: include_str!("migrations/sqlite/0003_target_memory.sql"),
            postgres: include_str!("migrations/postgres/0003_target_memory.sql"),
        },
    ),
    (
        4,
        "leavers",
        Sql {
            sqlite: include_str!("migrations/sqlite/0004_leavers.sql"),
            postgres: include_str!("migrations/postgres/0004_leavers.sql"),
        },
    ),
    (
        5,
        "applied",
        Sql {
            sqlite: include_str!("migrations/sqlite/0005_applied.sql"),
            postgres: include_str!("migrations/postgres/0005_applied.sql"),
        },
    ),
    (
        6,
        "journal",
        Sql {
            sqlite: include_str!("migrations/sqlite/0006_journal.sql"),
            postgres: include_str!("migrations/postgres/0006_journal.sql"),
        },
    ),
    (
        7,
        "trail",
        Sql {
            sqlite: include_str!("migrations/sqlite/0007_trail.sql"),
            postgres: include_str!("migrations/postgres/0007_trail.sql"),
        },
    ),
    (
        9,
        "health",
        Sql {
            sqlite: include_str!("migrations/sqlite/0009_health.sql"),
            postgres: include_str!("migrations/postgres/0009_health.sql"),
        },
    ),
    (
        10,
        "hook seen",
        Sql {
            sqlite: include_str!("migrations/sqlite/0010_hook_seen.sql"),
            postgres: include_str!("migrations/postgres/0010_hook_seen.sql"),
        },
    ),
    (
        11,
        "ticks",
        Sql {
            sqlite: include_str!("migrations/sqlite/0011_ticks.sql"),
            postgres: include_str!("migrations/postgres/0011_ticks.sql"),
        },
    ),
    (
        12,
        "pushed list",
        Sql {
            sqlite: include_str!("migrations/sqlite/0012_pushed_list.sql"),
            postgres: include_str!("migrations/postgres/0012_pushed_list.sql"),
        },
    ),
    (
        13,
        "asked",
        Sql {
            sqlite: include_str!("migrations/sqlite/0013_asked.sql"),
            postgres: include_str!("migrations/postgres/0013_asked.sql"),
        },
    ),
    (
        14,
        "written",
        Sql {
            sqlite: include_str!("migrations/sqlite/0014_written.sql"),
            postgres: include_str!("migrations/postgres/0014_written.sql"),
        },
    ),
];

/// The lock of whoever brings a database to today's shape: the first letters of `rollcall`.
const LOCK: i64 = 0x726f_6c6c_6361_6c6c;

/// Whoever stands still on the way is not waited for by all others for ever.
const BEGIN: &str = "BEGIN; SET LOCAL client_min_messages = warning; SET LOCAL lock_timeout = '60s'; \
                     SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// What can go wrong on the way.
pub(super) enum Failure {
    /// It is of a newer release.
    Newer,
    Step(MigrateError),
    Query(sqlx::Error),
}

/// Brings a SQLite database to today's shape. Of several who open it at once one does, and the others wait.
pub(super) async fn sqlite(pool: &SqlitePool, place: &Place) -> Result<(), StoreError> {
    let done = async {
        let mut work = pool.begin_with("BEGIN IMMEDIATE").await?;
        steps(|sql| sql.sqlite, &mut *work).await?;
        Ok(work.commit().await?)
    };
    let hint = "`state:` names the file; its folder must be there and writable, and the disk not full";
    done.await.map_err(|failure| refused(failure, place, |_| hint))
}

/// Brings a PostgreSQL database to today's shape, alike.
pub(super) async fn postgres(connection: &mut PgConnection, place: &Place) -> Result<(), StoreError> {
    let done = async {
        let mut work = connection.begin_with(BEGIN).await?;
        // Not the lock of a session, as sqlx would take: behind a pooler nobody has one.
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).persistent(false).execute(&mut *work).await?;
        steps(|sql| sql.postgres, &mut *work).await?;
        // The statements that sqlx has prepared would stay behind in the connection of a pooler.
        work.execute("DEALLOCATE ALL").await?;
        Ok(work.commit().await?)
    };
    done.await.map_err(|failure| refused(failure, place, postgres::hint))
}

async fn steps<C: Migrate>(text: fn(&Sql) -> &'static str, connection: &mut C) -> Result<(), Failure> {
    let steps = STEPS.iter().map(|(version, name, sql)| {
        let sql = sqlx::SqlStr::from_static(text(sql));
        Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    migrator.set_locking(false);
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => Failure::Newer,
        other => Failure::Step(other),
    })
}

fn refused(failure: Failure, place: &Place, hint: impl Fn(&sqlx::Error) -> &'static str) -> StoreError {
    let place = place.clone();
    match failure {
        Failure::Newer => StoreError::Newer { place },
        Failure::Step(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _))
        | Failure::Query(error) => StoreError::Open { why: why(&error), hint: hint(&error), place },
        Failure::Step(other) => {
            let hint = "the tables there are not as rollcall made them: name another place in `state:`";
            StoreError::Open { place, why: other.to_string(), hint }
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(error)
    }
}
