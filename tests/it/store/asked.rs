//! What was asked of a process: it is carried out by that one, or by another.

use rollcall::store::AskedRow;

use super::Home;

const OVER: &str = "UPDATE asked SET expires = '2020-01-01 00:00:00Z' WHERE id <> 'c'";

fn row(id: &str) -> AskedRow {
    AskedRow { id: id.into(), sync: "s".into(), content: format!("{{\"hook\":\"msg \\u0000 {id}\"}}") }
}

#[tokio::test]
async fn what_nobody_holds_any_more_is_taken_over_once_and_whole() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        for id in ["b", "a", "c"] {
            one.keep_asked(&row(id), "p1").await.unwrap();
        }
        assert!(two.claim_asked("p2").await.unwrap().is_empty(), "it is held");
        home.meddle(OVER).await;
        let (mine, others) = tokio::join!(one.claim_asked("p3"), two.claim_asked("p4"));
        let mut claimed = [mine.unwrap(), others.unwrap()].concat();
        claimed.sort_by(|one, other| one.id.cmp(&other.id));
        assert_eq!(claimed, [row("a"), row("b")], "by one of both");
        assert!(two.claim_asked("p2").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn late_alone_is_not_lost_and_what_was_answered_is_gone() {
    for home in Home::each() {
        let (one, two) = (home.open().await, home.open().await);
        for id in ["a", "b", "c"] {
            one.keep_asked(&row(id), "p1").await.unwrap();
        }
        home.meddle(OVER).await;
        one.renew_asked("p1").await.unwrap();
        assert!(two.claim_asked("p2").await.unwrap().is_empty());
        one.let_go_of_asked(&[]).await.unwrap();
        one.let_go_of_asked(&["b".into(), "nobody".into()]).await.unwrap();
        // Told to stop, it hands over at once what it has not done.
        one.release_asked("p1").await.unwrap();
        assert_eq!(two.claim_asked("p2").await.unwrap(), [row("a"), row("c")], "the oldest first");
        one.renew_asked("p1").await.unwrap();
        two.let_go_of_asked(&["a".into(), "c".into()]).await.unwrap();
        assert_eq!(home.ask("SELECT CAST(count(*) AS TEXT) FROM asked").await, "0");
    }
}
