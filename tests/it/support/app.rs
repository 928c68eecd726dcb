use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{Run, Running};

/// A folder of its own, with a configuration and whatever it names, and the real binary to run in it.
pub(crate) struct App {
    folder: TempDir,
}

impl App {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One with this configuration.
    pub(crate) fn with(config: &str) -> Self {
        let app = Self::new();
        app.configure(config);
        app
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(crate) fn configure(&self, config: &str) {
        self.write("rollcall.yaml", config);
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn write_json(&self, name: &str, principals: &[Value]) {
        self.write(name, serde_json::to_string_pretty(principals).unwrap());
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn read_json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// The binary in the folder, with nothing of the tester's own environment and nobody at a terminal.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.env_clear().env("NO_COLOR", "1").env("USER", "tester").env("TMPDIR", self.folder());
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.current_dir(self.folder()).args(line.split_whitespace());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `rollcall LINE` to its end; the words of `line` are the arguments.
    pub(crate) fn run(&self, line: &str) -> Run {
        Run::of(line, &self.command(line).output().unwrap())
    }

    /// Begins `rollcall LINE`, and does not wait.
    pub(crate) fn begin(&self, line: &str) -> Running {
        Running::of(line, self.command(line).spawn().unwrap())
    }

    /// Changes the state database behind the product's back; gives how many rows that were.
    pub(crate) fn meddle(&self, sql: &'static str) -> u64 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let file = format!("sqlite:{}", self.path("rollcall.db").display());
            let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
            let done = sqlx::query(sql).execute(&pool).await.unwrap();
            pool.close().await;
            done.rows_affected()
        })
    }

    /// The runs in the state database: command and exit code, oldest first; no exit code for one that never ended.
    pub(crate) fn runs(&self) -> Vec<(String, Option<i64>)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let file = format!("sqlite:{}", self.path("rollcall.db").display());
            let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
            let runs = sqlx::query_as("SELECT command, exit_code FROM run ORDER BY id").fetch_all(&pool).await.unwrap();
            pool.close().await;
            runs
        })
    }
}
