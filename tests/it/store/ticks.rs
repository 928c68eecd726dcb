//! Times of schedules: each is one run's, until that has finished or its time is over.

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::store::{TakenTick, TicksSeen};

use super::Home;

fn noon(minutes: i64) -> DateTime<Utc> {
    "2026-06-15T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

#[expect(clippy::disallowed_methods, reason = "the database goes by it")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

const OVER: &str = "UPDATE schedule_tick SET expires = '2020-01-01 00:00:00Z' WHERE finished IS NULL";

#[tokio::test]
async fn a_time_is_taken_once_and_answered_once() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        assert_eq!(one.take_tick("s", noon(0), "r1").await.unwrap(), Some(TakenTick { died: None }));
        assert_eq!(two.take_tick("s", noon(0), "r2").await.unwrap(), None);
        assert!(two.take_tick("other", noon(0), "r2").await.unwrap().is_some());
        let seen = two.ticks_seen().await.unwrap();
        assert_eq!(seen.latest, [("other".to_owned(), noon(0)), ("s".to_owned(), noon(0))]);
        assert!(seen.free.is_empty());
        assert_eq!(one.finish_ticks("r1", noon(1)).await.unwrap(), 1);
        assert_eq!(one.finish_ticks("r1", noon(1)).await.unwrap(), 0);
        home.meddle(OVER).await;
        assert_eq!(two.take_tick("s", noon(0), "r3").await.unwrap(), None, "finished is finished");
    }
}

#[tokio::test]
async fn whoever_was_too_late_finds_it_taken_over() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        for minute in 0..3 {
            one.take_tick("s", noon(minute), "r1").await.unwrap().unwrap();
        }
        home.meddle(OVER).await;
        // Late alone is not lost.
        assert_eq!(one.renew_ticks("r1").await.unwrap(), 3);
        assert_eq!(two.take_tick("s", noon(0), "r2").await.unwrap(), None);
        home.meddle(OVER).await;
        let free = two.ticks_seen().await.unwrap().free;
        assert_eq!(free, [0, 1, 2].map(|minute| ("s".to_owned(), noon(minute))));
        let taken = two.take_tick("s", noon(0), "r2").await.unwrap();
        assert_eq!(taken, Some(TakenTick { died: Some("r1".into()) }));
        // It had ended after all: the other counts.
        let taken = two.take_tick("s", noon(1), "r2").await.unwrap();
        assert!(taken.is_some());
        two.concede_tick("s", noon(1), ("r2", "r1"), noon(9)).await.unwrap();
        assert_eq!((one.renew_ticks("r1").await.unwrap(), two.renew_ticks("r2").await.unwrap()), (1, 1));
        assert_eq!(one.finish_ticks("r1", noon(9)).await.unwrap(), 1, "only what is still its own");
        two.release_ticks("r2").await.unwrap();
        assert_eq!(one.ticks_seen().await.unwrap().free, [("s".to_owned(), noon(0))]);
        let run = home.ask("SELECT run FROM schedule_tick WHERE tick LIKE '%12:01%'").await;
        assert_eq!(run, "r1");
        assert_eq!(home.ask("SELECT CAST(max(epoch) AS TEXT) FROM schedule_tick").await, "2");
    }
}

#[tokio::test]
async fn old_times_are_forgotten_but_the_latest() {
    for home in Home::each() {
        let store = home.open().await;
        assert_eq!(store.ticks_seen().await.unwrap(), TicksSeen::default());
        for (sync, minute) in [("s", 0), ("s", 1), ("s", 2), ("rare", 0)] {
            store.take_tick(sync, noon(minute), "r1").await.unwrap().unwrap();
        }
        store.prune_ticks(noon(2)).await.unwrap();
        let left = home.ask("SELECT CAST(count(*) AS TEXT) FROM schedule_tick").await;
        assert_eq!(left, "2");
        let latest = store.ticks_seen().await.unwrap().latest;
        assert_eq!(latest, [("rare".to_owned(), noon(0)), ("s".to_owned(), noon(2))]);
        store.takes().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_given_back_is_asked_of_whoever_may_have_answered_it() {
    for home in Home::each() {
        let store = home.open().await;
        store.take_tick("s", noon(0), "r1").await.unwrap().unwrap();
        home.meddle(OVER).await;
        assert_eq!(store.take_tick("s", noon(0), "r2").await.unwrap(), Some(TakenTick { died: Some("r1".into()) }));
        // It could not be asked whether r1 had ended.
        store.release_ticks("r2").await.unwrap();
        assert_eq!(store.take_tick("s", noon(0), "r3").await.unwrap(), Some(TakenTick { died: Some("r1".into()) }));
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_takes_nothing_and_silences_nobody() {
    for home in Home::each() {
        let store = home.open().await;
        let ahead = now() + TimeDelta::days(3);
        assert_eq!(store.take_tick("s", ahead, "r1").await.unwrap(), None);
        assert!(store.is_early(ahead).await.unwrap() && !store.is_early(noon(0)).await.unwrap());
        assert!(
            store.take_tick("s", now() + TimeDelta::seconds(20), "r1").await.unwrap().is_some(),
            "a little is nothing"
        );
        home.meddle("UPDATE schedule_tick SET tick = '2999-01-01T00:00:00.000Z'").await;
        assert!(store.ticks_seen().await.unwrap().latest.is_empty(), "nobody waits for it");
    }
}
