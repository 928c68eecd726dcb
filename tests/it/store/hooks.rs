//! Calls of webhooks that were taken in: the same one is not taken twice, by whoever shares the state.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rollcall::store::{AskedRow, CallSeen, Store};

use super::{Home, day};

const KEEP: Duration = Duration::from_hours(4 * 24);

async fn first(store: &Store, hook: &str, key: &str, now: DateTime<Utc>) -> bool {
    store.keep_call(&CallSeen { hook, key, now, keep: KEEP }, &asked(), "p").await.unwrap()
}

fn asked() -> AskedRow {
    AskedRow { id: rollcall::daemon::new_id(), sync: "s".into(), content: "{}".into() }
}

#[tokio::test]
async fn the_same_call_of_the_same_hook_counts_once() {
    for home in Home::each() {
        let store = home.open().await;
        assert!(first(&store, "s", "msg_1", day(1)).await);
        assert!(!first(&store, "s", "msg_1", day(1)).await);
        assert!(!first(&store, "s", "msg_1", day(4)).await, "three days later too");
        assert!(first(&store, "s", "msg_2", day(1)).await);
        assert!(first(&store, "other", "msg_1", day(1)).await, "another hook has calls of its own");
        store.close().await;
        let store = home.open().await;
        assert!(!first(&store, "s", "msg_1", day(1)).await, "it outlives the process");
    }
}

#[tokio::test]
async fn after_its_time_a_call_is_forgotten_and_counts_again() {
    for home in Home::each() {
        let store = home.open().await;
        for n in 0..50 {
            assert!(first(&store, "s", &format!("old_{n}"), day(1)).await);
        }
        assert!(first(&store, "s", "young", day(4)).await);
        assert!(first(&store, "s", "old_7", day(5)).await, "the time is over to the moment");
        let left = "SELECT CAST(count(*) AS TEXT) FROM hook_seen";
        assert_eq!(home.ask(left).await, "2", "the old ones are gone");
        assert!(!first(&store, "s", "old_7", day(5)).await);
        assert!(!first(&store, "s", "young", day(7)).await);
    }
}

#[tokio::test]
async fn of_many_who_bring_one_call_at_once_one_is_the_first() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        let calls = (0..40).map(|n| {
            let store = if n % 2 == 0 { &one } else { &two };
            async move { (n % 4, first(store, "s", &format!("msg_{}", n % 4), day(1)).await) }
        });
        let told = futures_util::future::join_all(calls).await;
        let firsts: Vec<_> = told.iter().filter(|(_, first)| *first).map(|(call, _)| *call).collect();
        assert_eq!(firsts.len(), 4, "{told:?}");
        assert_eq!(firsts.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([0, 1, 2, 3]));
        one.close().await;
        two.close().await;
    }
}
