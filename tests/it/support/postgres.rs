use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::process::{free_port, is_free, roomy_folder, signal, without};

/// The password of `rollcall`, which owns everything; also that of `tests/postgres-template`.
pub(crate) const PASSWORD: &str = "Canary-postgres";

/// A real PostgreSQL with a folder and a port of its own, and nothing in it.
///
/// It ends with the thread that started it.
pub(crate) struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Postgres {
    /// One as it came from the template; none where the machine is told to go without PostgreSQL.
    #[track_caller]
    pub(crate) fn start() -> Option<Self> {
        if without("ROLLCALL_WITHOUT_POSTGRES") {
            return None;
        }
        let (template, programs) = template();
        let folder = TempDir::new_in(roomy_folder()).unwrap();
        run(Command::new("tar").arg("-xf").arg(template).arg("-C").arg(folder.path()));
        if is_root() {
            run(Command::new("chown").args(["-R", "postgres:postgres"]).arg(folder.path()));
        }
        let mut postgres = Self { folder, programs, port: free_port(), child: None };
        while !postgres.begins() {
            postgres.port = free_port();
        }
        Some(postgres)
    }

    /// Where the database `postgres` is, with user and password.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    pub(crate) fn url_of(&self, database: &str) -> String {
        format!("postgres://rollcall:{PASSWORD}@{}/{database}", self.address())
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What an independent client answers to a statement: a row a line, columns between bars.
    #[track_caller]
    pub(crate) fn ask(&self, statement: &str) -> String {
        self.ask_in("postgres", statement)
    }

    #[track_caller]
    pub(crate) fn ask_in(&self, database: &str, statement: &str) -> String {
        let mut psql = self.program("psql", database);
        let output = psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]).output().unwrap();
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// One of its programs, told where it is.
    pub(crate) fn program(&self, name: &str, database: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.env("PGPASSWORD", PASSWORD).env("PGUSER", "rollcall").env("PGHOST", "127.0.0.1");
        command.env("PGPORT", self.port.to_string()).env("PGDATABASE", database);
        command
    }

    /// Ends it as a power failure does.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        signal("QUIT", child.id());
        child.wait().unwrap();
    }

    /// Starts it on the same data and port after an end.
    #[track_caller]
    pub(crate) fn start_again(&mut self) {
        assert!(self.begins(), "PostgreSQL does not start again: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Starts the program and waits until it answers; false where another has taken the port meanwhile.
    #[track_caller]
    fn begins(&mut self) -> bool {
        let folder = self.folder.path();
        let log = File::create(folder.join("log")).unwrap();
        // It dies with the test, whatever ends the test.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command.arg(self.programs.join("postgres")).arg("-D").arg(folder.join("data"));
        command.arg("-k").arg(folder).arg("-p").arg(self.port.to_string());
        for setting in ["listen_addresses=127.0.0.1", "fsync=off", "shared_buffers=16MB", "max_connections=40"] {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().unwrap();
        let begin = Instant::now();
        while !self.log().contains("ready to accept connections") {
            if child.try_wait().unwrap().is_some() {
                assert!(!is_free(self.port), "PostgreSQL ended: {}", self.log());
                return false;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "PostgreSQL does not answer: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child = Some(child);
        true
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Its files go with it: there is nothing to close well.
            signal("QUIT", child.id());
            child.wait().unwrap();
        }
    }
}

/// The archive that `tests/postgres-template` makes, once per machine, and the folder of the programs.
#[track_caller]
fn template() -> (PathBuf, PathBuf) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres-template");
    let output = Command::new(script).arg(env!("CARGO_TARGET_TMPDIR")).output().unwrap();
    let reason = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reason}hint: ROLLCALL_WITHOUT_POSTGRES=REASON goes without; tests/run sets it");
    let told = String::from_utf8(output.stdout).unwrap();
    let mut lines = told.lines().map(PathBuf::from);
    (lines.next().unwrap(), lines.next().unwrap())
}

pub(super) fn is_root() -> bool {
    fs::metadata(Path::new("/proc/self")).unwrap().uid() == 0
}

#[track_caller]
pub(super) fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}
