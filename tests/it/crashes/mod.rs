//! `kill -9` at every step of an apply of 200 changes: the next run finishes, the target ends right, this sync still
//! owns everybody whom it made, and the journal tells of each change once.
//!
//! Every write of the apply is a crash point, once with the write lost and once with its answer lost. `tests/run` takes
//! some of them; `ROLLCALL_CRASH_POINTS=all` takes all.

mod kept;
mod story;

use rollcall::sandbox::{Fault, FaultKind};
use serde_json::Value;
use story::{Point, Story, after, shown};

/// Each story with the state in a SQLite file, and in PostgreSQL.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&super::Story::in_a_file()); })*
        }
        mod postgresql {
            $(#[test] fn $name() { if let Some(story) = super::Story::in_postgresql() { super::$name(&story); } })*
        }
    };
}

stories! {
    killed_with_a_write_lost_the_next_run_finishes,
    killed_with_an_answer_lost_the_next_run_finishes,
    whoever_left_between_the_crash_and_the_next_run_is_a_leaver,
    every_call_that_fails_is_told_and_the_next_run_finishes,
    told_to_stop_it_finishes_what_is_under_way_and_the_next_run_does_the_rest,
}

fn points(all: &[Point]) -> Vec<Point> {
    #[expect(clippy::disallowed_methods, reason = "the tester says how long the story may be")]
    let asked = std::env::var("ROLLCALL_CRASH_POINTS");
    let every = if asked.is_ok_and(|which| which == "all") { 1 } else { all.len() / 5 };
    all.iter().step_by(every).chain(all.last()).cloned().collect()
}

fn killed_with_a_write_lost_the_next_run_finishes(story: &Story) {
    for point in points(&story.points) {
        story.killed_at(&point, FaultKind::CutBefore);
        story.next_run_finishes(&point);
    }
}

fn killed_with_an_answer_lost_the_next_run_finishes(story: &Story) {
    for point in points(&story.points) {
        story.killed_at(&point, FaultKind::CutAfter);
        story.next_run_finishes(&point);
    }
}

fn whoever_left_between_the_crash_and_the_next_run_is_a_leaver(story: &Story) {
    let last_create = story.points.iter().rfind(|point| point.on.ends_with("users/create")).unwrap().clone();
    story.killed_at(&last_create, FaultKind::CutAfter);
    let made: Vec<String> = story.world.cluster.residents().into_iter().filter(|name| name.starts_with('n')).collect();
    assert!(!made.is_empty());
    // None of the new ones is in the source any more.
    let without: Vec<Value> =
        after().into_iter().filter(|person| !person["name"].as_str().unwrap().starts_with('n')).collect();
    story.world.source(&without);
    story.world.run("apply --yes").exits(0);
    let left: Vec<String> = story.world.cluster.residents().into_iter().filter(|name| name.starts_with('n')).collect();
    assert!(left.is_empty(), "{left:?}");
}

fn every_call_that_fails_is_told_and_the_next_run_finishes(story: &Story) {
    for point in points(&story.points) {
        story.restore();
        let refusal = FaultKind::Status { code: 500, retry_after: None, body: None, content_type: None };
        story.world.cluster.inject(Fault::once(&point.on, refusal).after(point.skip));
        let report = story.world.run("apply --yes --format json").document();
        let failed = report.outcomes().iter().filter(|outcome| outcome.starts_with("failed")).count();
        let again = story.world.run("apply --yes --format json").exits(0).document();
        assert_eq!(shown(&story.world), story.wanted, "{point:?}: {failed} failed\n{report}\n{again}");
        story.world.is_settled();
    }
}

fn told_to_stop_it_finishes_what_is_under_way_and_the_next_run_does_the_rest(story: &Story) {
    story.restore();
    let pause = FaultKind::Latency { millis: 400 };
    story.world.cluster.inject(Fault::once("users/create", pause).times(100));
    let mut apply = story.world.app.begin("apply --yes --format json");
    story.world.cluster.await_request("users/create", 1);
    apply.signal("TERM");
    let run = apply.end().exits(4).complains("Stopping:");
    let report = run.document();
    let done = report.outcomes().iter().filter(|outcome| outcome.starts_with("done")).count();
    let left = report.outcomes().iter().filter(|outcome| outcome.starts_with("not-tried")).count();
    assert!(done > 0 && left > 100 && done + left == 200, "{done} done, {left} left\n{report}");
    story.world.cluster.clear_faults();
    let report = story.world.run("apply --yes --format json").exits(0).document();
    assert_eq!(report.changes().len(), left);
    assert_eq!(shown(&story.world), story.wanted);
    story.world.is_settled();
}
