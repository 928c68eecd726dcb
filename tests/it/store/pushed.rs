//! Lists that are pushed to sources: the last one is kept, without its passwords.

use std::sync::Arc;

use rollcall::connector::PushedList;
use secrecy::SecretString;

use super::{Home, day};

fn list(text: &str, digest: &str) -> PushedList {
    PushedList { text: Arc::from(text), digest: digest.into(), received: day(1), sender: "hr".into() }
}

#[tokio::test]
async fn the_last_list_of_each_source_is_kept_to_the_letter() {
    for home in Home::each() {
        let store = home.open().await;
        assert!(store.pushed("hr").await.unwrap().is_none());
        // What PostgreSQL cannot hold as text comes back too.
        let text = "[ {\"name\":\"ada\\u0000\u{10ffff}0\"}\n]";
        store.keep_pushed("hr", &list("[]", "sha256:0"), None).await.unwrap();
        store.keep_pushed("hr", &list(text, "sha256:1"), None).await.unwrap();
        store.keep_pushed("other", &list("[1]", "sha256:2"), None).await.unwrap();
        store.close().await;
        let store = home.open().await;
        let kept = store.pushed("hr").await.unwrap().unwrap();
        assert_eq!((&*kept.text, kept.received, kept.sender.as_str()), (text, day(1), "hr"));
        assert_eq!(store.pushed_digest("hr").await.unwrap().as_deref(), Some("sha256:1"));
        assert_eq!(store.pushed_digest("nobody").await.unwrap(), None);
        store.close().await;
    }
}

#[tokio::test]
async fn passwords_stay_with_the_process_until_the_next_list() {
    for home in Home::each() {
        let store = home.open().await;
        let whole = || Some(SecretString::from("[\"Canary-pushed\"]"));
        store.keep_pushed("hr", &list("[]", "sha256:0"), whole()).await.unwrap();
        assert_eq!(&*store.pushed("hr").await.unwrap().unwrap().text, "[\"Canary-pushed\"]");
        let other = home.open().await;
        assert_eq!(&*other.pushed("hr").await.unwrap().unwrap().text, "[]", "another process never had them");
        other.keep_pushed("hr", &list("[2]", "sha256:2"), None).await.unwrap();
        assert_eq!(&*store.pushed("hr").await.unwrap().unwrap().text, "[2]", "the passwords were not of this list");
        store.keep_pushed("hr", &list("[3]", "sha256:3"), None).await.unwrap();
        assert_eq!(&*store.pushed("hr").await.unwrap().unwrap().text, "[3]");
        other.close().await;
        store.close().await;
    }
}

#[tokio::test]
async fn a_list_takes_the_place_of_the_one_it_was_given_after_and_of_no_other() {
    for home in Home::each() {
        let store = home.open().await;
        let digest = || async { store.pushed_digest("hr").await.unwrap() };
        assert!(store.replace_pushed("hr", None, &list("[1]", "sha256:1"), None).await.unwrap());
        assert!(!store.replace_pushed("hr", None, &list("[2]", "sha256:2"), None).await.unwrap(), "there is one");
        assert!(!store.replace_pushed("hr", Some("sha256:0"), &list("[2]", "sha256:2"), None).await.unwrap());
        assert_eq!(digest().await.as_deref(), Some("sha256:1"));
        let whole = Some(SecretString::from("[\"Canary-pushed\"]"));
        assert!(store.replace_pushed("hr", Some("sha256:1"), &list("[2]", "sha256:2"), whole.clone()).await.unwrap());
        assert!(store.replace_pushed("hr", Some("sha256:1"), &list("[2]", "sha256:2"), whole).await.unwrap(), "again");
        assert!(!store.replace_pushed("hr", Some("sha256:1"), &list("[3]", "sha256:3"), None).await.unwrap());
        assert_eq!(&*store.pushed("hr").await.unwrap().unwrap().text, "[\"Canary-pushed\"]");
        store.close().await;
    }
}
