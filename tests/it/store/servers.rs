//! What only a server does: it refuses, stands still, goes away, or has a pooler before it.

use std::time::{Duration, Instant};

use rollcall::connector::Secret;
use rollcall::store::{Settlement, Store, StoreError};

use super::{Home, row, settlement};
use crate::support::{PASSWORD, Pooler, Postgres};

async fn refusal(url: &str) -> (String, String) {
    let begin = Instant::now();
    let Err(error) = Store::connect(&Secret::inline(url.to_owned())).await else { panic!("{url} was opened") };
    assert!(begin.elapsed() < Duration::from_secs(12));
    assert!(matches!(error, StoreError::Open { .. } | StoreError::Address(_)), "{error}");
    let told = (error.to_string(), error.hint().unwrap().to_owned());
    assert!(!format!("{told:?}{error:?}").contains(PASSWORD), "{told:?}");
    told
}

#[tokio::test]
async fn whoever_does_not_let_us_in_says_why_and_the_password_is_not_told() {
    let Some(server) = Postgres::start() else { return };
    let (why, hint) = refusal(&server.url().replace(PASSWORD, "wrong")).await;
    assert!(why.contains(&format!("postgres {}/postgres", server.address())) && why.contains("password"), "{why}");
    assert!(hint.contains("pg_hba.conf"), "{hint}");
    let (why, hint) = refusal(&server.url_of("nothing")).await;
    assert!(why.contains("/nothing") && hint.contains("createdb"), "{why} {hint}");
    server.ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    let (why, hint) = refusal(&server.url_of("latin")).await;
    assert!(why.contains("LATIN1") && hint.contains("UTF8"), "{why} {hint}");
    server.ask("CREATE ROLE guest LOGIN PASSWORD 'Canary-postgres'");
    let (why, hint) = refusal(&server.url().replace("rollcall:", "guest:")).await;
    assert!(why.contains("permission denied") && hint.contains("own"), "{why} {hint}");
    let (why, _) = refusal(&format!("{}?sslmode=verify-full", server.url())).await;
    assert!(why.contains("TLS"), "{why}");
    let address = server.address();
    let url = server.url();
    drop(server);
    let (why, hint) = refusal(&url).await;
    assert!(why.contains(&address) && why.contains("refused") && hint.contains("is the server up"), "{why} {hint}");
    refusal(&format!("{url}?passwort={PASSWORD}")).await;
}

#[tokio::test]
async fn a_server_that_was_restarted_is_found_again() {
    let Some(mut server) = Postgres::start() else { return };
    let store = Store::connect(&Secret::inline(server.url())).await.unwrap();
    store.settle(&Settlement { owned: vec![row("ada")], ..settlement(1) }).await.unwrap();
    server.kill();
    let error = store.history("s").await.unwrap_err();
    assert!(matches!(error, StoreError::Query { .. }) && error.to_string().contains(&server.address()), "{error}");
    server.start_again();
    assert!(store.history("s").await.unwrap().applied);
    store.settle(&settlement(2)).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_statement_that_stands_still_ends() {
    let Some(server) = Postgres::start() else { return };
    let store = Store::connect(&Secret::inline(server.url())).await.unwrap();
    let hold = "BEGIN; LOCK TABLE sync_state; SELECT pg_sleep(60)";
    let mut holding = server.program("psql", "postgres").args(["-X", "-q", "-c", hold]).spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begin = Instant::now();
    let error = store.history("s").await.unwrap_err();
    assert!((9..12).contains(&begin.elapsed().as_secs()), "after {:?}", begin.elapsed());
    assert!(error.to_string().contains("statement timeout"), "{error}");
    assert!(error.hint().unwrap().contains("pg_stat_activity"));
    holding.kill().unwrap();
    holding.wait().unwrap();
    store.close().await;
}

/// One connection to the server for all, lent for a transaction at a time, and no word on prepared statements.
#[tokio::test]
async fn a_pooler_may_stand_before_it() {
    let Some(server) = Postgres::start() else { return };
    let pooler = Pooler::start(&server);
    let (one, two) = tokio::join!(pooled(&pooler), pooled(&pooler));
    let lock = one.lock("bi", "place bi").await.unwrap();
    assert!(matches!(two.lock("bi", "place bi").await, Err(StoreError::Busy { .. })));
    for day in 1..4 {
        let settle = async |store: &Store, sync| {
            let owned = vec![row(sync)];
            store.settle(&Settlement { sync, owned, ..settlement(day) }).await.unwrap();
            assert!(store.history(sync).await.unwrap().applied);
            assert!(store.ledger(sync, "t").await.unwrap().owned(rollcall::principal::Kind::User, sync).is_some());
        };
        tokio::join!(settle(&one, "first"), settle(&two, "second"));
    }
    drop(lock);
    drop(super::files::taken(&two, "bi").await);
    one.close().await;
    two.close().await;
    assert_eq!(pooler.ask("SELECT count(*) FROM pg_prepared_statements"), "0", "nothing is left behind");
    let home = Home::Server(server);
    assert_eq!(home.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").await, "0");
}

async fn pooled(pooler: &Pooler) -> Store {
    Store::connect(&Secret::inline(pooler.url())).await.unwrap()
}
