//! The timer, with the clock of this machine. What is measured is order: a busy machine may be late.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;

use crate::daemon::{Tick, Ticks, Timer};

/// So long that it never ends a test of which nothing is wrong.
const PATIENCE: Duration = Duration::from_mins(1);

#[expect(clippy::disallowed_methods, reason = "what is tested wakes at a time of the real clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

async fn start() -> (Timer, Ticks) {
    Timer::start(Arc::new(now)).await.unwrap()
}

fn seconds(seconds: i64) -> TimeDelta {
    TimeDelta::seconds(seconds)
}

/// The next tick, which is not early.
async fn next(ticks: &mut Ticks) -> Tick {
    let tick = timeout(PATIENCE, ticks.next()).await.expect("a tick").expect("it goes");
    assert!(tick.at <= now(), "{tick:?} is early");
    tick
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_told_once_and_in_order() {
    let (timer, mut ticks) = start().await;
    let begin = now();
    for (name, late) in [("third", 4_300), ("first", 1_200), ("second", 2_900), ("never", 3_600_000)] {
        timer.arm(name, begin + TimeDelta::milliseconds(late)).await.unwrap();
    }
    for name in ["first", "second", "third"] {
        assert_eq!(next(&mut ticks).await.name, name);
    }
    let more = timeout(Duration::from_secs(2), ticks.next()).await;
    assert!(more.is_err(), "{more:?}");
    timer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_told_soon_and_the_earliest_first() {
    let (timer, mut ticks) = start().await;
    timer.arm("late", now() - seconds(5)).await.unwrap();
    timer.arm("later", now() - seconds(3_600)).await.unwrap();
    let names = BTreeSet::from([next(&mut ticks).await.name, next(&mut ticks).await.name]);
    assert_eq!(names, BTreeSet::from(["late".to_owned(), "later".to_owned()]));
    timer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gets_a_tick_arms_the_next() {
    let (timer, mut ticks) = start().await;
    let mut at = now() + seconds(1);
    for _ in 0..3 {
        timer.arm("s", at).await.unwrap();
        let tick = next(&mut ticks).await;
        assert_eq!(tick, Tick { name: "s".into(), at });
        at = now() + seconds(1);
    }
    timer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arming_anew_takes_the_place_of_what_was_armed() {
    let (timer, mut ticks) = start().await;
    let begin = now();
    timer.arm("sooner", begin + seconds(3_600)).await.unwrap();
    timer.arm("sooner", begin + seconds(2)).await.unwrap();
    timer.arm("later", begin + seconds(1)).await.unwrap();
    timer.arm("later", begin + seconds(4)).await.unwrap();
    timer.arm("forgotten", begin + seconds(1)).await.unwrap();
    timer.disarm("forgotten");
    assert_eq!(next(&mut ticks).await, Tick { name: "sooner".into(), at: begin + seconds(2) });
    assert_eq!(next(&mut ticks).await, Tick { name: "later".into(), at: begin + seconds(4) });
    assert!(timeout(Duration::from_secs(2), ticks.next()).await.is_err());
    timer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_it_was_stopped_nothing_is_told() {
    let (timer, mut ticks) = start().await;
    timer.arm("told", now()).await.unwrap();
    while timer.late().is_some() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    timer.arm("due", now() + seconds(1)).await.unwrap();
    timer.stop().await;
    assert_eq!(ticks.next().await, None, "what was told before and not heard is not told any more");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(ticks.next().await, None);
}

/// The library stops for good when two hundred of its jobs are added or end at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_that_are_due_at_once_are_told() {
    let (timer, mut ticks) = start().await;
    for round in 0..2 {
        let at = now() + seconds(2);
        for n in 0..1_000 {
            timer.arm(&format!("s{n}"), at).await.unwrap();
        }
        let mut names = BTreeSet::new();
        for _ in 0..1_000 {
            let tick = next(&mut ticks).await;
            assert_eq!(tick.at, at);
            assert!(names.insert(tick.name), "round {round}");
        }
    }
    timer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sooner_than_the_one_before() {
    let (timer, mut ticks) = start().await;
    let begin = now();
    for n in 0..500_i64 {
        timer.arm(&format!("s{n}"), begin + seconds(100_000 - n * 100)).await.unwrap();
    }
    timer.arm("now", begin + seconds(1)).await.unwrap();
    assert_eq!(next(&mut ticks).await.name, "now");
    assert!(timer.late().is_none());
    timer.stop().await;
}
