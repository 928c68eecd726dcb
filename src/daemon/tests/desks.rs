//! Who asks, who carries it out, and who follows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::calendars::settings;
use super::utc;
use crate::connector::Progress;
use crate::daemon::live::Live;
use crate::daemon::{Cause, Desk, DeskError, LiveRun, Pushed, Queue, Stage, Terms, Trigger, lanes};
use crate::store::Store;

async fn desk(folder: &std::path::Path) -> Desk {
    let settings = settings("removeDeleted: false");
    let queue = Queue::new(4, lanes(&settings));
    let store = Store::open(&folder.join("rollcall.db")).await.unwrap();
    Desk::new(Arc::new(settings), Arc::new(store), Arc::new(|| utc("2026-06-15T12:00:00Z")), queue)
}

fn ask(desk: &Desk, id: &str, sync: &str) -> Result<Pushed, DeskError> {
    let cause = Cause::Caller("ops".into());
    let trigger =
        Trigger { id: id.into(), sync: sync.into(), cause, only: Vec::new(), terms: Terms::default(), kept: None };
    desk.ask(trigger, Instant::now())
}

#[tokio::test]
async fn a_run_can_be_followed_from_the_asking_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path()).await;
    ask(&desk, "r1", "s").unwrap();
    assert!(matches!(ask(&desk, "r9", "nobody"), Err(DeskError::NoSuchSync(_))));
    let follower = desk.follow("r1").unwrap();
    assert!(desk.follow("r9").is_none());
    assert_eq!(follower.borrow().stage, Stage::Waiting);
    let start = desk.begin(Instant::now()).unwrap();
    assert_eq!(follower.borrow().stage, Stage::Running { run: "r1".into() });
    let followers = desk.followers(&start);
    let live = Live::new(&followers);
    live.step("reading people.csv", Some(1_000));
    live.at(3);
    live.at(500);
    let LiveRun { step, done, total, .. } = follower.borrow().clone();
    assert_eq!((step.as_deref(), done, total), (Some("reading people.csv"), 500, Some(1_000)));
    // Its state failed: another try has another id, and whoever follows goes on.
    desk.again(start, true, "the target is held", Instant::now());
    assert_eq!(follower.borrow().stage, Stage::Waiting);
    let start = desk.begin(Instant::now() + Duration::from_secs(1)).unwrap();
    assert_ne!(start.run, "r1");
    assert_eq!(follower.borrow().stage, Stage::Running { run: start.run.clone() });
    let end = Stage::Ended { run: start.run.clone(), exit: 0, error: None };
    desk.ended(&start, &end);
    assert_eq!((follower.borrow().stage.clone(), desk.load()), (end, (0, 0)));
}

#[tokio::test]
async fn whoever_waits_when_it_stops_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path()).await;
    ask(&desk, "r1", "s").unwrap();
    let start = desk.begin(Instant::now()).unwrap();
    ask(&desk, "r2", "s").unwrap();
    desk.stop();
    assert!(desk.is_stopping());
    assert_eq!(desk.follow("r2").unwrap().borrow().stage, Stage::Dropped);
    assert_eq!(desk.follow("r1").unwrap().borrow().stage, Stage::Running { run: "r1".into() });
    assert!(matches!(ask(&desk, "r3", "s"), Err(DeskError::Stopping)));
    desk.ended(&start, &Stage::Dropped);
    assert!(desk.begin(Instant::now()).is_none());
}

#[tokio::test]
async fn a_sync_that_is_gone_drops_who_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path()).await;
    ask(&desk, "r1", "s").unwrap();
    let mut other = settings("removeDeleted: false");
    other.syncs.remove("s");
    desk.configure(Arc::new(other), 4);
    assert_eq!(desk.follow("r1").unwrap().borrow().stage, Stage::Dropped);
    assert!(matches!(ask(&desk, "r2", "s"), Err(DeskError::NoSuchSync(_))));
    ask(&desk, "r3", "other").unwrap();
}
