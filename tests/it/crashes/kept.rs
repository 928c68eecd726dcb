use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::ZlibDecoder;
use serde_json::Value;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::support::{App, Postgres};

/// The database of a story, and the template to which it is brought back.
const DATABASE: &str = "story";
const SETTLED: &str = "settled";

/// An example of Go's `golang.org/x/mod/sumdb/note`.
const SIGNING_KEY: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

/// Where a story keeps its state, how it is brought back, and what it knows, looked at without the product.
pub(super) enum Kept {
    File { path: PathBuf, settled: Vec<u8> },
    Database(Postgres),
}

impl Kept {
    pub(super) fn in_a_file(app: &App) -> Self {
        Self::File { path: app.path("rollcall.db"), settled: Vec::new() }
    }

    /// None where the machine is told to go without PostgreSQL.
    pub(super) fn in_postgresql(app: &App) -> Option<Self> {
        let postgres = Postgres::start()?;
        postgres.ask(&format!("CREATE DATABASE {DATABASE}"));
        let config = app.read("rollcall.yaml");
        // Beside a SQLite file one is made.
        app.write("audit.key", SIGNING_KEY);
        let url = postgres.url_of(DATABASE);
        app.configure(&format!("state: {url}\naudit: {{ signingKey: {{ file: audit.key }} }}\n{config}"));
        Some(Self::Database(postgres))
    }

    /// What is in it by now is what [`Kept::restore`] brings back.
    pub(super) fn settle(&mut self) {
        match self {
            Self::File { path, settled } => *settled = std::fs::read(path).unwrap(),
            Self::Database(postgres) => {
                postgres.ask(&format!("CREATE DATABASE {SETTLED} TEMPLATE {DATABASE}"));
            }
        }
    }

    pub(super) fn restore(&self) {
        match self {
            Self::File { path, settled } => {
                for end in ["-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{end}", path.display()));
                }
                std::fs::write(path, settled).unwrap();
            }
            Self::Database(postgres) => {
                postgres.ask(&format!("DROP DATABASE {DATABASE} WITH (FORCE)"));
                postgres.ask(&format!("CREATE DATABASE {DATABASE} TEMPLATE {SETTLED}"));
            }
        }
    }

    /// Whoever held a lease is dead: it is over, as it would be within half a minute.
    pub(super) fn end_the_leases(&self) {
        if let Self::Database(postgres) = self {
            postgres.ask_in(DATABASE, "UPDATE lease SET expires = clock_timestamp()");
        }
    }

    /// Each change that the journals of these runs tell of, `user:ada`, and how it stands.
    pub(super) fn journal(&self, runs: &[&str]) -> Vec<(String, String)> {
        let mut told = Vec::new();
        for run in runs {
            let plan: Option<(Vec<u8>,)> =
                self.ask("SELECT content FROM run_document WHERE run = $1 AND what = 'plan'", run).pop();
            let Some((plan,)) = plan else { continue };
            let plan: Value = serde_json::from_str(&inflated(&plan)).unwrap();
            let rows: Vec<(i64, String)> =
                self.ask("SELECT n, state FROM journal WHERE run = $1 AND part = '' ORDER BY n", run);
            told.extend(rows.into_iter().map(|(n, state)| {
                let change = &plan["changes"][usize::try_from(n).unwrap()];
                let (kind, name) = (change["kind"].as_str().unwrap(), change["name"].as_str().unwrap());
                (format!("{kind}:{name}"), state)
            }));
        }
        told
    }

    /// Everybody in the care of any sync, `user:ada`.
    pub(super) fn owned(&self) -> BTreeSet<String> {
        let rows: Vec<(String, String)> = self.ask("SELECT kind, name_key FROM ownership WHERE $1 = ''", "");
        rows.into_iter().map(|(kind, name)| format!("{kind}:{name}")).collect()
    }

    /// Neither the files of the state, or a dump of its database, hold `text`, nor does what is deflated in it.
    #[track_caller]
    pub(super) fn holds_nowhere(&self, text: &str) {
        for (name, bytes) in self.raw() {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{name} holds {text}");
        }
        let documents: Vec<(Vec<u8>,)> = self.ask("SELECT content FROM run_document WHERE $1 = ''", "");
        assert!(!documents.is_empty());
        for (document,) in documents {
            assert!(!inflated(&document).contains(text), "a document of a run holds {text}");
        }
    }

    fn raw(&self) -> Vec<(String, Vec<u8>)> {
        match self {
            Self::File { path, .. } => {
                let beside = ["", "-wal", "-shm"].map(|end| format!("{}{end}", path.display()));
                beside.into_iter().filter_map(|name| Some((name.clone(), std::fs::read(&name).ok()?))).collect()
            }
            Self::Database(postgres) => {
                let dump = postgres.program("pg_dump", DATABASE).output().unwrap();
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                vec![("the dump".to_owned(), dump.stdout)]
            }
        }
    }

    fn ask<T>(&self, query: &'static str, value: &str) -> Vec<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
            + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
            + Send
            + Unpin,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            match self {
                Self::File { path, .. } => {
                    let mut file = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
                    let rows = sqlx::query_as(query).bind(value).fetch_all(&mut file).await.unwrap();
                    file.close().await.unwrap();
                    rows
                }
                Self::Database(postgres) => {
                    let mut database = PgConnection::connect(&postgres.url_of(DATABASE)).await.unwrap();
                    let rows = sqlx::query_as(query).bind(value).fetch_all(&mut database).await.unwrap();
                    database.close().await.unwrap();
                    rows
                }
            }
        })
    }
}

fn inflated(content: &[u8]) -> String {
    let mut text = String::new();
    ZlibDecoder::new(content).read_to_string(&mut text).unwrap();
    text
}
