//! Calls of webhooks that were taken in: the same one is not taken twice, by whoever shares the state.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Home, day};

const KEEP: Duration = Duration::from_hours(4 * 24);

#[tokio::test]
async fn the_same_call_of_the_same_hook_counts_once() {
    for home in Home::each() {
        let store = home.open().await;
        assert!(store.hook_seen("s", "msg_1", day(1), KEEP).await.unwrap());
        assert!(!store.hook_seen("s", "msg_1", day(1), KEEP).await.unwrap());
        assert!(!store.hook_seen("s", "msg_1", day(4), KEEP).await.unwrap(), "three days later too");
        assert!(store.hook_seen("s", "msg_2", day(1), KEEP).await.unwrap());
        assert!(store.hook_seen("other", "msg_1", day(1), KEEP).await.unwrap(), "another hook has calls of its own");
        store.close().await;
        let store = home.open().await;
        assert!(!store.hook_seen("s", "msg_1", day(1), KEEP).await.unwrap(), "it outlives the process");
    }
}

#[tokio::test]
async fn after_its_time_a_call_is_forgotten_and_counts_again() {
    for home in Home::each() {
        let store = home.open().await;
        for n in 0..50 {
            assert!(store.hook_seen("s", &format!("old_{n}"), day(1), KEEP).await.unwrap());
        }
        assert!(store.hook_seen("s", "young", day(4), KEEP).await.unwrap());
        assert!(store.hook_seen("s", "old_7", day(5), KEEP).await.unwrap(), "the time is over to the moment");
        let left = "SELECT CAST(count(*) AS TEXT) FROM hook_seen";
        assert_eq!(home.ask(left).await, "2", "the old ones are gone");
        assert!(!store.hook_seen("s", "old_7", day(5), KEEP).await.unwrap());
        assert!(!store.hook_seen("s", "young", day(7), KEEP).await.unwrap());
    }
}

#[tokio::test]
async fn of_many_who_bring_one_call_at_once_one_is_the_first() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        let calls = (0..40).map(|n| {
            let store = if n % 2 == 0 { &one } else { &two };
            async move { (n % 4, store.hook_seen("s", &format!("msg_{}", n % 4), day(1), KEEP).await.unwrap()) }
        });
        let told = futures_util::future::join_all(calls).await;
        let firsts: Vec<_> = told.iter().filter(|(_, first)| *first).map(|(call, _)| *call).collect();
        assert_eq!(firsts.len(), 4, "{told:?}");
        assert_eq!(firsts.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([0, 1, 2, 3]));
        one.close().await;
        two.close().await;
    }
}
