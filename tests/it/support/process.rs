use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How much memory a server needs for its files.
const ROOM: u64 = 200_000_000;

/// Whether `tests/run`, or a person, has said in this variable why this machine goes without a server. The test then
/// ends early, and says so.
pub(crate) fn without(variable: &str) -> bool {
    let reason = std::env::var_os(variable);
    if let Some(reason) = &reason {
        writeln!(std::io::stderr(), "skipped: {}", reason.to_string_lossy()).unwrap();
    }
    reason.is_some()
}

/// Sends a signal, such as `INT`, to a process of our own, or to a group of them as `-ID`; false where there is none.
pub(crate) fn signal(name: &str, id: impl std::fmt::Display) -> bool {
    let kill = format!("kill -s {name} -- {id}");
    Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status().unwrap().success()
}

/// A folder in memory where there is room: databases wait for the disk at every write.
pub(crate) fn roomy_folder() -> PathBuf {
    let output = Command::new("df").args(["--output=avail", "-B1", "/dev/shm"]).stderr(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let room: u64 = text.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or_default();
    if room > ROOM { "/dev/shm".into() } else { std::env::temp_dir() }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}
