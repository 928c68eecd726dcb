//! What was asked of a process: it is carried out by that one, or by another.

use rollcall::store::{AskedRow, Store};

use super::{Home, day};

const OVER: &str = "UPDATE asked SET expires = '2020-01-01 00:00:00Z' WHERE id <> 'c'";

fn row(id: &str) -> AskedRow {
    AskedRow { id: id.into(), sync: "s".into(), content: format!("{{\"hook\":\"msg \\u0000 {id}\"}}") }
}

async fn keep(store: &Store, ids: &[&str]) {
    for id in ids {
        store.keep_asked(&row(id), day(2), "p1").await.unwrap();
    }
}

/// What this process takes over, and how often each was taken over by now.
async fn claim(store: &Store, holder: &str) -> Vec<(AskedRow, u64)> {
    let claimed = store.claim_asked(&["s".into(), "t".into()], holder).await.unwrap();
    claimed.into_iter().map(|claimed| (claimed.row, claimed.tries)).collect()
}

#[tokio::test]
async fn what_nobody_holds_any_more_is_taken_over_once_and_whole() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        keep(&one, &["b", "a", "c"]).await;
        assert!(claim(&two, "p2").await.is_empty(), "it is held");
        home.meddle(OVER).await;
        assert!(one.claim_asked(&["another".into()], "p3").await.unwrap().is_empty(), "it is of no sync that is there");
        let (mine, others) = tokio::join!(claim(&one, "p3"), claim(&two, "p4"));
        let mut claimed = [mine, others].concat();
        claimed.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        assert_eq!(claimed, [(row("a"), 1), (row("b"), 1)], "each by one of both");
        assert!(claim(&two, "p2").await.is_empty());
    }
}

#[tokio::test]
async fn late_alone_is_not_lost_and_what_was_answered_is_gone() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        keep(&one, &["a", "b", "c"]).await;
        home.meddle(OVER).await;
        one.renew_asked(&["a".into(), "b".into()], "p1").await.unwrap();
        one.renew_asked(&["a".into()], "somebody else").await.unwrap();
        assert!(claim(&two, "p2").await.is_empty());
        one.let_go_of_asked(&[]).await.unwrap();
        one.let_go_of_asked(&["b".into(), "nobody".into()]).await.unwrap();
        // Told to stop, it hands over at once what it has not done.
        one.release_asked("p1").await.unwrap();
        assert_eq!(claim(&two, "p2").await, [(row("a"), 1), (row("c"), 1)], "the oldest first");
        two.release_asked("p2").await.unwrap();
        one.prune_asked(day(2)).await.unwrap();
        assert_eq!(
            claim(&one, "p1").await,
            [(row("a"), 1), (row("c"), 1)],
            "whoever gives it back was not ended by it"
        );
        one.spare_asked("a", "p1").await.unwrap();
        one.spare_asked("c", "p2").await.unwrap();
        home.meddle(OVER).await;
        assert_eq!(claim(&one, "p1").await, [(row("a"), 1)]);
        assert_eq!(
            home.ask("SELECT CAST(tries AS TEXT) FROM asked WHERE id = 'c'").await,
            "1",
            "only its holder spares it"
        );
        one.prune_asked(day(3)).await.unwrap();
        two.let_go_of_asked(&["a".into()]).await.unwrap();
        assert_eq!(home.ask("SELECT CAST(count(*) AS TEXT) FROM asked").await, "1", "who holds one keeps it");
        one.release_asked("p1").await.unwrap();
        one.prune_asked(day(3)).await.unwrap();
        assert_eq!(home.ask("SELECT CAST(count(*) AS TEXT) FROM asked").await, "0");
    }
}

#[tokio::test]
async fn no_more_than_five_hundred_are_taken_over_at_once() {
    for home in Home::each() {
        let store = home.open().await;
        for number in 0..510 {
            store.keep_asked(&row(&format!("{number:04}")), day(2), "p1").await.unwrap();
        }
        store.release_asked("p1").await.unwrap();
        let first = claim(&store, "p2").await;
        assert_eq!((first.len(), first[0].0.id.as_str(), first[499].0.id.as_str()), (500, "0000", "0499"));
        assert_eq!(claim(&store, "p2").await.len(), 10);
    }
}
