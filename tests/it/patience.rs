//! A product that asks to be left alone: it is, for a while, and nobody sleeps for days.

use std::time::{Duration, Instant};

use rollcall::sandbox::{Fault, FaultKind, Product as _};

use crate::support::{Office, World, clerk, people};

fn busy(code: u16, retry_after: &str) -> FaultKind {
    FaultKind::Status { code, retry_after: Some(retry_after.into()), body: None, content_type: None }
}

#[test]
fn whoever_asks_for_more_than_there_is_gets_no_more_requests() {
    for (code, asks, told) in
        [(429, "86400", "1day"), (503, "601", "10m 1s"), (429, "Fri, 31 Dec 2100 23:59:59 GMT", "")]
    {
        let world = World::settled(&people(3), "ownership: managed");
        world.cluster.fault("user/list", busy(code, asks));
        let begin = Instant::now();
        let run = world.run("plan").exits(1).fails_once();
        assert!(begin.elapsed() < Duration::from_secs(20), "{run}");
        run.complains(&format!("it asks to wait {told}")).complains("a request waits 10m in all").complains("patience");
        assert_eq!(world.cluster.count("user/list"), 1);
    }
}

#[test]
fn pauses_are_added_up_and_the_log_says_until_when() {
    let world = World::settled(&people(3), "ownership: managed");
    world.configure_target("json: { path: people.json }", "patience: 2s", "ownership: managed");
    for _ in 0..4 {
        world.cluster.fault("user/list", busy(429, "1"));
    }
    let begin = Instant::now();
    let run = world.run("plan").exits(1).complains("it asks to wait 1s, and a request waits 2s in all");
    assert!(begin.elapsed() >= Duration::from_secs(2), "{run}");
    assert_eq!(world.cluster.count("user/list"), 3);
    let waits: Vec<&str> = run.err.lines().filter(|line| line.contains("asks for patience")).collect();
    assert!(waits.len() == 2 && waits.iter().all(|line| line.contains("until=20")), "{run}");
}

#[test]
fn a_step_that_would_wait_too_long_is_throttled_and_the_run_ends_in_part() {
    let office = Office::new(&[], "", "ownership: managed");
    office.source(&(10..40).map(|n| clerk(&format!("u{n}"), &["Support"])).collect::<Vec<_>>());
    office.inject(Fault::once("POST users", busy(429, "259200")).after(5));
    let begin = Instant::now();
    let report = office.run("apply --yes --format json").exits(4).document();
    assert!(begin.elapsed() < Duration::from_secs(30));
    let count = |word: &str| report.outcomes().iter().filter(|outcome| outcome.starts_with(word)).count();
    assert!(count("done ") >= 5 && count("failed ") >= 1 && count("not-tried ") >= 10, "{report}");
    assert!(report.to_string().contains("it asks to wait 3days"), "{report}");
    assert!(report.to_string().contains("asked for patience"), "{report}");
    // Nothing was sent after it.
    assert!(office.count("POST", "users") < 10, "{}", office.count("POST", "users"));
}
