use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::peers::{peers, script};

/// A client of ThoughtSpot that others wrote, unmodified: a class of a Python package.
pub(crate) struct PublicClient {
    python: PathBuf,
    package: &'static str,
    class: &'static str,
    url: String,
}

impl PublicClient {
    /// The client of API v1 in one of the packages, for the cluster at this address; none where the machine is told to
    /// go without.
    #[track_caller]
    pub(crate) fn v1(package: &'static str, url: String) -> Option<Self> {
        Self::of(package, "TSRestApiV1", url)
    }

    /// The same for API v2.
    #[track_caller]
    pub(crate) fn v2(package: &'static str, url: String) -> Option<Self> {
        Self::of(package, "TSRestApiV2", url)
    }

    #[track_caller]
    fn of(package: &'static str, class: &'static str, url: String) -> Option<Self> {
        Some(Self { python: peers()?.join("python/bin/python"), package, class, url })
    }

    /// Makes these calls in one session of a new process: `[METHOD, {ARGUMENT: VALUE}]`, or `[PROPERTY, VALUE]` to set
    /// one; what each returned, or the status and the body of a refusal.
    #[track_caller]
    pub(crate) fn call(&self, calls: &Value) -> Vec<Value> {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(&self.python);
        // Isolated (-I) from the tester's own packages, and without bytecode files in the sources (-B).
        command.args(["-I", "-B"]).arg(script("thoughtspot.py")).args([self.package, self.class, &self.url]);
        command.env_clear().env("HOME", home.path()).current_dir(home.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It reads everything before it says anything.
        child.stdin.take().unwrap().write_all(calls.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}: {}", self.package, String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}
