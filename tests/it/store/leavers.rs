//! Who is on the way out, and what was removed within the last hours.

use rollcall::guard::{Spending, Spent};
use rollcall::plan::{Leaver, Ledger, Recorded};
use rollcall::principal::Kind;
use rollcall::store::{OwnedRow, RecordedRow, RemovalRow, Settlement, Store};

use super::{Home, day, row, settlement};

fn absent(names: &[&str]) -> Vec<(Kind, String, String)> {
    names.iter().map(|name| (Kind::User, name.to_lowercase(), (*name).to_owned())).collect()
}

/// A run of its own each day.
async fn settle(store: &Store, day_of_run: u32, set: impl FnOnce(&mut Settlement<'_>)) {
    let run = format!("run {day_of_run}");
    let mut settlement = Settlement { run: &run, ..settlement(day_of_run) };
    set(&mut settlement);
    store.settle(&settlement).await.unwrap();
}

async fn leaver(store: &Store, key: &str) -> Option<Leaver> {
    let mut ledger = Ledger::default();
    store.leavers(&mut ledger, "s", "t").await.unwrap();
    assert_eq!(store.ledger("s", "t").await.unwrap().leaver(Kind::User, key), ledger.leaver(Kind::User, key));
    ledger.leaver(Kind::User, key).cloned()
}

async fn absences(store: &Store, key: &str) -> Option<(u32, u32)> {
    use chrono::Datelike;
    leaver(store, key).await.map(|leaver| (leaver.absences, leaver.since.day()))
}

fn recorded(name: &str, leaves: bool) -> RecordedRow {
    let recorded = Recorded { off: leaves, active: Some(true), stripped: false, groups: vec!["x\"'\u{202e}".into()] };
    RecordedRow { kind: Kind::User, key: name.to_lowercase(), name: name.into(), recorded, leaves }
}

#[tokio::test]
async fn readings_that_miss_somebody_are_counted_in_a_row() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, 1, |run| run.absent = absent(&["Eve", "bob"])).await;
        settle(&store, 2, |run| run.absent = absent(&["Eve", "bob"])).await;
        assert_eq!((absences(&store, "eve").await, absences(&store, "bob").await), (Some((2, 1)), Some((2, 1))));
        assert_eq!(leaver(&store, "eve").await.unwrap().name, "Eve", "as the target spells it");
        settle(&store, 3, |run| run.absent = absent(&["Eve"])).await;
        settle(&store, 4, |run| run.absent = absent(&["Eve", "bob"])).await;
        assert_eq!((absences(&store, "eve").await, absences(&store, "bob").await), (Some((4, 1)), Some((1, 4))));
        for (sync, target) in [("other", "t"), ("s", "elsewhere")] {
            let mut ledger = Ledger::default();
            store.leavers(&mut ledger, sync, target).await.unwrap();
            assert!(ledger.leavers().is_empty(), "{sync} {target}");
        }
    }
}

#[tokio::test]
async fn a_run_counts_once_and_what_is_no_proof_not_at_all() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, 1, |run| run.absent = absent(&["eve"])).await;
        settle(&store, 1, |run| run.absent = absent(&["eve"])).await;
        assert_eq!(absences(&store, "eve").await, Some((1, 1)), "the same run");
        settle(&store, 2, |run| (run.counts, run.absent) = (false, absent(&["eve", "bob"]))).await;
        settle(&store, 3, |run| run.counts = false).await;
        assert_eq!((absences(&store, "eve").await, absences(&store, "bob").await), (Some((1, 1)), None));
    }
}

#[tokio::test]
async fn how_it_stood_is_kept_until_it_is_back() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, 1, |run| run.absent = absent(&["Eve"])).await;
        settle(&store, 2, |run| (run.absent, run.recorded) = (absent(&["Eve"]), vec![recorded("Eve", true)])).await;
        let first = leaver(&store, "eve").await.unwrap();
        assert_eq!((first.absences, first.since, first.disabled), (2, day(1), Some(day(2))));
        assert_eq!(first.recorded.as_deref(), Some(&recorded("Eve", true).recorded), "hostile names come back");
        settle(&store, 3, |run| run.absent = absent(&["Eve"])).await;
        assert_eq!(leaver(&store, "eve").await.unwrap(), Leaver { absences: 3, ..first.clone() });
        // Neither missed nor back, such as a record that was set aside.
        settle(&store, 4, |_| ()).await;
        assert_eq!(leaver(&store, "eve").await.unwrap(), Leaver { absences: 0, ..first.clone() });
        settle(&store, 5, |run| run.absent = absent(&["Eve"])).await;
        assert_eq!(leaver(&store, "eve").await.unwrap(), Leaver { absences: 1, since: day(5), ..first.clone() });
        settle(&store, 6, |run| run.returned = vec![(Kind::User, "eve".into())]).await;
        assert_eq!(leaver(&store, "eve").await, None);
    }
}

