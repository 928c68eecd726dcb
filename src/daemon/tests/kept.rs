//! What was asked, written down and read again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::calendars::settings;
use super::utc;
use crate::daemon::{Cause, Desk, Queue, Stage, Terms, Trigger, company, lanes, row_of, trigger_of};
use crate::principal::PrincipalId;
use crate::store::{AskedRow, Store};

fn trigger(id: &str, sync: &str, cause: Cause) -> Trigger {
    Trigger { id: id.into(), sync: sync.into(), cause, only: vec![], terms: Terms::default(), kept: Some(id.into()) }
}

fn desk(store: &Arc<Store>) -> Desk {
    let settings = settings("removeDeleted: false");
    let queue = Queue::new(4, lanes(&settings));
    Desk::new(Arc::new(settings), Arc::clone(store), Arc::new(|| utc("2026-06-15T12:00:00Z")), queue)
}

async fn keep(store: &Store, id: &str, sync: &str, holder: &Desk) {
    let row = row_of(&trigger(id, sync, Cause::Hook(format!("m {id}"))));
    store.keep_asked(&row, holder.now(), holder.id()).await.unwrap();
}

async fn place() -> (tempfile::TempDir, Arc<Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(&folder.path().join("rollcall.db")).await.unwrap());
    (folder, store)
}

/// Of every sync that there is, by a process that carries nothing.
async fn left(store: &Store) -> Vec<String> {
    let claimed = store.claim_asked(&["s".into(), "nobody".into()], "another").await.unwrap();
    claimed.into_iter().map(|claimed| claimed.row.id).collect()
}

#[tokio::test]
async fn what_was_asked_of_a_process_that_is_gone_is_asked_of_the_next() {
    let (_folder, store) = place().await;
    let (gone, next) = (desk(&store), desk(&store));
    for (id, sync) in [("r1", "s"), ("r2", "s"), ("r3", "nobody")] {
        keep(&store, id, sync, &gone).await;
    }
    company::take_over(&next).await.unwrap();
    assert_eq!(next.load(), (0, 0), "it is held");
    company::hand_over(&gone).await;
    company::take_over(&next).await.unwrap();
    assert_eq!(next.load(), (1, 0), "both are one run");
    assert!(next.carries("r1") && next.carries("r2") && !next.carries("r3"));
    let start = next.begin(Instant::now() + Duration::from_mins(1)).unwrap();
    assert_eq!((start.kept.as_slice(), start.causes.hooks.count), (&["r1".to_owned(), "r2".into()][..], 2));
    // The process before may have begun r1: the run has an id of its own, and is found under those that were told.
    assert!(start.run != "r1");
    for told in ["r1", "r2"] {
        assert_eq!(next.follow(told).unwrap().borrow().stage, Stage::Running { run: start.run.clone() }, "{told}");
    }
    assert!(next.carries("r1"), "while it runs too");
    next.let_go(&start.kept).await;
    next.ended(&start, &Stage::Ended { run: start.run.clone(), exit: 0, error: None });
    assert!(!next.carries("r1"));
    assert_eq!(left(&store).await, ["r3"], "whoever has such a sync answers");
}

#[tokio::test]
async fn whoever_carries_it_keeps_it_and_nobody_else_does() {
    let (_folder, store) = place().await;
    let gone = desk(&store);
    for id in ["r1", "r2"] {
        keep(&store, id, "s", &gone).await;
    }
    // One of both never came to the desk, as where its caller's call broke off.
    gone.ask(trigger("r1", "s", Cause::Hook("m".into())), Instant::now()).unwrap();
    company::hand_over(&gone).await;
    gone.renew().await.unwrap();
    assert_eq!(left(&store).await, ["r2"], "what is carried is renewed, and nothing else");
    store.release_asked("another").await.unwrap();
    company::take_over(&gone).await.unwrap();
    assert!(gone.carries("r2"), "it is taken over from whoever gave it back");
    // Late, with both of them over: nobody is asked twice.
    company::hand_over(&gone).await;
    let before = gone.load();
    company::take_over(&gone).await.unwrap();
    assert_eq!(gone.load(), before);
    assert_eq!(left(&store).await, [""; 0]);
}

