use std::path::PathBuf;

use rollcall::connector::Secret;
use rollcall::store::{Store, StoreError};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

use crate::support::Postgres;

/// A place for one state: a folder for the file, or a server with nothing in it.
pub(super) enum Home {
    File(TempDir),
    Server(Postgres),
}

impl Home {
    pub(super) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// One of each; of the file alone where the machine is told to go without PostgreSQL.
    pub(super) fn each() -> impl Iterator<Item = Self> {
        std::iter::once_with(|| Some(Self::file()))
            .chain(std::iter::once_with(|| Postgres::start().map(Self::Server)))
            .flatten()
    }

    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::File(folder) => folder.path().join("state").join("rollcall.db"),
            Self::Server(server) => panic!("{} is no file", server.address()),
        }
    }

    pub(super) async fn try_open(&self) -> Result<Store, StoreError> {
        match self {
            Self::File(_) => Store::open(&self.path()).await,
            Self::Server(server) => Store::connect(&Secret::inline(server.url())).await,
        }
    }

    pub(super) async fn open(&self) -> Store {
        self.try_open().await.unwrap()
    }

    pub(super) async fn refusal(&self) -> StoreError {
        match self.try_open().await {
            Ok(_) => panic!("it was opened"),
            Err(error) => error,
        }
    }

    /// Carries a statement out behind the back of the store.
    pub(super) async fn meddle(&self, statement: &str) {
        let sql = AssertSqlSafe(statement.to_owned());
        match self {
            Self::File(_) => {
                let url = format!("sqlite:{}", self.path().display());
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Self::Server(server) => drop(server.ask(statement)),
        }
    }

    /// The one text that a statement gives.
    pub(super) async fn ask(&self, statement: &str) -> String {
        let sql = AssertSqlSafe(statement.to_owned());
        match self {
            Self::File(_) => {
                let url = format!("sqlite:{}", self.path().display());
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                let told = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                told
            }
            Self::Server(server) => server.ask(statement),
        }
    }

    /// From now on nobody can be taken into care.
    pub(super) async fn break_ownership(&self) {
        self.meddle(match self {
            Self::File(_) => "CREATE TRIGGER no BEFORE INSERT ON ownership BEGIN SELECT RAISE(ABORT, 'disk full'); END",
            Self::Server(_) => {
                "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$; \
                 CREATE TRIGGER no BEFORE INSERT ON ownership FOR EACH ROW EXECUTE FUNCTION no()"
            }
        })
        .await;
    }

    pub(super) async fn mend_ownership(&self) {
        self.meddle(match self {
            Self::File(_) => "DROP TRIGGER no",
            Self::Server(_) => "DROP TRIGGER no ON ownership",
        })
        .await;
    }
}
