//! The lock of a target in PostgreSQL: a row that is renewed, and what becomes of whoever could not.

use std::time::Duration;

use rollcall::principal::Kind;
use rollcall::store::{Settlement, StoreError};

use super::files::taken;
use super::{Home, row, settlement};
use crate::support::Postgres;

fn server() -> Option<Home> {
    Postgres::start().map(Home::Server)
}

fn owned(name: &str) -> Settlement<'static> {
    Settlement { target: "place bi", owned: vec![row(name)], ..settlement(1) }
}

#[tokio::test]
async fn whoever_was_stopped_too_long_settles_nothing_any_more() {
    let Some(home) = server() else { return };
    let (stopped, other) = (home.open().await, home.open().await);
    let lock = stopped.lock("bi", "place bi").await.unwrap();
    stopped.settle(&owned("ada")).await.unwrap();
    assert!(matches!(other.lock("bi", "place bi").await, Err(StoreError::Busy { .. })));

    // Late alone is not lost: nobody else has had it.
    home.meddle("UPDATE lease SET expires = clock_timestamp() - interval '1 second'").await;
    stopped.settle(&owned("bob")).await.unwrap();

    let taken_over = other.lock("bi", "place bi").await.unwrap();
    assert_eq!(home.ask("SELECT epoch FROM lease").await, "2");
    let error = stopped.settle(&owned("eve")).await.unwrap_err();
    assert!(matches!(&error, StoreError::Lost { target, .. } if target == "place bi"), "{error}");
    assert!(error.hint().is_some());
    let ledger = other.ledger("s", "place bi").await.unwrap();
    assert!(ledger.owned(Kind::User, "bob").is_some() && ledger.owned(Kind::User, "eve").is_none());
    other.settle(&owned("max")).await.unwrap();
    // What it gives back is no longer its own.
    drop(lock);
    stopped.close().await;
    assert!(matches!(home.open().await.lock("bi", "place bi").await, Err(StoreError::Busy { .. })));
    taken_over.still_held().unwrap();
}

#[tokio::test]
async fn it_is_renewed_while_it_is_held_and_given_back_after() {
    let Some(home) = server() else { return };
    let store = home.open().await;
    let (kept, lost) = (store.lock("bi", "place bi").await.unwrap(), store.lock("hr", "place hr").await.unwrap());
    let left = "SELECT floor(extract(epoch FROM expires - clock_timestamp())) FROM lease WHERE name = 'place bi'";
    home.meddle("UPDATE lease SET epoch = 7 WHERE name = 'place hr'").await;
    lost.still_held().unwrap();
    tokio::time::sleep(Duration::from_millis(11_500)).await;
    let seconds: i64 = home.ask(left).await.parse().unwrap();
    assert!((25..30).contains(&seconds), "{seconds} s are left");
    kept.still_held().unwrap();
    assert!(matches!(lost.still_held(), Err(StoreError::Lost { .. })), "it was another's for a while");
    drop(kept);
    store.close().await;
    let other = home.open().await;
    other.lock("bi", "place bi").await.unwrap();
    other.close().await;
}

#[tokio::test]
async fn whoever_takes_it_over_waits_until_what_is_being_settled_stands() {
    let Some(home) = server() else { return };
    let Home::Server(server) = &home else { unreachable!() };
    let store = home.open().await;
    let lock = store.lock("bi", "place bi").await.unwrap();
    // The end of the settlement hangs on a row that another holds for a while.
    store.settle(&owned("ada")).await.unwrap();
    let hold = "BEGIN; SELECT 1 FROM ownership FOR UPDATE; SELECT pg_sleep(2); COMMIT";
    let mut holding = server.program("psql", "postgres").args(["-X", "-q", "-c", hold]).spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let settling = async {
        store.settle(&owned("ada")).await.unwrap();
    };
    let taking = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let busy = "DO $$ BEGIN SET LOCAL lock_timeout = '200ms'; UPDATE lease SET holder = 'me', epoch = 2; \
                    RAISE EXCEPTION 'it did not wait'; EXCEPTION WHEN lock_not_available THEN NULL; END $$";
        home.meddle(busy).await;
    };
    tokio::join!(settling, taking);
    assert!(holding.wait().unwrap().success());
    drop(lock);
    let other = home.open().await;
    drop(taken(&other, "bi").await);
    other.close().await;
}