#[tokio::test]
async fn a_run_that_begins_anew_is_carried_all_the_while() {
    let (_folder, store) = place().await;
    let desk = desk(&store);
    desk.ask(trigger("r1", "s", Cause::Caller("ops".into())), Instant::now()).unwrap();
    for _ in 0..3 {
        let start = desk.begin(Instant::now() + Duration::from_mins(1)).unwrap();
        assert!(desk.carries("r1"));
        desk.again(start, true, "the target is held", Instant::now());
        assert!(desk.carries("r1"));
    }
    let mut other = settings("removeDeleted: false");
    other.syncs.remove("s");
    desk.configure(Arc::new(other), 4);
    assert!(!desk.carries("r1"), "whoever has the sync may take it");
}

#[tokio::test]
async fn whoever_stops_leaves_it_to_the_next() {
    let (_folder, store) = place().await;
    let (gone, stopping) = (desk(&store), desk(&store));
    keep(&store, "r1", "s", &gone).await;
    company::hand_over(&gone).await;
    stopping.stop();
    company::take_over(&stopping).await.unwrap();
    assert_eq!(left(&store).await, ["r1"]);
}

/// As when half a minute has passed, and whoever held them is gone.
async fn expire(folder: &tempfile::TempDir) {
    use sqlx::Connection;
    let place = format!("sqlite://{}", folder.path().join("rollcall.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&place).await.unwrap();
    let over = sqlx::query("UPDATE asked SET expires = '2020-01-01T00:00:00.000Z'").execute(&mut connection).await;
    assert!(over.unwrap().rows_affected() > 0);
    connection.close().await.unwrap();
}

#[tokio::test]
async fn what_ends_every_process_is_given_up_and_what_nobody_can_read_is_left() {
    let (folder, store) = place().await;
    let gone = desk(&store);
    keep(&store, "r1", "s", &gone).await;
    let unread = AskedRow { id: "r2".into(), sync: "s".into(), content: "{}".into() };
    store.keep_asked(&unread, gone.now(), gone.id()).await.unwrap();
    for _ in 0..11 {
        expire(&folder).await;
        company::take_over(&desk(&store)).await.unwrap();
    }
    expire(&folder).await;
    let claimed = store.claim_asked(&["s".into()], "another").await.unwrap();
    let left: Vec<_> = claimed.iter().map(|claimed| (claimed.row.id.as_str(), claimed.tries)).collect();
    assert_eq!(left, [("r2", 1)], "whoever can read it begins to count");
}

#[tokio::test]
async fn what_was_given_back_in_good_order_is_never_given_up() {
    let (folder, store) = place().await;
    let gone = desk(&store);
    keep(&store, "r1", "s", &gone).await;
    company::hand_over(&gone).await;
    for _ in 0..25 {
        let next = desk(&store);
        company::take_over(&next).await.unwrap();
        assert!(next.carries("r1"));
        company::hand_over(&next).await;
    }
    // Nor what its own holder finds over, time and again.
    let slow = desk(&store);
    for _ in 0..25 {
        expire(&folder).await;
        company::take_over(&slow).await.unwrap();
    }
    expire(&folder).await;
    assert_eq!(left(&store).await, ["r1"]);
}

proptest! {
    #[test]
    fn it_is_read_as_it_was_written(
        hook: bool, name in ".*", names in prop::collection::vec("[^/ ][^\u{0}]{0,9}x", 0..4),
        apply_changes: Option<bool>, remove_deleted: Option<bool>,
    ) {
        let only: Vec<_> = names.iter().filter_map(|name| PrincipalId::parse(&format!("user:{name}")).ok()).collect();
        let terms = Terms { apply_changes, remove_deleted, by_hand: false, given: None };
        let cause = if hook { Cause::Hook(name) } else { Cause::Caller(name) };
        let asked = Trigger { only, terms, ..trigger("r1", "s", cause) };
        let again = trigger_of(&row_of(&asked)).unwrap();
        prop_assert!(again.id != "r1");
        prop_assert_eq!(Trigger { id: "r1".into(), ..again }, asked);
    }
}
