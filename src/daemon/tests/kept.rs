//! What was asked, written down and read again.

use std::sync::Arc;
use std::time::Instant;

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

#[tokio::test]
async fn what_was_asked_of_a_process_that_is_gone_is_asked_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(&folder.path().join("rollcall.db")).await.unwrap());
    let gone = desk(&store);
    for (id, sync) in [("r1", "s"), ("r2", "s"), ("r3", "nobody")] {
        store.keep_asked(&row_of(&trigger(id, sync, Cause::Hook(format!("m {id}")))), gone.id()).await.unwrap();
    }
    let unread = AskedRow { id: "r4".into(), sync: "s".into(), content: "{}".into() };
    store.keep_asked(&unread, gone.id()).await.unwrap();
    let next = desk(&store);
    company::take_over(&next, true).await.unwrap();
    assert_eq!(next.load(), (0, 0), "it is held");
    company::hand_over(&gone).await;
    company::take_over(&next, true).await.unwrap();
    assert_eq!(next.load(), (1, 0), "both are one run");
    assert_eq!(next.follow("r1").unwrap().borrow().stage, Stage::Waiting, "under the id that was told");
    let start = next.begin(Instant::now() + std::time::Duration::from_secs(60)).unwrap();
    assert_eq!((start.run.as_str(), start.causes.hooks.count), ("r1", 2));
    assert_eq!(start.kept, ["r1", "r2"]);
    next.let_go(&start.kept).await;
    company::hand_over(&next).await;
    assert!(store.claim_asked("third").await.unwrap().is_empty(), "of a sync that is gone nothing is left either");
}

#[tokio::test]
async fn whoever_stops_leaves_it_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(&folder.path().join("rollcall.db")).await.unwrap());
    let (gone, stopping) = (desk(&store), desk(&store));
    store.keep_asked(&row_of(&trigger("r1", "s", Cause::Caller("ops".into()))), gone.id()).await.unwrap();
    company::hand_over(&gone).await;
    stopping.stop();
    company::take_over(&stopping, true).await.unwrap();
    assert_eq!(store.claim_asked("third").await.unwrap().len(), 1);
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
        prop_assert_eq!(trigger_of(&row_of(&asked), false), Some(asked.clone()));
        let again = trigger_of(&row_of(&asked), true).unwrap();
        prop_assert!(again.id != "r1" && again.kept == asked.kept && again.only == asked.only);
    }
}
