use std::io::{BufRead, BufReader};
use std::process::{Child, Command};

use super::Run;

/// The binary while it runs; killed where a story ends before it does.
pub(crate) struct Running {
    line: String,
    child: Option<Child>,
}

impl Running {
    pub(crate) fn of(line: &str, child: Child) -> Self {
        Self { line: line.to_owned(), child: Some(child) }
    }

    fn child(&mut self) -> &mut Child {
        self.child.as_mut().unwrap()
    }

    /// Nobody reads its stdout from now on.
    pub(crate) fn unheard(mut self) -> Self {
        drop(self.child().stdout.take());
        self
    }

    /// Waits for its first line on stdout.
    pub(crate) fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child().stdout.take().unwrap()).read_line(&mut line).unwrap();
        line
    }

    /// Sends a signal, such as `INT`.
    pub(crate) fn signal(&mut self, name: &str) {
        let kill = format!("kill -{name} {}", self.child().id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Kills it at once.
    pub(crate) fn kill(self) {
        drop(self);
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Run {
        Run::of(&self.line, &self.child.take().unwrap().wait_with_output().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