#[tokio::test]
async fn what_is_owed_outlives_the_return() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, 1, |run| (run.absent, run.recorded) = (absent(&["Eve"]), vec![recorded("Eve", true)])).await;
        let back = |run: &mut Settlement<'_>| {
            run.returned = vec![(Kind::User, "eve".into())];
            run.recorded = vec![recorded("Eve", false)];
        };
        settle(&store, 2, back).await;
        let owed = leaver(&store, "eve").await.unwrap();
        assert_eq!((owed.absences, owed.disabled, owed.groups().len(), owed.is_off()), (0, None, 1, false));
        settle(&store, 3, |_| ()).await;
        assert!(leaver(&store, "eve").await.is_some(), "until it was given");
        settle(&store, 4, |run| run.absent = absent(&["Eve"])).await;
        assert_eq!(absences(&store, "eve").await, Some((1, 4)), "and it may leave again");
    }
}

#[tokio::test]
async fn a_person_who_undid_it_makes_a_leaver_anew() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, 1, |run| (run.absent, run.recorded) = (absent(&["Eve"]), vec![recorded("Eve", true)])).await;
        let undone = vec![(Kind::User, "eve".to_owned())];
        settle(&store, 2, |run| (run.absent, run.returned) = (absent(&["Eve"]), undone)).await;
        let anew = leaver(&store, "eve").await.unwrap();
        assert_eq!((anew.absences, anew.since, anew.disabled, anew.recorded), (1, day(2), None, None));
    }
}

#[tokio::test]
async fn whoever_is_released_is_forgotten_and_a_flag_is_taken_back() {
    for home in Home::each() {
        let store = home.open().await;
        settle(&store, 1, |run| run.absent = absent(&["eve"])).await;
        settle(&store, 2, |run| run.released = vec![(Kind::User, "eve".into())]).await;
        assert_eq!(leaver(&store, "eve").await, None);
        let off = || OwnedRow { disabled: Some(true), ..row("ada") };
        settle(&store, 3, |run| run.owned = vec![off()]).await;
        settle(&store, 4, |run| run.on_again = vec![(Kind::User, "ada".into())]).await;
        assert!(!store.ledger("s", "t").await.unwrap().owned(Kind::User, "ada").unwrap().disabled);
        settle(&store, 5, |run| (run.on_again, run.owned) = (vec![(Kind::User, "ada".into())], vec![off()])).await;
        let owned = store.ledger("s", "t").await.unwrap();
        assert!(owned.owned(Kind::User, "ada").unwrap().disabled, "switched off again by the same run");
    }
}

#[tokio::test]
async fn removals_are_summed_over_the_window() {
    for home in Home::each() {
        let store = home.open().await;
        let removal = |count, base, lifted| RemovalRow { kind: Kind::User, count, base, lifted };
        settle(&store, 1, |run| run.removals = vec![removal(10, 100, false)]).await;
        settle(&store, 2, |run| run.removals = vec![removal(5, 90, false)]).await;
        settle(&store, 2, |run| run.removals = vec![removal(5, 90, false)]).await;
        settle(&store, 3, |run| run.removals = vec![removal(40, 85, true)]).await;
        settle(&store, 4, |run| {
            run.removals = vec![removal(2, 45, false), RemovalRow { kind: Kind::Group, ..removal(1, 7, false) }];
        })
        .await;
        let spent = async |since| store.spending("s", "t", since).await.unwrap();
        assert_eq!(
            spent(day(1)).await.users,
            Spent { removed: 7, base: Some(50) },
            "what was at its very start is over"
        );
        assert_eq!(spent(day(2)).await.users, Spent { removed: 2, base: Some(45) });
        assert_eq!(spent(day(4)).await, Spending::default());
        let all = spent(day(1) - chrono::TimeDelta::seconds(1)).await;
        assert_eq!(
            (all.users, all.groups),
            (Spent { removed: 17, base: Some(60) }, Spent { removed: 1, base: Some(7) })
        );
        assert_eq!(store.spending("other", "t", day(1)).await.unwrap(), Spending::default());
    }
}
