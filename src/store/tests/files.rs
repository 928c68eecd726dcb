//! The file and the locks beside it.

use super::super::{Baseline, History, StoreError};
use super::{Home, reading, settlement};

#[tokio::test]
async fn a_database_is_made_with_its_folder_and_opened_again() {
    let home = Home::new();
    let store = home.open().await;
    assert_eq!(store.history("s").await.unwrap(), History::default());
    store.settle(&super::Settlement { readings: vec![reading(7, 1)], ..settlement(1) }).await.unwrap();
    store.close().await;
    let again = home.open().await;
    assert_eq!(again.baseline("s", "corp").await.unwrap(), Some(Baseline { users: 7, groups: 3 }));
    assert!(again.history("s").await.unwrap().completed);
    let beside = home.open().await;
    assert!(beside.history("s").await.unwrap().applied, "two processes may look at once");
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_refused() {
    let home = Home::new();
    let store = home.open().await;
    sqlx::query("UPDATE _sqlx_migrations SET version = 2000 WHERE version = 2").execute(&store.pool).await.unwrap();
    store.close().await;
    let error = home.refusal().await;
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn what_is_no_database_is_an_error_that_names_the_file() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().parent().unwrap()).unwrap();
    std::fs::write(home.path(), "this is a text, and a long one, so that it is no empty database".repeat(40)).unwrap();
    let error = home.refusal().await.to_string();
    assert!(error.contains("rollcall.db"), "{error}");
    let home = Home::new();
    std::fs::create_dir_all(home.path()).unwrap();
    assert!(matches!(home.refusal().await, StoreError::Open { .. }), "a folder is none either");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_what_is_remembered() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let store = home.open().await;
    store.settle(&super::Settlement { owned: vec![super::row("ada")], ..settlement(1) }).await.unwrap();
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
    let home = Home::new();
    let (store, other) = (home.open().await, home.open().await);
    let held = store.lock("bi", "place bi").unwrap();
    for store in [&store, &other] {
        let error = store.lock("bi", "place bi").unwrap_err();
        assert!(matches!(&error, StoreError::Busy { target } if target == "bi"), "{error}");
    }
    let elsewhere = other.lock("hr", "place hr").unwrap();
    drop(held);
    let again = other.lock("bi", "place bi").unwrap();
    drop((elsewhere, again));
}
