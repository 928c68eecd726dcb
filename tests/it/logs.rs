//! What the log says of a run, and of whom it says nothing.

use rollcall::sandbox::{Fault, FaultKind, Product as _};
use serde_json::Value;

use crate::support::{Office, Run, clerk};

/// In the name of everybody in this story.
const CANARY: &str = "zerlina";

fn answer(code: u16, retry_after: Option<&str>) -> FaultKind {
    FaultKind::Status { code, retry_after: retry_after.map(String::from), body: None, content_type: None }
}

/// Three of whom the first is asked for patience and the last is refused, applied with this verbosity.
fn apply(verbosity: &str) -> Run {
    let office = Office::new(&[], "", "ownership: managed");
    let names = ["zerlina.ash", "zerlina.birch", "zerlina.cedar"];
    office.source(&names.map(|name| clerk(name, &["Support"])));
    office.inject(Fault::once("POST users", answer(429, Some("1"))));
    office.inject(Fault::once("POST users", answer(400, None)).after(2));
    office.run(&format!("--log-format json {verbosity} apply --yes")).exits(4)
}

/// The lines of the log; what a person is told beside it begins otherwise.
fn lines(run: &Run) -> Vec<Value> {
    let lines = run.err.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn every_line_of_a_run_says_which_and_names_nobody() {
    let run = apply("-v");
    let lines = lines(&run);
    let said: Vec<&str> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    for expected in [
        "A run begins",
        "The target asks for patience: a request waits",
        "A step of an apply failed",
        "A run has ended",
    ] {
        assert!(said.contains(&expected), "{expected} is not among {said:?}");
    }
    for line in &lines {
        assert_eq!((&line["run"], &line["sync"]), (&lines[0]["run"], &lines[0]["sync"]), "{line}");
        assert!(line["run"].as_str().is_some_and(|run| run.len() == 36) && line["sync"].is_string(), "{line}");
        assert!(line["timestamp"].is_string() && line["level"].is_string() && line["module"].is_string(), "{line}");
        assert!(!line.to_string().contains(CANARY), "{line}");
    }
    let end = lines.last().unwrap();
    assert_eq!((&end["message"], &end["exit"]), (&"A run has ended".into(), &"partial".into()), "{end}");
    assert!(run.out.contains(CANARY), "the report names them\n{run}");
}

#[test]
fn whoever_asks_for_details_is_told_whom_it_was_about() {
    let run = apply("-vv");
    let lines = lines(&run);
    let named: Vec<_> = lines.iter().filter(|line| line.to_string().contains(CANARY)).collect();
    assert!(!named.is_empty() && named.iter().all(|line| line["level"] == "DEBUG"), "{named:?}");
}
