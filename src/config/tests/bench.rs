//! A folder with a configuration, for one test.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::config::load::load_in;
use crate::config::{Colour, Problems, Settings, Severity, text};

/// A configuration with nothing wrong; tests replace parts of it.
pub(super) const GOOD: &str = "\
sources:
  corp:
    csv: { users: people.csv }
targets:
  bi:
    thoughtspot:
      url: https://ts.example.org
      username: rollcall
      password: { file: ts-password }
syncs:
  corp-to-bi:
    from: corp
    to: bi
";

pub(super) struct Bench {
    pub(super) folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Bench {
    /// A folder with this `rollcall.yaml`, and `ts-password` beside it.
    pub(super) fn new(config: &str) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() };
        bench.with_file("rollcall.yaml", config).with_file("ts-password", "correct horse\n")
    }

    pub(super) fn with_file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub(super) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn load(&self) -> Result<Settings, Problems> {
        let find =
            |name: &str| self.environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        load_in(Some(&self.path("rollcall.yaml")), &find)
    }

    pub(super) fn settings(&self) -> Settings {
        self.load().unwrap_or_else(|problems| panic!("{}", self.short(&problems)))
    }

    /// Every problem on one line: `FILE:LINE:COLUMN: PATH: MESSAGE (HINT)`.
    pub(super) fn problems(&self) -> String {
        self.short(&self.load().expect_err("the configuration is wrong"))
    }

    /// The same for a person.
    pub(super) fn rendered(&self) -> String {
        let problems = self.load().expect_err("the configuration is wrong");
        self.without_folder(&text(&problems.0, Severity::Error, Colour::Plain))
    }

    pub(super) fn short(&self, problems: &Problems) -> String {
        let lines = problems.0.iter().map(|problem| {
            let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
            let hint = problem.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
            let file = problem.file.display();
            format!("{file}:{}:{}: {path}{}{hint}", problem.line, problem.column, problem.message)
        });
        self.without_folder(&lines.collect::<Vec<_>>().join("\n"))
    }

    pub(super) fn without_folder(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

/// The problems of [`GOOD`] with one piece replaced.
pub(super) fn problems_with(piece: &str, instead: &str) -> String {
    assert!(GOOD.contains(piece), "`{piece}` is not in the good configuration");
    Bench::new(&GOOD.replacen(piece, instead, 1)).problems()
}
