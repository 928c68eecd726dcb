use std::str::FromStr;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection};

use super::database::{Database, Pool};
use super::error::why;
use super::{Place, StoreError, migrate};
use crate::config::postgres_problem;

/// How long a server may take to let us in.
const CONNECTING: Duration = Duration::from_secs(10);

/// How long a run waits for a connection to a server that has let it in before.
const WAITING: Duration = Duration::from_secs(5);

/// A run has one statement under way, and its lease another.
const CONNECTIONS: u32 = 4;

/// Opens the database at `url`, which holds a password.
pub(super) async fn open(url: &str) -> Result<Database, StoreError> {
    let fail = |place: Place, error: &sqlx::Error| StoreError::Open { place, why: why(error), hint: hint(error) };
    if let Some(problem) = postgres_problem(url) {
        return Err(StoreError::Address(problem));
    }
    let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Address(error.to_string()))?;
    let name = options.get_application_name().unwrap_or("rollcall").to_owned();
    let options = options
        .application_name(&name)
        // Behind a pooler a statement that was prepared is not there at the next one, and what it does not know of a
        // session it refuses.
        .statement_cache_capacity(0)
        .extra_float_digits(None)
        // Statements hold names of people.
        .disable_statement_logging();
    let place = place(&options);
    // Not by the pool, which tries again while nobody answers, and at last tells nothing but that.
    let connecting = tokio::time::timeout(CONNECTING, options.connect()).await;
    let connected = connecting.unwrap_or_else(|_| {
        let why = format!("no answer within {} s", CONNECTING.as_secs());
        Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, why)))
    });
    let mut connection = connected.map_err(|error| fail(place.clone(), &error))?;
    speaks_unicode(&mut connection, &place).await?;
    migrate::postgres(&mut connection, &place).await?;
    let _ = connection.close().await;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAITING);
    Ok(Database::new(Pool::Postgres(pool.connect_lazy_with(options)), place))
}

fn place(options: &PgConnectOptions) -> Place {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    Place::Postgres { host, database: options.get_database().unwrap_or(options.get_username()).to_owned() }
}

/// In another encoding not every name could be kept.
async fn speaks_unicode(connection: &mut PgConnection, place: &Place) -> Result<(), StoreError> {
    let asked = sqlx::raw_sql("SHOW server_encoding").fetch_one(connection).await;
    let encoding = asked.and_then(|row| sqlx::Row::try_get::<String, _>(&row, 0));
    let encoding = encoding.map_err(|error| StoreError::Query { place: place.clone(), error })?;
    if encoding == "UTF8" {
        return Ok(());
    }
    let why = format!("its encoding is {encoding}, which does not hold every name");
    Err(StoreError::Open {
        place: place.clone(),
        why,
        hint: "make it with `createdb --encoding=UTF8 --template=template0`",
    })
}

/// What to do about a failure of the server.
pub(super) fn hint(error: &sqlx::Error) -> &'static str {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match (code.as_deref(), error) {
        (Some("28P01" | "28000"), _) => {
            "are the user and the password in `state:` right, and does pg_hba.conf let this machine in?"
        }
        (Some("3D000"), _) => "make it: `createdb --encoding=UTF8 --template=template0 --owner=USER NAME`",
        (Some("42501"), _) => "rollcall makes its own tables: its user must own the database, or a schema of it",
        (Some("25006"), _) => "this is a standby, or set to read only: `state:` must name the server that takes writes",
        (Some("53300"), _) => "the server has no connection left; each rollcall uses at most 4",
        (Some("57014" | "55P03"), _) => {
            "something else holds the tables, or the server is overloaded: see pg_stat_activity"
        }
        (Some(_), sqlx::Error::Database(_)) => "see the log of the server, and docs/state.md",
        (_, sqlx::Error::Tls(_)) => "see `sslmode` and `sslrootcert` in docs/state.md",
        (_, sqlx::Error::Configuration(_)) => {
            "such as `postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full`"
        }
        _ => "is the server up, and can this machine reach it? Nothing is lost: run it again then",
    }
}
