use std::io::Write;
use std::process::{Command, Stdio};

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
