//! The place itself: made, opened again, by several at once, refused.

use rollcall::store::{Baseline, History, Settlement, Store, StoreError, TargetLock};

use super::{Home, reading, row, settlement};

#[tokio::test]
async fn a_database_is_made_with_its_folder_and_opened_again() {
    for home in Home::each() {
        let store = home.open().await;
        assert_eq!(store.history("s").await.unwrap(), History::default());
        store.settle(&Settlement { readings: vec![reading(7, 1)], ..settlement(1) }).await.unwrap();
        store.close().await;
        let again = home.open().await;
        assert_eq!(again.baseline("s", "corp").await.unwrap(), Some(Baseline { users: 7, groups: 3 }));
        assert!(again.history("s").await.unwrap().completed);
        let beside = home.open().await;
        assert!(beside.history("s").await.unwrap().applied, "two processes may look at once");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_refused() {
    for home in Home::each() {
        let store = home.open().await;
        home.meddle("UPDATE _sqlx_migrations SET version = 2000 WHERE version = 2").await;
        store.close().await;
        let error = home.refusal().await;
        assert!(matches!(error, StoreError::Newer { .. }), "{error}");
        assert!(error.hint().is_some());
    }
}

#[tokio::test]
async fn several_may_make_it_at_once() {
    for home in Home::each() {
        let stores = (0..6).map(|_| home.try_open());
        for store in futures_util::future::join_all(stores).await {
            store.unwrap().close().await;
        }
    }
}

#[tokio::test]
async fn what_is_no_database_is_an_error_that_names_the_file() {
    let home = Home::file();
    std::fs::create_dir_all(home.path().parent().unwrap()).unwrap();
    std::fs::write(home.path(), "this is a text, and a long one, so that it is no empty database".repeat(40)).unwrap();
    let error = home.refusal().await.to_string();
    assert!(error.contains("sqlite file") && error.contains("rollcall.db"), "{error}");
    let home = Home::file();
    std::fs::create_dir_all(home.path()).unwrap();
    assert!(matches!(home.refusal().await, StoreError::Open { .. }), "a folder is none either");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_taken_away_while_it_is_open_is_noticed() {
    let home = Home::file();
    let store = home.open().await;
    store.takes().await.unwrap();
    let away = home.path().with_extension("away");
    std::fs::rename(home.path(), &away).unwrap();
    assert!(matches!(store.takes().await, Err(StoreError::Gone { .. })));
    // Another one in its place is not the same.
    std::fs::copy(&away, home.path()).unwrap();
    let error = store.settle(&settlement(1)).await.unwrap_err();
    assert!(error.to_string().contains("deleted or replaced") && error.hint().is_some(), "{error}");
    std::fs::rename(&away, home.path()).unwrap();
    store.settle(&settlement(1)).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_what_is_remembered() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::file();
    let store = home.open().await;
    store.settle(&Settlement { owned: vec![row("ada")], ..settlement(1) }).await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(home.path().parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{} is {mode:o}", entry.path().display());
        seen += 1;
    }
    assert!(seen >= 2, "the log beside it holds names too");
    store.close().await;
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    home.open().await.close().await;
    assert_eq!(std::fs::metadata(home.path()).unwrap().permissions().mode() & 0o777, 0o600, "mended when it was wider");
}

#[tokio::test]
async fn one_apply_holds_a_target_at_a_time() {
    for home in Home::each() {
        let (store, other) = (home.open().await, home.open().await);
        let held = store.lock("bi", "place bi").await.unwrap();
        for store in [&store, &other] {
            let error = store.lock("bi", "place bi").await.unwrap_err();
            assert!(matches!(&error, StoreError::Busy { target } if target == "bi"), "{error}");
        }
        let elsewhere = other.lock("hr", "place hr").await.unwrap();
        held.still_held().unwrap();
        drop(held);
        // A server is told so a moment later.
        let again = taken(&other, "bi").await;
        drop((elsewhere, again));
    }
}

/// The lock, once whoever had it has let go of it.
pub(super) async fn taken(store: &Store, target: &str) -> TargetLock {
    let begin = std::time::Instant::now();
    loop {
        match store.lock(target, &format!("place {target}")).await {
            Ok(lock) => return lock,
            Err(error) => assert!(begin.elapsed() < std::time::Duration::from_secs(5), "{error}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
