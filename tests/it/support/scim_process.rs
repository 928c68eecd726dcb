use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::process::signal;

/// What each server prints once it listens; its address follows.
const READY: &str = "Serving SCIM on ";

/// The longest that one may take to start or to end. Alone on a core they need 2 seconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// A SCIM server, or another peer, as a process, with a folder of its own, in which it writes down what it has when it ends.
/// It ends with the thread that started it.
pub(crate) struct ScimProcess {
    folder: TempDir,
    child: Option<Child>,
}

impl ScimProcess {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), child: None }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where it must write its resources.
    pub(crate) fn dump(&self) -> PathBuf {
        self.path("resources.json")
    }

    /// Whatever it has printed.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// A command that hears an interrupt, which a shell's job in the background does not, and dies with the test,
    /// whatever ends the test.
    pub(crate) fn command(&self, program: PathBuf) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "env", "--default-signal=INT"]).arg(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.folder.path());
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Starts it and waits until it says where it listens; none where it ended before.
    #[track_caller]
    pub(crate) fn begin(&mut self, command: Command) -> Option<String> {
        self.begin_saying(command, READY)
    }

    /// The same for one that says it in other words.
    #[track_caller]
    pub(crate) fn begin_saying(&mut self, mut command: Command, ready: &str) -> Option<String> {
        let log = File::create(self.path("log")).unwrap();
        let mut child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let begin = Instant::now();
        loop {
            // Asked first: what it printed before it ended is all that it will print.
            let ended = child.try_wait().unwrap().is_some();
            let log = self.log();
            if let Some((_, address)) = log.split_once(ready)
                && let Some((address, _)) = address.split_once('\n')
            {
                self.child = Some(child);
                return Some(address.to_owned());
            }
            if ended {
                return None;
            }
            if begin.elapsed() > PATIENCE {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("the server does not begin: {log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it as a person at a terminal does; the resources that it had.
    #[track_caller]
    pub(crate) fn end(&mut self) -> Vec<Value> {
        let child = self.child.as_ref().unwrap();
        assert!(signal("INT", child.id()), "the server has ended by itself: {}", self.log());
        let status = self.await_end();
        assert!(status.success(), "the server ended with {status}: {}", self.log());
        self.child = None;
        serde_json::from_slice(&fs::read(self.dump()).unwrap()).unwrap()
    }

    #[track_caller]
    fn await_end(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                return status;
            }
            assert!(begin.elapsed() < PATIENCE, "the server does not end: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for ScimProcess {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Nobody asks for its resources any more, and its files go with it. It may have ended by itself.
            let _ = child.kill();
            child.wait().unwrap();
        }
    }
}
