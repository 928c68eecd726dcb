use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::postgres::{PASSWORD, Postgres, is_root, run};
use super::process::{free_port, is_free, signal};

/// A real PgBouncer before a PostgreSQL: it lends its one connection to whoever begins a transaction, for as long as
/// that takes.
///
/// It ends with the thread that started it.
pub(crate) struct Pooler {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Pooler {
    #[track_caller]
    pub(crate) fn start(server: &Postgres) -> Self {
        let mut pooler = Self { folder: tempfile::tempdir().unwrap(), port: free_port(), child: None };
        while !pooler.begins(server) {
            pooler.port = free_port();
        }
        pooler
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://rollcall:{PASSWORD}@127.0.0.1:{}/postgres", self.port)
    }

    /// What the connection to the server answers to a statement.
    #[track_caller]
    pub(crate) fn ask(&self, statement: &str) -> String {
        let output =
            Command::new("psql").arg(self.url()).args(["-X", "-q", "-A", "-t", "-c", statement]).output().unwrap();
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Starts the program and waits until it answers; false where another has taken the port meanwhile.
    #[track_caller]
    fn begins(&mut self, server: &Postgres) -> bool {
        let folder = self.folder.path();
        let configuration = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\n\
             unix_socket_dir =\nauth_type = plain\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 1\n",
            server.port(),
            self.port,
            folder.join("users").display()
        );
        fs::write(folder.join("pgbouncer.ini"), configuration).unwrap();
        fs::write(folder.join("users"), format!("\"rollcall\" \"{PASSWORD}\"\n")).unwrap();
        // It dies with the test, whatever ends the test.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            run(Command::new("chown").args(["-R", "postgres:postgres"]).arg(folder));
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command.arg("/usr/sbin/pgbouncer").arg(folder.join("pgbouncer.ini"));
        let log = fs::File::create(folder.join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("pgbouncer: {error}; tests/run installs it"));
        let begin = Instant::now();
        let told = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        while !told().contains("process up") {
            if child.try_wait().unwrap().is_some() {
                assert!(!is_free(self.port), "PgBouncer ended: {}", told());
                return false;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "PgBouncer does not answer: {}", told());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child = Some(child);
        true
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            signal("KILL", child.id());
            child.wait().unwrap();
        }
    }
}
